# shellcheck shell=bash
# A kernel that has no memory, in the middle of whatever it does.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# Where allocations fail as one likes, and memory is watched.
# shellcheck disable=SC2034 # run.sh reads it
ENOUGH_ON=uml
# shellcheck disable=SC2034 # this, too
TIMEOUT=1800

DEBUG=/sys/kernel/debug

# Each change, while one of its allocations fails.
STEP=13
[ -z "${THOROUGH:-}" ] || STEP=1
test_changes() {
	lower_segment
	/usr/bin/python3 -E -S "$TESTS/faults.py" $DEBUG $STEP > changes.log
	measured "$(wc -l < changes.log) changes, $(awk '{ sum += $(NF - 5) } END { print sum }' changes.log) faults"
	ns vpn
	ip link set vpn0-l2 netns vpn
	up vpn0-l2 vpn 10.9.0.2/24
	addresses vpn0 '' 10.9.0.5/24
	reaches 10.9.0.2
}
