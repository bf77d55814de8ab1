/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_L2_H
#define _VTAP_L2_H

#include <linux/netdevice.h>

struct vtap;
struct vtap_port;

extern const struct net_device_ops vtap_l2_ops;

void vtap_l2_setup(struct net_device *dev);
bool vtap_l2_output(struct vtap *vtap, struct vtap_port *port,
		    struct sk_buff *skb);

#endif
