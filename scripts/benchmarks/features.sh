# shellcheck shell=bash
# What optional features cost: each alone, and all at once beside a veth pair
# whose host tracks connections.
# shellcheck disable=SC2034 # TAG is for sends

BENCHMARKS+=("features:received,sent" "everything:veth,virtualtap")

# turn FEATURE, of the host end a0: on. VLANs are turned on by making it.
turn() {
	case $1 in
	none | vlan) ;;
	checksum) ethtool -K a0 rx on > /dev/null ;;
	dscp_map) option a0 dscp_map 0:10 ;;
	*) option a0 "$1" on ;;
	esac
}

# transmits KIND: one that a veth's packets are forwarded into.
transmits() {
	pair veth d0 e0
	network d0 1
	pair "$1" a0 b0
	network a0 2
	drop b0
}

# What a packet takes with a feature, less what it takes without any.
bench_features() {
	local feature kind value none
	forwards
	for feature in none checksum conntrack dns_cache dscp_map vlan; do
		kind=virtualtap TAG=''
		[ $feature != vlan ] || kind=vlan
		case $1 in
		received)
			receives $kind
			[ $feature != vlan ] || TAG=$VLAN
			sends b0 4 60 2
			;;
		sent)
			transmits $kind
			sends e0 4 60 2
			;;
		esac
		ethtool -K a0 rx off > /dev/null
		turn $feature
		value=$(per_packet)
		if [ $feature = none ]; then none=$value; else
			measured features $feature "$1" \
				"$(awk "BEGIN { printf \"%d\", $value - $none + .5 }")"
		fi
		ip link del a0
		ip link del d0
	done
}

# The rules of a gateway that need connections are not part of it.
bench_everything() {
	local feature
	forwards
	case $1 in
	veth)
		receives veth
		nft 'add table inet t; add chain inet t c; add rule inet t c ct state new'
		;;
	virtualtap)
		receives vlan
		TAG=$VLAN
		for feature in checksum conntrack dns_cache dscp_map; do turn $feature; done
		;;
	esac
	measure everything "$1" b0 2
}
