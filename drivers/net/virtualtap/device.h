/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DEVICE_H
#define _VTAP_DEVICE_H

#include <linux/netdevice.h>
#include <linux/xarray.h>
#include <net/gro_cells.h>

#include "addr.h"
#include "arp.h"
#include "conntrack.h"
#include "dns_cache.h"
#include "dscp.h"
#include "expiry.h"
#include "frag.h"
#include "gateway.h"
#include "learn.h"
#include "lease6.h"
#include "limit.h"
#include "mac.h"
#include "neigh.h"
#include "netlink.h"
#include "router.h"
#include "stats.h"
#include "trusted.h"

#define VTAP_KIND	"virtualtap"
#define VTAP_VERSION	"0.5.0"

/**
 * struct vtap - an instance: an Ethernet device and the host ends on it
 * @dev: the Ethernet end, whose private area this is; or a lower device, which
 *	is somebody else's
 * @lower: it is a lower device
 * @ports: host ends, by vtap_vlan_key(). Written under RTNL, read under RCU
 * @untagged: that of frames without a VLAN, which are most, NULL without one.
 *	Written under RTNL, read under RCU
 * @owner: the first host end, which all others go away with; NULL while going
 *	away. Written under RTNL
 * @counted: the end that shows what belongs to no port: the Ethernet end, or on
 *	a lower device the owner
 * @stats: its counters
 * @up: host ends that are up; RTNL
 * @headroom: what the Ethernet end's master wants in front of a frame
 * @rcu: for freeing, on a lower device
 */
struct vtap {
	struct net_device *dev;
	bool lower;
	struct xarray ports;
	struct vtap_port __rcu *untagged;
	struct vtap_port __rcu *owner;
	struct net_device *counted;
	struct vtap_stats __percpu *stats;
	unsigned int up;
	unsigned int headroom;
	struct rcu_head rcu;
};

/**
 * struct vtap_options - what ``ip link`` and sysfs set
 * @announce: announcements of a new address
 * @defend: answer address conflicts
 * @learning: learn configuration from DHCP and router advertisements
 * @gateway4: set gateway (__be32), 0 for none
 * @vlan: VLAN id of the port, 0 for untagged frames; set at creation
 * @vlan_protocol: EtherType of its tags; set at creation
 * @mode: VIRTUALTAP_MODE_*; set at creation
 * @vlan_qos: VIRTUALTAP_VLAN_QOS_*: what a tag's priority is made of
 * @gateway_probe: how often gateways are asked whether they live, in seconds; 0
 *	for never
 * @carrier: what the host end's follows, VIRTUALTAP_CARRIER_*
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
	u32 vlan;
	u32 vlan_protocol;
	u32 mode;
	u32 vlan_qos;
	u32 gateway_probe;
	u32 carrier;
};

/**
 * struct vtap_port - private area of a host end
 * @dev: the host end
 * @vtap: its instance; NULL while going away. Written under RTNL
 * @linked: it is on the segment: both ends are up. Written under RTNL
 * @station: hardware address of the host end on the segment
 * @filtered: what a lower device lets through for it, 0 for nothing; RTNL
 * @stats: counters
 * @opt: options
 * @dscp: options ``dscp`` and ``dscp_map``
 * @ct: connection tracking
 * @trusted: option ``trusted``, NULL to trust everybody. RCU, written under RTNL
 * @gro: merges what is received
 * @neigh: neighbours; has its own lock
 * @learned: configuration learned from DHCPv4; has its own lock
 * @leases6: configuration learned from DHCPv6; has its own lock
 * @routers: what router advertisements told; has its own lock
 * @frags: fragments that wait for others; has its own locks
 * @strangers: limits the requests of anybody that are answered
 * @neighbours: limits those of proven neighbours
 * @dns: answers to DNS queries; has its own lock
 * @addr: looks after own addresses; has its own lock
 * @gateway: looks after the gateways, and the carrier; has its own lock
 * @expiry: tells when what was learned has had its time
 * @events: limits what listeners are told; has its own locks
 */
struct vtap_port {
	struct net_device *dev;
	struct vtap __rcu *vtap;
	bool linked;
	struct vtap_mac station;
	struct vtap_mac filtered;
	struct vtap_stats __percpu *stats;
	struct vtap_options opt;
	struct vtap_dscp dscp;
	struct vtap_ct ct;
	struct vtap_trusted __rcu *trusted;
	struct gro_cells gro;
	struct vtap_neigh_table neigh;
	struct vtap_learn learned;
	struct vtap_leases6 leases6;
	struct vtap_routers routers;
	struct vtap_frags frags;
	struct vtap_limit strangers;
	struct vtap_limit neighbours;
	struct vtap_dns_cache dns;
	struct vtap_addr addr;
	struct vtap_gateway gateway;
	struct vtap_expiry expiry;
	struct vtap_events events;
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

int vtap_iflink(const struct net_device *dev);
struct net *vtap_link_net(const struct net_device *dev);
void vtap_init_ports(struct vtap *vtap, struct net_device *dev,
		     struct net_device *counted,
		     struct vtap_stats __percpu *stats);
int vtap_attach(struct vtap *vtap, struct vtap_port *port,
		struct netlink_ext_ack *extack);
void vtap_remove(struct net_device *dev, struct list_head *head);
void vtap_remove_all(struct vtap *vtap, struct list_head *head);
void vtap_ports_update(struct vtap *vtap);
void vtap_ports_set_headroom(struct vtap *vtap);
void vtap_port_opened(struct vtap_port *port);
void vtap_port_stopped(struct vtap_port *port);
int vtap_address_check(const struct net_device *dev, const u8 *address,
		       struct netlink_ext_ack *extack);

#endif
