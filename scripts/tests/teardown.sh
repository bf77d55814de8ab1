# shellcheck shell=bash
# Whatever ends a device, while traffic goes both ways on both CPUs, fragments wait,
# neighbours are being resolved, queries of DNS are open and dumps run.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"

# Each kind of end so often, and once before: in all a thousand, and fewer where
# each access to memory is checked, in an emulated machine.
case $KERNEL,${THOROUGH:-} in
x86*,) ROUNDS=0 ;;
uml,y | x86*,y) ROUNDS=24 ;;
6.12,y) ROUNDS=143 ;;
*) ROUNDS=3 ;;
esac
# shellcheck disable=SC2034 # run.sh reads it
TIMEOUT=7200
KINDS=(host_end ethernet_end port lower host_namespace ethernet_namespace module)
HOST_MAC=02:00:5e:00:00:01

# storm NAME NAMESPACE ARGUMENT...: sends to what there is, and to what there will be.
storm() {
	background_as "$1" "$2" nice -n 19 /usr/bin/python3 -E -S "$TESTS/storm.py" "${@:3}"
}

# The pair, and a VLAN of it: vpn0 and vpn0.10 in namespace $1, vpn0-l2 in $2. Here
# and below vpn0 has the $options of the round.
make_pair() {
	rtnl_in "$1" - > rtnl.log <<-END
		add name=vpn0 mac=$HOST_MAC data $options peer name=vpn0-l2
		add name=vpn0.10 link=vpn0-l2 data vlan:u16=10
	END
	ip -n "$1" link set vpn0-l2 netns "$2"
	up vpn0-l2 "$2" 10.9.0.2/24
	settle "$1"
}

# vpn0 and vpn0.10 on a device of "host", vpn0-l2 of namespace "vpn" behind it.
make_lower() {
	ip -n host -batch - <<-END
		link add tap0 address $HOST_MAC type veth peer name vpn0-l2 netns vpn
		link set tap0 addrgenmode none up
	END
	rtnl_in host - > rtnl.log <<-END
		add name=vpn0 link=tap0 data $options
		add name=vpn0.10 link=tap0 data vlan:u16=10
	END
	up vpn0-l2 vpn 10.9.0.2/24
	settle host
}

settle() {
	ip -n "$1" -batch - <<-END
		addr add 10.9.0.5/24 dev vpn0
		addr add 2001:db8:9::5/64 dev vpn0 nodad
		addr add 10.10.0.5/24 dev vpn0.10
		link set vpn0 up
		link set vpn0.10 up
	END
}

# underway NAMESPACE COUNTER...: all of it is, of vpn0 there.
underway() {
	local all name
	all=$(inside "$1" ethtool -S vpn0)
	for name in "${@:2}"; do
		[[ $all =~ \ $name:\ [1-9] ]] || return
	done
}

# end KIND: and what is left of the round goes, too.
end() {
	case $1 in
	host_end) ip -n host link del vpn0 ;;
	ethernet_end) ip -n vpn link del vpn0-l2 ;;
	port) ip -n host link del vpn0.10
		exists vpn0 host || fail "vpn0 went with its VLAN"
		ip -n host link del vpn0 ;;
	lower) ip -n host link del tap0 ;;
	*_namespace) ip netns del leaving ;;
	# A dump that is not done with holds it.
	module) wait_for 60 unloaded virtualtap_conntrack virtualtap ;;
	esac
	wait_for 120 all_gone
	[ "$1" != module ] || modprobe virtualtap
}
all_gone() { [ "$(links)" = "$LINKS" ]; }

# links: of all namespaces that stay.
links() { { ip -n host -br link; ip -n vpn -br link; ip -br link; } | awk '{ print $1 }'; }

# round KIND
round() {
	local options="dns_cache:u8=1 gateway4:ip=10.9.0.2 gateway_probe:u32=1"
	local home=host out="dns_queries neigh_queued" in="fragment_chains arp_requests_received ns_received"
	# While it is in use, the module of that is, and so is the other.
	[ "$1" = module ] || options+=" conntrack:u8=1"
	# Nobody but its own stack sends from a namespace that goes.
	case $1 in
	lower) make_lower ;;
	host_namespace) ns leaving; make_pair leaving vpn; home=leaving out= ;;
	ethernet_namespace) ns leaving; make_pair host leaving; in= ;;
	*) make_pair host vpn ;;
	esac
	# shellcheck disable=SC2086 # several
	wait_for 120 underway $home $out $in
	end "$1"
}

test_each_end() {
	local turn kind before storm
	both_cpus
	places host vpn
	LINKS=$(links)
	storm storm-host host host
	storm storm-segment vpn segment vpn0-l2 $HOST_MAC
	storm storm-dumps host dumps
	for turn in $(seq 0 "$ROUNDS"); do
		for kind in "${KINDS[@]}"; do
			echo "$turn: $kind"
			round "$kind"
		done
		# The first one is to warm up.
		[ "$turn" != 0 ] || before=$(kernel_memory)
	done
	measured "$((ROUNDS + 1)) of each of ${#KINDS[@]} kinds"
	for storm in storm-host storm-segment storm-dumps; do
		kill -0 "$(cat $storm.pid)" || fail "$storm did not last"
		stop $storm
	done
	sleep 1
	memory_within "$before" 4096
	assert_eq "uses of the module" "$(awk '$1 == "virtualtap" { print $3 }' /proc/modules)" 0
}
