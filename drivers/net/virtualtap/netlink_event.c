// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: events of the host ends of a namespace.
 *
 * Those that any station can cause are limited, so that a flood does not push
 * the others out of a listener's buffer. Who missed one asks.
 */

#include <linux/ratelimit.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "device.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "trace.h"

/* Of one kind, by what stations send. */
#define EVENTS_PER_SECOND	10

static const char * const lease_changes[] = {
	[VIRTUALTAP_LEASE_CHANGE_LEARNED]	= "learned",
	[VIRTUALTAP_LEASE_CHANGE_RENEWED]	= "renewed",
	[VIRTUALTAP_LEASE_CHANGE_EXPIRED]	= "expired",
};

static const char * const router_changes[] = {
	[VIRTUALTAP_ROUTER_CHANGE_LEARNED]	= "learned",
	[VIRTUALTAP_ROUTER_CHANGE_CHANGED]	= "changed",
	[VIRTUALTAP_ROUTER_CHANGE_EXPIRED]	= "expired",
	[VIRTUALTAP_ROUTER_CHANGE_UNREACHABLE]	= "unreachable",
	[VIRTUALTAP_ROUTER_CHANGE_REACHABLE]	= "reachable",
};

static const char * const mac_changes[] = {
	[VIRTUALTAP_MAC_CHANGE_LEARNED]	= "learned",
	[VIRTUALTAP_MAC_CHANGE_CHANGED]	= "changed",
	[VIRTUALTAP_MAC_CHANGE_REFUSED]	= "refused",
};

static const struct vtap_mac no_mac;

/* All that a table decides goes by here: also to those who trace, who are told
 * of all of it.
 */
static void trace(const struct vtap_port *port, const char *what,
		  const char *change, const struct in6_addr *addr,
		  struct vtap_mac mac)
{
	trace_vtap_learn(port->dev, what, change, addr, mac);
}

static void trace_lease4(const struct vtap_port *port,
			 enum virtualtap_lease_change change,
			 const struct vtap_lease4 *lease)
{
	struct in6_addr addr;

	ipv6_addr_set_v4mapped(lease->msg.address, &addr);
	trace(port, "dhcp", lease_changes[change], &addr, no_mac);
}

static void trace_entries(const struct vtap_port *port,
			  enum virtualtap_lease_change change,
			  const struct vtap_lease6_entry *entry, unsigned int n,
			  const struct vtap_lease6 *but)
{
	if (!trace_vtap_learn_enabled())
		return;
	for (; n--; entry++) {
		if (!vtap_lease6_has(but, entry))
			trace(port, "dhcpv6", lease_changes[change],
			      &entry->addr, no_mac);
	}
}

/* A message about a host end, to be completed and sent; NULL where nobody
 * listens, too.
 */
