// SPDX-License-Identifier: GPL-2.0
/* A real pair of devices: the reference vectors, what passes and what does not,
 * creation by rtnetlink.
 */

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/neighbour.h>
#include <uapi/linux/virtualtap.h>

#include "rtnl.h"
#include "utils.h"

#define V2 "450000140000000040110000c0a80164c0a80101"
#define V3 "02005e102030aabbccddeeff0800450000140000000040110000c0a80101c0a80164"
#define V4 "ffffffffffffaabbccddeeff08060001080006040001aabbccddeeffc0a80101000000000000c0a80164"
#define V4R "aabbccddeeff02005e1020300806000108000604000202005e102030c0a80164aabbccddeeffc0a80101"
#define V5 "6000000000003b4020010db800000000000000000000000120010db8000000000000000000000002"
#define V6 "02005e102030aabbccddeeff86dd" V5

static const struct vtap_test_arp station_asks = {
	.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
	.sha = STATION_MAC, .sip = STATION_IP, .tip = GATEWAY_IP,
};

static const struct vtap_test_arp gateway_answers = {
	.op = ARPOP_REPLY, .dest = STATION_MAC,
	.sha = GATEWAY_MAC, .sip = GATEWAY_IP,
	.tha = STATION_MAC, .tip = STATION_IP,
};

static struct sk_buff *vector(struct kunit *test, const char *hex, __be16 proto)
{
	size_t len;
	u8 *data = vtap_test_hex(test, hex, &len);
	struct sk_buff *skb = vtap_test_skb(test, data, len);

	skb->protocol = proto;
	return skb;
}

/* Reference test 2. */
static void vector_ip_to_ethernet(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = vector(test, V2, htons(ETH_P_IP)), *wanted;
	struct rtnl_link_stats64 before, after;

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_sum_ipv4(skb->data);
	wanted = vtap_test_skb(test, skb->data, skb->len);
	wanted->protocol = skb->protocol;
	vtap_test_push_ethernet(wanted, GATEWAY_MAC, STATION_MAC);

	dev_get_stats(pair->host, &before);
	vtap_test_transmit(test, pair->host, skb);
	vtap_test_expect_arp(test, pair, &station_asks);
	vtap_test_expect_silence(test, &pair->to_vpn);
	vtap_test_from_vpn(test, pair, &gateway_answers);
	vtap_test_expect_frame(test, &pair->to_vpn, wanted->data, wanted->len);
	dev_get_stats(pair->host, &after);
	KUNIT_EXPECT_EQ(test, after.tx_packets - before.tx_packets, 1);
	KUNIT_EXPECT_EQ(test, after.tx_bytes - before.tx_bytes, 20);
	kfree_skb(wanted);
}

/* Reference test 3. */
static void vector_ethernet_to_ip(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = vector(test, V3, htons(ETH_P_IP)), *wanted;
	struct rtnl_link_stats64 stats;

	vtap_test_sum_ipv4(skb->data + ETH_HLEN);
	wanted = vtap_test_skb(test, skb->data + ETH_HLEN,
			       skb->len - ETH_HLEN);
	vtap_test_transmit(test, pair->ethernet, skb);
	vtap_test_expect_frame(test, &pair->to_host, wanted->data, wanted->len);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_IPV4), 1);
	dev_get_stats(pair->host, &stats);
	KUNIT_EXPECT_EQ(test, stats.rx_packets, 1);
	KUNIT_EXPECT_EQ(test, stats.rx_bytes, 20);
	kfree_skb(wanted);
}

/* Reference test 4. */
static void vector_arp(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_port *port = pair->port;
	size_t len;
	u8 *reply = vtap_test_hex(test, V4R, &len);

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_transmit(test, pair->ethernet,
			   vector(test, V4, htons(ETH_P_ARP)));
	vtap_test_expect_frame(test, &pair->to_vpn, reply, len);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_ARP), 1);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port,
					      VTAP_STAT_ARP_REQUESTS_RECEIVED),
			1);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port,
					      VTAP_STAT_ARP_REQUESTS_HANDLED),
			1);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_ARP_REPLIES_SENT),
			1);
}

/* Reference test 6. */
static void vector_ipv6_from_ethernet(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	size_t len;
	u8 *packet = vtap_test_hex(test, V5, &len);

	vtap_test_transmit(test, pair->ethernet,
			   vector(test, V6, htons(ETH_P_IPV6)));
	vtap_test_expect_frame(test, &pair->to_host, packet, len);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_IPV6), 1);
}

/* A frame from the VPN: what becomes of it. */
struct rx_case {
	const char *name;
	const char *dest;
	const char *source;
	u16 ethertype;
	const char *payload;
	enum vtap_verdict reason;	/* VTAP_CONTINUE: received */
	unsigned int pkt_type;
};

