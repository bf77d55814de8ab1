// SPDX-License-Identifier: GPL-2.0
/* ARP: what is believed, what is answered, how often; own addresses. */

#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>

#include "arp.h"
#include "utils.h"

/* Offsets in a frame. */
enum {
	AT_DEST = 0,
	AT_SOURCE = 6,
	AT_HRD = 14,
	AT_PRO = 16,
	AT_HLN = 18,
	AT_PLN = 19,
	AT_OP = 20,
	AT_SHA = 22,
	AT_SIP = 28,
	AT_THA = 32,
	AT_TIP = 38,
	FRAME_LEN = 42,
};

struct patch {
	u8 at;
	u8 len;
	const char *bytes;
};

#define PATCH(_at, _bytes)	{ .at = _at, .len = sizeof(_bytes) - 1, \
				  .bytes = _bytes }
#define REPLY		PATCH(AT_OP, "\0\2")

/* A good broadcast request for us with something changed. */
struct parse_case {
	const char *name;
	struct patch patch[4];
	bool same_source;	/* the frame's is the sender's */
	bool good;
	bool to_us;
};

static const struct parse_case parse_cases[] = {
	{ .name = "request", .good = true },
	{ .name = "request to us alone", .good = true, .to_us = true,
	  .patch = { PATCH(AT_DEST, STATION_MAC) } },
	{ .name = "request to us, target MAC of another", .good = true,
	  .to_us = true, .patch = { PATCH(AT_DEST, STATION_MAC),
				    PATCH(AT_THA, OTHER_MAC) } },
	{ .name = "reply to us", .good = true, .to_us = true,
	  .patch = { REPLY, PATCH(AT_DEST, STATION_MAC),
		     PATCH(AT_THA, STATION_MAC) } },
	{ .name = "reply to all for us", .good = true, .to_us = true,
	  .patch = { REPLY, PATCH(AT_THA, STATION_MAC) } },
	{ .name = "reply to us for another", .good = true,
	  .patch = { REPLY, PATCH(AT_DEST, STATION_MAC),
		     PATCH(AT_THA, OTHER_MAC) } },
	{ .name = "IEEE 802", .good = true,
	  .patch = { PATCH(AT_HRD, "\0\6") } },
	{ .name = "another hardware", .patch = { PATCH(AT_HRD, "\0\7") } },
	{ .name = "hardware 0x0100", .patch = { PATCH(AT_HRD, "\1\0") } },
	{ .name = "another protocol", .patch = { PATCH(AT_PRO, "\x86\xdd") } },
	{ .name = "hardware length 5", .patch = { PATCH(AT_HLN, "\5") } },
	{ .name = "hardware length 8", .patch = { PATCH(AT_HLN, "\x8") } },
	{ .name = "protocol length 16", .patch = { PATCH(AT_PLN, "\x10") } },
	{ .name = "protocol length 0", .patch = { PATCH(AT_PLN, "\0") } },
	{ .name = "operation 0", .patch = { PATCH(AT_OP, "\0\0") } },
	{ .name = "reverse request", .patch = { PATCH(AT_OP, "\0\3") } },
	{ .name = "operation 0x0101", .patch = { PATCH(AT_OP, "\1\1") } },
	{ .name = "sender MAC unlike the frame's",
	  .patch = { PATCH(AT_SHA, OTHER_MAC) } },
	{ .name = "sender MAC zero", .same_source = true,
	  .patch = { PATCH(AT_SHA, "\0\0\0\0\0\0") } },
	{ .name = "sender MAC broadcast", .same_source = true,
	  .patch = { PATCH(AT_SHA, BROADCAST_MAC) } },
	{ .name = "sender MAC multicast", .same_source = true,
	  .patch = { PATCH(AT_SHA, "\x01\x00\x5e\x00\x00\x01") } },
	{ .name = "sender MAC ours", .same_source = true,
	  .patch = { PATCH(AT_SHA, STATION_MAC) } },
	{ .name = "probe", .good = true,
	  .patch = { PATCH(AT_SIP, "\0\0\0\0") } },
	{ .name = "reply from 0.0.0.0",
	  .patch = { REPLY, PATCH(AT_SIP, "\0\0\0\0") } },
	/* An address like any other since Linux 5.3. */
	{ .name = "sender 0.0.0.1", .good = true,
	  .patch = { PATCH(AT_SIP, "\0\0\0\1") } },
	{ .name = "sender 224.0.0.1",
	  .patch = { PATCH(AT_SIP, "\xe0\0\0\1") } },
	{ .name = "sender 239.255.255.255",
	  .patch = { PATCH(AT_SIP, "\xef\xff\xff\xff") } },
	{ .name = "sender 255.255.255.255",
	  .patch = { PATCH(AT_SIP, "\xff\xff\xff\xff") } },
	{ .name = "sender 127.0.0.1",
	  .patch = { PATCH(AT_SIP, "\x7f\0\0\1") } },
	{ .name = "target 224.0.0.1",
	  .patch = { PATCH(AT_TIP, "\xe0\0\0\1") } },
	{ .name = "target 127.0.0.1",
	  .patch = { PATCH(AT_TIP, "\x7f\0\0\1") } },
	{ .name = "gratuitous", .good = true,
	  .patch = { PATCH(AT_TIP, "\xc0\xa8\1\1") } },
};

