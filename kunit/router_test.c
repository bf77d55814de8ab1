// SPDX-License-Identifier: GPL-2.0
/* What router advertisements teach, with a clock of the test's own. */

#include <linux/inet.h>
#include <linux/prandom.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "option.h"
#include "router.h"
#include "utils.h"

#define INFINITE	VTAP_LIFETIME_INFINITE

/* RFC 4191 2.1, as it stands in the flags. */
#define HIGH		0x08
#define MEDIUM		0x00
#define LOW		0x18
#define RESERVED	0x10

#define ONLINK		0x80

/* What there are lists of. */
enum what {
	ROUTER,
	PREFIX,
	ROUTE,
	DNS,
	SEARCH,
};

/* An advertisement in the making. */
struct ra {
	size_t len;
	u8 bytes[1024];
};

struct fixture {
	struct vtap_routers routers;
	struct vtap_router_state state;	/* where it is read to */
	enum vtap_router_news news;	/* of the last advertisement */
	struct vtap_router told;	/* whom that is about */
	struct vtap_router gone;	/* whose place that took */
	struct ra ra;
};

static int router_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	vtap_routers_init(&f->routers);
	test->priv = f;
	return 0;
}

static struct in6_addr addr_of(u8 first, u8 second, u8 last)
{
	return (struct in6_addr){ .s6_addr = { first, second, [15] = last } };
}

/* Link-local addresses of routers, and name servers. */
static struct in6_addr router_addr(u8 n)
{
	return addr_of(0xfe, 0x80, n);
}

static struct in6_addr server_addr(u8 n)
{
	return addr_of(0x20, 0x01, n);
}

/* 2001:n::/64 */
static struct in6_addr prefix_addr(u8 n)
{
	return (struct in6_addr){ .s6_addr = { 0x20, 0x01, 0, n } };
}

static void put(struct ra *ra, const void *data, size_t len)
{
	if (WARN_ON(ra->len + len > sizeof(ra->bytes)))
		return;
	memcpy(ra->bytes + ra->len, data, len);
	ra->len += len;
}

static void put_u32(struct ra *ra, u32 value)
{
	__be32 be = htonl(value);

	put(ra, &be, sizeof(be));
}

static void begin(struct ra *ra, u8 flags, u16 lifetime)
{
	const u8 head[16] = {
		134, [4] = 64, flags, lifetime >> 8, lifetime & 0xff,
	};

	ra->len = 0;
	put(ra, head, sizeof(head));
}

static void put_mac(struct ra *ra, const char *mac)
{
	put(ra, "\1\1", 2);
	put(ra, mac, ETH_ALEN);
}

static void put_mtu(struct ra *ra, u32 mtu)
{
	put(ra, "\5\1\0\0", 4);
	put_u32(ra, mtu);
}

static void put_prefix(struct ra *ra, struct in6_addr addr, u8 len, u8 flags,
		       u32 lifetime)
{
	const u8 head[4] = { 3, 4, len, flags };

	put(ra, head, sizeof(head));
	put_u32(ra, lifetime);
	put_u32(ra, 0);
	put_u32(ra, 0);
	put(ra, &addr, sizeof(addr));
}

static void put_route(struct ra *ra, struct in6_addr addr, u8 len, u8 flags,
		      u32 lifetime)
{
	const u8 head[4] = { 24, 3, len, flags };

	put(ra, head, sizeof(head));
	put_u32(ra, lifetime);
	put(ra, &addr, sizeof(addr));
}

static void put_dns(struct ra *ra, struct in6_addr addr, u32 lifetime)
{
	put(ra, "\x19\3\0\0", 4);
	put_u32(ra, lifetime);
	put(ra, &addr, sizeof(addr));
}

/* Of one label, up to six characters. */
static void put_search(struct ra *ra, const char *name, u32 lifetime)
{
	u8 label[8] = { strlen(name) };

	memcpy(label + 1, name, label[0]);
	put(ra, "\x1f\2\0\0", 4);
	put_u32(ra, lifetime);
	put(ra, label, sizeof(label));
}

/* What @ra says comes from router @n. */
static void learn(struct fixture *f, u8 n, u64 now)
{
	struct in6_addr source = router_addr(n);

	local_bh_disable();
	f->news = vtap_routers_learn(&f->routers, &source, f->ra.bytes,
				     f->ra.len, now, &f->told, &f->gone);
	local_bh_enable();
}

static bool has_gone(const struct fixture *f, u8 n)
{
	struct in6_addr addr = router_addr(n);

	return f->gone.expires && ipv6_addr_equal(&f->gone.addr, &addr);
}

static void learn_router(struct fixture *f, u8 n, u8 flags, u16 lifetime,
			 u64 now)
{
	begin(&f->ra, flags, lifetime);
	learn(f, n, now);
}

static void heard(struct fixture *f, u8 n, bool alive, u64 now)
{
	struct in6_addr addr = router_addr(n);

	local_bh_disable();
	vtap_routers_heard(&f->routers, &addr, alive, now);
	local_bh_enable();
}

static void forget_one(struct fixture *f, u8 n, u64 now)
{
	struct in6_addr addr = router_addr(n);

	local_bh_disable();
	vtap_routers_remove(&f->routers, &addr, now, &f->told);
	local_bh_enable();
}

/* The number of the best router, 0 for none. */
static u8 best(struct fixture *f, u64 now)
{
	struct in6_addr addr;
	bool found;

	local_bh_disable();
	found = vtap_routers_gateway(&f->routers, now, &addr);
	local_bh_enable();
	if (found != !ipv6_addr_any(&addr))
		return U8_MAX;
	return addr.s6_addr[15];
}

static bool includes(struct fixture *f, u8 n, u64 now)
{
	struct in6_addr addr = router_addr(n);

	return vtap_routers_includes(&f->routers, &addr, now);
}

static bool is_onlink(struct fixture *f, u8 n, u64 now)
{
	struct in6_addr addr = prefix_addr(n);

	addr.s6_addr[15] = 99;
	return vtap_routers_onlink(&f->routers, &addr, now);
}

static const struct vtap_router_state *read_all(struct fixture *f, u64 now)
{
	vtap_routers_read(&f->routers, now, &f->state);
	return &f->state;
}

/* One of the lists of what is known. */
struct list {
	const u8 *entries;
	unsigned int max;
	size_t size;	/* of an entry */
	size_t key;	/* bytes at its start that tell it from others */
	size_t expires;	/* where in it that is */
};

static struct list get_list(const struct vtap_router_state *s, enum what item)
{
	switch (item) {
	case ROUTER:
		return (struct list){
			(const u8 *)s->router, VTAP_ROUTERS,
			sizeof(s->router[0]), sizeof(struct in6_addr),
			offsetof(struct vtap_router, expires),
		};
	case PREFIX:
	case ROUTE:
		return (struct list){
			(const u8 *)(item == PREFIX ? s->prefix : s->route),
			item == PREFIX ? VTAP_ROUTER_PREFIXES :
					 VTAP_ROUTER_ROUTES,
			sizeof(s->prefix[0]),
			offsetofend(struct vtap_router_prefix, len),
			offsetof(struct vtap_router_prefix, expires),
		};
	case DNS:
		return (struct list){
			(const u8 *)s->dns, VTAP_ROUTER_DNS,
			sizeof(s->dns[0]), sizeof(struct in6_addr),
			offsetof(struct vtap_router_dns, expires),
		};
	default:
		return (struct list){
			(const u8 *)s->search, VTAP_ROUTER_SEARCH,
			sizeof(s->search[0]), sizeof("ax"),
			offsetof(struct vtap_router_search, expires),
		};
	}
}

