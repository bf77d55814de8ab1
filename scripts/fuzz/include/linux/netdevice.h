/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_NETDEVICE_H
#define _FUZZ_LINUX_NETDEVICE_H

#include <linux/kernel.h>
#include_next <linux/netdevice.h>

struct ipv6_devconf {
	int forwarding;
	int proxy_ndp;
};

struct net {
	struct {
		struct ipv6_devconf *devconf_all;
	} ipv6;
};

struct net_device {
	int ifindex;
	unsigned int mtu;
	u64 features;
	struct net *net;
};

#define NETIF_F_RXCSUM	BIT(0)

static inline struct net *dev_net(const struct net_device *dev)
{
	return dev->net;
}

#endif
