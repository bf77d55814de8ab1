# shellcheck shell=bash
# Helpers for the benchmarks that run in the guest. Sourced, not run.

# Runs, packets in each, and which of them counts.
RUNS=${RUNS:-3} COUNT=${COUNT:-20000} COUNTS=${COUNTS:-median}

# measured NAME CASE COLUMN VALUE: a line for scripts/bench; report.py knows the
# tables that the values go to.
measured() {
	local IFS=$'\t'
	echo "measured	$*"
}

# median: of the numbers on standard input.
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# fastest: of them.
fastest() { sort -n | head -n 1; }

# drop DEVICE: what it receives goes nowhere, before any protocol sees it.
drop() {
	tc qdisc add dev "$1" clsact
	tc filter add dev "$1" ingress matchall action drop
}

PKTGEN=/proc/net/pktgen

# settings COMMAND...: of the sender.
settings() {
	local command
	for command; do echo "$command" > "$SENDER"; done
}

# pktgen DEVICE COMMAND...: makes it the one sender, with these settings.
pktgen() {
	echo rem_device_all > $PKTGEN/kpktgend_0
	echo "add_device $1" > $PKTGEN/kpktgend_0
	SENDER=$PKTGEN/$1
	settings "count $COUNT" "delay 0" "clone_skb 0" "flag UDPCSUM" "${@:2}"
	# Else 6.12 sends one packet again and again.
	! grep -q ' SHARED' "$SENDER" || settings "flag !SHARED"
}

# once: a run; prints the nanoseconds that a packet takes, which are
# instructions where the clock counts those.
once() {
	echo start > $PKTGEN/pgctrl
	awk '$1 == "Result:" && $2 == "OK:" { printf "%.1f\n", $3 * 1000 / $5 }' "$SENDER"
}

# per_packet: of several runs, after one to warm up, that which counts.
per_packet() {
	local i
	once > /dev/null
	for ((i = 0; i < RUNS; i++)); do once; done | $COUNTS
}

# rtnl REQUEST: a link that a stock ip cannot say, see scripts/tests/rtnl.py.
rtnl() { /usr/bin/python3 -E -S "${dir:?}/../tests/rtnl.py" "$@" > /dev/null; }

# option DEVICE NAME VALUE: of a host end.
option() { echo "$3" > "/sys/class/net/$1/virtualtap/$2"; }

# counter DEVICE NAME: a value of ethtool -S.
counter() { ethtool -S "$1" | awk -v name="$2:" '$1 == name { print $2 }'; }

# sent CASE [ARGUMENT]...: sends what frames.py makes; says how many frames were
# measured, and what one costs beyond the same frame into a dummy.
sent() {
	[ -e /run/send ] || gcc -O2 -o /run/send "$dir/send.c"
	[ -e /sys/class/net/none0 ] || ip link add none0 up type dummy
	/usr/bin/python3 -E -S "$dir/frames.py" "$@" | /run/send none0
}

# events COUNTER CASE [ARGUMENT]...: the same, prints what one costs; at least those
# measured have to count there.
events() {
	local before number cost
	before=$(counter a0 "$1")
	read -r number cost <<< "$(sent "${@:2}")"
	[ "$number" -gt 0 ]
	[ $(($(counter a0 "$1") - before)) -ge "$number" ]
	echo "$cost"
}
