// SPDX-License-Identifier: GPL-2.0
/* NDP: what is believed of an advertisement, what a solicitation looks like. */

#include <linux/hex.h>
#include <net/ip6_checksum.h>

#include "ndp.h"
#include "utils.h"

/* Solicited and overriding, of 2001:db8::2, which has OTHER_MAC. */
#define TARGET	"20010db8000000000000000000000002"
#define NA	"8800000060000000" TARGET
#define TLLA	"0201021122334455"

/* The bytes of an advertisement, and what is found. */
static const struct na_case {
	const char *name;
	const char *hex;
	int err;
	bool solicited;
	bool override;
	bool has_mac;
} na_cases[] = {
	{ "good", NA TLLA, 0, true, true, true },
	{ "no option", NA, 0, true, true, false },
	{ "unsolicited", "8800000020000000" TARGET TLLA, 0, false, true, true },
	{ "no override", "8800000040000000" TARGET TLLA, 0, true, false, true },
	{ "of a router", "88000000e0000000" TARGET TLLA, 0, true, true, true },
	{ "unknown option first", NA "0e01000000000000" TLLA, 0, true, true,
	  true },
	{ "unknown option of 16 bytes",
	  NA "0e020000000000000000000000000000" TLLA, 0, true, true, true },
	{ "source address instead", NA "0101021122334455", 0, true, true,
	  false },
	{ "address of 14 bytes", NA "02020211223344550000000000000000", 0,
	  true, true, false },
	{ "a solicitation", "8700000060000000" TARGET TLLA, -EINVAL },
	{ "code 1", "8801000060000000" TARGET TLLA, -EINVAL },
	{ "multicast target",
	  "8800000060000000ff020000000000000000000000000001" TLLA, -EINVAL },
	{ "option of no length", NA "0200021122334455", -EINVAL },
	{ "option of no length behind", NA TLLA "0e00", -EINVAL },
	{ "option beyond the end", NA "0202021122334455", -EINVAL },
	{ "option of length 255", NA "02ff021122334455", -EINVAL },
	{ "option cut", NA "02010211223344", -EINVAL },
	{ "a byte too many", NA TLLA "00", -EINVAL },
	{ "header cut", "880000006000000020010db80000000000000000000000",
	  -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(na, na_cases, name);

static void parse_na(struct kunit *test)
{
	const struct na_case *c = test->param_value;
	struct vtap_ndp na;
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);

	KUNIT_EXPECT_EQ(test, vtap_ndp_parse(data, len, &na), c->err);
	if (c->err)
		return;
	KUNIT_EXPECT_EQ(test, na.solicited, c->solicited);
	KUNIT_EXPECT_EQ(test, na.override, c->override);
	KUNIT_EXPECT_EQ(test, na.has_mac, c->has_mac);
	KUNIT_EXPECT_MEMEQ(test, &na.target, data + 8, sizeof(na.target));
	if (na.has_mac)
		KUNIT_EXPECT_EQ(test, na.mac.raw, vtap_test_mac(OTHER_MAC).raw);
}

/* The option may be missing, but not in part. */
static void every_truncation_is_refused(struct kunit *test)
{
	struct vtap_ndp na;
	size_t whole, len;
	u8 *data = vtap_test_hex(test, NA TLLA, &whole);

	for (len = 0; len < whole; len++) {
		u8 *cut = vtap_test_exact(test, data, len);

		KUNIT_EXPECT_EQ(test, vtap_ndp_parse(cut, len, &na),
				len == 24 ? 0 : -EINVAL);
	}
}

/* Checks all but the addresses. */
static void expect_ns(struct kunit *test, const struct sk_buff *skb,
		      const char *dest, const struct in6_addr *source,
		      const struct in6_addr *target)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)(eth + 1);
	const u8 *icmp = (const u8 *)(ip6h + 1);

	KUNIT_ASSERT_EQ(test, skb->len, ETH_HLEN + 40 + 32);
	KUNIT_EXPECT_MEMEQ(test, eth->h_dest, dest, ETH_ALEN);
	KUNIT_EXPECT_MEMEQ(test, eth->h_source, STATION_MAC, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, eth->h_proto, htons(ETH_P_IPV6));
	KUNIT_EXPECT_EQ(test, ip6h->hop_limit, 255);
	KUNIT_EXPECT_EQ(test, ip6h->nexthdr, IPPROTO_ICMPV6);
	KUNIT_EXPECT_EQ(test, ip6h->payload_len, htons(32));
	KUNIT_EXPECT_MEMEQ(test, &ip6h->saddr, source, sizeof(*source));
	KUNIT_EXPECT_EQ(test, icmp[0], 135);
	KUNIT_EXPECT_EQ(test, icmp[1], 0);
	KUNIT_EXPECT_MEMEQ(test, icmp + 8, target, sizeof(*target));
	KUNIT_EXPECT_MEMEQ(test, icmp + 24, "\x01\x01" STATION_MAC, 8);
	KUNIT_EXPECT_EQ(test, csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, 32,
					      IPPROTO_ICMPV6,
					      csum_partial(icmp, 32, 0)), 0);
}

static const struct in6_addr source = {
	.s6_addr = { 0xfe, 0x80, [15] = 9 },
};

static const struct in6_addr target = {
	.s6_addr = { 0x20, 0x01, 0x0d, 0xb8, [13] = 0x12, 0x34, 0x56 },
};

