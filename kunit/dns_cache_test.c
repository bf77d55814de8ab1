// SPDX-License-Identifier: GPL-2.0
/* The DNS cache: what enters it, what comes out of it, and when no more. */

#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/udp.h>

#include "dns.h"
#include "dns_cache.h"
#include "packet.h"
#include "utils.h"

#define NAME	"www.example.com"
#define SERVER	IP4(9, 9, 9, 9)
#define SERVER6	"2001:db8::53"
#define SELF6	"2001:db8::64"
#define PORT	40000
#define ID	0x1234
#define TTL	100
#define NOW	1000000

enum {
	TYPE_A = 1,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	RD = 0x0100,
	AD = 0x0020,
	CD = 0x0010,
	QR = 0x8000,
	SERVFAIL = 2,
};

static const u8 address[] = { 192, 0, 2, 1 };

/* A query, or an answer, and its packet. What is 0 is as in the normal one. */
struct spec {
	bool v6;
	bool edns;
	bool dnssec;
	bool no_sum;
	bool reassembled;	/* it came in fragments */
	bool bad_sum;
	bool others;	/* its frame is for another station */
	__be32 server;
	__be32 client;
	u16 port;
	u16 server_port;
	u16 id;
	u16 flags;
	u16 class;
	u16 type;
	u16 size;
	const char *name;
	u32 ttl;
	size_t len;	/* bytes of the record's data */
};

static void put_question(struct vtap_test_dns *dns, const struct spec *s,
			 u16 flags)
{
	vtap_test_dns_start(dns, s->id ?: ID, flags, s->name ?: NAME,
			    s->type ?: TYPE_A);
	if (s->class)
		put_unaligned_be16(s->class, dns->bytes + dns->len - 2);
}

static void put_opt(struct vtap_test_dns *dns, const struct spec *s)
{
	if (s->edns)
		vtap_test_dns_opt(dns, s->size ?: 1232,
				  s->dnssec ? 0x8000 : 0, NULL, 0);
}

static struct sk_buff *build(struct kunit *test, const struct spec *s,
			     const struct vtap_test_dns *dns, bool query)
{
	u16 port = s->port ?: PORT, server_port = s->server_port ?: 53;
	__be32 client = s->client ?: STATION_IP, server = s->server ?: SERVER;
	struct sk_buff *skb;
	struct udphdr *udp;

	if (s->v6)
		skb = vtap_test_udp6(test, query ? SELF6 : SERVER6,
				     query ? SERVER6 : SELF6,
				     query ? port : server_port,
				     query ? server_port : port,
				     dns->bytes, dns->len);
	else
		skb = vtap_test_udp(test, query ? client : server,
				    query ? server : client,
				    query ? port : server_port,
				    query ? server_port : port,
				    dns->bytes, dns->len);
	udp = (struct udphdr *)(skb->data + (s->v6 ? sizeof(struct ipv6hdr) :
						      sizeof(struct iphdr)));
	if (s->no_sum)
		udp->check = 0;
	if (s->bad_sum)
		udp->check ^= htons(0x0100);
	skb->protocol = htons(s->v6 ? ETH_P_IPV6 : ETH_P_IP);
	skb->pkt_type = s->others ? PACKET_OTHERHOST : PACKET_HOST;
	return skb;
}

static struct sk_buff *build_query(struct kunit *test, const struct spec *s)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	struct sk_buff *skb;

	put_question(dns, s, s->flags ?: RD);
	put_opt(dns, s);
	skb = build(test, s, dns, true);
	kunit_kfree(test, dns);
	return skb;
}

static struct sk_buff *build_answer(struct kunit *test, const struct spec *s)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	static u8 data[2000];
	struct sk_buff *skb;

	put_question(dns, s, QR | (s->flags ?: RD));
	memcpy(data, address, sizeof(address));
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ANSWER, NULL, s->type ?: TYPE_A,
			 s->ttl ?: TTL, data, s->len ?: sizeof(address));
	put_opt(dns, s);
	skb = build(test, s, dns, false);
	kunit_kfree(test, dns);
	return skb;
}

