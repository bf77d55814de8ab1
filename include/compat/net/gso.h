/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_GSO_H
#define _VTAP_COMPAT_GSO_H

/* Was part of <linux/skbuff.h> until 6.5. */
#ifdef VTAP_HAVE_GSO
#include_next <net/gso.h>
#else
#include <linux/skbuff.h>
#endif

#endif
