# shellcheck shell=bash
# Host ends that look like an Ethernet device: for DHCP clients that insist on
# one, and what packet sockets see.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

HOST_MAC=02:00:5e:10:20:30
NET6=2001:db8:9:
# Of nobody: what the host's stack or a packet socket puts into its frames.
FOREIGN=02aaaaaaaaaa02bbbbbbbbbb
# UDP from 10.9.0.5 to port 9 of 10.9.0.2.
UDP="45000021000100004011 66b3 0a0900050a090002 00090009000d0000 68656c6c6f"

# ether_segment: the VPN with one other host.
ether_segment() {
	rtnl add name=vpn0 mac=$HOST_MAC data mode:u8=1
	vpn_bridge
	station pc 10.9.0.2/24 $NET6:2/64
}

both_families() { addresses vpn0 '' 10.9.0.5/24 $NET6:5/64; }

# without BLANKS: what makes hexadecimal readable.
without() { tr -d ' ' <<< "$1"; }

test_the_link() {
	local flags
	rtnl add name=vpn0 data mode:u8=1
	assert_eq "type" "$(link_field vpn0 .link_type)" ether
	flags=$(link_field vpn0 '.flags | join(" ")')
	[[ $flags == *NOARP* ]] || fail "no NOARP in $flags"
	assert_eq mode "$(learned mode)" ether
	# What would bring or want foreign frames.
	ip link add br0 type bridge
	refused 'not allow' ip link set vpn0 master br0
	refused 'not supported' ip link add vpn0.10 link vpn0 type vlan id 10
	refused . rtnl set name=vpn0 data mode:u8=0
	assert_eq mode "$(learned mode)" ether
}

leased() { ip -br addr show dev vpn0 | grep -q ' 10.9.0.50/24 '; }
has_gateway() { ip route | grep -q "^default via 10.9.0.1 dev vpn0"; }

# leases NAME: its client, running, configures vpn0.
leases() {
	wait_for 60 learned_is ipv4_address 10.9.0.50/24
	wait_for 60 leased
	wait_for 60 has_gateway
	reaches 10.9.0.1
	reaches 10.9.0.50 gw
	assert_eq dhcp_naks "$(counter vpn0 dhcp_naks)" 0
	stop "$1"
}

dhcp_office() {
	ether_segment
	station gw 10.9.0.1/24
	dhcp_server gw eth0 --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h
}

test_isc_dhclient() {
	dhcp_office
	background dhclient dhclient -4 -d -lf "$T/leases" -pf "$T/dhclient.process" vpn0
	leases dhclient
	dhclient -4 -r -lf "$T/leases" -pf "$T/dhclient.process" vpn0 > release.log 2>&1
	wait_for 30 learned_is ipv4_address ""
}

