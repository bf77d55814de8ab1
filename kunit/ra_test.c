// SPDX-License-Identifier: GPL-2.0
/* The parser of router advertisements: what it finds, what it passes over, what
 * it refuses, what it survives.
 */

#include <linux/prandom.h>

#include "ra.h"
#include "utils.h"

#define RA_LEN		16

/* An hour as default router, of medium preference. */
#define TIMERS		"0000000000000000"
#define RA		"8600000040000e10" TIMERS

#define MTU		"05010000000005dc"
#define SLLA		"0101021122334455"
/* A nonce (RFC 3971): nothing we know. */
#define UNKNOWN		"0e01a1a2a3a4a5a6"

#define ADDR		"20010db8000000000000000000000000"
#define ZEROS		"000000000000000000000000000000"
#define MULTICAST	"ff020000000000000000000000000001"
#define MAPPED		"00000000000000000000ffffc0a80101"
#define ONES		"bfffffffffffffffffffffffffffffff"

/* RFC 4861 4.6.2, for a day, preferred for four hours. */
#define PREFIX_AS(len, flags, times, addr) \
	"0304" len flags times "00000000" addr
#define DAY		"0001518000003840"
#define PREFIX_TEXT	"prefix 2001:db8::/64 LA 86400 14400; "
#define PREFIX		PREFIX_AS("40", "c0", DAY, ADDR)

/* Of all else: ten minutes. */
#define LIFETIME	"00000258"
#define FOR_EVER	"ffffffff"
#define TAKEN_BACK	"00000000"

/* RFC 4191 2.3 */
#define ROUTE		"18022000" LIFETIME "20010db800000000"
#define ROUTE_TEXT	"route 2001:db8::/32 0 600; "
#define DEFAULT_ROUTE	"18010008" LIFETIME
#define DEFAULT_TEXT	"route ::/0 1 600; "

/* RFC 8106 5.1, with two addresses; 5.2, vpn.example and a.example. */
#define SERVER(n)	"20010db80000000000000000000000" n
#define DNS		"19050000" LIFETIME SERVER("53") SERVER("54")
#define DNS_TEXT	"dns 2001:db8::53 600; dns 2001:db8::54 600; "
#define VPN_EXAMPLE	"0376706e076578616d706c6500"
#define A_EXAMPLE	"0161076578616d706c6500"
#define SEARCH		"1f040000" LIFETIME VPN_EXAMPLE A_EXAMPLE
#define SEARCH_TEXT	"search vpn.example 600; search a.example 600; "

static const char everything_hex[] =
	RA SLLA PREFIX UNKNOWN ROUTE MTU DNS DEFAULT_ROUTE SEARCH PREFIX;
static const char everything_text[] =
	PREFIX_TEXT ROUTE_TEXT DNS_TEXT DEFAULT_TEXT SEARCH_TEXT PREFIX_TEXT;

/* The parser sees memory that ends where the message does. */
static int parse(struct kunit *test, const u8 *data, size_t len,
		 struct vtap_ra *ra)
{
	u8 *exact = vtap_test_exact(test, data, len);
	int err;

	memset(ra, 0x5a, sizeof(*ra));
	err = vtap_ra_parse(exact, len, ra);
	kunit_kfree(test, exact);
	return err;
}

static int describe(const struct vtap_ra_item *item, char *text, size_t size)
{
	switch (item->kind) {
	case VTAP_RA_PREFIX:
		return scnprintf(text, size, "prefix %pI6c/%u %s%s %u %u; ",
				 &item->addr, item->prefix_len,
				 item->onlink ? "L" : "",
				 item->autoconf ? "A" : "",
				 item->lifetime, item->preferred);
	case VTAP_RA_ROUTE:
		return scnprintf(text, size, "route %pI6c/%u %d %u; ",
				 &item->addr, item->prefix_len,
				 item->preference, item->lifetime);
	case VTAP_RA_DNS:
		return scnprintf(text, size, "dns %pI6c %u; ",
				 &item->addr, item->lifetime);
	case VTAP_RA_SEARCH:
		return scnprintf(text, size, "search %.*s %u; ",
				 VTAP_DOMAIN_MAX, item->name, item->lifetime);
	}
	return scnprintf(text, size, "kind %d; ", item->kind);
}