KUNIT_ARRAY_PARAM_DESC(parse, parse_cases, name);

static const struct vtap_test_arp gateway_asks = {
	.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
	.sha = GATEWAY_MAC, .sip = GATEWAY_IP, .tip = STATION_IP,
};

static const struct vtap_test_arp station_answers = {
	.op = ARPOP_REPLY, .dest = GATEWAY_MAC,
	.sha = STATION_MAC, .sip = STATION_IP,
	.tha = GATEWAY_MAC, .tip = GATEWAY_IP,
};

static struct sk_buff *build_case(struct kunit *test,
				  const struct parse_case *c)
{
	struct sk_buff *skb = vtap_test_arp(test, &gateway_asks);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, skb->len, FRAME_LEN);
	for (i = 0; i < ARRAY_SIZE(c->patch); i++)
		memcpy(skb->data + c->patch[i].at, c->patch[i].bytes,
		       c->patch[i].len);
	if (c->same_source)
		memcpy(skb->data + AT_SOURCE, skb->data + AT_SHA, ETH_ALEN);
	return skb;
}

static enum vtap_verdict parse_skb(struct sk_buff *skb, struct vtap_arp *arp)
{
	return vtap_arp_parse(skb, vtap_test_mac(STATION_MAC), arp);
}

static void parse(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	struct sk_buff *skb = build_case(test, c);
	u8 frame[FRAME_LEN];
	struct vtap_arp arp;

	memcpy(frame, skb->data, sizeof(frame));
	skb_pull(skb, ETH_HLEN);
	KUNIT_EXPECT_STREQ(test, vtap_test_verdict(parse_skb(skb, &arp)),
			   c->good ? "continue" : "rx_drop_arp_invalid");
	kfree_skb(skb);
	if (!c->good)
		return;
	KUNIT_EXPECT_EQ(test, arp.op, frame[AT_OP + 1]);
	KUNIT_EXPECT_MEMEQ(test, arp.sha.addr, frame + AT_SHA, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, arp.sha.raw, vtap_mac_make(frame + AT_SHA).raw);
	KUNIT_EXPECT_MEMEQ(test, &arp.sip, frame + AT_SIP, sizeof(arp.sip));
	KUNIT_EXPECT_MEMEQ(test, &arp.tip, frame + AT_TIP, sizeof(arp.tip));
	KUNIT_EXPECT_EQ(test, arp.to_us, c->to_us);
}

/* Behind the Ethernet header, which is always linear. */
static struct sk_buff *cut_request(struct kunit *test, size_t len,
				   size_t linear)
{
	struct sk_buff *whole = vtap_test_arp(test, &gateway_asks), *skb;

	skb = vtap_test_split_skb(test, whole->data, len, linear);
	skb_pull(skb, ETH_HLEN);
	kfree_skb(whole);
	return skb;
}

static void every_truncation_is_refused(struct kunit *test)
{
	struct vtap_arp arp;
	size_t len;

	for (len = ETH_HLEN; len < FRAME_LEN; len++) {
		struct sk_buff *skb = cut_request(test, len, len);

		KUNIT_EXPECT_EQ(test, parse_skb(skb, &arp),
				VTAP_RX_DROP_ARP_INVALID);
		kfree_skb(skb);
	}
}

