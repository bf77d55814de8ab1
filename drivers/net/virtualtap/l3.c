// SPDX-License-Identifier: GPL-2.0
/* The host end: the net_device that the host routes through. */

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <net/ip_tunnels.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "ethtool.h"
#include "l3.h"
#include "lower.h"
#include "offload.h"
#include "option.h"
#include "sysfs.h"
#include "tx.h"

/* The header that the stack pushed in Ethernet mode: only its type counts. */
static bool strip_ethernet(struct sk_buff *skb)
{
	if (!pskb_may_pull(skb, ETH_HLEN))
		return false;
	skb->protocol = ((const struct ethhdr *)skb->data)->h_proto;
	skb_pull_rcsum(skb, ETH_HLEN);
	return true;
}

static netdev_tx_t vtap_l3_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct vtap_port *port = vtap_port_of(dev);

	if (port->opt.mode == VIRTUALTAP_MODE_ETHER && !strip_ethernet(skb)) {
		vtap_drop(dev, port->stats, skb, VTAP_TX_DROP_NOT_IP);
		return NETDEV_TX_OK;
	}
	rcu_read_lock();
	vtap_tx(port, skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

/**
 * vtap_l3_answer() - answer the host in the name of a station
 * @port: host end
 * @skb: as for vtap_l3_receive(), with room for an Ethernet header; consumed
 *
 * Context: RCU, BH off.
 */
void vtap_l3_answer(struct vtap_port *port, struct sk_buff *skb)
{
	struct vtap_mac station = vtap_mac_read(&port->station);

	skb_reset_mac_header(skb);
	/* It came from nowhere: the address is as good as another. */
	if (port->opt.mode == VIRTUALTAP_MODE_ETHER) {
		eth_header(skb, port->dev, ntohs(skb->protocol), station.addr,
			   station.addr, skb->len);
		skb_reset_mac_header(skb);
		__skb_pull(skb, ETH_HLEN);
	}
	skb_reset_mac_len(skb);
	if (!vtap_l3_receive(port, skb, false))
		vtap_drop(port->dev, port->stats, NULL, VTAP_RX_DROP_HOST_BUSY);
}

static int vtap_l3_open(struct net_device *dev)
{
	vtap_port_opened(vtap_port_of(dev));
	return 0;
}

static int vtap_l3_stop(struct net_device *dev)
{
	vtap_port_stopped(vtap_port_of(dev));
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
	vtap_gateway_init(&port->gateway);
	vtap_expiry_init(&port->expiry);
	vtap_events_init(&port->events);
	port->stats = vtap_stats_alloc();
	if (!port->stats)
		return -ENOMEM;
	err = vtap_addr_init(&port->addr);
	if (err)
		goto err_free_stats;
	err = vtap_neigh_init(&port->neigh, &vtap_tx_neigh_ops, port->dev,
			      port->stats);
	if (err)
		goto err_destroy_addr;
	err = vtap_frag_init(port);
	if (err)
		goto err_destroy_neigh;
	err = vtap_dns_cache_init(&port->dns);
	if (err)
		goto err_destroy_frag;
	err = gro_cells_init(&port->gro, dev);
	if (err)
		goto err_destroy_dns;
	return 0;

err_destroy_dns:
	vtap_dns_cache_destroy(&port->dns);
err_destroy_frag:
	vtap_frag_stop(port);
	vtap_frag_destroy(port);
err_destroy_neigh:
	vtap_neigh_stop(&port->neigh);
	vtap_neigh_destroy(&port->neigh);
err_destroy_addr:
	vtap_addr_destroy(&port->addr);
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
	vtap_gateway_stop(&port->gateway);
	vtap_expiry_stop(&port->expiry);
	vtap_neigh_stop(&port->neigh);
	vtap_frag_stop(port);
	vtap_forget(port);
	vtap_ct_stop(port);
	gro_cells_destroy(&port->gro);
}

static void vtap_l3_free(struct net_device *dev)
{
	struct vtap_port *port = vtap_port_of(dev);

	vtap_addr_destroy(&port->addr);
	vtap_neigh_destroy(&port->neigh);
	vtap_frag_destroy(port);
	vtap_dns_cache_destroy(&port->dns);
	vtap_trusted_free(port);
	free_percpu(port->stats);
}

static int vtap_l3_set_mac(struct net_device *dev, void *address)
{
	struct vtap_port *port = vtap_port_of(dev);
	struct vtap *vtap = rtnl_dereference(port->vtap);
	const struct sockaddr *sa = address;
	int err;

	err = eth_prepare_mac_addr_change(dev, address);
	if (err)
		return err;
	if (vtap && vtap->lower) {
		err = vtap_lower_filter(vtap, port, sa->sa_data);
		if (err)
			return err;
	}
	eth_commit_mac_addr_change(dev, address);
	vtap_mac_write(&port->station, vtap_mac_make(dev->dev_addr));
	return 0;
}

static netdev_features_t vtap_l3_fix_features(struct net_device *dev,
					      netdev_features_t features)
{
	const struct vtap *vtap = rtnl_dereference(vtap_port_of(dev)->vtap);

	return features & (vtap_offload_wanted(vtap) | ~VTAP_OFFLOADS);
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
	.ndo_fix_features	= vtap_l3_fix_features,
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
	/* Its VLAN is the Ethernet side's business. */
	dev->features |= NETIF_F_VLAN_CHALLENGED;
	dev->hw_features |= VTAP_OFFLOADS | NETIF_F_RXCSUM;
	dev->hw_enc_features = VTAP_OFFLOADS;
	dev->features |= dev->hw_features | NETIF_F_HIGHDMA;
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
	vtap_dscp_init(&vtap_port_of(dev)->dscp);
	vtap_option_defaults(vtap_port_of(dev));
}

/* The core's own are not exported. */
static const struct header_ops ethernet_header_ops = {
	.create		= eth_header,
	.parse		= eth_header_parse,
	.parse_protocol	= eth_header_parse_protocol,
	.cache		= eth_header_cache,
	.cache_update	= eth_header_cache_update,
};

/**
 * vtap_l3_set_ethernet() - make a host end look like an Ethernet device
 * @dev: fresh host end, not registered, with its options set
 *
 * For DHCP clients that insist on it. There is still no ARP for the stack to do:
 * whatever header it pushes is stripped.
 */
void vtap_l3_set_ethernet(struct net_device *dev)
{
	dev->type = ARPHRD_ETHER;
	dev->hard_header_len = ETH_HLEN;
	dev->min_header_len = ETH_HLEN;
	dev->needed_headroom = 0;
	dev->header_ops = &ethernet_header_ops;
	/* Others' frames would leave as the station's own. */
	dev->priv_flags |= IFF_DONT_BRIDGE;
}
