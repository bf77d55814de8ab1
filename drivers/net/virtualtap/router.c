// SPDX-License-Identifier: GPL-2.0
/* Routers of the segment, and what they advertise (RFC 4861 6.3, 4191, 8106).
 * It is reported, never applied; the best router serves as fallback gateway.
 */

#include <linux/icmpv6.h>
#include <linux/string.h>
#include <linux/ktime.h>
#include <net/ipv6.h>

#include "device.h"
#include "netlink.h"
#include "router.h"

static u64 deadline(u32 lifetime, u64 now)
{
	return lifetime == VTAP_LIFETIME_INFINITE ? U64_MAX : now + lifetime;
}

/* RFC 4191 3.2: one that answers is better than one that does not, whatever their
 * preference; RFC 4861 6.3.6: those take turns.
 */
static bool is_better(const struct vtap_router *a, const struct vtap_router *b)
{
	if (a->lost != b->lost)
		return b->lost;
	if (a->lost)
		return a->ask < b->ask;
	return a->preference > b->preference;
}

static struct vtap_router *find_router(struct vtap_router_state *s,
				       const struct in6_addr *addr, u64 now)
{
	unsigned int i;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		struct vtap_router *r = &s->router[i];

		if (r->expires > now && ipv6_addr_equal(&r->addr, addr))
			return r;
	}
	return NULL;
}

static void note_any(struct vtap_router_state *s)
{
	WRITE_ONCE(s->any, !ipv6_addr_any(&s->set) || !ipv6_addr_any(&s->best));
}

/* Of equals the one in use: no newcomer takes over from a router that works. */
static void choose_best(struct vtap_router_state *s, u64 now)
{
	const struct vtap_router *best = find_router(s, &s->best, now);
	u64 recheck = U64_MAX, ask = ULONG_MAX;
	unsigned int i;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		const struct vtap_router *r = &s->router[i];

		if (r->expires <= now)
			continue;
		recheck = min(recheck, r->expires);
		if (r->lost)
			ask = min(ask, r->ask);
		if (!best || is_better(r, best))
			best = r;
	}
	s->best = best ? best->addr : in6addr_any;
	s->recheck = recheck;
	/* Where none answers, packets ask the one whose turn it is. */
	WRITE_ONCE(s->ask, best && !best->lost ? ask : ULONG_MAX);
	note_any(s);
}

/* A free place, or that of one that does not answer: nobody who does is pushed
 * out, whoever else claims to be a router.
 */
static struct vtap_router *place_for_router(struct vtap_router_state *s,
					    u64 now)
{
	struct vtap_router *place = NULL;
	unsigned int i;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		struct vtap_router *r = &s->router[i];

		if (r->expires <= now)
			return r;
		if (r->lost)
			place = r;
	}
	return place;
}

/* But for the time it has. */
static bool is_same_router(const struct vtap_router *a,
			   const struct vtap_router *b)
{
	return a->preference == b->preference && a->mtu == b->mtu &&
	       vtap_mac_equal(a->mac, b->mac);
}

static void set_router(struct vtap_router *r, const struct vtap_ra *ra, u64 now)
{
	r->preference = ra->preference;
	r->expires = now + ra->lifetime;
	if (ra->has_mac)
		r->mac = vtap_mac_make(ra->mac);
	if (ra->mtu)
		r->mtu = ra->mtu;
}

/* @told is set to what is told of it, @gone to whose place it took. */
static enum vtap_router_news learn_router(struct vtap_router_state *s,
					  const struct in6_addr *source,
					  const struct vtap_ra *ra, u64 now,
					  struct vtap_router *told,
					  struct vtap_router *gone)
{
	struct vtap_router *r = find_router(s, source, now);
	enum vtap_router_news news = VTAP_ROUTER_NO_NEWS;

