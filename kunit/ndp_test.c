// SPDX-License-Identifier: GPL-2.0
/* NDP: what is believed, what is answered, what our own messages look like. */

#include <linux/hex.h>
#include <linux/neighbour.h>
#include <linux/prandom.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ndisc.h>

#include "ndp.h"
#include "utils.h"

/* Addresses in messages: ours and another's, both link-local and not. */
#define OURS	"20010db8000000000000000000000001"
#define OURS_LL	"fe800000000000000000000000000064"
#define OTHERS	"20010db8000000000000000000000002"
#define OTHERS_LL "fe800000000000000000000000000009"
#define MAPPED	"00000000000000000000ffffc0a80101"
#define THIRD	"20010db8000000000000000000000003"
#define NOBODY	"00000000000000000000000000000000"
#define ALL	"ff020000000000000000000000000001"

/* Messages; OTHER_MAC, GATEWAY_MAC and STATION_MAC in options. */
#define RS	"8500000000000000"
#define RA	"86000000400007080000000000000000"
#define NS	"8700000000000000"
#define NA	"88000000"
#define REDIRECT "8900000000000000"
#define SLLA	"0101021122334455"
#define TLLA	"0201021122334455"
#define SLLA_GATEWAY "0101aabbccddeeff"
#define SLLA_OURS "010102005e102030"
#define TLLA_OURS "020102005e102030"
#define NONCE	"0e01010203040506"

/* Option 14 of the first is no nonce of 6 bytes. */
#define LONG_NONCE "0e020102030405060708090a0b0c0d0e"
#define LONG_SLLA "01020211223344550000000000000000"

/* The bytes of a message, and what is found: NULL where it is refused. */
static const struct parse_case {
	const char *name;
	const char *hex;
	const char *found;
} parse_cases[] = {
	{ "NS", NS OTHERS, "NS" },
	{ "NS, source address", NS OTHERS SLLA, "NS mac" },
	{ "NS, target address", NS OTHERS TLLA, "NS" },
	{ "NS, nonce", NS OTHERS NONCE, "NS nonce" },
	{ "NS, both", NS OTHERS SLLA NONCE, "NS mac nonce" },
	{ "NS, both the other way round", NS OTHERS NONCE SLLA,
	  "NS mac nonce" },
	{ "NS, long nonce", NS OTHERS LONG_NONCE, "NS" },
	{ "NS, long address", NS OTHERS LONG_SLLA, "NS" },
	{ "NS, two addresses", NS OTHERS SLLA SLLA_GATEWAY, "NS mac" },
	{ "NS, two nonces", NS OTHERS NONCE "0e01ffffffffffff", "NS nonce" },
	{ "NS, no option of ours", NS OTHERS "fd01000000000000" SLLA,
	  "NS mac" },
	{ "NS, reserved bits", "87000000ffffffff" OTHERS, "NS" },
	{ "NS for a group", NS ALL, NULL },
	{ "NS, code 1", "8701000000000000" OTHERS, NULL },
	{ "NS, half an address", "870000000000000020010db800000000", NULL },
	{ "NA", NA "00000000" OTHERS, "NA" },
	{ "NA, address", NA "00000000" OTHERS TLLA, "NA mac" },
	{ "NA, source address", NA "00000000" OTHERS SLLA, "NA" },
	{ "NA of a router", NA "80000000" OTHERS, "NA router" },
	{ "NA, solicited", NA "40000000" OTHERS, "NA solicited" },
	{ "NA, override", NA "20000000" OTHERS, "NA override" },
	{ "NA, all flags", NA "e0000000" OTHERS TLLA,
	  "NA router solicited override mac" },
	{ "NA, reserved bits", NA "1fffffff" OTHERS, "NA" },
	{ "NA for a group", NA "60000000" ALL TLLA, NULL },
	{ "NA, code 1", "8801000060000000" OTHERS TLLA, NULL },
	{ "RS", RS, "RS" },
	{ "RS, source address", RS SLLA, "RS mac" },
	{ "RS, target address", RS TLLA, "RS" },
	{ "RS, code 1", "8501000000000000", NULL },
	{ "RA", RA, "RA" },
	{ "RA, source address", RA SLLA, "RA mac" },
	{ "RA, MTU and address", RA "0501000000000578" SLLA, "RA mac" },
	{ "RA, code 1", "86010000400007080000000000000000", NULL },
	{ "RA, half of it", "8600000040000708", NULL },
	{ "redirect to a router", REDIRECT OTHERS_LL OTHERS, "redirect" },
	{ "redirect to the destination", REDIRECT OTHERS OTHERS, "redirect" },
	{ "redirect, target address", REDIRECT OTHERS OTHERS TLLA,
	  "redirect" },
	{ "redirect to a third", REDIRECT OURS OTHERS, NULL },
	{ "redirect of a group", REDIRECT OTHERS_LL ALL, NULL },
	{ "redirect to a group", REDIRECT ALL OTHERS, NULL },
	{ "redirect of a group to it", REDIRECT ALL ALL, NULL },
	{ "redirect, code 1", "8901000000000000" OTHERS OTHERS, NULL },
	{ "redirect, no destination", REDIRECT OTHERS, NULL },
	{ "type 132", "8400000000000000" OTHERS, NULL },
	{ "type 138", "8a00000000000000" OTHERS OTHERS, NULL },
	{ "echo request", "8000000000000000" OTHERS, NULL },
	{ "option of no length", NS OTHERS "0100021122334455", NULL },
	{ "option of no length behind", NS OTHERS SLLA "0e00000000000000",
	  NULL },
	{ "option of no length in RS", RS "0100021122334455", NULL },
	{ "option of no length in RA", RA "0100021122334455", NULL },
	{ "option of no length in redirect",
	  REDIRECT OTHERS OTHERS "0200021122334455", NULL },
	{ "option past the end", NS OTHERS "0102021122334455", NULL },
	{ "option of length 255", NA "60000000" OTHERS "02ff021122334455",
	  NULL },
	{ "second option past the end", RA SLLA "0302000000000000", NULL },
	{ "half an option", NS OTHERS "01010211", NULL },
	{ "type only", NS OTHERS "01", NULL },
	{ "a byte too many", NS OTHERS SLLA "00", NULL },
};

