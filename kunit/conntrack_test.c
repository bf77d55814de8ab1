// SPDX-License-Identifier: GPL-2.0
/* Connection tracking: options, who tracks, what packets have then. Instead of
 * nf_conntrack there is somebody who notes what he is given.
 */

#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "conntrack.h"
#include "option.h"
#include "utils.h"

#define PEER6	"2001:db8::1"
#define SELF6	"2001:db8::64"
/* The last zone that there is. */
#define LAST	"65535\n"

static const u8 payload[] = "what is sent";

/* What was seen of the trackers and their packets. */
static struct {
	unsigned int created;
	unsigned int destroyed;
	u16 last_destroyed;
	bool no_memory;
	unsigned int packets;
	unsigned int attached;
	unsigned int len;
	u8 family;
	bool rx;
	enum vtap_stat verdict;
	struct nf_conn *connection;
} seen;

static struct vtap_ct_tracker *fake_create(struct net *net, u16 zone)
{
	if (seen.no_memory)
		return NULL;
	seen.created++;
	return kzalloc(sizeof(struct vtap_ct_tracker), GFP_KERNEL);
}

static void fake_destroy(struct vtap_ct_tracker *tracker)
{
	seen.destroyed++;
	seen.last_destroyed = tracker->zone;
	kfree(tracker);
}

/* Attaches a connection, as nf_conntrack does. */
static enum vtap_stat fake_track(struct vtap_ct_tracker *tracker,
				 struct sk_buff *skb, u8 family, bool rx)
{
	seen.packets++;
	seen.attached += !!skb_get_nfct(skb);
	seen.len = skb->len;
	seen.family = family;
	seen.rx = rx;
	nf_conntrack_get(&seen.connection->ct_general);
	nf_ct_set(skb, seen.connection, IP_CT_ESTABLISHED_REPLY);
	return seen.verdict;
}

static const struct vtap_ct_ops fake_ops = {
	.owner = THIS_MODULE, .create = fake_create, .destroy = fake_destroy,
	.track = fake_track,
};

static struct nf_conn *connection(struct kunit *test)
{
	struct nf_conn *ct = nf_ct_tmpl_alloc(&init_net, &nf_ct_zone_dflt,
					      GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ct);
	return ct;
}

static unsigned int references(const struct nf_conn *ct)
{
	return refcount_read(&ct->ct_general.use);
}

static int set(struct kunit *test, enum vtap_option_id id, const char *text)
{
	return vtap_test_set(test->priv, id, text);
}

static void turn(struct kunit *test, const char *text)
{
	KUNIT_ASSERT_EQ(test, set(test, VTAP_OPT_CONNTRACK, text), 0);
}

static void expect_options(struct kunit *test, struct vtap_test_pair *pair,
			   const char *on, const char *zone)
{
	vtap_test_reads(test, pair, VTAP_OPT_CONNTRACK, on);
	vtap_test_reads(test, pair, VTAP_OPT_CT_ZONE, zone);
}

/* A pair, and who tracks for it. */
static int conntrack_init(struct kunit *test)
{
	memset(&seen, 0, sizeof(seen));
	seen.verdict = VTAP_STAT_CT_TRACKED;
	seen.connection = connection(test);
	KUNIT_ASSERT_EQ(test, vtap_ct_register(&fake_ops), 0);
	return vtap_test_pair_init(test);
}

/* Also of what a case left on. */
static void conntrack_exit(struct kunit *test)
{
	vtap_test_pair_exit(test);
	vtap_ct_unregister(&fake_ops);
	KUNIT_EXPECT_EQ(test, seen.created, seen.destroyed);
	KUNIT_EXPECT_EQ(test, references(seen.connection), 1);
	nf_ct_put(seen.connection);
}

static void defaults(struct kunit *test)
{
	expect_options(test, test->priv, "off\n", "none\n");
	KUNIT_EXPECT_EQ(test, seen.created, 0);
}

