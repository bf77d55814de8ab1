// SPDX-License-Identifier: GPL-2.0
/* Choice of the next hop: with and without a route, learned routers, BOOTP
 * replies.
 */

#include <linux/inet.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <net/addrconf.h>
#include <net/dst_metadata.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/netlink.h>
#include <net/route.h>

#include "nexthop.h"
#include "utils.h"

static struct in6_addr parse6(const char *text)
{
	struct in6_addr addr;

	WARN_ON(!in6_pton(text, -1, addr.s6_addr, -1, NULL));
	return addr;
}

/* As ``ip addr add`` does. */
static void add_address6(struct kunit *test, struct net_device *dev,
			 const char *addr, u8 prefix_len)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6, .ifa_prefixlen = prefix_len,
		.ifa_flags = IFA_F_NODAD, .ifa_index = dev->ifindex,
	};
	struct sk_buff *msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct in6_addr local = parse6(addr);
	struct nlmsghdr *nlh;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	nlh = nlmsg_put(msg, 0, 0, RTM_NEWADDR, sizeof(ifa), NLM_F_REQUEST |
			NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	memcpy(nlmsg_data(nlh), &ifa, sizeof(ifa));
	KUNIT_ASSERT_EQ(test, nla_put_in6_addr(msg, IFA_LOCAL, &local), 0);
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);
}

/* The host end has 192.168.1.100/24, 10.1.1.0/31, 10.1.2.1/32, and
 * 2001:db8:1::64/64.
 */
static int nexthop_init(struct kunit *test)
{
	struct vtap_test_pair *pair;
	bool configured;

	vtap_test_shared_init(test);
	pair = test->priv;
	WRITE_ONCE(pair->port->opt.gateway4, 0);
	vtap_routers_set_gateway(&pair->port->routers, &in6addr_any);
	rcu_read_lock();
	configured = vtap_addr_is_own4(pair->host, STATION_IP);
	rcu_read_unlock();
	if (configured)
		return 0;
	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_add_address(test, pair->host, IP4(10, 1, 1, 0), 31);
	vtap_test_add_address(test, pair->host, IP4(10, 1, 2, 1), 32);
	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(pair->host)->cnf.disable_ipv6, 0);
	rtnl_unlock();
	add_address6(test, pair->host, "2001:db8:1::64", 64);
	return 0;
}

static void choose(struct kunit *test, struct sk_buff *skb,
		   struct vtap_nexthop *nh)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_pkt pkt;

	memset(nh, 0, sizeof(*nh));
	KUNIT_ASSERT_EQ(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	local_bh_disable();
	rcu_read_lock();
	vtap_nexthop_choose(pair->port, skb, &pkt, nh);
	rcu_read_unlock();
	local_bh_enable();
}

static void expect_mac(struct kunit *test, const struct vtap_nexthop *nh,
		       const char *mac)
{
	KUNIT_EXPECT_EQ(test, nh->kind, VTAP_NEXTHOP_MAC);
	KUNIT_EXPECT_EQ(test, nh->mac.raw, vtap_test_mac(mac).raw);
}

static void expect_neighbour(struct kunit *test, const struct vtap_nexthop *nh,
			     enum vtap_nexthop_kind kind, __be32 addr)
{
	struct in6_addr mapped = vtap_test_mapped(addr);

	KUNIT_EXPECT_EQ(test, nh->kind, kind);
	KUNIT_EXPECT_MEMEQ(test, &nh->addr, &mapped, sizeof(mapped));
}

static void expect_neighbour6(struct kunit *test, const struct vtap_nexthop *nh,
			      enum vtap_nexthop_kind kind, const char *addr)
{
	struct in6_addr wanted = parse6(addr);

	KUNIT_EXPECT_EQ(test, nh->kind, kind);
	KUNIT_EXPECT_MEMEQ(test, &nh->addr, &wanted, sizeof(wanted));
}

/* A destination, what is known of gateways, a route; and what follows. */
struct choice_case {
	const char *name;
	__be32 daddr;
	__be32 gateway;		/* option gateway4 */
	__be32 learned;		/* with 10.7.0.5/16 */
	struct {
		u8 type;	/* 0: no route */
		__be32 gateway;
		const char *gateway6;
		bool elsewhere;
	} route;
	enum vtap_nexthop_kind kind;
	__be32 addr;
	const char *addr6;
	const char *mac;
};

#define ONLINK		IP4(192, 168, 1, 7)
#define OFFLINK		IP4(203, 0, 113, 5)
#define GATEWAY2	IP4(192, 168, 1, 2)
#define GATEWAY3	IP4(192, 168, 1, 3)
#define MAC(_mac)	.kind = VTAP_NEXTHOP_MAC, .mac = _mac
#define TO_HOST(_addr)	.kind = VTAP_NEXTHOP_HOST, .addr = _addr
#define TO_ROUTER(_addr) .kind = VTAP_NEXTHOP_ROUTER, .addr = _addr