#define TEXT_SIZE	1024

/* Walk over the pieces, in memory that ends where the message does. */
static char *walk(struct kunit *test, const u8 *data, size_t len)
{
	u8 *exact = vtap_test_exact(test, data, len);
	char *text = kunit_kzalloc(test, TEXT_SIZE, GFP_KERNEL);
	struct vtap_ra_cursor cursor;
	struct vtap_ra_item item;
	size_t used = 0, items = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	vtap_ra_begin(&cursor, exact, len);
	memset(&item, 0x5a, sizeof(item));
	while (vtap_ra_next(&cursor, &item)) {
		KUNIT_ASSERT_LT(test, items++, len);
		used += describe(&item, text + used, TEXT_SIZE - used);
		memset(&item, 0x5a, sizeof(item));
	}
	KUNIT_EXPECT_FALSE(test, vtap_ra_next(&cursor, &item));
	kunit_kfree(test, exact);
	return text;
}

/* The ICMPv6 message of the reference's test. */
static const char reference_hex[] =
	"8600000040000400" TIMERS "030440c0000151800000384000000000" ADDR;

static void reference_vector(struct kunit *test)
{
	struct vtap_ra ra, wanted = { .lifetime = 1024 };
	size_t len;
	u8 *data = vtap_test_hex(test, reference_hex, &len);

	KUNIT_ASSERT_EQ(test, parse(test, data, len, &ra), 0);
	KUNIT_EXPECT_MEMEQ(test, &ra, &wanted, sizeof(ra));
	KUNIT_EXPECT_STREQ(test, walk(test, data, len), PREFIX_TEXT);
}

static void everything(struct kunit *test)
{
	struct vtap_ra ra, wanted = {
		.lifetime = 3600, .mtu = 1500, .has_mac = true,
		.mac = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 },
	};
	size_t len;
	u8 *data = vtap_test_hex(test, everything_hex, &len);

	KUNIT_ASSERT_EQ(test, parse(test, data, len, &ra), 0);
	KUNIT_EXPECT_MEMEQ(test, &ra, &wanted, sizeof(ra));
	KUNIT_EXPECT_STREQ(test, walk(test, data, len), everything_text);
}

/* Fields of the router itself. */
#define HOUR	.lifetime = 3600
#define MAC	.has_mac = true, .mac = { 0x02, 0x11, 0x22, 0x33, 0x44, 0x55 }

