# shellcheck shell=bash
# All kinds of traffic at once, for long, while options, leases, neighbours and
# VLANs come and go: memory stays what it was, and no packet is unaccounted for.
# shellcheck source=peers.sh
. "${dir:?}/peers.sh"
# shellcheck disable=SC2034 # run.sh reads it
TIMEOUT=2700

case $KERNEL,${THOROUGH:-} in
6.12,y | x86,y) SOAK=1800 ;;
*) SOAK=60 ;;
esac

GATEWAY=10.9.0.1 NET6=2001:db8:9:
# Of two fragments each.
LONG=2000

# soak_segment: a gateway that leases, advertises and answers, and is any station of
# 10.9.1.0/24; nobody is in 10.9.2.0/24. It is in VLAN 7, too.
soak_segment() {
	ns vpn
	ip link add vpn0 type virtualtap
	ip link set vpn0-l2 netns vpn
	witness '' vpn0
	witness vpn vpn0-l2
	bridged
	option frag_timeout 2
	station gw $GATEWAY/16 $NET6:1/64
	ip -n gw route add local 10.9.1.0/24 dev lo
	ip -n gw link add eth0.7 link eth0 type vlan id 7
	up eth0.7 gw 10.7.0.1/24
	advertise gw "prefix $NET6:/64 { };"
	DNS_PORT=53 dhcp_server gw eth0 --dhcp-range=10.9.0.50,10.9.0.50,255.255.0.0,1h \
		--no-hosts --local-ttl=600 --host-record=www.example,192.0.2.1
	dhcp_client
	wait_for 60 answers $GATEWAY
	wait_for 60 answers $NET6:1
}

# forever NAME NAMESPACE PROGRAM [ARGUMENT]...: of bash, again and again.
forever() {
	background_as "$1" "$2" nice -n 19 bash -c "while :; do $3; sleep 0.2; done" - "${@:4}"
	started+=("$1")
}

soak_traffic() {
	local udp=02000000000108004500001c000000004011668d0a0900010a090032000900090008beef
	compile_flood
	started=()
	background_as server gw iperf3 -s
	wait_for 20 listens gw 5201
	forever tcp '' "iperf3 -c $GATEWAY --bidir -b 10M -t 10"
	forever fragments '' "ping -q -i 0.02 -c 500 -s $LONG $GATEWAY"
	forever fragments6 '' "ping -q -i 0.02 -c 500 -s $LONG $NET6:1"
	forever names '' "dig +tries=1 +time=1 +nocookie @$GATEWAY www.example A"
	# shellcheck disable=SC2016 # it is run there
	forever neighbours '' 'for i in {1..50}; do
		echo > /dev/udp/10.9.$((1 + RANDOM % 2)).$((RANDOM % 256))/9; done'
	# Another station's; of no protocol here; with two tags; an IP header that
	# says 0 bytes; a wrong checksum of UDP.
	forever bad gw "for frame; do $T/flood eth0 64 raw 0800 \$frame; done" \
		"020000000009$udp" ffffffffffff02000000000188b50000 \
		"${MAC}020000000001810000008100000708004500" \
		"${MAC}02000000000108004500000000000000401166a90a0900010a090032" \
		"$MAC$udp"
	started+=(server)
}

# churn NUMBER: what comes and goes each time, and what does every other time.
churn() {
	local neighbour=10.9.3.$((RANDOM % 256)) setting
	local settings=("dns_cache off" "dns_cache on" "conntrack off" "dscp_map identity" \
		"neigh_max 1024" "reassembly off" "reassembly on")
	[ $(($1 % 2)) = 1 ] ||
		settings=("dns_cache on" "conntrack on" "dscp_map 0:10,10:0" "neigh_max 64")
	for setting in "${settings[@]}"; do option "${setting% *}" "${setting#* }"; done
	[ $(($1 % 2)) = 1 ] || release
	renew
	wait_for 60 answers $GATEWAY
	ip neigh replace "$neighbour" lladdr 02:00:00:00:00:03 nud permanent dev vpn0
	ip link add vpn1 type virtualtap
	rtnl add name=vpn1.7 link=vpn1-l2 "data" vlan:u16=7 > rtnl.log
	ip link set vpn1-l2 netns vpn
	ip -n vpn link set vpn1-l2 master br0 up
	up vpn1.7 '' 10.7.0.2/24
	wait_for 30 answers 10.7.0.1
	ip -n vpn link del vpn1-l2
	# It goes with the last address, when a lease is not renewed.
	ip neigh del "$neighbour" dev vpn0 2> neigh.log || grep -q 'No such file' neigh.log
}

