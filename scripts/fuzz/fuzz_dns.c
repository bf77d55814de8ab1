// SPDX-License-Identifier: GPL-2.0
/* Parser: dns.c
 * From: mutate_dns.c mutate.c
 * Longest input: 1300
 *
 * One message, read as a query and as an answer to the question that is in it.
 */

#include "dns.h"
#include "fuzz.h"

/* Length of a question whose name has no pointer, which is what a good one is
 * made of; 0 where it has no end.
 */
static size_t question_length(const u8 *msg, size_t len)
{
	size_t at = VTAP_DNS_HEADER;

	while (at < len && msg[at])
		at += 1 + msg[at];
	return at + 5 <= len ? at + 5 - VTAP_DNS_HEADER : 0;
}

static bool is_text(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("-_.\\", c);
}

static void check_question(const u8 *question, size_t len)
{
	u8 *small = malloc(len), *again = malloc(len);
	char *text = malloc(VTAP_DNS_TEXT_MAX), *c;

	require(small && again && text);
	require(len >= 5 && len <= VTAP_DNS_QUESTION_MAX);
	vtap_dns_canonical(small, question, len);
	vtap_dns_canonical(again, small, len);
	require(!memcmp(small, again, len));
	require(!memcmp(small + len - 4, question + len - 4, 4));

	vtap_dns_text(question, len, text);
	require(*text);
	for (c = text; *c; c++)
		require(is_text(*c));
	free(small);
	free(again);
	free(text);
}

static void check_query(const u8 *msg, size_t len)
{
	struct vtap_dns_query query;

	if (vtap_dns_parse_query(msg, len, &query))
		return;
	require(query.size >= 512);
	require(VTAP_DNS_HEADER + query.question_len <= len);
	require(!(query.flags & VTAP_DNS_DO) || query.flags & VTAP_DNS_EDNS);
	check_question(msg + VTAP_DNS_HEADER, query.question_len);
}

/* An answer that is kept is a good one after it was made to fit, too, and its
 * time has not become longer. But a server may let a name run through the TTL of
 * a record, and then the name may become a bad one.
 */
static void check_fit(const u8 *msg, size_t len, const u8 *question,
		      size_t question_len, u32 lifetime)
{
	u32 age = lifetime / 3, left;
	u8 *copy = malloc(len), flags;

	require(copy);
	memcpy(copy, msg, len);
	vtap_dns_fit(copy, len, htons(0x1234), question, question_len, age);
	require(copy[0] == 0x12 && copy[1] == 0x34);
	require(!memcmp(copy + 2, msg + 2, VTAP_DNS_HEADER - 2));
	require(vtap_dns_answers(copy, len, question, question_len));
	left = vtap_dns_lifetime(copy, len, question_len, &flags);
	require(!left || (left >= lifetime - age && left <= lifetime));
	free(copy);
}

/* Those who ask have a question that vtap_dns_parse_query() found good. */
static void check_answer(const u8 *msg, size_t len)
{
	struct vtap_dns_query query;
	u8 *question, *asked, flags;
	size_t n, m;
	u32 lifetime;

	n = question_length(msg, len);
	if (!n)
		return;
	m = VTAP_DNS_HEADER + n;
	asked = malloc(m);
	question = malloc(n);
	require(asked && question);
	memset(asked, 0, VTAP_DNS_HEADER);
	asked[5] = 1;
	memcpy(asked + VTAP_DNS_HEADER, msg + VTAP_DNS_HEADER, n);
	memcpy(question, msg + VTAP_DNS_HEADER, n);
	if (!vtap_dns_parse_query(asked, m, &query) &&
	    vtap_dns_answers(msg, len, question, n)) {
		require(query.question_len == n);
		lifetime = vtap_dns_lifetime(msg, len, n, &flags);
		if (lifetime)
			check_fit(msg, len, question, n, lifetime);
	}
	free(asked);
	free(question);
}

int fuzz_one(const u8 *data, size_t len)
{
	check_query(data, len);
	check_answer(data, len);
	return 0;
}