static const struct router_case {
	const char *name;
	const char *hex;
	struct vtap_ra wanted;
} router_cases[] = {
	{ "nothing said", "8600000000000000" TIMERS, { } },
	{ "hop limit, checksum and timers are no matter",
	  "8600ffffff000e10ffffffffffffffff", { HOUR } },
	{ "managed", "8600000040800e10" TIMERS, { HOUR, .managed = true } },
	{ "other", "8600000040400e10" TIMERS, { HOUR, .other = true } },
	{ "both", "8600000040c00e10" TIMERS,
	  { HOUR, .managed = true, .other = true } },
	{ "all other flags", "8600000040270e10" TIMERS, { HOUR } },
	{ "high preference", "8600000040080e10" TIMERS,
	  { HOUR, .preference = 1 } },
	{ "low preference", "8600000040180e10" TIMERS,
	  { HOUR, .preference = -1 } },
	{ "reserved preference", "8600000040100e10" TIMERS, { HOUR } },
	{ "all flags", "8600000040ff0e10" TIMERS,
	  { HOUR, .managed = true, .other = true, .preference = -1 } },
	{ "no router, high preference", "8600000040080000" TIMERS, { } },
	{ "no router, low preference", "8600000040180000" TIMERS, { } },
	{ "no router, managed", "8600000040800000" TIMERS,
	  { .managed = true } },
	{ "lifetime of a second", "8600000040080001" TIMERS,
	  { .lifetime = 1, .preference = 1 } },
	{ "lifetime of 256", "8600000040080100" TIMERS,
	  { .lifetime = 256, .preference = 1 } },
	{ "longest lifetime", "860000004000ffff" TIMERS,
	  { .lifetime = 65535 } },

	{ "address", RA SLLA, { HOUR, MAC } },
	{ "address behind others", RA UNKNOWN PREFIX SLLA, { HOUR, MAC } },
	{ "two addresses", RA SLLA "01010200000000ff", { HOUR, MAC } },
	{ "address of 14 bytes", RA "01020211223344550000000000000000",
	  { HOUR } },
	{ "address of 14 bytes, good one",
	  RA "01020200000000ff0000000000000000" SLLA, { HOUR, MAC } },
	{ "target address", RA "0201021122334455", { HOUR } },

	{ "MTU", RA MTU, { HOUR, .mtu = 1500 } },
	{ "MTU, reserved bits set", RA "0501ffff000005dc",
	  { HOUR, .mtu = 1500 } },
	{ "MTU behind others", RA SLLA DNS MTU,
	  { HOUR, MAC, .mtu = 1500 } },
	{ "MTU of 1280", RA "0501000000000500", { HOUR, .mtu = 1280 } },
	{ "MTU of 1279", RA "05010000000004ff", { HOUR } },
	{ "MTU of 0", RA "0501000000000000", { HOUR } },
	{ "MTU of 2^32 - 1", RA "05010000ffffffff",
	  { HOUR, .mtu = 0xffffffff } },
	{ "two MTUs", RA MTU "0501000000000514", { HOUR, .mtu = 1500 } },
	{ "MTU of 0, good one", RA "0501000000000000" MTU,
	  { HOUR, .mtu = 1500 } },
	{ "MTU of 16 bytes", RA "05020000000005dc0000000000000000",
	  { HOUR } },
};

KUNIT_ARRAY_PARAM_DESC(router, router_cases, name);

static void router(struct kunit *test)
{
	const struct router_case *c = test->param_value;
	struct vtap_ra ra;
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);

	KUNIT_ASSERT_EQ(test, parse(test, data, len, &ra), 0);
	KUNIT_EXPECT_MEMEQ(test, &ra, &c->wanted, sizeof(ra));
}

/* RFC 4861 6.1.2 */
static const struct refused_case {
	const char *name;
	const char *hex;
} refused_cases[] = {
	{ "nothing", "" },
	{ "type only", "86" },
	{ "header cut", "8600000040000e1000000000000000" },
	{ "a router solicitation", "8500000040000e10" TIMERS SLLA },
	{ "a neighbour solicitation", "8700000040000e10" TIMERS SLLA },
	{ "code 1", "8601000040000e10" TIMERS SLLA },
	{ "option of no length", RA "0100021122334455" },
	{ "unknown option of no length", RA "0e00000000000000" },
	{ "option of no length behind", RA SLLA "0e00" },
	{ "option of no length between", RA PREFIX "0e00000000000000" MTU },
	{ "option beyond the end", RA "0102021122334455" },
	{ "option of length 255", RA "01ff021122334455" },
	{ "unknown option beyond the end", RA MTU "0e020000000000" },
	{ "option cut", RA "01010211223344" },
	{ "type of an option", RA SLLA "01" },
	{ "start of an option", RA SLLA "0101" },
	{ "a byte too many", RA SLLA "00" },
	{ "padding", RA SLLA "0000000000000000" },
};

KUNIT_ARRAY_PARAM_DESC(refused, refused_cases, name);

static void refused(struct kunit *test)
{
	const struct refused_case *c = test->param_value;
	struct vtap_ra ra;
	size_t len;
	u8 *data = vtap_test_hex(test, c->hex, &len);

	KUNIT_EXPECT_EQ(test, parse(test, data, len, &ra), -EINVAL);
}

/* Options, and the pieces found in them. */
struct piece_case {
	const char *name;
	const char *hex;
	const char *wanted;
};

