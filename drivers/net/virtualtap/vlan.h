/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_VLAN_H
#define _VTAP_VLAN_H

#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "stats.h"

struct vtap_port;

/**
 * struct vtap_frame - what rx knows of a frame
 * @eth: its Ethernet header; the type is that of what follows the tag
 * @key: which port it belongs to, see vtap_vlan_key()
 * @tagged: there was a tag, a priority tag included
 */
struct vtap_frame {
	struct ethhdr eth;
	unsigned int key;
	bool tagged;
};

unsigned int vtap_vlan_key(__be16 protocol, u16 id);
enum vtap_verdict vtap_vlan_untag(struct sk_buff *skb,
				  struct vtap_frame *frame);
void vtap_vlan_tag(const struct vtap_port *port, struct sk_buff *skb);

/**
 * vtap_vlan_parse() - take a frame's Ethernet header and its tag off
 * @skb: frame, data at the Ethernet header; afterwards behind header and tag,
 *	with the MAC header set. May reallocate @skb->head
 * @frame: filled when the frame is good
 *
 * Return: VTAP_CONTINUE or a drop; then data is where it was.
 */
static inline enum vtap_verdict vtap_vlan_parse(struct sk_buff *skb,
						struct vtap_frame *frame)
{
	if (!pskb_may_pull(skb, ETH_HLEN))
		return VTAP_RX_DROP_RUNT;
	skb_reset_mac_header(skb);
	frame->eth = *eth_hdr(skb);
	frame->key = 0;
	frame->tagged = false;
	if (skb_vlan_tag_present(skb) || eth_type_vlan(frame->eth.h_proto))
		return vtap_vlan_untag(skb, frame);
	/* As skb_pull_rcsum(), a call for nothing where there is no sum. */
	__skb_pull(skb, ETH_HLEN);
	skb_postpull_rcsum(skb, skb_mac_header(skb), ETH_HLEN);
	return VTAP_CONTINUE;
}

#endif
