# shellcheck shell=bash
# The generic netlink family: each operation, each refusal with what it says,
# who may do it, dumps of what changes, events.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

GATEWAY=$NET.254
GATEWAY_MAC=02:00:5e:00:02:fe
EVIL=02:00:5e:00:66:66

# dev FILTER: of what dev-get says of vpn0.
dev() { netlink dev-get ifindex=vpn0 | grep -v '^ok$' | jq -c "$1"; }

# neighbours [FILTER]: of vpn0, sorted by address, a line each.
neighbours() {
	netlink dump neigh-get ifindex=vpn0 | grep -v '^ok$' |
		jq -c "${1:-[.addr4 // .addr6, .mac, .state]}" | sort
}

# state_is ADDRESS STATE
state_is() {
	[ "$(neighbours "select((.addr4 // .addr6) == \"$1\") | .state")" = "\"$2\"" ]
}

test_options_are_those_of_sysfs() {
	local name value
	pair
	# No two alike, as far as they can be.
	while read -r name value; do option "$name" "$value"; done <<-END
		resolve 0
		defend 1
		neigh_max 111
		neigh_timeout 112
		frag_max 113
		frag_timeout 14
		gateway_probe 115
		dns_max 116
		dns_ttl_max 117
		announce 7
		dscp 34
		gateway4 10.9.0.9
		gateway6 fe80::9
		trusted $EVIL
	END
	for name in resolve announce defend learning gateway4 neigh_max neigh_timeout gateway6 trusted \
		reassembly frag_max frag_timeout dscp gateway_probe dns_cache dns_max dns_ttl_max \
		conntrack; do
		value=$(< "$OPTIONS/$name")
		case $value in on) value=1 ;; off) value=0 ;; "$EVIL") value=${EVIL//:/} ;; esac
		echo "${name//_/-} $value"
	done > "$T/sysfs"
	dev '.options | to_entries[] | select(.key | IN("mode", "vlan-protocol", "vlan-qos", "carrier",
		"dscp-map") | not) | [.key, .value]' | jq -r '@tsv' | tr '\t' ' ' |
		sort | diff <(sort "$T/sysfs") -
	assert_eq "others" "$(dev '[.ifname, .ethernet, (.options | .mode, ."vlan-qos", .carrier,
		."vlan-protocol", ."dscp-map")]')" '["vpn0","vpn0-l2",0,0,0,33024,""]'
}

test_counters_are_those_of_ethtool() {
	segment
	say host $NET.2 "$(station 2)"
	pings $NET.2
	ethtool -S vpn0 | sed -n 's/^ *\([a-z].*\): \([0-9]*\)$/\1 \2/p' > "$T/ethtool"
	[ "$(wc -l < "$T/ethtool")" -gt 100 ] || fail "$(cat "$T/ethtool")"
	dev '.counter[] | [.name, .value]' | jq -r '@tsv' | tr '\t' ' ' | diff "$T/ethtool" -
}

# Each namespace has its own; a dump is of all of it.
test_two_namespaces() {
	local name
	ns other
	for name in vpn0 vpn1 vpn2; do ip link add $name type virtualtap; done
	ip -n other link add vpn9 index 99 type virtualtap
	assert_eq "here" "$(netlink dump dev-get | jq -r '.ifname?' 2> /dev/null |
		sort | xargs)" "vpn0 vpn1 vpn2"
	assert_eq "last line" "$(netlink dump dev-get | tail -n 1)" ok
	assert_eq "there" "$(inside other /usr/bin/python3 -E -S "$TESTS/netlink.py" dump dev-get |
		sed '$d' | jq -r .ifname)" vpn9
	refused 'No such device: This is no host end' netlink dev-get ifindex=99
	refused 'No such device: This is no host end' netlink neigh-flush ifindex=99
	netlink neigh-new ifindex=vpn0 addr4=10.9.0.7 mac="$EVIL"
	assert_eq "neighbours of vpn0" "$(neighbours .addr4)" '"10.9.0.7"'
	# What was set here is not known there.
	ip link set vpn0 netns other
	assert_eq "neighbours there" "$(inside other /usr/bin/python3 -E -S "$TESTS/netlink.py" \
		dump neigh-get ifindex=vpn0)" ok
}

