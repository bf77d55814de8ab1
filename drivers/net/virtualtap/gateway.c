// SPDX-License-Identifier: GPL-2.0
/* Health of the gateways: asked by the clock, shown by the carrier. */

#include <linux/inetdevice.h>
#include <net/ipv6.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "nexthop.h"

/* One of IPv4, and those of IPv6. */
#define GATEWAYS	(1 + VTAP_ROUTERS)

/* Silence means nothing where there is no address to be answered at: a DHCP
 * client gets none without a carrier.
 */
static bool can_ask4(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);

	return in_dev && rcu_access_pointer(in_dev->ifa_list);
}

static bool can_ask6(struct vtap_port *port, const struct in6_addr *gateway)
{
	struct in6_addr source;

	return vtap_addr_source6(port->dev, gateway, &source) &&
	       (vtap_addr_is_usable6(port, &source) ||
		vtap_addr_is_tentative6(port, &source));
}

/* Those that packets without a gateway of their route's may go to. Of IPv6 also
 * the routers that others are preferred to: which one is best depends on which
 * ones answer.
 */
static unsigned int find_gateways(struct vtap_port *port,
				  struct in6_addr *gateways)
{
	__be32 gateway4 = vtap_nexthop_gateway4(port);
	struct in6_addr routers[VTAP_ROUTERS];
	unsigned int found = 0, i, n;

	if (gateway4 && can_ask4(port->dev))
		ipv6_addr_set_v4mapped(gateway4, &gateways[found++]);
	n = vtap_routers_gateways(&port->routers, ktime_get_boottime_seconds(),
				  routers);
	for (i = 0; i < n; i++) {
		if (can_ask6(port, &routers[i]))
			gateways[found++] = routers[i];
	}
	return found;
}

/* Every one, not any: somebody on the segment could otherwise take the link down
 * by advertising a router that never answers. And where there is none, there is
 * nobody to wait for: the link is needed to learn of one.
 */
static bool all_are_silent(struct vtap_port *port)
{
	struct in6_addr gateways[GATEWAYS];
	unsigned int i, n;

	n = find_gateways(port, gateways);
	for (i = 0; i < n; i++) {
		if (vtap_neigh_life(&port->neigh, &gateways[i]) !=
		    VTAP_NEIGH_SILENT)
			return false;
	}
	return n;
}

static bool shall_have_carrier(struct vtap_port *port)
{
	if (!vtap_is_linked(port))
		return false;
	return vtap_option(port, carrier) != VIRTUALTAP_CARRIER_GATEWAY ||
	       !vtap_option(port, gateway_probe) || !all_are_silent(port);
}

/**
 * vtap_gateway_update() - set the carrier as it should be
 * @port: host end
 *
 * A carrier that is off keeps packets of the host from the segment, nothing
 * else: the module goes on asking and answering there, and forgets nothing.
 *
 * Context: process or BH.
 */
void vtap_gateway_update(struct vtap_port *port)
{
	spin_lock_bh(&port->gateway.lock);
	rcu_read_lock();
	if (shall_have_carrier(port))
		netif_carrier_on(port->dev);
	else
		netif_carrier_off(port->dev);
	rcu_read_unlock();
	spin_unlock_bh(&port->gateway.lock);
}

/**
 * vtap_gateway_tick() - ask the gateways whether they live
 * @port: host end
 * @now: jiffies
 *
 * Others may be in use since the last time, so the carrier is looked at, too.
 *
 * Context: RCU, BH off.
 */
void vtap_gateway_tick(struct vtap_port *port, unsigned long now)
{
	unsigned long interval = vtap_option(port, gateway_probe) * HZ;
	struct in6_addr gateways[GATEWAYS];
	unsigned int i, n;

	n = find_gateways(port, gateways);
	for (i = 0; i < n; i++)
		vtap_neigh_probe(&port->neigh, &gateways[i], interval, now);
	vtap_gateway_update(port);
}

static bool is_probing(struct vtap_port *port)
{
	return vtap_is_linked(port) && vtap_option(port, gateway_probe);
}

static void gateway_timer(struct timer_list *timer)
{
	struct vtap_gateway *gateway = timer_container_of(gateway, timer,
							  timer);
	struct vtap_port *port = container_of(gateway, struct vtap_port,
					      gateway);

	if (!is_probing(port))
		return;
	rcu_read_lock();
	vtap_gateway_tick(port, jiffies);
	rcu_read_unlock();
	/* Not later than who changed the option just now wants it. */
	timer_reduce(timer, jiffies + vtap_option(port, gateway_probe) * HZ);
}

/**
 * vtap_gateway_changed() - the link, or an option that gateways depend on, changed
 * @port: host end
 *
 * Context: RTNL.
 */
void vtap_gateway_changed(struct vtap_port *port)
{
	vtap_gateway_update(port);
	/* It ends by itself. */
	if (is_probing(port))
		mod_timer(&port->gateway.timer, jiffies);
}

/**
 * vtap_gateway_reachable() - does the gateway in use answer?
 * @port: host end
 * @family: AF_INET or AF_INET6
 *
 * Context: process or BH.
 * Return: false, too, where there is none, or none has answered yet.
 */
bool vtap_gateway_reachable(struct vtap_port *port, int family)
{
	struct in6_addr gateway = in6addr_any;
	enum vtap_neigh_life life;
	__be32 gateway4;

	local_bh_disable();
	rcu_read_lock();
	if (family == AF_INET6) {
		vtap_nexthop_gateway6(port, &gateway);
	} else {
		gateway4 = vtap_nexthop_gateway4(port);
		if (gateway4)
			ipv6_addr_set_v4mapped(gateway4, &gateway);
	}
	life = vtap_neigh_life(&port->neigh, &gateway);
	rcu_read_unlock();
	local_bh_enable();
	return life == VTAP_NEIGH_ALIVE;
}

/**
 * vtap_gateway_init() - nobody is asked yet
 * @gateway: to initialise
 */
void vtap_gateway_init(struct vtap_gateway *gateway)
{
	spin_lock_init(&gateway->lock);
	timer_setup(&gateway->timer, gateway_timer, 0);
}

/**
 * vtap_gateway_stop() - ask nobody any more
 * @gateway: of a host end without a link, whose neighbour table still runs
 *
 * Context: may sleep.
 */
void vtap_gateway_stop(struct vtap_gateway *gateway)
{
	timer_shutdown_sync(&gateway->timer);
}