# Without the service manager; udev has seen the link.
test_systemd_networkd() {
	dhcp_office
	ip link set vpn0 down
	[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef > /etc/machine-id
	mkdir -p /run/systemd/network /run/udev/data
	echo I:1 > "/run/udev/data/n$(< /sys/class/net/vpn0/ifindex)"
	printf '%s\n' '[Match]' Name=vpn0 '[Network]' DHCP=ipv4 > /run/systemd/network/vpn0.network
	background networkd env SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_LEVEL=debug \
		/lib/systemd/systemd-networkd
	leases networkd
}

test_both_families() {
	ether_segment
	both_families
	reaches 10.9.0.2
	reaches 10.9.0.5 pc
	reaches $NET6:2
	reaches $NET6:5 pc
	reaches "$(address6_of link eth0 pc)%vpn0"
	data 1
	transfer '' pc 10.9.0.2
	transfer pc '' 10.9.0.5
	transfer '' pc $NET6:2
	transfer pc '' $NET6:5
	# Larger than the host end's MTU, and than that of the bridge.
	ping -q -c 1 -W 20 -s 3000 10.9.0.2 > ping.log
	ip -n vpn link set br0 mtu 1450
	ip -n pc link set eth0 mtu 1450
	ping -M dont -q -c 1 -W 20 -s 1472 10.9.0.2 > ping.log
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 0
	! ethtool -S vpn0 | grep 'drop_.*: [1-9]' || fail "drops"
}

# sent NUMBER PATTERN: frames of the segment.
sent() { [ "$(captured wire | grep -c "$2")" = "$1" ]; }

# Addresses come from the station and its neighbours, not from what is pushed.
test_what_is_sent() {
	local pc
	ether_segment
	both_families
	pc=$(mac_of eth0 pc)
	reaches 10.9.0.2
	capture wire vpn vpn0-l2 'udp port 9 or arp or icmp'
	send_frame vpn0 '' "$FOREIGN" 0800 "$(without "$UDP")"
	wait_for 20 sent 1 "$HOST_MAC > $pc, ethertype IPv4.*10.9.0.5.9 > 10.9.0.2.9: UDP"
	ip neigh add 10.9.0.77 lladdr 02:00:5e:00:00:77 nud permanent dev vpn0
	! ping -q -c 1 -W 1 10.9.0.77 > ping.log || fail "somebody is 10.9.0.77"
	wait_for 20 sent 1 "$HOST_MAC > 02:00:5e:00:00:77, ethertype IPv4.*echo request"
	ping -b -q -c 1 -W 1 10.9.0.255 > ping.log 2>&1 || true
	wait_for 20 sent 1 "$HOST_MAC > ff:ff:ff:ff:ff:ff, ethertype IPv4.*echo request"

	# ARP, no packet behind the header, half a header.
	send_frame vpn0 '' "$FOREIGN" 0806 000108000604000102bbbbbbbbbb0a0900050000000000000a090002
	assert_eq tx_drop_not_ip "$(counter vpn0 tx_drop_not_ip)" 1
	send_frame vpn0 '' "$FOREIGN" 0800
	assert_eq tx_drop_ip_length "$(counter vpn0 tx_drop_ip_length)" 1
	refused 'Invalid argument' send_frame vpn0 '' 02aaaaaaaaaa02bb
	reaches 10.9.0.2
	sent 0 '02:[ab][ab]:' || fail "a foreign address on the segment"
}

# seen NAME PATTERN: by a packet socket of the host.
seen() { captured "$1" | grep -q "$2"; }

test_what_is_received() {
	local pc
	lower_segment
	rtnl add name=vpn0 mac=$HOST_MAC link=tap0 data mode:u8=1
	rtnl add name=vpn10 link=tap0 data mode:u8=1 vlan:u16=10
	up vpn0 '' 10.9.0.5/24
	up vpn10 '' 10.9.10.5/24
	ip -n pc link add eth0.10 link eth0 type vlan id 10
	up eth0.10 pc 10.9.10.2/24
	pc=$(mac_of eth0 pc)
	capture untagged '' vpn0 'inbound and icmp[icmptype] = icmp-echo'
	capture tagged '' vpn10 'inbound and icmp[icmptype] = icmp-echo'

	reaches 10.9.0.5 pc
	wait_for 20 seen untagged "$pc > $HOST_MAC, ethertype IPv4 (0x0800), length 98: 10.9.0.2 > 10.9.0.5: ICMP echo request"
	inside pc ping -b -q -c 1 -W 1 10.9.0.255 > ping.log 2>&1 || true
	wait_for 20 seen untagged "$pc > ff:ff:ff:ff:ff:ff, ethertype IPv4 (0x0800), length 98: 10.9.0.2 > 10.9.0.255:"
	# Put together, and behind a tag.
	inside pc ping -q -c 1 -W 20 -s 3000 10.9.0.5 > ping.log
	wait_for 20 seen untagged "$pc > $HOST_MAC, ethertype IPv4 (0x0800), length 3042:"
	reaches 10.9.10.5 pc
	wait_for 20 seen tagged "$pc > $HOST_MAC, ethertype IPv4 (0x0800), length 98: 10.9.10.2 > 10.9.10.5: ICMP echo request"
	inside pc ping -q -c 1 -W 20 -s 3000 10.9.10.5 > ping.log
	wait_for 20 seen tagged "$pc > $HOST_MAC, ethertype IPv4 (0x0800), length 3042:"
	data 1
	transfer '' pc 10.9.10.2
	transfer pc '' 10.9.0.5
}
