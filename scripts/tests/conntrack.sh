# shellcheck shell=bash
# Connection tracking, as the conntrack tool shows it, beside the host's own.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

NET6=2001:db8:9:
ZONE=7

# segment: the host and a station, with an address of each family,
# without what IPv6 says by itself.
segment() {
	sysctl -q net.ipv6.conf.default.router_solicitations=0
	vpn_segment
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	station pc 10.9.0.2/24 $NET6:2/64
	answers 10.9.0.2
	answers $NET6:2
}

# track [ZONE]: turns it on, and the accounting of the namespace.
track() {
	option ct_zone "${1:-$ZONE}"
	option conntrack on
	sysctl -q net.netfilter.nf_conntrack_acct=1
}

option_is() { assert_eq "$1" "$(cat "/sys/class/net/${3:-vpn0}/virtualtap/$1")" "$2"; }

# listed ZONE [NAMESPACE]: what is tracked in a zone, a line each.
listed() { as "${2:-}" conntrack -L -w "$1" -o extended 2> "$T/listed.log"; }
lists() { listed $ZONE | grep -qE -- "$1"; }
lists_nothing_of() { ! lists "$1"; }
lists_nothing() { ! listed "${1:-$ZONE}" "${2:-}" | grep -q .; }

# one PATTERN: one thing in the zone is like that; shows it.
one() {
	wait_for 20 lists "$1"
	assert_eq "listed '$1'" "$(listed "$ZONE" | grep -cE -- "$1")" 1
	listed "$ZONE" | grep -E -- "$1"
}

# events: what happens in the zone, from here on.
events() {
	background events conntrack -E -w $ZONE -o extended --buffer-size 1048576
	# It says nothing before something happens.
	wait_for 60 heard
}
heard() {
	send_udp 10.9.0.2 4
	sleep 0.2
	grep -q udp "$T/events.log"
}
# happened PATTERN
happened() { wait_for 20 grep -qE -- "$1" "$T/events.log"; }

# send_udp ADDRESS PORT: one datagram, which nobody takes.
send_udp() { echo x > "/dev/udp/$1/$2"; }

# open NAMESPACE SERVER ADDRESS PORT [OPTIONS]: a TCP connection that stays until closed.
open() {
	local address=$3
	case $3 in *:*) address="[$3]" ;; esac
	background_as server "$2" socat "TCP6-LISTEN:$4,reuseaddr" EXEC:'sleep 600'
	wait_for 20 listens "$2" "$4"
	background_as client "$1" socat "TCP:$address:$4${5:-}" EXEC:'sleep 600'
}

# The first one: nothing has loaded nf_conntrack yet, or it can go again.
test_plain_insmod() {
	local ko before
	ko=$(modinfo -n virtualtap)
	wait_for 300 unloaded virtualtap_conntrack
	rmmod virtualtap
	modprobe -q -r -a nft_masq nft_chain_nat nft_ct nf_conntrack_netlink nf_conntrack || true
	if grep -q '^nf_conntrack ' /proc/modules; then
		left_out "a kernel without nf_conntrack: it is in use"
	fi
	case $ko in
	*.xz) xz -dc "$ko" > "$T/virtualtap.ko" ;;
	*) cp "$ko" "$T/virtualtap.ko" ;;
	esac
	before=$(grep -c '^nf_conntrack ' /proc/modules || true)
	insmod "$T/virtualtap.ko"
	segment
	reaches 10.9.0.2
	assert_eq "conntrack modules" "$(grep -cE '^(nf|virtualtap)_conntrack ' /proc/modules || true)" \
		"$before"
}

refusals_without_the_module() {
	local i
	refused_because <<-'END'
		needs the module virtualtap_conntrack| set name=vpn0 data announce:u8=7 conntrack:u8=1
		needs the module virtualtap_conntrack| add name=vpn1 data conntrack:u8=1
	END
	for i in 1 2; do refused "not supported" option conntrack on; done
	option_is conntrack off
	option_is announce 3
	option_is ct_zone none
	option conntrack off
	gone vpn1
	reaches 10.9.0.2
}

