// SPDX-License-Identifier: GPL-2.0
/* Checks of the IP header, both ways. */

#include <linux/prandom.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

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

/* BIG TCP: a length of 0 is that of all there is. Elsewhere it is none. */
static void too_long_for_its_field(struct kunit *test)
{
	struct vtap_pkt pkt;
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < 4; i++) {
		bool v6 = i & 1, gso = i & 2;

		skb = v6 ? vtap_test_skb(test, ipv6, sizeof(ipv6)) :
			   vtap_test_skb(test, ipv4, sizeof(ipv4));
		skb->protocol = htons(v6 ? ETH_P_IPV6 : ETH_P_IP);
		skb_reset_network_header(skb);
		if (v6) {
			ipv6_hdr(skb)->payload_len = 0;
		} else {
			ip_hdr(skb)->tot_len = 0;
			vtap_test_sum_ipv4(skb->data);
		}
		skb_shinfo(skb)->gso_size = gso ? 8 : 0;
		expect_verdict(test,
			       vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
			       v6 || gso ? VTAP_CONTINUE :
					   VTAP_RX_DROP_IP_LENGTH);
		if (gso || v6)
			KUNIT_EXPECT_EQ(test, skb->len, !gso ? 40 :
					v6 ? sizeof(ipv6) : sizeof(ipv4));
		kfree_skb(skb);
	}
}

static void expect_pkt(struct kunit *test, const struct vtap_pkt *pkt,
		       const struct vtap_pkt *wanted)
{
	KUNIT_EXPECT_EQ(test, pkt->family, wanted->family);
	KUNIT_EXPECT_EQ(test, pkt->protocol, wanted->protocol);
	KUNIT_EXPECT_EQ(test, pkt->fragment, wanted->fragment);
	KUNIT_EXPECT_EQ(test, pkt->later, wanted->later);
	KUNIT_EXPECT_EQ(test, pkt->ext, wanted->ext);
	KUNIT_EXPECT_EQ(test, pkt->frag, wanted->frag);
	KUNIT_EXPECT_EQ(test, pkt->l4, wanted->l4);
}

