// SPDX-License-Identifier: GPL-2.0
/* VLAN tags and the host ends that they lead to. */

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <uapi/linux/virtualtap.h>

#include "l2.h"
#include "utils.h"
#include "vlan.h"

/* IEEE 802.1Q: ids of either protocol are different VLANs; 0 is none. */
static void keys_differ(struct kunit *test)
{
	unsigned long *seen = bitmap_zalloc(2 * VLAN_N_VID, GFP_KERNEL);
	unsigned int id, key;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	KUNIT_EXPECT_EQ(test, vtap_vlan_key(htons(ETH_P_8021Q), 0), 0);
	KUNIT_EXPECT_EQ(test, vtap_vlan_key(htons(ETH_P_8021AD), 0), 0);
	set_bit(0, seen);
	for (id = 1; id < VLAN_N_VID; id++) {
		key = vtap_vlan_key(htons(ETH_P_8021Q), id);
		KUNIT_ASSERT_LT(test, key, 2 * VLAN_N_VID);
		KUNIT_EXPECT_FALSE(test, test_and_set_bit(key, seen));
		key = vtap_vlan_key(htons(ETH_P_8021AD), id);
		KUNIT_ASSERT_LT(test, key, 2 * VLAN_N_VID);
		KUNIT_EXPECT_FALSE(test, test_and_set_bit(key, seen));
	}
	bitmap_free(seen);
}

#define ADDRESSES	"02005e102030aabbccddeeff"

/* A frame: what is in it from its type on, and the tag that is beside it. */
struct form_case {
	const char *name;
	const char *hex;
	u16 beside_protocol;
	u16 beside_tci;
	u16 type;
	unsigned int key;
	bool tagged;
	unsigned int hlen;
};

static const struct form_case form_cases[] = {
	{ .name = "untagged", .hex = "080045000014", .type = ETH_P_IP,
	  .hlen = 14 },
	{ .name = "802.1Q in the frame", .hex = "8100000a080045000014",
	  .type = ETH_P_IP, .key = 10, .tagged = true, .hlen = 18 },
	{ .name = "802.1ad in the frame", .hex = "88a8000a86dd60000000",
	  .type = ETH_P_IPV6, .key = 4096 + 10, .tagged = true, .hlen = 18 },
	{ .name = "802.1Q beside the frame", .hex = "080045000014",
	  .beside_protocol = ETH_P_8021Q, .beside_tci = 10, .type = ETH_P_IP,
	  .key = 10, .tagged = true, .hlen = 14 },
	{ .name = "802.1ad beside the frame", .hex = "080045000014",
	  .beside_protocol = ETH_P_8021AD, .beside_tci = 10, .type = ETH_P_IP,
	  .key = 4096 + 10, .tagged = true, .hlen = 14 },
	{ .name = "priority and DEI are not the id", .type = ETH_P_IP,
	  .hex = "8100f00a080045000014", .key = 10, .tagged = true,
	  .hlen = 18 },
	{ .name = "priority and DEI beside the frame", .hex = "080045000014",
	  .beside_protocol = ETH_P_8021Q, .beside_tci = 0xf00a,
	  .type = ETH_P_IP, .key = 10, .tagged = true, .hlen = 14 },
	{ .name = "priority tag in the frame", .type = ETH_P_IP,
	  .hex = "8100e000080045000014", .tagged = true, .hlen = 18 },
	{ .name = "802.1ad priority tag in the frame", .type = ETH_P_IP,
	  .hex = "88a8e000080045000014", .tagged = true, .hlen = 18 },
	{ .name = "priority tag beside the frame", .hex = "080045000014",
	  .beside_protocol = ETH_P_8021Q, .beside_tci = 0xe000,
	  .type = ETH_P_IP, .tagged = true, .hlen = 14 },
	{ .name = "id 4095", .hex = "81000fff080045000014",
	  .type = ETH_P_IP, .key = 4095, .tagged = true, .hlen = 18 },
	{ .name = "two in the frame", .type = ETH_P_8021Q, .key = 4096 + 10,
	  .hex = "88a8000a81000014080045000014", .tagged = true,
	  .hlen = 18 },
	{ .name = "one beside, one in the frame", .type = ETH_P_8021Q,
	  .hex = "81000014080045000014", .key = 10, .tagged = true,
	  .beside_protocol = ETH_P_8021Q, .beside_tci = 10, .hlen = 14 },
	{ .name = "priority tag beside, one in the frame", .type = ETH_P_8021Q,
	  .hex = "81000014080045000014", .tagged = true,
	  .beside_protocol = ETH_P_8021Q, .beside_tci = 0xe000, .hlen = 14 },
};

