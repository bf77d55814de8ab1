// SPDX-License-Identifier: GPL-2.0
/* The DHCPv6 parser: what it finds, what it refuses, what it survives. */

#include <linux/bitmap.h>
#include <linux/hex.h>
#include <linux/prandom.h>
#include <linux/unaligned.h>

#include "dhcp6.h"
#include "utils.h"

#define MESSAGE_MAX	1400
#define FIELDS_MAX	64
#define DEPTH_MAX	4
#define TEXT_MAX	1024

/**
 * struct message - a message in the making
 * @len: bytes of @bytes in use
 * @depth: options that are open
 * @fields: how many of @field are set
 * @open: where the lengths of the open options are
 * @field: where the lengths of all options are
 * @edge: offsets where a message may end
 * @bytes: the UDP payload
 */
struct message {
	size_t len;
	unsigned int depth;
	unsigned int fields;
	size_t open[DEPTH_MAX];
	size_t field[FIELDS_MAX];
	DECLARE_BITMAP(edge, MESSAGE_MAX + 1);
	u8 bytes[MESSAGE_MAX];
};

static void open_option(struct kunit *test, struct message *m)
{
	KUNIT_ASSERT_LT(test, m->depth, DEPTH_MAX);
	KUNIT_ASSERT_LT(test, m->fields, FIELDS_MAX);
	KUNIT_ASSERT_LE(test, m->len + 2, MESSAGE_MAX);
	m->open[m->depth++] = m->len;
	m->field[m->fields++] = m->len;
	m->len += 2;
}

static void close_option(struct kunit *test, struct message *m)
{
	size_t field;

	KUNIT_ASSERT_GT(test, m->depth, 0);
	field = m->open[--m->depth];
	put_unaligned_be16(m->len - field - 2, m->bytes + field);
	if (!m->depth)
		__set_bit(m->len, m->edge);
}

static const char *put_text(struct kunit *test, struct message *m,
			    const char *text)
{
	size_t len = strcspn(text, "'");

	KUNIT_ASSERT_LE(test, m->len + len, MESSAGE_MAX);
	memcpy(m->bytes + m->len, text, len);
	m->len += len;
	return text + len + 1;
}

static const char *put_hex(struct kunit *test, struct message *m,
			   const char *text)
{
	KUNIT_ASSERT_LT(test, m->len, MESSAGE_MAX);
	KUNIT_ASSERT_EQ(test, hex2bin(m->bytes + m->len, text, 1), 0);
	m->len++;
	return text + 2;
}

/* Hexadecimal digits; text between quotation marks; a parenthesis stands for
 * the length of what is in it.
 */
static void put(struct kunit *test, struct message *m, const char *text)
{
	while (*text) {
		if (*text == '(') {
			open_option(test, m);
			text++;
		} else if (*text == ')') {
			close_option(test, m);
			text++;
		} else if (*text == '\'') {
			text = put_text(test, m, text + 1);
		} else {
			text = put_hex(test, m, text);
		}
	}
}

static struct message *build(struct kunit *test, const char *header,
			     const char *options)
{
	struct message *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, m);
	put(test, m, header);
	__set_bit(m->len, m->edge);
	put(test, m, options);
	KUNIT_ASSERT_EQ(test, m->depth, 0);
	return m;
}

#define REPLY		"07123456"
#define CLIENT_DUID	"0003000102005e102030"
#define SERVER_DUID	"00030001aabbccddeeff"
#define CLIENT_ID	"0001(" CLIENT_DUID ")"
#define SERVER_ID	"0002(" SERVER_DUID ")"
#define STATUS(_code)	"000d(" _code ")"
#define SUCCESS		STATUS("0000")
#define FAILURE		STATUS("0002")
#define RAPID_COMMIT	"000e()"
#define UNKNOWN		"fff0(0102030405)"
#define IAID		"00000001"

/* T1, T2; preferred and valid lifetime: 450, 720; 900, 1800. */
#define TIMES		"000001c2000002d0"
#define LIFETIMES	"0000038400000708"
#define IA_NA(_in)	"0003(" IAID TIMES _in ")"
#define IA_TA(_in)	"0004(" IAID _in ")"
#define IA_PD(_in)	"0019(" IAID TIMES _in ")"
#define IAADDR(_addr, _in) \
	"0005(" _addr LIFETIMES _in ")"
#define IAPREFIX(_len, _addr, _in) \
	"001a(" LIFETIMES _len _addr _in ")"
#define DNS(_addrs)	"0017(" _addrs ")"
#define SEARCH(_names)	"0018(" _names ")"

#define ZERO4		"00000000"
#define ZERO8		"0000000000000000"
#define ADDR1		"20010db8" ZERO8 "00000001"
#define ADDR2		"20010db8" ZERO8 "00000002"
#define PREFIX1		"20010db800010000" ZERO8
#define PREFIX2		"20010db800020000" ZERO8
#define DNS1		"20010db8" ZERO8 "00000053"
#define DNS2		"20010db8" ZERO8 "00000054"
#define NAME_A		"01'a'00"
#define NAME_B_C	"01'b'01'c'00"

#define TEXT_1		"2001:db8::1 900/1800"
#define TEXT_2		"2001:db8::2 900/1800"
#define TEXT_PREFIX1	"2001:db8:1::/48 900/1800"
#define TEXT_PREFIX2	"2001:db8:2::/56 900/1800"
#define TEXT_DNS1	"dns 2001:db8::53"
#define TEXT_DNS2	"dns 2001:db8::54"

#define DUID_130 \
	"0000" ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 \
	ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8 ZERO8

