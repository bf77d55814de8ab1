// SPDX-License-Identifier: GPL-2.0
/* Reassembly (RFC 791, 815, 3168, 5722, 8200) by the kernel's inet_frag library.
 *
 * The library bounds memory by refusing what is new, so that whoever fills it
 * locks everybody else out. Here the oldest datagram of the source that has most
 * of them makes room instead.
 */

#include <linux/jhash.h>
#include <net/inet_ecn.h>
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "device.h"
#include "frag.h"
#include "trace.h"

/**
 * struct source - a sender of datagrams that are not whole yet
 * @node: in vtap_frag_table.sources
 * @addr: key: its address, IPv4 as ::ffff:a.b.c.d
 * @rank: in vtap_frag_table.rank
 * @queues: its datagrams, the oldest first; never empty
 * @count: how many they are
 * @rcu: for freeing
 *
 * All under the table's lock.
 */
struct source {
	struct rhash_head node;
	struct in6_addr addr;
	struct list_head rank;
	struct list_head queues;
	unsigned int count;
	struct rcu_head rcu;
};

/**
 * struct queue - the fragments of a datagram
 * @q: the library's; its lock guards the members below but @list
 * @table: where it is, NULL until it is listed; written once
 * @source: who sends it, NULL while it is not listed; under the table's lock
 * @list: in source.queues, under the table's lock; holds a reference
 * @fragments: how many
 * @ecn: OR of 1 << their ECN fields
 * @nexthdr: offset of the IPv6 header field to be changed when it is whole
 */
struct queue {
	struct inet_frag_queue q;
	struct vtap_frag_table *table;
	struct source *source;
	struct list_head list;
	unsigned int fragments;
	u8 ecn;
	u16 nexthdr;
};

static const struct rhashtable_params source_params = {
	.head_offset	= offsetof(struct source, node),
	.key_offset	= offsetof(struct source, addr),
	.key_len	= sizeof_field(struct source, addr),
	.automatic_shrinking = true,
};

static struct queue *queue_of(struct inet_frag_queue *q)
{
	return container_of(q, struct queue, q);
}

static void rank_source(struct vtap_frag_table *table, struct source *source,
			int by)
{
	unsigned int old = min_t(unsigned int, source->count, VTAP_FRAG_RANKS);
	unsigned int new;

	source->count += by;
	new = min_t(unsigned int, source->count, VTAP_FRAG_RANKS);
	if (old) {
		list_del(&source->rank);
		if (list_empty(&table->rank[old - 1]))
			table->ranked &= ~BIT_ULL(old - 1);
	}
	if (new) {
		list_add_tail(&source->rank, &table->rank[new - 1]);
		table->ranked |= BIT_ULL(new - 1);
	}
}

static struct source *get_source(struct vtap_frag_table *table,
				 const struct in6_addr *addr)
{
	struct source *source;

	source = rhashtable_lookup_fast(&table->sources, addr, source_params);
	if (source)
		return source;
	source = kzalloc(sizeof(*source), GFP_ATOMIC | __GFP_NOWARN);
	if (!source)
		return NULL;
	source->addr = *addr;
	INIT_LIST_HEAD(&source->queues);
	if (rhashtable_insert_fast(&table->sources, &source->node,
				   source_params)) {
		kfree(source);
		return NULL;
	}
	return source;
}

/* List a new datagram, which is locked. */
static bool list_queue(struct vtap_frag_table *table, struct queue *queue)
{
	struct source *source;

	lockdep_assert_held(&queue->q.lock);
	spin_lock(&table->lock);
	source = get_source(table, &queue->q.key.v6.saddr);
	if (source) {
		queue->table = table;
		queue->source = source;
		refcount_inc(&queue->q.refcnt);
		list_add_tail(&queue->list, &source->queues);
		rank_source(table, source, 1);
		WRITE_ONCE(table->open, table->open + 1);
	}
	spin_unlock(&table->lock);
	return source;
}

