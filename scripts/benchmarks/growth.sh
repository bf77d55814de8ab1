# shellcheck shell=bash
# What a packet costs while the tables grow that it is looked up in.

BENCHMARKS+=("neighbours:smallest,middle,largest" "dns_entries:smallest,largest"
	"connections:smallest,largest" "open_fragments:smallest,largest"
	"addresses:smallest,middle,largest" "ports:smallest,largest")

declare -A \
	NEIGHBOURS=([smallest]=1 [middle]=1024 [largest]=65536) \
	DNS_ENTRIES=([smallest]=256 [largest]=65536) \
	CONNECTIONS=([smallest]=1 [largest]=100000) \
	OPEN_FRAGMENTS=([smallest]=1 [largest]=4096) \
	ADDRESSES=([smallest]=1 [middle]=100 [largest]=1000) \
	PORTS=([smallest]=1 [largest]=4094)

# sending_pair: a0 is one that pktgen sends on.
sending_pair() {
	rtnl add name=a0 mac="$STATION" data mode:u8=1 peer name=b0 mac="$PEER"
	ip link set a0 up
	ip link set b0 up
	drop b0
}

# lines COUNT FORMAT...: FORMAT is printf's; it gets two bytes of a number.
lines() {
	awk -v count="$1" -v format="$2\n" 'BEGIN {
		for (i = 0; i < count; i++)
			printf format, i / 256, i % 256
	}'
}

# batch: of ip, in parts: what grows with each line does not grow without end.
batch() { split -l 4096 --filter='ip -batch -'; }

bench_neighbours() {
	local n=${NEIGHBOURS[$1]} end
	sending_pair
	option a0 neigh_max 65536
	lines "$n" "neigh add 10.64.%d.%d lladdr $PEER nud permanent dev a0" | batch
	end=$((n - 1))
	pktgen a0 "pkt_size 60" "dst_mac $PEER" "src_min 10.1.0.1" "src_max 10.1.0.1" \
		"dst_min 10.64.0.0" "dst_max 10.64.$((end / 256)).$((end % 256))"
	[ "$(counter a0 arp_table_entries)" = "$n" ]
	measured neighbours "IPv4: 1, 1,024, 65,536" "$1" "$(per_packet)"
	ip link del a0

	sending_pair
	option a0 neigh_max 65536
	lines "$n" "neigh add fd00:1::1:%02x%02x lladdr $PEER nud permanent dev a0" | batch
	pktgen a0 "pkt_size 78" "dst_mac $PEER" "src6 fd00:1::1" "dst6_min fd00:1::1:0" \
		"dst6_max fd00:1::1:$(printf %x $end)"
	[ "$(counter a0 ndp_table_entries)" = "$n" ]
	measured neighbours "IPv6: 1, 1,024, 65,536" "$1" "$(per_packet)"
}

bench_dns_entries() {
	local n=${DNS_ENTRIES[$1]} cost
	pair virtualtap a0 b0
	network a0 1
	drop a0
	drop b0
	option a0 dns_max 65536
	option a0 dns_cache on
	sent dns fill 0 "$n" > /dev/null
	[ "$(counter a0 dns_cache_entries)" = "$n" ]
	cost=$(events dns_cache_hits dns hit 0 "$n" $((n / 256)))
	measured dns_entries "hit: 256, 65,536" "$1" "$cost"
	cost=$(events dns_cache_misses dns miss 100000 100256)
	measured dns_entries "miss: 256, 65,536" "$1" "$cost"
}

# What all namespaces share.
connections_max() {
	nsenter --net=/proc/1/ns/net bash -c "
		echo $1 > /sys/module/nf_conntrack/parameters/hashsize
		sysctl -q net.netfilter.nf_conntrack_max=$1"
}

bench_connections() {
	local n=${CONNECTIONS[$1]}
	modprobe -q nf_conntrack || true
	connections_max 131072
	pair virtualtap a0 b0
	drop a0
	option a0 conntrack on
	sends b0 4 60 1
	# 3 of the one, a third of the other: all pairs come in turn.
	[ "$n" = 1 ] || settings "udp_src_min 10000" "udp_src_max 43334" "udp_dst_min 1" "udp_dst_max 4"
	settings "count $n"
	once > /dev/null
	settings "count $COUNT"
	measured connections "1, 100,000" "$1" "$(per_packet)"
	[ "$(cat /proc/sys/net/netfilter/nf_conntrack_count)" = "$n" ]
}

bench_open_fragments() {
	local n=${OPEN_FRAGMENTS[$1]} family bytes cost
	pair virtualtap a0 b0
	network a0 1
	drop a0
	option a0 frag_max 65536
	option a0 frag_timeout 120
	for family in 4 6; do
		sent open_fragments $family "$n" > /dev/null
		cost=$(events fragments_reassembled fragments $family)
		measured open_fragments "IPv$family datagram in 2 parts: 1, all that fit" "$1" "$cost"
		bytes=60
		[ $family = 4 ] || bytes=78
		sends b0 $family $bytes 1
		measured open_fragments "IPv$family, whole: 1, all that fit" "$1" "$(per_packet)"
	done
}

# addresses DEVICE COUNT: of either family, each in a subnet of its own.
addresses() {
	option "$1" announce 0
	ip addr add 10.9.255.1/16 dev "$1"
	ip addr add fd00:9::1/64 dev "$1" nodad
	lines "$2" "addr add 100.%d.%d.1/24 dev $1" | tail -n +2 | ip -batch -
	lines "$2" "addr add fd00:a:%02x%02x::1/64 dev $1 nodad" | tail -n +2 | ip -batch -
}

bench_addresses() {
	pair virtualtap a0 b0
	drop a0
	addresses a0 "${ADDRESSES[$1]}"
	sends b0 4 60 1
	measured addresses "received, IPv4: 1, 100, 1,000" "$1" "$(per_packet)"
	sends b0 6 78 1
	measured addresses "received, IPv6: 1, 100, 1,000" "$1" "$(per_packet)"
	ip link del a0

	# The gateway is the option's: the route does not say that one is needed.
	forwards
	pair veth a0 b0
	network a0 1
	pair virtualtap c0 d0
	addresses c0 "${ADDRESSES[$1]}"
	drop d0
	ip -batch - <<-END
		neigh add 10.9.255.2 lladdr $PEER nud permanent dev c0
		neigh add fd00:9::2 lladdr $PEER nud permanent dev c0
		route add 10.2.0.0/24 dev c0
		route add fd00:2::/64 dev c0
	END
	option c0 gateway4 10.9.255.2
	option c0 gateway6 fd00:9::2
	sends b0 4 60 2
	measured addresses "forwarded and sent, IPv4: 1, 100, 1,000" "$1" "$(per_packet)"
	sends b0 6 78 2
	measured addresses "forwarded and sent, IPv6: 1, 100, 1,000" "$1" "$(per_packet)"
}

bench_ports() {
	pair virtualtap a0 b0
	seq $((4095 - ${PORTS[$1]})) 4094 |
		sed 's/.*/add name=a0.& link=b0 data vlan:u16=&/' | rtnl -
	ip link set a0.4094 up
	drop a0.4094
	sends b0 4 60 1
	settings "vlan_id 4094"
	measured ports "1, 4,094" "$1" "$(per_packet)"
}
