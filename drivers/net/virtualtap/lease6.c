// SPDX-License-Identifier: GPL-2.0
/* What the host's DHCPv6 client was told (RFC 8415). It is reported, never
 * applied; and only an answer to a request that was seen teaches.
 */

#include <linux/ktime.h>
#include <net/ipv6.h>

#include "device.h"
#include "lease6.h"
#include "netlink.h"
#include "ra.h"

/* A client that retransmits for longer does so with another transaction. */
#define TRANSACTION_TIME	(60 * HZ)
#define MESSAGE_MAX		4096

/* The message of a packet; valid until the next pull. */
struct message {
	const u8 *data;
	unsigned int len;
	struct vtap_dhcp6 msg;
};

/* A whole, good DHCPv6 message to a server, or to a client, all of it in the linear
 * part. A client asks from its own port, which no other local user has.
 */
static bool find_message(struct sk_buff *skb, const struct vtap_pkt *pkt,
			 bool to_server, struct message *m)
{
	const struct udphdr *udp = vtap_pkt_udp(skb, pkt);
	unsigned int len = pkt->udp_len;

	if (pkt->family != AF_INET6 || !udp ||
	    (to_server ? udp->source : udp->dest) !=
	    htons(VTAP_DHCP6_CLIENT_PORT) ||
	    (to_server && udp->dest != htons(VTAP_DHCP6_SERVER_PORT)) ||
	    len > MESSAGE_MAX ||
	    !pskb_network_may_pull(skb, pkt->l4 + len))
		return false;
	m->data = skb_network_header(skb) + pkt->l4 + sizeof(*udp);
	m->len = len - sizeof(*udp);
	return true;
}

static void copy_duid(struct vtap_lease6_duid *duid, const u8 *data, u16 offset,
		      u16 len)
{
	duid->len = offset ? len : 0;
	memcpy(duid->data, data + offset, duid->len);
}

static bool is_duid(const struct vtap_lease6_duid *duid, const u8 *data,
		    u16 offset, u16 len)
{
	return duid->len == (offset ? len : 0) &&
	       !memcmp(duid->data, data + offset, duid->len);
}

static struct vtap_lease6_transaction *
find_transaction(struct vtap_leases6 *leases, const struct message *m)
{
	unsigned int i;

	lockdep_assert_held(&leases->lock);
	for (i = 0; i < VTAP_LEASE6_TRANSACTIONS; i++) {
		struct vtap_lease6_transaction *t = &leases->transactions[i];

		if (t->type && t->xid == m->msg.xid &&
		    time_before(jiffies, t->seen + TRANSACTION_TIME) &&
		    is_duid(&t->client, m->data, m->msg.client_id,
			    m->msg.client_id_len))
			return t;
	}
	return NULL;
}

/* The entry of this transaction, else an unused one, else the oldest. */
static struct vtap_lease6_transaction *
make_transaction(struct vtap_leases6 *leases, const struct message *m)
{
	struct vtap_lease6_transaction *t = find_transaction(leases, m);
	unsigned int i;

	if (t)
		return t;
	t = &leases->transactions[0];
	for (i = 1; i < VTAP_LEASE6_TRANSACTIONS && t->type; i++) {
		struct vtap_lease6_transaction *other = &leases->transactions[i];

		if (!other->type || time_before(other->seen, t->seen))
			t = other;
	}
	return t;
}

static void note_request(struct vtap_leases6 *leases, const struct message *m)
{
	const struct vtap_dhcp6 *msg = &m->msg;
	struct vtap_lease6_transaction *t;

	spin_lock(&leases->lock);
	t = make_transaction(leases, m);
	t->type = msg->type;
	t->xid = msg->xid;
	t->seen = jiffies;
	copy_duid(&t->client, m->data, msg->client_id, msg->client_id_len);
	copy_duid(&t->server, m->data, msg->server_id, msg->server_id_len);
	t->ias = msg->ias;
	memcpy(t->ia, msg->ia, sizeof(t->ia));
	spin_unlock(&leases->lock);
}

/* Drop what has expired. */
static unsigned int prune(struct vtap_lease6_entry *entry, unsigned int n,
			  u64 now)
{
	unsigned int kept = 0, i;

	for (i = 0; i < n; i++) {
		if (entry[i].expires > now)
			entry[kept++] = entry[i];
	}
	return kept;
}

/* Take in one entry: add it, or set its new time, or take it out. Returns the
 * new number of entries, @max at most.
 */
