// SPDX-License-Identifier: GPL-2.0
/* Checks of the IP header, both ways: pulls, lengths, offsets. */

#include <linux/icmpv6.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "dhcp.h"
#include "dhcp6.h"
#include "dns.h"
#include "packet.h"

/* RFC 8504 5.3 lets a host limit it. */
#define EXT_HEADERS_MAX	8

enum ip_result {
	IP_OK,
	IP_BAD_HEADER,
	IP_BAD_LENGTH,
	IP_BAD_EXT,
};

/* Every packet goes through these: calls among them would cost as much again.
 */

/* BIG TCP: what is longer than the header's field can tell says 0 there. */
static __always_inline unsigned int whole_len(const struct sk_buff *skb,
					      __be16 field, unsigned int header)
{
	return likely(field) || !skb_is_gso(skb) ? header + ntohs(field) :
						   skb->len;
}

/* RFC 791 3.1. Pulls the whole header; trims what follows the packet. */
static __always_inline enum ip_result parse_ipv4(struct sk_buff *skb,
						 struct vtap_pkt *pkt)
{
	const struct iphdr *iph;
	unsigned int hlen, len;

	if (!pskb_network_may_pull(skb, sizeof(*iph)))
		return IP_BAD_LENGTH;
	iph = ip_hdr(skb);
	hlen = iph->ihl * 4;
	if (iph->version != 4 || hlen < sizeof(*iph))
		return IP_BAD_HEADER;
	if (unlikely(hlen > sizeof(*iph))) {
		if (!pskb_network_may_pull(skb, hlen))
			return IP_BAD_LENGTH;
		iph = ip_hdr(skb);
	}
	len = whole_len(skb, iph->tot_len, 0);
	if (len < hlen || len > skb->len)
		return IP_BAD_LENGTH;
	*pkt = (struct vtap_pkt){
		.family = AF_INET,
		.protocol = iph->protocol,
		.fragment = ip_is_fragment(iph),
		.later = iph->frag_off & htons(IP_OFFSET),
		.l4 = hlen,
	};
	return pskb_trim_rcsum(skb, len) ? IP_BAD_LENGTH : IP_OK;
}

/* RFC 8200 3. A payload length of zero is a jumbogram's or no payload. */
static __always_inline enum ip_result parse_ipv6(struct sk_buff *skb,
						 struct vtap_pkt *pkt)
{
	const struct ipv6hdr *ip6h;
	unsigned int len;

	if (!pskb_network_may_pull(skb, sizeof(*ip6h)))
		return IP_BAD_LENGTH;
	ip6h = ipv6_hdr(skb);
	if (ip6h->version != 6)
		return IP_BAD_HEADER;
	len = whole_len(skb, ip6h->payload_len, sizeof(*ip6h));
	if (len > skb->len)
		return IP_BAD_LENGTH;
	*pkt = (struct vtap_pkt){
		.family = AF_INET6,
		.protocol = ip6h->nexthdr,
		.l4 = sizeof(*ip6h),
	};
	return pskb_trim_rcsum(skb, len) ? IP_BAD_LENGTH : IP_OK;
}

/* Those whose length this kernel can tell, and that a feature has to get past.
 * Another next header, ESP among them, is where the walk ends.
 */
static bool is_walked(u8 nexthdr)
{
	return nexthdr == NEXTHDR_HOP || nexthdr == NEXTHDR_ROUTING ||
	       nexthdr == NEXTHDR_FRAGMENT || nexthdr == NEXTHDR_DEST ||
	       nexthdr == NEXTHDR_AUTH;
}

/* Length of an extension header, or 0 where it must not be. */
static unsigned int check_ext_header(const u8 *header, u8 kind,
				     struct vtap_pkt *pkt)
{
	const struct frag_hdr *frag = (const void *)header;
	const struct ipv6_opt_hdr *opt = (const void *)header;
	const struct ipv6_rt_hdr *routing = (const void *)header;

