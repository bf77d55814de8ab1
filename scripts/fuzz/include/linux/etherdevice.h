/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_ETHERDEVICE_H
#define _FUZZ_LINUX_ETHERDEVICE_H

#include <linux/if_ether.h>
#include <linux/kernel.h>

static inline bool ether_addr_equal_unaligned(const u8 *a, const u8 *b)
{
	return !memcmp(a, b, ETH_ALEN);
}

static inline bool is_valid_ether_addr(const u8 *addr)
{
	static const u8 zeros[ETH_ALEN];

	return !(addr[0] & 1) && memcmp(addr, zeros, ETH_ALEN);
}

#endif