test_refusals() {
	local text=y
	pair
	netlink neigh-new ifindex=vpn0 addr4=$NET.2 mac="$EVIL"
	ip neigh add $NET.3 lladdr "$EVIL" nud permanent dev vpn0
	neighbours > "$T/before"
	refused_because netlink <<-END
		Invalid argument: attribute 1 is missing| dev-get
		Invalid argument: attribute 1 is missing| announce
		Invalid argument: attribute 1 is missing| neigh-new addr4=$NET.2 mac=$EVIL
		Invalid argument: attribute 1 is missing| neigh-del addr4=$NET.2
		Invalid argument: attribute 1 is missing| neigh-flush
		Invalid argument: attribute 1 is missing| neigh-probe addr4=$NET.2
		Invalid argument: attribute 1 is missing| dns-flush
		No such device: This is no host end| dev-get ifindex=lo
		No such device: This is no host end| dev-get ifindex=vpn0-l2
		No such device: This is no host end| dev-get ifindex=999
		No such device: This is no host end| announce ifindex=vpn0-l2
		No such device: This is no host end| dns-flush ifindex=vpn0-l2
		No such device: This is no host end| neigh-new ifindex=lo addr4=$NET.2 mac=$EVIL
		No such device: This is no host end| neigh-del ifindex=lo addr4=$NET.2
		No such device: This is no host end| neigh-probe ifindex=lo addr4=$NET.2
		Numerical result out of range: integer out of range| dev-get ifindex=0
		Invalid argument: Unknown attribute type| dev-get ifindex=vpn0 2:hex=00
		Invalid argument: Unknown attribute type| neigh-flush ifindex=vpn0 2:hex=0a090002
		Invalid argument: One address is needed| neigh-new ifindex=vpn0 mac=$EVIL
		Invalid argument: One address is needed| neigh-del ifindex=vpn0 addr4=$NET.2 addr6=$NET6:2
		Invalid argument: One address is needed| neigh-probe ifindex=vpn0
		Invalid argument: No station can have this| neigh-new ifindex=vpn0 addr4=0.0.0.0 mac=$EVIL
		Invalid argument: No station can have this| neigh-new ifindex=vpn0 addr4=127.0.0.1 mac=$EVIL
		Invalid argument: No station can have this| neigh-new ifindex=vpn0 addr4=224.0.0.1 mac=$EVIL
		Invalid argument: No station can have this| neigh-new ifindex=vpn0 addr6=ff02::1 mac=$EVIL
		Invalid argument: No station can have this| neigh-new ifindex=vpn0 addr6=::ffff:1.2.3.4 mac=$EVIL
		Invalid argument: No station can have this| neigh-probe ifindex=vpn0 addr6=::
		Invalid argument: attribute 4 is missing| neigh-new ifindex=vpn0 addr4=$NET.2
		Invalid argument: Hardware address must be| neigh-new ifindex=vpn0 addr4=$NET.2 mac=01:00:5e:00:00:01
		Invalid argument: Hardware address must be| neigh-new ifindex=vpn0 addr4=$NET.2 mac=00:00:00:00:00:00
		Invalid argument: This is the host end's own| neigh-new ifindex=vpn0 addr4=$NET.2 mac=$HOST_MAC
		Numerical result out of range: | neigh-new ifindex=vpn0 addr4=$NET.2 4:hex=0200
		Numerical result out of range: integer| neigh-new ifindex=vpn0 addr4=$NET.2 mac=$EVIL 5:hex=06000000
		Invalid argument: A new neighbour is| neigh-new ifindex=vpn0 addr4=$NET.2 mac=$EVIL state=reachable
		Device or resource busy: It was set by ip neigh| neigh-new ifindex=vpn0 addr4=$NET.3 mac=$GATEWAY_MAC
		Device or resource busy: It was set by ip neigh| neigh-del ifindex=vpn0 addr4=$NET.3
		No such file or directory: There is no such| neigh-del ifindex=vpn0 addr4=$NET.4
		File exists: A permanent neighbour is not| neigh-probe ifindex=vpn0 addr4=$NET.2
		Operation not supported: Option announce is 0| announce ifindex=vpn0
	END
	# 6.1 has no place for what is said of a dump that does not begin.
	case $(uname -r) in 6.1.*) text= ;; esac
	refused_because netlink <<-END
		Invalid argument:${text:+ attribute 1 is missing}| dump neigh-get
		Invalid argument:${text:+ attribute 1 is missing}| dump dns-get
		No such device:${text:+ This is no host end}| dump neigh-get ifindex=vpn0-l2
		No such device:${text:+ This is no host end}| dump dns-get ifindex=vpn0-l2
		Invalid argument:${text:+ A dump is of all host ends}| dump dev-get ifindex=vpn0
	END
	option announce 3
	option resolve off
	refused_because netlink <<-END
		Operation not supported: With option resolve off| neigh-new ifindex=vpn0 addr4=$NET.2 mac=$GATEWAY_MAC state=stale
		Operation not supported: Option resolve is off| neigh-probe ifindex=vpn0 addr4=$NET.5
		Operation not supported: Option resolve is off| announce ifindex=vpn0
	END
	option resolve on
	ip link set vpn0-l2 down
	refused_because netlink <<-END
		Network is down: The host end has no link| announce ifindex=vpn0
		Network is down: The host end has no link| neigh-probe ifindex=vpn0 addr4=$NET.5
	END
	# None changed anything.
	neighbours | diff "$T/before" -
}

