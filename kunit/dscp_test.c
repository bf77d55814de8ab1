// SPDX-License-Identifier: GPL-2.0
/* DSCP: classes, remarking, what comes out of the devices, options. */

#include <linux/rtnetlink.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "dscp.h"
#include "option.h"
#include "utils.h"

#define PEER6	"2001:db8::1"
#define SELF6	"2001:db8::64"
#define FLOW	htonl(0xabcde)
#define POINTS	64
#define ECNS	4

static const u8 payload[] = "what is sent";

static void set_number(struct kunit *test, u8 dscp)
{
	char text[4];

	snprintf(text, sizeof(text), "%u", dscp);
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_DSCP,
					    text), 0);
}

static void set_map(struct kunit *test, const char *map)
{
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_DSCP_MAP,
					    map ?: "identity"), 0);
}

static void know_peers(struct kunit *test)
{
	vtap_test_know(test, test->priv, vtap_test_mapped(GATEWAY_IP));
	vtap_test_know(test, test->priv, vtap_test_addr6(test, PEER6));
}

/* Nothing is remarked. */
static int dscp_init(struct kunit *test)
{
	vtap_test_shared_init(test);
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_DSCP,
					    "preserve"), 0);
	set_map(test, NULL);
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_VLAN_QOS,
					    "off"), 0);
	return 0;
}

/* What a packet is with another DS field, made from scratch. */
static void mark(void *packet, bool v6, u8 field)
{
	if (v6) {
		ip6_flow_hdr(packet, field, FLOW);
	} else {
		((struct iphdr *)packet)->tos = field;
		vtap_test_sum_ipv4(packet);
	}
}

static struct sk_buff *packet(struct kunit *test, bool v6, u8 field)
{
	struct sk_buff *skb;

	if (v6)
		skb = vtap_test_udp6(test, SELF6, PEER6, 5, 6, payload,
				     sizeof(payload));
	else
		skb = vtap_test_udp(test, STATION_IP, GATEWAY_IP, 5, 6,
				    payload, sizeof(payload));
	mark(skb->data, v6, field);
	return skb;
}

static enum vtap_verdict step(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_test_pair *pair = test->priv;
	enum vtap_verdict verdict;

	local_bh_disable();
	verdict = vtap_dscp_tx(pair->port, skb);
	local_bh_enable();
	return verdict;
}

/* The packet is @flat with that DS field, and nothing else changed. */
static void expect_marked(struct kunit *test, const struct sk_buff *skb,
			  const struct sk_buff *flat, bool v6, u8 field)
{
	u8 *wanted = vtap_test_exact(test, flat->data, flat->len);
	u8 *got = kunit_kmalloc(test, flat->len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, got);
	KUNIT_ASSERT_EQ(test, skb->len, flat->len);
	KUNIT_ASSERT_EQ(test, skb_copy_bits(skb, 0, got, skb->len), 0);
	mark(wanted, v6, field);
	KUNIT_EXPECT_MEMEQ(test, got, wanted, flat->len);
	kunit_kfree(test, got);
	kunit_kfree(test, wanted);
}

/* The RFCs' tables; what is not here is "other". */
static const struct point {
	u8 dscp;
	const char *name;
	u8 priority;
} named[] = {
	{ 0, "be", 0 },
	{ 8, "cs1", 1 }, { 16, "cs2", 0 }, { 24, "cs3", 4 }, { 32, "cs4", 4 },
	{ 40, "cs5", 5 }, { 48, "cs6", 7 }, { 56, "cs7", 7 },
	{ 10, "af1x", 0 }, { 12, "af1x", 0 }, { 14, "af1x", 0 },
	{ 18, "af2x", 3 }, { 20, "af2x", 3 }, { 22, "af2x", 3 },
	{ 26, "af3x", 4 }, { 28, "af3x", 4 }, { 30, "af3x", 4 },
	{ 34, "af4x", 4 }, { 36, "af4x", 4 }, { 38, "af4x", 4 },
	{ 46, "ef", 6 }, { 44, "va", 6 }, { 1, "le", 1 },
};

static struct point point(u8 dscp)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(named); i++) {
		if (named[i].dscp == dscp)
			return named[i];
	}
	return (struct point){ dscp, "other", 0 };
}

