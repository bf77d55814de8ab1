// SPDX-License-Identifier: GPL-2.0
/* DNS messages: what is understood, what may be kept and for how long, what a
 * kept answer becomes.
 */

#include <linux/prandom.h>
#include <linux/unaligned.h>

#include "dns.h"
#include "utils.h"

#define NAME		"www.example.com"
#define SPELLED		"wWw.ExamPle.COM"
#define ID		0x1234
#define HOUR		3600

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_TXT = 16,
	TYPE_SIG = 24,
	TYPE_AAAA = 28,
	TYPE_OPT = 41,
	TYPE_HTTPS = 65,
	TYPE_TKEY = 249,
	TYPE_TSIG = 250,
	TYPE_AXFR = 252,
	TYPE_ANY = 255,
	TYPE_CAA = 257,
};

enum {
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_Z = 0x0040,
	FLAG_AD = 0x0020,
	FLAG_CD = 0x0010,
	SERVFAIL = 2,
	NXDOMAIN = 3,
	REFUSED = 5,
	ANSWER = FLAG_QR | FLAG_RD | FLAG_RA,
	OPT_DO = 0x8000,
};

/* EDNS options: a client subnet, a cookie. */
static const u8 subnet[] = { 0, 8, 0, 7, 0, 1, 24, 0, 192, 0, 2 };
static const u8 cookie[] = { 0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8 };
static const u8 address[] = { 192, 0, 2, 1 };

/* The parser sees memory that ends where the message does. */
static int parse_query(struct kunit *test, const struct vtap_test_dns *dns,
		       struct vtap_dns_query *q)
{
	u8 *exact = vtap_test_exact(test, dns->bytes, dns->len);
	int err;

	memset(q, 0x5a, sizeof(*q));
	err = vtap_dns_parse_query(exact, dns->len, q);
	kunit_kfree(test, exact);
	return err;
}

static size_t question_len(const char *name)
{
	return strlen(name) + 2 + 4;
}

static u32 lifetime(struct kunit *test, const struct vtap_test_dns *dns,
		    const char *name)
{
	u8 *exact = vtap_test_exact(test, dns->bytes, dns->len);
	u32 seconds;
	u8 flags;

	seconds = vtap_dns_lifetime(exact, dns->len, question_len(name),
				    &flags);
	kunit_kfree(test, exact);
	return seconds;
}

struct query_case {
	const char *name;
	u16 flags;
	u16 type;
	u16 class;
	bool edns;
	u16 size;
	u32 opt_flags;
	const u8 *options;
	size_t options_len;
	u16 questions;
	u16 answers;
	u16 authorities;
	size_t behind;
	int err;
	u8 wanted;
	u16 wanted_size;
};

