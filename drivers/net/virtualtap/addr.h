/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ADDR_H
#define _VTAP_ADDR_H

#include <linux/in.h>
#include <linux/netdevice.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/ipv6.h>

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
 * @table: the same, by address: a user namespace may give its device many
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
	struct rhashtable table;
	unsigned int unusable;
	unsigned long defended;
	bool defended_once;
};

/**
 * vtap_addr_is_unicast4() - can a station have this address?
 * @addr: address
 *
 * RFC 1122 3.2.1.3, but for broadcast addresses of subnets.
 */
static inline bool vtap_addr_is_unicast4(__be32 addr)
{
	return !ipv4_is_zeronet(addr) && !ipv4_is_loopback(addr) &&
	       ntohl(addr) < 0xe0000000;
}

/**
 * vtap_addr_is_unicast6() - can a station have this address?
 * @addr: address
 *
 * RFC 4291 2.5.2, 2.5.3, 2.7. Not a mapped one, under which IPv4 stations are
 * kept, and which no packet may carry (2.5.5.2).
 */
static inline bool vtap_addr_is_unicast6(const struct in6_addr *addr)
{
	return !ipv6_addr_any(addr) && !ipv6_addr_loopback(addr) &&
	       !ipv6_addr_is_multicast(addr) && !ipv6_addr_v4mapped(addr);
}

int vtap_addr_init(struct vtap_addr *addr);
void vtap_addr_forget6(struct vtap_port *port);
void vtap_addr_stop(struct vtap_port *port);
void vtap_addr_destroy(struct vtap_addr *addr);

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