	*told = (struct vtap_router){ .addr = *source };
	if (!ra->lifetime) {	/* RFC 4861 6.3.4: it is none, or none more */
		if (!r)
			return VTAP_ROUTER_NO_NEWS;
		r->expires = 0;
		*told = *r;
		return VTAP_ROUTER_EXPIRED;
	}
	if (!r) {
		r = place_for_router(s, now);
		if (!r)
			return VTAP_ROUTER_NO_NEWS;
		if (r->expires > now)
			*gone = *r;
		*r = *told;
		news = VTAP_ROUTER_LEARNED;
	}
	*told = *r;
	set_router(r, ra, now);
	if (!news && !is_same_router(r, told))
		news = VTAP_ROUTER_CHANGED;
	*told = *r;
	return news;
}

/* The entry of this prefix (and router), else a free one if it is to be kept. */
static struct vtap_router_prefix *
place_for_prefix(struct vtap_router_prefix *prefix, unsigned int n,
		 const struct vtap_ra_item *item, const struct in6_addr *router,
		 u64 now)
{
	struct vtap_router_prefix *place = NULL;
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct vtap_router_prefix *p = &prefix[i];

		if (p->expires <= now)
			place = place ? place : p;
		else if (p->len == item->prefix_len &&
			 ipv6_addr_equal(&p->addr, &item->addr) &&
			 ipv6_addr_equal(&p->router, router))
			return p;
	}
	return item->lifetime ? place : NULL;
}

/* These four return whether it is news, but for the time that something has. */
static bool learn_prefix(struct vtap_router_prefix *prefix, unsigned int n,
			 const struct vtap_ra_item *item,
			 const struct in6_addr *router, u64 now)
{
	struct vtap_router_prefix *p;
	bool news;

	p = place_for_prefix(prefix, n, item, router, now);
	if (!p)
		return false;
	/* RFC 4861 6.3.4: not that it is on-link says nothing of that. */
	if (p->expires > now && p->onlink && !item->onlink)
		return false;
	news = p->expires <= now || !item->lifetime ||
	       p->onlink != item->onlink || p->preference != item->preference;
	*p = (struct vtap_router_prefix){
		.addr = item->addr,
		.router = *router,
		.len = item->prefix_len,
		.preference = item->preference,
		.onlink = item->onlink,
		.expires = deadline(item->lifetime, now),
	};
	return news;
}

static bool learn_dns(struct vtap_router_state *s,
		      const struct vtap_ra_item *item, u64 now)
{
	struct vtap_router_dns *place = NULL;
	unsigned int i;

	for (i = 0; i < VTAP_ROUTER_DNS; i++) {
		struct vtap_router_dns *d = &s->dns[i];

		if (d->expires > now && ipv6_addr_equal(&d->addr, &item->addr)) {
			d->expires = deadline(item->lifetime, now);
			return !item->lifetime;
		}
		if (d->expires <= now && !place)
			place = d;
	}
	if (!place || !item->lifetime)
		return false;
	place->addr = item->addr;
	place->expires = deadline(item->lifetime, now);
	return true;
}

static bool learn_search(struct vtap_router_state *s,
			 const struct vtap_ra_item *item, u64 now)
{
	struct vtap_router_search *place = NULL;
	unsigned int i;

	for (i = 0; i < VTAP_ROUTER_SEARCH; i++) {
		struct vtap_router_search *d = &s->search[i];

		/* RFC 4343: case does not matter. */
		if (d->expires > now && !strcasecmp(d->name, item->name)) {
			d->expires = deadline(item->lifetime, now);
			return !item->lifetime;
		}
		if (d->expires <= now && !place)
			place = d;
	}
	if (!place || !item->lifetime)
		return false;
	strscpy(place->name, item->name, sizeof(place->name));
	place->expires = deadline(item->lifetime, now);
	return true;
}

static bool learn_item(struct vtap_router_state *s,
		       const struct vtap_ra_item *item,
		       const struct in6_addr *router, u64 now)
{
	switch (item->kind) {
	case VTAP_RA_PREFIX:
		/* The whole world is on no segment. */
		return item->prefix_len &&
		       learn_prefix(s->prefix, VTAP_ROUTER_PREFIXES, item,
				    &in6addr_any, now);
	case VTAP_RA_ROUTE:
		return learn_prefix(s->route, VTAP_ROUTER_ROUTES, item, router,
				    now);
	case VTAP_RA_DNS:
		return learn_dns(s, item, now);
	case VTAP_RA_SEARCH:
		return learn_search(s, item, now);
	}
	return false;
}

