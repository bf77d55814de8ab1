// SPDX-License-Identifier: GPL-2.0
/* ICMP errors (RFC 792, 1191, 4443, 5927, 8201): which are about a packet that
 * can have been sent from here.
 */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "device.h"
#include "icmp.h"
#include "trace.h"

/* RFC 792: of what a packet carries, at least so much is told. */
#define EMBEDDED_DATA	8
/* More of a packet is not looked at: both its own and the embedded headers. */
#define LOOK_MAX	(2 * VTAP_PKT_HEADERS_MAX)

/**
 * vtap_icmp_is_error4() - is this an ICMP error, not a query or answer?
 * @type: ICMP type
 */
bool vtap_icmp_is_error4(u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
	       type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
	       type == ICMP_PARAMETERPROB;
}

/**
 * vtap_icmp_is_error6() - is this an ICMPv6 error that is known?
 * @type: ICMPv6 type
 */
bool vtap_icmp_is_error6(u8 type)
{
	return type >= ICMPV6_DEST_UNREACH && type <= ICMPV6_PARAMPROB;
}

/* Transport header of the embedded packet; @total is what its header says that
 * there was of it.
 */
static int parse_transport(const u8 *data, size_t len, size_t total,
			   const struct vtap_pkt *pkt,
			   struct vtap_icmp_error *error)
{
	/* A packet may have carried less. */
	if (len < pkt->l4 + EMBEDDED_DATA && len < total)
		return -EINVAL;
	error->protocol = pkt->protocol;
	if (pkt->later || len < pkt->l4 + EMBEDDED_DATA)
		return 0;
	switch (pkt->protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		error->sport = get_unaligned_be16(data + pkt->l4);
		error->dport = get_unaligned_be16(data + pkt->l4 + 2);
		break;
	}
	return 0;
}

static int parse_embedded4(const u8 *data, size_t len,
			   struct vtap_icmp_error *error)
{
	const struct iphdr *iph = (const struct iphdr *)data;
	struct vtap_pkt pkt = {};

	if (len < sizeof(*iph) || iph->version != 4 ||
	    iph->ihl * 4 < sizeof(*iph) || iph->ihl * 4 > len)
		return -EINVAL;
	ipv6_addr_set_v4mapped(iph->saddr, &error->source);
	ipv6_addr_set_v4mapped(iph->daddr, &error->dest);
	pkt.family = AF_INET;
	pkt.protocol = iph->protocol;
	pkt.later = iph->frag_off & htons(IP_OFFSET);
	pkt.l4 = iph->ihl * 4;
	return parse_transport(data, len, ntohs(iph->tot_len), &pkt, error);
}

static int parse_embedded6(const u8 *data, size_t len,
			   struct vtap_icmp_error *error)
{
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)data;
	struct vtap_pkt pkt;

	if (len < sizeof(*ip6h) || ip6h->version != 6 ||
	    !vtap_pkt_walk(data, len, &pkt))
		return -EINVAL;
	error->source = ip6h->saddr;
	error->dest = ip6h->daddr;
	return parse_transport(data, len,
			       sizeof(*ip6h) + ntohs(ip6h->payload_len), &pkt,
			       error);
}

/**
 * vtap_icmp_parse4() - parse and check an ICMP error
 * @data: the ICMP message
 * @len: its length
 * @error: filled when it is good
 *
 * It has to quote the header of the packet that it is about and 8 bytes of what
 * that carried (RFC 792), if it carried so much.
 *
 * Return: 0 or -EINVAL.
 */
int vtap_icmp_parse4(const u8 *data, size_t len, struct vtap_icmp_error *error)
{
	memset(error, 0, sizeof(*error));
	if (len < sizeof(struct icmphdr) || !vtap_icmp_is_error4(data[0]))
		return -EINVAL;
	error->type = data[0];
	error->code = data[1];
	if (error->type == ICMP_DEST_UNREACH &&
	    error->code == ICMP_FRAG_NEEDED) {
		error->too_big = true;
		error->mtu = get_unaligned_be16(data + 6);	/* RFC 1191 4 */
	}
	return parse_embedded4(data + sizeof(struct icmphdr),
			       len - sizeof(struct icmphdr), error);
}

/**
 * vtap_icmp_parse6() - parse and check an ICMPv6 error
 * @data: the ICMPv6 message
 * @len: its length
 * @error: filled when it is good
 *
 * RFC 4443 wants as much of the packet as fits: that includes its headers.
 *
 * Return: 0 or -EINVAL.
 */