static const struct choice_case choice_cases[] = {
	{ .name = "multicast", .daddr = IP4(224, 0, 0, 251),
	  MAC("\x01\x00\x5e\x00\x00\xfb") },
	{ .name = "multicast, 23 bits of it", .daddr = IP4(239, 255, 254, 253),
	  MAC("\x01\x00\x5e\x7f\xfe\xfd") },
	{ .name = "multicast, gateway set", .daddr = IP4(224, 0, 0, 1),
	  .gateway = GATEWAY_IP, MAC("\x01\x00\x5e\x00\x00\x01") },
	{ .name = "multicast, route with a gateway",
	  .daddr = IP4(224, 0, 0, 1),
	  .route = { .type = RTN_UNICAST, .gateway = GATEWAY2 },
	  MAC("\x01\x00\x5e\x00\x00\x01") },
	{ .name = "limited broadcast", .daddr = IP4(255, 255, 255, 255),
	  MAC(BROADCAST_MAC) },
	{ .name = "limited broadcast, route with a gateway",
	  .daddr = IP4(255, 255, 255, 255),
	  .route = { .type = RTN_BROADCAST, .gateway = GATEWAY2 },
	  MAC(BROADCAST_MAC) },
	{ .name = "subnet broadcast", .daddr = IP4(192, 168, 1, 255),
	  .gateway = GATEWAY_IP, MAC(BROADCAST_MAC) },
	{ .name = "subnet broadcast by its route",
	  .daddr = IP4(10, 20, 0, 255), .route = { .type = RTN_BROADCAST },
	  MAC(BROADCAST_MAC) },
	{ .name = "unicast by its route", .daddr = IP4(192, 168, 1, 255),
	  .route = { .type = RTN_UNICAST },
	  TO_HOST(IP4(192, 168, 1, 255)) },
	{ .name = "another subnet's broadcast",
	  .daddr = IP4(192, 168, 2, 255), TO_HOST(IP4(192, 168, 2, 255)) },
	{ .name = "other end of a /31", .daddr = IP4(10, 1, 1, 1),
	  TO_HOST(IP4(10, 1, 1, 1)) },
	{ .name = "only address of a /32", .daddr = IP4(10, 1, 2, 1),
	  TO_HOST(IP4(10, 1, 2, 1)) },
	{ .name = "on-link", .daddr = ONLINK, TO_HOST(ONLINK) },
	{ .name = "on-link, gateways known", .daddr = ONLINK,
	  .gateway = GATEWAY_IP, .learned = GATEWAY3, TO_HOST(ONLINK) },
	{ .name = "the gateway itself", .daddr = GATEWAY_IP,
	  .gateway = GATEWAY_IP, TO_ROUTER(GATEWAY_IP) },
	{ .name = "the learned router itself", .daddr = GATEWAY3,
	  .learned = GATEWAY3, TO_ROUTER(GATEWAY3) },
	{ .name = "elsewhere, no gateway", .daddr = OFFLINK,
	  TO_HOST(OFFLINK) },
	{ .name = "elsewhere, gateway set", .daddr = OFFLINK,
	  .gateway = GATEWAY_IP, TO_ROUTER(GATEWAY_IP) },
	{ .name = "elsewhere, router learned", .daddr = OFFLINK,
	  .learned = GATEWAY3, TO_ROUTER(GATEWAY3) },
	{ .name = "elsewhere, set one wins", .daddr = OFFLINK,
	  .gateway = GATEWAY_IP, .learned = GATEWAY3,
	  TO_ROUTER(GATEWAY_IP) },
	{ .name = "in the learned prefix", .daddr = IP4(10, 7, 200, 1),
	  .gateway = GATEWAY_IP, .learned = GATEWAY3,
	  TO_HOST(IP4(10, 7, 200, 1)) },
	{ .name = "beside the learned prefix", .daddr = IP4(10, 8, 0, 1),
	  .learned = GATEWAY3, TO_ROUTER(GATEWAY3) },
	{ .name = "route with a gateway", .daddr = OFFLINK,
	  .gateway = GATEWAY_IP, .learned = GATEWAY3,
	  .route = { .type = RTN_UNICAST, .gateway = GATEWAY2 },
	  TO_ROUTER(GATEWAY2) },
	{ .name = "route with a gateway, on-link", .daddr = ONLINK,
	  .route = { .type = RTN_UNICAST, .gateway = GATEWAY2 },
	  TO_ROUTER(GATEWAY2) },
	{ .name = "route without a gateway", .daddr = OFFLINK,
	  .route = { .type = RTN_UNICAST }, TO_HOST(OFFLINK) },
	{ .name = "default dev, gateway set", .daddr = OFFLINK,
	  .gateway = GATEWAY_IP, .route = { .type = RTN_UNICAST },
	  TO_ROUTER(GATEWAY_IP) },
	{ .name = "default dev, router learned", .daddr = OFFLINK,
	  .learned = GATEWAY3, .route = { .type = RTN_UNICAST },
	  TO_ROUTER(GATEWAY3) },
	{ .name = "route without a gateway, on-link", .daddr = ONLINK,
	  .gateway = GATEWAY_IP, .route = { .type = RTN_UNICAST },
	  TO_HOST(ONLINK) },
	{ .name = "IPv6 gateway", .daddr = OFFLINK, .gateway = GATEWAY_IP,
	  .route = { .type = RTN_UNICAST, .gateway6 = "fe80::1" },
	  .kind = VTAP_NEXTHOP_ROUTER, .addr6 = "fe80::1" },
	{ .name = "IPv6 gateway that is an IPv4 one", .daddr = OFFLINK,
	  .route = { .type = RTN_UNICAST, .gateway6 = "::ffff:192.168.1.2" },
	  .kind = VTAP_NEXTHOP_NONE },
	{ .name = "route through another device", .daddr = ONLINK,
	  .route = { .type = RTN_UNICAST, .gateway = GATEWAY2,
		     .elsewhere = true },
	  TO_HOST(ONLINK) },
	{ .name = "broadcast route through another device",
	  .daddr = OFFLINK, .gateway = GATEWAY_IP,
	  .route = { .type = RTN_BROADCAST, .elsewhere = true },
	  TO_ROUTER(GATEWAY_IP) },
	{ .name = "0.0.0.0", .daddr = 0, .gateway = GATEWAY_IP,
	  .kind = VTAP_NEXTHOP_NONE },
	/* An address like any other since Linux 5.3. */
	{ .name = "0.1.2.3", .daddr = IP4(0, 1, 2, 3),
	  TO_HOST(IP4(0, 1, 2, 3)) },
	{ .name = "127.0.0.1", .daddr = IP4(127, 0, 0, 1),
	  .gateway = GATEWAY_IP, .kind = VTAP_NEXTHOP_NONE },
	{ .name = "127.1.2.3 through a gateway", .daddr = IP4(127, 1, 2, 3),
	  .route = { .type = RTN_UNICAST, .gateway = GATEWAY2 },
	  .kind = VTAP_NEXTHOP_NONE },
};