static const struct query_case query_cases[] = {
	{ .name = "plain", .wanted_size = 512 },
	{ .name = "RD", .flags = FLAG_RD, .wanted = VTAP_DNS_RD,
	  .wanted_size = 512 },
	{ .name = "RD, CD, AD", .flags = FLAG_RD | FLAG_CD | FLAG_AD,
	  .wanted = VTAP_DNS_RD | VTAP_DNS_CD | VTAP_DNS_AD,
	  .wanted_size = 512 },
	{ .name = "EDNS", .edns = true, .size = 1232,
	  .wanted = VTAP_DNS_EDNS, .wanted_size = 1232 },
	{ .name = "EDNS with DO", .edns = true, .size = 65535,
	  .opt_flags = OPT_DO, .wanted = VTAP_DNS_EDNS | VTAP_DNS_DO,
	  .wanted_size = 65535 },
	{ .name = "EDNS of a small size", .edns = true, .size = 100,
	  .wanted = VTAP_DNS_EDNS, .wanted_size = 512 },
	{ .name = "HTTPS", .type = TYPE_HTTPS, .wanted_size = 512 },
	{ .name = "CAA", .type = TYPE_CAA, .wanted_size = 512 },
	{ .name = "class CH", .class = 3, .wanted_size = 512 },
	{ .name = "an answer", .flags = FLAG_QR, .err = -EBADMSG },
	{ .name = "NOTIFY", .flags = 4 << 11, .err = -EOPNOTSUPP },
	{ .name = "UPDATE", .flags = 5 << 11, .err = -EOPNOTSUPP },
	{ .name = "IQUERY", .flags = 1 << 11, .err = -EOPNOTSUPP },
	{ .name = "truncated", .flags = FLAG_TC, .err = -EOPNOTSUPP },
	{ .name = "AA", .flags = FLAG_AA, .err = -EOPNOTSUPP },
	{ .name = "RA", .flags = FLAG_RA, .err = -EOPNOTSUPP },
	{ .name = "Z", .flags = FLAG_Z, .err = -EOPNOTSUPP },
	{ .name = "with an error", .flags = 1, .err = -EOPNOTSUPP },
	{ .name = "no question", .questions = 0xffff, .err = -EOPNOTSUPP },
	{ .name = "two questions", .questions = 1, .err = -EOPNOTSUPP },
	{ .name = "with an answer", .answers = 1, .err = -EOPNOTSUPP },
	{ .name = "with an authority", .authorities = 1, .err = -EOPNOTSUPP },
	{ .name = "ANY", .type = TYPE_ANY, .err = -EOPNOTSUPP },
	{ .name = "AXFR", .type = TYPE_AXFR, .err = -EOPNOTSUPP },
	{ .name = "TKEY", .type = TYPE_TKEY, .err = -EOPNOTSUPP },
	{ .name = "OPT", .type = TYPE_OPT, .err = -EOPNOTSUPP },
	{ .name = "SIG", .type = TYPE_SIG, .err = -EOPNOTSUPP },
	{ .name = "class ANY", .class = 255, .err = -EOPNOTSUPP },
	{ .name = "class NONE", .class = 254, .err = -EOPNOTSUPP },
	{ .name = "client subnet", .edns = true, .size = 1232,
	  .options = subnet, .options_len = sizeof(subnet),
	  .err = -EOPNOTSUPP },
	{ .name = "cookie", .edns = true, .size = 1232, .options = cookie,
	  .options_len = sizeof(cookie), .err = -EOPNOTSUPP },
	{ .name = "EDNS version 1", .edns = true, .size = 1232,
	  .opt_flags = 1 << 16, .err = -EOPNOTSUPP },
	{ .name = "unknown EDNS flag", .edns = true, .size = 1232,
	  .opt_flags = 0x4000, .err = -EOPNOTSUPP },
	{ .name = "a byte behind", .behind = 1, .err = -EOPNOTSUPP },
	{ .name = "a byte behind EDNS", .edns = true, .size = 1232,
	  .behind = 1, .err = -EOPNOTSUPP },
};

KUNIT_ARRAY_PARAM_DESC(query, query_cases, name);

static void add(u8 *to, u16 n)
{
	put_unaligned_be16(get_unaligned_be16(to) + n, to);
}

static void queries(struct kunit *test)
{
	const struct query_case *c = test->param_value;
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	struct vtap_dns_query q;

	vtap_test_dns_start(dns, ID, c->flags, NAME, c->type ?: TYPE_A);
	if (c->class)
		put_unaligned_be16(c->class, dns->bytes + dns->len - 2);
	add(dns->bytes + 4, c->questions);
	add(dns->bytes + 6, c->answers);
	add(dns->bytes + 8, c->authorities);
	if (c->edns)
		vtap_test_dns_opt(dns, c->size, c->opt_flags, c->options,
				  c->options_len);
	dns->len += c->behind;
	KUNIT_ASSERT_EQ(test, parse_query(test, dns, &q), c->err);
	if (c->err)
		return;
	KUNIT_EXPECT_EQ(test, q.id, htons(ID));
	KUNIT_EXPECT_EQ(test, q.flags, c->wanted);
	KUNIT_EXPECT_EQ(test, q.size, c->wanted_size);
	KUNIT_EXPECT_EQ(test, q.question_len, question_len(NAME));
}

/* A signature is the last record. */
static void signed_queries(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	struct vtap_dns_query q;

	vtap_test_dns_start(dns, ID, FLAG_RD, NAME, TYPE_A);
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ADDITIONAL, "key", TYPE_TSIG, 0,
			 address, sizeof(address));
	KUNIT_EXPECT_EQ(test, parse_query(test, dns, &q), -EOPNOTSUPP);
	vtap_test_dns_start(dns, ID, FLAG_RD, NAME, TYPE_A);
	vtap_test_dns_opt(dns, 1232, 0, NULL, 0);
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ADDITIONAL, "", TYPE_SIG, 0,
			 address, sizeof(address));
	KUNIT_EXPECT_EQ(test, parse_query(test, dns, &q), -EOPNOTSUPP);
}

