// SPDX-License-Identifier: GPL-2.0
/* Option trusted: its text, and who may say what. Text of gateway6, too. */

#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "option.h"
#include "trusted.h"
#include "utils.h"

#define GATEWAY_TEXT "aa:bb:cc:dd:ee:ff"
#define T1	"02:11:22:33:44:01"
#define T5	T1 " 02:11:22:33:44:02 02:11:22:33:44:03 " \
		"02:11:22:33:44:04 02:11:22:33:44:05"
#define T15	T5 " " T5 " " T5

/* Everybody is trusted, and no gateway set. */
static int trusted_init(struct kunit *test)
{
	vtap_test_unchecked_init(test);
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_TRUSTED,
					    "none"), 0);
	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, VTAP_OPT_GATEWAY6,
					    "none"), 0);
	return 0;
}

/* What is set, and what is read then: NULL where it is refused. */
static const struct text_case {
	const char *name;
	enum vtap_option_id id;
	const char *text;
	const char *read;
} text_cases[] = {
	{ "trusted: one", VTAP_OPT_TRUSTED, T1, T1 "\n" },
	{ "trusted: a line", VTAP_OPT_TRUSTED, T1 "\n", T1 "\n" },
	{ "trusted: none", VTAP_OPT_TRUSTED, "none", "none\n" },
	{ "trusted: none, a line", VTAP_OPT_TRUSTED, "none\n", "none\n" },
	{ "trusted: blanks", VTAP_OPT_TRUSTED,
	  "  " T1 " \t" GATEWAY_TEXT " \t\n", T1 " " GATEWAY_TEXT "\n" },
	{ "trusted: capitals", VTAP_OPT_TRUSTED, "AA:BB:CC:DD:EE:0F",
	  "aa:bb:cc:dd:ee:0f\n" },
	{ "trusted: sixteen", VTAP_OPT_TRUSTED, T15 " " T1 "\n",
	  T15 " " T1 "\n" },
	{ "trusted: seventeen", VTAP_OPT_TRUSTED, T15 " " T1 " " T1 },
	{ "trusted: nothing", VTAP_OPT_TRUSTED, "" },
	{ "trusted: blank", VTAP_OPT_TRUSTED, " \t\n" },
	{ "trusted: none and one", VTAP_OPT_TRUSTED, "none " T1 },
	{ "trusted: one and none", VTAP_OPT_TRUSTED, T1 " none" },
	{ "trusted: five bytes", VTAP_OPT_TRUSTED, "02:11:22:33:44" },
	{ "trusted: seven bytes", VTAP_OPT_TRUSTED, T1 ":01" },
	{ "trusted: cut", VTAP_OPT_TRUSTED, "02:11:22:33:44:0" },
	{ "trusted: second cut", VTAP_OPT_TRUSTED, T1 " 02:11" },
	{ "trusted: comma", VTAP_OPT_TRUSTED, T1 "," T1 },
	{ "trusted: no blank", VTAP_OPT_TRUSTED, T1 T1 },
	{ "trusted: no digit", VTAP_OPT_TRUSTED, "02:11:22:33:44:0g" },
	{ "trusted: dashes", VTAP_OPT_TRUSTED, "02-11-22-33-44-01" },
	{ "trusted: group", VTAP_OPT_TRUSTED, "01:00:5e:00:00:01" },
	{ "trusted: all", VTAP_OPT_TRUSTED, "ff:ff:ff:ff:ff:ff" },
	{ "trusted: zero", VTAP_OPT_TRUSTED, "00:00:00:00:00:00" },
	{ "trusted: a group among them", VTAP_OPT_TRUSTED,
	  T1 " 33:33:00:00:00:01" },
	{ "gateway6: link-local", VTAP_OPT_GATEWAY6, "fe80::1", "fe80::1\n" },
	{ "gateway6: a line", VTAP_OPT_GATEWAY6, "fe80::1\n", "fe80::1\n" },
	{ "gateway6: global", VTAP_OPT_GATEWAY6, "2001:DB8:0:0::0001",
	  "2001:db8::1\n" },
	{ "gateway6: none", VTAP_OPT_GATEWAY6, "none\n", "none\n" },
	{ "gateway6: two lines", VTAP_OPT_GATEWAY6, "fe80::1\nfe80::2" },
	{ "gateway6: nothing", VTAP_OPT_GATEWAY6, "" },
	{ "gateway6: unspecified", VTAP_OPT_GATEWAY6, "::" },
	{ "gateway6: loopback", VTAP_OPT_GATEWAY6, "::1" },
	{ "gateway6: group", VTAP_OPT_GATEWAY6, "ff02::2" },
	{ "gateway6: IPv4", VTAP_OPT_GATEWAY6, "192.168.1.1" },
	{ "gateway6: IPv4-mapped", VTAP_OPT_GATEWAY6, "::ffff:192.168.1.1" },
	{ "gateway6: prefix", VTAP_OPT_GATEWAY6, "fe80::1/64" },
	{ "gateway6: scope", VTAP_OPT_GATEWAY6, "fe80::1%vpn0" },
	{ "gateway6: blank behind", VTAP_OPT_GATEWAY6, "fe80::1 " },
	{ "gateway6: too long", VTAP_OPT_GATEWAY6, "1:2:3:4:5:6:7:8:9" },
	{ "gateway6: too short", VTAP_OPT_GATEWAY6, "1:2:3:4:5:6:7" },
};

