# shellcheck shell=bash
# Frames and packets that no decent station sends, and floods of them. Every
# reason to drop that can be provoked is.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

hostile() { /usr/bin/python3 "$TESTS/hostile.py" "$@"; }

# The standard statistics show each frame dropped, once, but those of others.
drops_agree() {
	local wanted
	wanted=$(ethtool -S vpn0 | awk '/ rx_drop_/ && !/other_host/ { n += $2 } END { print n }')
	assert_eq rx_dropped "$(< /sys/class/net/vpn0/statistics/rx_dropped)" "$wanted"
}

# The trace has each frame dropped, under the name of its counter, and the core
# heard of it under the reason of its own that is nearest.
drops_are_traced() {
	assert_eq "traced drops" \
		"$(sed -n 's/.* vtap_drop: dev=vpn0 .* reason=//p' "$TRACING/trace" | sort | uniq -c | awk '{ print $2, $1 }')" \
		"$(ethtool -S vpn0 | sed -n 's/^ *\([rt]x_drop_.*\): \([1-9].*\)/\1 \2/p' | sort)"
	awk '{ skb = $0; sub(/.* skbaddr=/, "", skb); sub(/ .*/, "", skb); reason = $NF }
		/ vtap_drop: / { sub(/.*=/, "", reason); ours[skb] = reason }
		/ kfree_skb: / && skb in ours { print ours[skb], reason; delete ours[skb] }' \
		"$TRACING/trace" | sort -u > told
	while read -r told; do
		grep -qx "$told" told || fail "the core was not told of $told"
	done <<-END
		rx_drop_checksum SKB_CSUM
		rx_drop_ip_checksum IP_CSUM
		rx_drop_multicast UNICAST_IN_L2_MULTICAST
		rx_drop_not_ip UNHANDLED_PROTO
		rx_drop_other_host OTHERHOST
	END
	# It has one to itself since 6.2.
	grep -qx 'rx_drop_fragment_duplicate \(DUP_FRAG\|NOT_SPECIFIED\)' told
}

# never_raised PREFIX: those drop counters of both ends, sorted.
never_raised() {
	{ ethtool -S vpn0; ethtool -S vpn0-l2; } |
		awk -v prefix="$1" 'index($1, prefix) == 1 && $2 == 0 { sub(":", "", $1); print $1 }' | sort
}

# Frames shorter than an Ethernet header: no packet socket sends them, but what
# is redirected from a device without a link layer arrives as it is.
runts() {
	local i before
	before=$(counter vpn0-l2 rx_drop_runt)
	ip link add runts type virtualtap
	sysctl net.ipv6.conf.runts.disable_ipv6 1
	ip link set runts-l2 up
	ip link set runts up
	tc qdisc add dev runts clsact
	tc filter add dev runts egress matchall action mirred egress redirect dev vpn0-l2
	for i in $(seq 13); do
		flood runts 1 raw 0800 "$(printf '02%.0s' $(seq "$i"))" > /dev/null
	done
	# A batch at a time.
	assert_eq rx_drop_runt "$(counter vpn0-l2 rx_drop_runt)" $((before + 13 * 64))
	ip link del runts
}

# until_raised DEVICE COUNTER END: END goes down and up in the middle of a flood
# from the other one; the moment before the core notices is short.
until_raised() {
	local i
	for i in $(seq 100); do
		if raised "$1" "$2"; then return; fi
		ip link set "$3" down
		ip link set "$3" up
	done
	fail "$2 was never raised"
}

# backlog NUMBER: so many packets may wait for a CPU, of the whole machine.
backlog() { nsenter --net=/proc/self/fd/7 sysctl -q net.core.netdev_max_backlog="$1"; }

# until_busy DEVICE COUNTER FLOOD_ARGUMENT...: a flood that the device's receiver, the
# second CPU, is now and then behind: no packet may wait behind another for it.
until_busy() {
	local busy=y
	both_cpus
	echo 2 > "/sys/class/net/$1/queues/rx-0/rps_cpus"
	backlog 0
	background flood taskset -c 0 "$T/flood" "${@:3}"
	(wait_for 60 raised vpn0 "$2") || busy=
	# As everywhere.
	backlog 1000
	kill "$(cat "$T/flood.pid")"
	# It may be in the middle of a frame.
	wait "$(cat "$T/flood.pid")" || true
	[ "$busy" ] || fail "$2 was never raised"
}

# half_open NUMBER: datagrams of IPv4 of which a part arrives.
half_open() {
	flood vpn0-l2 "$1" fragments "$(station 3)" $NET.3 "$HOST_MAC" $HOST_IP > /dev/null
}

# The ends of datagrams that never get whole.
fragments_given_up() {
	local before
	option reassembly off
	option reassembly on
	before=$(counts rx_drop_fragment_flushed)
	counted fragment_chains 0 rx_drop_fragment_evicted 0 rx_drop_fragment_timeout 0
	option frag_max 10
	half_open 64
	counted fragment_chains 10 rx_drop_fragment_evicted 54 fragment_evictions 54
	option reassembly off
	counted fragment_chains 0 rx_drop_fragment_flushed $((before + 10))
	option reassembly on
	option frag_timeout 1
	half_open 64
	wait_for 30 raised vpn0 rx_drop_fragment_timeout
	wait_for 30 none_open
	counted rx_drop_fragment_timeout 10 fragment_timeouts 10
	option frag_max 1024
}
none_open() { [ "$(counts fragment_chains)" = 0 ]; }

