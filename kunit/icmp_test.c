// SPDX-License-Identifier: GPL-2.0
/* ICMP errors: what is read from one, which are believed. */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/inet.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>

#include "icmp.h"
#include "utils.h"

/* The reference's. */
#define V13	"03040000000005dc450000301234000040110000c0a8010a0808080804d20035000000000000000000000000000000000000000000000000"
#define V14	"02000000000005dc600000000010114020010db800000000000000000000000120010db800000000000000000000000204d20035001000000000000000000000000000000000000000000000000000000000000000000000"

/* Of a datagram of 32 bytes from 192.168.1.10 to 8.8.8.8, ports 1234 and 53. */
#define HEAD4	"0301000000000000"
#define ADDRS4	"c0a8010a08080808"
#define PORTS	"04d20035000c0000"
#define EMBED4	"450000201234000040110000" ADDRS4 PORTS
#define NOPS	"0101010101010101010101010101010101010101"

/* The same from 2001:db8::1 to 2001:db8::2. */
#define HEAD6	"0100000000000000"
#define ADDRS6	"20010db800000000000000000000000120010db8000000000000000000000002"
/* Hop-by-hop and destination options, routing header of type 4. */
#define EXT6	"3c000104000000002b01010c0000000000000000000000001100040000000000"
#define EMBED6	"60000000000c1140" ADDRS6 PORTS

#define FROM4	IP4(192, 168, 1, 10)
#define TO4	IP4(8, 8, 8, 8)

static struct in6_addr low6(u32 low)
{
	struct in6_addr addr = { .s6_addr32 = {
		htonl(0x20010db8), 0, 0, htonl(low),
	} };

	return addr;
}

/* The bytes of a message, and what is found. */
struct parse_case {
	const char *name;
	const char *hex;
	bool v6;
	int err;
	u8 type;
	u8 code;
	struct {
		u8 protocol;
		u16 sport;
		u16 dport;
	} carried;
	bool too_big;
	u32 mtu;
};

#define WITH_PORTS(_protocol)	{ _protocol, 1234, 53 }
#define NO_PORTS(_protocol)	{ _protocol, 0, 0 }
#define UDP_PORTS		WITH_PORTS(IPPROTO_UDP)

static const struct parse_case parse_cases[] = {
	{ "reference vector 13", V13, false, 0, 3, 4, UDP_PORTS, true, 1500 },
	{ "reference vector 14", V14, true, 0, 2, 0, UDP_PORTS, true, 1500 },

	{ "unreachable", HEAD4 EMBED4, false, 0, 3, 1, UDP_PORTS },
	{ "port unreachable", "0303000000000000" EMBED4, false, 0, 3, 3,
	  UDP_PORTS },
	{ "MTU where none is", "03030000000005dc" EMBED4, false, 0, 3, 3,
	  UDP_PORTS },
	{ "too big, MTU 0", "0304000000000000" EMBED4, false, 0, 3, 4,
	  UDP_PORTS, true, 0 },
	{ "too big, MTU 65535", "030400000000ffff" EMBED4, false, 0, 3, 4,
	  UDP_PORTS, true, 65535 },
	{ "too big, MTU behind something", "03040000ffff0240" EMBED4, false, 0,
	  3, 4, UDP_PORTS, true, 576 },
	{ "source quench", "0400000000000000" EMBED4, false, 0, 4, 0,
	  UDP_PORTS },
	{ "source quench of code 4", "04040000000005dc" EMBED4, false, 0, 4, 4,
	  UDP_PORTS },
	{ "redirect", "05010000c0a80101" EMBED4, false, 0, 5, 1, UDP_PORTS },
	{ "time exceeded", "0b00000000000000" EMBED4, false, 0, 11, 0,
	  UDP_PORTS },
	{ "parameter problem", "0c00000014000000" EMBED4, false, 0, 12, 0,
	  UDP_PORTS },
	{ "TCP", HEAD4 "450000201234000040060000" ADDRS4 PORTS, false, 0, 3, 1,
	  WITH_PORTS(IPPROTO_TCP) },
	{ "UDP-Lite", HEAD4 "450000201234000040880000" ADDRS4 PORTS, false, 0,
	  3, 1, WITH_PORTS(IPPROTO_UDPLITE) },
	{ "SCTP", HEAD4 "450000201234000040840000" ADDRS4 PORTS, false, 0, 3, 1,
	  WITH_PORTS(IPPROTO_SCTP) },
	{ "DCCP", HEAD4 "450000201234000040210000" ADDRS4 PORTS, false, 0, 3, 1,
	  WITH_PORTS(IPPROTO_DCCP) },
	{ "ICMP has no ports", HEAD4 "450000201234000040010000" ADDRS4 PORTS,
	  false, 0, 3, 1, NO_PORTS(IPPROTO_ICMP) },
	{ "ESP has no ports", HEAD4 "450000201234000040320000" ADDRS4 PORTS,
	  false, 0, 3, 1, NO_PORTS(IPPROTO_ESP) },
	{ "unknown protocol", HEAD4 "450000201234000040fd0000" ADDRS4 PORTS,
	  false, 0, 3, 1, NO_PORTS(0xfd) },
	{ "first fragment", HEAD4 "450000201234200040110000" ADDRS4 PORTS,
	  false, 0, 3, 1, UDP_PORTS },
	{ "last fragment", HEAD4 "450000201234000140110000" ADDRS4 PORTS,
	  false, 0, 3, 1, NO_PORTS(IPPROTO_UDP) },
	{ "fragment in the middle", HEAD4 "450000201234300040110000" ADDRS4
	  PORTS, false, 0, 3, 1, NO_PORTS(IPPROTO_UDP) },
	{ "do not fragment", HEAD4 "450000201234400040110000" ADDRS4 PORTS,
	  false, 0, 3, 1, UDP_PORTS },
	{ "options", HEAD4 "470000281234000040110000" ADDRS4
	  "0101010101010100" PORTS, false, 0, 3, 1, UDP_PORTS },
	{ "40 bytes of options", HEAD4 "4f0000481234000040110000" ADDRS4
	  NOPS NOPS PORTS, false, 0, 3, 1, UDP_PORTS },
	{ "40 bytes of options, a byte less", HEAD4
	  "4f0000481234000040110000" ADDRS4
	  NOPS "01010101010101010101010101010101010101", false, -EINVAL },
	{ "header of 0 bytes", HEAD4 "400000201234000040110000" ADDRS4 PORTS,
	  false, -EINVAL },
	{ "header of 16 bytes", HEAD4 "440000201234000040110000" ADDRS4 PORTS,
	  false, -EINVAL },
	{ "header longer than all", HEAD4 "480000201234000040110000" ADDRS4
	  PORTS, false, -EINVAL },
	{ "version 6", HEAD4 "650000201234000040110000" ADDRS4 PORTS, false,
	  -EINVAL },
	{ "version 0", HEAD4 "050000201234000040110000" ADDRS4 PORTS, false,
	  -EINVAL },
	{ "a packet of nothing", HEAD4 "450000141234000040110000" ADDRS4, false,
	  0, 3, 1, NO_PORTS(IPPROTO_UDP) },
	{ "a packet of 4 bytes", HEAD4 "450000181234000040110000" ADDRS4
	  "04d20035", false, 0, 3, 1, NO_PORTS(IPPROTO_UDP) },
	{ "a packet of 5 bytes, cut to 4", HEAD4 "450000191234000040110000"
	  ADDRS4 "04d20035", false, -EINVAL },
	{ "total length of more than there is", HEAD4
	  "45ffffff1234000040110000" ADDRS4 PORTS, false, 0, 3, 1, UDP_PORTS },
	{ "total length of less than there is", HEAD4
	  "450000141234000040110000" ADDRS4 PORTS, false, 0, 3, 1, UDP_PORTS },
	{ "total length 0, header only", HEAD4 "450000001234000040110000"
	  ADDRS4, false, 0, 3, 1, NO_PORTS(IPPROTO_UDP) },
	{ "ICMPv6 to the wrong parser", HEAD6 EMBED6, false, -EINVAL },

	{ "no route", HEAD6 EMBED6, true, 0, 1, 0, UDP_PORTS },
	{ "port unreachable", "0104000000000000" EMBED6, true, 0, 1, 4,
	  UDP_PORTS },
	{ "code 4 has no MTU", "01040000000005dc" EMBED6, true, 0, 1, 4,
	  UDP_PORTS },
	{ "too big of code 1", "0201000000000500" EMBED6, true, 0, 2, 1,
	  UDP_PORTS, true, 1280 },
	{ "MTU of 32 bits", "02000000ffffffff" EMBED6, true, 0, 2, 0,
	  UDP_PORTS, true, 0xffffffff },
	{ "MTU 0", "0200000000000000" EMBED6, true, 0, 2, 0, UDP_PORTS, true,
	  0 },
	{ "time exceeded", "0300000000000000" EMBED6, true, 0, 3, 0,
	  UDP_PORTS },
	{ "parameter problem", "0401000000000028" EMBED6, true, 0, 4, 1,
	  UDP_PORTS },
	{ "TCP", HEAD6 "60000000000c0640" ADDRS6 PORTS, true, 0, 1, 0,
	  WITH_PORTS(IPPROTO_TCP) },
	{ "ICMPv6 has no ports", HEAD6 "60000000000c3a40" ADDRS6 PORTS, true,
	  0, 1, 0, NO_PORTS(IPPROTO_ICMPV6) },
	{ "no next header", HEAD6 "6000000000003b40" ADDRS6, true, 0, 1, 0,
	  NO_PORTS(NEXTHDR_NONE) },
	{ "hop-by-hop options", HEAD6 "6000000000140040" ADDRS6
	  "1100010400000000" PORTS, true, 0, 1, 0, UDP_PORTS },
	{ "three headers", HEAD6 "60000000002c0040" ADDRS6 EXT6 PORTS, true, 0,
	  1, 0, UDP_PORTS },
	{ "authentication header", HEAD6 "6000000000183340" ADDRS6
	  "110100000000000100000001" PORTS, true, 0, 1, 0, UDP_PORTS },
	{ "first fragment", HEAD6 "6000000000142c40" ADDRS6
	  "1100000100001234" PORTS, true, 0, 1, 0, UDP_PORTS },
	{ "later fragment", HEAD6 "6000000000142c40" ADDRS6
	  "1100000800001234" PORTS, true, 0, 1, 0, NO_PORTS(IPPROTO_UDP) },
	{ "atomic fragment", HEAD6 "6000000000142c40" ADDRS6
	  "1100000000001234" PORTS, true, 0, 1, 0, UDP_PORTS },
	{ "two fragment headers", HEAD6 "60000000001c2c40" ADDRS6
	  "2c000000000012341100000000001234" PORTS, true, -EINVAL },
	{ "extension header cut", HEAD6 "6000000000140040" ADDRS6
	  "11000104000000", true, -EINVAL },
	{ "extension header longer than all", HEAD6 "6000000000140040" ADDRS6
	  "1102010400000000" PORTS, true, -EINVAL },
	{ "routing header of type 0", HEAD6 "60000000001c2b40" ADDRS6
	  "1100000000000000" PORTS, true, -EINVAL },
	{ "hop-by-hop options in the wrong place", HEAD6 "60000000001c3c40"
	  ADDRS6 "00000104000000001100010400000000" PORTS, true, -EINVAL },
	{ "version 4", HEAD6 "40000000000c1140" ADDRS6 PORTS, true, -EINVAL },
	{ "a packet of 4 bytes", HEAD6 "6000000000041140" ADDRS6 "04d20035",
	  true, 0, 1, 0, NO_PORTS(IPPROTO_UDP) },
	{ "a packet of 5 bytes, cut to 4", HEAD6 "6000000000051140" ADDRS6
	  "04d20035", true, -EINVAL },
	{ "payload length of more than there is", HEAD6 "60000000ffff1140"
	  ADDRS6 PORTS, true, 0, 1, 0, UDP_PORTS },
	{ "payload length 0", HEAD6 "6000000000001140" ADDRS6 PORTS, true, 0,
	  1, 0, UDP_PORTS },
	{ "ICMP to the wrong parser", "0b00000000000000" EMBED4, true,
	  -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(parse, parse_cases, name);

static int parse_bytes(bool v6, const u8 *data, size_t len,
		       struct vtap_icmp_error *error)
{
	return v6 ? vtap_icmp_parse6(data, len, error) :
		    vtap_icmp_parse4(data, len, error);
}

static void parse(struct kunit *test)
{
	const struct parse_case *c = test->param_value;
	struct in6_addr source = c->v6 ? low6(1) : vtap_test_mapped(FROM4);
	struct in6_addr dest = c->v6 ? low6(2) : vtap_test_mapped(TO4);
	struct vtap_icmp_error error;
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);

	memset(&error, 0xff, sizeof(error));
	KUNIT_ASSERT_EQ(test, parse_bytes(c->v6, data, len, &error), c->err);
	if (c->err)
		return;
	KUNIT_EXPECT_EQ(test, error.type, c->type);
	KUNIT_EXPECT_EQ(test, error.code, c->code);
	KUNIT_EXPECT_EQ(test, error.protocol, c->carried.protocol);
	KUNIT_EXPECT_EQ(test, error.sport, c->carried.sport);
	KUNIT_EXPECT_EQ(test, error.dport, c->carried.dport);
	KUNIT_EXPECT_EQ(test, error.too_big, c->too_big);
	KUNIT_EXPECT_EQ(test, error.mtu, c->mtu);
	KUNIT_EXPECT_MEMEQ(test, &error.source, &source, sizeof(source));
	KUNIT_EXPECT_MEMEQ(test, &error.dest, &dest, sizeof(dest));
}

/* 8 bytes of what is embedded must be there, behind all of its headers. */
static const struct truncate_case {
	const char *name;
	const char *hex;
	bool v6;
	size_t enough;
} truncate_cases[] = {
	{ "IPv4", V13, false, 8 + 20 + 8 },
	{ "IPv4 options", HEAD4 "470000301234000040110000" ADDRS4
	  "0101010101010100" PORTS "0000", false, 8 + 28 + 8 },
	{ "IPv6", V14, true, 8 + 40 + 8 },
	{ "IPv6 extension headers", HEAD6 "60000000002c0040"
	  ADDRS6 EXT6 PORTS "0000", true, 8 + 40 + 32 + 8 },
	{ "IPv6 later fragment", HEAD6 "6000000000142c40" ADDRS6
	  "1100000800001234" PORTS "0000", true, 8 + 40 + 8 + 8 },
};

KUNIT_ARRAY_PARAM_DESC(truncate, truncate_cases, name);

static void every_truncation(struct kunit *test)
{
	const struct truncate_case *c = test->param_value;
	struct vtap_icmp_error error;
	size_t whole, len;
	u8 *data = vtap_test_hex(test, c->hex, &whole);

	for (len = 0; len <= whole; len++) {
		u8 *exact = vtap_test_exact(test, data, len);
		int err = len < c->enough ? -EINVAL : 0;

		KUNIT_EXPECT_EQ_MSG(test,
				    parse_bytes(c->v6, exact, len, &error), err,
				    "%zu bytes", len);
		kunit_kfree(test, exact);
	}
}

static bool wanted4(unsigned int type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

/* RFC 4443 2.1 keeps 5 to 127 for errors that are not known yet. */
static bool wanted6(unsigned int type)
{
	return type >= 1 && type <= 4;
}

static void every_type(struct kunit *test)
{
	struct vtap_icmp_error error;
	size_t len4, len6;
	u8 *data4 = vtap_test_hex(test, HEAD4 EMBED4, &len4);
	u8 *data6 = vtap_test_hex(test, HEAD6 EMBED6, &len6);
	unsigned int type;

	for (type = 0; type < 256; type++) {
		data4[0] = type;
		data6[0] = type;
		KUNIT_EXPECT_EQ(test, vtap_icmp_is_error4(type), wanted4(type));
		KUNIT_EXPECT_EQ(test, vtap_icmp_is_error6(type), wanted6(type));
		KUNIT_EXPECT_EQ(test, vtap_icmp_parse4(data4, len4, &error),
				wanted4(type) ? 0 : -EINVAL);
		KUNIT_EXPECT_EQ(test, vtap_icmp_parse6(data6, len6, &error),
				wanted6(type) ? 0 : -EINVAL);
	}
}

static struct kunit_case parse_test_cases[] = {
	KUNIT_CASE_PARAM(parse, parse_gen_params),
	KUNIT_CASE_PARAM(every_truncation, truncate_gen_params),
	KUNIT_CASE(every_type),
	{}
};

static struct kunit_suite parse_suite = {
	.name = "vtap_icmp_parse",
	.test_cases = parse_test_cases,
};

#define SENDER6	"2001:db8::1"
#define ROUTER6	"2001:db8::fe"

/* An error from a router, and what becomes of it. */
struct error_case {
	const char *name;
	const char *hex;
	bool v6;
	bool forged;
	bool pmtu;
	bool no_error;
	bool elsewhere;		/* not to who sent the packet */
	bool bad_sum;
	bool ext;		/* options, extension headers of its own */
};

#define TOO_BIG4(_mtu)	"030400000000" _mtu EMBED4
#define TOO_BIG6(_mtu)	"02000000" _mtu EMBED6

static const struct error_case error_cases[] = {
	{ .name = "unreachable", .hex = HEAD4 EMBED4 },
	{ .name = "source quench", .hex = "0400000000000000" EMBED4 },
	{ .name = "redirect", .hex = "05010000c0a80101" EMBED4 },
	{ .name = "time exceeded", .hex = "0b00000000000000" EMBED4 },
	{ .name = "parameter problem", .hex = "0c00000014000000" EMBED4 },
	{ .name = "reference vector 13", .hex = V13 },
	{ .name = "not about its receiver's packet", .hex = HEAD4 EMBED4,
	  .elsewhere = true, .forged = true },
	{ .name = "too big, not about its receiver's packet",
	  .hex = TOO_BIG4("0500"), .elsewhere = true, .forged = true },
	{ .name = "nothing embedded", .hex = HEAD4, .forged = true },
	{ .name = "header cut", .hex = "030100000000", .forged = true },
	{ .name = "type only", .hex = "03fcfeffff", .forged = true },
	{ .name = "7 bytes of the packet's data",
	  .hex = HEAD4 "450000201234000040110000" ADDRS4 "04d20035000c00",
	  .forged = true },
	{ .name = "embedded IPv6", .hex = HEAD4 EMBED6, .forged = true },
	{ .name = "MTU 0", .hex = TOO_BIG4("0000"), .forged = true },
	{ .name = "MTU 67", .hex = TOO_BIG4("0043"), .forged = true },
	{ .name = "MTU 68", .hex = TOO_BIG4("0044"), .pmtu = true },
	{ .name = "MTU 1279", .hex = TOO_BIG4("04ff"), .pmtu = true },
	{ .name = "MTU 1499", .hex = TOO_BIG4("05db"), .pmtu = true },
	{ .name = "MTU of the link", .hex = TOO_BIG4("05dc") },
	{ .name = "MTU larger than the link's", .hex = TOO_BIG4("ffff") },
	{ .name = "echo request", .hex = "0800000000010002" EMBED4,
	  .no_error = true },
	{ .name = "echo reply", .hex = "0000000000010002" EMBED4,
	  .no_error = true },
	{ .name = "echo reply to somebody else",
	  .hex = "0000000000010002" EMBED4, .elsewhere = true,
	  .no_error = true },
	{ .name = "timestamp", .hex = "0d00000000010002" EMBED4,
	  .no_error = true },
	{ .name = "wrong checksum", .hex = HEAD4 EMBED4, .bad_sum = true },

	{ .name = "behind options", .hex = HEAD4 EMBED4, .ext = true },
	{ .name = "too big, behind options", .hex = TOO_BIG4("0500"),
	  .ext = true, .pmtu = true },
	{ .name = "7 bytes of the packet's data, behind options",
	  .hex = HEAD4 "450000201234000040110000" ADDRS4 "04d20035000c00",
	  .ext = true, .forged = true },

	{ .name = "IPv6, no route", .v6 = true, .hex = HEAD6 EMBED6 },
	{ .name = "IPv6, time exceeded", .v6 = true,
	  .hex = "0300000000000000" EMBED6 },
	{ .name = "IPv6, parameter problem", .v6 = true,
	  .hex = "0401000000000028" EMBED6 },
	{ .name = "IPv6, reference vector 14", .v6 = true, .hex = V14 },
	{ .name = "IPv6, extension headers", .v6 = true,
	  .hex = HEAD6 "6000000000140040" ADDRS6 "1100010400000000" PORTS },
	{ .name = "IPv6, not about its receiver's packet", .v6 = true,
	  .hex = HEAD6 EMBED6, .elsewhere = true, .forged = true },
	{ .name = "IPv6, nothing embedded", .v6 = true, .hex = HEAD6,
	  .forged = true },
	{ .name = "IPv6, type only", .v6 = true, .hex = "01000000",
	  .forged = true },
	{ .name = "IPv6, 7 bytes of the packet's data", .v6 = true,
	  .hex = HEAD6 "60000000000c1140" ADDRS6 "04d20035000c00",
	  .forged = true },
	{ .name = "IPv6, MTU 0", .v6 = true, .hex = TOO_BIG6("00000000"),
	  .forged = true },
	{ .name = "IPv6, MTU 1279", .v6 = true, .hex = TOO_BIG6("000004ff"),
	  .forged = true },
	{ .name = "IPv6, MTU 1280", .v6 = true, .hex = TOO_BIG6("00000500"),
	  .pmtu = true },
	{ .name = "IPv6, MTU 1499", .v6 = true, .hex = TOO_BIG6("000005db"),
	  .pmtu = true },
	{ .name = "IPv6, MTU of the link", .v6 = true,
	  .hex = TOO_BIG6("000005dc") },
	{ .name = "IPv6, MTU of 32 bits", .v6 = true,
	  .hex = TOO_BIG6("ffffffff") },
	{ .name = "IPv6, echo request", .v6 = true,
	  .hex = "8000000000010002" EMBED6, .no_error = true },
	{ .name = "IPv6, echo reply to somebody else", .v6 = true,
	  .hex = "8100000000010002" EMBED6, .elsewhere = true,
	  .no_error = true },
	{ .name = "IPv6, error that is not known", .v6 = true,
	  .hex = "6400000000000000" EMBED6, .no_error = true },
	{ .name = "IPv6, behind options", .v6 = true, .hex = HEAD6 EMBED6,
	  .ext = true },
	{ .name = "IPv6, too big, behind options", .v6 = true,
	  .hex = TOO_BIG6("00000500"), .ext = true, .pmtu = true },
	{ .name = "IPv6, wrong checksum", .v6 = true, .hex = HEAD6 EMBED6,
	  .bad_sum = true },
};

KUNIT_ARRAY_PARAM_DESC(error, error_cases, name);

static struct in6_addr parse6(const char *text)
{
	struct in6_addr addr;

	WARN_ON(!in6_pton(text, -1, addr.s6_addr, -1, NULL));
	return addr;
}

static __sum16 sum6(const struct in6_addr *source, const struct in6_addr *dest,
		    const u8 *data, size_t len)
{
	return csum_ipv6_magic(source, dest, len, IPPROTO_ICMPV6,
			       csum_partial(data, len, 0));
}

static void set_sum(u8 *data, size_t len, bool v6, const char *to)
{
	struct in6_addr source = parse6(ROUTER6), dest = parse6(to);
	__sum16 sum;

	memset(data + 2, 0, 2);
	sum = v6 ? sum6(&source, &dest, data, len) : ip_compute_csum(data, len);
	memcpy(data + 2, &sum, 2);
}

/* 8 bytes of padding between the IP header and the message. */
static void insert_ext(struct sk_buff *skb, bool v6)
{
	static const u8 padding[] = { IPPROTO_ICMPV6, 0, 1, 4, 0, 0, 0, 0 };
	static const u8 options[] = { 1, 1, 1, 1, 1, 1, 1, 0 };
	size_t len = v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	u8 *data = skb_push(skb, sizeof(padding));

	memmove(data, data + sizeof(padding), len);
	skb_reset_network_header(skb);
	memcpy(data + len, v6 ? padding : options, sizeof(padding));
	if (v6) {
		ipv6_hdr(skb)->nexthdr = NEXTHDR_DEST;
		be16_add_cpu(&ipv6_hdr(skb)->payload_len, sizeof(padding));
		return;
	}
	ip_hdr(skb)->ihl += sizeof(options) / 4;
	be16_add_cpu(&ip_hdr(skb)->tot_len, sizeof(options));
	vtap_test_sum_ipv4(data);
}

static struct sk_buff *build(struct kunit *test, const struct error_case *c)
{
	const char *to6 = c->elsewhere ? "2001:db8::64" : SENDER6;
	__be32 to4 = c->elsewhere ? STATION_IP : FROM4;
	struct sk_buff *skb;
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);

	set_sum(data, len, c->v6, to6);
	data[2] ^= c->bad_sum;
	skb = c->v6 ? vtap_test_ipv6(test, ROUTER6, to6, IPPROTO_ICMPV6, data,
				     len) :
		      vtap_test_ipv4(test, GATEWAY_IP, to4, IPPROTO_ICMP, data,
				     len);
	if (c->ext)
		insert_ext(skb, c->v6);
	return skb;
}

static struct sk_buff *frame(struct kunit *test, struct sk_buff *packet,
			     size_t linear)
{
	struct sk_buff *skb = vtap_test_split_skb(test, packet->data,
						  packet->len, linear);

	skb->protocol = packet->protocol;
	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	return skb;
}

struct counts {
	u64 forged;
	u64 checksum;
	u64 errors4;
	u64 errors6;
	u64 pmtu;
};

static struct counts count(struct vtap_port *port)
{
	return (struct counts){
		.forged = vtap_test_drops(port, VTAP_RX_DROP_ICMP_FORGED),
		.checksum = vtap_test_drops(port, VTAP_RX_DROP_CHECKSUM),
		.errors4 = vtap_test_count(port, VTAP_STAT_ICMP_ERRORS),
		.errors6 = vtap_test_count(port, VTAP_STAT_ICMPV6_ERRORS),
		.pmtu = vtap_test_count(port, VTAP_STAT_PMTU_EVENTS),
	};
}

static void try_error(struct kunit *test, const struct error_case *c,
		      size_t linear)
{
	struct vtap_test_pair *pair = test->priv;
	struct counts before = count(pair->port), after;
	struct sk_buff *skb = build(test, c);
	bool is_error = !c->no_error && !c->bad_sum;

	vtap_test_transmit(test, pair->ethernet,
			   frame(test, skb, min_t(size_t, linear, skb->len)));
	if (!c->forged && !c->bad_sum)
		vtap_test_expect_frame(test, &pair->to_host, skb->data,
				       skb->len);
	after = count(pair->port);
	KUNIT_EXPECT_EQ(test, after.forged - before.forged, c->forged);
	KUNIT_EXPECT_EQ(test, after.checksum - before.checksum, c->bad_sum);
	KUNIT_EXPECT_EQ(test, after.errors4 - before.errors4,
			is_error && !c->v6);
	KUNIT_EXPECT_EQ(test, after.errors6 - before.errors6,
			is_error && c->v6);
	KUNIT_EXPECT_EQ(test, after.pmtu - before.pmtu, c->pmtu);
	kfree_skb(skb);
}

static void errors(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	try_error(test, test->param_value, 1000);
	try_error(test, test->param_value, 0);
	try_error(test, test->param_value, 41);
	vtap_test_expect_silence(test, &pair->to_host);
	vtap_test_expect_silence(test, &pair->to_vpn);
}

/* What is small is told by the link it is for. */
static void smaller_link(struct kunit *test)
{
	const struct error_case known = { .hex = TOO_BIG4("0514") };
	const struct error_case news = { .hex = TOO_BIG4("0513"),
					 .pmtu = true };
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->host->mtu, 0x514);
	try_error(test, &known, 1000);
	try_error(test, &news, 1000);
	WRITE_ONCE(pair->host->mtu, ETH_DATA_LEN);
}

