// SPDX-License-Identifier: GPL-2.0
/* Packets of the host that are too big for what is behind the Ethernet end. */

#include <linux/in.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/sock.h>

#include "mtu.h"
#include "utils.h"

#define MTU	IPV6_MIN_MTU
#define PEER6	"2001:db8::1"
#define SELF6	"2001:db8::64"

static void set_mtu(struct kunit *test, struct net_device *dev, int mtu)
{
	int err;

	rtnl_lock();
	err = dev_set_mtu(dev, mtu);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

/* The Ethernet end takes 1280 bytes, the host end thinks that it takes 1500. */
static int mtu_init(struct kunit *test)
{
	struct vtap_test_pair *pair;

	vtap_test_pair_init(test);
	pair = test->priv;
	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	set_mtu(test, pair->ethernet, MTU);
	return 0;
}

static void know_peers(struct kunit *test)
{
	vtap_test_know(test, test->priv, vtap_test_mapped(GATEWAY_IP));
	vtap_test_know(test, test->priv, vtap_test_addr6(test, "2001:db8::1"));
}

enum what {
	PASSES,
	REFUSED,
	FRAGMENTED,
};

enum route {
	NO_ROUTE,
	ROUTED,
	ROUTED_ELSEWHERE,
};

/* A packet of @len bytes, IP header included, and what becomes of it. */
struct mtu_case {
	const char *name;
	unsigned int len;
	enum what what;
	bool v6;
	u16 frag_off;
	bool ignore_df;
	enum route route;
	bool paged;
};

static const struct mtu_case mtu_cases[] = {
	{ "small", 100, PASSES },
	{ "small, routed", 100, PASSES, .route = ROUTED },
	{ "just small enough", MTU, PASSES, .route = ROUTED },
	{ "just small enough, may not be fragmented", MTU, PASSES,
	  .frag_off = IP_DF, .route = ROUTED },
	{ "just too big", MTU + 1, FRAGMENTED, .route = ROUTED },
	{ "just too big, paged", MTU + 1, FRAGMENTED, .route = ROUTED,
	  .paged = true },
	{ "just too big, may not be fragmented", MTU + 1, REFUSED,
	  .frag_off = IP_DF, .route = ROUTED },
	{ "just too big, no route", MTU + 1, REFUSED },
	{ "just too big, no route, may not be fragmented", MTU + 1, REFUSED,
	  .frag_off = IP_DF },
	{ "routed through another device", MTU + 1, REFUSED,
	  .route = ROUTED_ELSEWHERE },
	{ "came in fragments, with DF", MTU + 1, FRAGMENTED,
	  .frag_off = IP_DF, .ignore_df = true, .route = ROUTED },
	{ "came in fragments, with DF, no route", MTU + 1, REFUSED,
	  .frag_off = IP_DF, .ignore_df = true },
	{ "three times as big", 3500, FRAGMENTED, .route = ROUTED },
	{ "of full size", 65535, FRAGMENTED, .route = ROUTED },
	{ "a first fragment", 2000, FRAGMENTED, .frag_off = IP_MF,
	  .route = ROUTED },
	{ "a fragment in the middle", 2004, FRAGMENTED,
	  .frag_off = IP_MF | 100, .route = ROUTED },
	{ "a last fragment", 2001, FRAGMENTED, .frag_off = 100,
	  .route = ROUTED },
	{ "IPv6, small", 100, PASSES, .v6 = true },
	{ "IPv6, just small enough", MTU, PASSES, .v6 = true },
	{ "IPv6, just too big", MTU + 1, REFUSED, .v6 = true },
	{ "IPv6, came in fragments", MTU + 1, REFUSED, .v6 = true,
	  .ignore_df = true },
};

KUNIT_ARRAY_PARAM_DESC(mtu, mtu_cases, name);

static void set_route(struct kunit *test, struct sk_buff *skb,
		      enum route route)
{
	struct vtap_test_pair *pair = test->priv;
	struct flowi4 fl4 = {
		.daddr = route == ROUTED ? GATEWAY_IP : STATION_IP,
		.flowi4_oif = route == ROUTED ? pair->host->ifindex : 0,
	};
	struct rtable *rt;

	if (route == NO_ROUTE)
		return;
	rt = ip_route_output_key(&init_net, &fl4);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rt);
	KUNIT_EXPECT_EQ(test, rt->dst.dev == pair->host, route == ROUTED);
	skb_dst_set(skb, &rt->dst);
}

