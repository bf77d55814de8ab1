// SPDX-License-Identifier: GPL-2.0
/* ARP (RFC 826, 5227): what is believed, what is answered. */

#include <linux/inetdevice.h>
#include <net/arp.h>
#include <net/route.h>

#include "device.h"

/* ARP on Ethernet and IPv4, as it lies in the packet. */
struct arp_ipv4 {
	struct arphdr hdr;
	u8 sha[ETH_ALEN];
	__be32 sip;
	u8 tha[ETH_ALEN];
	__be32 tip;
} __packed;

static bool valid_sender(const struct arp_ipv4 *arp, u16 op)
{
	if (!arp->sip)	/* a probe */
		return op == ARPOP_REQUEST;
	return !ipv4_is_multicast(arp->sip) && !ipv4_is_lbcast(arp->sip) &&
	       !ipv4_is_loopback(arp->sip);
}

/**
 * vtap_arp_parse() - check an ARP frame
 * @skb: data behind the Ethernet header, MAC header set. May reallocate
 *	@skb->head
 * @station: our hardware address
 * @arp: filled when the packet is good
 *
 * All rules on the packet alone are here (RFC 826; RFC 5227 1.1 for probes).
 *
 * Return: VTAP_CONTINUE or VTAP_RX_DROP_ARP_INVALID.
 */
enum vtap_verdict vtap_arp_parse(struct sk_buff *skb, struct vtap_mac station,
				 struct vtap_arp *arp)
{
	const struct arp_ipv4 *p;
	const struct ethhdr *eth;

	if (!pskb_may_pull(skb, sizeof(*p)))
		return VTAP_RX_DROP_ARP_INVALID;
	p = (const struct arp_ipv4 *)skb->data;
	eth = eth_hdr(skb);
	arp->op = ntohs(p->hdr.ar_op);
	/* 6 is IEEE 802, which the kernel's own ARP takes as well. */
	if ((p->hdr.ar_hrd != htons(ARPHRD_ETHER) &&
	     p->hdr.ar_hrd != htons(ARPHRD_IEEE802)) ||
	    p->hdr.ar_pro != htons(ETH_P_IP) ||
	    p->hdr.ar_hln != ETH_ALEN || p->hdr.ar_pln != sizeof(p->sip) ||
	    (arp->op != ARPOP_REQUEST && arp->op != ARPOP_REPLY))
		return VTAP_RX_DROP_ARP_INVALID;
	if (!is_valid_ether_addr(p->sha) ||
	    !ether_addr_equal_unaligned(p->sha, eth->h_source) ||
	    ether_addr_equal_unaligned(p->sha, station.addr))
		return VTAP_RX_DROP_ARP_INVALID;
	if (!valid_sender(p, arp->op) || ipv4_is_multicast(p->tip) ||
	    ipv4_is_loopback(p->tip))
		return VTAP_RX_DROP_ARP_INVALID;

	arp->sha = vtap_mac_make(p->sha);
	arp->sip = p->sip;
	arp->tip = p->tip;
	/* RFC 5227 2.6: whoever has given itself its address answers to all. */
	if (arp->op == ARPOP_REPLY)
		arp->to_us = ether_addr_equal_unaligned(p->tha, station.addr);
	else
		arp->to_us = ether_addr_equal_unaligned(eth->h_dest,
							station.addr);
	return VTAP_CONTINUE;
}

/**
 * vtap_arp_create() - build an ARP frame
 * @ethernet: Ethernet end
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @dest: where to, NULL for broadcast
 * @station: our hardware address, the sender's
 * @sip: sender's address
 * @tip: target's address
 *
 * Context: any.
 * Return: a frame with its Ethernet header, or NULL without memory.
 */
struct sk_buff *vtap_arp_create(struct net_device *ethernet, u16 op,
				const struct vtap_mac *dest,
				struct vtap_mac station,
				__be32 sip, __be32 tip)
{
	return arp_create(op, ETH_P_ARP, tip, ethernet, sip,
			  dest ? dest->addr : NULL, station.addr,
			  op == ARPOP_REPLY ? dest->addr : NULL);
}

/* sysctl arp_ignore; that only the device's own addresses are answered for
 * (1) is how this device always works.
 */
static bool ignored(struct in_device *in_dev, const struct vtap_arp *arp)
{
	switch (IN_DEV_ARP_IGNORE(in_dev)) {
	case 2: /* only senders of the same subnet */
		return !inet_confirm_addr(dev_net(in_dev->dev), in_dev,
					  arp->sip, arp->tip, RT_SCOPE_HOST);
	case 3: /* not for addresses of host scope */
		return !inet_confirm_addr(dev_net(in_dev->dev), in_dev, 0,
					  arp->tip, RT_SCOPE_LINK);
	case 8:
		return true;
	default:
		return false;
	}
}

/* As arp_fwd_proxy() of the kernel's ARP: sysctls proxy_arp, medium_id. */
static bool may_proxy(struct in_device *in_dev, const struct rtable *rt)
{
	struct in_device *out;
	int in_id, out_id;

	if (!IN_DEV_PROXY_ARP(in_dev))
		return false;
	in_id = IN_DEV_MEDIUM_ID(in_dev);
	if (in_id == 0 || in_id == -1)
		return in_id == 0;
	out = __in_dev_get_rcu(rt->dst.dev);
	out_id = out ? IN_DEV_MEDIUM_ID(out) : 0;
	return out_id != in_id && out_id != -1;
}

/* The kernel's own rules for answering for others: forwarding on, and a unicast
 * route to the target through another device.
 */
static bool is_proxied(struct vtap_port *port, struct in_device *in_dev,
		       struct sk_buff *skb, const struct vtap_arp *arp)
{
	struct net_device *dev = port->dev;
	const struct rtable *rt;
	bool proxied = false;

