/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_NETDEVICE_H
#define _VTAP_COMPAT_NETDEVICE_H

#include_next <linux/netdevice.h>

/* Lockless transmit moved from a feature bit to a member in 6.12. */
static inline void vtap_dev_set_lltx(struct net_device *dev)
{
#ifdef VTAP_HAVE_LLTX
	dev->lltx = true;
#else
	dev->features |= NETIF_F_LLTX;
#endif
}

#endif
