/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NEIGH_H
#define _VTAP_NEIGH_H

#include <linux/in6.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "mac.h"
#include "stats.h"

/* Times and limits of RFC 4861 10 (its NUD serves ARP as well, RFC 1122
 * 2.3.2.1), and of the queue of packets that wait (RFC 1122 2.3.2.2).
 */
#define VTAP_NEIGH_REACHABLE_TIME	(30 * HZ)
#define VTAP_NEIGH_TRIES		3
#define VTAP_NEIGH_RETRANS		(HZ / 2)	/* doubled each time */
#define VTAP_NEIGH_PROBE_INTERVAL	HZ
#define VTAP_NEIGH_GUARD_INTERVAL	(HZ / 5)
#define VTAP_NEIGH_GUARD_PAUSE		(HZ / 4)
#define VTAP_NEIGH_FAILED_TIME		(3 * HZ)
#define VTAP_NEIGH_GC_INTERVAL		(5 * HZ)
#define VTAP_NEIGH_QUEUE_PACKETS	16
#define VTAP_NEIGH_QUEUE_BYTES		(64 * 1024)
#define VTAP_NEIGH_TABLE_QUEUE_BYTES	(1024 * 1024)

/**
 * enum vtap_neigh_state - what is known of a neighbour (RFC 4861 7.3.2)
 * @VTAP_NEIGH_INCOMPLETE: asked by broadcast; packets wait
 * @VTAP_NEIGH_REACHABLE: confirmed; becomes stale by the age of @confirmed
 * @VTAP_NEIGH_STALE: usable; the first use starts a probe
 * @VTAP_NEIGH_PROBE: usable, asked by unicast
 * @VTAP_NEIGH_PERMANENT: set by the administrator; never changes by itself
 * @VTAP_NEIGH_FAILED: nobody answered; packets are refused for a while
 * @VTAP_NEIGH_NONE: of no entry: how a trace tells that one comes or goes
 */
enum vtap_neigh_state {
	VTAP_NEIGH_INCOMPLETE,
	VTAP_NEIGH_REACHABLE,
	VTAP_NEIGH_STALE,
	VTAP_NEIGH_PROBE,
	VTAP_NEIGH_PERMANENT,
	VTAP_NEIGH_FAILED,
	VTAP_NEIGH_NONE,
};

/**
 * enum vtap_neigh_how - how somebody came to tell a neighbour's address
 * @VTAP_NEIGH_REPLY: a reply addressed to us; counts if we asked
 * @VTAP_NEIGH_REPLY_OVERRIDE: a reply that updates an entry even if we did not
 * @VTAP_NEIGH_REPLY_KEEP: a reply that shall not replace what is known
 * @VTAP_NEIGH_CONFIRM: a reply that can but confirm what is known
 * @VTAP_NEIGH_ASKED_US: asks for us, so will hear from us: worth an entry
 * @VTAP_NEIGH_UNASKED: nobody asked: updates an entry, never makes one
 * @VTAP_NEIGH_UNASKED_KEEP: the same, but shall not replace what is known
 */
enum vtap_neigh_how {
	VTAP_NEIGH_REPLY,
	VTAP_NEIGH_REPLY_OVERRIDE,
	VTAP_NEIGH_REPLY_KEEP,
	VTAP_NEIGH_CONFIRM,
	VTAP_NEIGH_ASKED_US,
	VTAP_NEIGH_UNASKED,
	VTAP_NEIGH_UNASKED_KEEP,
};

/**
 * enum vtap_neigh_news - what is heard of a router
 * @VTAP_NEIGH_LOST: it does not answer (any more)
 * @VTAP_NEIGH_STILL_LOST: it was asked anew, in vain
 * @VTAP_NEIGH_BACK: it answers again
 * @VTAP_NEIGH_STILL_THERE: it answered, and nothing was known against it
 */
enum vtap_neigh_news {
	VTAP_NEIGH_LOST,
	VTAP_NEIGH_STILL_LOST,
	VTAP_NEIGH_BACK,
	VTAP_NEIGH_STILL_THERE,
};

/**
 * enum vtap_neigh_mac_news - what is heard of a router's hardware address
 * @VTAP_NEIGH_MAC_LEARNED: none was known before
 * @VTAP_NEIGH_MAC_CHANGED: it is another one
 * @VTAP_NEIGH_MAC_REFUSED: somebody told another one, which is not believed
 */