/* True when the caller took it out, and has the list's reference now. */
static bool unlist_locked(struct vtap_frag_table *table, struct queue *queue)
{
	struct source *source = queue->source;

	lockdep_assert_held(&table->lock);
	if (!source)
		return false;
	queue->source = NULL;
	list_del(&queue->list);
	WRITE_ONCE(table->open, table->open - 1);
	rank_source(table, source, -1);
	if (!source->count) {
		rhashtable_remove_fast(&table->sources, &source->node,
				       source_params);
		kfree_rcu(source, rcu);
	}
	return true;
}

static void unlist(struct queue *queue, int *refs)
{
	struct vtap_frag_table *table = queue->table;

	if (!table)
		return;
	spin_lock(&table->lock);
	*refs += unlist_locked(table, queue);
	spin_unlock(&table->lock);
}

static void count_drops(struct queue *queue, enum vtap_verdict reason)
{
	struct vtap_port *port = queue->table->port;

	trace_vtap_fragment(port->dev, &queue->q.key.v6, 0, queue->q.len,
			    vtap_drop_name(reason));
	vtap_count_drops(port->dev, port->stats, queue->fragments, reason);
	queue->fragments = 0;
}

/* Give a datagram up; it is locked, and unlisted by now or soon. */
static void give_up(struct queue *queue, enum vtap_verdict reason, int *refs)
{
	lockdep_assert_held(&queue->q.lock);
	inet_frag_kill(&queue->q, refs);
	if (queue->table)
		count_drops(queue, reason);
}

/* Make room: false when there is nothing left to give up. */
static bool evict(struct vtap_frag_table *table, enum vtap_verdict reason)
{
	struct source *source;
	struct queue *queue;
	int refs = 1;	/* the list's */

	spin_lock(&table->lock);
	if (!table->ranked) {
		spin_unlock(&table->lock);
		return false;
	}
	source = list_first_entry(&table->rank[fls64(table->ranked) - 1],
				  struct source, rank);
	queue = list_first_entry(&source->queues, struct queue, list);
	unlist_locked(table, queue);
	spin_unlock(&table->lock);

	spin_lock(&queue->q.lock);
	if (!(queue->q.flags & INET_FRAG_COMPLETE))
		give_up(queue, reason, &refs);
	spin_unlock(&queue->q.lock);
	inet_frag_putn(&queue->q, refs);
	return true;
}

/* A datagram did not get whole in time. Nobody is told: whoever can make up
 * sources would have us tell others. The host end is there as long as the
 * datagram is listed.
 */
static void expire(struct timer_list *timer)
{
	struct inet_frag_queue *q = timer_container_of(q, timer, timer);
	struct queue *queue = queue_of(q);
	int refs = 1;	/* the timer's */

	rcu_read_lock();
	spin_lock(&q->lock);
	if (!(q->flags & INET_FRAG_COMPLETE)) {
		if (queue->table)
			vtap_count(queue->table->port->stats,
				   VTAP_STAT_FRAG_TIMEOUTS);
		give_up(queue, VTAP_RX_DROP_FRAG_TIMEOUT, &refs);
		unlist(queue, &refs);
	}
	spin_unlock(&q->lock);
	rcu_read_unlock();
	inet_frag_putn(q, refs);
}

static void construct(struct inet_frag_queue *q, const void *key)
{
	q->key.v6 = *(const struct frag_v6_compare_key *)key;
}

/* The library looks up by these, not by where the key lies. */
static u32 hash_key(const void *key, u32 len, u32 seed)
{
	return jhash2(key, sizeof(struct frag_v6_compare_key) / sizeof(u32),
		      seed);
}

static u32 hash_queue(const void *data, u32 len, u32 seed)
{
	const struct inet_frag_queue *q = data;

	return hash_key(&q->key.v6, len, seed);
}

static int compare_queue(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct inet_frag_queue *q = data;

	return !!memcmp(&q->key.v6, arg->key, sizeof(q->key.v6));
}