	switch (kind) {
	case NEXTHDR_HOP:	/* RFC 8200 4.1: behind the IPv6 header only */
		if (pkt->l4 != sizeof(struct ipv6hdr))
			return 0;
		break;
	case NEXTHDR_ROUTING:	/* RFC 5095: deprecated, and an amplifier */
		if (routing->type == IPV6_SRCRT_TYPE_0)
			return 0;
		pkt->en_route |= routing->segments_left;
		break;
	case NEXTHDR_AUTH:
		return ipv6_authlen(opt);
	case NEXTHDR_FRAGMENT:
		if (pkt->frag)
			return 0;
		pkt->frag = pkt->l4;
		pkt->fragment = frag->frag_off & htons(IP6_OFFSET | IP6_MF);
		pkt->later = frag->frag_off & htons(IP6_OFFSET);
		return sizeof(*frag);
	}
	return ipv6_optlen(opt);
}

/* RFC 7112: the first fragment has all headers, the upper layer's included. */
static bool has_whole_chain(size_t len, const struct vtap_pkt *pkt)
{
	unsigned int need = 1;

	if (!pkt->fragment || pkt->later || pkt->protocol == NEXTHDR_NONE)
		return true;
	switch (pkt->protocol) {
	case IPPROTO_TCP:
		need = sizeof(struct tcphdr);
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		need = sizeof(struct udphdr);
		break;
	case IPPROTO_ICMPV6:
		need = sizeof(struct icmp6hdr);
		break;
	}
	return len >= pkt->l4 + need;
}

/**
 * vtap_pkt_walk() - walk over IPv6 extension headers
 * @data: the packet, from its IPv6 header on
 * @len: bytes of it
 * @pkt: filled; how far it got, where the walk fails
 *
 * The one walk over them (RFC 8200 4): up to what is carried or, in a later
 * fragment, up to its fragment header. Data behind VTAP_PKT_HEADERS_MAX is not
 * looked at.
 *
 * Return: false when the chain is cut off, too long, or not allowed.
 */
bool vtap_pkt_walk(const u8 *data, size_t len, struct vtap_pkt *pkt)
{
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)data;
	const size_t end = min_t(size_t, len, VTAP_PKT_HEADERS_MAX);
	unsigned int field = offsetof(struct ipv6hdr, nexthdr);
	unsigned int headers = 0;

	*pkt = (struct vtap_pkt){
		.family = AF_INET6,
		.protocol = ip6h->nexthdr,
		.l4 = sizeof(*ip6h),
	};
	while (is_walked(pkt->protocol) && !pkt->later) {
		const u8 *header = data + pkt->l4;
		unsigned int n;

		/* No header is shorter than 8 bytes. */
		if (headers++ == EXT_HEADERS_MAX || pkt->l4 + 8 > end)
			return false;
		if (pkt->protocol == NEXTHDR_FRAGMENT)
			pkt->frag_nexthdr = field;
		n = check_ext_header(header, pkt->protocol, pkt);
		if (!n || pkt->l4 + n > end)
			return false;
		field = pkt->l4;
		pkt->protocol = *header;
		pkt->l4 += n;
	}
	pkt->ext = headers;
	return has_whole_chain(len, pkt);
}

/* Data at the IP header. No more of it is pulled than can be headers. */
static enum ip_result walk_ext_headers(struct sk_buff *skb,
				       struct vtap_pkt *pkt)
{
	if (!is_walked(pkt->protocol))
		return IP_OK;
	if (!pskb_network_may_pull(skb, min_t(unsigned int, skb->len,
					      VTAP_PKT_HEADERS_MAX)))
		return IP_BAD_EXT;
	return vtap_pkt_walk(skb_network_header(skb), skb->len, pkt) ?
	       IP_OK : IP_BAD_EXT;
}

static bool is_control_port(__be16 port)
{
	switch (ntohs(port)) {
	case VTAP_DNS_PORT:
	case VTAP_DHCP_SERVER_PORT:
	case VTAP_DHCP_CLIENT_PORT:
	case VTAP_DHCP6_CLIENT_PORT:
	case VTAP_DHCP6_SERVER_PORT:
		return true;
	}
	return false;
}