KUNIT_ARRAY_PARAM_DESC(parse, parse_cases, name);

static void describe(const struct vtap_ndp *msg, char *text, size_t size)
{
	static const char * const types[] = {
		"RS", "RA", "NS", "NA", "redirect",
	};

	bool flags = msg->type == NDISC_NEIGHBOUR_ADVERTISEMENT;

	snprintf(text, size, "%s%s%s%s%s%s",
		 types[msg->type - NDISC_ROUTER_SOLICITATION],
		 flags && msg->router ? " router" : "",
		 flags && msg->solicited ? " solicited" : "",
		 flags && msg->override ? " override" : "",
		 msg->has_mac ? " mac" : "", msg->has_nonce ? " nonce" : "");
}

/* What is found is always the same: OTHER_MAC, and 1 to 6. */
static void parse(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	struct vtap_ndp msg;
	char found[64];
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);

	KUNIT_ASSERT_EQ(test, vtap_ndp_parse(data, len, &msg),
			c->found ? 0 : -EINVAL);
	if (!c->found)
		return;
	describe(&msg, found, sizeof(found));
	KUNIT_EXPECT_STREQ(test, found, c->found);
	if (msg.type == NDISC_NEIGHBOUR_SOLICITATION ||
	    msg.type == NDISC_NEIGHBOUR_ADVERTISEMENT)
		KUNIT_EXPECT_MEMEQ(test, &msg.target, data + 8,
				   sizeof(msg.target));
	if (msg.has_mac)
		KUNIT_EXPECT_EQ(test, msg.mac.raw,
				vtap_test_mac(OTHER_MAC).raw);
	if (msg.has_nonce)
		KUNIT_EXPECT_MEMEQ(test, msg.nonce, "\1\2\3\4\5\6",
				   sizeof(msg.nonce));
}

/* Whole messages with options of one unit. */
static const struct whole_case {
	const char *name;
	const char *hex;
	size_t fixed;
} whole_cases[] = {
	{ "RS", RS SLLA "fd01000000000000", 8 },
	{ "RA", RA SLLA "0501000000000578", 16 },
	{ "NS", NS OTHERS SLLA NONCE, 24 },
	{ "NA", NA "60000000" OTHERS TLLA NONCE, 24 },
	{ "redirect", REDIRECT OTHERS_LL OTHERS TLLA "0401000000000000", 40 },
};

KUNIT_ARRAY_PARAM_DESC(whole, whole_cases, name);

/* Options may be missing, but not in part. */
static void every_truncation(struct kunit *test)
{
	const struct whole_case *c = test->param_value;
	struct vtap_ndp msg;
	size_t whole, len;
	u8 *data = vtap_test_hex(test, c->hex, &whole);

	for (len = 0; len <= whole; len++) {
		bool good = len >= c->fixed && (len - c->fixed) % 8 == 0;
		u8 *cut = vtap_test_exact(test, data, len);

		KUNIT_EXPECT_EQ(test, vtap_ndp_parse(cut, len, &msg),
				good ? 0 : -EINVAL);
		kunit_kfree(test, cut);
	}
}

/* KASAN watches. What is taken is a message, and has room for what it says. */
static void random_changes_are_survived(struct kunit *test)
{
	const struct whole_case *c = test->param_value;
	struct rnd_state rnd;
	struct vtap_ndp msg;
	unsigned int i, n;
	size_t whole;
	u8 *data = vtap_test_hex(test, c->hex, &whole);

	prandom_seed_state(&rnd, 4861);
	for (i = 0; i < 2000; i++) {
		size_t len = 1 + prandom_u32_state(&rnd) % whole;
		u8 *changed = vtap_test_exact(test, data, len);

		for (n = prandom_u32_state(&rnd) % 4; n; n--)
			changed[prandom_u32_state(&rnd) % len] =
				prandom_u32_state(&rnd);
		if (!vtap_ndp_parse(changed, len, &msg)) {
			KUNIT_ASSERT_GE(test, len, 8);
			KUNIT_ASSERT_EQ(test, msg.type, changed[0]);
			KUNIT_ASSERT_EQ(test, changed[1], 0);
		}
		kunit_kfree(test, changed);
	}
}

/* The reference library's solicitation and advertisement, as IPv6 packets. */
#define VECTOR_NS	"6000000000183afffe800000000000000000000000000002ff02" \
			"0000000000000000000000ff00018700000000000000" OURS
#define VECTOR_NA	"6000000000203aff" OURS \
			"fe80000000000000000000000000000288003b6c60000000" OURS \
			TLLA_OURS

static void vector_solicitation(struct kunit *test)
{
	struct vtap_ndp msg;
	char found[64];
	size_t len;
	u8 *data = vtap_test_hex(test, VECTOR_NS, &len);

	KUNIT_ASSERT_EQ(test, vtap_ndp_parse(data + 40, len - 40, &msg), 0);
	describe(&msg, found, sizeof(found));
	KUNIT_EXPECT_STREQ(test, found, "NS");
	KUNIT_EXPECT_MEMEQ(test, &msg.target, data + 48, sizeof(msg.target));
}

static struct kunit_case parser_test_cases[] = {
	KUNIT_CASE_PARAM(parse, parse_gen_params),
	KUNIT_CASE_PARAM(every_truncation, whole_gen_params),
	KUNIT_CASE_PARAM(random_changes_are_survived, whole_gen_params),
	KUNIT_CASE(vector_solicitation),
	{}
};