static struct vtap_port *port_of(struct kunit *test)
{
	return ((struct vtap_test_pair *)test->priv)->port;
}

/* What the host asks: the reply from the cache, or NULL. */
static struct sk_buff *ask_packet(struct kunit *test, struct sk_buff *skb,
				  u64 now)
{
	struct sk_buff *reply = NULL;
	enum vtap_verdict verdict;
	struct vtap_pkt pkt;

	skb_reset_network_header(skb);
	KUNIT_ASSERT_EQ(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	local_bh_disable();
	rcu_read_lock();
	verdict = vtap_dns_cache_tx(port_of(test), skb, &pkt, now, &reply);
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_ASSERT_EQ(test, verdict, reply ? VTAP_CONSUMED : VTAP_CONTINUE);
	if (!reply)
		kfree_skb(skb);
	return reply;
}

static struct sk_buff *ask(struct kunit *test, const struct spec *s, u64 now)
{
	return ask_packet(test, build_query(test, s), now);
}

static void answer_packet(struct kunit *test, struct sk_buff *skb,
			  bool reassembled, u64 now)
{
	struct vtap_pkt pkt;

	skb_reset_network_header(skb);
	KUNIT_ASSERT_EQ(test, vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
			VTAP_CONTINUE);
	pkt.reassembled = reassembled;
	local_bh_disable();
	rcu_read_lock();
	vtap_dns_cache_rx(port_of(test), skb, &pkt, now);
	rcu_read_unlock();
	local_bh_enable();
	kfree_skb(skb);
}

static void answer(struct kunit *test, const struct spec *s, u64 now)
{
	answer_packet(test, build_answer(test, s), s->reassembled, now);
}

static bool hits(struct kunit *test, const struct spec *s, u64 now)
{
	struct sk_buff *reply = ask(test, s, now);

	kfree_skb(reply);
	return reply;
}

/* Asked and answered. */
static void learn(struct kunit *test, const struct spec *s, u64 now)
{
	KUNIT_ASSERT_FALSE(test, hits(test, s, now));
	answer(test, s, now);
}

static void set_option(struct kunit *test, enum vtap_option_id id,
		       const char *value)
{
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, id, value), 0);
}

/* A cache that is on, and empty. */
static int cache_init(struct kunit *test)
{
	vtap_test_shared_init(test);
	set_option(test, VTAP_OPT_DNS_CACHE, "off");
	set_option(test, VTAP_OPT_DNS_MAX, "16");
	set_option(test, VTAP_OPT_DNS_TTL_MAX, "86400");
	set_option(test, VTAP_OPT_GATEWAY4, "none");
	set_option(test, VTAP_OPT_GATEWAY6, "none");
	set_option(test, VTAP_OPT_DNS_CACHE, "on");
	return 0;
}

static unsigned int entries(struct kunit *test)
{
	return port_of(test)->dns.entries;
}

/* The whole packet: addresses, ports, checksums, id, spelling, TTL. */
static void hit(struct kunit *test)
{
	struct spec s = { .v6 = *(const bool *)test->param_value };
	u64 before = vtap_test_count(port_of(test), VTAP_STAT_DNS_HITS);
	struct sk_buff *reply, *wanted;
	struct iphdr *iph;

	learn(test, &s, NOW);
	s.name = "WWW.example.Com";
	s.id = 0xfedc;
	s.port = 50000;
	reply = ask(test, &s, NOW + 10);
	KUNIT_ASSERT_NOT_NULL(test, reply);
	s.ttl = TTL - 10;
	wanted = build_answer(test, &s);
	if (!s.v6) {
		/* Of a packet in one part the id says nothing, unless a link
		 * on the way makes more of it, as it may.
		 */
		iph = (struct iphdr *)wanted->data;
		iph->id = ((struct iphdr *)reply->data)->id;
		iph->frag_off = 0;
		vtap_test_sum_ipv4(iph);
	}
	KUNIT_EXPECT_EQ(test, reply->protocol, wanted->protocol);
	KUNIT_EXPECT_TRUE(test, reply->pkt_type == PACKET_HOST);
	KUNIT_EXPECT_PTR_EQ(test, reply->dev, port_of(test)->dev);
	KUNIT_ASSERT_EQ(test, reply->len, wanted->len);
	KUNIT_EXPECT_MEMEQ(test, reply->data, wanted->data, wanted->len);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port_of(test),
					      VTAP_STAT_DNS_HITS), before + 1);
	kfree_skb(reply);
	kfree_skb(wanted);
}