KUNIT_ARRAY_PARAM_DESC(form, form_cases, name);

static u8 *form_bytes(struct kunit *test, const struct form_case *c,
		      size_t *len)
{
	char hex[80];

	snprintf(hex, sizeof(hex), ADDRESSES "%s", c->hex);
	return vtap_test_hex(test, hex, len);
}

static void put_beside(struct sk_buff *skb, const struct form_case *c)
{
	if (c->beside_protocol)
		__vlan_hwaccel_put_tag(skb, htons(c->beside_protocol),
				       c->beside_tci);
}

/* The packet is left, in whatever part of the skb the headers are. */
static void forms_are_parsed(struct kunit *test)
{
	const struct form_case *c = test->param_value;
	size_t len, linear;
	u8 *bytes = form_bytes(test, c, &len);

	for (linear = 0; linear <= len; linear++) {
		struct sk_buff *skb = vtap_test_split_skb(test, bytes, len,
							  linear);
		struct vtap_frame frame;

		put_beside(skb, c);
		KUNIT_EXPECT_EQ(test, (int)vtap_vlan_parse(skb, &frame),
				VTAP_CONTINUE);
		KUNIT_EXPECT_MEMEQ(test, &frame.eth, bytes, 2 * ETH_ALEN);
		KUNIT_EXPECT_EQ(test, ntohs(frame.eth.h_proto), c->type);
		KUNIT_EXPECT_EQ(test, frame.key, c->key);
		KUNIT_EXPECT_EQ(test, frame.tagged, c->tagged);
		KUNIT_EXPECT_FALSE(test, skb_vlan_tag_present(skb));
		KUNIT_EXPECT_EQ(test, skb->len, len - c->hlen);
		KUNIT_EXPECT_MEMEQ(test, skb_mac_header(skb), bytes, ETH_HLEN);
		KUNIT_EXPECT_EQ(test, skb->data - skb_mac_header(skb), c->hlen);
		kfree_skb(skb);
	}
}

/* Cut off anywhere in header or tag: a runt. */
static void cut_off_forms_are_runts(struct kunit *test)
{
	const struct form_case *c = test->param_value;
	size_t len, n;
	u8 *bytes = form_bytes(test, c, &len);

	for (n = 0; n < c->hlen; n++) {
		u8 *exact = vtap_test_exact(test, bytes, n);
		struct sk_buff *skb = vtap_test_skb(test, exact, n);
		struct vtap_frame frame;

		put_beside(skb, c);
		KUNIT_EXPECT_EQ(test, (int)vtap_vlan_parse(skb, &frame),
				VTAP_RX_DROP_RUNT);
		KUNIT_EXPECT_EQ(test, skb->len, n);
		kfree_skb(skb);
	}
}

/* What a device summed up covers the headers: they are taken off the sum. */
static void complete_sum_follows(struct kunit *test)
{
	const struct form_case *c = test->param_value;
	struct vtap_frame frame;
	struct sk_buff *skb;
	size_t len;
	u8 *bytes = form_bytes(test, c, &len);

	skb = vtap_test_skb(test, bytes, len);
	put_beside(skb, c);
	skb->ip_summed = CHECKSUM_COMPLETE;
	skb->csum = csum_partial(bytes, len, 0);
	KUNIT_EXPECT_EQ(test, (int)vtap_vlan_parse(skb, &frame),
			VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, csum_fold(skb->csum),
			csum_fold(csum_partial(bytes + c->hlen, len - c->hlen,
					       0)));
	kfree_skb(skb);
}

/* A host end more, as ``ip link add ... link ... type virtualtap`` makes it. */
struct port_link {
	const char *name;
	const char *link;
	const char *mac;
	const char *peer;
	int vlan;	/* -1: no attribute */
	u16 protocol;
	u8 mode;
};

static struct net_device *find(const char *name)
{
	struct net_device *dev;

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, name);
	rtnl_unlock();
	return dev;
}

