// SPDX-License-Identifier: GPL-2.0
/* The instance: which host ends are on what, and what becomes of them. */

#include <linux/rtnetlink.h>

#include "device.h"
#include "l2.h"
#include "l3.h"
#include "lower.h"
#include "offload.h"
#include "vlan.h"

/**
 * vtap_is_host() - is this a host end?
 * @dev: any device
 *
 * The role is in the operations, never in the name.
 */
bool vtap_is_host(const struct net_device *dev)
{
	return dev->netdev_ops == &vtap_l3_ops;
}

/**
 * vtap_is_ethernet() - is this an Ethernet end?
 * @dev: any device
 */
bool vtap_is_ethernet(const struct net_device *dev)
{
	return dev->netdev_ops == &vtap_l2_ops;
}

/**
 * vtap_is_linked() - is the host end on the segment?
 * @port: host end
 *
 * Also while it has no carrier because its gateway is silent.
 */
bool vtap_is_linked(struct vtap_port *port)
{
	return READ_ONCE(port->linked);
}

/**
 * vtap_forget() - forget all configuration that was learned
 * @port: host end
 */
void vtap_forget(struct vtap_port *port)
{
	vtap_learn_forget(port);
	vtap_lease6_forget(port);
	vtap_router_forget(port);
}

/* The device that a device of ours is linked to: a host end to the Ethernet end
 * or lower device, the Ethernet end to the first host end.
 */
static struct net_device *linked_rcu(const struct net_device *dev)
{
	const struct vtap_port *owner;
	const struct vtap *vtap;

	if (vtap_is_host(dev)) {
		vtap = rcu_dereference_rtnl(vtap_port_of(dev)->vtap);
		return vtap ? vtap->dev : NULL;
	}
	owner = rcu_dereference_rtnl(vtap_of(dev)->owner);
	return owner ? owner->dev : NULL;
}

/**
 * vtap_iflink() - index of the device that this one is linked to (IFLA_LINK)
 * @dev: host end or Ethernet end
 *
 * Return: its index, or 0 when they are going away.
 */
int vtap_iflink(const struct net_device *dev)
{
	const struct net_device *link;
	int ifindex = 0;

	rcu_read_lock();
	link = linked_rcu(dev);
	if (link)
		ifindex = READ_ONCE(link->ifindex);
	rcu_read_unlock();
	return ifindex;
}

/**
 * vtap_link_net() - namespace of the device that this one is linked to
 * @dev: host end or Ethernet end
 *
 * Context: RTNL.
 */
struct net *vtap_link_net(const struct net_device *dev)
{
	const struct net_device *link = linked_rcu(dev);

	return dev_net(link ? link : dev);
}

/**
 * vtap_init_ports() - an instance without host ends
 * @vtap: zeroed, but for @lower
 * @dev: Ethernet end or lower device
 * @counted: the end that shows what belongs to no port
 * @stats: its counters
 */
void vtap_init_ports(struct vtap *vtap, struct net_device *dev,
		     struct net_device *counted,
		     struct vtap_stats __percpu *stats)
{
	vtap->dev = dev;
	vtap->counted = counted;
	vtap->stats = stats;
	xa_init(&vtap->ports);
}

static void set_carrier(struct net_device *dev, bool on)
{
	if (on)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
}

/* As the kernel's own neighbours and addresses on other devices: what is behind
 * a link that went down may be another segment when it comes back. Not so a
 * carrier that is off as the gateway is silent.
 */
static void set_link(struct vtap_port *port, bool up)
{
	if (vtap_is_linked(port) == up)
		return;
	WRITE_ONCE(port->linked, up);
	vtap_gateway_changed(port);
	if (up) {
		vtap_addr_link_up(port);
		return;
	}
	vtap_neigh_flush(&port->neigh);
	vtap_dns_cache_flush(&port->dns);
}