static struct inet_frags frags = {
	.qsize		= sizeof(struct queue),
	.constructor	= construct,
	.frag_expire	= expire,
	.frags_cache_name = "virtualtap_frags",
	.rhash_params	= {
		.head_offset	= offsetof(struct inet_frag_queue, node),
		.hashfn		= hash_key,
		.obj_hashfn	= hash_queue,
		.obj_cmpfn	= compare_queue,
		.automatic_shrinking = true,
	},
};

/* A fragment, as both families have it. Offsets in bytes. */
struct fragment {
	struct frag_v6_compare_key key;
	unsigned int header;	/* in front of the data */
	unsigned int offset;
	unsigned int end;
	bool more;
	u8 ecn;
};

static void read_ipv4(const struct sk_buff *skb, const struct vtap_pkt *pkt,
		      struct fragment *f)
{
	const struct iphdr *iph = ip_hdr(skb);
	u16 field = ntohs(iph->frag_off);

	ipv6_addr_set_v4mapped(iph->saddr, &f->key.saddr);
	ipv6_addr_set_v4mapped(iph->daddr, &f->key.daddr);
	f->key.user = iph->protocol;
	f->key.id = (__force __be32)(__force u16)iph->id;
	f->header = pkt->l4;
	f->offset = (field & IP_OFFSET) * 8;
	f->more = field & IP_MF;
	f->ecn = 1 << (iph->tos & INET_ECN_MASK);
}

static void read_ipv6(const struct sk_buff *skb, const struct vtap_pkt *pkt,
		      struct fragment *f)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	const struct frag_hdr *frag = (const void *)
		(skb_network_header(skb) + pkt->frag);
	u16 field = ntohs(frag->frag_off);

	f->key.saddr = ip6h->saddr;
	f->key.daddr = ip6h->daddr;
	f->key.id = frag->identification;
	f->header = pkt->frag + sizeof(*frag);
	f->offset = field & IP6_OFFSET;
	f->more = field & IP6_MF;
	f->ecn = 1 << (ipv6_get_dsfield(ip6h) & INET_ECN_MASK);
}

/* RFC 791 3.2, RFC 8200 4.5. No datagram is longer than its length field tells,
 * counted without (IPv6) or with (IPv4) the header; no part of it is empty, and
 * but for the last one each ends where the next can begin.
 */
static bool is_good(const struct fragment *f, u8 family)
{
	unsigned int headers = family == AF_INET ? f->header :
			       f->header - sizeof(struct ipv6hdr) -
			       sizeof(struct frag_hdr);

	return f->end > f->offset && f->end + headers <= 0xffff &&
	       !(f->more && f->end % 8);
}

static bool is_whole(const struct inet_frag_queue *q)
{
	return q->flags == (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) &&
	       q->meat == q->len;
}

/* Do the ends of the datagram that were told agree? */
static bool set_end(struct inet_frag_queue *q, const struct fragment *f)
{
	bool known = q->flags & INET_FRAG_LAST_IN;

	if (f->more ? known && f->end > q->len :
		      f->end < q->len || (known && f->end != q->len))
		return false;
	if (!f->more)
		q->flags |= INET_FRAG_LAST_IN;
	q->len = max_t(int, q->len, f->end);
	return true;
}

static void finish_ipv4(struct sk_buff *skb, u8 ecn)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->tot_len = htons(skb->len);
	iph->frag_off = 0;
	iph->tos |= ecn;
	ip_send_check(iph);
}

static void finish_ipv6(struct sk_buff *skb, u8 ecn)
{
	struct ipv6hdr *ip6h = ipv6_hdr(skb);

	ip6h->payload_len = htons(skb->len - sizeof(*ip6h));
	ipv6_change_dsfield(ip6h, 0xff, ecn);
}

/* Take the fragment header out of the first fragment, whose data begins behind
 * it: what is in front of it moves up.
 */
static void remove_frag_header(struct sk_buff *skb, const struct queue *queue)
{
	const unsigned int len = sizeof(struct frag_hdr);
	u8 nexthdr = *(skb->data - len);

	skb_network_header(skb)[queue->nexthdr] = nexthdr;
	memmove(skb->head + len, skb->head, skb->data - skb->head - len);
	skb->mac_header += len;
	skb->network_header += len;
}