/* A counter by its name. */
static u64 count(struct kunit *test, const char *way, const char *name)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int i;
	char whole[32];

	snprintf(whole, sizeof(whole), "dscp_%s_%s", way, name);
	for (i = 0; i < VTAP_COUNTERS; i++) {
		if (!strcmp(vtap_stats_name(i), whole))
			return vtap_stats_read(pair->port->stats, i);
	}
	KUNIT_FAIL(test, "no counter %s", whole);
	return 0;
}

static u64 count_all(struct kunit *test, enum vtap_stat first)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < VTAP_DSCP_CLASSES; i++)
		sum += vtap_stats_read(pair->port->stats, first + i);
	return sum;
}

static void code_points(struct kunit *test)
{
	unsigned int dscp;

	for (dscp = 0; dscp < POINTS; dscp++) {
		struct sk_buff *skb = packet(test, dscp & 1, dscp << 2);
		struct point p = point(dscp);
		u64 all = count_all(test, VTAP_STAT_DSCP_TX);
		u64 one = count(test, "tx", p.name);

		KUNIT_EXPECT_EQ(test, step(test, skb), VTAP_CONTINUE);
		KUNIT_EXPECT_EQ_MSG(test, count(test, "tx", p.name), one + 1,
				    "DSCP %u", dscp);
		KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_TX),
				all + 1);
		KUNIT_EXPECT_EQ_MSG(test, vtap_dscp_priority(dscp), p.priority,
				    "DSCP %u", dscp);
		kfree_skb(skb);
	}
}

/* Compared with what is made from scratch. */
static void remark_one(struct kunit *test, bool v6, u8 field, u8 to)
{
	struct sk_buff *skb = packet(test, v6, field);
	u8 headers[sizeof(struct ipv6hdr)];
	__wsum sum;

	if (!v6)
		ip_hdr(skb)->id = htons(field << 6 | to);
	mark(skb->data, v6, field);
	memcpy(headers, skb->data, sizeof(headers));
	skb->ip_summed = CHECKSUM_COMPLETE;
	skb->csum = skb_checksum(skb, 0, skb->len, 0);
	KUNIT_ASSERT_EQ(test, step(test, skb), VTAP_CONTINUE);
	mark(headers, v6, to << 2 | (field & INET_ECN_MASK));
	KUNIT_ASSERT_MEMEQ_MSG(test, skb->data, headers, sizeof(headers),
			       "DS field %#x to DSCP %u", field, to);
	if (!v6)
		KUNIT_ASSERT_EQ(test, ip_fast_csum(skb->data, 5), 0);
	sum = skb_checksum(skb, 0, skb->len, 0);
	KUNIT_ASSERT_EQ_MSG(test, csum_fold(sum), csum_fold(skb->csum),
			    "DS field %#x to DSCP %u", field, to);
	kfree_skb(skb);
}

static void every_field(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	unsigned int field, to;

	for (to = 0; to < POINTS; to += 9) {
		set_number(test, to);
		for (field = 0; field < POINTS * ECNS; field++)
			remark_one(test, v6, field, to);
	}
}

static void by_map(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	unsigned int field;

	set_map(test, "10:8,8:0,0:63,63:0");
	for (field = 0; field < POINTS * ECNS; field++) {
		u8 dscp = field >> 2, to = dscp;

		switch (dscp) {
		case 10:
			to = 8;
			break;
		case 8:
		case 63:
			to = 0;
			break;
		case 0:
			to = 63;
			break;
		}
		remark_one(test, v6, field, to);
	}
}

/* Who else has a packet keeps it as it is. */
static void clones(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *skb = packet(test, v6, 46 << 2 | 1), *clone, *flat;

	flat = skb_copy(skb, GFP_KERNEL);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, flat && clone);
	set_number(test, 8);
	KUNIT_EXPECT_EQ(test, step(test, clone), VTAP_CONTINUE);
	expect_marked(test, clone, flat, v6, 8 << 2 | 1);
	expect_marked(test, skb, flat, v6, 46 << 2 | 1);
	kfree_skb(clone);
	kfree_skb(skb);
	kfree_skb(flat);
}

