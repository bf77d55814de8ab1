# shellcheck shell=bash
# Which answers the DNS cache takes: none that differs in anything from what was
# asked, comes late or twice, and none that is not to be kept.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

# forger CASE: over either family.
forger() {
	local family
	for family in 4 6; do
		/usr/bin/python3 -E -S "$TESTS/dns-forger.py" "$1" $family "$HOST_MAC" 2> "$T/forger.log" ||
			fail "see above, IPv$family"
	done
}

both_families() {
	pair6
	ip -batch - <<-END
		addr add $HOST_IP/24 dev vpn0
		addr add $NET.7/24 dev vpn0
		addr add $NET6:7/64 dev vpn0 nodad
	END
}

test_forged_answers() {
	both_families
	forger forged
	forger twice
}

# The driver looks itself, also where it does not look at all that comes.
test_corrupt_answers() {
	both_families
	forger sums
	ethtool -K vpn0 rx off
	forger sums
}

test_late_answers() {
	both_families
	forger late
}

test_what_is_not_kept() {
	both_families
	forger unfit
}

test_what_is_always_asked() {
	both_families
	forger queries
}
