// SPDX-License-Identifier: GPL-2.0
/* Transport checksums of what comes from the VPN (RFC 1071). */

#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/udp.h>

#include "csum.h"
#include "device.h"

enum result {
	SUM_GOOD,
	SUM_BAD,
	SUM_UNKNOWN,	/* there is none, or the host shall say */
};

/* Sum of the first @covered bytes of a transport of @len bytes. */
static enum result check(const struct sk_buff *skb, const struct vtap_pkt *pkt,
			 unsigned int covered, unsigned int len)
{
	return vtap_pkt_sum(skb, pkt, covered, len) ? SUM_BAD : SUM_GOOD;
}

static enum result check_icmp(const struct sk_buff *skb,
			      const struct vtap_pkt *pkt, unsigned int len)
{
	return csum_fold(skb_checksum(skb, skb_network_offset(skb) + pkt->l4,
				      len, 0)) ? SUM_BAD : SUM_GOOD;
}

/* RFC 8200 8.1 wants a checksum, RFC 6935 lets tunnels do without: the kernel
 * takes such datagrams for the sockets that were told to. Of what only passes,
 * that is for its receiver to say (RFC 6936 5).
 */
static noinline bool is_allowed_without(struct vtap_port *port,
					const struct sk_buff *skb,
					const struct udphdr *udp)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	int type = ipv6_addr_type(&ip6h->daddr);
	struct net *net = dev_net(port->dev);
	const struct sock *sk;

	if (!(type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_LINKLOCAL)) &&
	    !ipv6_chk_addr(net, &ip6h->daddr, NULL, 0))
		return true;
	sk = vtap_udp6_lookup(net, &ip6h->saddr, udp->source, &ip6h->daddr,
			      udp->dest, port->dev->ifindex,
			      l3mdev_master_ifindex_rcu(port->dev));
	return sk && udp_get_no_check6_rx(sk);
}

static enum result check_udp(struct vtap_port *port, struct sk_buff *skb,
			     const struct vtap_pkt *pkt)
{
	const struct udphdr *udp;

	/* Lengths that disagree are the host's business. */
	if (!pkt->udp_len)
		return SUM_UNKNOWN;
	udp = vtap_pkt_udp(skb, pkt);
	if (udp->check)
		return check(skb, pkt, pkt->udp_len, pkt->udp_len);
	if (pkt->family == AF_INET || is_allowed_without(port, skb, udp))
		return SUM_UNKNOWN;
	return SUM_BAD;
}

/* RFC 3828 3.1: the length field tells how much is covered; a checksum there
 * must be.
 */
static enum result check_udplite(struct sk_buff *skb,
				 const struct vtap_pkt *pkt, unsigned int len)
{
	const struct udphdr *udp;
	unsigned int covered;

	if (!pskb_network_may_pull(skb, pkt->l4 + sizeof(*udp)))
		return SUM_UNKNOWN;
	udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	covered = ntohs(udp->len);
	if (!covered)
		covered = len;
	if (covered < sizeof(*udp) || covered > len || !udp->check)
		return SUM_BAD;
	return check(skb, pkt, covered, len);
}

/* Apart from the two that are most of all traffic, which need less. */
static noinline enum result check_other(struct sk_buff *skb,
					const struct vtap_pkt *pkt,
					unsigned int len)
{
	switch (pkt->protocol) {
	case IPPROTO_UDPLITE:
		return check_udplite(skb, pkt, len);
	case IPPROTO_ICMP:
		return pkt->family == AF_INET ? check_icmp(skb, pkt, len) :
						SUM_UNKNOWN;
	case IPPROTO_ICMPV6:
		return pkt->family == AF_INET6 ? check(skb, pkt, len, len) :
						 SUM_UNKNOWN;
	default:
		return SUM_UNKNOWN;
	}
}

static enum result check_transport(struct vtap_port *port, struct sk_buff *skb,
				   const struct vtap_pkt *pkt)
{
	unsigned int len;

	if (pkt->protocol == IPPROTO_UDP)
		return check_udp(port, skb, pkt);
	len = skb->len - skb_network_offset(skb) - pkt->l4;
	if (pkt->protocol == IPPROTO_TCP)
		return check(skb, pkt, len, len);
	return check_other(skb, pkt, len);
}

/**
 * vtap_csum_check() - is the transport checksum right?
 * @port: host end; ``ethtool -K ... rx off`` leaves it to the host
 * @skb: packet, data at its header. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * What is verified here is marked, so that the host does not do it again. What
 * others vouch for is left alone: sums still to be made (CHECKSUM_PARTIAL), made
 * by the core, of packets that were merged. So are packets whose destination is
 * not the one that was summed (RFC 8200 8.1).
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE or VTAP_RX_DROP_CHECKSUM.
 */
enum vtap_verdict vtap_csum_check(struct vtap_port *port, struct sk_buff *skb,
				  const struct vtap_pkt *pkt)
{
	if (!(READ_ONCE(port->dev->features) & NETIF_F_RXCSUM) ||
	    pkt->fragment || pkt->en_route || skb_is_gso(skb) ||
	    skb_csum_unnecessary(skb) || skb->ip_summed == CHECKSUM_PARTIAL)
		return VTAP_CONTINUE;
	switch (check_transport(port, skb, pkt)) {
	case SUM_GOOD:
		skb->ip_summed = CHECKSUM_UNNECESSARY;
		skb->csum_level = 0;
		break;
	case SUM_BAD:
		vtap_count(port->stats, VTAP_STAT_CHECKSUM_ERRORS);
		return VTAP_RX_DROP_CHECKSUM;
	case SUM_UNKNOWN:
		break;
	}
	return VTAP_CONTINUE;
}
