/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_HEX_H
#define _VTAP_COMPAT_HEX_H

/* Was part of <linux/kernel.h> until 6.4. */
#ifdef VTAP_HAVE_HEX
#include_next <linux/hex.h>
#else
#include <linux/kernel.h>
#endif

#endif
