// SPDX-License-Identifier: GPL-2.0
/* Neighbours: RFC 4861's neighbour unreachability detection, for ARP too.
 *
 * Packets look an entry up under RCU and write nothing but its stamps. All else
 * happens under the table's lock, which is never held while something is sent:
 * what is to be sent is collected in a struct todo and done after unlocking.
 */

#include <net/ipv6.h>
#include <net/sock.h>

#include "neigh.h"
#include "trace.h"

/* Entries that eviction or aging looks at before it lets others in. */
#define VTAP_NEIGH_BATCH	256
/* Requests and news that one look at the deadlines collects. */
#define VTAP_NEIGH_NOTES	16
/* How many of them one neighbour takes. */
#define VTAP_NEIGH_NOTES_OF_ONE	2
#define VTAP_NEIGH_TICK		(HZ / 20)

/* Each packet comes by here. All words apart: stations choose their addresses, and
 * could choose many for one bucket of what mixes two of them without the seed. Of
 * IPv4 the first two are 0.
 */
static u32 hash_addr(const void *key, u32 len, u32 seed)
{
	const u32 *a = (__force const u32 *)((struct in6_addr *)key)->s6_addr32;

	if (!(a[0] | a[1]))
		return jhash_2words(a[2], a[3], seed);
	return jhash2(a, sizeof(struct in6_addr) / sizeof(*a), seed);
}

static int is_another(struct rhashtable_compare_arg *arg, const void *entry)
{
	const struct vtap_neigh *n = entry;

	return !ipv6_addr_equal(arg->key, &n->addr);
}

static const struct rhashtable_params neigh_params = {
	.head_offset	= offsetof(struct vtap_neigh, node),
	.key_offset	= offsetof(struct vtap_neigh, addr),
	.key_len	= sizeof_field(struct vtap_neigh, addr),
	.hashfn		= hash_addr,
	.obj_cmpfn	= is_another,
	.automatic_shrinking = true,
};

enum note_kind {
	ASK_ALL,
	ASK_ONE,
	ROUTER_LOST,
	ROUTER_STILL_LOST,
	ROUTER_BACK,
	ROUTER_STILL_THERE,
	MAC_LEARNED,
	MAC_CHANGED,
	MAC_REFUSED,
};

struct note {
	enum note_kind kind;
	struct in6_addr addr;
	struct vtap_mac mac;
	struct vtap_mac told;
};

/* What is to be done after unlocking. */
struct todo {
	struct sk_buff_head out;	/* to @mac */
	struct sk_buff_head refused;
	struct sk_buff_head flushed;
	struct sk_buff_head overflow;
	struct vtap_mac mac;
	unsigned int notes;
	struct note note[VTAP_NEIGH_NOTES];
};

static void todo_init(struct todo *todo)
{
	__skb_queue_head_init(&todo->out);
	__skb_queue_head_init(&todo->refused);
	__skb_queue_head_init(&todo->flushed);
	__skb_queue_head_init(&todo->overflow);
	todo->notes = 0;
}

static void todo_note(struct todo *todo, const struct vtap_neigh *n,
		      enum note_kind kind)
{
	struct note *note;

	if (WARN_ON_ONCE(todo->notes == VTAP_NEIGH_NOTES))
		return;
	note = &todo->note[todo->notes++];
	note->kind = kind;
	note->addr = n->addr;
	note->mac = n->mac;
}

/* What was known before is still there. */
static void todo_note_mac(struct todo *todo, const struct vtap_neigh *n,
			  enum note_kind kind, struct vtap_mac told)
{
	todo_note(todo, n, kind);
	todo->note[todo->notes - 1].told = told;
}

/* It was known before it was a router's. */
static void todo_note_first_mac(struct todo *todo, const struct vtap_neigh *n)
{
	todo_note_mac(todo, n, MAC_LEARNED, n->mac);
	todo->note[todo->notes - 1].mac.raw = 0;
}

static void tell_mac(struct vtap_neigh_table *table, const struct note *note,
		     enum vtap_neigh_mac_news news)
{
	table->ops->mac(table, &note->addr, news, note->mac, note->told);
}

static void run_note(struct vtap_neigh_table *table, const struct note *note)
{
	switch (note->kind) {
	case ASK_ALL:
		table->ops->solicit(table, &note->addr, NULL);
		break;
	case ASK_ONE:
		table->ops->solicit(table, &note->addr, &note->mac);
		break;
	case ROUTER_LOST:
		table->ops->router(table, &note->addr, VTAP_NEIGH_LOST);
		break;
	case ROUTER_STILL_LOST:
		table->ops->router(table, &note->addr, VTAP_NEIGH_STILL_LOST);
		break;
	case ROUTER_BACK:
		table->ops->router(table, &note->addr, VTAP_NEIGH_BACK);
		break;
	case ROUTER_STILL_THERE:
		table->ops->router(table, &note->addr, VTAP_NEIGH_STILL_THERE);
		break;
	case MAC_LEARNED:
		tell_mac(table, note, VTAP_NEIGH_MAC_LEARNED);
		break;
	case MAC_CHANGED:
		tell_mac(table, note, VTAP_NEIGH_MAC_CHANGED);
		break;
	case MAC_REFUSED:
		tell_mac(table, note, VTAP_NEIGH_MAC_REFUSED);
		break;
	}
}

static void todo_run(struct vtap_neigh_table *table, struct todo *todo)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < todo->notes; i++)
		run_note(table, &todo->note[i]);
	while ((skb = __skb_dequeue(&todo->out)))
		table->ops->output(table, skb, todo->mac);
	while ((skb = __skb_dequeue(&todo->refused)))
		table->ops->refuse(table, skb);
	while ((skb = __skb_dequeue(&todo->flushed)))
		table->ops->drop(table, skb, VTAP_TX_DROP_NEIGH_FLUSHED);
	while ((skb = __skb_dequeue(&todo->overflow)))
		table->ops->drop(table, skb, VTAP_TX_DROP_NEIGH_QUEUE);
}

static void trace(const struct vtap_neigh_table *table,
		  const struct vtap_neigh *n, enum vtap_neigh_state from,
		  enum vtap_neigh_state to)
{
	static const char * const name[] = {
		[VTAP_NEIGH_INCOMPLETE]	= "incomplete",
		[VTAP_NEIGH_REACHABLE]	= "reachable",
		[VTAP_NEIGH_STALE]	= "stale",
		[VTAP_NEIGH_PROBE]	= "probe",
		[VTAP_NEIGH_PERMANENT]	= "permanent",
		[VTAP_NEIGH_FAILED]	= "failed",
		[VTAP_NEIGH_NONE]	= "none",
	};

