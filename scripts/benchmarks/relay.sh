# shellcheck shell=bash
# What a packet costs that crosses a pair of devices, beyond its sender, where a
# program in user space joins the two and where a module does. Uses path.sh.

BENCHMARKS+=("cross-rx:relay-tap,relay,veth,virtualtap" "cross-tx:relay-tap,relay,veth,virtualtap")

# Packets in a run, a multiple of the sender's batch.
BATCHED=9600

# compiled NAME...: programs, by their place from here.
compiled() {
	local name
	for name; do
		[ -e "/tmp/${name##*/}" ] || gcc -O2 -o "/tmp/${name##*/}" "${dir:?}/$name.c"
	done
}

# relay SIDE SIDE: in the background. As a batch job it does not interrupt the
# sender for each packet.
relay() {
	local side
	chrt --batch 0 /tmp/relay "$@" &
	for side; do
		until [ -e "/sys/class/net/${side#*:}" ]; do kill -0 $! && sleep 0.1; done
	done
}

# joined KIND: devices a0, of IP where it has no hardware address, and b0, of
# Ethernet. What is sent on either arrives on the other, complete with its sums.
joined() {
	sysctl -q net.ipv6.conf.default.disable_ipv6=1
	case $1 in
	relay-tap) relay tun:a0 tap:b0 ;;
	relay)
		ip link add b0 address "$PEER" type veth peer name c0
		ip link set c0 up
		relay tun:a0 packet:c0
		;;
	*) pair "$1" a0 b0 ;;
	esac
	[ "$1" != virtualtap ] || option a0 announce 0
	ip link set a0 up
	ip link set b0 up
	ethtool -K a0 tx off > /dev/null
	ip addr add 10.1.0.1/24 dev a0
	ip neigh replace 10.1.0.2 lladdr "$PEER" nud permanent dev a0
	ip link add d0 type dummy
	ip link set d0 up
	ethtool -K d0 tx off > /dev/null
	ip addr add 10.2.0.1/24 dev d0
}

# dropped DEVICE: how many packets were, behind it.
dropped() {
	tc -s -j filter show dev "$1" ingress |
		jq '[.[].options?.actions[]?.stats.packets] | add'
}

# crossing NAME COLUMN TO KIND TARGET DUMMY: as the sender takes them, a target
# from which packets cross to the device TO, and one which is the dummy device.
crossing() {
	local bytes alone all sent=0
	drop "$3"
	for bytes in 60 1400; do
		alone=$(sends_batches "$4" "$6" $bytes /sys/class/net/d0/statistics/tx_packets)
		all=$(sends_batches "$4" "$5" $bytes "/sys/class/net/$3/statistics/rx_packets")
		sent=$((sent + (RUNS + 1) * BATCHED))
		[ "$(dropped "$3")" = $sent ]
		measured "$1" "$bytes bytes" "$2" "$(bc <<< "$all - $alone")"
	done
}

# sends_batches KIND TARGET BYTES RECEIVER: the median of several runs.
sends_batches() {
	local i
	/tmp/sender "$1" "$2" "$3" $BATCHED "$4" > /dev/null
	for ((i = 0; i < RUNS; i++)); do
		/tmp/sender "$1" "$2" "$3" $BATCHED "$4"
	done | median
}

# Frames, which become packets.
bench_cross-rx() {
	compiled sender relay
	joined "$1"
	crossing cross-rx "$1" a0 packet b0 d0
}

# Packets of UDP sockets, which become frames.
bench_cross-tx() {
	compiled sender relay
	joined "$1"
	crossing cross-tx "$1" b0 udp 10.1.0.2 10.2.0.2
}
