# shellcheck shell=bash
# Neighbours and NDP on a segment of scripted stations: what neigh.sh tests for
# IPv4, and what only IPv6 has.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

GATEWAY=fe80::fe
GATEWAY_MAC=02:00:5e:00:02:fe
EVIL=02:00:5e:00:66:66

# Patterns of what the host end sends.
# asked ADDRESS: to the solicited-node group.
asked() { echo "^$HOST_MAC > 33:33:ff:.* ns .* > ff02::1:ff.* $1 source $HOST_MAC\$"; }
# probed MAC ADDRESS: by unicast.
probed() { echo "^$HOST_MAC > $1 ns .* > $2 $2 source $HOST_MAC\$"; }
# answer_to MAC ADDRESS TARGET [FLAGS]
answer_to() { echo "^$HOST_MAC > $1 na $3 > $2 $3 ${4:-SO} target $HOST_MAC\$"; }
# to_all TARGET [MAC]: an advertisement to everybody.
to_all() { echo "^${2:-$HOST_MAC} > 33:33:00:00:00:01 na $1 > ff02::1 $1 O target ${2:-$HOST_MAC}\$"; }
# echo_to MAC: a ping.
echo_to() { echo "^$HOST_MAC > $1 ip .* 58 icmp 128"; }

gateway() {
	say router "$GATEWAY" "$GATEWAY_MAC"
	ip -6 route add default via "$GATEWAY" dev vpn0
	option gateway6 "$GATEWAY"
}

test_resolution_and_reuse() {
	segment6
	say host $NET6:2 "$(station 2)"
	pings $NET6:2
	pings $NET6:2
	heard 1 "^$HOST_MAC > 33:33:ff:00:00:02 ns $HOST6 > ff02::1:ff00:2 $NET6:2 source $HOST_MAC\$"
	heard 2 "$(echo_to "$(station 2)")"
	counted ndp_table_entries 1 ns_sent 1 na_received 1
	# A link-local one, from the link-local address.
	say host fe80::3 "$(station 3)"
	pings fe80::3%vpn0
	heard 1 "^$HOST_MAC > 33:33:ff:00:00:03 ns $HOST_LL > ff02::1:ff00:3 fe80::3 source $HOST_MAC\$"
	counted ndp_table_entries 2
	segment_is_clean
}

captured_requests() { [ "$(grep -c "neighbor solicitation, who has $1" "$T/tcpdump.log")" = "$2" ]; }

test_unresolved_destination() {
	segment6
	background tcpdump tcpdump -nn -tt -l -i vpn0-l2 icmp6
	wait_for 30 grep -q listening "$T/tcpdump.log"
	! ping -n -c 1 -W 20 $NET6:9 > "$T/ping.log" || fail "nobody answered the ping"
	grep -q "From $HOST6 .*Address unreachable" "$T/ping.log"
	heard 3 "$(asked $NET6:9)"
	counted ns_sent 3 neigh_failures 1 tx_drop_neigh_failed 1
	# Each pause is longer than the one before.
	wait_for 30 captured_requests $NET6:9 3
	awk '/neighbor solicitation/ { t[n++] = $1 }
		END { exit !(n == 3 && t[2] - t[1] > t[1] - t[0]) }' "$T/tcpdump.log" ||
		fail "no back-off"
	segment_is_clean
}

test_unasked_advertisements_make_no_entry() {
	segment6
	say na "$(station 2)" $NET6:2 $NET6:2 O
	say na "$(station 3)" $NET6:3 $NET6:3 SO dest="$HOST_MAC" to=$HOST6
	say na "$(station 4)" $NET6:4 $NET6:4 - dest="$HOST_MAC" to=$HOST6
	counted ndp_table_entries 0 na_received 3
	heard 0 ' (ns|na) '
}

# RFC 4861 7.2.5
test_what_moves_a_neighbour() {
	segment6
	say host $NET6:2 "$(station 2)"
	pings $NET6:2
	# Not what does not dare to override, asked for or not.
	say na "$EVIL" $NET6:2 $NET6:2 S dest="$HOST_MAC" to=$HOST6
	say na "$EVIL" $NET6:2 $NET6:2 -
	pings $NET6:2
	heard 2 "$(echo_to "$(station 2)")"
	# But what does.
	say gone $NET6:2
	say host $NET6:2 "$(station 12)"
	say na "$(station 12)" $NET6:2 $NET6:2 O
	pings $NET6:2
	heard 1 "$(echo_to "$(station 12)")"
	heard 0 "> $EVIL ip"
	counted gateway_mac_changes 0
	segment_is_clean
}

