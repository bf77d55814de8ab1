// SPDX-License-Identifier: GPL-2.0
/* Answers to the host's DNS queries, kept for the next who asks the same server.
 *
 * An answer is kept if it is that to a query which was seen to leave; and it is
 * given as it came, but for its TTLs, to a query that differs in nothing on
 * which it depends.
 */

#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "device.h"
#include "dns.h"
#include "nexthop.h"
#include "trace.h"

/* Seconds; no client waits longer for one server. */
#define PENDING_TIME	10
#define HOP_LIMIT	64

/* What an answer is found by: all that it depends on. */
struct answer_key {
	struct in6_addr server;		/* IPv4 as ::ffff:a.b.c.d */
	u8 flags;			/* VTAP_DNS_* */
	u16 question_len;
	u8 question[VTAP_DNS_QUESTION_MAX];	/* in canonical case */
};

/* Its question is kept in canonical case: who gets it has another anyway. */
struct answer {
	struct rhash_head node;
	struct list_head used;
	struct rcu_head rcu;
	struct in6_addr server;
	u64 came;			/* boot time in seconds */
	u32 lifetime;
	u8 flags;
	u16 question_len;
	u16 len;
	u8 msg[];
};

/* A query on its way. */
struct pending {
	struct hlist_node node;
	struct list_head asked;
	u64 sent;			/* boot time in seconds */
	struct in6_addr client;
	struct in6_addr server;
	__be16 port;			/* of the client */
	__be16 id;
	u8 flags;
	u16 question_len;
	u8 question[];
};

/* A message to or from a server, and who talks to whom. */
struct message {
	struct in6_addr client;
	struct in6_addr server;
	__be16 port;			/* of the client */
	bool summed;			/* it has a checksum */
	const u8 *data;
	unsigned int len;
};

static u32 hash(const struct in6_addr *server, u8 flags, const u8 *question,
		size_t len, u32 seed)
{
	seed = jhash2((const u32 *)server, sizeof(*server) / sizeof(u32),
		      seed ^ flags);
	return jhash(question, len, seed);
}

static u32 hash_key(const void *data, u32 len, u32 seed)
{
	const struct answer_key *key = data;

	return hash(&key->server, key->flags, key->question, key->question_len,
		    seed);
}

static u32 hash_answer(const void *data, u32 len, u32 seed)
{
	const struct answer *a = data;

	return hash(&a->server, a->flags, a->msg + VTAP_DNS_HEADER,
		    a->question_len, seed);
}

static int compare_answer(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct answer_key *key = arg->key;
	const struct answer *a = data;

	return a->flags != key->flags ||
	       a->question_len != key->question_len ||
	       !ipv6_addr_equal(&a->server, &key->server) ||
	       memcmp(a->msg + VTAP_DNS_HEADER, key->question,
		      key->question_len);
}

static const struct rhashtable_params answer_params = {
	.head_offset	= offsetof(struct answer, node),
	.key_len	= sizeof(struct answer_key),
	.hashfn		= hash_key,
	.obj_hashfn	= hash_answer,
	.obj_cmpfn	= compare_answer,
	.automatic_shrinking = true,
};

static struct vtap_port *port_of(struct vtap_dns_cache *cache)
{
	return container_of(cache, struct vtap_port, dns);
}

/* What became of a question, or of the answer to it. */
static void trace(struct vtap_dns_cache *cache, const struct in6_addr *server,
		  const u8 *question, size_t len, const char *decision)
{
	trace_vtap_dns(port_of(cache)->dev, server, question, len, decision);
}

static size_t size_of(const struct answer *a)
{
	return struct_size(a, msg, a->len);
}