KUNIT_ARRAY_PARAM_DESC(choice, choice_cases, name);

/* As if an ACK had said so. */
static void learn(struct kunit *test, __be32 gateway)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_lease4 *lease = kzalloc(sizeof(*lease), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lease);
	lease->expires = U64_MAX;
	lease->msg.address = IP4(10, 7, 0, 5);
	lease->msg.prefix_len = 16;
	lease->msg.gateway = gateway;
	rcu_assign_pointer(pair->port->learned.lease4, lease);
}

static void set_route(struct kunit *test, struct sk_buff *skb,
		      const struct choice_case *c)
{
	struct vtap_test_pair *pair = test->priv;
	struct net_device *dev = c->route.elsewhere ? init_net.loopback_dev :
						      pair->host;
	struct rtable *rt = rt_dst_alloc(dev, 0, c->route.type, true);

	KUNIT_ASSERT_NOT_NULL(test, rt);
	if (c->route.gateway) {
		rt->rt_gw_family = AF_INET;
		rt->rt_gw4 = c->route.gateway;
	}
	if (c->route.gateway6) {
		rt->rt_gw_family = AF_INET6;
		rt->rt_gw6 = parse6(c->route.gateway6);
	}
	skb_dst_set(skb, &rt->dst);
}

static struct sk_buff *packet_to(struct kunit *test, __be32 daddr)
{
	return vtap_test_udp(test, STATION_IP, daddr, 1000, 2000, NULL, 0);
}

static void choices(struct kunit *test)
{
	const struct choice_case *c = test->param_value;
	struct sk_buff *skb = packet_to(test, c->daddr);
	struct vtap_test_pair *pair = test->priv;
	struct vtap_nexthop nh;

	WRITE_ONCE(pair->port->opt.gateway4, (__force u32)c->gateway);
	if (c->learned)
		learn(test, c->learned);
	if (c->route.type)
		set_route(test, skb, c);
	choose(test, skb, &nh);
	kfree_skb(skb);
	if (c->mac)
		expect_mac(test, &nh, c->mac);
	else if (c->addr6)
		expect_neighbour6(test, &nh, c->kind, c->addr6);
	else if (c->addr)
		expect_neighbour(test, &nh, c->kind, c->addr);
	else
		KUNIT_EXPECT_EQ(test, nh.kind, VTAP_NEXTHOP_NONE);
}

static void metadata_is_no_route(struct kunit *test)
{
	struct sk_buff *skb = packet_to(test, ONLINK);
	struct metadata_dst *md;
	struct vtap_nexthop nh;

	md = metadata_dst_alloc(0, METADATA_HW_PORT_MUX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, md);
	skb_dst_set(skb, &md->dst);
	choose(test, skb, &nh);
	expect_neighbour(test, &nh, VTAP_NEXTHOP_HOST, ONLINK);
	kfree_skb(skb);
}

/* A lease that has ended gives no gateway. */
static void expired_router_is_none(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = packet_to(test, OFFLINK);
	struct vtap_lease4 *lease;
	struct vtap_nexthop nh;

	learn(test, GATEWAY3);
	rcu_read_lock();
	lease = rcu_dereference(pair->port->learned.lease4);
	lease->expires = ktime_get_boottime_seconds();
	rcu_read_unlock();
	choose(test, skb, &nh);
	expect_neighbour(test, &nh, VTAP_NEXTHOP_HOST, OFFLINK);
	kfree_skb(skb);
}

/* What the kernel's own routing gives. */
static struct sk_buff *routed_to(struct kunit *test, __be32 daddr)
{
	struct vtap_test_pair *pair = test->priv;
	struct flowi4 fl4 = {
		.daddr = daddr, .flowi4_oif = pair->host->ifindex,
	};
	struct rtable *rt = ip_route_output_key(&init_net, &fl4);
	struct sk_buff *skb = packet_to(test, daddr);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rt);
	skb_dst_set(skb, &rt->dst);
	return skb;
}

