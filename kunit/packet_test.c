// SPDX-License-Identifier: GPL-2.0
/* Checks of the IP header, both ways. */

#include <net/checksum.h>
#include <net/ip.h>

#include "packet.h"
#include "utils.h"

/* 20 bytes of header, 16 of payload. */
static const u8 ipv4[] = {
	0x45, 0x00, 0x00, 0x24, 0x12, 0x34, 0x00, 0x00,
	0x40, 0xfd, 0x00, 0x00, 192, 168, 1, 1,
	192, 168, 1, 100, 0, 1, 2, 3,
	4, 5, 6, 7, 8, 9, 10, 11,
	12, 13, 14, 15,
};

/* 24 bytes of header: a record route option; 8 of payload. */
static const u8 ipv4_options[] = {
	0x46, 0x00, 0x00, 0x20, 0x12, 0x34, 0x00, 0x00,
	0x40, 0xfd, 0x00, 0x00, 192, 168, 1, 1,
	192, 168, 1, 100, 0x07, 0x03, 0x04, 0x00,
	0, 1, 2, 3, 4, 5, 6, 7,
};

static const u8 ipv6[] = {
	0x60, 0x00, 0x00, 0x00, 0x00, 0x08, 0xfd, 0x40,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
	0, 1, 2, 3, 4, 5, 6, 7,
};

struct patch {
	u8 at;
	u8 len;
	u8 bytes[4];
};

/* A good packet with something changed. */
struct packet_case {
	const char *name;
	bool v6;
	bool bad_sum;
	struct patch patch;
	enum vtap_verdict rx;
	enum vtap_verdict tx;
	unsigned int len;	/* of a good packet, if trimmed */
};

