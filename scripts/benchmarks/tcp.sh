# shellcheck shell=bash
# What TCP gets through a virtualtap and through a veth pair, by iperf3. Where
# the clock counts instructions, a second is a billion of them. Uses
# path.sh and relay.sh.

BENCHMARKS+=("tcp-bridged:veth,virtualtap" "tcp-raw:veth,virtualtap" "tcp-merged:veth,virtualtap")

# inside COMMAND...: in the peer's namespace.
inside() { ip netns exec peer "$@"; }

# peer DEVICE: makes it, and the peer behind it.
peer() {
	mount -t tmpfs namespaces /run
	ip netns add peer
	ip link add "$1" type veth peer name eth0 address "$PEER" netns peer
	ip -n peer link set eth0 up
	ip -n peer addr add 10.1.0.2/24 dev eth0
	ip link set "$1" up
}

# host KIND: a0 has the host's address, what it sends leaves b0.
host() {
	pair "$1" a0 b0
	# The peer's own is behind it.
	ip link set b0 address 02:00:00:00:00:03
	ethtool -K b0 tx on > /dev/null
	ip addr add 10.1.0.1/24 dev a0
}

# bridged KIND: with the other end in a bridge that has the peer.
bridged() {
	host "$1"
	peer c0
	ip link add br0 up type bridge
	ip link set b0 master br0
	ip link set c0 master br0
}

# raw KIND: with a program between the other end and the peer that reads frames
# as they are. Only virtualtap knows by itself that nothing may be left undone.
raw() {
	host "$1"
	[ "$1" != veth ] || ethtool -K a0 tx off sg off tso off gso off > /dev/null
	peer c0
	inside ethtool -K eth0 tx off sg off tso off gso off > /dev/null
	compiled relay
	relay packet:b0 packet:c0
}

# one_second [OPTION]...: Mbit/s, from the host to the peer, or with -R back.
one_second() {
	inside iperf3 -s -1 > /dev/null &
	until inside ss -Hltn | grep -q :5201; do sleep 0.1; done
	iperf3 -J -c 10.1.0.2 -t 1 "$@" > /run/iperf.json
	wait $!
	jq '.end.sum_received.bits_per_second / 1e6' /run/iperf.json
}

# throughput [OPTION]...: the median of five; one and the same device differs by
# some percent, with how TCP happens to send.
throughput() {
	for _ in 1 2 3 4 5; do one_second "$@"; done | median
}

# stack NAME [COMMAND]: a counter of the host's, or inside, of the peer's.
stack() { ${2:-} nstat -asz "$1" | awk -v name="$1" '$1 == name { print $2 }'; }

# intact: TCP had nothing to complain of.
intact() {
	local counter
	for counter in TcpInCsumErrors TcpRetransSegs; do
		[ "$(stack $counter) $(stack $counter inside)" = "0 0" ]
	done
}

bench_tcp-bridged() {
	bridged "$1"
	measured tcp-bridged "from the host" "$1" "$(throughput)"
	measured tcp-bridged "to the host" "$1" "$(throughput -R)"
	intact
}

# The relay ends at a frame that is too long for it.
bench_tcp-raw() {
	raw "$1"
	measured tcp-raw "from the host" "$1" "$(throughput)"
	measured tcp-raw "to the host" "$1" "$(throughput -R)"
	echo 200000 > /sys/class/net/a0/gro_flush_timeout
	measured tcp-raw "to the host, gro_flush_timeout" "$1" "$(throughput -R)"
	intact
}

# Single frames, which the host's end merges. A veth does where its other end
# says that it does not segment.
bench_tcp-merged() {
	bridged "$1"
	inside ethtool -K eth0 tso off > /dev/null
	[ "$1" != veth ] || ethtool -K b0 tso off > /dev/null
	ethtool -K a0 gro on > /dev/null
	measured tcp-merged "to the host" "$1" "$(throughput -R)"
	measured tcp-packets "$1" frames "$(stack IpExtInNoECTPkts)"
	measured tcp-packets "$1" packets "$(stack IpInReceives)"
	intact
}