static unsigned int set_entry(struct vtap_lease6_entry *entry, unsigned int n,
			      unsigned int max,
			      const struct vtap_dhcp6_item *item, u8 len,
			      u64 now)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (entry[i].len == len &&
		    ipv6_addr_equal(&entry[i].addr, &item->addr))
			break;
	}
	if (!item->valid) {
		if (i < n)
			entry[i] = entry[--n];
		return n;
	}
	if (i == max)
		return n;
	entry[i].addr = item->addr;
	entry[i].len = len;
	entry[i].expires = item->valid == VTAP_LIFETIME_INFINITE ?
			   U64_MAX : now + item->valid;
	return max(n, i + 1);
}

static void take_item(struct vtap_lease6 *lease,
		      const struct vtap_dhcp6_item *item, u64 now)
{
	switch (item->kind) {
	case VTAP_DHCP6_ADDRESS:
		lease->addresses = set_entry(lease->address, lease->addresses,
					     VTAP_LEASE6_ADDRESSES, item, 128,
					     now);
		break;
	case VTAP_DHCP6_PREFIX:
		lease->prefixes = set_entry(lease->prefix, lease->prefixes,
					    VTAP_LEASE6_PREFIXES, item,
					    item->prefix_len, now);
		break;
	case VTAP_DHCP6_DNS:
		if (lease->dns_count < VTAP_LEASE6_DNS)
			lease->dns[lease->dns_count++] = item->addr;
		break;
	case VTAP_DHCP6_SEARCH:
		if (lease->search_count < VTAP_LEASE6_SEARCH)
			strscpy(lease->search[lease->search_count++],
				item->name, sizeof(lease->search[0]));
		break;
	}
}

static bool has(const struct vtap_lease6_entry *list, unsigned int n,
		const struct vtap_lease6_entry *entry)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (list[i].len == entry->len &&
		    ipv6_addr_equal(&list[i].addr, &entry->addr))
			return true;
	}
	return false;
}

/**
 * vtap_lease6_has() - is this address or prefix leased?
 * @lease: lease, NULL for none
 * @entry: address, or prefix
 */
bool vtap_lease6_has(const struct vtap_lease6 *lease,
		     const struct vtap_lease6_entry *entry)
{
	return lease && (has(lease->address, lease->addresses, entry) ||
			 has(lease->prefix, lease->prefixes, entry));
}

/* How many of a lease's addresses and prefixes the other one does not have. */
static unsigned int count_missing(const struct vtap_lease6 *lease,
				  const struct vtap_lease6 *other)
{
	unsigned int missing = 0, i;

	for (i = 0; i < lease->addresses; i++)
		missing += !vtap_lease6_has(other, &lease->address[i]);
	for (i = 0; i < lease->prefixes; i++)
		missing += !vtap_lease6_has(other, &lease->prefix[i]);
	return missing;
}

static unsigned int count_entries(const struct vtap_lease6 *lease)
{
	return lease->addresses + lease->prefixes;
}

static void tell_gone(struct vtap_port *port, const struct vtap_lease6 *old,
		      const struct vtap_lease6 *lease, u64 now)
{
	if (old && (!lease || count_missing(old, lease)))
		vtap_netlink_lease6(port, VIRTUALTAP_LEASE_CHANGE_EXPIRED, old,
				    lease, now);
}

/* Without an entry it is about the other parameters. */
static void tell_learned(struct vtap_port *port, const struct vtap_lease6 *old,
			 const struct vtap_lease6 *lease, u64 now)
{
	bool known = old && (!count_entries(lease) ||
			     count_missing(lease, old) < count_entries(lease));

	vtap_netlink_lease6(port, known ? VIRTUALTAP_LEASE_CHANGE_RENEWED :
					  VIRTUALTAP_LEASE_CHANGE_LEARNED,
			    lease, NULL, now);
}

static u64 next_expiry(const struct vtap_lease6 *lease)
{
	u64 next = U64_MAX;
	unsigned int i;

	for (i = 0; i < lease->addresses; i++)
		next = min(next, lease->address[i].expires);
	for (i = 0; i < lease->prefixes; i++)
		next = min(next, lease->prefix[i].expires);
	return next;
}

static const struct vtap_lease6 *locked_lease(const struct vtap_leases6 *leases)
{
	return rcu_dereference_protected(leases->lease,
					 lockdep_is_held(&leases->lock));
}

/* @learned: a server told it. */
static void replace_lease(struct vtap_port *port, struct vtap_lease6 *lease,
			  bool learned, u64 now)
{
	struct vtap_leases6 *leases = &port->leases6;
	struct vtap_lease6 *old;

	old = rcu_replace_pointer(leases->lease, lease,
				  lockdep_is_held(&leases->lock));
	tell_gone(port, old, lease, now);
	if (learned)
		tell_learned(port, old, lease, now);
	if (lease)
		vtap_expiry_at(&port->expiry, next_expiry(lease));
	if (old)
		kfree_rcu(old, rcu);
}