KUNIT_ARRAY_PARAM_DESC(text, text_cases, name);

/* What is refused changes nothing. */
static void texts(struct kunit *test)
{
	const struct text_case *c = test->param_value;
	bool trusted = c->id == VTAP_OPT_TRUSTED;
	const char *before = trusted ? GATEWAY_TEXT " " T1 "\n" : "fe80::99\n";

	KUNIT_ASSERT_EQ(test, vtap_test_set(test->priv, c->id, before), 0);
	vtap_test_reads(test, test->priv, c->id, before);
	KUNIT_EXPECT_EQ(test, vtap_test_set(test->priv, c->id, c->text),
			c->read ? 0 : -EINVAL);
	vtap_test_reads(test, test->priv, c->id, c->read ?: before);
	/* What is read can be set. */
	if (c->read) {
		KUNIT_EXPECT_EQ(test, vtap_test_set(test->priv, c->id, c->read),
				0);
		vtap_test_reads(test, test->priv, c->id, c->read);
	}
}

enum what {
	RA,
	RA_FRAGMENT,
	REDIRECT4,
	REDIRECT6,
	UDP4,
	UDP4_FRAGMENT,
	UDP6,
	UDP6_FRAGMENT,
	LATER4,
	LATER6,
	NEIGHBOUR,
	ECHO,
};

/* What a station says, by which counter it is refused unless the station is
 * trusted; and what becomes of it if it is.
 */
static const struct say_case {
	const char *name;
	enum what what;
	u16 dport;
	enum vtap_stat stat;	/* VTAP_STAT_MAX: anybody may, or not counted */
	enum vtap_verdict fate;	/* VTAP_CONTINUE: the host gets it */
} say_cases[] = {
	{ "router advertisement", RA, 0, VTAP_STAT_RA_UNTRUSTED },
	{ "its first fragment", RA_FRAGMENT, 0, VTAP_STAT_RA_UNTRUSTED,
	  VTAP_RX_DROP_NDP_INVALID },
	{ "DHCP answer", UDP4, 68, VTAP_STAT_DHCP_UNTRUSTED },
	{ "its first fragment, IPv4", UDP4_FRAGMENT, 68,
	  VTAP_STAT_DHCP_UNTRUSTED },
	{ "DHCPv6 answer", UDP6, 546, VTAP_STAT_DHCP_UNTRUSTED },
	{ "its first fragment, IPv6", UDP6_FRAGMENT, 546,
	  VTAP_STAT_DHCP_UNTRUSTED },
	{ "redirect, IPv4", REDIRECT4, 0, VTAP_STAT_MAX },
	{ "redirect, IPv6", REDIRECT6, 0, VTAP_STAT_MAX },
	{ "DHCP request", UDP4, 67, VTAP_STAT_MAX },
	{ "DHCPv6 request", UDP6, 547, VTAP_STAT_MAX },
	{ "DHCPv6 port, IPv4", UDP4, 546, VTAP_STAT_MAX },
	{ "DHCP port, IPv6", UDP6, 68, VTAP_STAT_MAX },
	{ "DNS answer, IPv4", UDP4, 5353, VTAP_STAT_MAX },
	{ "first fragment, IPv4", UDP4_FRAGMENT, 5353, VTAP_STAT_MAX },
	{ "first fragment, IPv6", UDP6_FRAGMENT, 5353, VTAP_STAT_MAX },
	{ "later fragment, IPv4", LATER4, 68, VTAP_STAT_MAX },
	{ "later fragment, IPv6", LATER6, 546, VTAP_STAT_MAX },
	{ "neighbour solicitation", NEIGHBOUR, 0, VTAP_STAT_MAX,
	  VTAP_CONSUMED },
	{ "echo request", ECHO, 0, VTAP_STAT_MAX },
};