test_stale_neighbour_is_used_while_it_is_probed() {
	segment6
	# It asks for us: known, but not proven.
	say ns "$(station 2)" $NET6:2 $HOST6
	counted ndp_table_entries 1
	send_udp $NET6:2
	hears 1 "^$HOST_MAC > $(station 2) ip $HOST6 > $NET6:2 17"
	hears 1 "$(probed "$(station 2)" $NET6:2)"
	say host $NET6:2 "$(station 2)"
	hears 2 "$(probed "$(station 2)" $NET6:2)"
	pings $NET6:2
	heard 0 "$(asked $NET6:2)"
	counted neigh_queued 0
	segment_is_clean
}

test_resolve_off() {
	segment6
	ip neigh add $NET6:3 lladdr "$(station 3)" nud permanent dev vpn0
	say host $NET6:3 "$(station 3)"
	option resolve off
	pings $NET6:3
	say ns "$(station 4)" $NET6:4 $HOST6
	send_udp $NET6:2
	counted ndp_table_entries 1 tx_drop_unresolved 1
	# Whom it does not ask it does not hear from; to itself it is the same.
	pings $NET6:3
	heard 0 ' (ns|na) '
	option resolve on
	say ns "$(station 4)" $NET6:4 $HOST6
	hears 1 "$(answer_to "$(station 4)" $NET6:4 $HOST6)"
}

# Routers

# spoof: every way to say that the gateway has another MAC.
spoof() {
	say na "$EVIL" "$GATEWAY" "$GATEWAY" O
	say na "$EVIL" "$GATEWAY" "$GATEWAY" RO dest="$HOST_MAC" to=$HOST_LL
	say na "$EVIL" "$GATEWAY" "$GATEWAY" RSO dest="$HOST_MAC" to=$HOST_LL
	say na "$EVIL" fe80::66 "$GATEWAY" RSO dest="$HOST_MAC" to=$HOST6
	say ns "$EVIL" "$GATEWAY" $HOST_LL
	say ns "$EVIL" "$GATEWAY" $HOST6 dest="$HOST_MAC" to=$HOST6
	say ra "$EVIL" "$GATEWAY" 1800
}

test_gateway_is_not_moved_while_it_answers() {
	segment6
	gateway
	pings 2001:db8:ff::1
	assert_eq ipv6_gateway_mac "$(option ipv6_gateway_mac)" "$GATEWAY_MAC"
	background ping ping -n -c 25 -i 0.2 -W 30 2001:db8:ff::1
	for _ in $(seq 8); do
		spoof
		# So that some come while it is probed, some afterwards.
		sleep 0.4
	done
	wait_for 60 grep -q "packets transmitted" "$T/ping.log"
	grep -q "25 packets transmitted, 25 received" "$T/ping.log"
	at_least gateway_mac_refused 8
	counted gateway_mac_changes 0
	assert_eq ipv6_gateway_mac "$(option ipv6_gateway_mac)" "$GATEWAY_MAC"
	hears 1 "$(probed "$GATEWAY_MAC" "$GATEWAY")"
	heard 0 "> $EVIL ip"
	# A flood of lies makes no flood of probes.
	say clear
	for _ in $(seq 100); do
		say na "$EVIL" "$GATEWAY" "$GATEWAY" RSO dest="$HOST_MAC" to=$HOST_LL
	done
	say count "$(probed "$GATEWAY_MAC" "$GATEWAY")"
	[ "$SAID" -le 50 ] || fail "$SAID probes for 100 lies"
	segment_is_clean
}

test_silent_gateway_is_replaced() {
	local other=02:00:5e:00:02:fd
	segment6
	gateway
	pings 2001:db8:ff::1
	say gone "$GATEWAY"
	say router "$GATEWAY" "$other"
	say na "$other" "$GATEWAY" "$GATEWAY" RO
	hears 3 "$(probed "$GATEWAY_MAC" "$GATEWAY")"
	hears 2 "$(asked "$GATEWAY")"
	pings 2001:db8:ff::1
	hears 1 "$(echo_to "$other")"
	counted gateway_mac_changes 1
	assert_eq ipv6_gateway_mac "$(option ipv6_gateway_mac)" "$other"
	segment_is_clean
}

