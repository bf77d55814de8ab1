/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_PREFIX_H
#define _VTAP_PREFIX_H

#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/netdevice.h>

struct vtap_prefix_set;

/**
 * struct vtap_prefixes - prefixes of one family of a device's addresses
 * @set: those that there were some time; NULL before. RCU, written under RTNL
 * @changes: counts changes of the addresses
 */
struct vtap_prefixes {
	struct vtap_prefix_set __rcu *set;
	atomic_t changes;
};

void vtap_prefixes_update(struct vtap_prefixes *prefixes,
			  struct net_device *dev, int family);
void vtap_prefixes_clear(struct vtap_prefixes *prefixes);

bool vtap_prefixes_are_known(const struct vtap_prefixes *prefixes);
const struct vtap_prefix_set *
vtap_prefixes_set(const struct vtap_prefixes *prefixes);
bool vtap_prefix_set_includes(const struct vtap_prefix_set *set,
			      const struct in6_addr *addr);

/**
 * vtap_prefixes_changed() - the device got or lost an address
 * @prefixes: of the address's family
 *
 * Context: any.
 */
static inline void vtap_prefixes_changed(struct vtap_prefixes *prefixes)
{
	atomic_inc(&prefixes->changes);
}

#endif
