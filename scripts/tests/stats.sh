# shellcheck shell=bash
# What both ends count.
# shellcheck source=station.sh
. "${BASH_SOURCE[0]%/*}/station.sh"

# link_counts END NAME NUMBER...: standard statistics, rx_packets and so on.
link_counts() {
	local end=$1
	shift
	while [ $# -gt 0 ]; do
		assert_eq "$end $1" "$(< "/sys/class/net/$end/statistics/$1")" "$2"
		shift 2
	done
}

# Those of the contract that exist so far.
COUNTERS="ip_to_eth_packets eth_to_ip_packets ipv4_packets ipv6_packets arp_packets
	icmpv6_packets dhcp_packets dhcp_requests dhcp_offers dhcp_acks dhcp_naks
	dhcp_untrusted dhcpv6_packets ra_packets ra_untrusted other_packets
	multicast_packets broadcast_packets arp_requests_received arp_requests_handled
	arp_requests_sent arp_replies_sent arp_replies_received address_conflicts
	ns_received ns_sent na_sent na_received ext_headers arp_table_entries
	ndp_table_entries neigh_evictions neigh_failures neigh_queued
	gateway_mac_changes gateway_mac_refused ipv4_fragments ipv6_fragments
	fragments_reassembled fragment_timeouts fragment_overlaps fragment_evictions
	fragment_chains checksum_errors icmp_errors_received icmpv6_errors_received
	pmtu_events ct_tracked ct_invalid ct_untracked gateway4_reachable gateway6_reachable
	dns_queries dns_cache_hits dns_cache_misses dns_cache_entries dns_cache_bytes
	dns_cache_evictions
	$(echo dscp_{tx,rx}_{be,cs{1..7},af{1..4}x,ef,va,le,other})"

test_names() {
	local names name
	ip link add vpn0 type virtualtap
	names=$(ethtool -S vpn0 && ethtool -S vpn0-l2)
	for name in $COUNTERS; do
		grep -qE "^ +$name: 0$" <<< "$names" || fail "no $name, or not 0"
	done
	grep -qE "^ +rx_drop_" <<< "$names"
	grep -qE "^ +tx_drop_" <<< "$names"
	! grep -E "^ +[^:]{32,}:" <<< "$names" || fail "a name longer than 31 characters"
	grep -E "^ +.*:" <<< "$names" | grep -vE "^ +[a-z0-9_]+: 0$" && fail "odd names"
	assert_eq "doubles" "$(grep -oE "^ +[^:]+" <<< "$names" | sort | uniq -d)" ""
}

test_driver_information() {
	local end said
	ip link add vpn0 type virtualtap
	for end in vpn0 vpn0-l2; do
		said=$(ethtool -i $end)
		grep -qx "driver: virtualtap" <<< "$said"
		assert_eq "version" "$(sed -n 's/^version: //p' <<< "$said")" \
			"$(modinfo -F version virtualtap)"
	done
}

test_packets_and_bytes_agree() {
	segment
	say host $NET.2 "$(station 2)"
	ping -n -q -c 5 -i 0.01 -s 100 -W 30 $NET.2 > "$T/ping.log"
	# 128 bytes each with the IP header; and an ARP exchange on the segment.
	link_counts vpn0 tx_packets 5 tx_bytes $((5 * 128)) rx_packets 5 rx_bytes $((5 * 128)) \
		tx_dropped 0 rx_dropped 0 tx_errors 0 rx_errors 0
	link_counts vpn0-l2 rx_packets 6 rx_bytes $((5 * 142 + 42)) \
		tx_packets 6 tx_bytes $((5 * 142 + 42)) tx_dropped 0 rx_errors 0 tx_errors 0
	counted ip_to_eth_packets 5 eth_to_ip_packets 5 ipv4_packets 5 ipv6_packets 0 \
		arp_packets 1 other_packets 0
	assert_eq "ip -s link" "$(ip -s -j link show dev vpn0 |
		jq -r '.[0].stats64 | "\(.tx.packets) \(.rx.bytes)"')" "5 640"
}

test_broadcast_and_multicast() {
	segment
	say ask "$(station 2)" $NET.2 $HOST_IP
	say ask "$(station 2)" $NET.2 $NET.9
	say ping "$(station 2)" $NET.2 ff:ff:ff:ff:ff:ff $NET.255 1
	say ping "$(station 2)" $NET.2 01:00:5e:00:00:01 224.0.0.1 1
	say ping "$(station 2)" fe80::2 33:33:00:00:00:01 ff02::1 1
	say ping "$(station 2)" $NET.2 "$HOST_MAC" $HOST_IP 1
	counted broadcast_packets 3 multicast_packets 2 ipv4_packets 3 ipv6_packets 1 \
		icmpv6_packets 1 arp_packets 2 rx_drop_multicast 0
	hears 1 "> $(station 2) ip $HOST_IP > $NET.2 1 icmp 0"
	# A group's frame with another group's packet, of either family.
	say ping "$(station 2)" $NET.2 33:33:00:00:00:01 224.0.0.1 1
	say ping "$(station 2)" fe80::2 33:33:00:00:00:02 ff02::1 1
	counted rx_drop_multicast 2
}

test_drops_show_in_standard_statistics() {
	local i
	segment
	# For another station: no loss of ours.
	say ping "$(station 2)" $NET.2 "$(station 3)" $NET.3 1
	link_counts vpn0 rx_dropped 0
	assert_eq "otherhost" "$(ip -s -s -j link show dev vpn0 |
		jq -r '.[0].stats64.rx.otherhost')" 1
	say arp request ff:ff:ff:ff:ff:ff $NET.2 00:00:00:00:00:00 $HOST_IP
	say arp request "$(station 2)" $NET.2 00:00:00:00:00:00 $HOST_IP "$HOST_MAC" "$(station 3)"
	counted rx_drop_bad_source 1 rx_drop_arp_invalid 1 rx_drop_other_host 1
	link_counts vpn0 rx_dropped 2 tx_dropped 0
	option resolve off
	for i in 1 2 3; do send_udp $NET.$i"1"; done
	counted tx_drop_unresolved 3
	link_counts vpn0 rx_dropped 2 tx_dropped 3 tx_packets 0
	link_counts vpn0-l2 rx_dropped 0 tx_dropped 0
}