static void every_split_is_pulled(struct kunit *test)
{
	struct vtap_arp arp;
	size_t linear;

	for (linear = ETH_HLEN; linear <= FRAME_LEN; linear++) {
		struct sk_buff *skb = cut_request(test, FRAME_LEN, linear);

		KUNIT_EXPECT_EQ(test, parse_skb(skb, &arp), VTAP_CONTINUE);
		KUNIT_EXPECT_EQ(test, arp.tip, STATION_IP);
		kfree_skb(skb);
	}
}

static struct kunit_case parser_test_cases[] = {
	KUNIT_CASE_PARAM(parse, parse_gen_params),
	KUNIT_CASE(every_truncation_is_refused),
	KUNIT_CASE(every_split_is_pulled),
	{}
};

static struct kunit_suite parser_suite = {
	.name = "vtap_arp_parse",
	.test_cases = parser_test_cases,
};

static int arp_test_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	vtap_test_pair_init(test);
	pair = test->priv;
	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	return 0;
}

static void set_conf(struct vtap_test_pair *pair, int index, int value)
{
	rtnl_lock();
	ipv4_devconf_set(__in_dev_get_rtnl(pair->host), index, value);
	rtnl_unlock();
}

static void create_request(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_mac dest = vtap_test_mac(GATEWAY_MAC);
	struct vtap_test_arp arp = {
		.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
		.sha = STATION_MAC, .sip = STATION_IP, .tip = GATEWAY_IP,
	};
	struct sk_buff *skb, *wanted = vtap_test_arp(test, &arp);

	skb = vtap_arp_create(pair->ethernet, ARPOP_REQUEST, NULL,
			      vtap_test_mac(STATION_MAC), STATION_IP,
			      GATEWAY_IP);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, skb->len, wanted->len);
	KUNIT_EXPECT_MEMEQ(test, skb->data, wanted->data, wanted->len);
	kfree_skb(skb);

	memcpy(wanted->data, GATEWAY_MAC, ETH_ALEN);
	skb = vtap_arp_create(pair->ethernet, ARPOP_REQUEST, &dest,
			      vtap_test_mac(STATION_MAC), STATION_IP,
			      GATEWAY_IP);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_MEMEQ(test, skb->data, wanted->data, wanted->len);
	kfree_skb(skb);
	kfree_skb(wanted);
}

static void create_reply(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_mac dest = vtap_test_mac(GATEWAY_MAC);
	struct sk_buff *skb, *wanted = vtap_test_arp(test, &station_answers);

	skb = vtap_arp_create(pair->ethernet, ARPOP_REPLY, &dest,
			      vtap_test_mac(STATION_MAC), STATION_IP,
			      GATEWAY_IP);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, skb->len, wanted->len);
	KUNIT_EXPECT_MEMEQ(test, skb->data, wanted->data, wanted->len);
	kfree_skb(skb);
	kfree_skb(wanted);
}

static bool knows(struct vtap_test_pair *pair, __be32 addr, const char *mac)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	struct vtap_mac found;
	bool known;

	rcu_read_lock();
	known = vtap_neigh_mac(&pair->port->neigh, &mapped, &found);
	rcu_read_unlock();
	return known && vtap_mac_equal(found, vtap_test_mac(mac));
}

static void expect_entries(struct kunit *test, unsigned int entries)
{
	struct vtap_test_pair *pair = test->priv;

	KUNIT_EXPECT_EQ(test, pair->port->neigh.ipv4_entries, entries);
}

static void asked_us_is_answered_and_learned(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_from_vpn(test, pair, &gateway_asks);
	vtap_test_expect_arp(test, pair, &station_answers);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_TRUE(test, knows(pair, GATEWAY_IP, GATEWAY_MAC));
}

/* SoftEther's hub asks so, every five seconds. */
static void asked_from_another_subnet_is_answered_only(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp ask = gateway_asks, answer = station_answers;

	ask.dest = STATION_MAC;
	ask.sip = IP4(172, 31, 5, 6);
	answer.tip = ask.sip;
	vtap_test_from_vpn(test, pair, &ask);
	vtap_test_expect_arp(test, pair, &answer);
	expect_entries(test, 0);
}