	trace_vtap_neigh(table->dev, &n->addr, n->mac, name[from], name[to]);
}

static struct list_head *list_of(struct vtap_neigh_table *table,
				 const struct vtap_neigh *n)
{
	if (n->state == VTAP_NEIGH_PERMANENT)
		return &table->permanent;
	if (n->router)
		return &table->routers;
	if (n->state == VTAP_NEIGH_INCOMPLETE || n->state == VTAP_NEIGH_FAILED)
		return &table->unresolved;
	return &table->hosts;
}

static void count_in_list(struct vtap_neigh_table *table,
			  const struct list_head *list, int by)
{
	if (list == &table->unresolved)
		table->unresolved_entries += by;
	else if (list == &table->routers)
		table->router_entries += by;
}

/* Put it into the list that its state and role ask for, if it is in another. */
static void relist(struct vtap_neigh_table *table, struct vtap_neigh *n)
{
	struct list_head *list = list_of(table, n);

	if (n->in == list)
		return;
	count_in_list(table, n->in, -1);
	count_in_list(table, list, 1);
	n->in = list;
	list_move_tail(&n->list, list);
}

static void set_state(struct vtap_neigh_table *table, struct vtap_neigh *n,
		      enum vtap_neigh_state state)
{
	trace(table, n, n->state, state);
	/* Pairs with the acquire in usable(): who sees the state sees @mac. */
	smp_store_release(&n->state, state);
	relist(table, n);
}

/* Fill a queue's packets into @to. */
static void take_queue(struct vtap_neigh_table *table, struct vtap_neigh *n,
		       struct sk_buff_head *to)
{
	table->queue_bytes -= n->queue_bytes;
	n->queue_bytes = 0;
	list_del_init(&n->waiting);
	skb_queue_splice_tail_init(&n->queue, to);
}

static void drop_oldest(struct vtap_neigh_table *table, struct vtap_neigh *n,
			struct todo *todo)
{
	struct sk_buff *skb = __skb_dequeue(&n->queue);

	n->queue_bytes -= skb->truesize;
	table->queue_bytes -= skb->truesize;
	if (skb_queue_empty(&n->queue))
		list_del_init(&n->waiting);
	__skb_queue_tail(&todo->overflow, skb);
}

/* The newest packets are worth most: a retransmission is among them. Nor does a
 * neighbour that never answers keep room from one that will.
 */
static void wait_in_queue(struct vtap_neigh_table *table, struct vtap_neigh *n,
			  struct sk_buff *skb, struct todo *todo)
{
	if (skb->truesize > VTAP_NEIGH_QUEUE_BYTES) {
		__skb_queue_tail(&todo->overflow, skb);
		return;
	}
	while (skb_queue_len(&n->queue) >= VTAP_NEIGH_QUEUE_PACKETS ||
	       n->queue_bytes + skb->truesize > VTAP_NEIGH_QUEUE_BYTES)
		drop_oldest(table, n, todo);
	while (table->queue_bytes + skb->truesize > VTAP_NEIGH_TABLE_QUEUE_BYTES)
		drop_oldest(table, list_first_entry(&table->waiting,
						    struct vtap_neigh, waiting),
			    todo);
	if (list_empty(&n->waiting))
		list_add_tail(&n->waiting, &table->waiting);
	/* A route under RCU only would be gone when the packet leaves. */
	skb_dst_force(skb);
	__skb_queue_tail(&n->queue, skb);
	n->queue_bytes += skb->truesize;
	table->queue_bytes += skb->truesize;
	vtap_count(table->stats, VTAP_STAT_NEIGH_QUEUED);
}

/* The timer fires a few times a second at most, however many deadlines there
 * are: each time it looks at all of them.
 */
static unsigned long round_up_tick(unsigned long deadline)
{
	return roundup(deadline, VTAP_NEIGH_TICK);
}

static void arm(struct vtap_neigh_table *table, struct vtap_neigh *n,
		unsigned long deadline)
{
	/* To the tail: what is due comes first at the next look. */
	n->deadline = deadline;
	list_move_tail(&n->active, &table->active);
	timer_reduce(&table->timer, round_up_tick(deadline));
}

static void disarm(struct vtap_neigh *n)
{
	list_del_init(&n->active);
}

static void start_incomplete(struct vtap_neigh_table *table,
			     struct vtap_neigh *n, unsigned long now,
			     struct todo *todo)
{
	set_state(table, n, VTAP_NEIGH_INCOMPLETE);
	n->tries = 1;
	arm(table, n, now + VTAP_NEIGH_RETRANS);
	todo_note(todo, n, ASK_ALL);
}

static void start_probe(struct vtap_neigh_table *table, struct vtap_neigh *n,
			unsigned long interval, unsigned long now,
			struct todo *todo)
{
	set_state(table, n, VTAP_NEIGH_PROBE);
	n->tries = 1;
	n->interval = interval;
	n->watched = false;
	arm(table, n, now + interval);
	todo_note(todo, n, ASK_ONE);
}

/* Who chooses among routers hears of it also where the entry that it was lost in
 * is gone.
 */
static void regain_router(struct vtap_neigh *n, struct todo *todo)
{
	todo_note(todo, n, n->lost ? ROUTER_BACK : ROUTER_STILL_THERE);
	WRITE_ONCE(n->lost, false);
}

static void set_mac(struct vtap_neigh_table *table, struct vtap_neigh *n,
		    struct vtap_mac mac, enum vtap_neigh_state state,
		    unsigned long now, struct todo *todo)
{
	if (n->router && n->mac.raw && !vtap_mac_equal(n->mac, mac) &&
	    state != VTAP_NEIGH_PERMANENT)
		vtap_count(table->stats, VTAP_STAT_GATEWAY_CHANGES);
	if (n->router && !vtap_mac_equal(n->mac, mac))
		todo_note_mac(todo, n, n->mac.raw ? MAC_CHANGED : MAC_LEARNED,
			      mac);
	if (!vtap_mac_equal(n->mac, mac))
		WRITE_ONCE(n->proven, false);
	if (n->state == VTAP_NEIGH_INCOMPLETE && state == VTAP_NEIGH_REACHABLE)
		WRITE_ONCE(n->proven, true);
	vtap_mac_write(&n->mac, mac);
	if (state == VTAP_NEIGH_REACHABLE)
		WRITE_ONCE(n->confirmed, now);
	if (n->lost || (n->router && state == VTAP_NEIGH_REACHABLE))
		regain_router(n, todo);
	set_state(table, n, state);
	disarm(n);
	todo->mac = mac;
	take_queue(table, n, &todo->out);
}

