# shellcheck shell=bash
# What TCP gets while another station of the bridge floods the host, or all of
# them, as fast as it can; with a veth, the host's own stack is to sort it out.
# Uses tcp.sh and relay.sh.

BENCHMARKS+=("floods:veth,virtualtap")

# A DNS answer that nobody asked for, of a.vpn.example and from 10.1.0.9, and a
# frame of VLAN 9.
ANSWER=${STATION//:/}02000000000908004500003b00010000401166a60a0100090a010001
ANSWER+=003530390027000012348180000100000000000001610376706e
ANSWER+=076578616d706c650000010001
TAGGED=${STATION//:/}0200000000098100000908004500$(printf %092d 0)

# goodput CASE: of one second; where instructions are counted they are much the
# same each time.
goodput() { measured floods "$1" "$KIND" "$(one_second -R)"; }

# under CASE FLOOD_ARGUMENT...: in the middle of it.
under() {
	local flood
	/tmp/flood c1 0 "${@:2}" > /dev/null &
	flood=$!
	goodput "$1"
	kill $flood
	wait $flood || true
}

bench_floods() {
	local device
	KIND=$1
	bridged "$1"
	compiled ../tests/flood
	ip link add c1 up type veth peer name b1
	ip link set b1 up master br0
	# The host hears of it by a0 alone.
	for device in br0 c1; do
		ip link set $device arp off
		sysctl -q net.ipv6.conf.$device.disable_ipv6=1
	done
	ip addr add fd00:1::1/64 dev a0 nodad
	# The peer shall not believe anybody who says to be the host.
	ip addr add 10.9.0.1/16 dev a0
	inside sysctl -q net.ipv6.conf.eth0.accept_ra=0
	[ "$1" != virtualtap ] || option a0 dns_cache on
	goodput none
	under "ARP requests" arp-random 10.9.0.0 10.9.0.1
	under "neighbour solicitations" ns-random fd00:1:: fd00:1::1
	under "router advertisements" ra-random 2001:db8::
	under "fragments, IPv4" fragments-random 10.9.0.0 "$STATION" 10.9.0.1
	under "fragments, IPv6" fragments-random fd00:1:: "$STATION" fd00:1::1
	under "DNS answers" raw 0800 "$ANSWER"
	under "frames of another VLAN" raw 8100 "$TAGGED"
}
