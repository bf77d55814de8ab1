# shellcheck shell=bash
# The Ethernet end keeps out of the stack of the host that both ends are in.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# On vpn0 itself, as on any device, a server is one before there is a route to it.
no_martians() {
	! dmesg | tac | sed '/test: /q' | grep 'martian .*dev vpn0-l2' || fail "martians"
}

# The worst case: the host listens as a DHCP server on all devices, the VPN's
# own server is a packet socket on the Ethernet end, as SoftEther's.
test_both_ends_in_one_namespace() {
	sysctl -q net.ipv4.conf.{all,default}.{log_martians,rp_filter}=1
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 up
	ip link set vpn0 up
	background listener socat -u UDP4-RECV:67 OPEN:"$T/heard",creat
	wait_for 20 test -e heard
	background peer "$dir/dhcp-peer.py" vpn0-l2
	wait_for 20 grep -q listening peer.log

	dhcp_client
	wait_for 30 has_address 10.9.0.50/24
	# It announces its address three times, asks for others, sends to all.
	! ping -q -c 1 -W 4 10.9.0.1 > ping.log || fail "the peer answers no ping"
	! ping -q -b -c 1 -W 1 10.9.0.255 > ping.log 2>&1 || fail "who answered?"
	[ "$(counter vpn0 arp_requests_sent)" -ge 4 ]
	assert_eq "bytes heard of our own requests" "$(wc -c < heard)" 0
	assert_eq arp_packets "$(counter vpn0 arp_packets)" 0
	assert_eq address_conflicts "$(counter vpn0 address_conflicts)" 0
	no_martians

	# What the VPN brings is another matter.
	"$dir/dhcp-peer.py" vpn0-l2 --discover
	wait_for 20 test -s heard
	no_martians
}
has_address() { ip -br addr show dev vpn0 | grep -q " $1 "; }
