# shellcheck shell=bash
# A kernel that has no memory, in the middle of whatever it does.
# shellcheck source=exchange.sh
. "${dir:?}/exchange.sh"
# Where allocations fail as one likes, and memory is watched.
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=uml
# shellcheck disable=SC2034 # this, too
TIMEOUT=1800

DEBUG=/sys/kernel/debug

injects() { [[ $KERNEL = uml* ]] || { left_out "this kernel injects no faults"; return 1; }; }

faults() { /usr/bin/python3 -E -S "$TESTS/faults.py" "$@"; }

# Each change, while one of its allocations fails.
STEP=13
[ -z "${THOROUGH:-}" ] || STEP=1
test_changes() {
	injects || return 0
	lower_segment
	faults changes $DEBUG $STEP > changes.log
	measured "$(wc -l < changes.log) changes, $(awk '{ sum += $(NF - 5) } END { print sum }' changes.log) faults"
	ns vpn
	ip link set vpn0-l2 netns vpn
	up vpn0-l2 vpn 10.9.0.2/24
	addresses vpn0 '' 10.9.0.5/24
	reaches 10.9.0.2
}

# lacking PERCENT: of the allocations that must not wait, which are those of
# packets, so many fail from now on, whosever they are.
lacking() {
	local kind setting
	for kind in failslab fail_page_alloc; do
		for setting in interval=1 verbose=0 ignore-gfp-wait=Y times=$FAULTS probability="$1"; do
			echo "${setting#*=}" > "$DEBUG/$kind/${setting%=*}"
		done
	done
	echo 0 > $DEBUG/fail_page_alloc/min-order
}
FAULTS=1000000

dropped() { echo "$(counter vpn0 rx_drop_nomem) frames and $(counter vpn0 tx_drop_nomem) packets dropped"; }

# What there was, with each of its allocations failing once. An answer that teaches
# nothing for want of memory does so when it comes again.
replay() {
	local mac
	mac=$(mac_of vpn0)
	for value in off on; do option learning $value; done
	learned_is ipv4_address ""
	learned_is ipv6_address ""
	measured "packets: $(faults packets vpn0 "$mac" "$T/wire.pcap")"
	measured "frames: $(inside vpn /usr/bin/python3 -E -S "$TESTS/faults.py" frames vpn0-l2 "$mac" "$T/wire.pcap")"
	measured "$(dropped)"
	learned_is ipv4_address 10.9.0.50/24
	learned_is ipv6_address $NET6:100/128
	raised vpn0 rx_drop_nomem
	raised vpn0 tx_drop_nomem
}

# receives: the host does, at all of its addresses on vpn0.
receives() {
	local address
	for address in $(ip -6 -j addr show dev vpn0 scope global | jq -r '.[].addr_info[]?.local // empty'); do
		ip -6 route show table local | grep -q "^local $address " || return
	done
}

test_packets() {
	injects || return 0
	segment
	# What is captured is to have its checksums.
	inside gw ethtool -K eth0 tx off > ethtool.log
	capture wire vpn vpn0-l2 ''
	exchange
	stop wire
	lacking 5
	# Without memory a client ends, or the host has an address but not the local
	# route by which it receives there: all begins anew.
	wait_for 600 tried exchange
	measured "$((FAULTS - $(< $DEBUG/failslab/times))) faults, $(dropped)"
	lacking 0
	# What its stack lost, it does not find by itself.
	receives || wait_for 300 tried leases
	serves_on
	# The only answers are those that come again.
	stop dnsmasq
	replay
	services
	traffic
}
