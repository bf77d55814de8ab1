// SPDX-License-Identifier: GPL-2.0
/* VLAN tags (IEEE 802.1Q): whose frame it is, and the tag of those we send. */

#include <linux/if_vlan.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "vlan.h"

/**
 * vtap_vlan_key() - index of a port among those of an instance
 * @protocol: of the tag: ETH_P_8021Q or ETH_P_8021AD
 * @id: VLAN id; with 0 (no tag, or one that has a priority only; IEEE 802.1Q
 *	6.9.1) the protocol does not matter
 */
unsigned int vtap_vlan_key(__be16 protocol, u16 id)
{
	if (!id)
		return 0;
	return id | (protocol == htons(ETH_P_8021AD) ? VLAN_N_VID : 0);
}

static bool parse_tag(struct sk_buff *skb, struct vtap_frame *frame)
{
	const struct vlan_ethhdr *eth;

	if (!pskb_may_pull(skb, VLAN_ETH_HLEN))
		return false;
	eth = (const struct vlan_ethhdr *)skb->data;
	frame->key = vtap_vlan_key(eth->h_vlan_proto,
				   ntohs(eth->h_vlan_TCI) & VLAN_VID_MASK);
	frame->eth.h_proto = eth->h_vlan_encapsulated_proto;
	frame->tagged = true;
	return true;
}

/**
 * vtap_vlan_untag() - take the tag off a frame that has one
 * @skb: frame, data at the Ethernet header, with the MAC header set; afterwards
 *	data is behind header and tag. May reallocate @skb->head
 * @frame: its type is that of the frame as it is; corrected
 *
 * The tag may be in the frame or beside it (hardware-accelerated). A second one
 * is left, as the frame's type.
 *
 * Return: VTAP_CONTINUE or a drop; then data is where it was.
 */
enum vtap_verdict vtap_vlan_untag(struct sk_buff *skb,
				  struct vtap_frame *frame)
{
	unsigned int len = ETH_HLEN;

	if (skb_vlan_tag_present(skb)) {
		frame->key = vtap_vlan_key(skb->vlan_proto,
					   skb_vlan_tag_get_id(skb));
		frame->tagged = true;
		__vlan_hwaccel_clear_tag(skb);
	} else {
		if (!parse_tag(skb, frame))
			return VTAP_RX_DROP_RUNT;
		len = VLAN_ETH_HLEN;
	}
	skb_pull_rcsum(skb, len);
	return VTAP_CONTINUE;
}

static bool is_ip(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ||
	       skb->protocol == htons(ETH_P_IPV6);
}

/* IEEE 802.1Q 6.9.4. What resolves and announces is best effort. */
static u16 priority_of(const struct vtap_port *port, const struct sk_buff *skb)
{
	if (vtap_option(port, vlan_qos) == VIRTUALTAP_VLAN_QOS_OFF ||
	    !is_ip(skb))
		return 0;
	return vtap_dscp_priority(vtap_dscp_field(skb) >> VTAP_DSCP_SHIFT);
}

/**
 * vtap_vlan_tag() - give a frame that a port sends the port's tag
 * @port: host end that has a VLAN
 * @skb: frame, with protocol and network header those of what is in it
 *
 * Beside the frame, where bridges, packet sockets and taps look for it, and
 * the core puts it into the frame for devices that do not.
 */
void vtap_vlan_tag(const struct vtap_port *port, struct sk_buff *skb)
{
	__vlan_hwaccel_put_tag(skb, htons(port->opt.vlan_protocol),
			       port->opt.vlan |
			       priority_of(port, skb) << VLAN_PRIO_SHIFT);
}