static void real_routes(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_nexthop nh;
	struct sk_buff *skb;

	vtap_test_add_route(test, pair->host, IP4(10, 8, 0, 0), 16, GATEWAY2);
	vtap_test_add_route(test, pair->host, IP4(10, 9, 0, 0), 16, 0);
	vtap_test_add_route6(test, pair->host, IP4(10, 10, 0, 0), 16,
			     "fe80::1");

	skb = routed_to(test, IP4(10, 8, 1, 1));
	choose(test, skb, &nh);
	expect_neighbour(test, &nh, VTAP_NEXTHOP_ROUTER, GATEWAY2);
	kfree_skb(skb);
	skb = routed_to(test, IP4(10, 9, 1, 1));
	choose(test, skb, &nh);
	expect_neighbour(test, &nh, VTAP_NEXTHOP_HOST, IP4(10, 9, 1, 1));
	kfree_skb(skb);
	skb = routed_to(test, IP4(10, 10, 1, 1));
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_ROUTER, "fe80::1");
	kfree_skb(skb);
	skb = routed_to(test, IP4(192, 168, 1, 255));
	choose(test, skb, &nh);
	expect_mac(test, &nh, BROADCAST_MAC);
	kfree_skb(skb);
}

/* A router that is heard of before the choice: its advertisement, and how it
 * behaved.
 */
struct heard {
	const char *addr;
	s8 preference;
	enum {
		ALIVE,
		EXPIRED,	/* a moment ago */
		RESIGNED,	/* with a lifetime of zero */
		SILENT,		/* does not answer */
		SILENT_LONGER,
		SILENT_LONG,	/* it may be asked again */
		RETURNED,	/* did not answer, but does now */
	} then;
};

/* Every advertisement has 2001:db8:7::/48 on the link and 2001:db8:8::/64 not
 * on it. Of an IPv6 destination: what is known of gateways, a route; and what
 * follows.
 */
struct choice6_case {
	const char *name;
	const char *daddr;
	const char *set;	/* option gateway6 */
	struct heard heard[3];
	struct {
		bool there;
		const char *gateway;
		bool elsewhere;
	} route;
	enum vtap_nexthop_kind kind;
	const char *addr;
	const char *mac;
};

#define ELSEWHERE6	"2001:db8:ffff::5"
#define ONLINK6		"2001:db8:1::7"
#define LEARNED6	"2001:db8:7:ffff::1"
#define ROUTER_A	"fe80::a"
#define ROUTER_B	"fe80::b"
#define ROUTER_C	"fe80::c"
#define SET6		"2001:db8:1::1"
#define TO_HOST6(_addr)	.kind = VTAP_NEXTHOP_HOST, .addr = _addr
#define TO_ROUTER6(_addr) .kind = VTAP_NEXTHOP_ROUTER, .addr = _addr

