// SPDX-License-Identifier: GPL-2.0
/* Reassembly: fragments go into the Ethernet end, whole datagrams come out of
 * the host end.
 */

#include <linux/prandom.h>
#include <net/inet_ecn.h>
#include <net/inet_frag.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "option.h"
#include "utils.h"

#define V12A "4500002c1234200040110000c0a8010ac0a801010102030405060708090a0b0c0d0e0f101112131415161718"
#define V12B "450000241234000340110000c0a8010ac0a80101191a1b1c1d1e1f202122232425262728"
#define V12R "4500003c123400004011e521c0a8010ac0a801010102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728"

#define EXPERIMENTAL	0xfd	/* RFC 3692: no checksum that is known */
#define HEADERS_MAX	128

/**
 * struct datagram - what a sender has to say
 * @v6: over IPv6
 * @id: identification
 * @source: low bits of the source address
 * @dest: the same of the destination
 * @protocol: what is carried
 * @tos: type of service, traffic class
 * @ext: IPv4 options, IPv6 headers in front of the fragment header
 * @ext_len: bytes of them
 * @ext_nexthdr: kind of the first of them
 * @ext_last: offset in them of the last one's next header
 * @data: what is cut into fragments
 * @len: bytes of it
 */
struct datagram {
	bool v6;
	u32 id;
	u32 source;
	u32 dest;
	u8 protocol;
	u8 tos;
	const u8 *ext;
	size_t ext_len;
	u8 ext_nexthdr;
	u8 ext_last;
	const u8 *data;
	size_t len;
};

/* How a fragment gets here. */
struct way {
	bool paged;
	bool cloned;
	bool inverted;		/* its data is not the datagram's */
	unsigned int padding;
	const char *dest;	/* MAC, NULL for the station's */
};

static const struct way plain;

static const u8 *bytes(struct kunit *test, size_t len)
{
	struct rnd_state rnd;
	u8 *data = kunit_kmalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, data);
	prandom_seed_state(&rnd, len);
	prandom_bytes_state(&rnd, data, len);
	return data;
}

static struct datagram datagram(struct kunit *test, bool v6, size_t len)
{
	return (struct datagram){
		.v6 = v6, .id = 0x1234, .source = 1, .dest = 100,
		.protocol = EXPERIMENTAL, .data = bytes(test, len), .len = len,
	};
}

static struct in6_addr address6(u32 low)
{
	struct in6_addr addr = { .s6_addr32 = {
		htonl(0x20010db8), 0, 0, htonl(low),
	} };

	return addr;
}

static __be32 address4(u32 low)
{
	return htonl(0x0a000000 + low);
}

/* IPv4 header with options; @field is the fragment field. */
static size_t put_ipv4(u8 *to, const struct datagram *d, size_t len, u16 field)
{
	struct iphdr *iph = (struct iphdr *)to;
	size_t headers = sizeof(*iph) + d->ext_len;

	*iph = (struct iphdr){
		.version = 4, .ihl = headers / 4, .tos = d->tos, .ttl = 64,
		.protocol = d->protocol, .id = htons(d->id),
		.tot_len = htons(headers + len), .frag_off = htons(field),
		.saddr = address4(d->source), .daddr = address4(d->dest),
	};
	if (d->ext_len)
		memcpy(iph + 1, d->ext, d->ext_len);
	vtap_test_sum_ipv4(iph);
	return headers;
}

/* IPv6 header and what is in front of a fragment header or, without one, of
 * the data.
 */
static size_t put_ipv6(u8 *to, const struct datagram *d, size_t len,
		       u8 nexthdr)
{
	struct ipv6hdr *ip6h = (struct ipv6hdr *)to;

	*ip6h = (struct ipv6hdr){
		.version = 6, .nexthdr = nexthdr, .hop_limit = 64,
		.payload_len = htons(d->ext_len + len),
		.saddr = address6(d->source), .daddr = address6(d->dest),
	};
	ip6_flow_hdr(ip6h, d->tos, 0);
	if (d->ext_len) {
		ip6h->nexthdr = d->ext_nexthdr;
		memcpy(ip6h + 1, d->ext, d->ext_len);
		to[sizeof(*ip6h) + d->ext_last] = nexthdr;
	}
	return sizeof(*ip6h) + d->ext_len;
}

static size_t put_headers(u8 *to, const struct datagram *d, size_t offset,
			  size_t end, bool more)
{
	struct frag_hdr *frag;
	size_t n;

	if (!d->v6)
		return put_ipv4(to, d, end - offset,
				offset / 8 | (more ? IP_MF : 0));
	n = put_ipv6(to, d, end - offset + sizeof(*frag), NEXTHDR_FRAGMENT);
	frag = (struct frag_hdr *)(to + n);
	*frag = (struct frag_hdr){
		.nexthdr = d->protocol, .identification = htonl(d->id),
		.frag_off = htons(offset | more),
	};
	return n + sizeof(*frag);
}

/* The frame of a fragment: from @offset of the data to @end. */
static struct sk_buff *fragment(struct kunit *test, const struct datagram *d,
				size_t offset, size_t end, bool more,
				const struct way *way)
{
	size_t known = clamp(d->len, offset, end) - offset;
	size_t headers, len, i;
	struct sk_buff *skb;
	u8 *packet;

	packet = kmalloc(HEADERS_MAX + end - offset + way->padding, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, packet);
	headers = put_headers(packet, d, offset, end, more);
	memcpy(packet + headers, d->data + offset, known);
	if (way->inverted)
		for (i = 0; i < known; i++)
			packet[headers + i] ^= 0xff;
	memset(packet + headers + known, 0x5a, end - offset - known);
	len = headers + end - offset;
	memset(packet + len, 0xa5, way->padding);
	len += way->padding;
	skb = way->paged ? vtap_test_split_skb(test, packet, len, 3) :
			   vtap_test_skb(test, packet, len);
	kfree(packet);
	skb->protocol = htons(d->v6 ? ETH_P_IPV6 : ETH_P_IP);
	vtap_test_push_ethernet(skb, way->dest ? way->dest : STATION_MAC,
				GATEWAY_MAC);
	return skb;
}

/* What has to come out. */
static u8 *whole(struct kunit *test, const struct datagram *d, size_t *len)
{
	u8 *packet = kunit_kmalloc(test, HEADERS_MAX + d->len, GFP_KERNEL);
	size_t headers;

	KUNIT_ASSERT_NOT_NULL(test, packet);
	headers = d->v6 ? put_ipv6(packet, d, d->len, d->protocol) :
			  put_ipv4(packet, d, d->len, 0);
	memcpy(packet + headers, d->data, d->len);
	*len = headers + d->len;
	return packet;
}

static void send_skb(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->ethernet, skb);
}

/* A clone's data is somebody else's too, and must stay as it was. */
static void send_clone(struct kunit *test, struct sk_buff *skb)
{
	u8 *copy = vtap_test_exact(test, skb->data, skb_headlen(skb));
	struct sk_buff *clone = skb_clone(skb, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, clone);
	send_skb(test, clone);
	KUNIT_EXPECT_MEMEQ(test, skb->data, copy, skb_headlen(skb));
	kfree_skb(skb);
}

