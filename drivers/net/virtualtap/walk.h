/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_WALK_H
#define _VTAP_WALK_H

#include <linux/rhashtable-types.h>

/**
 * struct vtap_walk - where a walk over a hash table is, between two calls
 * @begun: it has been called before
 * @done: every entry was visited
 * @restarts: how often the table grew or shrank between calls
 * @seed: that of the table's present buckets
 * @size: how many there are
 * @bucket: the next one
 * @last: entry of it that was visited last; for comparison only, as it may be
 *	gone
 *
 * All zero before the first call.
 */
struct vtap_walk {
	bool begun;
	bool done;
	u32 restarts;
	u32 seed;
	u32 size;
	u32 bucket;
	const void *last;
};

int vtap_walk(struct rhashtable *table, struct vtap_walk *walk,
	      int (*visit)(void *entry, void *context), void *context);

#endif