/* The same IPv6 packet, with destination options that say nothing. */
static struct sk_buff *with_options(struct kunit *test, struct sk_buff *skb,
				    bool query)
{
	static const u8 options[8] = { IPPROTO_UDP, 0, IPV6_TLV_PADN, 4 };
	size_t len = skb->len - sizeof(struct ipv6hdr);
	u8 *payload = kunit_kzalloc(test, sizeof(options) + len, GFP_KERNEL);
	struct sk_buff *longer;

	KUNIT_ASSERT_NOT_NULL(test, payload);
	memcpy(payload, options, sizeof(options));
	memcpy(payload + sizeof(options), skb->data + sizeof(struct ipv6hdr),
	       len);
	longer = vtap_test_ipv6(test, query ? SELF6 : SERVER6,
				query ? SERVER6 : SELF6, IPPROTO_DSTOPTS,
				payload, sizeof(options) + len);
	longer->protocol = skb->protocol;
	longer->pkt_type = skb->pkt_type;
	kfree_skb(skb);
	return longer;
}

static void behind_extension_headers(struct kunit *test)
{
	const struct spec s = { .v6 = true };
	struct sk_buff *query = with_options(test, build_query(test, &s), true);
	struct sk_buff *reply;

	KUNIT_EXPECT_NULL(test, ask_packet(test, query, NOW));
	answer_packet(test, with_options(test, build_answer(test, &s), false),
		      false, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 1);
	query = with_options(test, build_query(test, &s), true);
	reply = ask_packet(test, query, NOW);
	KUNIT_EXPECT_NOT_NULL(test, reply);
	kfree_skb(reply);
}

struct differ_case {
	const char *name;
	struct spec spec;
};

/* An answer that differs from what was asked for. */
static const struct differ_case wrong_answers[] = {
	{ "server", { .server = IP4(9, 9, 9, 8) } },
	{ "server's port", { .server_port = 54 } },
	{ "client", { .client = IP4(192, 168, 1, 101) } },
	{ "port", { .port = PORT + 1 } },
	{ "id", { .id = ID + 1 } },
	{ "id in another order", { .id = 0x3412 } },
	{ "id in the same bucket", { .id = ID + VTAP_DNS_PENDING_HASH } },
	{ "name", { .name = "ww2.example.com" } },
	{ "case", { .name = "www.Example.com" } },
	{ "type", { .type = TYPE_AAAA } },
	{ "class", { .class = 3 } },
	{ "family", { .v6 = true } },
	{ "checksum", { .bad_sum = true } },
	{ "station", { .others = true } },
};

KUNIT_ARRAY_PARAM_DESC(wrong, wrong_answers, name);

/* Neither kept, nor an end of the wait for the right one. */
static void wrong_answer(struct kunit *test)
{
	const struct differ_case *c = test->param_value;
	const struct spec s = {};

	learn(test, &c->spec, NOW);
	/* So far all was right: it was another query. */
	vtap_dns_cache_flush(&port_of(test)->dns);

	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	answer(test, &c->spec, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 0);
	answer(test, &s, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 1);
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW));
}

/* A query that differs from what was answered. */
static const struct differ_case other_queries[] = {
	{ "server", { .server = IP4(9, 9, 9, 8) } },
	{ "name", { .name = "ww2.example.com" } },
	{ "subdomain", { .name = "a.www.example.com" } },
	{ "type", { .type = TYPE_AAAA } },
	{ "class", { .class = 3 } },
	{ "no RD", { .flags = AD } },
	{ "AD", { .flags = RD | AD } },
	{ "CD", { .flags = RD | CD } },
	{ "EDNS", { .edns = true } },
	{ "DO", { .edns = true, .dnssec = true } },
	{ "family", { .v6 = true } },
	{ "port of no server", { .server_port = 5353 } },
	{ "checksum", { .bad_sum = true } },
};

