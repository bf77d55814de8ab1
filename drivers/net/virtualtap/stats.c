// SPDX-License-Identifier: GPL-2.0
/* Counters of both ends, and the one way to drop a packet. */

#include <net/dropreason.h>

#include "device.h"
#include "stats.h"
#include "trace.h"

static const char * const stat_names[VTAP_STAT_MAX] = {
	[VTAP_STAT_IPV4]		= "ipv4_packets",
	[VTAP_STAT_IPV6]		= "ipv6_packets",
	[VTAP_STAT_ARP]			= "arp_packets",
	[VTAP_STAT_ICMPV6]		= "icmpv6_packets",
	[VTAP_STAT_OTHER]		= "other_packets",
	[VTAP_STAT_MULTICAST]		= "multicast_packets",
	[VTAP_STAT_BROADCAST]		= "broadcast_packets",
	[VTAP_STAT_VLAN]		= "vlan_packets",
	[VTAP_STAT_DHCP]		= "dhcp_packets",
	[VTAP_STAT_DHCP_REQUESTS]	= "dhcp_requests",
	[VTAP_STAT_DHCP_OFFERS]		= "dhcp_offers",
	[VTAP_STAT_DHCP_ACKS]		= "dhcp_acks",
	[VTAP_STAT_DHCP_NAKS]		= "dhcp_naks",
	[VTAP_STAT_DHCP_UNTRUSTED]	= "dhcp_untrusted",
	[VTAP_STAT_DHCP6]		= "dhcpv6_packets",
	[VTAP_STAT_RA]			= "ra_packets",
	[VTAP_STAT_RA_UNTRUSTED]	= "ra_untrusted",
	[VTAP_STAT_ARP_REQUESTS_RECEIVED] = "arp_requests_received",
	[VTAP_STAT_ARP_REQUESTS_HANDLED] = "arp_requests_handled",
	[VTAP_STAT_ARP_REQUESTS_SENT]	= "arp_requests_sent",
	[VTAP_STAT_ARP_REPLIES_SENT]	= "arp_replies_sent",
	[VTAP_STAT_ARP_REPLIES_RECEIVED] = "arp_replies_received",
	[VTAP_STAT_CONFLICTS]		= "address_conflicts",
	[VTAP_STAT_NS_RECEIVED]		= "ns_received",
	[VTAP_STAT_NS_SENT]		= "ns_sent",
	[VTAP_STAT_NA_SENT]		= "na_sent",
	[VTAP_STAT_NA_RECEIVED]		= "na_received",
	[VTAP_STAT_NEIGH_EVICTIONS]	= "neigh_evictions",
	[VTAP_STAT_NEIGH_FAILURES]	= "neigh_failures",
	[VTAP_STAT_NEIGH_QUEUED]	= "neigh_queued",
	[VTAP_STAT_GATEWAY_CHANGES]	= "gateway_mac_changes",
	[VTAP_STAT_GATEWAY_REFUSED]	= "gateway_mac_refused",
	[VTAP_STAT_IPV4_FRAGMENTS]	= "ipv4_fragments",
	[VTAP_STAT_IPV6_FRAGMENTS]	= "ipv6_fragments",
	[VTAP_STAT_FRAG_REASSEMBLED]	= "fragments_reassembled",
	[VTAP_STAT_FRAG_TIMEOUTS]	= "fragment_timeouts",
	[VTAP_STAT_FRAG_OVERLAPS]	= "fragment_overlaps",
	[VTAP_STAT_FRAG_EVICTIONS]	= "fragment_evictions",
	[VTAP_STAT_CHECKSUM_ERRORS]	= "checksum_errors",
	[VTAP_STAT_ICMP_ERRORS]		= "icmp_errors_received",
	[VTAP_STAT_ICMPV6_ERRORS]	= "icmpv6_errors_received",
	[VTAP_STAT_PMTU_EVENTS]		= "pmtu_events",
	[VTAP_STAT_EXT_HEADERS]		= "ext_headers",
	[VTAP_STAT_DNS_QUERIES]		= "dns_queries",
	[VTAP_STAT_DNS_HITS]		= "dns_cache_hits",
	[VTAP_STAT_DNS_MISSES]		= "dns_cache_misses",
	[VTAP_STAT_DNS_EVICTIONS]	= "dns_cache_evictions",
	[VTAP_STAT_CT_TRACKED]		= "ct_tracked",
	[VTAP_STAT_CT_INVALID]		= "ct_invalid",
	[VTAP_STAT_CT_UNTRACKED]	= "ct_untracked",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_BE] = "dscp_tx_be",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS1] = "dscp_tx_cs1",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS2] = "dscp_tx_cs2",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS3] = "dscp_tx_cs3",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS4] = "dscp_tx_cs4",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS5] = "dscp_tx_cs5",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS6] = "dscp_tx_cs6",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_CS7] = "dscp_tx_cs7",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_AF1X] = "dscp_tx_af1x",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_AF2X] = "dscp_tx_af2x",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_AF3X] = "dscp_tx_af3x",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_AF4X] = "dscp_tx_af4x",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_EF] = "dscp_tx_ef",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_VA] = "dscp_tx_va",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_LE] = "dscp_tx_le",
	[VTAP_STAT_DSCP_TX + VTAP_DSCP_OTHER] = "dscp_tx_other",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_BE] = "dscp_rx_be",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS1] = "dscp_rx_cs1",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS2] = "dscp_rx_cs2",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS3] = "dscp_rx_cs3",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS4] = "dscp_rx_cs4",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS5] = "dscp_rx_cs5",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS6] = "dscp_rx_cs6",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_CS7] = "dscp_rx_cs7",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_AF1X] = "dscp_rx_af1x",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_AF2X] = "dscp_rx_af2x",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_AF3X] = "dscp_rx_af3x",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_AF4X] = "dscp_rx_af4x",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_EF] = "dscp_rx_ef",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_VA] = "dscp_rx_va",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_LE] = "dscp_rx_le",
	[VTAP_STAT_DSCP_RX + VTAP_DSCP_OTHER] = "dscp_rx_other",
};