/* Something of everything. */
static const char everything[] =
	CLIENT_ID
	SERVER_ID
	STATUS("0000'fine'")
	IA_NA(IAADDR(ADDR1, SUCCESS UNKNOWN) UNKNOWN IAADDR(ADDR2, "") SUCCESS)
	UNKNOWN
	IA_TA(IAADDR(ADDR2, ""))
	DNS(DNS1 DNS2)
	RAPID_COMMIT
	IA_PD(SUCCESS IAPREFIX("30", PREFIX1, UNKNOWN SUCCESS)
	      IAPREFIX("38", PREFIX2, ""))
	SEARCH(NAME_A NAME_B_C)
	IA_NA(IAADDR(ADDR2, ""));

/* What a walk over it finds. */
static const char everything_text[] =
	TEXT_1 ", " TEXT_2 ", " TEXT_DNS1 ", " TEXT_DNS2 ", "
	TEXT_PREFIX1 ", " TEXT_PREFIX2 ", search a, search b.c, " TEXT_2;

/* The parser sees memory that ends where the message does. */
static int parse(struct kunit *test, const struct message *m,
		 struct vtap_dhcp6 *msg)
{
	u8 *exact = vtap_test_exact(test, m->bytes, m->len);
	int err;

	memset(msg, 0x5a, sizeof(*msg));
	err = vtap_dhcp6_parse(exact, m->len, msg);
	kunit_kfree(test, exact);
	return err;
}

static int item_text(const struct vtap_dhcp6_item *item, char *to, size_t size)
{
	switch (item->kind) {
	case VTAP_DHCP6_ADDRESS:
		return scnprintf(to, size, "%pI6c %u/%u", &item->addr,
				 item->preferred, item->valid);
	case VTAP_DHCP6_PREFIX:
		return scnprintf(to, size, "%pI6c/%u %u/%u", &item->addr,
				 item->prefix_len, item->preferred,
				 item->valid);
	case VTAP_DHCP6_DNS:
		return scnprintf(to, size, "dns %pI6c", &item->addr);
	case VTAP_DHCP6_SEARCH:
		return scnprintf(to, size, "search %s", item->name);
	default:
		return scnprintf(to, size, "kind %d", item->kind);
	}
}

/* All that a walk finds, as text, without reading past the end. */
static const char *walk(struct kunit *test, const struct message *m)
{
	u8 *exact = vtap_test_exact(test, m->bytes, m->len);
	char *text = kunit_kzalloc(test, TEXT_MAX, GFP_KERNEL);
	struct vtap_dhcp6_cursor cursor;
	struct vtap_dhcp6_item item;
	size_t len = 0;

	KUNIT_ASSERT_NOT_NULL(test, text);
	vtap_dhcp6_begin(&cursor, exact, m->len);
	memset(&item, 0x5a, sizeof(item));
	while (vtap_dhcp6_next(&cursor, &item)) {
		if (len)
			len += scnprintf(text + len, TEXT_MAX - len, ", ");
		len += item_text(&item, text + len, TEXT_MAX - len);
		memset(&item, 0x5a, sizeof(item));
	}
	/* The end stays the end. */
	KUNIT_EXPECT_FALSE(test, vtap_dhcp6_next(&cursor, &item));
	kunit_kfree(test, exact);
	return text;
}

static void good_reply(struct kunit *test)
{
	struct message *m = build(test, REPLY, everything);
	struct vtap_dhcp6 msg;

	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_EQ(test, msg.type, VTAP_DHCP6_REPLY);
	KUNIT_EXPECT_EQ(test, msg.xid, 0x123456);
	KUNIT_EXPECT_TRUE(test, msg.rapid_commit);
	KUNIT_EXPECT_EQ(test, msg.status, 0);
	KUNIT_ASSERT_EQ(test, msg.client_id_len, 10);
	KUNIT_EXPECT_EQ(test, msg.client_id, 8);
	KUNIT_EXPECT_MEMEQ(test, m->bytes + 8, "\0\3\0\1" STATION_MAC, 10);
	KUNIT_ASSERT_EQ(test, msg.server_id_len, 10);
	KUNIT_EXPECT_EQ(test, msg.server_id, 22);
	KUNIT_EXPECT_MEMEQ(test, m->bytes + 22, "\0\3\0\1" GATEWAY_MAC, 10);
	KUNIT_EXPECT_STREQ(test, walk(test, m), everything_text);
}

/* What is not there is zero, not what was there before. */
static void sparse_reply(struct kunit *test)
{
	struct vtap_dhcp6 msg, wanted;
	struct message *m = build(test, REPLY, "");

	memset(&wanted, 0, sizeof(wanted));
	wanted.type = VTAP_DHCP6_REPLY;
	wanted.xid = 0x123456;
	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_MEMEQ(test, &msg, &wanted, sizeof(msg));
	KUNIT_EXPECT_STREQ(test, walk(test, m), "");
}

static void types(struct kunit *test)
{
	struct message *m = build(test, REPLY, CLIENT_ID);
	struct vtap_dhcp6 msg;
	unsigned int type;

	for (type = 0; type <= U8_MAX; type++) {
		bool known = type >= VTAP_DHCP6_SOLICIT &&
			     type <= VTAP_DHCP6_RELAY_REPL;

		m->bytes[0] = type;
		KUNIT_EXPECT_EQ(test, parse(test, m, &msg),
				known ? 0 : -EINVAL);
		if (known)
			KUNIT_EXPECT_EQ(test, msg.type, type);
		if (known && type < VTAP_DHCP6_RELAY_FORW)
			KUNIT_EXPECT_EQ(test, msg.client_id_len, 10);
	}
}

/* RFC 8415 9: nothing inside is looked at, as good or bad as it may be. */
static const struct relay_case {
	const char *name;
	const char *header;
	const char *options;
} relay_cases[] = {
	{ "forward", "0c000000", everything },
	{ "reply", "0d123456", everything },
	{ "forward without anything", "0c000000", "" },
	{ "reply with an option that is cut", "0d123456", "0001ffff00" },
	{ "reply with two clients", "0d123456", CLIENT_ID CLIENT_ID },
};