/**
 * vtap_routers_learn() - take in a router advertisement
 * @routers: of the host end
 * @source: its source address, link-local
 * @data: the ICMPv6 message, which vtap_ra_parse() takes
 * @len: its length
 * @now: boot time in seconds
 * @router: set to the router as it is told of where there is news
 * @gone: set to the router whose place it took; where there is none, @gone has
 *	no time left
 *
 * What there is no room for is not learned: what is known stays.
 *
 * Context: BH off.
 * Return: what news it brought.
 */
enum vtap_router_news vtap_routers_learn(struct vtap_routers *routers,
					 const struct in6_addr *source,
					 const u8 *data, size_t len, u64 now,
					 struct vtap_router *router,
					 struct vtap_router *gone)
{
	struct vtap_router_state *s = &routers->state;
	struct vtap_ra_cursor cursor;
	struct vtap_ra_item item;
	enum vtap_router_news news;
	bool changed = false;
	struct vtap_ra ra;

	gone->expires = 0;
	if (vtap_ra_parse(data, len, &ra))
		return VTAP_ROUTER_NO_NEWS;
	write_seqlock(&routers->lock);
	news = learn_router(s, source, &ra, now, router, gone);
	vtap_ra_begin(&cursor, data, len);
	while (vtap_ra_next(&cursor, &item))
		changed |= learn_item(s, &item, source, now);
	choose_best(s, now);
	write_sequnlock(&routers->lock);
	return changed && !news ? VTAP_ROUTER_CHANGED : news;
}

/**
 * vtap_routers_heard() - a router answered, or did not when it was asked
 * @routers: of the host end
 * @addr: neighbour that is a router; perhaps no default router
 * @alive: it answered
 * @now: boot time in seconds
 *
 * Context: BH off.
 */
void vtap_routers_heard(struct vtap_routers *routers,
			const struct in6_addr *addr, bool alive, u64 now)
{
	struct vtap_router *r;

	write_seqlock(&routers->lock);
	r = find_router(&routers->state, addr, now);
	if (r) {
		r->lost = !alive;
		r->ask = now + VTAP_ROUTER_PAUSE;
		choose_best(&routers->state, now);
	}
	write_sequnlock(&routers->lock);
}

/**
 * vtap_routers_take_due() - routers that are passed over, to be asked now
 * @routers: of the host end
 * @now: boot time in seconds
 * @list: room for VTAP_ROUTERS; set to their addresses
 *
 * Each of them is due again after VTAP_ROUTER_PAUSE.
 *
 * Context: BH off.
 * Return: how many they are.
 */
unsigned int vtap_routers_take_due(struct vtap_routers *routers, u64 now,
				   struct in6_addr *list)
{
	struct vtap_router_state *s = &routers->state;
	unsigned int n = 0, i;

	if (READ_ONCE(s->ask) > now)
		return 0;
	write_seqlock(&routers->lock);
	choose_best(s, now);
	for (i = 0; i < VTAP_ROUTERS && s->ask <= now; i++) {
		struct vtap_router *r = &s->router[i];

		if (r->expires <= now || !r->lost || r->ask > now)
			continue;
		r->ask = now + VTAP_ROUTER_PAUSE;
		list[n++] = r->addr;
	}
	choose_best(s, now);
	write_sequnlock(&routers->lock);
	return n;
}

/**
 * vtap_routers_remove() - a neighbour says that it is no router
 * @routers: of the host end
 * @addr: the neighbour
 * @now: boot time in seconds
 * @router: set to what it was
 *
 * Context: BH off.
 * Return: whether it was a default router.
 */
bool vtap_routers_remove(struct vtap_routers *routers,
			 const struct in6_addr *addr, u64 now,
			 struct vtap_router *router)
{
	struct vtap_router *r;

	/* Every host that answers comes by here. */
	if (!vtap_routers_includes(routers, addr, now))
		return false;
	write_seqlock(&routers->lock);
	r = find_router(&routers->state, addr, now);
	if (r) {
		*router = *r;
		r->expires = 0;
	}
	choose_best(&routers->state, now);
	write_sequnlock(&routers->lock);
	return r;
}