test_every_reason_to_drop_a_frame() {
	pair
	compile_flood
	ip link set vpn0-l2 mtu 65535
	option frag_timeout 120
	trace virtualtap/vtap_drop skb/kfree_skb || left_out "tracepoints: this kernel has no tracefs"
	hostile rx "$HOST_MAC" $HOST_IP
	[ ! -e "$TRACING/events" ] || { trace_no_more; drops_are_traced; }
	ip link set vpn0-l2 mtu 1500
	counted checksum_errors "$(counts rx_drop_checksum)"
	fragments_given_up
	runts

	flood vpn0-l2 640 arp "$(station 3)" $NET.3 $HOST_IP > /dev/null
	at_least rx_drop_arp_limited 1
	at_least ext_headers 1

	# To be asked for, it needs an address.
	sysctl net.ipv6.conf.vpn0.disable_ipv6 0
	ip addr add $HOST6/64 dev vpn0 nodad
	flood vpn0-l2 640 ns "$(station 3)" $NET6:3 $HOST6 > /dev/null
	at_least rx_drop_ndp_limited 1
	option trusted "$(station 9)"
	flood vpn0-l2 64 ra-random 2001:db8:: > /dev/null
	counted rx_drop_untrusted 64 ra_untrusted 64
	option trusted none

	background flood "$T/flood" vpn0-l2 0 arp "$(station 3)" $NET.3 $HOST_IP
	until_raised vpn0-l2 rx_drop_no_port vpn0
	kill "$(cat "$T/flood.pid")"

	has_two_cpus || { left_out "rx_drop_host_busy: one CPU is never behind itself"; return; }
	# UDP for nobody.
	until_busy vpn0 rx_drop_host_busy vpn0-l2 0 raw 0800 \
		"${HOST_MAC//:/}02005e00010208004500001c00000000401166bd0a0900020a09000100090009000800000000"
	drops_agree

	# Only what takes a machine without memory is missing, see faults.sh.
	assert_eq "drops that never happened" "$(never_raised rx_)" rx_drop_nomem
}

test_every_reason_to_drop_a_packet() {
	local i packet
	pair
	compile_flood
	ip neigh add $NET.2 lladdr "$(station 2)" nud permanent dev vpn0
	ip link set vpn0-l2 mtu 1280
	hostile tx $HOST_IP
	ip link set vpn0-l2 mtu 1500

	for i in $(seq 20); do send_udp $NET.9; done
	counted tx_drop_neigh_queue 4 tx_drop_neigh_flushed 0
	option resolve off
	counted tx_drop_neigh_flushed 16 tx_drop_unresolved 0
	send_udp $NET.9
	counted tx_drop_unresolved 1
	option resolve on

	send_udp $NET.9
	wait_for 60 raised vpn0 tx_drop_neigh_failed
	counted tx_drop_neigh_failed 1 neigh_failures 1

	option neigh_max 16
	for i in $(seq 100 114); do
		ip neigh add $NET."$i" lladdr "$(station "$i")" nud permanent dev vpn0
	done
	send_udp $NET.10
	counted tx_drop_neigh_full 1 arp_table_entries 16
	option neigh_max 17
	send_udp $NET.10
	counted tx_drop_neigh_full 1 arp_table_entries 17

	has_two_cpus || { left_out "tx_drop_no_ethernet, tx_drop_ethernet_busy: one CPU"; return; }
	packet=4500001c00000000401166bd0a0900010a09000200090009000800000000
	background flood "$T/flood" vpn0 0 raw 0800 $packet
	until_raised vpn0 tx_drop_no_ethernet vpn0-l2
	kill "$(cat "$T/flood.pid")"
	until_busy vpn0-l2 tx_drop_ethernet_busy vpn0 0 raw 0800 $packet

	assert_eq "drops that never happened" "$(never_raised tx_)" tx_drop_nomem
}

GATEWAY_MAC=02:00:5e:00:02:fe

# A gateway, a set one or a router that advertises itself, and a neighbour; what
# a flood is about, in either family's words.
between4() {
	GATEWAY=$NET.254 NEAR=$NET.2 BEYOND=192.0.2.1 OURS=$HOST_IP ASK=ask
	HANDLED=arp_requests_handled ENTRIES=arp_table_entries
	: "${RECEIVED:=vpn0/arp_packets}"
	ANSWER="$HOST_MAC > $GATEWAY_MAC arp reply $HOST_MAC $OURS > " LEARNED=ipv4_gateway_mac
	segment
	option gateway4 "$GATEWAY"
	say host "$GATEWAY" "$GATEWAY_MAC"
}