/* What is right already is neither written nor copied for it. */
static void right_already(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *skb = packet(test, v6, 46 << 2 | 2), *clone;
	unsigned int i;

	skb->priority = 5;
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	for (i = 0; i < 3; i++) {
		if (i == 1)
			set_number(test, 46);
		if (i == 2)
			set_map(test, "10:8,46:46");
		KUNIT_EXPECT_EQ(test, step(test, skb), VTAP_CONTINUE);
		KUNIT_EXPECT_PTR_EQ(test, skb->head, clone->head);
		KUNIT_EXPECT_EQ(test, skb->priority, 5);
	}
	kfree_skb(clone);
	kfree_skb(skb);
}

/* Nothing but the IP header is in the linear part. */
static void pages(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *flat = packet(test, v6, 3), *skb, *clone;
	size_t header = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);

	skb = vtap_test_split_skb(test, flat->data, flat->len, header);
	skb->protocol = flat->protocol;
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	set_number(test, 63);
	KUNIT_EXPECT_EQ(test, step(test, skb), VTAP_CONTINUE);
	expect_marked(test, skb, flat, v6, 63 << 2 | 3);
	expect_marked(test, clone, flat, v6, 3);
	KUNIT_EXPECT_EQ(test, skb_headlen(skb), header);
	kfree_skb(clone);
	kfree_skb(skb);
	kfree_skb(flat);
}

/* Merged, its sum not there yet, also with a clone. */
static void offloads(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *skb = packet(test, v6, 1), *flat, *clone;
	size_t header = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	unsigned int dscp;

	flat = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flat);
	skb_set_transport_header(skb, header);
	KUNIT_ASSERT_TRUE(test, skb_partial_csum_set(skb, header,
						     offsetof(struct udphdr,
							      check)));
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	skb_shinfo(skb)->gso_size = 4;
	skb_shinfo(skb)->gso_segs = 4;
	for (dscp = 1; dscp < 3; dscp++) {
		clone = dscp == 2 ? skb_clone(skb, GFP_KERNEL) : NULL;
		set_number(test, dscp);
		KUNIT_EXPECT_EQ(test, step(test, skb), VTAP_CONTINUE);
		expect_marked(test, skb, flat, v6, dscp << 2 | 1);
		KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
		KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_type,
				SKB_GSO_UDP_L4);
		KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, 4);
		KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_segs, 4);
		KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_PARTIAL);
		KUNIT_EXPECT_EQ(test, skb_checksum_start_offset(skb), header);
		KUNIT_EXPECT_EQ(test, skb->csum_offset,
				offsetof(struct udphdr, check));
		kfree_skb(clone);
	}
	kfree_skb(skb);
	kfree_skb(flat);
}

/* As where there is no memory for a header of its own. */
static void cannot_be_written(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *skb = packet(test, v6, 0);
	u64 all = count_all(test, VTAP_STAT_DSCP_TX);

	skb_trim(skb, 12);
	set_number(test, 46);
	KUNIT_EXPECT_EQ(test, step(test, skb), VTAP_TX_DROP_NOMEM);
	KUNIT_EXPECT_EQ(test, vtap_dscp_field(skb), 0);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_TX), all);
	kfree_skb(skb);
}

#define EIGHT(n) #n "0:0," #n "1:0," #n "2:0," #n "3:0," \
		 #n "4:0," #n "5:0," #n "6:0," #n "7:0"
#define MOST "1:0,2:0,3:0,4:0,5:0,6:0,7:0," EIGHT(1) ",18:0,19:0," EIGHT(2) \
	     ",28:0,29:0," EIGHT(3) ",38:0,39:0," EIGHT(4) ",48:0,49:0," \
	     EIGHT(5) ",58:0,59:0,60:0,61:0,62:0"