KUNIT_ARRAY_PARAM_DESC(relay, relay_cases, name);

static void relays(struct kunit *test)
{
	const struct relay_case *c = test->param_value;
	struct message *m = build(test, c->header, c->options);
	struct vtap_dhcp6 msg, wanted;

	memset(&wanted, 0, sizeof(wanted));
	wanted.type = m->bytes[0];
	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_MEMEQ(test, &msg, &wanted, sizeof(msg));
	KUNIT_EXPECT_STREQ(test, walk(test, m), "");
}

/* What is said of the message itself. */
static const struct field_case {
	const char *name;
	const char *options;
	bool rapid_commit;
	u16 status;
	u16 client_id_len;
	u16 server_id_len;
} field_cases[] = {
	{ "client", CLIENT_ID, .client_id_len = 10 },
	{ "server", SERVER_ID, .server_id_len = 10 },
	{ "client of 1 byte", "0001(00)", .client_id_len = 1 },
	{ "client of 130 bytes", "0001(" DUID_130 ")", .client_id_len = 130 },
	{ "server of 1 byte", "0002(00)", .server_id_len = 1 },
	{ "server of 130 bytes", "0002(" DUID_130 ")", .server_id_len = 130 },
	{ "client inside an IA", IA_NA(CLIENT_ID CLIENT_ID) },
	{ "client inside an IA too", IA_NA(CLIENT_ID) CLIENT_ID,
	  .client_id_len = 10 },
	{ "client inside another option", "fff0(" CLIENT_ID ")" },
	{ "rapid commit", RAPID_COMMIT, .rapid_commit = true },
	{ "rapid commit with a value", "000e(01)" },
	{ "rapid commit, again with a value", RAPID_COMMIT "000e(01)",
	  .rapid_commit = true },
	{ "rapid commit inside an IA", IA_NA(RAPID_COMMIT) },
	{ "success", SUCCESS },
	{ "failure", FAILURE, .status = 2 },
	{ "failure with a message", STATUS("00056e6f"), .status = 5 },
	{ "failure of two bytes", STATUS("ff01"), .status = 0xff01 },
	{ "failure after success", SUCCESS FAILURE, .status = 2 },
	{ "success after failure", FAILURE SUCCESS, .status = 2 },
	{ "two failures", FAILURE STATUS("0001"), .status = 2 },
	{ "failure of an IA", IA_NA(FAILURE) },
	{ "failure of a prefix", IA_PD(IAPREFIX("30", PREFIX1, FAILURE)) },
};

KUNIT_ARRAY_PARAM_DESC(field, field_cases, name);

static void fields(struct kunit *test)
{
	const struct field_case *c = test->param_value;
	struct message *m = build(test, REPLY, c->options);
	struct vtap_dhcp6 msg;

	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_EQ(test, msg.rapid_commit, c->rapid_commit);
	KUNIT_EXPECT_EQ(test, msg.status, c->status);
	KUNIT_EXPECT_EQ(test, msg.client_id_len, c->client_id_len);
	KUNIT_EXPECT_EQ(test, !!msg.client_id, !!c->client_id_len);
	KUNIT_EXPECT_EQ(test, msg.server_id_len, c->server_id_len);
	KUNIT_EXPECT_EQ(test, !!msg.server_id, !!c->server_id_len);
}

/* Refused whole, however good the rest. Where something inside another option
 * is cut, the message goes on behind it.
 */
static const struct refused_case {
	const char *name;
	const char *header;
	const char *options;
} refused_cases[] = {
	{ "nothing", "", "" },
	{ "type alone", "07", "" },
	{ "header cut", "071234", "" },
	{ "a byte too many", REPLY, CLIENT_ID "00" },
	{ "half an option header", REPLY, CLIENT_ID "000e" },
	{ "option header cut", REPLY, CLIENT_ID "000e00" },
	{ "option without its value", REPLY, "fff00001" },
	{ "option cut", REPLY, "fff000030000" },
	{ "option of length 65535", REPLY, "fff0ffff00" },
	{ "IA_TA cut", REPLY, "0004000501020304" },
	{ "client empty", REPLY, "0001()" },
	{ "client of 131 bytes", REPLY, "0001(" DUID_130 "05)" },
	{ "two clients", REPLY, CLIENT_ID SERVER_ID CLIENT_ID },
	{ "server empty", REPLY, "0002()" },
	{ "server of 131 bytes", REPLY, "0002(" DUID_130 "05)" },
	{ "two servers", REPLY, SERVER_ID CLIENT_ID SERVER_ID },
	{ "status empty", REPLY, STATUS("") },
	{ "status of 1 byte", REPLY, STATUS("00") },
	{ "status of 1 byte after another", REPLY, FAILURE STATUS("00") },

	{ "IA_NA empty", REPLY, "0003()" UNKNOWN },
	{ "IA_NA of 11 bytes", REPLY, "0003(" IAID ZERO4 "000000)" UNKNOWN },
	{ "IA_NA with a status of 1 byte", REPLY, IA_NA(STATUS("00")) },
	{ "IA_NA with bytes left", REPLY, IA_NA("fff000") UNKNOWN },
	{ "IA_NA with an option cut", REPLY, IA_NA("fff000030000") UNKNOWN },
	{ "IA_NA with a length of 65535", REPLY, IA_NA("fff0ffff") UNKNOWN },
	{ "IA_NA with an address cut", REPLY,
	  IA_NA("00050019" ADDR1 LIFETIMES) UNKNOWN },
	{ "IA_NA with another that is bad", REPLY,
	  IA_NA(IAADDR(ADDR1, "") IAADDR(ADDR2, "00")) },
	{ "address empty", REPLY, IA_NA("0005()" UNKNOWN) },
	{ "address of 23 bytes", REPLY,
	  IA_NA("0005(" ADDR1 ZERO4 "000000)" UNKNOWN) },
	{ "address with a status of 1 byte", REPLY,
	  IA_NA(IAADDR(ADDR1, STATUS("00"))) },
	{ "address with bytes left", REPLY,
	  IA_NA(IAADDR(ADDR1, "000000") UNKNOWN) },
	{ "address with an option cut", REPLY,
	  IA_NA(IAADDR(ADDR1, "fff000030000") UNKNOWN) },

	{ "IA_PD empty", REPLY, "0019()" UNKNOWN },
	{ "IA_PD of 11 bytes", REPLY, "0019(" IAID ZERO4 "000000)" UNKNOWN },
	{ "IA_PD with a status of 1 byte", REPLY, IA_PD(STATUS("00")) },
	{ "IA_PD with bytes left", REPLY, IA_PD("fff000") UNKNOWN },
	{ "IA_PD with an option cut", REPLY, IA_PD("fff000030000") UNKNOWN },
	{ "prefix empty", REPLY, IA_PD("001a()" UNKNOWN) },
	{ "prefix of 24 bytes", REPLY,
	  IA_PD("001a(" LIFETIMES "40" PREFIX1 "000000)" UNKNOWN) },
	{ "prefix with a status of 1 byte", REPLY,
	  IA_PD(IAPREFIX("30", PREFIX1, STATUS("00"))) },
	{ "prefix with bytes left", REPLY,
	  IA_PD(IAPREFIX("30", PREFIX1, "000000") UNKNOWN) },
	{ "prefix with an option cut", REPLY,
	  IA_PD(IAPREFIX("30", PREFIX1, "fff000030000") UNKNOWN) },
};