static void send_way(struct kunit *test, const struct datagram *d,
		     size_t offset, size_t end, bool more,
		     const struct way *way)
{
	struct sk_buff *skb = fragment(test, d, offset, end, more, way);

	if (way->cloned)
		send_clone(test, skb);
	else
		send_skb(test, skb);
}

static void send(struct kunit *test, const struct datagram *d, size_t offset,
		 size_t end, bool more)
{
	send_way(test, d, offset, end, more, &plain);
}

/* In two: enough where it is not about how it was cut. */
static void send_first(struct kunit *test, const struct datagram *d)
{
	send(test, d, 0, 16, true);
}

static void send_rest(struct kunit *test, const struct datagram *d)
{
	send(test, d, 16, d->len, false);
}

static void expect_whole(struct kunit *test, const struct datagram *d)
{
	struct vtap_test_pair *pair = test->priv;
	size_t len;
	u8 *packet = whole(test, d, &len);

	vtap_test_expect_frame(test, &pair->to_host, packet, len);
	kunit_kfree(test, packet);
}

static void expect_nothing(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_expect_silence(test, &pair->to_host);
	vtap_test_expect_silence(test, &pair->to_vpn);
}

static u64 dropped(struct kunit *test, enum vtap_verdict reason)
{
	struct vtap_test_pair *pair = test->priv;

	return vtap_test_drops(pair->port, reason);
}

static u64 counted(struct kunit *test, enum vtap_stat stat)
{
	struct vtap_test_pair *pair = test->priv;

	return vtap_test_count(pair->port, stat);
}

static unsigned int open_ones(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	return vtap_frag_open(pair->port);
}

static u64 all_drops(struct kunit *test)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < VTAP_DROPS; i++)
		sum += dropped(test, VTAP_RX_DROP_FIRST + i);
	return sum;
}

static struct vtap_frag_table *table_of(struct kunit *test, bool v6)
{
	struct vtap_test_pair *pair = test->priv;

	return v6 ? &pair->port->frags.ipv6 : &pair->port->frags.ipv4;
}

static long memory(struct kunit *test, bool v6)
{
	return frag_mem_limit(table_of(test, v6)->fqdir);
}

/* As ``ip link set`` or sysfs. */
static void set_option(struct kunit *test, enum vtap_option_id id,
		       const char *text)
{
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, id, text), 0);
}

#define TIMERS_MAX	32

/* Those of the datagrams that are not whole yet. A test that knows them need not
 * be done before a timer is.
 */
static unsigned int get_timers(struct kunit *test, bool v6,
			       struct timer_list *timers[TIMERS_MAX])
{
	struct inet_frag_queue *q;
	struct rhashtable_iter iter;
	unsigned int n = 0;

	rhashtable_walk_enter(&table_of(test, v6)->fqdir->rhashtable, &iter);
	rhashtable_walk_start(&iter);
	while ((q = rhashtable_walk_next(&iter)) && n < TIMERS_MAX) {
		if (IS_ERR(q))	/* resized: it begins anew */
			n = 0;
		else
			timers[n++] = &q->timer;
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return n;
}

static void expire_in(struct kunit *test, bool v6, unsigned int ticks)
{
	struct timer_list *timers[TIMERS_MAX];
	unsigned int i, n = get_timers(test, v6, timers);

	for (i = 0; i < n; i++)
		mod_timer_pending(timers[i], jiffies + ticks);
}

static const struct family {
	const char *name;
	bool v6;
} families[] = {
	{ "IPv4", false },
	{ "IPv6", true },
};

KUNIT_ARRAY_PARAM_DESC(family, families, name);

static bool is_v6(struct kunit *test)
{
	const struct family *family = test->param_value;

	return family->v6;
}

/* Reference test 12. */
static void vector(struct kunit *test)
{
	const char * const hex[] = { V12A, V12B };
	struct vtap_test_pair *pair = test->priv;
	size_t len, i;
	u8 *bytes;

	for (i = 0; i < ARRAY_SIZE(hex); i++) {
		struct sk_buff *skb;

		KUNIT_EXPECT_EQ(test, open_ones(test), i);
		expect_nothing(test);
		bytes = vtap_test_hex(test, hex[i], &len);
		vtap_test_sum_ipv4(bytes);
		skb = vtap_test_skb(test, bytes, len);
		skb->protocol = htons(ETH_P_IP);
		vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
		send_skb(test, skb);
	}
	bytes = vtap_test_hex(test, V12R, &len);
	vtap_test_expect_frame(test, &pair->to_host, bytes, len);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_IPV4_FRAGMENTS), 2);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_REASSEMBLED), 1);
	KUNIT_EXPECT_EQ(test, all_drops(test), 0);
}

static const struct way ways[] = {
	{},
	{ .paged = true },
	{ .cloned = true },
	{ .padding = 18 },
	{ .padding = 18, .paged = true, .cloned = true },
};

static const u8 orders[6][3] = {
	{ 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
	{ 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
};

static void send_in_order(struct kunit *test, const struct datagram *d,
			  const u8 *order, const struct way *way)
{
	static const size_t cuts[] = { 0, 16, 64, 93 };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		unsigned int at = order[i];

		KUNIT_EXPECT_EQ(test, open_ones(test), i ? 1 : 0);
		send_way(test, d, cuts[at], cuts[at + 1], at < 2, way);
	}
	expect_whole(test, d);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
}

static void every_order(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 93);
	enum vtap_stat fragments = d.v6 ? VTAP_STAT_IPV6_FRAGMENTS :
					  VTAP_STAT_IPV4_FRAGMENTS;
	unsigned int i, way, n = 0;

	for (way = 0; way < ARRAY_SIZE(ways); way++) {
		for (i = 0; i < ARRAY_SIZE(orders); i++) {
			send_in_order(test, &d, orders[i], &ways[way]);
			n++;
		}
	}
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(test, fragments), 3 * n);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_REASSEMBLED), n);
	KUNIT_EXPECT_EQ(test, all_drops(test), 0);
	KUNIT_EXPECT_EQ(test, memory(test, d.v6), 0);
}

/* A fragment, and what becomes of it. */
struct step {
	u8 offset;
	u8 end;
	bool more;
	enum vtap_verdict verdict;	/* VTAP_CONTINUE: it was the last */
	u8 with;			/* so many waiting ones go with it */
	bool inverted;
};

#define W(_offset, _end)	{ _offset, _end, true, VTAP_CONSUMED }
#define LAST(_offset, _end)	{ _offset, _end, false, VTAP_CONSUMED }
#define DONE(_offset, _end)	{ _offset, _end, true, VTAP_CONTINUE }
#define LAST_DONE(_offset, _end) { _offset, _end, false, VTAP_CONTINUE }
#define DUP(_offset, _end, _more) \
	{ _offset, _end, _more, VTAP_RX_DROP_FRAG_DUPLICATE, 0, true }
#define OVERLAP(_offset, _end, _more, _with) \
	{ _offset, _end, _more, VTAP_RX_DROP_FRAG_OVERLAP, _with }
