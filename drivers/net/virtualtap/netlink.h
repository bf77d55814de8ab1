/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NETLINK_H
#define _VTAP_NETLINK_H

#include <linux/ratelimit_types.h>
#include <net/genetlink.h>
#include <uapi/linux/virtualtap_genl.h>

#include "mac.h"
#include "walk.h"

struct in6_addr;
struct vtap_lease4;
struct vtap_lease6;
struct vtap_port;
struct vtap_router;

/* Room for all that is known of a host end. */
#define VTAP_NETLINK_DEV_SIZE	16384

/**
 * struct vtap_events - how often listeners were told of late
 * @router: of routers that advertise
 * @refused: of hardware addresses that were refused
 * @conflict: of address conflicts
 */
struct vtap_events {
	struct ratelimit_state router;
	struct ratelimit_state refused;
	struct ratelimit_state conflict;
};

/**
 * struct vtap_netlink_dump - a dump of a table of a host end, between two calls
 * @ifindex: interface index of the host end
 * @walk: where it is in the table
 */
struct vtap_netlink_dump {
	u32 ifindex;
	struct vtap_walk walk;
};

extern struct genl_family vtap_genl_family;

/* netlink.c */
int vtap_netlink_register(void);
void vtap_netlink_unregister(void);
struct vtap_port *vtap_netlink_port(struct genl_info *info, int attr);
int vtap_netlink_may_ask(struct genl_info *info, struct vtap_port *port);
int vtap_netlink_dump_start(struct netlink_callback *cb, int attr);
struct vtap_port *vtap_netlink_dump_port(struct netlink_callback *cb);
void *vtap_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			    u8 command);
void vtap_netlink_dump_changed(struct netlink_callback *cb,
			       unsigned int changes);

/**
 * vtap_netlink_dump_of() - what a dump keeps between two calls
 * @cb: dump that vtap_netlink_dump_start() let begin
 */
static inline struct vtap_netlink_dump *
vtap_netlink_dump_of(struct netlink_callback *cb)
{
	return (void *)cb->ctx;
}

/* netlink_fill.c */
int vtap_fill_addr(struct sk_buff *msg, int attr4, int attr6,
		   const struct in6_addr *addr);
int vtap_fill_mac(struct sk_buff *msg, int attr, struct vtap_mac mac);
int vtap_fill_lifetime(struct sk_buff *msg, int attr, u64 expires, u64 now);
int vtap_fill_lease4(struct sk_buff *msg, int attr,
		     const struct vtap_lease4 *lease);
int vtap_fill_lease6(struct sk_buff *msg, int attr,
		     const struct vtap_lease6 *lease,
		     const struct vtap_lease6 *but, u64 now);
int vtap_fill_router(struct sk_buff *msg, int attr,
		     const struct vtap_router *router, u64 now);

/* netlink_dev.c */
int vtap_fill_dev(struct sk_buff *msg, struct vtap_port *port);

/* netlink_event.c */
void vtap_events_init(struct vtap_events *events);
void vtap_netlink_lease4(struct vtap_port *port,
			 enum virtualtap_lease_change change,
			 const struct vtap_lease4 *lease);
void vtap_netlink_lease6(struct vtap_port *port,
			 enum virtualtap_lease_change change,
			 const struct vtap_lease6 *lease,
			 const struct vtap_lease6 *but, u64 now);
void vtap_netlink_router(struct vtap_port *port,
			 enum virtualtap_router_change change,
			 const struct in6_addr *addr,
			 const struct vtap_router *router, u64 now);
void vtap_netlink_mac(struct vtap_port *port,
		      enum virtualtap_mac_change change,
		      const struct in6_addr *addr, struct vtap_mac old_mac,
		      struct vtap_mac new_mac);
void vtap_netlink_conflict(struct vtap_port *port, const struct in6_addr *addr,
			   struct vtap_mac mac);

#endif