/* What is set, and what is read then: NULL where it is refused. */
static const struct text_case {
	const char *name;
	enum vtap_option_id id;
	const char *text;
	const char *read;
} text_cases[] = {
	{ "dscp: preserve", VTAP_OPT_DSCP, "preserve", "preserve\n" },
	{ "dscp: least", VTAP_OPT_DSCP, "0", "0\n" },
	{ "dscp: most", VTAP_OPT_DSCP, "63\n", "63\n" },
	{ "dscp: more", VTAP_OPT_DSCP, "64" },
	{ "dscp: a byte's most", VTAP_OPT_DSCP, "255" },
	{ "dscp: more than a byte", VTAP_OPT_DSCP, "256" },
	{ "dscp: negative", VTAP_OPT_DSCP, "-1" },
	{ "dscp: nothing", VTAP_OPT_DSCP, "" },
	{ "dscp: a line of nothing", VTAP_OPT_DSCP, "\n" },
	{ "dscp: trailing", VTAP_OPT_DSCP, "46 0" },
	{ "dscp: hexadecimal", VTAP_OPT_DSCP, "0x2e" },
	{ "dscp: a name", VTAP_OPT_DSCP, "ef" },
	{ "dscp: identity", VTAP_OPT_DSCP, "identity" },
	{ "dscp: half a word", VTAP_OPT_DSCP, "preserv" },
	{ "dscp_map: identity", VTAP_OPT_DSCP_MAP, "identity", "identity\n" },
	{ "dscp_map: one", VTAP_OPT_DSCP_MAP, "46:0", "46:0\n" },
	{ "dscp_map: a line", VTAP_OPT_DSCP_MAP, "46:0\n", "46:0\n" },
	{ "dscp_map: two, sorted", VTAP_OPT_DSCP_MAP, "46:0,10:8",
	  "10:8,46:0\n" },
	{ "dscp_map: least and most", VTAP_OPT_DSCP_MAP, "63:0,0:63",
	  "0:63,63:0\n" },
	{ "dscp_map: no change", VTAP_OPT_DSCP_MAP, "46:46", "identity\n" },
	{ "dscp_map: a change and none", VTAP_OPT_DSCP_MAP, "46:46,8:1",
	  "8:1\n" },
	{ "dscp_map: zeros in front", VTAP_OPT_DSCP_MAP, "00046:000",
	  "46:0\n" },
	{ "dscp_map: all", VTAP_OPT_DSCP_MAP, "0:63," MOST ",63:0",
	  "0:63," MOST ",63:0\n" },
	{ "dscp_map: one too many", VTAP_OPT_DSCP_MAP,
	  "0:63," MOST ",63:0,0:1" },
	{ "dscp_map: many too many", VTAP_OPT_DSCP_MAP,
	  MOST "," MOST "," MOST },
	{ "dscp_map: twice", VTAP_OPT_DSCP_MAP, "46:0,46:8" },
	{ "dscp_map: twice the same", VTAP_OPT_DSCP_MAP, "46:0,8:1,46:0" },
	{ "dscp_map: from too much", VTAP_OPT_DSCP_MAP, "64:0" },
	{ "dscp_map: to too much", VTAP_OPT_DSCP_MAP, "0:64" },
	{ "dscp_map: much too much", VTAP_OPT_DSCP_MAP, "4294967342:0" },
	{ "dscp_map: nothing", VTAP_OPT_DSCP_MAP, "" },
	{ "dscp_map: a line of nothing", VTAP_OPT_DSCP_MAP, "\n" },
	{ "dscp_map: comma", VTAP_OPT_DSCP_MAP, "," },
	{ "dscp_map: comma behind", VTAP_OPT_DSCP_MAP, "46:0," },
	{ "dscp_map: comma behind, a line", VTAP_OPT_DSCP_MAP, "46:0,\n" },
	{ "dscp_map: comma in front", VTAP_OPT_DSCP_MAP, ",46:0" },
	{ "dscp_map: two commas", VTAP_OPT_DSCP_MAP, "46:0,,8:0" },
	{ "dscp_map: no from", VTAP_OPT_DSCP_MAP, ":0" },
	{ "dscp_map: no to", VTAP_OPT_DSCP_MAP, "46:" },
	{ "dscp_map: half", VTAP_OPT_DSCP_MAP, "46" },
	{ "dscp_map: three", VTAP_OPT_DSCP_MAP, "46:0:1" },
	{ "dscp_map: blank", VTAP_OPT_DSCP_MAP, "46: 0" },
	{ "dscp_map: blank between", VTAP_OPT_DSCP_MAP, "46:0 8:0" },
	{ "dscp_map: blank behind", VTAP_OPT_DSCP_MAP, "46:0 " },
	{ "dscp_map: negative", VTAP_OPT_DSCP_MAP, "46:-1" },
	{ "dscp_map: text behind", VTAP_OPT_DSCP_MAP, "46:0x" },
	{ "dscp_map: identity and one", VTAP_OPT_DSCP_MAP, "identity,46:0" },
	{ "dscp_map: preserve", VTAP_OPT_DSCP_MAP, "preserve" },
	{ "vlan_qos: dscp", VTAP_OPT_VLAN_QOS, "dscp", "dscp\n" },
	{ "vlan_qos: off", VTAP_OPT_VLAN_QOS, "off\n", "off\n" },
	{ "vlan_qos: on", VTAP_OPT_VLAN_QOS, "on" },
	{ "vlan_qos: a number", VTAP_OPT_VLAN_QOS, "1" },
	{ "vlan_qos: nothing", VTAP_OPT_VLAN_QOS, "" },
	{ "vlan_qos: trailing", VTAP_OPT_VLAN_QOS, "dscp off" },
};

