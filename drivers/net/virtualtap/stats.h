/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_STATS_H
#define _VTAP_STATS_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/u64_stats_sync.h>

/**
 * enum vtap_dscp_class - classes of traffic, by the code point of a packet
 *
 * The order is that of ``ethtool -S``.
 */
enum vtap_dscp_class {
	VTAP_DSCP_BE,
	VTAP_DSCP_CS1,
	VTAP_DSCP_CS2,
	VTAP_DSCP_CS3,
	VTAP_DSCP_CS4,
	VTAP_DSCP_CS5,
	VTAP_DSCP_CS6,
	VTAP_DSCP_CS7,
	VTAP_DSCP_AF1X,
	VTAP_DSCP_AF2X,
	VTAP_DSCP_AF3X,
	VTAP_DSCP_AF4X,
	VTAP_DSCP_EF,
	VTAP_DSCP_VA,
	VTAP_DSCP_LE,
	VTAP_DSCP_OTHER,
	VTAP_DSCP_CLASSES,
};

/**
 * enum vtap_stat - what a host end counts besides packets and bytes
 *
 * The order is that of ``ethtool -S``; names in stats.c.
 */
enum vtap_stat {
	VTAP_STAT_IPV4,
	VTAP_STAT_IPV6,
	VTAP_STAT_ARP,
	VTAP_STAT_ICMPV6,
	VTAP_STAT_OTHER,
	VTAP_STAT_MULTICAST,
	VTAP_STAT_BROADCAST,
	VTAP_STAT_VLAN,
	VTAP_STAT_DHCP,
	VTAP_STAT_DHCP_REQUESTS,
	VTAP_STAT_DHCP_OFFERS,
	VTAP_STAT_DHCP_ACKS,
	VTAP_STAT_DHCP_NAKS,
	VTAP_STAT_DHCP_UNTRUSTED,
	VTAP_STAT_DHCP6,
	VTAP_STAT_RA,
	VTAP_STAT_RA_UNTRUSTED,
	VTAP_STAT_ARP_REQUESTS_RECEIVED,
	VTAP_STAT_ARP_REQUESTS_HANDLED,
	VTAP_STAT_ARP_REQUESTS_SENT,
	VTAP_STAT_ARP_REPLIES_SENT,
	VTAP_STAT_ARP_REPLIES_RECEIVED,
	VTAP_STAT_CONFLICTS,
	VTAP_STAT_NS_RECEIVED,
	VTAP_STAT_NS_SENT,
	VTAP_STAT_NA_SENT,
	VTAP_STAT_NA_RECEIVED,
	VTAP_STAT_NEIGH_EVICTIONS,
	VTAP_STAT_NEIGH_FAILURES,
	VTAP_STAT_NEIGH_QUEUED,
	VTAP_STAT_GATEWAY_CHANGES,
	VTAP_STAT_GATEWAY_REFUSED,
	VTAP_STAT_IPV4_FRAGMENTS,
	VTAP_STAT_IPV6_FRAGMENTS,
	VTAP_STAT_FRAG_REASSEMBLED,
	VTAP_STAT_FRAG_TIMEOUTS,
	VTAP_STAT_FRAG_OVERLAPS,
	VTAP_STAT_FRAG_EVICTIONS,
	VTAP_STAT_CHECKSUM_ERRORS,
	VTAP_STAT_ICMP_ERRORS,
	VTAP_STAT_ICMPV6_ERRORS,
	VTAP_STAT_PMTU_EVENTS,
	VTAP_STAT_EXT_HEADERS,
	VTAP_STAT_DNS_QUERIES,
	VTAP_STAT_DNS_HITS,
	VTAP_STAT_DNS_MISSES,
	VTAP_STAT_DNS_EVICTIONS,
	VTAP_STAT_CT_TRACKED,
	VTAP_STAT_CT_INVALID,
	VTAP_STAT_CT_UNTRACKED,
	/* One for each class. */
	VTAP_STAT_DSCP_TX,
	VTAP_STAT_DSCP_RX = VTAP_STAT_DSCP_TX + VTAP_DSCP_CLASSES,
	VTAP_STAT_MAX = VTAP_STAT_DSCP_RX + VTAP_DSCP_CLASSES,
};

/**
 * enum vtap_verdict - what a step of a pipeline says of a packet
 * @VTAP_CONTINUE: the next step shall look at it
 * @VTAP_CONSUMED: the step took the skb; nobody may touch it any more
 *
 * Every other value is a drop: the caller frees the skb with vtap_drop(), which
 * counts it under the reason's own name.
 */
