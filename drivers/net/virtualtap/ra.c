// SPDX-License-Identifier: GPL-2.0
/* Router advertisements (RFC 4861, 4191, 8106). A parser of bytes: it knows of
 * no device and no skb.
 */

#include <linux/errno.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "domain.h"
#include "ra.h"

#define TYPE_RA		134
#define HEADER_LEN	16

/* RFC 4861 4.2, and what all options begin with (4.6). */
enum {
	RA_FLAGS = 5,
	RA_LIFETIME = 6,

	OPT_TYPE = 0,
	OPT_UNITS = 1,
};

/* RFC 4861 4.6, RFC 4191 2.3, RFC 8106 5 */
enum {
	OPT_SLLA = 1,
	OPT_PREFIX = 3,
	OPT_MTU = 5,
	OPT_ROUTE = 24,
	OPT_RDNSS = 25,
	OPT_DNSSL = 31,
};

/* Those that pieces are in resemble each other: what one has is in the same
 * place in all that have it, but for the end of a prefix option.
 */
enum {
	PIECE_PREFIX_LEN = 2,
	PIECE_FLAGS = 3,
	PIECE_LIFETIME = 4,
	PIECE_REST = 8,

	PREFIX_PREFERRED = 8,
	PREFIX_ADDR = 16,
};

#define RA_MANAGED		0x80
#define RA_OTHER		0x40
#define PREFIX_ONLINK		0x80
#define PREFIX_AUTOCONF		0x40
#define PREFERENCE_RESERVED	-2

#define ADDR_LEN	sizeof(struct in6_addr)
#define MTU_MIN		1280	/* RFC 8200 5 */

/* Bytes of the option at @at, or 0: none there, none that can be. */
static size_t option_len(const u8 *data, size_t len, size_t at)
{
	size_t n;

	if (at >= len || len - at <= OPT_UNITS)
		return 0;
	n = data[at + OPT_UNITS] * 8;
	return n <= len - at ? n : 0;
}

/* RFC 4191 2.1: signed, of two bits; in the same place wherever it is. */
static s8 get_preference(u8 flags)
{
	static const s8 preferences[] = { 0, 1, PREFERENCE_RESERVED, -1 };

	return preferences[flags >> 3 & 3];
}

/* What comes first is not overruled by what comes later. */
static void get_own_option(const u8 *option, size_t len, struct vtap_ra *ra)
{
	u32 mtu;

	if (len != 8)
		return;
	if (option[OPT_TYPE] == OPT_SLLA && !ra->has_mac) {
		ra->has_mac = true;
		memcpy(ra->mac, option + 2, sizeof(ra->mac));
	} else if (option[OPT_TYPE] == OPT_MTU && !ra->mtu) {
		mtu = get_unaligned_be32(option + 4);
		if (mtu >= MTU_MIN)
			ra->mtu = mtu;
	}
}

/**
 * vtap_ra_parse() - parse and check a router advertisement
 * @data: the ICMPv6 message
 * @len: its length
 * @ra: filled, also when the message is refused
 *
 * The rules of RFC 4861 6.1.2 that the message alone can break; the caller has
 * to see to the hop limit, the source and the checksum. An option of a length
 * that it should not have is no reason to refuse: it counts as unknown.
 *
 * Return: 0, or -EINVAL.
 */
int vtap_ra_parse(const u8 *data, size_t len, struct vtap_ra *ra)
{
	size_t at, n;
	s8 preference;

	memset(ra, 0, sizeof(*ra));
	if (len < HEADER_LEN || data[0] != TYPE_RA || data[1])
		return -EINVAL;
	ra->managed = data[RA_FLAGS] & RA_MANAGED;
	ra->other = data[RA_FLAGS] & RA_OTHER;
	ra->lifetime = get_unaligned_be16(data + RA_LIFETIME);
	/* RFC 4191 2.2: the reserved one is medium; of no default router it
	 * says nothing.
	 */
	preference = get_preference(data[RA_FLAGS]);
	if (ra->lifetime && preference != PREFERENCE_RESERVED)
		ra->preference = preference;

	for (at = HEADER_LEN; at < len; at += n) {
		n = option_len(data, len, at);
		if (!n)
			return -EINVAL;
		get_own_option(data + at, n, ra);
	}
	return 0;
}

/* To @addr, which is all zeros. */
static void copy_prefix(struct in6_addr *addr, const u8 *bytes, u8 prefix_len)
{
	memcpy(addr->s6_addr, bytes, DIV_ROUND_UP(prefix_len, 8));
	if (prefix_len % 8)
		addr->s6_addr[prefix_len / 8] &= ~(0xff >> prefix_len % 8);
}

static bool is_multicast(const u8 *addr)
{
	return addr[0] == 0xff;
}

static bool is_link_local(const u8 *addr)
{
	return addr[0] == 0xfe && (addr[1] & 0xc0) == 0x80;
}

