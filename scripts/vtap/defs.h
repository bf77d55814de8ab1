/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DEFS_H
#define _VTAP_DEFS_H

/* As in the kernel. */
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* The format and its arguments are checked as printf's. */
#define PRINTF(fmt, args)	__attribute__((format(printf, \
						      fmt, args)))

/* Of functions that are called by pointers. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#endif /* _VTAP_DEFS_H */