/* Fragments of an error are not looked at by themselves. */
static void fragments_are_no_errors(struct kunit *test)
{
	const struct error_case c = { .hex = HEAD4 EMBED4, .elsewhere = true };
	struct vtap_test_pair *pair = test->priv;
	struct counts before = count(pair->port), after;
	struct sk_buff *skb = build(test, &c);

	WRITE_ONCE(pair->port->frags.reassembly, 0);
	ip_hdr(skb)->frag_off = htons(IP_MF);
	vtap_test_sum_ipv4(skb->data);
	vtap_test_transmit(test, pair->ethernet, frame(test, skb, skb->len));
	vtap_test_expect_frame(test, &pair->to_host, skb->data, skb->len);
	ip_hdr(skb)->frag_off = htons(100);
	vtap_test_sum_ipv4(skb->data);
	vtap_test_transmit(test, pair->ethernet, frame(test, skb, skb->len));
	vtap_test_expect_frame(test, &pair->to_host, skb->data, skb->len);
	WRITE_ONCE(pair->port->frags.reassembly, 1);
	after = count(pair->port);
	KUNIT_EXPECT_EQ(test, after.errors4, before.errors4);
	KUNIT_EXPECT_EQ(test, after.forged, before.forged);
	kfree_skb(skb);
}