/* Nothing may be left of what was there before. */
static void spoil(struct vtap_pkt *pkt)
{
	memset(pkt, 0xff, sizeof(*pkt));
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
		struct vtap_pkt pkt;

		spoil(&pkt);
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

/* Offset field of the IPv4 header. */
struct fragment_case {
	const char *name;
	u16 value;
	bool fragment;
	bool later;
};

static const struct fragment_case fragment_cases[] = {
	{ "whole", 0x0000 },
	{ "do not fragment", IP_DF },
	{ "reserved bit", IP_CE },
	{ "first fragment", IP_MF, true },
	{ "middle fragment", IP_MF | 185, true, true },
	{ "last fragment", 185, true, true },
	{ "last fragment at 8", IP_DF | 1, true, true },
	{ "last fragment at 65528", 0x1fff, true, true },
};

KUNIT_ARRAY_PARAM_DESC(fragment, fragment_cases, name);

static void fragments_are_told(struct kunit *test)
{
	const struct fragment_case *c = test->param_value;
	const struct packet_case good = {};
	struct sk_buff *skb = build_case(test, &good);
	struct vtap_pkt pkt;

	ip_hdr(skb)->frag_off = htons(c->value);
	vtap_test_sum_ipv4(skb->data);
	spoil(&pkt);
	expect_verdict(test, vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
		       VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, pkt.fragment, c->fragment);
	KUNIT_EXPECT_EQ(test, pkt.later, c->later);
	KUNIT_EXPECT_EQ(test, pkt.frag, 0);
	kfree_skb(skb);
}

/* What an IPv6 header carries, in hexadecimal digits. Every extension header
 * begins with the number of the next one.
 */
#define HOP		"00"
#define TCP		"06"
#define UDP		"11"
#define ROUTING		"2b"
#define FRAGMENT	"2c"
#define ESP		"32"
#define AUTH		"33"
#define ICMPV6		"3a"
#define NONE		"3b"
#define DEST		"3c"
#define SCTP		"84"
#define MOBILITY	"87"
#define UDPLITE		"88"
#define UNKNOWN		"fd"

#define DATA8		"0001020304050607"
#define DATA16		DATA8 "08090a0b0c0d0e0f"
#define DATA20		DATA16 "10111213"
/* An option of padding; the type, segments left and what they go over. */
#define OPTIONS8(next)	next "00010400000000"
#define OPTIONS24(next)	next "02011400000000" DATA16
#define ROUTING8(next, type) next "00" type "0000000000"
#define ROUTING24(next, type_left) next "02" type_left "00000000" DATA16
#define FRAGMENT8(next, offset) next "00" offset "12345678"
#define AUTH8(next)	next "00000000000100"
#define AUTH12(next)	next "0100000000010000000002"
#define AUTH24(next)	next "0400000000010000" DATA16

#define DEST24		"3c000104000000003c000104000000003c00010400000000"

struct chain_case {
	const char *name;
	u8 nexthdr;		/* of the IPv6 header */
	const char *hex;
	struct vtap_pkt pkt;	/* .l4 from the IPv6 header's end */
	u8 need;		/* of data in a first fragment */
};

static const struct chain_case good_chains[] = {
	{ "no header", NEXTHDR_UDP, DATA20, { .protocol = IPPROTO_UDP } },
	{ "nothing", NEXTHDR_NONE, "", { .protocol = NEXTHDR_NONE } },
	{ "data of no next header", NEXTHDR_NONE, DATA20,
	  { .protocol = NEXTHDR_NONE } },
	{ "ESP", NEXTHDR_ESP, DATA20, { .protocol = NEXTHDR_ESP } },
	{ "mobility", NEXTHDR_MOBILITY, DATA20,
	  { .protocol = NEXTHDR_MOBILITY } },
	{ "HIP", 139, DATA20, { .protocol = 139 } },
	{ "unknown", 253, DATA20, { .protocol = 253 } },

	{ "hop-by-hop", NEXTHDR_HOP, OPTIONS8(TCP) DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 8 } },
	{ "long hop-by-hop", NEXTHDR_HOP, OPTIONS24(UDP) DATA20,
	  { .protocol = IPPROTO_UDP, .l4 = 24 } },
	{ "hop-by-hop and nothing", NEXTHDR_HOP, OPTIONS8(NONE),
	  { .protocol = NEXTHDR_NONE, .l4 = 8 } },
	{ "hop-by-hop and unknown", NEXTHDR_HOP, OPTIONS8(UNKNOWN) DATA20,
	  { .protocol = 253, .l4 = 8 } },
	{ "destination options", NEXTHDR_DEST, OPTIONS24(ICMPV6) DATA20,
	  { .protocol = IPPROTO_ICMPV6, .l4 = 24 } },
	{ "destination options and ESP", NEXTHDR_DEST, OPTIONS8(ESP) DATA20,
	  { .protocol = NEXTHDR_ESP, .l4 = 8 } },
	{ "destination options and mobility", NEXTHDR_DEST,
	  OPTIONS8(MOBILITY) DATA20, { .protocol = NEXTHDR_MOBILITY, .l4 = 8 } },
	{ "routing of mobility", NEXTHDR_ROUTING,
	  ROUTING24(UDP, "0201") DATA20, { .protocol = IPPROTO_UDP, .l4 = 24 } },
	{ "routing of mobility, arrived", NEXTHDR_ROUTING,
	  ROUTING24(UDP, "0200") DATA20, { .protocol = IPPROTO_UDP, .l4 = 24 } },
	{ "routing by segments", NEXTHDR_ROUTING,
	  ROUTING24(UDP, "0400") DATA20, { .protocol = IPPROTO_UDP, .l4 = 24 } },
	{ "unknown routing", NEXTHDR_ROUTING, ROUTING8(TCP, "fd") DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 8 } },
	{ "authentication of 8", NEXTHDR_AUTH, AUTH8(TCP) DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 8 } },
	{ "authentication of 12", NEXTHDR_AUTH, AUTH12(TCP) DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 12 } },
	{ "authentication of 24", NEXTHDR_AUTH, AUTH24(UDP) DATA20,
	  { .protocol = IPPROTO_UDP, .l4 = 24 } },
	{ "authentication and options", NEXTHDR_AUTH,
	  AUTH12(DEST) OPTIONS8(UDP) DATA20,
	  { .protocol = IPPROTO_UDP, .l4 = 20 } },
	{ "eight headers", NEXTHDR_DEST,
	  DEST24 DEST24 OPTIONS8(DEST) OPTIONS8(TCP) DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 64 } },

	{ "atomic fragment", NEXTHDR_FRAGMENT, FRAGMENT8(UDP, "0000") DATA20,
	  { .protocol = IPPROTO_UDP, .l4 = 8, .frag = 40 } },
	{ "atomic fragment, reserved bits", NEXTHDR_FRAGMENT,
	  FRAGMENT8(UDP, "0006") DATA20,
	  { .protocol = IPPROTO_UDP, .l4 = 8, .frag = 40 } },
	{ "atomic fragment, a header behind it", NEXTHDR_HOP,
	  OPTIONS8(FRAGMENT) FRAGMENT8(DEST, "0000") OPTIONS8(TCP) DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 24, .frag = 48 } },
	{ "first fragment, TCP", NEXTHDR_FRAGMENT,
	  FRAGMENT8(TCP, "0001") DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 8, .frag = 40, .fragment = true },
	  20 },
	{ "first fragment, UDP", NEXTHDR_FRAGMENT,
	  FRAGMENT8(UDP, "0001") DATA20,
	  { .protocol = IPPROTO_UDP, .l4 = 8, .frag = 40, .fragment = true },
	  8 },
	{ "first fragment, UDP-Lite", NEXTHDR_FRAGMENT,
	  FRAGMENT8(UDPLITE, "0001") DATA20,
	  { .protocol = IPPROTO_UDPLITE, .l4 = 8, .frag = 40,
	    .fragment = true }, 8 },
	{ "first fragment, ICMPv6", NEXTHDR_FRAGMENT,
	  FRAGMENT8(ICMPV6, "0001") DATA20,
	  { .protocol = IPPROTO_ICMPV6, .l4 = 8, .frag = 40,
	    .fragment = true }, 8 },
	{ "first fragment, SCTP", NEXTHDR_FRAGMENT,
	  FRAGMENT8(SCTP, "0001") DATA20,
	  { .protocol = IPPROTO_SCTP, .l4 = 8, .frag = 40, .fragment = true },
	  1 },
	{ "first fragment, ESP", NEXTHDR_FRAGMENT,
	  FRAGMENT8(ESP, "0001") DATA20,
	  { .protocol = NEXTHDR_ESP, .l4 = 8, .frag = 40, .fragment = true },
	  1 },
	{ "first fragment, no next header", NEXTHDR_FRAGMENT,
	  FRAGMENT8(NONE, "0001") DATA20,
	  { .protocol = NEXTHDR_NONE, .l4 = 8, .frag = 40, .fragment = true } },
	{ "first fragment with every header", NEXTHDR_HOP,
	  OPTIONS8(DEST) OPTIONS8(ROUTING) ROUTING24(FRAGMENT, "0401")
	  FRAGMENT8(AUTH, "0001") AUTH12(DEST) OPTIONS8(TCP) DATA20,
	  { .protocol = IPPROTO_TCP, .l4 = 68, .frag = 80, .fragment = true },
	  20 },
	{ "middle fragment", NEXTHDR_FRAGMENT, FRAGMENT8(TCP, "0009") DATA8,
	  { .protocol = IPPROTO_TCP, .l4 = 8, .frag = 40, .fragment = true,
	    .later = true } },
	{ "last fragment", NEXTHDR_FRAGMENT, FRAGMENT8(UDP, "0008") DATA8,
	  { .protocol = IPPROTO_UDP, .l4 = 8, .frag = 40, .fragment = true,
	    .later = true } },
	{ "last fragment at 65528", NEXTHDR_HOP,
	  OPTIONS8(FRAGMENT) FRAGMENT8(UDP, "fff8") DATA8,
	  { .protocol = IPPROTO_UDP, .l4 = 16, .frag = 48, .fragment = true,
	    .later = true } },
	/* What follows is a piece of something, whatever its number says. */
	{ "middle fragment, headers in the first", NEXTHDR_FRAGMENT,
	  FRAGMENT8(DEST, "0009") "ffffffffffffffff",
	  { .protocol = NEXTHDR_DEST, .l4 = 8, .frag = 40, .fragment = true,
	    .later = true } },
	{ "last fragment, a fragment in the first", NEXTHDR_FRAGMENT,
	  FRAGMENT8(FRAGMENT, "0008") FRAGMENT8(UDP, "0000"),
	  { .protocol = NEXTHDR_FRAGMENT, .l4 = 8, .frag = 40,
	    .fragment = true, .later = true } },
};