#define GOOD4	"45000014000000004011f723c0a80101c0a80164"
#define GROUP4	"45000014000000004011d919c0a80101e0000016"
/* To 239.128.0.22, whose hardware address is the same; to 255.255.255.255. */
#define TWIN4	"45000014000000004011c999c0a80101ef800016"
#define ALL4	"45000014000000004011b930c0a80101ffffffff"
#define HEAD6	"6000000000003b40fe800000000000000000000000000001"
#define GOOD6	HEAD6 "20010db8000000000000000000000002"
#define GROUP6	HEAD6 "ff020000000000000000000000000016"
#define GROUP4_MAC	"\x01\x00\x5e\x00\x00\x16"
#define GROUP6_MAC	"\x33\x33\x00\x00\x00\x16"

static const struct rx_case rx_cases[] = {
	{ "to the station", STATION_MAC, GATEWAY_MAC, ETH_P_IP, GOOD4,
	  VTAP_CONTINUE, PACKET_HOST },
	{ "to all", BROADCAST_MAC, GATEWAY_MAC, ETH_P_IP, GOOD4,
	  VTAP_CONTINUE, PACKET_BROADCAST },
	{ "to a group", GROUP4_MAC, GATEWAY_MAC, ETH_P_IP, GROUP4,
	  VTAP_CONTINUE, PACKET_MULTICAST },
	{ "to a group of the same MAC", GROUP4_MAC, GATEWAY_MAC, ETH_P_IP,
	  TWIN4, VTAP_CONTINUE, PACKET_MULTICAST },
	{ "to an IPv6 group", GROUP6_MAC, GATEWAY_MAC, ETH_P_IPV6, GROUP6,
	  VTAP_CONTINUE, PACKET_MULTICAST },
	/* As a switch, or a tunnel, may have made of it. */
	{ "a group's, to the station", STATION_MAC, GATEWAY_MAC, ETH_P_IP,
	  GROUP4, VTAP_CONTINUE, PACKET_HOST },
	{ "an IPv6 group's, to the station", STATION_MAC, GATEWAY_MAC,
	  ETH_P_IPV6, GROUP6, VTAP_CONTINUE, PACKET_HOST },
	{ "a group's, to all", BROADCAST_MAC, GATEWAY_MAC, ETH_P_IP, GROUP4,
	  VTAP_CONTINUE, PACKET_BROADCAST },
	{ "an IPv6 group's, to all", BROADCAST_MAC, GATEWAY_MAC, ETH_P_IPV6,
	  GROUP6, VTAP_CONTINUE, PACKET_BROADCAST },
	{ "IPv6, to all", BROADCAST_MAC, GATEWAY_MAC, ETH_P_IPV6, GOOD6,
	  VTAP_CONTINUE, PACKET_BROADCAST },
	{ "all's, to all", BROADCAST_MAC, GATEWAY_MAC, ETH_P_IP, ALL4,
	  VTAP_CONTINUE, PACKET_BROADCAST },
	{ "a group's, to another group", "\x01\x00\x5e\x00\x00\x17",
	  GATEWAY_MAC, ETH_P_IP, GROUP4, VTAP_RX_DROP_MULTICAST },
	{ "an IPv6 group's, to another group", "\x33\x33\x00\x00\x01\x16",
	  GATEWAY_MAC, ETH_P_IPV6, GROUP6, VTAP_RX_DROP_MULTICAST },
	{ "a group's, to an IPv6 group", GROUP6_MAC, GATEWAY_MAC, ETH_P_IP,
	  GROUP4, VTAP_RX_DROP_MULTICAST },
	{ "an IPv6 group's, to an IPv4 group", GROUP4_MAC, GATEWAY_MAC,
	  ETH_P_IPV6, GROUP6, VTAP_RX_DROP_MULTICAST },
	{ "the station's, to a group", GROUP4_MAC, GATEWAY_MAC, ETH_P_IP,
	  GOOD4, VTAP_RX_DROP_MULTICAST },
	/* Its low 23 bits are all set, as those of a group may be. */
	{ "all's, to a group", "\x01\x00\x5e\x7f\xff\xff", GATEWAY_MAC,
	  ETH_P_IP, ALL4, VTAP_RX_DROP_MULTICAST },
	{ "the station's by its bits, to a group",
	  "\x01\x00\x5e\x28\x01\x64", GATEWAY_MAC, ETH_P_IP, GOOD4,
	  VTAP_RX_DROP_MULTICAST },
	{ "the station's IPv6 by its bits, to a group",
	  "\x33\x33\x00\x00\x00\x02", GATEWAY_MAC, ETH_P_IPV6, GOOD6,
	  VTAP_RX_DROP_MULTICAST },
	{ "to a group of another protocol", "\x01\x80\xc2\x00\x00\x00",
	  GATEWAY_MAC, ETH_P_IP, GROUP4, VTAP_RX_DROP_MULTICAST },
	{ "to another", OTHER_MAC, GATEWAY_MAC, ETH_P_IP, GOOD4,
	  VTAP_RX_DROP_OTHER_HOST },
	{ "ARP to another", OTHER_MAC, GATEWAY_MAC, ETH_P_ARP, "0001",
	  VTAP_RX_DROP_OTHER_HOST },
	{ "from a group", STATION_MAC, "\x01\x00\x5e\x00\x00\x16", ETH_P_IP,
	  GOOD4, VTAP_RX_DROP_BAD_SOURCE },
	{ "from all", STATION_MAC, BROADCAST_MAC, ETH_P_IP, GOOD4,
	  VTAP_RX_DROP_BAD_SOURCE },
	{ "from nobody", STATION_MAC, "\0\0\0\0\0\0", ETH_P_IP, GOOD4,
	  VTAP_RX_DROP_BAD_SOURCE },
	{ "from the station", STATION_MAC, STATION_MAC, ETH_P_IP, GOOD4,
	  VTAP_RX_DROP_BAD_SOURCE },
	{ "not IP", STATION_MAC, GATEWAY_MAC, ETH_P_LOOPBACK, GOOD4,
	  VTAP_RX_DROP_NOT_IP },
	{ "a length, not a type", STATION_MAC, GATEWAY_MAC, 20, GOOD4,
	  VTAP_RX_DROP_NOT_IP },
	{ "IPv4 that says it is IPv6", STATION_MAC, GATEWAY_MAC, ETH_P_IPV6,
	  GOOD4 GOOD4, VTAP_RX_DROP_IP_HEADER },
	{ "no IP header", STATION_MAC, GATEWAY_MAC, ETH_P_IP, "",
	  VTAP_RX_DROP_IP_LENGTH },
	{ "cut short", STATION_MAC, GATEWAY_MAC, ETH_P_IP,
	  "45000015000000004011f722c0a80101c0a80164", VTAP_RX_DROP_IP_LENGTH },
	{ "wrong header checksum", STATION_MAC, GATEWAY_MAC, ETH_P_IP,
	  "450000140000000040110000c0a80101c0a80164",
	  VTAP_RX_DROP_IP_CHECKSUM },
	{ "from a multicast address", STATION_MAC, GATEWAY_MAC, ETH_P_IP,
	  "45000014000000004011d8cbe0000001c0a80164", VTAP_RX_DROP_IP_SOURCE },
	{ "no ARP packet", STATION_MAC, GATEWAY_MAC, ETH_P_ARP, "0001",
	  VTAP_RX_DROP_ARP_INVALID },
};