static struct vtap_neigh *lookup(struct vtap_neigh_table *table,
				 const struct in6_addr *addr)
{
	return rhashtable_lookup_fast(&table->hash, addr, neigh_params);
}

static void count_entry(struct vtap_neigh_table *table,
			const struct vtap_neigh *n, int by)
{
	if (ipv6_addr_v4mapped(&n->addr))
		WRITE_ONCE(table->ipv4_entries, table->ipv4_entries + by);
	else
		WRITE_ONCE(table->ipv6_entries, table->ipv6_entries + by);
	WRITE_ONCE(table->changes, table->changes + 1);
}

static void remove(struct vtap_neigh_table *table, struct vtap_neigh *n,
		   struct todo *todo)
{
	lockdep_assert_held(&table->lock);
	rhashtable_remove_fast(&table->hash, &n->node, neigh_params);
	list_del(&n->list);
	count_in_list(table, n->in, -1);
	disarm(n);
	count_entry(table, n, -1);
	trace(table, n, n->state, VTAP_NEIGH_NONE);
	take_queue(table, n, &todo->flushed);
	kfree_rcu(n, rcu);
}

/* Second chance: an entry that was used since the hand last came by is passed
 * over once. The look is bounded, so that no packet pays for a whole table.
 */
static struct vtap_neigh *pick_victim(struct list_head *list)
{
	struct vtap_neigh *n, *next;
	unsigned int looks = 0;

	list_for_each_entry_safe(n, next, list, list) {
		unsigned long used = READ_ONCE(n->used);

		if (n->visited == used || looks++ == VTAP_NEIGH_BATCH)
			return n;
		n->visited = used;
		list_move_tail(&n->list, list);
	}
	return list_first_entry_or_null(list, struct vtap_neigh, list);
}

/* Whom the next victim is best taken from. Whoever sends to addresses at random,
 * or from random ones to us, makes entries that nobody ever answers for; whoever
 * advertises himself under many addresses, routers. They take one another's place
 * when they have half of it, or a quarter, not a neighbour's.
 */
static struct list_head *crowd_of(struct vtap_neigh_table *table,
				  unsigned int max)
{
	if (table->router_entries > max / 4)
		return &table->routers;
	if (table->unresolved_entries >= max / 2)
		return &table->unresolved;
	return &table->hosts;
}

static bool make_room(struct vtap_neigh_table *table, unsigned int max,
		      struct todo *todo)
{
	while (table->ipv4_entries + table->ipv6_entries >= max) {
		struct vtap_neigh *n = pick_victim(crowd_of(table, max));

		n = n ?: pick_victim(&table->hosts);
		n = n ?: pick_victim(&table->unresolved);
		n = n ?: pick_victim(&table->routers);
		if (!n)
			return false;
		vtap_count(table->stats, VTAP_STAT_NEIGH_EVICTIONS);
		remove(table, n, todo);
	}
	return true;
}

/* For what may be worth an entry, but not another's. */
static bool has_room(const struct vtap_neigh_table *table)
{
	return READ_ONCE(table->resolve) &&
	       table->ipv4_entries + table->ipv6_entries <
	       READ_ONCE(table->max);
}

/* An entry, or -ENOSPC when every one is permanent, or -ENOMEM. */
static struct vtap_neigh *create(struct vtap_neigh_table *table,
				 const struct in6_addr *addr, bool router,
				 unsigned long now, struct todo *todo)
{
	struct vtap_neigh *n;

	lockdep_assert_held(&table->lock);
	if (!make_room(table, READ_ONCE(table->max), todo))
		return ERR_PTR(-ENOSPC);
	/* Charged to who sends to it or sets it; softirqs are nobody's. */
	n = kzalloc(sizeof(*n), GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!n)
		return ERR_PTR(-ENOMEM);
	n->addr = *addr;
	n->state = VTAP_NEIGH_STALE;
	n->router = router;
	n->used = now;
	n->visited = now;
	n->turn = READ_ONCE(table->turn);
	n->confirmed = now - VTAP_NEIGH_REACHABLE_TIME;
	n->kept = now;
	n->guarded = now - VTAP_NEIGH_GUARD_PAUSE;
	INIT_LIST_HEAD(&n->list);
	INIT_LIST_HEAD(&n->active);
	INIT_LIST_HEAD(&n->waiting);
	__skb_queue_head_init(&n->queue);
	if (rhashtable_insert_fast(&table->hash, &n->node, neigh_params)) {
		kfree(n);
		return ERR_PTR(-ENOMEM);
	}
	relist(table, n);
	/* Nobody looked at it since: on 32-bit what is long past would be to come. */
	if (!table->ipv4_entries && !table->ipv6_entries)
		WRITE_ONCE(table->gc, now + VTAP_NEIGH_GC_INTERVAL);
	count_entry(table, n, 1);
	trace(table, n, VTAP_NEIGH_NONE, n->state);
	timer_reduce(&table->timer, READ_ONCE(table->gc));
	return n;
}

static bool confirmed_lately(const struct vtap_neigh *n, unsigned long now)
{
	return time_before(now, READ_ONCE(n->confirmed) +
			   VTAP_NEIGH_REACHABLE_TIME);
}

/* May a packet go there with nothing else to do? */
static bool usable(const struct vtap_neigh *n, unsigned long now)
{
	/* Pairs with set_state(). */
	switch (smp_load_acquire(&n->state)) {
	case VTAP_NEIGH_REACHABLE:
		return confirmed_lately(n, now);
	case VTAP_NEIGH_PROBE:
	case VTAP_NEIGH_PERMANENT:
		return true;
	default:
		return false;
	}
}

static void stamp(unsigned long *stamp, unsigned long now)
{
	/* Once a jiffy: the line stays shared between CPUs. */
	if (READ_ONCE(*stamp) != now)
		WRITE_ONCE(*stamp, now);
}

