/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_LEARN_H
#define _VTAP_LEARN_H

#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "dhcp.h"
#include "packet.h"

struct vtap_port;

#define VTAP_DHCP_TRANSACTIONS	4

/**
 * struct vtap_lease4 - configuration learned from DHCPv4; never changes
 * @rcu: for freeing
 * @expires: boot time in seconds, U64_MAX for never
 * @msg: the message it came with
 */
struct vtap_lease4 {
	struct rcu_head rcu;
	u64 expires;
	struct vtap_dhcp msg;
};

/**
 * struct vtap_dhcp_transaction - a request of the host that may be answered
 * @xid: transaction id
 * @type: enum vtap_dhcp_type of the latest request, 0 for an unused entry
 * @rewritten: the request left with other fields than the client sent
 * @id_rewritten: so did the type in its client identifier
 * @htype: what the client sent
 * @hlen: what the client sent
 * @chaddr: what the client sent
 * @address: what it asked for, or has; 0 for nothing
 * @server: server the client chose, 0 for any
 * @rapid_commit: the client takes a lease without an offer
 * @seen: when, in jiffies
 */
struct vtap_dhcp_transaction {
	__be32 xid;
	u8 type;
	bool rewritten;
	bool id_rewritten;
	u8 htype;
	u8 hlen;
	u8 chaddr[16];
	__be32 address;
	__be32 server;
	bool rapid_commit;
	unsigned long seen;
};

/**
 * struct vtap_learn - what a host end learned
 * @lease4: from DHCPv4; NULL without a lease. RCU, written under @lock
 * @pending4: the lease's address while the host end does not have it yet
 * @lock: guards writes to @lease4, and the members below
 * @transactions: requests that may be answered
 */
struct vtap_learn {
	struct vtap_lease4 __rcu *lease4;
	__be32 pending4;
	/* guards writes to @lease4, and the members below */
	spinlock_t lock ____cacheline_aligned_in_smp;
	struct vtap_dhcp_transaction transactions[VTAP_DHCP_TRANSACTIONS];
};

void vtap_learn_init(struct vtap_learn *learn);
void vtap_learn_forget(struct vtap_port *port);
u64 vtap_learn_expire(struct vtap_port *port, u64 now);

const struct vtap_lease4 *vtap_learn_lease4(const struct vtap_learn *learn);
u32 vtap_learn_seconds_left(const struct vtap_lease4 *lease);
__be32 vtap_learn_gateway4(const struct vtap_learn *learn);
__be32 vtap_learn_pending4(const struct vtap_learn *learn);
bool vtap_learn_onlink4(const struct vtap_learn *learn, __be32 addr);
void vtap_learn_configured4(struct vtap_learn *learn, __be32 addr);

enum vtap_verdict vtap_learn_tx(struct vtap_port *port, struct sk_buff *skb,
				const struct vtap_pkt *pkt);
enum vtap_verdict vtap_learn_rx(struct vtap_port *port, struct sk_buff *skb,
				const struct vtap_pkt *pkt);

#endif