/* Vector 10 of the reference: its UDP header says four bytes more than the query
 * has. Its real length is understood, the other is not.
 */
static void reference_query(struct kunit *test)
{
	static const u8 question[] = "\006google\003com\0\0\1\0\1";
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	struct vtap_dns_query q;
	u8 *vector;

	vector = vtap_test_hex(test,
			       "12340100000100000000000006676f6f676c6503636f6d0000010001",
			       &dns->len);
	memcpy(dns->bytes, vector, dns->len);
	KUNIT_ASSERT_EQ(test, parse_query(test, dns, &q), 0);
	KUNIT_EXPECT_EQ(test, q.id, htons(0x1234));
	KUNIT_EXPECT_EQ(test, q.flags, VTAP_DNS_RD);
	KUNIT_ASSERT_EQ(test, q.question_len, sizeof(question) - 1);
	KUNIT_EXPECT_MEMEQ(test, dns->bytes + VTAP_DNS_HEADER, question,
			   q.question_len);
	dns->len += 4;
	KUNIT_EXPECT_EQ(test, parse_query(test, dns, &q), -EOPNOTSUPP);
}

/* Vector 11 of the reference: an answer that is none. */
static void reference_answer(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	u8 *vector, flags;

	/* A header, and zeros up to 64 bytes. */
	vector = vtap_test_hex(test, "1234818000010001", &dns->len);
	memcpy(dns->bytes, vector, dns->len);
	dns->len = 64;
	KUNIT_EXPECT_EQ(test, vtap_dns_lifetime(dns->bytes, dns->len, 5,
						&flags), 0);
	vtap_test_dns_start(dns, ID, ANSWER, "example.com", TYPE_A);
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ANSWER, NULL, TYPE_A, 300, address,
			 sizeof(address));
	KUNIT_EXPECT_EQ(test, lifetime(test, dns, "example.com"), 300);
}

/* A message with a bit of everything. */
static void put_everything(struct vtap_test_dns *dns)
{
	u8 soa[22] = {};

	put_unaligned_be32(5 * HOUR, soa + 18);
	vtap_test_dns_start(dns, ID, ANSWER, NAME, TYPE_A);
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ANSWER, NULL, TYPE_CNAME, 7 * HOUR,
			 "\005alias\xc0\x10", 8);
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ANSWER, "alias.example.com", TYPE_A,
			 6 * HOUR, address, sizeof(address));
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_AUTHORITY, "example.com", TYPE_SOA,
			 8 * HOUR, soa, sizeof(soa));
	vtap_test_dns_rr(dns, VTAP_TEST_DNS_ADDITIONAL, "ns.example.com",
			 TYPE_A, 9 * HOUR, address, sizeof(address));
	vtap_test_dns_opt(dns, 4096, OPT_DO, NULL, 0);
}

static void every_truncation_is_refused(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	struct vtap_dns_query q;
	size_t whole;

	vtap_test_dns_start(dns, ID, FLAG_RD, NAME, TYPE_A);
	vtap_test_dns_opt(dns, 1232, 0, NULL, 0);
	whole = dns->len;
	for (dns->len = 0; dns->len < whole; dns->len++)
		KUNIT_EXPECT_NE(test, parse_query(test, dns, &q), 0);
	KUNIT_EXPECT_EQ(test, parse_query(test, dns, &q), 0);

	put_everything(dns);
	whole = dns->len;
	for (dns->len = VTAP_DNS_HEADER + question_len(NAME); dns->len < whole;
	     dns->len++)
		KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME), 0);
	KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME), 5 * HOUR);
}

/* What passes the checks is changed in its own bytes only: KASAN looks on. */
static void damage_is_survived(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	u8 question[VTAP_DNS_QUESTION_MAX];
	struct rnd_state rnd;
	unsigned int i, j;

	prandom_seed_state(&rnd, 10);
	for (i = 0; i < 20000; i++) {
		struct vtap_dns_query q;
		u8 *exact, flags;

		put_everything(dns);
		for (j = prandom_u32_state(&rnd) % 4; j < 4; j++)
			dns->bytes[prandom_u32_state(&rnd) % dns->len] =
				prandom_u32_state(&rnd);
		exact = vtap_test_exact(test, dns->bytes, dns->len);
		vtap_dns_parse_query(exact, dns->len, &q);
		if (vtap_dns_lifetime(exact, dns->len, question_len(NAME),
				      &flags)) {
			memcpy(question, exact + VTAP_DNS_HEADER,
			       question_len(NAME));
			vtap_dns_fit(exact, dns->len, 0, question,
				     question_len(NAME), 1);
		}
		kunit_kfree(test, exact);
	}
}

