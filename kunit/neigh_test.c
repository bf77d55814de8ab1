// SPDX-License-Identifier: GPL-2.0
/* The neighbour table, with a clock of the test's own. */

#include <linux/prandom.h>
#include <net/ipv6.h>

#include "neigh.h"
#include "utils.h"

enum what {
	ASKED_ALL,
	ASKED_ONE,
	LOST,
	STILL_LOST,
	BACK,
	OUTPUT,
	REFUSED,
	DROPPED,
};

/* Something that the table had done. */
struct event {
	enum what what;
	__be32 addr;		/* asked for, lost, back */
	struct vtap_mac mac;	/* asked, sent to */
	u32 id;			/* of the packet */
	enum vtap_verdict reason;
};

/* What the table told of a router's hardware address. */
struct mac_news {
	enum vtap_neigh_mac_news news;
	__be32 addr;
	struct vtap_mac old_mac;
	struct vtap_mac new_mac;
};

#define EVENTS	1024
#define MAC_NEWS	16
#define HOWS	(VTAP_NEIGH_UNASKED_KEEP + 1)

struct fixture {
	struct vtap_neigh_table table;
	unsigned long now;
	unsigned long start;
	bool must_wait;
	unsigned int head;
	unsigned int tail;
	struct event events[EVENTS];
	unsigned int lost[256];	/* by the last byte of the address */
	unsigned int back[256];
	unsigned int still_there;
	unsigned int mac_told;
	struct mac_news mac_news[MAC_NEWS];
};

#define HOST		IP4(192, 0, 2, 10)
#define ROUTER		IP4(192, 0, 2, 1)
#define FIRST_MAC	vtap_test_mac("\x02\0\0\0\0\x01")
#define SECOND_MAC	vtap_test_mac("\x02\0\0\0\0\x02")
#define THIRD_MAC	vtap_test_mac("\x02\0\0\0\0\x03")
#define REACHABLE_TIME	VTAP_NEIGH_REACHABLE_TIME

static void record(struct vtap_neigh_table *table, struct event event)
{
	struct fixture *f = container_of(table, struct fixture, table);

	if (f->head - f->tail == EVENTS)
		f->tail++;
	f->events[f->head++ % EVENTS] = event;
}

static void fake_solicit(struct vtap_neigh_table *table,
			 const struct in6_addr *addr,
			 const struct vtap_mac *mac)
{
	struct event event = {
		.what = mac ? ASKED_ONE : ASKED_ALL,
		.addr = addr->s6_addr32[3],
	};

	if (mac)
		event.mac = *mac;
	record(table, event);
}

static void fake_output(struct vtap_neigh_table *table, struct sk_buff *skb,
			struct vtap_mac mac)
{
	record(table, (struct event){
		.what = OUTPUT, .mac = mac, .id = skb->mark,
	});
	kfree_skb(skb);
}

static void fake_refuse(struct vtap_neigh_table *table, struct sk_buff *skb)
{
	record(table, (struct event){
		.what = REFUSED, .id = skb->mark,
	});
	kfree_skb(skb);
}

static void fake_drop(struct vtap_neigh_table *table, struct sk_buff *skb,
		      enum vtap_verdict reason)
{
	record(table, (struct event){
		.what = DROPPED, .id = skb->mark, .reason = reason,
	});
	kfree_skb(skb);
}

static void fake_router(struct vtap_neigh_table *table,
			const struct in6_addr *addr, enum vtap_neigh_news news)
{
	static const enum what what[] = {
		[VTAP_NEIGH_LOST] = LOST,
		[VTAP_NEIGH_STILL_LOST] = STILL_LOST,
		[VTAP_NEIGH_BACK] = BACK,
	};

	/* Whenever a router answers. */
	if (news == VTAP_NEIGH_STILL_THERE) {
		container_of(table, struct fixture, table)->still_there++;
		return;
	}
	record(table, (struct event){
		.what = what[news], .addr = addr->s6_addr32[3],
	});
}

/* Apart from the other events. */
static void fake_mac(struct vtap_neigh_table *table,
		     const struct in6_addr *addr, enum vtap_neigh_mac_news news,
		     struct vtap_mac old_mac, struct vtap_mac new_mac)
{
	struct fixture *f = container_of(table, struct fixture, table);

	f->mac_news[f->mac_told++ % MAC_NEWS] = (struct mac_news){
		.news = news, .addr = addr->s6_addr32[3],
		.old_mac = old_mac, .new_mac = new_mac,
	};
}

static bool fake_must_wait(struct vtap_neigh_table *table,
			   const struct in6_addr *addr)
{
	return container_of(table, struct fixture, table)->must_wait;
}

static const struct vtap_neigh_ops fake_ops = {
	.solicit	= fake_solicit,
	.output		= fake_output,
	.refuse		= fake_refuse,
	.drop		= fake_drop,
	.router		= fake_router,
	.mac		= fake_mac,
	.must_wait	= fake_must_wait,
};

/* Whose they are, should somebody trace. */
static const struct net_device fake_dev = { .name = "fake0" };

static int neigh_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct vtap_stats __percpu *stats;

	if (!f)
		return -ENOMEM;
	stats = vtap_stats_alloc();
	if (!stats)
		return -ENOMEM;
	f->table.max = 1024;
	f->table.timeout = 300;
	f->table.resolve = 1;
	if (vtap_neigh_init(&f->table, &fake_ops, &fake_dev, stats)) {
		free_percpu(stats);
		return -ENOMEM;
	}
	/* The test is the timer. */
	vtap_neigh_stop(&f->table);
	f->start = jiffies + 3600 * HZ;
	f->now = f->start;
	f->table.gc = f->now + VTAP_NEIGH_GC_INTERVAL;
	test->priv = f;
	return 0;
}

static void neigh_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	vtap_neigh_stop(&f->table);
	vtap_neigh_destroy(&f->table);
	free_percpu(f->table.stats);
}

static u64 counted(struct fixture *f, enum vtap_stat stat)
{
	return vtap_stats_read(f->table.stats, stat);
}

static void enter(void)
{
	local_bh_disable();
	rcu_read_lock();
}

static void leave(void)
{
	rcu_read_unlock();
	local_bh_enable();
}

static struct sk_buff *packet(struct kunit *test, u32 id)
{
	struct sk_buff *skb = vtap_test_skb(test, NULL, 0);

	skb->mark = id;
	return skb;
}

/* A packet of the host; @mac may be NULL. Frees it as the caller would. */
static enum vtap_verdict send_skb(struct fixture *f, __be32 addr, bool router,
				  struct sk_buff *skb, struct vtap_mac *mac)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	enum vtap_verdict verdict;
	struct vtap_mac dummy;

	enter();
	verdict = vtap_neigh_resolve(&f->table, &mapped, router, skb, f->now,
				     mac ? mac : &dummy);
	leave();
	if (verdict != VTAP_CONSUMED)
		kfree_skb(skb);
	return verdict;
}

static bool update(struct fixture *f, __be32 addr, struct vtap_mac mac,
		   enum vtap_neigh_how how)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	bool answered;

	enter();
	answered = vtap_neigh_update(&f->table, &mapped, mac, how, f->now);
	leave();
	return answered;
}

#define PROBE_INTERVAL	(10 * HZ)

static void probe(struct fixture *f, __be32 addr)
{
	struct in6_addr mapped = vtap_test_mapped(addr);

	enter();
	vtap_neigh_probe(&f->table, &mapped, PROBE_INTERVAL, f->now);
	leave();
}

static unsigned long expire(struct fixture *f)
{
	unsigned long next;

	enter();
	next = vtap_neigh_expire(&f->table, f->now);
	leave();
	return next;
}

/* Time goes by, in steps as fine as any deadline. */
static void pass(struct fixture *f, unsigned long time)
{
	while (time) {
		unsigned long step = min_t(unsigned long, time, HZ / 10);

		f->now += step;
		time -= step;
		expire(f);
	}
}

static bool known(struct fixture *f, __be32 addr, struct vtap_mac *mac)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	bool there;

	rcu_read_lock();
	there = vtap_neigh_mac(&f->table, &mapped, mac);
	rcu_read_unlock();
	return there;
}

static void set_permanent(struct kunit *test, struct fixture *f, __be32 addr,
			  struct vtap_mac mac)
{
	struct in6_addr mapped = vtap_test_mapped(addr);

	KUNIT_EXPECT_EQ(test, vtap_neigh_set_permanent(&f->table, &mapped, mac),
			0);
}

static void expect_known(struct kunit *test, __be32 addr, struct vtap_mac mac)
{
	struct vtap_mac found = { .raw = 0 };

	KUNIT_EXPECT_TRUE(test, known(test->priv, addr, &found));
	KUNIT_EXPECT_EQ(test, found.raw, mac.raw);
}

static void expect_unknown(struct kunit *test, __be32 addr)
{
	struct vtap_mac found;

	KUNIT_EXPECT_FALSE(test, known(test->priv, addr, &found));
}

static void ignore_events(struct fixture *f)
{
	f->tail = f->head;
}

static void expect_nothing(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->head, f->tail);
	ignore_events(f);
}

static void expect_event(struct kunit *test, struct event wanted)
{
	struct fixture *f = test->priv;
	struct event got;

	KUNIT_ASSERT_NE_MSG(test, f->head, f->tail, "nothing happened");
	got = f->events[f->tail++ % EVENTS];
	KUNIT_EXPECT_EQ(test, got.what, wanted.what);
	KUNIT_EXPECT_EQ(test, got.addr, wanted.addr);
	KUNIT_EXPECT_EQ(test, got.mac.raw, wanted.mac.raw);
	KUNIT_EXPECT_EQ(test, got.id, wanted.id);
	KUNIT_EXPECT_EQ(test, got.reason, wanted.reason);
}

static void expect_asked_all(struct kunit *test, __be32 addr)
{
	expect_event(test, (struct event){
		.what = ASKED_ALL, .addr = addr,
	});
}

static void expect_asked(struct kunit *test, __be32 addr, struct vtap_mac mac)
{
	expect_event(test, (struct event){
		.what = ASKED_ONE, .addr = addr, .mac = mac,
	});
}

static void expect_lost(struct kunit *test, __be32 addr)
{
	expect_event(test, (struct event){
		.what = LOST, .addr = addr,
	});
}

static void expect_still_lost(struct kunit *test, __be32 addr)
{
	expect_event(test, (struct event){
		.what = STILL_LOST, .addr = addr,
	});
}

static void expect_back(struct kunit *test, __be32 addr)
{
	expect_event(test, (struct event){
		.what = BACK, .addr = addr,
	});
}

static void expect_output(struct kunit *test, u32 id, struct vtap_mac mac)
{
	expect_event(test, (struct event){
		.what = OUTPUT, .mac = mac, .id = id,
	});
}

static void expect_refused(struct kunit *test, u32 id)
{
	expect_event(test, (struct event){
		.what = REFUSED, .id = id,
	});
}

static void expect_dropped(struct kunit *test, u32 id, enum vtap_verdict reason)
{
	expect_event(test, (struct event){
		.what = DROPPED, .id = id, .reason = reason,
	});
}

/* A packet goes to @mac at once. */
static void expect_sent(struct kunit *test, __be32 addr, bool router,
			struct vtap_mac mac)
{
	struct vtap_mac to = { .raw = 0 };

	KUNIT_EXPECT_EQ(test, send_skb(test->priv, addr, router,
				       packet(test, 0), &to), VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, to.raw, mac.raw);
}

/* A packet waits, or is refused: the events tell. */
static void expect_taken(struct kunit *test, __be32 addr, bool router, u32 id)
{
	KUNIT_EXPECT_EQ(test, send_skb(test->priv, addr, router,
				       packet(test, id), NULL), VTAP_CONSUMED);
}

