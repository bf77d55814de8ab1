// SPDX-License-Identifier: GPL-2.0
/* The way of an IP packet from the host to the VPN. */

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/inetdevice.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "device.h"
#include "l2.h"
#include "l3.h"
#include "mtu.h"
#include "ndp.h"
#include "netlink.h"
#include "nexthop.h"
#include "packet.h"
#include "tx.h"

/* The last step, where a packet that waited for its neighbour enters again. */
static enum vtap_verdict push_ethernet(struct vtap *vtap,
				       struct vtap_port *port,
				       struct sk_buff *skb,
				       struct vtap_mac dest)
{
	bool abroad = !net_eq(dev_net(vtap->dev), dev_net(port->dev));
	struct vtap_mac station = vtap_mac_read(&port->station);
	unsigned int len = skb->len;
	struct ethhdr *eth;

	if (skb_cow_head(skb, ETH_HLEN))
		return VTAP_TX_DROP_NOMEM;
	eth = __skb_push(skb, ETH_HLEN);
	/* Whole words, whose ends the next one overwrites. */
	put_unaligned(dest.raw, (u64 *)eth->h_dest);
	put_unaligned(station.raw, (u64 *)eth->h_source);
	eth->h_proto = skb->protocol;

	/* A lower device tells the time itself. */
	if (!vtap->lower)
		skb_tx_timestamp(skb);
	skb_scrub_packet(skb, abroad);
	skb_clear_tstamp(skb);
	/* The queue was another device's. */
	skb_set_queue_mapping(skb, 0);
	/* As if the other namespace forwarded it: what the host set means
	 * nothing there.
	 */
	if (abroad)
		skb->priority = rt_tos2priority(vtap_dscp_field(skb));
	if (!vtap_l2_output(vtap, port, skb)) {
		vtap_drop(port->dev, port->stats, NULL,
			  VTAP_TX_DROP_ETHERNET_BUSY);
		return VTAP_CONSUMED;
	}
	dev_sw_netstats_tx_add(port->dev, 1, len);
	return VTAP_CONSUMED;
}

/* A part of a packet that was too big goes all the way by itself. */
static int tx_fragment(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	vtap_tx(vtap_port_of(skb->dev), skb);
	return 0;
}

/* May the host know already what it asks for? */
static enum vtap_verdict tx_dns(struct vtap_port *port, struct sk_buff *skb,
				const struct vtap_pkt *pkt)
{
	struct sk_buff *reply = NULL;
	enum vtap_verdict verdict;

	if (!READ_ONCE(port->dns.on))
		return VTAP_CONTINUE;
	verdict = vtap_dns_cache_tx(port, skb, pkt,
				    ktime_get_boottime_seconds(), &reply);
	if (reply)
		vtap_l3_answer(port, reply);
	return verdict;
}

