/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_VLAN_H
#define _VTAP_VLAN_H

#include <linux/if_ether.h>
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
enum vtap_verdict vtap_vlan_parse(struct sk_buff *skb,
				  struct vtap_frame *frame);
void vtap_vlan_tag(const struct vtap_port *port, struct sk_buff *skb);

#endif