static void resolve(struct kunit *test, __be32 addr, bool router,
		    struct vtap_mac mac)
{
	expect_taken(test, addr, router, 99);
	expect_asked_all(test, addr);
	expect_nothing(test);
	update(test->priv, addr, mac, VTAP_NEIGH_REPLY);
	expect_output(test, 99, mac);
	expect_nothing(test);
	expect_known(test, addr, mac);
}

/* RFC 4861 7.2.2: ask at once, then wait longer each time; give up. */
static void incomplete_backs_off_and_fails(struct kunit *test)
{
	struct fixture *f = test->priv;

	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	expect_taken(test, HOST, false, 2);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_QUEUED), 2);

	pass(f, HZ / 2 - HZ / 10);
	expect_nothing(test);
	pass(f, HZ / 10);
	expect_asked_all(test, HOST);
	pass(f, HZ - HZ / 10);
	expect_nothing(test);
	pass(f, HZ / 10);
	expect_asked_all(test, HOST);
	pass(f, 2 * HZ - HZ / 10);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_FAILURES), 0);
	pass(f, HZ / 10);
	expect_refused(test, 1);
	expect_refused(test, 2);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_FAILURES), 1);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
	expect_unknown(test, HOST);
}

/* While nobody can be asked yet, no try counts: afterwards they are all there. */
static void waiting_is_no_try(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->must_wait = true;
	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	pass(f, 10 * HZ);
	expect_nothing(test);
	f->must_wait = false;
	pass(f, HZ / 2);
	expect_asked_all(test, HOST);
	pass(f, HZ);
	expect_asked_all(test, HOST);
	pass(f, 2 * HZ - HZ / 10);
	expect_nothing(test);
	pass(f, HZ / 10);
	expect_refused(test, 1);
	expect_nothing(test);
}

static void fail(struct kunit *test, __be32 addr, bool router)
{
	struct fixture *f = test->priv;

	expect_taken(test, addr, router, 1);
	pass(f, HZ / 2 + HZ + 2 * HZ);
	expect_asked_all(test, addr);
	expect_asked_all(test, addr);
	expect_asked_all(test, addr);
	if (router)
		expect_lost(test, addr);
	expect_refused(test, 1);
	expect_nothing(test);
}

/* A negative entry stops a storm of requests, and goes. */
static void failed_refuses_for_a_while(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 id;

	fail(test, HOST, false);
	for (id = 10; id < 40; id++) {
		expect_taken(test, HOST, false, id);
		expect_refused(test, id);
		expect_nothing(test);
	}
	pass(f, VTAP_NEIGH_FAILED_TIME - HZ / 10);
	expect_taken(test, HOST, false, 40);
	expect_refused(test, 40);
	pass(f, HZ / 10);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
	expect_taken(test, HOST, false, 41);
	expect_asked_all(test, HOST);
	expect_nothing(test);
}

static void failed_host_may_come_back(struct kunit *test)
{
	fail(test, HOST, false);
	update(test->priv, HOST, FIRST_MAC, VTAP_NEIGH_UNASKED);
	expect_nothing(test);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_asked(test, HOST, FIRST_MAC);
}

/* What it says itself is not enough: it is asked again. */
static void failed_router_has_to_prove_it(struct kunit *test)
{
	fail(test, ROUTER, true);
	update(test->priv, ROUTER, FIRST_MAC, VTAP_NEIGH_UNASKED);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_unknown(test, ROUTER);
	update(test->priv, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_back(test, ROUTER);
	expect_nothing(test);
	expect_sent(test, ROUTER, true, SECOND_MAC);
}

/* A router that was away is asked for again as soon as it is needed, and what
 * its address was is not forgotten.
 */
static void failed_router_is_remembered(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	pass(f, 3 * HZ / 5 + HZ / 2 + HZ + 2 * HZ);
	ignore_events(f);
	expect_taken(test, ROUTER, true, 1);
	expect_refused(test, 1);
	pass(f, VTAP_NEIGH_FAILED_TIME);
	expect_nothing(test);
	expect_unknown(test, ROUTER);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
	expect_taken(test, ROUTER, true, 2);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_back(test, ROUTER);
	expect_output(test, 2, SECOND_MAC);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 1);
}

static void expect_mac(struct kunit *test, unsigned int nth,
		       enum vtap_neigh_mac_news news, struct vtap_mac old_mac,
		       struct vtap_mac new_mac)
{
	const struct fixture *f = test->priv;
	const struct mac_news *told = &f->mac_news[nth];

	KUNIT_EXPECT_GT(test, f->mac_told, nth);
	KUNIT_EXPECT_EQ(test, told->news, news);
	KUNIT_EXPECT_EQ(test, told->addr, ROUTER);
	KUNIT_EXPECT_TRUE(test, vtap_mac_equal(told->old_mac, old_mac));
	KUNIT_EXPECT_TRUE(test, vtap_mac_equal(told->new_mac, new_mac));
}

/* Of a router's hardware address who listens hears, each time once; of a host's
 * nobody does.
 */
static void news_of_a_routers_mac(struct kunit *test)
{
	const struct vtap_mac none = { .raw = 0 };
	struct fixture *f = test->priv;

	resolve(test, HOST, false, THIRD_MAC);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_UNASKED);
	KUNIT_EXPECT_EQ(test, f->mac_told, 0);
	resolve(test, ROUTER, true, FIRST_MAC);
	expect_mac(test, 0, VTAP_NEIGH_MAC_LEARNED, none, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_mac(test, 1, VTAP_NEIGH_MAC_REFUSED, FIRST_MAC, SECOND_MAC);
	pass(f, HZ);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_mac(test, 2, VTAP_NEIGH_MAC_CHANGED, FIRST_MAC, SECOND_MAC);
	KUNIT_EXPECT_EQ(test, f->mac_told, 3);
}

/* One that proved it as a host need not do so again. */
static void host_with_a_mac_becomes_a_router(struct kunit *test)
{
	const struct vtap_mac none = { .raw = 0 };
	struct fixture *f = test->priv;

	resolve(test, ROUTER, false, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->mac_told, 0);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_mac(test, 0, VTAP_NEIGH_MAC_LEARNED, none, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->mac_told, 1);
}

static enum vtap_neigh_state state_of(struct fixture *f, __be32 addr)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	const struct vtap_neigh *n;
	u8 state = U8_MAX;

	rcu_read_lock();
	list_for_each_entry_rcu(n, &f->table.permanent, list) {
		if (ipv6_addr_equal(&n->addr, &mapped))
			state = n->state;
	}
	rcu_read_unlock();
	return state;
}

/* The kernel's table and netlink do not undo what the other one set. */
static void two_administrators(struct kunit *test)
{
	struct in6_addr host = vtap_test_mapped(HOST);
	struct fixture *f = test->priv;
	struct vtap_mac mac;

	KUNIT_EXPECT_EQ(test, vtap_neigh_set(&f->table, &host, FIRST_MAC,
					     VTAP_NEIGH_PERMANENT), 0);
	vtap_neigh_clear_permanent(&f->table, &host);
	KUNIT_EXPECT_EQ(test, state_of(f, HOST), VTAP_NEIGH_PERMANENT);
	set_permanent(test, f, HOST, SECOND_MAC);
	KUNIT_EXPECT_EQ(test, vtap_neigh_set(&f->table, &host, FIRST_MAC,
					     VTAP_NEIGH_STALE), -EBUSY);
	KUNIT_EXPECT_EQ(test, vtap_neigh_delete(&f->table, &host), -EBUSY);
	KUNIT_EXPECT_TRUE(test, known(f, HOST, &mac));
	KUNIT_EXPECT_TRUE(test, vtap_mac_equal(mac, SECOND_MAC));
	vtap_neigh_clear_permanent(&f->table, &host);
	KUNIT_EXPECT_EQ(test, vtap_neigh_delete(&f->table, &host), -ENOENT);
	/* A permanent one may become an ordinary one, that ages. */
	vtap_neigh_set(&f->table, &host, FIRST_MAC, VTAP_NEIGH_PERMANENT);
	vtap_neigh_set(&f->table, &host, FIRST_MAC, VTAP_NEIGH_STALE);
	KUNIT_EXPECT_EQ(test, state_of(f, HOST), U8_MAX);
	KUNIT_EXPECT_EQ(test, vtap_neigh_delete(&f->table, &host), 0);
}

/* Whoever chooses among routers is told, and told once. */
static void router_is_lost_and_back(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	pass(f, REACHABLE_TIME);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	pass(f, 3 * HZ + HZ / 2 + HZ + 2 * HZ - HZ / 10);
	ignore_events(f);
	pass(f, HZ / 10);
	expect_lost(test, ROUTER);
	pass(f, 60 * HZ);
	expect_nothing(test);
	/* That somebody says so does not bring it back. */
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_asked_all(test, ROUTER);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_ASKED_US);
	expect_nothing(test);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_back(test, ROUTER);
	expect_nothing(test);
	/* Nor is it back twice. */
	pass(f, REACHABLE_TIME);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_nothing(test);
}

/* Where the entry that it was lost in is gone, who chooses hears of it all the
 * same; of a host nobody does.
 */
static void router_answers(struct kunit *test)
{
	struct fixture *f = test->priv;

	fail(test, ROUTER, true);
	vtap_neigh_flush(&f->table);
	resolve(test, HOST, false, SECOND_MAC);
	KUNIT_EXPECT_EQ(test, f->still_there, 0);
	resolve(test, ROUTER, true, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->still_there, 1);
	pass(f, REACHABLE_TIME);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	KUNIT_EXPECT_EQ(test, f->still_there, 2);
	expect_nothing(test);
}

/* One that never answered is none. It is lost once, but who chooses among
 * routers hears of each time that it is asked in vain.
 */
static void router_that_never_answers_is_lost(struct kunit *test)
{
	struct fixture *f = test->priv;

	fail(test, ROUTER, true);
	pass(f, VTAP_NEIGH_FAILED_TIME);
	expect_taken(test, ROUTER, true, 1);
	pass(f, HZ / 2 + HZ + 2 * HZ);
	expect_asked_all(test, ROUTER);
	expect_asked_all(test, ROUTER);
	expect_asked_all(test, ROUTER);
	expect_still_lost(test, ROUTER);
	expect_refused(test, 1);
	expect_nothing(test);
}

static void router_is_brought_back_by_the_administrator(struct kunit *test)
{
	struct fixture *f = test->priv;

	fail(test, ROUTER, true);
	set_permanent(test, f, ROUTER, FIRST_MAC);
	expect_back(test, ROUTER);
	expect_nothing(test);
}

/* A host that became a router is one; until then, nobody is told of it. */
static void host_is_never_lost_nor_back(struct kunit *test)
{
	struct fixture *f = test->priv;

	fail(test, HOST, false);
	pass(f, VTAP_NEIGH_FAILED_TIME);
	resolve(test, HOST, false, FIRST_MAC);
	pass(f, REACHABLE_TIME);
	expect_sent(test, HOST, false, FIRST_MAC);
	pass(f, 3 * HZ + HZ / 2 + HZ + 2 * HZ - HZ / 10);
	ignore_events(f);
	pass(f, HZ / 10);
	expect_nothing(test);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_UNASKED);
	expect_nothing(test);
	/* It waits as a host, but fails as a router. */
	expect_taken(test, ROUTER, false, 1);
	expect_taken(test, ROUTER, true, 2);
	pass(f, HZ / 2 + HZ + 2 * HZ - HZ / 10);
	ignore_events(f);
	pass(f, HZ / 10);
	expect_lost(test, ROUTER);
	expect_refused(test, 1);
	expect_refused(test, 2);
	expect_nothing(test);
}

