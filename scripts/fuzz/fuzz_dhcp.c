// SPDX-License-Identifier: GPL-2.0
/* Parser: dhcp.c
 * With: domain.c
 * From: mutate.c
 * Longest input: 1000
 */

#include "dhcp.h"
#include "mutate.h"

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

static const u16 codes[] = {
	0, 1, 3, 6, 15, 26, 50, 51, 52, 53, 54, 58, 59, 61, 121, 255,
};

static const struct options options = {
	.codes = codes,
	.count = ARRAY_SIZE(codes),
};

/* Options of their own in the fields that option 52 gives away for them. */
size_t fuzz_mutate(u8 *data, size_t len, size_t max, unsigned int seed)
{
	const size_t file = offsetof(struct vtap_bootp, file);
	const size_t sname = offsetof(struct vtap_bootp, sname);
	struct input in = { data, len, max, seed };

	if (len <= sizeof(struct vtap_bootp) || !any(&in, 3))
		return fuzz_mutate_bytes(data, len, max);
	if (!any(&in, 8)) {
		in.max = file + 128;
		in.len = in.max;
		mutate_options(&in, file, in.len, &options);
		data[file + 127] = 255;
		return len;
	}
	if (!any(&in, 8)) {
		in.max = file;
		in.len = in.max;
		mutate_options(&in, sname, in.len, &options);
		data[file - 1] = 255;
		return len;
	}
	mutate_options(&in, sizeof(struct vtap_bootp), len, &options);
	return in.len;
}
