#!/bin/bash
# Runs the tests of this directory, in a guest of scripts/vm only.
#
#   scripts/tests/run.sh [PATTERN]     PATTERN: FILE or FILE/test_NAME, globs
#
# Prints a line per test: `ok KERNEL FILE/test_NAME (seconds)`, or `not ok ...`
# followed by what the test said; of one that is ok, what it left out or
# measured. A file of tests that takes long may set TIMEOUT, in seconds for each
# of its tests. One whose matter is a program, not the kernel, may set ENOUGH_ON
# to the one kernel of a run of everything (no PATTERN, or *) that it is part of.
# '*/*' is everything, and with $THOROUGH for tests that can do more.
#
# One CPU runs them, both what asks for both_cpus(), and everything on x86.
set -u
dir=$(cd "$(dirname "$0")" && pwd -P)
. "$dir/lib.sh"
: "${KERNEL:?not in a guest of scripts/vm}"
# What the tests are about; another pair device can stand in for it.
export DRIVER=${DRIVER:-virtualtap}

failures=0

# result STATUS NAME SECONDS OUTPUT_FILE
result() {
	if [ "$1" = 0 ]; then
		echo "ok $KERNEL $2 ($3 s)"
		sed -nE 's/^(left out|measured): /    &/p' "$4"
	else
		echo "not ok $KERNEL $2 ($3 s)"
		# Its last words, and before them why.
		{ head -n -60 "$4" | grep -a '^FAILED: '; tail -n 60 "$4"; } | sed 's/^/    /'
		failures=$((failures + 1))
	fi
}

# What one test leaves in the kernel must not change the next one. Once loaded,
# ip_gre and others put devices of their own in each new namespace; and to turn
# time stamps on and off, as each ping does, code is changed on all CPUs, which
# the emulator does not always survive ("Oops: int3").
steady_kernel() {
	echo 1 > /proc/sys/net/core/fb_tunnels_only_for_init_net
	/usr/bin/python3 -E -S -c 'import signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, 29, 1)  # SO_TIMESTAMP
signal.pause()' &
}

# Kernel messages since the last note() that scripts/kernel-complaints lists.
note() { echo "test: $1" > /dev/kmsg; }
complaints() {
	dmesg | tac | sed '/test: /q' | tac | awk -f "$dir/../own-races.awk" |
		grep -aEf "$dir/../kernel-complaints" -A 20
}

# no_faults: what failed by intention does so no longer.
no_faults() {
	local kind
	for kind in /sys/kernel/debug/fail*/probability; do
		[ ! -e "$kind" ] || echo 0 > "$kind"
	done
}

# one_cpu: for the next test, unless all are to have both.
one_cpu() {
	! has_two_cpus || [ "$always_both" ] || echo 0 > $CPU1
}

# Runs in the namespaces of one test.
one_test() {
	mount -t sysfs sysfs /sys
	mount -t cgroup2 cgroup /sys/fs/cgroup
	mount -t debugfs debugfs /sys/kernel/debug
	mount -t tmpfs run /run
	ip link set lo up
	mkdir "$T"; cd "$T" || exit
	WAITED=$T/waited.log
	# shellcheck source=/dev/null
	. "$dir/$1.sh"
	set -eEu
	trap 'echo "FAILED: $BASH_COMMAND, ${BASH_SOURCE[0]##*/} line $LINENO" >&2; trap - ERR' ERR
	"$2"
}

# Its descriptor 7 is the first network namespace, which some sysctls are of.
run_test() {
	local file=$1 test=$2 status start=$SECONDS said=/tmp/said
	note "$file/$test"
	# With process 1 of a process namespace everything in it dies. In a
	# subshell for the sake of its last words, "Killed".
	(
		timeout -s KILL "$3" unshare --net --mount --pid --fork --kill-child --mount-proc \
			bash "$dir/run.sh" --one "$file" "$test" > "$said" 2>&1 < /dev/null \
			7< /proc/self/ns/net
		exit $?
	) 2> /dev/null
	status=$?
	[ "$status" != 137 ] || echo "killed, after $3 s or by itself" >> "$said"
	one_cpu
	no_faults
	if complaints >> "$said"; then status=1; fi
	result "$status" "$file/$test" $((SECONDS - start)) "$said"
}

# The links went with their namespaces, or go now, as those do it a moment
# after their last process.
unload() {
	# In use by links that are still there.
	wait_for 300 unloaded "${DRIVER}_conntrack"
	rmmod "$DRIVER" || fail "rmmod"
	check_leaks
}

run_file() {
	local file=$1 pattern=$2 test tests=() limit start enough
	enough=$(sed -n 's/^ENOUGH_ON=//p' "$dir/$file.sh")
	if [ "$pattern" = '*' ] && [ "${enough:-$KERNEL}" != "$KERNEL" ]; then return; fi
	while read -r test; do
		# shellcheck disable=SC2053 # a pattern
		if [[ $file == $pattern || $file/$test == $pattern ]]; then tests+=("$test"); fi
	done < <(sed -n 's/^\(test_[A-Za-z0-9_]*\)().*/\1/p' "$dir/$file.sh")
	[ ${#tests[@]} -gt 0 ] || return
	limit=$(sed -n 's/^TIMEOUT=//p' "$dir/$file.sh")
	limit=$((PATIENCE * ${limit:-300}))
	modprobe "$DRIVER" > /tmp/said 2>&1 || result 1 "$file: modprobe" 0 /tmp/said
	for test in "${tests[@]}"; do run_test "$file" "$test" "$limit"; done
	start=$SECONDS
	note "$file: unload"
	(unload) > /tmp/said 2>&1 && ! complaints >> /tmp/said
	result $? "$file: the module unloads cleanly" $((SECONDS - start)) /tmp/said
}

if [ "${1:-}" = --one ]; then
	shift
	trap '[ $? = 0 ] || tail -n 30 "$T"/*.log 2>/dev/null' EXIT
	one_test "$@"
	exit
fi
always_both=
[[ $KERNEL != x86* ]] || always_both=y
[ "${1:-}" != '*/*' ] || export THOROUGH=y
steady_kernel
[ -z "$always_both" ] || both_cpus
for path in "$dir"/*.sh; do
	file=$(basename "$path" .sh)
	case $file in lib | run) continue ;; esac
	run_file "$file" "${1:-*}"
done
[ "$failures" = 0 ]