static bool entry_holds(const struct list *list, unsigned int i, u64 now)
{
	return *(const u64 *)(list->entries + i * list->size +
			      list->expires) > now;
}

/* How many entries hold. */
static unsigned int count(struct fixture *f, enum what item, u64 now)
{
	struct list list = get_list(read_all(f, now), item);
	unsigned int n = 0, i;

	for (i = 0; i < list.max; i++)
		n += entry_holds(&list, i, now);
	return n;
}

static void expect_counts(struct kunit *test, u64 now, unsigned int routers,
			  unsigned int prefixes, unsigned int routes,
			  unsigned int dns, unsigned int search)
{
	KUNIT_EXPECT_EQ(test, count(test->priv, ROUTER, now), routers);
	KUNIT_EXPECT_EQ(test, count(test->priv, PREFIX, now), prefixes);
	KUNIT_EXPECT_EQ(test, count(test->priv, ROUTE, now), routes);
	KUNIT_EXPECT_EQ(test, count(test->priv, DNS, now), dns);
	KUNIT_EXPECT_EQ(test, count(test->priv, SEARCH, now), search);
}

static void nothing_is_known(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, best(test->priv, 1000), 0);
	KUNIT_EXPECT_FALSE(test, includes(test->priv, 1, 1000));
	KUNIT_EXPECT_FALSE(test, is_onlink(test->priv, 1, 1000));
	expect_counts(test, 1000, 0, 0, 0, 0, 0);
}

static void a_router_is_learned_refreshed_withdrawn(struct kunit *test)
{
	struct fixture *f = test->priv;
	const struct vtap_router *r;

	begin(&f->ra, HIGH, 1800);
	put_mac(&f->ra, GATEWAY_MAC);
	put_mtu(&f->ra, 1400);
	learn(f, 1, 1000);
	KUNIT_EXPECT_EQ(test, best(f, 1000), 1);
	KUNIT_EXPECT_TRUE(test, includes(f, 1, 1000));
	KUNIT_EXPECT_FALSE(test, includes(f, 2, 1000));
	r = &read_all(f, 1000)->router[0];
	KUNIT_EXPECT_EQ(test, r->expires, 2800);
	KUNIT_EXPECT_EQ(test, r->preference, 1);
	KUNIT_EXPECT_EQ(test, r->mtu, 1400);
	KUNIT_EXPECT_EQ(test, r->mac.raw, vtap_test_mac(GATEWAY_MAC).raw);

	/* What it does not say again stays. */
	learn_router(f, 1, LOW, 600, 2000);
	r = &read_all(f, 2000)->router[0];
	KUNIT_EXPECT_EQ(test, r->expires, 2600);
	KUNIT_EXPECT_EQ(test, r->preference, -1);
	KUNIT_EXPECT_EQ(test, r->mtu, 1400);
	KUNIT_EXPECT_EQ(test, r->mac.raw, vtap_test_mac(GATEWAY_MAC).raw);
	expect_counts(test, 2000, 1, 0, 0, 0, 0);

	learn_router(f, 1, MEDIUM, 0, 2100);
	KUNIT_EXPECT_EQ(test, best(f, 2100), 0);
	KUNIT_EXPECT_FALSE(test, includes(f, 1, 2100));
	expect_counts(test, 2100, 0, 0, 0, 0, 0);

	/* Nothing is left of it for who comes next. */
	learn_router(f, 2, MEDIUM, 1800, 2200);
	r = &read_all(f, 2200)->router[0];
	KUNIT_EXPECT_EQ(test, r->mtu, 0);
	KUNIT_EXPECT_EQ(test, r->mac.raw, 0);
}

/* A lifetime of 0 from one that is not known makes it no router. */
static void no_default_router_teaches_the_rest(struct kunit *test)
{
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 0);
	put_prefix(&f->ra, prefix_addr(1), 64, ONLINK, 1000);
	put_route(&f->ra, prefix_addr(2), 64, MEDIUM, 1000);
	learn(f, 1, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), 0);
	expect_counts(test, 100, 0, 1, 1, 0, 0);
}

static void what_is_malformed_teaches_nothing(struct kunit *test)
{
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 1800);
	put_dns(&f->ra, server_addr(1), 1000);
	put(&f->ra, "\1\2", 2);
	learn(f, 1, 100);
	expect_counts(test, 100, 0, 0, 0, 0, 0);
}

static void a_neighbour_is_no_router(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, HIGH, 1800, 100);
	learn_router(f, 2, LOW, 1800, 100);
	forget_one(f, 3, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), 1);
	forget_one(f, 1, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), 2);
	KUNIT_EXPECT_FALSE(test, includes(f, 1, 100));
}

/* Routers 1, 2, ... say so in this order. */
static const struct preference_case {
	const char *name;
	u8 flags[4];
	unsigned int routers;
	u8 best;
} preference_cases[] = {
	{ "low", { LOW }, 1, 1 },
	{ "the first of equals", { MEDIUM, MEDIUM, MEDIUM }, 3, 1 },
	{ "the first of high ones", { LOW, HIGH, HIGH }, 3, 2 },
	{ "high after medium", { MEDIUM, HIGH }, 2, 2 },
	{ "medium after low", { LOW, MEDIUM }, 2, 2 },
	{ "high first", { HIGH, MEDIUM, LOW }, 3, 1 },
	{ "reserved is medium", { RESERVED, HIGH, RESERVED }, 3, 2 },
	{ "reserved is not low", { LOW, RESERVED }, 2, 2 },
	{ "reserved is not high", { MEDIUM, RESERVED }, 2, 1 },
};

KUNIT_ARRAY_PARAM_DESC(preference, preference_cases, name);

static void preferences(struct kunit *test)
{
	const struct preference_case *c = test->param_value;
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; i < c->routers; i++)
		learn_router(f, i + 1, c->flags[i], 1800, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), c->best);
	/* Whoever says it again does not overtake the others. */
	for (i = c->routers; i--; )
		learn_router(f, i + 1, c->flags[i], 1800, 200);
	KUNIT_EXPECT_EQ(test, best(f, 200), c->best);
}

/* Nothing but time goes by. */
static void routers_expire(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, HIGH, 100, 1000);
	learn_router(f, 2, MEDIUM, 300, 1000);
	learn_router(f, 3, LOW, 200, 1000);
	KUNIT_EXPECT_EQ(test, best(f, 1099), 1);
	KUNIT_EXPECT_TRUE(test, includes(f, 1, 1099));
	KUNIT_EXPECT_FALSE(test, includes(f, 1, 1100));
	KUNIT_EXPECT_EQ(test, best(f, 1100), 2);
	KUNIT_EXPECT_EQ(test, best(f, 1299), 2);
	KUNIT_EXPECT_EQ(test, best(f, 1300), 0);
	expect_counts(test, 1299, 1, 0, 0, 0, 0);
	expect_counts(test, 1300, 0, 0, 0, 0, 0);
}

