/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_ADDRCONF_H
#define _FUZZ_NET_ADDRCONF_H

#include <net/ipv6.h>

struct inet6_dev {
	struct ipv6_devconf cnf;
};

struct inet6_dev *__in6_dev_get(const struct net_device *dev);
int ipv6_chk_addr(struct net *net, const struct in6_addr *addr,
		  const struct net_device *dev, int strict);
int ipv6_dev_get_saddr(struct net *net, const struct net_device *dev,
		       const struct in6_addr *daddr, unsigned int prefs,
		       struct in6_addr *saddr);

/* RFC 4291 2.7.1 */
static inline void addrconf_addr_solict_mult(const struct in6_addr *addr,
					     struct in6_addr *to)
{
	static const struct in6_addr prefix = {
		.s6_addr = { 0xff, 2, [11] = 1, 0xff },
	};

	*to = prefix;
	memcpy(&to->s6_addr[13], &addr->s6_addr[13], 3);
}

static inline bool ipv6_addr_is_solict_mult(const struct in6_addr *addr)
{
	struct in6_addr group;

	addrconf_addr_solict_mult(addr, &group);
	return ipv6_addr_equal(addr, &group);
}

/* RFC 2464 7 */
static inline void ipv6_eth_mc_map(const struct in6_addr *addr, u8 *mac)
{
	mac[0] = 0x33;
	mac[1] = 0x33;
	memcpy(mac + 2, &addr->s6_addr[12], 4);
}

#endif
