/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_UDP_H
#define _FUZZ_NET_UDP_H

#include <linux/udp.h>
#include <net/checksum.h>

struct udp_table;

struct sock {
	bool no_check6_rx;
};

struct sock *__udp6_lib_lookup(const struct net *net,
			       const struct in6_addr *saddr, __be16 sport,
			       const struct in6_addr *daddr, __be16 dport,
			       int dif, int sdif, struct udp_table *table,
			       struct sk_buff *skb);

static inline bool udp_get_no_check6_rx(const struct sock *sk)
{
	return sk->no_check6_rx;
}

static inline struct udp_table *vtap_udp_table(struct net *net)
{
	return (struct udp_table *)net;
}

#endif
