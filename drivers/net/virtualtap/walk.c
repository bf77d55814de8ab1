// SPDX-License-Identifier: GPL-2.0
/* A walk over a hash table in several calls, which holds nothing between them:
 * who reads slowly, or stops reading, keeps nobody from going away.
 */

#include <linux/rhashtable.h>

#include "walk.h"

static void enter(struct vtap_walk *walk, const struct bucket_table *buckets)
{
	walk->seed = buckets->hash_rnd;
	walk->size = buckets->size;
	walk->bucket = 0;
	walk->last = NULL;
}

/* The buckets that the walk was in. While a table is resized there are old and
 * new ones; the old ones are walked first, as entries move one way only.
 */
static const struct bucket_table *find_place(struct rhashtable *table,
					     struct vtap_walk *walk)
{
	const struct bucket_table *buckets, *first;

	first = rht_dereference_rcu(table->tbl, table);
	for (buckets = first; buckets && walk->begun;
	     buckets = rht_dereference_rcu(buckets->future_tbl, table)) {
		if (buckets->hash_rnd == walk->seed &&
		    buckets->size == walk->size)
			return buckets;
	}
	walk->restarts += walk->begun;
	walk->begun = true;
	enter(walk, first);
	return first;
}

/* The entry after the last one visited, or the bucket's first if that has gone. A
 * count of those visited would skip one that stays for each that has gone. A new
 * entry in the memory of the last one is before them all: tables insert there.
 */
static struct rhash_head *find_next(const struct bucket_table *buckets,
				    const struct vtap_walk *walk)
{
	struct rhash_head *head;

	rht_for_each_rcu(head, buckets, walk->bucket) {
		if (head == walk->last)
			return rcu_dereference(head->next);
	}
	return rht_ptr_rcu(rht_bucket(buckets, walk->bucket));
}

static int walk_bucket(struct rhashtable *table,
		       const struct bucket_table *buckets,
		       struct vtap_walk *walk,
		       int (*visit)(void *entry, void *context), void *context)
{
	struct rhash_head *head;
	int err;

	rht_for_each_rcu_from(head, find_next(buckets, walk), buckets,
			      walk->bucket) {
		err = visit(rht_obj(table, head), context);
		if (err)
			return err;
		walk->last = head;
	}
	walk->bucket++;
	walk->last = NULL;
	return 0;
}

/**
 * vtap_walk() - visit the entries that were not visited yet
 * @table: entries are freed after a grace period only
 * @walk: where to go on from
 * @visit: called with an entry; anything but 0 ends the call, and the next one
 *	begins with that entry
 * @context: passed on to @visit
 *
 * Each entry is visited once, unless the table changes between two calls: its
 * owner has to count that. Of a table that changed some entries are visited
 * twice, rather than one that stayed not at all.
 *
 * Context: RCU.
 * Return: 0 when done, else what @visit returned.
 */
int vtap_walk(struct rhashtable *table, struct vtap_walk *walk,
	      int (*visit)(void *entry, void *context), void *context)
{
	const struct bucket_table *buckets;
	int err;

	if (walk->done)
		return 0;
	buckets = find_place(table, walk);
	while (buckets) {
		while (walk->bucket < buckets->size) {
			err = walk_bucket(table, buckets, walk, visit, context);
			if (err)
				return err;
		}
		buckets = rht_dereference_rcu(buckets->future_tbl, table);
		/* Its entries may have been here before. */
		if (buckets) {
			walk->restarts++;
			enter(walk, buckets);
		}
	}
	walk->done = true;
	return 0;
}