enum vtap_neigh_mac_news {
	VTAP_NEIGH_MAC_LEARNED,
	VTAP_NEIGH_MAC_CHANGED,
	VTAP_NEIGH_MAC_REFUSED,
};

/**
 * enum vtap_neigh_life - does a neighbour live, as far as is known?
 * @VTAP_NEIGH_UNKNOWN: it has not answered yet; it may just be silent
 * @VTAP_NEIGH_ALIVE: it answered, or is permanent
 * @VTAP_NEIGH_SILENT: a router that was asked and does not answer
 */
enum vtap_neigh_life {
	VTAP_NEIGH_UNKNOWN,
	VTAP_NEIGH_ALIVE,
	VTAP_NEIGH_SILENT,
};

/**
 * struct vtap_neigh - a neighbour
 * @node: in vtap_neigh_table.hash
 * @addr: key: its address, IPv4 as ::ffff:a.b.c.d
 * @mac: its hardware address; valid in every usable state
 * @state: enum vtap_neigh_state; stored after @mac (release)
 * @router: it is, or was, a next hop for others' packets
 * @lost: as a router it did not answer, and has not since
 * @proven: @mac came with an answer to a request that everybody heard
 * @watched: vtap_neigh_probe() began what is asked: silence is told early
 * @kernel: permanent in the kernel's own table, which alone takes it back
 * @used: when a packet last went there, in jiffies
 * @confirmed: when it last proved to be there, in jiffies
 * @kept: until then it does not age, in jiffies
 * @in: which of the table's lists has it
 * @list: in that one
 * @active: in vtap_neigh_table.active while @deadline counts
 * @deadline: when something happens without an answer, in jiffies
 * @interval: between unicast probes
 * @tries: requests sent in this state
 * @guarded: when a conflict last started probes, in jiffies
 * @visited: @used when eviction last looked
 * @turn: vtap_neigh_table.turn when aging last looked
 * @waiting: in vtap_neigh_table.waiting while packets wait
 * @queue: packets that wait
 * @queue_bytes: their size in memory
 * @rcu: for freeing
 *
 * Read under RCU; all from @in on, and every write, under the table's lock
 * (but for @used and @confirmed, which packets stamp).
 */
struct vtap_neigh {
	struct rhash_head node;
	struct in6_addr addr;
	struct vtap_mac mac;
	u8 state;
	bool router;
	bool lost;
	bool proven;
	bool watched;
	bool kernel;
	unsigned long used;
	unsigned long confirmed;
	unsigned long kept;

	struct list_head *in;
	struct list_head list;
	struct list_head active;
	unsigned long deadline;
	unsigned long interval;
	unsigned int tries;
	unsigned long guarded;
	unsigned long visited;
	unsigned int turn;
	struct list_head waiting;
	struct sk_buff_head queue;
	unsigned int queue_bytes;
	struct rcu_head rcu;
};

struct vtap_neigh_table;

/**
 * struct vtap_neigh_ops - what the table needs done
 * @solicit: ask who has an address, of @mac only or (NULL) of everybody
 * @output: send a packet that waited to @mac; consumes it
 * @refuse: tell a packet's sender that its next hop does not answer, and
 *	drop it under that reason; consumes it
 * @drop: drop a packet for another reason; consumes it
 * @router: there is news of a router
 * @mac: so there is of its hardware address: what was known (0 for nothing) and
 *	what was told
 * @must_wait: nobody can be asked yet, but soon: it is no try
 *
 * Context: BH off, RCU; no lock of the table held but for @must_wait.
 */
struct vtap_neigh_ops {
	void (*solicit)(struct vtap_neigh_table *table,
			const struct in6_addr *addr,
			const struct vtap_mac *mac);
	void (*output)(struct vtap_neigh_table *table, struct sk_buff *skb,
		       struct vtap_mac mac);
	void (*refuse)(struct vtap_neigh_table *table, struct sk_buff *skb);
	void (*drop)(struct vtap_neigh_table *table, struct sk_buff *skb,
		     enum vtap_verdict reason);
	void (*router)(struct vtap_neigh_table *table,
		       const struct in6_addr *addr, enum vtap_neigh_news news);
	void (*mac)(struct vtap_neigh_table *table,
		    const struct in6_addr *addr, enum vtap_neigh_mac_news news,
		    struct vtap_mac old_mac, struct vtap_mac new_mac);
	bool (*must_wait)(struct vtap_neigh_table *table,
			  const struct in6_addr *addr);
};