#define INVALID(_offset, _end, _more, _with) \
	{ _offset, _end, _more, VTAP_RX_DROP_FRAG_INVALID, _with }

/* Of a datagram of 32 bytes, but for those that say otherwise by their end. */
static const struct sequence {
	const char *name;
	struct step steps[6];
} sequences[] = {
	{ "duplicate of the first",
	  { W(0, 16), DUP(0, 16, true), LAST_DONE(16, 32) } },
	{ "duplicate of the last",
	  { LAST(16, 32), DUP(16, 32, false), DONE(0, 16) } },
	{ "duplicate of one between others",
	  { W(0, 8), W(8, 16), LAST(24, 32), DUP(8, 16, true),
	    DONE(16, 24) } },
	{ "duplicate of a single one in the middle",
	  { W(8, 16), DUP(8, 16, true), LAST(16, 32), DUP(8, 16, true),
	    DONE(0, 8) } },
	{ "contained at the start",
	  { W(0, 16), DUP(0, 8, true), LAST_DONE(16, 32) } },
	{ "contained at the end",
	  { W(0, 16), DUP(8, 16, true), LAST_DONE(16, 32) } },
	{ "contained in the middle",
	  { W(0, 24), DUP(8, 16, true), LAST_DONE(24, 32) } },
	{ "contained in two that adjoin",
	  { W(0, 8), W(8, 24), DUP(0, 16, true), LAST_DONE(24, 32) } },
	{ "two that adjoin, once more as one",
	  { W(0, 8), W(8, 16), DUP(0, 16, true), LAST_DONE(16, 32) } },
	{ "smallest", { W(0, 8), LAST_DONE(8, 9) } },
	{ "smallest, backwards", { LAST(8, 9), DONE(0, 8) } },
	{ "end that is no multiple of 8", { LAST(16, 29), DONE(0, 16) } },

	{ "overlap to the right",
	  { W(0, 16), OVERLAP(8, 24, true, 1), LAST(16, 32), DONE(0, 16) } },
	{ "overlap to the right, by the last",
	  { W(0, 16), OVERLAP(8, 32, false, 1), LAST(16, 32), DONE(0, 16) } },
	{ "overlap to the left",
	  { LAST(16, 32), OVERLAP(8, 24, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "overlap to the left, from the start",
	  { W(8, 24), OVERLAP(0, 16, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "overlap with one side of a gap",
	  { W(0, 8), W(16, 24), OVERLAP(8, 24, true, 2), W(0, 8),
	    LAST_DONE(8, 32) } },
	{ "overlap with the other side of a gap",
	  { W(0, 16), LAST(24, 32), OVERLAP(8, 24, true, 2), W(0, 8),
	    LAST_DONE(8, 32) } },
	{ "spanning a gap",
	  { W(0, 16), LAST(24, 32), OVERLAP(8, 32, false, 2), W(0, 8),
	    LAST_DONE(8, 32) } },
	{ "spanning a fragment",
	  { W(8, 16), OVERLAP(0, 24, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "spanning a fragment and more",
	  { W(8, 16), LAST(24, 32), OVERLAP(0, 24, true, 2), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "from the same start, longer",
	  { W(0, 8), OVERLAP(0, 16, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "to the same end, longer",
	  { W(8, 16), OVERLAP(0, 16, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },

	{ "two ends, the second further",
	  { LAST(16, 32), INVALID(32, 40, false, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "two ends, the second nearer",
	  { LAST(16, 32), INVALID(8, 16, false, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "two ends, the second inside the first",
	  { LAST(16, 32), INVALID(16, 24, false, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "end in front of what came before",
	  { W(0, 8), W(24, 32), INVALID(8, 16, false, 2), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "data beyond the end",
	  { LAST(8, 16), INVALID(16, 24, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "data across the end",
	  { LAST(8, 20), INVALID(16, 24, true, 1), W(0, 16),
	    LAST_DONE(16, 32) } },
	{ "more to come, no multiple of 8",
	  { W(0, 16), INVALID(16, 28, true, 0), LAST_DONE(16, 32) } },
	{ "more to come, less than 8",
	  { INVALID(0, 7, true, 0), W(0, 16), INVALID(16, 23, true, 0),
	    LAST_DONE(16, 32) } },
	{ "empty, more to come",
	  { W(0, 16), INVALID(16, 16, true, 0), LAST_DONE(16, 32) } },
	{ "empty, the last",
	  { W(0, 16), INVALID(16, 16, false, 0), LAST_DONE(16, 32) } },
};

KUNIT_ARRAY_PARAM_DESC(sequence, sequences, name);

static void do_step(struct kunit *test, const struct datagram *d,
		    const struct step *s)
{
	const struct way way = { .inverted = s->inverted };
	bool drop = s->verdict >= VTAP_RX_DROP_FIRST;
	bool is_first = !open_ones(test);
	u64 before = all_drops(test), reason = 0, wanted;

	if (drop)
		reason = dropped(test, s->verdict);
	wanted = is_first || s->verdict == VTAP_CONTINUE || s->with ? 0 : 1;
	if (s->verdict == VTAP_CONSUMED)
		wanted = 1;
	send_way(test, d, s->offset, s->end, s->more, &way);
	KUNIT_EXPECT_EQ_MSG(test, open_ones(test), wanted,
			    "%s: %u to %u", d->v6 ? "IPv6" : "IPv4", s->offset,
			    s->end);
	KUNIT_EXPECT_EQ(test, all_drops(test) - before,
			drop ? 1 + s->with : 0);
	if (drop)
		KUNIT_EXPECT_EQ_MSG(test, dropped(test, s->verdict) - reason,
				    1 + s->with, "%s", vtap_test_verdict(s->verdict));
}

static void do_sequence(struct kunit *test, const struct sequence *s, bool v6)
{
	u64 overlaps = counted(test, VTAP_STAT_FRAG_OVERLAPS);
	const struct step *step = s->steps;
	struct datagram d = datagram(test, v6, 64);
	unsigned int i, len = 32;

	for (i = 0; i < ARRAY_SIZE(s->steps) && step->end; i++, step++) {
		do_step(test, &d, step);
		if (step->verdict == VTAP_RX_DROP_FRAG_OVERLAP)
			overlaps++;
		if (!step->more && step->verdict <= VTAP_CONSUMED)
			len = step->end;
		if (step->verdict == VTAP_CONTINUE)
			break;
		expect_nothing(test);
	}
	KUNIT_EXPECT_EQ(test, step->verdict, VTAP_CONTINUE);
	d.len = len;
	expect_whole(test, &d);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_OVERLAPS), overlaps);
	KUNIT_EXPECT_EQ(test, memory(test, v6), 0);
}

static void sequence(struct kunit *test)
{
	do_sequence(test, test->param_value, false);
	do_sequence(test, test->param_value, true);
}

static const u8 nops[40] = {
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
};

/* Hop-by-hop and destination options, of padding. */
static const u8 options6[24] = {
	NEXTHDR_DEST, 0, 1, 4, 0, 0, 0, 0,
	0, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static void put_options4(struct datagram *d, size_t len)
{
	d->ext = nops;
	d->ext_len = len;
}

static void put_options6(struct datagram *d)
{
	d->ext = options6;
	d->ext_len = sizeof(options6);
	d->ext_nexthdr = NEXTHDR_HOP;
	d->ext_last = 8;
}

static void put_options(struct datagram *d)
{
	if (d->v6)
		put_options6(d);
	else
		put_options4(d, 40);
}

/* Those of the first fragment are the datagram's. */
static void headers_of_the_first(struct kunit *test)
{
	struct datagram bare = datagram(test, is_v6(test), 64), d = bare;

	put_options(&d);
	d.tos = 0xb8;
	send_first(test, &d);
	send_rest(test, &bare);
	expect_whole(test, &d);

	send_rest(test, &bare);
	send_first(test, &d);
	expect_whole(test, &d);

	d.tos = 0;
	bare.tos = 0xb8;
	send_first(test, &bare);
	send_rest(test, &d);
	expect_whole(test, &bare);

	send_rest(test, &d);
	send_first(test, &d);
	expect_whole(test, &d);
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, all_drops(test), 0);
}

/* A datagram that must not be fragmented was: what says so goes. */
static void dont_fragment_is_gone(struct kunit *test)
{
	struct datagram d = datagram(test, false, 64);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct sk_buff *skb = fragment(test, &d, i ? 16 : 0,
					       i ? 64 : 16, !i, &plain);
		struct iphdr *iph = (struct iphdr *)(skb->data + ETH_HLEN);

		iph->frag_off |= htons(IP_DF);
		vtap_test_sum_ipv4(iph);
		send_skb(test, skb);
	}
	expect_whole(test, &d);
}

/* The largest there can be is @max bytes of data behind @first's headers. */
static void try_longest(struct kunit *test, const struct datagram *first,
			size_t max, bool backwards)
{
	struct datagram d = *first, rest = *first;
	size_t end = d.len;

	rest.ext_len = 0;
	if (backwards)
		send(test, &rest, 32768, end, false);
	send(test, &d, 0, 32768, true);
	if (!backwards)
		send(test, &rest, 32768, end, false);
	if (end <= max) {
		expect_whole(test, &d);
		KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID),
				0);
	}
	expect_nothing(test);
}

static size_t longest(bool v6, size_t ext_len)
{
	return 65535 - ext_len - (v6 ? 0 : sizeof(struct iphdr));
}

static void longest_is_received(struct kunit *test)
{
	bool v6 = is_v6(test);
	struct datagram d = datagram(test, v6, longest(v6, 0));

	try_longest(test, &d, d.len, false);
	try_longest(test, &d, d.len, true);
	put_options(&d);
	d.len = longest(v6, d.ext_len);
	try_longest(test, &d, d.len, false);
	try_longest(test, &d, d.len, true);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
}

/* By what one fragment says: nothing of it is kept. */
static void longer_is_refused(struct kunit *test)
{
	bool v6 = is_v6(test);
	struct datagram d = datagram(test, v6, longest(v6, 0) + 1);

	send(test, &d, 0, 32768, true);
	send(test, &d, 32768, d.len, false);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID), 1);
	KUNIT_EXPECT_EQ(test, open_ones(test), 1);
	send(test, &d, 65528, 65528 + 8, false);
	send(test, &d, 65528, 65528 + 8, true);
	send(test, &d, 65528, 65528 + 800, false);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID), 4);
	put_options(&d);
	d.len = longest(v6, d.ext_len) + 1;
	send(test, &d, 32768, d.len, false);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID), 5);
	KUNIT_EXPECT_EQ(test, open_ones(test), 1);
	expect_nothing(test);
}

/* Each fragment is good by itself: they do not go together. */
static void headers_make_it_too_long(struct kunit *test)
{
	bool v6 = is_v6(test);
	struct datagram d = datagram(test, v6, 65535);

	put_options(&d);
	d.len = longest(v6, d.ext_len) + 1;
	try_longest(test, &d, d.len - 1, false);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID), 2);
	try_longest(test, &d, d.len - 1, true);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID), 4);
	KUNIT_EXPECT_EQ(test, all_drops(test), 4);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	KUNIT_EXPECT_EQ(test, memory(test, v6), 0);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_REASSEMBLED), 0);
}

/* RFC 6946: a datagram of one fragment has nothing to do with others, were it
 * of the same identification.
 */
static void atomic_fragments(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct datagram d = datagram(test, true, 64), atom = d;
	struct sk_buff *skb;

	atom.len = 32;
	send_first(test, &d);
	skb = fragment(test, &atom, 0, 32, false, &plain);
	send_skb(test, skb_copy(skb, GFP_KERNEL));
	vtap_test_expect_frame(test, &pair->to_host, skb->data + ETH_HLEN,
			       skb->len - ETH_HLEN);
	KUNIT_EXPECT_EQ(test, open_ones(test), 1);
	send_rest(test, &d);
	expect_whole(test, &d);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_IPV6_FRAGMENTS), 2);
	KUNIT_EXPECT_EQ(test, all_drops(test), 0);
	kfree_skb(skb);
}

/* RFC 3168 5.3: one that met congestion tells of it; one that cannot have been
 * marked does not go with one that can.
 */
static int ecn_of(const u8 *ecn)
{
	bool not_ect = false, ect = false, ce = false;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		not_ect |= ecn[i] == INET_ECN_NOT_ECT;
		ect |= ecn[i] != INET_ECN_NOT_ECT;
		ce |= ecn[i] == INET_ECN_CE;
	}
	if (not_ect && ect)
		return -EINVAL;
	return ce ? INET_ECN_CE : ecn[0];
}

