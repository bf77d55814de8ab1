/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DNS_CACHE_H
#define _VTAP_DNS_CACHE_H

#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "packet.h"
#include "walk.h"

struct vtap_port;

/* Queries that wait for their answer. */
#define VTAP_DNS_PENDING	256
#define VTAP_DNS_PENDING_HASH	64

/**
 * struct vtap_dns_place - where a host end is connected
 * @gateway4: IPv4 gateway, 0 for none
 * @address4: address of the DHCPv4 lease, 0 for none
 * @gateway6: IPv6 gateway, :: for none
 * @address6: address of the DHCPv6 lease, :: for none
 *
 * Without padding, to be compared as a whole.
 */
struct vtap_dns_place {
	__be32 gateway4;
	__be32 address4;
	struct in6_addr gateway6;
	struct in6_addr address6;
};

/**
 * struct vtap_dns_cache - answers to DNS queries of a host end
 * @on: option ``dns_cache``
 * @max: option ``dns_max``: answers kept
 * @ttl_max: option ``dns_ttl_max``: for how many seconds at most
 * @lock: guards all below
 * @place: where they were learned: elsewhere they do not hold
 * @answers: answers that are kept
 * @used: the same, the least recently used first
 * @entries: how many there are
 * @bytes: memory that they take
 * @changes: counts those that came and went
 * @pending: queries that wait for their answer, by transaction id
 * @asked: the same, the oldest first
 * @waiting: how many there are
 */
struct vtap_dns_cache {
	u32 on;
	u32 max;
	u32 ttl_max;
	/* guards all below */
	spinlock_t lock ____cacheline_aligned_in_smp;
	struct vtap_dns_place place;
	struct rhashtable answers;
	struct list_head used;
	unsigned int entries;
	size_t bytes;
	unsigned int changes;
	struct hlist_head pending[VTAP_DNS_PENDING_HASH];
	struct list_head asked;
	unsigned int waiting;
};

/**
 * struct vtap_dns_entry - an answer that is kept, to be shown
 * @server: who gave it, IPv4 as ::ffff:a.b.c.d
 * @question: what was asked, in canonical case
 * @question_len: bytes of it
 * @lifetime: seconds left
 * @msg: the message
 * @len: bytes of it
 */
struct vtap_dns_entry {
	struct in6_addr server;
	const u8 *question;
	size_t question_len;
	u32 lifetime;
	const u8 *msg;
	size_t len;
};

int vtap_dns_cache_walk(struct vtap_dns_cache *cache, struct vtap_walk *walk,
			int (*visit)(const struct vtap_dns_entry *entry,
				     void *context), void *context);

int vtap_dns_cache_init(struct vtap_dns_cache *cache);
void vtap_dns_cache_destroy(struct vtap_dns_cache *cache);
void vtap_dns_cache_flush(struct vtap_dns_cache *cache);
void vtap_dns_cache_changed(struct vtap_port *port);

enum vtap_verdict vtap_dns_cache_tx(struct vtap_port *port,
				    struct sk_buff *skb,
				    const struct vtap_pkt *pkt, u64 now,
				    struct sk_buff **reply);
void vtap_dns_cache_rx(struct vtap_port *port, struct sk_buff *skb,
		       const struct vtap_pkt *pkt, u64 now);

#endif