static void reply_lets_the_queue_go_in_order(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 id;

	for (id = 1; id <= 5; id++)
		expect_taken(test, HOST, false, id);
	expect_asked_all(test, HOST);
	KUNIT_EXPECT_GT(test, f->table.queue_bytes, 0);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	for (id = 1; id <= 5; id++)
		expect_output(test, id, FIRST_MAC);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
	expect_sent(test, HOST, false, FIRST_MAC);
	/* Nor is it asked again by what was armed before. */
	pass(f, 5 * HZ);
	expect_nothing(test);
}

static void reachable_needs_no_question(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, HOST, false, FIRST_MAC);
	f->now += REACHABLE_TIME - 1;
	expire(f);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
	f->now++;
	expire(f);
	expect_nothing(test);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_asked(test, HOST, FIRST_MAC);
	expect_nothing(test);
}

static void start_probe(struct kunit *test, __be32 addr, bool router)
{
	struct fixture *f = test->priv;

	resolve(test, addr, router, FIRST_MAC);
	pass(f, REACHABLE_TIME);
	expect_nothing(test);
	expect_sent(test, addr, router, FIRST_MAC);
	expect_asked(test, addr, FIRST_MAC);
}

/* A stale entry is used while it is asked, and asked once. */
static void stale_is_used_while_probed(struct kunit *test)
{
	struct fixture *f = test->priv;

	start_probe(test, HOST, false);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	pass(f, REACHABLE_TIME - 1);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
}

static void silent_probe_asks_all(struct kunit *test)
{
	struct fixture *f = test->priv;

	start_probe(test, HOST, false);
	pass(f, 2 * HZ);
	expect_asked(test, HOST, FIRST_MAC);
	expect_asked(test, HOST, FIRST_MAC);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
	pass(f, HZ);
	expect_asked_all(test, HOST);
	expect_nothing(test);
	/* It is not used any more. */
	expect_taken(test, HOST, false, 7);
	expect_unknown(test, HOST);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 7, SECOND_MAC);
	expect_sent(test, HOST, false, SECOND_MAC);
}

/* RFC 4861 7.3.1: what the transport knows saves a probe. */
static void transport_confirms(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct sk_buff *skb;

	resolve(test, HOST, false, FIRST_MAC);
	pass(f, REACHABLE_TIME - HZ);
	skb = packet(test, 0);
	skb_set_dst_pending_confirm(skb, 1);
	KUNIT_EXPECT_EQ(test, send_skb(f, HOST, false, skb, NULL),
			VTAP_CONTINUE);
	pass(f, REACHABLE_TIME - HZ);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
	pass(f, HZ);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_asked(test, HOST, FIRST_MAC);
}

static void queue_keeps_the_newest_packets(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 id;

	for (id = 0; id < 20; id++)
		expect_taken(test, HOST, false, id);
	expect_asked_all(test, HOST);
	for (id = 0; id < 4; id++)
		expect_dropped(test, id, VTAP_TX_DROP_NEIGH_QUEUE);
	expect_nothing(test);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	for (id = 4; id < 20; id++)
		expect_output(test, id, FIRST_MAC);
	expect_nothing(test);
}

static void send_sized(struct kunit *test, __be32 addr, u32 id,
		       unsigned int truesize)
{
	struct sk_buff *skb = packet(test, id);

	skb->truesize = truesize;
	KUNIT_EXPECT_EQ(test, send_skb(test->priv, addr, false, skb, NULL),
			VTAP_CONSUMED);
}

static void queue_is_bounded_in_bytes(struct kunit *test)
{
	struct fixture *f = test->priv;
	u32 id;

	/* Three of them fit. */
	for (id = 0; id < 5; id++)
		send_sized(test, HOST, id, 20 * 1024);
	expect_asked_all(test, HOST);
	expect_dropped(test, 0, VTAP_TX_DROP_NEIGH_QUEUE);
	expect_dropped(test, 1, VTAP_TX_DROP_NEIGH_QUEUE);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 60 * 1024);
	/* A whole queue gives way to a packet that fills it. */
	send_sized(test, HOST, 5, VTAP_NEIGH_QUEUE_BYTES);
	for (id = 2; id < 5; id++)
		expect_dropped(test, id, VTAP_TX_DROP_NEIGH_QUEUE);
	expect_nothing(test);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 5, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
}

/* What can never wait takes no others with it. */
static void packet_beyond_the_queue_harms_no_other(struct kunit *test)
{
	struct fixture *f = test->priv;

	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	send_sized(test, HOST, 2, VTAP_NEIGH_QUEUE_BYTES + 1);
	expect_dropped(test, 2, VTAP_TX_DROP_NEIGH_QUEUE);
	expect_nothing(test);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 1, FIRST_MAC);
	expect_nothing(test);
}

static __be32 nth_host(unsigned int n)
{
	return htonl(0x0a000000 + n);
}

static struct vtap_mac nth_mac(unsigned int n)
{
	struct vtap_mac mac = { .addr = { 2, 1, n >> 24, n >> 16, n >> 8, n } };

	return mac;
}

/* Products of caps are bounded too. */
static void all_queues_are_bounded(struct kunit *test)
{
	const unsigned int fit = VTAP_NEIGH_TABLE_QUEUE_BYTES /
				 VTAP_NEIGH_QUEUE_BYTES;
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < fit; i++) {
		send_sized(test, nth_host(i), i, VTAP_NEIGH_QUEUE_BYTES);
		expect_asked_all(test, nth_host(i));
	}
	expect_nothing(test);
	/* What waited longest goes, whoever it waits for. */
	send_sized(test, nth_host(fit), fit, 1024);
	expect_asked_all(test, nth_host(fit));
	expect_dropped(test, 0, VTAP_TX_DROP_NEIGH_QUEUE);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes,
			VTAP_NEIGH_TABLE_QUEUE_BYTES - VTAP_NEIGH_QUEUE_BYTES +
			1024);
	/* Room that one leaves is another's. */
	update(f, nth_host(1), FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 1, FIRST_MAC);
	send_sized(test, nth_host(0), 100, VTAP_NEIGH_QUEUE_BYTES);
	expect_nothing(test);
	send_sized(test, nth_host(fit + 1), 101, 1024);
	expect_asked_all(test, nth_host(fit + 1));
	expect_nothing(test);
	vtap_neigh_flush(&f->table);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
}

static void unasked_makes_no_entry(struct kunit *test)
{
	struct fixture *f = test->priv;

	update(f, HOST, FIRST_MAC, VTAP_NEIGH_UNASKED);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY_OVERRIDE);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY_KEEP);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_UNASKED_KEEP);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_CONFIRM);
	expect_unknown(test, HOST);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
	expect_nothing(test);
}

static void unasked_updates_a_host(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, HOST, false, FIRST_MAC);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_UNASKED);
	/* It is used, but proves nothing: the next packet asks. */
	expect_sent(test, HOST, false, SECOND_MAC);
	expect_asked(test, HOST, SECOND_MAC);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 0);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_REFUSED), 0);
}

static void unasked_of_the_same_mac_changes_nothing(struct kunit *test)
{
	resolve(test, HOST, false, FIRST_MAC);
	update(test->priv, HOST, FIRST_MAC, VTAP_NEIGH_UNASKED);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
}

static void unasked_ends_the_wait_for_a_host(struct kunit *test)
{
	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	update(test->priv, HOST, FIRST_MAC, VTAP_NEIGH_UNASKED);
	expect_output(test, 1, FIRST_MAC);
	expect_nothing(test);
}

/* Where an address comes from before somebody tells of it. */
enum before {
	NEW,		/* waits for its first answer */
	AGAIN,		/* the same, but it was known before */
	REACHED,
	AGED,
	PROBED,
	FAILED,
	FIXED,
};

enum outcome {
	KEPT,		/* all is as it was */
	ANSWERED,	/* reachable there: it was asked */
	BELIEVED,	/* there, but it has to be confirmed */
	DOUBTED,	/* where it was, but it has to be confirmed */
	GUARDED,	/* the old one is asked at once */
	ASKED,		/* all are asked */
};

/* The table of RFC 4861 7.2.5 as it applies here: an answer is what was asked
 * for, and a router is not moved by anything else. Who is it, a host or a
 * router, and does it say what is known or something else?
 */
struct told_case {
	const char *name;
	enum before before;
	enum vtap_neigh_how how;
	enum outcome same_host;
	enum outcome other_host;
	enum outcome same_router;
	enum outcome other_router;
};

