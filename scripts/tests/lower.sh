# shellcheck shell=bash
# Host ends directly on an existing Ethernet device, tap0, without a pair or a
# bridge: what they follow, what they leave behind, and real layer-2 links.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

GIVEN=02:00:5e:10:20:30
NET6=2001:db8:9:

# on_tap0 [ip-link OPTION]...: the host end.
on_tap0() {
	ip link add vpn0 "$@" link tap0 type virtualtap
	up vpn0 '' 10.9.0.5/24
}

# vlan_port: one more, for VLAN 10.
vlan_port() { rtnl add name=vpn10 link=tap0 data vlan:u16=10; }

linked() { ls "/sys/class/net/$1/$2" > /dev/null 2>&1; }

# modes_are PROMISCUITY ALLMULTI: of tap0.
modes_are() {
	assert_eq "promiscuity and allmulti of tap0" \
		"$(link_field tap0 '"\(.promiscuity) \(.allmulti)"')" "$1 $2"
}

# given_back: tap0 is as if no host end had been on it.
given_back() {
	modes_are 0 0
	assert_eq "links of tap0" "$(ls -d /sys/class/net/tap0/upper_* 2> /dev/null || true)" ""
	assert_eq "addresses that tap0 receives for" \
		"$(bridge fdb show dev tap0 | grep -v '^\(01\|33\):' || true)" ""
	# Somebody else may receive for it.
	ip link add other type bridge
	ip link set tap0 master other
	ip link del other
}

# office: a namespace that this host reaches by 203.0.113.2.
office() {
	ns office
	inside office sysctl -q net.ipv6.conf.default.accept_dad=0
	ip link add wan type veth peer name wan netns office
	up wan '' 203.0.113.1/24
	up wan office 203.0.113.2/24
}

# both_ways ADDRESS DEVICE: with that of the office's DEVICE.
both_ways() {
	reaches "$1"
	reaches 10.9.0.5 office
	wait_for 20 address6_of link vpn0
	reaches "$(address6_of link "$2" office)%vpn0"
	reaches "$(address6_of link vpn0)%$2" office
	data 1
	transfer '' office "$1"
	transfer office '' 10.9.0.5
}

# tunnel MTU ip-link-ARGUMENT...: tap0, between this host and the office's.
tunnel() {
	office
	ip link add tap0 "${@:2}" local 203.0.113.1 remote 203.0.113.2
	ip link set tap0 addrgenmode none up
	ip -n office link add tap0 "${@:2}" local 203.0.113.2 remote 203.0.113.1
	up tap0 office 10.9.0.1/24
	on_tap0
	assert_eq "MTU of tap0" "$(link_field tap0 .mtu)" "$1"
	assert_eq "MTU of vpn0" "$(link_field vpn0 .mtu)" "$1"
	both_ways 10.9.0.1 tap0
	! ping -M "do" -c 1 -s $(($1 - 27)) 10.9.0.1 > ping.log 2>&1 || fail "not too long"
	grep -q "too long, mtu[=:] *$1" ping.log
	ping -M "do" -q -c 1 -W 20 -s $(($1 - 28)) 10.9.0.1 > ping.log

	# A larger one of its own does not make the way wider.
	ip link set vpn0 mtu 1500
	ping -M dont -q -c 1 -W 20 -s 1472 10.9.0.1 > ping.log
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 0
	! ping -M "do" -c 1 -W 5 -s 1472 10.9.0.1 > ping.log 2>&1 || fail "not too big"
	grep -qi "frag needed.*mtu = $1" ping.log
	assert_eq tx_drop_too_big "$(counter vpn0 tx_drop_too_big)" 1
}

test_vxlan() {
	modprobe -q vxlan || { left_out "vxlan: not in this kernel"; return; }
	tunnel 1450 type vxlan id 42 dev wan dstport 4789
}

test_gretap() {
	modprobe -q ip_gre || { left_out "gretap: not in this kernel"; return; }
	tunnel 1462 type gretap
}

