# shellcheck shell=bash
# Helpers for the benchmarks that run in the guest. Sourced, not run.

# Runs that the median is taken of, and packets in each.
RUNS=${RUNS:-3} COUNT=${COUNT:-20000}

# measured NAME CASE COLUMN VALUE: a line for scripts/bench; report.py knows the
# tables that the values go to.
measured() {
	local IFS=$'\t'
	echo "measured	$*"
}

# median: of the numbers on standard input.
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

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

# per_packet: the median of several runs, after one to warm up.
per_packet() {
	local i
	once > /dev/null
	for ((i = 0; i < RUNS; i++)); do once; done | median
}
