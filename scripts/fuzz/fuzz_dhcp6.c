// SPDX-License-Identifier: GPL-2.0
/* Parser: dhcp6.c
 * With: domain.c
 * Longest input: 600
 */

#include "dhcp6.h"
#include "fuzz.h"

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
