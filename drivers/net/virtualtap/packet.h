/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_PACKET_H
#define _VTAP_PACKET_H

#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/udp.h>

#include "stats.h"

/**
 * struct vtap_pkt - what the pipelines know of an IP packet
 * @family: AF_INET or AF_INET6
 * @protocol: IPv4 protocol, or the next header of the IPv6 header
 * @fragment: part of a datagram; there may be no transport header
 * @l4: offset of what follows the IP header, from the network header
 *
 * Offsets, not pointers: they outlive every pull.
 */
struct vtap_pkt {
	u8 family;
	u8 protocol;
	bool fragment;
	u16 l4;
};

enum vtap_verdict vtap_pkt_parse_rx(struct sk_buff *skb, __be16 ethertype,
				    struct vtap_pkt *pkt);
enum vtap_verdict vtap_pkt_parse_tx(struct sk_buff *skb, struct vtap_pkt *pkt);
struct udphdr *vtap_pkt_udp(struct sk_buff *skb, const struct vtap_pkt *pkt,
			    unsigned int *len);

#endif
