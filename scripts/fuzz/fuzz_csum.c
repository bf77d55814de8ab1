// SPDX-License-Identifier: GPL-2.0
/* Parser: csum.c
 * With: packet.c
 * From: device.c packet_input.c
 * Before: device.h
 * Longest input: 300
 *
 * Input: what the world says, then that of packet_input().
 */

#include <linux/unaligned.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "csum.h"
#include "device.h"
#include "fuzz.h"
#include "packet_input.h"

/* Not for what somebody else vouches for, nor where there is none. */
static void check_again(struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	const unsigned int len = skb->len - pkt->l4;

	require(!skb->csum_level);
	if (pkt->protocol == IPPROTO_TCP || pkt->protocol == IPPROTO_ICMPV6) {
		skb->ip_summed = CHECKSUM_NONE;
		require(vtap_pkt_sum_good(skb, pkt, len));
	}
}

int fuzz_one(const u8 *data, size_t len)
{
	enum vtap_verdict verdict;
	struct vtap_pkt pkt;
	struct sk_buff *skb;

	if (len < 4)
		return 0;
	world_begin(get_unaligned_be32(data));
	skb = packet_input(data + 4, len - 4, &pkt);
	if (!skb)
		return 0;
	verdict = vtap_csum_check(&world_port, skb, &pkt);
	require(verdict == VTAP_CONTINUE || verdict == VTAP_RX_DROP_CHECKSUM);
	if (skb->ip_summed == CHECKSUM_UNNECESSARY)
		check_again(skb, &pkt);
	kfree_skb(skb);
	return 0;
}