KUNIT_ARRAY_PARAM_DESC(refused, refused_cases, name);

static void refused(struct kunit *test)
{
	const struct refused_case *c = test->param_value;
	struct message *m = build(test, c->header, c->options);
	struct vtap_dhcp6 msg;

	KUNIT_EXPECT_EQ(test, parse(test, m, &msg), -EINVAL);
}

#define SHORTER	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
#define LABEL	SHORTER "jk"
#define LONG_NAME \
	"3f'" LABEL "'3f'" LABEL "'3f'" LABEL "'3d'" SHORTER "'"

/* Well-formed, and what is learned of it. */
static const struct walk_case {
	const char *name;
	const char *options;
	const char *wanted;
} walk_cases[] = {
	{ "address", IA_NA(IAADDR(ADDR1, "")), TEXT_1 },
	{ "two addresses", IA_NA(IAADDR(ADDR2, "") IAADDR(ADDR1, "")),
	  TEXT_2 ", " TEXT_1 },
	{ "two IAs of two addresses",
	  IA_NA(IAADDR(ADDR1, "") IAADDR(ADDR2, ""))
	  IA_NA(IAADDR(ADDR2, "") IAADDR(ADDR1, "")),
	  TEXT_1 ", " TEXT_2 ", " TEXT_2 ", " TEXT_1 },
	{ "prefix", IA_PD(IAPREFIX("30", PREFIX1, "")),
	  TEXT_PREFIX1 },
	{ "two IAs of two prefixes",
	  IA_PD(IAPREFIX("30", PREFIX1, "") IAPREFIX("38", PREFIX2, ""))
	  IA_PD(IAPREFIX("3c", PREFIX2, "") IAPREFIX("40", PREFIX1, "")),
	  TEXT_PREFIX1 ", " TEXT_PREFIX2
	  ", 2001:db8:2::/60 900/1800, 2001:db8:1::/64 900/1800" },
	{ "reverse order",
	  SEARCH(NAME_B_C NAME_A) IA_PD(IAPREFIX("30", PREFIX1, ""))
	  DNS(DNS2 DNS1) IA_NA(IAADDR(ADDR1, "")) CLIENT_ID,
	  "search b.c, search a, " TEXT_PREFIX1 ", "
	  TEXT_DNS2 ", " TEXT_DNS1 ", " TEXT_1 },
	{ "despite a failure of the message",
	  FAILURE IA_NA(IAADDR(ADDR1, "")), TEXT_1 },

	{ "IAs empty", IA_NA("") IA_PD("") IA_NA(IAADDR(ADDR1, "")), TEXT_1 },
	{ "IA_TA", IA_TA(IAADDR(ADDR1, "")) IA_NA(IAADDR(ADDR2, "")), TEXT_2 },
	{ "IA_TA with anything inside", "0004(00050001)", "" },
	{ "address outside of an IA", IAADDR(ADDR1, ""), "" },
	{ "prefix outside of an IA", IAPREFIX("30", PREFIX1, ""), "" },
	{ "address in IA_PD", IA_PD(IAADDR(ADDR1, "") "0005(00)"), "" },
	{ "prefix in IA_NA", IA_NA(IAPREFIX("30", PREFIX1, "") "001a(00)"),
	  "" },
	{ "IA in an IA", IA_NA(IA_NA(IAADDR(ADDR1, "")) "0003(00)"), "" },
	{ "address in an address", IA_NA(IAADDR(ADDR1, IAADDR(ADDR2, ""))),
	  TEXT_1 },
	{ "DNS in an IA", IA_NA(DNS(DNS1)), "" },

	{ "success of all",
	  IA_NA(SUCCESS IAADDR(ADDR1, SUCCESS))
	  IA_PD(SUCCESS IAPREFIX("30", PREFIX1, SUCCESS)),
	  TEXT_1 ", " TEXT_PREFIX1 },
	{ "failure of an IA_NA",
	  IA_NA(FAILURE IAADDR(ADDR1, "")) IA_NA(IAADDR(ADDR2, "")), TEXT_2 },
	{ "failure of an IA_NA behind its addresses",
	  IA_NA(IAADDR(ADDR1, "") FAILURE) IA_NA(IAADDR(ADDR2, "")), TEXT_2 },
	{ "failure of an IA_NA after success",
	  IA_NA(SUCCESS FAILURE IAADDR(ADDR1, "")), "" },
	{ "failure above 255 of an IA_NA",
	  IA_NA(STATUS("0100") IAADDR(ADDR1, "")), "" },
	{ "failure of an IA_PD",
	  IA_PD(FAILURE IAPREFIX("30", PREFIX1, "")) IA_NA(IAADDR(ADDR2, "")),
	  TEXT_2 },
	{ "failure of an address",
	  IA_NA(IAADDR(ADDR1, FAILURE) IAADDR(ADDR2, "")), TEXT_2 },
	{ "failure of a prefix",
	  IA_PD(IAPREFIX("30", PREFIX1, FAILURE) IAPREFIX("38", PREFIX2, "")),
	  TEXT_PREFIX2 },

	{ "undecodable name", SEARCH(NAME_A "4000" NAME_A) SEARCH(NAME_B_C),
	  "search a, search b.c" },
	{ "compressed name", SEARCH(NAME_A "01'b'c000" NAME_A), "search a" },
	{ "name without an end", SEARCH(NAME_A "01'b'") SEARCH(NAME_B_C),
	  "search a, search b.c" },
	{ "label beyond the option", SEARCH("02'b'") SEARCH(NAME_B_C),
	  "search b.c" },
	{ "root names", SEARCH("00" NAME_A "0000"), "search a" },
	{ "name with a line feed", SEARCH("03'b\nc'00" NAME_A), "search a" },
	{ "longest name", SEARCH(LONG_NAME "00" NAME_A),
	  "search " LABEL "." LABEL "." LABEL "." SHORTER ", search a" },
	{ "name too long", SEARCH(LONG_NAME "01'a'00" NAME_A) SEARCH(NAME_B_C),
	  "search b.c" },
	{ "no name", SEARCH("") SEARCH(NAME_A), "search a" },

	{ "DNS, three", DNS(DNS1 DNS2 DNS1) DNS(DNS2),
	  TEXT_DNS1 ", " TEXT_DNS2 ", " TEXT_DNS1 ", " TEXT_DNS2 },
	{ "DNS of 0 bytes", DNS("") DNS(DNS2), TEXT_DNS2 },
	{ "DNS of 15 bytes", DNS("20010db8" ZERO8 "000000") DNS(DNS2),
	  TEXT_DNS2 },
	{ "DNS of 17 bytes", DNS(DNS1 "00") DNS(DNS2), TEXT_DNS2 },
	{ "DNS unspecified", DNS(ZERO8 ZERO8 DNS1), TEXT_DNS1 },
	{ "DNS loopback", DNS(ZERO8 ZERO4 "00000001" DNS1),
	  TEXT_DNS1 },
	{ "DNS multicast", DNS("ff020000" ZERO8 "000000fb" DNS1),
	  TEXT_DNS1 },
	{ "DNS IPv4-mapped", DNS(ZERO8 "0000ffff09090909" DNS1),
	  TEXT_DNS1 },
	{ "DNS link-local", DNS("fe800000" ZERO8 "00000001"), "dns fe80::1" },
	{ "DNS, nothing good last", DNS(DNS1 ZERO8 ZERO8) DNS(DNS2),
	  TEXT_DNS1 ", " TEXT_DNS2 },
};