#define TOLD(_before, _how, ...) \
	{ #_before ", " #_how, _before, VTAP_NEIGH_##_how, __VA_ARGS__ }

static const struct told_case told_cases[] = {
	TOLD(NEW, REPLY, ANSWERED, ANSWERED, ANSWERED, ANSWERED),
	TOLD(NEW, REPLY_OVERRIDE, ANSWERED, ANSWERED, ANSWERED, ANSWERED),
	TOLD(NEW, REPLY_KEEP, ANSWERED, ANSWERED, ANSWERED, ANSWERED),
	TOLD(NEW, CONFIRM, KEPT, KEPT, KEPT, KEPT),
	TOLD(NEW, ASKED_US, BELIEVED, BELIEVED, KEPT, KEPT),
	TOLD(NEW, UNASKED, BELIEVED, BELIEVED, KEPT, KEPT),
	TOLD(NEW, UNASKED_KEEP, BELIEVED, BELIEVED, KEPT, KEPT),

	TOLD(AGAIN, REPLY, ANSWERED, ANSWERED, ANSWERED, ANSWERED),
	TOLD(AGAIN, REPLY_OVERRIDE, ANSWERED, ANSWERED, ANSWERED, ANSWERED),
	TOLD(AGAIN, REPLY_KEEP, ANSWERED, ANSWERED, ANSWERED, ANSWERED),
	TOLD(AGAIN, CONFIRM, ANSWERED, KEPT, ANSWERED, KEPT),
	TOLD(AGAIN, ASKED_US, BELIEVED, BELIEVED, KEPT, KEPT),
	TOLD(AGAIN, UNASKED, BELIEVED, BELIEVED, KEPT, KEPT),
	TOLD(AGAIN, UNASKED_KEEP, BELIEVED, BELIEVED, KEPT, KEPT),

	TOLD(REACHED, REPLY, KEPT, KEPT, KEPT, GUARDED),
	TOLD(REACHED, REPLY_OVERRIDE, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(REACHED, REPLY_KEEP, KEPT, DOUBTED, KEPT, GUARDED),
	TOLD(REACHED, CONFIRM, KEPT, KEPT, KEPT, KEPT),
	TOLD(REACHED, ASKED_US, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(REACHED, UNASKED, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(REACHED, UNASKED_KEEP, KEPT, DOUBTED, KEPT, GUARDED),

	TOLD(AGED, REPLY, KEPT, KEPT, KEPT, GUARDED),
	TOLD(AGED, REPLY_OVERRIDE, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(AGED, REPLY_KEEP, KEPT, KEPT, KEPT, KEPT),
	TOLD(AGED, CONFIRM, KEPT, KEPT, KEPT, KEPT),
	TOLD(AGED, ASKED_US, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(AGED, UNASKED, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(AGED, UNASKED_KEEP, KEPT, KEPT, KEPT, KEPT),

	TOLD(PROBED, REPLY, ANSWERED, ANSWERED, ANSWERED, GUARDED),
	TOLD(PROBED, REPLY_OVERRIDE, ANSWERED, ANSWERED, ANSWERED, GUARDED),
	TOLD(PROBED, REPLY_KEEP, ANSWERED, KEPT, ANSWERED, KEPT),
	TOLD(PROBED, CONFIRM, ANSWERED, KEPT, ANSWERED, KEPT),
	TOLD(PROBED, ASKED_US, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(PROBED, UNASKED, KEPT, BELIEVED, KEPT, GUARDED),
	TOLD(PROBED, UNASKED_KEEP, KEPT, KEPT, KEPT, KEPT),

	/* Nothing is asked any more: what comes now is no answer. */
	TOLD(FAILED, REPLY, BELIEVED, BELIEVED, ASKED, ASKED),
	TOLD(FAILED, REPLY_OVERRIDE, BELIEVED, BELIEVED, ASKED, ASKED),
	TOLD(FAILED, REPLY_KEEP, BELIEVED, BELIEVED, ASKED, ASKED),
	TOLD(FAILED, CONFIRM, BELIEVED, KEPT, ASKED, KEPT),
	TOLD(FAILED, ASKED_US, BELIEVED, BELIEVED, ASKED, ASKED),
	TOLD(FAILED, UNASKED, BELIEVED, BELIEVED, ASKED, ASKED),
	TOLD(FAILED, UNASKED_KEEP, BELIEVED, BELIEVED, ASKED, ASKED),

	TOLD(FIXED, REPLY, KEPT, KEPT, KEPT, KEPT),
	TOLD(FIXED, REPLY_OVERRIDE, KEPT, KEPT, KEPT, KEPT),
	TOLD(FIXED, REPLY_KEEP, KEPT, KEPT, KEPT, KEPT),
	TOLD(FIXED, CONFIRM, KEPT, KEPT, KEPT, KEPT),
	TOLD(FIXED, ASKED_US, KEPT, KEPT, KEPT, KEPT),
	TOLD(FIXED, UNASKED, KEPT, KEPT, KEPT, KEPT),
	TOLD(FIXED, UNASKED_KEEP, KEPT, KEPT, KEPT, KEPT),
};

KUNIT_ARRAY_PARAM_DESC(told, told_cases, name);

/* The neighbour is, or was, at FIRST_MAC; a packet waits where one can. */
static void come_from(struct kunit *test, enum before before, bool router)
{
	struct fixture *f = test->priv;

	if (before == FIXED) {
		set_permanent(test, f, HOST, FIRST_MAC);
		expect_sent(test, HOST, router, FIRST_MAC);
	} else if (before == NEW) {
		expect_taken(test, HOST, router, 1);
	} else {
		resolve(test, HOST, router, FIRST_MAC);
	}
	if (before == AGED || before == AGAIN || before == PROBED ||
	    before == FAILED)
		pass(f, REACHABLE_TIME);
	if (before == AGAIN || before == PROBED || before == FAILED)
		expect_sent(test, HOST, router, FIRST_MAC);
	if (before == AGAIN || before == FAILED)
		pass(f, 3 * HZ);
	if (before == AGAIN)
		expect_taken(test, HOST, router, 1);
	if (before == FAILED)
		pass(f, HZ / 2 + HZ + 2 * HZ);
	ignore_events(f);
}

/* The only entry there is. */
static struct vtap_neigh *the_entry(struct fixture *f)
{
	struct list_head *lists[] = {
		&f->table.hosts, &f->table.unresolved, &f->table.routers,
		&f->table.permanent,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++) {
		if (!list_empty(lists[i]))
			return list_first_entry(lists[i], struct vtap_neigh,
						list);
	}
	return NULL;
}

static void expect_entry(struct kunit *test, enum vtap_neigh_state state,
			 struct vtap_mac mac)
{
	const struct vtap_neigh *n = the_entry(test->priv);

	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_EXPECT_EQ(test, n->state, state);
	KUNIT_EXPECT_EQ(test, n->mac.raw, mac.raw);
}

static void expect_outcome(struct kunit *test, enum before before,
			   enum outcome outcome, struct vtap_mac told)
{
	bool waits = before == NEW || before == AGAIN;

	switch (outcome) {
	case ANSWERED:
		expect_entry(test, VTAP_NEIGH_REACHABLE, told);
		if (waits)
			expect_output(test, 1, told);
		break;
	case BELIEVED:
		expect_entry(test, VTAP_NEIGH_STALE, told);
		if (waits)
			expect_output(test, 1, told);
		break;
	case DOUBTED:
		expect_entry(test, VTAP_NEIGH_STALE, FIRST_MAC);
		break;
	case GUARDED:
		expect_entry(test, VTAP_NEIGH_PROBE, FIRST_MAC);
		expect_asked(test, HOST, FIRST_MAC);
		break;
	case ASKED:
		expect_entry(test, VTAP_NEIGH_INCOMPLETE, FIRST_MAC);
		expect_asked_all(test, HOST);
		break;
	case KEPT:
		break;
	}
	expect_nothing(test);
}

static void tell(struct kunit *test, bool router, struct vtap_mac told,
		 enum outcome outcome)
{
	const struct told_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct vtap_neigh *n, before;

	come_from(test, c->before, router);
	n = the_entry(f);
	KUNIT_ASSERT_NOT_NULL(test, n);
	before = *n;
	KUNIT_EXPECT_EQ(test, update(f, HOST, told, c->how),
			outcome == ANSWERED);
	expect_outcome(test, c->before, outcome, told);
	if (outcome == KEPT) {
		KUNIT_EXPECT_EQ(test, n->state, before.state);
		KUNIT_EXPECT_EQ(test, n->mac.raw, before.mac.raw);
		KUNIT_EXPECT_EQ(test, n->confirmed, before.confirmed);
		KUNIT_EXPECT_EQ(test, n->deadline, before.deadline);
		KUNIT_EXPECT_EQ(test, n->tries, before.tries);
	}
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_REFUSED),
			outcome == GUARDED);
}

static void tell_same_host(struct kunit *test)
{
	const struct told_case *c = test->param_value;

	tell(test, false, FIRST_MAC, c->same_host);
}

static void tell_other_host(struct kunit *test)
{
	const struct told_case *c = test->param_value;

	tell(test, false, SECOND_MAC, c->other_host);
}

static void tell_same_router(struct kunit *test)
{
	const struct told_case *c = test->param_value;

	tell(test, true, FIRST_MAC, c->same_router);
}

static void tell_other_router(struct kunit *test)
{
	const struct told_case *c = test->param_value;

	tell(test, true, SECOND_MAC, c->other_router);
}

/* What a station only said of itself does not count against anybody; nor does
 * an address that is not known now.
 */
static const struct disproof_case {
	const char *name;
	enum before before;
	bool proven;
} disproof_cases[] = {
	{ "waits", NEW },
	{ "waits again", AGAIN },
	{ "reached", REACHED, true },
	{ "aged", AGED, true },
	{ "probed", PROBED, true },
	{ "failed", FAILED },
	{ "permanent", FIXED, true },
};

KUNIT_ARRAY_PARAM_DESC(disproof, disproof_cases, name);

static bool disproves(struct fixture *f, __be32 addr, struct vtap_mac mac)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	bool disproved;

	rcu_read_lock();
	disproved = vtap_neigh_disproves(&f->table, &mapped, mac);
	rcu_read_unlock();
	return disproved;
}

static void proof_disproves_others(struct kunit *test)
{
	const struct disproof_case *c = test->param_value;
	struct fixture *f = test->priv;

	come_from(test, c->before, true);
	KUNIT_EXPECT_FALSE(test, disproves(f, HOST, FIRST_MAC));
	KUNIT_EXPECT_EQ(test, disproves(f, HOST, SECOND_MAC), c->proven);
	KUNIT_EXPECT_FALSE(test, disproves(f, ROUTER, SECOND_MAC));
}

static void claim_disproves_nobody(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_FALSE(test, disproves(f, HOST, FIRST_MAC));
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	KUNIT_EXPECT_FALSE(test, disproves(f, HOST, SECOND_MAC));
	/* It answered, but was the only one asked. */
	expect_sent(test, HOST, false, FIRST_MAC);
	KUNIT_EXPECT_TRUE(test, update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY));
	KUNIT_EXPECT_FALSE(test, disproves(f, HOST, SECOND_MAC));
	ignore_events(f);
	/* Proven once, but moved by a claim. */
	resolve(test, ROUTER, false, FIRST_MAC);
	KUNIT_EXPECT_TRUE(test, disproves(f, ROUTER, SECOND_MAC));
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	KUNIT_EXPECT_FALSE(test, disproves(f, ROUTER, FIRST_MAC));
}

/* RFC 826: who asks for us will hear from us. */
static void asked_us_makes_an_entry(struct kunit *test)
{
	struct fixture *f = test->priv;

	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	expect_known(test, HOST, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
	expect_nothing(test);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_asked(test, HOST, FIRST_MAC);
}

/* A reply is believed as far as it was asked for. */
static void unasked_reply_moves_no_host(struct kunit *test)
{
	resolve(test, HOST, false, FIRST_MAC);
	update(test->priv, HOST, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
}

static void reply_to_a_probe_moves_a_host(struct kunit *test)
{
	start_probe(test, HOST, false);
	update(test->priv, HOST, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_sent(test, HOST, false, SECOND_MAC);
	expect_nothing(test);
}

static void confirm_only_confirms(struct kunit *test)
{
	struct fixture *f = test->priv;

	start_probe(test, HOST, false);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_CONFIRM);
	expect_known(test, HOST, FIRST_MAC);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_CONFIRM);
	pass(f, REACHABLE_TIME - 1);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
}

static void permanent_never_changes(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct in6_addr host = vtap_test_mapped(HOST);

	set_permanent(test, f, HOST, FIRST_MAC);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_UNASKED);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_ASKED_US);
	update(f, HOST, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_sent(test, HOST, false, FIRST_MAC);
	pass(f, 2 * REACHABLE_TIME);
	f->now += 1000 * HZ;
	expire(f);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_sent(test, HOST, true, FIRST_MAC);
	vtap_neigh_flush(&f->table);
	expect_sent(test, HOST, false, FIRST_MAC);
	expect_nothing(test);
	/* But for the administrator. */
	set_permanent(test, f, HOST, SECOND_MAC);
	expect_sent(test, HOST, false, SECOND_MAC);
	vtap_neigh_clear_permanent(&f->table, &host);
	expect_unknown(test, HOST);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
}

static void permanent_lets_the_queue_go(struct kunit *test)
{
	struct fixture *f = test->priv;

	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	set_permanent(test, f, HOST, FIRST_MAC);
	expect_output(test, 1, FIRST_MAC);
	pass(f, 10 * HZ);
	expect_nothing(test);
}

static void clear_permanent_spares_others(struct kunit *test)
{
	struct in6_addr host = vtap_test_mapped(HOST);
	struct fixture *f = test->priv;

	vtap_neigh_clear_permanent(&f->table, &host);
	resolve(test, HOST, false, FIRST_MAC);
	vtap_neigh_clear_permanent(&f->table, &host);
	expect_known(test, HOST, FIRST_MAC);
}

/* However somebody else says that he is the router. */
static const struct spoof {
	const char *name;
	enum vtap_neigh_how how;
} spoofs[] = {
	{ "unasked", VTAP_NEIGH_UNASKED },
	{ "asks for us", VTAP_NEIGH_ASKED_US },
	{ "reply", VTAP_NEIGH_REPLY },
	{ "overriding reply", VTAP_NEIGH_REPLY_OVERRIDE },
};

KUNIT_ARRAY_PARAM_DESC(spoof, spoofs, name);

/* It does not move while the old one answers, whatever its state. */
static void router_resists_a_spoof(struct kunit *test)
{
	const struct spoof *spoof = test->param_value;
	struct fixture *f = test->priv;
	unsigned int i;

	resolve(test, ROUTER, true, FIRST_MAC);
	for (i = 1; i <= 5; i++) {
		update(f, ROUTER, SECOND_MAC, spoof->how);
		expect_asked(test, ROUTER, FIRST_MAC);
		KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_REFUSED), i);
		expect_sent(test, ROUTER, true, FIRST_MAC);
		update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
		expect_sent(test, ROUTER, true, FIRST_MAC);
		expect_nothing(test);
		pass(f, VTAP_NEIGH_GUARD_PAUSE);
		expect_nothing(test);
	}
	pass(f, REACHABLE_TIME);
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 0);
}

/* A flood of lies makes no flood of probes. */
static void router_probes_are_limited(struct kunit *test)
{
	const struct spoof *spoof = test->param_value;
	struct fixture *f = test->priv;
	unsigned int i;

	resolve(test, ROUTER, true, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	for (i = 0; i < 100; i++)
		update(f, ROUTER, nth_mac(i), spoof->how);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_REFUSED), 101);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	f->now += VTAP_NEIGH_GUARD_PAUSE - 1;
	expire(f);
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_nothing(test);
	/* Nor are they forgotten: the old one may have gone just now. */
	f->now++;
	expire(f);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_nothing(test);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	pass(f, HZ);
	expect_nothing(test);
}

