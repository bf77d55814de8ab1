# shellcheck shell=bash
# The pair comes, moves and goes under traffic in both directions.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# apart [HOST VPN]: makes the pair, its ends in namespaces of their own.
apart() {
	printf '%s\n' "link add vpn0 type virtualtap" "link set vpn0-l2 netns ${2:-vpn}" \
		"addr add 10.9.0.5/24 dev vpn0" "link set vpn0 up" | ip -n "${1:-host}" -batch -
	up vpn0-l2 "${2:-vpn}" 10.9.0.2/24
}

test_deletion_under_traffic() {
	local round
	places host vpn
	ping_flood host 10.9.0.2
	ping_flood vpn 10.9.0.5
	for round in $(seq 20); do
		apart
		wait_for 30 received host vpn0
		if [ $((round % 2)) = 0 ]; then
			ip -n host link del vpn0
		else
			ip -n vpn link del vpn0-l2
		fi
		gone vpn0 host || fail "the host end is left"
		gone vpn0-l2 vpn || fail "the Ethernet end is left"
	done
}

# A process would keep its namespace: only the other side sends. The answers
# are traffic from the one that goes.
test_namespace_exit_under_traffic() {
	local round
	places host vpn
	ping_flood host 10.9.0.2
	ping_flood vpn 10.9.0.5
	for round in $(seq 6); do
		ns leaving
		if [ $((round % 2)) = 0 ]; then
			apart host leaving
			wait_for 30 received host vpn0
		else
			apart leaving vpn
			wait_for 30 received vpn vpn0-l2
		fi
		ip netns del leaving
		wait_for 60 gone vpn0 host
		wait_for 60 gone vpn0-l2 vpn
	done
}

# move DEVICE ADDRESS/LENGTH FROM TO
move() {
	ip -n "$3" link set "$1" netns "$4"
	up "$1" "$4" "$2"
}

# The pings to an end do not stop while it is away.
test_moves_under_traffic() {
	local round
	places host other vpn
	apart
	ping_flood vpn 10.9.0.5
	for round in $(seq 6); do
		move vpn0 10.9.0.5/24 host other
		move vpn0 10.9.0.5/24 other host
	done
	wait_for 30 received host vpn0
	reaches 10.9.0.2 host
	stop ping-vpn

	ping_flood host 10.9.0.2
	for round in $(seq 6); do
		move vpn0-l2 10.9.0.2/24 vpn other
		move vpn0-l2 10.9.0.2/24 other vpn
	done
	reaches 10.9.0.5 vpn
}

test_unload_under_traffic() {
	local round
	places host vpn
	ping_flood host 10.9.0.2
	ping_flood vpn 10.9.0.5
	for round in $(seq 3); do
		modprobe virtualtap
		apart
		wait_for 30 received host vpn0
		rmmod virtualtap
		gone vpn0 host || fail "the host end is left"
	done
	modprobe virtualtap
}

test_transfer_between_namespaces() {
	ns host vpn
	apart
	data 5
	transfer host vpn 10.9.0.2
	transfer vpn host 10.9.0.5
}