/* How a drop shows in the device's standard statistics. */
enum drop_kind {
	DROP_RX,
	DROP_RX_OTHERHOST,
	DROP_TX,
	/* The Ethernet end sent it. To a host end over a lower device, it came. */
	DROP_OF_NO_PORT,
	/* The core counts what its backlog refuses by itself. */
	DROP_COUNTED,
};

static const struct {
	const char *name;
	enum skb_drop_reason core;
	enum drop_kind kind;
} drops[VTAP_DROPS] = {
#define DROP(id, text, reason, how) \
	[VTAP_##id - VTAP_RX_DROP_FIRST] = { \
		.name = text, .core = SKB_DROP_REASON_##reason, .kind = how }
	DROP(RX_DROP_RUNT, "rx_drop_runt", PKT_TOO_SMALL, DROP_OF_NO_PORT),
	DROP(RX_DROP_NO_PORT, "rx_drop_no_port", DEV_READY, DROP_OF_NO_PORT),
	DROP(RX_DROP_UNKNOWN_VLAN, "rx_drop_unknown_vlan", NOT_SPECIFIED,
	     DROP_OF_NO_PORT),
	DROP(RX_DROP_BAD_SOURCE, "rx_drop_bad_source", MAC_INVALID_SOURCE,
	     DROP_RX),
	DROP(RX_DROP_OTHER_HOST, "rx_drop_other_host", OTHERHOST,
	     DROP_RX_OTHERHOST),
	DROP(RX_DROP_VLAN_NESTED, "rx_drop_vlan_nested", UNHANDLED_PROTO,
	     DROP_RX),
	DROP(RX_DROP_NOT_IP, "rx_drop_not_ip", UNHANDLED_PROTO, DROP_RX),
	DROP(RX_DROP_IP_HEADER, "rx_drop_ip_header", IP_INHDR, DROP_RX),
	DROP(RX_DROP_IP_LENGTH, "rx_drop_ip_length", PKT_TOO_SMALL, DROP_RX),
	DROP(RX_DROP_IP_CHECKSUM, "rx_drop_ip_checksum", IP_CSUM, DROP_RX),
	DROP(RX_DROP_IP_SOURCE, "rx_drop_ip_source", IP_INADDRERRORS, DROP_RX),
	DROP(RX_DROP_EXT_HEADERS, "rx_drop_ext_headers", IPV6_BAD_EXTHDR,
	     DROP_RX),
	DROP(RX_DROP_MULTICAST, "rx_drop_multicast", UNICAST_IN_L2_MULTICAST,
	     DROP_RX),
	DROP(RX_DROP_FRAG_INVALID, "rx_drop_fragment_invalid", NOT_SPECIFIED,
	     DROP_RX),
	DROP(RX_DROP_FRAG_OVERLAP, "rx_drop_fragment_overlap", NOT_SPECIFIED,
	     DROP_RX),
	DROP(RX_DROP_FRAG_DUPLICATE, "rx_drop_fragment_duplicate", DUP_FRAG,
	     DROP_RX),
	DROP(RX_DROP_FRAG_TIMEOUT, "rx_drop_fragment_timeout",
	     FRAG_REASM_TIMEOUT, DROP_RX),
	DROP(RX_DROP_FRAG_EVICTED, "rx_drop_fragment_evicted", NOT_SPECIFIED,
	     DROP_RX),
	DROP(RX_DROP_FRAG_FLUSHED, "rx_drop_fragment_flushed", NOT_SPECIFIED,
	     DROP_RX),
	DROP(RX_DROP_CHECKSUM, "rx_drop_checksum", SKB_CSUM, DROP_RX),
	DROP(RX_DROP_ICMP_FORGED, "rx_drop_icmp_forged", NOT_SPECIFIED, DROP_RX),
	DROP(RX_DROP_UNTRUSTED, "rx_drop_untrusted", NOT_SPECIFIED, DROP_RX),
	DROP(RX_DROP_ARP_INVALID, "rx_drop_arp_invalid", NOT_SPECIFIED, DROP_RX),
	DROP(RX_DROP_ARP_LIMITED, "rx_drop_arp_limited", NOT_SPECIFIED, DROP_RX),
	DROP(RX_DROP_NDP_INVALID, "rx_drop_ndp_invalid", NOT_SPECIFIED, DROP_RX),
	DROP(RX_DROP_NDP_LIMITED, "rx_drop_ndp_limited", NOT_SPECIFIED, DROP_RX),
	DROP(RX_DROP_NOMEM, "rx_drop_nomem", NOMEM, DROP_RX),
	DROP(RX_DROP_HOST_BUSY, "rx_drop_host_busy", CPU_BACKLOG, DROP_COUNTED),
	DROP(TX_DROP_NO_ETHERNET, "tx_drop_no_ethernet", DEV_READY, DROP_TX),
	DROP(TX_DROP_NOT_IP, "tx_drop_not_ip", UNHANDLED_PROTO, DROP_TX),
	DROP(TX_DROP_IP_HEADER, "tx_drop_ip_header", IP_INHDR, DROP_TX),
	DROP(TX_DROP_IP_LENGTH, "tx_drop_ip_length", PKT_TOO_SMALL, DROP_TX),
	DROP(TX_DROP_TOO_BIG, "tx_drop_too_big", PKT_TOO_BIG, DROP_TX),
	DROP(TX_DROP_NEXT_HOP, "tx_drop_next_hop", IP_OUTNOROUTES, DROP_TX),
	DROP(TX_DROP_UNRESOLVED, "tx_drop_unresolved", NEIGH_FAILED, DROP_TX),
	DROP(TX_DROP_NEIGH_FAILED, "tx_drop_neigh_failed", NEIGH_FAILED, DROP_TX),
	DROP(TX_DROP_NEIGH_QUEUE, "tx_drop_neigh_queue", NEIGH_QUEUEFULL,
	     DROP_TX),
	DROP(TX_DROP_NEIGH_FULL, "tx_drop_neigh_full", NEIGH_CREATEFAIL, DROP_TX),
	DROP(TX_DROP_NEIGH_FLUSHED, "tx_drop_neigh_flushed", NEIGH_DEAD, DROP_TX),
	DROP(TX_DROP_NOMEM, "tx_drop_nomem", NOMEM, DROP_TX),
	DROP(TX_DROP_ETHERNET_BUSY, "tx_drop_ethernet_busy", CPU_BACKLOG,
	     DROP_TX),
#undef DROP
};

/**
 * vtap_stats_alloc() - counters for one end
 *
 * Context: may sleep.
 * Return: zeroed counters, to be freed with free_percpu(), or NULL.
 */
struct vtap_stats __percpu *vtap_stats_alloc(void)
{
	return netdev_alloc_pcpu_stats(struct vtap_stats);
}

/**
 * vtap_stats_read() - sum of a counter over all CPUs
 * @stats: counters of an end
 * @counter: enum vtap_stat, or VTAP_STAT_MAX + the index of a drop reason
 */
u64 vtap_stats_read(struct vtap_stats __percpu *stats, unsigned int counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		const struct vtap_stats *s = per_cpu_ptr(stats, cpu);
		unsigned int start;
		u64 value;

		do {
			start = u64_stats_fetch_begin(&s->syncp);
			value = u64_stats_read(&s->counter[counter]);
		} while (u64_stats_fetch_retry(&s->syncp, start));
		sum += value;
	}
	return sum;
}