KUNIT_ARRAY_PARAM_DESC(good_chain, good_chains, name);

static const struct chain_case bad_chains[] = {
	{ "hop-by-hop twice", NEXTHDR_HOP, OPTIONS8(HOP) OPTIONS8(TCP) DATA20 },
	{ "hop-by-hop behind options", NEXTHDR_DEST,
	  OPTIONS8(HOP) OPTIONS8(TCP) DATA20 },
	{ "hop-by-hop in an atomic fragment", NEXTHDR_FRAGMENT,
	  FRAGMENT8(HOP, "0000") OPTIONS8(TCP) DATA20 },
	{ "hop-by-hop in a first fragment", NEXTHDR_FRAGMENT,
	  FRAGMENT8(HOP, "0001") OPTIONS8(TCP) DATA20 },
	{ "source routing", NEXTHDR_ROUTING, ROUTING24(UDP, "0001") DATA20 },
	{ "source routing, arrived", NEXTHDR_ROUTING,
	  ROUTING24(UDP, "0000") DATA20 },
	{ "source routing behind options", NEXTHDR_DEST,
	  OPTIONS8(ROUTING) ROUTING24(UDP, "0001") DATA20 },
	{ "nine headers", NEXTHDR_DEST,
	  DEST24 DEST24 OPTIONS8(DEST) OPTIONS8(DEST) OPTIONS8(TCP) DATA20 },
	{ "nine headers, the last one a fragment", NEXTHDR_DEST,
	  DEST24 DEST24 OPTIONS8(DEST) OPTIONS8(FRAGMENT)
	  FRAGMENT8(TCP, "0008") DATA20 },
	{ "two atomic fragments", NEXTHDR_FRAGMENT,
	  FRAGMENT8(FRAGMENT, "0000") FRAGMENT8(UDP, "0000") DATA20 },
	{ "first fragment in an atomic one", NEXTHDR_FRAGMENT,
	  FRAGMENT8(FRAGMENT, "0000") FRAGMENT8(UDP, "0001") DATA20 },
	{ "last fragment in a first one", NEXTHDR_FRAGMENT,
	  FRAGMENT8(FRAGMENT, "0001") FRAGMENT8(UDP, "0008") DATA20 },
	{ "two fragments, options between", NEXTHDR_FRAGMENT,
	  FRAGMENT8(DEST, "0000") OPTIONS8(FRAGMENT) FRAGMENT8(UDP, "0008")
	  DATA20 },
	{ "no hop-by-hop", NEXTHDR_HOP, "" },
	{ "no second header", NEXTHDR_DEST, OPTIONS8(ROUTING) },
	{ "seven bytes of options", NEXTHDR_DEST, "06000103000000" },
	{ "seven bytes of a fragment header", NEXTHDR_FRAGMENT,
	  "11000000123456" },
	{ "seven bytes of authentication", NEXTHDR_AUTH, "06000000000000" },
	{ "options of a unit too much", NEXTHDR_DEST, TCP "0301040000" DATA16
	  DATA8 "00" },
	{ "options of a byte too much", NEXTHDR_DEST,
	  TCP "01010c0000000000010203040506" },
	{ "options of 2048", NEXTHDR_HOP, TCP "ff01040000" DATA20 },
	{ "routing of a byte too much", NEXTHDR_ROUTING,
	  UDP "0102000000000000010203040506" },
	{ "authentication of a byte too much", NEXTHDR_AUTH,
	  TCP "01000000000100000000" },
	{ "authentication of 1028", NEXTHDR_AUTH, TCP "ff0000" DATA20 },
};

