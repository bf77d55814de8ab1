# shellcheck shell=bash
# Datagrams in fragments: put together on their way from the VPN, and floods of
# those that never get whole.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

NET6=2001:db8:9:

# The host and a station, each with an address of either family.
fragment_segment() {
	vpn_segment "$@"
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	station pc 10.9.0.2/24 $NET6:2/64
}

# big_pings ADDRESS NAMESPACE SIZE...: one of each size, whose answer brings the
# same data.
big_pings() {
	local size
	for size in "${@:3}"; do
		as "$2" ping -c 1 -W 20 -s "$size" "$1" > "$T/ping.log" 2>&1 ||
			fail "no ping of $size bytes to $1 from ${2:-the host}"
		! grep 'wrong data' "$T/ping.log" || fail "wrong data of $1"
	done
}

# sum_of PATTERN [NAMESPACE]: of all of its IP stack's counters of that name.
sum_of() {
	as "${2:-}" nstat -aszj | jq --arg pattern "$1" \
		'[.kernel | to_entries[] | select(.key | test($pattern)) | .value] | add'
}
not_reassembled_by_the_host() { assert_eq "Reasm" "$(sum_of Reasm)" 0; }

test_pings_in_fragments() {
	fragment_segment
	big_pings 10.9.0.2 '' 3000 65000
	big_pings 10.9.0.5 pc 3000 65000
	# A request and an answer of each size from the station.
	assert_eq ipv4_fragments "$(counter vpn0 ipv4_fragments)" $((2 * (3 + 44)))
	assert_eq fragments_reassembled "$(counter vpn0 fragments_reassembled)" 4
	big_pings $NET6:2 '' 3000 65000
	big_pings $NET6:5 pc 3000 65000
	assert_eq ipv6_fragments "$(counter vpn0 ipv6_fragments)" $((2 * (3 + 45)))
	assert_eq fragments_reassembled "$(counter vpn0 fragments_reassembled)" 8
	assert_eq fragment_chains "$(counter vpn0 fragment_chains)" 0
	not_reassembled_by_the_host
	! ethtool -S vpn0 | grep 'rx_drop_.*: [1-9]' || fail "drops"

	# It is the host's own business then.
	option reassembly off
	big_pings 10.9.0.2 '' 3000
	big_pings $NET6:2 '' 3000
	assert_eq fragments_reassembled "$(counter vpn0 fragments_reassembled)" 8
	assert_eq ipv6_fragments "$(counter vpn0 ipv6_fragments)" $((2 * (3 + 45) + 3))
	assert_eq IpReasmOKs "$(sum_of 'Ip6?ReasmOKs')" 2
}

hears_udp() { as "$1" ss -Hlun "sport = :5002" | grep -q .; }
same() { cmp -s "$T/data" "$T/got"; }

# datagram CLIENT SERVER ADDRESS: $T/data as one of UDP, intact.
datagram() {
	local version=4 address=$3
	case $3 in *:*) version=6 address="[$3]" ;; esac
	rm -f "$T/got"
	background_as udp "$2" socat -b 65536 -u UDP$version-RECV:5002 CREATE:"$T/got"
	wait_for 20 hears_udp "$2"
	as "$1" socat -b 65536 -u OPEN:"$T/data" UDP$version:"$address:5002"
	wait_for 20 same
	stop udp
}

test_datagrams_by_a_narrow_path() {
	fragment_segment mtu 1280
	ip -n pc link set eth0 mtu 1280
	head -c 60000 /dev/urandom > "$T/data"
	datagram pc '' 10.9.0.5
	datagram '' pc 10.9.0.2
	assert_eq ipv4_fragments "$(counter vpn0 ipv4_fragments)" 48
	datagram pc '' $NET6:5
	datagram '' pc $NET6:2
	assert_eq ipv6_fragments "$(counter vpn0 ipv6_fragments)" 49
	assert_eq fragments_reassembled "$(counter vpn0 fragments_reassembled)" 2
	not_reassembled_by_the_host
}

