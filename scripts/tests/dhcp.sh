# shellcheck shell=bash
# DHCP through the pair, with the clients and servers that people use.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

MAC=02:00:5e:10:20:30
FILES="ipv4_address ipv4_gateway ipv4_gateway_mac ipv4_dns ipv4_domain
	ipv4_mtu ipv4_server ipv4_lease"

nothing_learned() {
	local file
	for file in $FILES; do
		learned_is "$file" "" || fail "$file: $(learned "$file")"
	done
}

# A VPN with a DHCP server and one more host.
office() {
	vpn_segment address "$MAC"
	station gw 10.9.0.1/24
	station other 10.9.0.2/24
}

serve() {
	dhcp_server gw eth0 --dhcp-authoritative --domain=vpn.example "$@"
}

serve_range() {
	serve --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h \
		--dhcp-option=option:mtu,1400 \
		--dhcp-option=option:dns-server,10.9.0.1,10.9.0.53
}

default_route_via() { ip route | grep -q "^default via $1 dev vpn0"; }

# has_address ADDRESS/LENGTH [DEVICE [NAMESPACE]]
has_address() { ip ${3:+-n "$3"} -br addr show dev "${2:-vpn0}" | grep -q " $1 "; }

test_lease_from_dnsmasq() {
	local lease
	office
	serve_range
	nothing_learned
	dhcp_client
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	assert_eq ipv4_gateway "$(learned ipv4_gateway)" 10.9.0.1
	assert_eq ipv4_dns "$(learned ipv4_dns)" "10.9.0.1 10.9.0.53"
	assert_eq ipv4_domain "$(learned ipv4_domain)" vpn.example
	assert_eq ipv4_mtu "$(learned ipv4_mtu)" 1400
	assert_eq ipv4_server "$(learned ipv4_server)" 10.9.0.1
	lease=$(learned ipv4_lease)
	if [ "$lease" -le 3500 ] || [ "$lease" -gt 3600 ]; then fail "ipv4_lease: $lease"; fi

	# The client's script did its work.
	wait_for 20 default_route_via 10.9.0.1
	has_address 10.9.0.50/24
	assert_eq MTU "$(link_field vpn0 .mtu)" 1400
	assert_eq dhcp_requests "$(counter vpn0 dhcp_requests)" 1
	assert_eq dhcp_offers "$(counter vpn0 dhcp_offers)" 1
	assert_eq dhcp_acks "$(counter vpn0 dhcp_acks)" 1
	assert_eq dhcp_naks "$(counter vpn0 dhcp_naks)" 0

	reaches 10.9.0.1
	reaches 10.9.0.2
	reaches 10.9.0.50 gw
	reaches 10.9.0.50 other
	assert_eq ipv4_gateway_mac "$(learned ipv4_gateway_mac)" "$(mac_of eth0 gw)"
}

test_renewal_and_release() {
	office
	serve_range
	dhcp_client
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	wait_for 20 default_route_via 10.9.0.1

	stop dnsmasq
	serve --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,5h \
		--dhcp-option=option:dns-server,10.9.0.54
	renew
	wait_for 30 learned_is ipv4_dns 10.9.0.54
	[ "$(learned ipv4_lease)" -gt 17000 ] || fail "ipv4_lease: $(learned ipv4_lease)"
	assert_eq "ipv4_mtu, no longer given" "$(learned ipv4_mtu)" ""
	assert_eq dhcp_acks "$(counter vpn0 dhcp_acks)" 2

	release
	wait_for 30 learned_is ipv4_address ""
	nothing_learned
	wait_for 20 grep -q 'DHCPRELEASE' "$T/dnsmasq.log"
}

# The client's script sees what is learned when the NAK has come, before the
# client starts again.
test_refusal() {
	cat > script <<-END
		#!/bin/sh
		[ "\$1" != nak ] || cat /sys/class/net/vpn0/virtualtap/ipv4_* > "$T/after-nak"
		exec /etc/udhcpc/default.script "\$@"
	END
	chmod +x script
	office
	serve_range
	dhcp_client --script "$T/script"
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	wait_for 20 default_route_via 10.9.0.1

	stop dnsmasq
	rm dnsmasq.leases
	serve --dhcp-range=10.9.0.60,10.9.0.60,255.255.255.0,1h
	renew
	wait_for 60 learned_is ipv4_address 10.9.0.60/24
	assert_eq "learned after the NAK" "$(cat after-nak)" ""
	assert_eq dhcp_naks "$(counter vpn0 dhcp_naks)" 1
	wait_for 20 has_address 10.9.0.60/24
	reaches 10.9.0.1
}

