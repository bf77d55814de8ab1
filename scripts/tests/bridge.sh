# shellcheck shell=bash
# A VPN that is a Linux bridge, and one that is nothing but the Ethernet end.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

test_linux_bridge() {
	vpn_segment
	ip addr add 10.9.0.5/24 dev vpn0
	station pc 10.9.0.2/24
	reaches 10.9.0.2
	reaches 10.9.0.5 pc
	data 5
	transfer '' pc 10.9.0.2
	transfer pc '' 10.9.0.5
	# Nothing was lost on the way that has a reason of ours.
	! ethtool -S vpn0 | grep 'drop_.*: [1-9]' || fail "drops"
}

# The Ethernet end's own namespace is the VPN.
test_address_on_the_ethernet_end() {
	ns vpn
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 netns vpn
	addresses vpn0-l2 vpn 10.9.0.2/24
	ip -n vpn link set vpn0-l2 up
	ip addr add 10.9.0.5/24 dev vpn0
	ip link set vpn0 up
	reaches 10.9.0.2
	reaches 10.9.0.5 vpn
	data 5
	transfer '' vpn 10.9.0.2
	transfer vpn '' 10.9.0.5
}
