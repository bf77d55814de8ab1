// SPDX-License-Identifier: GPL-2.0
/* Parser: ra.c
 * With: domain.c
 * Longest input: 512
 */

#include "fuzz.h"
#include "ra.h"

static bool ends_in_zeros(const struct in6_addr *addr, unsigned int prefix_len)
{
	unsigned int bit;

	for (bit = prefix_len; bit < 128; bit++) {
		if (addr->s6_addr[bit / 8] & 0x80 >> bit % 8)
			return false;
	}
	return true;
}

static void check_item(const struct vtap_ra_item *item)
{
	switch (item->kind) {
	case VTAP_RA_PREFIX:
		require(item->preferred <= item->lifetime);
		require(item->prefix_len <= 128);
		require(ends_in_zeros(&item->addr, item->prefix_len));
		break;
	case VTAP_RA_ROUTE:
		require(item->preference >= -1 && item->preference <= 1);
		require(item->prefix_len <= 128);
		require(ends_in_zeros(&item->addr, item->prefix_len));
		break;
	case VTAP_RA_DNS:
		require(item->addr.s6_addr[0] != 0xff);
		require(!ends_in_zeros(&item->addr, 0));
		break;
	case VTAP_RA_SEARCH:
		require(*item->name && strlen(item->name) <= VTAP_DOMAIN_MAX);
		require(vtap_domain_is_plain((const u8 *)item->name,
					     strlen(item->name)));
		break;
	default:
		require(false);
	}
}

/* Also of a message that is refused: that is said to do no harm. */
static void check_items(const u8 *data, size_t len)
{
	struct vtap_ra_cursor cursor;
	struct vtap_ra_item item;
	size_t count = 0;

	vtap_ra_begin(&cursor, data, len);
	while (vtap_ra_next(&cursor, &item)) {
		require(++count < len);
		check_item(&item);
	}
	require(!vtap_ra_next(&cursor, &item));
}

int fuzz_one(const u8 *data, size_t len)
{
	struct vtap_ra ra;

	if (!vtap_ra_parse(data, len, &ra)) {
		require(!ra.mtu || ra.mtu >= 1280);
		require(ra.preference >= -1 && ra.preference <= 1);
		require(ra.lifetime || !ra.preference);
	}
	check_items(data, len);
	return 0;
}
