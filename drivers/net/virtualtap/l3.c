// SPDX-License-Identifier: GPL-2.0
/* The host end: the net_device that the host routes through. */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/ip_tunnels.h>

#include "device.h"
#include "ethtool.h"
#include "l3.h"
#include "option.h"
#include "sysfs.h"
#include "tx.h"

static netdev_tx_t vtap_l3_xmit(struct sk_buff *skb, struct net_device *dev)
{
	rcu_read_lock();
	vtap_tx(vtap_port_of(dev), skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

/**
 * vtap_l3_receive() - hand an IP packet to the host
 * @port: host end
 * @skb: data at the IP header; dev, protocol and pkt_type set; consumed
 * @merge: it may be merged with others of its flow
 *
 * The one way out of the module towards the host.
 *
 * Context: RCU, BH off.
 * Return: false when the core dropped the packet, and counted it.
 */
bool vtap_l3_receive(struct vtap_port *port, struct sk_buff *skb, bool merge)
{
	unsigned int len = skb->len;
	int result;

	/* What merging saves a UDP packet, going through it costs. */
	result = merge ? gro_cells_receive(&port->gro, skb) : __netif_rx(skb);
	if (result != NET_RX_SUCCESS)
		return false;
	dev_sw_netstats_rx_add(port->dev, len);
	return true;
}

static int vtap_l3_open(struct net_device *dev)
{
	vtap_update_carrier(dev);
	return 0;
}

static int vtap_l3_stop(struct net_device *dev)
{
	vtap_update_carrier(dev);
	return 0;
}

static int vtap_l3_init(struct net_device *dev)
{
	struct vtap_port *port = vtap_port_of(dev);
	int err;

	port->dev = dev;
	vtap_mac_write(&port->station, vtap_mac_make(dev->dev_addr));
	vtap_learn_init(&port->learned);
	vtap_lease6_init(&port->leases6);
	vtap_limit_init(&port->strangers);
	vtap_limit_init(&port->neighbours);
	vtap_addr_init(&port->addr);
	port->stats = vtap_stats_alloc();
	if (!port->stats)
		return -ENOMEM;
	err = vtap_neigh_init(&port->neigh, &vtap_tx_neigh_ops, port->stats);
	if (err)
		goto err_free_stats;
	err = vtap_frag_init(port);
	if (err)
		goto err_destroy_neigh;
	err = gro_cells_init(&port->gro, dev);
	if (err)
		goto err_destroy_frag;
	return 0;

err_destroy_frag:
	vtap_frag_stop(port);
	vtap_frag_destroy(port);
err_destroy_neigh:
	vtap_neigh_stop(&port->neigh);
	vtap_neigh_destroy(&port->neigh);
err_free_stats:
	free_percpu(port->stats);
	return err;
}

/* No packet is in the pipelines any more: the core waited since both ends were
 * told apart.
 */
static void vtap_l3_uninit(struct net_device *dev)
{
	struct vtap_port *port = vtap_port_of(dev);

	vtap_addr_stop(port);
	vtap_neigh_stop(&port->neigh);
	vtap_frag_stop(port);
	vtap_forget(port);
	gro_cells_destroy(&port->gro);
}

static void vtap_l3_free(struct net_device *dev)
{
	struct vtap_port *port = vtap_port_of(dev);

	vtap_neigh_destroy(&port->neigh);
	vtap_frag_destroy(port);
	vtap_trusted_free(port);
	free_percpu(port->stats);
}

static int vtap_l3_set_mac(struct net_device *dev, void *address)
{
	int err = eth_mac_addr(dev, address);

	if (!err)
		vtap_mac_write(&vtap_port_of(dev)->station,
			       vtap_mac_make(dev->dev_addr));
	return err;
}

/* Every multicast frame is received: the device's list holds no groups. */
static void vtap_l3_set_rx_mode(struct net_device *dev)
{
}

const struct net_device_ops vtap_l3_ops = {
	.ndo_init		= vtap_l3_init,
	.ndo_uninit		= vtap_l3_uninit,
	.ndo_open		= vtap_l3_open,
	.ndo_stop		= vtap_l3_stop,
	.ndo_start_xmit		= vtap_l3_xmit,
	.ndo_set_rx_mode	= vtap_l3_set_rx_mode,
	.ndo_set_mac_address	= vtap_l3_set_mac,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_get_iflink		= vtap_iflink,
	.ndo_get_stats64	= dev_get_tstats64,
};

/**
 * vtap_l3_setup() - make a host end of a fresh device
 * @dev: not registered
 *
 * Like a tun: no link layer. Unlike a tun: it has a hardware address, the
 * station MAC, and is not point-to-point, so that DHCP clients and ``ip neigh``
 * work with it.
 */
void vtap_l3_setup(struct net_device *dev)
{
	dev->type = ARPHRD_NONE;
	dev->flags = IFF_BROADCAST | IFF_NOARP | IFF_MULTICAST;
	dev->hard_header_len = 0;
	dev->needed_headroom = ETH_HLEN;
	dev->addr_len = ETH_ALEN;
	eth_broadcast_addr(dev->broadcast);
	dev->header_ops = &ip_tunnel_header_ops;
	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE |
			   IFF_DISABLE_NETPOLL;
	vtap_dev_set_lltx(dev);
	dev->features |= NETIF_F_RXCSUM;
	dev->hw_features |= NETIF_F_RXCSUM;
	/* The next hop is read from the route. */
	netif_keep_dst(dev);
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	dev->netdev_ops = &vtap_l3_ops;
	dev->ethtool_ops = &vtap_l3_ethtool_ops;
	dev->sysfs_groups[0] = &vtap_sysfs_group;
	dev->needs_free_netdev = true;
	dev->priv_destructor = vtap_l3_free;
	/* Options are set before ndo_init runs. */
	vtap_routers_init(&vtap_port_of(dev)->routers);
	vtap_option_defaults(vtap_port_of(dev));
}