static __always_inline void look_at_udp(struct sk_buff *skb, struct vtap_pkt *pkt)
{
	const struct udphdr *udp;
	unsigned int len;

	if (pkt->later || !pskb_network_may_pull(skb, pkt->l4 + sizeof(*udp)))
		return;
	udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	pkt->control = is_control_port(udp->source) ||
		       is_control_port(udp->dest);
	len = ntohs(udp->len);
	if (len >= sizeof(*udp) && len <= skb->len - pkt->l4 &&
	    !pkt->fragment && !skb_is_gso(skb))
		pkt->udp_len = len;
}

/* What is behind all headers of IP, as far as it decides on the way. */
static __always_inline void look_at_transport(struct sk_buff *skb,
					      struct vtap_pkt *pkt)
{
	if (pkt->protocol == IPPROTO_UDP)
		look_at_udp(skb, pkt);
	else
		pkt->control = pkt->protocol == IPPROTO_ICMP ||
			       pkt->protocol == IPPROTO_ICMPV6;
}

static enum ip_result parse_rx(struct sk_buff *skb, bool ipv4,
			       struct vtap_pkt *pkt)
{
	enum ip_result result;

	if (ipv4)
		return parse_ipv4(skb, pkt);
	result = parse_ipv6(skb, pkt);
	return result == IP_OK ? walk_ext_headers(skb, pkt) : result;
}

/**
 * vtap_pkt_parse_rx() - check an IP packet that came from the VPN
 * @skb: data at the IP header, network header set. May reallocate @skb->head
 * @ethertype: EtherType of its frame; must agree with the version
 * @pkt: filled when the packet is good
 *
 * Ethernet padding is trimmed. Sources that no sender may have (RFC 1122
 * 3.2.1.3: multicast, limited broadcast; RFC 4291 2.7: multicast) are refused.
 * So are chains of extension headers that end nowhere, are longer than anybody
 * needs, or say what they must not (RFC 5095, 7112, 8200); what follows them
 * may be anything (RFC 7045).
 *
 * Return: VTAP_CONTINUE or a drop.
 */
enum vtap_verdict vtap_pkt_parse_rx(struct sk_buff *skb, __be16 ethertype,
				    struct vtap_pkt *pkt)
{
	bool ipv4 = ethertype == htons(ETH_P_IP);

	switch (parse_rx(skb, ipv4, pkt)) {
	case IP_BAD_HEADER:
		return VTAP_RX_DROP_IP_HEADER;
	case IP_BAD_LENGTH:
		return VTAP_RX_DROP_IP_LENGTH;
	case IP_BAD_EXT:
		return VTAP_RX_DROP_EXT_HEADERS;
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
	look_at_transport(skb, pkt);
	return VTAP_CONTINUE;
}

/**
 * vtap_pkt_parse_tx() - check a packet that the host sends
 * @skb: data at the IP header, network header set. May reallocate @skb->head
 * @pkt: filled when the packet is good
 *
 * Extension headers are the sender's business, who may be somebody that this
 * host forwards for: where they cannot be walked, nothing looks behind them.
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
	default:
		break;
	}
	if (pkt->family == AF_INET6 && walk_ext_headers(skb, pkt) != IP_OK)
		pkt->protocol = NEXTHDR_NONE;
	look_at_transport(skb, pkt);
	return VTAP_CONTINUE;
}

/**
 * vtap_pkt_sum_good() - is the transport checksum right?
 * @skb: packet, not a fragment, of a protocol whose checksum covers it all and
 *	the pseudo header
 * @pkt: what parsing found
 * @len: bytes from the transport header on that it covers; all in @skb
 *
 * Not computed where the core, or the sender on this machine, vouches for it.
 */
bool vtap_pkt_sum_good(const struct sk_buff *skb, const struct vtap_pkt *pkt,
		       unsigned int len)
{
	return skb_csum_unnecessary(skb) ||
	       skb->ip_summed == CHECKSUM_PARTIAL ||
	       !vtap_pkt_sum(skb, pkt, len, len);
}