static void a_probe_is_answered(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp ask = gateway_asks, answer = station_answers;

	ask.sip = 0;
	answer.tip = 0;
	vtap_test_from_vpn(test, pair, &ask);
	vtap_test_expect_arp(test, pair, &answer);
	expect_entries(test, 0);
}

static void others_are_not_answered_for(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp ask = gateway_asks;

	ask.tip = IP4(192, 168, 1, 101);
	vtap_test_from_vpn(test, pair, &ask);
	ask.tip = 0;
	vtap_test_from_vpn(test, pair, &ask);
	ask.tip = IP4(192, 168, 1, 255);
	vtap_test_from_vpn(test, pair, &ask);
	/* An address of another device. */
	vtap_test_add_address(test, pair->ethernet, IP4(10, 1, 1, 1), 24);
	ask.tip = IP4(10, 1, 1, 1);
	vtap_test_from_vpn(test, pair, &ask);
	vtap_test_expect_silence(test, &pair->to_vpn);
	expect_entries(test, 0);
}

/* The broadcast address of our subnet is no station's. */
static void sender_with_a_broadcast_address_is_refused(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp ask = gateway_asks;

	ask.sip = IP4(192, 168, 1, 255);
	vtap_test_from_vpn(test, pair, &ask);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_ARP_INVALID), 1);
	expect_entries(test, 0);
}

static void expect_broadcast(struct kunit *test, __be32 addr, bool is)
{
	struct vtap_test_pair *pair = test->priv;
	bool result;

	rcu_read_lock();
	result = vtap_addr_is_broadcast4(pair->host, addr);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, result, is);
}

/* Nor with many addresses, of which this is not among the first; who has no
 * address yet may have none (RFC 5227 1.1).
 */
static void broadcast_address_of_many(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u8 i;

	for (i = 1; i <= 20; i++)
		vtap_test_add_address(test, pair->host, IP4(10, 1, i, 1), 24);
	for (i = 1; i <= 20; i++) {
		expect_broadcast(test, IP4(10, 1, i, 255), true);
		expect_broadcast(test, IP4(10, 1, i, 254), false);
	}
	expect_broadcast(test, IP4(10, 1, 21, 255), false);
	expect_broadcast(test, 0, false);
}

/* How a gratuitous ARP may look. */
static const struct gratuitous_case {
	const char *name;
	u16 op;
	const char *tha;
} gratuitous_cases[] = {
	{ "request", ARPOP_REQUEST, NULL },
	{ "reply", ARPOP_REPLY, GATEWAY_MAC },
	{ "reply for all", ARPOP_REPLY, BROADCAST_MAC },
};

KUNIT_ARRAY_PARAM_DESC(gratuitous, gratuitous_cases, name);

static void gratuitous_updates_what_is_known(struct kunit *test)
{
	const struct gratuitous_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = {
		.op = c->op, .dest = BROADCAST_MAC, .sha = OTHER_MAC,
		.sip = GATEWAY_IP, .tha = c->tha, .tip = GATEWAY_IP,
	};

	vtap_test_from_vpn(test, pair, &arp);
	expect_entries(test, 0);
	vtap_test_from_vpn(test, pair, &gateway_asks);
	vtap_test_expect_arp(test, pair, &station_answers);
	vtap_test_from_vpn(test, pair, &arp);
	KUNIT_EXPECT_TRUE(test, knows(pair, GATEWAY_IP, OTHER_MAC));
	vtap_test_expect_silence(test, &pair->to_vpn);
	expect_entries(test, 1);
}

static void drop_gratuitous_arp_is_honoured(struct kunit *test)
{
	const struct gratuitous_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = {
		.op = c->op, .dest = BROADCAST_MAC, .sha = OTHER_MAC,
		.sip = GATEWAY_IP, .tha = c->tha, .tip = GATEWAY_IP,
	};

	set_conf(pair, IPV4_DEVCONF_DROP_GRATUITOUS_ARP, 1);
	vtap_test_from_vpn(test, pair, &gateway_asks);
	vtap_test_expect_arp(test, pair, &station_answers);
	vtap_test_from_vpn(test, pair, &arp);
	KUNIT_EXPECT_TRUE(test, knows(pair, GATEWAY_IP, GATEWAY_MAC));
}