static struct kunit_suite parser_suite = {
	.name = "vtap_ndp_parse",
	.test_cases = parser_test_cases,
};

static void expect_built(struct kunit *test, struct sk_buff *skb,
			 const struct vtap_test_ndp *ndp)
{
	struct sk_buff *wanted = vtap_test_ndp(test, ndp);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, skb->protocol, htons(ETH_P_IPV6));
	KUNIT_EXPECT_EQ(test, skb->len, wanted->len);
	if (skb->len == wanted->len)
		KUNIT_EXPECT_MEMEQ(test, skb->data, wanted->data, skb->len);
	kfree_skb(wanted);
	kfree_skb(skb);
}

#define STATION		vtap_test_mac(STATION_MAC)

static void create_solicitation(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_mac dest = vtap_test_mac(OTHER_MAC);
	struct in6_addr source = vtap_test_addr6(test, "fe80::64");
	struct in6_addr target = vtap_test_addr6(test, "2001:db8::12:3456");
	struct vtap_test_ndp wanted = {
		.dest = "\x33\x33\xff\x12\x34\x56", .source = STATION_MAC,
		.saddr = "fe80::64", .daddr = "ff02::1:ff12:3456",
		.hex = NS "20010db8000000000000000000123456" SLLA_OURS,
	};

	expect_built(test, vtap_ndp_create_ns(pair->ethernet, NULL, STATION,
					      &source, &target), &wanted);
	wanted.dest = OTHER_MAC;
	wanted.daddr = "2001:db8::12:3456";
	expect_built(test, vtap_ndp_create_ns(pair->ethernet, &dest, STATION,
					      &source, &target), &wanted);
}

/* RFC 4862 5.4.2, RFC 7527 4.1: from nobody, with a nonce. */
static void create_probe(struct kunit *test)
{
	static const struct vtap_test_ndp wanted = {
		.dest = "\x33\x33\xff\x00\x00\x01", .source = STATION_MAC,
		.saddr = "::", .daddr = "ff02::1:ff00:1",
		.hex = NS OURS NONCE,
	};
	struct vtap_test_pair *pair = test->priv;
	struct in6_addr target = vtap_test_addr6(test, "2001:db8::1");

	expect_built(test, vtap_ndp_create_probe(pair->ethernet, STATION,
						 &target, "\1\2\3\4\5\6"),
		     &wanted);
}

static void create_announcement(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct in6_addr target = vtap_test_addr6(test, "2001:db8::1");
	struct vtap_test_ndp wanted = {
		.dest = "\x33\x33\x00\x00\x00\x01", .source = STATION_MAC,
		.saddr = "2001:db8::1", .daddr = "ff02::1",
		.hex = NA "20000000" OURS TLLA_OURS,
	};

	expect_built(test, vtap_ndp_create_announcement(pair->ethernet, STATION,
							&target, false),
		     &wanted);
	wanted.hex = NA "a0000000" OURS TLLA_OURS;
	expect_built(test, vtap_ndp_create_announcement(pair->ethernet, STATION,
							&target, true),
		     &wanted);
}

static void vector_advertisement(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_mac dest = vtap_test_mac(GATEWAY_MAC);
	struct vtap_ndp_packet packet = {
		.msg = {
			.type = NDISC_NEIGHBOUR_ADVERTISEMENT,
			.solicited = true,
			.override = true,
			.has_mac = true,
			.mac = STATION,
			.target = vtap_test_addr6(test, "2001:db8::1"),
		},
		.source = vtap_test_addr6(test, "2001:db8::1"),
		.dest = vtap_test_addr6(test, "fe80::2"),
		.dest_mac = &dest,
	};
	struct sk_buff *skb = vtap_ndp_create(pair->ethernet, STATION, &packet);
	size_t len;
	u8 *wanted = vtap_test_hex(test, VECTOR_NA, &len);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, skb->len, ETH_HLEN + len);
	KUNIT_EXPECT_MEMEQ(test, skb->data,
			   GATEWAY_MAC STATION_MAC "\x86\xdd", ETH_HLEN);
	KUNIT_EXPECT_MEMEQ(test, skb->data + ETH_HLEN, wanted, len);
	kfree_skb(skb);
}

/* RFC 4861 7.2.2: of the addresses of the interface; there is none. Whatever
 * the loopback device and others have is of no use here.
 */
static void no_solicitation_from_another_device(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->host,
			   vtap_test_ipv6(test, "2001:db8::1", "2001:db8::2",
					  IPPROTO_UDP, "", 0));
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_NS_SENT),
			0);
}

static struct kunit_case create_test_cases[] = {
	KUNIT_CASE(create_solicitation),
	KUNIT_CASE(create_probe),
	KUNIT_CASE(create_announcement),
	KUNIT_CASE(vector_advertisement),
	KUNIT_CASE(no_solicitation_from_another_device),
	{}
};

static struct kunit_suite create_suite = {
	.name = "vtap_ndp_create",
	.init = vtap_test_shared_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = create_test_cases,
};

enum fate {
	REFUSED,
	TAKEN,		/* its way ends here */
	TO_HOST,
};

