// SPDX-License-Identifier: GPL-2.0
/* Domain names: what is decoded, what is refused, what is not shown. */

#include "domain.h"
#include "utils.h"

#define EXAMPLE	"\3vpn\7example\0"

/* 61, 62, 63 and 64 characters. */
#define CHARS61	"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghi"
#define CHARS62	CHARS61 "j"
#define CHARS63	CHARS62 "k"
#define CHARS64	CHARS63 "l"
#define LABEL	"\77" CHARS63
#define LABELS	LABEL LABEL "\77" CHARS63
#define DOTTED	CHARS63 "." CHARS63 "." CHARS63 "."

/* A name in wire format, with what may follow it. */
static const struct decode_case {
	const char *name;
	const char *data;
	size_t len;
	int used;		/* or an error */
	const char *wanted;
} decode_cases[] = {
#define DECODED(_name, _data, _used, _wanted) \
	{ _name, _data, sizeof(_data) - 1, _used, _wanted }
#define REFUSED(_name, _data) \
	{ _name, _data, sizeof(_data) - 1, -EINVAL }
	DECODED("good", EXAMPLE, 13, "vpn.example"),
	DECODED("one label", "\3vpn\0", 5, "vpn"),
	DECODED("all kinds", "\7Az09-_x\0", 9, "Az09-_x"),
	DECODED("another behind", EXAMPLE EXAMPLE, 13, "vpn.example"),
	DECODED("zeros behind", EXAMPLE "\0\0\0", 13, "vpn.example"),
	DECODED("a pointer behind", EXAMPLE "\300\0", 13, "vpn.example"),
	DECODED("root", "\0", 1, ""),
	DECODED("root, one behind", "\0" EXAMPLE, 1, ""),
	DECODED("label of 63", LABEL "\0", 65, CHARS63),
	REFUSED("label of 64", "\100" CHARS64 "\0"),
	DECODED("of 253", LABELS "\75" CHARS61 "\0", 255, DOTTED CHARS61),
	REFUSED("of 254", LABELS "\76" CHARS62 "\0"),
	REFUSED("of 255", LABELS LABEL "\0"),
	REFUSED("of 255, the last one short",
		LABELS "\75" CHARS61 "\1a\0"),
	REFUSED("compressed", "\300\0"),
	REFUSED("compressed behind a label", "\3vpn\300\0"),
	/* With what could pass for a label so long. */
	REFUSED("pointer before many bytes", "\300" LABELS "\0"),
	REFUSED("other label type before many bytes", "\200" LABEL LABEL "\0"),
	REFUSED("nothing", ""),
	REFUSED("no root", "\3vpn"),
	REFUSED("label beyond the end", "\3vpn\7exampl"),
	DECODED("space", "\3v n\7example\0", 13, ""),
	DECODED("space at the end", "\3vpn\7exampl \0", 13, ""),
	DECODED("dot in a label", "\3v.n\7example\0", 13, ""),
	DECODED("dot for a label", "\1.\0", 3, ""),
	DECODED("NUL in a label", "\3v\0n\7example\0", 13, ""),
	DECODED("NUL in front", "\3\0pn\7example\0", 13, ""),
	DECODED("line feed", "\3v\nn\7example\0", 13, ""),
	DECODED("not ASCII", "\3v\377n\7example\0", 13, ""),
	DECODED("slash", "\3../\3etc\0", 9, ""),
#undef DECODED
#undef REFUSED
};

KUNIT_ARRAY_PARAM_DESC(decode, decode_cases, name);

/* Neither what is read nor what is written has a byte to spare. */
static int decode(struct kunit *test, const char *data, size_t len,
		  char **name)
{
	u8 *exact = vtap_test_exact(test, data, len);
	int used;

	*name = kunit_kmalloc(test, VTAP_DOMAIN_MAX + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, *name);
	memset(*name, 'Z', VTAP_DOMAIN_MAX + 1);
	used = vtap_domain_decode(exact, len, *name);
	kunit_kfree(test, exact);
	return used;
}

static void names(struct kunit *test)
{
	const struct decode_case *c = test->param_value;
	char *name;

	KUNIT_EXPECT_EQ(test, decode(test, c->data, c->len, &name), c->used);
	if (c->used >= 0)
		KUNIT_EXPECT_STREQ(test, name, c->wanted);
}

static void every_truncation_is_refused(struct kunit *test)
{
	static const char whole[] = LABELS "\75" CHARS61 "\0";
	size_t len;
	char *name;

	for (len = 0; len < sizeof(whole) - 1; len++)
		KUNIT_EXPECT_EQ(test, decode(test, whole, len, &name), -EINVAL);
	KUNIT_EXPECT_EQ(test, decode(test, whole, len, &name), len);
}

/* The dots count: 127 labels of one character have 253 as text. */
static void many_labels(struct kunit *test)
{
	char wire[2 * 128 + 1];
	unsigned int i;
	char *name;

	for (i = 0; i < 128; i++)
		memcpy(wire + 2 * i, "\1a", 2);
	wire[2 * 128] = '\0';
	KUNIT_EXPECT_EQ(test, decode(test, wire + 2, 255, &name), 255);
	KUNIT_ASSERT_EQ(test, strnlen(name, VTAP_DOMAIN_MAX + 1),
			VTAP_DOMAIN_MAX);
	for (i = 0; i < VTAP_DOMAIN_MAX; i++)
		KUNIT_EXPECT_EQ(test, name[i], i % 2 ? '.' : 'a');
	KUNIT_EXPECT_EQ(test, decode(test, wire, 257, &name), -EINVAL);
}

static void plain_characters(struct kunit *test)
{
	static const char plain[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._";
	unsigned int c, at;

	for (c = 0; c <= U8_MAX; c++) {
		bool wanted = c && strchr(plain, c);

		for (at = 0; at < 3; at++) {
			u8 text[] = "aaa";

			text[at] = c;
			KUNIT_EXPECT_EQ_MSG(test, vtap_domain_is_plain(text, 3),
					    wanted, "%u at %u", c, at);
		}
	}
}

static void plain_to_its_end(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, vtap_domain_is_plain("vpn example", 3));
	KUNIT_EXPECT_FALSE(test, vtap_domain_is_plain("vpn example", 4));
	KUNIT_EXPECT_TRUE(test, vtap_domain_is_plain(" ", 0));
}

static struct kunit_case domain_test_cases[] = {
	KUNIT_CASE_PARAM(names, decode_gen_params),
	KUNIT_CASE(every_truncation_is_refused),
	KUNIT_CASE(many_labels),
	KUNIT_CASE(plain_characters),
	KUNIT_CASE(plain_to_its_end),
	{}
};

static struct kunit_suite domain_suite = {
	.name = "vtap_domain",
	.test_cases = domain_test_cases,
};

kunit_test_suite(domain_suite);
