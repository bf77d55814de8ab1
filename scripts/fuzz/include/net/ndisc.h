/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_NDISC_H
#define _FUZZ_NET_NDISC_H

#include <linux/icmpv6.h>
#include <linux/in6.h>
#include <net/arp.h>

enum {
	NDISC_ROUTER_SOLICITATION = 133,
	NDISC_ROUTER_ADVERTISEMENT,
	NDISC_NEIGHBOUR_SOLICITATION,
	NDISC_NEIGHBOUR_ADVERTISEMENT,
	NDISC_REDIRECT,
};

enum {
	ND_OPT_SOURCE_LL_ADDR = 1,
	ND_OPT_TARGET_LL_ADDR = 2,
	ND_OPT_NONCE = 14,
};

struct nd_msg {
	struct icmp6hdr icmph;
	struct in6_addr target;
};

struct rd_msg {
	struct icmp6hdr icmph;
	struct in6_addr target;
	struct in6_addr dest;
};

extern struct neigh_table nd_tbl;

#endif
