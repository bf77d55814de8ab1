// SPDX-License-Identifier: GPL-2.0
/* The Ethernet end: the net_device that the VPN stack uses. */

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>

#include "device.h"
#include "ethtool.h"
#include "l2.h"
#include "lower.h"
#include "offload.h"
#include "rx.h"
#include "vlan.h"

static netdev_tx_t vtap_l2_xmit(struct sk_buff *skb, struct net_device *dev)
{
	rcu_read_lock();
	vtap_rx(vtap_of(dev), skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

/* Has somebody in this kernel put the Ethernet end to use: a bridge or another
 * master, a VLAN device for the frame's VLAN, or an administrator who gave it an
 * address?
 */
static bool is_used_by_kernel(struct net_device *dev, const struct sk_buff *skb)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct inet6_dev *in6_dev = __in6_dev_get(dev);

	if (skb_vlan_tag_present(skb) &&
	    __vlan_find_dev_deep_rcu(dev, skb->vlan_proto,
				     skb_vlan_tag_get_id(skb)))
		return true;
	return rcu_access_pointer(dev->rx_handler) ||
	       (in_dev && rcu_access_pointer(in_dev->ifa_list)) ||
	       (in6_dev && !list_empty(&in6_dev->addr_list));
}

/* Unless the kernel uses the Ethernet end, its frames are somebody else's: packet
 * sockets see them, the host's own stack does not, although the sender is the
 * host itself.
 */
static bool receive(struct net_device *dev, struct sk_buff *skb)
{
	unsigned int len = skb->len;

	if (is_used_by_kernel(dev, skb)) {
		skb->protocol = eth_type_trans(skb, dev);
	} else {
		skb->dev = dev;
		skb_reset_mac_header(skb);
		__skb_pull(skb, ETH_HLEN);
		skb->pkt_type = PACKET_OTHERHOST;
	}
	if (__netif_rx(skb) != NET_RX_SUCCESS)
		return false;
	dev_sw_netstats_rx_add(dev, len);
	return true;
}

/* Of several frames, was each received? */
static bool receive_list(struct net_device *dev, struct sk_buff *list)
{
	struct sk_buff *skb, *next;
	bool all = list;

	skb_list_walk_safe(list, skb, next) {
		skb_mark_not_on_list(skb);
		all &= receive(dev, skb);
	}
	return all;
}

/**
 * vtap_l2_output() - send a frame: to whoever listens on the Ethernet end, or
 *	through the lower device
 * @vtap: instance
 * @port: host end that sends it
 * @skb: whole frame, data at the Ethernet header; consumed
 *
 * The one way out of the module towards the VPN.
 *
 * Context: RCU, BH off, no lock that rx or tx takes.
 * Return: false when the core dropped the frame, and counted it.
 */
bool vtap_l2_output(struct vtap *vtap, struct vtap_port *port,
		    struct sk_buff *skb)
{
	if (port->opt.vlan)
		vtap_vlan_tag(port, skb);
	if (vtap->lower)
		return vtap_lower_output(vtap, skb);
	if (vtap_offload_is_open(skb))
		return receive_list(vtap->dev,
				    vtap_offload_finish(vtap->dev, skb));
	return receive(vtap->dev, skb);
}

static int vtap_l2_open(struct net_device *dev)
{
	vtap_ports_update(vtap_of(dev));
	return 0;
}

static int vtap_l2_stop(struct net_device *dev)
{
	vtap_ports_update(vtap_of(dev));
	return 0;
}

static int vtap_l2_init(struct net_device *dev)
{
	struct vtap_stats __percpu *stats = vtap_stats_alloc();

	if (!stats)
		return -ENOMEM;
	vtap_init_ports(vtap_of(dev), dev, dev, stats);
	return 0;
}

static void vtap_l2_free(struct net_device *dev)
{
	free_percpu(vtap_of(dev)->stats);
}

/* Frames are taken whatever their destination: nothing to filter. */
static void vtap_l2_set_rx_mode(struct net_device *dev)
{
}

/* A bridge asks under RTNL, Open vSwitch under a lock of its own. */
static void vtap_l2_set_headroom(struct net_device *dev, int headroom)
{
	WRITE_ONCE(vtap_of(dev)->headroom, max(headroom, 0));
	vtap_ports_set_headroom(vtap_of(dev));
}

const struct net_device_ops vtap_l2_ops = {
	.ndo_init		= vtap_l2_init,
	.ndo_open		= vtap_l2_open,
	.ndo_stop		= vtap_l2_stop,
	.ndo_start_xmit		= vtap_l2_xmit,
	.ndo_set_rx_mode	= vtap_l2_set_rx_mode,
	.ndo_set_rx_headroom	= vtap_l2_set_headroom,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_iflink		= vtap_iflink,
	.ndo_get_stats64	= dev_get_tstats64,
};

/**
 * vtap_l2_setup() - make an Ethernet end of a fresh device
 * @dev: not registered; attributes of its creation are to be applied again
 */
void vtap_l2_setup(struct net_device *dev)
{
	/* The private area was a host end's. */
	memset(vtap_of(dev), 0, sizeof(struct vtap));
	ether_setup(dev);
	/* Below it addrconf forgets that no link-local address is wanted. */
	dev->min_mtu = IPV6_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE |
			   IFF_DISABLE_NETPOLL | IFF_PHONY_HEADROOM;
	dev->features &= ~NETIF_F_VLAN_CHALLENGED;
	/* What it sends, and what it receives, crosses whole. */
	dev->hw_features = VTAP_OFFLOADS | NETIF_F_RXCSUM;
	dev->hw_enc_features = VTAP_OFFLOADS;
	dev->vlan_features = VTAP_OFFLOADS | NETIF_F_HIGHDMA;
	dev->features |= dev->hw_features | NETIF_F_HIGHDMA;
	/* Tags are beside what it receives, and may be beside what it sends. */
	dev->features |= NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_STAG_RX |
			 NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
	vtap_dev_set_lltx(dev);
	/* A host end keeps routes; nobody looks at them here. */
	dev->priv_flags |= IFF_XMIT_DST_RELEASE | IFF_XMIT_DST_RELEASE_PERM;
	dev->netdev_ops = &vtap_l2_ops;
	dev->ethtool_ops = &vtap_l2_ethtool_ops;
	dev->sysfs_groups[0] = NULL;
	dev->needed_headroom = 0;
	dev->needs_free_netdev = true;
	dev->priv_destructor = vtap_l2_free;
}
