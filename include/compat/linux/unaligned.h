/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_UNALIGNED_H
#define _VTAP_COMPAT_UNALIGNED_H

/* <asm/unaligned.h> until 6.11. */
#ifdef VTAP_HAVE_UNALIGNED
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif
