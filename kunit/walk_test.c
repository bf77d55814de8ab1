// SPDX-License-Identifier: GPL-2.0
/* Walks over hash tables that change between two calls. */

#include <linux/rhashtable.h>

#include "utils.h"
#include "walk.h"

struct item {
	struct rhash_head node;
	u32 key;
	unsigned int visits;
};

static const struct rhashtable_params item_params = {
	.head_offset	= offsetof(struct item, node),
	.key_offset	= offsetof(struct item, key),
	.key_len	= sizeof_field(struct item, key),
	.automatic_shrinking = true,
};

#define ITEMS	3000

/* Not on the stack, for the work in it. */
static struct rhashtable *new_table(struct kunit *test)
{
	struct rhashtable *table = kunit_kzalloc(test, sizeof(*table),
						 GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, table);
	KUNIT_ASSERT_EQ(test, rhashtable_init(table, &item_params), 0);
	return table;
}

/* To the end: the worker may find that there is more to do, and come again. */
static void let_it_grow(struct rhashtable *table)
{
	while (flush_work(&table->run_work))
		;
}

static struct item *insert_items(struct kunit *test, struct rhashtable *table,
				 unsigned int first, unsigned int n)
{
	struct item *items = kunit_kcalloc(test, n, sizeof(*items), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, items);
	for (i = 0; i < n; i++) {
		items[i].key = first + i;
		KUNIT_ASSERT_EQ(test, rhashtable_insert_fast(table,
							     &items[i].node,
							     item_params), 0);
	}
	return items;
}

/* Some at a time. */
struct visit {
	unsigned int left;
	unsigned int visited;
	struct item *last;
};

static int visit_item(void *entry, void *context)
{
	struct visit *visit = context;
	struct item *item = entry;

	if (!visit->left--)
		return -EMSGSIZE;
	item->visits++;
	visit->visited++;
	visit->last = item;
	return 0;
}

static int walk_some(struct rhashtable *table, struct vtap_walk *walk,
		     unsigned int some, unsigned int *visited)
{
	struct visit visit = { .left = some };
	int err;

	rcu_read_lock();
	err = vtap_walk(table, walk, visit_item, &visit);
	rcu_read_unlock();
	*visited += visit.visited;
	return err;
}

static void walk_visits_each_once(struct kunit *test)
{
	struct rhashtable *table = new_table(test);
	struct vtap_walk walk = { .begun = false };
	unsigned int calls = 0, visited = 0, i;
	struct item *items;

	items = insert_items(test, table, 0, ITEMS);
	let_it_grow(table);
	while (walk_some(table, &walk, 7, &visited))
		calls++;
	KUNIT_EXPECT_EQ(test, visited, ITEMS);
	KUNIT_EXPECT_EQ(test, walk.restarts, 0);
	KUNIT_EXPECT_LE(test, calls, ITEMS / 7 + 1);
	for (i = 0; i < ITEMS; i++)
		KUNIT_EXPECT_EQ(test, items[i].visits, 1);
	/* Nor anything once it is done. */
	insert_items(test, table, ITEMS, ITEMS);
	let_it_grow(table);
	KUNIT_EXPECT_EQ(test, walk_some(table, &walk, 7, &visited), 0);
	KUNIT_EXPECT_EQ(test, visited, ITEMS);
	rhashtable_destroy(table);
}

static void walk_of_an_empty_table(struct kunit *test)
{
	struct rhashtable *table = new_table(test);
	struct vtap_walk walk = { .begun = false };
	unsigned int visited = 0;

	KUNIT_EXPECT_EQ(test, walk_some(table, &walk, 7, &visited), 0);
	KUNIT_EXPECT_EQ(test, visited, 0);
	KUNIT_EXPECT_TRUE(test, walk.done);
	rhashtable_destroy(table);
}

/* While it grows, with or without the worker that does it. */
static void walk_loses_none_of_a_table_that_grows(struct kunit *test)
{
	struct rhashtable *table = new_table(test);
	struct vtap_walk walk = { .begun = false };
	unsigned int visited = 0, more = ITEMS, i;
	bool twice = false;
	struct item *items;

	items = insert_items(test, table, 0, ITEMS);
	while (walk_some(table, &walk, 500, &visited)) {
		if (more > 16 * ITEMS)
			continue;
		insert_items(test, table, more, 1000);
		more += 1000;
		if (more / 1000 % 2)
			let_it_grow(table);
	}
	for (i = 0; i < ITEMS; i++) {
		KUNIT_EXPECT_GE(test, items[i].visits, 1);
		twice |= items[i].visits > 1;
	}
	KUNIT_EXPECT_TRUE(test, !twice || walk.restarts);
	rhashtable_destroy(table);
}

/* Into the next table, whose worker has moved some already: that is told. */
static void walk_into_the_next_table(struct kunit *test)
{
	struct rhashtable *table = new_table(test);
	struct vtap_walk walk = { .begun = false };
	struct bucket_table *old, *next;
	unsigned int visited = 0;

	insert_items(test, table, 0, ITEMS);
	let_it_grow(table);
	KUNIT_EXPECT_EQ(test, walk_some(table, &walk, 7, &visited), -EMSGSIZE);
	/* Empty, as the moment that it is attached. */
	old = rcu_dereference_protected(table->tbl, true);
	next = kunit_kzalloc(test, struct_size(next, buckets, 1), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, next);
	INIT_RHT_NULLS_HEAD(next->buckets[0]);
	next->size = 1;
	rcu_assign_pointer(old->future_tbl, next);
	KUNIT_EXPECT_EQ(test, walk_some(table, &walk, ITEMS, &visited), 0);
	RCU_INIT_POINTER(old->future_tbl, NULL);
	KUNIT_EXPECT_EQ(test, visited, ITEMS);
	KUNIT_EXPECT_EQ(test, walk.restarts, 1);
	rhashtable_destroy(table);
}

/* Each time the one visited last goes, or one before it, maybe of its bucket. */
static void walk_loses_none_where_others_go(struct kunit *test)
{
	struct rhashtable *table = new_table(test);
	struct vtap_walk walk = { .begun = false };
	struct item *items, *before = NULL;
	struct visit visit;
	unsigned int i;
	int err;

	items = insert_items(test, table, 0, ITEMS);
	let_it_grow(table);
	for (i = 0;; i++) {
		struct item *gone;

		visit = (struct visit){ .left = 1 };
		rcu_read_lock();
		err = vtap_walk(table, &walk, visit_item, &visit);
		rcu_read_unlock();
		if (!err)
			break;
		gone = i % 6 == 0 ? before : i % 6 == 3 ? visit.last : NULL;
		before = visit.last;
		if (gone)
			rhashtable_remove_fast(table, &gone->node, item_params);
	}
	for (i = 0; i < ITEMS; i++)
		KUNIT_EXPECT_GE(test, items[i].visits, 1);
	KUNIT_EXPECT_EQ(test, walk.restarts, 0);
	rhashtable_destroy(table);
}

static void walk_tells_that_it_began_anew(struct kunit *test)
{
	struct rhashtable *table = new_table(test);
	struct vtap_walk walk = { .begun = false };
	unsigned int visited = 0;

	insert_items(test, table, 0, ITEMS);
	let_it_grow(table);
	KUNIT_EXPECT_EQ(test, walk_some(table, &walk, 7, &visited), -EMSGSIZE);
	insert_items(test, table, ITEMS, 4 * ITEMS);
	let_it_grow(table);
	KUNIT_EXPECT_EQ(test, walk_some(table, &walk, 7, &visited), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, walk.restarts, 1);
	rhashtable_destroy(table);
}

static struct kunit_case walk_cases[] = {
	KUNIT_CASE(walk_visits_each_once),
	KUNIT_CASE(walk_of_an_empty_table),
	KUNIT_CASE(walk_loses_none_of_a_table_that_grows),
	KUNIT_CASE(walk_into_the_next_table),
	KUNIT_CASE(walk_loses_none_where_others_go),
	KUNIT_CASE(walk_tells_that_it_began_anew),
	{}
};

static struct kunit_suite walk_suite = {
	.name = "vtap_walk",
	.test_cases = walk_cases,
};

kunit_test_suite(walk_suite);
