// SPDX-License-Identifier: GPL-2.0
/* What the host may leave undone, and what becomes of it on the way. */

#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/route.h>

#include "offload.h"
#include "tx.h"
#include "utils.h"

#define SEGMENTS	4
#define SIZE		100
#define HEADERS		(sizeof(struct iphdr) + sizeof(struct udphdr))

static rx_handler_result_t take(struct sk_buff **skb)
{
	kfree_skb(*skb);
	return RX_HANDLER_CONSUMED;
}

static void set_features(struct net_device *dev, netdev_features_t off)
{
	dev->wanted_features |= dev->hw_features | NETIF_F_GRO;
	dev->wanted_features &= ~off;
	netdev_update_features(dev);
}

/* Who is above the Ethernet end, and what ``ethtool -K`` there turned off. */
struct listener {
	const char *name;
	bool upper;
	bool handler;
	netdev_features_t off;
	/* What the host end offers; flags of VTAP_OFFLOADS */
	bool csum;
	bool gso;
	/* What frames that are sent all the same look like */
	unsigned int frames;
	bool partial;
};

static const struct listener listeners[] = {
	{ "nobody", .frames = SEGMENTS },
	{ "device without a handler", .upper = true, .frames = SEGMENTS },
	{ "handler", .upper = true, .handler = true, .csum = true, .gso = true,
	  .frames = 1, .partial = true },
	{ "handler that is about to go", .handler = true,
	  .frames = 1, .partial = true },
	{ "handler, gro off", .upper = true, .handler = true,
	  .off = NETIF_F_GRO, .csum = true,
	  .frames = SEGMENTS, .partial = true },
	{ "handler, rx off", .upper = true, .handler = true,
	  .off = NETIF_F_RXCSUM, .frames = SEGMENTS },
	{ "handler, rx and gro off", .upper = true, .handler = true,
	  .off = NETIF_F_RXCSUM | NETIF_F_GRO, .frames = SEGMENTS },
	{ "handler, tx off", .upper = true, .handler = true,
	  .off = NETIF_F_HW_CSUM, .frames = SEGMENTS },
	{ "handler, segmentation off", .upper = true, .handler = true,
	  .off = NETIF_F_GSO_SOFTWARE, .csum = true,
	  .frames = SEGMENTS, .partial = true },
};

KUNIT_ARRAY_PARAM_DESC(listener, listeners, name);

static void listen(struct kunit *test, const struct listener *l,
		   struct net_device *upper)
{
	struct vtap_test_pair *pair = test->priv;
	struct net_device *dev = pair->ethernet;

	/* As a bridge does: the handler comes first. */
	if (l->handler)
		KUNIT_EXPECT_EQ(test, netdev_rx_handler_register(dev, take,
								 NULL), 0);
	if (l->upper)
		KUNIT_EXPECT_EQ(test, netdev_upper_dev_link(dev, upper, NULL),
				0);
	if (l->off)
		set_features(dev, l->off);
}

static void unlisten(struct kunit *test, const struct listener *l,
		     struct net_device *upper)
{
	struct vtap_test_pair *pair = test->priv;
	struct net_device *dev = pair->ethernet;

	if (l->off)
		set_features(dev, 0);
	if (l->upper)
		netdev_upper_dev_unlink(dev, upper);
	/* The handler is still there. */
	KUNIT_EXPECT_EQ(test, pair->host->features & VTAP_OFFLOADS, 0);
	if (l->handler)
		netdev_rx_handler_unregister(dev);
}

static void offered(struct kunit *test)
{
	const struct listener *l = test->param_value;
	struct vtap_test_pair *pair = test->priv, *other;
	netdev_features_t offers;

	other = vtap_test_pair_create(test, "kunit1");
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, pair->host->features & VTAP_OFFLOADS, 0);
	listen(test, l, other->host);
	offers = pair->host->features;
	KUNIT_EXPECT_EQ(test, !!(offers & NETIF_F_HW_CSUM), l->csum);
	KUNIT_EXPECT_EQ(test, !!(offers & NETIF_F_TSO), l->gso);
	KUNIT_EXPECT_EQ(test, !!(offers & NETIF_F_TSO6), l->gso);
	KUNIT_EXPECT_EQ(test, !!(offers & NETIF_F_GSO_UDP_L4), l->gso);
	/* Each datagram of it has its own DSCP to be remarked. */
	KUNIT_EXPECT_FALSE(test, offers & NETIF_F_GSO_FRAGLIST);
	if (l->csum)
		KUNIT_EXPECT_TRUE(test, offers & NETIF_F_SG);
	unlisten(test, l, other->host);
	rtnl_unlock();
	vtap_test_pair_destroy(other);
}