/**
 * vtap_routers_take() - take out a default router whose time has come
 * @routers: of the host end
 * @until: boot time in seconds: who expires then, or earlier
 * @router: set to what it was
 * @next: set to when the first one that stays expires, U64_MAX for never
 *
 * Context: process or BH.
 * Return: false when there is none.
 */
bool vtap_routers_take(struct vtap_routers *routers, u64 until,
		       struct vtap_router *router, u64 *next)
{
	struct vtap_router_state *s = &routers->state;
	bool taken = false;
	unsigned int i;

	*next = U64_MAX;
	write_seqlock_bh(&routers->lock);
	for (i = 0; i < VTAP_ROUTERS && !taken; i++) {
		struct vtap_router *r = &s->router[i];

		taken = r->expires && r->expires <= until;
		if (taken) {
			*router = *r;
			r->expires = 0;
		} else if (r->expires) {
			*next = min(*next, r->expires);
		}
	}
	/* Who asks for the best one looks for another. */
	if (taken)
		s->recheck = 0;
	write_sequnlock_bh(&routers->lock);
	return taken;
}

/**
 * vtap_routers_gateway() - the gateway where no route names one
 * @routers: of the host end
 * @now: boot time in seconds
 * @addr: set to option ``gateway6``, else to the best router
 *
 * Context: BH off.
 * Return: false when there is none.
 */
bool vtap_routers_gateway(struct vtap_routers *routers, u64 now,
			  struct in6_addr *addr)
{
	struct vtap_router_state *s = &routers->state;
	unsigned int seq;
	bool outdated;

	do {
		seq = read_seqbegin(&routers->lock);
		*addr = ipv6_addr_any(&s->set) ? s->best : s->set;
		outdated = ipv6_addr_any(&s->set) && s->recheck <= now;
	} while (read_seqretry(&routers->lock, seq));
	if (outdated) {
		write_seqlock(&routers->lock);
		choose_best(s, now);
		*addr = s->best;
		write_sequnlock(&routers->lock);
	}
	return !ipv6_addr_any(addr);
}

/**
 * vtap_routers_gateways() - all that may be the gateway where no route names one
 * @routers: of the host end
 * @now: boot time in seconds
 * @list: room for VTAP_ROUTERS; set to option ``gateway6``, else to every
 *	default router
 *
 * Return: how many there are.
 */
unsigned int vtap_routers_gateways(struct vtap_routers *routers, u64 now,
				   struct in6_addr *list)
{
	const struct vtap_router_state *s = &routers->state;
	unsigned int seq, i, n;

	do {
		n = 0;
		seq = read_seqbegin(&routers->lock);
		/* It may change any time: room is counted by what is written. */
		for (i = 0; i < VTAP_ROUTERS; i++) {
			if (s->router[i].expires > now)
				list[n++] = s->router[i].addr;
		}
		if (!ipv6_addr_any(&s->set)) {
			list[0] = s->set;
			n = 1;
		}
	} while (read_seqretry(&routers->lock, seq));
	return n;
}

/**
 * vtap_routers_includes() - is this the set gateway or a default router?
 * @routers: of the host end
 * @addr: address
 * @now: boot time in seconds
 */
bool vtap_routers_includes(struct vtap_routers *routers,
			   const struct in6_addr *addr, u64 now)
{
	struct vtap_router_state *s = &routers->state;
	unsigned int seq;
	bool found;

	do {
		seq = read_seqbegin(&routers->lock);
		found = find_router(s, addr, now) ||
			ipv6_addr_equal(&s->set, addr);
	} while (read_seqretry(&routers->lock, seq));
	return found;
}

/**
 * vtap_routers_onlink() - is this address inside a learned on-link prefix?
 * @routers: of the host end
 * @addr: address
 * @now: boot time in seconds
 */
bool vtap_routers_onlink(struct vtap_routers *routers,
			 const struct in6_addr *addr, u64 now)
{
	const struct vtap_router_state *s = &routers->state;
	unsigned int seq, i;
	bool found;

	do {
		found = false;
		seq = read_seqbegin(&routers->lock);
		for (i = 0; i < VTAP_ROUTER_PREFIXES && !found; i++) {
			const struct vtap_router_prefix *p = &s->prefix[i];

			found = p->expires > now && p->onlink &&
				ipv6_prefix_equal(&p->addr, addr, p->len);
		}
	} while (read_seqretry(&routers->lock, seq));
	return found;
}