/* Names of records, of which only the end is looked at. */
struct name_case {
	const char *name;
	const char *hex;
	bool good;
};

/* The question's name is at 12 (0x0c): 3www 7example 3com 0; the record's at
 * 0x21.
 */
static const struct name_case name_cases[] = {
	{ "root", "00", true },
	{ "label", "016100", true },
	{ "pointer to the question", "c00c", true },
	{ "pointer into it", "c010", true },
	{ "label and pointer", "0161c00c", true },
	{ "label and pointer to the root", "0161c01c", true },
	{ "odd bytes", "04002eff4100", true },
	{ "pointer to itself", "c021", false },
	{ "pointer forwards", "c02300", false },
	{ "pointer to its own label", "0161c021", false },
	{ "pointer into the header", "c004", false },
	{ "pointer to the ID", "c000", false },
	{ "pointer behind the end", "ffff", false },
	{ "extended label", "4161", false },
	{ "unknown label", "8161", false },
};

KUNIT_ARRAY_PARAM_DESC(name, name_cases, name);

static void names(struct kunit *test)
{
	const struct name_case *c = test->param_value;
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	size_t len;
	u8 *bytes = vtap_test_hex(test, c->hex, &len);

	vtap_test_dns_start(dns, ID, ANSWER, NAME, TYPE_A);
	KUNIT_ASSERT_EQ(test, dns->len, 0x21);
	put_unaligned_be16(1, dns->bytes + 6);
	memcpy(dns->bytes + dns->len, bytes, len);
	dns->len += len;
	vtap_test_dns_u16(dns, TYPE_A);
	vtap_test_dns_u16(dns, 1);
	vtap_test_dns_u16(dns, 0);
	vtap_test_dns_u16(dns, 60);
	vtap_test_dns_u16(dns, sizeof(address));
	memcpy(dns->bytes + dns->len, address, sizeof(address));
	dns->len += sizeof(address);
	KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME), c->good ? 60 : 0);
}

/* @labels of 63 bytes and one of @last: in all 64 * @labels + @last + 2. */
static void put_long_name(struct vtap_test_dns *dns, unsigned int labels,
			  u8 last)
{
	while (labels--) {
		dns->bytes[dns->len++] = 63;
		memset(dns->bytes + dns->len, 'a', 63);
		dns->len += 63;
	}
	dns->bytes[dns->len++] = last;
	memset(dns->bytes + dns->len, 'b', last);
	dns->len += last;
	dns->bytes[dns->len++] = 0;
}

static int parse_long_name(struct kunit *test, u8 last,
			   struct vtap_dns_query *q)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);

	vtap_test_dns_start(dns, ID, FLAG_RD, "", TYPE_A);
	dns->len = VTAP_DNS_HEADER;
	put_long_name(dns, 3, last);
	vtap_test_dns_u16(dns, TYPE_A);
	vtap_test_dns_u16(dns, 1);
	return parse_query(test, dns, q);
}

/* RFC 1035 2.3.4. */
static void long_names(struct kunit *test)
{
	struct vtap_dns_query q;

	KUNIT_ASSERT_EQ(test, parse_long_name(test, 61, &q), 0);
	KUNIT_EXPECT_EQ(test, q.question_len, VTAP_DNS_QUESTION_MAX);
	KUNIT_EXPECT_EQ(test, parse_long_name(test, 62, &q), -EOPNOTSUPP);
	KUNIT_EXPECT_EQ(test, parse_long_name(test, 63, &q), -EOPNOTSUPP);
}

