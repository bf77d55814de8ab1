/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ADDR_H
#define _VTAP_ADDR_H

#include <linux/in6.h>
#include <linux/netdevice.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "mac.h"
#include "prefix.h"

struct inet6_dev;
struct vtap_port;

/**
 * struct vtap_addr - what is to be done for a host end's own addresses
 * @prefixes4: of the device's IPv4 addresses
 * @prefixes6: of its IPv6 addresses
 * @work: follows the device's addresses, and sends what is due
 * @idev: whose groups were joined, held; RTNL
 * @followed: @changes when @work last looked at the device
 * @lock: guards the members below
 * @changes: counts changes of the device's IPv6 addresses
 * @own: IPv6 addresses of the device, and IPv4 ones to be announced
 * @unusable: how many of @own are being probed or are duplicates
 * @defended: when a conflict was last answered, in jiffies
 * @defended_once: @defended is set
 */
struct vtap_addr {
	struct vtap_prefixes prefixes4;
	struct vtap_prefixes prefixes6;
	struct delayed_work work ____cacheline_aligned_in_smp;
	struct inet6_dev *idev;
	unsigned int followed;
	/* guards the members below */
	spinlock_t lock;
	unsigned int changes;
	struct list_head own;
	unsigned int unusable;
	unsigned long defended;
	bool defended_once;
};

void vtap_addr_init(struct vtap_addr *addr);
void vtap_addr_forget6(struct vtap_port *port);
void vtap_addr_stop(struct vtap_port *port);

bool vtap_addr_is_own4(const struct net_device *dev, __be32 addr);
bool vtap_addr_is_onlink4(struct vtap_port *port, __be32 addr);
bool vtap_addr_is_broadcast4(struct net_device *dev, __be32 addr);
bool vtap_addr_is_own6(struct net_device *dev, const struct in6_addr *addr);
bool vtap_addr_source6(struct net_device *dev, const struct in6_addr *addr,
		       struct in6_addr *source);
bool vtap_addr_is_onlink6(struct vtap_port *port, const struct in6_addr *addr);
bool vtap_addr_is_tentative6(struct vtap_port *port,
			     const struct in6_addr *addr);
bool vtap_addr_is_usable6(struct vtap_port *port, const struct in6_addr *addr);

void vtap_addr_changed4(struct vtap_port *port);
void vtap_addr_changed6(struct vtap_port *port, const struct in6_addr *addr,
			bool lost);
void vtap_addr_announce4(struct vtap_port *port, __be32 addr);
void vtap_addr_announce_all(struct vtap_port *port);
void vtap_addr_link_up(struct vtap_port *port);
void vtap_addr_conflict(struct vtap_port *port, const struct in6_addr *addr,
			struct vtap_mac mac);
void vtap_addr_probed6(struct vtap_port *port, const struct in6_addr *addr,
		       const u8 *nonce, struct vtap_mac mac);

#endif