static void try_ecn(struct kunit *test, const u8 *ecn)
{
	struct datagram d = datagram(test, is_v6(test), 24);
	u64 invalid = dropped(test, VTAP_RX_DROP_FRAG_INVALID);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		d.tos = 0xb8 | ecn[i];
		send(test, &d, i * 8, i * 8 + 8, i < 2);
	}
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	if (ecn_of(ecn) < 0) {
		KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_INVALID),
				invalid + 3);
		return;
	}
	d.tos = 0xb8 | ecn_of(ecn);
	expect_whole(test, &d);
}

static void congestion_is_told(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 64; i++)
		try_ecn(test, (const u8[]){ i & 3, i >> 2 & 3, i >> 4 });
	expect_nothing(test);
	KUNIT_EXPECT_EQ(test, memory(test, is_v6(test)), 0);
}

/* Two datagrams that differ in one thing only. */
static void try_different(struct kunit *test, const struct datagram *a,
			  const struct datagram *b)
{
	send_first(test, a);
	send_rest(test, b);
	KUNIT_EXPECT_EQ(test, open_ones(test), 2);
	expect_nothing(test);
	send_rest(test, a);
	expect_whole(test, a);
	send_first(test, b);
	expect_whole(test, b);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
}

static void datagrams_are_told_apart(struct kunit *test)
{
	const struct datagram a = datagram(test, is_v6(test), 64);
	struct datagram b = a;

	b.id++;
	try_different(test, &a, &b);
	b = a;
	b.source++;
	try_different(test, &a, &b);
	b = a;
	b.dest++;
	try_different(test, &a, &b);
	b = a;
	b.v6 = !b.v6;
	try_different(test, &a, &b);
	b = a;
	b.protocol--;
	if (!a.v6) {
		try_different(test, &a, &b);
		return;
	}
	/* RFC 8200 4.5: the first fragment's counts. */
	send_rest(test, &b);
	send_first(test, &a);
	expect_whole(test, &a);
	b = a;
	b.id += 0x10000;
	try_different(test, &a, &b);
}