/* A chain of pointers does not make a name longer than it may be. */
static void long_names_by_pointers(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	size_t at = VTAP_DNS_HEADER;
	unsigned int i;

	for (i = 0; i < 12; i++) {
		u8 name[22] = { 19 };

		vtap_test_dns_start(dns, ID, ANSWER, NAME, TYPE_A);
		at = VTAP_DNS_HEADER;
		memset(name + 1, 'a', 19);
		do {
			put_unaligned_be16(0xc000 | at, name + 20);
			at = dns->len;
			add(dns->bytes + 6, 1);
			memcpy(dns->bytes + dns->len, name, sizeof(name));
			dns->len += sizeof(name);
			vtap_test_dns_u16(dns, TYPE_A);
			vtap_test_dns_u16(dns, 1);
			vtap_test_dns_u16(dns, 0);
			vtap_test_dns_u16(dns, 60);
			vtap_test_dns_u16(dns, 0);
		} while (get_unaligned_be16(dns->bytes + 6) <= i);
		/* 17 bytes of the question's, 20 of each record's. */
		KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME),
				17 + 20 * (i + 1) <= 255 ? 60 : 0);
	}
}

struct match_case {
	const char *name;
	u16 flags;
	const char *question;
	u16 type;
	u16 class;
	u16 questions;
	bool no;
};

static const struct match_case match_cases[] = {
	{ .name = "the answer", .flags = ANSWER },
	{ .name = "an error", .flags = ANSWER | SERVFAIL },
	{ .name = "a truncated answer", .flags = ANSWER | FLAG_TC },
	{ .name = "a query", .flags = FLAG_RD, .no = true },
	{ .name = "another opcode", .flags = ANSWER | 4 << 11, .no = true },
	{ .name = "another case", .flags = ANSWER, .question = NAME,
	  .no = true },
	{ .name = "another name", .flags = ANSWER,
	  .question = "wWw.ExamPle.CON", .no = true },
	{ .name = "a longer name", .flags = ANSWER,
	  .question = SPELLED ".x", .no = true },
	{ .name = "a shorter name", .flags = ANSWER,
	  .question = "ExamPle.COM", .no = true },
	{ .name = "another type", .flags = ANSWER, .type = TYPE_AAAA,
	  .no = true },
	{ .name = "another class", .flags = ANSWER, .class = 3, .no = true },
	{ .name = "no question", .flags = ANSWER, .questions = 0xffff,
	  .no = true },
	{ .name = "two questions", .flags = ANSWER, .questions = 1,
	  .no = true },
};

KUNIT_ARRAY_PARAM_DESC(match, match_cases, name);

static void matches(struct kunit *test)
{
	const struct match_case *c = test->param_value;
	struct vtap_test_dns *query = vtap_test_dns_new(test);
	struct vtap_test_dns *dns = vtap_test_dns_new(test);

	vtap_test_dns_start(query, ID, FLAG_RD, SPELLED, TYPE_A);
	vtap_test_dns_start(dns, ID, c->flags, c->question ?: SPELLED,
			    c->type ?: TYPE_A);
	if (c->class)
		put_unaligned_be16(c->class, dns->bytes + dns->len - 2);
	add(dns->bytes + 4, c->questions);
	KUNIT_EXPECT_EQ(test,
			vtap_dns_answers(vtap_test_exact(test, dns->bytes,
							 dns->len),
					 dns->len,
					 query->bytes + VTAP_DNS_HEADER,
					 question_len(SPELLED)),
			!c->no);
}

static void truncated_matches(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	size_t len;

	vtap_test_dns_start(dns, ID, ANSWER, NAME, TYPE_A);
	for (len = 0; len < dns->len; len++) {
		u8 *exact = vtap_test_exact(test, dns->bytes, len);

		KUNIT_EXPECT_FALSE(test,
				   vtap_dns_answers(exact, len,
						    dns->bytes +
						    VTAP_DNS_HEADER,
						    question_len(NAME)));
		kunit_kfree(test, exact);
	}
}

/* A record for the table below; its data is zero, an SOA's last number is
 * @minimum.
 */
struct record {
	u8 section;
	u16 type;
	u32 ttl;
	u32 minimum;
	u8 len;
};

#define AN	VTAP_TEST_DNS_ANSWER
#define NS	VTAP_TEST_DNS_AUTHORITY
#define AR	VTAP_TEST_DNS_ADDITIONAL

struct life_case {
	const char *name;
	u16 flags;
	u16 type;
	struct record rr[5];
	u16 more;	/* records in the header's first count */
	u16 behind;
	u32 seconds;
};

