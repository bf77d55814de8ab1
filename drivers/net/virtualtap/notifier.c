// SPDX-License-Identifier: GPL-2.0
/* What happens to devices, addresses and neighbours, as the core tells it. */

#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/neighbour.h>
#include <net/netevent.h>

#include "device.h"
#include "lower.h"
#include "notifier.h"
#include "offload.h"

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

/* On a lower device a station goes by the device's own address, unless it was
 * given another, or took one that the first host end was given: the device's
 * filter has an entry for that.
 */
static void follow_address(struct vtap *vtap)
{
	struct vtap_port *port;
	unsigned long key;

	xa_for_each(&vtap->ports, key, port) {
		if (port->dev->addr_assign_type != NET_ADDR_STOLEN ||
		    port->filtered.raw) {
			vtap_lower_filter(vtap, port, port->dev->dev_addr);
			continue;
		}
		if (!vtap_dev_set_mac(port->dev, vtap->dev->dev_addr))
			port->dev->addr_assign_type = NET_ADDR_STOLEN;
	}
}

static int lower_event(struct vtap *vtap, unsigned long event)
{
	LIST_HEAD(gone);

	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
		vtap_ports_update(vtap);
		break;
	case NETDEV_CHANGEADDR:
		follow_address(vtap);
		break;
	case NETDEV_REGISTER:
		vtap_lower_moved(vtap);
		break;
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	case NETDEV_UNREGISTER:
		/* Not on the way to another namespace. */
		if (vtap->dev->reg_state != NETREG_UNREGISTERING)
			break;
		vtap_remove_all(vtap, &gone);
		unregister_netdevice_many(&gone);
		break;
	}
	return NOTIFY_DONE;
}

static int netdev_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct netdev_notifier_pre_changeaddr_info *change;
	struct vtap *vtap = vtap_lower_rtnl(dev);

	if (vtap)
		return lower_event(vtap, event);
	if (!vtap_is_host(dev) && !vtap_is_ethernet(dev))
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_REGISTER:
		if (vtap_is_ethernet(dev))
			set_addr_gen_mode(dev);
		else
			vtap_ct_moved(vtap_port_of(dev));
		break;
	case NETDEV_PRE_CHANGEADDR:
		change = ptr;
		return notifier_from_errno(vtap_address_check(dev,
							      change->dev_addr,
							      change->info.extack));
	case NETDEV_CHANGEADDR:
		if (vtap_is_host(dev))
			vtap_addr_announce_all(vtap_port_of(dev));
		break;
	case NETDEV_CHANGEUPPER:
	case NETDEV_FEAT_CHANGE:
		if (vtap_is_ethernet(dev))
			vtap_offload_update(vtap_of(dev));
		break;
	case NETDEV_UNREGISTER:
		/* Also on the way to another namespace, where addresses and
		 * connections do not follow.
		 */
		if (vtap_is_host(dev)) {
			vtap_forget(vtap_port_of(dev));
			vtap_neigh_forget_permanent(&vtap_port_of(dev)->neigh);
			vtap_addr_forget6(vtap_port_of(dev));
			vtap_ct_stop(vtap_port_of(dev));
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
	vtap_addr_changed4(port);
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

/* Its hardware address, 0 where it is not permanent. Without an lladdr it has the
 * device's own. A group's would flood.
 */
static struct vtap_mac permanent_mac(const struct neighbour *n)
{
	u8 mac[ETH_ALEN];

	neigh_ha_snapshot(mac, n, n->dev);
	if (READ_ONCE(n->dead) || READ_ONCE(n->nud_state) != NUD_PERMANENT ||
	    !is_valid_ether_addr(mac) ||
	    ether_addr_equal(mac, n->dev->dev_addr))
		return (struct vtap_mac){};
	return vtap_mac_make(mac);
}

/* ``ip neigh ... nud permanent`` on the host end speaks to our table. The core's
 * entries of other states, which come and go with the host's packets, do not.
 */
static int neigh_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	const struct neighbour *n = ptr;
	struct vtap_neigh_table *table;
	struct vtap_mac mac, told;
	struct in6_addr addr;

	if (event != NETEVENT_NEIGH_UPDATE || !vtap_is_host(n->dev))
		return NOTIFY_DONE;
	if (n->tbl->family == AF_INET)
		ipv6_addr_set_v4mapped(*(__be32 *)n->primary_key, &addr);
	else
		memcpy(&addr, n->primary_key, sizeof(addr));
	if (n->tbl->family == AF_INET6 && ipv6_addr_v4mapped(&addr))
		return NOTIFY_DONE;

	table = &vtap_port_of(n->dev)->neigh;
	mac = permanent_mac(n);
	/* Of two changes on two CPUs, what comes last need not be the newest. */
	do {
		told = mac;
		if (!told.raw)
			vtap_neigh_clear_permanent(table, &addr);
		else if (vtap_neigh_set_permanent(table, &addr, told))
			net_warn_ratelimited("%s: no room for a permanent neighbour\n",
					     n->dev->name);
		mac = permanent_mac(n);
	} while (!vtap_mac_equal(mac, told));
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
