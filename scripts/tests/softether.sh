# shellcheck shell=bash
# Debian's SoftEther VPN server, bridged to the Ethernet end.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# shellcheck disable=SC2034 # run.sh reads it
TIMEOUT=300
# shellcheck disable=SC2034 # this, too
ENOUGH_ON=6.1

test_softether() {
	local ns na
	ns vpn office
	ip link add vpn0 type virtualtap
	rtnl add name=vpn0.10 link=vpn0-l2 data vlan:u16=10
	ip link set vpn0-l2 netns vpn
	ip -n vpn link set vpn0-l2 up
	ip link set vpn0 up
	# What SecureNAT connects to, and one more host on the hub.
	ip -n vpn addr add 203.0.113.1/32 dev lo
	ip -n vpn link add office type veth peer name eth0 netns office
	ip -n vpn link set office up
	addresses eth0 office 192.168.30.2/24
	ip -n office link set eth0 up

	softether vpn
	softether_bridge vpn vpn0-l2
	softether_bridge vpn office
	dhcp_client
	wait_for 60 learned_is ipv4_address 192.168.30.10/24
	assert_eq ipv4_gateway "$(learned ipv4_gateway)" 192.168.30.1
	assert_eq ipv4_server "$(learned ipv4_server)" 192.168.30.1
	assert_eq ipv4_dns "$(learned ipv4_dns)" 192.168.30.1
	wait_for 30 default_route
	reaches 192.168.30.1
	learned ipv4_gateway_mac | grep -q '^5e:'
	reaches 192.168.30.2
	reaches 192.168.30.10 office
	# By the gateway, and from host to host, opened by either.
	data 20
	transfer '' vpn 203.0.113.1
	data 2
	transfer '' office 192.168.30.2
	transfer office '' 192.168.30.10
	# The hub asks whether its stations still have the IPv6 addresses it saw,
	# as a station that is no router.
	ns=$(counter vpn0 ns_received) na=$(counter vpn0 na_sent)
	wait_for 60 counts_more ns_received "$ns"
	wait_for 60 counts_more na_sent "$na"
	assert_eq ipv6_gateway "$(learned ipv6_gateway)" ""
	assert_eq address_conflicts "$(counter vpn0 address_conflicts)" 0
	tagged
}

# A hub carries tags from bridge to bridge.
tagged() {
	ip -n office link add link eth0 name e10 up type vlan id 10
	# It completes sums that a sender left to hardware, but not behind a tag.
	inside office ethtool -K eth0 tx off > /dev/null
	inside office ethtool -K e10 tx off > /dev/null
	addresses e10 office 10.10.0.2/24
	addresses vpn0.10 '' 10.10.0.5/24
	ip link set vpn0.10 up
	reaches 10.10.0.2
	reaches 10.10.0.5 office
	transfer '' office 10.10.0.2
}
counts_more() { [ "$(counter vpn0 "$1")" -gt "$2" ]; }
default_route() { ip route | grep -q '^default via 192.168.30.1 dev vpn0'; }
