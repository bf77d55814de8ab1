// SPDX-License-Identifier: GPL-2.0
/* IPv6 addresses of a host end: duplicates, groups, announcements. In real time:
 * a probe waits for an answer for a second.
 */

#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ndisc.h>

#include "ndp.h"
#include "utils.h"

#define OURS	"20010db8000000000000000000000007"
#define OTHERS	"20010db8000000000000000000000002"
#define NS	"8700000000000000"
#define NA	"88000000"
#define SLLA	"0101021122334455"
#define TLLA	"0201021122334455"
#define TLLA_OURS "020102005e102030"

/* Offset of the nonce in the frame of a probe. */
#define AT_NONCE	(ETH_HLEN + 40 + 24 + 2)

static const struct vtap_test_ndp announcement = {
	.source = STATION_MAC, .saddr = "2001:db8::7", .daddr = "ff02::1",
	.hex = NA "20000000" OURS TLLA_OURS,
};

static const struct vtap_test_ndp asks = {
	.source = OTHER_MAC, .saddr = "2001:db8::2", .daddr = "ff02::1:ff00:7",
	.hex = NS OURS SLLA,
};

static const struct vtap_test_ndp station_answers = {
	.dest = OTHER_MAC, .source = STATION_MAC,
	.saddr = "2001:db8::7", .daddr = "2001:db8::2",
	.hex = NA "60000000" OURS TLLA_OURS,
};

static void set_transmits(struct vtap_test_pair *pair, int transmits)
{
	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(pair->host)->cnf.dad_transmits, transmits);
	rtnl_unlock();
}

/* A single probe. */
static int addr_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	vtap_test_pair_init(test);
	pair = test->priv;
	vtap_test_enable_ipv6(pair);
	set_transmits(pair, 1);
	return 0;
}

static void add(struct kunit *test, u8 flags)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_add_address6(test, pair->host, "2001:db8::7", flags);
}

static void delete(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_delete_address6(test, pair->host, "2001:db8::7");
}

static void wait_usable(struct kunit *test)
{
	vtap_test_wait_usable6(test, test->priv, "2001:db8::7");
}

static void expect_conflicts(struct kunit *test, u64 conflicts)
{
	struct vtap_test_pair *pair = test->priv;

	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_CONFLICTS),
			conflicts);
}

/* Solicitation from nobody for the address, with this nonce, as text. */
static void make_probe(char *hex, size_t size, const u8 *nonce)
{
	snprintf(hex, size, NS OURS "0e01%*phN", VTAP_NDP_NONCE_LEN, nonce);
}

/* The next frame looks for duplicates; returns its nonce. */
static void expect_probe(struct kunit *test, const char *source, u8 *nonce)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = vtap_test_next_ndp(test, pair), *wanted;
	char hex[80];
	const struct vtap_test_ndp probe = {
		.source = source, .saddr = "::", .daddr = "ff02::1:ff00:7",
		.hex = hex,
	};

	KUNIT_ASSERT_GE(test, skb->len, AT_NONCE + VTAP_NDP_NONCE_LEN);
	memcpy(nonce, skb->data + AT_NONCE, VTAP_NDP_NONCE_LEN);
	make_probe(hex, sizeof(hex), nonce);
	wanted = vtap_test_ndp(test, &probe);
	KUNIT_EXPECT_EQ(test, skb->len, wanted->len);
	KUNIT_EXPECT_MEMEQ(test, skb->data, wanted->data,
			   min(skb->len, wanted->len));
	kfree_skb(wanted);
	kfree_skb(skb);
}

static void expect_any_probe(struct kunit *test)
{
	u8 nonce[VTAP_NDP_NONCE_LEN];

	expect_probe(test, STATION_MAC, nonce);
}

static void wait_for(unsigned int ms)
{
	schedule_timeout_uninterruptible(msecs_to_jiffies(ms));
}

static bool in_group(struct vtap_test_pair *pair)
{
	struct in6_addr group = { .s6_addr = {
		0xff, 0x02, [11] = 1, 0xff, [15] = 7,
	} };
	const struct ifmcaddr6 *mc;
	bool found = false;

	rcu_read_lock();
	mc = rcu_dereference(__in6_dev_get(pair->host)->mc_list);
	for (; mc && !found; mc = rcu_dereference(mc->next))
		found = ipv6_addr_equal(&mc->mca_addr, &group);
	rcu_read_unlock();
	return found;
}