test_no_room() {
	pair
	option neigh_max 16
	netlink many 16 vpn0
	refused_because netlink <<-END
		No space left on device: No room| neigh-new ifindex=vpn0 addr4=$NET.99 mac=$EVIL
		No space left on device: No room| neigh-probe ifindex=vpn0 addr4=$NET.99
	END
	netlink neigh-new ifindex=vpn0 addr4=10.0.0.5 mac="$GATEWAY_MAC"
	assert_eq entries "$(counts arp_table_entries)" 16
}

# as ACCOUNT COMMAND...: unprivileged, or root of a user namespace of its own,
# in this network namespace.
as() {
	case $1 in
	nobody) setpriv --reuid 65534 --clear-groups --inh-caps=-all "${@:2}" ;;
	other_root) unshare --user --map-root-user "${@:2}" ;;
	esac
}

test_who_may() {
	local account
	local program=$T/top/scripts/tests/netlink.py
	pair
	# What nobody can read.
	mkdir -p "$T"/top/{scripts/tests,include/uapi/linux}
	cp "$TESTS/netlink.py" "$program"
	cp "$TESTS/../../include/uapi/linux/virtualtap_genl.h" "$T/top/include/uapi/linux/"
	netlink neigh-new ifindex=vpn0 addr4=$NET.2 mac="$EVIL"
	for account in nobody other_root; do
		refused_because as $account /usr/bin/python3 -E -S "$program" <<-END
			Operation not permitted| announce ifindex=vpn0
			Operation not permitted| neigh-new ifindex=vpn0 addr4=$NET.2 mac=$GATEWAY_MAC
			Operation not permitted| neigh-del ifindex=vpn0 addr4=$NET.2
			Operation not permitted| neigh-flush ifindex=vpn0
			Operation not permitted| neigh-probe ifindex=vpn0 addr4=$NET.5
			Operation not permitted| dump dns-get ifindex=vpn0
			Operation not permitted| dns-flush ifindex=vpn0
		END
		# Like ip link and ip neigh, everybody may look.
		as $account /usr/bin/python3 -E -S "$program" dev-get ifindex=vpn0 |
			grep -q '"ifname": "vpn0"'
		as $account /usr/bin/python3 -E -S "$program" dump neigh-get ifindex=vpn0 |
			grep -q $NET.2
	done
	assert_eq neighbours "$(neighbours)" "[\"$NET.2\",\"$EVIL\",\"permanent\"]"
	# Who owns the namespace needs nobody's leave.
	# shellcheck disable=SC2016 # expanded there
	as other_root unshare --net bash -ec 'ip link add vpn0 type virtualtap
		/usr/bin/python3 -E -S "$0" neigh-new ifindex=vpn0 addr4=10.0.0.1 mac=02:00:00:00:00:09
		/usr/bin/python3 -E -S "$0" dump dns-get ifindex=vpn0
		/usr/bin/python3 -E -S "$0" dump neigh-get ifindex=vpn0' "$program" |
		grep -q '"10.0.0.1"' || fail "not allowed in a namespace of one's own"
}