/* Would the headers of the first fragment make too long a datagram of it? */
static bool is_too_long(const struct sk_buff *first, const struct queue *queue,
			u8 family)
{
	unsigned int headers = first->data - skb_network_header(first);

	if (family == AF_INET6)
		headers -= sizeof(struct ipv6hdr) + sizeof(struct frag_hdr);
	return headers + queue->q.len > 0xffff;
}

/* Make one packet of all fragments; @skb, the one that came last, becomes it.
 * If that fails, it is freed with the others.
 */
static enum vtap_verdict reassemble(struct queue *queue, struct sk_buff *skb,
				    struct sk_buff *previous, u8 family,
				    int *refs)
{
	enum vtap_verdict reason = VTAP_RX_DROP_FRAG_INVALID;
	u8 ecn = ip_frag_ecn_table[queue->ecn];
	void *data;

	inet_frag_kill(&queue->q, refs);
	unlist(queue, refs);
	if (ecn == 0xff)
		goto drop;
	data = inet_frag_reasm_prepare(&queue->q, skb, previous);
	if (!data) {
		reason = VTAP_RX_DROP_NOMEM;
		goto drop;
	}
	if (is_too_long(skb, queue, family))
		goto drop;
	if (family == AF_INET6)
		remove_frag_header(skb, queue);
	inet_frag_reasm_finish(&queue->q, skb, data, true);
	skb->dev = queue->table->port->dev;
	queue->q.rb_fragments = RB_ROOT;
	queue->q.fragments_tail = NULL;
	queue->q.last_run_head = NULL;
	if (family == AF_INET)
		finish_ipv4(skb, ecn);
	else
		finish_ipv6(skb, ecn);
	/* It was the library's. */
	memset(skb->cb, 0, sizeof(skb->cb));
	vtap_count(queue->table->port->stats, VTAP_STAT_FRAG_REASSEMBLED);
	trace_vtap_fragment(skb->dev, &queue->q.key.v6, 0, queue->q.len,
			    "whole");
	return VTAP_CONTINUE;

drop:
	count_drops(queue, reason);
	return VTAP_CONSUMED;
}

static enum vtap_verdict insert(struct queue *queue, struct sk_buff *skb,
				const struct fragment *f,
				struct sk_buff **previous)
{
	struct inet_frag_queue *q = &queue->q;

	/* What was summed, or merged, was not the datagram. */
	skb->ip_summed = CHECKSUM_NONE;
	skb->csum_valid = 0;
	skb_gso_reset(skb);
	skb_dst_drop(skb);
	skb_orphan(skb);
	*previous = q->fragments_tail;
	switch (inet_frag_queue_insert(q, skb, f->offset, f->end)) {
	case IPFRAG_OK:
		break;
	case IPFRAG_DUP:
		return VTAP_RX_DROP_FRAG_DUPLICATE;
	default:
		return VTAP_RX_DROP_FRAG_OVERLAP;
	}
	q->stamp = skb->tstamp;
	q->meat += skb->len;
	add_frag_mem_limit(q->fqdir, skb->truesize);
	queue->fragments++;
	queue->ecn |= f->ecn;
	if (!f->offset)
		q->flags |= INET_FRAG_FIRST_IN;
	return VTAP_CONTINUE;
}

/* VTAP_CONTINUE: the datagram is whole, and @skb is it now. On a drop @skb is
 * still the caller's.
 */
