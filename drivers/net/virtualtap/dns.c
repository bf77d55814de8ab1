// SPDX-License-Identifier: GPL-2.0
/* DNS messages (RFC 1035 4): which of them may be kept, for how long, and how a
 * kept answer is made to fit another query. Buffers only: no packet, no device.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dns.h"

/* Second word of the header. */
#define FLAG_QR		0x8000
#define FLAG_TC		0x0200
#define FLAG_RD		0x0100
#define FLAG_AD		0x0020
#define FLAG_CD		0x0010
#define OPCODE		0x7800
#define RCODE		0x000f
#define RCODE_NXDOMAIN	3

#define TYPE_SOA	6
#define TYPE_SIG	24
#define TYPE_OPT	41
#define TYPE_META	128	/* RFC 6895 3.1: to 255, no data types */
#define TYPE_META_END	256
#define CLASS_NONE	254	/* RFC 2136 2.4 */
#define CLASS_ANY	255

#define OPT_DO		0x8000
#define NAME_MAX_LEN	255
#define LABEL_MAX_LEN	63
#define POINTER		0xc0
#define SIZE_MIN	512	/* RFC 1035 4.2.1, RFC 6891 6.2.5 */
#define SOA_MIN_LEN	(2 + 5 * 4)
#define TTL_MAX		0x7fffffff

/* Type, class, TTL and length of the data, behind a record's name. */
struct rr {
	u16 type;
	u16 class;
	u32 ttl;
	u16 data_len;
	u16 data;
	u16 ttl_at;
};

static u16 get16(const u8 *msg, size_t at)
{
	return get_unaligned_be16(msg + at);
}

/* Behind a name, of which at most the end is elsewhere; 0 for a bad one. Each
 * pointer must point further back than all before it: there are no loops.
 */
static size_t skip_name(const u8 *msg, size_t len, size_t at)
{
	size_t limit = at, end = 0, total = 0;

	while (at < len) {
		u8 label = msg[at];

		if ((label & POINTER) == POINTER) {
			if (at + 2 > len)
				return 0;
			end = end ?: at + 2;
			at = get16(msg, at) & 0x3fff;
			if (at < VTAP_DNS_HEADER || at >= limit)
				return 0;
			limit = at;
			continue;
		}
		total += 1 + label;
		if (label > LABEL_MAX_LEN || total > NAME_MAX_LEN)
			return 0;
		at += 1 + label;
		if (!label)
			return end ?: at;
	}
	return 0;
}

/* Length of the one question, whose name nothing before it could end; or 0. */
static size_t question_length(const u8 *msg, size_t len)
{
	size_t end;

	if (len < VTAP_DNS_HEADER || get16(msg, 4) != 1)
		return 0;
	end = skip_name(msg, len, VTAP_DNS_HEADER);
	if (!end || end + 4 > len)
		return 0;
	return end + 4 - VTAP_DNS_HEADER;
}

/* Behind the record at @at, or 0 for a bad one. */
static size_t read_rr(const u8 *msg, size_t len, size_t at, struct rr *rr)
{
	at = skip_name(msg, len, at);
	if (!at || at + 10 > len)
		return 0;
	rr->type = get16(msg, at);
	rr->class = get16(msg, at + 2);
	rr->ttl_at = at + 4;
	rr->ttl = get_unaligned_be32(msg + rr->ttl_at);
	rr->data_len = get16(msg, at + 8);
	rr->data = at + 10;
	if (rr->data_len > len - rr->data)
		return 0;
	return rr->data + rr->data_len;
}

/* RFC 6891 6.1.2: version 0, of the root. An option may ask for, or be, what
 * concerns one client alone.
 */
static bool is_plain_opt(const u8 *msg, size_t at, const struct rr *rr)
{
	return rr->type == TYPE_OPT && !msg[at] && !rr->data_len &&
	       !(rr->ttl & ~OPT_DO);
}

static bool is_kept_question(const u8 *msg, size_t question_len)
{
	u16 type = get16(msg, VTAP_DNS_HEADER + question_len - 4);
	u16 class = get16(msg, VTAP_DNS_HEADER + question_len - 2);

	return type && type != TYPE_OPT && type != TYPE_SIG &&
	       (type < TYPE_META || type >= TYPE_META_END) &&
	       class && class != CLASS_NONE && class != CLASS_ANY;
}

static int parse_edns(const u8 *msg, size_t len, struct vtap_dns_query *q)
{
	size_t at = VTAP_DNS_HEADER + q->question_len;
	struct rr rr;

	if (!get16(msg, 10))
		return at == len ? 0 : -EOPNOTSUPP;
	if (get16(msg, 10) != 1 || read_rr(msg, len, at, &rr) != len ||
	    !is_plain_opt(msg, at, &rr))
		return -EOPNOTSUPP;
	q->flags |= VTAP_DNS_EDNS;
	if (rr.ttl & OPT_DO)
		q->flags |= VTAP_DNS_DO;
	q->size = max_t(u16, rr.class, SIZE_MIN);
	return 0;
}