/**
 * vtap_stats_name() - name of a counter, as ``ethtool -S`` prints it
 * @counter: as for vtap_stats_read()
 */
const char *vtap_stats_name(unsigned int counter)
{
	if (counter < VTAP_STAT_MAX)
		return stat_names[counter];
	return drops[counter - VTAP_STAT_MAX].name;
}

/**
 * vtap_drop_name() - name of a drop, that of its counter
 * @reason: a drop of enum vtap_verdict
 */
const char *vtap_drop_name(enum vtap_verdict reason)
{
	return drops[reason - VTAP_RX_DROP_FIRST].name;
}

static void count_core(struct net_device *dev, enum drop_kind kind)
{
	switch (kind) {
	case DROP_RX:
		dev_core_stats_rx_dropped_inc(dev);
		break;
	case DROP_RX_OTHERHOST:
		dev_core_stats_rx_otherhost_dropped_inc(dev);
		break;
	case DROP_TX:
		dev_core_stats_tx_dropped_inc(dev);
		break;
	case DROP_OF_NO_PORT:
		if (vtap_is_host(dev))
			dev_core_stats_rx_dropped_inc(dev);
		else
			dev_core_stats_tx_dropped_inc(dev);
		break;
	case DROP_COUNTED:
		break;
	}
}