/* A copy of the present lease, to be changed; an empty one without one. */
static struct vtap_lease6 *begin_change(struct vtap_leases6 *leases, u64 now)
{
	struct vtap_lease6 *lease = kzalloc(sizeof(*lease),
					    GFP_ATOMIC | __GFP_NOWARN);
	const struct vtap_lease6 *old = locked_lease(leases);

	if (!lease || !old)
		return lease;
	*lease = *old;
	lease->addresses = prune(lease->address, lease->addresses, now);
	lease->prefixes = prune(lease->prefix, lease->prefixes, now);
	return lease;
}

/* What is left of a lease when some of it has ended. The servers that came with
 * it go with the last of it; a lease of nothing else never ends.
 */
static void shorten_lease(struct vtap_port *port, struct vtap_lease6 *lease,
			  u64 now)
{
	if (!count_entries(lease) &&
	    count_entries(locked_lease(&port->leases6))) {
		kfree(lease);
		lease = NULL;
	}
	replace_lease(port, lease, false, now);
}

/* RFC 8415 18.2.10.1, 18.2.10.4: a client takes what it asked for. Name servers and
 * domains are everybody's.
 */
static bool was_asked_for(const struct vtap_lease6_transaction *t,
			  const struct vtap_dhcp6_item *item)
{
	unsigned int i;

	if (item->kind != VTAP_DHCP6_ADDRESS && item->kind != VTAP_DHCP6_PREFIX)
		return true;
	for (i = 0; i < t->ias; i++) {
		if (t->ia[i].kind == item->kind && t->ia[i].iaid == item->iaid)
			return true;
	}
	return false;
}

/* RFC 8415 18.2.10.1. An answer to a request that starts a binding replaces
 * what there was; one that extends it changes what it names. False: for want of
 * memory, the client had better ask again.
 */
static bool learn_reply(struct vtap_port *port, const struct message *m,
			const struct vtap_lease6_transaction *t, u64 now)
{
	struct vtap_dhcp6_cursor cursor;
	struct vtap_dhcp6_item item;
	struct vtap_lease6 *lease;

	lease = begin_change(&port->leases6, now);
	if (!lease)
		return false;
	if (t->type == VTAP_DHCP6_SOLICIT || t->type == VTAP_DHCP6_REQUEST) {
		lease->addresses = 0;
		lease->prefixes = 0;
	}
	lease->dns_count = 0;
	lease->search_count = 0;
	vtap_dhcp6_begin(&cursor, m->data, m->len);
	while (vtap_dhcp6_next(&cursor, &item)) {
		if (was_asked_for(t, &item))
			take_item(lease, &item, now);
	}
	replace_lease(port, lease, true, now);
	return true;
}

/* RFC 8415 18.2.7, 18.2.8: the client gives up what it names. */
static void note_release(struct vtap_port *port, const struct message *m)
{
	struct vtap_leases6 *leases = &port->leases6;
	u64 now = ktime_get_boottime_seconds();
	struct vtap_dhcp6_cursor cursor;
	struct vtap_dhcp6_item item;
	struct vtap_lease6 *lease = NULL;
	unsigned int i;

	spin_lock(&leases->lock);
	/* Nor does an answer that is on its way bring it again. */
	for (i = 0; i < VTAP_LEASE6_TRANSACTIONS; i++) {
		struct vtap_lease6_transaction *t = &leases->transactions[i];

		if (is_duid(&t->client, m->data, m->msg.client_id,
			    m->msg.client_id_len))
			t->type = 0;
	}
	if (rcu_access_pointer(leases->lease))
		lease = begin_change(leases, now);
	if (!lease)
		goto unlock;
	vtap_dhcp6_begin(&cursor, m->data, m->len);
	while (vtap_dhcp6_next(&cursor, &item)) {
		if (item.kind != VTAP_DHCP6_ADDRESS &&
		    item.kind != VTAP_DHCP6_PREFIX)
			continue;
		item.valid = 0;
		take_item(lease, &item, now);
	}
	shorten_lease(port, lease, now);
unlock:
	spin_unlock(&leases->lock);
}

/**
 * vtap_lease6_tx() - look at a packet of the host for DHCPv6 requests
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * Remembers a request of the host's own client, so that its answer may teach.
 *
 * Context: RCU, BH off.
 */
