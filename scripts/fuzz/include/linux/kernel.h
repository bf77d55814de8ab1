/* SPDX-License-Identifier: GPL-2.0 */
/* What a parser of bytes needs of the kernel, in user space. Whatever the kernel
 * would warn of is an end.
 */
#ifndef _FUZZ_LINUX_KERNEL_H
#define _FUZZ_LINUX_KERNEL_H

#include <asm/byteorder.h>
#include <linux/errno.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define U8_MAX		UINT8_MAX
#define U16_MAX		UINT16_MAX
#define U32_MAX		UINT32_MAX

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define READ_ONCE(x)	__atomic_load_n(&(x), __ATOMIC_RELAXED)
#define WRITE_ONCE(x, value)	__atomic_store_n(&(x), value, __ATOMIC_RELAXED)

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define BIT(n)		(1UL << (n))
#define hweight32(x)	__builtin_popcount(x)

#define min_t(type, a, b) ({		\
	type _a = (a), _b = (b);	\
	_a < _b ? _a : _b; })
#define max_t(type, a, b) ({		\
	type _a = (a), _b = (b);	\
	_a > _b ? _a : _b; })
#define min(a, b) ({		\
	typeof(a) _a = (a);	\
	typeof(b) _b = (b);	\
	_a < _b ? _a : _b; })
#define DIV_ROUND_UP(n, d) ({		\
	typeof(d) _d = (d);		\
	((n) + _d - 1) / _d; })

#define htons(x)	__cpu_to_be16(x)
#define htonl(x)	__cpu_to_be32(x)
#define ntohs(x)	__be16_to_cpu(x)
#define ntohl(x)	__be32_to_cpu(x)

#endif
