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

/* The argument was a struct sockaddr until 6.16. */
static inline int vtap_dev_set_mac(struct net_device *dev, const u8 *mac)
{
#ifdef VTAP_HAVE_MAC_IN_STORAGE
	struct sockaddr_storage address = { .ss_family = dev->type };

	memcpy(address.__data, mac, ETH_ALEN);
#else
	struct sockaddr address = { .sa_family = dev->type };

	memcpy(address.sa_data, mac, ETH_ALEN);
#endif
	return dev_set_mac_address(dev, &address, NULL);
}

#endif