KUNIT_ARRAY_PARAM_DESC(rx, rx_cases, name);

#define FLOW_HASH	0x12345678

static struct sk_buff *build_frame(struct kunit *test, const struct rx_case *c)
{
	struct sk_buff *skb = vector(test, c->payload, htons(c->ethertype));

	vtap_test_push_ethernet(skb, c->dest, c->source);
	skb_set_hash(skb, FLOW_HASH, PKT_HASH_TYPE_L4);
	return skb;
}

static void expect_received(struct kunit *test, struct vtap_test_pair *pair,
			    const struct rx_case *c)
{
	struct sk_buff *skb = vtap_test_next(test, &pair->to_host);
	unsigned int pkt_type = skb->pkt_type;

	KUNIT_EXPECT_EQ(test, pkt_type, c->pkt_type);
	KUNIT_EXPECT_EQ(test, skb->protocol, htons(c->ethertype));
	KUNIT_EXPECT_PTR_EQ(test, skb->dev, pair->host);
	KUNIT_EXPECT_EQ(test, skb->skb_iif, pair->host->ifindex);
	/* Which receive packet steering goes by. */
	KUNIT_EXPECT_EQ(test, skb->hash, FLOW_HASH);
	kfree_skb(skb);
}

static u64 all_drops(struct vtap_port *port)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < VTAP_DROPS; i++)
		sum += vtap_stats_read(port->stats, VTAP_STAT_MAX + i);
	return sum;
}

static void expect_dropped(struct kunit *test, struct vtap_test_pair *pair,
			   enum vtap_verdict reason)
{
	bool other = reason == VTAP_RX_DROP_OTHER_HOST;
	struct rtnl_link_stats64 stats;

	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port, reason), 1);
	KUNIT_EXPECT_EQ(test, all_drops(pair->port), 1);
	dev_get_stats(pair->host, &stats);
	KUNIT_EXPECT_EQ(test, stats.rx_dropped, other ? 0 : 1);
	KUNIT_EXPECT_EQ(test, stats.rx_otherhost_dropped, other ? 1 : 0);
	KUNIT_EXPECT_EQ(test, stats.rx_packets, 0);
}