static void somebody_has_to_track(struct kunit *test)
{
	vtap_ct_unregister(&fake_ops);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CONNTRACK, "on"), -EOPNOTSUPP);
	expect_options(test, test->priv, "off\n", "none\n");
	/* Nobody is needed for these. */
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CONNTRACK, "off"), 0);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "9"), 0);
	expect_options(test, test->priv, "off\n", "9\n");
	KUNIT_ASSERT_EQ(test, vtap_ct_register(&fake_ops), 0);
	turn(test, "on");
	expect_options(test, test->priv, "on\n", "9\n");
}

static void one_tracks(struct kunit *test)
{
	static const struct vtap_ct_ops other;

	KUNIT_EXPECT_EQ(test, vtap_ct_register(&other), -EEXIST);
	vtap_ct_unregister(&other);
	turn(test, "on");
	KUNIT_EXPECT_EQ(test, seen.created, 1);
}

static void its_module_is_held(struct kunit *test)
{
	int before = module_refcount(THIS_MODULE);

	turn(test, "on");
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before + 1);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "9"), 0);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before + 1);
	turn(test, "off");
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before);
	seen.no_memory = true;
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CONNTRACK, "on"), -ENOMEM);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), before);
}

static void on_and_off(struct kunit *test)
{
	turn(test, "on");
	turn(test, "1");
	expect_options(test, test->priv, "on\n", "1\n");
	KUNIT_EXPECT_EQ(test, seen.created, 1);
	KUNIT_EXPECT_EQ(test, seen.destroyed, 0);
	turn(test, "off");
	KUNIT_EXPECT_EQ(test, seen.destroyed, 1);
	KUNIT_EXPECT_EQ(test, seen.last_destroyed, 1);
	turn(test, "off");
	expect_options(test, test->priv, "off\n", "1\n");
	turn(test, "on");
	expect_options(test, test->priv, "on\n", "1\n");
	KUNIT_EXPECT_EQ(test, seen.created, 2);
	KUNIT_EXPECT_EQ(test, seen.destroyed, 1);
}

static void another_zone(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "9"), 0);
	KUNIT_EXPECT_EQ(test, seen.created, 0);
	turn(test, "on");
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "9"), 0);
	KUNIT_EXPECT_EQ(test, seen.created, 1);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, LAST), 0);
	expect_options(test, test->priv, "on\n", LAST);
	KUNIT_EXPECT_EQ(test, seen.created, 2);
	KUNIT_EXPECT_EQ(test, seen.destroyed, 1);
	KUNIT_EXPECT_EQ(test, seen.last_destroyed, 9);
	seen.no_memory = true;
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "9"), -ENOMEM);
	expect_options(test, test->priv, "on\n", LAST);
	KUNIT_EXPECT_EQ(test, seen.destroyed, 1);
}

static void bad_texts(struct kunit *test)
{
	static const char * const zones[] = {
		"0", "65536", "65537", "-1", "", "\n", "none", "7x", "7 7",
	};
	static const char * const switches[] = { "", "2", "yes", "on off" };
	unsigned int i;

	KUNIT_ASSERT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "7"), 0);
	for (i = 0; i < ARRAY_SIZE(zones); i++)
		KUNIT_EXPECT_EQ_MSG(test, set(test, VTAP_OPT_CT_ZONE, zones[i]),
				    -EINVAL, "%s", zones[i]);
	for (i = 0; i < ARRAY_SIZE(switches); i++)
		KUNIT_EXPECT_EQ_MSG(test,
				    set(test, VTAP_OPT_CONNTRACK, switches[i]),
				    -EINVAL, "%s", switches[i]);
	expect_options(test, test->priv, "off\n", "7\n");
}

static void zones_are_exclusive(struct kunit *test)
{
	struct vtap_test_pair *other = vtap_test_pair_create(test, "kunit1");

	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "1"), 0);
	/* Also while it does not track. */
	KUNIT_EXPECT_EQ(test, vtap_test_set(other, VTAP_OPT_CT_ZONE, "1"),
			-EBUSY);
	expect_options(test, other, "off\n", "none\n");
	KUNIT_EXPECT_EQ(test, vtap_test_set(other, VTAP_OPT_CONNTRACK, "on"),
			0);
	expect_options(test, other, "on\n", "2\n");
	turn(test, "on");
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "2"), -EBUSY);
	expect_options(test, test->priv, "on\n", "1\n");
	KUNIT_EXPECT_EQ(test, seen.created, 2);
	KUNIT_EXPECT_EQ(test, seen.destroyed, 0);
	/* What is left is free. */
	KUNIT_EXPECT_EQ(test, vtap_test_set(other, VTAP_OPT_CT_ZONE, "3"), 0);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "2"), 0);
	vtap_test_pair_destroy(other);
	KUNIT_EXPECT_EQ(test, seen.last_destroyed, 3);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "3"), 0);
}

