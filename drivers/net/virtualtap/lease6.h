/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_LEASE6_H
#define _VTAP_LEASE6_H

#include <linux/skbuff.h>
#include <linux/spinlock.h>

#include "dhcp6.h"
#include "packet.h"

struct vtap_port;

#define VTAP_LEASE6_ADDRESSES	8
#define VTAP_LEASE6_PREFIXES	4
#define VTAP_LEASE6_DNS		8
#define VTAP_LEASE6_SEARCH	4
#define VTAP_LEASE6_TRANSACTIONS 4

/**
 * struct vtap_lease6_entry - an address or prefix that was leased
 * @addr: address, or prefix
 * @len: prefix length, 128 of an address
 * @expires: boot time in seconds, U64_MAX for never
 */
struct vtap_lease6_entry {
	struct in6_addr addr;
	u8 len;
	u64 expires;
};

/**
 * struct vtap_lease6 - configuration learned from DHCPv6; never changes
 * @rcu: for freeing
 * @addresses: how many of @address are set
 * @prefixes: how many of @prefix are set
 * @dns_count: how many of @dns are set
 * @search_count: how many of @search are set
 * @address: of the host's IA_NAs
 * @prefix: delegated, of its IA_PDs
 * @dns: name servers
 * @search: domains to search
 */
struct vtap_lease6 {
	struct rcu_head rcu;
	u8 addresses;
	u8 prefixes;
	u8 dns_count;
	u8 search_count;
	struct vtap_lease6_entry address[VTAP_LEASE6_ADDRESSES];
	struct vtap_lease6_entry prefix[VTAP_LEASE6_PREFIXES];
	struct in6_addr dns[VTAP_LEASE6_DNS];
	char search[VTAP_LEASE6_SEARCH][VTAP_DOMAIN_MAX + 1];
};

/**
 * struct vtap_lease6_duid - who a client or server is
 * @len: its length, 0 for nobody
 * @data: the DUID
 */
struct vtap_lease6_duid {
	u16 len;
	u8 data[VTAP_DHCP6_DUID_MAX];
};

/**
 * struct vtap_lease6_transaction - a request of the host that may be answered
 * @type: enum vtap_dhcp6_type, 0 for an unused entry
 * @xid: transaction id
 * @seen: when, in jiffies
 * @client: who asks
 * @server: who is asked, nobody for all
 * @ias: how many of @ia are set
 * @ia: what is asked for
 */
struct vtap_lease6_transaction {
	u8 type;
	u32 xid;
	unsigned long seen;
	struct vtap_lease6_duid client;
	struct vtap_lease6_duid server;
	u8 ias;
	struct vtap_dhcp6_ia ia[VTAP_DHCP6_IAS];
};

/**
 * struct vtap_leases6 - what a host end learned from DHCPv6
 * @lease: NULL without one. RCU, written under @lock
 * @lock: guards writes to @lease, and the members below
 * @transactions: requests that may be answered
 */
struct vtap_leases6 {
	struct vtap_lease6 __rcu *lease;
	/* guards writes to @lease, and the members below */
	spinlock_t lock;
	struct vtap_lease6_transaction transactions[VTAP_LEASE6_TRANSACTIONS];
};

void vtap_lease6_init(struct vtap_leases6 *leases);
bool vtap_lease6_address(const struct vtap_leases6 *leases,
			 struct in6_addr *addr);
bool vtap_lease6_has(const struct vtap_lease6 *lease,
		     const struct vtap_lease6_entry *entry);
u64 vtap_lease6_expire(struct vtap_port *port, u64 now);
void vtap_lease6_forget(struct vtap_port *port);

void vtap_lease6_tx(struct vtap_port *port, struct sk_buff *skb,
		    const struct vtap_pkt *pkt);
enum vtap_verdict vtap_lease6_rx(struct vtap_port *port, struct sk_buff *skb,
				 const struct vtap_pkt *pkt);

#endif