static const struct piece_case piece_cases[] = {
	{ "none", "", "" },
	{ "none in options of the router", SLLA MTU UNKNOWN, "" },
	{ "unknown options between",
	  UNKNOWN PREFIX UNKNOWN "0e02ffffffffffffffffffffffffffff" DNS UNKNOWN,
	  PREFIX_TEXT DNS_TEXT },
	{ "in their order", SEARCH DNS ROUTE PREFIX,
	  SEARCH_TEXT DNS_TEXT ROUTE_TEXT PREFIX_TEXT },
	{ "of one kind", PREFIX PREFIX DEFAULT_ROUTE ROUTE DNS DNS SEARCH SEARCH,
	  PREFIX_TEXT PREFIX_TEXT DEFAULT_TEXT ROUTE_TEXT DNS_TEXT DNS_TEXT
	  SEARCH_TEXT SEARCH_TEXT },
	{ "good behind a bad one",
	  PREFIX_AS("81", "c0", DAY, ADDR) PREFIX "18014000" LIFETIME ROUTE
	  "19010000" LIFETIME DNS "1f020000" LIFETIME "ffffffffffffffff"
	  SEARCH, PREFIX_TEXT ROUTE_TEXT DNS_TEXT SEARCH_TEXT },
};

KUNIT_ARRAY_PARAM_DESC(piece, piece_cases, name);

static const struct piece_case prefix_cases[] = {
	{ "good", PREFIX, PREFIX_TEXT },
	{ "on link only", PREFIX_AS("40", "80", DAY, ADDR),
	  "prefix 2001:db8::/64 L 86400 14400; " },
	{ "autoconf only", PREFIX_AS("40", "40", DAY, ADDR),
	  "prefix 2001:db8::/64 A 86400 14400; " },
	{ "all other flags", PREFIX_AS("40", "3f", DAY, ADDR),
	  "prefix 2001:db8::/64  86400 14400; " },
	{ "reserved bytes set", "030440c0" DAY "ffffffff" ADDR, PREFIX_TEXT },
	{ "length 0", PREFIX_AS("00", "80", DAY, ONES),
	  "prefix ::/0 L 86400 14400; " },
	{ "length 1", PREFIX_AS("01", "80", DAY, ONES),
	  "prefix 8000::/1 L 86400 14400; " },
	{ "length 8", PREFIX_AS("08", "80", DAY, ONES),
	  "prefix bf00::/8 L 86400 14400; " },
	{ "length 61", PREFIX_AS("3d", "80", DAY, ONES),
	  "prefix bfff:ffff:ffff:fff8::/61 L 86400 14400; " },
	{ "length 64", PREFIX_AS("40", "80", DAY, ONES),
	  "prefix bfff:ffff:ffff:ffff::/64 L 86400 14400; " },
	{ "length 127", PREFIX_AS("7f", "80", DAY, ONES),
	  "prefix bfff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127 L 86400 14400; " },
	{ "length 128", PREFIX_AS("80", "80", DAY, ONES),
	  "prefix bfff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 L 86400 14400; " },
	{ "length 129", PREFIX_AS("81", "80", DAY, ADDR), "" },
	{ "length 255", PREFIX_AS("ff", "80", DAY, ADDR), "" },
	{ "for ever", PREFIX_AS("40", "c0", "ffffffffffffffff", ADDR),
	  "prefix 2001:db8::/64 LA 4294967295 4294967295; " },
	{ "for ever, deprecated", PREFIX_AS("40", "c0", "ffffffff00000000", ADDR),
	  "prefix 2001:db8::/64 LA 4294967295 0; " },
	{ "taken back", PREFIX_AS("40", "c0", "0000000000000000", ADDR),
	  "prefix 2001:db8::/64 LA 0 0; " },
	{ "preferred as long as valid",
	  PREFIX_AS("40", "c0", "0000384000003840", ADDR),
	  "prefix 2001:db8::/64 LA 14400 14400; " },
	{ "preferred longer than valid",
	  PREFIX_AS("40", "c0", "0000384000003841", ADDR), "" },
	{ "preferred for ever, not valid so",
	  PREFIX_AS("40", "c0", "fffffffeffffffff", ADDR), "" },
	{ "link-local", PREFIX_AS("40", "c0", DAY,
				  "fe800000000000000000000000000000"), "" },
	{ "end of link-local", PREFIX_AS("40", "c0", DAY,
					 "febfffffffffffff0000000000000000"), "" },
	{ "more than link-local",
	  PREFIX_AS("08", "c0", DAY, "fe800000000000000000000000000000"), "" },
	{ "before link-local",
	  PREFIX_AS("0a", "c0", DAY, "fe7fffffffffffff0000000000000000"),
	  "prefix fe40::/10 LA 86400 14400; " },
	{ "behind link-local",
	  PREFIX_AS("0a", "c0", DAY, "fec00000000000000000000000000000"),
	  "prefix fec0::/10 LA 86400 14400; " },
	{ "multicast", PREFIX_AS("40", "c0", DAY,
				 "ff0e0000000000000000000000000000"), "" },
	{ "multicast of another scope",
	  PREFIX_AS("40", "c0", DAY, "ff020000000000000000000000000000"), "" },
	{ "of 24 bytes", "030340c0" DAY "0000000020010db800000000", "" },
	{ "of 40 bytes", "030540c0" DAY "00000000" ADDR "0000000000000000", "" },
	{ "of 8 bytes", "030140c000015180", "" },
};

