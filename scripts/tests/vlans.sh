# shellcheck shell=bash
# Many host ends on one Ethernet end, one a VLAN: with peers that know VLANs, as
# links, and in numbers. What is seen of the tags: tags.sh.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# requests: rtnl.py takes those of standard input.
requests() {
	rtnl - > "$T/requests.log"
	assert_eq "answers" "$(sort -u "$T/requests.log")" ok
}

# ports ID...: vpn0, and vpn0.ID on VLAN ID.
ports() {
	local id
	ip link add vpn0 type virtualtap
	for id; do echo "add name=vpn0.$id link=vpn0-l2 data vlan:u16=$id"; done | requests
}

# trunk ID...: a bridge that knows VLANs; what has no tag is of VLAN 1 there.
trunk() {
	local id
	ns vpn
	ip link set vpn0-l2 netns vpn
	ip -n vpn -batch - <<-END
		link add br0 type bridge vlan_filtering 1
		link set br0 up
		link set vpn0-l2 master br0 up
	END
	for id; do echo "vlan add vid $id dev vpn0-l2"; done | bridge -n vpn -batch -
}

# access ID SUBNET: behind an access port of that VLAN the station pcID, which is
# SUBNET.1, has SUBNET.5 to lease, and says by TCP who it is before it returns
# what it gets.
access() {
	local name=pc$1
	station "$name" "$2.1/24"
	bridge -n vpn -batch - <<-END
		vlan del vid 1 dev $name
		vlan add vid $1 pvid untagged dev $name
	END
	SERVER=dhcp-$name dhcp_server "$name" eth0 --dhcp-option=3 \
		--dhcp-range="$2.5,$2.5,255.255.255.0,1h"
	background_as "tcp-$name" "$name" \
		socat TCP4-LISTEN:7,fork,reuseaddr SYSTEM:"echo $name; exec cat"
	wait_for 20 listens "$name" 7
}

# leases DEVICE ADDRESS: its DHCP client does.
leases() {
	wait_for 60 learned_is ipv4_address "$2/24" "$1"
	wait_for 30 has_address "$1" "$2"
}
has_address() { ip -4 -br addr show dev "$1" | grep -qF " $2/24"; }

# talks DEVICE STATION SUBNET: with a whole frame each way, and much of TCP.
# DEVICE may be a VRF.
talks() {
	ping -q -I "$1" -M "do" -s 1472 -c 1 -W 20 "$3.1" > ping.log ||
		fail "no ping to $3.1 by $1"
	inside "$2" ping -q -M "do" -s 1472 -c 1 -W 20 "$3.5" > ping.log ||
		fail "no ping to $3.5 from $2"
	{ echo "$2"; cat data; } > wanted
	socat -t 60 STDIO "TCP4:$3.1:7,so-bindtodevice=$1" < data > got
	cmp wanted got || fail "$1 does not talk to $2"
}

# The same addresses on two VLANs at once, in a routing table each.
test_bridge_that_knows_vlans() {
	local id device
	ports 10 20 30
	requests <<< "add name=vpn0.s10 link=vpn0-l2 data vlan:u16=10 vlan_protocol:hex=88a8"
	trunk 10 20 30
	ip -batch - <<-END
		link add vrf10 up type vrf table 10
		link add vrf20 up type vrf table 20
		link set vpn0.10 master vrf10
		link set vpn0.20 master vrf20
	END
	access 1 10.1.0
	access 10 10.9.0
	access 20 10.9.0
	access 30 10.3.0
	capture wire vpn vpn0-l2 'vlan 10 and icmp'
	for device in vpn0 vpn0.10 vpn0.20 vpn0.30; do CLIENT=$device dhcp_client; done
	leases vpn0 10.1.0.5
	leases vpn0.10 10.9.0.5
	leases vpn0.20 10.9.0.5
	leases vpn0.30 10.3.0.5
	data 1
	talks vpn0 pc1 10.1.0
	talks vrf10 pc10 10.9.0
	talks vrf20 pc20 10.9.0
	talks vpn0.30 pc30 10.3.0
	# As tcpdump shows them.
	wait_for 20 captured_some wire "ether src $(mac_of vpn0.10) and vlan 10"
	assert_eq vlan_packets "$(counter vpn0 vlan_packets)" 0
	for id in 10 20 30; do
		[ "$(counter "vpn0.$id" vlan_packets)" -gt 0 ] || fail "vlan_packets of vpn0.$id"
	done
	assert_eq drops "$(ethtool -S vpn0.10 | grep 'drop_.*: [1-9]')" ""

	# The same id of the other protocol.
	ip -n vpn link set br0 type bridge vlan_protocol 802.1ad
	! ping -q -I vrf10 -c 1 -W 2 10.9.0.1 > ping.log || fail "802.1Q in a bridge for 802.1ad"
	ip -batch - <<-END
		link set vpn0.10 down
		link set vpn0.s10 up
		addr add 10.9.0.5/24 dev vpn0.s10
	END
	talks vpn0.s10 pc10 10.9.0
}