/* Not usable as it is: start what makes it so. */
static enum vtap_verdict resolve_locked(struct vtap_neigh_table *table,
					struct vtap_neigh *n,
					struct sk_buff *skb, unsigned long now,
					struct vtap_mac *mac, struct todo *todo)
{
	switch (n->state) {
	case VTAP_NEIGH_FAILED:
		if (list_empty(&n->active)) {
			start_incomplete(table, n, now, todo);
			wait_in_queue(table, n, skb, todo);
		} else {
			__skb_queue_tail(&todo->refused, skb);
		}
		return VTAP_CONSUMED;
	case VTAP_NEIGH_INCOMPLETE:
		wait_in_queue(table, n, skb, todo);
		return VTAP_CONSUMED;
	case VTAP_NEIGH_REACHABLE:
		if (confirmed_lately(n, now))
			break;
		fallthrough;
	case VTAP_NEIGH_STALE:
		if (!n->mac.raw) {
			start_incomplete(table, n, now, todo);
			wait_in_queue(table, n, skb, todo);
			return VTAP_CONSUMED;
		}
		start_probe(table, n, VTAP_NEIGH_PROBE_INTERVAL, now, todo);
		break;
	default:
		break;
	}
	*mac = n->mac;
	return VTAP_CONTINUE;
}

/* What a station said of itself is not good enough for a router: an address
 * that no request to all brought is asked for again.
 */
static void become_router(struct vtap_neigh_table *table, struct vtap_neigh *n,
			  unsigned long now, struct todo *todo)
{
	WRITE_ONCE(n->router, true);
	relist(table, n);
	if (n->state == VTAP_NEIGH_INCOMPLETE || n->state == VTAP_NEIGH_FAILED)
		return;
	if (n->proven) {
		todo_note_first_mac(todo, n);
		return;
	}
	vtap_mac_write(&n->mac, (struct vtap_mac){ .raw = 0 });
	start_incomplete(table, n, now, todo);
}

static enum vtap_verdict resolve_slow(struct vtap_neigh_table *table,
				      const struct in6_addr *addr, bool router,
				      struct sk_buff *skb, unsigned long now,
				      struct vtap_mac *mac)
{
	enum vtap_verdict verdict;
	struct vtap_neigh *n;
	struct todo todo;

	todo_init(&todo);
	spin_lock(&table->lock);
	n = lookup(table, addr);
	if (n && n->state == VTAP_NEIGH_PERMANENT) {
		*mac = n->mac;
		WRITE_ONCE(n->router, n->router || router);
		verdict = VTAP_CONTINUE;
		goto unlock;
	}
	if (!READ_ONCE(table->resolve)) {
		verdict = VTAP_TX_DROP_UNRESOLVED;
		goto unlock;
	}
	if (!n)
		n = create(table, addr, router, now, &todo);
	if (IS_ERR(n)) {
		verdict = n == ERR_PTR(-ENOSPC) ? VTAP_TX_DROP_NEIGH_FULL :
						  VTAP_TX_DROP_NOMEM;
		goto unlock;
	}
	if (router && !n->router)
		become_router(table, n, now, &todo);
	stamp(&n->used, now);
	verdict = resolve_locked(table, n, skb, now, mac, &todo);
unlock:
	spin_unlock(&table->lock);
	todo_run(table, &todo);
	return verdict;
}

/**
 * vtap_neigh_resolve() - hardware address of a packet's next hop
 * @table: neighbours of the host end
 * @addr: next hop
 * @router: it passes on what is for others
 * @skb: the packet; queued or dropped when VTAP_CONSUMED is returned
 * @now: jiffies
 * @mac: set when VTAP_CONTINUE is returned
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, VTAP_CONSUMED, or a drop.
 */
enum vtap_verdict vtap_neigh_resolve(struct vtap_neigh_table *table,
				     const struct in6_addr *addr, bool router,
				     struct sk_buff *skb, unsigned long now,
				     struct vtap_mac *mac)
{
	struct vtap_neigh *n = rhashtable_lookup(&table->hash, addr,
						 neigh_params);

	if (unlikely(!n || !usable(n, now) ||
		     (router && !READ_ONCE(n->router))))
		return resolve_slow(table, addr, router, skb, now, mac);
	*mac = vtap_mac_read(&n->mac);
	if (unlikely(!mac->raw))	/* it became a router just now */
		return resolve_slow(table, addr, router, skb, now, mac);
	stamp(&n->used, now);
	/* The transport had an answer: the neighbour works (RFC 4861 7.3.1). */
	if (skb_get_dst_pending_confirm(skb))
		stamp(&n->confirmed, now);
	return VTAP_CONTINUE;
}

/* A router's hardware address is not moved by what nobody asked for: ask the
 * old one, soon, and believe another only if it is silent. Seldom enough that a
 * flood of lies makes no flood of probes.
 */
static void guard_router(struct vtap_neigh_table *table, struct vtap_neigh *n,
			 struct vtap_mac told, unsigned long now,
			 struct todo *todo)
{
	vtap_count(table->stats, VTAP_STAT_GATEWAY_REFUSED);
	todo_note_mac(todo, n, MAC_REFUSED, told);
	if (n->state == VTAP_NEIGH_PROBE &&
	    n->interval == VTAP_NEIGH_GUARD_INTERVAL)
		return;
	if (time_in_range_open(now, n->guarded,
			       n->guarded + VTAP_NEIGH_GUARD_PAUSE)) {
		/* Not forgotten: the old one may have gone since it answered. */
		if (list_empty(&n->active))
			arm(table, n, n->guarded + VTAP_NEIGH_GUARD_PAUSE);
		return;
	}
	n->guarded = now;
	start_probe(table, n, VTAP_NEIGH_GUARD_INTERVAL, now, todo);
}

static void update_unasked(struct vtap_neigh_table *table, struct vtap_neigh *n,
			   struct vtap_mac mac, unsigned long now,
			   struct todo *todo)
{
	switch (n->state) {
	case VTAP_NEIGH_FAILED:
		/* It may be back: a router has to prove it. */
		if (n->router)
			start_incomplete(table, n, now, todo);
		else
			set_mac(table, n, mac, VTAP_NEIGH_STALE, now, todo);
		break;
	case VTAP_NEIGH_INCOMPLETE:
		if (!n->router)
			set_mac(table, n, mac, VTAP_NEIGH_STALE, now, todo);
		break;
	default:
		if (vtap_mac_equal(n->mac, mac))
			break;
		if (n->router && n->mac.raw)
			guard_router(table, n, mac, now, todo);
		else if (!n->router)
			set_mac(table, n, mac, VTAP_NEIGH_STALE, now, todo);
		break;
	}
}

