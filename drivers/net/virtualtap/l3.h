/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_L3_H
#define _VTAP_L3_H

#include <linux/netdevice.h>

struct vtap_port;

extern const struct net_device_ops vtap_l3_ops;

void vtap_l3_setup(struct net_device *dev);
void vtap_l3_set_ethernet(struct net_device *dev);
bool vtap_l3_receive(struct vtap_port *port, struct sk_buff *skb, bool merge);
void vtap_l3_answer(struct vtap_port *port, struct sk_buff *skb);

#endif