# witness NAMESPACE DEVICE: the kernel counts what it hands over to that end, packet
# by packet: no segments at once.
witness() {
	as "$1" ethtool -K "$2" tso off
	as "$1" tc qdisc add dev "$2" clsact
	as "$1" tc filter add dev "$2" egress matchall action pass
}

# witnessed NAMESPACE DEVICE
witnessed() { as "$1" tc -s -j filter show dev "$2" egress | jq '[.. | .stats? // empty | .packets] | max'; }

# Whatever was handed to the Ethernet end is delivered, dropped, dealt with, or one
# of two fragments; the host hears the cache, too. What the host sent leaves, is
# dropped, or answered by the cache. What leaves comes from the host, or resolves
# addresses.
adds_up() {
	local received sent offered
	received=$(witnessed vpn vpn0-l2)
	offered=$(witnessed '' vpn0)
	sent=$(inside vpn cat /sys/class/net/vpn0-l2/statistics/rx_packets)
	{ ethtool -S vpn0; inside vpn ethtool -S vpn0-l2; } | tr -d : |
		awk -v "received=$received" -v "sent=$sent" -v "offered=$offered" '
		{ n[$1] += $2 }
		$1 ~ /^rx_drop_/ { dropped += $2 }
		$1 ~ /^tx_drop_/ { refused += $2 }
		END {
			dealt = n["arp_packets"] - n["rx_drop_arp_invalid"] - n["rx_drop_arp_limited"] \
				+ n["ns_received"] + n["na_received"] \
				- n["rx_drop_ndp_invalid"] - n["rx_drop_ndp_limited"]
			taken = n["eth_to_ip_packets"] - n["dns_cache_hits"] + dropped + dealt \
				+ n["fragments_reassembled"]
			gone = n["ip_to_eth_packets"] + n["dns_cache_hits"] + refused
			made = n["ip_to_eth_packets"] + n["arp_requests_sent"] + n["arp_replies_sent"] \
				+ n["ns_sent"] + n["na_sent"]
			printf "%d frames received, %d accounted for: %d delivered, %d dropped, %d dealt with; of %d packets of the host %d: %d sent, %d dropped; %d frames sent, %d accounted for\n",
				received, taken, n["eth_to_ip_packets"], dropped, dealt,
				offered, gone, n["ip_to_eth_packets"], refused, sent, made
			exit n["fragment_chains"] || received != taken || offered != gone || sent != made
		}' > sums
}

test_everything_at_once() {
	local before name end counter rounds=0
	both_cpus
	soak_segment
	MAC=$(mac_of vpn0)
	MAC=${MAC//:/}
	soak_traffic
	end=$((SECONDS + SOAK))
	while [ $SECONDS -lt $end ] || [ $rounds -lt 5 ]; do
		churn $rounds
		rounds=$((rounds + 1))
		# When all of it has happened.
		[ $rounds != 3 ] || before=$(kernel_memory)
	done
	# Where there is but one CPU, some of it starts late.
	for counter in fragments_reassembled dns_cache_hits neigh_failures ct_tracked rx_drop_checksum \
		rx_drop_other_host rx_drop_not_ip rx_drop_vlan_nested rx_drop_ip_length tx_drop_neigh_failed; do
		wait_for 300 raised vpn0 $counter
	done
	# Of packets that wait for neighbours alone there is 1 MiB now, and none then.
	memory_within "$before" 4096
	for name in "${started[@]}"; do stop "$name"; done
	(wait_for 60 adds_up) || fail "$(cat sums)"
	measured "$rounds rounds; $(cat sums)"
}