# Who sent fragments can receive them: what was put together is no reason to
# complain that it is too big for the next link, even where it is narrower.
test_forwarded_datagrams() {
	local mtu
	fragment_segment
	client lan 10.1.0.1/24 10.1.0.2/24
	addresses lan '' 2001:db8:1::1/64
	sysctl -q net.ipv6.conf.all.forwarding=1
	addresses eth0 lan 2001:db8:1::2/64
	ip -n lan route add default via 2001:db8:1::1
	ip -n pc route add default via 10.9.0.5
	ip -n pc route add default via $NET6:5
	for mtu in 1500 1400; do
		ip link set lan mtu "$mtu"
		ip -n lan link set eth0 mtu "$mtu"
		big_pings 10.1.0.2 pc 3000
		big_pings 10.9.0.2 lan 3000
		big_pings 2001:db8:1::2 pc 3000
		big_pings $NET6:2 lan 3000
	done
	assert_eq fragments_reassembled "$(counter vpn0 fragments_reassembled)" 8
	assert_eq "too-big messages" \
		"$(sum_of 'InDestUnreachs|InPktTooBigs' pc) $(sum_of 'InDestUnreachs|InPktTooBigs' lan)" "0 0"
	not_reassembled_by_the_host
}

# fragment_flood ADDRESS HOW [SENDER_MAC] SENDER: until it is stopped.
fragment_flood() {
	both_cpus
	background_as flood vpn "$T/flood" vpn0-l2 0 "$2" "${@:3}" "$(mac_of vpn0)" "$1"
}

# flooded COUNTER NUMBER: so many came by now. How many datagrams are open
# meanwhile is in $T/open.
flooded() {
	counter vpn0 fragment_chains >> "$T/open"
	[ "$(counter vpn0 "$1")" -ge "$2" ]
}

# So many, which is many times what is kept; fewer where each takes long.
FLOOD=$((100000 / PATIENCE))

# live_through COUNTER COMMAND...: a flood that is underway; the command shall work
# meanwhile.
live_through() {
	local most
	wait_for 60 flooded "$1" 5000
	"${@:2}"
	kill -0 "$(cat "$T/flood.pid")"
	wait_for 300 flooded "$1" $FLOOD
	stop flood
	# 4 MiB of each family.
	memory_within "$BEFORE" 12288
	# 1024 of each family, and what each CPU has in its hands.
	most=$(sort -n "$T/open" | tail -n 1)
	[ "$most" -le 2056 ] || fail "$most open datagrams"
	[ "$(counter vpn0 fragment_evictions)" -ge $((FLOOD / 2)) ] || fail "fragment_evictions"
	not_reassembled_by_the_host
}

# Another pair, in a namespace of its own.
other_pair() {
	ns vpn1
	ip link add vpn1 type virtualtap
	ip link set vpn1-l2 netns vpn1
	ip -n vpn1 link set vpn1-l2 up
	addresses vpn1-l2 vpn1 10.8.0.2/24
	ip addr add 10.8.0.5/24 dev vpn1
	ip link set vpn1 up
	echo 120 > /sys/class/net/vpn1/virtualtap/frag_timeout
	big_pings 10.8.0.2 '' 3000
}

# Its reassembly holds 64 datagrams.
other_pair_waits() {
	echo off > /sys/class/net/vpn1/virtualtap/reassembly
	echo on > /sys/class/net/vpn1/virtualtap/reassembly
	SENT=$SECONDS TIMEOUTS=$(counter vpn1 fragment_timeouts)
	inside vpn1 "$T/flood" vpn1-l2 64 fragments 02:00:5e:00:01:03 10.8.0.3 \
		"$(mac_of vpn1)" 10.8.0.5 > /dev/null
}