static void rx(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const struct rx_case *c = test->param_value;

	vtap_test_transmit(test, pair->ethernet, build_frame(test, c));
	if (c->reason == VTAP_CONTINUE)
		expect_received(test, pair, c);
	else
		expect_dropped(test, pair, c->reason);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_BROADCAST),
			c->dest[0] == '\xff');
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_MULTICAST),
			c->dest[0] == '\x01' || c->dest[0] == '\x33');
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_OTHER),
			c->reason == VTAP_RX_DROP_NOT_IP);
}

/* What a device received was in this buffer. */
struct watch {
	struct packet_type type;
	const struct sk_buff *skb;
	const u8 *head;
};

static int watch_receive(struct sk_buff *skb, struct net_device *dev,
			 struct packet_type *type, struct net_device *orig_dev)
{
	struct watch *watch = container_of(type, struct watch, type);

	if (skb->pkt_type != PACKET_OUTGOING) {
		watch->skb = skb;
		watch->head = skb->head;
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void expect_same_buffer(struct kunit *test, struct net_device *from,
			       struct net_device *to, struct sk_buff *skb,
			       struct vtap_test_sink *sink)
{
	struct watch watch = { .type = {
		.type = htons(ETH_P_ALL), .dev = to, .func = watch_receive,
	} };
	const u8 *head = skb->head;

	dev_add_pack(&watch.type);
	vtap_test_transmit(test, from, skb);
	kfree_skb(vtap_test_next(test, sink));
	dev_remove_pack(&watch.type);
	KUNIT_EXPECT_PTR_EQ(test, watch.skb, (const struct sk_buff *)skb);
	KUNIT_EXPECT_PTR_EQ(test, watch.head, head);
}

/* No copy, and nothing is allocated: with the room that the host end asked for,
 * no more.
 */
static void the_buffer_crosses(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int room = ETH_HLEN + 40;
	struct sk_buff *skb, *copy;

	netdev_set_rx_headroom(pair->ethernet, 40);
	KUNIT_EXPECT_EQ(test, READ_ONCE(pair->host->needed_headroom), room);
	vtap_test_know(test, pair, vtap_test_mapped(GATEWAY_IP));
	skb = vtap_test_udp(test, STATION_IP, GATEWAY_IP, 1, 2, "abcd", 4);
	copy = skb_copy_expand(skb, room, 0, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, copy);
	expect_same_buffer(test, pair->host, pair->ethernet, copy,
			   &pair->to_vpn);
	netdev_reset_rx_headroom(pair->ethernet);
	KUNIT_EXPECT_EQ(test, READ_ONCE(pair->host->needed_headroom), ETH_HLEN);

	ip_hdr(skb)->saddr = GATEWAY_IP;
	ip_hdr(skb)->daddr = STATION_IP;
	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	expect_same_buffer(test, pair->ethernet, pair->host, skb,
			   &pair->to_host);
}

/* An IPv6 packet to the station, behind its addresses; and what is counted. */
struct count6_case {
	const char *name;
	u8 nexthdr;
	const char *payload;
	enum vtap_verdict reason;
	bool icmpv6;
	bool ext;
};

#define ECHO	"8000000000010001"

static const struct count6_case count6_cases[] = {
	{ "UDP", IPPROTO_UDP, "0001000200080000" },
	{ "ICMPv6", IPPROTO_ICMPV6, ECHO, .icmpv6 = true },
	{ "hop-by-hop, ICMPv6", NEXTHDR_HOP, "3a00010400000000" ECHO,
	  .icmpv6 = true, .ext = true },
	{ "options, UDP", NEXTHDR_DEST, "11000104000000000001000200080000",
	  .ext = true },
	{ "three headers", NEXTHDR_HOP,
	  "3c000104000000002c000104000000003a00000012345678" ECHO,
	  .icmpv6 = true, .ext = true },
	{ "first fragment of ICMPv6", NEXTHDR_FRAGMENT,
	  "3a00000112345678" ECHO, .icmpv6 = true, .ext = true },
	{ "last fragment of ICMPv6", NEXTHDR_FRAGMENT,
	  "3a00000812345678" ECHO, .ext = true },
	{ "ESP", NEXTHDR_ESP, "0000000100000001" },
	{ "source routing", NEXTHDR_ROUTING, "3a00000000000000" ECHO,
	  VTAP_RX_DROP_EXT_HEADERS },
	{ "options cut short", NEXTHDR_DEST, "3a01010400000000",
	  VTAP_RX_DROP_EXT_HEADERS },
};

KUNIT_ARRAY_PARAM_DESC(count6, count6_cases, name);

static u64 counted(const struct vtap_test_pair *pair, const char *name)
{
	unsigned int i;

	for (i = 0; i < VTAP_COUNTERS; i++) {
		if (!strcmp(vtap_stats_name(i), name))
			return vtap_stats_read(pair->port->stats, i);
	}
	return U64_MAX;
}

static void ipv6_is_counted(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const struct count6_case *c = test->param_value;
	size_t len;
	u8 *payload = vtap_test_hex(test, c->payload, &len);
	struct sk_buff *skb = vtap_test_ipv6(test, "2001:db8::1",
					     "2001:db8::2", c->nexthdr,
					     payload, len);

	vtap_test_unchecked(pair);
	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
	if (c->reason == VTAP_CONTINUE)
		kfree_skb(vtap_test_next(test, &pair->to_host));
	else
		expect_dropped(test, pair, c->reason);
	KUNIT_EXPECT_EQ(test, counted(pair, "ipv6_packets"), !c->reason);
	KUNIT_EXPECT_EQ(test, counted(pair, "icmpv6_packets"), c->icmpv6);
	KUNIT_EXPECT_EQ(test, counted(pair, "ext_headers"), c->ext);
	KUNIT_EXPECT_EQ(test, counted(pair, "rx_drop_ext_headers"), !!c->reason);
	KUNIT_EXPECT_EQ(test, counted(pair, "ipv4_packets"), 0);
	KUNIT_EXPECT_EQ(test, counted(pair, "multicast_packets"), 0);
}

static void groups_are_counted(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const struct rx_case *c;
	unsigned int good = 0, bad = 0;

	for (c = rx_cases; c < rx_cases + ARRAY_SIZE(rx_cases); c++) {
		if (c->dest[0] != '\x01' && c->dest[0] != '\x33')
			continue;
		good += c->reason == VTAP_CONTINUE;
		bad += c->reason != VTAP_CONTINUE;
		vtap_test_transmit(test, pair->ethernet, build_frame(test, c));
		if (c->reason == VTAP_CONTINUE)
			expect_received(test, pair, c);
	}
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, counted(pair, "multicast_packets"), good + bad);
	KUNIT_EXPECT_EQ(test, counted(pair, "rx_drop_multicast"), bad);
	KUNIT_EXPECT_EQ(test, counted(pair, "broadcast_packets"), 0);
}

static u64 ethernet_drops(struct vtap_test_pair *pair, enum vtap_verdict reason)
{
	return vtap_stats_read(vtap_of(pair->ethernet)->stats,
			       VTAP_STAT_MAX + reason - VTAP_RX_DROP_FIRST);
}

/* What belongs to no host end is counted at the Ethernet end. */
static void rx_runt(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->ethernet,
			   vector(test, "02005e102030aabbccddeeff08", 0));
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, ethernet_drops(pair, VTAP_RX_DROP_RUNT), 1);
	KUNIT_EXPECT_EQ(test, all_drops(pair->port), 0);
}