/**
 * vtap_dns_parse_query() - what is asked?
 * @msg: content of a UDP datagram to a server
 * @len: its length
 * @q: the query
 *
 * Return: 0; -EBADMSG where it is no query; -EOPNOTSUPP for a query whose answer
 * is not to be kept: another opcode, not one question, a meta type or class
 * (RFC 6895), signed by SIG(0) or TSIG, with EDNS options, or with anything that
 * is not understood.
 */
int vtap_dns_parse_query(const u8 *msg, size_t len, struct vtap_dns_query *q)
{
	u16 flags;

	if (len < VTAP_DNS_HEADER || get16(msg, 2) & FLAG_QR)
		return -EBADMSG;
	flags = get16(msg, 2);
	if (flags & ~(FLAG_RD | FLAG_AD | FLAG_CD) ||
	    get16(msg, 6) || get16(msg, 8))
		return -EOPNOTSUPP;
	*q = (struct vtap_dns_query) {
		.id = get_unaligned((const __be16 *)msg),
		.size = SIZE_MIN,
		.question_len = question_length(msg, len),
	};
	if (!q->question_len || !is_kept_question(msg, q->question_len))
		return -EOPNOTSUPP;
	if (flags & FLAG_RD)
		q->flags |= VTAP_DNS_RD;
	if (flags & FLAG_AD)
		q->flags |= VTAP_DNS_AD;
	if (flags & FLAG_CD)
		q->flags |= VTAP_DNS_CD;
	return parse_edns(msg, len, q);
}

/**
 * vtap_dns_has_question() - does a message have that question?
 * @msg: content of a UDP datagram
 * @len: its length
 * @question: question of a query
 * @question_len: length of that
 *
 * To the letter, as many a client spells the name at random so that a forger has
 * more to guess. Where a question ends, it says itself.
 */
bool vtap_dns_has_question(const u8 *msg, size_t len, const u8 *question,
			   size_t question_len)
{
	return len >= VTAP_DNS_HEADER + question_len &&
	       !memcmp(msg + VTAP_DNS_HEADER, question, question_len);
}

/**
 * vtap_dns_answers() - is this an answer to that question?
 * @msg: content of a UDP datagram from a server
 * @len: its length
 * @question: question of a query
 * @question_len: length of that
 *
 * RFC 5452 9.1.
 */
bool vtap_dns_answers(const u8 *msg, size_t len, const u8 *question,
		      size_t question_len)
{
	return vtap_dns_has_question(msg, len, question, question_len) &&
	       (get16(msg, 2) & (FLAG_QR | OPCODE)) == FLAG_QR &&
	       get16(msg, 4) == 1;
}

/* What all records of an answer say together. */
struct summary {
	u16 wanted;		/* type of the question */
	bool found;		/* there is a record of that type */
	bool soa;		/* and one that tells how long there is none */
	u8 opt;			/* VTAP_DNS_EDNS, VTAP_DNS_DO */
	u32 ttl;		/* the smallest */
};

/* RFC 2181 8: a TTL with its highest bit set is none. */
static void add_ttl(struct summary *s, u32 ttl)
{
	s->ttl = min(s->ttl, ttl > TTL_MAX ? 0 : ttl);
}

/* RFC 2308 5: how long nothing is there says the SOA's last number, too. */
static bool add_soa(struct summary *s, const u8 *msg, const struct rr *rr)
{
	if (rr->data_len < SOA_MIN_LEN)
		return false;
	s->soa = true;
	add_ttl(s, get_unaligned_be32(msg + rr->data + rr->data_len - 4));
	return true;
}

static bool add_opt(struct summary *s, const u8 *msg, size_t at,
		    const struct rr *rr)
{
	if (s->opt || !is_plain_opt(msg, at, rr))
		return false;
	s->opt = VTAP_DNS_EDNS | (rr->ttl & OPT_DO ? VTAP_DNS_DO : 0);
	return true;
}

static bool add_rr(struct summary *s, const u8 *msg, size_t at,
		   const struct rr *rr, unsigned int section)
{
	bool additional = section == 2;

	if (rr->type == TYPE_OPT)
		return additional && add_opt(s, msg, at, rr);
	/* TSIG is a meta type. */
	if (rr->type >= TYPE_META && rr->type < TYPE_META_END)
		return false;
	if (rr->type == TYPE_SIG && additional)
		return false;
	add_ttl(s, rr->ttl);
	if (section == 0 && rr->type == s->wanted)
		s->found = true;
	return section != 1 || rr->type != TYPE_SOA || add_soa(s, msg, rr);
}

