# shellcheck shell=bash
# Helpers for the tests that run in the guest. Sourced, not run.
#
# A test is a function test_*() of a file in this directory. It runs under
# `set -eu` in network, mount and process namespaces of its own, with an empty
# /run: what it starts, makes and mounts goes away with it. It starts in $T, an
# empty directory; what is in $T/*.log is shown if it fails.
T=/run/test
TESTS=$(cd "${BASH_SOURCE[0]%/*}" && pwd -P)

fail() {
	trap - ERR
	printf 'FAILED: %s\n' "$*" >&2
	exit 1
}

# assert_eq WHAT GOT WANTED
assert_eq() {
	[ "$2" = "$3" ] || fail "$1: got '$2', wanted '$3'"
}

# refused PATTERN COMMAND...: the command fails and says what PATTERN matches.
refused() {
	local pattern=$1 said
	shift
	! said=$("$@" 2>&1) || fail "not refused: $*"
	grep -qE -- "$pattern" <<< "$said" || fail "$*: refused with '$said', wanted '$pattern'"
}

# How many times longer than elsewhere anything may take.
PATIENCE=1
# Where each access to memory is checked, in an emulated machine.
[[ ${KERNEL:-} != x86* ]] || PATIENCE=5

# wait_for SECONDS COMMAND...: tries again until it is true. Emulated guests
# are slow: the limit is for a thing that does not come, not for its speed. What
# it said last is in file $WAITED, if that is set.
wait_for() {
	local end=$((SECONDS + PATIENCE * $1))
	shift
	until "$@" > "${WAITED:-/dev/null}" 2>&1; do
		[ "$SECONDS" -lt "$end" ] || fail "in vain waited for: $*"
		sleep 0.1
	done
}

# ns NAME...: makes network namespaces.
ns() {
	local name
	for name; do
		ip netns add "$name"
		ip -n "$name" link set lo up
	done
}

# inside NAMESPACE COMMAND...
inside() { ip netns exec "$@"; }

# background NAME COMMAND...: output in $T/NAME.log, process id in $T/NAME.pid.
background() {
	local name=$1
	shift
	"$@" > "$T/$name.log" 2>&1 < /dev/null &
	echo $! > "$T/$name.pid"
}

# counter DEVICE NAME [NAMESPACE]: a value of ethtool -S.
counter() {
	local value
	value=$(${3:+ip netns exec "$3"} ethtool -S "$1" | awk -v name="$2:" '$1 == name { print $2 }')
	[ -n "$value" ] || fail "$1 has no counter $2"
	echo "$value"
}

# raised DEVICE NAME: such a counter is.
raised() { [ "$(counter "$1" "$2")" -gt 0 ]; }

# link_field DEVICE JQ_FILTER [NAMESPACE]: of what `ip -d -j link show` says.
link_field() {
	ip ${3:+-n "$3"} -d -j link show dev "$1" | jq -r ".[0] | $2"
}

# exists DEVICE [NAMESPACE], and the contrary.
exists() { ip ${2:+-n "$2"} link show dev "$1" > /dev/null 2>&1; }
gone() { ! exists "$@"; }

# carrier_is DEVICE 0|1
carrier_is() { [ "$(cat "/sys/class/net/$1/carrier")" = "$2" ]; }

# unloaded MODULE...: unloads what is loaded of them, unless it is in use.
unloaded() {
	local module
	for module; do
		! grep -q "^$module " /proc/modules || rmmod "$module" || return
	done
}

# rtnl REQUEST: a link that a stock ip cannot say, see rtnl.py.
rtnl() { /usr/bin/python3 -E -S "$TESTS/rtnl.py" "$@"; }
# rtnl_in NAMESPACE REQUEST
rtnl_in() { inside "$1" /usr/bin/python3 -E -S "$TESTS/rtnl.py" "${@:2}"; }

# netlink REQUEST: to the driver's generic netlink family, see netlink.py.
netlink() { /usr/bin/python3 -E -S "$TESTS/netlink.py" "$@"; }