/* Who sits in it hears others' probes, from the first moment on. */
static void a_new_address_is_probed_then_announced(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u8 first[VTAP_NDP_NONCE_LEN], second[VTAP_NDP_NONCE_LEN];

	WRITE_ONCE(pair->port->opt.announce, 2);
	set_transmits(pair, 2);
	add(test, 0);
	expect_probe(test, STATION_MAC, first);
	KUNIT_EXPECT_TRUE(test, in_group(pair));
	/* RFC 4862 5.4: nobody is answered. */
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_no_ndp(test, pair);
	expect_probe(test, STATION_MAC, second);
	KUNIT_EXPECT_NE(test, memcmp(first, second, sizeof(first)), 0);
	vtap_test_expect_ndp(test, pair, &announcement);
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_ndp(test, pair, &station_answers);
	vtap_test_expect_ndp(test, pair, &announcement);
	wait_for(1300);
	vtap_test_expect_no_ndp(test, pair);
	expect_conflicts(test, 0);
}

/* RFC 4862 5.4: no message has it as its source. What waits for a neighbour is
 * still asked for when the address is valid.
 */
static void a_tentative_address_asks_nobody(struct kunit *test)
{
	static const struct vtap_test_ndp wanted = {
		.source = STATION_MAC, .saddr = "2001:db8::7",
		.daddr = "ff02::1:ff00:2", .hex = NS OTHERS "010102005e102030",
	};
	struct vtap_test_pair *pair = test->priv;

	add(test, 0);
	expect_any_probe(test);
	vtap_test_transmit(test, pair->host,
			   vtap_test_ipv6(test, "2001:db8::7", "2001:db8::2",
					  NEXTHDR_NONE, NULL, 0));
	vtap_test_expect_no_ndp(test, pair);
	wait_usable(test);
	vtap_test_expect_ndp(test, pair, &wanted);
}

/* What makes an address usable, and announced, at once. */
static const struct at_once_case {
	const char *name;
	u8 flags;
	int transmits;
	int accept_dad;
} at_once_cases[] = {
	{ "nodad", IFA_F_NODAD, 3, 1 },
	{ "dad_transmits 0", 0, 0, 1 },
	{ "accept_dad 0", 0, 3, 0 },
};

KUNIT_ARRAY_PARAM_DESC(at_once, at_once_cases, name);

static void usable_at_once(struct kunit *test)
{
	const struct at_once_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->opt.announce, 1);
	set_transmits(pair, c->transmits);
	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(pair->host)->cnf.accept_dad, c->accept_dad);
	rtnl_unlock();
	add(test, c->flags);
	vtap_test_expect_ndp(test, pair, &announcement);
	KUNIT_EXPECT_TRUE(test, in_group(pair));
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_ndp(test, pair, &station_answers);
}

/* What shows that somebody has, or wants, the address that is probed for. */
static const struct duplicate_case {
	const char *name;
	struct vtap_test_ndp ndp;
} duplicate_cases[] = {
	{ "advertised",
	  { NULL, OTHER_MAC, "2001:db8::7", "ff02::1",
	    NA "20000000" OURS TLLA } },
	{ "probed for",
	  { NULL, OTHER_MAC, "::", "ff02::1:ff00:7",
	    NS OURS "0e01010203040506" } },
	{ "probed for, without a nonce",
	  { NULL, OTHER_MAC, "::", "ff02::1:ff00:7", NS OURS } },
};

KUNIT_ARRAY_PARAM_DESC(duplicate, duplicate_cases, name);

static void duplicates_are_not_used(struct kunit *test)
{
	const struct duplicate_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->opt.announce, 1);
	WRITE_ONCE(pair->port->opt.defend, 1);
	add(test, 0);
	expect_any_probe(test);
	vtap_test_ndp_from_vpn(test, pair, &c->ndp);
	vtap_test_expect_no_ndp(test, pair);
	expect_conflicts(test, 1);
	wait_for(1200);
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_no_ndp(test, pair);
}

/* RFC 4862 5.4.5: it may have been one of the hardware address. */
static void a_duplicate_is_probed_for_with_another_mac(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sockaddr address = { .sa_family = pair->host->type };
	u8 nonce[VTAP_NDP_NONCE_LEN];

	add(test, 0);
	expect_any_probe(test);
	vtap_test_ndp_from_vpn(test, pair, &duplicate_cases[0].ndp);
	vtap_test_expect_no_ndp(test, pair);
	memcpy(address.sa_data, GATEWAY_MAC, ETH_ALEN);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(pair->host, &address, NULL),
			0);
	rtnl_unlock();
	expect_probe(test, GATEWAY_MAC, nonce);
	wait_usable(test);
}

