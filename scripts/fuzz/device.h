/* SPDX-License-Identifier: GPL-2.0 */
/* Stands in for the driver's device.h and trace.h: a host end whose every
 * question to the rest of the driver, or to the kernel, is answered by a piece
 * of the input.
 */
#ifndef _VTAP_DEVICE_H
#define _VTAP_DEVICE_H
#define _VTAP_TRACE_H

#include "addr.h"
#include "arp.h"
#include "dscp.h"
#include "icmp.h"
#include "learn.h"
#include "limit.h"
#include "mac.h"
#include "neigh.h"
#include "router.h"
#include "stats.h"

#define jiffies		0UL

struct vtap_port {
	struct net_device *dev;
	struct vtap_mac station;
	struct vtap_stats *stats;
	struct {
		u32 vlan;
		u32 vlan_protocol;
		u32 vlan_qos;
	} opt;
	struct vtap_neigh_table neigh;
	struct vtap_learn learned;
};

#define vtap_option(port, name)	READ_ONCE((port)->opt.name)

extern struct vtap_port world_port;

void world_begin(u32 answers);
bool world_says(void);
unsigned int world_number(void);
void trace_vtap_pmtu(const struct net_device *dev,
		     const struct in6_addr *dest, u32 mtu);

#endif
