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
	local received mac
	segment
	capture wire vpn vpn0-l2 ''
	leases
	traffic
	stop wire
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