test_spoof_before_the_gateway_was_used() {
	segment6
	gateway
	spoof
	pings 2001:db8:ff::1
	heard 1 "$(echo_to "$GATEWAY_MAC")"
	heard 0 "> $EVIL ip"
	assert_eq ipv6_gateway_mac "$(option ipv6_gateway_mac)" "$GATEWAY_MAC"
	segment_is_clean
}

# redirected MAC: by that station, which says to be the gateway.
redirected() { say redirect "$1" "$GATEWAY" "$HOST_MAC" $HOST6 fe80::b 2001:db8:ff::1; }

# The host knows by its address alone whether it is told so by its gateway.
test_redirects() {
	segment6
	gateway
	say router fe80::b "$(station 11)"
	pings 2001:db8:ff::1
	redirected "$EVIL"
	counted rx_drop_untrusted 1
	pings 2001:db8:ff::1
	heard 2 "$(echo_to "$GATEWAY_MAC")"
	option trusted "$(station 11)"
	redirected "$GATEWAY_MAC"
	counted rx_drop_untrusted 2
	option trusted none
	redirected "$GATEWAY_MAC"
	counted rx_drop_untrusted 2
	pings 2001:db8:ff::1
	heard 1 "$(echo_to "$(station 11)")"
	segment_is_clean
}

# Which station gets what no route names a gateway for.
test_next_hop_of_a_default_route() {
	segment6
	ip -6 route add default dev vpn0
	say router fe80::a "$(station 10)"
	say router fe80::b "$(station 11)"
	say host 2001:db8:8::2 "$(station 2)"
	# Nobody is known: on-link.
	send_udp 2001:db8:ff::9
	hears 1 "$(asked 2001:db8:ff::9)"
	# The better of two; and what one says is on-link, is.
	say ra "$(station 10)" fe80::a 1800 preference=low prefix=2001:db8:8::/64
	say ra "$(station 11)" fe80::b 1800
	counted ra_packets 2
	assert_eq ipv6_routers "$(option ipv6_routers)" "fe80::b fe80::a"
	assert_eq ipv6_prefix "$(option ipv6_prefix)" "2001:db8:8::/64"
	pings 2001:db8:ff::1
	heard 1 "$(echo_to "$(station 11)")"
	pings 2001:db8:8::2
	heard 1 "$(echo_to "$(station 2)")"
	# What is set wins.
	option gateway6 fe80::a
	pings 2001:db8:ff::1
	heard 1 "$(echo_to "$(station 10)")"
	option gateway6 none
	# It gives up, the other one is left.
	say ra "$(station 11)" fe80::b 0
	assert_eq ipv6_gateway "$(option ipv6_gateway)" fe80::a
	pings 2001:db8:ff::1
	heard 2 "$(echo_to "$(station 10)")"
	heard 1 "$(echo_to "$(station 11)")"
	segment_is_clean
}

gateway_is() { [ "$(option ipv6_gateway)" = "$1" ]; }

test_dead_router_is_passed_over() {
	segment6
	ip -6 route add default dev vpn0
	say router fe80::a "$(station 10)"
	say router fe80::b "$(station 11)"
	say ra "$(station 10)" fe80::a 1800 preference=low
	say ra "$(station 11)" fe80::b 1800
	pings 2001:db8:ff::1
	heard 1 "$(echo_to "$(station 11)")"
	# A lie has it asked whether it is there; else that takes half a minute.
	say gone fe80::b
	say na "$EVIL" fe80::b fe80::b O
	wait_for 60 pings 2001:db8:ff::1 -W 2
	hears 1 "$(echo_to "$(station 10)")"
	assert_eq ipv6_gateway "$(option ipv6_gateway)" fe80::a
	# It is back once it answers; that it says so is not enough.
	say ra "$(station 11)" fe80::b 1800
	pings 2001:db8:ff::1
	say router fe80::b "$(station 11)"
	say ra "$(station 11)" fe80::b 1800
	wait_for 60 gateway_is fe80::b
	say clear
	pings 2001:db8:ff::1
	heard 1 "$(echo_to "$(station 11)")"
	segment_is_clean
}

