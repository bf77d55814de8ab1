# shellcheck shell=bash
# Tracepoints, and the README's ways to read them.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

SERVER=10.9.0.53

# A station that leases addresses, answers questions, and is the gateway.
segment() {
	vpn_segment
	option dns_cache on
	station pc $SERVER/24
	DNS_PORT=53 dhcp_server pc eth0 --dhcp-range=10.9.0.50,10.9.0.50,1h --no-hosts \
		--local-ttl=600 --host-record=www.example,192.0.2.1
}

# ask: for the address of www.example.
ask() {
	exec 5<> "/dev/udp/$SERVER/53"
	printf '\0\1\1\0\0\1\0\0\0\0\0\0\3www\7example\0\0\1\0\1' >&5
	timeout 30 head -c 1 <&5 > answer
	exec 5>&-
	[ -s answer ] || fail "no answer"
}

# Half of a datagram.
half() {
	send_frame eth0 pc "$(mac_of vpn0 | tr -d :)$(mac_of eth0 pc | tr -d :)0800" \
		45000024abcd200040119a83 0a090035 0a090032 0009000900180000 0000000000000000
}

given_up() { [ "$(counter vpn0 fragment_timeouts)" = 1 ]; }

all_of_it() {
	dhcp_client
	wait_for 30 learned_is ipv4_address 10.9.0.50/24
	wait_for 20 answers $SERVER
	ask
	ask
	option dns_cache off
	ping -q -c 1 -W 20 -s 3000 $SERVER > ping.log
	option frag_timeout 1
	half
	wait_for 20 given_up
}

test_what_is_decided() {
	local mac
	segment
	mac=$(mac_of eth0 pc)
	trace virtualtap || { left_out "tracepoints: this kernel has no tracefs"; return; }
	all_of_it
	trace_no_more
	traced 'vtap_learn: dev=vpn0 what=dhcp change=learned addr=::ffff:10.9.0.50 ' \
		"vtap_learn: dev=vpn0 what=gateway-mac change=learned addr=::ffff:$SERVER mac=$mac$" \
		"vtap_neigh: dev=vpn0 addr=::ffff:$SERVER mac=00:00:00:00:00:00 from=none to=stale$" \
		"vtap_neigh: dev=vpn0 addr=::ffff:$SERVER mac=00:00:00:00:00:00 from=stale to=incomplete$" \
		"vtap_neigh: dev=vpn0 addr=::ffff:$SERVER mac=$mac from=incomplete to=reachable$" \
		"vtap_dns: dev=vpn0 server=::ffff:$SERVER name=www.example type=1 decision=miss$" \
		"vtap_dns: dev=vpn0 server=::ffff:$SERVER name=www.example type=1 decision=kept$" \
		"vtap_dns: dev=vpn0 server=::ffff:$SERVER name=www.example type=1 decision=hit$" \
		"vtap_dns: dev=vpn0 server=::ffff:$SERVER name=www.example type=1 decision=flushed$" \
		"vtap_fragment: dev=vpn0 saddr=::ffff:$SERVER daddr=::ffff:10.9.0.50 id=0x[0-9a-f]+ bytes=1480-2960 decision=taken$" \
		"vtap_fragment: dev=vpn0 saddr=::ffff:$SERVER daddr=::ffff:10.9.0.50 id=0x[0-9a-f]+ bytes=0-3008 decision=whole$" \
		"vtap_fragment: dev=vpn0 saddr=::ffff:$SERVER daddr=::ffff:10.9.0.50 id=0x[0-9a-f]+ bytes=0-16 decision=rx_drop_fragment_timeout$" \
		'vtap_drop: dev=vpn0 skbaddr=.* reason=rx_drop_fragment_timeout$'
}

# one_liners: the programs that the README gives to bpftrace, which is slow to start:
# all in one.
one_liners() { sed -n "s/^    bpftrace -e '\(.*\)'\$/\1/p" "$TESTS/../../README.md"; }

has_perf_events() {
	[ "$(find "/proc/$(cat bpftrace.pid)/fd" -lname 'anon_inode:*perf_event*' | wc -l)" -ge "$1" ]
}

test_one_liners() {
	local pattern
	[ -e /sys/bus/event_source/devices/uprobe ] ||
		{ left_out "bpftrace: events of this kernel run no programs"; return; }
	tracefs
	one_liners > program
	assert_eq "one-liners" "$(grep -c '^tracepoint:virtualtap:' program)" 5
	segment
	background bpftrace bpftrace program
	# One for each probe, as for the output of each CPU: it says so before it is true.
	wait_for 120 has_perf_events $((5 + $(nproc)))
	all_of_it
	kill -INT "$(cat bpftrace.pid)"
	wait "$(cat bpftrace.pid)"
	for pattern in '@drops\[vpn0, rx_drop_fragment_timeout\]: 1' \
			"vpn0 ::ffff:$SERVER: incomplete -> reachable" \
			'vpn0: dhcp ::ffff:10.9.0.50 learned' \
			'@dns\[vpn0, hit\]: 1' \
			"@fragments\[::ffff:$SERVER, whole\]: 1"; do
		grep -qx "$pattern" bpftrace.log || fail "bpftrace did not print $pattern"
	done
}