test_without_the_module() {
	segment
	wait_for 300 unloaded virtualtap_conntrack
	(
		helper=$(cat /proc/sys/kernel/modprobe)
		trap 'echo "$helper" > /proc/sys/kernel/modprobe' EXIT
		echo /bin/false > /proc/sys/kernel/modprobe
		refusals_without_the_module
	)
	# Where it was just loaded by hand, nobody waits.
	modprobe virtualtap_conntrack
	option conntrack on
	refused "in use" rmmod virtualtap_conntrack
	option conntrack off
	rmmod virtualtap_conntrack
	# By itself, from each place.
	option conntrack on
	option conntrack off
	rmmod virtualtap_conntrack
	rtnl set name=vpn0 data conntrack:u8=1
	option_is conntrack on
	option conntrack off
	rmmod virtualtap_conntrack
	rtnl add name=vpn1 data conntrack:u8=1
	option_is conntrack on vpn1
	ip link del vpn1
	rmmod virtualtap_conntrack
}

# tcp CLIENT SERVER ADDRESS PORT: from its beginning to its end.
tcp() {
	open "$1" "$2" "$3" "$4"
	wait_for 20 lists "^ipv. .* tcp .* ESTABLISHED src=.* dport=$4 .*\[ASSURED\].* zone=$ZONE"
	stop client
	stop server
	happened "\[NEW\] ipv. .* SYN_SENT src=.* dst=$3 .*dport=$4 \[UNREPLIED\].* zone=$ZONE"
	happened "\[UPDATE\].* SYN_RECV .*dport=$4"
	happened "\[UPDATE\].* ESTABLISHED .*dport=$4 .*\[ASSURED\]"
	happened "\[UPDATE\].* FIN_WAIT .*dport=$4"
	happened "\[UPDATE\].* TIME_WAIT .*dport=$4"
	lists_nothing_of " ESTABLISHED .*dport=$4 " || fail "port $4 still established"
}

test_tcp() {
	segment
	track
	events
	tcp '' pc 10.9.0.2 5001
	tcp pc '' 10.9.0.5 5002
	tcp '' pc $NET6:2 5003
	tcp pc '' $NET6:5 5004
	# Refused, and ended, by a reset.
	! socat -u OPEN:/dev/null TCP:10.9.0.2:5005 2> /dev/null
	happened "\[DESTROY\].* CLOSE .*dport=5005"
	open '' pc 10.9.0.2 5006 ,linger=0
	wait_for 20 lists " ESTABLISHED .* dport=5006 "
	stop client
	happened "\[UPDATE\].* CLOSE .*dport=5006 .*\[ASSURED\]"
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" 0
	[ "$(counter vpn0 ct_tracked)" -ge 32 ] || fail "tracked $(counter vpn0 ct_tracked)"
	# The host itself tracks nothing here.
	lists_nothing 0
}

test_packets_and_bytes() {
	local seen
	segment
	track
	ping -q -n -c 4 -i 0.1 -s 100 -W 20 10.9.0.2 > ping.log
	seen=$(one "^ipv4 .* icmp .* dst=10.9.0.2 ")
	[[ $seen == *"packets=4 bytes=512 src=10.9.0.2"*"packets=4 bytes=512"* ]] || fail "accounted: $seen"
	as pc ping -q -n -c 3 -i 0.1 -s 100 -W 20 $NET6:5 > ping.log
	seen=$(one "^ipv6 .* icmpv6 .* src=$NET6:2 dst=$NET6:5 ")
	[[ $seen == *"packets=3 bytes=444"*"packets=3 bytes=444"* ]] || fail "accounted: $seen"
}

# From the same port each time.
datagram() { echo x | socat -u - UDP:10.9.0.2:9,sourceport=4000; }

test_udp_times_out() {
	segment
	track
	# No answer from there.
	inside pc nft -f - <<-END
		table ip t { chain c { type filter hook input priority 0; udp dport 9 drop; }; }
	END
	datagram
	one "^ipv4 .* udp .* dst=10.9.0.2 .*dport=9 .*\[UNREPLIED\]" > /dev/null
	# From the next packet on.
	sysctl -q net.netfilter.nf_conntrack_udp_timeout=1
	datagram
	wait_for 60 lists_nothing_of udp
}