between6() {
	GATEWAY=fe80::fe NEAR=$NET6:2 BEYOND=2001:db8:ff::1 OURS=$HOST6 ASK=ns
	HANDLED=na_sent ENTRIES=ndp_table_entries
	: "${RECEIVED:=vpn0/icmpv6_packets}"
	ANSWER="$HOST_MAC > $GATEWAY_MAC na $OURS > " LEARNED=ipv6_gateway_mac
	segment6
	say router "$GATEWAY" "$GATEWAY_MAC"
	say ra "$GATEWAY_MAC" "$GATEWAY" 1800 prefix=2001:db8:8::/64
}

flooded() { [ "$(counter "${RECEIVED%/*}" "${RECEIVED#*/}")" -ge "$1" ]; }

# The gateway's own request is answered in the middle of the flood.
gateway_is_answered() {
	say "$ASK" "$GATEWAY_MAC" "$GATEWAY" "$OURS"
	sleep 0.2
	say count "$ANSWER"
	[ "$SAID" -gt 0 ]
}

# messages: of the driver to the log, in this test.
messages() { dmesg | tac | sed '/test: /q' | grep -c 'vpn0: ' || true; }

# survive_flood FAMILY PACKETS FLOOD_ARGUMENT...: floods till so many were received,
# by the counter DEVICE/NAME of $RECEIVED, and lives on meanwhile.
survive_flood() {
	local before started=$SECONDS
	# A raw socket hears all ICMPv6 until it says what it wants: full of the
	# flood, it has no room for the first reply.
	sysctl net.ipv4.ping_group_range "0 2147483647"
	compile_flood
	"between$1"
	say host "$NEAR" "$(station 2)"
	# Nobody plays the made-up ones.
	say ours 02:00:5e:00
	ip "-$1" route add default dev vpn0
	pings "$BEYOND"
	before=$(kernel_memory)
	background flood nice -n 19 "$T/flood" vpn0-l2 0 "${@:3}"
	wait_for 60 flooded 500
	wait_for 60 gateway_is_answered
	# Whoever listens to all that comes of the flood may miss one of them.
	for _ in {1..5}; do wait_for 60 pings "$BEYOND" -W 5; done
	kill -0 "$(cat "$T/flood.pid")"
	until flooded "$2"; do
		sleep 0.5
		[ "$(counts "$ENTRIES")" -le 1024 ] || fail "too many neighbours"
	done
	kill "$(cat "$T/flood.pid")"
	# Their socket is full of answers.
	say clear
	# Neighbours, what waits for them, and what others of the kernel round up to.
	memory_within "$before" 4096
	# Ten messages of the network in five seconds, by the kernel's own limit.
	[ "$(messages)" -le $((10 * ((SECONDS - started) / 5 + 2))) ] || fail "$(messages) messages"
	# The stations' socket may still be full; and a made-up sender may have
	# been this very neighbour, until it is probed.
	wait_for 60 pings "$BEYOND" -W 5
	wait_for 60 pings "$NEAR" -W 5
	at_least "$HANDLED" 1
	counted gateway_mac_changes 0
	assert_eq "$LEARNED" "$(option "$LEARNED")" "$GATEWAY_MAC"
}

test_flood_of_one_station() {
	survive_flood 4 100000 arp "$(station 3)" $NET.3 $HOST_IP
	at_least rx_drop_arp_limited 50000
	counted arp_table_entries 3 neigh_evictions 0
}

# Each claims the host's address.
test_flood_of_conflicts() {
	survive_flood 4 100000 arp "$(station 3)" $HOST_IP $NET.9
	at_least address_conflicts 50000
	[ "$(messages)" -gt 0 ] || fail "nothing is logged"
}

test_flood_of_unknown_vlans() {
	RECEIVED=vpn0-l2/rx_drop_unknown_vlan
	survive_flood 4 100000 raw 8100 "${HOST_MAC//:/}020000000009810000090800$(printf %092d 0)"
	counted rx_drop_ip_header 0
}

test_flood_of_many_stations() {
	survive_flood 4 100000 arp-random 10.9.0.0 $HOST_IP
	[ "$(counts arp_table_entries)" -le 1024 ]
}

# listed FILE MOST WANTED: it names no more than that, and this among them.
listed() {
	local all
	all=$(option "$1")
	[ "$(wc -w <<< "$all")" -le "$2" ] || fail "$1: $all"
	[[ " $all " == *" $3 "* ]] || fail "$3 is not in $1: $all"
}

test_flood_of_solicitations_of_one_station() {
	survive_flood 6 30000 ns "$(station 3)" $NET6:3 $HOST6
	at_least rx_drop_ndp_limited 15000
	counted neigh_evictions 0
}

test_flood_of_solicitations_of_many_stations() {
	survive_flood 6 30000 ns-random $NET6: $HOST6
	[ "$(counts ndp_table_entries)" -le 1024 ]
}

# Whoever was there before them stays the gateway.
test_flood_of_routers() {
	survive_flood 6 10000 ra-random 2001:db8::
	at_least ra_packets 10000
	listed ipv6_routers 8 "$GATEWAY"
	listed ipv6_prefix 16 2001:db8:8::/64
	assert_eq ipv6_gateway "$(option ipv6_gateway)" "$GATEWAY"
}