# It takes and gives tags beside the frames; a host end has none.
features() {
	local feature features
	features=$(ethtool -k vpn0-l2)
	for feature in tx-vlan-offload rx-vlan-offload tx-vlan-stag-hw-insert rx-vlan-stag-hw-parse; do
		grep -q "^$feature: on" <<< "$features" || fail "$feature"
	done
	grep -q '^vlan-challenged: off' <<< "$features" || fail "no VLAN devices"
	ethtool -k vpn0.10 | grep -q '^vlan-challenged: on \[fixed\]' || fail "VLAN devices"
	refused "VLANs not supported" ip link add link vpn0 name odd type vlan id 5
	refused "VLANs not supported" ip link add link vpn0.10 name odd type vlan id 5
}

# The tag is beside the frame, and a second one in it.
test_vlan_devices_on_the_ethernet_end() {
	ports 10
	features
	requests <<< "add name=vpn0.s10 link=vpn0-l2 data vlan:u16=10 vlan_protocol:hex=88a8"
	ns vpn
	# All frames are those of the test.
	inside vpn sysctl -q net.ipv6.conf.default.disable_ipv6=1
	ip link set vpn0-l2 netns vpn
	ip -n vpn -batch - <<-END
		link set vpn0-l2 up
		link add link vpn0-l2 name e10 up type vlan id 10
		link add link vpn0-l2 name s10 up type vlan id 10 protocol 802.1ad
		link add link vpn0-l2 name e30 up type vlan id 30
		link add link e10 name e10.20 up type vlan id 20
		addr add 10.10.0.2/24 dev e10
		addr add 10.11.0.2/24 dev s10
		addr add 10.30.0.2/24 dev e30
		addr add 10.20.0.2/24 dev e10.20
		addr add 10.9.0.2/24 dev vpn0-l2
	END
	ip -batch - <<-END
		link set vpn0 up
		link set vpn0.10 up
		link set vpn0.s10 up
		addr add 10.9.0.5/24 dev vpn0
		addr add 10.10.0.5/24 dev vpn0.10
		addr add 10.11.0.5/24 dev vpn0.s10
	END
	reaches 10.9.0.2
	reaches 10.10.0.2
	reaches 10.11.0.2
	reaches 10.10.0.5 vpn
	data 1
	transfer '' vpn 10.10.0.2
	transfer vpn '' 10.11.0.5
	assert_eq rx_drop_unknown_vlan "$(counter vpn0-l2 rx_drop_unknown_vlan vpn)" 0
	assert_eq rx_drop_vlan_nested "$(counter vpn0.10 rx_drop_vlan_nested)" 0
	! answers 10.30.0.9 vpn || fail "an answer from a VLAN without a host end"
	[ "$(counter vpn0-l2 rx_drop_unknown_vlan vpn)" -gt 0 ] || fail rx_drop_unknown_vlan
	! answers 10.20.0.9 vpn || fail "an answer to two tags"
	[ "$(counter vpn0.10 rx_drop_vlan_nested)" -gt 0 ] || fail rx_drop_vlan_nested
	assert_eq rx_drop_vlan_nested "$(counter vpn0 rx_drop_vlan_nested)" 0
}