static void put_options(struct sk_buff *msg, const struct port_link *link)
{
	if (link->peer) {
		struct nlattr *peer = nla_nest_start(msg, IFLA_VIRTUALTAP_PEER);

		skb_put_zero(msg, sizeof(struct ifinfomsg));
		WARN_ON(nla_put_string(msg, IFLA_IFNAME, link->peer));
		nla_nest_end(msg, peer);
	}
	if (link->vlan >= 0)
		WARN_ON(nla_put_u16(msg, IFLA_VIRTUALTAP_VLAN, link->vlan));
	if (link->protocol)
		WARN_ON(nla_put_be16(msg, IFLA_VIRTUALTAP_VLAN_PROTOCOL,
				     htons(link->protocol)));
	if (link->mode)
		WARN_ON(nla_put_u8(msg, IFLA_VIRTUALTAP_MODE, link->mode));
}

static int create(struct kunit *test, const struct port_link *link)
{
	struct sk_buff *msg = vtap_test_rtnl_link(test, link->name);
	struct nlattr *info, *data;

	if (link->link)
		WARN_ON(nla_put_u32(msg, IFLA_LINK, find(link->link)->ifindex));
	if (link->mac)
		WARN_ON(nla_put(msg, IFLA_ADDRESS, ETH_ALEN, link->mac));
	info = nla_nest_start(msg, IFLA_LINKINFO);
	WARN_ON(nla_put_string(msg, IFLA_INFO_KIND, VTAP_KIND));
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	put_options(msg, link);
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return vtap_test_rtnl(test, msg);
}

/* Ports beside the untagged one of a pair. */
static const struct port_link port_links[] = {
	{ "kunit10", "kunit0-l2", .vlan = 10 },
	{ "kunit10s", "kunit0-l2", .vlan = 10, .protocol = ETH_P_8021AD },
	{ "kunit4094", "kunit0-l2", .vlan = 4094, .mac = OTHER_MAC },
	{ "kunit20e", "kunit0-l2", .vlan = 20, .mode = VIRTUALTAP_MODE_ETHER },
};

enum {
	VLAN_10,
	VLAN_10S,
	VLAN_4094,
	VLAN_20E,
	UNTAGGED,
	ENDS,
};

/* test->priv: the pair is first, so that it serves utils.c as well. */
struct trunk {
	struct vtap_test_pair *pair;
	struct net_device *dev[ENDS];
	struct vtap_test_sink sink[UNTAGGED];
};

static struct vtap_test_sink *sink_of(struct trunk *trunk, unsigned int end)
{
	return end == UNTAGGED ? &trunk->pair->to_host : &trunk->sink[end];
}

static void open_port(struct kunit *test, struct net_device *dev)
{
	vtap_test_open_quietly(test, dev);
	vtap_test_wait_ready(test, dev);
}

static int trunk_init(struct kunit *test)
{
	struct trunk *trunk = kunit_kzalloc(test, sizeof(*trunk), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, trunk);
	test->priv = trunk;
	trunk->pair = vtap_test_pair_create(test, "kunit0");
	trunk->dev[UNTAGGED] = trunk->pair->host;
	for (i = 0; i < UNTAGGED; i++) {
		KUNIT_ASSERT_EQ(test, create(test, &port_links[i]), 0);
		trunk->dev[i] = find(port_links[i].name);
		KUNIT_ASSERT_NOT_NULL(test, trunk->dev[i]);
		open_port(test, trunk->dev[i]);
		vtap_test_sink_start(&trunk->sink[i], trunk->dev[i]);
	}
	return 0;
}

static void trunk_exit(struct kunit *test)
{
	struct trunk *trunk = test->priv;
	unsigned int i;

	for (i = 0; i < UNTAGGED; i++)
		vtap_test_sink_stop(&trunk->sink[i]);
	vtap_test_pair_destroy(trunk->pair);
	for (i = 0; i < UNTAGGED; i++)
		skb_queue_purge(&trunk->sink[i].queue);
}

/* Where a good packet arrives, by its tag. */
struct way_case {
	const char *name;
	u16 protocol;
	u16 tci;
	bool in_frame;
	int end;	/* ENDS: nowhere */
};