static const struct life_case life_cases[] = {
	{ .name = "one record", .rr = { { AN, TYPE_A, 60 } }, .seconds = 60 },
	{ .name = "the smallest is first",
	  .rr = { { AN, TYPE_A, 60 }, { AN, TYPE_A, 61 } }, .seconds = 60 },
	{ .name = "the smallest is last",
	  .rr = { { AN, TYPE_A, 60 }, { AN, TYPE_A, 59 } }, .seconds = 59 },
	{ .name = "the smallest is in the authority",
	  .rr = { { AN, TYPE_A, 60 }, { NS, TYPE_NS, 9 } }, .seconds = 9 },
	{ .name = "the smallest is additional",
	  .rr = { { AN, TYPE_A, 60 }, { NS, TYPE_NS, 9 },
		  { AR, TYPE_A, 8 } }, .seconds = 8 },
	{ .name = "authoritative", .flags = FLAG_AA,
	  .rr = { { AN, TYPE_A, 60 } }, .seconds = 60 },
	{ .name = "chain", .rr = { { AN, TYPE_CNAME, 9 },
				   { AN, TYPE_CNAME, 7 },
				   { AN, TYPE_A, 8 } }, .seconds = 7 },
	{ .name = "days", .rr = { { AN, TYPE_A, 604800 } },
	  .seconds = 604800 },
	{ .name = "the longest TTL", .rr = { { AN, TYPE_A, 0x7fffffff } },
	  .seconds = 0x7fffffff },
	{ .name = "TTL with its highest bit",
	  .rr = { { AN, TYPE_A, 0x80000000 } } },
	{ .name = "TTL 0", .rr = { { AN, TYPE_A, 0 } } },
	{ .name = "one TTL 0 of two",
	  .rr = { { AN, TYPE_A, 60 }, { AN, TYPE_A, 0 } } },
	{ .name = "EDNS", .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_OPT } },
	  .seconds = 60 },
	{ .name = "EDNS with DO",
	  .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_OPT, OPT_DO } },
	  .seconds = 60 },
	{ .name = "EDNS, more behind it",
	  .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_OPT }, { AR, TYPE_A, 50 } },
	  .seconds = 50 },
	{ .name = "extended error",
	  .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_OPT, 1 << 24 } } },
	{ .name = "EDNS options",
	  .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_OPT, 0, 0, 12 } } },
	{ .name = "two of EDNS", .rr = { { AN, TYPE_A, 60 },
					 { AR, TYPE_OPT }, { AR, TYPE_OPT } } },
	{ .name = "EDNS as answer",
	  .rr = { { AN, TYPE_A, 60 }, { AN, TYPE_OPT } } },
	{ .name = "EDNS as authority",
	  .rr = { { AN, TYPE_A, 60 }, { NS, TYPE_OPT } } },
	{ .name = "TSIG", .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_TSIG } } },
	{ .name = "SIG(0)", .rr = { { AN, TYPE_A, 60 }, { AR, TYPE_SIG, 9 } } },
	{ .name = "SIG", .rr = { { AN, TYPE_A, 60 }, { AN, TYPE_SIG, 9 } },
	  .seconds = 9 },
	{ .name = "NXDOMAIN", .flags = NXDOMAIN,
	  .rr = { { NS, TYPE_SOA, 60, 50 } }, .seconds = 50 },
	{ .name = "NXDOMAIN, short TTL", .flags = NXDOMAIN,
	  .rr = { { NS, TYPE_SOA, 60, 70 } }, .seconds = 60 },
	{ .name = "NXDOMAIN of an alias", .flags = NXDOMAIN,
	  .rr = { { AN, TYPE_CNAME, 40 }, { NS, TYPE_SOA, 60, 50 } },
	  .seconds = 40 },
	{ .name = "NXDOMAIN, MINIMUM 0", .flags = NXDOMAIN,
	  .rr = { { NS, TYPE_SOA, 60, 0 } } },
	{ .name = "NXDOMAIN without SOA", .flags = NXDOMAIN },
	{ .name = "NXDOMAIN, SOA elsewhere", .flags = NXDOMAIN,
	  .rr = { { AR, TYPE_SOA, 60, 50 } } },
	{ .name = "NXDOMAIN, SOA too short", .flags = NXDOMAIN,
	  .rr = { { NS, TYPE_SOA, 60, 50, 21 } } },
	{ .name = "no data", .rr = { { NS, TYPE_SOA, 60, 50 } },
	  .seconds = 50 },
	{ .name = "no data without SOA" },
	{ .name = "no data at an alias",
	  .rr = { { AN, TYPE_CNAME, 60 }, { NS, TYPE_SOA, 60, 50 } },
	  .seconds = 50 },
	{ .name = "an alias of nothing", .rr = { { AN, TYPE_CNAME, 60 } } },
	{ .name = "an alias that was asked for", .type = TYPE_CNAME,
	  .rr = { { AN, TYPE_CNAME, 60 } }, .seconds = 60 },
	{ .name = "referral",
	  .rr = { { NS, TYPE_NS, 60 }, { AR, TYPE_A, 60 } } },
	{ .name = "answer to something else",
	  .rr = { { AN, TYPE_AAAA, 60 } } },
	{ .name = "SERVFAIL", .flags = SERVFAIL, .rr = { { AN, TYPE_A, 60 } } },
	{ .name = "REFUSED", .flags = REFUSED,
	  .rr = { { NS, TYPE_SOA, 60, 50 } } },
	{ .name = "truncated", .flags = FLAG_TC, .rr = { { AN, TYPE_A, 60 } } },
	{ .name = "a byte behind", .rr = { { AN, TYPE_A, 60 } }, .behind = 1 },
	{ .name = "a record less", .rr = { { AN, TYPE_A, 60 } }, .more = 1 },
	{ .name = "a record more",
	  .rr = { { AN, TYPE_A, 60 }, { AN, TYPE_A, 60 } }, .more = 0xffff },
	{ .name = "a lot of records less", .rr = { { AN, TYPE_A, 60 } },
	  .more = 0xfff0 },
};