static void remove_answer(struct vtap_dns_cache *cache, struct answer *a,
			  const char *why)
{
	lockdep_assert_held(&cache->lock);
	trace(cache, &a->server, a->msg + VTAP_DNS_HEADER, a->question_len,
	      why);
	rhashtable_remove_fast(&cache->answers, &a->node, answer_params);
	list_del(&a->used);
	WRITE_ONCE(cache->entries, cache->entries - 1);
	WRITE_ONCE(cache->changes, cache->changes + 1);
	WRITE_ONCE(cache->bytes, cache->bytes - size_of(a));
	kfree_rcu(a, rcu);
}

static void remove_pending(struct vtap_dns_cache *cache, struct pending *p)
{
	lockdep_assert_held(&cache->lock);
	hlist_del(&p->node);
	list_del(&p->asked);
	cache->waiting--;
	kfree(p);
}

/* In seconds. It can have come after somebody looked at the clock, on another CPU. */
static u64 age_of(const struct answer *a, u64 now)
{
	return now > a->came ? now - a->came : 0;
}

/* Seconds that it still holds, 0 for none. */
static u32 left_of(const struct vtap_dns_cache *cache, const struct answer *a,
		   u64 now)
{
	u32 lifetime = min(a->lifetime, READ_ONCE(cache->ttl_max));
	u64 age = age_of(a, now);

	return age < lifetime ? lifetime - age : 0;
}

/* Down to @max; those that end by themselves are no evictions. */
static void shrink(struct vtap_dns_cache *cache, unsigned int max, u64 now)
{
	while (cache->entries > max) {
		struct answer *a = list_first_entry(&cache->used, struct answer,
						    used);

		bool expired = !left_of(cache, a, now);

		if (!expired)
			vtap_count(port_of(cache)->stats,
				   VTAP_STAT_DNS_EVICTIONS);
		remove_answer(cache, a, expired ? "expired" : "evicted");
	}
}

static void flush(struct vtap_dns_cache *cache)
{
	struct pending *p, *next_p;
	struct answer *a, *next_a;

	list_for_each_entry_safe(a, next_a, &cache->used, used)
		remove_answer(cache, a, "flushed");
	list_for_each_entry_safe(p, next_p, &cache->asked, asked)
		remove_pending(cache, p);
}

/**
 * vtap_dns_cache_flush() - forget all answers, and all queries
 * @cache: of a host end
 *
 * What is on its way is not kept either: it may come from where the host was
 * connected before.
 */
void vtap_dns_cache_flush(struct vtap_dns_cache *cache)
{
	spin_lock_bh(&cache->lock);
	flush(cache);
	spin_unlock_bh(&cache->lock);
}

/**
 * vtap_dns_cache_changed() - an option of the cache was set
 * @port: host end
 *
 * Context: RTNL.
 */
void vtap_dns_cache_changed(struct vtap_port *port)
{
	struct vtap_dns_cache *cache = &port->dns;

	if (!READ_ONCE(cache->on)) {
		vtap_dns_cache_flush(cache);
		return;
	}
	spin_lock_bh(&cache->lock);
	shrink(cache, READ_ONCE(cache->max), ktime_get_boottime_seconds());
	spin_unlock_bh(&cache->lock);
}

/* What vtap_dns_cache_walk() is called with. */
struct answer_visit {
	struct vtap_dns_cache *cache;
	u64 now;
	int (*visit)(const struct vtap_dns_entry *entry, void *context);
	void *context;
};

static int visit_answer(void *entry, void *context)
{
	const struct answer_visit *visit = context;
	const struct answer *a = entry;
	const struct vtap_dns_entry shown = {
		.server = a->server,
		.question = a->msg + VTAP_DNS_HEADER,
		.question_len = a->question_len,
		.lifetime = left_of(visit->cache, a, visit->now),
		.msg = a->msg,
		.len = a->len,
	};

	return shown.lifetime ? visit->visit(&shown, visit->context) : 0;
}

/**
 * vtap_dns_cache_walk() - visit the answers that were not visited yet
 * @cache: of a host end
 * @walk: where to go on from, see vtap_walk()
 * @visit: called with one that still holds
 * @context: passed on to @visit
 *
 * Context: RCU.
 * Return: 0 when done, else what @visit returned.
 */
