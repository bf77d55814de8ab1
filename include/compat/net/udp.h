/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_UDP_H
#define _VTAP_COMPAT_UDP_H

#include_next <net/udp.h>

/* One for each namespace since 6.2. */
static inline struct udp_table *vtap_udp_table(struct net *net)
{
#ifdef VTAP_HAVE_NETNS_UDP_TABLE
	return net->ipv4.udp_table;
#else
	return &udp_table;
#endif
}

#endif