static enum vtap_verdict add(struct vtap_frag_table *table, struct queue *queue,
			     struct sk_buff *skb, const struct vtap_pkt *pkt,
			     const struct fragment *f, int *refs)
{
	enum vtap_verdict verdict = VTAP_RX_DROP_FRAG_INVALID;
	struct sk_buff *previous;

	lockdep_assert_held(&queue->q.lock);
	/* It got whole, or was given up, this very moment. */
	if (queue->q.flags & INET_FRAG_COMPLETE)
		return VTAP_RX_DROP_FRAG_DUPLICATE;
	if (!queue->table && !list_queue(table, queue)) {
		inet_frag_kill(&queue->q, refs);
		return VTAP_RX_DROP_NOMEM;
	}
	if (!set_end(&queue->q, f))
		goto give_up;
	if (!pskb_pull(skb, f->header)) {
		verdict = VTAP_RX_DROP_NOMEM;
		goto give_up;
	}
	verdict = insert(queue, skb, f, &previous);
	if (verdict == VTAP_RX_DROP_FRAG_DUPLICATE)
		return verdict;
	/* RFC 5722 4, and as the kernel's own reassembly has it for IPv4. */
	if (verdict == VTAP_RX_DROP_FRAG_OVERLAP) {
		vtap_count(table->port->stats, VTAP_STAT_FRAG_OVERLAPS);
		goto give_up;
	}
	if (!f->offset && pkt->family == AF_INET6)
		queue->nexthdr = pkt->frag_nexthdr;
	trace_vtap_fragment(table->port->dev, &f->key, f->offset, f->end,
			    "taken");
	if (!is_whole(&queue->q))
		return VTAP_CONSUMED;
	return reassemble(queue, skb, previous, pkt->family, refs);

give_up:
	give_up(queue, verdict, refs);
	unlist(queue, refs);
	return verdict;
}

/* For as many datagrams, and as much memory on top, as there may be. */
static void make_room(struct vtap_frag_table *table, unsigned int truesize)
{
	u32 max = READ_ONCE(table->port->frags.max);

	while ((READ_ONCE(table->open) > max ||
		frag_mem_limit(table->fqdir) + truesize > VTAP_FRAG_MEMORY) &&
	       evict(table, VTAP_RX_DROP_FRAG_EVICTED))
		vtap_count(table->port->stats, VTAP_STAT_FRAG_EVICTIONS);
}

static void flush(struct vtap_frag_table *table)
{
	local_bh_disable();
	while (evict(table, VTAP_RX_DROP_FRAG_FLUSHED))
		;
	local_bh_enable();
}

static enum vtap_verdict input(struct vtap_frag_table *table,
			       struct sk_buff *skb, const struct vtap_pkt *pkt,
			       struct fragment *f)
{
	enum vtap_verdict verdict;
	struct inet_frag_queue *q;
	int refs = 0;

	if (!is_good(f, pkt->family))
		return VTAP_RX_DROP_FRAG_INVALID;
	make_room(table, skb->truesize);
	q = vtap_inet_frag_find(table->fqdir, &f->key, &refs);
	if (!q)
		return VTAP_RX_DROP_NOMEM;
	spin_lock(&q->lock);
	verdict = add(table, queue_of(q), skb, pkt, f, &refs);
	spin_unlock(&q->lock);
	inet_frag_putn(q, refs);
	make_room(table, 0);
	return verdict;
}

/**
 * vtap_frag_input() - put fragments from the VPN together
 * @port: host end
 * @skb: fragment, data at the IP header, network and MAC header set
 * @pkt: what parsing found
 *
 * When VTAP_CONTINUE is returned, @skb is a whole datagram, to be parsed anew.
 * VTAP_CONSUMED: it waits for the rest.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, VTAP_CONSUMED or a drop.
 */
enum vtap_verdict vtap_frag_input(struct vtap_port *port, struct sk_buff *skb,
				  const struct vtap_pkt *pkt)
{
	bool ipv4 = pkt->family == AF_INET;
	struct vtap_frag_table *table = ipv4 ? &port->frags.ipv4 :
					       &port->frags.ipv6;
	enum vtap_verdict verdict;
	struct fragment f = {};

	if (ipv4)
		read_ipv4(skb, pkt, &f);
	else
		read_ipv6(skb, pkt, &f);
	f.end = f.offset + skb->len - f.header;
	verdict = input(table, skb, pkt, &f);
	if (verdict >= VTAP_RX_DROP_FIRST)
		trace_vtap_fragment(port->dev, &f.key, f.offset, f.end,
				    vtap_drop_name(verdict));
	/* Turned off meanwhile: what flushed all then may have been too early. */
	if (!READ_ONCE(port->frags.reassembly))
		flush(table);
	return verdict;
}