/* All or nothing, of several options. */
static void refused_as_a_whole(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct {
		struct nlattr head;
		u8 value[8];
	} on = { { NLA_HDRLEN + 1, IFLA_VIRTUALTAP_CONNTRACK }, { 1 } },
	  announce = { { NLA_HDRLEN + 1, IFLA_VIRTUALTAP_ANNOUNCE }, { 7 } },
	  trusted = { { NLA_HDRLEN + 6, IFLA_VIRTUALTAP_TRUSTED }, { 2 } };
	struct nlattr *data[IFLA_VIRTUALTAP_MAX + 1] = {
		[IFLA_VIRTUALTAP_CONNTRACK] = &on.head,
		[IFLA_VIRTUALTAP_ANNOUNCE] = &announce.head,
		[IFLA_VIRTUALTAP_TRUSTED] = &trusted.head,
	};

	vtap_test_reads(test, pair, VTAP_OPT_ANNOUNCE, "0\n");
	seen.no_memory = true;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vtap_option_apply(pair->port, &init_net, data,
						NULL), -ENOMEM);
	rtnl_unlock();
	vtap_test_reads(test, pair, VTAP_OPT_ANNOUNCE, "0\n");
	vtap_test_reads(test, pair, VTAP_OPT_TRUSTED, "none\n");
	expect_options(test, pair, "off\n", "none\n");
	seen.no_memory = false;
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vtap_option_apply(pair->port, &init_net, data,
						NULL), 0);
	rtnl_unlock();
	vtap_test_reads(test, pair, VTAP_OPT_ANNOUNCE, "7\n");
	expect_options(test, pair, "on\n", "1\n");
}

static int create_on(struct kunit *test, const char *name, u16 zone)
{
	struct sk_buff *msg = vtap_test_rtnl_link(test, name);
	struct nlattr *info, *data;

	info = nla_nest_start(msg, IFLA_LINKINFO);
	WARN_ON(nla_put_string(msg, IFLA_INFO_KIND, VTAP_KIND));
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	WARN_ON(nla_put_u8(msg, IFLA_VIRTUALTAP_CONNTRACK, 1));
	if (zone)
		WARN_ON(nla_put_u16(msg, IFLA_VIRTUALTAP_CT_ZONE, zone));
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return vtap_test_rtnl(test, msg);
}

static void at_creation(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, create_on(test, "kunit1", 0), 0);
	turn(test, "on");
	expect_options(test, test->priv, "on\n", "2\n");
	KUNIT_EXPECT_EQ(test, create_on(test, "kunit2", 2), -EBUSY);
	KUNIT_EXPECT_EQ(test, create_on(test, "kunit2", 3), 0);
	KUNIT_EXPECT_EQ(test, seen.created, 3);
	vtap_test_delete(test, "kunit1");
	KUNIT_EXPECT_EQ(test, seen.last_destroyed, 1);
	vtap_test_delete(test, "kunit2-l2");
	KUNIT_EXPECT_EQ(test, seen.last_destroyed, 3);
	/* What does not come to be leaves nothing. */
	KUNIT_EXPECT_EQ(test, create_on(test, "thirteenchars", 5),
			-ENAMETOOLONG);
	KUNIT_EXPECT_EQ(test, create_on(test, "kunit0-l2", 5), -EEXIST);
	KUNIT_EXPECT_EQ(test, seen.created, seen.destroyed + 1);
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "5"), 0);
}

/* As on the way to another namespace. */
static void move(struct vtap_port *port)
{
	vtap_ct_stop(port);
	vtap_ct_moved(port);
}