KUNIT_ARRAY_PARAM_DESC(other, other_queries, name);

static void other_query(struct kunit *test)
{
	const struct differ_case *c = test->param_value;
	const struct spec s = {};

	learn(test, &s, NOW);
	KUNIT_EXPECT_FALSE(test, hits(test, &c->spec, NOW));
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW));
}

/* Whoever asks twice at once, with one id, in two ways: the answer to one of them
 * is none to the other.
 */
static void answer_of_other_flags(struct kunit *test)
{
	static const struct spec specs[] = {
		{ .flags = RD }, { .flags = AD }, { .flags = RD | CD },
		{ .edns = true }, { .edns = true, .dnssec = true },
	};
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(specs); i++) {
		for (j = 0; j < ARRAY_SIZE(specs); j++) {
			KUNIT_EXPECT_FALSE(test, hits(test, &specs[i], NOW));
			KUNIT_EXPECT_FALSE(test, hits(test, &specs[j], NOW));
			answer(test, &specs[i], NOW);
			KUNIT_EXPECT_EQ_MSG(test, entries(test), i == j,
					    "%u, %u", i, j);
			vtap_dns_cache_flush(&port_of(test)->dns);
		}
	}
}

/* Nor where chance puts them side by side in the table. */
static void many_other_queries(struct kunit *test)
{
	struct spec server = {}, name = {};
	const struct spec s = {};
	unsigned int i;
	char text[32];

	learn(test, &s, NOW);
	name.name = text;
	for (i = 1; i < 500; i++) {
		server.server = htonl(0x09090909 + i);
		/* As long as the other. */
		snprintf(text, sizeof(text), "%03u.example.com", i);
		KUNIT_ASSERT_FALSE(test, hits(test, &server, NOW));
		KUNIT_ASSERT_FALSE(test, hits(test, &name, NOW));
	}
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW));
}

/* One that differs in what the answer does not depend on. */
static const struct differ_case same_queries[] = {
	{ "client", { .client = IP4(192, 168, 1, 101) } },
	{ "port", { .port = PORT + 1 } },
	{ "id", { .id = ID + 1 } },
	{ "case", { .name = "wWW.eXAMPLE.cOM" } },
};

KUNIT_ARRAY_PARAM_DESC(same, same_queries, name);

static void same_query(struct kunit *test)
{
	const struct differ_case *c = test->param_value;
	const struct spec s = {};

	learn(test, &s, NOW);
	KUNIT_EXPECT_TRUE(test, hits(test, &c->spec, NOW));
}

static void unasked_answer(struct kunit *test)
{
	const struct spec s = {};

	answer(test, &s, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 0);
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
}

static void late_answer(struct kunit *test)
{
	const struct spec s = {};

	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	answer(test, &s, NOW + 11);
	KUNIT_EXPECT_EQ(test, entries(test), 0);
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	answer(test, &s, NOW + 10);
	KUNIT_EXPECT_EQ(test, entries(test), 1);
}

/* The first one counts, whether it is kept or not. */
static void second_answer(struct kunit *test)
{
	static const struct spec firsts[] = {
		{ .flags = RD | SERVFAIL },
		{ .no_sum = true },
		{ .reassembled = true },
		{ .len = 1300 },
		{ .ttl = 0x80000000 },
	};
	const struct spec s = {};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(firsts); i++) {
		KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
		answer(test, &firsts[i], NOW);
		answer(test, &s, NOW);
		KUNIT_EXPECT_EQ_MSG(test, entries(test), 0, "after %u", i);
	}
	learn(test, &s, NOW);
	answer(test, &(struct spec){ .ttl = 9000 }, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 1);
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW + TTL));
}