/* Nor does a newcomer in the place of one that has gone, or one that comes back. */
static void the_router_in_use_is_kept(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, LOW, 1800, 100);
	learn_router(f, 2, MEDIUM, 1800, 100);
	learn_router(f, 1, LOW, 0, 110);
	learn_router(f, 3, MEDIUM, 1800, 120);
	KUNIT_EXPECT_EQ(test, best(f, 120), 2);
	heard(f, 2, false, 130);
	KUNIT_EXPECT_EQ(test, best(f, 130), 3);
	heard(f, 2, true, 140);
	KUNIT_EXPECT_EQ(test, best(f, 140), 3);
	learn_router(f, 2, HIGH, 1800, 150);
	KUNIT_EXPECT_EQ(test, best(f, 150), 2);
	learn_router(f, 2, MEDIUM, 1800, 160);
	KUNIT_EXPECT_EQ(test, best(f, 160), 2);
	learn_router(f, 2, LOW, 1800, 170);
	KUNIT_EXPECT_EQ(test, best(f, 170), 3);
}

/* RFC 4191 3.2: whoever does not answer is passed over, however preferred. */
static void a_lost_router_is_passed_over(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, HIGH, 1800, 100);
	learn_router(f, 2, LOW, 1800, 100);
	heard(f, 3, false, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), 1);
	heard(f, 1, false, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), 2);
	/* What it advertises is no answer. */
	learn_router(f, 1, HIGH, 1800, 110);
	KUNIT_EXPECT_EQ(test, best(f, 110), 2);
	heard(f, 1, true, 120);
	KUNIT_EXPECT_EQ(test, best(f, 120), 1);
}

/* Which of routers 1 to 7 are to be asked now, as bits. */
static unsigned int due(struct fixture *f, u64 now)
{
	struct in6_addr list[VTAP_ROUTERS];
	unsigned int i, n, bits = 0;

	local_bh_disable();
	n = vtap_routers_take_due(&f->routers, now, list);
	local_bh_enable();
	for (i = 0; i < n; i++)
		bits |= BIT(list[i].s6_addr[15]);
	return bits;
}

/* RFC 4191 3.5: no packet finds out whether it is back. */
static void a_lost_router_is_asked(struct kunit *test)
{
	struct fixture *f = test->priv;
	const u64 first = 200 + VTAP_ROUTER_PAUSE;

	learn_router(f, 1, HIGH, 1800, 100);
	learn_router(f, 2, MEDIUM, 1800, 100);
	learn_router(f, 3, HIGH, 1800, 100);
	KUNIT_EXPECT_FALSE(test, vtap_routers_pass_over(&f->routers));
	heard(f, 1, false, 200);
	heard(f, 3, false, 201);
	KUNIT_EXPECT_TRUE(test, vtap_routers_pass_over(&f->routers));
	KUNIT_EXPECT_EQ(test, due(f, first - 1), 0);
	KUNIT_EXPECT_EQ(test, due(f, first), BIT(1));
	KUNIT_EXPECT_EQ(test, best(f, first), 2);
	KUNIT_EXPECT_EQ(test, due(f, first), 0);
	KUNIT_EXPECT_EQ(test, due(f, first + 1), BIT(3));
	KUNIT_EXPECT_EQ(test, due(f, first + VTAP_ROUTER_PAUSE + 1),
			BIT(1) | BIT(3));
	KUNIT_EXPECT_EQ(test, best(f, 1000), 2);
	heard(f, 3, true, 1000);
	KUNIT_EXPECT_EQ(test, best(f, 1000), 3);
	KUNIT_EXPECT_EQ(test, due(f, 1000), BIT(1));
	heard(f, 1, true, 1000);
	KUNIT_EXPECT_FALSE(test, vtap_routers_pass_over(&f->routers));
}

/* Where no other answers, packets do. */
static void the_last_router_is_not_asked(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, HIGH, 1800, 100);
	learn_router(f, 2, MEDIUM, 300, 100);
	heard(f, 1, false, 200);
	KUNIT_EXPECT_TRUE(test, vtap_routers_pass_over(&f->routers));
	heard(f, 2, false, 200);
	KUNIT_EXPECT_FALSE(test, vtap_routers_pass_over(&f->routers));
	heard(f, 2, true, 201);
	KUNIT_EXPECT_TRUE(test, vtap_routers_pass_over(&f->routers));
	/* Nobody told that the other one has gone. */
	KUNIT_EXPECT_EQ(test, due(f, 400), 0);
	KUNIT_EXPECT_FALSE(test, vtap_routers_pass_over(&f->routers));
	KUNIT_EXPECT_EQ(test, best(f, 400), 1);
}

/* RFC 4861 6.3.6: the one that was asked longest ago. */
static void lost_routers_take_turns(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, HIGH, 1800, 100);
	learn_router(f, 2, MEDIUM, 1800, 100);
	learn_router(f, 3, LOW, 1800, 100);
	heard(f, 1, false, 101);
	heard(f, 2, false, 104);
	heard(f, 3, false, 107);
	KUNIT_EXPECT_EQ(test, best(f, 107), 1);
	heard(f, 1, false, 110);
	KUNIT_EXPECT_EQ(test, best(f, 110), 2);
	heard(f, 2, false, 113);
	KUNIT_EXPECT_EQ(test, best(f, 113), 3);
	heard(f, 3, true, 115);
	KUNIT_EXPECT_EQ(test, best(f, 115), 3);
	heard(f, 3, false, 116);
	KUNIT_EXPECT_EQ(test, best(f, 116), 1);
}

static void a_single_router_is_used_lost_or_not(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, MEDIUM, 1800, 100);
	heard(f, 1, false, 101);
	KUNIT_EXPECT_EQ(test, best(f, 101), 1);
	KUNIT_EXPECT_TRUE(test, includes(f, 1, 101));
}

/* One advertisement with as many as fit, and one more of each kind. */
static void the_ninth_is_not_learned(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 1; i <= VTAP_ROUTERS + 1; i++)
		learn_router(f, i, i > VTAP_ROUTERS ? HIGH : LOW, 1800, 100);
	for (i = 1; i <= VTAP_ROUTERS; i++)
		KUNIT_EXPECT_TRUE(test, includes(f, i, 100));
	KUNIT_EXPECT_FALSE(test, includes(f, VTAP_ROUTERS + 1, 100));
	KUNIT_EXPECT_EQ(test, best(f, 100), 1);
	/* Those that are known are refreshed all the same. */
	learn_router(f, VTAP_ROUTERS, HIGH, 1800, 200);
	KUNIT_EXPECT_EQ(test, best(f, 200), VTAP_ROUTERS);
}