/**
 * vtap_frag_open() - how many datagrams are not whole yet
 * @port: host end
 */
unsigned int vtap_frag_open(const struct vtap_port *port)
{
	return READ_ONCE(port->frags.ipv4.open) +
	       READ_ONCE(port->frags.ipv6.open);
}

/**
 * vtap_frag_changed() - an option of reassembly was set
 * @port: host end
 *
 * The time is that of datagrams that begin from now on. Without reassembly
 * nothing waits any more.
 *
 * Context: RTNL.
 */
void vtap_frag_changed(struct vtap_port *port)
{
	int timeout = READ_ONCE(port->frags.timeout) * HZ;

	WRITE_ONCE(port->frags.ipv4.fqdir->timeout, timeout);
	WRITE_ONCE(port->frags.ipv6.fqdir->timeout, timeout);
	if (READ_ONCE(port->frags.reassembly))
		return;
	flush(&port->frags.ipv4);
	flush(&port->frags.ipv6);
}

static int init_table(struct vtap_frag_table *table, struct vtap_port *port)
{
	unsigned int i;
	int err;

	table->port = port;
	table->ranked = 0;
	spin_lock_init(&table->lock);
	for (i = 0; i < VTAP_FRAG_RANKS; i++)
		INIT_LIST_HEAD(&table->rank[i]);
	err = rhashtable_init(&table->sources, &source_params);
	if (err)
		return err;
	/* What the library keeps the namespace for is not used here. */
	err = fqdir_init(&table->fqdir, &frags, &init_net);
	if (err) {
		rhashtable_destroy(&table->sources);
		return err;
	}
	table->fqdir->high_thresh = VTAP_FRAG_MEMORY;
	table->fqdir->low_thresh = VTAP_FRAG_MEMORY;
	table->fqdir->timeout = READ_ONCE(port->frags.timeout) * HZ;
	return 0;
}

static void stop_table(struct vtap_frag_table *table)
{
	flush(table);
	fqdir_pre_exit(table->fqdir);
}

/* A grace period later, as a timer that found its datagram given up already still
 * has to let go of it. The library frees the rest by itself: it has no way to us
 * then, as nothing is listed.
 */
static void destroy_table(struct vtap_frag_table *table)
{
	fqdir_exit(table->fqdir);
	rhashtable_destroy(&table->sources);
}

/**
 * vtap_frag_init() - nothing waits
 * @port: host end, options set
 *
 * Return: 0 or -ENOMEM.
 */
int vtap_frag_init(struct vtap_port *port)
{
	int err;

	err = init_table(&port->frags.ipv4, port);
	if (err)
		return err;
	err = init_table(&port->frags.ipv6, port);
	if (err) {
		stop_table(&port->frags.ipv4);
		destroy_table(&port->frags.ipv4);
	}
	return err;
}

/**
 * vtap_frag_stop() - forget all fragments
 * @port: host end that no packet reaches any more
 *
 * Context: may sleep.
 */
void vtap_frag_stop(struct vtap_port *port)
{
	stop_table(&port->frags.ipv4);
	stop_table(&port->frags.ipv6);
}

/**
 * vtap_frag_destroy() - free what vtap_frag_stop() left
 * @port: host end that nobody refers to any more
 *
 * Context: may sleep.
 */
void vtap_frag_destroy(struct vtap_port *port)
{
	destroy_table(&port->frags.ipv4);
	destroy_table(&port->frags.ipv6);
}

/**
 * vtap_frag_register() - set the library up
 *
 * Return: 0 or -ENOMEM.
 */
int __init vtap_frag_register(void)
{
	return inet_frags_init(&frags);
}

/**
 * vtap_frag_unregister() - undo vtap_frag_register()
 *
 * Waits until every host end's fragments are freed.
 */
void vtap_frag_unregister(void)
{
	inet_frags_fini(&frags);
}
