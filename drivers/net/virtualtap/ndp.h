/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NDP_H
#define _VTAP_NDP_H

#include <linux/in6.h>
#include <linux/skbuff.h>

#include "mac.h"
#include "packet.h"

struct vtap_port;

/**
 * struct vtap_na - a checked neighbour advertisement (RFC 4861 4.4)
 * @target: whose hardware address it tells
 * @solicited: it answers a solicitation
 * @override: it shall replace what was known
 * @has_mac: it has a target link-layer address option
 * @mac: that option
 */
struct vtap_na {
	struct in6_addr target;
	bool solicited;
	bool override;
	bool has_mac;
	struct vtap_mac mac;
};

int vtap_ndp_parse_na(const u8 *data, size_t len, struct vtap_na *na);
struct sk_buff *vtap_ndp_create_ns(struct net_device *ethernet,
				   const struct vtap_mac *dest,
				   struct vtap_mac station,
				   const struct in6_addr *source,
				   const struct in6_addr *target);
enum vtap_verdict vtap_ndp_input(struct vtap_port *port, struct sk_buff *skb,
				 const struct vtap_pkt *pkt);

#endif