/* What the administrator turned off on the host end stays off. */
static void own_wish(struct kunit *test)
{
	const struct listener bridge = { .upper = true, .handler = true };
	struct vtap_test_pair *pair = test->priv, *other;

	other = vtap_test_pair_create(test, "kunit1");
	rtnl_lock();
	set_features(pair->host, NETIF_F_TSO);
	listen(test, &bridge, other->host);
	KUNIT_EXPECT_FALSE(test, pair->host->features & NETIF_F_TSO);
	KUNIT_EXPECT_TRUE(test, pair->host->features & NETIF_F_TSO6);
	unlisten(test, &bridge, other->host);
	rtnl_unlock();
	vtap_test_pair_destroy(other);
}

/* Several datagrams in one packet, whose sums are not there yet. */
static struct sk_buff *merged(struct kunit *test, unsigned int size)
{
	unsigned int i, len = SEGMENTS * size;
	u8 *data = kunit_kmalloc(test, len, GFP_KERNEL);
	struct sk_buff *skb;
	struct udphdr *udp;

	KUNIT_ASSERT_NOT_NULL(test, data);
	for (i = 0; i < len; i++)
		data[i] = i ^ i >> 8;
	skb = vtap_test_udp(test, STATION_IP, GATEWAY_IP, 1000, 2000, data,
			    len);
	skb_reset_network_header(skb);
	skb_set_transport_header(skb, sizeof(struct iphdr));
	KUNIT_ASSERT_TRUE(test,
			  skb_partial_csum_set(skb, sizeof(struct iphdr),
					       offsetof(struct udphdr, check)));
	udp = udp_hdr(skb);
	udp->check = ~csum_tcpudp_magic(STATION_IP, GATEWAY_IP,
					ntohs(udp->len), IPPROTO_UDP, 0);
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	skb_shinfo(skb)->gso_size = size;
	skb_shinfo(skb)->gso_segs = SEGMENTS;
	return skb;
}

/* As if it was made before the host end's offers changed. */
static void send(struct vtap_test_pair *pair, struct sk_buff *skb)
{
	skb->dev = pair->host;
	local_bh_disable();
	rcu_read_lock();
	vtap_tx(pair->port, skb);
	rcu_read_unlock();
	local_bh_enable();
}

static void expect_segment(struct kunit *test, struct sk_buff *frame,
			   bool partial)
{
	const struct iphdr *iph = (const void *)frame->data + ETH_HLEN;

	KUNIT_EXPECT_FALSE(test, skb_is_gso(frame));
	KUNIT_EXPECT_MEMEQ(test, frame->data, GATEWAY_MAC, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, frame->len, ETH_HLEN + HEADERS + SIZE);
	KUNIT_EXPECT_EQ(test, ntohs(iph->tot_len), HEADERS + SIZE);
	KUNIT_EXPECT_EQ(test, ip_fast_csum((u8 *)iph, iph->ihl), 0);
	KUNIT_EXPECT_EQ(test, frame->ip_summed == CHECKSUM_PARTIAL, partial);
	KUNIT_EXPECT_EQ(test, vtap_test_udp_sum_good(iph), !partial);
}

static void expect_all(struct kunit *test, const struct listener *l)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < l->frames; i++) {
		skb = vtap_test_next(test, &pair->to_vpn);
		if (l->frames > 1) {
			expect_segment(test, skb, l->partial);
		} else {
			KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
			KUNIT_EXPECT_EQ(test, skb->len, ETH_HLEN + HEADERS +
					SEGMENTS * SIZE);
			KUNIT_EXPECT_EQ(test,
					skb->ip_summed == CHECKSUM_PARTIAL,
					l->partial);
		}
		kfree_skb(skb);
	}
	vtap_test_expect_silence(test, &pair->to_vpn);
}