KUNIT_ARRAY_PARAM_DESC(bad_chain, bad_chains, name);

static struct sk_buff *build_ipv6(struct kunit *test, u8 nexthdr,
				  const void *payload, size_t len)
{
	return vtap_test_ipv6(test, "2001:db8::1", "2001:db8::2", nexthdr,
			      payload, len);
}

static struct sk_buff *build_chain(struct kunit *test,
				   const struct chain_case *c)
{
	size_t len;
	u8 *payload = vtap_test_hex(test, c->hex, &len);

	return build_ipv6(test, c->nexthdr, payload, len);
}

/* A copy whose linear part ends somewhere. */
static struct sk_buff *split_at(struct kunit *test, const struct sk_buff *flat,
				size_t linear)
{
	struct sk_buff *skb = vtap_test_split_skb(test, flat->data, flat->len,
						  linear);

	skb->protocol = flat->protocol;
	return skb;
}

static struct vtap_pkt wanted_of(const struct chain_case *c)
{
	struct vtap_pkt pkt = c->pkt;

	pkt.family = AF_INET6;
	pkt.ext = pkt.l4;
	pkt.l4 += sizeof(struct ipv6hdr);
	return pkt;
}

static void expect_good_chain(struct kunit *test, struct sk_buff *skb,
			      const struct vtap_pkt *wanted)
{
	struct vtap_pkt pkt;

	spoil(&pkt);
	expect_verdict(test, vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
		       VTAP_CONTINUE);
	expect_pkt(test, &pkt, wanted);
	spoil(&pkt);
	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	expect_pkt(test, &pkt, wanted);
}

/* The host's own are passed on, but nobody looks into them. */
static void expect_bad_chain(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_pkt pkt;

	expect_verdict(test, vtap_pkt_parse_rx(skb, skb->protocol, &pkt),
		       VTAP_RX_DROP_EXT_HEADERS);
	spoil(&pkt);
	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, pkt.family, AF_INET6);
	KUNIT_EXPECT_EQ(test, pkt.protocol, NEXTHDR_NONE);
}

/* Wherever the linear part ends. */
static void chains_are_walked(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	struct sk_buff *flat = build_chain(test, c), *skb;
	const struct vtap_pkt wanted = wanted_of(c);
	size_t linear;

	for (linear = 0; linear <= flat->len; linear++) {
		skb = split_at(test, flat, linear);
		expect_good_chain(test, skb, &wanted);
		kfree_skb(skb);
	}
	kfree_skb(flat);
}

static void bad_chains_are_refused(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	struct sk_buff *flat = build_chain(test, c), *skb;
	size_t linear;

	for (linear = 0; linear <= flat->len; linear++) {
		skb = split_at(test, flat, linear);
		expect_bad_chain(test, skb);
		kfree_skb(skb);
	}
	kfree_skb(flat);
}

/* A packet of less, behind which the rest of the chain still lies in memory:
 * who reads on would find it good. RFC 7112: of a first fragment the upper
 * layer's header belongs to the chain.
 */
static void cut_chains_are_refused(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	const struct vtap_pkt wanted = wanted_of(c);
	struct sk_buff *flat = build_chain(test, c), *skb;
	size_t len;

	for (len = sizeof(struct ipv6hdr); len <= flat->len; len++) {
		skb = split_at(test, flat, flat->len);
		skb_trim(skb, len);
		ipv6_hdr(skb)->payload_len = htons(len -
						   sizeof(struct ipv6hdr));
		if (len < wanted.l4 + c->need)
			expect_bad_chain(test, skb);
		else
			expect_good_chain(test, skb, &wanted);
		kfree_skb(skb);
	}
	kfree_skb(flat);
}