/* With nothing in it that anybody looks at. */
static struct sk_buff *build(struct kunit *test, const struct mtu_case *c)
{
	size_t header = c->v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	size_t len = c->len - header, i;
	u8 *data = kunit_kmalloc(test, len, GFP_KERNEL);
	struct sk_buff *skb, *flat;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i < len; i++)
		data[i] = i ^ i >> 8;
	if (c->v6) {
		skb = vtap_test_ipv6(test, SELF6, PEER6, 0xfd, data, len);
	} else {
		skb = vtap_test_ipv4(test, STATION_IP, GATEWAY_IP, 0xfd, data,
				     len);
		ip_hdr(skb)->frag_off = htons(c->frag_off);
		vtap_test_sum_ipv4(skb->data);
	}
	if (c->paged) {
		flat = skb;
		skb = vtap_test_split_skb(test, flat->data, flat->len, 200);
		skb->protocol = flat->protocol;
		kfree_skb(flat);
	}
	skb->ignore_df = c->ignore_df;
	set_route(test, skb, c->route);
	return skb;
}

/* What is known of the parts of a packet so far. */
struct parts {
	const u8 *packet;
	unsigned int len;
	unsigned int seen;
	unsigned int frames;
};

static void check_part(struct kunit *test, struct parts *parts,
		       const struct sk_buff *frame)
{
	const struct iphdr *iph = (const void *)frame->data + ETH_HLEN;
	const struct iphdr *whole = (const void *)parts->packet;
	u16 base = ntohs(whole->frag_off), field = ntohs(iph->frag_off);
	unsigned int len = ntohs(iph->tot_len) - sizeof(*iph);
	bool last = parts->seen + len == parts->len - sizeof(*whole);

	KUNIT_EXPECT_MEMEQ(test, frame->data, GATEWAY_MAC, ETH_ALEN);
	KUNIT_EXPECT_LE(test, frame->len, MTU + ETH_HLEN);
	KUNIT_EXPECT_EQ(test, ntohs(iph->tot_len), frame->len - ETH_HLEN);
	KUNIT_EXPECT_EQ(test, ip_fast_csum((u8 *)iph, iph->ihl), 0);
	KUNIT_EXPECT_EQ(test, iph->id, whole->id);
	KUNIT_EXPECT_EQ(test, (field & IP_OFFSET) * 8,
			(base & IP_OFFSET) * 8 + parts->seen);
	KUNIT_EXPECT_EQ(test, !!(field & IP_MF), !last || (base & IP_MF));
	KUNIT_ASSERT_LE(test, parts->seen + len,
			parts->len - sizeof(*whole));
	KUNIT_EXPECT_MEMEQ(test, (const u8 *)(iph + 1),
			   parts->packet + sizeof(*whole) + parts->seen, len);
	parts->seen += len;
	parts->frames++;
}

/* They come in order, and are all of it. */
static unsigned int expect_parts(struct kunit *test, const u8 *packet,
				 unsigned int len)
{
	struct vtap_test_pair *pair = test->priv;
	struct parts parts = { .packet = packet, .len = len };

	while (parts.seen < len - sizeof(struct iphdr)) {
		struct sk_buff *skb = vtap_test_next(test, &pair->to_vpn);

		check_part(test, &parts, skb);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_GT(test, parts.frames, 1);
	return parts.frames;
}

static void sizes(struct kunit *test)
{
	const struct mtu_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, c), *flat;
	struct rtnl_link_stats64 before, after;
	unsigned int frames = 0;

	know_peers(test);
	flat = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flat);
	dev_get_stats(pair->host, &before);
	vtap_test_transmit(test, pair->host, skb);
	if (c->what == PASSES) {
		vtap_test_push_ethernet(flat, GATEWAY_MAC, STATION_MAC);
		vtap_test_expect_frame(test, &pair->to_vpn, flat->data,
				       flat->len);
		frames = 1;
	} else if (c->what == FRAGMENTED) {
		frames = expect_parts(test, flat->data, c->len);
	}
	vtap_test_expect_silence(test, &pair->to_vpn);
	dev_get_stats(pair->host, &after);
	KUNIT_EXPECT_EQ(test, after.tx_packets - before.tx_packets, frames);
	KUNIT_EXPECT_EQ(test, after.tx_dropped - before.tx_dropped,
			c->what == REFUSED);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_TOO_BIG),
			c->what == REFUSED);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_NOMEM),
			0);
	kfree_skb(flat);
}

/* RFC 791 3.2: a link without room for fragments gets none. */
static void too_narrow_for_fragments(struct kunit *test)
{
	const struct mtu_case c = { "", 100, .route = ROUTED };
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb, *flat;

	know_peers(test);
	pair->ethernet->mtu = IPV4_MIN_MTU - 1;
	vtap_test_transmit(test, pair->host, build(test, &c));
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_TOO_BIG),
			1);
	pair->ethernet->mtu = IPV4_MIN_MTU;
	skb = build(test, &c);
	flat = skb_copy(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, flat);
	vtap_test_transmit(test, pair->host, skb);
	KUNIT_EXPECT_EQ(test, expect_parts(test, flat->data, c.len), 2);
	kfree_skb(flat);
}