KUNIT_ARRAY_PARAM_DESC(text, text_cases, name);

/* What is refused changes nothing; what is read can be set. */
static void texts(struct kunit *test)
{
	const struct text_case *c = test->param_value;
	const char *before = c->id == VTAP_OPT_DSCP ? "7\n" :
			     c->id == VTAP_OPT_DSCP_MAP ? "3:4,5:6\n" :
							  "dscp\n";

	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, c->id, before), 0);
	vtap_test_reads(test, test->priv, c->id, before);
	KUNIT_EXPECT_EQ(test, vtap_test_set(test->priv, c->id, c->text),
			c->read ? 0 : -EINVAL);
	vtap_test_reads(test, test->priv, c->id, c->read ?: before);
	if (c->read) {
		KUNIT_EXPECT_EQ(test, vtap_test_set(test->priv, c->id, c->read),
				0);
		vtap_test_reads(test, test->priv, c->id, c->read);
	}
}

static struct kunit_case dscp_test_cases[] = {
	KUNIT_CASE(code_points),
	KUNIT_CASE_PARAM(every_field, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(by_map, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(clones, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(right_already, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(pages, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(offloads, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(cannot_be_written, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(texts, text_gen_params),
	{}
};

static struct kunit_suite dscp_suite = {
	.name = "vtap_dscp",
	.init = dscp_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = dscp_test_cases,
};

/* What the host sends, and what is seen of it then. */
static const struct sent_case {
	const char *name;
	const char *dscp;
	const char *map;
	u8 field;
	u8 wanted;
	bool remarked;
} sent_cases[] = {
	{ "preserved", NULL, NULL, 46 << 2, 46 << 2 },
	{ "preserved, with ECN", NULL, NULL, 46 << 2 | 3, 46 << 2 | 3 },
	{ "best effort", NULL, NULL, 0, 0 },
	{ "dscp", "46", NULL, 0, 46 << 2, true },
	{ "dscp, with ECN", "8", NULL, 46 << 2 | 2, 8 << 2 | 2, true },
	{ "dscp that it has", "46", NULL, 46 << 2 | 2, 46 << 2 | 2 },
	{ "dscp 0", "0", NULL, 46 << 2 | 1, 1, true },
	{ "map", NULL, "46:0,10:8", 10 << 2 | 1, 8 << 2 | 1, true },
	{ "map of others", NULL, "46:0,10:8", 34 << 2, 34 << 2 },
	{ "map, once only", NULL, "10:8,8:0", 10 << 2, 8 << 2, true },
	{ "dscp and map", "46", "10:8,46:1,0:2", 10 << 2, 46 << 2, true },
	{ "dscp and map that agree", "46", "46:1", 46 << 2, 46 << 2 },
	{ "map, dscp no more", "preserve", "10:8", 10 << 2, 8 << 2, true },
};

KUNIT_ARRAY_PARAM_DESC(sent, sent_cases, name);

#define PRIORITY	5

/* The next frame is this packet, with that DS field. */
static void expect_sent(struct kunit *test, const struct sk_buff *flat, bool v6,
			u8 field, unsigned int priority)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *frame = vtap_test_next(test, &pair->to_vpn);

	KUNIT_EXPECT_EQ(test, frame->priority, priority);
	KUNIT_EXPECT_MEMEQ(test, frame->data, GATEWAY_MAC, ETH_ALEN);
	skb_pull(frame, ETH_HLEN);
	expect_marked(test, frame, flat, v6, field);
	kfree_skb(frame);
}

static void send_one(struct kunit *test, const struct sent_case *c, bool v6,
		     bool paged)
{
	struct sk_buff *skb = packet(test, v6, c->field), *flat;
	unsigned int priority = c->remarked ? rt_tos2priority(c->wanted) :
					      PRIORITY;
	const char *class = point(c->wanted >> 2).name;
	struct vtap_test_pair *pair = test->priv;
	u64 all = count_all(test, VTAP_STAT_DSCP_TX);
	u64 one = count(test, "tx", class);

	flat = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flat);
	if (paged) {
		vtap_test_transmit_paged(test, pair->host, skb, 1);
		kfree_skb(skb);
		if (!c->remarked)
			priority = 0;
	} else {
		skb->priority = PRIORITY;
		vtap_test_transmit(test, pair->host, skb);
	}
	expect_sent(test, flat, v6, c->wanted, priority);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, count(test, "tx", class), one + 1);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_TX), all + 1);
	kfree_skb(flat);
}

static void sent(struct kunit *test)
{
	const struct sent_case *c = test->param_value;

	know_peers(test);
	set_map(test, c->map);
	if (c->dscp) {
		set_number(test, 1);
		KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_DSCP,
						    c->dscp), 0);
	}
	send_one(test, c, false, false);
	send_one(test, c, false, true);
	send_one(test, c, true, false);
	send_one(test, c, true, true);
	/* Which of them was set last makes no difference. */
	set_map(test, c->map);
	send_one(test, c, false, false);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_RX), 0);
}