static void replies_nobody_asked_for_teach_nothing(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = {
		.op = ARPOP_REPLY, .dest = STATION_MAC, .sha = GATEWAY_MAC,
		.sip = GATEWAY_IP, .tha = STATION_MAC, .tip = STATION_IP,
	};

	vtap_test_from_vpn(test, pair, &arp);
	expect_entries(test, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_ARP_REPLIES_RECEIVED),
			1);
}

/* RFC 5227 2.6: one that is meant for us is an answer. */
static void replies_to_all(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = {
		.op = ARPOP_REPLY, .dest = BROADCAST_MAC, .sha = GATEWAY_MAC,
		.sip = GATEWAY_IP, .tha = OTHER_MAC, .tip = STATION_IP,
	};

	vtap_test_transmit(test, pair->host,
			   vtap_test_udp(test, STATION_IP, GATEWAY_IP, 1, 2,
					 NULL, 0));
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vtap_test_from_vpn(test, pair, &arp);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_FALSE(test, knows(pair, GATEWAY_IP, GATEWAY_MAC));
	arp.tha = STATION_MAC;
	vtap_test_from_vpn(test, pair, &arp);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	KUNIT_EXPECT_TRUE(test, knows(pair, GATEWAY_IP, GATEWAY_MAC));
}

static void conflicts_are_counted(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = gateway_asks;

	arp.sip = STATION_IP;
	vtap_test_from_vpn(test, pair, &arp);
	vtap_test_expect_silence(test, &pair->to_vpn);
	expect_entries(test, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_CONFLICTS),
			1);
}

static const struct vtap_test_arp announcement = {
	.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
	.sha = STATION_MAC, .sip = STATION_IP, .tip = STATION_IP,
};

/* Once in ten seconds: two that both defend must not fill the segment. */
static void defends_once(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = gateway_asks;

	WRITE_ONCE(pair->port->opt.defend, 1);
	arp.sip = STATION_IP;
	vtap_test_from_vpn(test, pair, &arp);
	vtap_test_expect_arp(test, pair, &announcement);
	vtap_test_from_vpn(test, pair, &arp);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_CONFLICTS),
			2);
	pair->port->addr.defended -= 11 * HZ;
	vtap_test_from_vpn(test, pair, &arp);
	vtap_test_expect_arp(test, pair, &announcement);
}

static void announces_what_is_added(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp added = announcement;

	added.sip = IP4(192, 168, 1, 77);
	added.tip = added.sip;
	WRITE_ONCE(pair->port->opt.announce, 2);
	vtap_test_add_address(test, pair->host, added.sip, 24);
	vtap_test_expect_arp(test, pair, &added);
	vtap_test_expect_arp(test, pair, &added);
	vtap_test_expect_silence(test, &pair->to_vpn);
}

/* A new hardware address is announced for every address. */
static void announces_a_new_mac(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sockaddr address = { .sa_family = pair->host->type };
	struct vtap_test_arp moved = announcement;

	moved.sha = OTHER_MAC;
	WRITE_ONCE(pair->port->opt.announce, 1);
	memcpy(address.sa_data, OTHER_MAC, ETH_ALEN);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(pair->host, &address, NULL),
			0);
	rtnl_unlock();
	vtap_test_expect_arp(test, pair, &moved);
	vtap_test_expect_silence(test, &pair->to_vpn);
}

static void resolve_off_is_silent(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->neigh.resolve, 0);
	vtap_test_from_vpn(test, pair, &gateway_asks);
	vtap_test_expect_silence(test, &pair->to_vpn);
	expect_entries(test, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_ARP_REQUESTS_RECEIVED),
			1);
}

/* What sysctl arp_ignore makes of a request from outside our subnets. */
static const struct ignore_case {
	const char *name;
	int value;
	bool inside;
	bool outside;
} ignore_cases[] = {
	{ "0", 0, true, true },
	{ "1", 1, true, true },
	{ "2: sender's subnet only", 2, true, false },
	{ "8: never", 8, false, false },
};

KUNIT_ARRAY_PARAM_DESC(ignore, ignore_cases, name);