# Packets of TCP that are longer than their header can tell.
test_big_tcp() {
	lower_segment
	on_tap0
	addresses vpn0 '' $NET6:5/64
	addresses eth0 pc $NET6:2/64
	ip -n pc link set eth0 gso_max_size 185000
	capture big '' vpn0 'ip6 and greater 65600'
	data 8
	transfer pc '' $NET6:5
	captured_some big || left_out "BIG TCP: no packet was so long"
	! ethtool -S vpn0 | grep 'drop_ip_length: [1-9]\|drop_ext_headers: [1-9]' || fail "drops"
}

# Who asks when its packet left is told once.
test_time_stamps() {
	lower_segment
	on_tap0
	reaches 10.9.0.2
	assert_eq "time stamps" "$(/usr/bin/python3 -E -S -c 'import socket, time
SO_TIMESTAMPING, TX_SOFTWARE, SOFTWARE = 37, 2, 16
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPING, TX_SOFTWARE | SOFTWARE)
s.sendto(b"x", ("10.9.0.2", 9))
time.sleep(1)
told = 0
try:
    while True:
        s.recvmsg(2048, 512, socket.MSG_ERRQUEUE | socket.MSG_DONTWAIT)
        told += 1
except BlockingIOError:
    print(told)')" 1
}

test_untagged_and_vlan() {
	lower_segment
	on_tap0
	vlan_port
	up vpn10 '' 10.9.10.5/24
	ip -n pc link add eth0.10 link eth0 type vlan id 10
	up eth0.10 pc 10.9.10.2/24
	assert_eq "station MAC of vpn10" "$(mac_of vpn10)" "$(mac_of vpn0)"
	reaches 10.9.0.2
	reaches 10.9.10.2
	reaches 10.9.0.5 pc
	reaches 10.9.10.5 pc
	data 1
	transfer pc '' 10.9.10.5
	transfer '' pc 10.9.10.2
	assert_eq "tagged for vpn0" "$(counter vpn0 vlan_packets)" 0
	[ "$(counter vpn10 vlan_packets)" -gt 100 ] || fail "vlan_packets of vpn10"
}

test_carrier_follows() {
	lower_segment
	on_tap0
	vlan_port
	ip link set vpn10 up
	wait_for 10 carrier_is vpn0 1
	wait_for 10 carrier_is vpn10 1
	ip -n pc link set eth0 down
	wait_for 10 carrier_is vpn0 0
	wait_for 10 carrier_is vpn10 0
	ip -n pc link set eth0 up
	wait_for 10 carrier_is vpn0 1
	ip link set tap0 down
	wait_for 10 carrier_is vpn0 0
	wait_for 10 carrier_is vpn10 0
	ip link set tap0 up
	wait_for 10 carrier_is vpn0 1
	wait_for 10 carrier_is vpn10 1
	# As where it is down already.
	ip link del vpn0
	ip link set tap0 down
	on_tap0
	carrier_is vpn0 0 || fail "carrier on a device that is down"
}

test_links_names_and_mtu() {
	lower_segment
	ip link set tap0 mtu 1400
	ip link add vpn0 mtu 1300 link tap0 type virtualtap
	assert_eq "MTU given" "$(link_field vpn0 .mtu)" 1300
	ip link del vpn0
	on_tap0
	assert_eq "MTU" "$(link_field vpn0 .mtu)" 1400
	vlan_port
	linked tap0 upper_vpn0 || fail "no upper_vpn0"
	linked tap0 upper_vpn10 || fail "no upper_vpn10"
	linked vpn0 lower_tap0 || fail "no lower_tap0"
	ip -d link show vpn0 | grep -q 'vpn0@tap0'
	assert_eq "link of vpn10" "$(link_field vpn10 .link)" tap0
	assert_eq ethernet "$(learned ethernet)" tap0
	gone vpn0-l2 || fail "an Ethernet end"
	ip link set tap0 down
	ip link set tap0 name tap1
	assert_eq ethernet "$(learned ethernet)" tap1
	linked vpn0 lower_tap1 || fail "no lower_tap1"
}