KUNIT_ARRAY_PARAM_DESC(say, say_cases, name);

static bool is_restricted(const struct say_case *c)
{
	return c->stat != VTAP_STAT_MAX || c->what == REDIRECT4 ||
	       c->what == REDIRECT6;
}

#define RA_HEX	"86000000400007080000000000000000"
#define REDIRECT_HEX "8900000000000000fe800000000000000000000000000066" \
		"20010db8000000000000000000000001"
#define NS_HEX	"8700000000000000fe800000000000000000000000000064"

static struct sk_buff *build_ndp(struct kunit *test, const char *hex)
{
	const struct vtap_test_ndp ndp = {
		.source = OTHER_MAC, .saddr = "fe80::9", .daddr = "fe80::64",
		.hex = hex,
	};
	struct sk_buff *skb = vtap_test_ndp(test, &ndp);

	skb_pull(skb, ETH_HLEN);
	return skb;
}

static struct sk_buff *build_udp4(struct kunit *test, u16 dport, u16 frag_off)
{
	struct sk_buff *skb = vtap_test_udp(test, GATEWAY_IP, STATION_IP, 67,
					    dport, "12345678", 8);

	ip_hdr(skb)->frag_off = htons(frag_off);
	vtap_test_sum_ipv4(skb->data);
	return skb;
}

static struct sk_buff *build_udp6(struct kunit *test, u16 dport, u16 frag_off)
{
	struct sk_buff *skb = vtap_test_udp6(test, "fe80::9", "fe80::64", 547,
					     dport, "12345678", 8);

	if (frag_off)
		vtap_test_push_frag6(skb, frag_off);
	return skb;
}

/* About a packet of STATION_IP. */
static struct sk_buff *build_redirect4(struct kunit *test)
{
	u8 data[sizeof(struct icmphdr) + sizeof(struct iphdr) + 8] = {
		ICMP_REDIRECT, ICMP_REDIR_HOST,
	};
	struct iphdr *quoted = (void *)(data + sizeof(struct icmphdr));
	__sum16 sum;

	quoted->version = 4;
	quoted->ihl = 5;
	quoted->tot_len = htons(sizeof(*quoted) + 8);
	quoted->protocol = IPPROTO_UDP;
	quoted->saddr = STATION_IP;
	quoted->daddr = GATEWAY_IP;
	sum = ip_compute_csum(data, sizeof(data));
	memcpy(data + 2, &sum, 2);
	return vtap_test_ipv4(test, GATEWAY_IP, STATION_IP, IPPROTO_ICMP, data,
			      sizeof(data));
}

static struct sk_buff *build(struct kunit *test, const struct say_case *c)
{
	struct sk_buff *skb;