static void rx_vlan(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const struct rx_case in_band = {
		.dest = STATION_MAC, .source = GATEWAY_MAC,
		.ethertype = ETH_P_8021Q, .payload = "000a0800" GOOD4,
	};
	const struct rx_case good = rx_cases[0];
	struct sk_buff *skb = build_frame(test, &good);

	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 10);
	vtap_test_transmit(test, pair->ethernet, skb);
	vtap_test_transmit(test, pair->ethernet, build_frame(test, &in_band));
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, ethernet_drops(pair, VTAP_RX_DROP_UNKNOWN_VLAN),
			2);
}

static void close_end(struct net_device *dev)
{
	rtnl_lock();
	dev_close(dev);
	rtnl_unlock();
}

/* The core stops to transmit when the carrier is gone, but not at once. */
static void transmit_late(struct net_device *dev, struct sk_buff *skb)
{
	skb->dev = dev;
	local_bh_disable();
	dev->netdev_ops->ndo_start_xmit(skb, dev);
	local_bh_enable();
}

static void rx_while_the_host_end_is_down(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	close_end(pair->host);
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(pair->ethernet));
	transmit_late(pair->ethernet, build_frame(test, rx_cases));
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, ethernet_drops(pair, VTAP_RX_DROP_NO_PORT), 1);
}

static struct sk_buff *to_gateway(struct kunit *test)
{
	return vtap_test_udp(test, STATION_IP, GATEWAY_IP, 1000, 2000, "hello",
			     5);
}

static void tx_while_the_ethernet_end_is_down(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	close_end(pair->ethernet);
	KUNIT_EXPECT_FALSE(test, netif_carrier_ok(pair->host));
	transmit_late(pair->host, to_gateway(test));
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_TX_DROP_NO_ETHERNET), 1);
}

/* What is not for the station teaches nothing, nor does it get an answer. */
static void other_hosts_teach_nothing(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_test_arp arp = {
		.op = ARPOP_REQUEST, .dest = OTHER_MAC, .sha = GATEWAY_MAC,
		.sip = GATEWAY_IP, .tip = STATION_IP,
	};
	struct in6_addr gateway = vtap_test_mapped(GATEWAY_IP);
	struct vtap_mac mac;

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_from_vpn(test, pair, &arp);
	vtap_test_expect_silence(test, &pair->to_vpn);
	rcu_read_lock();
	KUNIT_EXPECT_FALSE(test, vtap_neigh_mac(&pair->port->neigh, &gateway,
						&mac));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_ARP), 0);
	KUNIT_EXPECT_EQ(test, pair->port->neigh.ipv4_entries, 0);
}

