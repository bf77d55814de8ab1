// SPDX-License-Identifier: GPL-2.0
/* Choice of the next hop: from the route where there is one, not from a guess. */

#include <linux/if_arp.h>
#include <net/dst_metadata.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "device.h"
#include "dhcp.h"
#include "nexthop.h"

static const u8 broadcast[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static void to_neighbour(struct vtap_nexthop *nh, enum vtap_nexthop_kind kind,
			 __be32 addr)
{
	nh->kind = kind;
	ipv6_addr_set_v4mapped(addr, &nh->addr);
}

/* RFC 4291 2.5.2, 2.5.3. The table keeps IPv4 neighbours under mapped addresses,
 * which no IPv6 packet may carry anyway (2.5.5.2).
 */
static bool is_nobody(const struct in6_addr *addr)
{
	return ipv6_addr_v4mapped(addr) || ipv6_addr_any(addr) ||
	       ipv6_addr_loopback(addr);
}

static void to_neighbour6(struct vtap_nexthop *nh, enum vtap_nexthop_kind kind,
			  const struct in6_addr *addr)
{
	if (is_nobody(addr)) {
		nh->kind = VTAP_NEXTHOP_NONE;
		return;
	}
	nh->kind = kind;
	nh->addr = *addr;
}

static void to_mac(struct vtap_nexthop *nh, const u8 *mac)
{
	nh->kind = VTAP_NEXTHOP_MAC;
	nh->mac.raw = 0;
	memcpy(nh->mac.addr, mac, ETH_ALEN);
}

/* RFC 1112 6.4: the low 23 bits of the group. */
static void to_multicast(struct vtap_nexthop *nh, __be32 group)
{
	nh->kind = VTAP_NEXTHOP_MAC;
	nh->mac.raw = 0;
	ip_eth_mc_map(group, nh->mac.addr);
}

/* RFC 2464 7: the low 32 bits of the group. */
static void to_multicast6(struct vtap_nexthop *nh, const struct in6_addr *group)
{
	nh->kind = VTAP_NEXTHOP_MAC;
	nh->mac.raw = 0;
	ipv6_eth_mc_map(group, nh->mac.addr);
}

/**
 * vtap_nexthop_gateway4() - the gateway where no route names one
 * @port: host end
 *
 * Context: RCU.
 * Return: option ``gateway4``, else the learned router, else 0.
 */
__be32 vtap_nexthop_gateway4(struct vtap_port *port)
{
	__be32 set = (__force __be32)vtap_option(port, gateway4);

	return set ? set : vtap_learn_gateway4(&port->learned);
}

/* A metadata dst or a route through another device, left over from before a
 * redirect, says nothing of this segment.
 */
static const struct rtable *valid_route4(const struct net_device *dev,
					 const struct sk_buff *skb)
{
	const struct dst_entry *dst = skb_dst(skb);

	if (!skb_valid_dst(skb) || dst->dev != dev ||
	    dst->ops->family != AF_INET)
		return NULL;
	return (const struct rtable *)dst;
}

static const struct rt6_info *valid_route6(const struct net_device *dev,
					   const struct sk_buff *skb)
{
	const struct dst_entry *dst = skb_dst(skb);

	if (!skb_valid_dst(skb) || dst->dev != dev ||
	    dst->ops->family != AF_INET6)
		return NULL;
	return (const struct rt6_info *)dst;
}

static void choose4(struct vtap_port *port, const struct sk_buff *skb,
		    struct vtap_nexthop *nh)
{
	const struct rtable *rt = valid_route4(port->dev, skb);
	__be32 daddr = ip_hdr(skb)->daddr, gateway;

	if (ipv4_is_multicast(daddr)) {
		to_multicast(nh, daddr);
		return;
	}
	if (ipv4_is_lbcast(daddr) ||
	    (rt ? rt->rt_type == RTN_BROADCAST :
		  vtap_addr_is_broadcast4(port->dev, daddr))) {
		to_mac(nh, broadcast);
		return;
	}
	if (ipv4_is_zeronet(daddr) || ipv4_is_loopback(daddr)) {
		nh->kind = VTAP_NEXTHOP_NONE;
		return;
	}
	if (rt && rt->rt_gw_family == AF_INET) {
		to_neighbour(nh, VTAP_NEXTHOP_ROUTER, rt->rt_gw4);
		return;
	}
	if (rt && rt->rt_gw_family == AF_INET6) {
		to_neighbour6(nh, VTAP_NEXTHOP_ROUTER, &rt->rt_gw6);
		return;
	}
	gateway = vtap_nexthop_gateway4(port);
	if (!gateway || vtap_addr_is_onlink4(port, daddr))
		to_neighbour(nh, daddr == gateway ? VTAP_NEXTHOP_ROUTER :
			     VTAP_NEXTHOP_HOST, daddr);
	else
		to_neighbour(nh, VTAP_NEXTHOP_ROUTER, gateway);
}

/**
 * vtap_nexthop_gateway6() - the gateway where no route names one
 * @port: host end
 * @addr: set to option ``gateway6``, else to the best learned router
 *
 * Context: RCU, BH off.
 * Return: false when there is none.
 */
bool vtap_nexthop_gateway6(struct vtap_port *port, struct in6_addr *addr)
{
	return vtap_routers_is_any(&port->routers) &&
	       vtap_routers_gateway(&port->routers,
				    ktime_get_boottime_seconds(), addr);
}

/* In @nh already. */
static void to_gateway6(struct vtap_port *port, struct vtap_nexthop *nh)
{
	to_neighbour6(nh, VTAP_NEXTHOP_ROUTER, &nh->addr);
	if (unlikely(vtap_routers_pass_over(&port->routers)))
		vtap_router_ask(port);
}

/* Apart: IPv4 need not make room for what only this one does. */
static noinline void choose6(struct vtap_port *port,
			     const struct sk_buff *skb,
			     struct vtap_nexthop *nh)
{
	const struct rt6_info *rt = valid_route6(port->dev, skb);
	const struct in6_addr *daddr = &ipv6_hdr(skb)->daddr;

	if (ipv6_addr_is_multicast(daddr))
		to_multicast6(nh, daddr);
	else if (is_nobody(daddr))
		nh->kind = VTAP_NEXTHOP_NONE;
	else if (rt && rt->rt6i_flags & RTF_GATEWAY)
		to_neighbour6(nh, VTAP_NEXTHOP_ROUTER, &rt->rt6i_gateway);
	else if (!vtap_nexthop_gateway6(port, &nh->addr))
		to_neighbour6(nh, VTAP_NEXTHOP_HOST, daddr);
	else if (!vtap_addr_is_onlink6(port, daddr))
		to_gateway6(port, nh);
	else if (vtap_routers_includes(&port->routers, daddr,
				       ktime_get_boottime_seconds()))
		to_neighbour6(nh, VTAP_NEXTHOP_ROUTER, daddr);
	else
		to_neighbour6(nh, VTAP_NEXTHOP_HOST, daddr);
}

/* RFC 2131 4.1: a server sends to a client that has no address yet by its
 * hardware address, or by broadcast if the client asked for that: no ARP.
 * Only where the packet goes to the address being given: nothing else may
 * name a hardware address of its choice.
 */
static bool choose_bootp_reply(struct sk_buff *skb, const struct vtap_pkt *pkt,
			       struct vtap_nexthop *nh)
{
	const struct vtap_bootp *bootp;
	const struct udphdr *udp;

	if (!pkt->control || pkt->family != AF_INET)
		return false;
	udp = vtap_pkt_udp(skb, pkt);
	if (!udp || udp->source != htons(VTAP_DHCP_SERVER_PORT) ||
	    udp->dest != htons(VTAP_DHCP_CLIENT_PORT) ||
	    pkt->udp_len < sizeof(*udp) + sizeof(*bootp) ||
	    !pskb_network_may_pull(skb, pkt->l4 + sizeof(*udp) + sizeof(*bootp)))
		return false;
	bootp = (void *)(skb_network_header(skb) + pkt->l4 + sizeof(*udp));
	if (bootp->op != VTAP_BOOTP_REPLY || bootp->htype != ARPHRD_ETHER ||
	    bootp->hlen != ETH_ALEN || !bootp->yiaddr ||
	    bootp->yiaddr != ip_hdr(skb)->daddr ||
	    !is_valid_ether_addr(bootp->chaddr))
		return false;
	to_mac(nh, bootp->flags & htons(VTAP_BOOTP_BROADCAST) ?
		   broadcast : bootp->chaddr);
	return true;
}

/**
 * vtap_nexthop_choose() - choose the next hop of a packet of the host
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 * @nh: result
 *
 * A group's own address; a route's gateway (of either family), else the
 * destination where it is inside a prefix of the host end or a learned one, else
 * the set or learned gateway, else the destination. Packets without a route use
 * the same order without the route's step.
 *
 * Context: RCU, BH off.
 */
void vtap_nexthop_choose(struct vtap_port *port, struct sk_buff *skb,
			 const struct vtap_pkt *pkt, struct vtap_nexthop *nh)
{
	if (pkt->family == AF_INET6)
		choose6(port, skb, nh);
	else if (!choose_bootp_reply(skb, pkt, nh))
		choose4(port, skb, nh);
}
