/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_OFFLOAD_H
#define _VTAP_OFFLOAD_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

struct vtap;

/* What a packet may leave undone: its checksum, and to be cut into segments. But
 * those of a list have headers of their own, which may have to be remarked.
 */
#define VTAP_OFFLOADS	((NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | \
			  NETIF_F_SCTP_CRC | NETIF_F_GSO_SOFTWARE | \
			  NETIF_F_GSO_ENCAP_ALL) & ~NETIF_F_GSO_FRAGLIST)

netdev_features_t vtap_offload_features(const struct net_device *ethernet);
netdev_features_t vtap_offload_wanted(const struct vtap *vtap);
void vtap_offload_update(struct vtap *vtap);
struct sk_buff *vtap_offload_finish(const struct net_device *ethernet,
				    struct sk_buff *skb);

/**
 * vtap_offload_is_taken() - does somebody in the kernel take what is received?
 * @ethernet: Ethernet end
 *
 * A bridge, ovs, macvtap and others do; a program with a packet socket does not.
 *
 * Context: RCU or RTNL.
 */
static inline bool vtap_offload_is_taken(const struct net_device *ethernet)
{
	return rcu_access_pointer(ethernet->rx_handler);
}

/**
 * vtap_offload_is_open() - is there anything left to do?
 * @skb: packet of the host
 */
static inline bool vtap_offload_is_open(const struct sk_buff *skb)
{
	return skb_is_gso(skb) || skb->ip_summed == CHECKSUM_PARTIAL;
}

#endif
