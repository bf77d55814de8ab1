// SPDX-License-Identifier: GPL-2.0
/* Segmentation and checksums: what the host may leave to who listens on the
 * Ethernet end.
 */

#include <net/gso.h>

#include "device.h"
#include "offload.h"

/* ``ethtool -K`` on the Ethernet end says less: by the same flags, or, as on any
 * device that receives, by ``rx`` and ``gro``.
 */
static netdev_features_t allowed(const struct net_device *ethernet)
{
	netdev_features_t features = READ_ONCE(ethernet->features);
	netdev_features_t offloads = features & VTAP_OFFLOADS;

	if (!(features & NETIF_F_RXCSUM))
		offloads &= ~(NETIF_F_HW_CSUM | NETIF_F_SCTP_CRC);
	/* Who cuts a packet makes the sums of what becomes of it. */
	if (!(features & NETIF_F_GRO) || !(offloads & NETIF_F_HW_CSUM))
		offloads &= ~NETIF_F_GSO_MASK;
	if (!(offloads & NETIF_F_SCTP_CRC))
		offloads &= ~NETIF_F_GSO_SCTP;
	return offloads;
}

/**
 * vtap_offload_features() - what the listener lets frames leave undone
 * @ethernet: Ethernet end
 *
 * Others of this kernel take every frame as it is. A packet socket would read
 * frames that are too long for it, with checksums that are none.
 *
 * Context: RCU or RTNL.
 */
netdev_features_t vtap_offload_features(const struct net_device *ethernet)
{
	return vtap_offload_is_taken(ethernet) ? allowed(ethernet) : 0;
}

/* A handler that nobody is above any more is about to go, and that of ovs is
 * about to come: nothing more is told of either.
 */
static bool is_taken(struct net_device *ethernet)
{
	const struct net_device *master = netdev_master_upper_dev_get(ethernet);

	if (master && netif_is_ovs_master(master))
		return true;
	return vtap_offload_is_taken(ethernet) &&
	       netdev_has_any_upper_dev(ethernet);
}

/**
 * vtap_offload_wanted() - what the host end shall offer to the host
 * @vtap: its instance, NULL where it has none
 *
 * Through a lower device frames go by the core, which does what that device
 * cannot.
 *
 * Context: RTNL.
 * Return: offloads.
 */
netdev_features_t vtap_offload_wanted(const struct vtap *vtap)
{
	if (!vtap)
		return 0;
	if (vtap->lower)
		return VTAP_OFFLOADS;
	return is_taken(vtap->dev) ? allowed(vtap->dev) : 0;
}

/**
 * vtap_offload_update() - let the host ends offer what the listener takes
 * @vtap: instance whose Ethernet end or its listener changed
 *
 * Context: RTNL.
 */
void vtap_offload_update(struct vtap *vtap)
{
	struct vtap_port *port;
	unsigned long key;

	xa_for_each(&vtap->ports, key, port)
		netdev_update_features(port->dev);
}

/**
 * vtap_offload_finish() - do what the listener does not want left
 * @ethernet: Ethernet end
 * @skb: frame, data at the Ethernet header, protocol that of what is in it;
 *	consumed
 *
 * What the host end offers may have changed since the packet was made.
 *
 * Context: RCU, BH off.
 * Return: a list of frames, or NULL where there was no memory.
 */
struct sk_buff *vtap_offload_finish(const struct net_device *ethernet,
				    struct sk_buff *skb)
{
	netdev_features_t features = vtap_offload_features(ethernet);
	struct sk_buff *segments = NULL;

	/* What a guest or program made, the core looked at (NETIF_F_GSO_ROBUST). */
	if (skb_is_gso(skb) &&
	    !skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST)) {
		segments = skb_gso_segment(skb, features & ~NETIF_F_GSO_MASK);
		if (IS_ERR(segments))
			goto drop;
	}
	if (segments) {
		consume_skb(skb);
		return segments;
	}
	if (skb->ip_summed == CHECKSUM_PARTIAL &&
	    skb_csum_hwoffload_help(skb, features))
		goto drop;
	return skb;

drop:
	kfree_skb(skb);
	return NULL;
}
