// SPDX-License-Identifier: GPL-2.0
/* Health of the gateways, and the carrier that shows it: a real pair, with a
 * clock of the test's own.
 */

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/ipv6.h>
#include <uapi/linux/virtualtap.h>

#include "option.h"
#include "utils.h"

#define STATION6	"fe80::100"
#define GATEWAY6	"fe80::1"
#define OTHER6		"fe80::2"
#define OTHER_IP	IP4(192, 168, 1, 2)
#define PREFERRED	"86000000400807080000000000000000"
#define ORDINARY	"86000000400007080000000000000000"
#define GONE		"86000000400000000000000000000000"
#define NA		"88000000e0000000"

/* Until a gateway that was there is silent; the first question was just sent. */
#define SILENCE		(3 * HZ + HZ / 2)

struct fixture {
	struct vtap_test_pair *pair;
	unsigned long now;
};

static const struct vtap_test_arp gateway_answers = {
	.op = ARPOP_REPLY, .dest = STATION_MAC,
	.sha = GATEWAY_MAC, .sip = GATEWAY_IP,
	.tha = STATION_MAC, .tip = STATION_IP,
};

static const struct vtap_test_arp other_answers = {
	.op = ARPOP_REPLY, .dest = STATION_MAC,
	.sha = OTHER_MAC, .sip = OTHER_IP,
	.tha = STATION_MAC, .tip = STATION_IP,
};

static const struct vtap_test_ndp gateway6_answers = {
	.dest = STATION_MAC, .source = GATEWAY_MAC,
	.saddr = GATEWAY6, .daddr = STATION6,
	.hex = NA "fe8000000000000000000000000000010201aabbccddeeff",
};

static const struct vtap_test_ndp other6_answers = {
	.dest = STATION_MAC, .source = OTHER_MAC,
	.saddr = OTHER6, .daddr = STATION6,
	.hex = NA "fe8000000000000000000000000000020201021122334455",
};

static int gateway_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->pair = vtap_test_pair_create(test, "kunit0");
	/* Ahead of the clock by which frames come. */
	f->now = jiffies + 60 * HZ;
	test->priv = f;
	return 0;
}

static void gateway_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f)
		vtap_test_pair_destroy(f->pair);
}

/* The test is both timers. */
static void take_the_clock(struct fixture *f)
{
	timer_shutdown_sync(&f->pair->port->gateway.timer);
	timer_shutdown_sync(&f->pair->port->neigh.timer);
}

static void tick(struct fixture *f)
{
	local_bh_disable();
	rcu_read_lock();
	vtap_gateway_tick(f->pair->port, f->now);
	rcu_read_unlock();
	local_bh_enable();
}

static void pass(struct fixture *f, unsigned long time)
{
	for (; time; time -= HZ / 10) {
		f->now += HZ / 10;
		local_bh_disable();
		rcu_read_lock();
		vtap_neigh_expire(&f->pair->port->neigh, f->now);
		rcu_read_unlock();
		local_bh_enable();
	}
}

static void set(struct kunit *test, enum vtap_option_id id, const char *text)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, vtap_test_set(f->pair, id, text), 0);
}

static void probe_and_follow(struct kunit *test)
{
	set(test, VTAP_OPT_GATEWAY_PROBE, "1");
	set(test, VTAP_OPT_CARRIER, "gateway");
}

static bool has_carrier(struct fixture *f)
{
	return netif_carrier_ok(f->pair->host);
}

static bool reaches(struct fixture *f, int family)
{
	return vtap_gateway_reachable(f->pair->port, family);
}

static void answer4(struct kunit *test)
{
	struct fixture *f = test->priv;

	vtap_test_from_vpn(test, f->pair, &gateway_answers);
}

static void answer6(struct kunit *test, const struct vtap_test_ndp *answer)
{
	struct fixture *f = test->priv;

	vtap_test_ndp_from_vpn(test, f->pair, answer);
}

/* A host with a gateway that is set, and answered. */
static void have_gateway4(struct kunit *test)
{
	struct fixture *f = test->priv;

	vtap_test_add_address(test, f->pair->host, STATION_IP, 24);
	set(test, VTAP_OPT_GATEWAY4, "192.168.1.1");
	tick(f);
	answer4(test);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
}