/* What a station says in the router's name, before or after that has proven its
 * hardware address.
 */
static const struct say_case {
	const char *name;
	const char *hex;
	const char *source;
	bool proven;
	bool forged;
} say_cases[] = {
	{ "router's redirect", "05010000c0a80101" EMBED4, GATEWAY_MAC, true },
	{ "another's redirect", "05010000c0a80101" EMBED4, OTHER_MAC, true,
	  true },
	{ "redirect of a router that is not known",
	  "05010000c0a80101" EMBED4, OTHER_MAC },
	{ "another's unreachable", HEAD4 EMBED4, OTHER_MAC, true },
};

KUNIT_ARRAY_PARAM_DESC(say, say_cases, name);

static void who_redirects(struct kunit *test)
{
	const struct say_case *c = test->param_value;
	const struct error_case error = { .hex = c->hex };
	struct sk_buff *skb = build(test, &error), *sent;
	struct vtap_test_pair *pair = test->priv;
	u64 before = count(pair->port).forged;

	if (c->proven)
		vtap_test_prove_gateway(test, pair);
	sent = frame(test, skb, skb->len);
	ether_addr_copy(sent->data + ETH_ALEN, c->source);
	vtap_test_transmit(test, pair->ethernet, sent);
	if (!c->forged)
		vtap_test_expect_frame(test, &pair->to_host, skb->data,
				       skb->len);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, count(pair->port).forged - before, c->forged);
	kfree_skb(skb);
}

static struct kunit_case icmp_test_cases[] = {
	KUNIT_CASE_PARAM(errors, error_gen_params),
	KUNIT_CASE(smaller_link),
	KUNIT_CASE(fragments_are_no_errors),
	KUNIT_CASE_PARAM(who_redirects, say_gen_params),
	{}
};

static struct kunit_suite icmp_suite = {
	.name = "vtap_icmp",
	.init = vtap_test_shared_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = icmp_test_cases,
};

kunit_test_suites(&parse_suite, &icmp_suite);