static bool is_usable(const struct vtap *vtap)
{
	return netif_running(vtap->dev) &&
	       (!vtap->lower || netif_carrier_ok(vtap->dev));
}

/* Room for the header, and for what the next one puts in front of it. A host
 * end that has a header itself has that room already.
 */
static unsigned int headroom(const struct vtap *vtap,
			     const struct vtap_port *port)
{
	unsigned int room = ETH_HLEN + READ_ONCE(vtap->headroom);

	if (vtap->lower)
		room = vtap->dev->hard_header_len +
		       READ_ONCE(vtap->dev->needed_headroom);
	return room - min_t(unsigned int, room, port->dev->hard_header_len);
}

static void set_headroom(const struct vtap *vtap, struct vtap_port *port)
{
	WRITE_ONCE(port->dev->needed_headroom, headroom(vtap, port));
}

/**
 * vtap_ports_set_headroom() - let host ends leave room for what is in front
 * @vtap: instance whose Ethernet end's master wants more or less of it
 *
 * Context: any.
 */
void vtap_ports_set_headroom(struct vtap *vtap)
{
	struct vtap_port *port;
	unsigned long key;

	rcu_read_lock();
	xa_for_each(&vtap->ports, key, port)
		set_headroom(vtap, port);
	rcu_read_unlock();
}

static void update_port(struct vtap *vtap, struct vtap_port *port)
{
	set_headroom(vtap, port);
	set_link(port, netif_running(port->dev) && is_usable(vtap));
}

/**
 * vtap_ports_update() - let host ends follow what they are on
 * @vtap: instance whose Ethernet end or lower device changed
 *
 * A host end has carrier while it and the Ethernet end are up; on a lower
 * device, while that has carrier, too.
 *
 * Context: RTNL.
 */
void vtap_ports_update(struct vtap *vtap)
{
	struct vtap_port *port;
	unsigned long key;

	xa_for_each(&vtap->ports, key, port)
		update_port(vtap, port);
}

/* The Ethernet end has carrier while any host end is up. */
static void count_up(struct vtap *vtap, int by)
{
	vtap->up += by;
	if (!vtap->lower)
		set_carrier(vtap->dev, vtap->up);
}

/**
 * vtap_port_opened() - a host end went up
 * @port: host end
 *
 * Context: RTNL.
 */
void vtap_port_opened(struct vtap_port *port)
{
	struct vtap *vtap = rtnl_dereference(port->vtap);

	if (!vtap)
		return;
	count_up(vtap, 1);
	update_port(vtap, port);
}

/**
 * vtap_port_stopped() - a host end went down
 * @port: host end
 *
 * Context: RTNL.
 */
void vtap_port_stopped(struct vtap_port *port)
{
	struct vtap *vtap = rtnl_dereference(port->vtap);

	if (vtap)
		count_up(vtap, -1);
	set_link(port, false);
}

static unsigned int key_of(const struct vtap_port *port)
{
	return vtap_vlan_key(htons(port->opt.vlan_protocol), port->opt.vlan);
}

/**
 * vtap_attach() - put a host end on an instance
 * @vtap: instance
 * @port: host end, registered and down
 * @extack: for the refusal
 *
 * The first one owns the instance.
 *
 * Context: RTNL.
 * Return: 0 or a negative error: -EEXIST where its frames have a host end.
 */
int vtap_attach(struct vtap *vtap, struct vtap_port *port,
		struct netlink_ext_ack *extack)
{
	int err;

	netif_carrier_off(port->dev);
	err = xa_insert(&vtap->ports, key_of(port), port, GFP_KERNEL_ACCOUNT);
	if (err == -EBUSY) {
		NL_SET_ERR_MSG(extack,
			       "The link has a host end for these frames already");
		return -EEXIST;
	}
	if (err)
		return err;
	if (vtap->lower) {
		err = vtap_lower_attach(vtap, port, extack);
		if (err) {
			xa_erase(&vtap->ports, key_of(port));
			return err;
		}
	}
	rcu_assign_pointer(port->vtap, vtap);
	if (!key_of(port))
		rcu_assign_pointer(vtap->untagged, port);
	if (!rcu_access_pointer(vtap->owner))
		rcu_assign_pointer(vtap->owner, port);
	update_port(vtap, port);
	netdev_update_features(port->dev);
	return 0;
}

