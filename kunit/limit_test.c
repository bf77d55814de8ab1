// SPDX-License-Identifier: GPL-2.0
/* How many requests of a source are answered. */

#include <linux/unaligned.h>

#include "limit.h"
#include "utils.h"

/* Answers of @tries that one source gets. */
static unsigned int answers(struct vtap_limit *limit, const char *mac,
			    u32 second, unsigned int tries)
{
	unsigned int count = 0;

	while (tries--)
		count += !vtap_limit_reached(limit, vtap_test_mac(mac),
					     second);
	return count;
}

static void a_source_is_limited(struct kunit *test)
{
	static struct vtap_limit limit;

	vtap_limit_init(&limit);
	KUNIT_EXPECT_EQ(test, answers(&limit, GATEWAY_MAC, 0, 1000), 32);
	KUNIT_EXPECT_EQ(test, answers(&limit, GATEWAY_MAC, 0, 10), 0);
}

/* Also where the clock no longer fits what is kept of it. */
static void a_second_later_it_is_answered(struct kunit *test)
{
	static const u32 starts[] = { 0, 1, 0xfffe, 0xffff, 0xfffffffe };
	static struct vtap_limit limit;
	unsigned int i;
	u32 second;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		vtap_limit_init(&limit);
		for (second = starts[i]; second != starts[i] + 4; second++)
			KUNIT_EXPECT_EQ(test, answers(&limit, GATEWAY_MAC,
						      second, 100), 32);
	}
}

/* Two sources may meet, but seldom, and not for long. */
static void another_source_is_answered(struct kunit *test)
{
	static struct vtap_limit limit;
	unsigned int good = 0;
	u32 second;

	vtap_limit_init(&limit);
	limit.key = 826;
	for (second = 0; second < 64; second++) {
		answers(&limit, GATEWAY_MAC, second, 100);
		good += answers(&limit, OTHER_MAC, second, 1);
	}
	KUNIT_EXPECT_GE(test, good, 58);
}

/* Every byte of a source counts. */
static void sources_are_told_apart(struct kunit *test)
{
	static struct vtap_limit limit;
	char mac[ETH_ALEN];
	unsigned int i;

	for (i = 0; i < ETH_ALEN; i++) {
		unsigned int good = 0;
		u32 second;

		vtap_limit_init(&limit);
		limit.key = 826;
		memcpy(mac, GATEWAY_MAC, ETH_ALEN);
		mac[i] ^= 1;
		for (second = 0; second < 16; second++) {
			answers(&limit, GATEWAY_MAC, second, 100);
			good += answers(&limit, mac, second, 1);
		}
		KUNIT_EXPECT_GE(test, good, 12);
	}
}

/* One station in many names has to shout to silence the others. */
static void many_names_silence_few(struct kunit *test)
{
	static struct vtap_limit limit;
	unsigned int good = 0, i;
	u8 mac[ETH_ALEN] = { 2 };
	u32 second;

	vtap_limit_init(&limit);
	limit.key = 826;
	for (second = 0; second < 16; second++) {
		for (i = 0; i < 4000; i++) {
			put_unaligned_be32(i, mac + 1);
			vtap_limit_reached(&limit, vtap_mac_make(mac), second);
		}
		good += answers(&limit, OTHER_MAC, second, 1);
	}
	KUNIT_EXPECT_EQ(test, good, 16);
}

static struct kunit_case limit_test_cases[] = {
	KUNIT_CASE(a_source_is_limited),
	KUNIT_CASE(a_second_later_it_is_answered),
	KUNIT_CASE(another_source_is_answered),
	KUNIT_CASE(sources_are_told_apart),
	KUNIT_CASE(many_names_silence_few),
	{}
};

static struct kunit_suite limit_suite = {
	.name = "vtap_limit",
	.test_cases = limit_test_cases,
};

kunit_test_suites(&limit_suite);
