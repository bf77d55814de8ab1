/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_UDP_H
#define _VTAP_COMPAT_UDP_H

#include_next <net/udp.h>

/* The socket that would get a datagram. Their table is each namespace's since
 * 6.2, and no argument since 7.1.
 */
static inline const struct sock *
vtap_udp6_lookup(struct net *net, const struct in6_addr *saddr, __be16 sport,
		 const struct in6_addr *daddr, __be16 dport, int dif, int sdif)
{
#if defined(VTAP_HAVE_UDP_LOOKUP_BY_NET)
	return __udp6_lib_lookup(net, saddr, sport, daddr, dport, dif, sdif,
				 NULL);
#elif defined(VTAP_HAVE_NETNS_UDP_TABLE)
	return __udp6_lib_lookup(net, saddr, sport, daddr, dport, dif, sdif,
				 net->ipv4.udp_table, NULL);
#else
	return __udp6_lib_lookup(net, saddr, sport, daddr, dport, dif, sdif,
				 &udp_table, NULL);
#endif
}

#endif