static void whoever_does_not_answer_makes_room(struct kunit *test)
{
	struct fixture *f = test->priv;
	const u8 newcomer = VTAP_ROUTERS + 1;
	unsigned int i;

	for (i = 1; i <= VTAP_ROUTERS; i++)
		learn_router(f, i, MEDIUM, 1800, 100);
	heard(f, 3, false, 110);
	KUNIT_EXPECT_EQ(test, f->gone.expires, 0);
	learn_router(f, newcomer, HIGH, 1800, 120);
	KUNIT_EXPECT_TRUE(test, has_gone(f, 3));
	KUNIT_EXPECT_FALSE(test, includes(f, 3, 120));
	KUNIT_EXPECT_TRUE(test, includes(f, newcomer, 120));
	/* It is not lost for having that one's place. */
	KUNIT_EXPECT_EQ(test, best(f, 120), newcomer);
	learn_router(f, newcomer + 1, HIGH, 1800, 120);
	KUNIT_EXPECT_EQ(test, f->gone.expires, 0);
	KUNIT_EXPECT_FALSE(test, includes(f, newcomer + 1, 120));
	/* Whoever is back does not. */
	heard(f, 4, false, 130);
	heard(f, 4, true, 140);
	learn_router(f, newcomer + 1, HIGH, 1800, 190);
	KUNIT_EXPECT_FALSE(test, includes(f, newcomer + 1, 190));
	KUNIT_EXPECT_TRUE(test, includes(f, 4, 190));
}

/* A free place is taken first. */
static void an_expired_router_makes_room(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 1; i <= VTAP_ROUTERS; i++)
		learn_router(f, i, MEDIUM, i == 5 ? 10 : 1800, 100);
	heard(f, 2, false, 105);
	heard(f, 8, false, 105);
	learn_router(f, 20, MEDIUM, 1800, 110);
	KUNIT_EXPECT_TRUE(test, includes(f, 20, 110));
	KUNIT_EXPECT_TRUE(test, includes(f, 2, 110));
	KUNIT_EXPECT_TRUE(test, includes(f, 8, 110));
	KUNIT_EXPECT_FALSE(test, includes(f, 5, 110));
}

/* What there are lists of besides routers. */
static const struct item_case {
	const char *name;
	enum what item;
	unsigned int max;
} item_cases[] = {
	{ "prefixes", PREFIX, VTAP_ROUTER_PREFIXES },
	{ "routes", ROUTE, VTAP_ROUTER_ROUTES },
	{ "name servers", DNS, VTAP_ROUTER_DNS },
	{ "domains", SEARCH, VTAP_ROUTER_SEARCH },
};

KUNIT_ARRAY_PARAM_DESC(item, item_cases, name);

static void put_item(struct ra *ra, enum what item, u8 n, u32 lifetime)
{
	char name[] = { 'a' + n, 'x', '\0' };

	switch (item) {
	case PREFIX:
		put_prefix(ra, prefix_addr(n), 64, ONLINK, lifetime);
		break;
	case ROUTE:
		put_route(ra, prefix_addr(n), 64, MEDIUM, lifetime);
		break;
	case DNS:
		put_dns(ra, server_addr(n), lifetime);
		break;
	default:
		put_search(ra, name, lifetime);
		break;
	}
}

/* Router 1 tells one thing, no default router. */
static void learn_item(struct fixture *f, enum what item, u8 n, u32 lifetime,
		       u64 now)
{
	begin(&f->ra, MEDIUM, 0);
	put_item(&f->ra, item, n, lifetime);
	learn(f, 1, now);
}

/* When the @n-th expires: 0 where it is not known. */
static u64 expires(struct fixture *f, enum what item, u8 n)
{
	const struct vtap_router_state *s = read_all(f, 0);
	struct in6_addr prefix = prefix_addr(n), server = server_addr(n);
	unsigned int i;

	for (i = 0; item == PREFIX && i < VTAP_ROUTER_PREFIXES; i++)
		if (ipv6_addr_equal(&s->prefix[i].addr, &prefix))
			return s->prefix[i].expires;
	for (i = 0; item == ROUTE && i < VTAP_ROUTER_ROUTES; i++)
		if (ipv6_addr_equal(&s->route[i].addr, &prefix))
			return s->route[i].expires;
	for (i = 0; item == DNS && i < VTAP_ROUTER_DNS; i++)
		if (ipv6_addr_equal(&s->dns[i].addr, &server))
			return s->dns[i].expires;
	for (i = 0; item == SEARCH && i < VTAP_ROUTER_SEARCH; i++)
		if (s->search[i].name[0] == 'a' + n)
			return s->search[i].expires;
	return 0;
}

static void items_are_refreshed_and_withdrawn(struct kunit *test)
{
	const struct item_case *c = test->param_value;
	struct fixture *f = test->priv;

	learn_item(f, c->item, 1, 100, 1000);
	learn_item(f, c->item, 2, 100, 1000);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 1), 1100);
	learn_item(f, c->item, 1, 300, 1050);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 1), 1350);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 1099), 2);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 1100), 1);
	learn_item(f, c->item, 1, 0, 1200);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 1200), 0);
	/* Taking back what is not known changes nothing. */
	learn_item(f, c->item, 3, 0, 1200);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 1200), 0);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 3), 0);
}

static void infinite_is_for_ever(struct kunit *test)
{
	const struct item_case *c = test->param_value;
	struct fixture *f = test->priv;

	learn_item(f, c->item, 1, INFINITE, 1000);
	learn_item(f, c->item, 2, INFINITE - 1, 1000);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 1), U64_MAX);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 2), 1000ULL + INFINITE - 1);
	KUNIT_EXPECT_EQ(test, count(f, c->item, U64_MAX - 1), 1);
	/* It can be taken back. */
	learn_item(f, c->item, 1, 0, 2000);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 2000), 1);
}

static void lists_are_limited(struct kunit *test)
{
	const struct item_case *c = test->param_value;
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 1; i <= c->max + 1; i++)
		learn_item(f, c->item, i, 1000, 100);
	for (i = 1; i <= c->max; i++)
		KUNIT_EXPECT_EQ(test, expires(f, c->item, i), 1100);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, c->max + 1), 0);
	/* Those that are known are refreshed all the same. */
	learn_item(f, c->item, c->max, 2000, 100);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, c->max), 2100);
	/* One that is taken back, or has expired, makes room. */
	learn_item(f, c->item, 2, 0, 200);
	learn_item(f, c->item, c->max + 1, 1000, 200);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, c->max + 1), 1200);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 200), c->max);
	learn_item(f, c->item, c->max + 2, 1000, 1100);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, c->max + 2), 2100);
	KUNIT_EXPECT_EQ(test, count(f, c->item, 1100), 3);
}

/* A machine that is up for long: seconds past 32 bits. */
static void time_does_not_wrap(struct kunit *test)
{
	const struct item_case *c = test->param_value;
	struct fixture *f = test->priv;
	const u64 now = U32_MAX - 10;

	begin(&f->ra, MEDIUM, 1800);
	put_item(&f->ra, c->item, 1, 1000);
	put_item(&f->ra, c->item, 2, INFINITE - 1);
	learn(f, 1, now);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 1), now + 1000);
	KUNIT_EXPECT_EQ(test, expires(f, c->item, 2), now + INFINITE - 1);
	KUNIT_EXPECT_EQ(test, count(f, c->item, now + 999), 2);
	KUNIT_EXPECT_EQ(test, count(f, c->item, now + 1000), 1);
	KUNIT_EXPECT_EQ(test, best(f, now + 1799), 1);
	KUNIT_EXPECT_EQ(test, best(f, now + 1800), 0);
	learn_router(f, 1, MEDIUM, 1800, now + 2000);
	learn_router(f, 2, LOW, 1800, now + 2000);
	heard(f, 1, false, now + 2000);
	KUNIT_EXPECT_EQ(test, best(f, now + 2059), 2);
	KUNIT_EXPECT_EQ(test, due(f, now + 2059), 0);
	KUNIT_EXPECT_EQ(test, due(f, now + 2060), BIT(1));
}