int vtap_icmp_parse6(const u8 *data, size_t len, struct vtap_icmp_error *error)
{
	memset(error, 0, sizeof(*error));
	if (len < sizeof(struct icmp6hdr) || !vtap_icmp_is_error6(data[0]))
		return -EINVAL;
	error->type = data[0];
	error->code = data[1];
	if (error->type == ICMPV6_PKT_TOOBIG) {
		error->too_big = true;
		error->mtu = get_unaligned_be32(data + 4);
	}
	return parse_embedded6(data + sizeof(struct icmp6hdr),
			       len - sizeof(struct icmp6hdr), error);
}

/* Is it about a packet whose sender it goes to? */
static bool is_for_its_sender(const struct sk_buff *skb,
			      const struct vtap_pkt *pkt,
			      const struct vtap_icmp_error *error)
{
	struct in6_addr daddr;

	if (pkt->family == AF_INET)
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &daddr);
	else
		daddr = ipv6_hdr(skb)->daddr;
	return ipv6_addr_equal(&daddr, &error->source);
}

/* RFC 1191 3, RFC 8201 4: no path needs less; it can but get smaller. */
static enum vtap_verdict input_too_big(struct vtap_port *port,
				       const struct vtap_pkt *pkt,
				       const struct vtap_icmp_error *error)
{
	if (error->mtu < (pkt->family == AF_INET ? VTAP_ICMP_MIN_MTU4 :
						   VTAP_ICMP_MIN_MTU6))
		return VTAP_RX_DROP_ICMP_FORGED;
	if (error->mtu < READ_ONCE(port->dev->mtu)) {
		vtap_count(port->stats, VTAP_STAT_PMTU_EVENTS);
		trace_vtap_pmtu(port->dev, &error->dest, error->mtu);
	}
	return VTAP_CONTINUE;
}

/* RFC 1122 3.2.2.2: a redirect counts where it comes from the hop that it is
 * about, which the host knows by its address alone.
 */
static bool is_another_routers(struct vtap_port *port, const struct sk_buff *skb)
{
	struct in6_addr source;

	ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &source);
	return vtap_neigh_disproves(&port->neigh, &source,
				    vtap_mac_make(eth_hdr(skb)->h_source));
}

static bool is_error(struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	int type = pkt->fragment ? -1 : vtap_pkt_icmp_type(skb, pkt);

	if (type < 0)
		return false;
	return pkt->family == AF_INET ? vtap_icmp_is_error4(type) :
					vtap_icmp_is_error6(type);
}

/**
 * vtap_icmp_input() - look for ICMP errors from the VPN
 * @port: host end
 * @skb: packet, data at its header, MAC header set, transport checksum checked.
 *	May reallocate @skb->head
 * @pkt: what parsing found
 *
 * One that cannot be about a packet from here is forged (RFC 5927 4), as is a
 * redirect that does not come from the hardware address that its router proved to
 * have. What is right goes on: the host knows its connections, and the paths to
 * its peers.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE or VTAP_RX_DROP_ICMP_FORGED.
 */
enum vtap_verdict vtap_icmp_input(struct vtap_port *port, struct sk_buff *skb,
				  const struct vtap_pkt *pkt)
{
	bool ipv4 = pkt->family == AF_INET;
	struct vtap_icmp_error error;
	unsigned int len;
	const u8 *data;
	int err;

	if (!is_error(skb, pkt))
		return VTAP_CONTINUE;
	vtap_count(port->stats, ipv4 ? VTAP_STAT_ICMP_ERRORS :
				       VTAP_STAT_ICMPV6_ERRORS);
	len = min_t(unsigned int, skb->len, LOOK_MAX);
	if (!pskb_network_may_pull(skb, len))
		return VTAP_RX_DROP_NOMEM;
	data = skb_network_header(skb) + pkt->l4;
	len -= pkt->l4;
	err = ipv4 ? vtap_icmp_parse4(data, len, &error) :
		     vtap_icmp_parse6(data, len, &error);
	if (err || !is_for_its_sender(skb, pkt, &error))
		return VTAP_RX_DROP_ICMP_FORGED;
	if (ipv4 && error.type == ICMP_REDIRECT && is_another_routers(port, skb))
		return VTAP_RX_DROP_ICMP_FORGED;
	return error.too_big ? input_too_big(port, pkt, &error) :
			       VTAP_CONTINUE;
}