KUNIT_ARRAY_PARAM_DESC(walk, walk_cases, name);

static void walks(struct kunit *test)
{
	const struct walk_case *c = test->param_value;
	struct message *m = build(test, REPLY, c->options);
	struct vtap_dhcp6 msg;

	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_STREQ(test, walk(test, m), c->wanted);
}

/* T1 and T2 of an IA with an address or prefix. */
static const struct times_case {
	const char *name;
	const char *times;
	bool good;
} times_cases[] = {
	{ "T1 before T2", "0000000100000002", true },
	{ "T1 is T2", "0000000200000002", true },
	{ "T1 after T2", "0000000300000002", false },
	{ "T1 far after T2", "ffffffff00000001", false },
	{ "T1 far before T2", "00000001ffffffff", true },
	{ "T1 open", "0000000000000002", true },
	{ "T2 open", "0000000300000000", true },
	{ "both open", "0000000000000000", true },
	{ "both infinite", "ffffffffffffffff", true },
};

KUNIT_ARRAY_PARAM_DESC(times, times_cases, name);

static void ia_times(struct kunit *test)
{
	const struct times_case *c = test->param_value;
	struct message *m = build(test, REPLY, "");
	struct vtap_dhcp6 msg;

	put(test, m, "0003(" IAID);
	put(test, m, c->times);
	put(test, m, IAADDR(ADDR1, "") ")0019(" IAID);
	put(test, m, c->times);
	put(test, m, IAPREFIX("30", PREFIX1, "") ")" IA_NA(IAADDR(ADDR2, "")));
	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_STREQ(test, walk(test, m),
			   c->good ? TEXT_1 ", " TEXT_PREFIX1 ", " TEXT_2 :
				     TEXT_2);
}

#define EVER	"4294967295"