enum vtap_verdict {
	VTAP_CONTINUE,
	VTAP_CONSUMED,

	VTAP_RX_DROP_FIRST,
	VTAP_RX_DROP_RUNT = VTAP_RX_DROP_FIRST,
	VTAP_RX_DROP_NO_PORT,
	VTAP_RX_DROP_UNKNOWN_VLAN,
	VTAP_RX_DROP_BAD_SOURCE,
	VTAP_RX_DROP_OTHER_HOST,
	VTAP_RX_DROP_VLAN_NESTED,
	VTAP_RX_DROP_NOT_IP,
	VTAP_RX_DROP_IP_HEADER,
	VTAP_RX_DROP_IP_LENGTH,
	VTAP_RX_DROP_IP_CHECKSUM,
	VTAP_RX_DROP_IP_SOURCE,
	VTAP_RX_DROP_EXT_HEADERS,
	VTAP_RX_DROP_MULTICAST,
	VTAP_RX_DROP_FRAG_INVALID,
	VTAP_RX_DROP_FRAG_OVERLAP,
	VTAP_RX_DROP_FRAG_DUPLICATE,
	VTAP_RX_DROP_FRAG_TIMEOUT,
	VTAP_RX_DROP_FRAG_EVICTED,
	VTAP_RX_DROP_FRAG_FLUSHED,
	VTAP_RX_DROP_CHECKSUM,
	VTAP_RX_DROP_ICMP_FORGED,
	VTAP_RX_DROP_UNTRUSTED,
	VTAP_RX_DROP_ARP_INVALID,
	VTAP_RX_DROP_ARP_LIMITED,
	VTAP_RX_DROP_NDP_INVALID,
	VTAP_RX_DROP_NDP_LIMITED,
	VTAP_RX_DROP_NOMEM,
	VTAP_RX_DROP_HOST_BUSY,

	VTAP_TX_DROP_FIRST,
	VTAP_TX_DROP_NO_ETHERNET = VTAP_TX_DROP_FIRST,
	VTAP_TX_DROP_NOT_IP,
	VTAP_TX_DROP_IP_HEADER,
	VTAP_TX_DROP_IP_LENGTH,
	VTAP_TX_DROP_TOO_BIG,
	VTAP_TX_DROP_NEXT_HOP,
	VTAP_TX_DROP_UNRESOLVED,
	VTAP_TX_DROP_NEIGH_FAILED,
	VTAP_TX_DROP_NEIGH_QUEUE,
	VTAP_TX_DROP_NEIGH_FULL,
	VTAP_TX_DROP_NEIGH_FLUSHED,
	VTAP_TX_DROP_NOMEM,
	VTAP_TX_DROP_ETHERNET_BUSY,

	VTAP_VERDICT_MAX,
};

#define VTAP_DROPS	(VTAP_VERDICT_MAX - VTAP_RX_DROP_FIRST)
#define VTAP_COUNTERS	(VTAP_STAT_MAX + VTAP_DROPS)

/**
 * struct vtap_stats - counters of one end on one CPU
 * @syncp: makes 64-bit reads consistent on 32-bit machines
 * @counter: enum vtap_stat, then the drop reasons
 *
 * Written with BH off by the CPU that owns it.
 */
struct vtap_stats {
	struct u64_stats_sync syncp;
	u64_stats_t counter[VTAP_COUNTERS];
};

static inline void __vtap_count(struct vtap_stats __percpu *stats,
				unsigned int counter, unsigned int by)
{
	struct vtap_stats *s = this_cpu_ptr(stats);

	u64_stats_update_begin(&s->syncp);
	u64_stats_add(&s->counter[counter], by);
	u64_stats_update_end(&s->syncp);
}

/**
 * vtap_count() - count an event
 * @stats: counters of the end it belongs to
 * @stat: what happened
 *
 * Context: BH off.
 */
static inline void vtap_count(struct vtap_stats __percpu *stats,
			      enum vtap_stat stat)
{
	__vtap_count(stats, stat, 1);
}

struct vtap_stats __percpu *vtap_stats_alloc(void);
u64 vtap_stats_read(struct vtap_stats __percpu *stats, unsigned int counter);
const char *vtap_stats_name(unsigned int counter);
const char *vtap_drop_name(enum vtap_verdict reason);
void vtap_drop(struct net_device *dev, struct vtap_stats __percpu *stats,
	       struct sk_buff *skb, enum vtap_verdict reason);
void vtap_count_drops(struct net_device *dev, struct vtap_stats __percpu *stats,
		      unsigned int n, enum vtap_verdict reason);

#endif