KUNIT_ARRAY_PARAM_DESC(prefix, prefix_cases, name);

static const struct piece_case route_cases[] = {
	{ "default, high", "18010008" LIFETIME, "route ::/0 1 600; " },
	{ "default, low", "18010018" LIFETIME, "route ::/0 -1 600; " },
	{ "default, medium", "18010000" LIFETIME, "route ::/0 0 600; " },
	{ "default, reserved preference", "18010010" LIFETIME, "" },
	{ "all other flags", "180100e7" LIFETIME, "route ::/0 0 600; " },
	{ "all other flags and low", "180100ff" LIFETIME,
	  "route ::/0 -1 600; " },
	{ "reserved preference", "18024010" LIFETIME "20010db800000000", "" },
	{ "length 0 of 16 bytes", "18020000" LIFETIME "20010db800000000",
	  "route ::/0 0 600; " },
	{ "length 0 of 24 bytes", "18030000" LIFETIME ADDR,
	  "route ::/0 0 600; " },
	{ "length 1 of 8 bytes", "18010100" LIFETIME, "" },
	{ "length 1 of 16 bytes", "18020100" LIFETIME "ffffffffffffffff",
	  "route 8000::/1 0 600; " },
	{ "length 32 of 24 bytes", "18032000" LIFETIME ADDR, ROUTE_TEXT },
	{ "length 45 of 16 bytes", "18022d00" LIFETIME "20010db8ffffffff",
	  "route 2001:db8:fff8::/45 0 600; " },
	{ "length 64 of 8 bytes", "18014000" LIFETIME, "" },
	{ "length 64 of 16 bytes", "18024000" LIFETIME "20010db8ffffffff",
	  "route 2001:db8:ffff:ffff::/64 0 600; " },
	{ "length 64 of 24 bytes", "18034000" LIFETIME ONES,
	  "route bfff:ffff:ffff:ffff::/64 0 600; " },
	{ "length 65 of 16 bytes", "18024100" LIFETIME "20010db8ffffffff",
	  "" },
	{ "length 65 of 24 bytes", "18034100" LIFETIME ONES,
	  "route bfff:ffff:ffff:ffff:8000::/65 0 600; " },
	{ "length 128 of 24 bytes", "18038000" LIFETIME SERVER("01"),
	  "route 2001:db8::1/128 0 600; " },
	{ "length 128 of 16 bytes", "18028000" LIFETIME "20010db8ffffffff",
	  "" },
	{ "length 129", "18038100" LIFETIME SERVER("01"), "" },
	{ "length 255", "1803ff00" LIFETIME SERVER("01"), "" },
	{ "length 129 of 32 bytes",
	  "18048100" LIFETIME SERVER("01") "ffffffffffffffff", "" },
	{ "length 64 of 32 bytes",
	  "18044000" LIFETIME ADDR "0000000000000000", "" },
	{ "for ever", "18010000" FOR_EVER, "route ::/0 0 4294967295; " },
	{ "taken back", "18010000" TAKEN_BACK, "route ::/0 0 0; " },
};