static bool get_prefix(const u8 *option, size_t len, struct vtap_ra_item *item)
{
	if (len != PREFIX_ADDR + ADDR_LEN || option[PIECE_PREFIX_LEN] > 128)
		return false;
	/* As sent, so that a short length does not hide what it is. RFC 4862
	 * 5.5.3 (b)
	 */
	if (is_link_local(option + PREFIX_ADDR) ||
	    is_multicast(option + PREFIX_ADDR))
		return false;
	item->kind = VTAP_RA_PREFIX;
	item->prefix_len = option[PIECE_PREFIX_LEN];
	item->onlink = option[PIECE_FLAGS] & PREFIX_ONLINK;
	item->autoconf = option[PIECE_FLAGS] & PREFIX_AUTOCONF;
	item->preferred = get_unaligned_be32(option + PREFIX_PREFERRED);
	copy_prefix(&item->addr, option + PREFIX_ADDR, item->prefix_len);
	/* RFC 4862 5.5.3 (c) */
	return item->preferred <= item->lifetime;
}

/* RFC 4191 2.3: one to three units, as many as the prefix needs at least. One
 * of more than 128 bits would need a fourth.
 */
static bool get_route(const u8 *option, size_t len, struct vtap_ra_item *item)
{
	u8 prefix_len = option[PIECE_PREFIX_LEN];

	if (len > PIECE_REST + ADDR_LEN ||
	    len < PIECE_REST + DIV_ROUND_UP(prefix_len, 64) * 8)
		return false;
	item->kind = VTAP_RA_ROUTE;
	item->prefix_len = prefix_len;
	item->preference = get_preference(option[PIECE_FLAGS]);
	copy_prefix(&item->addr, option + PIECE_REST, prefix_len);
	return item->preference != PREFERENCE_RESERVED;
}

/* Can another host have it, reached by IPv6? */
static bool is_server(const u8 *addr)
{
	static const u8 mapped[12] = { [10] = 0xff, 0xff };
	static const u8 zeros[15];

	return !is_multicast(addr) && memcmp(addr, mapped, sizeof(mapped)) &&
	       (memcmp(addr, zeros, sizeof(zeros)) || addr[15] > 1);
}

/* RFC 8106 5.1, 5.3.1: one address at least, and only whole ones. */
static bool get_dns(const u8 *option, size_t len, size_t *at,
		    struct vtap_ra_item *item)
{
	size_t i = *at;

	if ((len - PIECE_REST) % ADDR_LEN)
		return false;
	while (i < len && !is_server(option + i))
		i += ADDR_LEN;
	if (i >= len)
		return false;
	item->kind = VTAP_RA_DNS;
	memcpy(item->addr.s6_addr, option + i, ADDR_LEN);
	*at = i + ADDR_LEN;
	return true;
}

/* RFC 8106 5.2: names one after the other, then zeros, which are read as names
 * of no label. Behind one without an end nothing can be found.
 */
static bool get_search(const u8 *option, size_t len, size_t *at,
		       struct vtap_ra_item *item)
{
	int n;

	item->kind = VTAP_RA_SEARCH;
	while (*at < len) {
		n = vtap_domain_decode(option + *at, len - *at, item->name);
		if (n < 0)
			return false;
		*at += n;
		if (*item->name)
			return true;
	}
	return false;
}

/* The piece of an option at *@at, which is moved past it. */
static bool get_piece(const u8 *option, size_t len, size_t *at,
		      struct vtap_ra_item *item)
{
	bool first = !*at;

	if (first)
		*at = PIECE_REST;
	memset(item, 0, sizeof(*item));
	item->lifetime = get_unaligned_be32(option + PIECE_LIFETIME);
	switch (option[OPT_TYPE]) {
	case OPT_PREFIX:
		return first && get_prefix(option, len, item);
	case OPT_ROUTE:
		return first && get_route(option, len, item);
	case OPT_RDNSS:
		return get_dns(option, len, at, item);
	case OPT_DNSSL:
		return get_search(option, len, at, item);
	default:
		return false;
	}
}

/**
 * vtap_ra_begin() - start a walk over the pieces of an advertisement
 * @cursor: to be given to vtap_ra_next()
 * @data: the ICMPv6 message, to be left alone during the walk
 * @len: its length
 *
 * Of a message that vtap_ra_parse() refuses, the pieces up to the first bad
 * option are found; that makes no sense, but no harm.
 */
void vtap_ra_begin(struct vtap_ra_cursor *cursor, const u8 *data, size_t len)
{
	cursor->data = data;
	cursor->len = len;
	cursor->option = HEADER_LEN;
	cursor->at = 0;
}

/**
 * vtap_ra_next() - the next piece of an advertisement
 * @cursor: from vtap_ra_begin()
 * @item: filled if there is one
 *
 * They come in the order of the message; options that are unknown or wrong in
 * themselves are passed over. There are fewer than the message has bytes.
 *
 * Return: whether there was one.
 */
bool vtap_ra_next(struct vtap_ra_cursor *cursor, struct vtap_ra_item *item)
{
	size_t len;

	for (;;) {
		len = option_len(cursor->data, cursor->len, cursor->option);
		if (!len)
			return false;
		if (get_piece(cursor->data + cursor->option, len, &cursor->at,
			      item))
			return true;
		cursor->option += len;
		cursor->at = 0;
	}
}