/* A packet on the wire, and where it goes. */
static const struct input_case {
	const char *name;
	const char *saddr;
	const char *daddr;
	const char *hex;
	enum fate fate;
	u8 hop_limit;		/* 0: 255 */
	bool bad_sum;
	u16 frag_off;		/* of a fragment header; 2 means nothing */
} input_cases[] = {
	{ "NS", "2001:db8::2", "2001:db8::1", NS OTHERS SLLA, TAKEN },
	{ "NS, hop limit 254", "2001:db8::2", "2001:db8::1", NS OTHERS SLLA,
	  .hop_limit = 254 },
	{ "NS, hop limit 1", "2001:db8::2", "2001:db8::1", NS OTHERS SLLA,
	  .hop_limit = 1 },
	{ "NS, code 1", "2001:db8::2", "2001:db8::1",
	  "8701000000000000" OTHERS SLLA },
	{ "NS, wrong checksum", "2001:db8::2", "2001:db8::1", NS OTHERS SLLA,
	  .bad_sum = true },
	{ "NS, cut", "2001:db8::2", "2001:db8::1", NS "20010db8" },
	{ "NS, atomic fragment", "2001:db8::2", "2001:db8::1",
	  NS OTHERS SLLA, .frag_off = 2 },
	{ "NS, first fragment", "2001:db8::2", "2001:db8::1",
	  NS OTHERS SLLA, .frag_off = IP6_MF },
	{ "NS, option of no length", "2001:db8::2", "2001:db8::1",
	  NS OTHERS "0100021122334455" },
	{ "NS for a group", "2001:db8::2", "2001:db8::1", NS ALL },
	{ "NS for a mapped address", "2001:db8::2", "2001:db8::1",
	  NS MAPPED SLLA },
	{ "NS from a mapped address", "::ffff:192.168.1.1", "2001:db8::1",
	  NS OTHERS SLLA },
	{ "NS from loopback", "::1", "2001:db8::1", NS OTHERS SLLA },
	{ "NS from nobody", "::", "ff02::1:ff00:2", NS OTHERS NONCE, TAKEN },
	{ "NS from nobody, source address", "::", "ff02::1:ff00:2",
	  NS OTHERS SLLA },
	{ "NS from nobody to one", "::", "2001:db8::1", NS OTHERS },
	{ "NS from nobody to all", "::", "ff02::1", NS OTHERS },
	{ "NS of a group's address", "2001:db8::2", "2001:db8::1",
	  NS OTHERS "0101333300000001" },
	{ "NS of all's address", "2001:db8::2", "2001:db8::1",
	  NS OTHERS "0101ffffffffffff" },
	{ "NS of no address", "2001:db8::2", "2001:db8::1",
	  NS OTHERS "0101000000000000" },
	{ "NS of our address", "2001:db8::2", "2001:db8::1",
	  NS OTHERS SLLA_OURS },
	{ "NA", "2001:db8::2", "2001:db8::1", NA "60000000" OTHERS TLLA,
	  TAKEN },
	{ "NA to all", "2001:db8::2", "ff02::1", NA "20000000" OTHERS TLLA,
	  TAKEN },
	{ "NA to all, solicited", "2001:db8::2", "ff02::1",
	  NA "60000000" OTHERS TLLA },
	{ "NA, hop limit 254", "2001:db8::2", "2001:db8::1",
	  NA "60000000" OTHERS TLLA, .hop_limit = 254 },
	{ "NA, code 1", "2001:db8::2", "2001:db8::1",
	  "8801000060000000" OTHERS TLLA },
	{ "NA, wrong checksum", "2001:db8::2", "2001:db8::1",
	  NA "60000000" OTHERS TLLA, .bad_sum = true },
	{ "NA, atomic fragment", "2001:db8::2", "2001:db8::1",
	  NA "60000000" OTHERS TLLA, .frag_off = 2 },
	{ "NA of a mapped address", "2001:db8::2", "2001:db8::1",
	  NA "60000000" MAPPED TLLA },
	{ "NA of a group's address", "2001:db8::2", "2001:db8::1",
	  NA "60000000" OTHERS "0201333300000001" },
	{ "NA of no address", "2001:db8::2", "2001:db8::1",
	  NA "60000000" OTHERS "0201000000000000" },
	{ "NA of our address", "2001:db8::2", "2001:db8::1",
	  NA "60000000" OTHERS TLLA_OURS },
	{ "NA, start only", "2001:db8::2", "2001:db8::1", NA "60000000" },
	{ "RS", "2001:db8::2", "ff02::2", RS SLLA, TO_HOST },
	{ "RS from nobody", "::", "ff02::2", RS, TO_HOST },
	{ "RS from nobody, source address", "::", "ff02::2", RS SLLA },
	{ "RS, hop limit 64", "2001:db8::2", "ff02::2", RS SLLA,
	  .hop_limit = 64 },
	{ "RS of our address", "2001:db8::2", "ff02::2", RS SLLA_OURS },
	{ "RS, wrong checksum", "2001:db8::2", "ff02::2", RS SLLA,
	  .bad_sum = true },
	{ "RA", "fe80::9", "ff02::1", RA SLLA, TO_HOST },
	{ "RA to one", "fe80::9", "fe80::64", RA, TO_HOST },
	{ "RA from elsewhere", "2001:db8::2", "ff02::1", RA SLLA },
	{ "RA from nobody", "::", "ff02::1", RA },
	{ "RA, hop limit 254", "fe80::9", "ff02::1", RA SLLA,
	  .hop_limit = 254 },
	{ "RA, wrong checksum", "fe80::9", "ff02::1", RA SLLA,
	  .bad_sum = true },
	{ "RA, code 1", "fe80::9", "ff02::1",
	  "86010000400007080000000000000000" SLLA },
	{ "RA, cut", "fe80::9", "ff02::1", "8600000040000708" },
	{ "RA, atomic fragment", "fe80::9", "ff02::1", RA SLLA,
	  .frag_off = 2 },
	{ "RA of a group's address", "fe80::9", "ff02::1",
	  RA "0101333300000001" },
	{ "RA of our address", "fe80::9", "ff02::1", RA SLLA_OURS },
	{ "RA of a group's address first", "fe80::9", "ff02::1",
	  RA "0101333300000001" SLLA },
	{ "redirect", "fe80::9", "2001:db8::1", REDIRECT OTHERS_LL OTHERS,
	  TO_HOST },
	{ "redirect from elsewhere", "2001:db8::2", "2001:db8::1",
	  REDIRECT OTHERS_LL OTHERS },
	{ "redirect to a third", "fe80::9", "2001:db8::1",
	  REDIRECT OURS OTHERS },
	{ "redirect of a group", "fe80::9", "2001:db8::1",
	  REDIRECT OTHERS_LL ALL },
	{ "redirect, hop limit 254", "fe80::9", "2001:db8::1",
	  REDIRECT OTHERS_LL OTHERS, .hop_limit = 254 },
	{ "redirect, wrong checksum", "fe80::9", "2001:db8::1",
	  REDIRECT OTHERS_LL OTHERS, .bad_sum = true },
	{ "MLD query", "fe80::9", "ff02::1",
	  "8200000003e80000" NOBODY, TO_HOST,
	  .hop_limit = 1 },
	{ "MLD report", "fe80::9", "ff02::16", "8f00000000000000", TO_HOST,
	  .hop_limit = 1 },
	{ "type 132", "2001:db8::2", "2001:db8::1", "8400000000000000",
	  TO_HOST, .hop_limit = 64 },
	{ "type 138", "2001:db8::2", "2001:db8::1", "8a00000000000000",
	  TO_HOST, .hop_limit = 64 },
	{ "echo request", "2001:db8::2", "2001:db8::1", "8000000000010001",
	  TO_HOST, .hop_limit = 64 },
	/* The first one had its type. */
	{ "later fragment", "2001:db8::2", "2001:db8::1", NS OTHERS, TO_HOST,
	  .hop_limit = 64, .frag_off = 8 },
};

