// SPDX-License-Identifier: GPL-2.0
/* Parser: ndp.c
 * With: packet.c
 * From: device.c packet_input.c
 * Before: device.h
 * Longest input: 300
 *
 * Input: what the world says, then that of packet_input().
 */

#include <linux/unaligned.h>
#include <net/addrconf.h>
#include <net/ndisc.h>

#include "device.h"
#include "fuzz.h"
#include "ndp.h"
#include "packet_input.h"

/* What is sent is what would be taken from others. False without memory. */
static bool check_reply(struct sk_buff *reply, struct vtap_ndp *msg)
{
	const unsigned int at = ETH_HLEN + sizeof(struct ipv6hdr);
	struct vtap_pkt pkt;

	if (!reply)
		return false;
	require(!vtap_ndp_parse(reply->data + at, reply->len - at, msg));
	__skb_pull(reply, ETH_HLEN);
	skb_reset_network_header(reply);
	require(vtap_pkt_parse_rx(reply, htons(ETH_P_IPV6), &pkt) ==
		VTAP_CONTINUE || ipv6_addr_is_multicast(&ipv6_hdr(reply)->saddr));
	require(ipv6_hdr(reply)->hop_limit == 255);
	require(vtap_pkt_sum_good(reply, &pkt, reply->len - pkt.l4));
	kfree_skb(reply);
	return true;
}

/* A message that is written and read again. */
static void check_writers(const struct vtap_ndp *msg, const u8 *nonce)
{
	struct net_device *dev = world_port.dev;
	struct vtap_mac station = world_port.station;
	struct vtap_ndp read;

	if (msg->type != NDISC_NEIGHBOUR_SOLICITATION &&
	    msg->type != NDISC_NEIGHBOUR_ADVERTISEMENT)
		return;
	if (check_reply(vtap_ndp_create_ns(dev, &station, station, &msg->target,
					   &msg->target), &read))
		require(read.has_mac && vtap_mac_equal(read.mac, station));
	if (check_reply(vtap_ndp_create_ns(dev, NULL, station, &msg->target,
					   &msg->target), &read))
		require(ipv6_addr_equal(&read.target, &msg->target));
	if (check_reply(vtap_ndp_create_probe(dev, station, &msg->target,
					      nonce), &read))
		require(read.has_nonce && !memcmp(read.nonce, nonce, 6));
	if (check_reply(vtap_ndp_create_announcement(dev, station, &msg->target,
						     msg->router), &read))
		require(read.router == msg->router && read.override);
}

static void parse(const struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	size_t len = skb->len - min_t(size_t, pkt->l4, skb->len);
	struct vtap_ndp msg;
	u8 *message = malloc(len);

	require(message);
	require(!skb_copy_bits(skb, skb->len - len, message, len));
	if (!vtap_ndp_parse(message, len, &msg)) {
		require(msg.type >= 133 && msg.type <= 137);
		require(!ipv6_addr_is_multicast(&msg.target));
		check_writers(&msg, skb_network_header(skb));
	}
	free(message);
}

int fuzz_one(const u8 *data, size_t len)
{
	struct sk_buff *skb, *reply = NULL;
	static const u8 source[ETH_ALEN] = { 2, 1, 2, 3, 4, 5 };
	enum vtap_verdict verdict;
	struct vtap_ndp msg;
	struct vtap_pkt pkt;

	if (len < 4)
		return 0;
	world_begin(get_unaligned_be32(data));
	skb = packet_input(data + 4, len - 4, &pkt);
	if (!skb)
		return 0;
	/* In what is before the packet. */
	memcpy(eth_hdr(skb)->h_source, source, ETH_ALEN);
	parse(skb, &pkt);
	verdict = vtap_ndp_input(&world_port, world_port.dev, skb, &pkt,
				 &reply);
	require(verdict != VTAP_CONSUMED || pkt.protocol == IPPROTO_ICMPV6);
	require(verdict == VTAP_CONSUMED || !reply);
	if (check_reply(reply, &msg))
		require(msg.type == NDISC_NEIGHBOUR_ADVERTISEMENT);
	if (verdict != VTAP_CONSUMED)
		kfree_skb(skb);
	return 0;
}