# RFC 4861 7.2.5 has it that a neighbour which is no router any more is none's
# default: if it says so itself.
test_who_says_that_a_router_is_none() {
	segment6
	ip -6 route add default dev vpn0
	say router "$GATEWAY" "$GATEWAY_MAC"
	say ra "$GATEWAY_MAC" "$GATEWAY" 1800
	pings 2001:db8:ff::1
	# Unasked; and, as lies make it ask, seemingly asked for.
	say na "$EVIL" "$GATEWAY" "$GATEWAY" SO option="$GATEWAY_MAC" dest="$HOST_MAC" to=$HOST_LL
	for _ in $(seq 5); do
		say na "$EVIL" "$GATEWAY" "$GATEWAY" RSO dest="$HOST_MAC" to=$HOST_LL
		say na "$EVIL" "$GATEWAY" "$GATEWAY" SO option="$GATEWAY_MAC" dest="$HOST_MAC" to=$HOST_LL
		say ra "$EVIL" "$GATEWAY" 1800 option="$EVIL"
		say ra "$EVIL" "$GATEWAY" 0 option="$GATEWAY_MAC"
	done
	counted rx_drop_untrusted 10
	pings 2001:db8:ff::1
	assert_eq ipv6_gateway "$(option ipv6_gateway)" "$GATEWAY"
	assert_eq ipv6_gateway_mac "$(option ipv6_gateway_mac)" "$GATEWAY_MAC"
	heard 0 "> $EVIL ip"
	counted gateway_mac_changes 0
}

# Addresses

test_solicitations_that_are_answered() {
	local a
	a=$(station 2)
	segment6
	say ns "$a" $NET6:2 $HOST6
	hears 1 "$(answer_to "$a" $NET6:2 $HOST6)"
	# By unicast, as a probe of our entry at the sender; without its MAC, as
	# is allowed then.
	say ns "$a" $NET6:2 $HOST6 dest="$HOST_MAC" to=$HOST6
	hears 2 "$(answer_to "$a" $NET6:2 $HOST6)"
	say ns "$(station 4)" $NET6:4 $HOST6 dest="$HOST_MAC" to=$HOST6 option=none
	hears 1 "$(answer_to "$(station 4)" $NET6:4 $HOST6)"
	say ns "$a" fe80::2 $HOST_LL
	hears 1 "$(answer_to "$a" fe80::2 $HOST_LL)"
	# RFC 4861 7.2.4: somebody wants to know whether the address is in use.
	say ns "$(station 3)" :: $HOST6 nonce=010203040506
	hears 1 "$(to_all $HOST6)"
	# Without that, where the administrator knows that it is not; but work has
	# to look at the address first.
	ip addr add 2001:db8:7::1/128 dev vpn0 nodad
	sleep 1
	say ns "$a" $NET6:2 2001:db8:7::1
	hears 1 "$(answer_to "$a" $NET6:2 2001:db8:7::1)"
	heard 0 "ns ::"
	sysctl net.ipv6.conf.vpn0.forwarding 1
	say ns "$a" fe80::2 $HOST6
	hears 1 "$(answer_to "$a" fe80::2 $HOST6 RSO)"
	counted ns_received 7 na_sent 7 address_conflicts 0
	at_least ndp_table_entries 2
}

test_solicitations_that_are_not_answered() {
	segment6
	ip addr add $NET6:3/128 dev lo nodad	# ours, but not the host end's
	ip addr add $NET6:4/64 dev vpn0 nodad
	ip addr del $NET6:4/64 dev vpn0
	say clear
	say ns "$(station 2)" $NET6:2 $NET6:9
	say ns "$(station 2)" $NET6:2 $NET6:3
	say ns "$(station 2)" $NET6:2 $NET6:4
	say ns "$(station 2)" :: $NET6:9
	say ns "$(station 2)" $NET6:2 $NET6:
	counted ns_received 5 na_sent 0
	heard 0 ' na '
}

# first_line REGEX: number of the first frame that matches.
first_line() { grep -nE -m 1 -- "$1" "$T/stations.log" | cut -d: -f1; }

PROBE="ns :: > ff02::1:ff00:50 $NET6:50 nonce [0-9a-f]{12}\$"

