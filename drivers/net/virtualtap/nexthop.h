/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NEXTHOP_H
#define _VTAP_NEXTHOP_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#include "mac.h"
#include "packet.h"

struct vtap_port;

/**
 * enum vtap_nexthop_kind - where a packet of the host goes on the segment
 * @VTAP_NEXTHOP_NONE: nowhere: no station can have that address
 * @VTAP_NEXTHOP_MAC: to a hardware address that needs no resolution
 * @VTAP_NEXTHOP_HOST: to the neighbour that is the destination itself
 * @VTAP_NEXTHOP_ROUTER: to a neighbour that passes it on
 */
enum vtap_nexthop_kind {
	VTAP_NEXTHOP_NONE,
	VTAP_NEXTHOP_MAC,
	VTAP_NEXTHOP_HOST,
	VTAP_NEXTHOP_ROUTER,
};

/**
 * struct vtap_nexthop - next hop of one packet
 * @kind: which of the members below holds
 * @mac: hardware address
 * @addr: neighbour's address, IPv4 as ::ffff:a.b.c.d
 */
struct vtap_nexthop {
	enum vtap_nexthop_kind kind;
	struct vtap_mac mac;
	struct in6_addr addr;
};

void vtap_nexthop_choose(struct vtap_port *port, struct sk_buff *skb,
			 const struct vtap_pkt *pkt, struct vtap_nexthop *nh);
__be32 vtap_nexthop_gateway4(struct vtap_port *port);
bool vtap_nexthop_gateway6(struct vtap_port *port, struct in6_addr *addr);

#endif
