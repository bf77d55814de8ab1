/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DNS_H
#define _VTAP_DNS_H

#include <linux/bits.h>
#include <linux/types.h>

#define VTAP_DNS_PORT		53
#define VTAP_DNS_HEADER		12	/* RFC 1035 4.1.1 */
/* A name of 255 bytes, type and class. */
#define VTAP_DNS_QUESTION_MAX	(255 + 4)
/* A name as text, each byte of it as \DDD, and its end. */
#define VTAP_DNS_TEXT_MAX	(4 * 255 + 1)
/* What one packet carries by every path (RFC 9715 3.2). */
#define VTAP_DNS_ANSWER_MAX	1232

/* What an answer depends on besides the question. */
#define VTAP_DNS_RD	BIT(0)	/* recursion desired */
#define VTAP_DNS_CD	BIT(1)	/* checking disabled (RFC 4035 3.2.2) */
#define VTAP_DNS_AD	BIT(2)	/* authentic data wanted (RFC 6840 5.7) */
#define VTAP_DNS_EDNS	BIT(3)	/* the asker knows EDNS (RFC 6891) */
#define VTAP_DNS_DO	BIT(4)	/* DNSSEC wanted (RFC 3225) */

/**
 * struct vtap_dns_query - a query whose answer may be kept
 * @id: transaction id
 * @flags: VTAP_DNS_*
 * @size: the longest answer that the asker takes, in bytes
 * @question_len: bytes of the question, which is behind the header
 */
struct vtap_dns_query {
	__be16 id;
	u8 flags;
	u16 size;
	u16 question_len;
};

int vtap_dns_parse_query(const u8 *msg, size_t len, struct vtap_dns_query *q);
bool vtap_dns_has_question(const u8 *msg, size_t len, const u8 *question,
			   size_t question_len);
bool vtap_dns_answers(const u8 *msg, size_t len, const u8 *question,
		      size_t question_len);
u32 vtap_dns_lifetime(const u8 *msg, size_t len, size_t question_len,
		      u8 *flags);
void vtap_dns_fit(u8 *msg, size_t len, __be16 id, const u8 *question,
		  size_t question_len, u32 age);
void vtap_dns_text(const u8 *question, size_t len, char *text);
void vtap_dns_canonical(u8 *to, const u8 *question, size_t len);

#endif
