# shellcheck shell=bash
# What a packet costs on its way through, beside a veth pair; what is sent, beside
# netkit and ipvlan as well, which take no frames.

BENCHMARKS+=("rx:veth,virtualtap" "forward:veth,virtualtap" "tx:veth,netkit,ipvlan,virtualtap")

STATION=02:00:00:00:00:01 PEER=02:00:00:00:00:02
VLAN=10

# pair KIND A B: two devices; A has the IP addresses, frames are sent on B. KIND
# vlan is a virtualtap whose frames are tagged.
pair() {
	case $1 in
	vlan)
		rtnl add "name=$2" mac=$STATION data vlan:u16=$VLAN
		ip link set "$2-l2" name "$3"
		;;
	virtualtap)
		ip link add "$2" address $STATION type virtualtap
		ip link set "$2-l2" name "$3"
		;;
	veth) ip link add "$2" address $STATION type veth peer name "$3" ;;
	esac
	ip link set "$3" address $PEER
	ip link set "$2" up
	ip link set "$3" up
	# Whole checksums, as those of frames that come from afar.
	ethtool -K "$3" tx off > /dev/null
}

# outlet KIND DEVICE: what it sends is dropped where it arrives.
outlet() {
	case $1 in
	netkit)
		ip link add "$2" up type netkit
		ip link set nk0 up
		drop nk0
		;;
	ipvlan)
		# What it sends takes the routes of its master's namespace.
		mount -t tmpfs namespaces /run
		ip netns add far
		ip -n far link add d0 up type dummy
		ip -n far addr add 10.2.0.3/24 dev d0
		ip -n far addr add fd00:2::3/64 dev d0 nodad
		ip -n far link add "$2" link d0 netns $$ type ipvlan mode l3
		ip link set "$2" up
		;;
	*)
		pair "$1" "$2" d0
		drop d0
		;;
	esac
}

# network DEVICE NUMBER: addresses .1 of a network, and its neighbour .2.
network() {
	ip addr add "10.$2.0.1/24" dev "$1"
	ip addr add "fd00:$2::1/64" dev "$1" nodad
	ip neigh replace "10.$2.0.2" lladdr $PEER nud permanent dev "$1"
	ip neigh replace "fd00:$2::2" lladdr $PEER nud permanent dev "$1"
}

forwards() {
	sysctl -q net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
}

# receives KIND: a pair a0 and b0, whose packets are forwarded into a dummy.
receives() {
	pair "$1" a0 b0
	network a0 1
	ip link add d0 type dummy
	ip link set d0 up
	network d0 2
}

# sends DEVICE FAMILY BYTES NETWORK: from the neighbour in network 1 to that in
# another one, which may be the same. With the tag $TAG.
sends() {
	pktgen "$1" "pkt_size $3" "dst_mac $STATION"
	case $2 in
	4) settings "src_min 10.1.0.2" "src_max 10.1.0.2" "dst 10.$4.0.2" ;;
	6) settings "src6 fd00:1::2" "dst6 fd00:$4::2" ;;
	esac
	[ -z "${TAG:-}" ] || settings "vlan_id $TAG"
}

# measure NAME KIND DEVICE NETWORK: small and large packets of either family. The
# smallest of IPv6 that pktgen makes has 78 bytes.
measure() {
	local family bytes
	for family in 4 6; do
		for bytes in 60 1400; do
			[ $bytes$family != 606 ] || bytes=78
			sends "$3" $family $bytes "$4"
			measured "$1" "IPv$family, $bytes bytes" "$2" "$(per_packet)"
		done
	done
}

# Received, and dropped in front of the host's stack.
bench_rx() {
	pair "$1" a0 b0
	drop a0
	measure rx "$1" b0 1
}

# Received, and forwarded into a device that does nothing.
bench_forward() {
	forwards
	receives "$1"
	measure forward "$1" b0 2
}

# Forwarded from a veth, sent, and dropped where it arrives.
bench_tx() {
	# Linux 6.7 brought it.
	[ "$1" != netkit ] || grep -qw netkit_xmit /proc/kallsyms || return 0
	forwards
	pair veth a0 b0
	network a0 1
	outlet "$1" c0
	network c0 2
	measure tx "$1" b0 2
}