/* Lifetimes of an address and a prefix. */
static const struct lifetimes_case {
	const char *name;
	const char *lifetimes;
	const char *wanted;
} lifetimes_cases[] = {
	{ "taken back", "0000000000000000",
	  "2001:db8::1 0/0, 2001:db8:1::/48 0/0" },
	{ "deprecated", "0000000000000001",
	  "2001:db8::1 0/1, 2001:db8:1::/48 0/1" },
	{ "equal", "0000000200000002",
	  "2001:db8::1 2/2, 2001:db8:1::/48 2/2" },
	{ "infinite", "ffffffffffffffff",
	  "2001:db8::1 " EVER "/" EVER ", 2001:db8:1::/48 " EVER "/" EVER },
	{ "for ever but not preferred", "00000001ffffffff",
	  "2001:db8::1 1/" EVER ", 2001:db8:1::/48 1/" EVER },
	{ "preferred for longer", "0000000300000002", "" },
	{ "preferred, not valid", "0000000100000000", "" },
	{ "preferred for ever", "fffffffffffffffe", "" },
};

KUNIT_ARRAY_PARAM_DESC(lifetimes, lifetimes_cases, name);

static void lifetimes(struct kunit *test)
{
	const struct lifetimes_case *c = test->param_value;
	struct message *m = build(test, REPLY, "");
	struct vtap_dhcp6 msg;

	put(test, m, "0003(" IAID TIMES "0005(" ADDR1);
	put(test, m, c->lifetimes);
	put(test, m, "))0019(" IAID TIMES "001a(");
	put(test, m, c->lifetimes);
	put(test, m, "30" PREFIX1 "))");
	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	KUNIT_EXPECT_STREQ(test, walk(test, m), c->wanted);
}

/* One that is first of two; NULL where it is nothing to learn. */
static const struct address_case {
	const char *name;
	const char *addr;
	const char *wanted;
} address_cases[] = {
	{ "global", "2a000001000000020000000300000004", "2a00:1:0:2:0:3:0:4" },
	{ "unique local", "fd000000" ZERO8 "00000001", "fd00::1" },
	{ "unspecified", ZERO8 ZERO8 },
	{ "loopback", ZERO8 ZERO4 "00000001" },
	{ "next to loopback", ZERO8 ZERO4 "00020000", "::2:0" },
	{ "IPv4-mapped", ZERO8 "0000ffffc0a80101" },
	{ "IPv4-mapped unspecified", ZERO8 "0000ffff" ZERO4 },
	{ "below IPv4-mapped", ZERO8 "0000fffec0a80101", "::fffe:c0a8:101" },
	{ "above IPv4-mapped", ZERO8 "0001ffffc0a80101",
	  "::1:ffff:c0a8:101" },
	{ "multicast", "ff02000000000000" ZERO4 "00000001" },
	{ "last multicast", "ffffffffffffffffffffffffffffffff" },
	{ "just no multicast", "feff000000000000" ZERO4 "00000001",
	  "feff::1" },
	{ "link-local", "fe80000000000000" ZERO4 "00000001" },
	{ "last link-local", "febfffffffffffffffffffffffffffff" },
	{ "before link-local", "fe7f000000000000" ZERO4 "00000001",
	  "fe7f::1" },
	{ "behind link-local", "fec0000000000000" ZERO4 "00000001",
	  "fec0::1" },
};

KUNIT_ARRAY_PARAM_DESC(address, address_cases, name);

static void expect_first_of_two(struct kunit *test, const struct message *m,
				const char *first, const char *second)
{
	const char *text = walk(test, m);

	if (first) {
		KUNIT_ASSERT_EQ(test, strncmp(text, first, strlen(first)), 0);
		text += strlen(first);
		KUNIT_ASSERT_EQ(test, strncmp(text, " 900/1800, ", 11), 0);
		text += 11;
	}
	KUNIT_EXPECT_STREQ(test, text, second);
}

static void addresses(struct kunit *test)
{
	const struct address_case *c = test->param_value;
	struct message *m = build(test, REPLY, "");
	struct vtap_dhcp6 msg;

	put(test, m, "0003(" IAID TIMES "0005(");
	put(test, m, c->addr);
	put(test, m, LIFETIMES ")" IAADDR(ADDR2, "") ")");
	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	expect_first_of_two(test, m, c->wanted, TEXT_2);
}

static const struct prefix_case {
	const char *name;
	const char *prefix;	/* its length before it */
	const char *wanted;
} prefix_cases[] = {
	{ "of 48", "30" PREFIX1, "2001:db8:1::/48" },
	{ "of 128", "80" ADDR1, "2001:db8::1/128" },
	{ "of 127", "7f20010db8" ZERO8 "00000003", "2001:db8::2/127" },
	{ "of 64, host bits", "4020010db800010002ffffffffffffffff",
	  "2001:db8:1:2::/64" },
	{ "of 61, host bits", "3d20010db80001ffffffffffffffffffff",
	  "2001:db8:1:fff8::/61" },
	{ "of 57, host bits", "3920010db80001ffffffffffffffffffff",
	  "2001:db8:1:ff80::/57" },
	{ "of 3, host bits", "033fffffffffffffffffffffffffffffff", "2000::/3" },
	{ "of 2", "0240000000" ZERO8 ZERO4, "4000::/2" },
	{ "of 0", "00" PREFIX1 },
	{ "of 129", "81" PREFIX1 },
	{ "of 255", "ff" PREFIX1 },
	{ "unique local", "30fd00000000010000" ZERO8, "fd00:0:1::/48" },
	{ "all unique local", "07fd00000000000000" ZERO8, "fc00::/7" },
	{ "multicast", "30ff05000000000000" ZERO8 },
	{ "all multicast", "08ff00000000000000" ZERO8 },
	{ "some multicast", "04f000000000000000" ZERO8 },
	{ "beside multicast", "07fc00000000000000" ZERO8, "fc00::/7" },
	{ "link-local", "40fe80000000000000" ZERO8 },
	{ "all link-local", "0afe80000000000000" ZERO8 },
	{ "link-local among others", "08fe00000000000000" ZERO8 },
	{ "below link-local", "09fe00000000000000" ZERO8, "fe00::/9" },
	{ "above link-local", "0afec0000000000000" ZERO8, "fec0::/10" },
	{ "unspecified", "40" ZERO8 ZERO8 },
	{ "loopback", "80" ZERO8 ZERO4 "00000001" },
	{ "IPv4-mapped", "60" ZERO8 "0000ffff" ZERO4 },
	{ "an IPv4-mapped address", "80" ZERO8 "0000ffffc0a80101" },
	{ "beside IPv4-mapped", "60" ZERO8 "0001ffff" ZERO4, "::1:ffff:0:0/96" },
};