/* A client that repeats itself waits for one answer. */
static void repeated_query(struct kunit *test)
{
	const struct spec s = {};

	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW + 5));
	KUNIT_EXPECT_EQ(test, port_of(test)->dns.waiting, 1);
	answer(test, &s, NOW + 14);
	KUNIT_EXPECT_EQ(test, entries(test), 1);
	KUNIT_EXPECT_EQ(test, port_of(test)->dns.waiting, 0);
}

/* As glibc does where the clock, which its ids are made of, is coarse. */
static void two_questions_of_one_id(struct kunit *test)
{
	const struct spec s = { .type = TYPE_A }, t = { .type = TYPE_AAAA };

	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	KUNIT_EXPECT_FALSE(test, hits(test, &t, NOW));
	KUNIT_EXPECT_EQ(test, port_of(test)->dns.waiting, 2);
	answer(test, &s, NOW);
	answer(test, &t, NOW);
	KUNIT_EXPECT_EQ(test, port_of(test)->dns.waiting, 0);
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW + 1));
	KUNIT_EXPECT_TRUE(test, hits(test, &t, NOW + 1));
}

/* Another answer to the same query takes the place of the first. */
static void renewed_answer(struct kunit *test)
{
	struct spec s = { .id = ID }, t = { .id = ID + 1, .ttl = 1000 };

	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	KUNIT_EXPECT_FALSE(test, hits(test, &t, NOW));
	answer(test, &s, NOW);
	answer(test, &t, NOW + 1);
	KUNIT_EXPECT_EQ(test, entries(test), 1);
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW + 999));
}

/* Seconds of an answer's TTL, in a reply @after so many. */
static void expect_ttl(struct kunit *test, u32 after, u32 ttl)
{
	struct spec s = {};
	struct sk_buff *reply = ask(test, &s, NOW + after);
	struct sk_buff *wanted;

	KUNIT_ASSERT_NOT_NULL(test, reply);
	s.ttl = ttl;
	wanted = build_answer(test, &s);
	KUNIT_ASSERT_EQ(test, reply->len, wanted->len);
	KUNIT_EXPECT_MEMEQ(test, reply->data + sizeof(struct iphdr) + 8,
			   wanted->data + sizeof(struct iphdr) + 8,
			   wanted->len - sizeof(struct iphdr) - 8);
	kfree_skb(reply);
	kfree_skb(wanted);
}

static void aging_over_hours(struct kunit *test)
{
	const struct spec s = { .ttl = 50000 };

	learn(test, &s, NOW);
	expect_ttl(test, 0, 50000);
	expect_ttl(test, 1, 49999);
	expect_ttl(test, 36000, 14000);
	expect_ttl(test, 49999, 1);
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW + 50000));
	KUNIT_EXPECT_EQ(test, entries(test), 0);
}

/* Also for what is there already. */
static void capped_lifetime(struct kunit *test)
{
	const struct spec s = { .ttl = 50000 };

	set_option(test, VTAP_OPT_DNS_TTL_MAX, "300");
	learn(test, &s, NOW);
	expect_ttl(test, 299, 49701);
	set_option(test, VTAP_OPT_DNS_TTL_MAX, "20");
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW + 19));
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW + 20));
}

/* Who asks may have looked at the clock before another CPU kept the answer. */
static void answer_of_the_next_second(struct kunit *test)
{
	const struct spec s = {};

	learn(test, &s, NOW + 1);
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW));
	KUNIT_EXPECT_EQ(test, entries(test), 1);
}

static void what_the_asker_takes(struct kunit *test)
{
	/* 33 bytes, a record's 12, EDNS's 11: 512 and 513, 1000 and 1001. */
	const struct spec plain = { .len = 512 - 45 };
	const struct spec wide = { .edns = true, .size = 4096, .len = 944 };
	const struct spec narrow = { .edns = true, .size = 1000, .len = 944 };
	const struct spec narrower = { .edns = true, .size = 999, .len = 944 };
	struct spec too_long = { .len = 512 - 44, .name = "two.example.com" };

	learn(test, &plain, NOW);
	KUNIT_EXPECT_TRUE(test, hits(test, &plain, NOW));
	learn(test, &too_long, NOW);
	KUNIT_EXPECT_FALSE(test, hits(test, &too_long, NOW));
	learn(test, &wide, NOW);
	KUNIT_EXPECT_TRUE(test, hits(test, &narrow, NOW));
	KUNIT_EXPECT_FALSE(test, hits(test, &narrower, NOW));
	KUNIT_EXPECT_TRUE(test, hits(test, &wide, NOW));
}

