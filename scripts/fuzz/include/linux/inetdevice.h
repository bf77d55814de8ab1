/* SPDX-License-Identifier: GPL-2.0 */
/* What an administrator has set is any number. */
#ifndef _FUZZ_LINUX_INETDEVICE_H
#define _FUZZ_LINUX_INETDEVICE_H

#include <linux/netdevice.h>

struct in_device {
	struct net_device *dev;
};

unsigned int world_number(void);

#define DROP_GRATUITOUS_ARP	0

static inline int IN_DEV_ARP_IGNORE(const struct in_device *in_dev)
{
	return world_number();
}

static inline int IN_DEV_FORWARD(const struct in_device *in_dev)
{
	return world_number();
}

static inline int IN_DEV_MEDIUM_ID(const struct in_device *in_dev)
{
	return world_number();
}

static inline int IN_DEV_PROXY_ARP(const struct in_device *in_dev)
{
	return world_number();
}

static inline int IN_DEV_ORCONF(const struct in_device *in_dev, int which)
{
	return world_number();
}

struct in_device *__in_dev_get_rcu(const struct net_device *dev);
__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst,
			 __be32 local, int scope);

#endif