test_refusals() {
	local before
	ports 10
	ip -batch - <<-END
		link add br0 type bridge
		link add d0 type dummy
		link set d0 master br0
		link add d1 type dummy
		link add link d1 name m1 type macvlan
	END
	before=$(ip -d link)
	refused_because <<-END
		for these frames already| add name=odd link=vpn0-l2
		for these frames already| add name=odd link=vpn0-l2 data vlan:u16=10
		for these frames already| add name=odd link=vpn0-l2 data vlan:u16=10 vlan_protocol:hex=8100
		range: .| add name=odd link=vpn0-l2 data vlan:u16=0
		range: .| add name=odd link=vpn0-l2 data vlan:u16=4095
		range: .| add name=odd link=vpn0-l2 data vlan:u16=4106
		range: .| add name=odd data vlan:u16=0
		needs a VLAN| add name=odd link=vpn0-l2 data vlan_protocol:hex=88a8
		needs a VLAN| add name=odd data vlan_protocol:hex=8100
		802.1Q or 802.1ad| add name=odd link=vpn0-l2 data vlan:u16=11 vlan_protocol:hex=0081
		802.1Q or 802.1ad| add name=odd link=vpn0-l2 data vlan:u16=11 vlan_protocol:hex=9100
		802.1Q or 802.1ad| add name=odd link=vpn0-l2 data vlan:u16=11 vlan_protocol:hex=0800
		: .| add name=odd link=vpn0-l2 data vlan:u16=11 vlan_protocol:hex=88
		range: .| add name=odd link=vpn0-l2 data vlan:u16=11 mode:u8=2
		not an Ethernet device| add name=odd link=lo
		not an Ethernet device| add name=odd link=lo data vlan:u16=11
		is a host end itself| add name=odd link=vpn0 data vlan:u16=11
		is a host end itself| add name=odd link=vpn0.10
		has a master| add name=odd link=d0
		Another driver receives| add name=odd link=d1
		does not exist| add name=odd link=4711
		has no peer| add name=odd link=vpn0-l2 data vlan:u16=11 peer name=other
		unicast and not zero| add name=odd link=vpn0-l2 mac=01:00:5e:00:00:01 data vlan:u16=11
		same hardware address| add name=odd link=vpn0-l2 mac=$(mac_of vpn0-l2) data vlan:u16=11
		exists| add name=vpn0.10 link=vpn0-l2 data vlan:u16=11
		at creation only| set name=vpn0.10 data vlan:u16=11
		at creation only| set name=vpn0.10 data vlan:u16=10 vlan_protocol:hex=88a8
		at creation only| set name=vpn0 data vlan:u16=11
		at creation only| set name=vpn0 data mode:u8=1
		belong to the host end| set name=vpn0-l2 data vlan:u16=11
	END
	refused . ip link set vpn0-l2 address "$(mac_of vpn0.10)"
	refused . ip link set vpn0.10 address "$(mac_of vpn0-l2)"
	assert_eq "links afterwards" "$(ip -d link)" "$before"
	# Nor is the place kept that was refused.
	requests <<< "add name=vpn0.11 link=vpn0-l2 data vlan:u16=11"
}

# The first host end need not be the untagged one.
several() {
	requests <<-END
		add name=vpn0 data vlan:u16=10
		add name=plain link=vpn0-l2
		add name=vpn0.20 link=vpn0-l2 data vlan:u16=20
		add name=vpn0.30 link=vpn0-l2 mac=02:00:5e:00:00:30 data vlan:u16=30
	END
}

vlan_of() { learned vlan "$1"; }

test_host_ends_and_their_owner() {
	local device first
	several
	first=$(mac_of vpn0)
	for device in vpn0 plain vpn0.20 vpn0.30; do
		assert_eq "link of $device" "$(link_field "$device" .link)" vpn0-l2
		assert_eq "Ethernet end of $device" "$(learned ethernet "$device")" vpn0-l2
	done
	assert_eq "link of the Ethernet end" "$(link_field vpn0-l2 .link)" vpn0
	assert_eq VLANs "$(vlan_of vpn0) $(vlan_of plain) $(vlan_of vpn0.20)" "10 none 20"
	assert_eq "station MAC of plain" "$(mac_of plain)" "$first"
	assert_eq "station MAC of vpn0.20" "$(mac_of vpn0.20)" "$first"
	assert_eq "station MAC of vpn0.30" "$(mac_of vpn0.30)" 02:00:5e:00:00:30
	# A MAC is a host end's own: the others keep theirs.
	ip link set vpn0.20 address 02:00:5e:00:00:20
	assert_eq "station MAC of vpn0" "$(mac_of vpn0)" "$first"

	ip link set vpn0-l2 up
	carrier_is vpn0-l2 0 || fail "carrier without a host end that is up"
	ip link set vpn0.20 up
	wait_for 10 carrier_is vpn0-l2 1
	wait_for 10 carrier_is vpn0.20 1
	ip link set plain up
	ip link set vpn0.20 down
	wait_for 10 carrier_is plain 1
	carrier_is vpn0-l2 1 || fail "no carrier while plain is up"
	ip link set vpn0-l2 down
	wait_for 10 carrier_is plain 0
	ip link set vpn0.30 up
	carrier_is vpn0.30 0 || fail "carrier while the Ethernet end is down"
	ip link set vpn0-l2 up
	wait_for 10 carrier_is plain 1
	wait_for 10 carrier_is vpn0.30 1
	# What goes away up is no longer up.
	ip link del vpn0.30
	carrier_is vpn0-l2 1 || fail "no carrier while plain is up"
	ip link del plain
	wait_for 10 carrier_is vpn0-l2 0
	assert_eq "what is left" "$(ip -br link | awk '/^(vpn|plain)/ { print $1 }' | sort | xargs)" \
		"vpn0-l2@vpn0 vpn0.20@vpn0-l2 vpn0@vpn0-l2"

	ip link del vpn0
	assert_eq "after the owner" "$(ip -br link | wc -l)" 1
	several
	ip link del vpn0-l2
	assert_eq "after the Ethernet end" "$(ip -br link | wc -l)" 1
}