/* RFC 7527 4.2: a segment may send back what it is sent. */
static void our_own_probe_is_no_conflict(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u8 nonce[VTAP_NDP_NONCE_LEN];
	char hex[80];
	const struct vtap_test_ndp looped = {
		.source = OTHER_MAC, .saddr = "::", .daddr = "ff02::1:ff00:7",
		.hex = hex,
	};

	WRITE_ONCE(pair->port->opt.announce, 1);
	add(test, 0);
	expect_probe(test, STATION_MAC, nonce);
	make_probe(hex, sizeof(hex), nonce);
	vtap_test_ndp_from_vpn(test, pair, &looped);
	vtap_test_expect_ndp(test, pair, &announcement);
	expect_conflicts(test, 0);
}

/* Who looks for duplicates of an address that is valid gets an answer; it is no
 * conflict.
 */
static void a_probe_for_a_valid_address_is_no_conflict(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_ndp answer = announcement;

	add(test, IFA_F_NODAD);
	wait_usable(test);
	vtap_test_ndp_from_vpn(test, pair, &duplicate_cases[1].ndp);
	vtap_test_expect_ndp(test, pair, &answer);
	expect_conflicts(test, 0);
}

/* Once in ten seconds, and only if that is wanted. */
static void a_valid_address_is_defended_once(struct kunit *test)
{
	const struct vtap_test_ndp *conflict = &duplicate_cases[0].ndp;
	struct vtap_test_pair *pair = test->priv;

	add(test, IFA_F_NODAD);
	wait_usable(test);
	vtap_test_ndp_from_vpn(test, pair, conflict);
	vtap_test_expect_no_ndp(test, pair);
	expect_conflicts(test, 1);
	WRITE_ONCE(pair->port->opt.defend, 1);
	vtap_test_ndp_from_vpn(test, pair, conflict);
	vtap_test_expect_ndp(test, pair, &announcement);
	vtap_test_ndp_from_vpn(test, pair, conflict);
	vtap_test_expect_no_ndp(test, pair);
	expect_conflicts(test, 3);
	pair->port->addr.defended -= 11 * HZ;
	vtap_test_ndp_from_vpn(test, pair, conflict);
	vtap_test_expect_ndp(test, pair, &announcement);
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_ndp(test, pair, &station_answers);
}

static void the_group_is_left_with_the_address(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int patience = 2000;

	add(test, IFA_F_NODAD);
	wait_usable(test);
	KUNIT_EXPECT_TRUE(test, in_group(pair));
	delete(test);
	while (in_group(pair) && patience--)
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_FALSE(test, in_group(pair));
	KUNIT_EXPECT_TRUE(test, list_empty(&pair->port->addr.own));
	vtap_test_ndp_from_vpn(test, pair, &asks);
	vtap_test_expect_no_ndp(test, pair);
}

/* Two addresses with the same end share a group. */
static void a_group_is_kept_for_another_address(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int patience = 2000;

	add(test, IFA_F_NODAD);
	vtap_test_add_address6(test, pair->host, "2001:db8:1::7", IFA_F_NODAD);
	wait_usable(test);
	vtap_test_wait_usable6(test, pair, "2001:db8:1::7");
	delete(test);
	while (!list_is_singular(&pair->port->addr.own) && patience--)
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&pair->port->addr.own));
	KUNIT_EXPECT_TRUE(test, in_group(pair));
}

/* Whoever took it meanwhile is found, however short the while was. */
static void an_address_that_comes_back_is_probed_for(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	add(test, IFA_F_NODAD);
	wait_usable(test);
	delete(test);
	add(test, 0);
	vtap_test_ndp_from_vpn(test, pair, &asks);
	expect_any_probe(test);
	KUNIT_EXPECT_TRUE(test, in_group(pair));
	wait_usable(test);
}

static void set_up(struct net_device *dev, bool up)
{
	rtnl_lock();
	if (up)
		WARN_ON(dev_open(dev, NULL));
	else
		dev_close(dev);
	rtnl_unlock();
}

/* It may be another segment. Nothing is sent where nobody is. */
static void a_new_link_is_probed(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->opt.announce, 1);
	add(test, 0);
	expect_any_probe(test);
	vtap_test_expect_ndp(test, pair, &announcement);
	set_up(pair->ethernet, false);
	vtap_test_expect_no_ndp(test, pair);
	set_up(pair->ethernet, true);
	expect_any_probe(test);
	vtap_test_expect_ndp(test, pair, &announcement);
	expect_conflicts(test, 0);
}

