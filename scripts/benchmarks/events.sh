# shellcheck shell=bash
# What one event costs, beyond sending the frame.

BENCHMARKS+=(events:virtualtap)

# event NAME CASE COUNTER FRAMES...
event() {
	local cost
	cost=$(events "${@:3}")
	measured "$1" "$2" virtualtap "$cost"
}

# In this order: from a lease and an advertisement on, there is a gateway.
bench_events() {
	local family
	pair virtualtap a0 b0
	network a0 1
	drop a0
	drop b0
	option a0 neigh_max 65536
	option a0 dns_max 1024
	event plain "received" eth_to_ip_packets plain received
	event plain "sent" ip_to_eth_packets plain sent
	event arp "ARP" arp_requests_handled arp
	event na "IPv6" na_sent ns
	for family in 4 6; do
		event first "IPv$family" neigh_queued resolve packet $family 0 600
	done
	event answer "IPv4" arp_replies_received resolve answer 4 1000 1600
	event answer "IPv6" na_received resolve answer 6 1000 1600
	for family in 4 6; do
		event fragments "IPv$family" fragments_reassembled fragments $family
	done
	option a0 dns_cache on
	event dns "answer kept" dns_cache_entries dns answer 0 600
	event dns "hit" dns_cache_hits dns hit 0 600
	event dns "miss" dns_cache_misses dns miss 1000 1600
	event ra "of one prefix" ra_packets ra
	event dhcp "renewed" dhcp_acks dhcp
}
