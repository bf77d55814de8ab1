# shellcheck shell=bash
# Packets that are too big: for a link behind a router of the segment, and for
# the bridge that the Ethernet end is in.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

NET6=2001:db8:9:
FAR=10.2.0.2 FAR6=2001:db8:2::2

# mtu_to ADDRESS [NAMESPACE]: what is known of the path; nothing for the link's.
mtu_to() { as "${2:-}" ip route get "$1" | sed -n 's/.* mtu \([0-9]*\).*/\1/p'; }

# both_families [ip-link OPTION]...: the host has an address of each.
both_families() {
	vpn_segment "$@"
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
}

# wants_big_segments NAMESPACE DEVICE: whatever its own link's MTU is.
wants_big_segments() {
	ip -n "$1" route change 10.9.0.0/24 dev "$2" advmss 1460
	ip -n "$1" -6 route change $NET6:/64 dev "$2" metric 256 advmss 1440
}

# A router, and behind its link of a small MTU a server that would like segments
# for a larger one.
narrow_path() {
	both_families
	station router 10.9.0.1/24 $NET6:1/64
	inside router sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	ns server
	ip -n router link add far mtu 1300 type veth peer name eth0 mtu 1300 netns server
	ip -n router link set far up
	ip -n server link set eth0 up
	addresses far router 10.2.0.1/24 2001:db8:2::1/64
	addresses eth0 server $FAR/24 $FAR6/64
	ip -n server route add default via 10.2.0.1 advmss 1460
	ip -n server route add default via 2001:db8:2::1 advmss 1440
	ip route add 10.2.0.0/24 via 10.9.0.1
	ip route add 2001:db8:2::/64 via $NET6:1
}

test_link_behind_a_router() {
	local tracing=y
	narrow_path
	trace virtualtap/vtap_pmtu || tracing=
	data 1
	transfer '' server $FAR
	assert_eq "MTU to $FAR" "$(mtu_to $FAR)" 1300
	assert_eq icmp_errors_received "$(counter vpn0 icmp_errors_received)" \
		"$(counter vpn0 pmtu_events)"
	[ "$(counter vpn0 pmtu_events)" -ge 1 ] || fail "pmtu_events"
	assert_eq icmpv6_errors_received "$(counter vpn0 icmpv6_errors_received)" 0
	transfer '' server $FAR6
	assert_eq "MTU to $FAR6" "$(mtu_to $FAR6)" 1300
	[ "$(counter vpn0 icmpv6_errors_received)" -ge 1 ] || fail "icmpv6_errors_received"
	assert_eq pmtu_events "$(counter vpn0 pmtu_events)" \
		$(($(counter vpn0 icmp_errors_received) + $(counter vpn0 icmpv6_errors_received)))
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 0
	if [ "$tracing" ]; then
		traced "vtap_pmtu: dev=vpn0 dest=::ffff:$FAR mtu=1300$" \
			"vtap_pmtu: dev=vpn0 dest=$FAR6 mtu=1300$"
		trace_no_more
	else
		left_out "the tracepoint: this kernel has no tracefs"
	fi
}

# too_big ADDRESS SIZE NAMESPACE: a ping, not to be fragmented, whose sender hears
# that it is too big.
too_big() {
	! as "$3" ping -M "do" -c 2 -i 0.2 -W 5 -s "$2" "$1" > "$T/ping.log" 2>&1 ||
		fail "a ping of $2 bytes to $1 was answered"
	grep -qiE 'frag needed.*mtu = 1450|packet too big: mtu=1450|message too long, mtu[=:] ?1450' \
		"$T/ping.log" || fail "'${3:-host}' heard of no MTU of 1450"
	assert_eq "MTU from '${3:-host}' to $1" "$(mtu_to "$1" "$3")" 1450
}

# fits ADDRESS SIZE NAMESPACE
fits() {
	as "$3" ping -M "do" -q -c 1 -W 20 -s "$2" "$1" > "$T/ping.log" 2>&1 ||
		fail "no ping of $2 bytes to $1"
}

narrow_bridge() {
	both_families
	ip -n vpn link set br0 mtu 1450
	station pc 10.9.0.2/24 $NET6:2/64
	ip -n pc link set eth0 mtu 1450
	wants_big_segments pc eth0
}

fragments_at_pc() {
	inside pc nstat -aszj IpReasmReqds IpReasmOKs | jq -r '.kernel | "\(.IpReasmReqds) \(.IpReasmOKs)"'
}