/* The same, but it is the padding of the frame that would make it whole. */
static void padding_is_no_header(struct kunit *test)
{
	const struct chain_case *c = test->param_value;
	const struct vtap_pkt wanted = wanted_of(c);
	struct sk_buff *skb = build_chain(test, c);
	size_t len = wanted.l4 + c->need;

	if (len > sizeof(struct ipv6hdr)) {
		len--;
		ipv6_hdr(skb)->payload_len = htons(len -
						   sizeof(struct ipv6hdr));
		expect_bad_chain(test, skb);
		KUNIT_EXPECT_EQ(test, skb->len, len);
	}
	kfree_skb(skb);
}

/* Options of these lengths, the last of them before 8 bytes of UDP. */
static struct sk_buff *build_long(struct kunit *test, const size_t *lengths,
				  unsigned int count)
{
	u8 *bytes = kunit_kzalloc(test, 4096, GFP_KERNEL), *p = bytes;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	for (i = 0; i < count; i++) {
		p[0] = i + 1 < count ? NEXTHDR_DEST : NEXTHDR_UDP;
		p[1] = lengths[i] / 8 - 1;
		p += lengths[i];
	}
	return build_ipv6(test, NEXTHDR_DEST, bytes, p + 8 - bytes);
}

/* RFC 8504 5.3 */
static void long_chains_are_refused(struct kunit *test)
{
	static const struct {
		size_t lengths[8];
		unsigned int count;
		bool good;
	} cases[] = {
		{ { 2048 }, 1, true },
		{ { 2040, 8 }, 2, true },
		{ { 256, 256, 256, 256, 256, 256, 256, 256 }, 8, true },
		{ { 2048, 8 }, 2 },
		{ { 8, 2048 }, 2 },
		{ { 256, 256, 256, 256, 256, 256, 256, 264 }, 8 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct vtap_pkt wanted = {
			.family = AF_INET6, .protocol = IPPROTO_UDP,
			.ext = true, .l4 = 40 + 2048,
		};
		struct sk_buff *skb = build_long(test, cases[i].lengths,
						 cases[i].count);

		if (cases[i].good)
			expect_good_chain(test, skb, &wanted);
		else
			expect_bad_chain(test, skb);
		kfree_skb(skb);
	}
}

/* No more than can be headers was made linear: what is behind it is not read, even
 * where the packet goes on.
 */
static void nothing_behind_the_headers_is_read(struct kunit *test)
{
	u8 *packet = kunit_kzalloc(test, VTAP_PKT_HEADERS_MAX, GFP_KERNEL);
	struct vtap_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(test, packet);
	((struct ipv6hdr *)packet)->nexthdr = NEXTHDR_DEST;
	packet[40] = NEXTHDR_DEST;
	packet[41] = 255;
	KUNIT_EXPECT_FALSE(test, vtap_pkt_walk(packet, 9000, &pkt));
}

static u8 random_kind(struct rnd_state *rnd)
{
	static const u8 kinds[] = {
		NEXTHDR_HOP, NEXTHDR_ROUTING, NEXTHDR_FRAGMENT, NEXTHDR_DEST,
		NEXTHDR_DEST, NEXTHDR_AUTH, NEXTHDR_TCP, NEXTHDR_NONE,
	};

	return kinds[prandom_u32_state(rnd) % ARRAY_SIZE(kinds)];
}

/* Numbers and lengths that often make sense, at random. */
static struct sk_buff *build_random(struct kunit *test, struct rnd_state *rnd)
{
	u8 bytes[96];
	size_t i;

	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = prandom_u32_state(rnd) % 3;
	for (i = 0; i < sizeof(bytes); i += 4)
		bytes[i] = random_kind(rnd);
	return build_ipv6(test, random_kind(rnd), bytes,
			  prandom_u32_state(rnd) % (sizeof(bytes) + 1));
}

static void expect_plausible(struct kunit *test, const struct sk_buff *skb,
			     const struct vtap_pkt *pkt)
{
	KUNIT_EXPECT_GE(test, pkt->l4, 40);
	KUNIT_EXPECT_LE(test, pkt->l4, skb->len);
	KUNIT_EXPECT_EQ(test, pkt->ext, pkt->l4 > 40);
	if (pkt->frag) {
		KUNIT_EXPECT_GE(test, pkt->frag, 40);
		KUNIT_EXPECT_LE(test, pkt->frag + 8, pkt->l4);
	}
	KUNIT_EXPECT_TRUE(test, pkt->fragment || !pkt->later);
	KUNIT_EXPECT_TRUE(test, pkt->frag || !pkt->fragment);
}

static void random_chains_do_no_harm(struct kunit *test)
{
	unsigned int i, good = 0;
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 8200);
	for (i = 0; i < 20000; i++) {
		struct sk_buff *skb = build_random(test, &rnd);
		enum vtap_verdict verdict;
		struct vtap_pkt pkt;

		verdict = vtap_pkt_parse_rx(skb, skb->protocol, &pkt);
		if (verdict == VTAP_CONTINUE) {
			good++;
			expect_plausible(test, skb, &pkt);
			expect_good_chain(test, skb, &pkt);
		} else {
			expect_bad_chain(test, skb);
		}
		kfree_skb(skb);
	}
	/* They are worth their name, both of them. */
	KUNIT_EXPECT_GT(test, good, 2000);
	KUNIT_EXPECT_LT(test, good, 18000);
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

		expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt),
			       VTAP_CONTINUE);
		udp = vtap_pkt_udp(skb, &pkt);
		KUNIT_EXPECT_EQ(test, !!udp, c->found);
		if (udp && c->found) {
			KUNIT_EXPECT_EQ(test, pkt.udp_len, c->len);
			KUNIT_EXPECT_EQ(test, ntohs(udp->source), 67);
			KUNIT_EXPECT_EQ(test, ntohs(udp->len), c->len);
		}
		kfree_skb(skb);
	}
}

