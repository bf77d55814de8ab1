/* SPDX-License-Identifier: GPL-2.0 */
/* RFC 1071, and none of the kernel's ways to be quick at it. */
#ifndef _FUZZ_NET_CHECKSUM_H
#define _FUZZ_NET_CHECKSUM_H

#include <linux/in6.h>
#include <linux/kernel.h>

__wsum csum_partial(const void *data, int len, __wsum sum);
__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, u32 len, u8 protocol,
			__wsum sum);
__sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len, u8 protocol,
			  __wsum sum);

static inline __sum16 csum_fold(__wsum sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static inline __sum16 ip_fast_csum(const void *header, unsigned int words)
{
	return csum_fold(csum_partial(header, words * 4, 0));
}

#endif