/* A reply is believed as far as it was asked for. */
static void update_reply(struct vtap_neigh_table *table, struct vtap_neigh *n,
			 struct vtap_mac mac, unsigned long now,
			 struct todo *todo)
{
	bool same = vtap_mac_equal(n->mac, mac);

	switch (n->state) {
	case VTAP_NEIGH_INCOMPLETE:
		set_mac(table, n, mac, VTAP_NEIGH_REACHABLE, now, todo);
		break;
	case VTAP_NEIGH_PROBE:
		/* Only the old hardware address was asked. */
		if (same || !n->router)
			set_mac(table, n, mac, VTAP_NEIGH_REACHABLE, now, todo);
		else
			guard_router(table, n, mac, now, todo);
		break;
	case VTAP_NEIGH_REACHABLE:
	case VTAP_NEIGH_STALE:
		if (!same && n->router)
			guard_router(table, n, mac, now, todo);
		break;
	case VTAP_NEIGH_FAILED:
		update_unasked(table, n, mac, now, todo);
		break;
	}
}

/* Is a request of ours under way? */
static bool is_asked(const struct vtap_neigh *n)
{
	return n->state == VTAP_NEIGH_INCOMPLETE || n->state == VTAP_NEIGH_PROBE;
}

/* Can it be an answer to what we asked? */
static bool answers(const struct vtap_neigh *n, struct vtap_mac mac,
		    enum vtap_neigh_how how)
{
	switch (how) {
	case VTAP_NEIGH_REPLY:
		return true;
	case VTAP_NEIGH_REPLY_OVERRIDE:
		return is_asked(n);
	case VTAP_NEIGH_REPLY_KEEP:
		return n->state == VTAP_NEIGH_INCOMPLETE ||
		       vtap_mac_equal(n->mac, mac);
	case VTAP_NEIGH_CONFIRM:
		return vtap_mac_equal(n->mac, mac);
	default:
		return false;
	}
}

/* RFC 4861 7.2.5, I: another address that shall replace nothing makes what is
 * known doubtful, where it was not before.
 */
static void update_keep(struct vtap_neigh_table *table, struct vtap_neigh *n,
			struct vtap_mac mac, unsigned long now,
			struct todo *todo)
{
	if (n->state == VTAP_NEIGH_INCOMPLETE || n->state == VTAP_NEIGH_FAILED)
		update_unasked(table, n, mac, now, todo);
	else if (vtap_mac_equal(n->mac, mac) ||
		 n->state != VTAP_NEIGH_REACHABLE || !confirmed_lately(n, now))
		return;
	else if (n->router)
		guard_router(table, n, mac, now, todo);
	else
		set_state(table, n, VTAP_NEIGH_STALE);
}

static void update(struct vtap_neigh_table *table, struct vtap_neigh *n,
		   struct vtap_mac mac, enum vtap_neigh_how how,
		   unsigned long now, struct todo *todo)
{
	if (answers(n, mac, how)) {
		update_reply(table, n, mac, now, todo);
		return;
	}
	switch (how) {
	case VTAP_NEIGH_REPLY_OVERRIDE:
	case VTAP_NEIGH_ASKED_US:
	case VTAP_NEIGH_UNASKED:
		update_unasked(table, n, mac, now, todo);
		break;
	case VTAP_NEIGH_REPLY_KEEP:
	case VTAP_NEIGH_UNASKED_KEEP:
		update_keep(table, n, mac, now, todo);
		break;
	default:
		break;
	}
}

/**
 * vtap_neigh_update() - a station told its hardware address
 * @table: neighbours of the host end
 * @addr: whose
 * @mac: what it said; unicast
 * @how: why it said so, which decides what is believed
 * @now: jiffies
 *
 * Context: RCU, BH off.
 * Return: true when this was the answer to a request of ours.
 */
bool vtap_neigh_update(struct vtap_neigh_table *table,
		       const struct in6_addr *addr, struct vtap_mac mac,
		       enum vtap_neigh_how how, unsigned long now)
{
	struct vtap_neigh *n;
	bool answered = false;
	struct todo todo;

	todo_init(&todo);
	spin_lock(&table->lock);
	n = lookup(table, addr);
	if (!n && how == VTAP_NEIGH_ASKED_US && has_room(table)) {
		n = create(table, addr, false, now, &todo);
		if (!IS_ERR(n))
			set_mac(table, n, mac, VTAP_NEIGH_STALE, now, &todo);
	} else if (n && n->state != VTAP_NEIGH_PERMANENT) {
		bool asked = is_asked(n);

		update(table, n, mac, how, now, &todo);
		answered = asked && n->state == VTAP_NEIGH_REACHABLE;
	}
	spin_unlock(&table->lock);
	todo_run(table, &todo);
	return answered;
}

static void probe_locked(struct vtap_neigh_table *table, struct vtap_neigh *n,
			 unsigned long now, struct todo *todo)
{
	switch (n->state) {
	case VTAP_NEIGH_REACHABLE:
	case VTAP_NEIGH_STALE:
		/* As with a conflict that waits for its turn: it is asked soon. */
		if (!list_empty(&n->active))
			break;
		start_probe(table, n, VTAP_NEIGH_PROBE_INTERVAL, now, todo);
		n->watched = true;
		break;
	case VTAP_NEIGH_FAILED:
		/* What takes its place may have another hardware address. */
		start_incomplete(table, n, now, todo);
		break;
	default:
		break;
	}
}

/**
 * vtap_neigh_probe() - does this router still live?
 * @table: neighbours of the host end
 * @addr: the router
 * @interval: when this is asked next, in jiffies
 * @now: jiffies
 *
 * Three questions by unicast and one to everybody, a second apart: who does not
 * answer those is told of as lost, and asked on. A permanent one is there. Where
 * there is no entry yet one is made, but no other has to make room for it: stations
 * of the segment choose what their routers are called.
 *
 * Context: RCU, BH off.
 */