/* Three probes 200 ms apart, then a request to all; the answer moves it. */
static void router_moves_when_the_old_one_is_silent(struct kunit *test)
{
	const struct spoof *spoof = test->param_value;
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_asked(test, ROUTER, FIRST_MAC);
	pass(f, HZ / 5);
	expect_asked(test, ROUTER, FIRST_MAC);
	pass(f, HZ / 5);
	expect_asked(test, ROUTER, FIRST_MAC);
	/* Even now a claim is none. */
	update(f, ROUTER, SECOND_MAC, spoof->how);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_nothing(test);
	pass(f, HZ / 5);
	expect_asked_all(test, ROUTER);
	expect_taken(test, ROUTER, true, 5);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 0);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 5, SECOND_MAC);
	expect_sent(test, ROUTER, true, SECOND_MAC);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 1);
}

/* What nobody asked for does not end a router's wait either. */
static void router_is_not_made_by_what_nobody_asked_for(struct kunit *test)
{
	struct fixture *f = test->priv;

	expect_taken(test, ROUTER, true, 1);
	expect_asked_all(test, ROUTER);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_ASKED_US);
	expect_nothing(test);
	expect_unknown(test, ROUTER);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 1, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 0);
}

/* A claim during an ordinary probe makes it a quick one. */
static void router_probe_gets_urgent(struct kunit *test)
{
	struct fixture *f = test->priv;

	start_probe(test, ROUTER, true);
	pass(f, HZ / 10);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_asked(test, ROUTER, FIRST_MAC);
	pass(f, HZ / 5);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	pass(f, HZ);
	expect_nothing(test);
	expect_sent(test, ROUTER, true, FIRST_MAC);
}

/* An address that came with no answer to a request to all is asked for before
 * any packet of others goes there.
 */
static void router_that_was_a_host_is_asked_again(struct kunit *test)
{
	struct fixture *f = test->priv;

	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_ASKED_US);
	expect_sent(test, ROUTER, false, SECOND_MAC);
	expect_asked(test, ROUTER, SECOND_MAC);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_sent(test, ROUTER, false, SECOND_MAC);
	expect_nothing(test);

	expect_taken(test, ROUTER, true, 3);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_unknown(test, ROUTER);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 3, FIRST_MAC);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_GATEWAY_CHANGES), 0);
}

static void router_that_was_proven_is_used(struct kunit *test)
{
	resolve(test, ROUTER, false, FIRST_MAC);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_nothing(test);
	/* And is a router from now on. */
	update(test->priv, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_asked(test, ROUTER, FIRST_MAC);
	expect_sent(test, ROUTER, true, FIRST_MAC);
}

/* A proven address that a claim replaced is not proven any more. */
static void proof_does_not_outlive_its_mac(struct kunit *test)
{
	resolve(test, ROUTER, false, FIRST_MAC);
	update(test->priv, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_taken(test, ROUTER, true, 3);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
}

static void router_that_waits_as_a_host_is_asked_once(struct kunit *test)
{
	expect_taken(test, ROUTER, false, 1);
	expect_asked_all(test, ROUTER);
	expect_taken(test, ROUTER, true, 2);
	expect_nothing(test);
	update(test->priv, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_nothing(test);
	update(test->priv, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 1, FIRST_MAC);
	expect_output(test, 2, FIRST_MAC);
}

/* A router is probed: what that starts, by what is known of it. */
struct probe_case {
	const char *name;
	enum before before;
	enum outcome outcome;
};

static const struct probe_case probe_cases[] = {
	{ "waits for its first answer", NEW, KEPT },
	{ "is asked for again", AGAIN, KEPT },
	{ "reachable", REACHED, GUARDED },
	{ "stale", AGED, GUARDED },
	{ "probed already", PROBED, KEPT },
	{ "failed", FAILED, ASKED },
	{ "permanent", FIXED, KEPT },
};

KUNIT_ARRAY_PARAM_DESC(probe, probe_cases, name);

static void probe_by_state(struct kunit *test, bool router)
{
	const struct probe_case *c = test->param_value;
	struct fixture *f = test->priv;
	struct vtap_neigh *n, before;

	come_from(test, c->before, router);
	n = the_entry(f);
	KUNIT_ASSERT_NOT_NULL(test, n);
	before = *n;
	probe(f, HOST);
	expect_outcome(test, c->before, c->outcome, FIRST_MAC);
	KUNIT_EXPECT_TRUE(test, n->router || c->before == FIXED);
	KUNIT_EXPECT_EQ(test, n->mac.raw, before.mac.raw);
	if (c->outcome == KEPT) {
		KUNIT_EXPECT_EQ(test, n->state, before.state);
		KUNIT_EXPECT_EQ(test, n->deadline, before.deadline);
		KUNIT_EXPECT_EQ(test, n->tries, before.tries);
	}
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
}

static void probe_of_a_router(struct kunit *test)
{
	probe_by_state(test, true);
}

static void probe_of_a_host_that_was_proven(struct kunit *test)
{
	probe_by_state(test, false);
}

/* What it said of itself is not good enough, as for any router. */
static void probe_of_a_claim_asks_all(struct kunit *test)
{
	struct fixture *f = test->priv;

	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_ASKED_US);
	probe(f, ROUTER);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_unknown(test, ROUTER);
}

static void expect_life(struct kunit *test, __be32 addr,
			enum vtap_neigh_life wanted)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	struct fixture *f = test->priv;

	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, vtap_neigh_life(&f->table, &mapped), wanted);
	rcu_read_unlock();
}

/* Nobody sent a packet there yet. */
static void probe_makes_an_entry(struct kunit *test)
{
	struct fixture *f = test->priv;

	probe(f, ROUTER);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_UNKNOWN);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_nothing(test);
}

/* One that never answered gets all of its time, as with a packet. */
static void probe_of_nobody_loses_it_late(struct kunit *test)
{
	struct fixture *f = test->priv;

	probe(f, ROUTER);
	pass(f, HZ / 2 + HZ + 2 * HZ - HZ / 10);
	expect_asked_all(test, ROUTER);
	expect_asked_all(test, ROUTER);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_UNKNOWN);
	pass(f, HZ / 10);
	expect_lost(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_SILENT);
}

/* Three questions to it, then one to all: their silence is enough. */
static void start_silence(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	probe(f, ROUTER);
	pass(f, 2 * HZ);
	expect_asked(test, ROUTER, FIRST_MAC);
	expect_asked(test, ROUTER, FIRST_MAC);
	expect_asked(test, ROUTER, FIRST_MAC);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	pass(f, HZ);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
}

static void silent_router_is_lost_early_and_once(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	start_silence(test);
	expect_taken(test, ROUTER, true, 7);
	pass(f, HZ / 2);
	expect_asked_all(test, ROUTER);
	expect_lost(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_SILENT);
	/* A packet waits as long as ever. */
	pass(f, HZ + 2 * HZ);
	expect_asked_all(test, ROUTER);
	expect_still_lost(test, ROUTER);
	expect_refused(test, 7);
	expect_nothing(test);
	/* Everybody is asked on, at each turn. */
	for (i = 0; i < 3; i++) {
		pass(f, PROBE_INTERVAL);
		expect_nothing(test);
		probe(f, ROUTER);
		pass(f, HZ / 2 + HZ + 2 * HZ);
		expect_asked_all(test, ROUTER);
		expect_asked_all(test, ROUTER);
		expect_asked_all(test, ROUTER);
		expect_still_lost(test, ROUTER);
		expect_nothing(test);
		expect_life(test, ROUTER, VTAP_NEIGH_SILENT);
	}
	probe(f, ROUTER);
	expect_asked_all(test, ROUTER);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_back(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
	/* Nor is it back twice. */
	probe(f, ROUTER);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_nothing(test);
}

/* As a gateway that was replaced does: nothing was lost. */
static void router_that_moved_is_not_lost(struct kunit *test)
{
	struct fixture *f = test->priv;

	start_silence(test);
	pass(f, HZ / 2 - HZ / 10);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
	expect_sent(test, ROUTER, true, SECOND_MAC);
	pass(f, REACHABLE_TIME - HZ);
	expect_nothing(test);
}

/* Who is not probed is lost later: what packets began ends as they wait. */
static void watch_ends_with_the_answer(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	probe(f, ROUTER);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	pass(f, REACHABLE_TIME);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	pass(f, 3 * HZ + HZ / 2 + HZ + 2 * HZ - HZ / 10);
	ignore_events(f);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
	pass(f, HZ / 10);
	expect_lost(test, ROUTER);
	expect_nothing(test);
}

/* A probe that comes first does not put a conflict's off. */
static void conflict_is_asked_soon(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	expect_asked(test, ROUTER, FIRST_MAC);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_UNASKED);
	probe(f, ROUTER);
	expect_nothing(test);
	f->now += VTAP_NEIGH_GUARD_PAUSE;
	expire(f);
	expect_asked(test, ROUTER, FIRST_MAC);
	f->now += VTAP_NEIGH_GUARD_INTERVAL;
	expire(f);
	expect_asked(test, ROUTER, FIRST_MAC);
	expect_nothing(test);
}

/* That it is silent is known until it was asked again. */
static void silent_router_is_not_forgotten(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.timeout = 1;
	start_silence(test);
	pass(f, PROBE_INTERVAL);
	ignore_events(f);
	expect_life(test, ROUTER, VTAP_NEIGH_SILENT);
	probe(f, ROUTER);
	pass(f, PROBE_INTERVAL);
	expect_life(test, ROUTER, VTAP_NEIGH_SILENT);
	/* But if it is not probed any more. */
	pass(f, HZ + 2 * VTAP_NEIGH_GC_INTERVAL);
	expect_life(test, ROUTER, VTAP_NEIGH_UNKNOWN);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
}

/* Its silence means nothing while it cannot be asked. */
static void probe_waits_for_who_may_ask(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->must_wait = true;
	probe(f, ROUTER);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
	f->must_wait = false;
	start_silence(test);
	f->must_wait = true;
	pass(f, 10 * HZ);
	expect_nothing(test);
	f->must_wait = false;
	pass(f, HZ / 2);
	expect_asked_all(test, ROUTER);
	expect_nothing(test);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
	pass(f, HZ + 2 * HZ);
	expect_asked_all(test, ROUTER);
	expect_lost(test, ROUTER);
	expect_nothing(test);
}

static void probe_with_resolve_off(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, HOST, true, FIRST_MAC);
	WRITE_ONCE(f->table.resolve, 0);
	probe(f, HOST);
	probe(f, ROUTER);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
}