static const struct way_case way_cases[] = {
	{ "untagged", 0, 0, false, UNTAGGED },
	{ "10 in the frame", ETH_P_8021Q, 10, true, VLAN_10 },
	{ "10 beside the frame", ETH_P_8021Q, 10, false, VLAN_10 },
	{ "802.1ad 10 in the frame", ETH_P_8021AD, 10, true, VLAN_10S },
	{ "802.1ad 10 beside the frame", ETH_P_8021AD, 10, false, VLAN_10S },
	{ "20 in the frame", ETH_P_8021Q, 20, true, VLAN_20E },
	{ "20 beside the frame", ETH_P_8021Q, 20, false, VLAN_20E },
	{ "10 with a priority", ETH_P_8021Q, 0xe00a, true, VLAN_10 },
	{ "priority tag in the frame", ETH_P_8021Q, 0xe000, true, UNTAGGED },
	{ "priority tag beside it", ETH_P_8021Q, 0xe000, false, UNTAGGED },
	{ "802.1ad 20", ETH_P_8021AD, 20, true, ENDS },
	{ "11", ETH_P_8021Q, 11, true, ENDS },
	{ "11 beside the frame", ETH_P_8021Q, 11, false, ENDS },
	{ "4095", ETH_P_8021Q, 4095, true, ENDS },
};

KUNIT_ARRAY_PARAM_DESC(way, way_cases, name);

static struct sk_buff *to_station(struct kunit *test)
{
	return vtap_test_udp(test, GATEWAY_IP, STATION_IP, 2000, 1000, "hello",
			     5);
}

static struct sk_buff *tagged(struct kunit *test, const struct way_case *c)
{
	struct sk_buff *skb = to_station(test);

	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	if (!c->protocol)
		return skb;
	if (!c->in_frame) {
		__vlan_hwaccel_put_tag(skb, htons(c->protocol), c->tci);
		return skb;
	}
	skb = vlan_insert_tag_set_proto(skb, htons(c->protocol), c->tci);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	return skb;
}

static void expect_packet(struct kunit *test, struct vtap_test_sink *sink,
			  bool ether)
{
	struct sk_buff *wanted = to_station(test);

	if (ether)
		vtap_test_push_ethernet(wanted, STATION_MAC, GATEWAY_MAC);
	vtap_test_expect_frame(test, sink, wanted->data, wanted->len);
	kfree_skb(wanted);
}

static u64 unknown(const struct trunk *trunk)
{
	return vtap_stats_read(vtap_of(trunk->pair->ethernet)->stats,
			       VTAP_STAT_MAX + VTAP_RX_DROP_UNKNOWN_VLAN -
			       VTAP_RX_DROP_FIRST);
}

/* To one host end, and to no other; one in Ethernet mode sees a header without
 * the tag.
 */
static void frames_find_their_port(struct kunit *test)
{
	const struct way_case *c = test->param_value;
	struct trunk *trunk = test->priv;
	unsigned int i;

	vtap_test_transmit(test, trunk->pair->ethernet, tagged(test, c));
	if (c->end != ENDS)
		expect_packet(test, sink_of(trunk, c->end),
			      c->end == VLAN_20E);
	for (i = 0; i < ENDS; i++) {
		struct vtap_port *port = vtap_port_of(trunk->dev[i]);
		unsigned int here = i == c->end;

		vtap_test_expect_silence(test, sink_of(trunk, i));
		KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_IPV4),
				here);
		KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_VLAN),
				here && c->protocol);
	}
	KUNIT_EXPECT_EQ(test, unknown(trunk), c->end == ENDS);
}

static void two_tags_are_dropped(struct kunit *test)
{
	const struct way_case c = { "", ETH_P_8021Q, 20, true, ENDS };
	struct trunk *trunk = test->priv;
	struct sk_buff *skb = tagged(test, &c);

	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 10);
	vtap_test_transmit(test, trunk->pair->ethernet, skb);
	vtap_test_expect_silence(test, &trunk->sink[VLAN_10]);
	vtap_test_expect_silence(test, &trunk->sink[VLAN_20E]);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(vtap_port_of(trunk->dev[VLAN_10]),
					      VTAP_RX_DROP_VLAN_NESTED), 1);
}