static void moved(struct kunit *test)
{
	struct vtap_test_pair *other = vtap_test_pair_create(test, "kunit1");
	struct vtap_test_pair *pair = test->priv;

	rtnl_lock();
	move(pair->port);
	rtnl_unlock();
	expect_options(test, pair, "off\n", "none\n");
	turn(test, "on");
	rtnl_lock();
	move(pair->port);
	rtnl_unlock();
	expect_options(test, pair, "on\n", "1\n");
	KUNIT_EXPECT_EQ(test, seen.created, 2);
	KUNIT_EXPECT_EQ(test, seen.destroyed, 1);
	/* To where somebody has its zone. */
	rtnl_lock();
	vtap_ct_stop(pair->port);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, vtap_test_set(other, VTAP_OPT_CT_ZONE, "1"), 0);
	rtnl_lock();
	vtap_ct_moved(pair->port);
	rtnl_unlock();
	expect_options(test, pair, "on\n", "2\n");
	/* Who does not track gives way. */
	rtnl_lock();
	vtap_ct_stop(other->port);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, set(test, VTAP_OPT_CT_ZONE, "1"), 0);
	rtnl_lock();
	vtap_ct_moved(other->port);
	rtnl_unlock();
	expect_options(test, other, "off\n", "none\n");
	/* To where there is no memory. */
	seen.no_memory = true;
	rtnl_lock();
	move(pair->port);
	rtnl_unlock();
	expect_options(test, pair, "off\n", "1\n");
	KUNIT_EXPECT_EQ(test, seen.created, seen.destroyed);
	vtap_test_pair_destroy(other);
}

static struct sk_buff *packet(struct kunit *test, bool v6, bool rx)
{
	if (v6)
		return vtap_test_udp6(test, rx ? PEER6 : SELF6,
				      rx ? SELF6 : PEER6, 5, 6, payload,
				      sizeof(payload));
	return vtap_test_udp(test, rx ? GATEWAY_IP : STATION_IP,
			     rx ? STATION_IP : GATEWAY_IP, 5, 6, payload,
			     sizeof(payload));
}

/* One step of a pipeline. */
static void step(struct kunit *test, struct sk_buff *skb, bool rx)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_pkt pkt;

	KUNIT_ASSERT_EQ(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	local_bh_disable();
	rcu_read_lock();
	if (rx)
		vtap_ct_rx(pair->port, skb, &pkt);
	else
		vtap_ct_tx(pair->port, skb, &pkt);
	rcu_read_unlock();
	local_bh_enable();
}

static void expect_counts(struct kunit *test, unsigned int tracked,
			  unsigned int invalid, unsigned int untracked)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_port *port = pair->port;

	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_CT_TRACKED),
			tracked);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_CT_INVALID),
			invalid);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_CT_UNTRACKED),
			untracked);
}

/* The host's connection, in whatever state, is what it was. */
static void keeps_the_hosts(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *skb = packet(test, v6, false);
	struct nf_conn *hosts = connection(test);
	unsigned int info;

	turn(test, "on");
	for (info = 0; info < IP_CT_NUMBER; info++) {
		unsigned long before;

		nf_ct_set(skb, hosts, info);
		before = skb_get_nfct(skb);
		step(test, skb, false);
		KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), before);
		KUNIT_EXPECT_EQ(test, references(hosts), 1);
	}
	/* Of what the host does not track. */
	nf_ct_set(skb, NULL, IP_CT_UNTRACKED);
	step(test, skb, false);
	KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), IP_CT_UNTRACKED);
	skb_set_nfct(skb, 0);
	step(test, skb, false);
	KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), 0);
	KUNIT_EXPECT_EQ(test, seen.packets, IP_CT_NUMBER + 2);
	KUNIT_EXPECT_EQ(test, seen.attached, 0);
	KUNIT_EXPECT_EQ(test, seen.family, v6 ? AF_INET6 : AF_INET);
	KUNIT_EXPECT_FALSE(test, seen.rx);
	expect_counts(test, IP_CT_NUMBER + 2, 0, 0);
	kfree_skb(skb);
	nf_ct_put(hosts);
}