/* What the table says of the living. */
static void life_of_hosts(struct kunit *test)
{
	struct fixture *f = test->priv;

	expect_life(test, HOST, VTAP_NEIGH_UNKNOWN);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	expect_life(test, HOST, VTAP_NEIGH_UNKNOWN);
	set_permanent(test, f, HOST, FIRST_MAC);
	expect_life(test, HOST, VTAP_NEIGH_ALIVE);
	/* It is not told of as lost: it is no router. */
	resolve(test, ROUTER, false, FIRST_MAC);
	expect_life(test, ROUTER, VTAP_NEIGH_ALIVE);
	pass(f, REACHABLE_TIME);
	expect_sent(test, ROUTER, false, FIRST_MAC);
	pass(f, 3 * HZ + HZ / 2 + HZ + 2 * HZ);
	expect_life(test, ROUTER, VTAP_NEIGH_UNKNOWN);
}

static void fill(struct fixture *f, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		update(f, nth_host(i), nth_mac(i), VTAP_NEIGH_ASKED_US);
}

static bool is_known(struct fixture *f, unsigned int n)
{
	struct vtap_mac mac;

	return known(f, nth_host(n), &mac) && vtap_mac_equal(mac, nth_mac(n));
}

static void resolve_nth(struct kunit *test, unsigned int n)
{
	resolve(test, nth_host(n), false, nth_mac(n));
}

static void use_nth(struct kunit *test, unsigned int n)
{
	struct fixture *f = test->priv;

	expect_sent(test, nth_host(n), false, nth_mac(n));
	ignore_events(f);
}

/* Oldest first, but what was used gets a second chance. */
static void eviction_gives_a_second_chance(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.max = 4;
	fill(f, 4);
	f->now++;
	use_nth(test, 0);
	use_nth(test, 2);
	resolve_nth(test, 4);
	KUNIT_EXPECT_FALSE(test, is_known(f, 1));
	resolve_nth(test, 5);
	KUNIT_EXPECT_FALSE(test, is_known(f, 3));
	KUNIT_EXPECT_TRUE(test, is_known(f, 0));
	KUNIT_EXPECT_TRUE(test, is_known(f, 2));
	KUNIT_EXPECT_TRUE(test, is_known(f, 4));
	KUNIT_EXPECT_TRUE(test, is_known(f, 5));
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 4);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 2);
	/* One chance, not two: 0 was not used again. */
	resolve_nth(test, 6);
	resolve_nth(test, 7);
	KUNIT_EXPECT_FALSE(test, is_known(f, 0));
}

/* Even if all were used, one has to go. */
static void eviction_ends(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	f->table.max = 600;
	fill(f, 600);
	f->now++;
	for (i = 0; i < 600; i++)
		use_nth(test, i);
	resolve_nth(test, 600);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 600);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 1);
}

/* Who asks for us is worth an entry, but not another's. */
static void asked_us_evicts_nobody(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.max = 4;
	fill(f, 4);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	expect_unknown(test, HOST);
	KUNIT_EXPECT_TRUE(test, is_known(f, 0));
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 0);
}

/* Nor does a probe: who says what routers are called could push others out. */
static void probe_evicts_nobody(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.max = 16;
	fill(f, 16);
	probe(f, ROUTER);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 16);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 0);
	/* Who has an entry is probed. */
	probe(f, nth_host(0));
	expect_asked_all(test, nth_host(0));
}

static void eviction_drops_what_waits(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.max = 1;
	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	expect_taken(test, ROUTER, false, 2);
	expect_asked_all(test, ROUTER);
	expect_dropped(test, 1, VTAP_TX_DROP_NEIGH_FLUSHED);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_nothing(test);
	update(f, ROUTER, FIRST_MAC, VTAP_NEIGH_REPLY);
	expect_output(test, 2, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
	pass(f, 10 * HZ);
	expect_nothing(test);
}

static void eviction_takes_routers_last(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	f->table.max = 4;
	resolve(test, ROUTER, true, FIRST_MAC);
	set_permanent(test, f, HOST, FIRST_MAC);
	for (i = 0; i < 100; i++)
		resolve_nth(test, i);
	expect_known(test, ROUTER, FIRST_MAC);
	expect_known(test, HOST, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 4);
	/* With no host left, the router goes; the permanent entry never. */
	for (i = 0; i < 3; i++)
		set_permanent(test, f, nth_host(200 + i), nth_mac(i));
	expect_unknown(test, ROUTER);
	expect_known(test, HOST, FIRST_MAC);
}

/* Whoever advertises many routers, and has us answer by each, wins no room of the
 * hosts', nor of the router that is in use.
 */
static void routers_push_out_routers(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	f->table.max = 16;
	resolve(test, ROUTER, true, FIRST_MAC);
	fill(f, 8);
	for (i = 100; i < 200; i++) {
		f->now++;
		expect_sent(test, ROUTER, true, FIRST_MAC);
		expect_taken(test, nth_host(i), true, i);
		ignore_events(f);
	}
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, is_known(f, i));
	expect_known(test, ROUTER, FIRST_MAC);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 16);
	/* Nor when nobody answers for them, or they are gone. */
	pass(f, HZ / 2 + HZ + 2 * HZ);
	ignore_events(f);
	for (i = 8; i < 12; i++)
		resolve_nth(test, i);
	for (i = 0; i < 12; i++)
		KUNIT_EXPECT_TRUE(test, is_known(f, i));
	vtap_neigh_flush(&f->table);
	KUNIT_EXPECT_EQ(test, f->table.router_entries, 0);
}

/* Whoever sends to us from everywhere has us look for everybody. */
static void strangers_push_out_strangers(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	f->table.max = 16;
	fill(f, 8);
	for (i = 100; i < 200; i++)
		expect_taken(test, nth_host(i), false, i);
	ignore_events(f);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_TRUE(test, is_known(f, i));
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 16);
	/* Nor do those that failed count more. */
	pass(f, HZ / 2 + HZ + 2 * HZ);
	ignore_events(f);
	resolve_nth(test, 8);
	for (i = 0; i < 9; i++)
		KUNIT_EXPECT_TRUE(test, is_known(f, i));
}

/* They have half of the table, so that each has time to answer. */
static void neighbours_leave_room_for_strangers(struct kunit *test)
{
	unsigned int i, known = 0;
	struct fixture *f = test->priv;

	f->table.max = 16;
	fill(f, 16);
	for (i = 100; i < 108; i++)
		expect_taken(test, nth_host(i), false, i);
	ignore_events(f);
	for (i = 100; i < 108; i++) {
		update(f, nth_host(i), nth_mac(i), VTAP_NEIGH_REPLY);
		expect_output(test, i, nth_mac(i));
	}
	for (i = 0; i < 16; i++)
		known += is_known(f, i);
	KUNIT_EXPECT_EQ(test, known, 8);
}

/* Stations choose their addresses, and we look for those that they use. */
static void addresses_cannot_be_chosen_for_a_bucket(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int most = 0, i, hash;
	unsigned int count[64] = {};
	struct in6_addr addr = {};

	for (i = 0; i < 16 * ARRAY_SIZE(count); i++) {
		addr.s6_addr32[0] = htonl(0xfe800000 + i);
		addr.s6_addr32[1] = addr.s6_addr32[0] ^ htonl(0x12345678);
		hash = rht_key_get_hash(&f->table.hash, &addr, f->table.hash.p,
					826);
		most = max(most, ++count[hash % ARRAY_SIZE(count)]);
	}
	KUNIT_EXPECT_LT(test, most, 48);
}

static void full_of_permanents_refuses(struct kunit *test)
{
	struct in6_addr host = vtap_test_mapped(HOST);
	struct fixture *f = test->priv;
	unsigned int i;

	f->table.max = 4;
	for (i = 0; i < 4; i++)
		set_permanent(test, f, nth_host(i), nth_mac(i));
	KUNIT_EXPECT_EQ(test, vtap_neigh_set_permanent(&f->table, &host,
						       FIRST_MAC), -ENOSPC);
	KUNIT_EXPECT_EQ(test, send_skb(f, HOST, false, packet(test, 1), NULL),
			VTAP_TX_DROP_NEIGH_FULL);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	expect_unknown(test, HOST);
	for (i = 0; i < 4; i++)
		expect_sent(test, nth_host(i), false, nth_mac(i));
	expect_nothing(test);
	/* One that is there already can still change. */
	set_permanent(test, f, nth_host(0), FIRST_MAC);
	expect_sent(test, nth_host(0), false, FIRST_MAC);
}

static void shrinks_to_a_lower_limit(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	set_permanent(test, f, HOST, FIRST_MAC);
	fill(f, 100);
	f->table.max = 16;
	vtap_neigh_shrink(&f->table);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 16);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 86);
	expect_known(test, ROUTER, FIRST_MAC);
	expect_known(test, HOST, FIRST_MAC);
	KUNIT_EXPECT_TRUE(test, is_known(f, 99));
	KUNIT_EXPECT_FALSE(test, is_known(f, 0));
	/* It is at its limit, not above: nothing more goes. */
	vtap_neigh_shrink(&f->table);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 16);
}

static void unused_entries_age(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.timeout = 60;
	resolve(test, HOST, false, FIRST_MAC);
	resolve(test, ROUTER, true, SECOND_MAC);
	pass(f, 50 * HZ);
	/* Used at last now, and never answered again. */
	expect_sent(test, ROUTER, true, SECOND_MAC);
	expect_asked(test, ROUTER, SECOND_MAC);
	update(f, ROUTER, SECOND_MAC, VTAP_NEIGH_REPLY);
	expect_known(test, HOST, FIRST_MAC);
	pass(f, 10 * HZ + VTAP_NEIGH_GC_INTERVAL);
	expect_unknown(test, HOST);
	expect_known(test, ROUTER, SECOND_MAC);
	pass(f, 50 * HZ);
	expect_unknown(test, ROUTER);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
	expect_nothing(test);
}

/* On 32 bits what is long past seems to be to come. */
static void they_age_after_long_idleness(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.timeout = 60;
	f->table.gc = f->now + LONG_MAX / 2;
	resolve(test, HOST, false, FIRST_MAC);
	pass(f, 60 * HZ + VTAP_NEIGH_GC_INTERVAL);
	expect_unknown(test, HOST);
}

/* Use alone keeps an entry, too, while it needs no confirmation. */
static void used_entries_stay(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->table.timeout = 10;
	resolve(test, HOST, false, FIRST_MAC);
	pass(f, 9 * HZ);
	expect_sent(test, HOST, false, FIRST_MAC);
	pass(f, 9 * HZ);
	expect_known(test, HOST, FIRST_MAC);
	pass(f, 2 * HZ + VTAP_NEIGH_GC_INTERVAL);
	expect_unknown(test, HOST);
}

/* Every batch of a long list is looked at. */
static void all_of_many_unused_entries_age(struct kunit *test)
{
	struct fixture *f = test->priv;

	fill(f, 1000);
	f->now += (300 + 31) * HZ;
	expire(f);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
}

/* More requests are due than fit into one look. */
static void all_of_many_requests_are_sent(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < 100; i++) {
		expect_taken(test, nth_host(i), false, i);
		expect_asked_all(test, nth_host(i));
	}
	f->now += HZ / 2;
	expire(f);
	KUNIT_EXPECT_EQ(test, f->head - f->tail, 100);
	for (i = 0; i < 100; i++)
		expect_asked_all(test, nth_host(i));
}

/* More routers fail than fit into one look. */
static void all_of_many_routers_are_lost(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < 100; i++)
		expect_taken(test, nth_host(i), true, i);
	pass(f, HZ / 2 + HZ + 2 * HZ - HZ / 10);
	ignore_events(f);
	f->now += HZ / 10;
	expire(f);
	KUNIT_EXPECT_EQ(test, f->head - f->tail, 200);
	for (i = 0; i < 200; i++) {
		const struct event *event = &f->events[f->tail++ % EVENTS];

		if (event->what == LOST)
			f->lost[ntohl(event->addr) & 0xff]++;
		else
			KUNIT_EXPECT_EQ(test, event->what, REFUSED);
	}
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_EQ(test, f->lost[i], 1);
}