static void expect_delivered(struct kunit *test, const struct datagram *d,
			     unsigned int pkt_type)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = vtap_test_next(test, &pair->to_host);
	unsigned int found = skb->pkt_type, ignore_df = skb->ignore_df;
	unsigned int summed = skb->ip_summed;

	KUNIT_EXPECT_PTR_EQ(test, skb->dev, pair->host);
	KUNIT_EXPECT_EQ(test, skb->skb_iif, pair->host->ifindex);
	KUNIT_EXPECT_EQ(test, skb->protocol,
			htons(d->v6 ? ETH_P_IPV6 : ETH_P_IP));
	KUNIT_EXPECT_EQ(test, found, pkt_type);
	KUNIT_EXPECT_EQ(test, ignore_df, 1);
	KUNIT_EXPECT_EQ(test, summed, CHECKSUM_NONE);
	KUNIT_EXPECT_NULL(test, memchr_inv(skb->cb, 0, sizeof(skb->cb)));
	KUNIT_EXPECT_EQ(test, skb_network_offset(skb), 0);
	KUNIT_EXPECT_EQ(test, skb_mac_header_len(skb), 0);
	kfree_skb(skb);
}

static void looks_like_any_packet(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 93);
	const struct way all = { .dest = BROADCAST_MAC };
	struct vtap_test_pair *pair = test->priv;
	struct rtnl_link_stats64 stats;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		send_in_order(test, &d, orders[i], &plain);
		/* send_in_order() looked at its bytes. */
		send(test, &d, 16, 64, true);
		send(test, &d, 64, 93, false);
		send(test, &d, 0, 16, true);
		expect_delivered(test, &d, PACKET_HOST);
	}
	send_way(test, &d, 0, 16, true, &all);
	send_way(test, &d, 16, 93, false, &all);
	expect_delivered(test, &d, PACKET_BROADCAST);
	dev_get_stats(pair->host, &stats);
	KUNIT_EXPECT_EQ(test, stats.rx_packets, 13);
	KUNIT_EXPECT_EQ(test, stats.rx_bytes, 13 * (d.v6 ? 133 : 113));
	KUNIT_EXPECT_EQ(test, stats.rx_dropped, 0);
}

/* A whole datagram is no fragments' work. */
static void others_obey_dont_fragment(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = vtap_test_ipv4(test, GATEWAY_IP, STATION_IP,
					     EXPERIMENTAL, nops, 40);
	unsigned int ignore_df;

	skb->ignore_df = 1;
	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	send_skb(test, skb);
	skb = vtap_test_next(test, &pair->to_host);
	ignore_df = skb->ignore_df;
	KUNIT_EXPECT_EQ(test, ignore_df, 0);
	kfree_skb(skb);
}

/* Cut a packet over IPv4 in two; its fragments come with @ip_summed. */
static void send_cut(struct kunit *test, struct sk_buff *skb, size_t at,
		     u8 ip_summed)
{
	struct datagram d = {
		.id = 7, .source = 1, .dest = 100,
		.protocol = ip_hdr(skb)->protocol,
		.data = skb->data + sizeof(struct iphdr),
		.len = skb->len - sizeof(struct iphdr),
	};
	struct sk_buff *a = fragment(test, &d, 0, at, true, &plain);
	struct sk_buff *b = fragment(test, &d, at, d.len, false, &plain);

	a->ip_summed = ip_summed;
	b->ip_summed = ip_summed;
	a->csum_valid = ip_summed == CHECKSUM_UNNECESSARY;
	b->csum_valid = ip_summed == CHECKSUM_UNNECESSARY;
	send_skb(test, a);
	send_skb(test, b);
	kfree_skb(skb);
}

/* Only the whole has a checksum, whatever was said of its parts. */
static void checksum_is_that_of_the_whole(struct kunit *test)
{
	static const u8 said[] = { CHECKSUM_NONE, CHECKSUM_UNNECESSARY };
	struct vtap_test_pair *pair = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(said); i++) {
		struct sk_buff *skb;
		unsigned int summed;

		skb = vtap_test_udp(test, address4(1), address4(100), 1000,
				    2000, nops, 40);
		send_cut(test, skb, 16, said[i]);
		skb = vtap_test_next(test, &pair->to_host);
		summed = skb->ip_summed;
		KUNIT_EXPECT_EQ(test, summed, CHECKSUM_UNNECESSARY);
		kfree_skb(skb);

		skb = vtap_test_udp(test, address4(1), address4(100), 1000,
				    2000, nops, 40);
		skb->data[skb->len - 1] ^= 1;
		send_cut(test, skb, 16, said[i]);
		expect_nothing(test);
		KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_CHECKSUM),
				i + 1);
		KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_CHECKSUM_ERRORS),
				i + 1);
	}
	KUNIT_EXPECT_EQ(test, all_drops(test), 2);
}

/* RFC 6980: neighbour discovery never comes in fragments. */
static void ndp_is_refused(struct kunit *test)
{
	struct datagram d = datagram(test, true, 24);
	struct in6_addr source = address6(1), dest = address6(100);
	struct nd_msg *nd = kunit_kzalloc(test, sizeof(*nd), GFP_KERNEL);
	struct sk_buff *skb;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, nd);
	nd->icmph.icmp6_type = NDISC_NEIGHBOUR_ADVERTISEMENT;
	nd->target = source;
	nd->icmph.icmp6_cksum = csum_ipv6_magic(&source, &dest, sizeof(*nd),
						IPPROTO_ICMPV6,
						csum_partial(nd, sizeof(*nd),
							     0));
	d.data = (u8 *)nd;
	d.protocol = IPPROTO_ICMPV6;
	for (i = 0; i < 2; i++) {
		skb = fragment(test, &d, i ? 16 : 0, i ? 24 : 16, !i, &plain);
		((struct ipv6hdr *)(skb->data + ETH_HLEN))->hop_limit = 255;
		send_skb(test, skb);
	}
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_NDP_INVALID), 1);
	skb = fragment(test, &d, 0, 24, false, &plain);
	((struct ipv6hdr *)(skb->data + ETH_HLEN))->hop_limit = 255;
	send_skb(test, skb);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_NDP_INVALID), 2);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_NA_RECEIVED), 2);
	KUNIT_EXPECT_EQ(test, all_drops(test), 2);
	expect_nothing(test);
}