KUNIT_ARRAY_PARAM_DESC(route, route_cases, name);

static const struct piece_case dns_cases[] = {
	{ "one", "19030000" LIFETIME SERVER("53"), "dns 2001:db8::53 600; " },
	{ "two", DNS, DNS_TEXT },
	{ "three", "1907ffff" LIFETIME SERVER("53") SERVER("54") SERVER("55"),
	  DNS_TEXT "dns 2001:db8::55 600; " },
	{ "for ever", "19030000" FOR_EVER SERVER("53"),
	  "dns 2001:db8::53 4294967295; " },
	{ "taken back", "19030000" TAKEN_BACK SERVER("53"),
	  "dns 2001:db8::53 0; " },
	{ "link-local", "19030000" LIFETIME "fe800000000000000000000000000053",
	  "dns fe80::53 600; " },
	{ "no address", "19010000" LIFETIME, "" },
	{ "half an address", "19020000" LIFETIME "20010db800000000", "" },
	{ "one and a half",
	  "19040000" LIFETIME SERVER("53") "20010db800000000", "" },
	{ "unspecified", "19030000" LIFETIME ZEROS "00", "" },
	{ "loopback", "19030000" LIFETIME ZEROS "01", "" },
	{ "multicast", "19030000" LIFETIME MULTICAST, "" },
	{ "IPv4-mapped", "19030000" LIFETIME MAPPED, "" },
	{ "behind loopback", "19030000" LIFETIME ZEROS "02", "dns ::2 600; " },
	{ "loopback's end",
	  "19030000" LIFETIME "00010000000000000000000000000001",
	  "dns 1::1 600; " },
	{ "before IPv4-mapped",
	  "19030000" LIFETIME "00000000000000000000fffec0a80101",
	  "dns ::fffe:c0a8:101 600; " },
	{ "IPv4-mapped's end",
	  "19030000" LIFETIME "00000000000000000001ffffc0a80101",
	  "dns ::1:ffff:c0a8:101 600; " },
	{ "bad ones between",
	  "190d0000" LIFETIME MULTICAST
	  SERVER("53") ZEROS "00" MAPPED SERVER("54") ZEROS "01",
	  DNS_TEXT },
	{ "other kind between", DNS PREFIX DNS,
	  DNS_TEXT PREFIX_TEXT DNS_TEXT },
};

KUNIT_ARRAY_PARAM_DESC(dns, dns_cases, name);

static const struct piece_case search_cases[] = {
	{ "one", "1f030000" LIFETIME VPN_EXAMPLE "000000",
	  "search vpn.example 600; " },
	{ "two", SEARCH, SEARCH_TEXT },
	{ "without padding", "1f020000" LIFETIME "0661626364656600",
	  "search abcdef 600; " },
	{ "much padding", "1f04ffff" LIFETIME VPN_EXAMPLE
	  "0000000000000000000000", "search vpn.example 600; " },
	{ "padding between", "1f050000" LIFETIME VPN_EXAMPLE "000000"
	  A_EXAMPLE "0000000000", SEARCH_TEXT },
	{ "for ever", "1f030000" FOR_EVER VPN_EXAMPLE "000000",
	  "search vpn.example 4294967295; " },
	{ "taken back", "1f030000" TAKEN_BACK VPN_EXAMPLE "000000",
	  "search vpn.example 0; " },
	{ "nothing", "1f010000" LIFETIME, "" },
	{ "padding only", "1f020000" LIFETIME "0000000000000000", "" },
	{ "a name that is not shown, good one",
	  "1f040000" LIFETIME "0376206e076578616d706c6500" A_EXAMPLE,
	  "search a.example 600; " },
	{ "good one, without an end",
	  "1f040000" LIFETIME VPN_EXAMPLE "0161076578616d706c6505",
	  "search vpn.example 600; " },
	{ "compressed", "1f030000" LIFETIME A_EXAMPLE "0162c01000",
	  "search a.example 600; " },
	{ "compressed, good one", "1f030000" LIFETIME "c010000000" A_EXAMPLE,
	  "" },
	{ "name goes on in the next option",
	  "1f020000" LIFETIME "0376706e07657861" UNKNOWN DNS, DNS_TEXT },
};

