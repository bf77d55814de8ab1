# shellcheck shell=bash
# VLAN tags: which host end a frame is for, and what is seen of the tags of those
# that it sends.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

# Host ends by tag, all with the same station MAC: none, and one id of either
# protocol.
BROADCAST=ff:ff:ff:ff:ff:ff
NET_Q=10.10.0
NET_AD=10.11.0
ports() {
	sysctl net.ipv6.conf.default.disable_ipv6 1
	pair
	rtnl - <<-END > "$T/rtnl.log"
		add name=q10 link=vpn0-l2 data vlan:u16=10 announce:u8=0
		add name=ad10 link=vpn0-l2 data vlan:u16=10 vlan_protocol:hex=88a8 announce:u8=0
	END
	assert_eq "rtnl.py" "$(sort -u "$T/rtnl.log")" ok
	ip -batch - <<-END
		link set q10 up
		link set ad10 up
		addr add $NET_Q.1/24 dev q10
		addr add $NET_AD.1/24 dev ad10
	END
	wait_for 10 linked q10
	wait_for 10 linked ad10
}

# each DEVICE COUNTER NUMBER...: what is sent may not be received yet.
each() {
	while [ $# -gt 0 ]; do
		wait_for 20 counter_is "$1" "$2" "$3"
		shift 3
	done
}
counter_is() { [ "$(counter "$1" "$2")" = "$3" ]; }

# Whole frames of each have the right tag and no other, there and back.
each_port_talks() {
	local net
	say clear
	for net in $NET $NET_Q $NET_AD; do
		# The core lets a packet socket send but 802.1Q tags beyond it.
		[ "$net" != $NET_AD ] || ip link set vpn0-l2 mtu 1504
		say host "$net.2" "$(station 2)"
		pings "$net.2" -s 1472 -M "do"
	done
	heard 1 "^$HOST_MAC > $BROADCAST arp request $HOST_MAC $NET.1 > "
	heard 1 "^$HOST_MAC > $BROADCAST vlan 8100:10 arp request $HOST_MAC $NET_Q.1 > "
	heard 1 "^$HOST_MAC > $BROADCAST vlan 88a8:10 arp request $HOST_MAC $NET_AD.1 > "
	heard 1 "^$HOST_MAC > $(station 2) ip $NET.1 > $NET.2 1 icmp 8 1 length 1500"
	heard 1 "^$HOST_MAC > $(station 2) vlan 8100:10 ip $NET_Q.1 > .* length 1500"
	heard 1 "^$HOST_MAC > $(station 2) vlan 88a8:10 ip $NET_AD.1 > .* length 1500"
	each vpn0 vlan_packets 0 q10 vlan_packets 2 ad10 vlan_packets 2
}

# by TAGS NET: a ping of the host end's address there, with these tags.
by() {
	say tags "$1"
	say ping "$(station 2)" "$2.2" "$HOST_MAC" "$2.1" 7
}

# each_frame_has_its_port: by its tag.
each_frame_has_its_port() {
	say clear
	by "8100:10" $NET_Q
	hears 1 "vlan 8100:10 ip $NET_Q.1 > $NET_Q.2 1 icmp 0 7"
	by "88a8:10" $NET_AD
	hears 1 "vlan 88a8:10 ip $NET_AD.1 > $NET_AD.2 1 icmp 0 7"
	# Priority and drop eligibility do not matter, nor does a tag that has
	# nothing else; answers have none.
	by "8100:0xf00a" $NET_Q
	hears 2 "vlan 8100:10 ip $NET_Q.1 > $NET_Q.2 1 icmp 0 7"
	by "8100:0xe000" $NET
	by "88a8:0" $NET
	by "" $NET
	hears 3 "> $(station 2) ip $NET.1 > $NET.2 1 icmp 0 7"
	heard 6 icmp
	each vpn0 vlan_packets 2 q10 vlan_packets 4 ad10 vlan_packets 3 \
		vpn0 ipv4_packets 4 q10 ipv4_packets 3 ad10 ipv4_packets 2
	# The other end of what the counters say.
	each vpn0-l2 rx_drop_unknown_vlan 0
}

# no_port_is_none: of another VLAN, or of another protocol's.
no_port_is_none() {
	say clear
	by "8100:11" $NET_Q
	by "88a8:11" $NET_AD
	by "8100:4095" $NET
	by "8100:1" $NET
	each vpn0-l2 rx_drop_unknown_vlan 4
	by "88a8:10 8100:10" $NET_AD
	by "88a8:10 88a8:10" $NET_AD
	by "8100:10 8100:10" $NET_Q
	by "8100:0 8100:10" $NET
	each ad10 rx_drop_vlan_nested 2 q10 rx_drop_vlan_nested 1 vpn0 rx_drop_vlan_nested 1
	heard 0 icmp
	say tags
}

# A host end that is down, or not there, has no frames; others do.
each_port_for_itself() {
	local dropped
	dropped=$(counter vpn0-l2 rx_drop_no_port)
	ip link set q10 down
	by "8100:10" $NET_Q
	each vpn0-l2 rx_drop_no_port $((dropped + 1))
	say tags
	pings $NET_AD.2
	ip link del q10
	by "8100:10" $NET_Q
	each vpn0-l2 rx_drop_unknown_vlan 5
	say tags
	pings $NET_AD.2
	pings $NET.2
}

everything_about_tags() {
	each_port_talks
	each_frame_has_its_port
	no_port_is_none
	each_port_for_itself
	segment_is_clean
}

# Tags are in what it sends, beside what it receives.
test_packet_socket() {
	ports
	stations
	everything_about_tags
}

# The bridge takes tags out of the frames of the tap and hands them over beside
# them; the tap wants them in the frames.
test_tap_behind_a_bridge() {
	# Where udev does not run, it makes its /dev/net/tun.
	modprobe tun
	ports
	stations tap:tap0
	# Its own stack has nothing to say.
	ip -batch - <<-END
		link add br0 type bridge mcast_snooping 0
		link set vpn0-l2 master br0
		link set tap0 master br0 up
		link set br0 up
	END
	each_bridge_port forwarding
	everything_about_tags
}
each_bridge_port() {
	wait_for 30 linked br0
	wait_for 30 bridge_ports_are "$1 $1"
}
bridge_ports_are() {
	[ "$(bridge -j link show | jq -r '[.[].state] | join(" ")')" = "$1" ]
}