/* DHCP may: a message of all options is longer than many a link's packets. */
static void dhcp_is_read(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb;

	vtap_test_dhcp_start(dhcp, VTAP_BOOTP_REPLY);
	vtap_test_dhcp_end(dhcp);
	skb = vtap_test_udp(test, address4(1), address4(100), 67, 68,
			    dhcp->bytes, dhcp->len);
	send_cut(test, skb, 64, CHECKSUM_NONE);
	kfree_skb(vtap_test_next(test, &pair->to_host));
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_DHCP), 1);
}

static void wait_for_timers(struct kunit *test)
{
	unsigned long end = jiffies + 20 * HZ;

	while (open_ones(test) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
}

/* Nobody is told: whoever makes sources up would have us tell others. */
static void expires_silently(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 64);

	send(test, &d, 0, 16, true);
	send(test, &d, 32, 48, true);
	d.id++;
	send(test, &d, 48, 64, false);
	KUNIT_EXPECT_EQ(test, open_ones(test), 2);
	expire_in(test, d.v6, 0);
	wait_for_timers(test);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_TIMEOUT), 3);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_TIMEOUTS), 2);
	KUNIT_EXPECT_EQ(test, all_drops(test), 3);
	KUNIT_EXPECT_EQ(test, memory(test, d.v6), 0);
	expect_nothing(test);

	/* What comes too late begins a new one. */
	send(test, &d, 0, 16, true);
	KUNIT_EXPECT_EQ(test, open_ones(test), 1);
	expect_nothing(test);
}

static void whole_ones_do_not_expire(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 64);

	send_first(test, &d);
	send_rest(test, &d);
	expect_whole(test, &d);
	expire_in(test, d.v6, 0);
	schedule_timeout_uninterruptible(6);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_TIMEOUTS), 0);
	KUNIT_EXPECT_EQ(test, all_drops(test), 0);
	expect_nothing(test);
}

/* It counts from the first fragment on that comes. */
static void timeout_is_an_option(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 64);
	unsigned long start, sent, expires;
	struct timer_list *timers[TIMERS_MAX];

	KUNIT_EXPECT_EQ(test, table_of(test, d.v6)->fqdir->timeout, 30 * HZ);
	set_option(test, VTAP_OPT_FRAG_TIMEOUT, "120");
	start = jiffies;
	send_first(test, &d);
	sent = jiffies;
	KUNIT_ASSERT_EQ(test, get_timers(test, d.v6, timers), 1);
	expires = timers[0]->expires;
	KUNIT_EXPECT_TRUE(test, time_in_range(expires, start + 120 * HZ,
					      sent + 120 * HZ));
	schedule_timeout_uninterruptible(2);
	send(test, &d, 32, 48, true);
	KUNIT_ASSERT_EQ(test, get_timers(test, d.v6, timers), 1);
	KUNIT_EXPECT_EQ(test, timers[0]->expires, expires);
}

static struct datagram of(struct kunit *test, u32 source, u32 id)
{
	struct datagram d = datagram(test, is_v6(test), 24);

	d.source = source;
	d.id = id;
	return d;
}

static void open_one(struct kunit *test, u32 source, u32 id)
{
	struct datagram d = of(test, source, id);

	send_first(test, &d);
	kunit_kfree(test, (void *)d.data);
}

/* The datagram waits still: it gets whole. */
static void expect_waiting(struct kunit *test, u32 source, u32 id)
{
	unsigned int open = open_ones(test);
	struct datagram d = of(test, source, id);

	send_rest(test, &d);
	expect_whole(test, &d);
	KUNIT_EXPECT_EQ_MSG(test, open_ones(test), open - 1, "%u of %u", id,
			    source);
	kunit_kfree(test, (void *)d.data);
}

/* It does not: what comes begins a new one, for which there is room. */
static void expect_gone(struct kunit *test, u32 source, u32 id)
{
	unsigned int open = open_ones(test);
	struct datagram d = of(test, source, id);

	send_rest(test, &d);
	KUNIT_EXPECT_EQ_MSG(test, open_ones(test), open + 1, "%u of %u", id,
			    source);
	kunit_kfree(test, (void *)d.data);
}

static void expect_evicted(struct kunit *test, unsigned int n)
{
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_EVICTED), n);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_EVICTIONS), n);
	KUNIT_EXPECT_EQ(test, all_drops(test), n);
}

#define A	0x0a0a0a
#define B	0x0b0b0b
#define C	0x0c0c0c
#define D	0x0d0d0d

static void who_has_most_makes_room(struct kunit *test)
{
	set_option(test, VTAP_OPT_FRAG_MAX, "5");
	open_one(test, B, 1);
	open_one(test, A, 1);
	open_one(test, A, 2);
	open_one(test, A, 3);
	open_one(test, C, 1);
	expect_evicted(test, 0);
	open_one(test, B, 2);
	expect_evicted(test, 1);
	KUNIT_EXPECT_EQ(test, open_ones(test), 5);
	expect_waiting(test, B, 1);
	expect_waiting(test, C, 1);
	expect_waiting(test, B, 2);
	expect_waiting(test, A, 2);
	expect_gone(test, A, 1);
	expect_waiting(test, A, 3);
	expect_evicted(test, 1);
	expect_nothing(test);
}

/* Who fills the table makes room himself, from his oldest on. */
static void flood_hurts_its_source(struct kunit *test)
{
	unsigned int i;

	set_option(test, VTAP_OPT_FRAG_MAX, "4");
	open_one(test, B, 1);
	for (i = 1; i <= 20; i++)
		open_one(test, A, i);
	open_one(test, C, 1);
	KUNIT_EXPECT_EQ(test, open_ones(test), 4);
	expect_evicted(test, 18);
	expect_waiting(test, B, 1);
	expect_waiting(test, C, 1);
	expect_waiting(test, A, 20);
	expect_waiting(test, A, 19);
	expect_gone(test, A, 18);
}

/* Of sources that have as many, the one that has had so for longest. */
static void ties_go_by_age(struct kunit *test)
{
	set_option(test, VTAP_OPT_FRAG_MAX, "4");
	open_one(test, A, 1);
	open_one(test, B, 1);
	open_one(test, B, 2);
	open_one(test, A, 2);
	open_one(test, C, 1);
	KUNIT_EXPECT_EQ(test, open_ones(test), 4);
	open_one(test, D, 1);
	expect_evicted(test, 2);
	expect_waiting(test, A, 2);
	expect_waiting(test, B, 2);
	expect_waiting(test, C, 1);
	expect_waiting(test, D, 1);
	expect_gone(test, A, 1);
	expect_gone(test, B, 1);
	expect_evicted(test, 2);
}

/* More than there are ranks: still the one that has most. */
static void more_than_ranks(struct kunit *test)
{
	unsigned int i;

	set_option(test, VTAP_OPT_FRAG_MAX, "160");
	for (i = 1; i <= 60; i++)
		open_one(test, B, i);
	for (i = 1; i <= 100; i++)
		open_one(test, A, i);
	expect_evicted(test, 0);
	for (i = 1; i <= 30; i++)
		open_one(test, C, i);
	expect_evicted(test, 30);
	KUNIT_EXPECT_EQ(test, open_ones(test), 160);
	for (i = 1; i <= 60; i++)
		expect_waiting(test, B, i);
	for (i = 1; i <= 30; i++)
		expect_waiting(test, C, i);
	for (i = 100; i > 30; i--)
		expect_waiting(test, A, i);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	for (i = 1; i <= 30; i++)
		expect_gone(test, A, i);
	expect_evicted(test, 30);
}