static const struct packet_case packet_cases[] = {
	{ .name = "good", },
	{ .name = "IPv6 behind IPv4's EtherType", .patch = { 0, 1, { 0x65 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "version 0", .patch = { 0, 1, { 0x05 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "version 15", .patch = { 0, 1, { 0xf5 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "header of 16 bytes", .patch = { 0, 1, { 0x44 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "header of no bytes", .patch = { 0, 1, { 0x40 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "header as long as the packet",
	  .patch = { 0, 1, { 0x49 } }, },
	{ .name = "header longer than the packet", .bad_sum = true,
	  .patch = { 0, 1, { 0x4a } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "header of 60 bytes", .bad_sum = true,
	  .patch = { 0, 1, { 0x4f } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "total length of less than the header",
	  .patch = { 2, 2, { 0, 19 } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "total length 0", .patch = { 2, 2, { 0, 0 } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "total length of the header", .patch = { 2, 2, { 0, 20 } },
	  .len = 20 },
	{ .name = "total length of less than the data",
	  .patch = { 2, 2, { 0, 35 } }, .len = 35 },
	{ .name = "total length of a byte more than the data",
	  .patch = { 2, 2, { 0, 37 } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "total length 65535", .patch = { 2, 2, { 0xff, 0xff } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "no checksum", .bad_sum = true,
	  .rx = VTAP_RX_DROP_IP_CHECKSUM },
	{ .name = "TTL changed without the checksum", .bad_sum = true,
	  .patch = { 8, 4, { 0x3f, 0xfd, 0x01, 0x02 } },
	  .rx = VTAP_RX_DROP_IP_CHECKSUM },
	{ .name = "from 224.0.0.0", .patch = { 12, 4, { 224, 0, 0, 0 } },
	  .rx = VTAP_RX_DROP_IP_SOURCE },
	{ .name = "from 239.255.255.255",
	  .patch = { 12, 4, { 239, 255, 255, 255 } },
	  .rx = VTAP_RX_DROP_IP_SOURCE },
	{ .name = "from 255.255.255.255",
	  .patch = { 12, 4, { 255, 255, 255, 255 } },
	  .rx = VTAP_RX_DROP_IP_SOURCE },
	{ .name = "from 0.0.0.0", .patch = { 12, 4, { 0, 0, 0, 0 } }, },
	{ .name = "to 224.0.0.1", .patch = { 16, 4, { 224, 0, 0, 1 } }, },
	{ .name = "to 255.255.255.255",
	  .patch = { 16, 4, { 255, 255, 255, 255 } }, },

	{ .name = "IPv6, good", .v6 = true },
	{ .name = "IPv4 behind IPv6's EtherType", .v6 = true,
	  .patch = { 0, 1, { 0x45 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "IPv6, version 0", .v6 = true, .patch = { 0, 1, { 0x00 } },
	  .rx = VTAP_RX_DROP_IP_HEADER, .tx = VTAP_TX_DROP_IP_HEADER },
	{ .name = "IPv6, a byte more than the data", .v6 = true,
	  .patch = { 4, 2, { 0, 9 } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "IPv6, payload of 65535", .v6 = true,
	  .patch = { 4, 2, { 0xff, 0xff } },
	  .rx = VTAP_RX_DROP_IP_LENGTH, .tx = VTAP_TX_DROP_IP_LENGTH },
	{ .name = "IPv6, less than the data", .v6 = true,
	  .patch = { 4, 2, { 0, 7 } }, .len = 47 },
	{ .name = "IPv6, no payload", .v6 = true, .patch = { 4, 2, { 0, 0 } },
	  .len = 40 },
	{ .name = "IPv6 from multicast", .v6 = true,
	  .patch = { 8, 2, { 0xff, 0x02 } }, .rx = VTAP_RX_DROP_IP_SOURCE },
	{ .name = "IPv6 to multicast", .v6 = true,
	  .patch = { 24, 2, { 0xff, 0x02 } }, },
};

KUNIT_ARRAY_PARAM_DESC(packet, packet_cases, name);

static struct sk_buff *build_case(struct kunit *test,
				  const struct packet_case *c)
{
	size_t len = c->v6 ? sizeof(ipv6) : sizeof(ipv4);
	struct sk_buff *skb = vtap_test_skb(test, c->v6 ? ipv6 : ipv4, len);
	const struct iphdr *iph = ip_hdr(skb);

	memcpy(skb->data + c->patch.at, c->patch.bytes, c->patch.len);
	if (!c->v6 && !c->bad_sum && iph->ihl >= 5)
		vtap_test_sum_ipv4(skb->data);
	skb->protocol = htons(c->v6 ? ETH_P_IPV6 : ETH_P_IP);
	return skb;
}

static void expect_verdict(struct kunit *test, enum vtap_verdict verdict,
			   enum vtap_verdict wanted)
{
	KUNIT_EXPECT_STREQ(test, vtap_test_verdict(verdict),
			   vtap_test_verdict(wanted));
}

static void expect_len(struct kunit *test, const struct packet_case *c,
		       const struct sk_buff *skb)
{
	unsigned int len = c->v6 ? sizeof(ipv6) : sizeof(ipv4);

	KUNIT_EXPECT_EQ(test, skb->len, c->len ? c->len : len);
}

static void rx(struct kunit *test)
{
	const struct packet_case *c = test->param_value;
	struct sk_buff *skb = build_case(test, c);
	struct vtap_pkt pkt;

	expect_verdict(test, vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
		       c->rx);
	if (c->rx == VTAP_CONTINUE)
		expect_len(test, c, skb);
	kfree_skb(skb);
}

static void tx(struct kunit *test)
{
	const struct packet_case *c = test->param_value;
	struct sk_buff *skb = build_case(test, c);
	struct vtap_pkt pkt;

	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), c->tx);
	if (c->tx == VTAP_CONTINUE)
		expect_len(test, c, skb);
	kfree_skb(skb);
}

static void tx_refuses_what_is_not_ip(struct kunit *test)
{
	struct sk_buff *skb = vtap_test_skb(test, ipv4, sizeof(ipv4));
	struct vtap_pkt pkt;

	skb->protocol = htons(ETH_P_ARP);
	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_TX_DROP_NOT_IP);
	skb->protocol = 0;
	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_TX_DROP_NOT_IP);
	kfree_skb(skb);
}

/* A packet that is good as a whole. */
struct whole_case {
	const char *name;
	const u8 *data;
	size_t len;
	u16 ethertype;
	struct vtap_pkt pkt;
};

static const struct whole_case whole_cases[] = {
	{ "IPv4", ipv4, sizeof(ipv4), ETH_P_IP,
	  { .family = AF_INET, .protocol = 0xfd, .l4 = 20 } },
	{ "IPv4 with options", ipv4_options, sizeof(ipv4_options), ETH_P_IP,
	  { .family = AF_INET, .protocol = 0xfd, .l4 = 24 } },
	{ "IPv6", ipv6, sizeof(ipv6), ETH_P_IPV6,
	  { .family = AF_INET6, .protocol = 0xfd, .l4 = 40 } },
};

KUNIT_ARRAY_PARAM_DESC(whole, whole_cases, name);

static u8 *whole_packet(struct kunit *test, const struct whole_case *c)
{
	u8 *data = vtap_test_exact(test, c->data, c->len);

	if (c->ethertype == ETH_P_IP)
		vtap_test_sum_ipv4(data);
	return data;
}

static void every_truncation_is_refused(struct kunit *test)
{
	const struct whole_case *c = test->param_value;
	u8 *data = whole_packet(test, c);
	struct vtap_pkt pkt;
	size_t len;

	for (len = 0; len < c->len; len++) {
		struct sk_buff *skb = vtap_test_skb(test, data, len);

		skb->protocol = htons(c->ethertype);
		expect_verdict(test,
			       vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
			       VTAP_RX_DROP_IP_LENGTH);
		expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt),
			       VTAP_TX_DROP_IP_LENGTH);
		kfree_skb(skb);
	}
}

static void expect_pkt(struct kunit *test, const struct vtap_pkt *pkt,
		       const struct vtap_pkt *wanted)
{
	KUNIT_EXPECT_EQ(test, pkt->family, wanted->family);
	KUNIT_EXPECT_EQ(test, pkt->protocol, wanted->protocol);
	KUNIT_EXPECT_EQ(test, pkt->fragment, wanted->fragment);
	KUNIT_EXPECT_EQ(test, pkt->l4, wanted->l4);
}

/* Wherever the linear part ends, the same comes out, header linear. */
static void every_split_is_pulled(struct kunit *test)
{
	const struct whole_case *c = test->param_value;
	u8 *data = whole_packet(test, c);
	size_t linear;

	for (linear = 0; linear <= c->len; linear++) {
		struct sk_buff *skb = vtap_test_split_skb(test, data, c->len,
							  linear);
		struct vtap_pkt pkt = { .fragment = true };

		skb->protocol = htons(c->ethertype);
		expect_verdict(test,
			       vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
			       VTAP_CONTINUE);
		expect_pkt(test, &pkt, &c->pkt);
		KUNIT_EXPECT_GE(test, skb_headlen(skb), pkt.l4);
		KUNIT_EXPECT_MEMEQ(test, skb_network_header(skb), data, pkt.l4);
		kfree_skb(skb);
	}
}

/* Padding, linear or not, is cut off; a hardware checksum loses its share. */
static void padding_is_trimmed(struct kunit *test)
{
	const struct whole_case *c = test->param_value;
	size_t padded = c->len + 10, linear;
	u8 *data = kunit_kmalloc(test, padded, GFP_KERNEL);
	struct vtap_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(test, data);
	memcpy(data, whole_packet(test, c), c->len);
	memset(data + c->len, 0x5a, 10);
	for (linear = 0; linear <= padded; linear++) {
		struct sk_buff *skb = vtap_test_split_skb(test, data, padded,
							  linear);

		skb->csum = skb_checksum(skb, 0, padded, 0);
		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->protocol = htons(c->ethertype);
		expect_verdict(test,
			       vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
			       VTAP_CONTINUE);
		KUNIT_EXPECT_EQ(test, skb->len, c->len);
		if (skb->ip_summed == CHECKSUM_COMPLETE)
			KUNIT_EXPECT_EQ(test, csum_fold(skb->csum),
					csum_fold(skb_checksum(skb, 0, c->len,
							       0)));
		kfree_skb(skb);
	}
}

/* Offset field of the IPv4 header, or the IPv6 next header. */
struct fragment_case {
	const char *name;
	bool v6;
	u16 value;
	bool fragment;
};

static const struct fragment_case fragment_cases[] = {
	{ "whole", false, 0x0000, false },
	{ "do not fragment", false, IP_DF, false },
	{ "reserved bit", false, IP_CE, false },
	{ "first fragment", false, IP_MF, true },
	{ "middle fragment", false, IP_MF | 185, true },
	{ "last fragment", false, 185, true },
	{ "last fragment at 8", false, IP_DF | 1, true },
	{ "IPv6, UDP", true, NEXTHDR_UDP, false },
	{ "IPv6, hop-by-hop", true, NEXTHDR_HOP, false },
	{ "IPv6, fragment", true, NEXTHDR_FRAGMENT, true },
};

KUNIT_ARRAY_PARAM_DESC(fragment, fragment_cases, name);

static void fragments_are_told(struct kunit *test)
{
	const struct fragment_case *c = test->param_value;
	const struct packet_case good = { .v6 = c->v6 };
	struct sk_buff *skb = build_case(test, &good);
	struct vtap_pkt pkt;

	if (c->v6) {
		ipv6_hdr(skb)->nexthdr = c->value;
	} else {
		ip_hdr(skb)->frag_off = htons(c->value);
		vtap_test_sum_ipv4(skb->data);
	}
	expect_verdict(test, vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
		       VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, pkt.fragment, c->fragment);
	kfree_skb(skb);
}

/* A UDP datagram of 12 bytes, and what is changed. */
struct udp_case {
	const char *name;
	u8 protocol;
	u16 frag_off;
	u16 len;
	unsigned int cut;	/* this many bytes off the packet */
	bool found;
};

static const struct udp_case udp_cases[] = {
	{ "good", IPPROTO_UDP, 0, 12, 0, true },
	{ "not fragmentable", IPPROTO_UDP, IP_DF, 12, 0, true },
	{ "TCP", IPPROTO_TCP, 0, 12, 0, false },
	{ "UDP-Lite", IPPROTO_UDPLITE, 0, 12, 0, false },
	{ "first fragment", IPPROTO_UDP, IP_MF, 12, 0, false },
	{ "last fragment", IPPROTO_UDP, 10, 12, 0, false },
	{ "length 0", IPPROTO_UDP, 0, 0, 0, false },
	{ "length 7", IPPROTO_UDP, 0, 7, 0, false },
	{ "length 8", IPPROTO_UDP, 0, 8, 0, true },
	{ "length of less than there is", IPPROTO_UDP, 0, 11, 0, true },
	{ "length of more than there is", IPPROTO_UDP, 0, 13, 0, false },
	{ "length 65535", IPPROTO_UDP, 0, 65535, 0, false },
	{ "cut by a byte", IPPROTO_UDP, 0, 12, 1, false },
	{ "header only", IPPROTO_UDP, 0, 8, 4, true },
	{ "header cut by a byte", IPPROTO_UDP, 0, 8, 5, false },
	{ "nothing behind IP", IPPROTO_UDP, 0, 8, 12, false },
};

KUNIT_ARRAY_PARAM_DESC(udp, udp_cases, name);

static struct sk_buff *build_udp(struct kunit *test, const struct udp_case *c,
				 size_t linear)
{
	const u8 datagram[] = {
		0, 67, 0, 68, c->len >> 8, c->len & 0xff, 0, 0, 1, 2, 3, 4,
	};
	struct sk_buff *flat = vtap_test_ipv4(test, GATEWAY_IP, STATION_IP,
					      c->protocol, datagram,
					      sizeof(datagram) - c->cut);
	struct sk_buff *skb;

	ip_hdr(flat)->frag_off = htons(c->frag_off);
	vtap_test_sum_ipv4(flat->data);
	skb = vtap_test_split_skb(test, flat->data, flat->len,
				  min_t(size_t, linear, flat->len));
	skb->protocol = flat->protocol;
	kfree_skb(flat);
	return skb;
}

static void udp_header(struct kunit *test)
{
	const struct udp_case *c = test->param_value;
	struct vtap_pkt pkt;
	size_t linear;

	for (linear = 0; linear <= 32; linear++) {
		struct sk_buff *skb = build_udp(test, c, linear);
		const struct udphdr *udp;
		unsigned int len = 0;

		expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt),
			       VTAP_CONTINUE);
		udp = vtap_pkt_udp(skb, &pkt, &len);
		KUNIT_EXPECT_EQ(test, !!udp, c->found);
		if (udp && c->found) {
			KUNIT_EXPECT_EQ(test, len, c->len);
			KUNIT_EXPECT_EQ(test, ntohs(udp->source), 67);
			KUNIT_EXPECT_EQ(test, ntohs(udp->len), c->len);
		}
		kfree_skb(skb);
	}
}

static struct kunit_case packet_test_cases[] = {
	KUNIT_CASE_PARAM(rx, packet_gen_params),
	KUNIT_CASE_PARAM(tx, packet_gen_params),
	KUNIT_CASE(tx_refuses_what_is_not_ip),
	KUNIT_CASE_PARAM(every_truncation_is_refused, whole_gen_params),
	KUNIT_CASE_PARAM(every_split_is_pulled, whole_gen_params),
	KUNIT_CASE_PARAM(padding_is_trimmed, whole_gen_params),
	KUNIT_CASE_PARAM(fragments_are_told, fragment_gen_params),
	KUNIT_CASE_PARAM(udp_header, udp_gen_params),
	{}
};

static struct kunit_suite packet_suite = {
	.name = "vtap_packet",
	.test_cases = packet_test_cases,
};

kunit_test_suite(packet_suite);