/**
 * struct vtap_neigh_table - neighbours of a host end
 * @ops: what the table needs done
 * @dev: host end
 * @stats: its counters
 * @max: option ``neigh_max``
 * @timeout: option ``neigh_timeout``, seconds
 * @resolve: option ``resolve``
 * @hash: all of them, by address
 * @lock: guards the members below, and writes to entries. As that of other
 *	tables it begins a cache line: packets read what is above
 * @hosts: ordinary entries, in the order eviction looks at them
 * @unresolved: those that have not answered, or do not any more
 * @routers: entries with @router set, evicted only after all others
 * @permanent: entries that are never evicted
 * @active: entries with a deadline
 * @waiting: entries that packets wait for, those that wait longest first
 * @gc: when unused entries are next looked for, in jiffies
 * @turn: counts how often that was done
 * @ipv4_entries: how many entries are IPv4
 * @ipv6_entries: how many entries are IPv6
 * @unresolved_entries: how many are in @unresolved
 * @router_entries: how many are in @routers
 * @changes: counts entries that came and went
 * @queue_bytes: size in memory of all packets that wait
 * @timer: fires at the earliest deadline or @gc
 */
struct vtap_neigh_table {
	const struct vtap_neigh_ops *ops;
	const struct net_device *dev;
	struct vtap_stats __percpu *stats;
	u32 max;
	u32 timeout;
	u32 resolve;
	struct rhashtable hash;

	/* guards the members below, and writes to entries */
	spinlock_t lock ____cacheline_aligned_in_smp;
	struct list_head hosts;
	struct list_head unresolved;
	struct list_head routers;
	struct list_head permanent;
	struct list_head active;
	struct list_head waiting;
	unsigned long gc;
	unsigned int turn;
	unsigned int ipv4_entries;
	unsigned int ipv6_entries;
	unsigned int unresolved_entries;
	unsigned int router_entries;
	unsigned int changes;
	unsigned int queue_bytes;
	struct timer_list timer;
};

int vtap_neigh_init(struct vtap_neigh_table *table,
		    const struct vtap_neigh_ops *ops,
		    const struct net_device *dev,
		    struct vtap_stats __percpu *stats);
void vtap_neigh_stop(struct vtap_neigh_table *table);
void vtap_neigh_destroy(struct vtap_neigh_table *table);

enum vtap_verdict vtap_neigh_resolve(struct vtap_neigh_table *table,
				     const struct in6_addr *addr, bool router,
				     struct sk_buff *skb, unsigned long now,
				     struct vtap_mac *mac);
bool vtap_neigh_update(struct vtap_neigh_table *table,
		       const struct in6_addr *addr, struct vtap_mac mac,
		       enum vtap_neigh_how how, unsigned long now);
void vtap_neigh_probe(struct vtap_neigh_table *table,
		      const struct in6_addr *addr, unsigned long interval,
		      unsigned long now);
unsigned long vtap_neigh_expire(struct vtap_neigh_table *table,
				unsigned long now);

bool vtap_neigh_mac(struct vtap_neigh_table *table,
		    const struct in6_addr *addr, struct vtap_mac *mac);
enum vtap_neigh_life vtap_neigh_life(struct vtap_neigh_table *table,
				     const struct in6_addr *addr);
bool vtap_neigh_is_proven(struct vtap_neigh_table *table,
			  const struct in6_addr *addr, struct vtap_mac mac);
bool vtap_neigh_disproves(struct vtap_neigh_table *table,
			  const struct in6_addr *addr, struct vtap_mac mac);
int vtap_neigh_set_permanent(struct vtap_neigh_table *table,
			     const struct in6_addr *addr, struct vtap_mac mac);
void vtap_neigh_clear_permanent(struct vtap_neigh_table *table,
				const struct in6_addr *addr);
int vtap_neigh_set(struct vtap_neigh_table *table, const struct in6_addr *addr,
		   struct vtap_mac mac, enum vtap_neigh_state state);
int vtap_neigh_delete(struct vtap_neigh_table *table,
		      const struct in6_addr *addr);
int vtap_neigh_ask(struct vtap_neigh_table *table, const struct in6_addr *addr);
void vtap_neigh_flush(struct vtap_neigh_table *table);
void vtap_neigh_forget_permanent(struct vtap_neigh_table *table);
void vtap_neigh_shrink(struct vtap_neigh_table *table);

#endif
