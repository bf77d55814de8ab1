// SPDX-License-Identifier: GPL-2.0
/* NDP (RFC 4861): solicitations for next hops, and their answers. */

#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "device.h"
#include "ndp.h"

/* RFC 4861 4.6.1: type, length in units of 8 bytes, address. */
struct lladdr_option {
	u8 type;
	u8 len;
	u8 addr[ETH_ALEN];
} __packed;

/**
 * vtap_ndp_parse_na() - parse and check a neighbour advertisement
 * @data: the ICMPv6 message
 * @len: its length
 * @na: filled when it is good
 *
 * The rules of RFC 4861 7.1.2 that the message alone can break.
 *
 * Return: 0 or -EINVAL.
 */
int vtap_ndp_parse_na(const u8 *data, size_t len, struct vtap_na *na)
{
	const struct nd_msg *msg = (const struct nd_msg *)data;
	size_t i = sizeof(*msg);

	if (len < sizeof(*msg) || msg->icmph.icmp6_code ||
	    msg->icmph.icmp6_type != NDISC_NEIGHBOUR_ADVERTISEMENT ||
	    ipv6_addr_is_multicast(&msg->target))
		return -EINVAL;
	na->target = msg->target;
	na->solicited = msg->icmph.icmp6_solicited;
	na->override = msg->icmph.icmp6_override;
	na->has_mac = false;
	while (i < len) {
		const struct lladdr_option *option = (const void *)(data + i);

		if (len - i < 8 || !option->len || option->len * 8 > len - i)
			return -EINVAL;
		if (option->type == ND_OPT_TARGET_LL_ADDR && option->len == 1) {
			na->has_mac = true;
			na->mac = vtap_mac_make(option->addr);
		}
		i += option->len * 8;
	}
	return 0;
}

/**
 * vtap_ndp_create_ns() - build a neighbour solicitation
 * @ethernet: Ethernet end
 * @dest: whom to ask, NULL for the target's solicited-node group
 * @station: our hardware address
 * @source: our address
 * @target: whose hardware address is asked for
 *
 * Return: a frame with its Ethernet header, or NULL without memory.
 */
struct sk_buff *vtap_ndp_create_ns(struct net_device *ethernet,
				   const struct vtap_mac *dest,
				   struct vtap_mac station,
				   const struct in6_addr *source,
				   const struct in6_addr *target)
{
	const unsigned int len = sizeof(struct nd_msg) +
				 sizeof(struct lladdr_option);
	struct lladdr_option *option;
	struct ipv6hdr *ip6h;
	struct sk_buff *skb;
	struct nd_msg *msg;
	struct ethhdr *eth;

	skb = netdev_alloc_skb_ip_align(ethernet,
					ETH_HLEN + sizeof(*ip6h) + len);
	if (!skb)
		return NULL;
	eth = skb_put(skb, ETH_HLEN);
	ip6h = skb_put_zero(skb, sizeof(*ip6h) + len);
	skb_set_network_header(skb, ETH_HLEN);
	msg = (struct nd_msg *)(ip6h + 1);
	option = (struct lladdr_option *)(msg + 1);

	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->payload_len = htons(len);
	ip6h->nexthdr = IPPROTO_ICMPV6;
	ip6h->hop_limit = 255;
	ip6h->saddr = *source;
	ip6h->daddr = *target;
	if (!dest)
		addrconf_addr_solict_mult(target, &ip6h->daddr);

	msg->icmph.icmp6_type = NDISC_NEIGHBOUR_SOLICITATION;
	msg->target = *target;
	option->type = ND_OPT_SOURCE_LL_ADDR;
	option->len = 1;
	memcpy(option->addr, station.addr, ETH_ALEN);
	msg->icmph.icmp6_cksum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr,
						 len, IPPROTO_ICMPV6,
						 csum_partial(msg, len, 0));

	if (dest)
		memcpy(eth->h_dest, dest->addr, ETH_ALEN);
	else
		ipv6_eth_mc_map(&ip6h->daddr, eth->h_dest);
	memcpy(eth->h_source, station.addr, ETH_ALEN);
	eth->h_proto = htons(ETH_P_IPV6);
	return skb;
}

static bool icmpv6_sum_good(const struct sk_buff *skb,
			    const struct vtap_pkt *pkt)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	unsigned int len = skb->len - pkt->l4;

	return skb_csum_unnecessary(skb) ||
	       skb->ip_summed == CHECKSUM_PARTIAL ||
	       !csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len,
				IPPROTO_ICMPV6,
				skb_checksum(skb, pkt->l4, len, 0));
}

/* How far it is believed: RFC 4861 7.2.5, as the neighbour table puts it. */
static void learn_na(struct vtap_port *port, const struct vtap_na *na,
		     const u8 *source)
{
	struct vtap_mac mac = na->has_mac ? na->mac : vtap_mac_make(source);
	enum vtap_neigh_how how = VTAP_NEIGH_UNASKED;

	/* Without the option it can but confirm what is known. */
	if (na->solicited && !na->has_mac)
		how = VTAP_NEIGH_CONFIRM;
	else if (na->solicited)
		how = na->override ? VTAP_NEIGH_REPLY : VTAP_NEIGH_REPLY_KEEP;
	else if (!na->has_mac || !na->override)
		return;
	if (is_valid_ether_addr(mac.addr))
		vtap_neigh_update(&port->neigh, &na->target, mac, how, jiffies);
}

/**
 * vtap_ndp_input() - look for neighbour advertisements from the VPN
 * @port: host end
 * @skb: IPv6 packet, network and MAC header set. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * They are consumed: what the host's stack would do with them is done here.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, VTAP_CONSUMED or a drop.
 */
enum vtap_verdict vtap_ndp_input(struct vtap_port *port, struct sk_buff *skb,
				 const struct vtap_pkt *pkt)
{
	const struct ipv6hdr *ip6h;
	unsigned int len;
	struct vtap_na na;
	const u8 *data;

	if (pkt->protocol != IPPROTO_ICMPV6 ||
	    !pskb_network_may_pull(skb, pkt->l4 + sizeof(struct icmp6hdr)))
		return VTAP_CONTINUE;
	data = skb_network_header(skb) + pkt->l4;
	if (*data != NDISC_NEIGHBOUR_ADVERTISEMENT)
		return VTAP_CONTINUE;
	vtap_count(port->stats, VTAP_STAT_NA_RECEIVED);
	len = skb->len - pkt->l4;
	if (skb_linearize(skb))
		return VTAP_RX_DROP_NOMEM;
	data = skb_network_header(skb) + pkt->l4;
	ip6h = ipv6_hdr(skb);
	if (ip6h->hop_limit != 255 || !icmpv6_sum_good(skb, pkt) ||
	    vtap_ndp_parse_na(data, len, &na) ||
	    (ipv6_addr_is_multicast(&ip6h->daddr) && na.solicited) ||
	    ipv6_addr_v4mapped(&na.target))
		return VTAP_RX_DROP_NDP_INVALID;
	if (READ_ONCE(port->neigh.resolve))
		learn_na(port, &na, eth_hdr(skb)->h_source);
	consume_skb(skb);
	return VTAP_CONSUMED;
}