static const struct choice6_case choice6_cases[] = {
	{ .name = "all nodes", .daddr = "ff02::1",
	  MAC("\x33\x33\x00\x00\x00\x01") },
	{ .name = "solicited node", .daddr = "ff02::1:ff12:3456",
	  MAC("\x33\x33\xff\x12\x34\x56") },
	{ .name = "multicast, 32 bits of it",
	  .daddr = "ff3e:40:2001:db8:7f:fffe:fdfc:fbfa",
	  MAC("\x33\x33\xfd\xfc\xfb\xfa") },
	{ .name = "multicast, gateways known", .daddr = "ff05::2", .set = SET6,
	  .heard = { { ROUTER_A } }, MAC("\x33\x33\x00\x00\x00\x02") },
	{ .name = "multicast through a gateway", .daddr = "ff0e::1:2:3",
	  .route = { true, "fe80::1" }, MAC("\x33\x33\x00\x02\x00\x03") },

	{ .name = "elsewhere, nothing known", .daddr = ELSEWHERE6,
	  TO_HOST6(ELSEWHERE6) },
	{ .name = "elsewhere, gateway set", .daddr = ELSEWHERE6, .set = SET6,
	  TO_ROUTER6(SET6) },
	{ .name = "elsewhere, router learned", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A } }, TO_ROUTER6(ROUTER_A) },
	{ .name = "elsewhere, set one wins", .daddr = ELSEWHERE6, .set = SET6,
	  .heard = { { ROUTER_A, 1 } }, TO_ROUTER6(SET6) },

	{ .name = "on-link", .daddr = ONLINK6, TO_HOST6(ONLINK6) },
	{ .name = "on-link, gateways known", .daddr = ONLINK6, .set = SET6,
	  .heard = { { ROUTER_A } }, TO_HOST6(ONLINK6) },
	{ .name = "beside the own prefix", .daddr = "2001:db8:1:1::7",
	  .heard = { { ROUTER_A } }, TO_ROUTER6(ROUTER_A) },
	{ .name = "in the learned prefix", .daddr = LEARNED6, .set = SET6,
	  .heard = { { ROUTER_A } }, TO_HOST6(LEARNED6) },
	{ .name = "before the learned prefix",
	  .daddr = "2001:db8:6:ffff:ffff:ffff:ffff:ffff",
	  .heard = { { ROUTER_A } }, TO_ROUTER6(ROUTER_A) },
	{ .name = "in the prefix that is not on the link",
	  .daddr = "2001:db8:8::1", .heard = { { ROUTER_A } },
	  TO_ROUTER6(ROUTER_A) },
	/* Who advertises a prefix need be no default router. */
	{ .name = "prefix of who is no router", .daddr = LEARNED6,
	  .set = SET6, .heard = { { ROUTER_A, .then = RESIGNED } },
	  TO_HOST6(LEARNED6) },
	{ .name = "prefix that expired", .daddr = LEARNED6, .set = SET6,
	  .heard = { { ROUTER_A, .then = EXPIRED } }, TO_ROUTER6(SET6) },
	{ .name = "link-local", .daddr = "fe80::99", .set = SET6,
	  .heard = { { ROUTER_A } }, TO_HOST6("fe80::99") },
	{ .name = "end of link-local", .daddr = "febf:ffff::1",
	  .heard = { { ROUTER_A } }, TO_HOST6("febf:ffff::1") },
	{ .name = "behind link-local", .daddr = "fec0::1",
	  .heard = { { ROUTER_A } }, TO_ROUTER6(ROUTER_A) },

	{ .name = "the set gateway itself", .daddr = SET6, .set = SET6,
	  TO_ROUTER6(SET6) },
	{ .name = "the learned router itself", .daddr = ROUTER_A,
	  .heard = { { ROUTER_A } }, TO_ROUTER6(ROUTER_A) },
	{ .name = "a learned router that is not used", .daddr = ROUTER_B,
	  .set = SET6, .heard = { { ROUTER_A }, { ROUTER_B, -1, SILENT } },
	  TO_ROUTER6(ROUTER_B) },
	{ .name = "a learned router that resigned", .daddr = ROUTER_A,
	  .heard = { { ROUTER_A, .then = RESIGNED } }, TO_HOST6(ROUTER_A) },

	{ .name = "the first of equals", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_B }, { ROUTER_A }, { ROUTER_C } },
	  TO_ROUTER6(ROUTER_B) },
	{ .name = "the preferred one, last", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, -1 }, { ROUTER_B, 0 }, { ROUTER_C, 1 } },
	  TO_ROUTER6(ROUTER_C) },
	{ .name = "the preferred one, first", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1 }, { ROUTER_B, -1 }, { ROUTER_C } },
	  TO_ROUTER6(ROUTER_A) },
	{ .name = "silent one is passed over", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, SILENT }, { ROUTER_B, -1 } },
	  TO_ROUTER6(ROUTER_B) },
	{ .name = "silent one is better than none", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, .then = SILENT } }, TO_ROUTER6(ROUTER_A) },
	{ .name = "silent ones take turns", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, SILENT }, { ROUTER_B, -1, SILENT_LONGER } },
	  TO_ROUTER6(ROUTER_B) },
	{ .name = "for as long as it is silent", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, SILENT_LONG }, { ROUTER_B, -1 } },
	  TO_ROUTER6(ROUTER_B) },
	{ .name = "it is back", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, RETURNED }, { ROUTER_B } },
	  TO_ROUTER6(ROUTER_A) },
	{ .name = "expired router is none", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, EXPIRED } }, TO_HOST6(ELSEWHERE6) },
	{ .name = "expired router gives way", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, EXPIRED }, { ROUTER_B, -1, SILENT } },
	  TO_ROUTER6(ROUTER_B) },
	{ .name = "resigned router is none", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A, 1, RESIGNED } }, TO_HOST6(ELSEWHERE6) },

	{ .name = "route with a gateway", .daddr = ELSEWHERE6, .set = SET6,
	  .heard = { { ROUTER_A, 1 } }, .route = { true, "fe80::1" },
	  TO_ROUTER6("fe80::1") },
	{ .name = "route with a gateway, on-link", .daddr = ONLINK6,
	  .route = { true, "fe80::1" }, TO_ROUTER6("fe80::1") },
	{ .name = "route with a gateway, in the learned prefix",
	  .daddr = LEARNED6, .heard = { { ROUTER_A } },
	  .route = { true, "fe80::1" }, TO_ROUTER6("fe80::1") },
	{ .name = "route without a gateway", .daddr = ELSEWHERE6,
	  .route = { true }, TO_HOST6(ELSEWHERE6) },
	{ .name = "route without a gateway, on-link", .daddr = ONLINK6,
	  .set = SET6, .route = { true }, TO_HOST6(ONLINK6) },
	{ .name = "default dev, gateway set", .daddr = ELSEWHERE6,
	  .set = SET6, .route = { true }, TO_ROUTER6(SET6) },
	{ .name = "default dev, router learned", .daddr = ELSEWHERE6,
	  .heard = { { ROUTER_A } }, .route = { true },
	  TO_ROUTER6(ROUTER_A) },
	{ .name = "gateway through another device", .daddr = ELSEWHERE6,
	  .route = { true, "fe80::1", true }, TO_HOST6(ELSEWHERE6) },
	{ .name = "gateway through another device, router learned",
	  .daddr = ELSEWHERE6, .heard = { { ROUTER_A } },
	  .route = { true, "fe80::1", true }, TO_ROUTER6(ROUTER_A) },

	{ .name = "unspecified", .daddr = "::", .kind = VTAP_NEXTHOP_NONE },
	{ .name = "loopback", .daddr = "::1", .kind = VTAP_NEXTHOP_NONE },
	{ .name = "IPv4-mapped", .daddr = "::ffff:192.168.1.1",
	  .kind = VTAP_NEXTHOP_NONE },
	{ .name = "unspecified, gateway set", .daddr = "::", .set = SET6,
	  .kind = VTAP_NEXTHOP_NONE },
	{ .name = "loopback, router learned", .daddr = "::1",
	  .heard = { { ROUTER_A } }, .kind = VTAP_NEXTHOP_NONE },
	{ .name = "loopback through a gateway", .daddr = "::1",
	  .route = { true, "fe80::1" }, .kind = VTAP_NEXTHOP_NONE },
	{ .name = "IPv4-mapped through a gateway",
	  .daddr = "::ffff:192.168.1.1", .route = { true, "fe80::1" },
	  .kind = VTAP_NEXTHOP_NONE },
	{ .name = "through a gateway that is an IPv4 one",
	  .daddr = ELSEWHERE6, .route = { true, "::ffff:192.168.1.2" },
	  .kind = VTAP_NEXTHOP_NONE },
	{ .name = "neither loopback nor unspecified", .daddr = "::2",
	  .set = SET6, TO_ROUTER6(SET6) },
};