/* Answer, authority, additional: to the end, and nothing behind it. */
static bool summarize(struct summary *s, const u8 *msg, size_t len, size_t at)
{
	unsigned int section, i;
	struct rr rr;

	for (section = 0; section < 3; section++) {
		for (i = get16(msg, 6 + 2 * section); i; i--) {
			size_t end = read_rr(msg, len, at, &rr);

			if (!end || !add_rr(s, msg, at, &rr, section))
				return false;
			at = end;
		}
	}
	return at == len;
}

/**
 * vtap_dns_lifetime() - how long may this answer be kept?
 * @msg: answer, for which vtap_dns_answers() is true
 * @len: its length
 * @question_len: length of the question
 * @flags: set to what it says of its query, of VTAP_DNS_* all but AD, when it may
 *	be kept
 *
 * Whoever asks the same in two ways at once may get either answer first. An answer
 * repeats RD (RFC 1035 4.1.1), CD (RFC 4035 3.2.2) and DO (RFC 3225 3) of its query,
 * and has EDNS where that had (RFC 6891 6.1.1).
 *
 * An error that is not NXDOMAIN, a truncated answer, one that only refers to
 * other servers or is signed with a key of the client's (TSIG, SIG(0)), or that
 * has EDNS options, is not kept; nor is what is not well-formed to its end.
 *
 * Return: the smallest TTL of its records in seconds, 0 for not at all; of a
 * negative answer what its SOA says (RFC 2308 3, 5).
 */
u32 vtap_dns_lifetime(const u8 *msg, size_t len, size_t question_len,
		      u8 *flags)
{
	size_t at = VTAP_DNS_HEADER + question_len;
	struct summary s = {
		.wanted = get16(msg, at - 4),
		.ttl = TTL_MAX,
	};
	u16 said = get16(msg, 2), rcode = said & RCODE;

	if (len > VTAP_DNS_ANSWER_MAX || said & FLAG_TC ||
	    (rcode && rcode != RCODE_NXDOMAIN) || !summarize(&s, msg, len, at))
		return 0;
	if ((rcode || !s.found) && !s.soa)
		return 0;
	*flags = s.opt | (said & FLAG_RD ? VTAP_DNS_RD : 0) |
		 (said & FLAG_CD ? VTAP_DNS_CD : 0);
	return s.ttl;
}

/**
 * vtap_dns_fit() - make a kept answer that of another query
 * @msg: copy of an answer that vtap_dns_lifetime() found fit to be kept
 * @len: its length
 * @id: transaction id of the query
 * @question: its question; another spelling of the answer's own
 * @question_len: length of both
 * @age: seconds since it came, less than its lifetime
 */
void vtap_dns_fit(u8 *msg, size_t len, __be16 id, const u8 *question,
		  size_t question_len, u32 age)
{
	size_t at = VTAP_DNS_HEADER + question_len;
	struct rr rr;

	put_unaligned(id, (__be16 *)msg);
	memcpy(msg + VTAP_DNS_HEADER, question, question_len);
	while (at && at < len) {
		at = read_rr(msg, len, at, &rr);
		if (at && rr.type != TYPE_OPT)
			put_unaligned_be32(rr.ttl - age, msg + rr.ttl_at);
	}
}

/**
 * vtap_dns_canonical() - a question in small letters (RFC 4343 3)
 * @to: of @len bytes
 * @question: name, type, class
 * @len: its length
 *
 * Of the name ASCII letters alone have two cases, and lengths of labels are no
 * letters.
 */
void vtap_dns_canonical(u8 *to, const u8 *question, size_t len)
{
	size_t name = len - 4, i;

	for (i = 0; i < name; i++) {
		u8 c = question[i];

		to[i] = c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
	}
	memcpy(to + name, question + name, 4);
}

static char *put_escaped(char *text, u8 c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_') {
		*text = c;
		return text + 1;
	}
	return text + sprintf(text, "\\%03u", c);
}

/**
 * vtap_dns_text() - the name in a question as text
 * @question: name, type, class; good
 * @len: its length
 * @text: VTAP_DNS_TEXT_MAX bytes for it
 *
 * RFC 1035 5.1, but that whatever could be mistaken for something else, or
 * confuse a terminal, is \DDD. The root is ".".
 */
void vtap_dns_text(const u8 *question, size_t len, char *text)
{
	size_t name = min_t(size_t, len - 4, NAME_MAX_LEN), i = 0, end;
	char *start = text;

	while (i < name && question[i]) {
		end = min(i + 1 + question[i], name);
		if (text > start)
			*text++ = '.';
		for (i++; i < end; i++)
			text = put_escaped(text, question[i]);
	}
	if (text == start)
		*text++ = '.';
	*text = '\0';
}