static void have_ipv6(struct kunit *test)
{
	struct fixture *f = test->priv;

	vtap_test_enable_ipv6(f->pair);
	vtap_test_add_address6(test, f->pair->host, STATION6, IFA_F_NODAD);
	vtap_test_wait_usable6(test, f->pair, STATION6);
}

static void have_gateway6(struct kunit *test)
{
	struct fixture *f = test->priv;

	have_ipv6(test);
	set(test, VTAP_OPT_GATEWAY6, GATEWAY6);
	tick(f);
	answer6(test, &gateway6_answers);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
}

/* It was there; then it did not answer any more. */
static void fall_silent(struct kunit *test)
{
	struct fixture *f = test->priv;

	tick(f);
	pass(f, SILENCE);
}

static void lose_carrier(struct kunit *test)
{
	struct fixture *f = test->priv;

	take_the_clock(f);
	probe_and_follow(test);
	have_gateway4(test);
	fall_silent(test);
	KUNIT_ASSERT_FALSE(test, has_carrier(f));
}

static bool knows(struct fixture *f, __be32 addr)
{
	struct in6_addr mapped = vtap_test_mapped(addr);
	struct vtap_mac mac;
	bool known;

	rcu_read_lock();
	known = vtap_neigh_mac(&f->pair->port->neigh, &mapped, &mac);
	rcu_read_unlock();
	return known;
}

/* A neighbour that is no gateway. */
static void have_neighbour(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct in6_addr mapped = vtap_test_mapped(OTHER_IP);
	struct sk_buff *skb = vtap_test_udp(test, STATION_IP, OTHER_IP, 1, 2,
					    NULL, 0);
	struct vtap_mac mac;

	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, vtap_neigh_resolve(&f->pair->port->neigh, &mapped,
						 false, skb, f->now, &mac),
			VTAP_CONSUMED);
	rcu_read_unlock();
	local_bh_enable();
	vtap_test_from_vpn(test, f->pair, &other_answers);
	KUNIT_EXPECT_TRUE(test, knows(f, OTHER_IP));
}

static u64 asked4(struct fixture *f)
{
	return vtap_test_count(f->pair->port, VTAP_STAT_ARP_REQUESTS_SENT);
}

static u64 asked6(struct fixture *f)
{
	return vtap_test_count(f->pair->port, VTAP_STAT_NS_SENT);
}

/* Three silent probes, and one to all; back with the first answer. */
static void carrier_follows_the_gateway(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 asked;

	take_the_clock(f);
	probe_and_follow(test);
	have_gateway4(test);
	asked = asked4(f);
	tick(f);
	pass(f, 3 * HZ - HZ / 10);
	KUNIT_EXPECT_EQ(test, asked4(f) - asked, 3);
	/* It is being asked: another one changes nothing. */
	tick(f);
	pass(f, HZ / 2);
	KUNIT_EXPECT_EQ(test, asked4(f) - asked, 4);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	pass(f, HZ / 10);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
	KUNIT_EXPECT_TRUE(test, vtap_is_linked(f->pair->port));
	answer4(test);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
}

/* However long it was away. */
static void gateway_comes_back_late(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	lose_carrier(test);
	for (i = 0; i < 400; i++) {
		tick(f);
		pass(f, HZ);
		KUNIT_ASSERT_FALSE(test, has_carrier(f));
	}
	/* What it says by itself has to be proven. */
	pass(f, 5 * HZ);
	answer4(test);
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
	answer4(test);
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
}

