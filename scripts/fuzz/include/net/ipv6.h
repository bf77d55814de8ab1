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

#define IPV6_ADDR_UNICAST	0x0001U
#define IPV6_ADDR_MULTICAST	0x0002U
#define IPV6_ADDR_LINKLOCAL	0x0020U

/* As far as anybody asks: a group may have a scope, too. */
static inline int ipv6_addr_type(const struct in6_addr *addr)
{
	const u8 *bytes = addr->s6_addr;

	if (bytes[0] == 0xff)
		return IPV6_ADDR_MULTICAST |
		       ((bytes[1] & 15) == 2 ? IPV6_ADDR_LINKLOCAL : 0);
	if (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80)
		return IPV6_ADDR_UNICAST | IPV6_ADDR_LINKLOCAL;
	return IPV6_ADDR_UNICAST;
}

static inline bool ipv6_addr_is_multicast(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xff;
}

static inline bool ipv6_addr_equal(const struct in6_addr *a,
				   const struct in6_addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;
extern const struct in6_addr in6addr_linklocal_allnodes;

static inline bool ipv6_addr_any(const struct in6_addr *addr)
{
	return ipv6_addr_equal(addr, &in6addr_any);
}

static inline bool ipv6_addr_loopback(const struct in6_addr *addr)
{
	return ipv6_addr_equal(addr, &in6addr_loopback);
}

static inline bool ipv6_addr_v4mapped(const struct in6_addr *addr)
{
	static const u8 prefix[12] = { [10] = 0xff, 0xff };

	return !memcmp(addr, prefix, sizeof(prefix));
}

static inline void ip6_flow_hdr(struct ipv6hdr *header, unsigned int tclass,
				__be32 label)
{
	*(__be32 *)header = htonl(0x60000000 | tclass << 20) | label;
}

static inline void ipv6_addr_set_v4mapped(__be32 addr, struct in6_addr *to)
{
	memset(to, 0, sizeof(*to));
	to->s6_addr[10] = 0xff;
	to->s6_addr[11] = 0xff;
	memcpy(&to->s6_addr[12], &addr, sizeof(addr));
}

#endif
