/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ROUTER_H
#define _VTAP_ROUTER_H

#include <linux/in6.h>
#include <linux/limits.h>
#include <linux/seqlock.h>
#include <linux/skbuff.h>

#include "domain.h"
#include "mac.h"
#include "packet.h"
#include "ra.h"

struct vtap_port;

#define VTAP_ROUTERS		8
#define VTAP_ROUTER_PREFIXES	16
#define VTAP_ROUTER_ROUTES	16
#define VTAP_ROUTER_DNS		8
#define VTAP_ROUTER_SEARCH	4

/* How long a router that did not answer is not asked again, in seconds, while
 * another one is used (RFC 4191 3.5).
 */
#define VTAP_ROUTER_PAUSE	60

/* All times are boot time in seconds, U64_MAX for ever. An entry whose time has
 * come is none, and its place is free.
 */

/**
 * struct vtap_router - a default router
 * @addr: its link-local address
 * @mac: hardware address that it told; 0 where it told none
 * @mtu: of the link, as it told; 0 where it did not
 * @preference: -1, 0 or 1 (RFC 4191)
 * @expires: when it is no default router any more
 * @lost: it did not answer: any that does is better
 * @ask: when it may be asked whether it is back
 */
struct vtap_router {
	struct in6_addr addr;
	struct vtap_mac mac;
	u32 mtu;
	s8 preference;
	u64 expires;
	bool lost;
	u64 ask;
};

/**
 * enum vtap_router_news - what an advertisement brings
 * @VTAP_ROUTER_NO_NEWS: nothing but more time for what is known
 * @VTAP_ROUTER_LEARNED: a default router
 * @VTAP_ROUTER_CHANGED: a default router, or the link, is not what it was
 * @VTAP_ROUTER_EXPIRED: a default router is one no more
 */
enum vtap_router_news {
	VTAP_ROUTER_NO_NEWS,
	VTAP_ROUTER_LEARNED,
	VTAP_ROUTER_CHANGED,
	VTAP_ROUTER_EXPIRED,
};

/**
 * struct vtap_router_prefix - a prefix of the link, or one that a router leads to
 * @addr: prefix
 * @router: whose it is; of a route only
 * @len: its length
 * @preference: of a route: -1, 0 or 1
 * @onlink: of a link's: its addresses are on the segment itself
 * @expires: when it is valid no more
 */
struct vtap_router_prefix {
	struct in6_addr addr;
	struct in6_addr router;
	u8 len;
	s8 preference;
	bool onlink;
	u64 expires;
};

/**
 * struct vtap_router_dns - a name server
 * @addr: its address
 * @expires: when it shall be used no more
 */
struct vtap_router_dns {
	struct in6_addr addr;
	u64 expires;
};

/**
 * struct vtap_router_search - a domain to search
 * @name: domain
 * @expires: when it shall be searched no more
 */
struct vtap_router_search {
	char name[VTAP_DOMAIN_MAX + 1];
	u64 expires;
};

/**
 * struct vtap_router_state - what router advertisements told
 * @set: option ``gateway6``, :: for none
 * @best: default router in use, :: for none
 * @recheck: when another may be best only because time went by
 * @ask: when a router that is passed over may be asked, in seconds of boot time;
 *	ULONG_MAX where none is. Read without the lock
 * @any: one of @set and @best is not ::. Read without the lock
 * @router: default routers
 * @prefix: prefixes of the link
 * @route: prefixes that a router leads to
 * @dns: name servers
 * @search: domains to search
 */
struct vtap_router_state {
	struct in6_addr set;
	struct in6_addr best;
	u64 recheck;
	unsigned long ask;
	bool any;
	struct vtap_router router[VTAP_ROUTERS];
	struct vtap_router_prefix prefix[VTAP_ROUTER_PREFIXES];
	struct vtap_router_prefix route[VTAP_ROUTER_ROUTES];
	struct vtap_router_dns dns[VTAP_ROUTER_DNS];
	struct vtap_router_search search[VTAP_ROUTER_SEARCH];
};

/**
 * struct vtap_routers - routers of a host end
 * @lock: guards @state: readers on the packet path never wait
 * @state: what is known
 *
 * Of a fixed size, and changed in place: a flood of advertisements allocates
 * nothing.
 */
struct vtap_routers {
	seqlock_t lock;
	struct vtap_router_state state;
};

/**
 * vtap_routers_is_any() - is there a gateway where no route names one?
 * @routers: of the host end
 *
 * Perhaps not any more: then vtap_routers_gateway() finds out.
 */
static inline bool vtap_routers_is_any(const struct vtap_routers *routers)
{
	return READ_ONCE(routers->state.any);
}

/**
 * vtap_routers_pass_over() - is there a router that does not answer, and another?
 * @routers: of the host end
 */
static inline bool vtap_routers_pass_over(const struct vtap_routers *routers)
{
	return READ_ONCE(routers->state.ask) != ULONG_MAX;
}

void vtap_routers_init(struct vtap_routers *routers);
void vtap_routers_forget(struct vtap_routers *routers);
void vtap_routers_set_gateway(struct vtap_routers *routers,
			      const struct in6_addr *gateway);
struct in6_addr vtap_routers_get_gateway(struct vtap_routers *routers);
enum vtap_router_news vtap_routers_learn(struct vtap_routers *routers,
					 const struct in6_addr *source,
					 const u8 *data, size_t len, u64 now,
					 struct vtap_router *router,
					 struct vtap_router *gone);
void vtap_routers_heard(struct vtap_routers *routers,
			const struct in6_addr *addr, bool alive, u64 now);
unsigned int vtap_routers_take_due(struct vtap_routers *routers, u64 now,
				   struct in6_addr *list);
bool vtap_routers_remove(struct vtap_routers *routers,
			 const struct in6_addr *addr, u64 now,
			 struct vtap_router *router);
bool vtap_routers_take(struct vtap_routers *routers, u64 until,
		       struct vtap_router *router, u64 *next);

bool vtap_routers_gateway(struct vtap_routers *routers, u64 now,
			  struct in6_addr *addr);
unsigned int vtap_routers_gateways(struct vtap_routers *routers, u64 now,
				   struct in6_addr *list);
bool vtap_routers_includes(struct vtap_routers *routers,
			   const struct in6_addr *addr, u64 now);
bool vtap_routers_onlink(struct vtap_routers *routers,
			 const struct in6_addr *addr, u64 now);
void vtap_routers_read(struct vtap_routers *routers, u64 now,
		       struct vtap_router_state *state);

u64 vtap_router_expire(struct vtap_port *port, u64 now);
void vtap_router_forget(struct vtap_port *port);
void vtap_router_ask(struct vtap_port *port);
void vtap_router_gone(struct vtap_port *port, const struct in6_addr *addr);
enum vtap_verdict vtap_router_input(struct vtap_port *port, struct sk_buff *skb,
				    const struct vtap_pkt *pkt);

#endif