static const struct vtap_test_arp question = {
	.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
	.sha = STATION_MAC, .sip = STATION_IP, .tip = GATEWAY_IP,
};

static const struct vtap_test_arp answer = {
	.op = ARPOP_REPLY, .dest = STATION_MAC,
	.sha = GATEWAY_MAC, .sip = GATEWAY_IP,
	.tha = STATION_MAC, .tip = STATION_IP,
};

/* Before they wait for their neighbour, and not again. */
static void remarked_before_waiting(struct kunit *test)
{
	struct sk_buff *mapped = packet(test, false, 10 << 2), *mapped_flat;
	struct sk_buff *other = packet(test, false, 46 << 2), *other_flat;
	struct vtap_test_pair *pair = test->priv;

	mapped_flat = skb_copy(mapped, GFP_KERNEL);
	other_flat = skb_copy(other, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, mapped_flat && other_flat);
	set_map(test, "10:12,12:0");
	mapped->priority = PRIORITY;
	other->priority = PRIORITY;
	vtap_test_transmit(test, pair->host, mapped);
	vtap_test_expect_arp(test, pair, &question);
	vtap_test_transmit(test, pair->host, other);
	vtap_test_expect_silence(test, &pair->to_vpn);
	vtap_test_from_vpn(test, pair, &answer);
	expect_sent(test, mapped_flat, false, 12 << 2,
		    rt_tos2priority(12 << 2));
	expect_sent(test, other_flat, false, 46 << 2, PRIORITY);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, count(test, "tx", "af1x"), 1);
	KUNIT_EXPECT_EQ(test, count(test, "tx", "ef"), 1);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_TX), 2);
	kfree_skb(mapped_flat);
	kfree_skb(other_flat);
}

static void set_route(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_test_pair *pair = test->priv;
	struct flowi4 fl4 = {
		.daddr = GATEWAY_IP, .flowi4_oif = pair->host->ifindex,
	};
	struct rtable *rt = ip_route_output_key(&init_net, &fl4);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rt);
	skb_dst_set(skb, &rt->dst);
}