/* Each of them takes two notes. */
static void all_of_many_probed_routers_are_lost(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < 100; i++)
		resolve(test, nth_host(i), true, nth_mac(i));
	for (i = 0; i < 100; i++)
		probe(f, nth_host(i));
	pass(f, 3 * HZ + HZ / 2 - HZ / 10);
	ignore_events(f);
	f->now += HZ / 10;
	expire(f);
	KUNIT_EXPECT_EQ(test, f->head - f->tail, 200);
	for (i = 0; i < 100; i++)
		expect_life(test, nth_host(i), VTAP_NEIGH_SILENT);
}

/* Who asks when to come again is told of the next deadline. */
static void expire_tells_the_next_deadline(struct kunit *test)
{
	struct fixture *f = test->priv;

	expect_taken(test, HOST, false, 1);
	KUNIT_EXPECT_EQ(test, expire(f) - f->now, HZ / 2);
	f->now += HZ / 2;
	KUNIT_EXPECT_EQ(test, expire(f) - f->now, HZ);
	expect_taken(test, nth_host(1), false, 1);
	KUNIT_EXPECT_EQ(test, expire(f) - f->now, HZ / 2);
}

static void flush_drops_what_waits(struct kunit *test)
{
	struct fixture *f = test->priv;

	resolve(test, ROUTER, true, FIRST_MAC);
	expect_taken(test, HOST, false, 1);
	expect_asked_all(test, HOST);
	expect_taken(test, HOST, false, 2);
	vtap_neigh_flush(&f->table);
	expect_dropped(test, 1, VTAP_TX_DROP_NEIGH_FLUSHED);
	expect_dropped(test, 2, VTAP_TX_DROP_NEIGH_FLUSHED);
	expect_unknown(test, ROUTER);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
	pass(f, 10 * HZ);
	expect_nothing(test);
}

/* Option ``resolve`` off: only what is permanent resolves. */
static void resolve_off(struct kunit *test)
{
	struct fixture *f = test->priv;

	set_permanent(test, f, ROUTER, FIRST_MAC);
	WRITE_ONCE(f->table.resolve, 0);
	KUNIT_EXPECT_EQ(test, send_skb(f, HOST, false, packet(test, 1), NULL),
			VTAP_TX_DROP_UNRESOLVED);
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	KUNIT_EXPECT_EQ(test, send_skb(f, HOST, false, packet(test, 1), NULL),
			VTAP_TX_DROP_UNRESOLVED);
	expect_sent(test, ROUTER, true, FIRST_MAC);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
}

static void families_are_counted_apart(struct kunit *test)
{
	struct in6_addr addr = { .s6_addr = { 0xfe, 0x80, [15] = 1 } };
	struct fixture *f = test->priv;

	enter();
	vtap_neigh_update(&f->table, &addr, FIRST_MAC, VTAP_NEIGH_ASKED_US,
			  f->now);
	leave();
	update(f, HOST, FIRST_MAC, VTAP_NEIGH_ASKED_US);
	KUNIT_EXPECT_EQ(test, f->table.ipv6_entries, 1);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
	vtap_neigh_flush(&f->table);
	KUNIT_EXPECT_EQ(test, f->table.ipv6_entries, 0);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 0);
}

#define MANY	65536

static void holds_65536_entries(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i, wrong = 0;

	f->table.max = MANY;
	for (i = 0; i < MANY; i++) {
		update(f, nth_host(i), nth_mac(i), VTAP_NEIGH_ASKED_US);
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, MANY);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 0);
	for (i = 0; i < MANY; i++)
		wrong += !is_known(f, i);
	KUNIT_EXPECT_EQ(test, wrong, 0);
	resolve_nth(test, MANY);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, MANY);
	KUNIT_EXPECT_EQ(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 1);
	KUNIT_EXPECT_TRUE(test, is_known(f, MANY));
	KUNIT_EXPECT_FALSE(test, is_known(f, 0));
}

/* What a simple mind would expect of a neighbour, as long as none is evicted or
 * ages.
 */
enum belief {
	NONE,
	WAITING,
	CONFIRMED,	/* until @until */
	STALE,
	PROBING,
	PERMANENT,
	NEGATIVE,
	DORMANT,	/* a router that was negative */
};

struct model {
	enum belief belief;
	bool router;
	bool proven;
	bool guarding;
	bool watched;
	bool doubted;		/* until the next time to doubt it */
	struct vtap_mac mac;
	unsigned long until;	/* confirmed, or the next deadline */
	unsigned long guarded;
	bool guarded_once;
	unsigned int asked;
	bool away;
	unsigned int lost;	/* how often that was told */
	unsigned int back;
};

#define MODELS	12

static void model_forget(struct model *m)
{
	*m = (struct model){ .lost = m->lost, .back = m->back };
}

static bool model_known(const struct model *m)
{
	return m->belief == CONFIRMED || m->belief == STALE ||
	       m->belief == PROBING || m->belief == PERMANENT;
}

static void model_wait(struct model *m, unsigned long now)
{
	m->doubted = false;
	m->belief = WAITING;
	m->asked = 1;
	m->until = now + HZ / 2;
}

static void model_probe(struct model *m, unsigned long now, bool guarding)
{
	m->doubted = false;
	m->belief = PROBING;
	m->guarding = guarding;
	m->watched = false;
	m->asked = 1;
	m->until = now + (guarding ? HZ / 5 : HZ);
}

static void model_lose(struct model *m)
{
	m->lost += !m->away;
	m->away = true;
}

static void model_return(struct model *m)
{
	m->back += m->away;
	m->away = false;
}

static void model_set(struct model *m, struct vtap_mac mac, enum belief belief,
		      unsigned long now)
{
	model_return(m);
	m->proven = (m->proven && vtap_mac_equal(m->mac, mac)) ||
		    (m->belief == WAITING && belief == CONFIRMED);
	m->doubted = false;
	m->mac = mac;
	m->belief = belief;
	m->until = now + REACHABLE_TIME;
}

/* A conflict asks the old one: soon, but not too often. */
static void model_doubt(struct model *m, unsigned long now)
{
	if (m->belief == PROBING && m->guarding)
		return;
	if (m->guarded_once &&
	    time_before(now, m->guarded + VTAP_NEIGH_GUARD_PAUSE)) {
		m->doubted = m->belief != PROBING;
		return;
	}
	m->guarded_once = true;
	m->guarded = now;
	model_probe(m, now, true);
}

static void model_time(struct model *m, unsigned long now)
{
	if (m->doubted &&
	    time_after_eq(now, m->guarded + VTAP_NEIGH_GUARD_PAUSE)) {
		model_doubt(m, now);
		return;
	}
	if (m->belief == NONE || m->belief == STALE || m->belief == DORMANT ||
	    m->belief == PERMANENT || time_before(now, m->until))
		return;
	if (m->belief == CONFIRMED) {
		m->belief = STALE;
	} else if (m->belief == NEGATIVE && m->router) {
		m->belief = DORMANT;
	} else if (m->belief == NEGATIVE) {
		model_forget(m);
	} else if (m->asked < 3) {
		if (m->belief == WAITING && m->watched)
			model_lose(m);
		m->until = now + (m->belief == WAITING ? HZ / 2 << m->asked :
				  m->guarding ? HZ / 5 : HZ);
		m->asked++;
	} else if (m->belief == PROBING) {
		model_wait(m, now);
	} else {
		m->belief = NEGATIVE;
		m->until = now + VTAP_NEIGH_FAILED_TIME;
		if (m->router)
			model_lose(m);
	}
}

static void model_use(struct model *m, bool router, unsigned long now)
{
	bool promoted = router && !m->router;

	m->router |= router;
	/* Where it was as a host is not even worth a confirmation. */
	if (promoted && !m->proven && model_known(m)) {
		m->mac.raw = 0;
		model_wait(m, now);
	}
}

static void model_check(struct model *m, unsigned long now)
{
	if (m->belief == PERMANENT)
		return;
	model_use(m, true, now);
	if (m->belief == NONE || m->belief == DORMANT ||
	    m->belief == NEGATIVE) {
		model_wait(m, now);
	} else if (m->belief != WAITING && m->belief != PROBING && !m->doubted) {
		model_probe(m, now, false);
		m->watched = true;
	}
}

static enum vtap_verdict model_send(struct model *m, bool router,
				    unsigned long now)
{
	if (m->belief == PERMANENT) {
		m->router |= router;
		return VTAP_CONTINUE;
	}
	model_use(m, router, now);
	if (m->belief == NONE || m->belief == DORMANT)
		model_wait(m, now);
	if (m->belief == STALE)
		model_probe(m, now, false);
	return model_known(m) ? VTAP_CONTINUE : VTAP_CONSUMED;
}

static void model_claim(struct model *m, struct vtap_mac mac, bool asked_us,
			unsigned long now)
{
	if (m->belief == NONE) {
		if (asked_us)
			model_set(m, mac, STALE, now);
	} else if (m->router &&
		   (m->belief == NEGATIVE || m->belief == DORMANT)) {
		model_wait(m, now);
	} else if (m->router) {
		if (model_known(m) && !vtap_mac_equal(m->mac, mac))
			model_doubt(m, now);
	} else if (!model_known(m) || !vtap_mac_equal(m->mac, mac)) {
		model_set(m, mac, STALE, now);
	}
}

static void model_reply(struct model *m, struct vtap_mac mac, unsigned long now)
{
	bool same = vtap_mac_equal(m->mac, mac);

	switch (m->belief) {
	case WAITING:
		model_set(m, mac, CONFIRMED, now);
		break;
	case PROBING:
		if (same || !m->router)
			model_set(m, mac, CONFIRMED, now);
		else
			model_doubt(m, now);
		break;
	case CONFIRMED:
	case STALE:
		if (m->router && !same)
			model_doubt(m, now);
		break;
	case NEGATIVE:
	case DORMANT:
		model_claim(m, mac, false, now);
		break;
	default:
		break;
	}
}

/* It shall not replace what is known, but may make it doubtful. */
static void model_hint(struct model *m, struct vtap_mac mac, unsigned long now)
{
	if (!model_known(m))
		model_claim(m, mac, false, now);
	else if (m->belief != CONFIRMED || vtap_mac_equal(m->mac, mac))
		return;
	else if (m->router)
		model_doubt(m, now);
	else
		m->belief = STALE;
}

static void model_listen(struct model *m, struct vtap_mac mac,
			 enum vtap_neigh_how how, unsigned long now)
{
	bool same = vtap_mac_equal(m->mac, mac);
	bool waiting = m->belief == WAITING;

	switch (how) {
	case VTAP_NEIGH_REPLY:
		model_reply(m, mac, now);
		break;
	case VTAP_NEIGH_REPLY_OVERRIDE:
		if (waiting || m->belief == PROBING)
			model_reply(m, mac, now);
		else
			model_claim(m, mac, false, now);
		break;
	case VTAP_NEIGH_REPLY_KEEP:
		if (waiting || (m->belief == PROBING && same))
			model_reply(m, mac, now);
		else
			model_hint(m, mac, now);
		break;
	case VTAP_NEIGH_CONFIRM:
		if (same)
			model_reply(m, mac, now);
		break;
	case VTAP_NEIGH_UNASKED_KEEP:
		model_hint(m, mac, now);
		break;
	default:
		model_claim(m, mac, how == VTAP_NEIGH_ASKED_US, now);
		break;
	}
}

/* Was it an answer? */
static bool model_update(struct model *m, struct vtap_mac mac,
			 enum vtap_neigh_how how, unsigned long now)
{
	bool asked = m->belief == WAITING || m->belief == PROBING;

	if (m->belief != PERMANENT)
		model_listen(m, mac, how, now);
	return asked && m->belief == CONFIRMED;
}