# about NAMESPACE PORT: an ICMP error about a datagram of the host from PORT.
about() {
	inside pc /usr/bin/python3 -E -S - "$1" <<-'END'
		import sys
		sys.path.append("/usr/lib/python3/dist-packages")
		from scapy.all import IP, ICMP, UDP, send
		quoted = IP(src="10.9.0.5", dst="10.9.0.2") / UDP(sport=int(sys.argv[1]), dport=9)
		send(IP(src="10.9.0.2", dst="10.9.0.5") / ICMP(type=3, code=1) / quoted, verbose=False)
	END
}
more_than() { [ "$(counter vpn0 "$1")" -gt "$2" ]; }

test_icmp_errors() {
	local tracked
	segment
	track
	# Slow guests take their time.
	sysctl -q net.netfilter.nf_conntrack_udp_timeout=600
	# That the port is closed, by either family.
	send_udp 10.9.0.2 9
	send_udp $NET6:2 9
	one "^ipv4 .* udp .* dport=9 .*\[UNREPLIED\]" > /dev/null
	one "^ipv6 .* udp .* dport=9 .*\[UNREPLIED\]" > /dev/null
	wait_for 20 more_than ct_tracked 3
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" 0
	# About what was sent, and what was not.
	tracked=$(counter vpn0 ct_tracked)
	about "$(listed $ZONE | sed -n 's/^ipv4.* udp .* sport=\([0-9]*\) dport=9 .*/\1/p')"
	wait_for 20 more_than ct_tracked "$tracked"
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" 0
	about 9
	wait_for 20 more_than ct_invalid 0
	assert_eq "dropped" "$(counter vpn0 rx_drop_icmp_forged)" 0
	# NDP is nobody's connection.
	inside pc ndisc6 -q $NET6:5 eth0 || true
	lists_nothing_of 'type=13[356]'
}

# pings_both_ways: four connections that nobody has seen before.
pings_both_ways() {
	reaches 10.9.0.2
	reaches 10.9.0.5 pc
	reaches $NET6:2
	reaches $NET6:5 pc
}

test_full_table() {
	local invalid
	segment
	track
	pings_both_ways
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" 0
	(
		machine() { nsenter --net=/proc/self/fd/7 sysctl "$@" net.netfilter.nf_conntrack_max; }
		max=$(machine -n)
		trap 'nsenter --net=/proc/self/fd/7 sysctl -q net.netfilter.nf_conntrack_max="$max"' EXIT
		nsenter --net=/proc/self/fd/7 sysctl -q net.netfilter.nf_conntrack_max=1
		pings_both_ways
	)
	invalid=$(counter vpn0 ct_invalid)
	# All of the new ones but, if an old one gave way, some.
	[ "$invalid" -ge 12 ] || fail "invalid: $invalid"
	pings_both_ways
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" "$invalid"
}

# untracked_since NUMBER COUNT: so many, and what IPv6 says of itself at any time.
untracked_since() {
	local now
	now=$(counter vpn0 ct_untracked)
	[ "$now" -ge $(($1 + $2)) ] || fail "untracked: $1, then $now"
}

test_fragments() {
	local before
	segment
	track
	before=$(counter vpn0 ct_untracked)
	# Theirs are put together first; ours left the host in parts.
	inside pc ping -q -n -c 1 -s 3000 -W 20 10.9.0.5 > ping.log
	untracked_since "$before" 3
	[[ $(one "^ipv4 .* icmp .* src=10.9.0.2 ") == *"packets=1 bytes=3028 "*"UNREPLIED"* ]] ||
		fail "listed: $(listed $ZONE)"
	option reassembly off
	inside pc ping -q -n -c 1 -s 3000 -W 20 10.9.0.5 > ping.log
	untracked_since "$before" 9
	one "^ipv4 .* icmp .* src=10.9.0.2 " > /dev/null
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" 0
}