	if (!arp->sip || !IN_DEV_FORWARD(in_dev))
		return false;
	skb->dev = dev;
	if (ip_route_input_noref(skb, arp->tip, arp->sip, 0, dev))
		return false;
	rt = skb_rtable(skb);
	if (rt->rt_type == RTN_UNICAST && rt->dst.dev != dev)
		proxied = may_proxy(in_dev, rt) ||
			  vtap_pneigh_flags(&arp_tbl, dev_net(dev), &arp->tip,
					    dev) >= 0;
	skb_dst_drop(skb);
	return proxied;
}

static void learn(struct vtap_port *port, const struct vtap_arp *arp,
		  enum vtap_neigh_how how)
{
	struct in6_addr addr;

	ipv6_addr_set_v4mapped(arp->sip, &addr);
	vtap_neigh_update(&port->neigh, &addr, arp->sha, how, jiffies);
}

/* RFC 826: merge what is known already; add it when we are the target. Only
 * a sender that can be a neighbour is added.
 */
static void learn_request(struct vtap_port *port, const struct vtap_arp *arp)
{
	if (arp->sip)
		learn(port, arp, vtap_addr_is_onlink4(port, arp->sip) ?
		      VTAP_NEIGH_ASKED_US : VTAP_NEIGH_UNASKED);
}

/* An address of the host end, or one it was leased and is about to get. */
static bool is_ours(struct vtap_port *port, __be32 addr)
{
	return addr && (vtap_addr_is_own4(port->dev, addr) ||
			addr == vtap_learn_pending4(&port->learned));
}

static enum vtap_verdict answer(struct vtap_port *port,
				struct net_device *ethernet,
				const struct vtap_arp *arp,
				struct sk_buff **reply)
{
	struct in6_addr addr;

	ipv6_addr_set_v4mapped(arp->sip, &addr);
	if (vtap_limited(port, &addr, arp->sha))
		return VTAP_RX_DROP_ARP_LIMITED;
	*reply = vtap_arp_create(ethernet, ARPOP_REPLY, &arp->sha,
				 vtap_mac_read(&port->station),
				 arp->tip, arp->sip);
	if (!*reply)
		return VTAP_RX_DROP_NOMEM;
	vtap_count(port->stats, VTAP_STAT_ARP_REQUESTS_HANDLED);
	vtap_count(port->stats, VTAP_STAT_ARP_REPLIES_SENT);
	return VTAP_CONTINUE;
}

static enum vtap_verdict input_request(struct vtap_port *port,
				       struct net_device *ethernet,
				       struct in_device *in_dev,
				       struct sk_buff *skb,
				       const struct vtap_arp *arp,
				       struct sk_buff **reply)
{
	enum vtap_verdict verdict;

	if (is_ours(port, arp->tip)) {
		if (ignored(in_dev, arp))
			return VTAP_CONTINUE;
		verdict = answer(port, ethernet, arp, reply);
		if (verdict == VTAP_CONTINUE)
			learn_request(port, arp);
		return verdict;
	}
	if (arp->sip == arp->tip) {
		if (!IN_DEV_ORCONF(in_dev, DROP_GRATUITOUS_ARP))
			learn(port, arp, VTAP_NEIGH_UNASKED);
		return VTAP_CONTINUE;
	}
	if (is_proxied(port, in_dev, skb, arp))
		return answer(port, ethernet, arp, reply);
	return VTAP_CONTINUE;
}

static void input_reply(struct vtap_port *port, struct in_device *in_dev,
			const struct vtap_arp *arp)
{
	if (arp->to_us && arp->sip != arp->tip)
		learn(port, arp, VTAP_NEIGH_REPLY);
	else if (arp->sip == arp->tip &&
		 !IN_DEV_ORCONF(in_dev, DROP_GRATUITOUS_ARP))
		learn(port, arp, VTAP_NEIGH_UNASKED);
}

/**
 * vtap_arp_input() - an ARP frame from the VPN
 * @port: host end it belongs to
 * @ethernet: Ethernet end it came to
 * @skb: data behind the Ethernet header, MAC header set; stays the caller's.
 *	May reallocate @skb->head
 * @reply: set to a frame to be sent, if there is one
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE when it was dealt with, or a drop.
 */
enum vtap_verdict vtap_arp_input(struct vtap_port *port,
				 struct net_device *ethernet,
				 struct sk_buff *skb, struct sk_buff **reply)
{
	struct in_device *in_dev = __in_dev_get_rcu(port->dev);
	enum vtap_verdict verdict;
	struct vtap_arp arp;

	verdict = vtap_arp_parse(skb, vtap_mac_read(&port->station), &arp);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	vtap_count(port->stats, arp.op == ARPOP_REQUEST ?
		   VTAP_STAT_ARP_REQUESTS_RECEIVED :
		   VTAP_STAT_ARP_REPLIES_RECEIVED);
	if (!in_dev || !READ_ONCE(port->neigh.resolve))
		return VTAP_CONTINUE;
	/* RFC 1122 3.2.1.3: no station's address, whatever the subnet. */
	if (vtap_addr_is_broadcast4(port->dev, arp.sip))
		return VTAP_RX_DROP_ARP_INVALID;
	/* RFC 5227 2.4: whatever else it says, it uses our address. */
	if (is_ours(port, arp.sip)) {
		struct in6_addr addr;

		ipv6_addr_set_v4mapped(arp.sip, &addr);
		vtap_addr_conflict(port, &addr, arp.sha);
		return VTAP_CONTINUE;
	}
	if (arp.op == ARPOP_REQUEST)
		return input_request(port, ethernet, in_dev, skb, &arp, reply);
	input_reply(port, in_dev, &arp);
	return VTAP_CONTINUE;
}
