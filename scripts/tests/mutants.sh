# shellcheck shell=bash
# Real traffic with mistakes in it, and netlink requests with mistakes, against a
# host end that has everything on: nothing breaks, and it serves on.
# shellcheck source=exchange.sh
. "${dir:?}/exchange.sh"
# Where memory is watched.
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=uml

MUTANTS=${MUTANTS:-20000} REQUESTS=${REQUESTS:-3000}

mutants() { /usr/bin/python3 -E -S "$TESTS/mutants.py" "$@"; }

test_mutants() {
	local received sent mac
	segment
	capture wire vpn vpn0-l2 ''
	exchange
	stop wire
	option conntrack on
	option gateway_probe 1
	rtnl_in vpn add name=vpn0.10 link=vpn0-l2 data vlan:u16=10
	ip -n vpn link set vpn0.10 up
	received=$(counter vpn0 rx_drop_ip_header) sent=$(counter vpn0 ip_to_eth_packets)
	mac=$(mac_of vpn0)
	background packets mutants packets vpn0 "$mac" "$MUTANTS" "$T/wire.pcap"
	inside vpn /usr/bin/python3 -E -S "$TESTS/mutants.py" frames vpn0-l2 "$mac" "$MUTANTS" \
		"$T/wire.pcap" > frames.log
	wait "$(cat packets.pid)"
	measured "frames: $(cat frames.log), packets: $(cat packets.log)"
	[ "$(counter vpn0 rx_drop_ip_header)" -gt "$received" ] || fail "no mutant arrived"
	[ "$(counter vpn0 ip_to_eth_packets)" -gt "$sent" ] || fail "no mutant left"
	[ "$(counter vpn0.10 vlan_packets vpn)" -gt 0 ] || fail "no mutant has a tag"
	serves_on

	mutants requests vpn0 "$REQUESTS" > requests.log
	measured "requests: $(cat requests.log)"
	# Every fifth or so has no mistake.
	awk '$3 > $1 * 0.95 { exit 1 }' requests.log || fail "nearly all requests were refused"
	ip link show dev vpn0 > /dev/null
	# Options may be anything by now.
	ip link del vpn0
}
