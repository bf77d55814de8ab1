// SPDX-License-Identifier: GPL-2.0
/* The DHCP parser: what it finds, what it refuses, what it survives. */

#include <linux/prandom.h>

#include "dhcp.h"
#include "utils.h"

enum {
	OPT_MASK = 1,
	OPT_ROUTER = 3,
	OPT_DNS = 6,
	OPT_DOMAIN = 15,
	OPT_MTU = 26,
	OPT_REQUESTED = 50,
	OPT_LEASE = 51,
	OPT_OVERLOAD = 52,
	OPT_TYPE = 53,
	OPT_SERVER = 54,
	OPT_RENEWAL = 58,
	OPT_REBINDING = 59,
	OPT_CLIENT_ID = 61,
	OPT_ROUTES = 121,
};

static void start(struct vtap_test_dhcp *dhcp)
{
	vtap_test_dhcp_start(dhcp, VTAP_BOOTP_REPLY);
	vtap_test_dhcp_put_u8(dhcp, OPT_TYPE, VTAP_DHCP_ACK);
}

/* The parser sees memory that ends where the message does. */
static int parse(struct kunit *test, const struct vtap_test_dhcp *dhcp,
		 struct vtap_dhcp *msg)
{
	u8 *exact = vtap_test_exact(test, dhcp->bytes, dhcp->len);
	int err;

	memset(msg, 0x5a, sizeof(*msg));
	err = vtap_dhcp_parse(exact, dhcp->len, msg);
	kunit_kfree(test, exact);
	return err;
}

static void expect_parsed(struct kunit *test, struct vtap_test_dhcp *dhcp,
			  struct vtap_dhcp *msg)
{
	vtap_test_dhcp_end(dhcp);
	KUNIT_ASSERT_EQ(test, parse(test, dhcp, msg), 0);
}

static void put_everything(struct vtap_test_dhcp *dhcp)
{
	static const u8 dns[] = { 192, 168, 1, 1, 9, 9, 9, 9 };

	start(dhcp);
	dhcp->bootp.yiaddr = STATION_IP;
	dhcp->bootp.ciaddr = IP4(192, 168, 1, 99);
	vtap_test_dhcp_put_ip(dhcp, OPT_MASK, IP4(255, 255, 252, 0));
	vtap_test_dhcp_put_ip(dhcp, OPT_ROUTER, GATEWAY_IP);
	vtap_test_dhcp_put(dhcp, OPT_DNS, dns, sizeof(dns));
	vtap_test_dhcp_put(dhcp, OPT_DOMAIN, "vpn.example", 11);
	dhcp->bytes[dhcp->len++] = 0;
	vtap_test_dhcp_put_u16(dhcp, OPT_MTU, 1400);
	vtap_test_dhcp_put_ip(dhcp, OPT_REQUESTED, IP4(192, 168, 1, 98));
	vtap_test_dhcp_put_u32(dhcp, OPT_LEASE, 86400);
	vtap_test_dhcp_put_ip(dhcp, OPT_SERVER, IP4(192, 168, 1, 2));
	vtap_test_dhcp_put_u32(dhcp, OPT_RENEWAL, 43200);
	vtap_test_dhcp_put_u32(dhcp, OPT_REBINDING, 75600);
	vtap_test_dhcp_put(dhcp, 43, "something else", 14);
	vtap_test_dhcp_put(dhcp, OPT_CLIENT_ID, "\x01" STATION_MAC, 7);
}

static void good_ack(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	put_everything(dhcp);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_EQ(test, msg.type, VTAP_DHCP_ACK);
	KUNIT_EXPECT_EQ(test, msg.address, STATION_IP);
	KUNIT_EXPECT_EQ(test, msg.ciaddr, IP4(192, 168, 1, 99));
	KUNIT_EXPECT_EQ(test, msg.requested, IP4(192, 168, 1, 98));
	KUNIT_EXPECT_EQ(test, msg.prefix_len, 22);
	KUNIT_EXPECT_EQ(test, msg.gateway, GATEWAY_IP);
	KUNIT_EXPECT_EQ(test, msg.dns_count, 2);
	KUNIT_EXPECT_EQ(test, msg.dns[0], GATEWAY_IP);
	KUNIT_EXPECT_EQ(test, msg.dns[1], IP4(9, 9, 9, 9));
	KUNIT_EXPECT_STREQ(test, msg.domain, "vpn.example");
	KUNIT_EXPECT_EQ(test, msg.mtu, 1400);
	KUNIT_EXPECT_EQ(test, msg.lease, 86400);
	KUNIT_EXPECT_EQ(test, msg.server, IP4(192, 168, 1, 2));
	KUNIT_EXPECT_EQ(test, msg.renewal, 43200);
	KUNIT_EXPECT_EQ(test, msg.rebinding, 75600);
	KUNIT_ASSERT_EQ(test, msg.client_id_len, 7);
	KUNIT_ASSERT_LE(test, msg.client_id + 7, dhcp->len);
	KUNIT_EXPECT_MEMEQ(test, dhcp->bytes + msg.client_id,
			   "\x01" STATION_MAC, 7);
}