static void expect_source(struct kunit *test, struct vtap_test_pair *pair,
			  const char *mac)
{
	struct sk_buff *skb = vtap_test_next(test, &pair->to_vpn);

	KUNIT_EXPECT_MEMEQ(test, eth_hdr(skb)->h_source, mac, ETH_ALEN);
	kfree_skb(skb);
}

static void learn_gateway(struct kunit *test, struct vtap_test_pair *pair)
{
	vtap_test_transmit(test, pair->host, to_gateway(test));
	expect_source(test, pair, STATION_MAC);
	vtap_test_from_vpn(test, pair, &gateway_answers);
	expect_source(test, pair, STATION_MAC);
}

static int set_mac(struct net_device *dev, const char *mac)
{
	struct sockaddr address = { .sa_family = dev->type };
	int err;

	memcpy(address.sa_data, mac, ETH_ALEN);
	rtnl_lock();
	err = dev_set_mac_address(dev, &address, NULL);
	rtnl_unlock();
	return err;
}

static void station_mac_follows_the_host_end(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	learn_gateway(test, pair);
	KUNIT_EXPECT_EQ(test, set_mac(pair->host, OTHER_MAC), 0);
	vtap_test_transmit(test, pair->host, to_gateway(test));
	expect_source(test, pair, OTHER_MAC);
	/* Frames for the former address are another's now. */
	vtap_test_from_vpn(test, pair, &gateway_answers);
	vtap_test_expect_silence(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_OTHER_HOST), 1);
}

static void bad_macs_are_refused(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const char *ethernet = (const char *)pair->ethernet->dev_addr;

	KUNIT_EXPECT_NE(test, set_mac(pair->host, BROADCAST_MAC), 0);
	KUNIT_EXPECT_NE(test, set_mac(pair->host, "\0\0\0\0\0\0"), 0);
	KUNIT_EXPECT_NE(test, set_mac(pair->host, "\x01\0\x5e\0\0\1"), 0);
	KUNIT_EXPECT_NE(test, set_mac(pair->host, ethernet), 0);
	KUNIT_EXPECT_NE(test, set_mac(pair->ethernet, STATION_MAC), 0);
	KUNIT_EXPECT_MEMEQ(test, pair->port->station.addr, STATION_MAC,
			   ETH_ALEN);
}

static void expect_pkt_type(struct kunit *test, struct vtap_test_pair *pair,
			    unsigned int wanted)
{
	struct sk_buff *skb = vtap_test_next(test, &pair->to_vpn);
	unsigned int pkt_type = skb->pkt_type;

	KUNIT_EXPECT_EQ(test, pkt_type, wanted);
	kfree_skb(skb);
}

/* The host's own stack sees no frame of the Ethernet end unless it was given
 * an address, or a master.
 */
static void ethernet_end_keeps_out_of_the_stack(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_transmit(test, pair->host, to_gateway(test));
	expect_pkt_type(test, pair, PACKET_OTHERHOST);
	vtap_test_add_address(test, pair->ethernet, IP4(10, 1, 1, 1), 24);
	vtap_test_transmit(test, pair->host,
			   vtap_test_udp(test, STATION_IP, IP4(192, 168, 1, 2),
					 1, 2, NULL, 0));
	expect_pkt_type(test, pair, PACKET_BROADCAST);
}

/* The table's own timer asks again. */
static void timer_asks_again(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_transmit(test, pair->host, to_gateway(test));
	vtap_test_expect_arp(test, pair, &station_asks);
	vtap_test_expect_arp(test, pair, &station_asks);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_ARP_REQUESTS_SENT), 2);
}

static void down_forgets(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	vtap_test_transmit(test, pair->host, to_gateway(test));
	vtap_test_expect_arp(test, pair, &station_asks);
	KUNIT_EXPECT_EQ(test, pair->port->neigh.ipv4_entries, 1);
	close_end(pair->host);
	KUNIT_EXPECT_EQ(test, pair->port->neigh.ipv4_entries, 0);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_TX_DROP_NEIGH_FLUSHED), 1);
}