test_zones() {
	segment
	option_is ct_zone none
	option conntrack on
	option_is ct_zone 1
	send_udp 10.9.0.2 9
	ZONE=1 one "dport=9 .* zone=1 " > /dev/null
	# To another one.
	option ct_zone 5
	lists_nothing 1
	send_udp 10.9.0.2 9
	ZONE=5 one "dport=9 .* zone=5 " > /dev/null
	# Turned off, it is left empty, and kept.
	option conntrack off
	lists_nothing 5
	option_is ct_zone 5
	send_udp 10.9.0.2 9
	lists_nothing 5
	refused_because <<-'END'
		has this zone| add name=vpn1 data ct_zone:u16=5
		has this zone| add name=vpn1 data announce:u8=7 conntrack:u8=1 ct_zone:u16=5
	END
	gone vpn1
	ip link add vpn1 type virtualtap
	echo on > /sys/class/net/vpn1/virtualtap/conntrack
	option_is ct_zone 1 vpn1
	# What did not come to be has none: 2 is free below.
	refused_because <<-'END'
		for these frames already| add name=vpn5 link=vpn1-l2 data conntrack:u8=1
		give a peer name| add name=thirteenchars data conntrack:u8=1
	END
	refused "busy" option ct_zone 1
	option_is ct_zone 5
	refused_because <<-'END'
		has this zone| set name=vpn0 data announce:u8=7 ct_zone:u16=1
		has this zone| set name=vpn0 data conntrack:u8=1 ct_zone:u16=1
	END
	option_is announce 3
	option_is conntrack off
	rtnl set name=vpn0 data conntrack:u8=1 ct_zone:u16=2
	option_is conntrack on
	option_is ct_zone 2
	# In another namespace it is free.
	ns other
	rtnl add name=vpn2 netns=other data conntrack:u8=1
	assert_eq "zone" "$(link_option vpn2 other ct_zone)" 1
}

# link_option DEVICE NAMESPACE OPTION: ip mounts the namespace's own sysfs.
link_option() { inside "$2" cat "/sys/class/net/$1/virtualtap/$3"; }

test_deleted() {
	segment
	track
	send_udp 10.9.0.2 9
	one "dport=9" > /dev/null
	# Another zone is left alone.
	conntrack -I -w 8 -p udp -s 10.9.0.1 -d 10.9.0.2 --sport 1 --dport 2 -t 100 > /dev/null 2>&1
	ip link del vpn0
	lists_nothing $ZONE
	ZONE=8 one "dport=2 " > /dev/null
}

test_moved() {
	segment
	track 1
	ZONE=1
	send_udp 10.9.0.2 9
	one "dport=9" > /dev/null
	ns other third
	ip link set vpn0 netns other
	lists_nothing 1
	assert_eq "on" "$(link_option vpn0 other conntrack)" on
	assert_eq "zone" "$(link_option vpn0 other ct_zone)" 1
	addresses vpn0 other 10.9.0.5/24
	ip -n other link set vpn0 up
	wait_for 20 answers 10.9.0.2 other
	listed 1 other | grep -q "icmp .* dst=10.9.0.2 .* zone=1 "
	# It is taken there, or so is that of one that is off.
	rtnl add name=vpn3 netns=third data conntrack:u8=1
	ip -n other link set vpn0 netns third
	lists_nothing 1 other
	assert_eq "on" "$(link_option vpn0 third conntrack)" on
	assert_eq "zone" "$(link_option vpn0 third ct_zone)" 2
	rtnl add name=vpn4 data ct_zone:u16=2
	ip link set vpn4 netns third
	assert_eq "zone" "$(link_option vpn4 third ct_zone)" none
	ip netns del other
	ip netns del third
}

# Loading nf_conntrack waits for namespaces that are going away; these wait for
# the ends in them, and an end for who has its files open.
test_loading_while_namespaces_go() {
	local end=$((SECONDS + 40)) i=0
	while [ "$SECONDS" -lt "$end" ]; do
		ns "going$i"
		rtnl add name=vpn0 peer name=tap-vpn netns="going$i" > rtnl.log
		wait_for 300 unloaded virtualtap_conntrack
		modprobe -q -r -a nf_conntrack_netlink nf_conntrack || true
		ip netns del "going$i" &
		if [ $((i % 2)) = 0 ]; then
			option conntrack on 2> "$T/refused.log" || true
		else
			rtnl set name=vpn0 data conntrack:u8=1 > "$T/refused.log" 2>&1 || true
		fi
		wait_for 60 gone vpn0
		wait
		i=$((i + 1))
	done
	measured "$i times"
}

