// SPDX-License-Identifier: GPL-2.0
/* The pair: who belongs to whom, and what happens to either end. */

#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/netevent.h>

#include "device.h"
#include "l2.h"
#include "l3.h"

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
 * vtap_is_linked() - can the host end send?
 * @port: host end
 */
bool vtap_is_linked(struct vtap_port *port)
{
	return netif_running(port->dev) && netif_carrier_ok(port->dev);
}

/**
 * vtap_forget() - forget all configuration that was learned
 * @port: host end
 */
void vtap_forget(struct vtap_port *port)
{
	vtap_learn_forget(&port->learned);
	vtap_lease6_forget(&port->leases6);
	vtap_routers_forget(&port->routers);
}

/**
 * vtap_peer_rtnl() - the other end of a pair
 * @dev: either end
 *
 * Context: RTNL.
 * Return: the other end, or NULL when the pair is going away.
 */
struct net_device *vtap_peer_rtnl(const struct net_device *dev)
{
	struct vtap_port *port;

	if (vtap_is_host(dev)) {
		struct vtap *vtap = rtnl_dereference(vtap_port_of(dev)->vtap);

		return vtap ? vtap->dev : NULL;
	}
	port = rtnl_dereference(vtap_of(dev)->port);
	return port ? port->dev : NULL;
}

/**
 * vtap_iflink() - index of the other end, for IFLA_LINK
 * @dev: either end
 *
 * Return: its index, or 0 when the pair is going away.
 */
int vtap_iflink(const struct net_device *dev)
{
	int ifindex = 0;

	rcu_read_lock();
	if (vtap_is_host(dev)) {
		struct vtap *vtap = rcu_dereference(vtap_port_of(dev)->vtap);

		if (vtap)
			ifindex = READ_ONCE(vtap->dev->ifindex);
	} else {
		struct vtap_port *port = rcu_dereference(vtap_of(dev)->port);

		if (port)
			ifindex = READ_ONCE(port->dev->ifindex);
	}
	rcu_read_unlock();
	return ifindex;
}

static bool set_carrier(struct net_device *dev, bool on)
{
	bool changed = netif_carrier_ok(dev) != on;

	if (on)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
	return changed;
}

/* As the kernel's own neighbours and addresses on other devices: what is behind
 * a link that went down may be another segment when it comes back.
 */
static void set_link(struct vtap_port *port, bool up)
{
	if (!set_carrier(port->dev, up))
		return;
	if (up)
		vtap_addr_link_up(port);
	else
		vtap_neigh_flush(&port->neigh);
}

/**
 * vtap_update_carrier() - an end went up or down
 * @dev: that end
 *
 * The Ethernet end has carrier while the host end is up, the host end while
 * both are.
 *
 * Context: RTNL.
 */
void vtap_update_carrier(struct net_device *dev)
{
	struct net_device *peer = vtap_peer_rtnl(dev);
	struct net_device *host, *ethernet;

	if (!peer) {
		netif_carrier_off(dev);
		return;
	}
	host = vtap_is_host(dev) ? dev : peer;
	ethernet = vtap_is_host(dev) ? peer : dev;
	set_carrier(ethernet, netif_running(host));
	set_link(vtap_port_of(host),
		 netif_running(host) && netif_running(ethernet));
}

/**
 * vtap_update_headroom() - leave room for the header, and for the listener's
 * @host: host end
 * @ethernet: its Ethernet end
 *
 * Context: RTNL.
 */
void vtap_update_headroom(struct net_device *host,
			  const struct net_device *ethernet)
{
	WRITE_ONCE(host->needed_headroom,
		   ETH_HLEN + vtap_of(ethernet)->headroom);
}

/**
 * vtap_pair() - let the ends know each other
 * @host: host end, registered
 * @ethernet: Ethernet end, registered
 *
 * Context: RTNL.
 */
void vtap_pair(struct net_device *host, struct net_device *ethernet)
{
	rcu_assign_pointer(vtap_port_of(host)->vtap, vtap_of(ethernet));
	rcu_assign_pointer(vtap_of(ethernet)->port, vtap_port_of(host));
	vtap_update_carrier(ethernet);
	vtap_update_headroom(host, ethernet);
}

/**
 * vtap_unpair() - let an end forget the other
 * @dev: either end
 *
 * Its memory stays until the core has waited for all readers: both ends are
 * unregistered, and freed, after a grace period.
 *
 * Context: RTNL.
 */
void vtap_unpair(struct net_device *dev)
{
	if (vtap_is_host(dev))
		RCU_INIT_POINTER(vtap_port_of(dev)->vtap, NULL);
	else
		RCU_INIT_POINTER(vtap_of(dev)->port, NULL);
}

/* The Ethernet end gets no link-local address unless the user asks for one:
 * nothing of the host's shall speak on it.
 */
static void set_addr_gen_mode(struct net_device *dev)
{
	struct inet6_dev *in6_dev = __in6_dev_get(dev);

	if (in6_dev)
		WRITE_ONCE(in6_dev->cnf.addr_gen_mode,
			   IN6_ADDR_GEN_MODE_NONE);
}

/* A bridge delivers frames for a port's own address to itself, and a station
 * needs a unicast one.
 */
static int check_address(const struct net_device *dev, const u8 *address,
			 struct netlink_ext_ack *extack)
{
	const struct net_device *peer = vtap_peer_rtnl(dev);

