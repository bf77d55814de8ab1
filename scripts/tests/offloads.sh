# shellcheck shell=bash
# What the host leaves undone follows who listens on the Ethernet end.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# feature DEVICE NAME: on or off, as ethtool -k says.
feature() {
	ethtool -k "$1" | sed -n "s/^\t*$2: \([a-z]*\).*/\1/p"
}

# offers on|off on|off: checksums and segmentation that the host may leave.
offers() {
	assert_eq checksums "$(feature vpn0 tx-checksum-ip-generic)" "$1"
	assert_eq tso "$(feature vpn0 tcp-segmentation-offload)" "$2"
	assert_eq udp "$(feature vpn0 tx-udp-segmentation)" "$2"
}

# set_l2 FEATURE on|off...: ethtool -K on the Ethernet end.
set_l2() { ethtool -K vpn0-l2 "$@" > /dev/null; }

test_who_listens() {
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 up
	ip link set vpn0 up
	offers off off
	assert_eq rx "$(feature vpn0-l2 rx-checksumming)" on
	assert_eq tso "$(feature vpn0-l2 tcp-segmentation-offload)" on

	ip link add br0 type bridge
	ip link set vpn0-l2 master br0
	offers on on
	set_l2 gro off
	offers on off
	set_l2 gro on rx off
	offers off off
	set_l2 rx on tso off tx-udp-segmentation off
	offers on off
	set_l2 tso on tx-udp-segmentation on tx off
	offers off off
	set_l2 tx on tso on
	offers on on
	# The host end's own switch is another one.
	ethtool -K vpn0 tso off > /dev/null
	assert_eq tso "$(feature vpn0 tcp-segmentation-offload)" off
	ethtool -K vpn0 tso on > /dev/null
	# A host end that comes later.
	rtnl add name=vpn0.10 link=vpn0-l2 data vlan:u16=10
	assert_eq tso "$(feature vpn0.10 tcp-segmentation-offload)" on
	ip link set vpn0-l2 nomaster
	offers off off
	assert_eq tso "$(feature vpn0.10 tcp-segmentation-offload)" off

	ip link add link vpn0-l2 name mac0 type macvlan mode passthru
	offers on on
	ip link del mac0
	offers off off
}

# Packets that no frame holds.
big4='tcp and ip[2:2] > 3000' big6='tcp and ip6[4:2] > 3000'

# crosses_whole ADDRESS HOSTS_ADDRESS FILTER [DEVICE PEER_DEVICE]: both ways in
# super-packets, which come to the host end and the station as they were sent.
crosses_whole() {
	local end
	capture host '' "${4:-vpn0}" "$3"
	capture peer pc "${5:-eth0}" "$3"
	transfer '' pc "$1"
	transfer pc '' "$2"
	for end in host peer; do
		wait_for 10 captured_some "$end" "src $1"
		wait_for 10 captured_some "$end" "dst $1"
		stop "$end"
	done
}

test_super_packets() {
	vpn_segment
	station pc 10.9.0.2/24 fd09::2/64
	addresses vpn0 '' 10.9.0.5/24 fd09::5/64
	data 5
	crosses_whole 10.9.0.2 10.9.0.5 "$big4"
	crosses_whole fd09::2 fd09::5 "$big6"
	! ethtool -S vpn0 | grep 'drop_.*: [1-9]' || fail "drops"
}

test_super_packets_with_everything_on() {
	local option
	ip link add vpn0 type virtualtap
	rtnl add name=vpn0.10 link=vpn0-l2 data vlan:u16=10
	vpn_bridge
	up vpn0.10 '' 10.10.0.5/24
	station pc
	ip -n pc link add link eth0 name e10 up type vlan id 10
	addresses e10 pc 10.10.0.2/24
	for option in conntrack=on dns_cache=on dscp=46 vlan_qos=dscp; do
		echo "${option#*=}" > "/sys/class/net/vpn0.10/virtualtap/${option%=*}"
	done
	data 5
	crosses_whole 10.10.0.2 10.10.0.5 "$big4" vpn0.10 e10
	captured peer 'dst 10.10.0.2 and ip[1] = 184' | grep -q . || fail "not remarked"
	# By each packet that crossed, not by each segment that it stands for.
	[ "$(counter vpn0.10 ct_tracked)" -gt 100 ]
	assert_eq ct_invalid "$(counter vpn0.10 ct_invalid)" 0
	! ethtool -S vpn0.10 | grep 'drop_.*: [1-9]' || fail "drops"
}

# A daemon that reads frames into 2000 bytes, as SoftEther's does.
test_packet_socket() {
	ns vpn pc
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 netns vpn
	ip -n vpn link add port type veth peer name eth0 netns pc
	ip -n vpn link set vpn0-l2 up
	ip -n vpn link set port up
	# What the daemon does to its devices.
	inside pc ethtool -K eth0 tx off > /dev/null
	up eth0 pc 10.9.0.2/24
	up vpn0 '' 10.9.0.5/24
	background_as relay vpn socat -b 2000 INTERFACE:vpn0-l2 INTERFACE:port
	wait_for 30 answers 10.9.0.2
	capture wire vpn vpn0-l2 'greater 1515'
	data 2
	transfer '' pc 10.9.0.2
	transfer pc '' 10.9.0.5
	assert_eq "frames that are too long" "$(captured wire)" ""
	assert_eq "bad sums" "$(inside pc nstat -aszj TcpInCsumErrors | jq '.kernel.TcpInCsumErrors')" 0

	# Its frames come one by one, unless they wait for each other.
	capture alone '' vpn0 "src 10.9.0.2 and $big4"
	transfer pc '' 10.9.0.5
	merges alone off
	[ "$PATIENCE" = 1 ] || { left_out "merging: frames come more than a tick apart here"; return; }
	# Long enough for a busy emulator.
	echo 10000000 > /sys/class/net/vpn0/gro_flush_timeout
	capture waiting '' vpn0 "src 10.9.0.2 and $big4"
	transfer pc '' 10.9.0.5
	merges waiting on
}

