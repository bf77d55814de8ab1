/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NDP_H
#define _VTAP_NDP_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#include "mac.h"
#include "packet.h"

struct vtap_port;

#define VTAP_NDP_NONCE_LEN	6	/* RFC 7527 4.1, RFC 3971 5.3.2 */

/**
 * struct vtap_ndp - a checked neighbour discovery message (RFC 4861 4)
 * @type: ICMPv6 type, NDISC_ROUTER_SOLICITATION to NDISC_REDIRECT
 * @router: of an advertisement: its sender is a router
 * @solicited: of an advertisement: it answers a solicitation
 * @override: of an advertisement: it shall replace what was known
 * @has_mac: it tells a hardware address
 * @has_nonce: it has a nonce
 * @nonce: that nonce
 * @mac: source link-layer address of a solicitation, target's of an
 *	advertisement; of others not set
 * @target: of solicitations and advertisements of neighbours
 */
struct vtap_ndp {
	u8 type;
	bool router;
	bool solicited;
	bool override;
	bool has_mac;
	bool has_nonce;
	u8 nonce[VTAP_NDP_NONCE_LEN];
	struct vtap_mac mac;
	struct in6_addr target;
};

/**
 * struct vtap_ndp_packet - a message to be built
 * @msg: its content; @msg.mac, if there is one, goes into the option that
 *	belongs to the type
 * @source: IPv6 source
 * @dest: IPv6 destination
 * @dest_mac: where to on the segment; NULL for what @dest, a group, maps to
 */
struct vtap_ndp_packet {
	struct vtap_ndp msg;
	struct in6_addr source;
	struct in6_addr dest;
	const struct vtap_mac *dest_mac;
};

int vtap_ndp_parse(const u8 *data, size_t len, struct vtap_ndp *msg);
struct sk_buff *vtap_ndp_create(struct net_device *ethernet,
				struct vtap_mac station,
				const struct vtap_ndp_packet *packet);
struct sk_buff *vtap_ndp_create_ns(struct net_device *ethernet,
				   const struct vtap_mac *dest,
				   struct vtap_mac station,
				   const struct in6_addr *source,
				   const struct in6_addr *target);
struct sk_buff *vtap_ndp_create_probe(struct net_device *ethernet,
				      struct vtap_mac station,
				      const struct in6_addr *target,
				      const u8 *nonce);
struct sk_buff *vtap_ndp_create_announcement(struct net_device *ethernet,
					     struct vtap_mac station,
					     const struct in6_addr *target,
					     bool router);
enum vtap_verdict vtap_ndp_input(struct vtap_port *port,
				 struct net_device *ethernet,
				 struct sk_buff *skb,
				 const struct vtap_pkt *pkt,
				 struct sk_buff **reply);

#endif
