/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_PACKET_H
#define _VTAP_PACKET_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>

#include "stats.h"

/* An IPv6 header and its extension headers are no longer (RFC 8504 5.3). */
#define VTAP_PKT_HEADERS_MAX	(40 + 2048)

/**
 * struct vtap_pkt - what the pipelines know of an IP packet
 * @family: AF_INET or AF_INET6
 * @protocol: what is carried, behind all extension headers that are walked
 * @fragment: part of a datagram
 * @later: not the first part of one: there is no transport header
 * @reassembled: it came in fragments
 * @ext: there are IPv6 extension headers
 * @en_route: a routing header has more destinations for it
 * @control: it may configure, resolve or report: ICMP, DHCP, DNS. Nobody has to
 *	look into any other
 * @frag: offset of an IPv6 fragment header, 0 without one; RFC 6946 has
 *	datagrams of one "fragment"
 * @frag_nexthdr: offset of the next header field that announces it
 * @l4: offset of the transport header
 * @udp_len: length of the UDP datagram there, header included: all of it is in
 *	the packet, the header in the linear part. 0 for anything else: another
 *	protocol, a fragment, lengths that disagree, several datagrams in one
 *
 * Offsets from the network header, not pointers: they outlive every pull.
 */
struct vtap_pkt {
	u8 family;
	u8 protocol;
	bool fragment;
	bool later;
	bool reassembled;
	bool ext;
	bool en_route;
	bool control;
	u16 frag;
	u16 frag_nexthdr;
	u16 l4;
	u16 udp_len;
};

/**
 * vtap_pkt_icmp_type() - the type of an ICMP or ICMPv6 message
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * Of the first fragment of one, too.
 *
 * Return: its type, or -1 where there is none.
 */
static inline int vtap_pkt_icmp_type(struct sk_buff *skb,
				     const struct vtap_pkt *pkt)
{
	if (pkt->protocol != (pkt->family == AF_INET ? IPPROTO_ICMP :
						       IPPROTO_ICMPV6) ||
	    pkt->later || !pskb_network_may_pull(skb, pkt->l4 + 1))
		return -1;
	return skb_network_header(skb)[pkt->l4];
}

/**
 * vtap_pkt_udp() - the UDP header of a whole packet
 * @skb: packet
 * @pkt: what parsing found
 *
 * Return: the header, of a datagram of @pkt->udp_len bytes, or NULL.
 */
static inline struct udphdr *vtap_pkt_udp(const struct sk_buff *skb,
					  const struct vtap_pkt *pkt)
{
	if (!pkt->udp_len)
		return NULL;
	return (struct udphdr *)(skb_network_header(skb) + pkt->l4);
}

/**
 * vtap_pkt_sum() - transport checksum with its pseudo header
 * @skb: packet, network header set
 * @pkt: what parsing found
 * @covered: bytes from the transport header on that it covers; all in @skb
 * @len: length in the pseudo header
 *
 * Return: 0 when the checksum that is in there is right.
 */
static inline __sum16 vtap_pkt_sum(const struct sk_buff *skb,
				   const struct vtap_pkt *pkt,
				   unsigned int covered, unsigned int len)
{
	__wsum sum;

	/* As skb_checksum(), which costs more than the sum of a small one. */
	if (skb_is_nonlinear(skb))
		sum = skb_checksum(skb, skb_network_offset(skb) + pkt->l4,
				   covered, 0);
	else
		sum = csum_partial(skb_network_header(skb) + pkt->l4, covered,
				   0);
	if (pkt->family == AF_INET)
		return csum_tcpudp_magic(ip_hdr(skb)->saddr,
					 ip_hdr(skb)->daddr, len,
					 pkt->protocol, sum);
	return csum_ipv6_magic(&ipv6_hdr(skb)->saddr, &ipv6_hdr(skb)->daddr,
			       len, pkt->protocol, sum);
}

bool vtap_pkt_walk(const u8 *data, size_t len, struct vtap_pkt *pkt);
enum vtap_verdict vtap_pkt_parse_rx(struct sk_buff *skb, __be16 ethertype,
				    struct vtap_pkt *pkt);
enum vtap_verdict vtap_pkt_parse_tx(struct sk_buff *skb, struct vtap_pkt *pkt);
bool vtap_pkt_sum_good(const struct sk_buff *skb, const struct vtap_pkt *pkt,
		       unsigned int len);

#endif