static void a_new_mac_is_announced(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sockaddr address = { .sa_family = pair->host->type };
	struct vtap_test_ndp moved = announcement;

	add(test, IFA_F_NODAD);
	wait_usable(test);
	WRITE_ONCE(pair->port->opt.announce, 1);
	memcpy(address.sa_data, GATEWAY_MAC, ETH_ALEN);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(pair->host, &address, NULL),
			0);
	rtnl_unlock();
	moved.source = GATEWAY_MAC;
	moved.hex = NA "20000000" OURS "0201aabbccddeeff";
	vtap_test_expect_ndp(test, pair, &moved);
	vtap_test_expect_no_ndp(test, pair);
}

static void a_router_announces_itself_as_one(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_ndp router = announcement;

	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(pair->host)->cnf.forwarding, 1);
	rtnl_unlock();
	WRITE_ONCE(pair->port->opt.announce, 1);
	add(test, IFA_F_NODAD);
	router.hex = NA "a0000000" OURS TLLA_OURS;
	vtap_test_expect_ndp(test, pair, &router);
}

/* More than one look at the addresses collects; and as soon as they are there,
 * when the kernel may still call them tentative.
 */
static void many_addresses_are_announced_once_each(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	bool announced[40] = {};
	unsigned int i;
	char text[40];

	WRITE_ONCE(pair->port->opt.announce, 1);
	set_transmits(pair, 0);
	for (i = 0; i < ARRAY_SIZE(announced); i++) {
		snprintf(text, sizeof(text), "2001:db8::%x", i + 1);
		vtap_test_add_address6(test, pair->host, text, 0);
	}
	for (i = 0; i < ARRAY_SIZE(announced); i++) {
		struct sk_buff *skb = vtap_test_next_ndp(test, pair);
		u8 end = skb->data[ETH_HLEN + 40 + 23];

		KUNIT_EXPECT_EQ(test, skb->data[ETH_HLEN + 40],
				NDISC_NEIGHBOUR_ADVERTISEMENT);
		KUNIT_ASSERT_LE(test, end, ARRAY_SIZE(announced));
		KUNIT_ASSERT_GE(test, end, 1);
		KUNIT_EXPECT_FALSE(test, announced[end - 1]);
		announced[end - 1] = true;
		kfree_skb(skb);
	}
	vtap_test_expect_no_ndp(test, pair);
}

static void resolve_off_probes_and_announces_nothing(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->opt.announce, 1);
	WRITE_ONCE(pair->port->neigh.resolve, 0);
	add(test, 0);
	wait_usable(test);
	KUNIT_EXPECT_TRUE(test, in_group(pair));
	wait_for(100);
	vtap_test_expect_no_ndp(test, pair);
}

static struct kunit_case addr_test_cases[] = {
	KUNIT_CASE_SLOW(a_new_address_is_probed_then_announced),
	KUNIT_CASE_SLOW(a_tentative_address_asks_nobody),
	KUNIT_CASE_PARAM(usable_at_once, at_once_gen_params),
	KUNIT_CASE_PARAM(duplicates_are_not_used, duplicate_gen_params),
	KUNIT_CASE_SLOW(a_duplicate_is_probed_for_with_another_mac),
	KUNIT_CASE_SLOW(our_own_probe_is_no_conflict),
	KUNIT_CASE(a_probe_for_a_valid_address_is_no_conflict),
	KUNIT_CASE(a_valid_address_is_defended_once),
	KUNIT_CASE(the_group_is_left_with_the_address),
	KUNIT_CASE(a_group_is_kept_for_another_address),
	KUNIT_CASE_SLOW(an_address_that_comes_back_is_probed_for),
	KUNIT_CASE_SLOW(a_new_link_is_probed),
	KUNIT_CASE(a_new_mac_is_announced),
	KUNIT_CASE(a_router_announces_itself_as_one),
	KUNIT_CASE(many_addresses_are_announced_once_each),
	KUNIT_CASE_SLOW(resolve_off_probes_and_announces_nothing),
	{}
};

static struct kunit_suite addr_suite = {
	.name = "vtap_addr6",
	.init = addr_init,
	.exit = vtap_test_pair_exit,
	.test_cases = addr_test_cases,
};

kunit_test_suite(addr_suite);
