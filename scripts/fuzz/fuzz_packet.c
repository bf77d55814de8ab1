// SPDX-License-Identifier: GPL-2.0
/* Parser: packet.c
 * Longest input: 600
 *
 * Input: FUZZ_* flags, how much of the packet is linear in units of four bytes,
 * then the packet from its IP header on.
 */

#include <net/ip.h>
#include <net/ipv6.h>

#include "fuzz.h"
#include "packet.h"

#define FUZZ_TX		0x01	/* sent by the host */
#define FUZZ_AS_IT_IS	0x02	/* leave the header's checksum wrong */
#define FUZZ_GSO	0x04
#define FUZZ_COMPLETE	0x08	/* the core has its sum */
#define FUZZ_OTHER	0x10	/* another protocol than its version says */
#define FUZZ_NO_MEMORY	0x20

static void check_pkt(const struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	const u8 *packet = skb_network_header(skb);

	require(pkt->family == AF_INET || pkt->family == AF_INET6);
	require(pkt->l4 >= (pkt->family == AF_INET ? 20 : 40));
	require(!pkt->later || pkt->fragment);
	/* Where a chain broke off on tx, nobody looks behind it. */
	require(!pkt->frag || pkt->protocol == NEXTHDR_NONE ||
		packet[pkt->frag_nexthdr] == NEXTHDR_FRAGMENT);
	require(!pkt->udp_len || !pkt->fragment);
	require(pkt->l4 + pkt->udp_len <= (int)skb->len);
	require(!vtap_pkt_udp(skb, pkt) ||
		skb_headlen(skb) >= pkt->l4 + sizeof(struct udphdr));
}

/* The second time nothing is left to be pulled or cut off. */
static void parse(struct sk_buff *skb, u8 flags, __be16 ethertype)
{
	struct vtap_pkt pkt, again;
	enum vtap_verdict verdict;
	const u8 *head;

	verdict = flags & FUZZ_TX ? vtap_pkt_parse_tx(skb, &pkt) :
				    vtap_pkt_parse_rx(skb, ethertype, &pkt);
	require(verdict == VTAP_CONTINUE || verdict >= VTAP_RX_DROP_FIRST);
	if (verdict != VTAP_CONTINUE)
		return;
	check_pkt(skb, &pkt);
	head = skb->head;
	verdict = flags & FUZZ_TX ? vtap_pkt_parse_tx(skb, &again) :
				    vtap_pkt_parse_rx(skb, ethertype, &again);
	require(verdict == VTAP_CONTINUE && skb->head == head);
	require(!memcmp(&pkt, &again, sizeof(pkt)));
	if (!pkt.fragment && pkt.l4 <= skb->len)
		vtap_pkt_sum_good(skb, &pkt, skb->len - pkt.l4);
}

/* Few inputs would get past a checksum. */
static void mend(u8 *packet, size_t len)
{
	struct iphdr *iph = (struct iphdr *)packet;

	if (len < sizeof(*iph) || iph->ihl < 5 || iph->ihl * 4U > len)
		return;
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

static void walk(const u8 *packet, size_t len)
{
	struct vtap_pkt pkt;

	if (len < sizeof(struct ipv6hdr) || !vtap_pkt_walk(packet, len, &pkt))
		return;
	require(pkt.family == AF_INET6 && pkt.l4 <= len);
	require(pkt.l4 <= VTAP_PKT_HEADERS_MAX);
	require(!pkt.frag || packet[pkt.frag_nexthdr] == NEXTHDR_FRAGMENT);
}

int fuzz_one(const u8 *data, size_t len)
{
	struct sk_buff *skb;
	__be16 ethertype;
	bool ipv4;
	u8 *packet;

	if (len < 3)
		return 0;
	len -= 2;
	packet = malloc(len);
	require(packet);
	memcpy(packet, data + 2, len);
	ipv4 = *packet >> 4 == 4;
	if (ipv4 && !(data[0] & FUZZ_AS_IT_IS))
		mend(packet, len);
	if (!ipv4)
		walk(packet, len);

	skb = alloc_packet(16, packet, len, 4 * data[1]);
	ethertype = ipv4 == !(data[0] & FUZZ_OTHER) ? htons(ETH_P_IP) :
						       htons(ETH_P_IPV6);
	skb->protocol = *packet ? ethertype : htons(ETH_P_ARP);
	skb->no_memory = data[0] & FUZZ_NO_MEMORY;
	skb->gso = data[0] & FUZZ_GSO;
	skb->ip_summed = data[0] & FUZZ_COMPLETE ? CHECKSUM_COMPLETE :
						   CHECKSUM_NONE;
	parse(skb, data[0], ethertype);
	kfree_skb(skb);
	free(packet);
	return 0;
}