static void onlink_needs_the_flag(struct kunit *test)
{
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 1800);
	put_prefix(&f->ra, prefix_addr(1), 64, ONLINK, 1000);
	put_prefix(&f->ra, prefix_addr(2), 64, 0x40, 1000);
	put_route(&f->ra, prefix_addr(3), 64, MEDIUM, 1000);
	learn(f, 1, 100);
	KUNIT_EXPECT_TRUE(test, is_onlink(f, 1, 100));
	KUNIT_EXPECT_FALSE(test, is_onlink(f, 2, 100));
	KUNIT_EXPECT_FALSE(test, is_onlink(f, 3, 100));
	KUNIT_EXPECT_FALSE(test, is_onlink(f, 4, 100));
	KUNIT_EXPECT_TRUE(test, is_onlink(f, 1, 1099));
	KUNIT_EXPECT_FALSE(test, is_onlink(f, 1, 1100));
	expect_counts(test, 100, 1, 2, 1, 0, 0);
	/* Nor does it take anything back that it is missing. */
	begin(&f->ra, MEDIUM, 1800);
	put_prefix(&f->ra, prefix_addr(1), 64, 0x40, 0);
	put_prefix(&f->ra, prefix_addr(2), 64, ONLINK, 1000);
	learn(f, 2, 100);
	KUNIT_EXPECT_TRUE(test, is_onlink(f, 1, 1099));
	KUNIT_EXPECT_TRUE(test, is_onlink(f, 2, 100));
}

/* The whole world is on no segment, nor is what it is cut from. */
static void prefixes_of_odd_lengths(struct kunit *test)
{
	struct in6_addr host = server_addr(5), other = server_addr(6);
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 1800);
	put_prefix(&f->ra, prefix_addr(1), 0, ONLINK, 1000);
	put_prefix(&f->ra, addr_of(0, 0, 0), 0, ONLINK, 1000);
	learn(f, 1, 100);
	KUNIT_EXPECT_FALSE(test, is_onlink(f, 1, 100));
	expect_counts(test, 100, 1, 0, 0, 0, 0);
	/* A default route by RFC 4191 is one. */
	begin(&f->ra, MEDIUM, 1800);
	put_route(&f->ra, addr_of(0, 0, 0), 0, MEDIUM, 1000);
	put_prefix(&f->ra, host, 128, ONLINK, 1000);
	learn(f, 1, 100);
	KUNIT_EXPECT_TRUE(test, vtap_routers_onlink(&f->routers, &host, 100));
	KUNIT_EXPECT_FALSE(test, vtap_routers_onlink(&f->routers, &other, 100));
	expect_counts(test, 100, 1, 1, 1, 0, 0);
}

/* The same prefix with another length is another one. */
static void lengths_tell_prefixes_apart(struct kunit *test)
{
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 1800);
	put_prefix(&f->ra, prefix_addr(1), 64, ONLINK, 1000);
	put_prefix(&f->ra, prefix_addr(1), 48, 0, 1000);
	put_route(&f->ra, prefix_addr(1), 64, MEDIUM, 1000);
	put_route(&f->ra, prefix_addr(1), 48, MEDIUM, 1000);
	learn(f, 1, 100);
	expect_counts(test, 100, 1, 2, 2, 0, 0);
	KUNIT_EXPECT_TRUE(test, is_onlink(f, 1, 100));
}

/* Prefixes are the link's, whoever tells; routes are their router's. */
static void whose_a_prefix_is(struct kunit *test)
{
	struct in6_addr first = router_addr(1), second = router_addr(2);
	const struct vtap_router_state *s;
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 1800);
	put_prefix(&f->ra, prefix_addr(1), 64, ONLINK, 1000);
	put_route(&f->ra, prefix_addr(2), 64, HIGH, 1000);
	learn(f, 1, 100);
	begin(&f->ra, MEDIUM, 1800);
	put_prefix(&f->ra, prefix_addr(1), 64, ONLINK, 500);
	put_route(&f->ra, prefix_addr(2), 64, LOW, 1000);
	learn(f, 2, 100);
	KUNIT_EXPECT_TRUE(test, is_onlink(f, 1, 599));
	KUNIT_EXPECT_FALSE(test, is_onlink(f, 1, 600));
	expect_counts(test, 100, 2, 1, 2, 0, 0);
	s = read_all(f, 100);
	KUNIT_EXPECT_MEMEQ(test, &s->route[0].router, &first, sizeof(first));
	KUNIT_EXPECT_EQ(test, s->route[0].preference, 1);
	KUNIT_EXPECT_MEMEQ(test, &s->route[1].router, &second, sizeof(second));
	KUNIT_EXPECT_EQ(test, s->route[1].preference, -1);
	/* Each takes back its own. */
	begin(&f->ra, MEDIUM, 1800);
	put_route(&f->ra, prefix_addr(2), 64, HIGH, 0);
	learn(f, 2, 100);
	expect_counts(test, 100, 2, 1, 1, 0, 0);
	s = read_all(f, 100);
	KUNIT_EXPECT_MEMEQ(test, &s->route[0].router, &first, sizeof(first));
	KUNIT_EXPECT_GT(test, s->route[0].expires, 100);
}

/* RFC 4343 */
static void case_of_domains_does_not_matter(struct kunit *test)
{
	struct fixture *f = test->priv;

	begin(&f->ra, MEDIUM, 0);
	put_search(&f->ra, "corp", 100);
	put_search(&f->ra, "CoRP", 200);
	put_search(&f->ra, "corp1", 300);
	learn(f, 1, 1000);
	expect_counts(test, 1000, 0, 0, 0, 0, 2);
	KUNIT_EXPECT_STREQ(test, read_all(f, 1000)->search[0].name, "corp");
	KUNIT_EXPECT_EQ(test, f->state.search[0].expires, 1200);
}

/* Best first, then in the order in which they came; what expired is last. */
static void routers_are_read_in_order(struct kunit *test)
{
	static const u8 order[] = { 5, 7, 2, 3, 6, 4, 1 };
	const struct vtap_router_state *s;
	struct in6_addr addr;
	struct fixture *f = test->priv;
	unsigned int i;

	learn_router(f, 1, HIGH, 1800, 100);	/* lost last */
	learn_router(f, 2, MEDIUM, 1800, 100);
	learn_router(f, 3, MEDIUM, 1800, 100);
	learn_router(f, 4, HIGH, 1800, 100);	/* lost first */
	learn_router(f, 5, HIGH, 1800, 100);
	learn_router(f, 6, LOW, 1800, 100);
	learn_router(f, 8, HIGH, 5, 100);	/* expires */
	learn_router(f, 7, HIGH, 1800, 100);
	heard(f, 4, false, 101);
	heard(f, 1, false, 102);
	s = read_all(f, 110);
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		addr = router_addr(order[i]);
		KUNIT_EXPECT_MEMEQ(test, &s->router[i].addr, &addr,
				   sizeof(addr));
	}
	KUNIT_EXPECT_LE(test, s->router[7].expires, 110);
	addr = router_addr(5);
	KUNIT_EXPECT_MEMEQ(test, &s->best, &addr, sizeof(addr));
}