int vtap_dns_cache_walk(struct vtap_dns_cache *cache, struct vtap_walk *walk,
			int (*visit)(const struct vtap_dns_entry *entry,
				     void *context), void *context)
{
	struct answer_visit each = {
		.cache = cache,
		.now = ktime_get_boottime_seconds(),
		.visit = visit,
		.context = context,
	};

	return vtap_walk(&cache->answers, walk, visit_answer, &each);
}

/**
 * vtap_dns_cache_init() - an empty cache
 * @cache: to initialise, with its options set
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int vtap_dns_cache_init(struct vtap_dns_cache *cache)
{
	unsigned int i;

	spin_lock_init(&cache->lock);
	INIT_LIST_HEAD(&cache->used);
	INIT_LIST_HEAD(&cache->asked);
	for (i = 0; i < VTAP_DNS_PENDING_HASH; i++)
		INIT_HLIST_HEAD(&cache->pending[i]);
	return rhashtable_init(&cache->answers, &answer_params);
}

/**
 * vtap_dns_cache_destroy() - free all of a cache
 * @cache: of a host end that no packet can reach
 *
 * Context: may sleep.
 */
void vtap_dns_cache_destroy(struct vtap_dns_cache *cache)
{
	vtap_dns_cache_flush(cache);
	rhashtable_destroy(&cache->answers);
}

/* Another network may have other servers at the same addresses. */
static void follow_place(struct vtap_dns_cache *cache)
{
	struct vtap_port *port = port_of(cache);
	const struct vtap_lease4 *lease = vtap_learn_lease4(&port->learned);
	struct vtap_dns_place place = {
		.gateway4 = vtap_nexthop_gateway4(port),
		.address4 = lease ? lease->msg.address : 0,
	};

	vtap_nexthop_gateway6(port, &place.gateway6);
	vtap_lease6_address(&port->leases6, &place.address6);
	if (!memcmp(&place, &cache->place, sizeof(place)))
		return;
	flush(cache);
	cache->place = place;
}

static bool is_unicast(const struct in6_addr *addr)
{
	__be32 addr4 = addr->s6_addr32[3];

	if (ipv6_addr_v4mapped(addr))
		return addr4 && !ipv4_is_multicast(addr4) &&
		       !ipv4_is_lbcast(addr4);
	return ipv6_addr_type(addr) & IPV6_ADDR_UNICAST;
}

static bool get_addresses(const struct sk_buff *skb, const struct vtap_pkt *pkt,
			  struct in6_addr *source, struct in6_addr *dest)
{
	if (pkt->family == AF_INET) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, source);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, dest);
	} else {
		*source = ipv6_hdr(skb)->saddr;
		*dest = ipv6_hdr(skb)->daddr;
	}
	return is_unicast(source) && is_unicast(dest);
}

/* A whole message to or from a server, at least so much of it in the linear part
 * as may be kept. Nothing that is corrupt.
 */
static bool find_message(struct sk_buff *skb, const struct vtap_pkt *pkt,
			 bool query, struct message *m)
{
	const struct udphdr *udp = vtap_pkt_udp(skb, pkt);
	unsigned int len = pkt->udp_len, linear;

	if (!udp || (query ? udp->dest : udp->source) != htons(VTAP_DNS_PORT) ||
	    pkt->en_route)
		return false;
	linear = min_t(unsigned int, len, sizeof(*udp) + VTAP_DNS_ANSWER_MAX);
	if (!pskb_network_may_pull(skb, pkt->l4 + linear))
		return false;
	udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	m->summed = skb->ip_summed == CHECKSUM_PARTIAL || udp->check;
	if (skb->ip_summed != CHECKSUM_PARTIAL && udp->check &&
	    !vtap_pkt_sum_good(skb, pkt, len))
		return false;
	m->port = query ? udp->source : udp->dest;
	m->data = (const u8 *)(udp + 1);
	m->len = len - sizeof(*udp);
	return query ? get_addresses(skb, pkt, &m->client, &m->server) :
		       get_addresses(skb, pkt, &m->server, &m->client);
}

