# shellcheck shell=bash
# Real traffic with mistakes in it, and netlink requests with mistakes, against a
# host end that has everything on: nothing breaks, and it serves on.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# Where memory is watched.
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=uml

SERVER=10.9.0.1
NET6=2001:db8:9:
MUTANTS=${MUTANTS:-20000} REQUESTS=${REQUESTS:-3000}

mutants() { /usr/bin/python3 -E -S "$TESTS/mutants.py" "$@"; }

# segment: a gateway that leases, advertises, answers and is asked.
segment() {
	vpn_segment mtu 1400
	for option in dns_cache defend; do option $option on; done
	option dscp_map 46:0
	station gw $SERVER/24 $NET6:1/64
	advertise gw "prefix $NET6:/64 { }; RDNSS $NET6:1 { };"
	DNS_PORT=53 dhcp_server gw eth0 --dhcp-range=10.9.0.50,10.9.0.50,1h --no-hosts \
		--dhcp-range=$NET6:100,$NET6:200,64,1h --local-ttl=600 \
		--host-record=www.example,192.0.2.1,2001:db8::1
}

# The real thing, of each kind, on the wire.
traffic() {
	capture wire vpn vpn0-l2 ''
	dhcp_client
	wait_for 60 learned_is ipv4_address 10.9.0.50/24
	wait_for 60 answers $SERVER
	background dhcp6 dhcpcd -6 -B --noconfigure -T vpn0
	wait_for 60 address6_of global vpn0
	wait_for 60 answers $NET6:1
	ping -q -c 1 -W 20 -s 3000 $SERVER > ping.log
	ping -q -c 1 -W 20 -s 3000 $NET6:1 > ping.log
	data 1
	head -c 20000 data > short && mv short data
	transfer '' gw $SERVER
	dig +tries=5 @$SERVER www.example A > dig.log
	dig +tries=5 @$NET6:1 www.example AAAA > dig.log
	dig +tries=1 @$SERVER -p 9 www.example > dig.log || true
	stop wire
}

serves_on() {
	wait_for 120 answers $SERVER
	wait_for 60 answers $NET6:1
}

test_mutants() {
	local received mac
	segment
	traffic
	received=$(counter vpn0 rx_drop_ip_header)
	mac=$(mac_of vpn0)
	background packets mutants packets vpn0 "$mac" "$MUTANTS" "$T/wire.pcap"
	inside vpn /usr/bin/python3 -E -S "$TESTS/mutants.py" frames vpn0-l2 "$mac" "$MUTANTS" \
		"$T/wire.pcap" > frames.log
	wait "$(cat packets.pid)"
	measured "frames: $(cat frames.log), packets: $(cat packets.log)"
	[ "$(counter vpn0 rx_drop_ip_header)" -gt "$received" ] || fail "no mutant arrived"
	serves_on

	mutants requests vpn0 "$REQUESTS" > requests.log
	measured "requests: $(cat requests.log)"
	ip link show dev vpn0 > /dev/null
	# Options may be anything by now.
	ip link del vpn0
}