/**
 * vtap_routers_read() - all that is known, to be shown
 * @routers: of the host end
 * @now: boot time in seconds
 * @state: filled; the entries that hold come first, best routers before others
 *
 * Context: any.
 */
void vtap_routers_read(struct vtap_routers *routers, u64 now,
		       struct vtap_router_state *state)
{
	struct vtap_router *best, first;
	unsigned int i, j;

	read_seqlock_excl_bh(&routers->lock);
	*state = routers->state;
	read_sequnlock_excl_bh(&routers->lock);
	choose_best(state, now);
	best = find_router(state, &state->best, now);
	if (best) {
		first = *best;
		memmove(&state->router[1], &state->router[0],
			(best - state->router) * sizeof(first));
		state->router[0] = first;
	}
	/* Few enough for sorting by insertion; what expired is worst. */
	for (i = 1; i < VTAP_ROUTERS; i++) {
		for (j = i; j && state->router[j].expires > now &&
		     (state->router[j - 1].expires <= now ||
		      is_better(&state->router[j], &state->router[j - 1]));
		     j--)
			swap(state->router[j], state->router[j - 1]);
	}
}

/**
 * vtap_routers_set_gateway() - option ``gateway6``
 * @routers: of the host end
 * @gateway: its value, :: for none
 *
 * Context: RTNL.
 */
void vtap_routers_set_gateway(struct vtap_routers *routers,
			      const struct in6_addr *gateway)
{
	write_seqlock_bh(&routers->lock);
	routers->state.set = *gateway;
	note_any(&routers->state);
	write_sequnlock_bh(&routers->lock);
}

/**
 * vtap_routers_get_gateway() - option ``gateway6``
 * @routers: of the host end
 *
 * Return: its value, :: for none.
 */
struct in6_addr vtap_routers_get_gateway(struct vtap_routers *routers)
{
	struct in6_addr gateway;
	unsigned int seq;

	do {
		seq = read_seqbegin(&routers->lock);
		gateway = routers->state.set;
	} while (read_seqretry(&routers->lock, seq));
	return gateway;
}

/**
 * vtap_routers_forget() - forget all that was learned
 * @routers: of the host end
 */
void vtap_routers_forget(struct vtap_routers *routers)
{
	struct in6_addr set;

	write_seqlock_bh(&routers->lock);
	set = routers->state.set;
	memset(&routers->state, 0, sizeof(routers->state));
	routers->state.set = set;
	choose_best(&routers->state, 0);
	write_sequnlock_bh(&routers->lock);
}

/**
 * vtap_routers_init() - no router is known
 * @routers: to initialise, zeroed but for option ``gateway6``
 */
void vtap_routers_init(struct vtap_routers *routers)
{
	seqlock_init(&routers->lock);
	routers->state.recheck = U64_MAX;
	routers->state.ask = ULONG_MAX;
}

static void tell(struct vtap_port *port, enum vtap_router_news news,
		 const struct vtap_router *router, u64 now)
{
	static const enum virtualtap_router_change change[] = {
		[VTAP_ROUTER_LEARNED] = VIRTUALTAP_ROUTER_CHANGE_LEARNED,
		[VTAP_ROUTER_CHANGED] = VIRTUALTAP_ROUTER_CHANGE_CHANGED,
		[VTAP_ROUTER_EXPIRED] = VIRTUALTAP_ROUTER_CHANGE_EXPIRED,
	};

	if (news)
		vtap_netlink_router(port, change[news], &router->addr, router,
				    now);
}

/**
 * vtap_router_expire() - forget default routers whose time has come
 * @port: host end
 * @now: boot time in seconds; U64_MAX to forget all
 *
 * Context: process or BH.
 * Return: when to call again, in boot time; U64_MAX for never.
 */