/* Option gateway6: it wins, and is not forgotten. */
static void a_set_gateway_wins(struct kunit *test)
{
	struct in6_addr gateway = router_addr(99), none = in6addr_any, got;
	struct fixture *f = test->priv;

	learn_router(f, 1, HIGH, 1800, 100);
	vtap_routers_set_gateway(&f->routers, &gateway);
	KUNIT_EXPECT_EQ(test, best(f, 100), 99);
	KUNIT_EXPECT_TRUE(test, includes(f, 99, 100));
	KUNIT_EXPECT_TRUE(test, includes(f, 1, 100));
	/* It is not one that can be withdrawn. */
	forget_one(f, 99, 100);
	heard(f, 99, false, 100);
	KUNIT_EXPECT_EQ(test, best(f, 100), 99);
	vtap_routers_forget(&f->routers);
	KUNIT_EXPECT_EQ(test, best(f, 100), 99);
	KUNIT_EXPECT_FALSE(test, includes(f, 1, 100));
	got = vtap_routers_get_gateway(&f->routers);
	KUNIT_EXPECT_MEMEQ(test, &got, &gateway, sizeof(got));
	vtap_routers_set_gateway(&f->routers, &none);
	KUNIT_EXPECT_EQ(test, best(f, 100), 0);
	KUNIT_EXPECT_FALSE(test, includes(f, 99, 100));
}

static void all_is_forgotten(struct kunit *test)
{
	struct fixture *f = test->priv;
	enum what item;

	begin(&f->ra, MEDIUM, 1800);
	for (item = PREFIX; item <= SEARCH; item++)
		put_item(&f->ra, item, 1, INFINITE);
	learn(f, 1, 100);
	expect_counts(test, 100, 1, 1, 1, 1, 1);
	vtap_routers_forget(&f->routers);
	expect_counts(test, 0, 0, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, best(f, 100), 0);
	/* It can be learned again. */
	learn(f, 1, 100);
	expect_counts(test, 100, 1, 1, 1, 1, 1);
	KUNIT_EXPECT_EQ(test, best(f, 100), 1);
}

static u32 random_lifetime(struct rnd_state *rnd)
{
	static const u32 lifetimes[] = { 0, 1, 10, 100, 9000, INFINITE };

	return lifetimes[prandom_u32_state(rnd) % ARRAY_SIZE(lifetimes)];
}

/* Out of more of each kind than there is room for. */
static void random_ra(struct rnd_state *rnd, struct ra *ra)
{
	unsigned int i = prandom_u32_state(rnd) % 6;
	u32 random = prandom_u32_state(rnd);

	begin(ra, random & 0x18, random_lifetime(rnd));
	while (i--)
		put_item(ra, PREFIX + prandom_u32_state(rnd) % 4,
			 prandom_u32_state(rnd) % 20, random_lifetime(rnd));
}

/* Of no list do two entries that hold say the same. */
static void expect_no_twins(struct kunit *test,
			    const struct vtap_router_state *s, enum what item,
			    u64 now)
{
	struct list list = get_list(s, item);
	unsigned int i, j;

	for (i = 0; i < list.max; i++) {
		for (j = 0; j < i; j++) {
			if (!entry_holds(&list, i, now) ||
			    !entry_holds(&list, j, now))
				continue;
			KUNIT_ASSERT_NE(test, memcmp(list.entries +
						     i * list.size,
						     list.entries +
						     j * list.size,
						     list.key), 0);
		}
	}
}

static bool same_addr(const struct vtap_router *a, const struct vtap_router *b)
{
	return ipv6_addr_equal(&a->addr, &b->addr);
}

static bool holds(const struct vtap_router *r, u64 now)
{
	return r->expires > now;
}

/* The gateway is a router that holds, and of those that are not lost, where
 * there are any, none is preferred.
 */
static void expect_good_gateway(struct kunit *test,
				const struct vtap_router_state *s, u8 gateway,
				u64 now)
{
	const struct vtap_router *used = NULL;
	unsigned int i, routers = 0;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		routers += holds(&s->router[i], now);
		if (holds(&s->router[i], now) &&
		    s->router[i].addr.s6_addr[15] == gateway)
			used = &s->router[i];
	}
	KUNIT_ASSERT_EQ(test, !!used, routers > 0);
	KUNIT_ASSERT_EQ(test, gateway > 0, routers > 0);
	for (i = 0; i < VTAP_ROUTERS; i++) {
		const struct vtap_router *r = &s->router[i];

		if (!holds(r, now) || r->lost)
			continue;
		KUNIT_ASSERT_FALSE(test, used->lost);
		KUNIT_ASSERT_LE(test, r->preference, used->preference);
	}
}

/* Routers that answer, and that did not withdraw, are still there. */
static void expect_kept(struct kunit *test, const struct vtap_router_state *old,
			const struct vtap_router_state *s, u8 speaker, u64 now)
{
	unsigned int i, j;

	for (i = 0; i < VTAP_ROUTERS; i++) {
		const struct vtap_router *r = &old->router[i];

		if (!holds(r, now) || r->lost ||
		    r->addr.s6_addr[15] == speaker)
			continue;
		for (j = 0; j < VTAP_ROUTERS; j++)
			if (same_addr(&s->router[j], r))
				break;
		KUNIT_ASSERT_LT(test, j, VTAP_ROUTERS);
		KUNIT_ASSERT_EQ(test, s->router[j].expires, r->expires);
	}
}

static void random_advertisements_keep_the_rules(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vtap_router_state *old = kunit_kmalloc(test, sizeof(*old),
						      GFP_KERNEL);
	struct rnd_state rnd;
	enum what item;
	unsigned int i;
	u64 now = 100;

	KUNIT_ASSERT_NOT_NULL(test, old);
	prandom_seed_state(&rnd, 4861);
	for (i = 0; i < 10000; i++) {
		u8 speaker = 1 + prandom_u32_state(&rnd) % 12;

		now += prandom_u32_state(&rnd) % 4;
		*old = *read_all(f, now);
		random_ra(&rnd, &f->ra);
		learn(f, speaker, now);
		expect_kept(test, old, read_all(f, now), speaker, now);
		if (prandom_u32_state(&rnd) % 4 == 0)
			heard(f, 1 + prandom_u32_state(&rnd) % 12,
			      prandom_u32_state(&rnd) % 4 == 0, now);
		for (item = ROUTER; item <= SEARCH; item++)
			expect_no_twins(test, read_all(f, now), item, now);
		expect_good_gateway(test, &f->state, best(f, now), now);
		/* Whatever was remembered of the best one. */
		now += prandom_u32_state(&rnd) % 4;
		expect_good_gateway(test, read_all(f, now), best(f, now), now);
	}
}