test_bridge_of_a_small_mtu() {
	narrow_bridge
	# It need not be told of what may be fragmented.
	capture wire vpn vpn0-l2 'icmp[icmptype] = icmp-echo or ip[6:2] & 0x1fff != 0'
	ping -M dont -q -c 2 -i 0.2 -W 20 -s 1472 10.9.0.2 > ping.log
	assert_eq "fragments, datagrams" "$(fragments_at_pc)" "4 2"
	assert_eq "MTU to 10.9.0.2" "$(mtu_to 10.9.0.2)" ""
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 0
	# Both parts go to the station, and no frame is larger than the bridge takes.
	wait_for 20 captured_some wire "ip[6:2] & 0x1fff != 0"
	! captured_some wire "ether src $(mac_of vpn0) and
		(greater 1465 or not ether dst $(mac_of eth0 pc))" || fail "odd fragments"
	# Of several fragments already, some still too big.
	ping -M dont -q -c 1 -W 20 -s 3000 10.9.0.2 > ping.log
	fits 10.9.0.2 1422 ''
	too_big 10.9.0.2 1423 ''
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 1
	fits $NET6:2 1402 ''
	too_big $NET6:2 1403 ''
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 2
	# What it fragments by itself then, of either family.
	ping -M want -q -c 1 -W 20 -s 1472 10.9.0.2 > ping.log
	ping -M want -q -c 1 -W 20 -s 3000 $NET6:2 > ping.log
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 2
}

test_transfers_by_a_bridge_of_a_small_mtu() {
	narrow_bridge
	data 1
	transfer '' pc 10.9.0.2
	transfer '' pc $NET6:2
	assert_eq "MTU to 10.9.0.2" "$(mtu_to 10.9.0.2)" 1450
	assert_eq "MTU to $NET6:2" "$(mtu_to $NET6:2)" 1450
	[ "$(counter vpn0 tx_drop_too_big)" -ge 2 ] || fail "tx_drop_too_big"
}

# Hosts behind this one, one of them behind a NAT as well.
test_forwarded_to_a_bridge_of_a_small_mtu() {
	narrow_bridge
	client lan 10.1.0.1/24 10.1.0.2/24
	addresses lan '' 2001:db8:1::1/64
	addresses eth0 lan 2001:db8:1::2/64
	ip -n lan route add default via 2001:db8:1::1
	sysctl -q net.ipv6.conf.all.forwarding=1
	masquerade
	reaches 10.9.0.2 lan
	reaches $NET6:2 lan
	as lan ping -M dont -q -c 1 -W 20 -s 1472 10.9.0.2 > ping.log
	too_big 10.9.0.2 1472 lan
	too_big $NET6:2 1452 lan
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 2
	data 1
	transfer lan pc 10.9.0.2
	transfer lan pc $NET6:2
}

# The Ethernet end's own MTU, and that it may change.
test_mtu_of_the_ethernet_end() {
	both_families
	station pc 10.9.0.2/24 $NET6:2/64
	ip -n vpn link set vpn0-l2 mtu 1450
	too_big 10.9.0.2 1423 ''
	too_big $NET6:2 1403 ''
	ip -n vpn link set vpn0-l2 mtu 1500
	ip route flush cache
	ip -6 route flush cache
	fits 10.9.0.2 1472 ''
	fits $NET6:2 1452 ''
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 2
}

# tunnel_ends DEVICE: a vxlan over IPv6 without checksums, as RFC 6935 has it for
# tunnels.
tunnel_ends() {
	station pc 10.9.0.2/24 $NET6:2/64
	ip link add vx0 type vxlan id 42 dstport 4789 remote $NET6:2 dev "$1" \
		udp6zerocsumtx udp6zerocsumrx
	ip addr add 10.42.0.5/24 dev vx0
	ip link set vx0 up
	ip -n pc link add vx0 type vxlan id 42 dstport 4789 remote $NET6:5 dev eth0 \
		udp6zerocsumtx udp6zerocsumrx
	addresses vx0 pc 10.42.0.2/24
	ip -n pc link set vx0 up
	reaches 10.42.0.2
}

# The tunnel's socket is the VRF's.
test_tunnel_without_checksums_in_a_vrf() {
	vpn_segment
	ip link add vrf10 type vrf table 10
	ip link set vrf10 up
	ip link set vpn0 master vrf10
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	tunnel_ends vpn0
	assert_eq checksum_errors "$(counter vpn0 checksum_errors)" 0
}

test_tunnel_without_checksums() {
	both_families
	tunnel_ends vpn0
	assert_eq checksum_errors "$(counter vpn0 checksum_errors)" 0
	# Its socket wants some now.
	ip link del vx0
	ip link add vx0 type vxlan id 42 dstport 4789 remote $NET6:2 dev vpn0 udp6zerocsumtx
	ip link set vx0 up
	ip addr add 10.42.0.5/24 dev vx0
	! answers 10.42.0.2 || fail "without a checksum, to a socket that wants one"
	# Not between the two readings: the station goes on asking for the address.
	ip -n pc link set vx0 down
	[ "$(counter vpn0 checksum_errors)" -ge 1 ] || fail "checksum_errors"
	assert_eq "drops" "$(counter vpn0 rx_drop_checksum)" "$(counter vpn0 checksum_errors)"
}
