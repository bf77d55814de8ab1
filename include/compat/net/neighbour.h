/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_NEIGHBOUR_H
#define _VTAP_COMPAT_NEIGHBOUR_H

#include_next <net/neighbour.h>

/* The flags, NTF_*, of an entry of ``ip neighbour add proxy``, or -1. Since 6.17
 * entries are under RCU, and pneigh_lookup() is not for modules; this does what it
 * does. Before, the table's lock is what keeps one from being freed.
 */
#ifdef VTAP_HAVE_PNEIGH_CREATE
static inline int vtap_pneigh_flags(struct neigh_table *tbl, struct net *net,
				    const void *key, struct net_device *dev)
{
	const struct pneigh_entry *entry;
	u32 hash;

	memcpy(&hash, key + tbl->key_len - sizeof(hash), sizeof(hash));
	hash ^= hash >> 16;
	hash ^= hash >> 8;
	hash ^= hash >> 4;
	entry = rcu_dereference(tbl->phash_buckets[hash & 0xf]);
	for (; entry; entry = rcu_dereference(entry->next))
		if (!memcmp(entry->key, key, tbl->key_len) &&
		    net_eq(pneigh_net(entry), net) &&
		    (entry->dev == dev || !entry->dev))
			return READ_ONCE(entry->flags);
	return -1;
}
#else
static inline int vtap_pneigh_flags(struct neigh_table *tbl, struct net *net,
				    const void *key, struct net_device *dev)
{
	const struct pneigh_entry *entry;
	int flags;

	read_lock_bh(&tbl->lock);
	entry = __pneigh_lookup(tbl, net, key, dev);
	flags = entry ? entry->flags : -1;
	read_unlock_bh(&tbl->lock);
	return flags;
}
#endif

#endif
