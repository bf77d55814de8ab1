# shellcheck shell=bash
# The pair as a link: creation, names, addresses, carrier, namespaces, removal.

add() { ip link add "$1" "${@:2}" type virtualtap; }

test_both_ends_are_created() {
	add vpn0
	exists vpn0
	exists vpn0-l2
	assert_eq "kind of the host end" "$(link_field vpn0 .linkinfo.info_kind)" virtualtap
	assert_eq "link of the host end" "$(link_field vpn0 .link)" vpn0-l2
	assert_eq "link of the Ethernet end" "$(link_field vpn0-l2 .link)" vpn0
	ip -d link show vpn0 | grep -q virtualtap
}

test_default_names() {
	ip link add type virtualtap
	exists virtualtap0
	exists virtualtap0-l2
}

test_deletion_from_either_end() {
	local end
	for end in vpn0 vpn0-l2; do
		add vpn0
		ip link del "$end"
		gone vpn0 || fail "vpn0 outlived the deletion of $end"
		gone vpn0-l2 || fail "vpn0-l2 outlived the deletion of $end"
	done
}

test_name_without_room_for_the_suffix() {
	add twelve-chars
	exists twelve-chars-l2
	refused 'peer' add thirteenchars
	gone thirteenchars || fail "half a pair is left"
}

test_name_taken_by_another_link() {
	ip link add vpn0-l2 type dummy
	refused 'exists' add vpn0
	gone vpn0 || fail "half a pair is left"
	assert_eq "the other link" "$(link_field vpn0-l2 .linkinfo.info_kind)" dummy
}

test_random_station_mac() {
	local mac
	add vpn0
	mac=$(link_field vpn0 .address)
	# Locally administered, unicast.
	[[ $mac == ?[26ae]:* ]] || fail "station MAC $mac"
	assert_eq addr_assign_type "$(cat /sys/class/net/vpn0/addr_assign_type)" 1
	[ "$mac" != "$(link_field vpn0-l2 .address)" ] || fail "both ends have $mac"
}

test_given_station_mac() {
	add vpn0 address 02:00:5e:10:20:30
	assert_eq "station MAC" "$(link_field vpn0 .address)" 02:00:5e:10:20:30
	assert_eq addr_assign_type "$(cat /sys/class/net/vpn0/addr_assign_type)" 3
	ip link set vpn0 up
	ip link set vpn0 address 02:00:5e:10:20:31
	assert_eq "station MAC" "$(link_field vpn0 .address)" 02:00:5e:10:20:31
}

test_bad_station_macs() {
	local mac
	for mac in 01:00:5e:00:00:01 ff:ff:ff:ff:ff:ff 00:00:00:00:00:00; do
		refused . add vpn0 address "$mac"
		gone vpn0
	done
	add vpn0 address 02:00:5e:10:20:30
	refused . ip link set vpn0 address 01:00:5e:00:00:01
	refused . ip link set vpn0 address "$(link_field vpn0-l2 .address)"
	refused . ip link set vpn0-l2 address 02:00:5e:10:20:30
	assert_eq "station MAC" "$(link_field vpn0 .address)" 02:00:5e:10:20:30
}

test_host_end_is_no_ethernet_device() {
	local flag flags
	add vpn0
	assert_eq "type of the host end" "$(link_field vpn0 .link_type)" none
	assert_eq "type of the Ethernet end" "$(link_field vpn0-l2 .link_type)" ether
	flags=$(link_field vpn0 '.flags | join(" ")')
	for flag in NOARP BROADCAST MULTICAST; do
		[[ " $flags " == *" $flag "* ]] || fail "no $flag in $flags"
	done
	[[ $flags != *POINTOPOINT* ]] || fail "POINTOPOINT in $flags"
}

test_mtu_of_each_end_is_its_own() {
	add vpn0
	assert_eq "MTU" "$(link_field vpn0 .mtu)" 1500
	ip link set vpn0 mtu 1400
	ip link set vpn0-l2 mtu 2000
	assert_eq "MTU of the host end" "$(link_field vpn0 .mtu)" 1400
	assert_eq "MTU of the Ethernet end" "$(link_field vpn0-l2 .mtu)" 2000
	refused . ip link set vpn0 mtu 10
}