KUNIT_ARRAY_PARAM_DESC(choice6, choice6_cases, name);

static u8 *put_prefix(u8 *p, const char *prefix, u8 prefix_len, u8 flags,
		      u16 lifetime)
{
	struct in6_addr addr = parse6(prefix);

	p[0] = 3;
	p[1] = 4;
	p[2] = prefix_len;
	p[3] = flags;
	put_unaligned_be32(lifetime, p + 4);
	put_unaligned_be32(lifetime, p + 8);
	memcpy(p + 16, &addr, sizeof(addr));
	return p + 32;
}

#define LIFETIME	1800

/* RFC 4861 4.2, RFC 4191 2.2 */
static void advertise(struct vtap_port *port, const struct heard *heard,
		      u16 lifetime, u64 now)
{
	struct in6_addr source = parse6(heard->addr);
	u8 ra[16 + 2 * 32] = { 134, [4] = 64 }, *p;
	struct vtap_router router, gone;

	ra[5] = (heard->preference & 3) << 3;
	put_unaligned_be16(lifetime, ra + 6);
	p = put_prefix(ra + 16, "2001:db8:7::", 48, 0x80, LIFETIME);
	put_prefix(p, "2001:db8:8::", 64, 0x40, LIFETIME);
	local_bh_disable();
	vtap_routers_learn(&port->routers, &source, ra, sizeof(ra), now,
			   &router, &gone);
	local_bh_enable();
}

static void answer(struct vtap_port *port, const struct heard *heard,
		   bool alive, u64 now)
{
	struct in6_addr source = parse6(heard->addr);

	local_bh_disable();
	vtap_routers_heard(&port->routers, &source, alive, now);
	local_bh_enable();
}

/* For so long already. Time since boot may be shorter. */
static void be_silent(struct vtap_port *port, const struct heard *heard,
		      unsigned int seconds)
{
	struct vtap_router_state *s = &port->routers.state;
	struct in6_addr source = parse6(heard->addr);
	unsigned int i;

	answer(port, heard, false, ktime_get_boottime_seconds());
	for (i = 0; i < VTAP_ROUTERS; i++) {
		if (ipv6_addr_equal(&s->router[i].addr, &source))
			s->router[i].ask -= seconds;
	}
	/* Whatever is chosen by that. */
	advertise(port, heard, LIFETIME, ktime_get_boottime_seconds());
}

static void hear(struct vtap_port *port, const struct heard *heard)
{
	u64 now = ktime_get_boottime_seconds();

	advertise(port, heard, LIFETIME,
		  heard->then == EXPIRED ? now - LIFETIME : now);
	switch (heard->then) {
	case ALIVE:
	case EXPIRED:
		break;
	case RESIGNED:
		advertise(port, heard, 0, now);
		break;
	case SILENT:
		answer(port, heard, false, now);
		break;
	case SILENT_LONGER:
		be_silent(port, heard, VTAP_ROUTER_PAUSE / 2);
		break;
	case SILENT_LONG:
		be_silent(port, heard, VTAP_ROUTER_PAUSE);
		break;
	case RETURNED:
		answer(port, heard, false, now);
		answer(port, heard, true, now);
		break;
	}
}

static void set_route6(struct kunit *test, struct sk_buff *skb,
		       const struct choice6_case *c)
{
	struct vtap_test_pair *pair = test->priv;
	struct net_device *dev = c->route.elsewhere ? init_net.loopback_dev :
						      pair->host;
	struct rt6_info *rt = ip6_dst_alloc(&init_net, dev, 0);

	KUNIT_ASSERT_NOT_NULL(test, rt);
	/* As the kernel has it, where there is none. */
	rt->rt6i_gateway = ipv6_hdr(skb)->daddr;
	if (c->route.gateway) {
		rt->rt6i_flags |= RTF_GATEWAY;
		rt->rt6i_gateway = parse6(c->route.gateway);
	}
	skb_dst_set(skb, &rt->dst);
}

static struct sk_buff *packet_to6(struct kunit *test, const char *daddr)
{
	return vtap_test_ipv6(test, "2001:db8:1::64", daddr, NEXTHDR_NONE,
			      NULL, 0);
}

static void choices6(struct kunit *test)
{
	const struct choice6_case *c = test->param_value;
	struct sk_buff *skb = packet_to6(test, c->daddr);
	struct vtap_test_pair *pair = test->priv;
	struct vtap_nexthop nh;
	struct in6_addr set;
	unsigned int i;

	if (c->set) {
		set = parse6(c->set);
		vtap_routers_set_gateway(&pair->port->routers, &set);
	}
	for (i = 0; i < ARRAY_SIZE(c->heard) && c->heard[i].addr; i++)
		hear(pair->port, &c->heard[i]);
	if (c->route.there)
		set_route6(test, skb, c);
	choose(test, skb, &nh);
	kfree_skb(skb);
	if (c->mac)
		expect_mac(test, &nh, c->mac);
	else if (c->addr)
		expect_neighbour6(test, &nh, c->kind, c->addr);
	else
		KUNIT_EXPECT_EQ(test, nh.kind, VTAP_NEXTHOP_NONE);
}

