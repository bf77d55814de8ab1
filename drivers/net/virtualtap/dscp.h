/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DSCP_H
#define _VTAP_DSCP_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/dsfield.h>
#include <uapi/linux/virtualtap.h>

#include "stats.h"

struct netlink_ext_ack;
struct nlattr;
struct vtap_option_kind;
struct vtap_port;

/* So many code points there are, each above two bits of ECN. */
#define VTAP_DSCP_POINTS	64
#define VTAP_DSCP_SHIFT		2
/* Content of the longest attribute of the map. */
#define VTAP_DSCP_MAP_BYTES	(2 * VIRTUALTAP_DSCP_MAP_MAX)

/**
 * struct vtap_dscp - how the packets of a host end are remarked
 * @to: what becomes of each code point
 * @map: option ``dscp_map``
 * @all: option ``dscp``
 *
 * Written under RTNL with WRITE_ONCE(); packets read @to only, which the other
 * two make.
 */
struct vtap_dscp {
	u8 to[VTAP_DSCP_POINTS];
	u8 map[VTAP_DSCP_POINTS];
	u8 all;
};

extern const struct vtap_option_kind vtap_dscp_kind;
extern const struct vtap_option_kind vtap_dscp_map_kind;

/**
 * vtap_dscp_field() - DS field of a packet: its code point and ECN
 * @skb: IPv4 or IPv6 packet, protocol and network header set, the IP header in
 *	the linear part
 */
static inline u8 vtap_dscp_field(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP) ?
	       ipv4_get_dsfield(ip_hdr(skb)) : ipv6_get_dsfield(ipv6_hdr(skb));
}

/**
 * vtap_dscp_class() - class of a code point
 * @dscp: 0..63
 */
static inline enum vtap_dscp_class vtap_dscp_class(u8 dscp)
{
	switch (dscp) {
	/* RFC 2474 4.2.2: class selectors, the first of them best effort. */
	case 0: return VTAP_DSCP_BE;
	case 8: return VTAP_DSCP_CS1;
	case 16: return VTAP_DSCP_CS2;
	case 24: return VTAP_DSCP_CS3;
	case 32: return VTAP_DSCP_CS4;
	case 40: return VTAP_DSCP_CS5;
	case 48: return VTAP_DSCP_CS6;
	case 56: return VTAP_DSCP_CS7;
	/* RFC 2597 6: in each class three drop precedences. */
	case 10: case 12: case 14: return VTAP_DSCP_AF1X;
	case 18: case 20: case 22: return VTAP_DSCP_AF2X;
	case 26: case 28: case 30: return VTAP_DSCP_AF3X;
	case 34: case 36: case 38: return VTAP_DSCP_AF4X;
	/* RFC 3246 2.7. */
	case 46: return VTAP_DSCP_EF;
	/* RFC 5865 2.2. */
	case 44: return VTAP_DSCP_VA;
	/* RFC 8622 3. */
	case 1: return VTAP_DSCP_LE;
	default: return VTAP_DSCP_OTHER;
	}
}

u8 vtap_dscp_priority(u8 dscp);

enum vtap_verdict vtap_dscp_tx(struct vtap_port *port, struct sk_buff *skb);

void vtap_dscp_init(struct vtap_dscp *dscp);
int vtap_dscp_check_map(const struct nlattr *attr,
			struct netlink_ext_ack *extack);

#endif
