// SPDX-License-Identifier: GPL-2.0
/* Parser: vlan.c vlan.h
 * From: device.c
 * Before: device.h
 * Longest input: 80
 *
 * Input: FUZZ_* flags, how much of the frame is linear, the frame.
 */

#include <linux/unaligned.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "fuzz.h"
#include "vlan.h"

#define FUZZ_BESIDE	0x01	/* it has a tag, beside it */
#define FUZZ_AD		0x02	/* which is one of 802.1ad */
#define FUZZ_QOS	0x04
#define FUZZ_NO_MEMORY	0x08
#define FUZZ_INSIDE	0x10	/* its type is that of a tag */

u8 vtap_dscp_priority(u8 dscp)
{
	require(dscp < VTAP_DSCP_POINTS);
	return dscp >> 3;
}

/* A frame that a port sends is that port's when it comes back. */
static void check_tag(struct sk_buff *skb, u8 flags)
{
	const u16 protocol = flags & FUZZ_AD ? ETH_P_8021AD : ETH_P_8021Q;
	struct vtap_frame frame;

	if (skb_headlen(skb) < sizeof(struct ipv6hdr))
		return;
	skb_reset_network_header(skb);
	world_port.opt.vlan = 1 + flags % 4094;
	world_port.opt.vlan_protocol = protocol;
	world_port.opt.vlan_qos = flags & FUZZ_QOS ?
				  VIRTUALTAP_VLAN_QOS_DSCP :
				  VIRTUALTAP_VLAN_QOS_OFF;
	vtap_vlan_tag(&world_port, skb);
	require(skb_vlan_tag_present(skb));
	if (vtap_vlan_parse(skb, &frame) != VTAP_CONTINUE)
		return;
	require(frame.tagged);
	require(frame.key == vtap_vlan_key(htons(protocol), 1 + flags % 4094));
}

static void check(struct sk_buff *skb, const u8 *data, size_t len)
{
	const u8 *start = skb->data;
	struct vtap_frame frame;
	bool beside = skb->vlan_present;
	unsigned int taken;

	if (vtap_vlan_parse(skb, &frame) != VTAP_CONTINUE) {
		require(skb->len == len);
		return;
	}
	taken = len - skb->len;
	require(taken == ETH_HLEN ||
		(taken == VLAN_ETH_HLEN && frame.tagged && !beside));
	require(frame.key < 2 * VLAN_N_VID && (frame.tagged || !frame.key));
	require(!beside || frame.tagged);
	require(!skb->vlan_present);
	require(skb->data - skb_mac_header(skb) == taken);
	require(start != skb->data);
	/* What follows the tag says what it is. */
	require(!memcmp(&frame.eth.h_proto, data + taken - 2, 2));
	require(!memcmp(&frame.eth, data, 2 * ETH_ALEN));
}

int fuzz_one(const u8 *data, size_t len)
{
	struct sk_buff *skb;
	u8 flags, *frame;

	if (len < 2)
		return 0;
	flags = data[0];
	world_begin(0);
	frame = malloc(len);
	require(frame);
	memcpy(frame, data + 2, len - 2);
	if (flags & FUZZ_INSIDE && len >= 2 + ETH_HLEN)
		put_unaligned_be16(ETH_P_8021Q, frame + 2 * ETH_ALEN);
	skb = alloc_packet(2, frame, len - 2, data[1]);
	skb->no_memory = flags & FUZZ_NO_MEMORY;
	if (flags & FUZZ_BESIDE)
		__vlan_hwaccel_put_tag(skb, flags & FUZZ_AD ?
				       htons(ETH_P_8021AD) : htons(ETH_P_8021Q),
				       flags * 0x101);
	check(skb, frame, len - 2);
	free(frame);
	skb->protocol = flags & 0x80 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
	check_tag(skb, flags);
	kfree_skb(skb);
	return 0;
}