/* A router that learns nothing new, while time goes by: nobody else tells that
 * its lifetime is over.
 */
static void routers_change_by_time_alone(struct kunit *test)
{
	const struct heard first = { ROUTER_A, 1 }, second = { ROUTER_B };
	struct vtap_test_pair *pair = test->priv;
	struct vtap_routers *routers = &pair->port->routers;
	struct in6_addr a = parse6(ROUTER_A), b = parse6(ROUTER_B), addr;
	u64 now = 1000;

	advertise(pair->port, &first, 100, now);
	advertise(pair->port, &second, LIFETIME, now);
	local_bh_disable();
	KUNIT_EXPECT_TRUE(test, vtap_routers_gateway(routers, now, &addr));
	KUNIT_EXPECT_MEMEQ(test, &addr, &a, sizeof(a));
	vtap_routers_gateway(routers, now + 99, &addr);
	KUNIT_EXPECT_MEMEQ(test, &addr, &a, sizeof(a));
	vtap_routers_gateway(routers, now + 100, &addr);
	KUNIT_EXPECT_MEMEQ(test, &addr, &b, sizeof(b));
	KUNIT_EXPECT_FALSE(test, vtap_routers_gateway(routers, now + LIFETIME,
						      &addr));
	local_bh_enable();
}

static void metadata_is_no_route6(struct kunit *test)
{
	struct sk_buff *skb = packet_to6(test, ONLINK6);
	struct metadata_dst *md;
	struct vtap_nexthop nh;

	md = metadata_dst_alloc(0, METADATA_HW_PORT_MUX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, md);
	skb_dst_set(skb, &md->dst);
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_HOST, ONLINK6);
	kfree_skb(skb);
}

/* As ``ip -6 route add`` does, without a gateway if that is NULL. */
static void add_route6(struct kunit *test, struct net_device *dev,
		       const char *dest, u8 prefix_len, const char *gateway)
{
	const struct rtmsg rtm = {
		.rtm_family = AF_INET6, .rtm_dst_len = prefix_len,
		.rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST,
	};
	struct sk_buff *msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct in6_addr addr = parse6(dest);
	struct nlmsghdr *nlh;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	nlh = nlmsg_put(msg, 0, 0, RTM_NEWROUTE, sizeof(rtm), NLM_F_REQUEST |
			NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	memcpy(nlmsg_data(nlh), &rtm, sizeof(rtm));
	KUNIT_ASSERT_EQ(test, nla_put_in6_addr(msg, RTA_DST, &addr), 0);
	KUNIT_ASSERT_EQ(test, nla_put_u32(msg, RTA_OIF, dev->ifindex), 0);
	if (gateway) {
		addr = parse6(gateway);
		KUNIT_ASSERT_EQ(test, nla_put_in6_addr(msg, RTA_GATEWAY, &addr),
				0);
	}
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);
}

static struct sk_buff *routed_to6(struct kunit *test, const char *daddr)
{
	struct vtap_test_pair *pair = test->priv;
	struct flowi6 fl6 = {
		.daddr = parse6(daddr), .flowi6_oif = pair->host->ifindex,
	};
	struct dst_entry *dst = ip6_route_output(&init_net, NULL, &fl6);
	struct sk_buff *skb = packet_to6(test, daddr);

	KUNIT_ASSERT_EQ(test, dst->error, 0);
	skb_dst_set(skb, dst);
	return skb;
}

static void real_routes6(struct kunit *test)
{
	const struct heard router = { ROUTER_A };
	struct vtap_test_pair *pair = test->priv;
	struct vtap_nexthop nh;
	struct sk_buff *skb;

	add_route6(test, pair->host, "2001:db8:a::", 48, "fe80::1");
	add_route6(test, pair->host, "2001:db8:b::", 48, NULL);

	skb = routed_to6(test, "2001:db8:a::1");
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_ROUTER, "fe80::1");
	kfree_skb(skb);
	skb = routed_to6(test, "2001:db8:b::1");
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_HOST, "2001:db8:b::1");
	hear(pair->port, &router);
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_ROUTER, ROUTER_A);
	kfree_skb(skb);
	skb = routed_to6(test, ONLINK6);
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_HOST, ONLINK6);
	kfree_skb(skb);
}

static void route_of_the_other_family_is_none(struct kunit *test)
{
	const struct choice_case c = {
		.route = { .type = RTN_UNICAST, .gateway = GATEWAY2 },
	};
	struct vtap_test_pair *pair = test->priv;
	struct rt6_info *rt = ip6_dst_alloc(&init_net, pair->host, 0);
	struct vtap_nexthop nh;
	struct sk_buff *skb;

	skb = packet_to6(test, ELSEWHERE6);
	set_route(test, skb, &c);
	choose(test, skb, &nh);
	expect_neighbour6(test, &nh, VTAP_NEXTHOP_HOST, ELSEWHERE6);
	kfree_skb(skb);

	KUNIT_ASSERT_NOT_NULL(test, rt);
	rt->rt6i_flags |= RTF_GATEWAY;
	rt->rt6i_gateway = parse6("fe80::1");
	skb = packet_to(test, ONLINK);
	skb_dst_set(skb, &rt->dst);
	choose(test, skb, &nh);
	expect_neighbour(test, &nh, VTAP_NEXTHOP_HOST, ONLINK);
	kfree_skb(skb);
}