# On a slow machine a flood may take longer than the two minutes that they last.
other_pair_is_untouched() {
	local old=$(($(counter vpn1 fragment_timeouts) - TIMEOUTS))
	((SECONDS - SENT >= 120)) || assert_eq "vpn1's timeouts" $old 0
	assert_eq "vpn1's datagrams, open or too old" $(($(counter vpn1 fragment_chains) + old)) 64
	assert_eq "vpn1's evictions" "$(counter vpn1 fragment_evictions)" 0
}

test_flood_of_one_sender() {
	compile_flood
	fragment_segment
	other_pair
	BEFORE=$(kernel_memory)
	other_pair_waits
	fragment_flood 10.9.0.5 fragments 02:00:5e:00:01:03 10.9.0.3
	live_through ipv4_fragments one_sender 10.9.0.2 10.9.0.5
	other_pair_waits
	fragment_flood $NET6:5 fragments 02:00:5e:00:01:03 $NET6:3
	live_through ipv6_fragments one_sender $NET6:2 $NET6:5
	other_pair_is_untouched
}
# Nobody else's datagrams make room for the sender of most.
one_sender() {
	big_pings "$1" '' 3000 30000
	big_pings "$2" pc 3000
	big_pings 10.8.0.2 '' 3000
	other_pair_is_untouched
}

test_flood_of_many_senders() {
	compile_flood
	fragment_segment
	BEFORE=$(kernel_memory)
	fragment_flood 10.9.0.5 fragments-random 10.7.0.0
	live_through ipv4_fragments reaches 10.9.0.2
	fragment_flood $NET6:5 fragments-random 2001:db8:7::
	live_through ipv6_fragments reaches $NET6:2
	many_of_one
}
# As many as want to be, in 4 MiB; and the oldest make room when there may be
# fewer.
many_of_one() {
	local open
	option frag_max 65536
	inside vpn "$T/flood" vpn0-l2 10000 fragments 02:00:5e:00:01:03 10.9.0.3 \
		"$(mac_of vpn0)" 10.9.0.5
	open=$(counter vpn0 fragment_chains)
	if [ "$open" -le 2048 ] || [ "$open" -gt 4096 ]; then fail "$open open datagrams"; fi
	big_pings 10.9.0.2 '' 3000
	option frag_max 10
	big_pings 10.9.0.2 '' 3000
	big_pings $NET6:2 '' 3000
	open=$(counter vpn0 fragment_chains)
	[ "$open" -le 20 ] || fail "$open open datagrams where there may be 10 of a family"
}

# open_datagrams SECONDS: of both families, whose time is up then. A slow machine
# may be late to look.
open_datagrams() {
	option frag_timeout "$1"
	wait_for 60 some_are_open "$(mac_of vpn0)"
}
some_are_open() {
	inside vpn "$T/flood" vpn0-l2 512 fragments 02:00:5e:00:01:03 10.9.0.3 "$1" 10.9.0.5
	inside vpn "$T/flood" vpn0-l2 512 fragments-random 2001:db8:7:: "$1" $NET6:5
	[ "$(counter vpn0 fragment_chains)" -gt 0 ]
}

# When their time is just up, and in the middle of a flood.
test_deletion_with_open_datagrams() {
	compile_flood
	fragment_segment
	open_datagrams 2
	sleep 1
	ip -n vpn link del vpn0-l2
	rmmod virtualtap
	modprobe virtualtap

	vpn_again
	open_datagrams 1
	fragment_flood 10.9.0.5 fragments 02:00:5e:00:01:03 10.9.0.3
	sleep 2
	ip link del vpn0
	stop flood
	rmmod virtualtap
	modprobe virtualtap
}

# vpn_again: the pair, in the same place.
vpn_again() {
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 netns vpn
	ip -n vpn link set vpn0-l2 up
	addresses vpn0 '' 10.9.0.5/24 $NET6:5/64
	ip link set vpn0 up
}
