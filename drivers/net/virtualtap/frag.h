/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_FRAG_H
#define _VTAP_FRAG_H

#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "packet.h"

struct fqdir;
struct vtap_port;

#define VTAP_FRAG_MEMORY	(4 * 1024 * 1024)
#define VTAP_FRAG_RANKS		64

/**
 * struct vtap_frag_table - datagrams of one family that are not whole yet
 * @port: whose they are
 * @fqdir: the kernel's table of them, which bounds their memory
 * @sources: who sends them, by address
 * @lock: guards the members below, and @sources
 * @open: how many there are
 * @ranked: bit n is set while @rank[n] is not empty
 * @rank: sources with n + 1 datagrams, those with more in the last list
 */
struct vtap_frag_table {
	struct vtap_port *port;
	struct fqdir *fqdir;
	struct rhashtable sources;
	/* guards the members below, and sources */
	spinlock_t lock;
	unsigned int open;
	u64 ranked;
	struct list_head rank[VTAP_FRAG_RANKS];
};

/**
 * struct vtap_frags - reassembly of a host end
 * @reassembly: option ``reassembly``
 * @max: option ``frag_max``
 * @timeout: option ``frag_timeout``, seconds
 * @ipv4: datagrams of IPv4
 * @ipv6: datagrams of IPv6
 */
struct vtap_frags {
	u32 reassembly;
	u32 max;
	u32 timeout;
	struct vtap_frag_table ipv4;
	struct vtap_frag_table ipv6;
};

int vtap_frag_register(void);
void vtap_frag_unregister(void);

int vtap_frag_init(struct vtap_port *port);
void vtap_frag_stop(struct vtap_port *port);
void vtap_frag_destroy(struct vtap_port *port);
void vtap_frag_changed(struct vtap_port *port);
unsigned int vtap_frag_open(const struct vtap_port *port);

enum vtap_verdict vtap_frag_input(struct vtap_port *port, struct sk_buff *skb,
				  const struct vtap_pkt *pkt);

#endif