static const char *number(struct kunit *test, unsigned int i)
{
	char *name = kunit_kzalloc(test, 32, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, name);
	snprintf(name, 32, "%u.example.com", i);
	return name;
}

static void learn_number(struct kunit *test, unsigned int i, u64 now)
{
	learn(test, &(struct spec){ .name = number(test, i) }, now);
}

static bool hits_number(struct kunit *test, unsigned int i, u64 now)
{
	return hits(test, &(struct spec){ .name = number(test, i) }, now);
}

static u64 evictions(struct kunit *test)
{
	return vtap_test_count(port_of(test), VTAP_STAT_DNS_EVICTIONS);
}

static void the_least_recently_used_goes(struct kunit *test)
{
	u64 before = evictions(test);
	unsigned int i;

	for (i = 0; i < 16; i++)
		learn_number(test, i, NOW);
	KUNIT_EXPECT_TRUE(test, hits_number(test, 0, NOW));
	KUNIT_EXPECT_TRUE(test, hits_number(test, 2, NOW));
	for (i = 16; i < 18; i++)
		learn_number(test, i, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 16);
	KUNIT_EXPECT_EQ(test, evictions(test), before + 2);
	for (i = 0; i < 18; i++)
		KUNIT_EXPECT_EQ_MSG(test, hits_number(test, i, NOW),
				    i != 1 && i != 3, "number %u", i);
}

static void the_limit_holds_at_once(struct kunit *test)
{
	u64 before = evictions(test);
	unsigned int i;

	set_option(test, VTAP_OPT_DNS_MAX, "100");
	for (i = 0; i < 100; i++)
		learn_number(test, i, NOW);
	KUNIT_EXPECT_EQ(test, entries(test), 100);
	KUNIT_EXPECT_EQ(test, evictions(test), before);
	set_option(test, VTAP_OPT_DNS_MAX, "20");
	KUNIT_EXPECT_EQ(test, entries(test), 20);
	KUNIT_EXPECT_FALSE(test, hits_number(test, 79, NOW));
	KUNIT_EXPECT_TRUE(test, hits_number(test, 80, NOW));
}

/* Those whose time was over anyway are no evictions. */
static void expired_entries_make_room(struct kunit *test)
{
	u64 before = evictions(test);
	unsigned int i;

	for (i = 0; i < 16; i++)
		learn_number(test, i, NOW);
	for (i = 16; i < 32; i++)
		learn_number(test, i, NOW + TTL);
	KUNIT_EXPECT_EQ(test, entries(test), 16);
	KUNIT_EXPECT_EQ(test, evictions(test), before);
}

static void memory_is_accounted(struct kunit *test)
{
	struct vtap_dns_cache *cache = &port_of(test)->dns;
	size_t one;

	KUNIT_EXPECT_EQ(test, cache->bytes, 0);
	learn_number(test, 1, NOW);
	one = cache->bytes;
	KUNIT_EXPECT_GT(test, one, 60);
	KUNIT_EXPECT_LT(test, one, 60 + 200);
	learn_number(test, 2, NOW);
	KUNIT_EXPECT_EQ(test, cache->bytes, 2 * one);
	vtap_dns_cache_flush(cache);
	KUNIT_EXPECT_EQ(test, cache->bytes, 0);
	KUNIT_EXPECT_EQ(test, cache->entries, 0);
}

