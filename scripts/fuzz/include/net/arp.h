/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_NET_ARP_H
#define _FUZZ_NET_ARP_H

#include <linux/neighbour.h>
#include <linux/skbuff.h>

struct neigh_table {
	int family;
};

extern struct neigh_table arp_tbl;

int vtap_pneigh_flags(struct neigh_table *table, struct net *net,
		      const void *key, struct net_device *dev);
struct sk_buff *arp_create(int type, int ptype, __be32 dest_ip,
			   struct net_device *dev, __be32 src_ip,
			   const unsigned char *dest_hw,
			   const unsigned char *src_hw,
			   const unsigned char *target_hw);

#endif