static struct answer *find_answer(struct vtap_dns_cache *cache,
				  const struct message *m,
				  const struct vtap_dns_query *q)
{
	struct answer_key key = {
		.server = m->server,
		.flags = q->flags,
		.question_len = q->question_len,
	};

	lockdep_assert_held(&cache->lock);
	vtap_dns_canonical(key.question, m->data + VTAP_DNS_HEADER,
			   q->question_len);
	return rhashtable_lookup_fast(&cache->answers, &key, answer_params);
}

static struct hlist_head *bucket(struct vtap_dns_cache *cache, __be16 id)
{
	return &cache->pending[ntohs(id) % VTAP_DNS_PENDING_HASH];
}

/* A client may ask two questions with one id. */
static struct pending *find_pending(struct vtap_dns_cache *cache,
				    const struct message *m, __be16 id)
{
	struct pending *p;

	lockdep_assert_held(&cache->lock);
	hlist_for_each_entry(p, bucket(cache, id), node) {
		if (p->id == id && p->port == m->port &&
		    ipv6_addr_equal(&p->client, &m->client) &&
		    ipv6_addr_equal(&p->server, &m->server) &&
		    vtap_dns_has_question(m->data, m->len, p->question,
					  p->question_len))
			return p;
	}
	return NULL;
}

/* Remember a query, so that its answer may be kept. */
static void expect(struct vtap_dns_cache *cache, const struct message *m,
		   const struct vtap_dns_query *q, u64 now)
{
	struct pending *p = find_pending(cache, m, q->id);

	if (p)
		remove_pending(cache, p);
	else if (cache->waiting == VTAP_DNS_PENDING)
		remove_pending(cache, list_first_entry(&cache->asked,
						       struct pending, asked));
	p = kmalloc(struct_size(p, question, q->question_len),
		    GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT);
	if (!p)
		return;
	p->sent = now;
	p->client = m->client;
	p->server = m->server;
	p->port = m->port;
	p->id = q->id;
	p->flags = q->flags;
	p->question_len = q->question_len;
	memcpy(p->question, m->data + VTAP_DNS_HEADER, q->question_len);
	hlist_add_head(&p->node, bucket(cache, p->id));
	list_add_tail(&p->asked, &cache->asked);
	cache->waiting++;
}

/* To be fragmented on the way, as the server's own may be: of an answer too long
 * for a link to the asker nobody could tell the server.
 */
static void push_ipv4(struct net *net, struct sk_buff *skb,
		      const struct message *m)
{
	unsigned int len = skb->len;
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	*iph = (struct iphdr) {
		.version = 4,
		.ihl = sizeof(*iph) / 4,
		.tot_len = htons(sizeof(*iph) + len),
		.ttl = HOP_LIMIT,
		.protocol = IPPROTO_UDP,
		.saddr = m->server.s6_addr32[3],
		.daddr = m->client.s6_addr32[3],
	};
	__ip_select_ident(net, iph, 1);
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
}

static void push_ipv6(struct sk_buff *skb, const struct message *m)
{
	unsigned int len = skb->len;
	struct ipv6hdr *ip6h = skb_push(skb, sizeof(*ip6h));

	*ip6h = (struct ipv6hdr) {
		.version = 6,
		.payload_len = htons(len),
		.nexthdr = IPPROTO_UDP,
		.hop_limit = HOP_LIMIT,
		.saddr = m->server,
		.daddr = m->client,
	};
	skb->protocol = htons(ETH_P_IPV6);
}

static void push_udp(struct sk_buff *skb, const struct message *m)
{
	struct udphdr *udp = skb_push(skb, sizeof(*udp));

	skb_reset_transport_header(skb);
	*udp = (struct udphdr) {
		.source = htons(VTAP_DNS_PORT),
		.dest = m->port,
		.len = htons(skb->len),
	};
}

