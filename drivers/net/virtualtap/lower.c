// SPDX-License-Identifier: GPL-2.0
/* Somebody else's Ethernet device in the place of an Ethernet end. */

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>

#include "device.h"
#include "l3.h"
#include "lower.h"
#include "rx.h"

/* Everything that it receives is ours: its own stack is another station, whose
 * frames nobody but the segment shall answer.
 */
static rx_handler_result_t lower_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vtap *vtap = rcu_dereference(skb->dev->rx_handler_data);

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (skb) {
		skb_push_rcsum(skb, ETH_HLEN);
		vtap_rx(vtap, skb);
	}
	return RX_HANDLER_CONSUMED;
}

/**
 * vtap_lower_output() - send a frame through a lower device
 * @vtap: instance on it
 * @skb: whole frame, data at the Ethernet header; consumed
 *
 * Context: RCU, BH off, no lock that rx or tx takes.
 * Return: false when it was dropped on the way.
 */
bool vtap_lower_output(struct vtap *vtap, struct sk_buff *skb)
{
	int err;

	skb->dev = vtap->dev;
	err = dev_queue_xmit(skb);
	return !net_xmit_eval(err);
}

/**
 * vtap_lower_check() - can host ends be put on this device?
 * @dev: somebody else's device, with no instance yet
 * @extack: for the refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative error.
 */
int vtap_lower_check(struct net_device *dev, struct netlink_ext_ack *extack)
{
	if (vtap_is_host(dev)) {
		NL_SET_ERR_MSG(extack, "The link is a host end itself");
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG(extack, "The link is not an Ethernet device");
		return -EINVAL;
	}
	if (netdev_master_upper_dev_get(dev)) {
		NL_SET_ERR_MSG(extack, "The link has a master");
		return -EBUSY;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		NL_SET_ERR_MSG(extack, "Another driver receives for the link");
		return -EBUSY;
	}
	return 0;
}

/**
 * vtap_lower_rtnl() - the instance on a lower device
 * @dev: any device
 *
 * Context: RTNL.
 * Return: the instance, or NULL.
 */
struct vtap *vtap_lower_rtnl(const struct net_device *dev)
{
	if (rcu_access_pointer(dev->rx_handler) != lower_rx)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * vtap_lower_create() - make an instance on somebody else's device
 * @dev: device that passed vtap_lower_check()
 * @owner: its first host end, registered
 * @extack: for the refusal
 *
 * Context: RTNL.
 * Return: the instance, to be given to vtap_lower_destroy(), or an error.
 */
struct vtap *vtap_lower_create(struct net_device *dev, struct vtap_port *owner,
			       struct netlink_ext_ack *extack)
{
	struct vtap *vtap = kzalloc(sizeof(*vtap), GFP_KERNEL_ACCOUNT);
	int err;

	if (!vtap)
		return ERR_PTR(-ENOMEM);
	vtap->lower = true;
	/* What belongs to no port shows on the owner: this device's counters
	 * are its driver's.
	 */
	vtap_init_ports(vtap, dev, owner->dev, owner->stats);
	/* Groups are the business of the hosts', not of this device's list. */
	err = dev_set_allmulti(dev, 1);
	if (err)
		goto err_free;
	err = netdev_rx_handler_register(dev, lower_rx, vtap);
	if (err) {
		NL_SET_ERR_MSG(extack, "Cannot receive for the link");
		goto err_allmulti;
	}
	return vtap;

err_allmulti:
	dev_set_allmulti(dev, -1);
err_free:
	kfree(vtap);
	return ERR_PTR(err);
}

/**
 * vtap_lower_destroy() - give the device back
 * @vtap: of vtap_lower_create(), without ports; freed after a grace period
 *
 * Context: RTNL, may sleep.
 */
void vtap_lower_destroy(struct vtap *vtap)
{
	netdev_rx_handler_unregister(vtap->dev);
	dev_set_allmulti(vtap->dev, -1);
	kfree_rcu(vtap, rcu);
}

/**
 * vtap_lower_filter() - let the device receive for a station
 * @vtap: instance on it
 * @port: host end
 * @station: its hardware address, or NULL: for its present one no more
 *
 * Context: RTNL.
 * Return: 0 or a negative error; then nothing changed.
 */
int vtap_lower_filter(struct vtap *vtap, struct vtap_port *port,
		      const u8 *station)
{
	struct vtap_mac old = port->filtered, new = { .raw = 0 };
	int err;

	/* A device without a filter turns promiscuous for an entry. */
	if (station && !ether_addr_equal(station, vtap->dev->dev_addr))
		new = vtap_mac_make(station);
	if (vtap_mac_equal(old, new))
		return 0;
	if (new.raw) {
		err = dev_uc_add(vtap->dev, new.addr);
		if (err)
			return err;
	}
	if (old.raw)
		dev_uc_del(vtap->dev, old.addr);
	port->filtered = new;
	return 0;
}

/**
 * vtap_lower_moved() - the device came to another namespace
 * @vtap: instance on it
 *
 * The core emptied its list of addresses on the way.
 *
 * Context: RTNL.
 */
void vtap_lower_moved(struct vtap *vtap)
{
	struct vtap_port *port;
	unsigned long key;

	xa_for_each(&vtap->ports, key, port) {
		port->filtered.raw = 0;
		vtap_lower_filter(vtap, port, port->dev->dev_addr);
	}
}

/**
 * vtap_lower_attach() - let the device know of a host end
 * @vtap: instance on it
 * @port: host end, registered
 * @extack: for the refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative error.
 */
int vtap_lower_attach(struct vtap *vtap, struct vtap_port *port,
		      struct netlink_ext_ack *extack)
{
	int err;

	err = vtap_lower_filter(vtap, port, port->dev->dev_addr);
	if (err)
		return err;
	if (port->opt.vlan) {
		err = vlan_vid_add(vtap->dev, htons(port->opt.vlan_protocol),
				   port->opt.vlan);
		if (err)
			goto err_filter;
	}
	err = netdev_upper_dev_link(vtap->dev, port->dev, extack);
	if (err)
		goto err_vid;
	return 0;

err_vid:
	if (port->opt.vlan)
		vlan_vid_del(vtap->dev, htons(port->opt.vlan_protocol),
			     port->opt.vlan);
err_filter:
	vtap_lower_filter(vtap, port, NULL);
	return err;
}

/**
 * vtap_lower_detach() - undo vtap_lower_attach()
 * @vtap: instance on the device
 * @port: host end
 *
 * Context: RTNL.
 */
void vtap_lower_detach(struct vtap *vtap, struct vtap_port *port)
{
	netdev_upper_dev_unlink(vtap->dev, port->dev);
	if (port->opt.vlan)
		vlan_vid_del(vtap->dev, htons(port->opt.vlan_protocol),
			     port->opt.vlan);
	vtap_lower_filter(vtap, port, NULL);
}