KUNIT_ARRAY_PARAM_DESC(life, life_cases, name);

static void put_record(struct vtap_test_dns *dns, const struct record *r)
{
	u8 data[64] = {};
	size_t len = r->len;

	if (r->type == TYPE_OPT) {
		vtap_test_dns_opt(dns, 1232, r->ttl, data, len);
		/* It was counted as additional. */
		add(dns->bytes + 6 + 2 * AR, -1);
		add(dns->bytes + 6 + 2 * r->section, 1);
		return;
	}
	if (r->type == TYPE_SOA) {
		len = len ?: 22;
		put_unaligned_be32(r->minimum, data + len - 4);
	}
	vtap_test_dns_rr(dns, r->section, NULL, r->type, r->ttl, data, len);
}

static void lifetimes(struct kunit *test)
{
	const struct life_case *c = test->param_value;
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	unsigned int i;

	vtap_test_dns_start(dns, ID, ANSWER | c->flags, NAME,
			    c->type ?: TYPE_A);
	for (i = 0; i < ARRAY_SIZE(c->rr) && c->rr[i].type; i++)
		put_record(dns, &c->rr[i]);
	add(dns->bytes + 6, c->more);
	dns->len += c->behind;
	KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME), c->seconds);
}

static void long_answers(struct kunit *test)
{
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	size_t rest;

	vtap_test_dns_start(dns, ID, ANSWER, NAME, TYPE_TXT);
	rest = VTAP_DNS_ANSWER_MAX - dns->len - 12;
	vtap_test_dns_rr(dns, AN, NULL, TYPE_TXT, 60, dns->bytes, rest);
	KUNIT_ASSERT_EQ(test, dns->len, 1232);
	KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME), 60);

	vtap_test_dns_start(dns, ID, ANSWER, NAME, TYPE_TXT);
	vtap_test_dns_rr(dns, AN, NULL, TYPE_TXT, 60, dns->bytes, rest + 1);
	KUNIT_EXPECT_EQ(test, lifetime(test, dns, NAME), 0);
}

