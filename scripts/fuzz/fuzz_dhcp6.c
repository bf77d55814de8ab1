// SPDX-License-Identifier: GPL-2.0
/* Parser: dhcp6.c
 * With: domain.c
 * From: mutate.c
 * Longest input: 600
 */

#include "dhcp6.h"
#include "mutate.h"

static void check_duid(size_t at, size_t duid_len, size_t len)
{
	require(!at == !duid_len);
	require(duid_len <= VTAP_DHCP6_DUID_MAX);
	/* Behind the header and that of the option. */
	require(!at || at >= 8);
	require(at + duid_len <= len);
}

static void check_item(const struct vtap_dhcp6_item *item)
{
	switch (item->kind) {
	case VTAP_DHCP6_ADDRESS:
		require(item->preferred <= item->valid);
		break;
	case VTAP_DHCP6_PREFIX:
		require(item->preferred <= item->valid);
		require(item->prefix_len && item->prefix_len <= 128);
		break;
	case VTAP_DHCP6_DNS:
		break;
	case VTAP_DHCP6_SEARCH:
		require(*item->name && strlen(item->name) <= VTAP_DOMAIN_MAX);
		require(vtap_domain_is_plain((const u8 *)item->name,
					     strlen(item->name)));
		return;
	default:
		require(false);
	}
	require(item->addr.s6_addr[0] != 0xff);
}

static void check_items(const u8 *data, size_t len, bool relayed)
{
	struct vtap_dhcp6_cursor cursor;
	struct vtap_dhcp6_item item;
	size_t count = 0;

	vtap_dhcp6_begin(&cursor, data, len);
	while (vtap_dhcp6_next(&cursor, &item)) {
		require(!relayed && ++count < len);
		check_item(&item);
	}
	require(!vtap_dhcp6_next(&cursor, &item));
}

int fuzz_one(const u8 *data, size_t len)
{
	struct vtap_dhcp6 msg;

	if (vtap_dhcp6_parse(data, len, &msg))
		return 0;
	require(msg.type && msg.type <= VTAP_DHCP6_RELAY_REPL);
	require(msg.xid < 1 << 24);
	check_duid(msg.client_id, msg.client_id_len, len);
	check_duid(msg.server_id, msg.server_id_len, len);
	check_items(data, len, msg.type >= VTAP_DHCP6_RELAY_FORW);
	return 0;
}

static const u16 codes[] = { 1, 2, 3, 5, 13, 14, 23, 24, 25, 26 };

/* RFC 8415 21.4, 21.21, 21.6, 21.22 */
static size_t inner(u16 code)
{
	switch (code) {
	case 3:
	case 25:
		return 12;
	case 5:
		return 24;
	case 26:
		return 25;
	default:
		return 0;
	}
}

static const struct options options = {
	.wide = true,
	.codes = codes,
	.count = ARRAY_SIZE(codes),
	.inner = inner,
};

size_t fuzz_mutate(u8 *data, size_t len, size_t max, unsigned int seed)
{
	struct input in = { data, len, max, seed };

	if (len < 4 || !any(&in, 3))
		return fuzz_mutate_bytes(data, len, max);
	mutate_options(&in, 4, len, &options);
	return in.len;
}
