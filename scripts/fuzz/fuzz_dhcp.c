// SPDX-License-Identifier: GPL-2.0
/* Parser: dhcp.c
 * With: domain.c
 * Longest input: 600
 */

#include "dhcp.h"
#include "fuzz.h"

static void check(const u8 *data, size_t len, const struct vtap_dhcp *msg)
{
	require(msg->prefix_len && msg->prefix_len <= 32);
	require(msg->dns_count <= VTAP_DHCP_DNS_MAX);
	require(!msg->mtu || msg->mtu >= 68);
	require(strlen(msg->domain) <= VTAP_DOMAIN_MAX);
	require(vtap_domain_is_plain((const u8 *)msg->domain,
				     strlen(msg->domain)));
	require(!msg->client_id == !msg->client_id_len);
	if (!msg->client_id)
		return;
	require(msg->client_id + msg->client_id_len <= (int)len);
	require(data[msg->client_id - 1] == msg->client_id_len);
	require(data[msg->client_id - 2] == 61);
}

int fuzz_one(const u8 *data, size_t len)
{
	struct vtap_dhcp msg, again;

	if (vtap_dhcp_parse(data, len, &msg))
		return 0;
	check(data, len, &msg);
	require(!vtap_dhcp_parse(data, len, &again));
	require(!memcmp(&msg, &again, sizeof(msg)));
	return 0;
}
