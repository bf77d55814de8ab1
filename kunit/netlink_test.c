// SPDX-License-Identifier: GPL-2.0
/* What messages of generic netlink hold: the most there can be of everything. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "netlink.h"
#include "netlink_gen.h"
#include "utils.h"

static struct sk_buff *new_message(struct kunit *test, size_t size)
{
	struct sk_buff *msg = genlmsg_new(size, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, msg);
	return msg;
}

/* How many attributes of a kind there are. */
static unsigned int count(const struct sk_buff *msg, int kind)
{
	const struct nlattr *attr;
	unsigned int n = 0;
	int rest;

	nla_for_each_attr(attr, (struct nlattr *)msg->data, msg->len, rest)
		n += nla_type(attr) == kind;
	return n;
}

static void fill_text(char *text)
{
	memset(text, 'x', VTAP_DOMAIN_MAX);
}

static void fill_lease4(struct kunit *test, struct vtap_learn *learn)
{
	struct vtap_lease4 *lease = kzalloc(sizeof(*lease), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lease);
	lease->expires = U64_MAX;
	lease->msg.address = STATION_IP;
	lease->msg.gateway = GATEWAY_IP;
	lease->msg.mtu = 1400;
	lease->msg.dns_count = VTAP_DHCP_DNS_MAX;
	fill_text(lease->msg.domain);
	rcu_assign_pointer(learn->lease4, lease);
}

static void fill_lease6(struct kunit *test, struct vtap_leases6 *leases)
{
	struct vtap_lease6 *lease = kzalloc(sizeof(*lease), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, lease);
	lease->addresses = VTAP_LEASE6_ADDRESSES;
	lease->prefixes = VTAP_LEASE6_PREFIXES;
	lease->dns_count = VTAP_LEASE6_DNS;
	lease->search_count = VTAP_LEASE6_SEARCH;
	for (i = 0; i < VTAP_LEASE6_SEARCH; i++)
		fill_text(lease->search[i]);
	rcu_assign_pointer(leases->lease, lease);
}

static void fill_routers(struct vtap_router_state *s)
{
	unsigned int i;

	for (i = 0; i < VTAP_ROUTERS; i++)
		s->router[i] = (struct vtap_router){
			.addr.s6_addr = { 0xfe, 0x80, [15] = i },
			.mac = vtap_test_mac(GATEWAY_MAC),
			.mtu = 1400,
			.expires = U64_MAX - 1,
			.lost = true,
		};
	for (i = 0; i < VTAP_ROUTER_PREFIXES; i++)
		s->prefix[i] = (struct vtap_router_prefix){
			.onlink = true, .expires = U64_MAX,
		};
	for (i = 0; i < VTAP_ROUTER_ROUTES; i++)
		s->route[i].expires = U64_MAX;
	for (i = 0; i < VTAP_ROUTER_DNS; i++)
		s->dns[i].expires = U64_MAX;
	for (i = 0; i < VTAP_ROUTER_SEARCH; i++) {
		s->search[i].expires = U64_MAX;
		fill_text(s->search[i].name);
	}
}

static void fill_options(struct kunit *test, struct vtap_test_pair *pair)
{
	char text[PAGE_SIZE / 4];
	unsigned int i, len = 0;

	for (i = 0; i < 16; i++)
		len += scnprintf(text + len, sizeof(text) - len,
				 "02:00:00:00:00:%02x ", i);
	KUNIT_EXPECT_EQ(test, vtap_test_set(pair, VTAP_OPT_TRUSTED, text), 0);
	for (len = 0, i = 0; i < 64; i++)
		len += scnprintf(text + len, sizeof(text) - len, "%s%u:%u", i ? "," : "", i,
				 63 - i);
	KUNIT_EXPECT_EQ(test, vtap_test_set(pair, VTAP_OPT_DSCP_MAP, text), 0);
	KUNIT_EXPECT_EQ(test, vtap_test_set(pair, VTAP_OPT_GATEWAY6, "fe80::9"),
			0);
}

/* A counter is a number of up to eight bytes, whatever its value is. */
static void most_of_a_device_fits(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *msg = new_message(test, VTAP_NETLINK_DEV_SIZE);

	fill_options(test, pair);
	fill_lease4(test, &pair->port->learned);
	fill_lease6(test, &pair->port->leases6);
	fill_routers(&pair->port->routers.state);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vtap_fill_dev(msg, pair->port), 0);
	rtnl_unlock();
	KUNIT_EXPECT_LE(test, msg->len, VTAP_NETLINK_DEV_SIZE);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_LEASE4), 1);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_LEASE6), 1);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_ROUTER),
			VTAP_ROUTERS);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_PREFIX),
			VTAP_ROUTER_PREFIXES);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_ROUTE),
			VTAP_ROUTER_ROUTES);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_NAME_SERVER),
			VTAP_ROUTER_DNS);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_SEARCH),
			VTAP_ROUTER_SEARCH);
	KUNIT_EXPECT_EQ(test, count(msg, VIRTUALTAP_A_DEV_GATEWAY), 2);
	KUNIT_EXPECT_GT(test, count(msg, VIRTUALTAP_A_DEV_COUNTER), 100);
	nlmsg_free(msg);
}

/* Events have less room. */
static void most_of_a_lease_fits(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *msg = new_message(test, NLMSG_GOODSIZE);
	int err;

	fill_lease6(test, &pair->port->leases6);
	rcu_read_lock();
	err = vtap_fill_lease6(msg, VIRTUALTAP_A_EVENT_LEASE6,
			       rcu_dereference(pair->port->leases6.lease),
			       NULL, 0);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_LT(test, msg->len, NLMSG_GOODSIZE / 2);
	nlmsg_free(msg);
}

static void no_room_is_said(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *msg = new_message(test, 512);

	/* What the allocator gave more. */
	skb_put(msg, skb_tailroom(msg) - 512);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, vtap_fill_dev(msg, pair->port), -EMSGSIZE);
	rtnl_unlock();
	nlmsg_free(msg);
}

/* An operation's attributes are those of its own set, and no others. */
static void each_operation_has_a_policy(struct kunit *test)
{
	unsigned int i;
	bool dumps_all;

	for (i = 0; i < ARRAY_SIZE(virtualtap_nl_ops); i++) {
		const struct genl_split_ops *op = &virtualtap_nl_ops[i];

		/* It takes over that of what does beside it. */
		dumps_all = op->cmd == VIRTUALTAP_CMD_DEV_GET &&
			    op->flags & GENL_CMD_CAP_DUMP;
		KUNIT_EXPECT_EQ_MSG(test, !op->policy, dumps_all,
				    "operation %u", op->cmd);
	}
}

static struct kunit_case netlink_cases[] = {
	KUNIT_CASE(most_of_a_device_fits),
	KUNIT_CASE(most_of_a_lease_fits),
	KUNIT_CASE(no_room_is_said),
	KUNIT_CASE(each_operation_has_a_policy),
	{}
};

static struct kunit_suite netlink_suite = {
	.name = "vtap_netlink",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = netlink_cases,
};

kunit_test_suite(netlink_suite);