/* All that a host end sends has its tag: packets, and what it asks. */
static void frames_get_the_tag(struct kunit *test)
{
	static const struct {
		unsigned int end;
		u16 protocol;
		u16 id;
		const char *mac;
	} cases[] = {
		{ UNTAGGED, 0, 0, STATION_MAC },
		{ VLAN_10, ETH_P_8021Q, 10, STATION_MAC },
		{ VLAN_10S, ETH_P_8021AD, 10, STATION_MAC },
		{ VLAN_4094, ETH_P_8021Q, 4094, OTHER_MAC },
	};
	struct trunk *trunk = test->priv;
	struct sk_buff *skb, *frame;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct net_device *dev = trunk->dev[cases[i].end];
		bool has_tag;

		/* A broadcast needs no neighbour; the second one asks. */
		skb = vtap_test_udp(test, STATION_IP, IP4(255, 255, 255, 255),
				    1000, 2000, "hello", 5);
		vtap_test_transmit(test, dev, skb);
		skb = vtap_test_udp(test, STATION_IP, GATEWAY_IP, 1000, 2000,
				    "hello", 5);
		vtap_test_transmit(test, dev, skb);
		while (skb_queue_len(&trunk->pair->to_vpn.queue) < 2)
			schedule_timeout_uninterruptible(1);
		while ((frame = skb_dequeue(&trunk->pair->to_vpn.queue))) {
			has_tag = skb_vlan_tag_present(frame);
			KUNIT_EXPECT_EQ(test, has_tag, !!cases[i].protocol);
			KUNIT_EXPECT_EQ(test, skb_vlan_tag_get(frame),
					cases[i].id);
			KUNIT_EXPECT_EQ(test, ntohs(frame->vlan_proto),
					cases[i].protocol);
			KUNIT_EXPECT_MEMEQ(test, eth_hdr(frame)->h_source,
					   cases[i].mac, ETH_ALEN);
			kfree_skb(frame);
		}
	}
}

/* The next frame that goes to the VPN. */
static u16 next_tci(struct kunit *test, struct trunk *trunk)
{
	struct sk_buff *frame = vtap_test_next(test, &trunk->pair->to_vpn);
	u16 tci = skb_vlan_tag_get(frame);

	kfree_skb(frame);
	return tci;
}

static struct sk_buff *marked(struct kunit *test, __be32 daddr, u8 dscp)
{
	struct sk_buff *skb = vtap_test_udp(test, STATION_IP, daddr, 1000,
					    2000, "hello", 5);

	ip_hdr(skb)->tos = dscp << 2;
	vtap_test_sum_ipv4(skb->data);
	return skb;
}

/* Option vlan_qos: of packets, not of what asks for their next hop. */
static void tag_has_a_priority(struct kunit *test)
{
	static const __be32 all = IP4(255, 255, 255, 255);
	struct trunk *trunk = test->priv;
	struct net_device *dev = trunk->dev[VLAN_10];

	vtap_test_transmit(test, dev, marked(test, all, 46));
	KUNIT_EXPECT_EQ(test, next_tci(test, trunk), 10);
	WRITE_ONCE(vtap_port_of(dev)->opt.vlan_qos, VIRTUALTAP_VLAN_QOS_DSCP);
	vtap_test_transmit(test, dev, marked(test, all, 46));
	KUNIT_EXPECT_EQ(test, next_tci(test, trunk), 6 << 13 | 10);
	vtap_test_transmit(test, dev, marked(test, all, 0));
	KUNIT_EXPECT_EQ(test, next_tci(test, trunk), 10);
	vtap_test_transmit(test, dev, marked(test, GATEWAY_IP, 46));
	KUNIT_EXPECT_EQ(test, next_tci(test, trunk), 10);
}

/* Whatever header the stack pushes, the frame is the translator's. */
static void ethernet_mode_strips_the_header(struct kunit *test)
{
	static const char bogus[] = "\x02\x99\x99\x99\x99\x99";
	struct trunk *trunk = test->priv;
	struct net_device *dev = trunk->dev[VLAN_20E];
	struct sk_buff *skb, *wanted;

	KUNIT_EXPECT_EQ(test, dev->type, ARPHRD_ETHER);
	KUNIT_EXPECT_TRUE(test, dev->flags & IFF_NOARP);
	skb = vtap_test_udp(test, STATION_IP, IP4(255, 255, 255, 255), 1000,
			    2000, "hello", 5);
	wanted = skb_copy_expand(skb, 64, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, wanted);
	vtap_test_push_ethernet(wanted, BROADCAST_MAC, STATION_MAC);
	vtap_test_push_ethernet(skb, bogus, bogus);
	vtap_test_transmit(test, dev, skb);
	vtap_test_expect_frame(test, &trunk->pair->to_vpn, wanted->data,
			       wanted->len);
	kfree_skb(wanted);
}