test_neighbours() {
	segment
	say host $NET.2 "$(station 2)"
	pings $NET.2
	netlink neigh-new ifindex=vpn0 addr4=$NET.3 mac="$(station 3)"
	netlink neigh-new ifindex=vpn0 addr6=$NET6:4 mac="$(station 4)" state=stale
	ip neigh add $NET.5 lladdr "$(station 5)" nud permanent dev vpn0
	assert_eq neighbours "$(neighbours | xargs -d '\n')" "$(xargs -d '\n' <<-END
		["$NET.2","$(station 2)","reachable"]
		["$NET.3","$(station 3)","permanent"]
		["$NET.5","$(station 5)","permanent"]
		["$NET6:4","$(station 4)","stale"]
	END
	)"
	assert_eq flags "$(neighbours '[.addr4, .flags[]]' | xargs -d '\n')" \
		"[\"$NET.2\",\"proven\"] [\"$NET.3\"] [\"$NET.5\",\"kernel\"] [null]"
	# The kernel's own table, which forgets what it knows of vpn0, changes
	# nothing but what it set.
	ip neigh flush dev vpn0 nud all
	wait_for 20 test "$(neighbours '.addr4 // empty' | xargs)" = "$NET.2 $NET.3"
	# Packets go where it says.
	send_udp $NET.3
	hears 1 "> $(station 3) ip"
	netlink neigh-new ifindex=vpn0 addr4=$NET.3 mac="$(station 33)"
	send_udp $NET.3
	hears 1 "> $(station 33) ip"
	# Permanent ones stay.
	netlink neigh-flush ifindex=vpn0
	assert_eq "after flush" "$(neighbours .addr4)" "\"$NET.3\""
	netlink neigh-del ifindex=vpn0 addr4=$NET.3
	assert_eq "after delete" "$(neighbours)" ""
	segment_is_clean
}

test_probe() {
	segment
	say host $NET.2 "$(station 2)"
	netlink neigh-probe ifindex=vpn0 addr4=$NET.2
	wait_for 20 state_is $NET.2 reachable
	say clear
	netlink neigh-probe ifindex=vpn0 addr4=$NET.2
	hears 1 "$HOST_MAC > $(station 2) arp request"
	heard 0 "> ff:ff:ff:ff:ff:ff arp request"
	netlink neigh-probe ifindex=vpn0 addr4=$NET.9
	state_is $NET.9 incomplete || fail "$(neighbours)"
	wait_for 60 more_than neigh_failures 0
}

test_announce() {
	segment
	option announce 2
	netlink announce ifindex=vpn0
	hears 2 "> ff:ff:ff:ff:ff:ff arp (request|reply) $HOST_MAC $HOST_IP > .* $HOST_IP\$"
}

test_dump_of_a_full_table() {
	local before
	pair
	option neigh_max 65536
	before=$(date +%s%N)
	netlink many 65536 vpn0
	measured "65,536 neighbours set in $((($(date +%s%N) - before) / 1000000)) ms"
	assert_eq "entries" "$(counts arp_table_entries)" 65536
	before=$(date +%s%N)
	assert_eq "messages, addresses, how it ended" "$(netlink count vpn0)" "65536 65536 (0, '', False)"
	measured "and dumped in $((($(date +%s%N) - before) / 1000000)) ms"
}