	if (!is_valid_ether_addr(address)) {
		NL_SET_ERR_MSG(extack,
			       "Hardware address must be unicast and not zero");
		return -EADDRNOTAVAIL;
	}
	if (peer && ether_addr_equal(address, peer->dev_addr)) {
		NL_SET_ERR_MSG(extack,
			       "Both ends cannot have the same hardware address");
		return -EADDRNOTAVAIL;
	}
	return 0;
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct netdev_notifier_pre_changeaddr_info *change;

	if (!vtap_is_host(dev) && !vtap_is_ethernet(dev))
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_REGISTER:
		if (vtap_is_ethernet(dev))
			set_addr_gen_mode(dev);
		break;
	case NETDEV_PRE_CHANGEADDR:
		change = ptr;
		return notifier_from_errno(check_address(dev, change->dev_addr,
							 change->info.extack));
	case NETDEV_CHANGEADDR:
		if (vtap_is_host(dev))
			vtap_addr_announce_all(vtap_port_of(dev));
		break;
	case NETDEV_UNREGISTER:
		/* Also on the way to another namespace, where the addresses
		 * do not follow.
		 */
		if (vtap_is_host(dev)) {
			vtap_forget(vtap_port_of(dev));
			vtap_addr_forget6(vtap_port_of(dev));
		}
		break;
	}
	return NOTIFY_DONE;
}

static int inetaddr_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct net_device *dev = ifa->ifa_dev->dev;
	struct vtap_port *port;

	if (!vtap_is_host(dev))
		return NOTIFY_DONE;
	port = vtap_port_of(dev);
	vtap_learn_configured4(&port->learned, ifa->ifa_local);
	if (event == NETDEV_UP && vtap_is_linked(port))
		vtap_addr_announce4(port, ifa->ifa_local);
	return NOTIFY_DONE;
}

/* Atomic: what it leads to is done by work. */
static int inet6addr_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;
	struct net_device *dev = ifa->idev->dev;

	if (vtap_is_host(dev))
		vtap_addr_changed6(vtap_port_of(dev), &ifa->addr,
				   event == NETDEV_DOWN);
	return NOTIFY_DONE;
}

/* ``ip neigh ... nud permanent`` on the host end speaks to our table. */
static int neigh_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	const struct neighbour *n = ptr;
	struct vtap_neigh_table *table;
	struct in6_addr addr;
	u8 mac[ETH_ALEN];

	if (event != NETEVENT_NEIGH_UPDATE || !vtap_is_host(n->dev))
		return NOTIFY_DONE;
	if (n->tbl->family == AF_INET)
		ipv6_addr_set_v4mapped(*(__be32 *)n->primary_key, &addr);
	else
		memcpy(&addr, n->primary_key, sizeof(addr));
	if (n->tbl->family == AF_INET6 && ipv6_addr_v4mapped(&addr))
		return NOTIFY_DONE;

	/* Without an lladdr it has the device's own. A group's would flood. */
	table = &vtap_port_of(n->dev)->neigh;
	neigh_ha_snapshot(mac, n, n->dev);
	if (!n->dead && READ_ONCE(n->nud_state) == NUD_PERMANENT &&
	    is_valid_ether_addr(mac) && !ether_addr_equal(mac, n->dev->dev_addr)) {
		if (vtap_neigh_set_permanent(table, &addr, vtap_mac_make(mac)))
			net_warn_ratelimited("%s: no room for a permanent neighbour\n",
					     n->dev->name);
	} else {
		vtap_neigh_clear_permanent(table, &addr);
	}
	return NOTIFY_DONE;
}

static struct notifier_block netdev_notifier = {
	.notifier_call = netdev_event,
};

static struct notifier_block inetaddr_notifier = {
	.notifier_call = inetaddr_event,
};

static struct notifier_block inet6addr_notifier = {
	.notifier_call = inet6addr_event,
};

static struct notifier_block neigh_notifier = {
	.notifier_call = neigh_event,
};

/**
 * vtap_notifiers_register() - follow devices, addresses and neighbours
 *
 * Return: 0 or a negative error.
 */
int vtap_notifiers_register(void)
{
	int err;

	err = register_netdevice_notifier(&netdev_notifier);
	if (err)
		return err;
	err = register_inetaddr_notifier(&inetaddr_notifier);
	if (err)
		goto err_netdev;
	err = register_inet6addr_notifier(&inet6addr_notifier);
	if (err)
		goto err_inetaddr;
	err = register_netevent_notifier(&neigh_notifier);
	if (err)
		goto err_inet6addr;
	return 0;

err_inet6addr:
	unregister_inet6addr_notifier(&inet6addr_notifier);
err_inetaddr:
	unregister_inetaddr_notifier(&inetaddr_notifier);
err_netdev:
	unregister_netdevice_notifier(&netdev_notifier);
	return err;
}

/**
 * vtap_notifiers_unregister() - undo vtap_notifiers_register()
 */
void vtap_notifiers_unregister(void)
{
	unregister_netevent_notifier(&neigh_notifier);
	unregister_inet6addr_notifier(&inet6addr_notifier);
	unregister_inetaddr_notifier(&inetaddr_notifier);
	unregister_netdevice_notifier(&netdev_notifier);
}
