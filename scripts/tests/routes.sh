# shellcheck shell=bash
# Which station gets a packet: routes, gateways, proxies, permanent neighbours,
# and what becomes of a packet that none gets.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# The host, 10.9.0.5, with two routers that both lead to 192.0.2.0/24.
two_routers() {
	local router
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	station r1 10.9.0.1/24
	station r2 10.9.0.2/24
	for router in r1 r2; do
		ip -n "$router" route add local 192.0.2.0/24 dev lo
		# Nobody is there on the segment itself.
		inside "$router" sysctl -q net.ipv4.conf.eth0.arp_ignore=1
	done
}

# by ROUTER ADDRESS: a ping there goes by this router.
by() {
	local before
	before=$(echos "$1")
	reaches "$2"
	assert_eq "requests for $2 that came by $1" $(($(echos "$1") - before)) 3
}

test_routes_by_two_routers() {
	two_routers
	ip route add 192.0.2.1 via 10.9.0.1
	ip route add 192.0.2.2 via 10.9.0.2
	by r1 192.0.2.1
	by r2 192.0.2.2
	ip route replace 192.0.2.1 via 10.9.0.2
	by r2 192.0.2.1
}

test_both_legs_of_a_multipath_route() {
	local last r1 r2
	two_routers
	ip route add 192.0.2.0/24 nexthop via 10.9.0.1 nexthop via 10.9.0.2
	r1=$(echos r1) r2=$(echos r2)
	for last in $(seq 16); do
		ping -q -c 1 -W 10 "192.0.2.$last" > /dev/null || fail "no ping to 192.0.2.$last"
	done
	r1=$(($(echos r1) - r1)) r2=$(($(echos r2) - r2))
	assert_eq "requests by both" $((r1 + r2)) 16
	[ "$r1" != 0 ] || fail "none by r1"
	[ "$r2" != 0 ] || fail "none by r2"
}

test_default_route_to_the_set_gateway() {
	two_routers
	ip route add default dev vpn0
	option gateway4 10.9.0.1
	by r1 192.0.2.1
	learned_is ipv4_gateway ""
	assert_eq ipv4_gateway_mac "$(learned ipv4_gateway_mac)" "$(mac_of eth0 r1)"
	option gateway4 10.9.0.2
	by r2 192.0.2.1
	assert_eq ipv4_gateway_mac "$(learned ipv4_gateway_mac)" "$(mac_of eth0 r2)"
	# A route that names a router is stronger, and what is on-link is asked
	# for itself.
	ip route add 192.0.2.7 via 10.9.0.1
	by r1 192.0.2.7
	by r1 10.9.0.1
	option gateway4 none
	assert_eq gateway4 "$(learned gateway4)" none
	! ping -c 1 -W 10 192.0.2.1 > ping.log || fail "a ping by no gateway"
}

# The client's script does nothing: only what the driver learns changes.
test_default_route_to_the_learned_gateway() {
	local gateway
	two_routers
	ip route add default dev vpn0
	for gateway in 1 2; do
		dhcp_server r1 eth0 --dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h \
			--dhcp-option="option:router,10.9.0.$gateway"
		if [ "$gateway" = 1 ]; then dhcp_client --script /bin/true; else renew; fi
		wait_for 30 learned_is ipv4_gateway "10.9.0.$gateway"
		by "r$gateway" 192.0.2.1
		stop dnsmasq
	done
	# A set one wins.
	option gateway4 10.9.0.1
	by r1 192.0.2.1
	option gateway4 none
	by r2 192.0.2.1
}

test_refused_gateways() {
	local value
	vpn_segment
	option gateway4 10.9.0.1
	for value in 0.0.0.0 127.0.0.1 224.0.0.1 255.255.255.255 10.9.0 10.9.0.256 \
		10.9.0.2x '10.9.0.2 10.9.0.3' fe80::1 gateway ''; do
		refused 'Invalid argument' bash -c \
			"echo '$value' > /sys/class/net/vpn0/virtualtap/gateway4"
		assert_eq "gateway4 after '$value'" "$(learned gateway4)" 10.9.0.1
	done
}

test_proxies() {
	local forward=/proc/sys/net/ipv4/ip_forward
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	station pc 10.9.0.2/24
	client lan 10.1.0.1/24 10.1.0.2/24
	ip -n lan addr add 10.9.0.77/32 dev eth0
	ip -n lan route replace default via 10.1.0.1 src 10.9.0.77
	ip route add 10.9.0.77 via 10.1.0.2
	no_answer "without a proxy"

	ip neigh add proxy 10.9.0.77 dev vpn0
	echo 0 > "$forward"
	no_answer "by a host that does not forward"
	echo 1 > "$forward"
	reaches 10.9.0.77 pc
	reaches 10.9.0.2 lan
	ip neigh del proxy 10.9.0.77 dev vpn0
	no_answer "after the proxy was removed"

	echo 1 > /proc/sys/net/ipv4/conf/vpn0/proxy_arp
	reaches 10.9.0.77 pc
	# On the segment itself: not ours to answer for.
	! inside pc arping -q -c 1 -w 2 -I eth0 10.9.0.3 || fail "answered for an on-link host"
}
no_answer() {
	! inside pc arping -q -c 1 -w 2 -I eth0 10.9.0.77 || fail "an answer $1"
	ip -n pc neigh flush dev eth0
}

test_permanent_neighbours() {
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	capture wire vpn vpn0-l2 'icmp[icmptype] = icmp-echo or arp dst host 10.9.0.40'

	ip neigh add 10.9.0.40 lladdr 02:00:00:00:00:41 nud permanent dev vpn0
	one_ping
	wait_for 20 captured_some wire icmp and ether dst 02:00:00:00:00:41
	# The device has asked for no address of its own either, but announced one.
	! captured_some wire arp || fail "ARP for a permanent neighbour"
	ip neigh replace 10.9.0.40 lladdr 02:00:00:00:00:42 nud permanent dev vpn0
	one_ping
	wait_for 20 captured_some wire icmp and ether dst 02:00:00:00:00:42
	! captured_some wire arp || fail "ARP for a permanent neighbour"
	ip neigh del 10.9.0.40 dev vpn0
	one_ping
	wait_for 20 captured_some wire arp
	assert_eq "pings on the wire" "$(captured wire icmp | wc -l)" 2
}
one_ping() { ! ping -q -c 1 -W 0.2 10.9.0.40 > /dev/null || fail "who answered?"; }

# A NAT gateway. Its client hears of a neighbour that is not there.
test_masquerade() {
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	station pc 10.9.0.2/24
	client lan 10.1.0.1/24 10.1.0.2/24
	masquerade
	reaches 10.9.0.2 lan
	! inside lan ping -c 1 -W 30 10.9.0.99 > ping.log || fail "10.9.0.99 is there"
	grep -q 'From 10.1.0.1 .*Destination Host Unreachable' ping.log
	# The host itself hears of it, too.
	! ping -c 1 -W 30 10.9.0.98 > ping.log || fail "10.9.0.98 is there"
	grep -q 'Destination Host Unreachable' ping.log
	[ "$(counter vpn0 neigh_failures)" = 2 ] || fail "neigh_failures"
}
