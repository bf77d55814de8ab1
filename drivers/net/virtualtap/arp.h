/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ARP_H
#define _VTAP_ARP_H

#include <linux/if_arp.h>
#include <linux/skbuff.h>

#include "mac.h"
#include "stats.h"

struct vtap_port;

#define VTAP_ARP_BUCKETS	64

/**
 * struct vtap_arp_limit - how often each source was answered this second
 * @key: of the hash, random
 * @bucket: second (upper half) and answers in it (lower half)
 *
 * A host end has two: sources that proved to be neighbours have one that
 * nobody else can fill.
 *
 * Written from several CPUs without a lock: an answer too many now and then is
 * cheaper than a lock on every request of a flood.
 */
struct vtap_arp_limit {
	u32 key;
	u32 bucket[VTAP_ARP_BUCKETS];
};

/**
 * struct vtap_arp - a checked ARP packet (RFC 826), host view
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @sha: sender's hardware address: unicast, the frame's source, not ours
 * @sip: sender's address: 0 in a probe, otherwise unicast
 * @tip: target's address
 * @to_us: the frame and, in a reply, the target are addressed to our MAC
 */
struct vtap_arp {
	u16 op;
	struct vtap_mac sha;
	__be32 sip;
	__be32 tip;
	bool to_us;
};

void vtap_arp_limit_init(struct vtap_arp_limit *limit);
bool vtap_arp_limited(struct vtap_arp_limit *limit, struct vtap_mac source,
		      u32 second);

enum vtap_verdict vtap_arp_parse(struct sk_buff *skb, struct vtap_mac station,
				 struct vtap_arp *arp);
struct sk_buff *vtap_arp_create(struct net_device *ethernet, u16 op,
				const struct vtap_mac *dest,
				struct vtap_mac station,
				__be32 sip, __be32 tip);
enum vtap_verdict vtap_arp_input(struct vtap_port *port,
				 struct net_device *ethernet,
				 struct sk_buff *skb, struct sk_buff **reply);

#endif