static void set_udp_sum(struct sk_buff *skb, u8 family)
{
	struct udphdr *udp = udp_hdr(skb);
	unsigned int len = ntohs(udp->len);
	const struct vtap_pkt pkt = {
		.family = family,
		.protocol = IPPROTO_UDP,
		.l4 = skb_transport_offset(skb),
	};

	udp->check = vtap_pkt_sum(skb, &pkt, len, len) ?: CSUM_MANGLED_0;
}

/* The answer as the server would send it now, but for its letters' case. */
static struct sk_buff *make_reply(struct vtap_port *port,
				  const struct message *m,
				  const struct vtap_dns_query *q,
				  const struct answer *a, u32 age)
{
	unsigned int headroom = ETH_HLEN + sizeof(struct ipv6hdr) +
				sizeof(struct udphdr);
	struct sk_buff *skb = netdev_alloc_skb(port->dev, headroom + a->len);
	bool ipv4 = ipv6_addr_v4mapped(&m->server);

	if (!skb)
		return NULL;
	skb_reserve(skb, headroom);
	skb_put_data(skb, a->msg, a->len);
	vtap_dns_fit(skb->data, a->len, q->id, m->data + VTAP_DNS_HEADER,
		     q->question_len, age);
	push_udp(skb, m);
	if (ipv4)
		push_ipv4(dev_net(port->dev), skb, m);
	else
		push_ipv6(skb, m);
	skb_reset_network_header(skb);
	set_udp_sum(skb, ipv4 ? AF_INET : AF_INET6);
	skb->pkt_type = PACKET_HOST;
	return skb;
}

/* An answer that is longer than the asker can take, the server will cut. */
static struct sk_buff *reply_from_cache(struct vtap_port *port,
					const struct message *m,
					const struct vtap_dns_query *q,
					u64 now)
{
	struct vtap_dns_cache *cache = &port->dns;
	struct answer *a = find_answer(cache, m, q);

	if (!a)
		return NULL;
	if (!left_of(cache, a, now)) {
		remove_answer(cache, a, "expired");
		return NULL;
	}
	if (a->len > q->size)
		return NULL;
	list_move_tail(&a->used, &cache->used);
	return make_reply(port, m, q, a, age_of(a, now));
}

/**
 * vtap_dns_cache_tx() - look at a packet of the host for queries
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 * @now: boot time in seconds
 * @reply: set to the answer, an IP packet for the host, where it is known
 *
 * Where it is not, the query is remembered, so that its answer may be kept. Both
 * end when the host end gets another gateway or lease.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, or VTAP_CONSUMED where there is a reply.
 */
enum vtap_verdict vtap_dns_cache_tx(struct vtap_port *port,
				    struct sk_buff *skb,
				    const struct vtap_pkt *pkt, u64 now,
				    struct sk_buff **reply)
{
	struct vtap_dns_cache *cache = &port->dns;
	struct vtap_dns_query q;
	struct message m;
	int err;

	if (!find_message(skb, pkt, true, &m))
		return VTAP_CONTINUE;
	err = m.len > VTAP_DNS_ANSWER_MAX ? -EOPNOTSUPP :
	      vtap_dns_parse_query(m.data, m.len, &q);
	if (err != -EBADMSG)
		vtap_count(port->stats, VTAP_STAT_DNS_QUERIES);
	if (err)
		return VTAP_CONTINUE;

	spin_lock(&cache->lock);
	follow_place(cache);
	*reply = reply_from_cache(port, &m, &q, now);
	/* Once it is turned off, nothing enters any more. */
	if (!*reply && READ_ONCE(cache->on))
		expect(cache, &m, &q, now);
	spin_unlock(&cache->lock);
	trace(cache, &m.server, m.data + VTAP_DNS_HEADER, q.question_len,
	      *reply ? "hit" : "miss");
	if (!*reply) {
		vtap_count(port->stats, VTAP_STAT_DNS_MISSES);
		return VTAP_CONTINUE;
	}
	vtap_count(port->stats, VTAP_STAT_DNS_HITS);
	consume_skb(skb);
	return VTAP_CONSUMED;
}