/* The module still speaks on the segment, and still answers there. */
static void without_carrier_all_goes_on(struct kunit *test)
{
	static const struct vtap_test_arp asks_us = {
		.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
		.sha = OTHER_MAC, .sip = OTHER_IP, .tip = STATION_IP,
	};
	static const struct vtap_test_arp our_answer = {
		.op = ARPOP_REPLY, .dest = OTHER_MAC,
		.sha = STATION_MAC, .sip = STATION_IP,
		.tha = OTHER_MAC, .tip = OTHER_IP,
	};
	static const struct vtap_test_arp our_question = {
		.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
		.sha = STATION_MAC, .sip = STATION_IP, .tip = GATEWAY_IP,
	};
	struct fixture *f = test->priv;
	struct sk_buff *skb;

	lose_carrier(test);
	/* Its failure has been found out. */
	pass(f, 3 * HZ);
	vtap_test_expect_arp(test, f->pair, &our_question);
	skb_queue_purge(&f->pair->to_vpn.queue);
	tick(f);
	vtap_test_expect_arp(test, f->pair, &our_question);
	vtap_test_from_vpn(test, f->pair, &asks_us);
	vtap_test_expect_arp(test, f->pair, &our_answer);
	skb = vtap_test_udp(test, OTHER_IP, STATION_IP, 1, 2, NULL, 0);
	vtap_test_push_ethernet(skb, STATION_MAC, OTHER_MAC);
	vtap_test_transmit(test, f->pair->ethernet, skb);
	kfree_skb(vtap_test_next(test, &f->pair->to_host));
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
}

/* It is the same segment: nothing is forgotten, nothing announced anew. */
static void carrier_is_no_link(struct kunit *test)
{
	struct fixture *f = test->priv;

	take_the_clock(f);
	probe_and_follow(test);
	have_gateway4(test);
	have_neighbour(test);
	fall_silent(test);
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
	KUNIT_EXPECT_TRUE(test, knows(f, OTHER_IP));
	set(test, VTAP_OPT_ANNOUNCE, "1");
	vtap_test_expect_silence(test, &f->pair->to_host);
	skb_queue_purge(&f->pair->to_vpn.queue);
	answer4(test);
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	KUNIT_EXPECT_TRUE(test, knows(f, OTHER_IP));
	vtap_test_expect_silence(test, &f->pair->to_vpn);
}

static void set_up(struct kunit *test, struct net_device *dev, bool up)
{
	rtnl_lock();
	if (up)
		KUNIT_EXPECT_EQ(test, dev_open(dev, NULL), 0);
	else
		dev_close(dev);
	rtnl_unlock();
}

/* As one that was on its way when the link went down. */
static void answer_late(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct in6_addr mapped = vtap_test_mapped(GATEWAY_IP);

	local_bh_disable();
	rcu_read_lock();
	tick(f);
	vtap_neigh_update(&f->pair->port->neigh, &mapped,
			  vtap_test_mac(GATEWAY_MAC), VTAP_NEIGH_REPLY, f->now);
	rcu_read_unlock();
	local_bh_enable();
}

/* A link that goes down is another matter: it may be another segment then. */
static void link_forgets(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct net_device *ends[] = { f->pair->ethernet, f->pair->host };
	unsigned int i;

	take_the_clock(f);
	probe_and_follow(test);
	have_gateway4(test);
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		have_neighbour(test);
		fall_silent(test);
		KUNIT_EXPECT_FALSE(test, has_carrier(f));
		set_up(test, ends[i], false);
		KUNIT_EXPECT_FALSE(test, vtap_is_linked(f->pair->port));
		KUNIT_EXPECT_FALSE(test, has_carrier(f));
		KUNIT_EXPECT_FALSE(test, knows(f, OTHER_IP));
		KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
		/* Whether the gateway is there is not known. */
		set_up(test, ends[i], true);
		KUNIT_EXPECT_TRUE(test, vtap_is_linked(f->pair->port));
		KUNIT_EXPECT_TRUE(test, has_carrier(f));
		KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
		vtap_test_wait_ready(test, f->pair->ethernet);
		tick(f);
		answer4(test);
		KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	}
	/* Nor does one that was silent make a link when it answers. */
	fall_silent(test);
	set_up(test, f->pair->ethernet, false);
	tick(f);
	pass(f, SILENCE);
	answer_late(test);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
}

static void dual_stack(struct kunit *test)
{
	struct fixture *f = test->priv;

	take_the_clock(f);
	probe_and_follow(test);
	have_gateway4(test);
	have_gateway6(test);
	tick(f);
	answer6(test, &gateway6_answers);
	pass(f, SILENCE);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	fall_silent(test);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
	answer6(test, &gateway6_answers);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	tick(f);
	answer4(test);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	pass(f, SILENCE);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
}