/* A header that is cut off, or of something that is not IP. */
static void ethernet_mode_takes_ip_only(struct kunit *test)
{
	static const struct vtap_test_arp arp = {
		.op = ARPOP_REQUEST, .dest = BROADCAST_MAC, .sha = STATION_MAC,
		.sip = STATION_IP, .tip = GATEWAY_IP,
	};
	struct trunk *trunk = test->priv;
	struct net_device *dev = trunk->dev[VLAN_20E];
	struct sk_buff *skb = vtap_test_skb(test, arp.sha, ETH_ALEN);

	vtap_test_transmit_paged(test, dev, skb, ETH_ALEN);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(vtap_port_of(dev),
					      VTAP_TX_DROP_NOT_IP), 1);
	vtap_test_transmit(test, dev, vtap_test_arp(test, &arp));
	vtap_test_expect_silence(test, &trunk->pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(vtap_port_of(dev),
					      VTAP_TX_DROP_NOT_IP), 2);
}

static void station_mac_is_the_first_ports(struct kunit *test)
{
	struct trunk *trunk = test->priv;

	KUNIT_EXPECT_MEMEQ(test, trunk->dev[VLAN_10]->dev_addr, STATION_MAC,
			   ETH_ALEN);
	KUNIT_EXPECT_MEMEQ(test, trunk->dev[VLAN_4094]->dev_addr, OTHER_MAC,
			   ETH_ALEN);
	KUNIT_EXPECT_EQ(test, trunk->dev[VLAN_10]->addr_assign_type,
			NET_ADDR_STOLEN);
	KUNIT_EXPECT_EQ(test, trunk->dev[VLAN_4094]->addr_assign_type,
			NET_ADDR_SET);
}

static void close(struct net_device *dev)
{
	rtnl_lock();
	dev_close(dev);
	rtnl_unlock();
}

/* The Ethernet end while any host end is up, a host end while both are. */
static void carrier_follows(struct kunit *test)
{
	struct trunk *trunk = test->priv;
	struct net_device *ethernet = trunk->pair->ethernet;
	unsigned int i;

	for (i = 0; i < ENDS; i++) {
		KUNIT_EXPECT_TRUE(test, netif_carrier_ok(ethernet));
		KUNIT_EXPECT_TRUE(test, netif_carrier_ok(trunk->dev[i]));
		close(trunk->dev[i]);
		KUNIT_EXPECT_FALSE(test, netif_carrier_ok(trunk->dev[i]));
	}
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(ethernet));
	open_port(test, trunk->dev[VLAN_10]);
	KUNIT_EXPECT_TRUE(test, netif_carrier_ok(ethernet));
	close(ethernet);
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(trunk->dev[VLAN_10]));
}

/* A later one goes alone, and makes place for another of its VLAN. */
static void ports_go_alone(struct kunit *test)
{
	const struct port_link again = { "kunit11", "kunit0-l2", .vlan = 10 };
	const struct way_case c = { "", ETH_P_8021Q, 10, true, VLAN_10 };
	struct trunk *trunk = test->priv;
	struct net_device *dev;

	vtap_test_sink_stop(&trunk->sink[VLAN_10]);
	KUNIT_EXPECT_NOT_NULL(test, find("kunit10"));
	vtap_test_delete(test, "kunit10");
	KUNIT_EXPECT_NULL(test, find("kunit10"));
	vtap_test_transmit(test, trunk->pair->ethernet, tagged(test, &c));
	vtap_test_expect_silence(test, &trunk->pair->to_host);
	KUNIT_EXPECT_EQ(test, unknown(trunk), 1);
	KUNIT_EXPECT_EQ(test, vtap_of(trunk->pair->ethernet)->up, ENDS - 1);

	KUNIT_ASSERT_EQ(test, create(test, &again), 0);
	dev = find("kunit11");
	KUNIT_ASSERT_NOT_NULL(test, dev);
	open_port(test, dev);
	vtap_test_sink_start(&trunk->sink[VLAN_10], dev);
	vtap_test_transmit(test, trunk->pair->ethernet, tagged(test, &c));
	expect_packet(test, &trunk->sink[VLAN_10], false);
}