test_deletion() {
	lower_segment
	on_tap0
	modes_are 0 1
	vlan_port
	ip link del vpn10
	linked tap0 upper_vpn0 || fail "vpn0 went with a port"
	! linked tap0 upper_vpn10 || fail "upper_vpn10 is left"
	reaches 10.9.0.2
	vlan_port
	ip link del vpn0
	gone vpn10 || fail "vpn10 outlived the owner"
	given_back
	on_tap0 address $GIVEN
	vlan_port
	ip link del vpn0
	given_back
	on_tap0
	vlan_port
	ip link del tap0
	gone vpn0 || fail "vpn0 outlived tap0"
	gone vpn10 || fail "vpn10 outlived tap0"
}

test_namespace_exit() {
	local end
	for end in tap0 vpn0; do
		lower_segment
		ns leaving
		on_tap0
		ip link set "$end" netns leaving
		ip -n leaving link set "$end" up
		ip netns del leaving
		if [ $end = tap0 ]; then
			wait_for 30 gone vpn0
		else
			wait_for 30 sh -c '! ls /sys/class/net/tap0/upper_vpn0'
			given_back
		fi
		ip netns del pc
		wait_for 30 gone tap0
	done
}

# not_on DEVICE PATTERN
not_on() { refused "$2" ip link add vpn0 link "$1" type virtualtap; }

test_refused_devices() {
	local before
	modprobe -q tun || true
	modprobe -q ip_gre || true
	ip -batch - <<-END
		tuntap add tun0 mode tun
		link add pair type virtualtap
		link add br0 type bridge
		link add port type dummy
		link set port master br0
		link add parent type dummy
		link add macvlan0 link parent type macvlan
	END
	rtnl add name=ether data mode:u8=1
	before=$(ip -d -o link show)
	not_on lo 'not an Ethernet device'
	not_on tun0 'not an Ethernet device'
	not_on pair 'is a host end itself'
	not_on ether 'is a host end itself'
	not_on port 'has a master'
	not_on parent 'Another driver'
	assert_eq "the links" "$(ip -d -o link show)" "$before"
	ip link add gre1 type gre local 192.0.2.1 remote 192.0.2.2 2> /dev/null ||
		{ left_out "gre: not in this kernel"; return; }
	not_on gre1 'not an Ethernet device'
}

test_used_device_is_busy() {
	lower_segment
	on_tap0
	ip link add br0 type bridge
	refused 'busy' ip link set tap0 master br0
	refused 'busy' ip link add macvlan0 link tap0 type macvlan
	refused 'has a host end for these frames' ip link add vpn1 link tap0 type virtualtap
	gone vpn1 || fail "two host ends for untagged frames"
	modes_are 0 1
	reaches 10.9.0.2
}

assign_type() { cat /sys/class/net/vpn0/addr_assign_type; }

test_station_mac() {
	lower_segment
	on_tap0
	assert_eq "station MAC" "$(mac_of vpn0)" "$(mac_of tap0)"
	assert_eq addr_assign_type "$(assign_type)" 2
	ip link set tap0 address 02:00:5e:00:00:77
	assert_eq "station MAC" "$(mac_of vpn0)" 02:00:5e:00:00:77
	assert_eq addr_assign_type "$(assign_type)" 2
	reaches 10.9.0.5 pc
	modes_are 0 1

	# Its own, while it is up: then tap0 receives for it, and the peer hears.
	ip link set vpn0 address $GIVEN
	assert_eq addr_assign_type "$(assign_type)" 3
	bridge fdb show dev tap0 | grep -q "^$GIVEN " || fail "tap0 does not receive for $GIVEN"
	reaches 10.9.0.5 pc
	assert_eq "station MAC at the peer" \
		"$(ip -n pc -j neigh show 10.9.0.5 | jq -r '.[0].lladdr')" $GIVEN
	vlan_port
	ip link set tap0 address 02:00:5e:00:00:78
	assert_eq "station MAC" "$(mac_of vpn0)" $GIVEN
	assert_eq "station MAC of vpn10, which has it from vpn0" "$(mac_of vpn10)" $GIVEN
	ip link del vpn10
	# The device's own needs nothing.
	ip link set vpn0 address 02:00:5e:00:00:78
	! bridge fdb show dev tap0 | grep -q "^$GIVEN " || fail "tap0 still receives for $GIVEN"
	ip link set tap0 address 02:00:5e:00:00:79
	bridge fdb show dev tap0 | grep -q "^02:00:5e:00:00:78 " || fail "not for its former address"
	reaches 10.9.0.5 pc
	ip link del vpn0
	given_back
}

