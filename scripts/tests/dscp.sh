# shellcheck shell=bash
# DSCP of what the host sends, as a station of the segment sees it, and tc that
# goes by it on either side.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

NET6=2001:db8:9:
SIZE=100

# The host and a station, with an address of each family.
segment() {
	vpn_segment
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	station pc 10.9.0.2/24 $NET6:2/64
}

# pings [OPTION]...: by both families, answered.
pings() {
	local address
	for address in 10.9.0.2 $NET6:2; do
		ping -q -n -i 0.2 -W 20 "$@" "$address" > ping.log || fail "no ping to $address"
	done
}

# arrives SENT WANTED: of either family, what leaves with one DS field gets there
# with the other. Each pair of pings has a size of its own.
arrives() {
	SIZE=$((SIZE + 1))
	pings -c 1 -s $SIZE -Q "$1"
	wait_for 20 captured_some wire "icmp[icmptype] = icmp-echo and
		ip[2:2] = $((SIZE + 28)) and ip[1] = $2"
	wait_for 20 captured_some wire "icmp6 and ip6[40] = 128 and
		ip6[4:2] = $((SIZE + 8)) and ip6[0:2] & 0x0ff0 = $(($2 << 4))"
}

# counted NAME NUMBER...: counters of vpn0.
counted() {
	while [ $# -gt 0 ]; do
		assert_eq "$1" "$(counter vpn0 "$1")" "$2"
		shift 2
	done
}

test_remarking() {
	segment
	capture wire pc eth0 'icmp or icmp6'
	# Code points 46, 10, 8 and so on, in front of two bits of ECN.
	arrives 0xb8 0xb8
	arrives 0xb9 0xb9
	arrives 0x04 0x04
	counted dscp_tx_ef 4 dscp_rx_ef 4 dscp_tx_le 2 dscp_rx_le 2 dscp_tx_va 0
	option dscp_map 46:0,10:8,8:46
	arrives 0xba 0x02
	arrives 0x29 0x21
	arrives 0x20 0xb8
	arrives 0x88 0x88
	# A station answers with the DSCP that it got.
	counted dscp_tx_ef 6 dscp_rx_ef 6 dscp_tx_cs1 2 dscp_rx_cs1 2 dscp_tx_af1x 0 \
		dscp_rx_af1x 0 dscp_tx_af4x 2 dscp_rx_af4x 2
	option dscp 44
	arrives 0xb9 0xb1
	arrives 0x20 0xb0
	arrives 0xb3 0xb3
	counted dscp_rx_va 6 dscp_tx_ef 6 dscp_tx_cs1 2
	option dscp preserve
	arrives 0x22 0xba
	option dscp_map identity
	arrives 0x22 0x22
	# Nothing but pings, whose sums pc would not answer if they were wrong.
	! ethtool -S vpn0 | grep 'drop_.*: [1-9]' || fail "drops"
}

# tc_sent NAMESPACE DEVICE CLASS: packets so far; '' for this namespace.
tc_sent() {
	tc ${1:+-n "$1"} -s class show dev "$2" classid "$3" |
		sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p'
}

# expect_classes NAMESPACE DEVICE VOICE BULK: three pings of each family that are
# voice go by one class, four that are not by the other.
expect_classes() {
	local voice bulk
	pings -c 3 -Q 0xb8
	pings -c 4
	voice=$(tc_sent "$1" "$2" "$3") bulk=$(tc_sent "$1" "$2" "$4")
	assert_eq "$2, packets of voice" "$voice" 6
	[ "$bulk" -ge 8 ] || fail "$2, packets of bulk: $bulk"
}

# As in the README.
test_tc_on_the_host_end() {
	segment
	tc qdisc add dev vpn0 root handle 1: htb default 20
	tc class add dev vpn0 parent 1: classid 1:1 htb rate 20mbit
	tc class add dev vpn0 parent 1:1 classid 1:10 htb rate 2mbit ceil 20mbit prio 0
	tc class add dev vpn0 parent 1:1 classid 1:20 htb rate 18mbit ceil 20mbit prio 1
	tc filter add dev vpn0 parent 1: prio 1 protocol ip flower ip_tos 0xb8/0xfc classid 1:10
	tc filter add dev vpn0 parent 1: prio 2 protocol ipv6 flower ip_tos 0xb8/0xfc classid 1:10
	# It sees what the host sends, not what becomes of it.
	option dscp 0
	expect_classes '' vpn0 1:10 1:20
	# What waits in it keeps its route, and nothing is lost.
	data 1
	transfer '' pc 10.9.0.2
	assert_eq "packets of voice" "$(tc_sent '' vpn0 1:10)" 6
}

# As in the README, the bridge's port being pc's.
test_tc_on_the_port_of_a_bridge() {
	segment
	tc -n vpn qdisc add dev pc root handle 1: prio bands 2 \
		priomap 1 1 1 1 0 1 0 1 1 1 1 1 1 1 1 1
	expect_classes vpn pc 1:1 1:2
	# By the DSCP that it has now.
	option dscp_map 46:0,34:46
	pings -c 2 -Q 0xb8
	assert_eq "packets of voice" "$(tc_sent vpn pc 1:1)" 6
	tc -n vpn qdisc del dev pc root
	tc -n vpn qdisc add dev pc root handle 1: prio bands 2 \
		priomap 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1
	tc -n vpn filter add dev pc parent 1: prio 1 protocol ip flower ip_tos 0xb8/0xfc classid 1:1
	tc -n vpn filter add dev pc parent 1: prio 2 protocol ipv6 flower ip_tos 0xb8/0xfc classid 1:1
	pings -c 3 -Q 0x88
	assert_eq "packets of voice" "$(tc_sent vpn pc 1:1)" 6
}