/* Three fragments that wait are three packets that were dropped. */
static void evicted_fragments_are_counted(struct kunit *test)
{
	struct datagram d = of(test, A, 1);

	set_option(test, VTAP_OPT_FRAG_MAX, "1");
	send(test, &d, 0, 8, true);
	send(test, &d, 32, 40, true);
	send(test, &d, 16, 24, true);
	expect_evicted(test, 0);
	open_one(test, B, 1);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_EVICTED), 3);
	KUNIT_EXPECT_EQ(test, counted(test, VTAP_STAT_FRAG_EVICTIONS), 1);
	expect_waiting(test, B, 1);
}

static void lower_max_is_followed(struct kunit *test)
{
	unsigned int i;

	for (i = 1; i <= 10; i++)
		open_one(test, A, i);
	set_option(test, VTAP_OPT_FRAG_MAX, "2");
	open_one(test, A, 11);
	KUNIT_EXPECT_EQ(test, open_ones(test), 2);
	expect_waiting(test, A, 10);
	expect_waiting(test, A, 11);
	expect_evicted(test, 9);
}

static void memory_is_bounded(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 60008);
	unsigned int i, n = 150;
	u64 evicted;
	long most = 0;

	for (i = 0; i < n; i++) {
		d.source = i;
		send(test, &d, 0, 60000, true);
		most = max(most, memory(test, d.v6));
		if (memory(test, d.v6) > VTAP_FRAG_MEMORY)
			break;
	}
	KUNIT_EXPECT_LE(test, most, VTAP_FRAG_MEMORY);
	KUNIT_EXPECT_GT(test, most, VTAP_FRAG_MEMORY / 2);
	evicted = counted(test, VTAP_STAT_FRAG_EVICTIONS);
	KUNIT_EXPECT_GT(test, evicted, 0);
	KUNIT_EXPECT_EQ(test, open_ones(test), n - evicted);
	KUNIT_EXPECT_EQ(test, all_drops(test), evicted);
	/* The newest are still there. */
	d.source = n - 1;
	send(test, &d, 60000, 60008, false);
	expect_whole(test, &d);
	d.source = n - 10;
	send(test, &d, 60000, 60008, false);
	expect_whole(test, &d);
	set_option(test, VTAP_OPT_REASSEMBLY, "off");
	KUNIT_EXPECT_EQ(test, memory(test, d.v6), 0);
}

/* The other family has its own. */
static void families_do_not_share(struct kunit *test)
{
	struct datagram d = datagram(test, !is_v6(test), 64);
	unsigned int i;

	set_option(test, VTAP_OPT_FRAG_MAX, "3");
	send_first(test, &d);
	for (i = 1; i <= 20; i++)
		open_one(test, A, i);
	KUNIT_EXPECT_EQ(test, open_ones(test), 4);
	send_rest(test, &d);
	expect_whole(test, &d);
}

static void lone_fragments(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 16);
	struct vtap_frag_table *table = table_of(test, d.v6);
	const unsigned int n = 10000, max = 1024;
	unsigned int i, most = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 1);
	for (i = 0; i < n; i++) {
		d.source = prandom_u32_state(&rnd) & 0xffffff;
		d.id = i;
		send(test, &d, 0, 8, true);
		most = max(most, open_ones(test));
	}
	KUNIT_EXPECT_EQ(test, most, max);
	KUNIT_EXPECT_EQ(test, open_ones(test), max);
	expect_evicted(test, n - max);
	KUNIT_EXPECT_LE(test, atomic_read(&table->sources.nelems), max);
	KUNIT_EXPECT_LE(test, memory(test, d.v6), VTAP_FRAG_MEMORY);
	expect_nothing(test);
	set_option(test, VTAP_OPT_REASSEMBLY, "off");
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	KUNIT_EXPECT_EQ(test, memory(test, d.v6), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&table->sources.nelems), 0);
	KUNIT_EXPECT_EQ(test, table->ranked, 0);
}

static void expect_as_it_is(struct kunit *test, const struct datagram *d,
			    size_t offset, size_t end, bool more)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *sent = fragment(test, d, offset, end, more, &plain);
	struct sk_buff *skb;
	unsigned int ignore_df;

	send(test, d, offset, end, more);
	skb = vtap_test_next(test, &pair->to_host);
	ignore_df = skb->ignore_df;
	KUNIT_EXPECT_EQ(test, ignore_df, 0);
	KUNIT_ASSERT_EQ(test, skb->len, sent->len - ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, skb->data, sent->data + ETH_HLEN, skb->len);
	kfree_skb(skb);
	kfree_skb(sent);
}

/* Then the host end is a router's: fragments go on, whatever is in them. */
static void without_reassembly(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 64), other = d;

	other.v6 = !other.v6;
	send(test, &d, 0, 16, true);
	send(test, &d, 32, 48, true);
	send_first(test, &other);
	set_option(test, VTAP_OPT_REASSEMBLY, "off");
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_FLUSHED), 3);
	KUNIT_EXPECT_EQ(test, all_drops(test), 3);
	expect_nothing(test);

	expect_as_it_is(test, &d, 0, 16, true);
	expect_as_it_is(test, &d, 16, 64, false);
	expect_as_it_is(test, &d, 16, 24, true);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
	KUNIT_EXPECT_EQ(test, all_drops(test), 3);
	KUNIT_EXPECT_EQ(test, counted(test, d.v6 ? VTAP_STAT_IPV6_FRAGMENTS :
						   VTAP_STAT_IPV4_FRAGMENTS),
			5);

	set_option(test, VTAP_OPT_REASSEMBLY, "on");
	send_first(test, &d);
	send_rest(test, &d);
	expect_whole(test, &d);
}

/* No transport header is looked for in what has none. */
static void later_fragments_have_no_checksum(struct kunit *test)
{
	struct datagram d = datagram(test, is_v6(test), 64);

	d.protocol = IPPROTO_UDP;
	set_option(test, VTAP_OPT_REASSEMBLY, "off");
	expect_as_it_is(test, &d, 0, 16, true);
	expect_as_it_is(test, &d, 16, 64, false);
	d.protocol = d.v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	expect_as_it_is(test, &d, 0, 16, true);
	expect_as_it_is(test, &d, 16, 64, false);
	KUNIT_EXPECT_EQ(test, all_drops(test), 0);
}