static void expect_answers(struct kunit *test, bool wanted)
{
	struct vtap_test_pair *pair = test->priv;

	if (wanted)
		kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vtap_test_expect_silence(test, &pair->to_vpn);
}

static void arp_ignore_is_honoured(struct kunit *test)
{
	const struct ignore_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp ask = gateway_asks;

	set_conf(pair, IPV4_DEVCONF_ARP_IGNORE, c->value);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, c->inside);
	ask.sip = IP4(172, 31, 5, 6);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, c->outside);
}

static void a_flood_is_limited(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u64 before;
	u32 second;

	do {
		second = jiffies / HZ;
		vtap_test_exhaust(&pair->port->strangers, second);
		before = vtap_test_drops(pair->port, VTAP_RX_DROP_ARP_LIMITED);
		skb_queue_purge(&pair->to_vpn.queue);
		vtap_test_from_vpn(test, pair, &gateway_asks);
	} while (jiffies / HZ != second);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_ARP_LIMITED),
			before + 1);
}

/* Strangers do not use up what a neighbour gets that proved to be one. */
static void a_flood_does_not_silence_a_neighbour(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u32 second = jiffies / HZ;

	vtap_test_prove_gateway(test, pair);
	vtap_test_exhaust(&pair->port->strangers, second);
	vtap_test_from_vpn(test, pair, &gateway_asks);
	vtap_test_expect_arp(test, pair, &station_answers);
}

/* The kernel's rules for proxying: its knob, forwarding, and a route to the
 * target through another device.
 */
static void proxies_by_the_kernels_rules(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv, *other;
	struct vtap_test_arp ask = gateway_asks;

	other = vtap_test_pair_create(test, "kunit1");
	vtap_test_add_address(test, other->host, IP4(10, 1, 1, 1), 24);
	ask.tip = IP4(10, 1, 1, 2);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, false);
	set_conf(pair, IPV4_DEVCONF_PROXY_ARP, 1);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, false);
	set_conf(pair, IPV4_DEVCONF_FORWARDING, 1);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, true);
	/* Behind the device it asks at, it can ask itself. */
	ask.tip = IP4(192, 168, 1, 7);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, false);
	/* No route. */
	ask.tip = IP4(10, 1, 2, 2);
	vtap_test_from_vpn(test, pair, &ask);
	expect_answers(test, false);
	/* Who asks on another's behalf is no neighbour. */
	expect_entries(test, 0);
	vtap_test_pair_destroy(other);
}

static struct kunit_case arp_test_cases[] = {
	KUNIT_CASE(create_request),
	KUNIT_CASE(create_reply),
	KUNIT_CASE(asked_us_is_answered_and_learned),
	KUNIT_CASE(asked_from_another_subnet_is_answered_only),
	KUNIT_CASE(a_probe_is_answered),
	KUNIT_CASE(others_are_not_answered_for),
	KUNIT_CASE(sender_with_a_broadcast_address_is_refused),
	KUNIT_CASE(broadcast_address_of_many),
	KUNIT_CASE_PARAM(gratuitous_updates_what_is_known,
			 gratuitous_gen_params),
	KUNIT_CASE_PARAM(drop_gratuitous_arp_is_honoured,
			 gratuitous_gen_params),
	KUNIT_CASE(replies_nobody_asked_for_teach_nothing),
	KUNIT_CASE(replies_to_all),
	KUNIT_CASE(conflicts_are_counted),
	KUNIT_CASE(defends_once),
	KUNIT_CASE(announces_what_is_added),
	KUNIT_CASE(announces_a_new_mac),
	KUNIT_CASE(resolve_off_is_silent),
	KUNIT_CASE_PARAM(arp_ignore_is_honoured, ignore_gen_params),
	KUNIT_CASE(a_flood_is_limited),
	KUNIT_CASE(a_flood_does_not_silence_a_neighbour),
	KUNIT_CASE(proxies_by_the_kernels_rules),
	{}
};

static struct kunit_suite arp_suite = {
	.name = "vtap_arp",
	.init = arp_test_init,
	.exit = vtap_test_pair_exit,
	.test_cases = arp_test_cases,
};

kunit_test_suites(&parser_suite, &arp_suite);