test_duplicate_address_detection() {
	segment6
	option announce 2
	ip addr add $NET6:50/64 dev vpn0
	hears 2 "$(to_all $NET6:50)"
	heard 1 "^$HOST_MAC > 33:33:ff:00:00:50 $PROBE"
	heard 1 "ns ::"
	# Asked before it was claimed; and to hear the answer, the group joined.
	[ "$(first_line "$PROBE")" -lt "$(first_line " na .* $NET6:50 ")" ]
	[ "$(first_line " mld ")" -lt "$(first_line "$PROBE")" ]
	say ns "$(station 2)" $NET6:2 $NET6:50
	hears 1 "$(answer_to "$(station 2)" $NET6:2 $NET6:50)"
	# Once more when the link comes back. Two times: the first probe may leave
	# before anybody listens there again.
	sysctl net.ipv6.conf.vpn0.dad_transmits 2
	ip link set vpn0-l2 down
	say clear
	ip link set vpn0-l2 up
	hears 1 "^$HOST_MAC > 33:33:ff:00:00:50 $PROBE"
	hears 2 "$(to_all $NET6:50)"
	counted address_conflicts 0
	segment_is_clean
}

kernel_log() { dmesg | tac | sed '/test: /q'; }

test_duplicate_address() {
	segment6
	background events "$TESTS/events.py"
	wait_for 20 grep -q listening "$T/events.log"
	say host $NET6:50 "$(station 50)"
	ip addr add $NET6:50/64 dev vpn0
	wait_for 60 more_than address_conflicts 0
	heard 1 "$PROBE"
	say ns "$(station 3)" $NET6:3 $NET6:50
	say ns "$(station 3)" :: $NET6:50
	say ns "$(station 3)" $NET6:3 $HOST6
	hears 1 "$(answer_to "$(station 3)" $NET6:3 $HOST6)"
	heard 0 "^$HOST_MAC .* na .* $NET6:50 "
	counted address_conflicts 1
	kernel_log | grep -q "vpn0: address conflict: $NET6:50 is used by another station"
	wait_for 20 grep -qx "conflict vpn0 $NET6:50" "$T/events.log"
	# The other one goes; the link comes back.
	say gone $NET6:50
	option announce 1
	ip link set vpn0-l2 down
	ip link set vpn0-l2 up
	hears 1 "$(to_all $NET6:50)"
	say ns "$(station 3)" $NET6:3 $NET6:50
	hears 1 "$(answer_to "$(station 3)" $NET6:3 $NET6:50)"
	counted address_conflicts 1
}

# provoke: somebody else uses our address.
provoke() {
	say na "$EVIL" $HOST6 $HOST6 O
	say na "$EVIL" $HOST6 $HOST6 SO dest="$HOST_MAC" to=$HOST_LL
}

test_address_conflict_and_defence() {
	segment6
	provoke
	counted address_conflicts 2 ndp_table_entries 0
	heard 0 ' (ns|na) '
	kernel_log | grep -q "vpn0: address conflict: $HOST6 is used by another station"
	# It remains ours.
	say ns "$(station 2)" $NET6:2 $HOST6
	hears 1 "$(answer_to "$(station 2)" $NET6:2 $HOST6)"
	option defend on
	provoke
	provoke
	provoke
	counted address_conflicts 8
	# One in ten seconds, and six frames may take a slow machine longer.
	hears 1 "$(to_all $HOST6)"
	say count "$(to_all $HOST6)"
	[ "$SAID" -le 2 ] || fail "$SAID defences"
}

test_station_mac_changes_while_up() {
	local new=02:00:5e:00:00:99
	segment6
	option announce 1
	say host $NET6:2 "$(station 2)"
	pings $NET6:2
	say station "$new"
	ip link set vpn0 address "$new"
	hears 1 "$(to_all $HOST6 "$new")"
	hears 1 "$(to_all $HOST_LL "$new")"
	# The host's own reports of its groups may have crossed with that.
	say clear
	pings $NET6:2
	heard 1 "^$new > $(station 2) ip .* 58 icmp 128"
	say ns "$(station 3)" $NET6:3 $HOST6
	hears 1 "^$new > $(station 3) na $HOST6 > $NET6:3 $HOST6 SO target $new\$"
	segment_is_clean
}