KUNIT_ARRAY_PARAM_DESC(input, input_cases, name);

static struct sk_buff *build_input(struct kunit *test,
				   const struct input_case *c)
{
	const struct vtap_test_ndp ndp = {
		.dest = STATION_MAC, .source = OTHER_MAC,
		.saddr = c->saddr, .daddr = c->daddr, .hex = c->hex,
	};
	struct sk_buff *skb = vtap_test_ndp(test, &ndp);
	struct icmp6hdr *icmp = (struct icmp6hdr *)(ipv6_hdr(skb) + 1);

	skb_pull(skb, ETH_HLEN);
	if (c->hop_limit)
		ipv6_hdr(skb)->hop_limit = c->hop_limit;
	if (c->bad_sum)
		icmp->icmp6_cksum ^= htons(0x0100);
	if (c->frag_off)
		vtap_test_push_frag6(skb, c->frag_off);
	return skb;
}

/* What is not refused as invalid must not be dropped for another reason. */
static void input(struct kunit *test)
{
	const struct input_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build_input(test, c), *frame;
	u64 before = vtap_test_drops(pair->port, VTAP_RX_DROP_NDP_INVALID);

	frame = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, frame);
	vtap_test_push_ethernet(frame, STATION_MAC, OTHER_MAC);
	vtap_test_transmit(test, pair->ethernet, frame);
	if (c->fate == TO_HOST)
		vtap_test_expect_frame(test, &pair->to_host, skb->data,
				       skb->len);
	vtap_test_expect_silence(test, &pair->to_host);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_NDP_INVALID),
			before + (c->fate == REFUSED));
	kfree_skb(skb);
}

/* All of the message is in a page. */
static void input_in_pages(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *flat = build_input(test, &input_cases[0]);
	u64 before = vtap_test_drops(pair->port, VTAP_RX_DROP_NDP_INVALID);
	u64 received = vtap_test_count(pair->port, VTAP_STAT_NS_RECEIVED);

	vtap_test_push_ethernet(flat, STATION_MAC, OTHER_MAC);
	vtap_test_transmit_paged(test, pair->ethernet, flat, ETH_HLEN);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_NS_RECEIVED),
			received + 1);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_NDP_INVALID),
			before);
	kfree_skb(flat);
}

static void messages_are_counted(struct kunit *test)
{
	static const struct {
		const char *hex;
		enum vtap_stat stat;
	} counted[] = {
		{ NS OTHERS, VTAP_STAT_NS_RECEIVED },
		{ NA "00000000" OTHERS, VTAP_STAT_NA_RECEIVED },
		{ RA, VTAP_STAT_RA },
	};
	struct vtap_test_pair *pair = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counted); i++) {
		const struct vtap_test_ndp ndp = {
			.dest = STATION_MAC, .source = OTHER_MAC,
			.saddr = "fe80::9", .daddr = "fe80::64",
			.hex = counted[i].hex,
		};
		u64 before = vtap_test_count(pair->port, counted[i].stat);

		vtap_test_ndp_from_vpn(test, pair, &ndp);
		vtap_test_expect_silence(test, &pair->to_vpn);
		KUNIT_EXPECT_EQ(test,
				vtap_test_count(pair->port, counted[i].stat),
				before + 1);
	}
}

static struct kunit_case input_test_cases[] = {
	KUNIT_CASE_PARAM(input, input_gen_params),
	KUNIT_CASE(input_in_pages),
	KUNIT_CASE(messages_are_counted),
	{}
};

static struct kunit_suite input_suite = {
	.name = "vtap_ndp_input",
	.init = vtap_test_unchecked_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = input_test_cases,
};

/* The host end has 2001:db8::1 and fe80::64. */
static int ndp_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	vtap_test_pair_init(test);
	pair = test->priv;
	vtap_test_enable_ipv6(pair);
	vtap_test_add_address6(test, pair->host, "2001:db8::1", IFA_F_NODAD);
	vtap_test_add_address6(test, pair->host, "fe80::64", IFA_F_NODAD);
	vtap_test_wait_usable6(test, pair, "2001:db8::1");
	vtap_test_wait_usable6(test, pair, "fe80::64");
	return 0;
}

static void set_forwarding(struct vtap_test_pair *pair)
{
	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(pair->host)->cnf.forwarding, 1);
	rtnl_unlock();
}

