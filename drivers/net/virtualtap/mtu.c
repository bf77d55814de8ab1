// SPDX-License-Identifier: GPL-2.0
/* Packets of the host that are too big for the Ethernet end, or for the bridge
 * that it is in, which would drop them without a word.
 */

#include <linux/icmpv6.h>
#include <net/dst_metadata.h>
#include <net/gso.h>
#include <net/icmp.h>
#include <net/ip.h>

#include "device.h"
#include "mtu.h"

/**
 * vtap_mtu_path() - what the path on this machine allows
 * @vtap: instance
 *
 * Context: RCU.
 * Return: the MTU of the Ethernet end or, if it is less, of its master.
 */
unsigned int vtap_mtu_path(const struct vtap *vtap)
{
	unsigned int mtu = READ_ONCE(vtap->dev->mtu);
	const struct net_device *master;

	/* Nobody else takes what the Ethernet end receives. */
	if (!rcu_access_pointer(vtap->dev->rx_handler))
		return mtu;
	master = netdev_master_upper_dev_get_rcu(vtap->dev);
	return master ? min(mtu, READ_ONCE(master->mtu)) : mtu;
}

static bool fits(const struct sk_buff *skb, unsigned int mtu)
{
	return skb->len <= mtu ||
	       (skb_is_gso(skb) && skb_gso_validate_network_len(skb, mtu));
}

/* Fragments get their next hop from the packet's own route. RFC 791 3.2: of less
 * than IPV4_MIN_MTU a link has no room for them.
 */
static bool may_fragment(const struct vtap_port *port,
			 const struct sk_buff *skb, const struct vtap_pkt *pkt,
			 unsigned int mtu)
{
	const struct dst_entry *dst = skb_dst(skb);

	return pkt->family == AF_INET && mtu >= IPV4_MIN_MTU &&
	       (!(ip_hdr(skb)->frag_off & htons(IP_DF)) || skb->ignore_df) &&
	       skb_valid_dst(skb) && dst->dev == port->dev &&
	       dst->ops->family == AF_INET;
}

/* Each goes all the way by itself, and there is fragmented. */
static enum vtap_verdict segment(struct vtap_port *port, struct sk_buff *skb,
				 int (*output)(struct net *net, struct sock *sk,
					       struct sk_buff *fragment))
{
	struct sk_buff *segments, *part, *next;

	segments = skb_gso_segment(skb, READ_ONCE(port->dev->features) &
					~NETIF_F_GSO_MASK);
	if (IS_ERR_OR_NULL(segments))
		return VTAP_TX_DROP_NOMEM;
	consume_skb(skb);
	skb_list_walk_safe(segments, part, next) {
		skb_mark_not_on_list(part);
		output(dev_net(port->dev), NULL, part);
	}
	return VTAP_CONSUMED;
}

/* RFC 1191 4, RFC 4443 3.2. They undo the NAT that the packet went through, so
 * that its real sender hears of it.
 */
static enum vtap_verdict refuse(struct sk_buff *skb, const struct vtap_pkt *pkt,
				unsigned int mtu)
{
	if (pkt->family == AF_INET)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(mtu));
	else
		icmpv6_ndo_send(skb, ICMPV6_PKT_TOOBIG, 0, mtu);
	return VTAP_TX_DROP_TOO_BIG;
}

/* Apart from what almost every packet goes through, which needs less. */
static noinline enum vtap_verdict
check_path(struct vtap *vtap, struct vtap_port *port, struct sk_buff *skb,
	   const struct vtap_pkt *pkt,
	   int (*output)(struct net *net, struct sock *sk,
			 struct sk_buff *fragment))
{
	unsigned int mtu = vtap_mtu_path(vtap);

	if (fits(skb, mtu))
		return VTAP_CONTINUE;
	if (!may_fragment(port, skb, pkt, mtu))
		return refuse(skb, pkt, mtu);
	if (skb_is_gso(skb))
		return segment(port, skb, output);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));
	IPCB(skb)->frag_max_size = mtu;
	if (ip_do_fragment(dev_net(port->dev), NULL, skb, output))
		vtap_drop(port->dev, port->stats, NULL, VTAP_TX_DROP_NOMEM);
	return VTAP_CONSUMED;
}

/**
 * vtap_mtu_check() - is this packet small enough?
 * @vtap: instance
 * @port: host end
 * @skb: packet of the host, data at the IP header; gone when VTAP_CONSUMED is
 *	returned
 * @pkt: what parsing found
 * @output: called for each fragment, with skb->dev the host end; consumes it
 *
 * IPv4 without DF is fragmented (RFC 791 3.2), if it has a route, after it was
 * cut into its segments; of any other packet the sender is told.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, VTAP_CONSUMED, VTAP_TX_DROP_TOO_BIG, or
 * VTAP_TX_DROP_NOMEM.
 */
enum vtap_verdict vtap_mtu_check(struct vtap *vtap, struct vtap_port *port,
				 struct sk_buff *skb,
				 const struct vtap_pkt *pkt,
				 int (*output)(struct net *net, struct sock *sk,
					       struct sk_buff *fragment))
{
	/* Nobody but the Ethernet end itself limits most of them. */
	if (likely(!rcu_access_pointer(vtap->dev->rx_handler) &&
		   skb->len <= READ_ONCE(vtap->dev->mtu)))
		return VTAP_CONTINUE;
	return check_path(vtap, port, skb, pkt, output);
}