/* Of too many that wait for an answer the oldest does no more. */
static void queries_are_bounded(struct kunit *test)
{
	struct vtap_dns_cache *cache = &port_of(test)->dns;
	struct spec s = {};
	unsigned int i;

	for (i = 0; i <= VTAP_DNS_PENDING; i++) {
		s.id = 1 + i;
		KUNIT_ASSERT_FALSE(test, hits(test, &s, NOW));
	}
	KUNIT_EXPECT_EQ(test, cache->waiting, VTAP_DNS_PENDING);
	s.id = 1;
	answer(test, &s, NOW);
	KUNIT_EXPECT_EQ(test, cache->entries, 0);
	s.id = 2;
	answer(test, &s, NOW);
	KUNIT_EXPECT_EQ(test, cache->entries, 1);
	KUNIT_EXPECT_EQ(test, cache->waiting, VTAP_DNS_PENDING - 1);
}

static void turn_off(struct kunit *test)
{
	set_option(test, VTAP_OPT_DNS_CACHE, "off");
	set_option(test, VTAP_OPT_DNS_CACHE, "on");
}

static void lose_link(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	rtnl_lock();
	dev_close(pair->ethernet);
	KUNIT_EXPECT_EQ(test, dev_open(pair->ethernet, NULL), 0);
	rtnl_unlock();
	vtap_test_wait_ready(test, pair->host);
}

static void set_gateway4(struct kunit *test)
{
	set_option(test, VTAP_OPT_GATEWAY4, "192.0.2.9");
}

static void set_gateway6(struct kunit *test)
{
	set_option(test, VTAP_OPT_GATEWAY6, "fe80::9");
}

static void set_lease(struct kunit *test, __be32 addr)
{
	struct vtap_lease4 *lease = kzalloc(sizeof(*lease), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lease);
	vtap_forget(port_of(test));
	lease->expires = U64_MAX;
	lease->msg.address = addr;
	rcu_assign_pointer(port_of(test)->learned.lease4, lease);
}

static void get_lease(struct kunit *test)
{
	set_lease(test, STATION_IP);
}

static const struct flush_case {
	const char *name;
	void (*run)(struct kunit *test);
} flush_cases[] = {
	{ "turned off", turn_off },
	{ "link lost", lose_link },
	{ "IPv4 gateway", set_gateway4 },
	{ "IPv6 gateway", set_gateway6 },
	{ "lease", get_lease },
};

KUNIT_ARRAY_PARAM_DESC(flush, flush_cases, name);

/* Neither is what was kept given any more, nor does what was asked for enter. */
static void flushed(struct kunit *test)
{
	const struct flush_case *c = test->param_value;
	const struct spec s = {}, t = { .name = "two.example.com" };

	learn(test, &s, NOW);
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW));
	KUNIT_EXPECT_FALSE(test, hits(test, &t, NOW));
	c->run(test);
	answer(test, &t, NOW);
	KUNIT_EXPECT_FALSE(test, hits(test, &s, NOW));
	KUNIT_EXPECT_FALSE(test, hits(test, &t, NOW));
	KUNIT_EXPECT_EQ(test, entries(test), 0);
}

/* A renewed lease changes nothing. */
static void renewal_keeps(struct kunit *test)
{
	const struct spec s = {};

	set_lease(test, STATION_IP);
	learn(test, &s, NOW);
	set_lease(test, STATION_IP);
	KUNIT_EXPECT_TRUE(test, hits(test, &s, NOW));
}

/* Not a whole message from one station to another. */
static void what_is_not_looked_at(struct kunit *test)
{
	u64 before = vtap_test_count(port_of(test), VTAP_STAT_DNS_QUERIES);
	static const struct spec specs[] = {
		{ .server = cpu_to_be32(0xe00000fb) },
		{ .server = cpu_to_be32(0xffffffff) },
		{ .server_port = 5353 },
		{ .bad_sum = true },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(specs); i++)
		KUNIT_EXPECT_FALSE(test, hits(test, &specs[i], NOW));
	KUNIT_EXPECT_EQ(test, port_of(test)->dns.waiting, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port_of(test),
					      VTAP_STAT_DNS_QUERIES), before);
}

static void off_by_default(struct kunit *test)
{
	struct vtap_test_pair *pair = vtap_test_pair_create(test, "kunit1");

	vtap_test_reads(test, pair, VTAP_OPT_DNS_CACHE, "off\n");
	vtap_test_reads(test, pair, VTAP_OPT_DNS_MAX, "256\n");
	vtap_test_reads(test, pair, VTAP_OPT_DNS_TTL_MAX, "300\n");
	vtap_test_pair_destroy(pair);
}