# merges NAME on|off: what capture NAME saw was merged, or not.
merges() {
	local merged=off
	sleep 1
	if captured_some "$1"; then merged=on; fi
	stop "$1"
	assert_eq "$1" "$merged" "$2"
}

test_merging() {
	vpn_segment
	station pc 10.9.0.2/24
	addresses vpn0 '' 10.9.0.5/24
	reaches 10.9.0.2
	# It cuts what it sends at the last moment: frames come in batches.
	inside pc ethtool -K eth0 tso off tx-udp-segmentation off > /dev/null
	data 2
	capture tcp '' vpn0 "src 10.9.0.2 and $big4"
	transfer pc '' 10.9.0.5
	merges tcp on
	ethtool -K vpn0 gro off > /dev/null
	capture tcp '' vpn0 "src 10.9.0.2 and $big4"
	transfer pc '' 10.9.0.5
	merges tcp off

	# Datagrams only where that is asked for.
	ethtool -K vpn0 gro on > /dev/null
	capture udp '' vpn0 'udp and ip[2:2] > 500'
	datagrams pc 10.9.0.5
	merges udp off
	ethtool -K vpn0 rx-udp-gro-forwarding on > /dev/null
	capture udp '' vpn0 'udp and ip[2:2] > 500'
	datagrams pc 10.9.0.5
	merges udp on
}

# What a tap device's socket wrote belongs to it until it is freed, and keeps it.
# Merged with others or not, it is given back.
test_socket_of_merged_segments() {
	local before
	modprobe -q tun || true
	ip tuntap add tap0 mode tap
	ip link set tap0 addrgenmode none up
	ip link add vpn0 address 02:00:5e:10:20:30 link tap0 type virtualtap
	up vpn0 '' 10.9.0.5/24
	echo 50000000 > /sys/class/net/vpn0/gro_flush_timeout
	before=$(sockets)
	capture merged '' vpn0 "$big4"
	"$TESTS/segments.py" tap0 02:00:5e:10:20:30 10.9.0.5 10.9.0.2
	merges merged on
	wait_for 20 sockets_are "$before"
}
sockets() { awk '/^sockets:/ { print $3 }' /proc/net/sockstat; }
sockets_are() { [ "$(sockets)" = "$1" ]; }

# datagrams NAMESPACE ADDRESS: 20 times 40 of 100 bytes, by UDP_SEGMENT.
datagrams() {
	as "$1" /usr/bin/python3 -E -S -c 'import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(17, 103, 100)
for i in range(20):
    try:
        s.sendto(bytes(4000), (sys.argv[1], 9))
    except ConnectionRefusedError:
        pass' "$2"
}

# processed: packets that the second CPU gave to protocols. Who handed them over is
# counted as well, but not where a backlog has a thread.
processed() { echo $((0x$(awk 'NR == 2 { print $1 }' /proc/net/softnet_stat))); }

test_order_over_cpus() {
	local merging before
	has_two_cpus || { left_out "one CPU"; return; }
	both_cpus
	vpn_segment
	station pc 10.9.0.2/24
	addresses vpn0 '' 10.9.0.5/24
	reaches 10.9.0.2
	echo 3 > /sys/class/net/vpn0/queues/rx-0/rps_cpus
	# Frames come in batches.
	inside pc ethtool -K eth0 tx-udp-segmentation off > /dev/null
	for merging in off on; do
		ethtool -K vpn0 rx-udp-gro-forwarding "$merging" > /dev/null
		before=$(processed)
		# So many that they cannot all be the first CPU's by chance.
		background flows "$TESTS/flows.py" receive 10.9.0.5 32
		wait_for 10 grep -q ready "$T/flows.log"
		# Not from two CPUs itself.
		inside pc taskset -c 0 "$TESTS/flows.py" send 10.9.0.5 32 250
		wait "$(cat "$T/flows.pid")" || fail "not received"
		assert_eq "received, of them late" "$(tail -n 1 "$T/flows.log")" "8000 0"
		# Merged, some hundred; by chance, a few.
		[ "$(processed)" -gt $((before + 20)) ] || fail "one CPU did it all"
	done
}

# What is for a bridge, is for Open vSwitch.
test_openvswitch() {
	ip link add vpn0 type virtualtap
	modprobe -q openvswitch || { left_out "openvswitch: not in this kernel"; return; }
	mkdir /run/openvswitch
	ovsdb-tool create "$T/ovs.db" /usr/share/openvswitch/vswitch.ovsschema
	background ovsdb /usr/sbin/ovsdb-server --remote=punix:"$T/ovs.sock" "$T/ovs.db"
	wait_for 20 test -S "$T/ovs.sock"
	ovs() { ovs-vsctl --db=unix:"$T/ovs.sock" --timeout=60 "$@"; }
	ovs --no-wait init
	background vswitchd /usr/lib/openvswitch-switch/ovs-vswitchd --log-file=/dev/null unix:"$T/ovs.sock"
	ns pc
	ip link add pc type veth peer name eth0 netns pc
	ip link set pc up
	ip link set vpn0-l2 up
	up eth0 pc 10.9.0.2/24
	up vpn0 '' 10.9.0.5/24
	offers off off
	ovs add-br br0 -- add-port br0 vpn0-l2 -- add-port br0 pc
	wait_for 20 answers 10.9.0.2
	offers on on
	data 2
	crosses_whole 10.9.0.2 10.9.0.5 "$big4"
	ovs del-port br0 vpn0-l2
	offers off off
	ovs del-br br0
}