void vtap_neigh_probe(struct vtap_neigh_table *table,
		      const struct in6_addr *addr, unsigned long interval,
		      unsigned long now)
{
	struct vtap_neigh *n;
	struct todo todo;

	/* Silence means nothing while nobody can be asked. */
	if (!READ_ONCE(table->resolve) || table->ops->must_wait(table, addr))
		return;
	todo_init(&todo);
	spin_lock(&table->lock);
	n = lookup(table, addr);
	if (n && n->state == VTAP_NEIGH_PERMANENT) {
		todo_note(&todo, n, ROUTER_STILL_THERE);
		goto unlock;
	}
	if (!n) {
		if (!has_room(table))
			goto unlock;
		n = create(table, addr, true, now, &todo);
		if (IS_ERR(n))
			goto unlock;
		start_incomplete(table, n, now, &todo);
	}
	/* Nor is it forgotten in between that it was silent. */
	n->kept = now + interval + VTAP_NEIGH_GC_INTERVAL;
	if (!n->router)
		become_router(table, n, now, &todo);
	probe_locked(table, n, now, &todo);
unlock:
	spin_unlock(&table->lock);
	todo_run(table, &todo);
}

/* Who chooses among routers hears of it each time; to others it is no news. */
static void lose_router(struct vtap_neigh *n, struct todo *todo)
{
	todo_note(todo, n, n->lost ? ROUTER_STILL_LOST : ROUTER_LOST);
	WRITE_ONCE(n->lost, true);
}

static void expire_one(struct vtap_neigh_table *table, struct vtap_neigh *n,
		       unsigned long now, struct todo *todo)
{
	switch (n->state) {
	case VTAP_NEIGH_PROBE:
		/* RFC 4861 7.3.3: the transport's word is as good. */
		if (time_after(READ_ONCE(n->confirmed),
			       n->deadline - n->interval)) {
			set_state(table, n, VTAP_NEIGH_REACHABLE);
			disarm(n);
		} else if (n->tries < VTAP_NEIGH_TRIES) {
			n->tries++;
			arm(table, n, now + n->interval);
			todo_note(todo, n, ASK_ONE);
		} else {
			start_incomplete(table, n, now, todo);
		}
		break;
	case VTAP_NEIGH_INCOMPLETE:
		if (table->ops->must_wait(table, &n->addr)) {
			arm(table, n, now + VTAP_NEIGH_RETRANS);
			n->watched = false;
		} else if (n->tries < VTAP_NEIGH_TRIES) {
			arm(table, n, now + (VTAP_NEIGH_RETRANS << n->tries));
			n->tries++;
			todo_note(todo, n, ASK_ALL);
			/* Nobody took its address over: it is gone. */
			if (n->watched && !n->lost)
				lose_router(n, todo);
		} else {
			vtap_count(table->stats, VTAP_STAT_NEIGH_FAILURES);
			set_state(table, n, VTAP_NEIGH_FAILED);
			arm(table, n, now + VTAP_NEIGH_FAILED_TIME);
			take_queue(table, n, &todo->refused);
			if (n->router)
				lose_router(n, todo);
		}
		break;
	case VTAP_NEIGH_FAILED:
		/* What a router's hardware address was, is kept. */
		if (n->router)
			disarm(n);
		else
			remove(table, n, todo);
		break;
	default:
		/* A conflict came too soon after the last one. */
		n->guarded = now;
		start_probe(table, n, VTAP_NEIGH_GUARD_INTERVAL, now, todo);
		break;
	}
}

/* One locked look at the deadlines; true when there may be more to do. */
static bool expire_batch(struct vtap_neigh_table *table, unsigned long now,
			 unsigned long *next)
{
	struct vtap_neigh *n, *tmp;
	unsigned int due = 0;
	struct todo todo;
	bool more = false;

	todo_init(&todo);
	spin_lock(&table->lock);
	list_for_each_entry_safe(n, tmp, &table->active, active) {
		if (time_before(now, n->deadline)) {
			if (time_before(n->deadline, *next))
				*next = n->deadline;
			continue;
		}
		if (todo.notes > VTAP_NEIGH_NOTES - VTAP_NEIGH_NOTES_OF_ONE ||
		    due++ == VTAP_NEIGH_BATCH) {
			/* Not by all those again that are not due. */
			list_rotate_to_front(&n->active, &table->active);
			more = true;
			break;
		}
		expire_one(table, n, now, &todo);
		if (!list_empty(&n->active) && time_before(n->deadline, *next))
			*next = n->deadline;
	}
	spin_unlock(&table->lock);
	todo_run(table, &todo);
	return more;
}

static bool aged(const struct vtap_neigh_table *table,
		 const struct vtap_neigh *n, unsigned long now)
{
	unsigned long age = READ_ONCE(table->timeout) * HZ;

	return list_empty(&n->active) && time_after(now, n->kept) &&
	       time_after(now, READ_ONCE(n->used) + age) &&
	       time_after(now, READ_ONCE(n->confirmed) + age);
}

/* Drop what is unused in one list, a batch under the lock at a time. Entries
 * looked at go to its end; the first that has been there ends the turn.
 */
static void age_list(struct vtap_neigh_table *table, struct list_head *list,
		     unsigned long now)
{
	struct vtap_neigh *n;

	do {
		unsigned int batch = VTAP_NEIGH_BATCH;
		struct todo todo;

		todo_init(&todo);
		spin_lock(&table->lock);
		while (batch--) {
			n = list_first_entry_or_null(list, struct vtap_neigh,
						     list);
			if (!n || n->turn == table->turn) {
				n = NULL;
				break;
			}
			n->turn = table->turn;
			if (aged(table, n, now)) {
				remove(table, n, &todo);
				continue;
			}
			/* On 32-bit what is long past would be to come. */
			if (time_after(now, n->kept))
				n->kept = now;
			list_move_tail(&n->list, list);
		}
		spin_unlock(&table->lock);
		todo_run(table, &todo);
	} while (n);
}

/**
 * vtap_neigh_expire() - do what is due: ask again, give up, forget
 * @table: neighbours of the host end
 * @now: jiffies
 *
 * Context: RCU, BH off; one caller at a time.
 * Return: when to call again, in jiffies.
 */
