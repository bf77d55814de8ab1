/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ARP_H
#define _VTAP_ARP_H

#include <linux/if_arp.h>
#include <linux/skbuff.h>

#include "mac.h"
#include "stats.h"

struct vtap_port;

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
