/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_IF_VLAN_H
#define _FUZZ_LINUX_IF_VLAN_H

#include <linux/skbuff.h>

#define VLAN_ETH_HLEN	18
#define VLAN_N_VID	4096
#define VLAN_VID_MASK	0x0fff
#define VLAN_PRIO_SHIFT	13

struct vlan_ethhdr {
	unsigned char h_dest[ETH_ALEN];
	unsigned char h_source[ETH_ALEN];
	__be16 h_vlan_proto;
	__be16 h_vlan_TCI;
	__be16 h_vlan_encapsulated_proto;
} __packed;

static inline bool eth_type_vlan(__be16 type)
{
	return type == htons(ETH_P_8021Q) || type == htons(ETH_P_8021AD);
}

static inline bool skb_vlan_tag_present(const struct sk_buff *skb)
{
	return skb->vlan_present;
}

static inline u16 skb_vlan_tag_get_id(const struct sk_buff *skb)
{
	return skb->vlan_tci & VLAN_VID_MASK;
}

static inline void __vlan_hwaccel_clear_tag(struct sk_buff *skb)
{
	skb->vlan_present = false;
}

static inline void __vlan_hwaccel_put_tag(struct sk_buff *skb, __be16 protocol,
					  u16 tci)
{
	skb->vlan_present = true;
	skb->vlan_proto = protocol;
	skb->vlan_tci = tci;
}

#endif
