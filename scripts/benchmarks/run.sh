#!/bin/bash
# Runs the benchmarks of this directory, in a guest of scripts/vm only.
#
#   scripts/benchmarks/run.sh [--rounds NUMBER] [NAME]...    default: all, once
#
# Each in a network namespace of its own, once for each of its columns in the
# report.
set -eEu
shopt -s inherit_errexit
dir=$(cd "$(dirname "$0")" && pwd -P)
# What there is, in the order to run it: NAME:COLUMN[,COLUMN]...
BENCHMARKS=()
. "$dir/lib.sh"
. "$dir/path.sh"
. "$dir/features.sh"
. "$dir/relay.sh"
. "$dir/tcp.sh"
. "$dir/floods.sh"
. "$dir/memory.sh"
. "$dir/events.sh"
. "$dir/growth.sh"

if [ "${1:-}" = --one ]; then
	trap 'echo "FAILED: $BASH_COMMAND, line $LINENO" >&2' ERR
	mount -t sysfs sysfs /sys
	ip link set lo up
	"bench_$2" "$3"
	exit
fi
rounds=1
[ "${1:-}" != --rounds ] || { rounds=$2; shift 2; }
# All but ours may be built in.
modprobe virtualtap
modprobe -q pktgen || true
modprobe -q tun || true
modprobe -q ipvlan || true
modprobe -q dummy numdummies=0 || true
# What starts with the guest comes to rest.
sleep 20
for ((round = 0; round < rounds; round++)); do
	for benchmark in "${BENCHMARKS[@]}"; do
		name=${benchmark%%:*}
		[[ $# = 0 || " $* " == *" $name "* ]] || continue
		for column in $(tr , ' ' <<< "${benchmark#*:}"); do
			# The namespace before goes away in the background.
			sleep 5
			unshare --net --mount bash "$0" --one "$name" "$column"
		done
	done
done