# listeners: how many sockets of generic netlink (16) are in a multicast group.
listeners() { awk '$2 == 16 && $4 != "00000000" { n++ } END { print n + 0 }' /proc/net/netlink; }

# without_admin COMMAND...: without that capability; functions, too.
without_admin() {
	setpriv --bounding-set -net_admin --inh-caps -net_admin \
		bash -c ". '$TESTS/lib.sh'; \"\$@\"" - "$@"
}

# refused_because [COMMAND]...: each line of standard input is a pattern of the
# kernel's own message, a bar, and a request that is refused with it; of rtnl, or
# of what COMMAND calls instead.
# shellcheck disable=SC2120 # optional
refused_because() {
	local pattern request answer
	[ $# -gt 0 ] || set -- rtnl
	cat > "$T/refused"
	sed 's/.*| //' "$T/refused" | "$@" - > "$T/answers" || true
	while IFS='|' read -r pattern request <&3 && read -r answer <&4; do
		[[ $answer =~ $pattern ]] || fail "$request: '$answer', wanted '$pattern'"
	done 3< "$T/refused" 4< "$T/answers"
	assert_eq "answers" "$(wc -l < "$T/answers")" "$(wc -l < "$T/refused")"
}

# both_cpus: until the test ends, not the first one alone, where there are two.
CPU1=/sys/devices/system/cpu/cpu1/online
has_two_cpus() { [ -e $CPU1 ]; }
both_cpus() { ! has_two_cpus || echo 1 > $CPU1; }

# compile_flood: makes $T/flood of flood.c.
compile_flood() { gcc -O2 -o "$T/flood" "$TESTS/flood.c"; }
flood() { "$T/flood" "$@"; }

# kernel_memory: what the kernel has for itself and cannot give back, in KiB.
kernel_memory() {
	awk '$1 == "SUnreclaim:" || $1 == "Percpu:" { kib += $2 } END { print kib }' /proc/meminfo
}

# memory_within BEFORE KIB: it has grown by less than that. KASAN holds back what was
# freed, up to a 32nd of all memory; there kmemleak looks for what is lost.
memory_within() {
	local grown=$(($(kernel_memory) - $1)) held=0
	case $KERNEL in
	uml | x86) held=$(awk '$1 == "MemTotal:" { print int($2 / 32) }' /proc/meminfo) ;;
	esac
	measured "$grown KiB of kernel memory more"
	[ "$grown" -lt $(($2 + held)) ] || fail "$grown KiB of kernel memory more, $2 allowed"
}

TRACING=/sys/kernel/tracing
# tracefs: mounts it. False where the kernel traces nothing.
tracefs() {
	mountpoint -q $TRACING || mount -t tracefs tracefs $TRACING || return
	[ -e $TRACING/events/virtualtap ]
}

# trace EVENT...: what becomes of packets is written down from now on; names as in
# events/ of tracefs. False as tracefs() is.
trace() {
	local event
	tracefs || return
	trace_no_more
	echo > $TRACING/trace
	for event; do echo 1 > "$TRACING/events/$event/enable"; done
}
trace_no_more() { echo 0 > $TRACING/events/enable; }

# traced PATTERN...: there is a line of each.
traced() {
	local pattern
	for pattern; do
		grep -qE -- "$pattern" $TRACING/trace || fail "no trace of '$pattern'"
	done
}

# left_out WHAT: says, also where the test succeeds, what it did not test.
left_out() { echo "left out: $*"; }

# measured WHAT: says so, too.
measured() { echo "measured: $*"; }

# check_leaks: after the module is gone, where the kernel can find leaks.
# kmemleak reports what is a few seconds old and, as a stale pointer in a
# register or on a stack hides it, is more reliable the second time.
check_leaks() {
	local leaks=/sys/kernel/debug/kmemleak
	[ -e "$leaks" ] || return 0
	sleep 6
	# It turns itself off when it has no memory left.
	for _ in {1..2}; do
		echo scan > "$leaks" || fail "kmemleak is off"
		sleep 1
	done
	! grep . "$leaks" >&2 || fail "memory leaked"
}