static void expect_neighbours(struct kunit *test, unsigned int entries)
{
	struct vtap_test_pair *pair = test->priv;

	KUNIT_EXPECT_EQ(test, pair->port->neigh.ipv6_entries, entries);
}

/* A question, its answer, and whether whoever asks becomes a neighbour. */
static const struct answer_case {
	const char *name;
	struct vtap_test_ndp ask;
	struct vtap_test_ndp answer;	/* none: silence */
	bool learned;
} answer_cases[] = {
	{ "for our address",
	  { NULL, OTHER_MAC, "2001:db8::2", "ff02::1:ff00:1", NS OURS SLLA },
	  { OTHER_MAC, STATION_MAC, "2001:db8::1", "2001:db8::2",
	    NA "60000000" OURS TLLA_OURS }, true },
	{ "for our link-local address",
	  { NULL, OTHER_MAC, "fe80::9", "ff02::1:ff00:64", NS OURS_LL SLLA },
	  { OTHER_MAC, STATION_MAC, "fe80::64", "fe80::9",
	    NA "60000000" OURS_LL TLLA_OURS }, true },
	{ "of us alone",
	  { STATION_MAC, OTHER_MAC, "fe80::9", "2001:db8::1", NS OURS SLLA },
	  { OTHER_MAC, STATION_MAC, "2001:db8::1", "fe80::9",
	    NA "60000000" OURS TLLA_OURS }, true },
	{ "of us alone, no source address",
	  { STATION_MAC, OTHER_MAC, "2001:db8::2", "2001:db8::1", NS OURS },
	  { OTHER_MAC, STATION_MAC, "2001:db8::1", "2001:db8::2",
	    NA "60000000" OURS TLLA_OURS } },
	{ "for another's source address",
	  { NULL, OTHER_MAC, "2001:db8::2", "ff02::1:ff00:1",
	    NS OURS SLLA_GATEWAY },
	  { GATEWAY_MAC, STATION_MAC, "2001:db8::1", "2001:db8::2",
	    NA "60000000" OURS TLLA_OURS }, true },
	{ "with a nonce",
	  { NULL, OTHER_MAC, "2001:db8::2", "ff02::1:ff00:1",
	    NS OURS SLLA NONCE },
	  { OTHER_MAC, STATION_MAC, "2001:db8::1", "2001:db8::2",
	    NA "60000000" OURS TLLA_OURS }, true },
	{ "from elsewhere",
	  { NULL, OTHER_MAC, "2001:db9::2", "ff02::1:ff00:1", NS OURS SLLA },
	  { OTHER_MAC, STATION_MAC, "2001:db8::1", "2001:db9::2",
	    NA "60000000" OURS TLLA_OURS } },
	{ "of nobody",
	  { NULL, OTHER_MAC, "::", "ff02::1:ff00:1", NS OURS },
	  { NULL, STATION_MAC, "2001:db8::1", "ff02::1",
	    NA "20000000" OURS TLLA_OURS } },
	{ "of nobody, with a nonce",
	  { NULL, OTHER_MAC, "::", "ff02::1:ff00:64", NS OURS_LL NONCE },
	  { NULL, STATION_MAC, "fe80::64", "ff02::1",
	    NA "20000000" OURS_LL TLLA_OURS } },
	{ "for another",
	  { NULL, OTHER_MAC, "fe80::9", "ff02::1:ff00:2", NS OTHERS SLLA } },
	{ "for another, of us alone",
	  { STATION_MAC, OTHER_MAC, "fe80::9", "2001:db8::1",
	    NS OTHERS SLLA } },
	{ "for another, of nobody",
	  { NULL, OTHER_MAC, "::", "ff02::1:ff00:2", NS OTHERS } },
};

KUNIT_ARRAY_PARAM_DESC(answer, answer_cases, name);

static void answers(struct kunit *test)
{
	const struct answer_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;

	vtap_test_ndp_from_vpn(test, pair, &c->ask);
	if (c->answer.hex)
		vtap_test_expect_ndp(test, pair, &c->answer);
	vtap_test_expect_no_ndp(test, pair);
	vtap_test_expect_silence(test, &pair->to_host);
	expect_neighbours(test, c->learned);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_NA_SENT),
			c->answer.hex ? 1 : 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_CONFLICTS),
			0);
}

/* The group in the reference library's solicitation is not the target's own:
 * whoever asks so is answered all the same, with its advertisement.
 */
static void vector_answer(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct icmp6hdr *icmp;
	struct sk_buff *skb;
	size_t len;
	u8 *data = vtap_test_hex(test, VECTOR_NS, &len);
	u8 *wanted;

	skb = vtap_test_skb(test, data, len);
	skb->protocol = htons(ETH_P_IPV6);
	icmp = (struct icmp6hdr *)(ipv6_hdr(skb) + 1);
	vtap_test_sum_ipv6(skb->data, &icmp->icmp6_cksum);
	vtap_test_push_ethernet(skb, "\x33\x33\x00\xff\x00\x01", GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);

	wanted = vtap_test_hex(test, VECTOR_NA, &len);
	skb = vtap_test_next_ndp(test, pair);
	KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + len);
	if (skb->len == ETH_HLEN + len)
		KUNIT_EXPECT_MEMEQ(test, skb->data + ETH_HLEN, wanted, len);
	kfree_skb(skb);
}

static const struct vtap_test_ndp asks = {
	.source = OTHER_MAC, .saddr = "2001:db8::2", .daddr = "ff02::1:ff00:1",
	.hex = NS OURS SLLA,
};

static const struct vtap_test_ndp station_answers = {
	.dest = OTHER_MAC, .source = STATION_MAC,
	.saddr = "2001:db8::1", .daddr = "2001:db8::2",
	.hex = NA "60000000" OURS TLLA_OURS,
};