/**
 * vtap_drop() - drop a packet, once, under its own name
 * @dev: the end whose standard statistics show it: the host end, or the
 *	Ethernet end while no host end is known
 * @stats: counters of the same end
 * @skb: consumed; NULL where the core freed it already
 * @reason: a drop of enum vtap_verdict
 *
 * Context: BH off.
 */
void vtap_drop(struct net_device *dev, struct vtap_stats __percpu *stats,
	       struct sk_buff *skb, enum vtap_verdict reason)
{
	unsigned int drop = reason - VTAP_RX_DROP_FIRST;

	if (WARN_ON_ONCE(drop >= VTAP_DROPS))
		drop = 0;
	__vtap_count(stats, VTAP_STAT_MAX + drop, 1);
	count_core(dev, drops[drop].kind);
	trace_vtap_drop(dev, skb, drops[drop].name);
	kfree_skb_reason(skb, drops[drop].core);
}

/**
 * vtap_count_drops() - count packets that are freed elsewhere
 * @dev: as for vtap_drop()
 * @stats: counters of the same end
 * @n: how many
 * @reason: a drop of enum vtap_verdict
 *
 * Context: BH off.
 */
void vtap_count_drops(struct net_device *dev, struct vtap_stats __percpu *stats,
		      unsigned int n, enum vtap_verdict reason)
{
	while (n--)
		vtap_drop(dev, stats, NULL, reason);
}