# interrupted: a dump while others come and go loses none that stay, and says so.
interrupted() {
	netlink dump neigh-get ifindex=vpn0 > "$T/dump"
	assert_eq "those that stay" "$(grep -o '"10\.0\.[^"]*"' "$T/dump" | sort -u | wc -l)" 4096
	[ "$(tail -n 1 "$T/dump")" = interrupted ]
}

test_dump_while_neighbours_come_and_go() {
	pair
	option neigh_max 65536
	netlink many 4096 vpn0
	background churn /usr/bin/python3 -E -S "$TESTS/netlink.py" churn vpn0
	wait_for 60 interrupted
	kill "$(cat "$T/churn.pid")"
	wait_for 20 test ! -e "/proc/$(cat "$T/churn.pid")"
	netlink dump neigh-get ifindex=vpn0 > "$T/dump"
	assert_eq "a quiet table" "$(tail -n 1 "$T/dump")" ok
}

# A reader that stops keeps nobody from going away.
test_device_deleted_under_a_dump() {
	pair
	option neigh_max 65536
	netlink many 4096 vpn0
	/usr/bin/python3 -E -S - "$TESTS" <<-END
		import socket, struct, subprocess, sys
		sys.path.insert(0, sys.argv[1])
		import netlink
		family = netlink.Family()
		answers = family.request("neigh-get", ["ifindex=vpn0"], netlink.NLM_F_DUMP)
		next(answers)
		subprocess.run(["ip", "link", "del", "vpn0"], check=True, timeout=60)
		last = list(answers)[-1]
		assert last[0] == 19, last	# ENODEV
	END
}

listen() {
	background events /usr/bin/python3 -E -S "$TESTS/netlink.py" listen
	wait_for 20 grep -q listening "$T/events.log"
}

# events FILTER: of those so far.
events() { sed 1d "$T/events.log" | jq -c "$1"; }
# told FILTER LINE...: these, and each of them once; to wait for.
told() { [ "$(events "$1")" = "$(printf '%s\n' "${@:2}")" ]; }

test_event_gateway_mac() {
	local mac='select(.event == "gateway-mac") | [."mac-change", .addr4, ."old-mac", ."new-mac"]'
	segment
	listen
	say host "$GATEWAY" "$GATEWAY_MAC"
	ip route add default via "$GATEWAY" dev vpn0
	pings 192.0.2.1
	wait_for 20 told "$mac" "[\"learned\",\"$GATEWAY\",null,\"$GATEWAY_MAC\"]"
	say gratuitous "$EVIL" "$GATEWAY"
	wait_for 20 told "$mac" "[\"learned\",\"$GATEWAY\",null,\"$GATEWAY_MAC\"]" \
		"[\"refused\",\"$GATEWAY\",\"$GATEWAY_MAC\",\"$EVIL\"]"
	# It is gone, and another one takes its place.
	say gone "$GATEWAY"
	say host "$GATEWAY" "$(station 9)"
	say gratuitous "$(station 9)" "$GATEWAY"
	wait_for 60 told "$mac | select(.[0] == \"changed\")" \
		"[\"changed\",\"$GATEWAY\",\"$GATEWAY_MAC\",\"$(station 9)\"]"
	# A flood of lies makes no flood of events.
	events "$mac" > "$T/before"
	for _ in $(seq 200); do say arp reply "$EVIL" "$GATEWAY" "$HOST_MAC" $HOST_IP; done
	at_least gateway_mac_refused 200
	[ $(($(events "$mac" | wc -l) - $(wc -l < "$T/before"))) -lt 150 ] || fail "a flood"
}

test_event_conflict() {
	segment
	listen
	say gratuitous "$EVIL" $HOST_IP
	wait_for 20 told . "{\"event\":\"conflict\",\"ifindex\":$(< /sys/class/net/vpn0/ifindex),\"addr4\":\"$HOST_IP\",\"mac\":\"$EVIL\"}"
}

test_event_router() {
	local change='select(.event == "router") | [."router-change", .addr6, .router.mtu, .router.preference]'
	segment6
	listen
	say ra "$EVIL" fe80::66 1800
	wait_for 20 told "$change" '["learned","fe80::66",null,0]'
	# No news.
	say ra "$EVIL" fe80::66 1700
	say ra "$EVIL" fe80::66 1800 preference=high
	wait_for 20 told "$change" '["learned","fe80::66",null,0]' '["changed","fe80::66",null,1]'
	say ra "$EVIL" fe80::66 1800 preference=high prefix=2001:db8:77::/64
	say ra "$EVIL" fe80::66 1800 preference=high prefix=2001:db8:77::/64
	assert_eq prefix "$(dev '[.prefix[0] | .address, ."prefix-len", ."on-link"]')" \
		'["2001:db8:77::",64,true]'
	assert_eq router "$(dev '[.router[0] | .address, .preference]')" '["fe80::66",1]'
	say ra "$EVIL" fe80::66 0
	wait_for 20 told "$change" '["learned","fe80::66",null,0]' '["changed","fe80::66",null,1]' \
		'["changed","fe80::66",null,1]' '["expired","fe80::66",null,1]'
	# By the clock.
	say ra "$EVIL" fe80::67 2
	wait_for 30 told "$change | select(.[1] == \"fe80::67\")" \
		'["learned","fe80::67",null,0]' '["expired","fe80::67",null,0]'
	assert_eq routers "$(dev .router)" null
}

has_lease() { [ "$(dev .lease4.address)" = '"10.9.0.50"' ]; }

test_event_lease4() {
	local lease='select(.event == "lease") | [."lease-change", .lease4.address, .lease4."prefix-len", .lease4.server]'
	# shellcheck source=peers.sh
	. "${dir:?}/peers.sh"
	vpn_segment address 02:00:5e:10:20:30
	background_as peer vpn "$dir/dhcp-peer.py" vpn0-l2 --lease 3600
	wait_for 20 grep -q listening "$T/peer.log"
	listen
	dhcp_client
	wait_for 60 told "$lease" '["learned","10.9.0.50",24,"10.9.0.1"]'
	has_lease || fail "$(dev .lease4)"
	renew
	wait_for 60 told "$lease" '["learned","10.9.0.50",24,"10.9.0.1"]' \
		'["renewed","10.9.0.50",24,"10.9.0.1"]'
	release
	wait_for 60 told "$lease" '["learned","10.9.0.50",24,"10.9.0.1"]' \
		'["renewed","10.9.0.50",24,"10.9.0.1"]' '["expired","10.9.0.50",24,"10.9.0.1"]'
	assert_eq lease "$(dev .lease4)" null
}

test_event_lease6() {
	local lease='select(.event == "lease" and .lease6) |
		[."lease-change", .lease6.address[0].address, .lease6."name-server"]'
	local learned='["learned","2001:db8:9::50",["2001:db8:9::53"]]'
	# shellcheck source=peers.sh
	. "${dir:?}/peers.sh"
	ns vpn
	ip link add vpn0 address 02:00:5e:10:20:30 type virtualtap
	ip link set vpn0-l2 netns vpn
	ip -n vpn link set vpn0-l2 up
	ip link set vpn0 up
	background_as peer vpn "$dir/dhcp6-peer.py" vpn0-l2
	wait_for 20 grep -q listening "$T/peer.log"
	listen
	rm -f /var/lib/dhcpcd/*.lease6
	background dhcpcd dhcpcd --nobackground --ipv6only --noipv6rs --ia_na vpn0
	wait_for 90 told "$lease" "$learned"
	assert_eq lease "$(dev .lease6.address[0].address)" '"2001:db8:9::50"'
	# The client gives it back, and its servers with it.
	kill -ALRM "$(cat "$T/dhcpcd.pid")"
	wait_for 20 told "$lease" "$learned" "${learned/learned/expired}"
	assert_eq "lease after its release" "$(dev .lease6)" null
	# Else the next one only sends commands to it.
	wait "$(cat "$T/dhcpcd.pid")" || true
	background dhcpcd dhcpcd --nobackground --ipv6only --noipv6rs --ia_na vpn0
	wait_for 90 told "$lease" "$learned" "${learned/learned/expired}" "$learned"
	option learning off
	wait_for 20 told "$lease" "$learned" "${learned/learned/expired}" "$learned" \
		"${learned/learned/expired}"
}

# ynl ARGUMENT...: the kernel's own tool for families that are described.
YNL=${KERNEL_SOURCE:-}/tools/net/ynl/cli.py
YNL_OPTIONS=(--output-json --spec "$TESTS/../netlink/virtualtap.yaml")
ynl() { /usr/bin/python3 -E "$YNL" "${YNL_OPTIONS[@]}" "${SCHEMA:---no-schema}" "$@"; }
# ynl_listens GROUP: where it would wait for a time, until there is a file "enough".
ynl_listens() {
	/usr/bin/python3 -E -c 'import os, runpy, sys, time
pause = time.sleep
def until_enough(_):
    while not os.path.exists("enough"):
        pause(0.1)
time.sleep = until_enough
sys.path.insert(0, os.path.dirname(sys.argv[1]))
runpy.run_path(sys.argv.pop(1), run_name="__main__")' \
		"$YNL" "${YNL_OPTIONS[@]}" --no-schema --sleep 1 --subscribe "$1"
}

# same_as_ynl REQUEST FILE...: what the tool said of it, and what netlink() says, but
# for what is another a moment later.
same_as_ynl() {
	local steady='walk(if type == "object" then del(.lifetime, .used, .confirmed) else . end |
		if type == "object" and .flags then .flags |= sort else . end |
		if type == "object" and .counter then .counter |= map(.name) else . end)'
	# shellcheck disable=SC2086 # words
	diff <(netlink $1 ifindex=vpn0 | grep -v '^ok$' | jq -S "$steady" ) \
		<(jq -S "$steady | if type == \"array\" then .[] else . end" "$2")
}

test_ynl_cli() {
	local index vpn0
	[[ $KERNEL != uml* ]] ||
		{ left_out "the kernel's tool: it knows no padding, which this architecture needs"; return; }
	# shellcheck source=peers.sh
	. "${dir:?}/peers.sh"
	[ -e "$YNL" ] || fail "no kernel source in the cache: scripts/kernel source"
	vpn_segment address 02:00:5e:10:20:30
	station gw 10.9.0.1/24 2001:db8:9::1/64
	advertise gw 'AdvLinkMTU 1400;' 'prefix 2001:db8:9::/64 { };' 'route 2001:db8:77::/48 { };' \
		'RDNSS 2001:db8:9::53 { AdvRDNSSLifetime 600; };' \
		'DNSSL vpn.example { AdvDNSSLLifetime 600; };'
	DNS_PORT=53 dhcp_server gw eth0 --dhcp-authoritative --domain=vpn.example \
		--dhcp-range=10.9.0.50,10.9.0.50,255.255.255.0,1h --address=/a.vpn.example/192.0.2.7 --local-ttl=100
	dhcp_client
	wait_for 60 has_lease
	wait_for 60 learned_is ipv6_dns 2001:db8:9::53
	option dns_cache on
	echo "10:8,46:0" > "$OPTIONS/dscp_map"
	wait_for 20 dig +nocookie +short +time=2 +tries=1 @10.9.0.1 a.vpn.example
	index=$(< /sys/class/net/vpn0/ifindex)
	vpn0="\"ifindex\": $index"

	# The description is checked by the kernel's schema, and all of it understood.
	SCHEMA=--schema=$KERNEL_SOURCE/Documentation/netlink/genetlink-legacy.yaml \
		ynl --do dev-get --json "{$vpn0}" > dev
	same_as_ynl dev-get dev
	# All of it is there.
	jq -e '.lease4.domain == "vpn.example" and .lease4."name-server" == ["10.9.0.1"] and
		.router[0].mtu == 1400 and .prefix[0]."on-link" and .route[0]."prefix-len" == 48 and
		.search[0].name == "vpn.example" and .gateway[0].reachable and
		.options."dscp-map" == "0a082e00" and .ifname == "vpn0"' dev
	ynl --multi neigh-new "{$vpn0, \"addr4\": $((0x0a090007)), \"mac\": \"02005e000077\"}" \
		--multi neigh-new "{$vpn0, \"addr6\": \"20010db8000900000000000000000007\",
			\"mac\": \"02005e000077\", \"state\": \"stale\"}" > new
	ynl --dump neigh-get --json "{$vpn0}" > neigh
	same_as_ynl "dump neigh-get" neigh
	assert_eq "new neighbours" "$(jq -c "[.[] | select(.mac == \"02:00:5e:00:00:77\") | [.addr4 // .addr6, .state]] | sort" neigh)" \
		'[["10.9.0.7","permanent"],["2001:db8:9::7","stale"]]'
	ynl --dump dns-get --json "{$vpn0}" > dns
	same_as_ynl "dump dns-get" dns
	assert_eq answers "$(jq -c 'map([.server4, .name, .rcode, .answers])' dns)" \
		'[["10.9.0.1","a.vpn.example",0,1]]'
	refused "'msg': 'There is no such neighbour'" \
		ynl --do neigh-del --json "{$vpn0, \"addr4\": $((0x0a090009))}"
	refused "'miss-type': 'ifindex'" ynl --do neigh-flush

	background events ynl_listens events
	wait_for 60 is_listening
	station thief
	addresses eth0 thief 10.9.0.50/24
	inside thief arping -q -U -c 1 -I eth0 10.9.0.50
	wait_for 20 raised vpn0 address_conflicts
	touch enough
	wait "$(cat events.pid)"
	jq -e --argjson index "$index" --arg mac "$(mac_of eth0 thief)" 'any(. == {name: "conflict",
		msg: {ifindex: $index, addr4: "10.9.0.50", mac: $mac}})' events.log
}
is_listening() { [ "$(listeners)" -gt 0 ]; }