unsigned long vtap_neigh_expire(struct vtap_neigh_table *table,
				unsigned long now)
{
	unsigned long next;

	do {
		next = now + VTAP_NEIGH_GC_INTERVAL;
	} while (expire_batch(table, now, &next));
	if (time_after_eq(now, READ_ONCE(table->gc))) {
		WRITE_ONCE(table->turn, table->turn + 1);
		age_list(table, &table->hosts, now);
		age_list(table, &table->routers, now);
		WRITE_ONCE(table->gc, now + VTAP_NEIGH_GC_INTERVAL);
	}
	return next;
}

static void neigh_timer(struct timer_list *timer)
{
	struct vtap_neigh_table *table = timer_container_of(table, timer,
							    timer);
	unsigned long next;

	rcu_read_lock();
	next = vtap_neigh_expire(table, jiffies);
	rcu_read_unlock();
	if (READ_ONCE(table->ipv4_entries) || READ_ONCE(table->ipv6_entries))
		timer_reduce(&table->timer, round_up_tick(next));
}

/* Changes from process context; what is to be done runs as packets do. */
static void begin_change(struct vtap_neigh_table *table)
	__acquires(RCU) __acquires(&table->lock)
{
	local_bh_disable();
	rcu_read_lock();
	spin_lock(&table->lock);
}

