/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_MTU_H
#define _VTAP_MTU_H

#include <linux/skbuff.h>

#include "packet.h"

struct vtap;
struct vtap_port;

unsigned int vtap_mtu_path(const struct vtap *vtap);
enum vtap_verdict vtap_mtu_check(struct vtap *vtap, struct vtap_port *port,
				 struct sk_buff *skb,
				 const struct vtap_pkt *pkt,
				 int (*output)(struct net *net, struct sock *sk,
					       struct sk_buff *fragment));

#endif