/* Neither that of where it comes from nor ours is left. */
static void reset_on_receipt(struct kunit *test)
{
	bool v6 = *(const bool *)test->param_value;
	struct sk_buff *skb = packet(test, v6, true);
	struct nf_conn *others = connection(test);

	turn(test, "on");
	nf_conntrack_get(&others->ct_general);
	nf_ct_set(skb, others, IP_CT_ESTABLISHED);
	step(test, skb, true);
	KUNIT_EXPECT_EQ(test, seen.packets, 1);
	KUNIT_EXPECT_EQ(test, seen.attached, 0);
	KUNIT_EXPECT_EQ(test, seen.family, v6 ? AF_INET6 : AF_INET);
	KUNIT_EXPECT_TRUE(test, seen.rx);
	KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), 0);
	KUNIT_EXPECT_EQ(test, references(others), 1);
	kfree_skb(skb);
	nf_ct_put(others);
}

/* As it was, either way. */
static void not_touched_while_off(struct kunit *test)
{
	struct sk_buff *skb = packet(test, false, false);
	struct nf_conn *hosts = connection(test);
	unsigned long before;

	nf_ct_set(skb, hosts, IP_CT_NEW);
	before = skb_get_nfct(skb);
	turn(test, "on");
	turn(test, "off");
	step(test, skb, false);
	step(test, skb, true);
	KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), before);
	KUNIT_EXPECT_EQ(test, seen.packets, 0);
	expect_counts(test, 0, 0, 0);
	kfree_skb(skb);
}

static void verdicts_are_counted(struct kunit *test)
{
	struct sk_buff *skb = packet(test, false, false);

	turn(test, "on");
	step(test, skb, false);
	expect_counts(test, 1, 0, 0);
	seen.verdict = VTAP_STAT_CT_INVALID;
	step(test, skb, false);
	expect_counts(test, 1, 1, 0);
	step(test, skb, true);
	expect_counts(test, 1, 2, 0);
	seen.verdict = VTAP_STAT_CT_UNTRACKED;
	step(test, skb, true);
	expect_counts(test, 1, 2, 1);
	kfree_skb(skb);
}

static void fragment_step(struct kunit *test, struct sk_buff *skb, bool rx,
			  bool tracked)
{
	struct nf_conn *hosts = connection(test);
	unsigned int packets = seen.packets;

	nf_conntrack_get(&hosts->ct_general);
	nf_ct_set(skb, hosts, IP_CT_ESTABLISHED);
	step(test, skb, rx);
	KUNIT_EXPECT_EQ(test, seen.packets, packets + tracked);
	/* The host's own is kept or reset as ever. */
	KUNIT_EXPECT_EQ(test, references(hosts), rx ? 1 : 2);
	nf_reset_ct(skb);
	nf_ct_put(hosts);
}

static void fragments(struct kunit *test)
{
	/* The first, one in the middle, the last. */
	static const u16 offsets[] = { IP_MF, IP_MF | 1, 2 };
	unsigned int i, rx;

	turn(test, "on");
	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		for (rx = 0; rx < 2; rx++) {
			struct sk_buff *skb = packet(test, false, rx);

			ip_hdr(skb)->frag_off = htons(offsets[i]);
			vtap_test_sum_ipv4(skb->data);
			fragment_step(test, skb, rx, false);
			kfree_skb(skb);
		}
	}
	expect_counts(test, 0, 0, 6);
}

static void fragments6(struct kunit *test)
{
	static const u16 offsets[] = { 1, 8 | 1, 16 };
	unsigned int i, rx;

	turn(test, "on");
	for (rx = 0; rx < 2; rx++) {
		struct sk_buff *skb;

		for (i = 0; i < ARRAY_SIZE(offsets); i++) {
			skb = packet(test, true, rx);
			vtap_test_push_frag6(skb, offsets[i]);
			fragment_step(test, skb, rx, false);
			kfree_skb(skb);
		}
		/* RFC 6946: no part of anything. */
		skb = packet(test, true, rx);
		vtap_test_push_frag6(skb, 0);
		fragment_step(test, skb, rx, true);
		kfree_skb(skb);
	}
	expect_counts(test, 2, 0, 6);
}