KUNIT_ARRAY_PARAM_DESC(prefix, prefix_cases, name);

static void prefixes(struct kunit *test)
{
	const struct prefix_case *c = test->param_value;
	struct message *m = build(test, REPLY, "");
	struct vtap_dhcp6 msg;

	put(test, m, "0019(" IAID TIMES "001a(" LIFETIMES);
	put(test, m, c->prefix);
	put(test, m, ")" IAPREFIX("38", PREFIX2, "") ")");
	KUNIT_ASSERT_EQ(test, parse(test, m, &msg), 0);
	expect_first_of_two(test, m, c->wanted, TEXT_PREFIX2);
}

/* Offsets are of 16 bits: @len bytes, of which the last are the client's. */
static int parse_long(struct kunit *test, size_t len, struct vtap_dhcp6 *msg)
{
	u8 *data = kunit_kzalloc(test, len, GFP_KERNEL);
	size_t filler = len - 4 - 4 - 5;

	KUNIT_ASSERT_NOT_NULL(test, data);
	data[0] = VTAP_DHCP6_REPLY;
	put_unaligned_be32(0xfff00000 | filler, data + 4);
	put_unaligned_be32(0x00010001, data + len - 5);
	return vtap_dhcp6_parse(data, len, msg);
}

static void length_is_bounded(struct kunit *test)
{
	struct vtap_dhcp6 msg;

	KUNIT_EXPECT_EQ(test, parse_long(test, 65535, &msg), 0);
	KUNIT_EXPECT_EQ(test, msg.client_id, 65534);
	KUNIT_EXPECT_EQ(test, msg.client_id_len, 1);
	KUNIT_EXPECT_EQ(test, parse_long(test, 65536, &msg), -EINVAL);
	KUNIT_EXPECT_EQ(test, msg.client_id_len, 0);
}

#define MANY	2000

/* IA_NA with MANY addresses, the last octets of which count. */
static u8 *build_long_ia(struct kunit *test, size_t *len)
{
	u8 *data, *p;
	unsigned int i;

	*len = 4 + 4 + 12 + MANY * 28;
	data = kunit_kzalloc(test, *len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, data);
	data[0] = VTAP_DHCP6_REPLY;
	put_unaligned_be32(0x00030000 | (*len - 8), data + 4);
	for (i = 0; i < MANY; i++) {
		p = data + 20 + 28 * i;
		put_unaligned_be32(0x00050018, p);
		put_unaligned_be32(0x20010db8, p + 4);
		put_unaligned_be16(i, p + 18);
	}
	return data;
}

static void long_ia(struct kunit *test)
{
	struct vtap_dhcp6_cursor cursor;
	struct vtap_dhcp6_item item;
	struct vtap_dhcp6 msg;
	unsigned int i;
	size_t len;
	u8 *data = build_long_ia(test, &len);

	KUNIT_ASSERT_EQ(test, vtap_dhcp6_parse(data, len, &msg), 0);
	vtap_dhcp6_begin(&cursor, data, len);
	for (i = 0; i < MANY; i++) {
		KUNIT_ASSERT_TRUE(test, vtap_dhcp6_next(&cursor, &item));
		KUNIT_ASSERT_EQ(test, ntohs(item.addr.s6_addr16[7]), i);
	}
	KUNIT_EXPECT_FALSE(test, vtap_dhcp6_next(&cursor, &item));
}

/* A message cut between two options cannot be told from a shorter one. */
static void every_truncation(struct kunit *test)
{
	struct message *m = build(test, REPLY, everything);
	size_t whole = m->len;
	struct vtap_dhcp6 msg;

	for (m->len = 0; m->len <= whole; m->len++) {
		bool edge = test_bit(m->len, m->edge);
		const char *text = walk(test, m);

		KUNIT_EXPECT_EQ_MSG(test, parse(test, m, &msg),
				    edge ? 0 : -EINVAL, "cut at %zu", m->len);
		if (edge)
			KUNIT_EXPECT_EQ(test, strncmp(everything_text, text,
						      strlen(text)), 0);
	}
}

static bool is_plain_name(const char *name)
{
	size_t len = strnlen(name, VTAP_DOMAIN_MAX + 1);

	return len && len <= VTAP_DOMAIN_MAX && vtap_domain_is_plain(name, len);
}

static bool is_sane_item(const struct vtap_dhcp6_item *item)
{
	switch (item->kind) {
	case VTAP_DHCP6_PREFIX:
		if (!item->prefix_len || item->prefix_len > 128)
			return false;
		fallthrough;
	case VTAP_DHCP6_ADDRESS:
		return item->preferred <= item->valid;
	case VTAP_DHCP6_DNS:
		return item->addr.s6_addr[0] != 0xff;
	case VTAP_DHCP6_SEARCH:
		return is_plain_name(item->name);
	default:
		return false;
	}
}