u64 vtap_router_expire(struct vtap_port *port, u64 now)
{
	struct vtap_router router;
	u64 next;

	while (vtap_routers_take(&port->routers, now, &router, &next))
		tell(port, VTAP_ROUTER_EXPIRED, &router, now);
	return next;
}

/**
 * vtap_router_forget() - forget all that routers told
 * @port: host end
 *
 * Context: process or BH.
 */
void vtap_router_forget(struct vtap_port *port)
{
	vtap_router_expire(port, U64_MAX);
	vtap_routers_forget(&port->routers);
}

/**
 * vtap_router_gone() - a neighbour says that it is no router
 * @port: host end
 * @addr: the neighbour
 *
 * Context: BH off.
 */
void vtap_router_gone(struct vtap_port *port, const struct in6_addr *addr)
{
	u64 now = ktime_get_boottime_seconds();
	struct vtap_router router;

	if (vtap_routers_remove(&port->routers, addr, now, &router))
		tell(port, VTAP_ROUTER_EXPIRED, &router, now);
}

/**
 * vtap_router_ask() - ask routers that are passed over whether they are back
 * @port: host end, of which a packet goes to another router
 *
 * RFC 4191 3.5: not by packets, which would wait for nothing, and seldom.
 *
 * Context: RCU, BH off.
 */
void vtap_router_ask(struct vtap_port *port)
{
	struct in6_addr list[VTAP_ROUTERS];
	unsigned int i, n;

	n = vtap_routers_take_due(&port->routers, ktime_get_boottime_seconds(),
				  list);
	for (i = 0; i < n; i++)
		vtap_neigh_probe(&port->neigh, &list[i],
				 VTAP_ROUTER_PAUSE * HZ, jiffies);
}

static void learn(struct vtap_port *port, const struct in6_addr *source,
		  const u8 *data, size_t len)
{
	u64 now = ktime_get_boottime_seconds();
	struct vtap_router router, gone;
	enum vtap_router_news news;

	/* Before others take their place. */
	vtap_router_expire(port, now);
	news = vtap_routers_learn(&port->routers, source, data, len, now,
				  &router, &gone);
	if (gone.expires)
		tell(port, VTAP_ROUTER_EXPIRED, &gone, now);
	tell(port, news, &router, now);
	if (news)
		vtap_expiry_at(&port->expiry, router.expires);
	/* Turned off meanwhile: what forgot all then may have been too early. */
	if (!vtap_option(port, learning))
		vtap_router_forget(port);
}

/**
 * vtap_router_input() - a router advertisement from the VPN
 * @port: host end
 * @skb: packet, all of the message in the linear part, checked as NDP demands
 * @pkt: what parsing found
 *
 * Learns from it. One that does not come from the hardware address that its
 * router proved to have, or tells another, is another's word: the host is not to
 * hear it, and what it tells makes the neighbour table ask.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE or VTAP_RX_DROP_UNTRUSTED.
 */
enum vtap_verdict vtap_router_input(struct vtap_port *port, struct sk_buff *skb,
				    const struct vtap_pkt *pkt)
{
	struct vtap_mac sender = vtap_mac_make(eth_hdr(skb)->h_source), mac;
	const struct in6_addr *source = &ipv6_hdr(skb)->saddr;
	const u8 *data = skb_network_header(skb) + pkt->l4;
	size_t len = skb->len - pkt->l4;
	struct vtap_ra ra;
	bool disproved;

	if (vtap_ra_parse(data, len, &ra))
		return VTAP_CONTINUE;
	mac = ra.has_mac ? vtap_mac_make(ra.mac) : sender;
	disproved = vtap_neigh_disproves(&port->neigh, source, mac) ||
		    vtap_neigh_disproves(&port->neigh, source, sender);
	if (!disproved && vtap_option(port, learning))
		learn(port, source, data, len);
	/* As RFC 4861 6.3.4 has it, but for making an entry of it: a router has
	 * to prove its hardware address.
	 */
	if (READ_ONCE(port->neigh.resolve))
		vtap_neigh_update(&port->neigh, source, mac, VTAP_NEIGH_UNASKED,
				  jiffies);
	return disproved ? VTAP_RX_DROP_UNTRUSTED : VTAP_CONTINUE;
}
