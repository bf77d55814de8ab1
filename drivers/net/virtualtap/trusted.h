/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_TRUSTED_H
#define _VTAP_TRUSTED_H

#include <linux/rcupdate.h>
#include <uapi/linux/virtualtap.h>

#include "mac.h"
#include "packet.h"

struct vtap_port;

/**
 * struct vtap_trusted - stations that may configure the host; never changes
 * @rcu: for freeing
 * @count: how many of @mac are set, 1..VIRTUALTAP_TRUSTED_MAX
 * @mac: their hardware addresses
 */
struct vtap_trusted {
	struct rcu_head rcu;
	unsigned int count;
	struct vtap_mac mac[VIRTUALTAP_TRUSTED_MAX];
};

int vtap_trusted_set(struct vtap_port *port, const u8 *macs, size_t len);
void vtap_trusted_free(struct vtap_port *port);
enum vtap_verdict vtap_trusted_check(struct vtap_port *port,
				     struct sk_buff *skb,
				     const struct vtap_pkt *pkt);

#endif
