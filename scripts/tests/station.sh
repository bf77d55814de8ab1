# shellcheck shell=bash
# A segment with stations for the tests that source this: vpn0 has $HOST_IP and
# $HOST_MAC, and behind vpn0-l2 is what station.py plays.

NET=10.9.0
HOST_IP=$NET.1
NET6=2001:db8:9:
HOST6=$NET6:1
HOST_LL=fe80::1
HOST_MAC=02:00:5e:00:00:01
OPTIONS=/sys/class/net/vpn0/virtualtap

# station NUMBER: MAC of an ordinary station; its address is $NET.NUMBER or
# $NET6:NUMBER.
station() { printf '02:00:5e:00:01:%02x' "$1"; }

# option NAME [VALUE]: reads or sets an option of vpn0.
option() {
	if [ $# = 2 ]; then echo "$2" > "$OPTIONS/$1"; else echo "$(< "$OPTIONS/$1")"; fi
}

# linked [DEVICE]
# shellcheck disable=SC2120 # optional
linked() { [ "$(< "/sys/class/net/${1:-vpn0}/carrier")" = 1 ]; }

# sysctl NAME VALUE: emulated guests take long to start a program.
sysctl() { echo "$2" > "/proc/sys/${1//.//}"; }

# A pair without IPv6 and announcements, which nobody asked for: captures hold
# what a test made happen.
pair() {
	ip link add vpn0 address "$HOST_MAC" type virtualtap
	sysctl net.ipv6.conf.vpn0.disable_ipv6 1
	option announce 0
	ip -batch - <<-END
		link set vpn0-l2 up
		link set vpn0 up
		addr add $HOST_IP/24 dev vpn0
	END
	wait_for 10 linked
}

# The same for IPv6: two addresses, both without duplicate address detection,
# and no solicitation of routers.
pair6() {
	ip link add vpn0 address "$HOST_MAC" type virtualtap
	sysctl net.ipv6.conf.vpn0.accept_ra 0
	option announce 0
	ip -batch - <<-END
		link set vpn0 addrgenmode none
		link set vpn0-l2 up
		link set vpn0 up
		addr add $HOST_LL/64 dev vpn0 nodad
		addr add $HOST6/64 dev vpn0 nodad
	END
	wait_for 10 linked
}

# stations [INTERFACE]: to talk to by say, heard and hears.
# shellcheck disable=SC2120 # optional
stations() {
	coproc STATIONS {
		exec /usr/bin/python3 -E -S "$TESTS/station.py" "${1:-vpn0-l2}" "$HOST_MAC" \
			2> "$T/stations.log"
	}
	say clear
}

segment() { pair; stations; }
segment6() { pair6; stations; }

# say COMMAND: to station.py; sets SAID to its answer.
say() {
	echo "$*" >&"${STATIONS[1]}"
	read -r -t 90 SAID <&"${STATIONS[0]}" || fail "station.py does not answer '$*'"
	[ "$SAID" != "what?" ] || fail "station.py does not know '$*'"
}

# heard NUMBER REGEX: exactly so many frames so far.
heard() {
	say count "$2"
	assert_eq "frames '$2'" "$SAID" "$1"
}

# hears NUMBER REGEX: at least so many frames, which may be on their way.
hears() {
	say wait "$1" "$2"
	assert_eq "wait for frames '$2'" "$SAID" ok
}

# What holds of every frame of every test.
segment_is_clean() {
	heard 0 FLOODED
	heard 0 FOREIGN
}

# counts NAME: counter of vpn0.
counts() {
	local all
	all=$(ethtool -S vpn0)
	[[ $all =~ [[:space:]]$1:\ ([0-9]+) ]] || fail "no counter $1"
	echo "${BASH_REMATCH[1]}"
}

# counted NAME NUMBER...
counted() {
	local all
	all=$(ethtool -S vpn0)
	while [ $# -gt 0 ]; do
		[[ $all =~ [[:space:]]$1:\ ([0-9]+) ]] || fail "no counter $1"
		assert_eq "$1" "${BASH_REMATCH[1]}" "$2"
		shift 2
	done
}

# at_least NAME NUMBER: of a counter of vpn0.
at_least() {
	local value
	value=$(counts "$1")
	[ "$value" -ge "$2" ] || fail "$1: got $value, wanted $2 at least"
}

# more_than NAME NUMBER: to wait for.
more_than() { [ "$(counts "$1")" -gt "$2" ]; }

# pings ADDRESS [OPTION]...: one packet is answered.
pings() { ping -n -c 1 -W 30 "${@:2}" "$1" > "$T/ping.log"; }

# send_udp ADDRESS [TEXT]: one datagram, which nobody answers.
send_udp() { echo "${2:-x}" > "/dev/udp/$1/9"; }

neighbours_are() { [ "$(counts arp_table_entries)" = "$1" ]; }