KUNIT_ARRAY_PARAM_DESC(search, search_cases, name);

static void expect_pieces(struct kunit *test)
{
	const struct piece_case *c = test->param_value;
	char *hex = kasprintf(GFP_KERNEL, "%s%s", RA, c->hex);
	struct vtap_ra ra;
	size_t len;
	u8 *data;

	KUNIT_ASSERT_NOT_NULL(test, hex);
	data = vtap_test_hex(test, hex, &len);
	kfree(hex);
	KUNIT_ASSERT_EQ(test, parse(test, data, len, &ra), 0);
	KUNIT_EXPECT_STREQ(test, walk(test, data, len), c->wanted);
}

static void pieces(struct kunit *test)
{
	expect_pieces(test);
}

static void prefixes(struct kunit *test)
{
	expect_pieces(test);
}

static void routes(struct kunit *test)
{
	expect_pieces(test);
}

static void servers(struct kunit *test)
{
	expect_pieces(test);
}

static void domains(struct kunit *test)
{
	expect_pieces(test);
}

static bool is_boundary(const u8 *data, size_t cut)
{
	size_t at = RA_LEN;

	while (at < cut)
		at += data[at + 1] * 8;
	return at == cut;
}

/* What is refused is not walked over by anybody; not even then is anything read
 * that is not there, or found that was not sent.
 */
static void every_truncation(struct kunit *test)
{
	unsigned int boundaries = 0;
	struct vtap_ra ra;
	size_t whole, len;
	u8 *data = vtap_test_hex(test, everything_hex, &whole);

	for (len = 0; len <= whole; len++) {
		bool good = is_boundary(data, len);
		char *text = walk(test, data, len);

		boundaries += good;
		KUNIT_EXPECT_EQ(test, parse(test, data, len, &ra),
				good ? 0 : -EINVAL);
		KUNIT_EXPECT_EQ(test, strncmp(text, everything_text,
					      strlen(text)), 0);
		kunit_kfree(test, text);
	}
	KUNIT_EXPECT_EQ(test, boundaries, 10);
}

static bool has_host_bits(const struct vtap_ra_item *item)
{
	unsigned int bit;

	for (bit = item->prefix_len; bit < 128; bit++) {
		if (item->addr.s6_addr[bit / 8] & 0x80 >> bit % 8)
			return true;
	}
	return false;
}

static bool is_sane(const struct vtap_ra_item *item)
{
	size_t name = strnlen(item->name, sizeof(item->name));

	switch (item->kind) {
	case VTAP_RA_PREFIX:
		return item->prefix_len <= 128 && !has_host_bits(item) &&
		       item->preferred <= item->lifetime &&
		       (item->prefix_len < 8 || item->addr.s6_addr[0] != 0xff);
	case VTAP_RA_ROUTE:
		return item->prefix_len <= 128 && !has_host_bits(item) &&
		       item->preference >= -1 && item->preference <= 1;
	case VTAP_RA_DNS:
		return item->addr.s6_addr[0] != 0xff;
	case VTAP_RA_SEARCH:
		return name && name <= VTAP_DOMAIN_MAX &&
		       vtap_domain_is_plain(item->name, name);
	}
	return false;
}

/* Also when refused. Returns how many pieces there are; KASAN watches. */
static size_t survive(struct kunit *test, const u8 *data, size_t len)
{
	u8 *exact = vtap_test_exact(test, data, len);
	struct vtap_ra_cursor cursor;
	struct vtap_ra_item item;
	struct vtap_ra ra;
	size_t items = 0;

	if (!vtap_ra_parse(exact, len, &ra))
		KUNIT_EXPECT_TRUE(test, ra.mtu >= 1280 || !ra.mtu);
	vtap_ra_begin(&cursor, exact, len);
	memset(&item, 0x5a, sizeof(item));
	while (vtap_ra_next(&cursor, &item)) {
		KUNIT_ASSERT_LT(test, items++, len);
		KUNIT_EXPECT_TRUE(test, is_sane(&item));
		memset(&item, 0x5a, sizeof(item));
	}
	kunit_kfree(test, exact);
	return items;
}

