# shellcheck shell=bash
# Router advertisements of radvd: what the host makes of them, what the driver
# learns, and who gets a packet then.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

MAC=02:00:5e:10:20:30
NET6=2001:db8:9:
BEYOND=2001:db8:ff::1

# router NAME NUMBER: a station that leads to $BEYOND, as yet without radvd.
router() {
	station "$1" "$NET6:$2/64"
	ip -n "$1" addr add "$BEYOND/128" dev lo nodad
}

default_route_via() { ip -6 route show default | grep -q "via $1 dev vpn0 proto ra"; }
no_default_route() { [ -z "$(ip -6 route show default)" ]; }

# within FILE LEAST MOST
within() {
	local value
	value=$(learned "$1")
	if [ "$value" -lt "$2" ] || [ "$value" -gt "$3" ]; then fail "$1: $value"; fi
}

test_slaac_and_what_is_learned() {
	local gateway address file
	vpn_segment address "$MAC"
	router r1 1
	gateway=$(address6_of link eth0 r1)
	advertise r1 "AdvLinkMTU 1400;" \
		"prefix $NET6:/64 { AdvValidLifetime 7200; AdvPreferredLifetime 3600; };" \
		"RDNSS $NET6:53 $NET6:54 { AdvRDNSSLifetime 2400; };" \
		"DNSSL vpn.example corp.example { AdvDNSSLLifetime 2400; };"
	ip link set vpn0 down
	capture wire vpn vpn0-l2 'icmp6'
	ip link set vpn0 up

	wait_for 60 learned_is ipv6_gateway "$gateway"
	assert_eq ipv6_routers "$(learned ipv6_routers)" "$gateway"
	assert_eq ipv6_prefix "$(learned ipv6_prefix)" "$NET6:/64"
	assert_eq ipv6_dns "$(learned ipv6_dns)" "$NET6:53 $NET6:54"
	assert_eq ipv6_search "$(learned ipv6_search)" "vpn.example corp.example"
	assert_eq ipv6_mtu "$(learned ipv6_mtu)" 1400
	within ipv6_lifetime 1700 1800
	for file in ipv6_address ipv6_delegated; do learned_is "$file" "" || fail "$file"; done

	# The host's own work.
	wait_for 30 address6_of global vpn0
	address=$(address6_of global vpn0)
	wait_for 30 default_route_via "$gateway"
	[[ $address == "${NET6%:}"* ]] || fail "made the address $address"
	# Once it has found out that nobody else uses them.
	wait_for 60 answers "$address" r1
	reaches "$address" r1
	wait_for 60 answers "$(address6_of link vpn0)%eth0" r1
	reaches "$gateway%vpn0"
	reaches $NET6:1
	reaches $BEYOND
	assert_eq ipv6_gateway_mac "$(learned ipv6_gateway_mac)" "$(mac_of eth0 r1)"
	[ "$(counter vpn0 ra_packets)" -ge 1 ] || fail "ra_packets"
	# Who asked for it, and how: RFC 4861 4.1.
	captured_some wire "ip6[40] = 133 and ether src $MAC and ether dst 33:33:00:00:00:02 and
		ip6[48:2] = 0x101 and ip6[50:4] = 0x02005e10 and ip6[54:2] = 0x2030" ||
		fail "no good router solicitation"
	# A program hears it all, too.
	rdisc6 -1 -w 20000 vpn0 > rdisc6.log
	grep -q "Prefix *: $NET6:/64" rdisc6.log

	# radvd takes back what it said when it ends, but the prefix.
	stop r1
	wait_for 30 learned_is ipv6_gateway ""
	learned_is ipv6_routers "" || fail "ipv6_routers: $(learned ipv6_routers)"
	learned_is ipv6_gateway_mac "" || fail "ipv6_gateway_mac: $(learned ipv6_gateway_mac)"
	learned_is ipv6_dns "" || fail "ipv6_dns: $(learned ipv6_dns)"
	learned_is ipv6_prefix "$NET6:/64" || fail "ipv6_prefix: $(learned ipv6_prefix)"
	wait_for 30 no_default_route

	# What has no end is told, too.
	advertise r1 "AdvDefaultLifetime 0;" \
		"prefix $NET6:/64 { AdvValidLifetime infinity; AdvPreferredLifetime infinity; };"
	wait_for 60 learned_is ipv6_lifetime 4294967295
}

# by ROUTER ADDRESS: a ping there goes by this router.
by() {
	local before
	before=$(echos "$1")
	answers "$2" && [ "$(echos "$1")" -gt "$before" ]
}
goes_by() { by "$@" || fail "$2 is not reached by $1"; }

# The host has no route but that to the device: the driver chooses.
test_two_routers() {
	local r1 r2
	vpn_segment
	sysctl -q net.ipv6.conf.vpn0.accept_ra=0
	ip addr add $NET6:5/64 dev vpn0 nodad
	ip -6 route add default dev vpn0
	router r1 1
	router r2 2
	r1=$(address6_of link eth0 r1) r2=$(address6_of link eth0 r2)
	addresses eth0 r1 2001:db8:8::1/64
	advertise r1 "AdvDefaultPreference low; prefix 2001:db8:8::/64 { };"
	advertise r2 "AdvDefaultPreference high;"
	wait_for 60 learned_is ipv6_routers "$r2 $r1"
	assert_eq ipv6_gateway "$(learned ipv6_gateway)" "$r2"
	reaches $BEYOND
	goes_by r2 $BEYOND
	assert_eq ipv6_gateway_mac "$(learned ipv6_gateway_mac)" "$(mac_of eth0 r2)"
	# What it learned to be on-link, and routes of one's own, need no router.
	goes_by r1 2001:db8:8::1
	ip -6 route add $BEYOND via "$r1" dev vpn0
	goes_by r1 $BEYOND
	ip -6 route del $BEYOND

	# The better one dies without a word. Who wants to can hear of it.
	background events "$dir/events.py"
	wait_for 20 grep -q listening events.log
	ip -n vpn link set r2 down
	wait_for 60 by r1 $BEYOND
	assert_eq ipv6_gateway "$(learned ipv6_gateway)" "$r1"
	grep -qx "router vpn0 $r2 unreachable" events.log
	ip -n vpn link set r2 up
	wait_for 60 grep -qx "router vpn0 $r2 reachable" events.log
	wait_for 20 learned_is ipv6_gateway "$r2"
}

# A host that is a router itself, and yet configured by another one. All by
# itself: what the driver does not learn, it gets all the same.
test_forwarding_host() {
	local address
	vpn_segment
	option learning off
	sysctl -q net.ipv6.conf.vpn0.accept_ra=2
	router r1 1
	client lan 2001:db8:1::1/64 2001:db8:1::2/64
	advertise r1 "prefix $NET6:/64 { };" "RDNSS $NET6:53 { AdvRDNSSLifetime 2400; };"
	wait_for 60 address6_of global vpn0
	wait_for 30 default_route_via "$(address6_of link eth0 r1)"
	address=$(address6_of global vpn0)
	ip -n r1 -6 route add 2001:db8:1::/64 via "$address" dev eth0
	wait_for 60 answers $BEYOND lan
	reaches $BEYOND lan
	reaches 2001:db8:1::2 r1
	# As which its neighbours know it.
	ip -n r1 -6 neigh show "$address" | grep -q ' router ' ||
		fail "$(ip -n r1 -6 neigh show "$address")"
	[ "$(counter vpn0 ra_packets)" -ge 1 ] || fail "ra_packets"
	assert_eq "learned" "$(cat /sys/class/net/vpn0/virtualtap/ipv6_*)" ""
}
