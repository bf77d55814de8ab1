/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_UDP_H
#define _FUZZ_NET_UDP_H

#include <linux/udp.h>
#include <net/checksum.h>

struct sock {
	bool no_check6_rx;
};

const struct sock *
vtap_udp6_lookup(struct net *net, const struct in6_addr *saddr, __be16 sport,
		 const struct in6_addr *daddr, __be16 dport, int dif,
		 int sdif);

static inline bool udp_get_no_check6_rx(const struct sock *sk)
{
	return sk->no_check6_rx;
}

#endif