static void a_router_says_so(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_ndp answer = station_answers;

	set_forwarding(pair);
	answer.hex = NA "e0000000" OURS TLLA_OURS;
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_ndp(test, pair, &answer);
}

/* It has not proved anything yet. */
static void who_asks_is_a_stale_neighbour(struct kunit *test)
{
	struct in6_addr addr = vtap_test_addr6(test, "2001:db8::2");
	struct vtap_test_pair *pair = test->priv;
	struct vtap_neigh_table *table = &pair->port->neigh;
	struct vtap_neigh *n;

	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_ndp(test, pair, &station_answers);
	spin_lock_bh(&table->lock);
	n = list_first_entry_or_null(&table->hosts, struct vtap_neigh, list);
	KUNIT_EXPECT_NOT_NULL(test, n);
	if (n) {
		KUNIT_EXPECT_MEMEQ(test, &n->addr, &addr, sizeof(addr));
		KUNIT_EXPECT_EQ(test, n->mac.raw, vtap_test_mac(OTHER_MAC).raw);
		KUNIT_EXPECT_EQ(test, n->state, VTAP_NEIGH_STALE);
		KUNIT_EXPECT_FALSE(test, n->proven);
	}
	spin_unlock_bh(&table->lock);
}

static void resolve_off_is_silent(struct kunit *test)
{
	static const struct vtap_test_ndp conflict = {
		.source = OTHER_MAC, .saddr = "2001:db8::1",
		.daddr = "ff02::1", .hex = NA "20000000" OURS TLLA,
	};
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->neigh.resolve, 0);
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_ndp_from_vpn(test, pair, &conflict);
	vtap_test_expect_no_ndp(test, pair);
	vtap_test_expect_silence(test, &pair->to_host);
	expect_neighbours(test, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_CONFLICTS),
			0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_NS_RECEIVED), 1);
}

static void a_flood_is_limited(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u64 before;
	u32 second;

	do {
		second = jiffies / HZ;
		vtap_test_exhaust(&pair->port->strangers, second);
		before = vtap_test_drops(pair->port, VTAP_RX_DROP_NDP_LIMITED);
		skb_queue_purge(&pair->to_vpn.queue);
		vtap_test_ndp_from_vpn(test, pair, &asks);
	} while (jiffies / HZ != second);
	vtap_test_expect_no_ndp(test, pair);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_NDP_LIMITED),
			before + 1);
}

/* The host sends something, and @addr is asked for. */
static void have_asked(struct kunit *test, const char *daddr)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->host,
			   vtap_test_ipv6(test, "2001:db8::1", daddr,
					  NEXTHDR_NONE, NULL, 0));
	kfree_skb(vtap_test_next_ndp(test, pair));
}

/* Strangers do not use up what a neighbour gets that proved to be one. */
static void a_flood_does_not_silence_a_neighbour(struct kunit *test)
{
	static const struct vtap_test_ndp reply = {
		.dest = STATION_MAC, .source = OTHER_MAC,
		.saddr = "2001:db8::2", .daddr = "2001:db8::1",
		.hex = NA "60000000" OTHERS TLLA,
	};
	struct vtap_test_pair *pair = test->priv;

	have_asked(test, "2001:db8::2");
	vtap_test_ndp_from_vpn(test, pair, &reply);
	vtap_test_expect_no_ndp(test, pair);
	vtap_test_exhaust(&pair->port->strangers, jiffies / HZ);
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_ndp(test, pair, &station_answers);
}

/* An answer to a question of the host's: does the packet that waits go? */
static const struct reply_case {
	const char *name;
	const char *hex;
	bool goes;
} reply_cases[] = {
	{ "solicited", NA "60000000" OTHERS TLLA, true },
	{ "solicited, no override", NA "40000000" OTHERS TLLA, true },
	{ "of a router", NA "e0000000" OTHERS TLLA, true },
	{ "solicited, no address", NA "60000000" OTHERS },
	{ "of another", NA "60000000" THIRD TLLA },
	{ "nothing at all", NA "00000000" OTHERS },
};

KUNIT_ARRAY_PARAM_DESC(reply, reply_cases, name);

static void replies(struct kunit *test)
{
	const struct reply_case *c = test->param_value;
	const struct vtap_test_ndp reply = {
		.dest = STATION_MAC, .source = OTHER_MAC,
		.saddr = "2001:db8::2", .daddr = "2001:db8::1", .hex = c->hex,
	};
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb;

	have_asked(test, "2001:db8::2");
	skb_queue_purge(&pair->to_vpn.queue);
	vtap_test_ndp_from_vpn(test, pair, &reply);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, pair->port->neigh.queue_bytes == 0, c->goes);
	if (!c->goes)
		return;
	skb = vtap_test_next(test, &pair->to_vpn);
	KUNIT_EXPECT_MEMEQ(test, skb->data, OTHER_MAC, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + 40);
	kfree_skb(skb);
}

/* RFC 4861 7.2.5: what a router says when it stopped being one; before it was
 * asked, anybody may have said so.
 */
static const struct stops_case {
	const char *name;
	const char *hex;
	bool asked;
	bool stays;
} stops_cases[] = {
	{ "a router no more", NA "60000000" OTHERS_LL TLLA, true, false },
	{ "still a router", NA "e0000000" OTHERS_LL TLLA, true, true },
	{ "not asked", NA "60000000" OTHERS_LL TLLA, false, true },
	{ "not an answer", NA "20000000" OTHERS_LL TLLA, true, true },
};

KUNIT_ARRAY_PARAM_DESC(stops, stops_cases, name);