/* What asks for this station's configuration, or for names. */
static enum vtap_verdict tx_control(struct vtap_port *port, struct sk_buff *skb,
				    const struct vtap_pkt *pkt)
{
	enum vtap_verdict verdict;

	verdict = tx_dns(port, skb, pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	if (pkt->family == AF_INET)
		return vtap_learn_tx(port, skb, pkt);
	vtap_lease6_tx(port, skb, pkt);
	return VTAP_CONTINUE;
}

static enum vtap_verdict tx(struct vtap *vtap, struct vtap_port *port,
			    struct sk_buff *skb)
{
	struct vtap_nexthop nh;
	enum vtap_verdict verdict;
	struct vtap_pkt pkt;
	struct vtap_mac mac;

	/* The sender's pages are its own again when it is told so. */
	if (skb_orphan_frags(skb, GFP_ATOMIC))
		return VTAP_TX_DROP_NOMEM;
	skb_reset_network_header(skb);
	verdict = vtap_pkt_parse_tx(skb, &pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	if (pkt.control) {
		verdict = tx_control(port, skb, &pkt);
		if (verdict != VTAP_CONTINUE)
			return verdict;
	}
	verdict = vtap_mtu_check(vtap, port, skb, &pkt, tx_fragment);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	if (rcu_access_pointer(port->ct.tracker))
		vtap_ct_tx(port, skb, &pkt);
	verdict = vtap_dscp_tx(port, skb);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	vtap_nexthop_choose(port, skb, &pkt, &nh);
	switch (nh.kind) {
	case VTAP_NEXTHOP_NONE:
		return VTAP_TX_DROP_NEXT_HOP;
	case VTAP_NEXTHOP_MAC:
		mac = nh.mac;
		break;
	case VTAP_NEXTHOP_HOST:
	case VTAP_NEXTHOP_ROUTER:
		verdict = vtap_neigh_resolve(&port->neigh, &nh.addr,
					     nh.kind == VTAP_NEXTHOP_ROUTER,
					     skb, jiffies, &mac);
		if (verdict != VTAP_CONTINUE)
			return verdict;
		break;
	}
	return push_ethernet(vtap, port, skb, mac);
}

/**
 * vtap_tx() - take a packet from the host
 * @port: host end
 * @skb: packet, data at the IP header, not shared; consumed
 *
 * Context: RCU, BH off.
 */
void vtap_tx(struct vtap_port *port, struct sk_buff *skb)
{
	struct vtap *vtap = rcu_dereference(port->vtap);
	enum vtap_verdict verdict = VTAP_TX_DROP_NO_ETHERNET;

	if (likely(vtap && netif_running(vtap->dev)))
		verdict = tx(vtap, port, skb);
	if (verdict != VTAP_CONSUMED)
		vtap_drop(port->dev, port->stats, skb, verdict);
}

static struct vtap_port *port_of(struct vtap_neigh_table *table)
{
	return container_of(table, struct vtap_port, neigh);
}

static void solicit4(struct vtap *vtap, struct vtap_port *port, __be32 addr,
		     const struct vtap_mac *mac)
{
	/* As the kernel's ARP with arp_announce 2: an address of ours that the
	 * target's subnet knows, where there is one.
	 */
	__be32 source = inet_select_addr(port->dev, addr, RT_SCOPE_LINK);
	struct sk_buff *skb;

	skb = vtap_arp_create(vtap->dev, ARPOP_REQUEST, mac,
			      vtap_mac_read(&port->station), source, addr);
	if (!skb)
		return;
	vtap_count(port->stats, VTAP_STAT_ARP_REQUESTS_SENT);
	vtap_l2_output(vtap, port, skb);
}

/* Nor is one that may be another station's (RFC 4862 5.4). */
static void solicit6(struct vtap *vtap, struct vtap_port *port,
		     const struct in6_addr *addr, const struct vtap_mac *mac)
{
	struct in6_addr source;
	struct sk_buff *skb;

	if (!vtap_addr_source6(port->dev, addr, &source) ||
	    !vtap_addr_is_usable6(port, &source))
		return;
	skb = vtap_ndp_create_ns(vtap->dev, mac, vtap_mac_read(&port->station),
				 &source, addr);
	if (!skb)
		return;
	vtap_count(port->stats, VTAP_STAT_NS_SENT);
	vtap_l2_output(vtap, port, skb);
}

/* A second or two, until it is known that the source is ours alone. */
static bool must_wait(struct vtap_neigh_table *table,
		      const struct in6_addr *addr)
{
	struct vtap_port *port = port_of(table);
	struct in6_addr source;

	return !ipv6_addr_v4mapped(addr) &&
	       vtap_addr_source6(port->dev, addr, &source) &&
	       vtap_addr_is_tentative6(port, &source);
}

static void solicit(struct vtap_neigh_table *table, const struct in6_addr *addr,
		    const struct vtap_mac *mac)
{
	struct vtap_port *port = port_of(table);
	struct vtap *vtap = rcu_dereference(port->vtap);

	if (!vtap)
		return;
	if (ipv6_addr_v4mapped(addr))
		solicit4(vtap, port, addr->s6_addr32[3], mac);
	else
		solicit6(vtap, port, addr, mac);
}

static void send_waiting(struct vtap_neigh_table *table, struct sk_buff *skb,
			 struct vtap_mac mac)
{
	struct vtap_port *port = port_of(table);
	struct vtap *vtap = rcu_dereference(port->vtap);
	enum vtap_verdict verdict = VTAP_TX_DROP_NO_ETHERNET;

	if (vtap)
		verdict = push_ethernet(vtap, port, skb, mac);
	if (verdict != VTAP_CONSUMED)
		vtap_drop(port->dev, port->stats, skb, verdict);
}

/* RFC 1122 3.2.2.1; RFC 4443 3.1. icmp_ndo_send() undoes the NAT that the
 * packet went through, so that its real sender hears of it.
 */
static void refuse(struct vtap_neigh_table *table, struct sk_buff *skb)
{
	struct vtap_port *port = port_of(table);

	if (skb->protocol == htons(ETH_P_IP))
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	else
		icmpv6_ndo_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
				0);
	vtap_drop(port->dev, port->stats, skb, VTAP_TX_DROP_NEIGH_FAILED);
}

static void drop_waiting(struct vtap_neigh_table *table, struct sk_buff *skb,
			 enum vtap_verdict reason)
{
	struct vtap_port *port = port_of(table);

	vtap_drop(port->dev, port->stats, skb, reason);
}

static void router_heard(struct vtap_neigh_table *table,
			 const struct in6_addr *addr, enum vtap_neigh_news news)
{
	struct vtap_port *port = port_of(table);
	bool alive = news == VTAP_NEIGH_BACK || news == VTAP_NEIGH_STILL_THERE;
	u64 now = ktime_get_boottime_seconds();

	vtap_routers_heard(&port->routers, addr, alive, now);
	vtap_gateway_update(port);
	if (news == VTAP_NEIGH_LOST || news == VTAP_NEIGH_BACK)
		vtap_netlink_router(port, alive ?
				    VIRTUALTAP_ROUTER_CHANGE_REACHABLE :
				    VIRTUALTAP_ROUTER_CHANGE_UNREACHABLE,
				    addr, NULL, now);
}

static void router_mac_heard(struct vtap_neigh_table *table,
			     const struct in6_addr *addr,
			     enum vtap_neigh_mac_news news,
			     struct vtap_mac old_mac, struct vtap_mac new_mac)
{
	static const enum virtualtap_mac_change change[] = {
		[VTAP_NEIGH_MAC_LEARNED] = VIRTUALTAP_MAC_CHANGE_LEARNED,
		[VTAP_NEIGH_MAC_CHANGED] = VIRTUALTAP_MAC_CHANGE_CHANGED,
		[VTAP_NEIGH_MAC_REFUSED] = VIRTUALTAP_MAC_CHANGE_REFUSED,
	};

	vtap_netlink_mac(port_of(table), change[news], addr, old_mac, new_mac);
}

const struct vtap_neigh_ops vtap_tx_neigh_ops = {
	.solicit	= solicit,
	.output		= send_waiting,
	.refuse		= refuse,
	.drop		= drop_waiting,
	.router		= router_heard,
	.mac		= router_mac_heard,
	.must_wait	= must_wait,
};
