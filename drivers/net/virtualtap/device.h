/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DEVICE_H
#define _VTAP_DEVICE_H

#include <linux/netdevice.h>
#include <net/gro_cells.h>

#include "addr.h"
#include "arp.h"
#include "frag.h"
#include "learn.h"
#include "lease6.h"
#include "limit.h"
#include "mac.h"
#include "neigh.h"
#include "router.h"
#include "stats.h"
#include "trusted.h"

#define VTAP_KIND	"virtualtap"
#define VTAP_VERSION	"0.5.0"

/**
 * struct vtap - an instance: private area of the Ethernet end
 * @dev: the Ethernet end
 * @port: its host end; NULL while going away. Written under RTNL
 * @stats: what belongs to no host end
 * @headroom: what the Ethernet end's master wants in front of a frame; RTNL
 */
struct vtap {
	struct net_device *dev;
	struct vtap_port __rcu *port;
	struct vtap_stats __percpu *stats;
	unsigned int headroom;
};

/**
 * struct vtap_options - what ``ip link`` and sysfs set
 * @announce: announcements of a new address
 * @defend: answer address conflicts
 * @learning: learn configuration from DHCP and router advertisements
 * @gateway4: set gateway (__be32), 0 for none
 *
 * Written under RTNL with WRITE_ONCE(), read by packets with READ_ONCE(). All
 * of one type, so that one table describes them (option.c); those of the
 * neighbours are members of their table.
 */
struct vtap_options {
	u32 announce;
	u32 defend;
	u32 learning;
	u32 gateway4;
};

/**
 * struct vtap_port - private area of a host end
 * @dev: the host end
 * @vtap: its instance; NULL while going away. Written under RTNL
 * @station: hardware address of the host end on the segment
 * @stats: counters
 * @opt: options
 * @trusted: option ``trusted``, NULL to trust everybody. RCU, written under RTNL
 * @gro: merges what is received
 * @neigh: neighbours; has its own lock
 * @learned: configuration learned from DHCPv4; has its own lock
 * @leases6: configuration learned from DHCPv6; has its own lock
 * @routers: what router advertisements told; has its own lock
 * @frags: fragments that wait for others; has its own locks
 * @strangers: limits the requests of anybody that are answered
 * @neighbours: limits those of proven neighbours
 * @addr: looks after own addresses; has its own lock
 */
struct vtap_port {
	struct net_device *dev;
	struct vtap __rcu *vtap;
	struct vtap_mac station;
	struct vtap_stats __percpu *stats;
	struct vtap_options opt;
	struct vtap_trusted __rcu *trusted;
	struct gro_cells gro;
	struct vtap_neigh_table neigh;
	struct vtap_learn learned;
	struct vtap_leases6 leases6;
	struct vtap_routers routers;
	struct vtap_frags frags;
	struct vtap_limit strangers;
	struct vtap_limit neighbours;
	struct vtap_addr addr;
};

static inline struct vtap *vtap_of(const struct net_device *ethernet)
{
	return netdev_priv(ethernet);
}

static inline struct vtap_port *vtap_port_of(const struct net_device *host)
{
	return netdev_priv(host);
}

/**
 * vtap_option() - an option's present value
 * @port: host end
 * @name: member of struct vtap_options
 */
#define vtap_option(port, name)	READ_ONCE((port)->opt.name)

bool vtap_is_host(const struct net_device *dev);
bool vtap_is_ethernet(const struct net_device *dev);
bool vtap_is_linked(struct vtap_port *port);
void vtap_forget(struct vtap_port *port);

struct net_device *vtap_peer_rtnl(const struct net_device *dev);
int vtap_iflink(const struct net_device *dev);
void vtap_pair(struct net_device *host, struct net_device *ethernet);
void vtap_unpair(struct net_device *dev);
void vtap_update_carrier(struct net_device *dev);
void vtap_update_headroom(struct net_device *host,
			  const struct net_device *ethernet);

int vtap_notifiers_register(void);
void vtap_notifiers_unregister(void);

#endif