static void routers_stop(struct kunit *test)
{
	static const struct vtap_test_ndp ra = {
		.source = OTHER_MAC, .saddr = "fe80::9", .daddr = "ff02::1",
		.hex = RA SLLA,
	};
	const struct stops_case *c = test->param_value;
	const struct vtap_test_ndp na = {
		.dest = STATION_MAC, .source = OTHER_MAC,
		.saddr = "fe80::9", .daddr = "fe80::64", .hex = c->hex,
	};
	struct vtap_test_pair *pair = test->priv;
	struct in6_addr gateway;
	bool stays;

	vtap_test_ndp_from_vpn(test, pair, &ra);
	kfree_skb(vtap_test_next(test, &pair->to_host));
	if (c->asked)
		have_asked(test, "2001:db9::1");
	vtap_test_ndp_from_vpn(test, pair, &na);
	vtap_test_expect_silence(test, &pair->to_host);
	local_bh_disable();
	stays = vtap_routers_gateway(&pair->port->routers,
				     ktime_get_boottime_seconds(), &gateway);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, stays, c->stays);
}

/* Somebody uses our address. */
static const struct conflict_case {
	const char *name;
	const char *saddr;
	const char *hex;
} conflict_cases[] = {
	{ "advertises", "fe80::9", NA "20000000" OURS TLLA },
	{ "advertises, no address", "fe80::9", NA "00000000" OURS },
	{ "asks for us", "2001:db8::1", NS OURS_LL SLLA },
	{ "asks for another", "2001:db8::1", NS OTHERS SLLA },
};

KUNIT_ARRAY_PARAM_DESC(conflict, conflict_cases, name);

static void conflicts_are_counted(struct kunit *test)
{
	const struct conflict_case *c = test->param_value;
	const struct vtap_test_ndp ndp = {
		.source = OTHER_MAC, .saddr = c->saddr, .daddr = "ff02::1",
		.hex = c->hex,
	};
	struct vtap_test_pair *pair = test->priv;

	vtap_test_ndp_from_vpn(test, pair, &ndp);
	vtap_test_expect_no_ndp(test, pair);
	vtap_test_expect_silence(test, &pair->to_host);
	expect_neighbours(test, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_CONFLICTS),
			1);
}

/* As ``ip neigh add proxy``. */
static void add_proxy(struct kunit *test, const char *addr, u8 flags)
{
	struct vtap_test_pair *pair = test->priv;
	struct in6_addr bytes = vtap_test_addr6(test, addr);
	struct sk_buff *msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;
	struct ndmsg *ndm;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	nlh = nlmsg_put(msg, 0, 0, RTM_NEWNEIGH, sizeof(*ndm),
			NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE);
	KUNIT_ASSERT_NOT_NULL(test, nlh);
	ndm = nlmsg_data(nlh);
	*ndm = (struct ndmsg){
		.ndm_family = AF_INET6, .ndm_ifindex = pair->host->ifindex,
		.ndm_flags = NTF_PROXY | flags,
	};
	KUNIT_ASSERT_EQ(test, nla_put_in6_addr(msg, NDA_DST, &bytes), 0);
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);
}

/* What a proxy needs, and whether all of it is there. */
static const struct proxy_case {
	const char *name;
	bool forwarding;
	bool proxy_ndp;
	const char *proxied;
	u8 flags;
	const char *flags_hex;	/* of the answer, NULL for none */
} proxy_cases[] = {
	{ "a proxy", true, true, "2001:db8::77", 0, "40000000" },
	{ "for a router", true, true, "2001:db8::77", NTF_ROUTER, "c0000000" },
	{ "not forwarding", false, true, "2001:db8::77" },
	{ "not proxying", true, false, "2001:db8::77" },
	{ "for another", true, true, "2001:db8::78" },
};

KUNIT_ARRAY_PARAM_DESC(proxy, proxy_cases, name);

#define PROXIED	"20010db8000000000000000000000077"

/* RFC 4861 7.2.8: without override, from an address of its own. */
static void proxies_by_the_kernels_rules(struct kunit *test)
{
	static const struct vtap_test_ndp ask = {
		.source = OTHER_MAC, .saddr = "2001:db8::2",
		.daddr = "ff02::1:ff00:77", .hex = NS PROXIED SLLA,
	};
	const struct proxy_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_ndp answer = station_answers;
	char hex[128];

	if (c->forwarding)
		set_forwarding(pair);
	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(pair->host)->cnf.proxy_ndp, c->proxy_ndp);
	rtnl_unlock();
	add_proxy(test, c->proxied, c->flags);
	vtap_test_ndp_from_vpn(test, pair, &ask);
	if (c->flags_hex) {
		snprintf(hex, sizeof(hex), NA "%s" PROXIED TLLA_OURS,
			 c->flags_hex);
		answer.hex = hex;
		vtap_test_expect_ndp(test, pair, &answer);
	}
	vtap_test_expect_no_ndp(test, pair);
}

static struct kunit_case ndp_test_cases[] = {
	KUNIT_CASE_PARAM(answers, answer_gen_params),
	KUNIT_CASE(vector_answer),
	KUNIT_CASE(a_router_says_so),
	KUNIT_CASE(who_asks_is_a_stale_neighbour),
	KUNIT_CASE(resolve_off_is_silent),
	KUNIT_CASE(a_flood_is_limited),
	KUNIT_CASE(a_flood_does_not_silence_a_neighbour),
	KUNIT_CASE_PARAM(replies, reply_gen_params),
	KUNIT_CASE_PARAM(routers_stop, stops_gen_params),
	KUNIT_CASE_PARAM(conflicts_are_counted, conflict_gen_params),
	KUNIT_CASE_PARAM(proxies_by_the_kernels_rules, proxy_gen_params),
	{}
};

static struct kunit_suite ndp_suite = {
	.name = "vtap_ndp",
	.init = ndp_init,
	.exit = vtap_test_pair_exit,
	.test_cases = ndp_test_cases,
};

kunit_test_suites(&parser_suite, &create_suite, &input_suite, &ndp_suite);
