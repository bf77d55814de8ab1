/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_IPV6_H
#define _FUZZ_NET_IPV6_H

#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <net/checksum.h>

#define NEXTHDR_HOP		IPPROTO_HOPOPTS
#define NEXTHDR_ROUTING		IPPROTO_ROUTING
#define NEXTHDR_FRAGMENT	IPPROTO_FRAGMENT
#define NEXTHDR_AUTH		IPPROTO_AH
#define NEXTHDR_NONE		IPPROTO_NONE
#define NEXTHDR_DEST		IPPROTO_DSTOPTS

#define IP6_MF		0x0001
#define IP6_OFFSET	0xfff8

struct frag_hdr {
	__u8 nexthdr;
	__u8 reserved;
	__be16 frag_off;
	__be32 identification;
};

static inline bool ipv6_addr_is_multicast(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xff;
}

static inline bool ipv6_addr_equal(const struct in6_addr *a,
				   const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

static inline void ipv6_addr_set_v4mapped(__be32 addr, struct in6_addr *to)
{
	memset(to, 0, sizeof(*to));
	to->s6_addr[10] = 0xff;
	to->s6_addr[11] = 0xff;
	memcpy(&to->s6_addr[12], &addr, sizeof(addr));
}

#endif
