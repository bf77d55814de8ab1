/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_GATEWAY_H
#define _VTAP_GATEWAY_H

#include <linux/spinlock.h>
#include <linux/timer.h>

struct vtap_port;

/**
 * struct vtap_gateway - looks after the gateways of a host end
 * @timer: asks them, each ``gateway_probe`` seconds while there is a link
 * @lock: held from looking at what the carrier depends on until it is set
 *
 * Whether they live is known to the neighbour table alone.
 */
struct vtap_gateway {
	struct timer_list timer;
	/* who looks last sets the carrier last */
	spinlock_t lock;
};

void vtap_gateway_init(struct vtap_gateway *gateway);
void vtap_gateway_stop(struct vtap_gateway *gateway);
void vtap_gateway_tick(struct vtap_port *port, unsigned long now);
void vtap_gateway_update(struct vtap_port *port);
void vtap_gateway_changed(struct vtap_port *port);
bool vtap_gateway_reachable(struct vtap_port *port, int family);

#endif
