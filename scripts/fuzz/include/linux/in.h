/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_IN_H
#define _FUZZ_LINUX_IN_H

#include_next <linux/in.h>
#include <linux/kernel.h>

static inline bool ipv4_is_zeronet(__be32 addr)
{
	return !(addr & htonl(0xff000000));
}

static inline bool ipv4_is_loopback(__be32 addr)
{
	return (addr & htonl(0xff000000)) == htonl(0x7f000000);
}

static inline bool ipv4_is_multicast(__be32 addr)
{
	return (addr & htonl(0xf0000000)) == htonl(0xe0000000);
}

static inline bool ipv4_is_lbcast(__be32 addr)
{
	return addr == htonl(INADDR_BROADCAST);
}

#endif