static void insert(struct vtap_dns_cache *cache, struct answer *a)
{
	lockdep_assert_held(&cache->lock);
	shrink(cache, READ_ONCE(cache->max) - 1, a->came);
	if (rhashtable_insert_fast(&cache->answers, &a->node, answer_params)) {
		kfree(a);
		return;
	}
	list_add_tail(&a->used, &cache->used);
	WRITE_ONCE(cache->entries, cache->entries + 1);
	WRITE_ONCE(cache->changes, cache->changes + 1);
	WRITE_ONCE(cache->bytes, cache->bytes + size_of(a));
}

static void keep(struct vtap_dns_cache *cache, const struct message *m,
		 const struct pending *p, u32 lifetime, u64 now)
{
	const struct vtap_dns_query q = {
		.flags = p->flags,
		.question_len = p->question_len,
	};
	struct answer *a = find_answer(cache, m, &q);

	if (a)
		remove_answer(cache, a, "replaced");
	a = kmalloc(struct_size(a, msg, m->len), GFP_ATOMIC | __GFP_NOWARN);
	if (!a)
		return;
	a->server = m->server;
	a->came = now;
	a->lifetime = lifetime;
	a->flags = p->flags;
	a->question_len = p->question_len;
	a->len = m->len;
	memcpy(a->msg, m->data, m->len);
	vtap_dns_canonical(a->msg + VTAP_DNS_HEADER, p->question,
			   p->question_len);
	insert(cache, a);
}

/* RFC 5452 9.1: what is compared. Who guesses wrong ends nothing. */
static struct pending *find_asked(struct vtap_dns_cache *cache,
				  const struct message *m, u64 now)
{
	struct pending *p;

	if (m->len < VTAP_DNS_HEADER)
		return NULL;
	p = find_pending(cache, m, get_unaligned((const __be16 *)m->data));
	if (!p || !vtap_dns_answers(m->data, m->len, p->question,
				    p->question_len) ||
	    now - p->sent > PENDING_TIME)
		return NULL;
	return p;
}

/* None for an answer to the same question with other flags. */
static u32 lifetime_of(const struct message *m, const struct pending *p)
{
	u8 flags = 0;
	u32 lifetime = vtap_dns_lifetime(m->data, m->len, p->question_len,
					 &flags);

	return (flags ^ p->flags) & ~VTAP_DNS_AD ? 0 : lifetime;
}

/**
 * vtap_dns_cache_rx() - look at a packet from the VPN for answers
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 * @now: boot time in seconds
 *
 * The first answer ends the wait for it, whether it is kept or not.
 *
 * Context: RCU, BH off.
 */
void vtap_dns_cache_rx(struct vtap_port *port, struct sk_buff *skb,
		       const struct vtap_pkt *pkt, u64 now)
{
	struct vtap_dns_cache *cache = &port->dns;
	struct pending *p;
	struct message m;
	u32 lifetime = 0;

	if (skb->pkt_type != PACKET_HOST ||
	    !find_message(skb, pkt, false, &m))
		return;
	spin_lock(&cache->lock);
	follow_place(cache);
	p = find_asked(cache, &m, now);
	if (p) {
		/* One without a checksum may be corrupt, for minutes. And who
		 * forges a later fragment need not know what was asked for.
		 */
		if (m.summed && !pkt->reassembled)
			lifetime = lifetime_of(&m, p);
		trace(cache, &m.server, p->question, p->question_len,
		      lifetime ? "kept" : "not kept");
		if (lifetime)
			keep(cache, &m, p, lifetime, now);
		remove_pending(cache, p);
	}
	spin_unlock(&cache->lock);
}