static void end_change(struct vtap_neigh_table *table, struct todo *todo)
	__releases(&table->lock) __releases(RCU)
{
	spin_unlock(&table->lock);
	todo_run(table, todo);
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * vtap_neigh_mac() - hardware address of a neighbour, to be shown
 * @table: neighbours of the host end
 * @addr: whose
 * @mac: set when known
 *
 * Context: RCU.
 * Return: whether it is known.
 */
bool vtap_neigh_mac(struct vtap_neigh_table *table,
		    const struct in6_addr *addr, struct vtap_mac *mac)
{
	struct vtap_neigh *n = rhashtable_lookup(&table->hash, addr,
						 neigh_params);

	if (!n)
		return false;
	/* Pairs with set_state(). */
	switch (smp_load_acquire(&n->state)) {
	case VTAP_NEIGH_INCOMPLETE:
	case VTAP_NEIGH_FAILED:
		return false;
	}
	*mac = vtap_mac_read(&n->mac);
	return mac->raw;
}

/**
 * vtap_neigh_life() - does this neighbour live, as far as is known?
 * @table: neighbours of the host end
 * @addr: whose
 *
 * One that is being asked anew lives until it is known to be silent.
 *
 * Context: RCU.
 * Return: what is known.
 */
enum vtap_neigh_life vtap_neigh_life(struct vtap_neigh_table *table,
				     const struct in6_addr *addr)
{
	const struct vtap_neigh *n = rhashtable_lookup(&table->hash, addr,
						       neigh_params);

	if (!n)
		return VTAP_NEIGH_UNKNOWN;
	if (READ_ONCE(n->lost))
		return VTAP_NEIGH_SILENT;
	switch (READ_ONCE(n->state)) {
	case VTAP_NEIGH_PERMANENT:
		return VTAP_NEIGH_ALIVE;
	case VTAP_NEIGH_FAILED:
		return VTAP_NEIGH_UNKNOWN;
	default:
		/* What somebody claimed unasked is no sign of life. */
		return READ_ONCE(n->proven) ? VTAP_NEIGH_ALIVE :
					      VTAP_NEIGH_UNKNOWN;
	}
}

/**
 * vtap_neigh_is_proven() - did this station answer when everybody was asked?
 * @table: neighbours of the host end
 * @addr: its address
 * @mac: its hardware address
 *
 * Context: RCU.
 * Return: true for a neighbour whose word nobody else can have given, and for
 * a permanent one.
 */
bool vtap_neigh_is_proven(struct vtap_neigh_table *table,
			  const struct in6_addr *addr, struct vtap_mac mac)
{
	const struct vtap_neigh *n = rhashtable_lookup(&table->hash, addr,
						       neigh_params);

	return n && vtap_mac_equal(vtap_mac_read(&n->mac), mac) &&
	       (READ_ONCE(n->proven) ||
		READ_ONCE(n->state) == VTAP_NEIGH_PERMANENT);
}

/**
 * vtap_neigh_disproves() - did this neighbour prove to have another address?
 * @table: neighbours of the host end
 * @addr: its address
 * @mac: hardware address that somebody claims for it
 *
 * Context: RCU.
 * Return: true when @mac is not the one that it proved to have.
 */
bool vtap_neigh_disproves(struct vtap_neigh_table *table,
			  const struct in6_addr *addr, struct vtap_mac mac)
{
	struct vtap_mac known;

	return vtap_neigh_mac(table, addr, &known) &&
	       vtap_neigh_is_proven(table, addr, known) &&
	       !vtap_mac_equal(known, mac);
}

static int set_locked(struct vtap_neigh_table *table,
		      const struct in6_addr *addr, struct vtap_mac mac,
		      enum vtap_neigh_state state, bool kernel,
		      struct todo *todo)
{
	struct vtap_neigh *n = lookup(table, addr);

	if (n && n->kernel && !kernel)
		return -EBUSY;
	if (!n)
		n = create(table, addr, false, jiffies, todo);
	if (IS_ERR(n))
		return PTR_ERR(n);
	set_mac(table, n, mac, state, jiffies, todo);
	WRITE_ONCE(n->kernel, kernel);
	return 0;
}

static int set(struct vtap_neigh_table *table, const struct in6_addr *addr,
	       struct vtap_mac mac, enum vtap_neigh_state state, bool kernel)
{
	struct todo todo;
	int err;

	todo_init(&todo);
	begin_change(table);
	err = set_locked(table, addr, mac, state, kernel, &todo);
	end_change(table, &todo);
	return err;
}

/**
 * vtap_neigh_set_permanent() - the kernel's own table has a permanent neighbour
 * @table: neighbours of the host end
 * @addr: whose
 * @mac: hardware address
 *
 * Context: process or BH.
 * Return: 0, -ENOSPC when every entry is permanent already, or -ENOMEM.
 */
int vtap_neigh_set_permanent(struct vtap_neigh_table *table,
			     const struct in6_addr *addr, struct vtap_mac mac)
{
	return set(table, addr, mac, VTAP_NEIGH_PERMANENT, true);
}

/**
 * vtap_neigh_set() - the administrator set a neighbour
 * @table: neighbours of the host end
 * @addr: whose
 * @mac: hardware address
 * @state: VTAP_NEIGH_PERMANENT or VTAP_NEIGH_STALE
 *
 * Context: process or BH.
 * Return: 0, -EBUSY when it is permanent in the kernel's own table, -ENOSPC when
 *	every entry is permanent already, or -ENOMEM.
 */
int vtap_neigh_set(struct vtap_neigh_table *table, const struct in6_addr *addr,
		   struct vtap_mac mac, enum vtap_neigh_state state)
{
	return set(table, addr, mac, state, false);
}

/**
 * vtap_neigh_clear_permanent() - the kernel's own table has it no more
 * @table: neighbours of the host end
 * @addr: whose; others than those of vtap_neigh_set_permanent() stay
 *
 * It forgets entries of its own for other reasons, too.
 *
 * Context: process or BH.
 */
void vtap_neigh_clear_permanent(struct vtap_neigh_table *table,
				const struct in6_addr *addr)
{
	struct vtap_neigh *n;
	struct todo todo;

	todo_init(&todo);
	begin_change(table);
	n = lookup(table, addr);
	if (n && n->kernel)
		remove(table, n, &todo);
	end_change(table, &todo);
}

/**
 * vtap_neigh_delete() - the administrator takes a neighbour away
 * @table: neighbours of the host end
 * @addr: whose
 *
 * Context: process or BH.
 * Return: 0, -ENOENT, or -EBUSY when it is permanent in the kernel's own table.
 */
int vtap_neigh_delete(struct vtap_neigh_table *table,
		      const struct in6_addr *addr)
{
	struct vtap_neigh *n;
	struct todo todo;
	int err = 0;

	todo_init(&todo);
	begin_change(table);
	n = lookup(table, addr);
	if (!n)
		err = -ENOENT;
	else if (n->kernel)
		err = -EBUSY;
	else
		remove(table, n, &todo);
	end_change(table, &todo);
	return err;
}

static int ask_locked(struct vtap_neigh_table *table,
		      const struct in6_addr *addr, unsigned long now,
		      struct todo *todo)
{
	struct vtap_neigh *n = lookup(table, addr);

	if (n && n->state == VTAP_NEIGH_PERMANENT)
		return -EEXIST;
	if (n) {
		probe_locked(table, n, now, todo);
		/* Of others than routers nobody waits for news. */
		n->watched = n->watched && n->router;
		return 0;
	}
	n = create(table, addr, false, now, todo);
	if (IS_ERR(n))
		return PTR_ERR(n);
	start_incomplete(table, n, now, todo);
	return 0;
}

/**
 * vtap_neigh_ask() - the administrator wants to know whether a neighbour is there
 * @table: neighbours of the host end, with option ``resolve`` on
 * @addr: whose
 *
 * Context: process or BH.
 * Return: 0, -EEXIST when it is permanent, -ENOSPC when every entry is, or
 *	-ENOMEM.
 */
int vtap_neigh_ask(struct vtap_neigh_table *table, const struct in6_addr *addr)
{
	struct todo todo;
	int err;

	todo_init(&todo);
	begin_change(table);
	err = ask_locked(table, addr, jiffies, &todo);
	end_change(table, &todo);
	return err;
}

static void flush_list(struct vtap_neigh_table *table, struct list_head *list)
{
	struct vtap_neigh *n, *next;
	struct todo todo;

	todo_init(&todo);
	begin_change(table);
	list_for_each_entry_safe(n, next, list, list)
		remove(table, n, &todo);
	end_change(table, &todo);
}

/**
 * vtap_neigh_flush() - forget every neighbour but the permanent ones
 * @table: neighbours of the host end
 *
 * Context: process.
 */
void vtap_neigh_flush(struct vtap_neigh_table *table)
{
	flush_list(table, &table->hosts);
	flush_list(table, &table->unresolved);
	flush_list(table, &table->routers);
}

/**
 * vtap_neigh_forget_permanent() - forget the permanent neighbours
 * @table: neighbours of a host end that goes to another namespace, where nobody
 *	set them
 *
 * Context: process.
 */
void vtap_neigh_forget_permanent(struct vtap_neigh_table *table)
{
	flush_list(table, &table->permanent);
}

/**
 * vtap_neigh_shrink() - evict until the table is within its limit
 * @table: neighbours of the host end, whose @max was lowered
 *
 * Context: process.
 */
void vtap_neigh_shrink(struct vtap_neigh_table *table)
{
	struct todo todo;

	todo_init(&todo);
	begin_change(table);
	make_room(table, READ_ONCE(table->max) + 1, &todo);
	end_change(table, &todo);
}

/**
 * vtap_neigh_init() - an empty table
 * @table: to initialise, with its limits set
 * @ops: what the table needs done
 * @dev: host end
 * @stats: its counters
 *
 * Return: 0 or -ENOMEM.
 */
int vtap_neigh_init(struct vtap_neigh_table *table,
		    const struct vtap_neigh_ops *ops,
		    const struct net_device *dev,
		    struct vtap_stats __percpu *stats)
{
	table->ops = ops;
	table->dev = dev;
	table->stats = stats;
	spin_lock_init(&table->lock);
	INIT_LIST_HEAD(&table->hosts);
	INIT_LIST_HEAD(&table->unresolved);
	INIT_LIST_HEAD(&table->routers);
	INIT_LIST_HEAD(&table->permanent);
	INIT_LIST_HEAD(&table->active);
	INIT_LIST_HEAD(&table->waiting);
	table->gc = jiffies + VTAP_NEIGH_GC_INTERVAL;
	timer_setup(&table->timer, neigh_timer, 0);
	return rhashtable_init(&table->hash, &neigh_params);
}

/**
 * vtap_neigh_stop() - stop the timer for good and forget every neighbour
 * @table: of a host end that no packet reaches any more
 *
 * The kernel's neighbour table may still tell of its entries.
 *
 * Context: may sleep.
 */
void vtap_neigh_stop(struct vtap_neigh_table *table)
{
	timer_shutdown_sync(&table->timer);
	vtap_neigh_flush(table);
	flush_list(table, &table->permanent);
}

/**
 * vtap_neigh_destroy() - free a stopped table
 * @table: to free; nobody refers to its host end any more
 *
 * Context: may sleep.
 */
void vtap_neigh_destroy(struct vtap_neigh_table *table)
{
	flush_list(table, &table->permanent);
	rhashtable_destroy(&table->hash);
}