static struct sk_buff *create_ns(struct kunit *test,
				 const struct vtap_mac *dest)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb;

	skb = vtap_ndp_create_ns(pair->ethernet, dest,
				 vtap_test_mac(STATION_MAC), &source, &target);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	return skb;
}

static void solicitation_to_all(struct kunit *test)
{
	static const struct in6_addr group = {
		.s6_addr = { 0xff, 0x02, [11] = 1, 0xff, 0x12, 0x34, 0x56 },
	};
	struct sk_buff *skb = create_ns(test, NULL);

	expect_ns(test, skb, "\x33\x33\xff\x12\x34\x56", &source, &target);
	KUNIT_EXPECT_MEMEQ(test, skb->data + ETH_HLEN + 24, &group,
			   sizeof(group));
	kfree_skb(skb);
}

static void solicitation_to_one(struct kunit *test)
{
	struct vtap_mac dest = vtap_test_mac(OTHER_MAC);
	struct sk_buff *skb = create_ns(test, &dest);

	expect_ns(test, skb, OTHER_MAC, &source, &target);
	KUNIT_EXPECT_MEMEQ(test, skb->data + ETH_HLEN + 24, &target,
			   sizeof(target));
	kfree_skb(skb);
}

/* An advertisement on the wire, with something wrong. */
static const struct input_case {
	const char *name;
	const char *hex;
	const char *daddr;
	u8 hop_limit;
	bool bad_sum;
	enum vtap_verdict reason;	/* VTAP_CONTINUE: believed */
} input_cases[] = {
	{ "good", NA TLLA, "2001:db8::1", 255 },
	{ "hop limit 254", NA TLLA, "2001:db8::1", 254,
	  .reason = VTAP_RX_DROP_NDP_INVALID },
	{ "wrong checksum", NA TLLA, "2001:db8::1", 255, true,
	  .reason = VTAP_RX_DROP_NDP_INVALID },
	{ "solicited by multicast", NA TLLA, "ff02::1", 255,
	  .reason = VTAP_RX_DROP_NDP_INVALID },
	{ "code 1", "8801000060000000" TARGET TLLA, "2001:db8::1", 255,
	  .reason = VTAP_RX_DROP_NDP_INVALID },
	{ "cut", NA "0201", "2001:db8::1", 255,
	  .reason = VTAP_RX_DROP_NDP_INVALID },
	{ "start only", "8800000060000000", "2001:db8::1", 255,
	  .reason = VTAP_RX_DROP_NDP_INVALID },
	{ "IPv4-mapped target",
	  "880000006000000000000000000000000000ffffc0a80101" TLLA,
	  "2001:db8::1", 255, .reason = VTAP_RX_DROP_NDP_INVALID },
};

KUNIT_ARRAY_PARAM_DESC(input, input_cases, name);

static struct sk_buff *build_na(struct kunit *test, const struct input_case *c)
{
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);
	struct sk_buff *skb = vtap_test_ipv6(test, "2001:db8::2", c->daddr,
					     IPPROTO_ICMPV6, data, len);
	struct ipv6hdr *ip6h = ipv6_hdr(skb);
	__sum16 *sum = (__sum16 *)(skb->data + sizeof(*ip6h) + 2);

	ip6h->hop_limit = c->hop_limit;
	*sum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len, IPPROTO_ICMPV6,
			       csum_partial(ip6h + 1, len, 0));
	if (c->bad_sum)
		*sum ^= htons(0x0100);
	vtap_test_push_ethernet(skb, STATION_MAC, OTHER_MAC);
	return skb;
}

/* A packet waits for 2001:db8::2: the good one lets it go. */
static void input(struct kunit *test)
{
	const struct input_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *waiting, *skb;

	waiting = vtap_test_ipv6(test, "2001:db8::1", "2001:db8::2",
				 IPPROTO_UDP, "", 0);
	skb = skb_copy(waiting, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	vtap_test_push_ethernet(skb, OTHER_MAC, STATION_MAC);
	vtap_test_transmit(test, pair->host, waiting);
	skb_queue_purge(&pair->to_vpn.queue);
	vtap_test_transmit(test, pair->ethernet, build_na(test, c));
	if (c->reason == VTAP_CONTINUE)
		vtap_test_expect_frame(test, &pair->to_vpn, skb->data,
				       skb->len);
	else
		KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, c->reason),
				1);
	vtap_test_expect_silence(test, &pair->to_vpn);
	/* Nor does it reach the host. */
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_NA_RECEIVED), 1);
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

static struct kunit_case na_test_cases[] = {
	KUNIT_CASE_PARAM(parse_na, na_gen_params),
	KUNIT_CASE(every_truncation_is_refused),
	{}
};

static struct kunit_suite na_suite = {
	.name = "vtap_ndp_parse",
	.test_cases = na_test_cases,
};

static struct kunit_case ndp_test_cases[] = {
	KUNIT_CASE(solicitation_to_all),
	KUNIT_CASE(solicitation_to_one),
	KUNIT_CASE(no_solicitation_from_another_device),
	KUNIT_CASE_PARAM(input, input_gen_params),
	{}
};

static struct kunit_suite ndp_suite = {
	.name = "vtap_ndp",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = ndp_test_cases,
};

kunit_test_suites(&na_suite, &ndp_suite);