/* What leads to a UDP datagram of 12 bytes. */
struct udp6_case {
	const char *name;
	u8 nexthdr;
	const char *hex;
	bool found;
};

static const struct udp6_case udp6_cases[] = {
	{ "no header", NEXTHDR_UDP, "", true },
	{ "options", NEXTHDR_HOP, OPTIONS8(DEST) OPTIONS24(UDP), true },
	{ "routing", NEXTHDR_ROUTING, ROUTING24(UDP, "0201"), true },
	{ "authentication", NEXTHDR_AUTH, AUTH12(UDP), true },
	{ "atomic fragment", NEXTHDR_FRAGMENT, FRAGMENT8(UDP, "0000"), true },
	{ "first fragment", NEXTHDR_FRAGMENT, FRAGMENT8(UDP, "0001") },
	{ "last fragment", NEXTHDR_FRAGMENT, FRAGMENT8(UDP, "0008") },
	{ "TCP", NEXTHDR_DEST, OPTIONS8(TCP) },
	{ "ESP", NEXTHDR_DEST, OPTIONS8(ESP) },
	{ "UDP-Lite", NEXTHDR_DEST, OPTIONS8(UDPLITE) },
	{ "source routing", NEXTHDR_ROUTING, ROUTING24(UDP, "0001") },
	{ "nine headers", NEXTHDR_DEST,
	  DEST24 DEST24 OPTIONS8(DEST) OPTIONS8(DEST) OPTIONS8(UDP) },
};

KUNIT_ARRAY_PARAM_DESC(udp6, udp6_cases, name);

static struct sk_buff *build_udp6(struct kunit *test, const struct udp6_case *c)
{
	static const u8 datagram[] = { 2, 34, 2, 35, 0, 12, 0, 0, 1, 2, 3, 4 };
	u8 payload[128];
	size_t len;
	u8 *chain = vtap_test_hex(test, c->hex, &len);

	KUNIT_ASSERT_LE(test, len + sizeof(datagram), sizeof(payload));
	memcpy(payload, chain, len);
	memcpy(payload + len, datagram, sizeof(datagram));
	return build_ipv6(test, c->nexthdr, payload, len + sizeof(datagram));
}

static void udp_header_behind_others(struct kunit *test)
{
	const struct udp6_case *c = test->param_value;
	struct sk_buff *flat = build_udp6(test, c), *skb;
	size_t linear;

	for (linear = 0; linear <= flat->len; linear++) {
		const struct udphdr *udp;
		struct vtap_pkt pkt;

		skb = split_at(test, flat, linear);
		expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt),
			       VTAP_CONTINUE);
		udp = vtap_pkt_udp(skb, &pkt);
		KUNIT_EXPECT_EQ(test, !!udp, c->found);
		if (udp && c->found) {
			KUNIT_EXPECT_EQ(test, pkt.udp_len, 12);
			KUNIT_EXPECT_EQ(test, ntohs(udp->source), 546);
			KUNIT_EXPECT_EQ(test, ntohs(udp->dest), 547);
		}
		kfree_skb(skb);
	}
	kfree_skb(flat);
}

/* What has a checksum over it all, and where that is. */
struct sum_case {
	const char *name;
	bool v6;
	u8 nexthdr;
	const char *hex;
	u8 protocol;
	u8 at;
};

static const struct sum_case sum_cases[] = {
	{ "UDP", false, IPPROTO_UDP, "", IPPROTO_UDP, 6 },
	{ "IPv6, UDP", true, IPPROTO_UDP, "", IPPROTO_UDP, 6 },
	{ "IPv6, ICMPv6", true, IPPROTO_ICMPV6, "", IPPROTO_ICMPV6, 2 },
	{ "IPv6, options, ICMPv6", true, NEXTHDR_HOP, OPTIONS8(ICMPV6),
	  IPPROTO_ICMPV6, 2 },
	{ "IPv6, authentication, UDP", true, NEXTHDR_AUTH, AUTH12(UDP),
	  IPPROTO_UDP, 6 },
};

KUNIT_ARRAY_PARAM_DESC(sum, sum_cases, name);

#define SUM_BYTES	27

/* RFC 1071, word by word. */
static u32 add_words(u32 sum, const u8 *data, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? data[i] : data[i] << 8;
	return sum;
}