test_what_belongs_to_no_port() {
	lower_segment
	on_tap0
	belongs_to_no_port
	ip link del vpn0
	# A host end that looks like an Ethernet device is one, too.
	rtnl add name=vpn0 link=tap0 data mode:u8=1
	up vpn0 '' 10.9.0.5/24
	belongs_to_no_port
}
belongs_to_no_port() {
	local none=020000000001020000000002
	vlan_port
	# VLAN 20; an IPv4 type and no more, for the untagged port, which is down.
	send_frame eth0 pc $none 81000014 0800 "$(printf '00%.0s' {1..46})"
	wait_for 10 counted rx_drop_unknown_vlan 1
	ip link set vpn0 down
	send_frame eth0 pc $none 0800 "$(printf '00%.0s' {1..46})"
	wait_for 10 counted_more rx_drop_no_port
	assert_eq rx_drop_runt "$(counter vpn0 rx_drop_runt)" 0
	wait_for 10 were_received
	! ethtool -S vpn10 | grep -E 'rx_drop_(unknown_vlan|no_port|runt)' || fail "vpn10 has them, too"
	ip link del vpn10
}
# They came; the host did not send them. One more may come between two looks.
were_received() {
	[ "$(< /sys/class/net/vpn0/statistics/rx_dropped)" = \
		"$(($(counter vpn0 rx_drop_unknown_vlan) + $(counter vpn0 rx_drop_no_port)))" ]
}
counted() { [ "$(counter vpn0 "$1")" = "$2" ]; }
counted_more() { [ "$(counter vpn0 "$1")" -gt 0 ]; }

test_moves() {
	ns lowers uppers
	lower_segment
	on_tap0 address $GIVEN
	vlan_port
	reaches 10.9.0.2
	ip link set tap0 netns lowers
	ip -n lowers link set tap0 addrgenmode none up
	wait_for 10 carrier_is vpn0 1
	reaches 10.9.0.5 pc
	inside lowers bridge fdb show dev tap0 | grep -q "^$GIVEN " ||
		fail "tap0 does not receive for $GIVEN after its move"
	ip link set vpn0 netns uppers
	up vpn0 uppers 10.9.0.5/24
	reaches 10.9.0.5 pc
	reaches 10.9.0.2 uppers
	assert_eq ethernet "$(inside uppers cat /sys/class/net/vpn0/virtualtap/ethernet)" tap0
	[ "$(link_field vpn0 .link_netnsid uppers)" != null ] || fail "no link-netnsid"
	ip -n lowers link del tap0
	gone vpn0 uppers || fail "vpn0 outlived tap0"
	gone vpn10 || fail "vpn10 outlived tap0"
}

# between_namespaces: vpn0 on tap0 in "host", eth0 of "vpn" behind it.
between_namespaces() {
	printf '%s\n' "link add tap0 type veth peer name eth0 netns vpn" \
		"link set tap0 addrgenmode none up" "link add vpn0 link tap0 type virtualtap" \
		"addr add 10.9.0.5/24 dev vpn0" "link set vpn0 up" | ip -n host -batch -
	up eth0 vpn 10.9.0.2/24
	wait_for 30 received host vpn0
}

test_deletion_under_traffic() {
	local round
	places host vpn
	ping_flood host 10.9.0.2
	ping_flood vpn 10.9.0.5
	for round in 1 2 3 4 5 6; do
		between_namespaces
		case $((round % 3)) in
		0) ip -n host link del vpn0; ip -n host link del tap0 ;;
		1) ip -n host link del tap0 ;;
		2) ip -n vpn link del eth0 ;;
		esac
		gone vpn0 host || fail "vpn0 is left"
		gone tap0 host || fail "tap0 is left"
	done
	for round in 1 2; do
		between_namespaces
		rmmod virtualtap
		gone vpn0 host || fail "vpn0 is left"
		inside host ip link add other type bridge
		inside host ip link set tap0 master other
		inside host ip link del other
		ip -n host link del tap0
		modprobe virtualtap
	done
}