# spread: the owner, another host end and the Ethernet end in namespaces of their
# own; those that are not there are made.
spread() {
	local name
	for name in owner port vpn; do
		[ -e "/run/netns/$name" ] || places "$name"
	done
	requests <<-END
		add name=vpn0 netns=owner peer name=vpn0-l2
		add name=vpn0.10 link=vpn0-l2 netns=port data vlan:u16=10
	END
	ip link set vpn0-l2 netns vpn
	printf '%s\n' "addr add 10.9.0.5/24 dev vpn0" "link set vpn0 up" | ip -n owner -batch -
	up_port port
	ip -n vpn -batch - <<-END
		addr add 10.9.0.2/24 dev vpn0-l2
		link set vpn0-l2 up
		link add link vpn0-l2 name e10 up type vlan id 10
		addr add 10.10.0.2/24 dev e10
	END
}

all_gone() {
	wait_for 60 gone vpn0 owner
	wait_for 60 gone vpn0.10 port
	wait_for 60 gone vpn0-l2 vpn
}
# Be it with its namespace.

# A process would keep its namespace: those that stay send, and what goes
# answers.
test_namespaces_under_traffic() {
	spread
	ping_flood port 10.10.0.2
	ping_flood vpn 10.9.0.5
	wait_for 30 received vpn e10
	wait_for 30 received owner vpn0
	ip netns del owner
	all_gone

	# A host end that moves has its place still, and the others do not notice.
	spread
	stop ping-port
	stop ping-vpn
	ping_flood owner 10.9.0.2
	ping_flood vpn 10.10.0.5
	ns other
	move_port port other
	reaches 10.10.0.2 other
	move_port other port
	wait_for 30 received port vpn0.10
	ip netns del port
	wait_for 60 is_refused 10.10.0.5
	reaches 10.9.0.5 vpn
	stop ping-vpn
	ip netns del vpn
	all_gone

	# Two at once.
	stop ping-owner
	spread
	ping_flood port 10.10.0.2
	wait_for 30 received port vpn0.10
	ip netns del vpn
	ip netns del owner
	all_gone
	stop ping-port
	spread
	ping_flood vpn 10.10.0.5
	wait_for 30 received vpn e10
	ip netns del owner
	ip netns del port
	all_gone
}

# move_port FROM TO
move_port() {
	ip -n "$1" link set vpn0.10 netns "$2"
	up_port "$2"
}
up_port() {
	printf '%s\n' "addr add 10.10.0.5/24 dev vpn0.10" "link set vpn0.10 up" | ip -n "$1" -batch -
}
# For want of a host end.
is_refused() {
	local before
	before=$(counter vpn0-l2 rx_drop_unknown_vlan vpn)
	! answers "$1" vpn || return
	[ "$(counter vpn0-l2 rx_drop_unknown_vlan vpn)" -gt "$before" ]
}

# each_of NUMBER LINE: LINE so many times, & in it being one number after another.
each_of() { seq "$1" | sed "s/.*/$2/"; }

# kernel_memory: what devices take, in KiB.
kernel_memory() {
	awk '$1 == "Slab:" || $1 == "Percpu:" { n += $2 } END { print n }' /proc/meminfo
}

# Their memory, with that of the kernel's own VLAN devices for comparison; and
# that they come and go while frames arrive. Deletion of one waits for all
# readers: most go together.
test_a_thousand() {
	local before between each other n=${PORTS:-1000}
	compile_flood
	ip link add d0 type dummy
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 up
	ip link set vpn0 up
	background flood nice -n 19 "$T/flood" vpn0-l2 0 raw 8100 "$ARP_OF_VLAN_10"
	# For the module and the like.
	ip link add link d0 name d0.0 type vlan id 0
	before=$(kernel_memory)
	each_of "$n" 'link add link d0 name d0.& type vlan id &' | ip -batch -
	between=$(kernel_memory)
	each_of "$n" 'add name=vpn0.& link=vpn0-l2 data vlan:u16=&' | requests
	each=$((($(kernel_memory) - between) / n)) other=$(((between - before) / n))
	measured "$each KiB a host end, $other KiB a VLAN device"
	[ "$each" -lt $((other * 4)) ] || fail "$each KiB a host end, $other KiB a VLAN device"
	ip link del d0
	seq -f "link set vpn0.%.0f up" 10 10 "$n" | ip -batch -
	wait_for 60 raised vpn0.10 arp_packets
	seq -f "link del vpn0.%.0f" 10 50 "$n" | ip -batch -
	wait_for 60 raised vpn0-l2 rx_drop_unknown_vlan
	# With a flood still, all others.
	ip link del vpn0
	assert_eq "what is left" "$(ip -br link | wc -l)" 1
}
ARP_OF_VLAN_10=ffffffffffff02005e0001028100000a0806
ARP_OF_VLAN_10+=000108000604000102005e0001020a0a00020000000000000a0a0001