/* All TTLs fall alike, for hours; all else but id and spelling stays. */
static void fits(struct kunit *test)
{
	static const u32 ages[] = { 0, 1, 59, HOUR, 4 * HOUR, 5 * HOUR - 1 };
	struct vtap_test_dns *dns = vtap_test_dns_new(test);
	struct vtap_test_dns *wanted = vtap_test_dns_new(test);
	struct vtap_test_dns *query = vtap_test_dns_new(test);
	unsigned int i;

	vtap_test_dns_start(query, 0xfedc, FLAG_RD, SPELLED, TYPE_A);
	for (i = 0; i < ARRAY_SIZE(ages); i++) {
		/* Where the TTLs of put_everything() are: of all but OPT,
		 * which has none.
		 */
		static const u16 at[] = { 0x27, 0x4c, 0x67, 0x97 };
		static const u8 hours[] = { 7, 6, 8, 9 };
		unsigned int j;

		put_everything(dns);
		put_everything(wanted);
		memcpy(wanted->bytes, query->bytes, 2);
		memcpy(wanted->bytes + VTAP_DNS_HEADER,
		       query->bytes + VTAP_DNS_HEADER, question_len(NAME));
		for (j = 0; j < ARRAY_SIZE(at); j++) {
			KUNIT_ASSERT_EQ(test,
					get_unaligned_be32(wanted->bytes +
							   at[j]),
					hours[j] * HOUR);
			put_unaligned_be32(hours[j] * HOUR - ages[i],
					   wanted->bytes + at[j]);
		}
		vtap_dns_fit(dns->bytes, dns->len, htons(0xfedc),
			     query->bytes + VTAP_DNS_HEADER,
			     question_len(NAME), ages[i]);
		KUNIT_EXPECT_MEMEQ(test, dns->bytes, wanted->bytes, dns->len);
	}
}

/* ASCII letters alone; not those of other alphabets, not the type 65. */
static void canonical(struct kunit *test)
{
	static const u8 odd[] = "\016@AZ[`az{\0\xc0\xde\xe0\xfe.\0\x00\x41\x00\x41";
	static const u8 same[] = "\016@az[`az{\0\xc0\xde\xe0\xfe.\0\x00\x41\x00\x41";
	u8 to[sizeof(odd) - 1];

	vtap_dns_canonical(to, odd, sizeof(to));
	KUNIT_EXPECT_MEMEQ(test, to, same, sizeof(to));
}

static const struct text_case {
	const char *question;
	size_t len;
	const char *text;
} text_cases[] = {
	{ "\0\0\1\0\1", 5, "." },
	{ "\1a\3vpn\0\0\1\0\1", 11, "a.vpn" },
	{ "\4_a-9\0\0\1\0\1", 10, "_a-9" },
	/* Nothing that a terminal, or who splits at dots, would fall for. */
	{ "\3a.b\0\0\1\0\1", 9, "a\\046b" },
	{ "\3\33\\ \1\xff\0\0\1\0\1", 11, "\\027\\092\\032.\\255" },
};

static void texts(struct kunit *test)
{
	char text[VTAP_DNS_TEXT_MAX];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(text_cases); i++) {
		vtap_dns_text(vtap_test_exact(test, text_cases[i].question,
					      text_cases[i].len),
			      text_cases[i].len, text);
		KUNIT_EXPECT_STREQ(test, text, text_cases[i].text);
	}
}

/* Four labels, the last one of 61 bytes, each of them escaped. */
static void longest_text(struct kunit *test)
{
	char *text = kunit_kzalloc(test, VTAP_DNS_TEXT_MAX, GFP_KERNEL);
	u8 question[VTAP_DNS_QUESTION_MAX] = { 0 };
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, text);
	memset(question, 0xff, 254);
	for (i = 0; i < 4; i++)
		question[64 * i] = i < 3 ? 63 : 61;
	vtap_dns_text(question, sizeof(question), text);
	KUNIT_EXPECT_EQ(test, strlen(text), 4 * (3 * 63 + 61) + 3);
}

static struct kunit_case dns_test_cases[] = {
	KUNIT_CASE_PARAM(queries, query_gen_params),
	KUNIT_CASE(signed_queries),
	KUNIT_CASE(reference_query),
	KUNIT_CASE(reference_answer),
	KUNIT_CASE(every_truncation_is_refused),
	KUNIT_CASE(damage_is_survived),
	KUNIT_CASE_PARAM(names, name_gen_params),
	KUNIT_CASE(long_names),
	KUNIT_CASE(long_names_by_pointers),
	KUNIT_CASE_PARAM(matches, match_gen_params),
	KUNIT_CASE(truncated_matches),
	KUNIT_CASE_PARAM(lifetimes, life_gen_params),
	KUNIT_CASE(long_answers),
	KUNIT_CASE(fits),
	KUNIT_CASE(canonical),
	KUNIT_CASE(texts),
	KUNIT_CASE(longest_text),
	{}
};

static struct kunit_suite dns_suite = {
	.name = "vtap_dns",
	.test_cases = dns_test_cases,
};

kunit_test_suite(dns_suite);