/* Fragments are packets: they wait as others do, and go in order. */
static void fragments_wait_for_their_neighbour(struct kunit *test)
{
	const struct mtu_case c = { .len = 3500, .route = ROUTED };
	const struct vtap_test_arp question = {
		.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
		.sha = STATION_MAC, .sip = STATION_IP, .tip = GATEWAY_IP,
	};
	const struct vtap_test_arp answer = {
		.op = ARPOP_REPLY, .dest = STATION_MAC,
		.sha = GATEWAY_MAC, .sip = GATEWAY_IP,
		.tha = STATION_MAC, .tip = STATION_IP,
	};
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, &c);
	u8 *packet = vtap_test_exact(test, skb->data, skb->len);

	vtap_test_transmit(test, pair->host, skb);
	vtap_test_expect_arp(test, pair, &question);
	vtap_test_from_vpn(test, pair, &answer);
	KUNIT_EXPECT_EQ(test, expect_parts(test, packet, c.len), 3);
	vtap_test_expect_silence(test, &pair->to_vpn);
}

/* Segments are what goes over the wire, not what they were merged to. */
static void merged_packets(struct kunit *test)
{
	const struct mtu_case c = {
		.len = 4000, .frag_off = IP_DF, .route = ROUTED,
	};
	const unsigned int fits = MTU - sizeof(struct iphdr) -
				  sizeof(struct udphdr);
	struct vtap_test_pair *pair = test->priv;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct sk_buff *skb = build(test, &c);
		enum vtap_verdict verdict;
		struct vtap_pkt pkt;

		skb_set_transport_header(skb, sizeof(struct iphdr));
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
		skb_shinfo(skb)->gso_size = fits + i;
		KUNIT_ASSERT_EQ(test, vtap_pkt_parse_tx(skb, &pkt),
				VTAP_CONTINUE);
		skb->dev = pair->host;
		local_bh_disable();
		rcu_read_lock();
		verdict = vtap_mtu_check(vtap_of(pair->ethernet), pair->port,
					 skb, &pkt, NULL);
		rcu_read_unlock();
		local_bh_enable();
		KUNIT_EXPECT_EQ(test, verdict, i ? VTAP_TX_DROP_TOO_BIG :
						   VTAP_CONTINUE);
		kfree_skb(skb);
	}
}

static struct socket *connect_to_gateway(struct kunit *test)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(2000),
		.sin_addr.s_addr = GATEWAY_IP,
	};
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_INET, SOCK_DGRAM,
					       IPPROTO_UDP, &sock), 0);
	inet_sk(sock->sk)->pmtudisc = IP_PMTUDISC_DO;
	KUNIT_EXPECT_EQ(test, kernel_connect(sock, (struct sockaddr *)&addr,
					     sizeof(addr), 0), 0);
	return sock;
}

static int send_from(struct kunit *test, struct socket *sock, size_t len)
{
	u8 *data = kunit_kzalloc(test, len, GFP_KERNEL);
	struct kvec vec = { .iov_base = data, .iov_len = len };
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT };

	KUNIT_ASSERT_NOT_NULL(test, data);
	return kernel_sendmsg(sock, &msg, &vec, 1, len);
}

/* What the Ethernet end takes, as the sender now knows. */
static void expect_told(struct kunit *test, struct socket *sock)
{
	struct vtap_test_pair *pair = test->priv;
	const int headers = sizeof(struct iphdr) + sizeof(struct udphdr);
	unsigned long end = jiffies + 5 * HZ;

	KUNIT_EXPECT_EQ(test, send_from(test, sock, 1400), 1400);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_TOO_BIG),
			1);
	while (!READ_ONCE(sock->sk->sk_err) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_EXPECT_EQ(test, sock_error(sock->sk), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, send_from(test, sock, 1400), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, send_from(test, sock, MTU - headers + 1),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, send_from(test, sock, MTU - headers),
			MTU - headers);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_TOO_BIG),
			1);
}

/* RFC 1191 4: the MTU is in the message. */
static void sender_is_told(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct socket *sock;

	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_open(init_net.loopback_dev, NULL), 0);
	rtnl_unlock();
	know_peers(test);
	sock = connect_to_gateway(test);
	expect_told(test, sock);
	sock_release(sock);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vtap_test_expect_silence(test, &pair->to_vpn);
}

static rx_handler_result_t pass(struct sk_buff **skb)
{
	return RX_HANDLER_PASS;
}

