// SPDX-License-Identifier: GPL-2.0
/* Checks of the IP header, both ways: pulls, lengths, offsets. */

#include <net/ip.h>
#include <net/ipv6.h>

#include "packet.h"

enum ip_result {
	IP_OK,
	IP_BAD_HEADER,
	IP_BAD_LENGTH,
};

/* RFC 791 3.1. Pulls the whole header; trims what follows the packet. */
static enum ip_result parse_ipv4(struct sk_buff *skb, struct vtap_pkt *pkt)
{
	const struct iphdr *iph;
	unsigned int hlen, len;

	if (!pskb_network_may_pull(skb, sizeof(*iph)))
		return IP_BAD_LENGTH;
	iph = ip_hdr(skb);
	hlen = iph->ihl * 4;
	if (iph->version != 4 || hlen < sizeof(*iph))
		return IP_BAD_HEADER;
	if (!pskb_network_may_pull(skb, hlen))
		return IP_BAD_LENGTH;
	iph = ip_hdr(skb);
	len = ntohs(iph->tot_len);
	if (len < hlen || len > skb->len)
		return IP_BAD_LENGTH;
	pkt->family = AF_INET;
	pkt->protocol = iph->protocol;
	pkt->fragment = ip_is_fragment(iph);
	pkt->l4 = hlen;
	return pskb_trim_rcsum(skb, len) ? IP_BAD_LENGTH : IP_OK;
}

/* RFC 8200 3. A payload length of zero is a jumbogram's or no payload. */
static enum ip_result parse_ipv6(struct sk_buff *skb, struct vtap_pkt *pkt)
{
	const struct ipv6hdr *ip6h;
	unsigned int len;

	if (!pskb_network_may_pull(skb, sizeof(*ip6h)))
		return IP_BAD_LENGTH;
	ip6h = ipv6_hdr(skb);
	if (ip6h->version != 6)
		return IP_BAD_HEADER;
	len = sizeof(*ip6h) + ntohs(ip6h->payload_len);
	if (len > skb->len)
		return IP_BAD_LENGTH;
	pkt->family = AF_INET6;
	pkt->protocol = ip6h->nexthdr;
	pkt->fragment = ip6h->nexthdr == NEXTHDR_FRAGMENT;
	pkt->l4 = sizeof(*ip6h);
	return pskb_trim_rcsum(skb, len) ? IP_BAD_LENGTH : IP_OK;
}

/**
 * vtap_pkt_parse_rx() - check an IP packet that came from the VPN
 * @skb: data at the IP header, network header set. May reallocate @skb->head
 * @ethertype: EtherType of its frame; must agree with the version
 * @pkt: filled when the packet is good
 *
 * Ethernet padding is trimmed. Sources that no sender may have (RFC 1122
 * 3.2.1.3: multicast, limited broadcast; RFC 4291 2.7: multicast) are refused.
 *
 * Return: VTAP_CONTINUE or a drop.
 */
enum vtap_verdict vtap_pkt_parse_rx(struct sk_buff *skb, __be16 ethertype,
				    struct vtap_pkt *pkt)
{
	bool ipv4 = ethertype == htons(ETH_P_IP);

	switch (ipv4 ? parse_ipv4(skb, pkt) : parse_ipv6(skb, pkt)) {
	case IP_BAD_HEADER:
		return VTAP_RX_DROP_IP_HEADER;
	case IP_BAD_LENGTH:
		return VTAP_RX_DROP_IP_LENGTH;
	case IP_OK:
		break;
	}
	if (ipv4) {
		const struct iphdr *iph = ip_hdr(skb);

		if (ip_fast_csum((u8 *)iph, iph->ihl))
			return VTAP_RX_DROP_IP_CHECKSUM;
		if (ipv4_is_multicast(iph->saddr) ||
		    ipv4_is_lbcast(iph->saddr))
			return VTAP_RX_DROP_IP_SOURCE;
	} else if (ipv6_addr_is_multicast(&ipv6_hdr(skb)->saddr)) {
		return VTAP_RX_DROP_IP_SOURCE;
	}
	return VTAP_CONTINUE;
}

/**
 * vtap_pkt_parse_tx() - check a packet that the host sends
 * @skb: data at the IP header, network header set. May reallocate @skb->head
 * @pkt: filled when the packet is good
 *
 * Return: VTAP_CONTINUE or a drop.
 */
enum vtap_verdict vtap_pkt_parse_tx(struct sk_buff *skb, struct vtap_pkt *pkt)
{
	enum ip_result result;

	if (skb->protocol == htons(ETH_P_IP))
		result = parse_ipv4(skb, pkt);
	else if (skb->protocol == htons(ETH_P_IPV6))
		result = parse_ipv6(skb, pkt);
	else
		return VTAP_TX_DROP_NOT_IP;

	switch (result) {
	case IP_BAD_HEADER:
		return VTAP_TX_DROP_IP_HEADER;
	case IP_BAD_LENGTH:
		return VTAP_TX_DROP_IP_LENGTH;
	case IP_OK:
		break;
	}
	return VTAP_CONTINUE;
}

/**
 * vtap_pkt_udp() - the UDP header of a whole packet
 * @skb: packet. May reallocate @skb->head
 * @pkt: what parsing found
 * @len: set to the length of the UDP datagram, header included; all of it is
 *	in @skb, though not all of it in the linear part
 *
 * Return: the header, or NULL where there is none: another protocol, a
 * fragment, lengths that disagree.
 */
struct udphdr *vtap_pkt_udp(struct sk_buff *skb, const struct vtap_pkt *pkt,
			    unsigned int *len)
{
	struct udphdr *udp;

	if (pkt->protocol != IPPROTO_UDP || pkt->fragment ||
	    !pskb_network_may_pull(skb, pkt->l4 + sizeof(*udp)))
		return NULL;
	udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	*len = ntohs(udp->len);
	if (*len < sizeof(*udp) || *len > skb->len - pkt->l4)
		return NULL;
	return udp;
}