static struct kunit_case conntrack_test_cases[] = {
	KUNIT_CASE(defaults),
	KUNIT_CASE(somebody_has_to_track),
	KUNIT_CASE(one_tracks),
	KUNIT_CASE(its_module_is_held),
	KUNIT_CASE(on_and_off),
	KUNIT_CASE(another_zone),
	KUNIT_CASE(bad_texts),
	KUNIT_CASE(zones_are_exclusive),
	KUNIT_CASE(refused_as_a_whole),
	KUNIT_CASE(at_creation),
	KUNIT_CASE(moved),
	KUNIT_CASE_PARAM(keeps_the_hosts, vtap_test_family_gen_params),
	KUNIT_CASE_PARAM(reset_on_receipt, vtap_test_family_gen_params),
	KUNIT_CASE(not_touched_while_off),
	KUNIT_CASE(verdicts_are_counted),
	KUNIT_CASE(fragments),
	KUNIT_CASE(fragments6),
	{}
};

static struct kunit_suite conntrack_suite = {
	.name = "vtap_conntrack",
	.init = conntrack_init,
	.exit = conntrack_exit,
	.test_cases = conntrack_test_cases,
};

/* In the pipelines */

static int device_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	conntrack_init(test);
	pair = test->priv;
	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	turn(test, "on");
	return 0;
}

/* From where the host has no way to, so that it refuses nothing. */
static struct sk_buff *from_far(struct kunit *test)
{
	return vtap_test_udp(test, IP4(203, 0, 113, 1), STATION_IP, 5, 6,
			     payload, sizeof(payload));
}

static void receive(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
}

/* Invalid or not, it arrives, and has no connection of ours. */
static void passes_both_ways(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb;
	unsigned int i;

	vtap_test_know(test, test->priv, vtap_test_mapped(GATEWAY_IP));
	for (i = 0; i < 2; i++) {
		seen.verdict = i ? VTAP_STAT_CT_INVALID : VTAP_STAT_CT_TRACKED;
		vtap_test_transmit(test, pair->host,
				   packet(test, false, false));
		skb = vtap_test_next(test, &pair->to_vpn);
		KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), 0);
		kfree_skb(skb);
		receive(test, from_far(test));
		skb = vtap_test_next(test, &pair->to_host);
		KUNIT_EXPECT_EQ(test, skb_get_nfct(skb), 0);
		kfree_skb(skb);
	}
	expect_counts(test, 2, 2, 0);
}

static void tracked_once_however_long_it_waits(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->host, packet(test, false, false));
	/* A request. */
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	expect_counts(test, 1, 0, 0);
	vtap_test_know(test, test->priv, vtap_test_mapped(GATEWAY_IP));
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	expect_counts(test, 1, 0, 0);
}

/* What nobody gets is no part of a connection. */
static void dropped_is_not_tracked(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = from_far(test);

	/* Its UDP checksum. */
	skb->data[sizeof(struct iphdr) + 6] ^= 1;
	receive(test, skb);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, seen.packets, 0);
	expect_counts(test, 0, 0, 0);
}

static void put_together_first(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u8 data[24] = {};
	unsigned int i;

	for (i = 0; i < 3; i++) {
		struct sk_buff *skb = vtap_test_ipv4(test,
						     IP4(203, 0, 113, 1),
						     STATION_IP, 0xfd,
						     data + 8 * i, 8);

		ip_hdr(skb)->frag_off = htons(i | (i < 2 ? IP_MF : 0));
		vtap_test_sum_ipv4(skb->data);
		receive(test, skb);
	}
	kfree_skb(vtap_test_next(test, &pair->to_host));
	KUNIT_EXPECT_EQ(test, seen.len, sizeof(struct iphdr) + 24);
	expect_counts(test, 1, 0, 0);
}

static struct kunit_case conntrack_device_test_cases[] = {
	KUNIT_CASE(passes_both_ways),
	KUNIT_CASE(tracked_once_however_long_it_waits),
	KUNIT_CASE(dropped_is_not_tracked),
	KUNIT_CASE(put_together_first),
	{}
};

static struct kunit_suite conntrack_device_suite = {
	.name = "vtap_conntrack_device",
	.init = device_init,
	.exit = conntrack_exit,
	.test_cases = conntrack_device_test_cases,
};

kunit_test_suites(&conntrack_suite, &conntrack_device_suite);
