// SPDX-License-Identifier: GPL-2.0
/* Parser: arp.c
 * From: device.c
 * Before: device.h
 * Longest input: 64
 *
 * Input: what the world says, how much of the frame is linear, the frame.
 */

#include <linux/unaligned.h>
#include "device.h"
#include "fuzz.h"

/* An answer is itself a good frame, to its receiver. */
static void check_reply(struct sk_buff *reply, const struct sk_buff *request)
{
	struct vtap_arp arp;
	struct vtap_mac to;

	require(reply->len == 42);
	to = vtap_mac_make(reply->data);
	require(ether_addr_equal_unaligned(to.addr,
					   eth_hdr(request)->h_source));
	skb_reset_mac_header(reply);
	__skb_pull(reply, ETH_HLEN);
	if (vtap_arp_parse(reply, to, &arp) == VTAP_CONTINUE)
		require(arp.op == ARPOP_REPLY && arp.to_us);
	kfree_skb(reply);
}

int fuzz_one(const u8 *data, size_t len)
{
	struct sk_buff *skb, *reply = NULL;
	enum vtap_verdict verdict;

	if (len < 5 + ETH_HLEN)
		return 0;
	world_begin(get_unaligned_be32(data));
	skb = alloc_packet(2, data + 5, len - 5,
			   max_t(size_t, data[4], ETH_HLEN));
	__skb_pull(skb, ETH_HLEN);
	verdict = vtap_arp_input(&world_port, world_port.dev, skb, &reply);
	require(verdict == VTAP_CONTINUE || verdict == VTAP_RX_DROP_NOMEM ||
		verdict == VTAP_RX_DROP_ARP_INVALID ||
		verdict == VTAP_RX_DROP_ARP_LIMITED);
	require(verdict == VTAP_CONTINUE || !reply);
	if (reply)
		check_reply(reply, skb);
	kfree_skb(skb);
	return 0;
}