test_carrier() {
	add vpn0
	ip link set vpn0 up
	carrier_is vpn0 0 || fail "carrier while the Ethernet end is down"
	ip link set vpn0-l2 up
	wait_for 10 carrier_is vpn0 1
	wait_for 10 carrier_is vpn0-l2 1
	ip link set vpn0 down
	wait_for 10 carrier_is vpn0-l2 0
	ip link set vpn0 up
	wait_for 10 carrier_is vpn0-l2 1
	ip link set vpn0-l2 down
	wait_for 10 carrier_is vpn0 0
}

# Where RPS is in use, the kernel complains of a queue that the device has not.
test_queues_of_each_end_are_its_own() {
	local port queues
	echo 1 > /sys/class/net/lo/queues/rx-0/rps_cpus
	ip link add vpn0 numtxqueues 8 numrxqueues 2 type virtualtap
	queues=(/sys/class/net/vpn0-l2/queues/rx-*)
	assert_eq "queues that vpn0-l2 receives by" ${#queues[@]} 2
	ip link set vpn0-l2 up
	ip link set vpn0 up
	wait_for 10 carrier_is vpn0 1
	ip addr add 10.9.0.5/24 dev vpn0
	ip neigh add 10.9.0.2 lladdr 02:00:5e:00:00:02 nud permanent dev vpn0
	# By their ports, one or another of eight.
	for port in {1001..1064}; do echo > "/dev/udp/10.9.0.2/$port"; done
	[ "$(counter vpn0 tx_drop_nomem)" = 0 ] &&
		[ "$(< /sys/class/net/vpn0-l2/statistics/rx_packets)" -ge 64 ] || fail "they did not come"
	echo 0 > /sys/class/net/lo/queues/rx-0/rps_cpus
}

test_no_link_local_address_on_the_ethernet_end() {
	add vpn0
	ip link set vpn0 up
	ip link set vpn0-l2 up
	wait_for 10 carrier_is vpn0-l2 1
	assert_eq "addresses of vpn0-l2" "$(ip -br addr show dev vpn0-l2 | awk '{ print $3 }')" ""
	# But who wants one, until the device moves.
	ip link set vpn0-l2 addrgenmode eui64
	ip link set vpn0-l2 down
	ip link set vpn0-l2 up
	wait_for 20 has_address6
	ns other
	ip link set vpn0-l2 netns other
	ip -n other link set vpn0-l2 up
	wait_for 10 carrier_is vpn0 1
	assert_eq "addresses there" "$(ip -n other -br addr show dev vpn0-l2 | awk '{ print $3 }')" ""
}
has_address6() { ip -6 addr show dev vpn0-l2 | grep -q inet6; }

test_ends_in_different_namespaces() {
	ns a b
	add vpn0
	ip link set vpn0-l2 netns a
	exists vpn0-l2 a
	gone vpn0-l2
	[ "$(link_field vpn0 .link_netnsid)" != null ] || fail "no link-netnsid"
	ip link set vpn0 netns b
	ip -n b link set vpn0 up
	ip -n a link set vpn0-l2 up
	wait_for 10 inside b grep -q 1 /sys/class/net/vpn0/carrier
	ip -n a link del vpn0-l2
	gone vpn0 b || fail "the host end outlived the Ethernet end"
}

test_namespace_exit_removes_both_ends() {
	local end
	for end in vpn0 vpn0-l2; do
		ns a b
		ip -n b link add vpn0 type virtualtap
		ip -n b link set "$end" netns a
		ip netns del a
		wait_for 30 gone vpn0 b
		wait_for 30 gone vpn0-l2 b
		ip netns del b
	done
}

test_namespace_exit_with_both_ends_inside() {
	ns a
	ip -n a link add vpn0 type virtualtap
	ip -n a link set vpn0 up
	ip -n a link set vpn0-l2 up
	ip netns del a
}

test_driver_information() {
	add vpn0
	ethtool -i vpn0 | grep -qx 'driver: virtualtap'
	ethtool -i vpn0 | grep -qE '^version: .*[0-9]'
	ethtool -S vpn0 > /dev/null
}

test_many_pairs() {
	local i
	for i in $(seq 20); do add "vpn$i"; done
	for i in $(seq 20); do exists "vpn$i-l2" || fail "vpn$i-l2 is missing"; done
	for i in $(seq 20); do ip link del "vpn$i"; done
}

test_unload_takes_the_links_along_and_use_loads() {
	add vpn0
	rmmod virtualtap
	gone vpn0
	gone vpn0-l2
	# By its alias.
	add vpn0
	exists vpn0
}