/* A pair goes while fragments wait, before their time is over. */
static void deleted_with_open_ones(struct kunit *test)
{
	struct vtap_test_pair *kept = test->priv, *pair;
	unsigned int i;

	pair = vtap_test_pair_create(test, "kunit1");
	test->priv = pair;
	for (i = 0; i < 20; i++) {
		struct datagram d = datagram(test, i & 1, 64);

		d.source = i / 4;
		d.id = i;
		send_first(test, &d);
	}
	KUNIT_EXPECT_EQ(test, vtap_frag_open(pair->port), 20);
	expire_in(test, false, HZ);
	expire_in(test, true, HZ);
	test->priv = kept;
	vtap_test_pair_destroy(pair);
	schedule_timeout_uninterruptible(HZ + 8);
	KUNIT_EXPECT_EQ(test, open_ones(test), 0);
}

/* Model: datagrams, which units of 8 bytes of each came, and how. */
#define MODELS		4
#define UNITS		96

struct piece {
	unsigned int from;
	unsigned int to;
};

struct model {
	struct datagram d;
	unsigned int units;
	unsigned int left;
	unsigned int pieces;
	struct piece piece[UNITS];
	DECLARE_BITMAP(came, UNITS);
};

static u32 below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

static void model_start(struct kunit *test, struct model *m,
			struct rnd_state *rnd)
{
	static u32 id;

	memset(m, 0, sizeof(*m));
	m->d = datagram(test, below(rnd, 2), 9 + below(rnd, UNITS * 8 - 8));
	m->d.id = ++id;
	m->d.source = below(rnd, 3);
	m->units = DIV_ROUND_UP(m->d.len, 8);
	m->left = m->units;
	if (below(rnd, 3) == 0)
		put_options(&m->d);
}

static void model_send(struct kunit *test, const struct model *m,
		       const struct piece *p, bool inverted,
		       struct rnd_state *rnd)
{
	const struct way way = {
		.paged = below(rnd, 2), .cloned = below(rnd, 2),
		.padding = below(rnd, 20), .inverted = inverted,
	};
	bool last = p->to == m->units;

	send_way(test, &m->d, p->from * 8, last ? m->d.len : p->to * 8, !last,
		 &way);
}

/* Something that came, or a part of it, comes again. */
static void model_repeat(struct kunit *test, struct model *m,
			 struct rnd_state *rnd)
{
	struct piece p = m->piece[below(rnd, m->pieces)];

	p.from += below(rnd, p.to - p.from);
	p.to -= below(rnd, p.to - p.from);
	model_send(test, m, &p, true, rnd);
}

static void model_add(struct kunit *test, struct model *m,
		      struct rnd_state *rnd)
{
	unsigned int most = 1 + below(rnd, 24);
	struct piece p;

	p.from = find_next_zero_bit(m->came, m->units, below(rnd, m->units));
	if (p.from == m->units)
		p.from = find_first_zero_bit(m->came, m->units);
	p.to = find_next_bit(m->came, m->units, p.from);
	p.to = min(p.to, p.from + most);
	/* All of it in one would be no fragment. */
	if (p.to - p.from == m->units)
		p.to--;
	bitmap_set(m->came, p.from, p.to - p.from);
	m->left -= p.to - p.from;
	m->piece[m->pieces++] = p;
	model_send(test, m, &p, false, rnd);
}

static void model_step(struct kunit *test, struct model *m,
		       struct rnd_state *rnd, unsigned int *repeated)
{
	if (m->pieces && below(rnd, 4) == 0) {
		model_repeat(test, m, rnd);
		(*repeated)++;
		return;
	}
	model_add(test, m, rnd);
	if (m->left)
		return;
	expect_whole(test, &m->d);
	kunit_kfree(test, (void *)m->d.data);
	model_start(test, m, rnd);
}

static void random_orders(struct kunit *test)
{
	struct model *models = kunit_kcalloc(test, MODELS, sizeof(*models),
					     GFP_KERNEL);
	unsigned int i, repeated = 0;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, models);
	prandom_seed_state(&rnd, 12);
	for (i = 0; i < MODELS; i++)
		model_start(test, &models[i], &rnd);
	for (i = 0; i < 6000; i++)
		model_step(test, &models[below(&rnd, MODELS)], &rnd,
			   &repeated);
	KUNIT_EXPECT_GT(test, counted(test, VTAP_STAT_FRAG_REASSEMBLED), 50);
	KUNIT_EXPECT_LE(test, open_ones(test), MODELS);
	KUNIT_EXPECT_EQ(test, dropped(test, VTAP_RX_DROP_FRAG_DUPLICATE),
			repeated);
	KUNIT_EXPECT_EQ(test, all_drops(test), repeated);
	expect_nothing(test);
	set_option(test, VTAP_OPT_REASSEMBLY, "off");
	KUNIT_EXPECT_EQ(test, memory(test, false) + memory(test, true), 0);
}

static struct kunit_case frag_test_cases[] = {
	KUNIT_CASE(vector),
	KUNIT_CASE_PARAM(every_order, family_gen_params),
	KUNIT_CASE_PARAM(sequence, sequence_gen_params),
	KUNIT_CASE_PARAM(headers_of_the_first, family_gen_params),
	KUNIT_CASE(dont_fragment_is_gone),
	KUNIT_CASE_PARAM(longest_is_received, family_gen_params),
	KUNIT_CASE_PARAM(longer_is_refused, family_gen_params),
	KUNIT_CASE_PARAM(headers_make_it_too_long, family_gen_params),
	KUNIT_CASE(atomic_fragments),
	KUNIT_CASE_PARAM(congestion_is_told, family_gen_params),
	KUNIT_CASE_PARAM(datagrams_are_told_apart, family_gen_params),
	KUNIT_CASE_PARAM(looks_like_any_packet, family_gen_params),
	KUNIT_CASE(others_obey_dont_fragment),
	KUNIT_CASE(checksum_is_that_of_the_whole),
	KUNIT_CASE(ndp_is_refused),
	KUNIT_CASE(dhcp_is_read),
	KUNIT_CASE_PARAM(expires_silently, family_gen_params),
	KUNIT_CASE_PARAM(whole_ones_do_not_expire, family_gen_params),
	KUNIT_CASE_PARAM(timeout_is_an_option, family_gen_params),
	KUNIT_CASE_PARAM(who_has_most_makes_room, family_gen_params),
	KUNIT_CASE_PARAM(flood_hurts_its_source, family_gen_params),
	KUNIT_CASE_PARAM(ties_go_by_age, family_gen_params),
	KUNIT_CASE_PARAM(more_than_ranks, family_gen_params),
	KUNIT_CASE_PARAM(evicted_fragments_are_counted, family_gen_params),
	KUNIT_CASE_PARAM(lower_max_is_followed, family_gen_params),
	KUNIT_CASE_PARAM(memory_is_bounded, family_gen_params),
	KUNIT_CASE_PARAM(families_do_not_share, family_gen_params),
	KUNIT_CASE_PARAM(lone_fragments, family_gen_params),
	KUNIT_CASE_PARAM(without_reassembly, family_gen_params),
	KUNIT_CASE_PARAM(later_fragments_have_no_checksum, family_gen_params),
	KUNIT_CASE(deleted_with_open_ones),
	KUNIT_CASE(random_orders),
	{}
};

static struct kunit_suite frag_suite = {
	.name = "vtap_frag",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = frag_test_cases,
};

kunit_test_suite(frag_suite);