void vtap_lease6_tx(struct vtap_port *port, struct sk_buff *skb,
		    const struct vtap_pkt *pkt)
{
	struct message m;

	/* What this host forwards is not its own. */
	if (skb->skb_iif ||
	    !find_message(skb, pkt, true, &m))
		return;
	vtap_count(port->stats, VTAP_STAT_DHCP6);
	if (vtap_dhcp6_parse(m.data, m.len, &m.msg))
		return;
	switch (m.msg.type) {
	case VTAP_DHCP6_SOLICIT:
		/* Else the answer is an offer, which teaches nothing. */
		if (!m.msg.rapid_commit)
			break;
		fallthrough;
	case VTAP_DHCP6_REQUEST:
	case VTAP_DHCP6_RENEW:
	case VTAP_DHCP6_REBIND:
	case VTAP_DHCP6_INFORMATION_REQUEST:
		note_request(&port->leases6, &m);
		break;
	case VTAP_DHCP6_RELEASE:
	case VTAP_DHCP6_DECLINE:
		note_release(port, &m);
		break;
	}
}

/* RFC 8415 16.10, 18.2.10: it names its server, the one that was asked if one
 * was, and says that all is well.
 */
static bool is_good_reply(const struct message *m,
			  const struct vtap_lease6_transaction *t)
{
	if (m->msg.status || !m->msg.server_id)
		return false;
	if (t->type == VTAP_DHCP6_SOLICIT && !m->msg.rapid_commit)
		return false;
	return !t->server.len || is_duid(&t->server, m->data, m->msg.server_id,
					 m->msg.server_id_len);
}

/**
 * vtap_lease6_rx() - look at a packet from the VPN for DHCPv6 answers
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * A Reply teaches when its transaction was seen on tx, of the same client. The
 * first one ends the transaction. All else is but counted.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, or VTAP_RX_DROP_NOMEM.
 */
enum vtap_verdict vtap_lease6_rx(struct vtap_port *port, struct sk_buff *skb,
				 const struct vtap_pkt *pkt)
{
	struct vtap_leases6 *leases = &port->leases6;
	struct vtap_lease6_transaction *t;
	bool learned = true;
	struct message m;

	if (!find_message(skb, pkt, false, &m))
		return VTAP_CONTINUE;
	vtap_count(port->stats, VTAP_STAT_DHCP6);
	if (!vtap_pkt_sum_good(skb, pkt, m.len + sizeof(struct udphdr)) ||
	    vtap_dhcp6_parse(m.data, m.len, &m.msg) ||
	    m.msg.type != VTAP_DHCP6_REPLY)
		return VTAP_CONTINUE;
	spin_lock(&leases->lock);
	t = find_transaction(leases, &m);
	if (t && is_good_reply(&m, t)) {
		if (vtap_option(port, learning))
			learned = learn_reply(port, &m, t,
					      ktime_get_boottime_seconds());
		if (learned)
			t->type = 0;
	}
	spin_unlock(&leases->lock);
	return learned ? VTAP_CONTINUE : VTAP_RX_DROP_NOMEM;
}

/**
 * vtap_lease6_address() - the first leased address
 * @leases: of a host end
 * @addr: set to it, also after its time
 *
 * Context: RCU.
 * Return: false when there is none.
 */
bool vtap_lease6_address(const struct vtap_leases6 *leases,
			 struct in6_addr *addr)
{
	const struct vtap_lease6 *lease = rcu_dereference(leases->lease);

	if (!lease || !lease->addresses)
		return false;
	*addr = lease->address[0].addr;
	return true;
}

/**
 * vtap_lease6_expire() - forget addresses and prefixes whose time has come
 * @port: host end
 * @now: boot time in seconds
 *
 * Context: process or BH.
 * Return: when to call again, in boot time; U64_MAX for never.
 */
u64 vtap_lease6_expire(struct vtap_port *port, u64 now)
{
	struct vtap_leases6 *leases = &port->leases6;
	struct vtap_lease6 *lease = NULL;
	u64 next = U64_MAX;

	spin_lock_bh(&leases->lock);
	if (locked_lease(leases))
		next = next_expiry(locked_lease(leases));
	if (next <= now)
		lease = begin_change(leases, now);
	if (lease) {
		next = next_expiry(lease);
		shorten_lease(port, lease, now);
	}
	spin_unlock_bh(&leases->lock);
	return next;
}

/**
 * vtap_lease6_forget() - forget what was learned, and what was asked
 * @port: host end
 */
void vtap_lease6_forget(struct vtap_port *port)
{
	struct vtap_leases6 *leases = &port->leases6;

	spin_lock_bh(&leases->lock);
	replace_lease(port, NULL, false, ktime_get_boottime_seconds());
	memset(leases->transactions, 0, sizeof(leases->transactions));
	spin_unlock_bh(&leases->lock);
}

/**
 * vtap_lease6_init() - nothing is known
 * @leases: to initialise
 */
void vtap_lease6_init(struct vtap_leases6 *leases)
{
	spin_lock_init(&leases->lock);
}