static void put_sum(struct sk_buff *skb, const struct sum_case *c, u8 *data,
		    size_t len)
{
	u32 sum = len + c->protocol;

	if (c->v6)
		sum = add_words(sum, skb->data + 8, 32);
	else
		sum = add_words(sum, skb->data + 12, 8);
	sum = add_words(sum, data, len);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	data[c->at] = ~sum >> 8;
	data[c->at + 1] = ~sum;
}

/* A good packet of @len bytes in its transport, two more behind them. */
static struct sk_buff *build_sum(struct kunit *test, const struct sum_case *c,
				 size_t len)
{
	u8 payload[64];
	size_t n, i;
	u8 *chain = vtap_test_hex(test, c->hex, &n);
	struct sk_buff *skb;

	memcpy(payload, chain, n);
	for (i = 0; i < len; i++)
		payload[n + i] = 0x9d + 7 * i;
	payload[n + c->at] = 0;
	payload[n + c->at + 1] = 0;
	payload[n + len] = 0x12;
	payload[n + len + 1] = 0x34;
	skb = c->v6 ? build_ipv6(test, c->nexthdr, payload, n + len + 2) :
		      vtap_test_ipv4(test, STATION_IP, GATEWAY_IP, c->nexthdr,
				     payload, n + len + 2);
	put_sum(skb, c, skb->data + skb->len - len - 2, len);
	return skb;
}

static bool sum_good(struct kunit *test, struct sk_buff *skb, size_t len)
{
	struct vtap_pkt pkt;

	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	KUNIT_ASSERT_LE(test, pkt.l4 + len, skb->len);
	return vtap_pkt_sum_good(skb, &pkt, len);
}

/* Of even and odd length, wherever the linear part ends. */
static void good_sums_are_good(struct kunit *test)
{
	const struct sum_case *c = test->param_value;
	size_t len, linear;

	for (len = 8; len <= SUM_BYTES; len++) {
		struct sk_buff *flat = build_sum(test, c, len), *skb;

		for (linear = 0; linear <= flat->len; linear++) {
			skb = split_at(test, flat, linear);
			KUNIT_EXPECT_TRUE(test, sum_good(test, skb, len));
			kfree_skb(skb);
		}
		kfree_skb(flat);
	}
}

/* Any byte that is covered, the addresses among them. */
static void bad_sums_are_bad(struct kunit *test)
{
	const struct sum_case *c = test->param_value;
	struct sk_buff *flat = build_sum(test, c, SUM_BYTES), *skb;
	size_t transport = flat->len - SUM_BYTES - 2, i;

	for (i = c->v6 ? 8 : 12; i < flat->len; i++) {
		/* Those of the extension headers are not. */
		if (c->v6 && i >= 40 && i < transport)
			continue;
		skb = split_at(test, flat, flat->len / 2);
		KUNIT_ASSERT_EQ(test, skb_linearize(skb), 0);
		skb->data[i] ^= 0x10;
		KUNIT_EXPECT_EQ(test, sum_good(test, skb, SUM_BYTES),
				i >= transport + SUM_BYTES);
		kfree_skb(skb);
	}
	KUNIT_EXPECT_FALSE(test, sum_good(test, flat, SUM_BYTES - 1));
	kfree_skb(flat);
}

