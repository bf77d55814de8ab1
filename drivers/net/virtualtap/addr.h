/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ADDR_H
#define _VTAP_ADDR_H

#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct vtap_port;

/**
 * struct vtap_addr - announcing of a host end's own addresses
 * @work: sends what is due, VTAP_ANNOUNCE_INTERVAL apart
 * @lock: guards the members below
 * @pending: addresses still to be announced
 * @defended: when a conflict was last answered, in jiffies
 * @defended_once: @defended is set
 */
struct vtap_addr {
	struct delayed_work work;
	/* guards the members below */
	spinlock_t lock;
	struct list_head pending;
	unsigned long defended;
	bool defended_once;
};

void vtap_addr_init(struct vtap_addr *addr);
void vtap_addr_stop(struct vtap_addr *addr);

bool vtap_addr_is_own4(const struct net_device *dev, __be32 addr);
bool vtap_addr_is_onlink4(struct vtap_port *port, __be32 addr);
bool vtap_addr_is_broadcast4(const struct net_device *dev, __be32 addr);

void vtap_addr_announce4(struct vtap_port *port, __be32 addr);
void vtap_addr_announce_all(struct vtap_port *port);
void vtap_addr_conflict4(struct vtap_port *port, __be32 addr);

#endif
