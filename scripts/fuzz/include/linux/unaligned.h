/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_UNALIGNED_H
#define _FUZZ_LINUX_UNALIGNED_H

#include <linux/kernel.h>

/* Through a type that may lie anywhere: the sanitizers watch each access. */
#define unaligned_at(p) ({						\
	__auto_type _p = (p);						\
	(struct { typeof(*_p) x; } __packed *)(uintptr_t)_p; })

#define get_unaligned(p)	(unaligned_at(p)->x)
#define put_unaligned(value, p)	(unaligned_at(p)->x = (value))

static inline u16 get_unaligned_be16(const void *p)
{
	return ntohs(get_unaligned((const __be16 *)p));
}

static inline u32 get_unaligned_be24(const void *p)
{
	const u8 *bytes = p;

	return bytes[0] << 16 | bytes[1] << 8 | bytes[2];
}

static inline u32 get_unaligned_be32(const void *p)
{
	return ntohl(get_unaligned((const __be32 *)p));
}

static inline void put_unaligned_be16(u16 value, void *p)
{
	put_unaligned(htons(value), (__be16 *)p);
}

static inline void put_unaligned_be32(u32 value, void *p)
{
	put_unaligned(htonl(value), (__be32 *)p);
}

#endif