	switch (c->what) {
	case RA:
	case RA_FRAGMENT:
		skb = build_ndp(test, RA_HEX);
		if (c->what == RA_FRAGMENT)
			vtap_test_push_frag6(skb, IP6_MF);
		return skb;
	case REDIRECT4:
		return build_redirect4(test);
	case REDIRECT6:
		return build_ndp(test, REDIRECT_HEX);
	case UDP4:
		return build_udp4(test, c->dport, 0);
	case UDP4_FRAGMENT:
		return build_udp4(test, c->dport, IP_MF);
	case LATER4:
		return build_udp4(test, c->dport, 2);
	case UDP6:
		return build_udp6(test, c->dport, 0);
	case UDP6_FRAGMENT:
		return build_udp6(test, c->dport, IP6_MF);
	case LATER6:
		return build_udp6(test, c->dport, 16);
	case NEIGHBOUR:
		return build_ndp(test, NS_HEX);
	default:
		return build_ndp(test, "8000000000010001");
	}
}

static void expect_fate(struct kunit *test, const struct say_case *c,
			const char *source, enum vtap_verdict fate)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, c), *received = build(test, c);
	u64 before = fate > VTAP_CONSUMED ? vtap_test_drops(pair->port, fate) :
					    0;

	vtap_test_push_ethernet(skb, STATION_MAC, source);
	vtap_test_transmit(test, pair->ethernet, skb);
	if (fate == VTAP_CONTINUE)
		vtap_test_expect_frame(test, &pair->to_host, received->data,
				       received->len);
	vtap_test_expect_silence(test, &pair->to_host);
	if (fate > VTAP_CONSUMED)
		KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, fate),
				before + 1);
	kfree_skb(received);
}

static bool has_router(struct vtap_test_pair *pair)
{
	struct in6_addr gateway;
	bool found;

	local_bh_disable();
	found = vtap_routers_gateway(&pair->port->routers,
				     ktime_get_boottime_seconds(), &gateway);
	local_bh_enable();
	return found;
}

static void who_may_say_what(struct kunit *test)
{
	const struct say_case *c = test->param_value;
	bool counted = c->stat != VTAP_STAT_MAX;
	struct vtap_test_pair *pair = test->priv;
	u64 before = 0;

	if (counted)
		before = vtap_test_count(pair->port, c->stat);
	KUNIT_ASSERT_EQ(test, vtap_test_set(pair, VTAP_OPT_TRUSTED, T1 " " GATEWAY_TEXT),
			0);
	expect_fate(test, c, OTHER_MAC,
		    is_restricted(c) ? VTAP_RX_DROP_UNTRUSTED : c->fate);
	if (counted)
		KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, c->stat),
				before + 1);
	KUNIT_EXPECT_FALSE(test, has_router(pair));
	expect_fate(test, c, GATEWAY_MAC, c->fate);
	expect_fate(test, c, "\x02\x11\x22\x33\x44\x01", c->fate);
	/* Everybody again. */
	KUNIT_ASSERT_EQ(test, vtap_test_set(pair, VTAP_OPT_TRUSTED, "none"), 0);
	expect_fate(test, c, OTHER_MAC, c->fate);
	KUNIT_EXPECT_EQ(test, has_router(pair), c->what == RA);
	if (counted)
		KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, c->stat),
				before + 1);
}

/* Nothing of it is in the linear part but the headers before it. */
static void untrusted_in_pages(struct kunit *test)
{
	const struct say_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *flat = build(test, c);
	u64 before = vtap_test_drops(pair->port, VTAP_RX_DROP_UNTRUSTED);

	KUNIT_ASSERT_EQ(test, vtap_test_set(pair, VTAP_OPT_TRUSTED, T1), 0);
	vtap_test_push_ethernet(flat, STATION_MAC, OTHER_MAC);
	vtap_test_transmit_paged(test, pair->ethernet, flat, ETH_HLEN);
	vtap_test_expect_silence(test, &pair->to_vpn);
	skb_queue_purge(&pair->to_host.queue);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_UNTRUSTED),
			before + is_restricted(c));
	kfree_skb(flat);
}

static struct kunit_case trusted_test_cases[] = {
	KUNIT_CASE_PARAM(texts, text_gen_params),
	KUNIT_CASE_PARAM(who_may_say_what, say_gen_params),
	KUNIT_CASE_PARAM(untrusted_in_pages, say_gen_params),
	{}
};

static struct kunit_suite trusted_suite = {
	.name = "vtap_trusted",
	.init = trusted_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = trusted_test_cases,
};

kunit_test_suite(trusted_suite);