static bool is_sane(const struct vtap_dhcp6 *msg, size_t len)
{
	return msg->type >= VTAP_DHCP6_SOLICIT &&
	       msg->type <= VTAP_DHCP6_RELAY_REPL && msg->xid <= 0xffffff &&
	       msg->client_id_len <= VTAP_DHCP6_DUID_MAX &&
	       msg->client_id + msg->client_id_len <= len &&
	       !msg->client_id == !msg->client_id_len &&
	       msg->server_id_len <= VTAP_DHCP6_DUID_MAX &&
	       msg->server_id + msg->server_id_len <= len &&
	       !msg->server_id == !msg->server_id_len;
}

/* No piece takes less than 3 bytes. Returns their number. */
static unsigned int walk_hostile(struct kunit *test, const u8 *data, size_t len)
{
	struct vtap_dhcp6_cursor cursor;
	struct vtap_dhcp6_item item;
	unsigned int count = 0;

	vtap_dhcp6_begin(&cursor, data, len);
	memset(&item, 0x5a, sizeof(item));
	while (vtap_dhcp6_next(&cursor, &item)) {
		KUNIT_EXPECT_TRUE(test, is_sane_item(&item));
		KUNIT_ASSERT_LE(test, ++count, len / 3);
		memset(&item, 0x5a, sizeof(item));
	}
	return count;
}

/* KASAN watches. What is refused is walked over as well: nobody does, but it
 * must not matter. Returns the number of pieces of what was accepted.
 */
static unsigned int try_hostile(struct kunit *test, const struct message *m)
{
	u8 *exact = vtap_test_exact(test, m->bytes, m->len);
	struct vtap_dhcp6 msg;
	unsigned int count;
	int err;

	memset(&msg, 0x5a, sizeof(msg));
	err = vtap_dhcp6_parse(exact, m->len, &msg);
	count = walk_hostile(test, exact, m->len);
	kunit_kfree(test, exact);
	if (!err) {
		KUNIT_EXPECT_TRUE(test, is_sane(&msg, m->len));
		return count;
	}
	KUNIT_EXPECT_EQ(test, err, -EINVAL);
	return 0;
}

/* Every length of an option, at every depth, is a little or totally wrong. */
static void every_wrong_length(struct kunit *test)
{
	struct message *m = build(test, REPLY, everything);
	unsigned int i, v;

	for (i = 0; i < m->fields; i++) {
		u8 *field = m->bytes + m->field[i];
		u16 right = get_unaligned_be16(field);
		const u16 wrong[] = {
			right + 1, right - 1, right + 4, right - 4, 0, 1,
			0x7fff, 0x8000, 0xfffb, 0xfffc, 0xffff,
		};

		for (v = 0; v < ARRAY_SIZE(wrong); v++) {
			put_unaligned_be16(wrong[v], field);
			try_hostile(test, m);
		}
		put_unaligned_be16(right, field);
	}
	KUNIT_EXPECT_STREQ(test, walk(test, m), everything_text);
}

static u8 random_byte(struct rnd_state *rnd)
{
	static const u8 bytes[] = {
		0, 1, 2, 3, 4, 5, 12, 13, 14, 16, 23, 24, 25, 26, 63, 64, 127,
		128, 129, 192, 254, 255,
	};
	u32 random = prandom_u32_state(rnd);

	return random & 1 ? random >> 8 :
			    bytes[(random >> 8) % ARRAY_SIZE(bytes)];
}

static size_t random_place(struct rnd_state *rnd, const struct message *m)
{
	u32 random = prandom_u32_state(rnd);

	if (random & 1)
		return (random >> 8) % m->len;
	/* The second byte of a code or of a length. */
	return m->field[(random >> 8) % m->fields] + (random & 2 ? 1 : -1);
}

/* A few bytes change; sometimes the end is missing. */
static void mutate(struct rnd_state *rnd, struct message *m)
{
	unsigned int i = 1 + prandom_u32_state(rnd) % 4;

	while (i--)
		m->bytes[random_place(rnd, m)] = random_byte(rnd);
	if (prandom_u32_state(rnd) % 8 == 0)
		m->len = prandom_u32_state(rnd) % m->len;
}

static void random_mutations(struct kunit *test)
{
	struct message *good = build(test, REPLY, everything);
	struct message *m = kunit_kmalloc(test, sizeof(*m), GFP_KERNEL);
	unsigned int i, pieces = 0;
	struct rnd_state rnd;

	KUNIT_ASSERT_NOT_NULL(test, m);
	prandom_seed_state(&rnd, 8415);
	for (i = 0; i < 20000; i++) {
		*m = *good;
		mutate(&rnd, m);
		pieces += try_hostile(test, m);
	}
	/* Many went deep. */
	KUNIT_EXPECT_GT(test, pieces, 20000);
}

static struct kunit_case dhcp6_test_cases[] = {
	KUNIT_CASE(good_reply),
	KUNIT_CASE(sparse_reply),
	KUNIT_CASE(types),
	KUNIT_CASE_PARAM(relays, relay_gen_params),
	KUNIT_CASE_PARAM(fields, field_gen_params),
	KUNIT_CASE_PARAM(refused, refused_gen_params),
	KUNIT_CASE_PARAM(walks, walk_gen_params),
	KUNIT_CASE_PARAM(ia_times, times_gen_params),
	KUNIT_CASE_PARAM(lifetimes, lifetimes_gen_params),
	KUNIT_CASE_PARAM(addresses, address_gen_params),
	KUNIT_CASE_PARAM(prefixes, prefix_gen_params),
	KUNIT_CASE(length_is_bounded),
	KUNIT_CASE(long_ia),
	KUNIT_CASE(every_truncation),
	KUNIT_CASE(every_wrong_length),
	KUNIT_CASE_SLOW(random_mutations),
	{}
};

static struct kunit_suite dhcp6_suite = {
	.name = "vtap_dhcp6_parse",
	.test_cases = dhcp6_test_cases,
};

kunit_test_suite(dhcp6_suite);