struct refused_case {
	const char *name;
	struct port_link link;
	int err;
};

static const struct refused_case refused_cases[] = {
	{ "a VLAN twice", { "kunitx", "kunit0-l2", .vlan = 10 }, -EEXIST },
	{ "802.1ad twice", { "kunitx", "kunit0-l2", .vlan = 10,
			     .protocol = ETH_P_8021AD }, -EEXIST },
	{ "untagged twice", { "kunitx", "kunit0-l2", .vlan = -1 }, -EEXIST },
	{ "id 0", { "kunitx", "kunit0-l2", .vlan = 0 }, -ERANGE },
	{ "id 4095", { "kunitx", "kunit0-l2", .vlan = 4095 }, -ERANGE },
	{ "no pair with id 4095", { "kunitx", .vlan = 4095 }, -ERANGE },
	{ "another protocol", { "kunitx", "kunit0-l2", .vlan = 30,
				.protocol = ETH_P_IP }, -EINVAL },
	{ "a protocol without a VLAN", { "kunitx", "kunit0-l2", .vlan = -1,
					 .protocol = ETH_P_8021AD }, -EINVAL },
	{ "a peer on a link", { "kunitx", "kunit0-l2", .vlan = 30,
				.peer = "kunity" }, -EINVAL },
	{ "on a host end", { "kunitx", "kunit0", .vlan = 30 }, -EINVAL },
	{ "on one in Ethernet mode", { "kunitx", "kunit20e", .vlan = 30 },
	  -EINVAL },
	{ "on the loopback", { "kunitx", "lo", .vlan = 30 }, -EINVAL },
	{ "with the Ethernet end's address", { "kunitx", "kunit0-l2",
					       .vlan = 30, .mac = "L2" },
	  -EADDRNOTAVAIL },
	{ "another mode", { "kunitx", "kunit0-l2", .vlan = 30, .mode = 2 },
	  -ERANGE },
};

KUNIT_ARRAY_PARAM_DESC(refused, refused_cases, name);

static void bad_ports_are_refused(struct kunit *test)
{
	const struct refused_case *c = test->param_value;
	const struct way_case to10 = { "", ETH_P_8021Q, 10, true, VLAN_10 };
	struct trunk *trunk = test->priv;
	struct port_link link = c->link;

	if (link.mac)
		link.mac = trunk->pair->ethernet->dev_addr;
	KUNIT_EXPECT_EQ(test, create(test, &link), c->err);
	KUNIT_EXPECT_NULL(test, find("kunitx"));
	KUNIT_EXPECT_NULL(test, find("kunity"));
	/* All is as it was. */
	vtap_test_transmit(test, trunk->pair->ethernet, tagged(test, &to10));
	expect_packet(test, &trunk->sink[VLAN_10], false);
}

static struct kunit_case vlan_test_cases[] = {
	KUNIT_CASE(keys_differ),
	KUNIT_CASE_PARAM(forms_are_parsed, form_gen_params),
	KUNIT_CASE_PARAM(cut_off_forms_are_runts, form_gen_params),
	KUNIT_CASE_PARAM(complete_sum_follows, form_gen_params),
	{}
};

static struct kunit_suite vlan_suite = {
	.name = "vtap_vlan",
	.test_cases = vlan_test_cases,
};

static struct kunit_case port_test_cases[] = {
	KUNIT_CASE_PARAM(frames_find_their_port, way_gen_params),
	KUNIT_CASE(two_tags_are_dropped),
	KUNIT_CASE(frames_get_the_tag),
	KUNIT_CASE(tag_has_a_priority),
	KUNIT_CASE(ethernet_mode_strips_the_header),
	KUNIT_CASE(ethernet_mode_takes_ip_only),
	KUNIT_CASE(station_mac_is_the_first_ports),
	KUNIT_CASE(carrier_follows),
	KUNIT_CASE(ports_go_alone),
	KUNIT_CASE_PARAM(bad_ports_are_refused, refused_gen_params),
	{}
};

static struct kunit_suite port_suite = {
	.name = "vtap_port",
	.init = trunk_init,
	.exit = trunk_exit,
	.test_cases = port_test_cases,
};

kunit_test_suites(&vlan_suite, &port_suite);