static void advertise(struct kunit *test, const char *router, const char *mac,
		      const char *hex)
{
	const struct vtap_test_ndp ra = {
		.source = mac, .saddr = router, .daddr = "ff02::1", .hex = hex,
	};
	struct fixture *f = test->priv;

	vtap_test_ndp_from_vpn(test, f->pair, &ra);
}

/* All that advertise themselves are asked: another one may have to serve, and
 * one that does not answer must not.
 */
static void routers_that_advertise_themselves(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 asked;

	take_the_clock(f);
	probe_and_follow(test);
	have_ipv6(test);
	advertise(test, GATEWAY6, GATEWAY_MAC, PREFERRED);
	advertise(test, OTHER6, OTHER_MAC, ORDINARY);
	asked = asked6(f);
	tick(f);
	KUNIT_EXPECT_EQ(test, asked6(f) - asked, 2);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	answer6(test, &gateway6_answers);
	answer6(test, &other6_answers);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET6));
	/* The better one dies: it is passed over. */
	tick(f);
	answer6(test, &other6_answers);
	pass(f, SILENCE);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	/* Then the other, too. */
	fall_silent(test);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
	/* Neither is any more what it said it was: there is no gateway. */
	advertise(test, GATEWAY6, GATEWAY_MAC, GONE);
	advertise(test, OTHER6, OTHER_MAC, GONE);
	tick(f);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
}

/* One that is set is the only one. */
static void set_gateway6_is_the_only_one(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 asked;

	take_the_clock(f);
	probe_and_follow(test);
	have_gateway6(test);
	advertise(test, OTHER6, OTHER_MAC, PREFERRED);
	asked = asked6(f);
	tick(f);
	KUNIT_EXPECT_EQ(test, asked6(f) - asked, 1);
	pass(f, SILENCE);
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
	set(test, VTAP_OPT_GATEWAY6, "none");
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
}

/* A DHCP client needs the link to get an address, and to learn of a gateway. */
static void nobody_to_ask_keeps_the_carrier(struct kunit *test)
{
	struct fixture *f = test->priv;

	take_the_clock(f);
	probe_and_follow(test);
	fall_silent(test);
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	/* Gateways, but no address. */
	set(test, VTAP_OPT_GATEWAY4, "192.168.1.1");
	set(test, VTAP_OPT_GATEWAY6, GATEWAY6);
	fall_silent(test);
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	KUNIT_EXPECT_EQ(test, asked4(f), 0);
	KUNIT_EXPECT_EQ(test, asked6(f), 0);
}

/* What puts the carrier back that a silent gateway took. */
struct back_case {
	const char *name;
	enum vtap_option_id id;
	const char *text;
	const char *again;
};

static const struct back_case back_cases[] = {
	{ "no probes", VTAP_OPT_GATEWAY_PROBE, "0", "1" },
	{ "follows the ends", VTAP_OPT_CARRIER, "ends", "gateway" },
	{ "no gateway", VTAP_OPT_GATEWAY4, "none", "192.168.1.1" },
	/* Not known yet to be silent. */
	{ "another gateway", VTAP_OPT_GATEWAY4, "192.168.1.3", "192.168.1.1" },
};

KUNIT_ARRAY_PARAM_DESC(back, back_cases, name);

static void option_puts_the_carrier_back(struct kunit *test)
{
	const struct back_case *c = test->param_value;
	struct fixture *f = test->priv;

	lose_carrier(test);
	set(test, c->id, c->text);
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	set(test, c->id, c->again);
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
}

/* Nobody can be asked then, and neighbours are forgotten. */
static void resolve_off_puts_the_carrier_back(struct kunit *test)
{
	struct fixture *f = test->priv;
	u64 asked;

	lose_carrier(test);
	set(test, VTAP_OPT_RESOLVE, "off");
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	asked = asked4(f);
	fall_silent(test);
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	KUNIT_EXPECT_EQ(test, asked4(f), asked);
}