static void expect_news(struct kunit *test, enum vtap_router_news news, u8 n)
{
	const struct fixture *f = test->priv;
	struct in6_addr addr = router_addr(n);

	KUNIT_EXPECT_EQ(test, f->news, news);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&f->told.addr, &addr));
}

/* More time for what is known is none. */
static void what_is_news_of_a_router(struct kunit *test)
{
	struct fixture *f = test->priv;

	learn_router(f, 1, MEDIUM, 1800, 10);
	expect_news(test, VTAP_ROUTER_LEARNED, 1);
	learn_router(f, 1, MEDIUM, 900, 20);
	expect_news(test, VTAP_ROUTER_NO_NEWS, 1);
	learn_router(f, 1, HIGH, 900, 30);
	expect_news(test, VTAP_ROUTER_CHANGED, 1);
	KUNIT_EXPECT_EQ(test, f->told.preference, 1);
	begin(&f->ra, HIGH, 900);
	put_mtu(&f->ra, 1400);
	learn(f, 1, 40);
	expect_news(test, VTAP_ROUTER_CHANGED, 1);
	KUNIT_EXPECT_EQ(test, f->told.mtu, 1400);
	learn_router(f, 1, HIGH, 0, 50);
	expect_news(test, VTAP_ROUTER_EXPIRED, 1);
	KUNIT_EXPECT_EQ(test, f->told.mtu, 1400);
	learn_router(f, 1, HIGH, 0, 60);
	expect_news(test, VTAP_ROUTER_NO_NEWS, 1);
}

/* Of a prefix, a route, a name server, a domain: it comes, it stays, it goes. By
 * who is no default router, too.
 */
static void what_is_news_of_the_link(struct kunit *test)
{
	struct fixture *f = test->priv;
	enum what item;

	for (item = PREFIX; item <= SEARCH; item++) {
		learn_item(f, item, 1, 600, 20);
		expect_news(test, VTAP_ROUTER_CHANGED, 1);
		learn_item(f, item, 1, 900, 30);
		expect_news(test, VTAP_ROUTER_NO_NEWS, 1);
		learn_item(f, item, 1, 0, 40);
		expect_news(test, VTAP_ROUTER_CHANGED, 1);
		learn_item(f, item, 1, 0, 50);
		expect_news(test, VTAP_ROUTER_NO_NEWS, 1);
	}
}

static void routers_are_taken_when_they_expire(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct vtap_router router;
	u64 next;

	learn_router(f, 1, MEDIUM, 100, 0);
	learn_router(f, 2, MEDIUM, 50, 0);
	KUNIT_EXPECT_FALSE(test, vtap_routers_take(&f->routers, 49, &router,
						   &next));
	KUNIT_EXPECT_EQ(test, next, 50);
	KUNIT_EXPECT_TRUE(test, vtap_routers_take(&f->routers, 50, &router,
						  &next));
	KUNIT_EXPECT_EQ(test, router.addr.s6_addr[15], 2);
	KUNIT_EXPECT_FALSE(test, vtap_routers_take(&f->routers, 50, &router,
						   &next));
	KUNIT_EXPECT_EQ(test, next, 100);
	KUNIT_EXPECT_TRUE(test, vtap_routers_take(&f->routers, U64_MAX, &router,
						  &next));
	KUNIT_EXPECT_FALSE(test, vtap_routers_take(&f->routers, U64_MAX,
						   &router, &next));
	KUNIT_EXPECT_EQ(test, next, U64_MAX);
}

static struct kunit_case router_test_cases[] = {
	KUNIT_CASE(nothing_is_known),
	KUNIT_CASE(what_is_news_of_a_router),
	KUNIT_CASE(what_is_news_of_the_link),
	KUNIT_CASE(routers_are_taken_when_they_expire),
	KUNIT_CASE(a_router_is_learned_refreshed_withdrawn),
	KUNIT_CASE(no_default_router_teaches_the_rest),
	KUNIT_CASE(what_is_malformed_teaches_nothing),
	KUNIT_CASE(a_neighbour_is_no_router),
	KUNIT_CASE_PARAM(preferences, preference_gen_params),
	KUNIT_CASE(routers_expire),
	KUNIT_CASE(the_router_in_use_is_kept),
	KUNIT_CASE(a_lost_router_is_passed_over),
	KUNIT_CASE(a_lost_router_is_asked),
	KUNIT_CASE(the_last_router_is_not_asked),
	KUNIT_CASE(lost_routers_take_turns),
	KUNIT_CASE(a_single_router_is_used_lost_or_not),
	KUNIT_CASE(the_ninth_is_not_learned),
	KUNIT_CASE(whoever_does_not_answer_makes_room),
	KUNIT_CASE(an_expired_router_makes_room),
	KUNIT_CASE_PARAM(items_are_refreshed_and_withdrawn, item_gen_params),
	KUNIT_CASE_PARAM(infinite_is_for_ever, item_gen_params),
	KUNIT_CASE_PARAM(lists_are_limited, item_gen_params),
	KUNIT_CASE_PARAM(time_does_not_wrap, item_gen_params),
	KUNIT_CASE(onlink_needs_the_flag),
	KUNIT_CASE(prefixes_of_odd_lengths),
	KUNIT_CASE(lengths_tell_prefixes_apart),
	KUNIT_CASE(whose_a_prefix_is),
	KUNIT_CASE(case_of_domains_does_not_matter),
	KUNIT_CASE(routers_are_read_in_order),
	KUNIT_CASE(a_set_gateway_wins),
	KUNIT_CASE(all_is_forgotten),
	KUNIT_CASE_SLOW(random_advertisements_keep_the_rules),
	{}
};

static struct kunit_suite router_suite = {
	.name = "vtap_router",
	.init = router_init,
	.test_cases = router_test_cases,
};

/* Router fe80::9, which has OTHER_MAC: a prefix, and that address. */
#define RA	"86000000400007080000000000000000"
#define PREFIX_1 "03044080000003e8000003e800000000" \
		"20010001000000000000000000000000"
#define NA_ROUTER "88000000e0000000fe800000000000000000000000000009" \
		"0201021122334455"
#define SLLA	"0101021122334455"
#define SLLA_GATEWAY "0101aabbccddeeff"

/* A pair whose host end has fe80::64. */
static int input_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	vtap_test_pair_init(test);
	pair = test->priv;
	vtap_test_enable_ipv6(pair);
	vtap_test_add_address6(test, pair->host, "fe80::64", IFA_F_NODAD);
	vtap_test_wait_usable6(test, pair, "fe80::64");
	return 0;
}

static bool knows_router(struct vtap_test_pair *pair)
{
	struct in6_addr addr = router_addr(9), gateway;
	struct in6_addr neighbour = prefix_addr(1);
	u64 now = ktime_get_boottime_seconds();
	bool known;

	local_bh_disable();
	known = vtap_routers_gateway(&pair->port->routers, now, &gateway) &&
		ipv6_addr_equal(&gateway, &addr) &&
		vtap_routers_onlink(&pair->port->routers, &neighbour, now);
	local_bh_enable();
	return known;
}