static int change_neigh(struct kunit *test, struct net_device *dev, int type,
			__be32 addr, const char *mac, u16 state)
{
	const struct ndmsg ndm = {
		.ndm_family = AF_INET, .ndm_ifindex = dev->ifindex,
		.ndm_state = state,
	};
	struct sk_buff *msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	nlh = nlmsg_put(msg, 0, 0, type, sizeof(ndm), NLM_F_REQUEST |
			NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
	memcpy(nlmsg_data(nlh), &ndm, sizeof(ndm));
	KUNIT_ASSERT_EQ(test, nla_put_in_addr(msg, NDA_DST, addr), 0);
	if (mac)
		KUNIT_ASSERT_EQ(test, nla_put(msg, NDA_LLADDR, ETH_ALEN, mac),
				0);
	return vtap_test_rtnl(test, msg);
}

static void expect_dest(struct kunit *test, struct vtap_test_pair *pair,
			const char *mac)
{
	struct sk_buff *skb = vtap_test_next(test, &pair->to_vpn);

	KUNIT_EXPECT_MEMEQ(test, eth_hdr(skb)->h_dest, mac, ETH_ALEN);
	kfree_skb(skb);
}

/* ``ip neigh ... nud permanent`` on the host end. */
static void permanent_neighbours_are_followed(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct net_device *dev = pair->host;

	/* It also lets go what waits. */
	vtap_test_transmit(test, dev, to_gateway(test));
	expect_dest(test, pair, BROADCAST_MAC);
	KUNIT_EXPECT_EQ(test, change_neigh(test, dev, RTM_NEWNEIGH, GATEWAY_IP,
					   GATEWAY_MAC, NUD_PERMANENT), 0);
	expect_dest(test, pair, GATEWAY_MAC);
	KUNIT_EXPECT_EQ(test, change_neigh(test, dev, RTM_NEWNEIGH, GATEWAY_IP,
					   OTHER_MAC, NUD_PERMANENT), 0);
	vtap_test_transmit(test, dev, to_gateway(test));
	expect_dest(test, pair, OTHER_MAC);
	KUNIT_EXPECT_EQ(test, change_neigh(test, dev, RTM_DELNEIGH, GATEWAY_IP,
					   NULL, 0), 0);
	vtap_test_transmit(test, dev, to_gateway(test));
	expect_dest(test, pair, BROADCAST_MAC);
}

/* Creation by rtnetlink: the host end's attributes, the refusal. */
struct link_case {
	const char *name;
	const char *host;
	const char *host_mac;
	const char *peer;
	const char *peer_mac;
	bool nested_flag;
	struct {
		u16 attr;
		u8 len;
		u8 value[4];
	} option;
	int err;
};

static const struct link_case link_cases[] = {
	{ .name = "name as long as can be", .host = "abcdefghijkl" },
	{ .name = "name too long for a suffix", .host = "abcdefghijklm",
	  .err = -ENAMETOOLONG },
	{ .name = "long name, but a peer name", .host = "abcdefghijklmno",
	  .peer = "kunit-peer" },
	/* As libraries but iproute2's mark it. */
	{ .name = "peer marked as nested", .host = "kunit1",
	  .peer = "kunit-peer", .nested_flag = true },
	{ .name = "peer of the same name", .host = "kunit1", .peer = "kunit1",
	  .err = -EEXIST },
	{ .name = "multicast MAC", .host = "kunit1",
	  .host_mac = "\x01\x00\x5e\x00\x00\x01", .err = -EADDRNOTAVAIL },
	{ .name = "zero MAC", .host = "kunit1", .host_mac = "\0\0\0\0\0\0",
	  .err = -EADDRNOTAVAIL },
	{ .name = "multicast MAC of the peer", .host = "kunit1",
	  .peer = "kunit2", .peer_mac = "\x01\x00\x5e\x00\x00\x01",
	  .err = -EADDRNOTAVAIL },
	{ .name = "two MACs", .host = "kunit1", .host_mac = STATION_MAC,
	  .peer = "kunit2", .peer_mac = GATEWAY_MAC },
	{ .name = "the same MAC twice", .host = "kunit1",
	  .host_mac = STATION_MAC, .peer = "kunit2", .peer_mac = STATION_MAC,
	  .err = -EADDRNOTAVAIL },
	{ .name = "resolve 1", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_RESOLVE, 1, { 1 } } },
	{ .name = "resolve 2", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_RESOLVE, 1, { 2 } }, .err = -ERANGE },
	{ .name = "announce 10", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_ANNOUNCE, 1, { 10 } } },
	{ .name = "announce 11", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_ANNOUNCE, 1, { 11 } }, .err = -ERANGE },
	{ .name = "gateway", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_GATEWAY4, 4, { 192, 168, 1, 1 } } },
	{ .name = "gateway of 3 bytes", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_GATEWAY4, 3, { 192, 168, 1 } },
	  .err = -ERANGE },
	{ .name = "gateway 224.0.0.1", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_GATEWAY4, 4, { 224, 0, 0, 1 } },
	  .err = -EINVAL },
	{ .name = "gateway 127.0.0.1", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_GATEWAY4, 4, { 127, 0, 0, 1 } },
	  .err = -EINVAL },
	{ .name = "neigh_max 15", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_NEIGH_MAX, 4, { 15 } }, .err = -ERANGE },
	{ .name = "neigh_max 65536", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_NEIGH_MAX, 4, { 0, 0, 1 } } },
	{ .name = "neigh_max 65537", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_NEIGH_MAX, 4, { 1, 0, 1 } },
	  .err = -ERANGE },
	{ .name = "neigh_timeout 0", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_NEIGH_TIMEOUT, 4, { 0 } },
	  .err = -ERANGE },
	{ .name = "gateway_probe 3600", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_GATEWAY_PROBE, 4, { 0x10, 0x0e } } },
	{ .name = "gateway_probe 3601", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_GATEWAY_PROBE, 4, { 0x11, 0x0e } },
	  .err = -ERANGE },
	{ .name = "carrier gateway", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_CARRIER, 1,
		      { VIRTUALTAP_CARRIER_GATEWAY } } },
	{ .name = "carrier 2", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_CARRIER, 1, { 2 } }, .err = -ERANGE },
	{ .name = "unknown option", .host = "kunit1",
	  .option = { IFLA_VIRTUALTAP_MAX + 1, 4, { 1 } }, .err = -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(link, link_cases, name);

static void put_peer(struct sk_buff *msg, const struct link_case *c)
{
	int type = IFLA_VIRTUALTAP_PEER |
		   (c->nested_flag ? NLA_F_NESTED : 0);
	struct nlattr *peer = nla_nest_start_noflag(msg, type);

	skb_put_zero(msg, sizeof(struct ifinfomsg));
	WARN_ON(nla_put_string(msg, IFLA_IFNAME, c->peer));
	if (c->peer_mac)
		WARN_ON(nla_put(msg, IFLA_ADDRESS, ETH_ALEN, c->peer_mac));
	nla_nest_end(msg, peer);
}

static int create_link(struct kunit *test, const struct link_case *c)
{
	struct sk_buff *msg = vtap_test_rtnl_link(test, c->host);
	struct nlattr *info, *data;

	if (c->host_mac)
		WARN_ON(nla_put(msg, IFLA_ADDRESS, ETH_ALEN, c->host_mac));
	info = nla_nest_start(msg, IFLA_LINKINFO);
	WARN_ON(nla_put_string(msg, IFLA_INFO_KIND, VTAP_KIND));
	data = nla_nest_start(msg, IFLA_INFO_DATA);
	if (c->peer)
		put_peer(msg, c);
	if (c->option.len)
		WARN_ON(nla_put(msg, c->option.attr, c->option.len,
				c->option.value));
	nla_nest_end(msg, data);
	nla_nest_end(msg, info);
	return vtap_test_rtnl(test, msg);
}

static bool exists(const char *name)
{
	struct net_device *dev = dev_get_by_name(&init_net, name);

	dev_put(dev);
	return dev;
}

static void links(struct kunit *test)
{
	const struct link_case *c = test->param_value;
	char ethernet[IFNAMSIZ + 4];

	snprintf(ethernet, sizeof(ethernet), "%s-l2", c->host);
	if (c->peer)
		strscpy(ethernet, c->peer, sizeof(ethernet));
	KUNIT_EXPECT_EQ(test, create_link(test, c), c->err);
	KUNIT_EXPECT_EQ(test, exists(c->host), !c->err);
	KUNIT_EXPECT_EQ(test, exists(ethernet), !c->err);
	/* Either end takes the other with it. */
	vtap_test_delete(test, c->host);
	KUNIT_EXPECT_FALSE(test, exists(ethernet));
}

static struct kunit_case device_test_cases[] = {
	KUNIT_CASE(vector_ip_to_ethernet),
	KUNIT_CASE(vector_ethernet_to_ip),
	KUNIT_CASE(vector_arp),
	KUNIT_CASE(vector_ipv6_from_ethernet),
	KUNIT_CASE_PARAM(rx, rx_gen_params),
	KUNIT_CASE(the_buffer_crosses),
	KUNIT_CASE_PARAM(ipv6_is_counted, count6_gen_params),
	KUNIT_CASE(groups_are_counted),
	KUNIT_CASE(rx_runt),
	KUNIT_CASE(rx_vlan),
	KUNIT_CASE(rx_while_the_host_end_is_down),
	KUNIT_CASE(tx_while_the_ethernet_end_is_down),
	KUNIT_CASE(other_hosts_teach_nothing),
	KUNIT_CASE(station_mac_follows_the_host_end),
	KUNIT_CASE(bad_macs_are_refused),
	KUNIT_CASE(ethernet_end_keeps_out_of_the_stack),
	KUNIT_CASE(timer_asks_again),
	KUNIT_CASE(down_forgets),
	KUNIT_CASE(permanent_neighbours_are_followed),
	{}
};

static struct kunit_suite device_suite = {
	.name = "vtap_device",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = device_test_cases,
};

static struct kunit_case link_test_cases[] = {
	KUNIT_CASE_PARAM(links, link_gen_params),
	{}
};

static struct kunit_suite link_suite = {
	.name = "vtap_link",
	.test_cases = link_test_cases,
};

kunit_test_suites(&device_suite, &link_suite);