static struct sk_buff *begin_event(struct vtap_port *port, u8 command,
				   void **header)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&vtap_genl_family, dev_net(port->dev),
				VIRTUALTAP_NLGRP_EVENTS))
		return NULL;
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC);
	if (!msg)
		return NULL;
	*header = genlmsg_put(msg, 0, 0, &vtap_genl_family, 0, command);
	if (!*header || nla_put_u32(msg, VIRTUALTAP_A_EVENT_IFINDEX,
				    port->dev->ifindex)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static void end_event(struct vtap_port *port, struct sk_buff *msg, void *header,
		      int err)
{
	if (WARN_ON_ONCE(err)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, header);
	genlmsg_multicast_netns(&vtap_genl_family, dev_net(port->dev), msg, 0,
				VIRTUALTAP_NLGRP_EVENTS, GFP_ATOMIC);
}

static int put_addr(struct sk_buff *msg, const struct in6_addr *addr)
{
	return vtap_fill_addr(msg, VIRTUALTAP_A_EVENT_ADDR4,
			      VIRTUALTAP_A_EVENT_ADDR6, addr);
}

/**
 * vtap_netlink_lease4() - tell listeners of a DHCPv4 lease
 * @port: host end
 * @change: what happened to it
 * @lease: the lease
 *
 * Context: any.
 */
void vtap_netlink_lease4(struct vtap_port *port,
			 enum virtualtap_lease_change change,
			 const struct vtap_lease4 *lease)
{
	struct sk_buff *msg;
	void *header;
	int err;

	trace_lease4(port, change, lease);
	msg = begin_event(port, VIRTUALTAP_CMD_LEASE, &header);
	if (!msg)
		return;
	err = nla_put_u32(msg, VIRTUALTAP_A_EVENT_LEASE_CHANGE, change) ?:
	      vtap_fill_lease4(msg, VIRTUALTAP_A_EVENT_LEASE4, lease);
	end_event(port, msg, header, err);
}

/**
 * vtap_netlink_lease6() - tell listeners of a DHCPv6 lease
 * @port: host end
 * @change: what happened to it
 * @lease: the lease
 * @but: without the addresses and prefixes of this one; NULL for all
 * @now: boot time in seconds
 *
 * Context: any.
 */
void vtap_netlink_lease6(struct vtap_port *port,
			 enum virtualtap_lease_change change,
			 const struct vtap_lease6 *lease,
			 const struct vtap_lease6 *but, u64 now)
{
	struct sk_buff *msg;
	void *header;
	int err;

	trace_entries(port, change, lease->address, lease->addresses, but);
	trace_entries(port, change, lease->prefix, lease->prefixes, but);
	msg = begin_event(port, VIRTUALTAP_CMD_LEASE, &header);
	if (!msg)
		return;
	err = nla_put_u32(msg, VIRTUALTAP_A_EVENT_LEASE_CHANGE, change) ?:
	      vtap_fill_lease6(msg, VIRTUALTAP_A_EVENT_LEASE6, lease, but, now);
	end_event(port, msg, header, err);
}

/**
 * vtap_netlink_router() - tell listeners of a router
 * @port: host end
 * @change: what happened to it
 * @addr: the router, IPv4 as ::ffff:a.b.c.d
 * @router: what it advertised, NULL for nothing
 * @now: boot time in seconds
 *
 * Context: any.
 */
void vtap_netlink_router(struct vtap_port *port,
			 enum virtualtap_router_change change,
			 const struct in6_addr *addr,
			 const struct vtap_router *router, u64 now)
{
	struct sk_buff *msg;
	void *header;
	int err;

	trace(port, "router", router_changes[change], addr, no_mac);
	if (router && !__ratelimit(&port->events.router))
		return;
	msg = begin_event(port, VIRTUALTAP_CMD_ROUTER, &header);
	if (!msg)
		return;
	err = nla_put_u32(msg, VIRTUALTAP_A_EVENT_ROUTER_CHANGE, change) ?:
	      put_addr(msg, addr);
	if (!err && router)
		err = vtap_fill_router(msg, VIRTUALTAP_A_EVENT_ROUTER, router,
				       now);
	end_event(port, msg, header, err);
}

/**
 * vtap_netlink_mac() - tell listeners of a gateway's hardware address
 * @port: host end
 * @change: what happened to it
 * @addr: the gateway, IPv4 as ::ffff:a.b.c.d
 * @old_mac: the one that was known, 0 for none
 * @new_mac: the one that was told
 *
 * Context: any.
 */
void vtap_netlink_mac(struct vtap_port *port,
		      enum virtualtap_mac_change change,
		      const struct in6_addr *addr, struct vtap_mac old_mac,
		      struct vtap_mac new_mac)
{
	struct sk_buff *msg;
	void *header;
	int err;

	trace(port, "gateway-mac", mac_changes[change], addr, new_mac);
	if (change == VIRTUALTAP_MAC_CHANGE_REFUSED &&
	    !__ratelimit(&port->events.refused))
		return;
	msg = begin_event(port, VIRTUALTAP_CMD_GATEWAY_MAC, &header);
	if (!msg)
		return;
	err = nla_put_u32(msg, VIRTUALTAP_A_EVENT_MAC_CHANGE, change) ?:
	      put_addr(msg, addr) ?:
	      vtap_fill_mac(msg, VIRTUALTAP_A_EVENT_OLD_MAC, old_mac) ?:
	      vtap_fill_mac(msg, VIRTUALTAP_A_EVENT_NEW_MAC, new_mac);
	end_event(port, msg, header, err);
}

/**
 * vtap_netlink_conflict() - tell listeners that somebody uses our address
 * @port: host end
 * @addr: the address, IPv4 as ::ffff:a.b.c.d
 * @mac: who
 *
 * Context: any.
 */
void vtap_netlink_conflict(struct vtap_port *port, const struct in6_addr *addr,
			   struct vtap_mac mac)
{
	struct sk_buff *msg;
	void *header;
	int err;

	trace(port, "conflict", "seen", addr, mac);
	if (!__ratelimit(&port->events.conflict))
		return;
	msg = begin_event(port, VIRTUALTAP_CMD_CONFLICT, &header);
	if (!msg)
		return;
	err = put_addr(msg, addr) ?:
	      vtap_fill_mac(msg, VIRTUALTAP_A_EVENT_MAC, mac);
	end_event(port, msg, header, err);
}

static void init_limit(struct ratelimit_state *limit)
{
	ratelimit_state_init(limit, HZ, EVENTS_PER_SECOND);
	/* It says nothing of what it held back. */
	ratelimit_set_flags(limit, RATELIMIT_MSG_ON_RELEASE);
}

/**
 * vtap_events_init() - nobody was told anything yet
 * @events: to initialise
 */
void vtap_events_init(struct vtap_events *events)
{
	init_limit(&events->router);
	init_limit(&events->refused);
	init_limit(&events->conflict);
}
