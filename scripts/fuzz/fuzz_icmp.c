// SPDX-License-Identifier: GPL-2.0
/* Parser: icmp.c
 * With: packet.c
 * From: device.c packet_input.c
 * Before: device.h
 * Longest input: 400
 *
 * Input: that of packet_input().
 */

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/ipv6.h>

#include "device.h"
#include "fuzz.h"
#include "packet_input.h"

static void check_error(const struct vtap_icmp_error *error)
{
	require(!error->mtu || error->too_big);
	require(!error->sport || error->protocol);
}

/* As messages alone, too. */
static void parse(const u8 *data, size_t len)
{
	struct vtap_icmp_error error, again;

	if (!vtap_icmp_parse4(data, len, &error)) {
		check_error(&error);
		require(vtap_icmp_is_error4(error.type));
		require(error.source.s6_addr[10] == 0xff);
		require(!vtap_icmp_parse4(data, len, &again));
		require(!memcmp(&error, &again, sizeof(error)));
	}
	if (!vtap_icmp_parse6(data, len, &error)) {
		check_error(&error);
		require(vtap_icmp_is_error6(error.type));
		require(!vtap_icmp_parse6(data, len, &again));
		require(!memcmp(&error, &again, sizeof(error)));
	}
}

int fuzz_one(const u8 *data, size_t len)
{
	enum vtap_verdict verdict;
	struct vtap_pkt pkt;
	struct sk_buff *skb;
	u8 *message;

	world_begin(0);
	skb = packet_input(data, len, &pkt);
	if (!skb)
		return 0;
	verdict = vtap_icmp_input(&world_port, skb, &pkt);
	require(verdict == VTAP_CONTINUE || verdict == VTAP_RX_DROP_NOMEM ||
		verdict == VTAP_RX_DROP_ICMP_FORGED);
	len = skb->len - min_t(size_t, pkt.l4, skb->len);
	message = malloc(len);
	require(message);
	require(!skb_copy_bits(skb, skb->len - len, message, len));
	parse(message, len);
	free(message);
	kfree_skb(skb);
	return 0;
}