static void know_servers(struct kunit *test)
{
	vtap_test_know(test, test->priv, vtap_test_mapped(SERVER));
	vtap_test_know(test, test->priv, vtap_test_addr6(test, SERVER6));
}

/* Through the devices: the second query does not leave. */
static void end_to_end(struct kunit *test)
{
	struct spec s = { .v6 = *(const bool *)test->param_value };
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb, *got;

	know_servers(test);
	vtap_test_transmit(test, pair->host, build_query(test, &s));
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	skb = build_answer(test, &s);
	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
	kfree_skb(vtap_test_next(test, &pair->to_host));

	s.id = 0xfedc;
	vtap_test_transmit(test, pair->host, build_query(test, &s));
	got = vtap_test_next(test, &pair->to_host);
	skb = build_answer(test, &s);
	KUNIT_EXPECT_EQ(test, got->len, skb->len);
	KUNIT_EXPECT_EQ(test, got->protocol, skb->protocol);
	KUNIT_EXPECT_EQ(test, got->data[got->len - 1], address[3]);
	kfree_skb(got);
	kfree_skb(skb);
	vtap_test_expect_silence(test, &pair->to_vpn);
	vtap_test_expect_silence(test, &pair->to_host);
}

/* Off, it is as if there were none. */
static void end_to_end_off(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const struct spec s = {};
	struct sk_buff *skb;
	unsigned int i;

	set_option(test, VTAP_OPT_DNS_CACHE, "off");
	know_servers(test);
	for (i = 0; i < 2; i++) {
		vtap_test_transmit(test, pair->host, build_query(test, &s));
		kfree_skb(vtap_test_next(test, &pair->to_vpn));
		skb = build_answer(test, &s);
		vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
		vtap_test_transmit(test, pair->ethernet, skb);
		kfree_skb(vtap_test_next(test, &pair->to_host));
	}
	KUNIT_EXPECT_EQ(test, entries(test), 0);
	KUNIT_EXPECT_EQ(test, pair->port->dns.waiting, 0);
}

static struct kunit_case dns_cache_test_cases[] = {
	KUNIT_CASE_PARAM(hit, vtap_test_family_gen_params),
	KUNIT_CASE(behind_extension_headers),
	KUNIT_CASE_PARAM(wrong_answer, wrong_gen_params),
	KUNIT_CASE_PARAM(other_query, other_gen_params),
	KUNIT_CASE(answer_of_other_flags),
	KUNIT_CASE(many_other_queries),
	KUNIT_CASE_PARAM(same_query, same_gen_params),
	KUNIT_CASE(unasked_answer),
	KUNIT_CASE(late_answer),
	KUNIT_CASE(second_answer),
	KUNIT_CASE(repeated_query),
	KUNIT_CASE(two_questions_of_one_id),
	KUNIT_CASE(renewed_answer),
	KUNIT_CASE(aging_over_hours),
	KUNIT_CASE(capped_lifetime),
	KUNIT_CASE(answer_of_the_next_second),
	KUNIT_CASE(what_the_asker_takes),
	KUNIT_CASE(the_least_recently_used_goes),
	KUNIT_CASE(the_limit_holds_at_once),
	KUNIT_CASE(expired_entries_make_room),
	KUNIT_CASE(memory_is_accounted),
	KUNIT_CASE(queries_are_bounded),
	KUNIT_CASE_PARAM(flushed, flush_gen_params),
	KUNIT_CASE(renewal_keeps),
	KUNIT_CASE(what_is_not_looked_at),
	KUNIT_CASE(off_by_default),
	KUNIT_CASE_PARAM(end_to_end, vtap_test_family_gen_params),
	KUNIT_CASE(end_to_end_off),
	{}
};

static struct kunit_suite dns_cache_suite = {
	.name = "vtap_dns_cache",
	.init = cache_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = dns_cache_test_cases,
};

kunit_test_suite(dns_cache_suite);