# through_nat: a client behind the host reaches pc by the host's address.
through_nat() {
	transfer behind pc 10.9.0.2
	inside behind ping -q -n -c 2 -i 0.1 -W 20 10.9.0.2 > ping.log
}

test_masquerade() {
	segment
	data 1
	client behind 192.168.7.1/24 192.168.7.2/24
	masquerade
	through_nat
	track
	through_nat
	# As the segment sees it, beside the host's own view.
	lists "tcp .* src=10.9.0.5 dst=10.9.0.2 .* src=10.9.0.2 dst=10.9.0.5 "
	lists_nothing_of 192.168.7.2
	listed 0 | grep -q "tcp .* src=192.168.7.2 dst=10.9.0.2 .* src=10.9.0.2 dst=10.9.0.5 "
	assert_eq "invalid" "$(counter vpn0 ct_invalid)" 0
	option conntrack off
	through_nat
	lists_nothing $ZONE
}

# states: how the host's own firewall saw packets of vpn0, by rule.
states() { nft -j list ruleset | jq -c '[.nftables[].rule? | select(.) | .comment + " " +
	(.expr[] | select(.counter) | if .counter.packets > 0 then "some" else "none" end)]'; }

test_hosts_own_tracking() {
	local way seen i=0
	segment
	nft -f - <<-END
		table inet t {
			chain in { type filter hook input priority 0; iifname != "vpn0" accept;
				icmpv6 type != { echo-request, echo-reply } accept
				ct state established counter comment "in-established"
				ct state new counter comment "in-new"
				ct state invalid,untracked counter comment "in-odd"
			}
			chain out { type filter hook output priority 0; oifname != "vpn0" accept;
				icmpv6 type != { echo-request, echo-reply } accept
				ct state established counter comment "out-established"
				ct state new counter comment "out-new"
				ct state invalid,untracked counter comment "out-odd"
			}
		}
	END
	data 1
	for way in off on; do
		if [ $way = on ]; then track; fi
		i=$((i + 2))
		transfer '' pc 10.9.0.2
		reaches $NET6:2
		reaches 10.9.0.5 pc
		seen=$(states)
		assert_eq "states, conntrack $way" "$seen" \
			'["in-established some","in-new some","in-odd none","out-established some","out-new some","out-odd none"]'
		# And of the same connection.
		assert_eq "the host's own, conntrack $way" "$(listed 0 |
			grep -c "tcp .* TIME_WAIT src=10.9.0.5 dst=10.9.0.2 .*dport=5001 .*\[ASSURED\]")" $i
		! listed 0 | grep -q "zone=$ZONE" || fail "zones are mixed"
	done
	lists "tcp .* TIME_WAIT src=10.9.0.5 .* zone=$ZONE"
	# What is marked untracked stays so, and is tracked by us.
	nft -f - <<-END
		table inet raw { chain out { type filter hook output priority raw; udp dport 99 notrack; }; }
	END
	send_udp 10.9.0.2 99
	one "udp .* dport=99 " > /dev/null
	listed 0 | grep "dport=99" && fail "tracked by the host"
	nft -j list ruleset | jq -e '[.nftables[].rule? | select(.) | select(.comment == "out-odd") |
		.expr[].counter?.packets // 0] | add == 1' > /dev/null || fail "not untracked"
}

test_on_and_off_in_traffic() {
	local end i=0
	segment
	background_as iperf3-server pc iperf3 -s
	wait_for 20 listens pc 5201
	background_as iperf3 '' iperf3 -c 10.9.0.2 -t 12 --bidir
	end=$((SECONDS + 8))
	while [ "$SECONDS" -lt "$end" ]; do
		i=$((i + 1))
		option ct_zone $((ZONE + i % 2))
		option conntrack on
		sleep 0.2
		if [ $((i % 3)) = 0 ]; then
			option conntrack off
			lists_nothing $ZONE
			lists_nothing $((ZONE + 1))
		fi
	done
	wait "$(cat "$T/iperf3.pid")" || fail "iperf3"
	option conntrack on
	measured "turned on $i times"
	[ "$(counter vpn0 ct_tracked)" -gt 100 ] || fail "tracked $(counter vpn0 ct_tracked)"
}