/* What goes in comes out: sent on, refused, dropped, or waiting. */
struct tally {
	unsigned int in;
	unsigned int out;
};

static void count_events(struct fixture *f, struct tally *tally)
{
	for (; f->tail != f->head; f->tail++) {
		const struct event *event = &f->events[f->tail % EVENTS];

		tally->out += event->what >= OUTPUT;
		f->lost[ntohl(event->addr) & 0xff] += event->what == LOST;
		f->back[ntohl(event->addr) & 0xff] += event->what == BACK;
	}
}

static unsigned int below(struct rnd_state *rnd, unsigned int n)
{
	return prandom_u32_state(rnd) % n;
}

static void random_send(struct kunit *test, struct model *m, __be32 addr,
			bool router, struct tally *tally)
{
	struct fixture *f = test->priv;
	struct vtap_mac mac = { .raw = 0 };
	enum vtap_verdict verdict;

	verdict = send_skb(f, addr, router, packet(test, 1), &mac);
	tally->in++;
	KUNIT_EXPECT_EQ(test, verdict, model_send(m, router, f->now));
	if (verdict == VTAP_CONTINUE) {
		tally->out++;
		KUNIT_EXPECT_EQ(test, mac.raw, m->mac.raw);
	}
}

static void random_permanent(struct kunit *test, struct model *m, __be32 addr,
			     struct vtap_mac mac)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	struct fixture *f = test->priv;

	if (m->belief == PERMANENT) {
		vtap_neigh_clear_permanent(&f->table, &mapped);
		model_forget(m);
	} else {
		set_permanent(test, f, addr, mac);
		model_return(m);
		m->belief = PERMANENT;
		m->doubted = false;
		m->mac = mac;
	}
}

static void random_time(struct fixture *f, struct model *models,
			unsigned long time)
{
	unsigned int i;

	while (time--) {
		f->now += HZ / 10;
		expire(f);
		for (i = 0; i < MODELS; i++)
			model_time(&models[i], f->now);
	}
}

static void random_step(struct kunit *test, struct rnd_state *rnd,
			struct model *models, struct tally *tally)
{
	unsigned int n = below(rnd, MODELS), what = below(rnd, 100);
	struct fixture *f = test->priv;
	struct vtap_mac mac = nth_mac(below(rnd, 3));
	struct model *m = &models[n];
	__be32 addr = nth_host(n);

	if (what < 30) {
		/* A third of them are never routers. */
		random_send(test, m, addr, n % 3 && what < 10, tally);
	} else if (what < 75) {
		enum vtap_neigh_how how = below(rnd, HOWS);

		KUNIT_EXPECT_EQ(test, update(f, addr, mac, how),
				model_update(m, mac, how, f->now));
	} else if (what < 77) {
		random_permanent(test, m, addr, mac);
	} else if (what < 80) {
		if (n % 3) {
			probe(f, addr);
			model_check(m, f->now);
		}
	} else if (what < 98) {
		random_time(f, models, below(rnd, 8));
	} else {
		random_time(f, models, 10 * below(rnd, 40));
	}
}

static void compare(struct kunit *test, const struct model *models)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < MODELS; i++) {
		struct vtap_mac mac = { .raw = 0 };
		bool there = known(f, nth_host(i), &mac);

		KUNIT_ASSERT_EQ(test, there, model_known(&models[i]));
		if (there)
			KUNIT_ASSERT_EQ(test, mac.raw, models[i].mac.raw);
		KUNIT_ASSERT_EQ(test, f->lost[i], models[i].lost);
		KUNIT_ASSERT_EQ(test, f->back[i], models[i].back);
	}
}

static void behaves_as_its_model(struct kunit *test)
{
	struct model *models = kunit_kcalloc(test, MODELS, sizeof(*models),
					     GFP_KERNEL);
	struct fixture *f = test->priv;
	struct tally tally = {};
	struct rnd_state rnd;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, models);
	prandom_seed_state(&rnd, 826);
	/* Nothing ages. */
	f->table.timeout = 86400;
	for (i = 0; i < 20000; i++) {
		random_step(test, &rnd, models, &tally);
		count_events(f, &tally);
		compare(test, models);
	}
	vtap_neigh_flush(&f->table);
	count_events(f, &tally);
	KUNIT_EXPECT_EQ(test, tally.in, tally.out);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
}

/* Far too many neighbours: the bounds hold, no packet is lost or doubled. */
static void bounds_hold_under_pressure(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct tally tally = {};
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 4861);
	f->table.max = 16;
	f->table.timeout = 20;
	set_permanent(test, f, HOST, FIRST_MAC);
	for (i = 0; i < 20000; i++) {
		unsigned int n = below(&rnd, 100);
		enum vtap_verdict verdict;

		if (below(&rnd, 3)) {
			verdict = send_skb(f, nth_host(n), n < 30,
					   packet(test, 1), NULL);
			tally.in++;
			tally.out += verdict != VTAP_CONSUMED;
		} else {
			update(f, nth_host(n), nth_mac(below(&rnd, 2)),
			       below(&rnd, HOWS));
		}
		if (!below(&rnd, 10))
			pass(f, below(&rnd, 3 * HZ));
		count_events(f, &tally);
		KUNIT_ASSERT_LE(test, f->table.ipv4_entries, 16);
	}
	expect_known(test, HOST, FIRST_MAC);
	KUNIT_EXPECT_GT(test, counted(f, VTAP_STAT_NEIGH_EVICTIONS), 1000);
	vtap_neigh_flush(&f->table);
	count_events(f, &tally);
	KUNIT_EXPECT_EQ(test, tally.in, tally.out);
	KUNIT_EXPECT_EQ(test, f->table.queue_bytes, 0);
	KUNIT_EXPECT_EQ(test, f->table.ipv4_entries, 1);
}

static struct kunit_case neigh_test_cases[] = {
	KUNIT_CASE(incomplete_backs_off_and_fails),
	KUNIT_CASE(waiting_is_no_try),
	KUNIT_CASE(failed_refuses_for_a_while),
	KUNIT_CASE(failed_host_may_come_back),
	KUNIT_CASE(failed_router_has_to_prove_it),
	KUNIT_CASE(failed_router_is_remembered),
	KUNIT_CASE(news_of_a_routers_mac),
	KUNIT_CASE(host_with_a_mac_becomes_a_router),
	KUNIT_CASE(two_administrators),
	KUNIT_CASE(router_is_lost_and_back),
	KUNIT_CASE(router_answers),
	KUNIT_CASE(router_that_never_answers_is_lost),
	KUNIT_CASE(router_is_brought_back_by_the_administrator),
	KUNIT_CASE(host_is_never_lost_nor_back),
	KUNIT_CASE(reply_lets_the_queue_go_in_order),
	KUNIT_CASE(reachable_needs_no_question),
	KUNIT_CASE(stale_is_used_while_probed),
	KUNIT_CASE(silent_probe_asks_all),
	KUNIT_CASE(transport_confirms),
	KUNIT_CASE(queue_keeps_the_newest_packets),
	KUNIT_CASE(queue_is_bounded_in_bytes),
	KUNIT_CASE(packet_beyond_the_queue_harms_no_other),
	KUNIT_CASE(all_queues_are_bounded),
	KUNIT_CASE(unasked_makes_no_entry),
	KUNIT_CASE(unasked_updates_a_host),
	KUNIT_CASE(unasked_of_the_same_mac_changes_nothing),
	KUNIT_CASE(unasked_ends_the_wait_for_a_host),
	KUNIT_CASE_PARAM(tell_same_host, told_gen_params),
	KUNIT_CASE_PARAM(tell_other_host, told_gen_params),
	KUNIT_CASE_PARAM(tell_same_router, told_gen_params),
	KUNIT_CASE_PARAM(tell_other_router, told_gen_params),
	KUNIT_CASE_PARAM(proof_disproves_others, disproof_gen_params),
	KUNIT_CASE(claim_disproves_nobody),
	KUNIT_CASE(asked_us_makes_an_entry),
	KUNIT_CASE(unasked_reply_moves_no_host),
	KUNIT_CASE(reply_to_a_probe_moves_a_host),
	KUNIT_CASE(confirm_only_confirms),
	KUNIT_CASE(permanent_never_changes),
	KUNIT_CASE(permanent_lets_the_queue_go),
	KUNIT_CASE(clear_permanent_spares_others),
	KUNIT_CASE_PARAM(router_resists_a_spoof, spoof_gen_params),
	KUNIT_CASE_PARAM(router_probes_are_limited, spoof_gen_params),
	KUNIT_CASE_PARAM(router_moves_when_the_old_one_is_silent,
			 spoof_gen_params),
	KUNIT_CASE(router_is_not_made_by_what_nobody_asked_for),
	KUNIT_CASE(router_probe_gets_urgent),
	KUNIT_CASE(router_that_was_a_host_is_asked_again),
	KUNIT_CASE(router_that_was_proven_is_used),
	KUNIT_CASE(proof_does_not_outlive_its_mac),
	KUNIT_CASE(router_that_waits_as_a_host_is_asked_once),
	KUNIT_CASE_PARAM(probe_of_a_router, probe_gen_params),
	KUNIT_CASE_PARAM(probe_of_a_host_that_was_proven, probe_gen_params),
	KUNIT_CASE(probe_of_a_claim_asks_all),
	KUNIT_CASE(probe_makes_an_entry),
	KUNIT_CASE(probe_of_nobody_loses_it_late),
	KUNIT_CASE(silent_router_is_lost_early_and_once),
	KUNIT_CASE(router_that_moved_is_not_lost),
	KUNIT_CASE(watch_ends_with_the_answer),
	KUNIT_CASE(conflict_is_asked_soon),
	KUNIT_CASE(silent_router_is_not_forgotten),
	KUNIT_CASE(probe_waits_for_who_may_ask),
	KUNIT_CASE(probe_with_resolve_off),
	KUNIT_CASE(life_of_hosts),
	KUNIT_CASE(eviction_gives_a_second_chance),
	KUNIT_CASE(eviction_ends),
	KUNIT_CASE(asked_us_evicts_nobody),
	KUNIT_CASE(probe_evicts_nobody),
	KUNIT_CASE(eviction_drops_what_waits),
	KUNIT_CASE(eviction_takes_routers_last),
	KUNIT_CASE(routers_push_out_routers),
	KUNIT_CASE(strangers_push_out_strangers),
	KUNIT_CASE(neighbours_leave_room_for_strangers),
	KUNIT_CASE(addresses_cannot_be_chosen_for_a_bucket),
	KUNIT_CASE(full_of_permanents_refuses),
	KUNIT_CASE(shrinks_to_a_lower_limit),
	KUNIT_CASE(unused_entries_age),
	KUNIT_CASE(they_age_after_long_idleness),
	KUNIT_CASE(used_entries_stay),
	KUNIT_CASE(all_of_many_unused_entries_age),
	KUNIT_CASE(all_of_many_requests_are_sent),
	KUNIT_CASE(all_of_many_routers_are_lost),
	KUNIT_CASE(all_of_many_probed_routers_are_lost),
	KUNIT_CASE(expire_tells_the_next_deadline),
	KUNIT_CASE(flush_drops_what_waits),
	KUNIT_CASE(resolve_off),
	KUNIT_CASE(families_are_counted_apart),
	KUNIT_CASE_SLOW(holds_65536_entries),
	KUNIT_CASE_SLOW(behaves_as_its_model),
	KUNIT_CASE_SLOW(bounds_hold_under_pressure),
	{}
};

static struct kunit_suite neigh_suite = {
	.name = "vtap_neigh",
	.init = neigh_init,
	.exit = neigh_exit,
	.test_cases = neigh_test_cases,
};

kunit_test_suite(neigh_suite);