/* Its memory stays until the core has waited for all readers: it is
 * unregistered, and freed, after a grace period.
 */
static void detach(struct vtap *vtap, struct vtap_port *port)
{
	if (netif_running(port->dev))
		count_up(vtap, -1);
	if (vtap->lower)
		vtap_lower_detach(vtap, port);
	RCU_INIT_POINTER(port->vtap, NULL);
	xa_erase(&vtap->ports, key_of(port));
	if (!key_of(port))
		RCU_INIT_POINTER(vtap->untagged, NULL);
}

/**
 * vtap_remove_all() - take an instance away
 * @vtap: instance
 * @head: list of devices to unregister, which its own are put on
 *
 * Context: RTNL.
 */
void vtap_remove_all(struct vtap *vtap, struct list_head *head)
{
	struct vtap_port *port;
	unsigned long key;

	RCU_INIT_POINTER(vtap->owner, NULL);
	xa_for_each(&vtap->ports, key, port) {
		detach(vtap, port);
		unregister_netdevice_queue(port->dev, head);
	}
	if (vtap->lower)
		vtap_lower_destroy(vtap);
	else
		unregister_netdevice_queue(vtap->dev, head);
}

/**
 * vtap_remove() - take an end away
 * @dev: host end or Ethernet end; the first host end and the Ethernet end take
 *	all of their instance with them
 * @head: list of devices to unregister, which they are put on
 *
 * Context: RTNL.
 */
void vtap_remove(struct net_device *dev, struct list_head *head)
{
	struct vtap_port *port;
	struct vtap *vtap;

	if (vtap_is_ethernet(dev)) {
		vtap_remove_all(vtap_of(dev), head);
		return;
	}
	port = vtap_port_of(dev);
	vtap = rtnl_dereference(port->vtap);
	if (vtap && rcu_access_pointer(vtap->owner) == port) {
		vtap_remove_all(vtap, head);
		return;
	}
	if (vtap)
		detach(vtap, port);
	unregister_netdevice_queue(dev, head);
}

static bool is_port_address(struct vtap *vtap, const u8 *address)
{
	struct vtap_port *port;
	unsigned long key;

	xa_for_each(&vtap->ports, key, port) {
		if (ether_addr_equal(address, port->dev->dev_addr))
			return true;
	}
	return false;
}

/* A bridge delivers frames for a port's own address to itself. On a lower device
 * it is the rule: it is the station that it was.
 */
static bool is_others_address(const struct net_device *dev, const u8 *address)
{
	struct vtap *vtap;

	if (vtap_is_ethernet(dev))
		return is_port_address(vtap_of(dev), address);
	vtap = rtnl_dereference(vtap_port_of(dev)->vtap);
	return vtap && !vtap->lower &&
	       ether_addr_equal(address, vtap->dev->dev_addr);
}

/**
 * vtap_address_check() - may an end have this hardware address?
 * @dev: host end or Ethernet end
 * @address: the address
 * @extack: for the refusal
 *
 * Context: RTNL.
 * Return: 0 or -EADDRNOTAVAIL.
 */
int vtap_address_check(const struct net_device *dev, const u8 *address,
		       struct netlink_ext_ack *extack)
{
	if (!is_valid_ether_addr(address)) {
		NL_SET_ERR_MSG(extack,
			       "Hardware address must be unicast and not zero");
		return -EADDRNOTAVAIL;
	}
	if (is_others_address(dev, address)) {
		NL_SET_ERR_MSG(extack,
			       "Both ends cannot have the same hardware address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}
