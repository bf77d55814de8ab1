/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_LOWER_H
#define _VTAP_LOWER_H

#include <linux/netdevice.h>

struct vtap;
struct vtap_port;

int vtap_lower_check(struct net_device *dev, struct netlink_ext_ack *extack);
struct vtap *vtap_lower_rtnl(const struct net_device *dev);
struct vtap *vtap_lower_create(struct net_device *dev, struct vtap_port *owner,
			       struct netlink_ext_ack *extack);
void vtap_lower_destroy(struct vtap *vtap);
int vtap_lower_attach(struct vtap *vtap, struct vtap_port *port,
		      struct netlink_ext_ack *extack);
void vtap_lower_detach(struct vtap *vtap, struct vtap_port *port);
int vtap_lower_filter(struct vtap *vtap, struct vtap_port *port,
		      const u8 *station);
void vtap_lower_moved(struct vtap *vtap);
bool vtap_lower_output(struct vtap *vtap, struct sk_buff *skb);

#endif