/* Unless it is asked for, the carrier is that of the ends. */
static void carrier_of_the_ends(struct kunit *test)
{
	struct fixture *f = test->priv;

	take_the_clock(f);
	set(test, VTAP_OPT_GATEWAY_PROBE, "1");
	have_gateway4(test);
	fall_silent(test);
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_TRUE(test, has_carrier(f));
	set(test, VTAP_OPT_CARRIER, "gateway");
	KUNIT_EXPECT_FALSE(test, has_carrier(f));
}

/* Whether it is reachable is known without probes, too. */
static void reachable_without_probes(struct kunit *test)
{
	struct fixture *f = test->priv;

	take_the_clock(f);
	set(test, VTAP_OPT_CARRIER, "gateway");
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
	vtap_test_add_address(test, f->pair->host, STATION_IP, 24);
	set(test, VTAP_OPT_GATEWAY4, "192.168.1.1");
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET));
	vtap_test_transmit(test, f->pair->host,
			   vtap_test_udp(test, STATION_IP, IP4(8, 8, 8, 8), 1,
					 2, NULL, 0));
	answer4(test);
	KUNIT_EXPECT_TRUE(test, reaches(f, AF_INET));
	KUNIT_EXPECT_FALSE(test, reaches(f, AF_INET6));
	KUNIT_EXPECT_EQ(test, asked4(f), 1);
}

static void wait_until_asked(struct kunit *test, u64 before)
{
	struct fixture *f = test->priv;
	unsigned long end = jiffies + 30 * HZ;

	while (asked4(f) == before && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_GT(test, asked4(f), before);
}

/* It starts by the option and by the link, and goes on. */
static void timer_asks(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;
	u64 asked;

	vtap_test_add_address(test, f->pair->host, STATION_IP, 24);
	set(test, VTAP_OPT_GATEWAY4, "192.168.1.1");
	KUNIT_EXPECT_FALSE(test, timer_pending(&f->pair->port->gateway.timer));
	set(test, VTAP_OPT_GATEWAY_PROBE, "3600");
	wait_until_asked(test, 0);
	answer4(test);
	set(test, VTAP_OPT_GATEWAY_PROBE, "1");
	for (i = 0; i < 3; i++) {
		asked = asked4(f);
		wait_until_asked(test, asked);
		answer4(test);
	}
	set_up(test, f->pair->ethernet, false);
	schedule_timeout_uninterruptible(HZ + HZ / 2);
	KUNIT_EXPECT_FALSE(test, timer_pending(&f->pair->port->gateway.timer));
	asked = asked4(f);
	set_up(test, f->pair->ethernet, true);
	wait_until_asked(test, asked);
	answer4(test);
	set(test, VTAP_OPT_GATEWAY_PROBE, "0");
	schedule_timeout_uninterruptible(HZ + HZ / 2);
	KUNIT_EXPECT_FALSE(test, timer_pending(&f->pair->port->gateway.timer));
}

static struct kunit_case gateway_test_cases[] = {
	KUNIT_CASE(carrier_follows_the_gateway),
	KUNIT_CASE(gateway_comes_back_late),
	KUNIT_CASE(without_carrier_all_goes_on),
	KUNIT_CASE(carrier_is_no_link),
	KUNIT_CASE(link_forgets),
	KUNIT_CASE(dual_stack),
	KUNIT_CASE(routers_that_advertise_themselves),
	KUNIT_CASE(set_gateway6_is_the_only_one),
	KUNIT_CASE(nobody_to_ask_keeps_the_carrier),
	KUNIT_CASE_PARAM(option_puts_the_carrier_back, back_gen_params),
	KUNIT_CASE(resolve_off_puts_the_carrier_back),
	KUNIT_CASE(carrier_of_the_ends),
	KUNIT_CASE(reachable_without_probes),
	KUNIT_CASE(timer_asks),
	{}
};

static struct kunit_suite gateway_suite = {
	.name = "vtap_gateway",
	.init = gateway_init,
	.exit = gateway_exit,
	.test_cases = gateway_test_cases,
};

kunit_test_suite(gateway_suite);