/* Who is above the Ethernet end, and what counts then. */
static const struct path_case {
	const char *name;
	bool master;
	bool handler;
	int mtu;		/* of the master */
	unsigned int path;
} path_cases[] = {
	{ "nobody", false, false, 0, MTU },
	{ "somebody who listens", false, true, 0, MTU },
	{ "master that takes less", true, true, 600, 600 },
	{ "master that takes a byte less", true, true, MTU - 1, MTU - 1 },
	{ "master that takes as much", true, true, MTU, MTU },
	{ "master that takes more", true, true, 9000, MTU },
	{ "master that does not listen", true, false, 600, MTU },
};

KUNIT_ARRAY_PARAM_DESC(path, path_cases, name);

static unsigned int path_of(struct vtap_test_pair *pair)
{
	unsigned int mtu;

	rcu_read_lock();
	mtu = vtap_mtu_path(vtap_of(pair->ethernet));
	rcu_read_unlock();
	return mtu;
}

static void path(struct kunit *test)
{
	const struct path_case *c = test->param_value;
	struct vtap_test_pair *pair = test->priv, *other;
	struct net_device *dev = pair->ethernet, *master;

	other = vtap_test_pair_create(test, "kunit1");
	master = other->host;
	rtnl_lock();
	if (c->mtu)
		KUNIT_EXPECT_EQ(test, dev_set_mtu(master, c->mtu), 0);
	if (c->master)
		KUNIT_EXPECT_EQ(test, netdev_master_upper_dev_link(dev, master,
								   NULL, NULL,
								   NULL), 0);
	if (c->handler)
		KUNIT_EXPECT_EQ(test, netdev_rx_handler_register(dev, pass,
								 NULL), 0);
	KUNIT_EXPECT_EQ(test, path_of(pair), c->path);
	if (c->handler)
		netdev_rx_handler_unregister(dev);
	if (c->master)
		netdev_upper_dev_unlink(dev, master);
	rtnl_unlock();
	vtap_test_pair_destroy(other);
}

static struct net_device *create_bridge(struct kunit *test)
{
	struct sk_buff *msg = vtap_test_rtnl_link(test, "kunit-br");
	struct nlattr *info = nla_nest_start(msg, IFLA_LINKINFO);
	struct net_device *bridge;

	KUNIT_ASSERT_EQ(test, nla_put_string(msg, IFLA_INFO_KIND, "bridge"), 0);
	nla_nest_end(msg, info);
	if (vtap_test_rtnl(test, msg))
		return NULL;
	rtnl_lock();
	bridge = __dev_get_by_name(&init_net, "kunit-br");
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, bridge);
	return bridge;
}

static void delete_bridge(struct net_device *bridge)
{
	LIST_HEAD(list);

	rtnl_lock();
	bridge->rtnl_link_ops->dellink(bridge, &list);
	unregister_netdevice_many(&list);
	rtnl_unlock();
}

/* It would drop them without a word. */
static void bridge_that_takes_less(struct kunit *test)
{
	const struct mtu_case big = { .len = 1400, .frag_off = IP_DF };
	const struct mtu_case small = { .len = 1300, .frag_off = IP_DF };
	struct net_device *bridge = create_bridge(test);
	struct vtap_test_pair *pair = test->priv;
	int err;

	if (!bridge)
		kunit_skip(test, "no bridges here");
	know_peers(test);
	set_mtu(test, pair->ethernet, ETH_DATA_LEN);
	rtnl_lock();
	err = bridge->netdev_ops->ndo_add_slave(bridge, pair->ethernet, NULL);
	rtnl_unlock();
	KUNIT_EXPECT_EQ(test, err, 0);
	set_mtu(test, bridge, 1300);
	vtap_test_transmit(test, pair->host, build(test, &big));
	vtap_test_transmit(test, pair->host, build(test, &small));
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_TOO_BIG),
			1);
	delete_bridge(bridge);
	vtap_test_transmit(test, pair->host, build(test, &big));
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, VTAP_TX_DROP_TOO_BIG),
			1);
}

static struct kunit_case mtu_test_cases[] = {
	KUNIT_CASE_PARAM(sizes, mtu_gen_params),
	KUNIT_CASE(too_narrow_for_fragments),
	KUNIT_CASE(fragments_wait_for_their_neighbour),
	KUNIT_CASE(merged_packets),
	KUNIT_CASE(sender_is_told),
	KUNIT_CASE_PARAM(path, path_gen_params),
	KUNIT_CASE(bridge_that_takes_less),
	{}
};

static struct kunit_suite mtu_suite = {
	.name = "vtap_mtu",
	.init = mtu_init,
	.exit = vtap_test_pair_exit,
	.test_cases = mtu_test_cases,
};

kunit_test_suite(mtu_suite);