/* What is not there is zero, not what was there before. */
static void sparse_ack(struct kunit *test)
{
	struct vtap_dhcp msg, wanted = {
		.type = VTAP_DHCP_ACK, .prefix_len = 32,
	};
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);

	start(dhcp);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_MEMEQ(test, &msg, &wanted, sizeof(msg));
}

static void every_truncation_is_refused(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;
	size_t whole;

	put_everything(dhcp);
	vtap_test_dhcp_end(dhcp);
	whole = dhcp->len;
	for (dhcp->len = 0; dhcp->len < whole; dhcp->len++)
		KUNIT_EXPECT_EQ(test, parse(test, dhcp, &msg), -EINVAL);
	KUNIT_EXPECT_EQ(test, parse(test, dhcp, &msg), 0);
}

static bool is_sane(const struct vtap_dhcp *msg, size_t len)
{
	size_t domain = strnlen(msg->domain, sizeof(msg->domain));
	size_t i;

	for (i = 0; i < domain; i++) {
		if (msg->domain[i] <= ' ' || msg->domain[i] > '~')
			return false;
	}
	return domain < sizeof(msg->domain) && msg->prefix_len <= 32 &&
	       msg->prefix_len && msg->dns_count <= VTAP_DHCP_DNS_MAX &&
	       (!msg->mtu || msg->mtu >= 68) &&
	       msg->client_id + msg->client_id_len <= len;
}

static void parse_hostile(struct kunit *test, const struct vtap_test_dhcp *dhcp)
{
	struct vtap_dhcp msg;
	int err = parse(test, dhcp, &msg);

	if (err)
		KUNIT_EXPECT_EQ(test, err, -EINVAL);
	else
		KUNIT_EXPECT_TRUE(test, is_sane(&msg, dhcp->len));
}

/* KASAN watches. */
static void any_changed_byte_is_survived(struct kunit *test)
{
	static const u8 values[] = {
		0, 1, 3, 4, 52, 61, 121, 127, 128, 254, 255,
	};
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	size_t i, v;

	put_everything(dhcp);
	vtap_test_dhcp_end(dhcp);
	for (i = 0; i < dhcp->len; i++) {
		u8 old = dhcp->bytes[i];

		for (v = 0; v < ARRAY_SIZE(values); v++) {
			dhcp->bytes[i] = values[v];
			parse_hostile(test, dhcp);
		}
		dhcp->bytes[i] = old;
	}
}

static u8 random_code(struct rnd_state *rnd)
{
	static const u8 codes[] = {
		0, 1, 3, 6, 15, 26, 51, 52, 53, 54, 58, 59, 61, 121, 121, 255,
	};

	return codes[prandom_u32_state(rnd) % ARRAY_SIZE(codes)];
}

/* Options that could be, with any length and any content, in all areas. */
static void fill_randomly(struct rnd_state *rnd, u8 *to, size_t len)
{
	size_t i = 0;

	prandom_bytes_state(rnd, to, len);
	while (i + 2 < len) {
		to[i] = random_code(rnd);
		to[i + 1] = prandom_u32_state(rnd) % 24;
		if (to[i] == OPT_OVERLOAD || to[i] == OPT_TYPE)
			to[i + 1] = 1;
		if (to[i] == OPT_OVERLOAD)
			to[i + 2] = prandom_u32_state(rnd) % 4;
		i += 2 + to[i + 1];
	}
	if (prandom_u32_state(rnd) % 4)
		to[len - 1] = 255;
}