static void any_changed_byte_is_survived(struct kunit *test)
{
	static const u8 values[] = {
		0, 1, 2, 3, 4, 5, 24, 25, 31, 64, 65, 127, 128, 129, 192, 255,
	};
	size_t len, i, v;
	u8 *data = vtap_test_hex(test, everything_hex, &len);

	for (i = 0; i < len; i++) {
		u8 old = data[i];

		for (v = 0; v < ARRAY_SIZE(values); v++) {
			data[i] = values[v];
			survive(test, data, len);
		}
		data[i] = old;
	}
}

/* Options that could be, with small bytes for lengths and labels. */
static void fill_randomly(struct rnd_state *rnd, u8 *to, size_t len)
{
	static const u8 types[] = { 1, 3, 5, 24, 25, 31, 31, 14 };
	size_t i, at = 0;

	prandom_bytes_state(rnd, to, len);
	for (i = 0; i < len; i++) {
		if (prandom_u32_state(rnd) % 2)
			to[i] %= 8;
	}
	while (at + 8 <= len) {
		to[at] = types[prandom_u32_state(rnd) % ARRAY_SIZE(types)];
		to[at + 1] = to[at] == 3 ? 4 : 1 + prandom_u32_state(rnd) % 7;
		at += to[at + 1] * 8;
	}
}

static void change_randomly(struct rnd_state *rnd, u8 *data, size_t len)
{
	unsigned int n = 1 + prandom_u32_state(rnd) % 6;

	for (; n; n--) {
		u8 value = prandom_u32_state(rnd);

		if (prandom_u32_state(rnd) % 2)
			value %= 8;
		data[prandom_u32_state(rnd) % len] = value;
	}
}

static void random_changes_are_survived(struct kunit *test)
{
	size_t len, items = 0;
	u8 *good = vtap_test_hex(test, everything_hex, &len);
	u8 *data = vtap_test_exact(test, good, len);
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 4861);
	for (i = 0; i < 5000; i++) {
		memcpy(data, good, len);
		change_randomly(&rnd, data, len);
		items += survive(test, data, len - prandom_u32_state(&rnd) % 9);
	}
	/* It was not all for nothing. */
	KUNIT_EXPECT_GT(test, items, 5000);
}

static void random_options_are_survived(struct kunit *test)
{
	size_t len, items = 0;
	struct rnd_state rnd;
	unsigned int i;
	u8 data[256];

	prandom_seed_state(&rnd, 8106);
	for (i = 0; i < 10000; i++) {
		len = RA_LEN + prandom_u32_state(&rnd) % (256 - RA_LEN + 1);
		memcpy(data, "\x86\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", RA_LEN);
		fill_randomly(&rnd, data + RA_LEN, len - RA_LEN);
		items += survive(test, data, len);
	}
	KUNIT_EXPECT_GT(test, items, 5000);
}

static struct kunit_case ra_test_cases[] = {
	KUNIT_CASE(reference_vector),
	KUNIT_CASE(everything),
	KUNIT_CASE_PARAM(router, router_gen_params),
	KUNIT_CASE_PARAM(refused, refused_gen_params),
	KUNIT_CASE_PARAM(pieces, piece_gen_params),
	KUNIT_CASE_PARAM(prefixes, prefix_gen_params),
	KUNIT_CASE_PARAM(routes, route_gen_params),
	KUNIT_CASE_PARAM(servers, dns_gen_params),
	KUNIT_CASE_PARAM(domains, search_gen_params),
	KUNIT_CASE(every_truncation),
	KUNIT_CASE(any_changed_byte_is_survived),
	KUNIT_CASE_SLOW(random_changes_are_survived),
	KUNIT_CASE_SLOW(random_options_are_survived),
	{}
};

static struct kunit_suite ra_suite = {
	.name = "vtap_ra_parse",
	.test_cases = ra_test_cases,
};

kunit_test_suite(ra_suite);
