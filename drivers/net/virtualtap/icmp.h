/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ICMP_H
#define _VTAP_ICMP_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#include "packet.h"

struct vtap_port;

#define VTAP_ICMP_MIN_MTU4	68	/* RFC 791 3.2 */
#define VTAP_ICMP_MIN_MTU6	1280	/* RFC 8200 5 */

/**
 * struct vtap_icmp_error - a checked ICMP or ICMPv6 error
 * @type: ICMP or ICMPv6 type
 * @code: its code
 * @protocol: what the packet carried that it is about
 * @too_big: that packet was too big for the path
 * @mtu: of the path then
 * @sport: source port, 0 without one
 * @dport: destination port, 0 without one
 * @source: source of that packet, IPv4 as ::ffff:a.b.c.d
 * @dest: destination of that packet
 */
struct vtap_icmp_error {
	u8 type;
	u8 code;
	u8 protocol;
	bool too_big;
	u32 mtu;
	u16 sport;
	u16 dport;
	struct in6_addr source;
	struct in6_addr dest;
};

bool vtap_icmp_is_error4(u8 type);
bool vtap_icmp_is_error6(u8 type);
int vtap_icmp_parse4(const u8 *data, size_t len, struct vtap_icmp_error *error);
int vtap_icmp_parse6(const u8 *data, size_t len, struct vtap_icmp_error *error);
enum vtap_verdict vtap_icmp_input(struct vtap_port *port, struct sk_buff *skb,
				  const struct vtap_pkt *pkt);

#endif