/* What fe80::9 is said to say. The host gets it as it is, if it does. */
static void say(struct kunit *test, const char *source, const char *hex,
		bool dropped)
{
	const struct vtap_test_ndp message = {
		.source = source, .saddr = "fe80::9", .daddr = "ff02::1",
		.hex = hex,
	};
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = vtap_test_ndp(test, &message);
	u64 before = vtap_test_drops(pair->port, VTAP_RX_DROP_UNTRUSTED);

	vtap_test_ndp_from_vpn(test, pair, &message);
	if (!dropped)
		vtap_test_expect_frame(test, &pair->to_host,
				       skb->data + ETH_HLEN,
				       skb->len - ETH_HLEN);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_UNTRUSTED),
			before + dropped);
	kfree_skb(skb);
}

static void advertise(struct kunit *test, const char *source, const char *hex)
{
	say(test, source, hex, false);
}

static void an_advertisement_teaches(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	advertise(test, OTHER_MAC, RA PREFIX_1 SLLA);
	KUNIT_EXPECT_TRUE(test, knows_router(pair));
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_RA), 1);
	/* It has yet to prove its hardware address. */
	KUNIT_EXPECT_EQ(test, pair->port->neigh.ipv6_entries, 0);
}

static void learning_off_teaches_nothing(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->opt.learning, 0);
	advertise(test, OTHER_MAC, RA PREFIX_1 SLLA);
	KUNIT_EXPECT_FALSE(test, knows_router(pair));
}

/* As setting the option does. */
static void learning_turned_off_forgets(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	advertise(test, OTHER_MAC, RA PREFIX_1 SLLA);
	KUNIT_EXPECT_EQ(test, vtap_test_set(pair, VTAP_OPT_LEARNING,
					    "off"), 0);
	KUNIT_EXPECT_FALSE(test, knows_router(pair));
}

/* fe80::9 proves to have OTHER_MAC. */
static void prove_router(struct kunit *test)
{
	static const struct vtap_test_ndp na = {
		.dest = STATION_MAC, .source = OTHER_MAC,
		.saddr = "fe80::9", .daddr = "fe80::64",
		.hex = NA_ROUTER,
	};
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->host,
			   vtap_test_ipv6(test, "fe80::64", "fe80::9",
					  NEXTHDR_NONE, NULL, 0));
	kfree_skb(vtap_test_next_ndp(test, pair));
	vtap_test_ndp_from_vpn(test, pair, &na);
	vtap_test_expect_no_ndp(test, pair);
}

/* From here 2001:db8::1 is to be reached by fe80::66. */
#define REDIRECT "8900000000000000fe800000000000000000000000000066" \
		"20010db8000000000000000000000001"

/* Frame's source and message of a proven router: is it its own word? */
static const struct proven_case {
	const char *name;
	const char *source;
	const char *hex;
	bool own;
} proven_cases[] = {
	{ "its own", OTHER_MAC, RA PREFIX_1 SLLA, true },
	{ "its own, no address", OTHER_MAC, RA PREFIX_1, true },
	{ "another's", GATEWAY_MAC, RA PREFIX_1 SLLA_GATEWAY },
	{ "another's, no address", GATEWAY_MAC, RA PREFIX_1 },
	{ "another's address", OTHER_MAC, RA PREFIX_1 SLLA_GATEWAY },
	{ "another's, with the router's address", GATEWAY_MAC,
	  RA PREFIX_1 SLLA },
	{ "its own redirect", OTHER_MAC, REDIRECT, true },
	{ "another's redirect", GATEWAY_MAC, REDIRECT },
};

KUNIT_ARRAY_PARAM_DESC(proven, proven_cases, name);

static void proven_routers_have_their_own_word(struct kunit *test)
{
	const struct proven_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;

	prove_router(test);
	say(test, c->source, c->hex, !c->own);
	KUNIT_EXPECT_EQ(test, knows_router(pair),
			c->own && strcmp(c->hex, REDIRECT));
}

/* Nobody is known to be it. */
static void redirects_of_what_is_not_proven_pass(struct kunit *test)
{
	say(test, GATEWAY_MAC, REDIRECT, false);
}

static void expect_asked(struct kunit *test, const char *addr)
{
	struct sk_buff *skb = vtap_test_next_ndp(test, test->priv);
	const size_t target = ETH_HLEN + sizeof(struct ipv6hdr) + 8;
	struct in6_addr wanted;

	KUNIT_ASSERT_TRUE(test, in6_pton(addr, -1, wanted.s6_addr, -1, NULL));
	KUNIT_ASSERT_GE(test, skb->len, target + sizeof(wanted));
	KUNIT_EXPECT_MEMEQ(test, skb->data + target, &wanted, sizeof(wanted));
	kfree_skb(skb);
}

/* RFC 4191 3.5: what goes to another router makes us ask the one that is lost,
 * whose answer brings it back, in whatever entry.
 */
static void a_lost_router_is_back(struct kunit *test)
{
	static const struct vtap_test_ndp other = {
		.source = GATEWAY_MAC, .saddr = "fe80::8", .daddr = "ff02::1",
		.hex = RA PREFIX_1 SLLA_GATEWAY,
	}, back = {
		.dest = STATION_MAC, .source = OTHER_MAC,
		.saddr = "fe80::9", .daddr = "fe80::64", .hex = NA_ROUTER,
	};
	u64 now = ktime_get_boottime_seconds();
	struct vtap_test_pair *pair = test->priv;
	struct in6_addr addr = router_addr(9);

	advertise(test, OTHER_MAC, RA PREFIX_1 SLLA);
	KUNIT_EXPECT_TRUE(test, knows_router(pair));
	local_bh_disable();
	vtap_routers_heard(&pair->port->routers, &addr, false, now);
	pair->port->routers.state.router[0].ask = now;
	local_bh_enable();
	vtap_test_ndp_from_vpn(test, pair, &other);
	kfree_skb(vtap_test_next(test, &pair->to_host));
	KUNIT_EXPECT_FALSE(test, knows_router(pair));
	vtap_test_transmit(test, pair->host,
			   vtap_test_ipv6(test, "fe80::64", "2001:db8:9::1",
					  NEXTHDR_NONE, NULL, 0));
	expect_asked(test, "fe80::9");
	expect_asked(test, "fe80::8");
	vtap_test_ndp_from_vpn(test, pair, &back);
	KUNIT_EXPECT_FALSE(test, vtap_routers_pass_over(&pair->port->routers));
}

static struct kunit_case input_test_cases[] = {
	KUNIT_CASE(an_advertisement_teaches),
	KUNIT_CASE(learning_off_teaches_nothing),
	KUNIT_CASE(learning_turned_off_forgets),
	KUNIT_CASE_PARAM(proven_routers_have_their_own_word,
			 proven_gen_params),
	KUNIT_CASE(redirects_of_what_is_not_proven_pass),
	KUNIT_CASE(a_lost_router_is_back),
	{}
};

static struct kunit_suite input_suite = {
	.name = "vtap_router_input",
	.init = input_init,
	.exit = vtap_test_pair_exit,
	.test_cases = input_test_cases,
};

kunit_test_suites(&router_suite, &input_suite);