static void random_options_are_survived(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 2131);
	for (i = 0; i < 20000; i++) {
		size_t len = 8 + prandom_u32_state(&rnd) % 600;

		start(dhcp);
		fill_randomly(&rnd, dhcp->bootp.file, sizeof(dhcp->bootp.file));
		fill_randomly(&rnd, dhcp->bootp.sname,
			      sizeof(dhcp->bootp.sname));
		fill_randomly(&rnd, dhcp->bytes + dhcp->len, len);
		dhcp->len += len;
		parse_hostile(test, dhcp);
	}
}

/* Whole messages by their bytes behind the cookie. */
struct message_case {
	const char *name;
	const char *options;
	const char *file;
	const char *sname;
	int err;
};

static const struct message_case message_cases[] = {
	{ "type alone", "350105ff" },
	{ "padding around", "0000350105000000ff0000" },
	{ "anything behind END", "350105ff3502ffff" },
	{ "nothing", "", .err = -EINVAL },
	{ "END alone", "ff", .err = -EINVAL },
	{ "padding alone", "000000", .err = -EINVAL },
	{ "no END", "350105", .err = -EINVAL },
	{ "no END but padding", "3501050000", .err = -EINVAL },
	{ "no type", "33040000ffffff", .err = -EINVAL },
	{ "type without a value", "3500ff", .err = -EINVAL },
	{ "type of two bytes", "35020505ff", .err = -EINVAL },
	{ "two types", "350105350105ff", .err = -EINVAL },
	{ "type behind END", "ff350105ff", .err = -EINVAL },
	{ "code without a length", "35010533", .err = -EINVAL },
	{ "length without a value", "3501053304", .err = -EINVAL },
	{ "value one byte short", "3501053304000000", .err = -EINVAL },
	{ "END inside a value", "3501053304000000ff", .err = -EINVAL },
	{ "length 255", "35010533ffff", .err = -EINVAL },
	{ "overload 0", "340100350105ff", .err = -EINVAL },
	{ "overload 4", "340104350105ff", .err = -EINVAL },
	{ "overload of two bytes", "34020101350105ff", "ff", .err = -EINVAL },
	{ "overload without a value", "3400350105ff", "ff", .err = -EINVAL },
	{ "overload 1", "340101350105ff", "ff" },
	{ "overload 1, type in file", "340101ff", "350105ff" },
	{ "overload 1, no END in file", "340101350105ff", "0000", "ff",
	  .err = -EINVAL },
	{ "overload 1, option beyond file", "340101350105ff", "33feff", "ff",
	  .err = -EINVAL },
	{ "overload 2", "340102350105ff", NULL, "ff" },
	{ "overload 2, type in sname", "340102ff", NULL, "350105ff" },
	{ "overload 2, no END in sname", "340102350105ff", "ff", NULL,
	  .err = -EINVAL },
	{ "overload 2, option beyond sname", "340102350105ff", "ff", "337eff",
	  .err = -EINVAL },
	{ "overload 3", "340103350105ff", "ff", "ff" },
	{ "overload 3, no END in file", "340103350105ff", NULL, "ff",
	  .err = -EINVAL },
	{ "overload 3, no END in sname", "340103350105ff", "ff", NULL,
	  .err = -EINVAL },
	{ "overload within file", "340101350105ff", "340103ff", .err = 0 },
	{ "type in file without overload", "ff", "350105ff", .err = -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(message, message_cases, name);

static void put_hex(struct kunit *test, u8 *to, const char *hex)
{
	if (hex)
		KUNIT_ASSERT_EQ(test, hex2bin(to, hex, strlen(hex) / 2), 0);
}

static void messages(struct kunit *test)
{
	const struct message_case *c = test->param_value;
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	vtap_test_dhcp_start(dhcp, VTAP_BOOTP_REPLY);
	put_hex(test, dhcp->bytes + dhcp->len, c->options);
	put_hex(test, dhcp->bootp.file, c->file);
	put_hex(test, dhcp->bootp.sname, c->sname);
	dhcp->len += strlen(c->options) / 2;
	KUNIT_EXPECT_EQ(test, parse(test, dhcp, &msg), c->err);
	if (!c->err)
		KUNIT_EXPECT_EQ(test, msg.type, VTAP_DHCP_ACK);
}

static void wrong_cookie_is_refused(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_end(dhcp);
	dhcp->bootp.cookie = htonl(0x63825364);
	KUNIT_EXPECT_EQ(test, parse(test, dhcp, &msg), -EINVAL);
}

/* One option, and what becomes of it. */
struct option_case {
	const char *name;
	u8 code;
	u8 len;
	const char *value;
	size_t at;
	size_t size;
	u32 wanted;
};

#define AT(_member)	.at = offsetof(struct vtap_dhcp, _member)
#define SIZE(_member)	.size = sizeof_field(struct vtap_dhcp, _member)
#define MASK(_name, _value, _wanted) \
	{ .name = "mask " _name, .code = OPT_MASK, .value = _value, \
	  .len = sizeof(_value) - 1, AT(prefix_len), SIZE(prefix_len), \
	  .wanted = _wanted }
#define MTU(_name, _value, _wanted) \
	{ .name = "MTU " _name, .code = OPT_MTU, .value = _value, \
	  .len = sizeof(_value) - 1, AT(mtu), SIZE(mtu), .wanted = _wanted }
#define LEASE(_name, _value, _wanted) \
	{ .name = "lease " _name, .code = OPT_LEASE, .value = _value, \
	  .len = sizeof(_value) - 1, AT(lease), SIZE(lease), \
	  .wanted = _wanted }
#define ROUTER(_name, _value, _wanted) \
	{ .name = "router " _name, .code = OPT_ROUTER, .value = _value, \
	  .len = sizeof(_value) - 1, AT(gateway), SIZE(gateway), \
	  .wanted = (__force u32)(_wanted) }
#define ROUTES(_name, _value, _wanted) \
	{ .name = "routes: " _name, .code = OPT_ROUTES, .value = _value, \
	  .len = sizeof(_value) - 1, AT(gateway), SIZE(gateway), \
	  .wanted = (__force u32)(_wanted) }
#define SERVER(_name, _value, _wanted) \
	{ .name = "server " _name, .code = OPT_SERVER, .value = _value, \
	  .len = sizeof(_value) - 1, AT(server), SIZE(server), \
	  .wanted = (__force u32)(_wanted) }
#define DNS(_name, _value, _wanted) \
	{ .name = "DNS " _name, .code = OPT_DNS, .value = _value, \
	  .len = sizeof(_value) - 1, AT(dns_count), SIZE(dns_count), \
	  .wanted = _wanted }
#define ADDR	"\x0a\x00\x00\x01"

static const struct option_case option_cases[] = {
	MASK("/1", "\x80\0\0\0", 1),
	MASK("/24", "\xff\xff\xff\0", 24),
	MASK("/31", "\xff\xff\xff\xfe", 31),
	MASK("/32", "\xff\xff\xff\xff", 32),
	MASK("of zero", "\0\0\0\0", 32),
	MASK("with a hole", "\xff\0\xff\0", 32),
	MASK("with a late bit", "\xff\xff\0\x01", 32),
	MASK("without its first bit", "\x7f\xff\xff\0", 32),
	MASK("of 3 bytes", "\xff\xff\xff", 32),
	MASK("of 5 bytes", "\xff\xff\xff\0\0", 32),
	MTU("68", "\0\x44", 68),
	MTU("67", "\0\x43", 0),
	MTU("0", "\0\0", 0),
	MTU("65535", "\xff\xff", 65535),
	MTU("of 1 byte", "\xff", 0),
	MTU("of 4 bytes", "\0\0\x05\xdc", 0),
	LEASE("infinite", "\xff\xff\xff\xff", 0xffffffff),
	LEASE("0", "\0\0\0\0", 0),
	LEASE("of 3 bytes", "\1\1\1", 0),
	LEASE("of 5 bytes", "\1\1\1\1\1", 0),
	ROUTER("one", ADDR, IP4(10, 0, 0, 1)),
	ROUTER("two", ADDR "\x0a\0\0\2", IP4(10, 0, 0, 1)),
	ROUTER("of 3 bytes", "\x0a\0\0", 0),
	ROUTER("of 5 bytes", ADDR "\x0a", 0),
	ROUTER("without a value", "", 0),
	SERVER("one", ADDR, IP4(10, 0, 0, 1)),
	SERVER("of 5 bytes", ADDR "\0", 0),
	DNS("one", ADDR, 1),
	DNS("eight", ADDR ADDR ADDR ADDR ADDR ADDR ADDR ADDR, 8),
	DNS("nine", ADDR ADDR ADDR ADDR ADDR ADDR ADDR ADDR ADDR, 8),
	DNS("of 5 bytes", ADDR "\0", 0),
	DNS("of 3 bytes", "\1\1\1", 0),
	ROUTES("default", "\0" ADDR, IP4(10, 0, 0, 1)),
	ROUTES("default after /8", "\x08\x0b\1\1\1\1\0" ADDR,
	       IP4(10, 0, 0, 1)),
	ROUTES("default after /9", "\x09\x0b\0\1\1\1\1\0" ADDR,
	       IP4(10, 0, 0, 1)),
	ROUTES("default after /32", "\x20\1\1\1\1\2\2\2\2\0" ADDR,
	       IP4(10, 0, 0, 1)),
	ROUTES("default before /24", "\0" ADDR "\x18\1\1\1\2\2\2\2",
	       IP4(10, 0, 0, 1)),
	ROUTES("two defaults", "\0" ADDR "\0\1\1\1\1", IP4(10, 0, 0, 1)),
	ROUTES("no default", "\x08\x0b\1\1\1\1", 0),
	ROUTES("prefix of 33", "\x21\1\1\1\1\1\2\2\2\2\0" ADDR, 0),
	ROUTES("prefix of 255", "\xff\1\1\1\1\1\2\2\2\2\0" ADDR, 0),
	ROUTES("cut by a byte", "\0" ADDR "\x08\x0a\1\1\1", 0),
	ROUTES("too short for one", "\0\x0a\0\0", GATEWAY_IP),
	ROUTES("default, then cut", "\0" ADDR "\x18\1\1\1\2\2\2", 0),
	ROUTES("default, then a length", "\0" ADDR "\x18", 0),
	ROUTES("without a value", "", GATEWAY_IP),
};

KUNIT_ARRAY_PARAM_DESC(option, option_cases, name);

static u32 read_field(const struct vtap_dhcp *msg, const struct option_case *c)
{
	const void *field = (const u8 *)msg + c->at;

	switch (c->size) {
	case 1:
		return *(const u8 *)field;
	case 2:
		return *(const u16 *)field;
	default:
		return *(const u32 *)field;
	}
}

static void options(struct kunit *test)
{
	const struct option_case *c = test->param_value;
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	/* Not looked at when there are classless routes (RFC 3442), of which
	 * the shortest has 5 bytes.
	 */
	if (c->code == OPT_ROUTES)
		vtap_test_dhcp_put_ip(dhcp, OPT_ROUTER, GATEWAY_IP);
	vtap_test_dhcp_put(dhcp, c->code, c->value, c->len);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_EQ(test, read_field(&msg, c), c->wanted);
}

/* A domain is shown to people and programs. */
struct domain_case {
	const char *name;
	const char *value;
	size_t len;
	const char *wanted;
};

#define SHORTER	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
#define LABEL	SHORTER "jk"
#define LONGEST	LABEL "." LABEL "." LABEL "." SHORTER
#define DOMAIN(_name, _value, _wanted) \
	{ .name = _name, .value = _value, .len = sizeof(_value) - 1, \
	  .wanted = _wanted }

static const struct domain_case domain_cases[] = {
	DOMAIN("all kinds", "Az09-_.example", "Az09-_.example"),
	DOMAIN("ends in zeros", "example\0\0", "example"),
	DOMAIN("longest", LONGEST, LONGEST),
	DOMAIN("too long", LONGEST "d", ""),
	DOMAIN("longest and a zero", LONGEST "\0", LONGEST),
	DOMAIN("without a value", "", ""),
	DOMAIN("zeros", "\0\0\0", ""),
	DOMAIN("zero inside", "exa\0mple", ""),
	DOMAIN("space", "exa mple", ""),
	DOMAIN("line feed", "example\nnameserver", ""),
	DOMAIN("escape", "\x1b[2Jexample", ""),
	DOMAIN("not ASCII", "ex\xc3\xa4mple", ""),
	DOMAIN("shell", "$(reboot)", ""),
	DOMAIN("slash", "../etc", ""),
	DOMAIN("neighbours of what is good", "a`b", ""),
	DOMAIN("colon", "a:b", ""),
};

KUNIT_ARRAY_PARAM_DESC(domain, domain_cases, name);

static void domains(struct kunit *test)
{
	const struct domain_case *c = test->param_value;
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put(dhcp, OPT_DOMAIN, c->value, c->len);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_STREQ(test, msg.domain, c->wanted);
}

/* RFC 3396: parts of an option are joined in the order options, file, sname. */
struct join_case {
	const char *name;
	u8 overload;
	const char *wanted;
};

static const struct join_case join_cases[] = {
	{ "not overloaded", 0, "abcd" },
	{ "file", 1, "abcdef" },
	{ "sname", 2, "abcdgh" },
	{ "both", 3, "abcdefgh" },
};

KUNIT_ARRAY_PARAM_DESC(join, join_cases, name);

static void parts_are_joined_across_areas(struct kunit *test)
{
	const struct join_case *c = test->param_value;
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put(dhcp, OPT_DOMAIN, "ab", 2);
	vtap_test_dhcp_put_u16(dhcp, OPT_MTU, 1400);
	vtap_test_dhcp_put(dhcp, OPT_DOMAIN, "cd", 2);
	memcpy(dhcp->bootp.file, "\x0f\2ef\xff", 5);
	memcpy(dhcp->bootp.sname, "\0\0\x0f\1g\x0f\1h\xff", 9);
	if (c->overload)
		vtap_test_dhcp_put_u8(dhcp, OPT_OVERLOAD, c->overload);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_STREQ(test, msg.domain, c->wanted);
	KUNIT_EXPECT_EQ(test, msg.mtu, 1400);
}

/* Parts of 255 and less, cut in the middle of a route. */
static void put_routes(struct vtap_test_dhcp *dhcp, unsigned int routes)
{
	u8 bytes[1024];
	size_t len = 0, at = 0;

	for (; routes; routes--) {
		memcpy(bytes + len, "\x18\x0a\1\1\x0a\0\0\xfe", 8);
		len += 8;
	}
	memcpy(bytes + len, "\0" ADDR, 5);
	len += 5;
	for (at = 0; at < len; at += min_t(size_t, 255, len - at))
		vtap_test_dhcp_put(dhcp, OPT_ROUTES, bytes + at,
				   min_t(size_t, 255, len - at));
}

static void long_options_are_joined(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put_ip(dhcp, OPT_ROUTER, GATEWAY_IP);
	put_routes(dhcp, 60);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_EQ(test, msg.gateway, IP4(10, 0, 0, 1));
}

/* RFC 3442: with classless routes, understood or not, the router is void. */
static void endless_routes_do_not_bring_back_the_router(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put_ip(dhcp, OPT_ROUTER, GATEWAY_IP);
	put_routes(dhcp, 100);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_NE(test, msg.gateway, GATEWAY_IP);
}

/* Only one that lies in one piece can be changed where it is. */
static void client_id_in_parts_is_none(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put(dhcp, OPT_CLIENT_ID, "\x01\x02\x00", 3);
	vtap_test_dhcp_put(dhcp, OPT_CLIENT_ID, "\x5e\x10\x20\x30", 4);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_EQ(test, msg.client_id, 0);
	KUNIT_EXPECT_EQ(test, msg.client_id_len, 0);
}

static void client_id_in_file(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put_u8(dhcp, OPT_OVERLOAD, 1);
	memcpy(dhcp->bootp.file, "\x3d\3xyz\xff", 6);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_EQ(test, msg.client_id,
			offsetof(struct vtap_bootp, file) + 2);
	KUNIT_EXPECT_EQ(test, msg.client_id_len, 3);
}

static void client_id_without_a_value(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct vtap_dhcp msg;

	start(dhcp);
	vtap_test_dhcp_put(dhcp, OPT_CLIENT_ID, "", 0);
	expect_parsed(test, dhcp, &msg);
	KUNIT_EXPECT_EQ(test, msg.client_id, 0);
}

static struct kunit_case dhcp_test_cases[] = {
	KUNIT_CASE(good_ack),
	KUNIT_CASE(sparse_ack),
	KUNIT_CASE(every_truncation_is_refused),
	KUNIT_CASE(any_changed_byte_is_survived),
	KUNIT_CASE_SLOW(random_options_are_survived),
	KUNIT_CASE_PARAM(messages, message_gen_params),
	KUNIT_CASE(wrong_cookie_is_refused),
	KUNIT_CASE_PARAM(options, option_gen_params),
	KUNIT_CASE_PARAM(domains, domain_gen_params),
	KUNIT_CASE_PARAM(parts_are_joined_across_areas, join_gen_params),
	KUNIT_CASE(long_options_are_joined),
	KUNIT_CASE(endless_routes_do_not_bring_back_the_router),
	KUNIT_CASE(client_id_in_parts_is_none),
	KUNIT_CASE(client_id_in_file),
	KUNIT_CASE(client_id_without_a_value),
	{}
};

static struct kunit_suite dhcp_suite = {
	.name = "vtap_dhcp",
	.test_cases = dhcp_test_cases,
};

kunit_test_suite(dhcp_suite);