# peer ARGUMENT...: our own server, at the Ethernet end itself.
peer() {
	background_as peer vpn "$dir/dhcp-peer.py" vpn0-l2 "$@"
	wait_for 20 grep -q listening "$T/peer.log"
}

plain_segment() {
	ns vpn
	ip link add vpn0 address "$MAC" type virtualtap
	ip link set vpn0-l2 netns vpn
	ip -n vpn link set vpn0-l2 up
	ip link set vpn0 up
}

test_expiry() {
	local lease
	plain_segment
	peer --lease 5
	# It quits with the lease: nobody renews it.
	dhcp_client --quit
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	lease=$(learned ipv4_lease)
	[ "$lease" -le 5 ] || fail "ipv4_lease: $lease"
	wait_for 20 learned_is ipv4_address ""
	nothing_learned
	# What the client configured is the client's.
	has_address 10.9.0.50/24
}

test_only_the_answer_to_the_request_teaches() {
	plain_segment
	peer --first xid --first chaddr --first server --first address --first checksum
	unasked_ack
	nothing_learned
	# No script: what the client makes of the others does not matter.
	dhcp_client --script /bin/true
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	assert_eq ipv4_gateway "$(learned ipv4_gateway)" 10.9.0.1
	assert_eq ipv4_server "$(learned ipv4_server)" 10.9.0.1
	unasked_ack
	assert_eq ipv4_gateway "$(learned ipv4_gateway)" 10.9.0.1
}
unasked_ack() {
	local before
	before=$(counter vpn0 dhcp_packets)
	inside vpn "$dir/dhcp-peer.py" vpn0-l2 --unasked --station "$MAC"
	wait_for 20 more_dhcp_packets "$before"
}
more_dhcp_packets() { [ "$(counter vpn0 dhcp_packets)" -gt "$1" ]; }

# A BOOTP message of op (udp[8]) 1 or 2 with htype 1, hlen 6, chaddr $MAC.
VALID='udp[9] = 1 and udp[10] = 6 and udp[36:4] = 0x02005e10 and udp[40:2] = 0x2030'

# Debian's defaults. It takes the device for one without a hardware type.
test_dhcpcd() {
	office
	serve_range
	capture sent '' vpn0 'udp port 67'
	capture wire vpn vpn0-l2 'udp port 67'
	background dhcpcd dhcpcd --nobackground --debug vpn0
	wait_for 60 learned_is ipv4_address 10.9.0.50/24
	wait_for 60 has_address 10.9.0.50/24
	wait_for 20 default_route_via 10.9.0.1
	reaches 10.9.0.1
	reaches 10.9.0.50 other

	captured_some wire "udp[8] = 1 and $VALID"
	captured_some wire "udp[8] = 2 and $VALID"
	! captured_some wire "not ($VALID)" || fail "$(captured wire -v "not ($VALID)")"
	# It needed help, and got back what it had sent.
	captured_some sent 'udp[8] = 1 and udp[9] = 254'
	captured_some sent 'udp[8] = 2 and udp[9] = 254'
}

# The host serves: what it sends to a client that has no address yet finds it
# without ARP, by its hardware address or, if the client asks for it, broadcast.
test_dnsmasq_on_the_host_end() {
	local replies='udp src port 67'
	vpn_segment address "$MAC"
	station pc
	ip addr add 10.9.0.1/24 dev vpn0
	dhcp_server '' vpn0 --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h
	capture wire vpn vpn0-l2 'arp or udp port 67'
	inside pc udhcpc --foreground --quit --interface eth0 --retries 10
	wait_for 20 captured_twice wire "$replies and ether dst $(mac_of eth0 pc)"
	inside pc udhcpc --foreground --quit --interface eth0 --retries 10 --broadcast
	wait_for 20 captured_twice wire "$replies and ether broadcast"
	! captured_some wire 'arp dst host 10.9.0.50' || fail "ARP for a client without an address"
	has_address 10.9.0.50/24 eth0 pc
	reaches 10.9.0.1 pc
	reaches 10.9.0.50
}
captured_twice() { [ "$(captured "$@" | wc -l)" -ge 2 ]; }