/* A DHCP server's reply to OTHER_MAC, and what is changed. */
struct bootp_case {
	const char *name;
	u8 op;
	u8 htype;
	u8 hlen;
	u16 flags;
	__be32 yiaddr;
	const char *chaddr;
	u16 sport;
	u16 dport;
	unsigned int cut;
	const char *mac;	/* NULL: as any packet */
};

#define OFFERED		IP4(192, 168, 1, 50)

static const struct bootp_case bootp_cases[] = {
	{ "to its client", 2, 1, 6, 0, OFFERED, OTHER_MAC, 67, 68, 0,
	  OTHER_MAC },
	{ "to all", 2, 1, 6, 0x8000, OFFERED, OTHER_MAC, 67, 68, 0,
	  BROADCAST_MAC },
	{ "other flags", 2, 1, 6, 0x7fff, OFFERED, OTHER_MAC, 67, 68, 0,
	  OTHER_MAC },
	{ "another address is given", 2, 1, 6, 0, IP4(192, 168, 1, 51),
	  OTHER_MAC, 67, 68 },
	{ "no address is given", 2, 1, 6, 0, 0, OTHER_MAC, 67, 68 },
	{ "a request", 1, 1, 6, 0, OFFERED, OTHER_MAC, 67, 68 },
	{ "another hardware", 2, 6, 6, 0, OFFERED, OTHER_MAC, 67, 68 },
	{ "long hardware address", 2, 1, 16, 0, OFFERED, OTHER_MAC, 67, 68 },
	{ "multicast client", 2, 1, 6, 0, OFFERED,
	  "\x01\x00\x5e\x00\x00\x01", 67, 68 },
	{ "broadcast client", 2, 1, 6, 0, OFFERED, BROADCAST_MAC, 67, 68 },
	{ "zero client", 2, 1, 6, 0, OFFERED, "\0\0\0\0\0\0", 67, 68 },
	{ "from a client", 2, 1, 6, 0, OFFERED, OTHER_MAC, 68, 68 },
	{ "to a server", 2, 1, 6, 0, OFFERED, OTHER_MAC, 67, 67 },
	{ "cut short", 2, 1, 6, 0, OFFERED, OTHER_MAC, 67, 68, 1 },
};

KUNIT_ARRAY_PARAM_DESC(bootp, bootp_cases, name);

static struct sk_buff *build_bootp(struct kunit *test,
				   const struct bootp_case *c)
{
	struct vtap_bootp bootp = {
		.op = c->op, .htype = c->htype, .hlen = c->hlen,
		.flags = htons(c->flags), .yiaddr = c->yiaddr,
		.cookie = htonl(0x63825363),
	};

	memcpy(bootp.chaddr, c->chaddr, ETH_ALEN);
	return vtap_test_udp(test, STATION_IP, OFFERED, c->sport, c->dport,
			     &bootp, sizeof(bootp) - c->cut);
}

static void bootp_replies(struct kunit *test)
{
	const struct bootp_case *c = test->param_value;
	struct sk_buff *skb = build_bootp(test, c);
	struct vtap_nexthop nh;

	choose(test, skb, &nh);
	if (c->mac)
		expect_mac(test, &nh, c->mac);
	else
		expect_neighbour(test, &nh, VTAP_NEXTHOP_HOST, OFFERED);
	kfree_skb(skb);
}

/* Nothing of it is in the linear part. */
static void bootp_reply_in_pages(struct kunit *test)
{
	struct sk_buff *flat = build_bootp(test, &bootp_cases[0]), *skb;
	struct vtap_nexthop nh;

	skb = vtap_test_split_skb(test, flat->data, flat->len, 0);
	skb->protocol = flat->protocol;
	choose(test, skb, &nh);
	expect_mac(test, &nh, OTHER_MAC);
	kfree_skb(flat);
	kfree_skb(skb);
}

static void bootp_fragment_is_none(struct kunit *test)
{
	struct sk_buff *skb = build_bootp(test, &bootp_cases[0]);
	struct vtap_nexthop nh;

	ip_hdr(skb)->frag_off = htons(IP_MF);
	choose(test, skb, &nh);
	expect_neighbour(test, &nh, VTAP_NEXTHOP_HOST, OFFERED);
	kfree_skb(skb);
}

static struct kunit_case nexthop_test_cases[] = {
	KUNIT_CASE_PARAM(choices, choice_gen_params),
	KUNIT_CASE(metadata_is_no_route),
	KUNIT_CASE(expired_router_is_none),
	KUNIT_CASE(real_routes),
	KUNIT_CASE_PARAM(choices6, choice6_gen_params),
	KUNIT_CASE(routers_change_by_time_alone),
	KUNIT_CASE(metadata_is_no_route6),
	KUNIT_CASE(real_routes6),
	KUNIT_CASE(route_of_the_other_family_is_none),
	KUNIT_CASE_PARAM(bootp_replies, bootp_gen_params),
	KUNIT_CASE(bootp_reply_in_pages),
	KUNIT_CASE(bootp_fragment_is_none),
	{}
};

static struct kunit_suite nexthop_suite = {
	.name = "vtap_nexthop",
	.init = nexthop_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = nexthop_test_cases,
};

kunit_test_suite(nexthop_suite);