/* Fragments that tx makes pass it by themselves, the whole packet does not. */
static void fragments_are_remarked_once(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u8 *data = kunit_kzalloc(test, 3000, GFP_KERNEL);
	struct sk_buff *skb;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, data);
	know_peers(test);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mtu(pair->ethernet, IPV6_MIN_MTU), 0);
	rtnl_unlock();
	set_map(test, "10:8,8:0");
	skb = vtap_test_ipv4(test, STATION_IP, GATEWAY_IP, 0xfd, data, 3000);
	mark(skb->data, false, 10 << 2 | 1);
	set_route(test, skb);
	vtap_test_transmit(test, pair->host, skb);
	for (i = 0; i < 3; i++) {
		struct sk_buff *frame = vtap_test_next(test, &pair->to_vpn);
		struct iphdr *iph = (void *)frame->data + ETH_HLEN;

		KUNIT_EXPECT_EQ(test, iph->tos, 8 << 2 | 1);
		KUNIT_EXPECT_EQ(test, ip_fast_csum(iph, iph->ihl), 0);
		KUNIT_EXPECT_TRUE(test, ip_is_fragment(iph));
		kfree_skb(frame);
	}
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, count(test, "tx", "cs1"), 3);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_TX), 3);
}

static void receive(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
}

/* Counted as it comes: remarking is for what is sent. */
static void received(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct vtap_test_pair *pair = test->priv;
	unsigned int dscp;

	set_number(test, 46);
	for (dscp = 0; dscp < POINTS; dscp++) {
		struct sk_buff *skb = packet(test, v6, dscp << 2 | (dscp & 3));
		const char *class = point(dscp).name;
		u64 one = count(test, "rx", class);
		u8 *flat = vtap_test_exact(test, skb->data, skb->len);
		unsigned int len = skb->len;

		receive(test, skb);
		vtap_test_expect_frame(test, &pair->to_host, flat, len);
		KUNIT_EXPECT_EQ(test, count(test, "rx", class), one + 1);
		KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_RX),
				dscp + 1);
	}
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_TX), 0);
}

/* Nobody gets it: it is no traffic of a class. */
static void dropped_is_not_counted(struct kunit *test)
{
	struct sk_buff *skb = packet(test, false, 46 << 2);
	struct vtap_test_pair *pair = test->priv;

	ip_hdr(skb)->check ^= htons(1);
	receive(test, skb);
	skb = packet(test, false, 46 << 2);
	/* Its UDP checksum. */
	skb->data[sizeof(struct iphdr) + 6] ^= 1;
	receive(test, skb);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_RX), 0);
}

static void put_together_counts_once(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u8 data[24] = {};
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct sk_buff *skb = vtap_test_ipv4(test, GATEWAY_IP,
						     STATION_IP, 0xfd,
						     data + 8 * i, 8);

		ip_hdr(skb)->frag_off = htons(i | (i < 2 ? IP_MF : 0));
		mark(skb->data, false, 46 << 2);
		KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_RX), 0);
		receive(test, skb);
	}
	kfree_skb(vtap_test_next(test, &pair->to_host));
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, count(test, "rx", "ef"), 1);
	KUNIT_EXPECT_EQ(test, count_all(test, VTAP_STAT_DSCP_RX), 1);
}

/* With an address, so that there is a source to ask from. */
static int device_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	vtap_test_pair_init(test);
	pair = test->priv;
	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	return 0;
}

static struct kunit_case dscp_device_test_cases[] = {
	KUNIT_CASE_PARAM(sent, sent_gen_params),
	KUNIT_CASE(remarked_before_waiting),
	KUNIT_CASE(fragments_are_remarked_once),
	KUNIT_CASE_PARAM(received, vtap_test_family_gen_params),
	KUNIT_CASE(dropped_is_not_counted),
	KUNIT_CASE(put_together_counts_once),
	{}
};

static struct kunit_suite dscp_device_suite = {
	.name = "vtap_dscp_device",
	.init = device_init,
	.exit = vtap_test_pair_exit,
	.test_cases = dscp_device_test_cases,
};

kunit_test_suites(&dscp_suite, &dscp_device_suite);