/* In a frame: the packet is not where the data begins. */
static void sum_behind_another_header(struct kunit *test)
{
	const struct sum_case *c = test->param_value;
	struct sk_buff *skb = build_sum(test, c, SUM_BYTES);
	struct vtap_pkt pkt;

	expect_verdict(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	vtap_test_push_ethernet(skb, GATEWAY_MAC, STATION_MAC);
	KUNIT_EXPECT_TRUE(test, vtap_pkt_sum_good(skb, &pkt, SUM_BYTES));
	skb->data[skb->len - 3]++;
	KUNIT_EXPECT_FALSE(test, vtap_pkt_sum_good(skb, &pkt, SUM_BYTES));
	kfree_skb(skb);
}

/* A sum that is not there yet, or that was checked, is not looked at; one that
 * the hardware computed without looking says nothing by itself.
 */
static void sums_are_vouched_for(struct kunit *test)
{
	const struct sum_case *c = test->param_value;
	struct sk_buff *skb = build_sum(test, c, SUM_BYTES);

	skb->data[skb->len - 3]++;
	skb->ip_summed = CHECKSUM_NONE;
	KUNIT_EXPECT_FALSE(test, sum_good(test, skb, SUM_BYTES));
	skb->ip_summed = CHECKSUM_COMPLETE;
	skb->csum = skb_checksum(skb, 0, skb->len, 0);
	KUNIT_EXPECT_FALSE(test, sum_good(test, skb, SUM_BYTES));
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	KUNIT_EXPECT_TRUE(test, sum_good(test, skb, SUM_BYTES));
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + skb->len - SUM_BYTES - 2;
	skb->csum_offset = c->at;
	KUNIT_EXPECT_TRUE(test, sum_good(test, skb, SUM_BYTES));
	kfree_skb(skb);
}

/* Who has to be looked into, of either family and both ways. */
static const struct control_case {
	const char *name;
	u16 sport;
	u16 dport;
	bool control;
} control_cases[] = {
	{ "to a name server", 40000, 53, true },
	{ "from a name server", 53, 40000, true },
	{ "to a DHCP server", 68, 67, true },
	{ "from a DHCP server", 67, 68, true },
	{ "relay to a DHCP server", 67, 67, true },
	{ "from a DHCP server's other port", 1000, 68, true },
	{ "to a DHCPv6 server", 546, 547, true },
	{ "from a DHCPv6 server", 547, 546, true },
	{ "neighbours of the ports", 52, 54, false },
	{ "more of them", 66, 69, false },
	{ "more of them", 545, 548, false },
	{ "ports in the other byte order", 53 << 8, 67 << 8, false },
};

KUNIT_ARRAY_PARAM_DESC(control, control_cases, name);

static void expect_control(struct kunit *test, struct sk_buff *skb,
			   bool control)
{
	__be16 ethertype = skb->protocol;
	struct vtap_pkt pkt;

	skb_reset_network_header(skb);
	KUNIT_EXPECT_EQ(test, vtap_pkt_parse_rx(skb, ethertype, &pkt),
			VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, pkt.control, control);
	KUNIT_EXPECT_EQ(test, vtap_pkt_parse_tx(skb, &pkt), VTAP_CONTINUE);
	KUNIT_EXPECT_EQ(test, pkt.control, control);
	kfree_skb(skb);
}

static void control(struct kunit *test)
{
	const struct control_case *c = test->param_value;
	struct sk_buff *skb;

	expect_control(test, vtap_test_udp(test, GATEWAY_IP, STATION_IP,
					   c->sport, c->dport, "x", 1),
		       c->control);
	expect_control(test, vtap_test_udp6(test, "2001:db8::1", "2001:db8::2",
					    c->sport, c->dport, "x", 1),
		       c->control);
	/* The host would put it together. */
	skb = vtap_test_udp(test, GATEWAY_IP, STATION_IP, c->sport, c->dport,
			    "x", 1);
	ip_hdr(skb)->frag_off = htons(IP_MF);
	vtap_test_sum_ipv4(skb->data);
	expect_control(test, skb, c->control);
	skb = vtap_test_udp(test, GATEWAY_IP, STATION_IP, c->sport, c->dport,
			    "x", 1);
	ip_hdr(skb)->frag_off = htons(1);
	vtap_test_sum_ipv4(skb->data);
	expect_control(test, skb, false);
}

static void other_control(struct kunit *test)
{
	static const u8 payload[20] = { 53, 0, 53 };

	expect_control(test, vtap_test_ipv4(test, GATEWAY_IP, STATION_IP,
					    IPPROTO_ICMP, payload,
					    sizeof(payload)), true);
	expect_control(test, vtap_test_ipv6(test, "2001:db8::1", "2001:db8::2",
					    IPPROTO_ICMPV6, payload,
					    sizeof(payload)), true);
	expect_control(test, vtap_test_ipv4(test, GATEWAY_IP, STATION_IP,
					    IPPROTO_TCP, payload,
					    sizeof(payload)), false);
}

static struct kunit_case packet_test_cases[] = {
	KUNIT_CASE_PARAM(rx, packet_gen_params),
	KUNIT_CASE_PARAM(tx, packet_gen_params),
	KUNIT_CASE(tx_refuses_what_is_not_ip),
	KUNIT_CASE(too_long_for_its_field),
	KUNIT_CASE_PARAM(every_truncation_is_refused, whole_gen_params),
	KUNIT_CASE_PARAM(every_split_is_pulled, whole_gen_params),
	KUNIT_CASE_PARAM(padding_is_trimmed, whole_gen_params),
	KUNIT_CASE_PARAM(fragments_are_told, fragment_gen_params),
	KUNIT_CASE_PARAM(chains_are_walked, good_chain_gen_params),
	KUNIT_CASE_PARAM(bad_chains_are_refused, bad_chain_gen_params),
	KUNIT_CASE_PARAM(cut_chains_are_refused, good_chain_gen_params),
	KUNIT_CASE_PARAM(padding_is_no_header, good_chain_gen_params),
	KUNIT_CASE(long_chains_are_refused),
	KUNIT_CASE(nothing_behind_the_headers_is_read),
	KUNIT_CASE(random_chains_do_no_harm),
	KUNIT_CASE_PARAM(control, control_gen_params),
	KUNIT_CASE(other_control),
	KUNIT_CASE_PARAM(udp_header, udp_gen_params),
	KUNIT_CASE_PARAM(udp_header_behind_others, udp6_gen_params),
	KUNIT_CASE_PARAM(good_sums_are_good, sum_gen_params),
	KUNIT_CASE_PARAM(bad_sums_are_bad, sum_gen_params),
	KUNIT_CASE_PARAM(sum_behind_another_header, sum_gen_params),
	KUNIT_CASE_PARAM(sums_are_vouched_for, sum_gen_params),
	{}
};

static struct kunit_suite packet_suite = {
	.name = "vtap_packet",
	.test_cases = packet_test_cases,
};

kunit_test_suite(packet_suite);
