/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NETLINK_H
#define _VTAP_NETLINK_H

#include <linux/types.h>

struct in6_addr;
struct vtap_port;

void vtap_netlink_router(struct vtap_port *port, const struct in6_addr *addr,
			 bool alive);
void vtap_netlink_conflict(struct vtap_port *port, const struct in6_addr *addr);

int vtap_netlink_register(void);
void vtap_netlink_unregister(void);

#endif