static void in_flight(struct kunit *test)
{
	const struct listener *l = test->param_value;
	struct vtap_test_pair *pair = test->priv, *other;
	struct sk_buff *skb;

	other = vtap_test_pair_create(test, "kunit1");
	vtap_test_know(test, pair, vtap_test_mapped(GATEWAY_IP));
	rtnl_lock();
	listen(test, l, other->host);
	rtnl_unlock();
	send(pair, merged(test, SIZE));
	expect_all(test, l);
	/* A guest's or a program's own, which the core looked at. */
	skb = merged(test, SIZE);
	skb_shinfo(skb)->gso_type |= SKB_GSO_DODGY;
	send(pair, skb);
	expect_all(test, l);
	rtnl_lock();
	unlisten(test, l, other->host);
	rtnl_unlock();
	vtap_test_pair_destroy(other);
}

/* Not merged, but its sum is left. */
static void sum_in_flight(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = merged(test, SIZE / SEGMENTS);

	vtap_test_know(test, pair, vtap_test_mapped(GATEWAY_IP));
	skb_gso_reset(skb);
	send(pair, skb);
	skb = vtap_test_next(test, &pair->to_vpn);
	expect_segment(test, skb, false);
	kfree_skb(skb);
}

/* Each segment is too big itself, and nothing forbids to cut it. */
static void too_big_segments(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct flowi4 fl4 = {
		.daddr = GATEWAY_IP, .flowi4_oif = pair->host->ifindex,
	};
	unsigned int i, size = 2000;
	struct sk_buff *skb;
	struct rtable *rt;

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_know(test, pair, vtap_test_mapped(GATEWAY_IP));
	rt = ip_route_output_key(&init_net, &fl4);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, rt);
	skb = merged(test, size);
	skb_dst_set(skb, &rt->dst);
	send(pair, skb);
	for (i = 0; i < 2 * SEGMENTS; i++) {
		const struct iphdr *iph;

		skb = vtap_test_next(test, &pair->to_vpn);
		iph = (const void *)skb->data + ETH_HLEN;
		KUNIT_EXPECT_EQ(test, !!(iph->frag_off & htons(IP_MF)),
				i % 2 == 0);
		KUNIT_EXPECT_EQ(test, !!(iph->frag_off & htons(IP_OFFSET)),
				i % 2 == 1);
		kfree_skb(skb);
	}
	vtap_test_expect_silence(test, &pair->to_vpn);
}

/* From the VPN all of it crosses in one piece. */
static void from_vpn(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = merged(test, SIZE);

	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
	skb = vtap_test_next(test, &pair->to_host);
	KUNIT_EXPECT_TRUE(test, skb_is_gso(skb));
	KUNIT_EXPECT_EQ(test, skb_shinfo(skb)->gso_size, SIZE);
	KUNIT_EXPECT_EQ(test, skb->len, HEADERS + SEGMENTS * SIZE);
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_PARTIAL);
	kfree_skb(skb);
	vtap_test_expect_silence(test, &pair->to_host);
}

/* A sender that says both is wrong, and nobody knows in what. */
static void merged_fragment(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = merged(test, SIZE);

	ip_hdr(skb)->frag_off = htons(IP_MF);
	vtap_test_sum_ipv4(skb->data);
	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	skb->dev = pair->ethernet;
	local_bh_disable();
	rcu_read_lock();
	pair->ethernet->netdev_ops->ndo_start_xmit(skb, pair->ethernet);
	rcu_read_unlock();
	local_bh_enable();
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_FRAG_INVALID), 1);
}

static struct kunit_case offload_cases[] = {
	KUNIT_CASE_PARAM(offered, listener_gen_params),
	KUNIT_CASE(own_wish),
	KUNIT_CASE_PARAM(in_flight, listener_gen_params),
	KUNIT_CASE(sum_in_flight),
	KUNIT_CASE(too_big_segments),
	KUNIT_CASE(from_vpn),
	KUNIT_CASE(merged_fragment),
	{}
};

static struct kunit_suite offload_suite = {
	.name = "vtap_offload",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = offload_cases,
};

kunit_test_suite(offload_suite);
