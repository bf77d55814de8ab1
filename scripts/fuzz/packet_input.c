// SPDX-License-Identifier: GPL-2.0
/* Packets for what is behind packet.c on their way. */

#include <linux/icmpv6.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "fuzz.h"
#include "packet_input.h"

static void mend_ipv4(u8 *packet, size_t len)
{
	struct iphdr *iph = (struct iphdr *)packet;

	if (len < sizeof(*iph) || iph->ihl < 5 || iph->ihl * 4U > len)
		return;
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/* NDP is not believed with less. */
static void mend_icmp6(u8 *packet, size_t len)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)packet;
	struct icmp6hdr *icmp6h = (struct icmp6hdr *)(ip6h + 1);
	size_t payload;

	if (len < sizeof(*ip6h) + sizeof(*icmp6h) ||
	    ip6h->nexthdr != IPPROTO_ICMPV6)
		return;
	payload = len - sizeof(*ip6h);
	ip6h->payload_len = htons(payload);
	ip6h->hop_limit = 255;
	icmp6h->icmp6_cksum = 0;
	icmp6h->icmp6_cksum =
		csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, payload,
				IPPROTO_ICMPV6,
				csum_partial(icmp6h, payload, 0));
}

/**
 * packet_input() - a packet as the parsers of what it carries are given it
 * @data: FUZZ_* flags, how much of the packet is linear in units of four bytes,
 *	the packet from its IP header on
 * @len: its length
 * @pkt: filled
 *
 * Few inputs would get past a checksum: they are mended, and with ICMPv6 what
 * else has to be right.
 *
 * Return: a packet, or NULL where it would not have got there.
 */
struct sk_buff *packet_input(const u8 *data, size_t len, struct vtap_pkt *pkt)
{
	struct sk_buff *skb;
	u8 *packet;
	bool ipv4;

	if (len < 3)
		return NULL;
	len -= 2;
	packet = malloc(len);
	require(packet);
	memcpy(packet, data + 2, len);
	ipv4 = *packet >> 4 == 4;
	if (ipv4)
		mend_ipv4(packet, len);
	else if (!(data[0] & FUZZ_AS_IT_IS))
		mend_icmp6(packet, len);
	skb = alloc_packet(16, packet, len, 4 * data[1]);
	skb->mac_header -= ETH_HLEN;
	free(packet);
	skb->protocol = ipv4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	if (vtap_pkt_parse_rx(skb, skb->protocol, pkt) != VTAP_CONTINUE) {
		kfree_skb(skb);
		return NULL;
	}
	skb->no_memory = data[0] & FUZZ_NO_MEMORY;
	return skb;
}
