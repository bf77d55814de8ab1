// SPDX-License-Identifier: GPL-2.0
/* Learned configuration: what the host's DHCP client was told. It is reported,
 * never applied; and only an answer to a request that was seen teaches.
 */

#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/timekeeping.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "device.h"
#include "netlink.h"

/* A client that retransmits for longer sends a new request. */
#define TRANSACTION_TIME	(60 * HZ)
/* RFC 2131 2: messages are 576 bytes unless negotiated. */
#define DHCP_MESSAGE_MAX	4096
#define LEASE_INFINITE		0xffffffff	/* RFC 2131 3.3 */

#define CLIENT_ID_ETHERNET	1		/* RFC 2132 9.14 */
#define CLIENT_ID_NONE		0xfe		/* ARPHRD_NONE, cut to a byte */

/* Where the parts of a DHCP packet are; valid until the next pull. */
struct dhcp_packet {
	struct udphdr *udp;
	struct vtap_bootp *bootp;
	unsigned int udp_len;
	unsigned int len;
};

/**
 * vtap_learn_lease4() - the lease that is valid now
 * @learn: of a host end
 *
 * Context: RCU.
 * Return: the lease, or NULL.
 */
const struct vtap_lease4 *vtap_learn_lease4(const struct vtap_learn *learn)
{
	const struct vtap_lease4 *lease = rcu_dereference(learn->lease4);

	if (lease && lease->expires <= ktime_get_boottime_seconds())
		return NULL;
	return lease;
}

/**
 * vtap_learn_seconds_left() - how long a lease lasts from now on
 * @lease: a valid lease
 *
 * Return: seconds, 0xffffffff for ever.
 */
u32 vtap_learn_seconds_left(const struct vtap_lease4 *lease)
{
	if (lease->expires == U64_MAX)
		return LEASE_INFINITE;
	return max_t(s64, 0, lease->expires - ktime_get_boottime_seconds());
}

/**
 * vtap_learn_gateway4() - the learned router
 * @learn: of a host end
 *
 * Context: RCU.
 * Return: its address, or 0.
 */
__be32 vtap_learn_gateway4(const struct vtap_learn *learn)
{
	const struct vtap_lease4 *lease = vtap_learn_lease4(learn);

	return lease ? lease->msg.gateway : 0;
}

/**
 * vtap_learn_pending4() - the leased address, before it is configured
 * @learn: of a host end
 *
 * Context: RCU.
 * Return: the address, or 0: not learned, or the host end has, or had, it.
 */
__be32 vtap_learn_pending4(const struct vtap_learn *learn)
{
	__be32 pending = READ_ONCE(learn->pending4);

	return pending && vtap_learn_lease4(learn) ? pending : 0;
}

/**
 * vtap_learn_onlink4() - is this address inside the learned prefix?
 * @learn: of a host end
 * @addr: address
 *
 * Context: RCU.
 */
bool vtap_learn_onlink4(const struct vtap_learn *learn, __be32 addr)
{
	const struct vtap_lease4 *lease = vtap_learn_lease4(learn);

	return lease && lease->msg.address &&
	       !((addr ^ lease->msg.address) &
		 inet_make_mask(lease->msg.prefix_len));
}

/**
 * vtap_learn_configured4() - the host end got or lost an address
 * @learn: of the host end
 * @addr: the address: from now on the device's own list speaks for it
 */
void vtap_learn_configured4(struct vtap_learn *learn, __be32 addr)
{
	spin_lock_bh(&learn->lock);
	if (learn->pending4 == addr)
		WRITE_ONCE(learn->pending4, 0);
	spin_unlock_bh(&learn->lock);
}

static bool is_same_lease(const struct vtap_lease4 *a,
			  const struct vtap_lease4 *b)
{
	return a && b && a->msg.address == b->msg.address;
}

static void tell(struct vtap_port *port, const struct vtap_lease4 *old,
		 const struct vtap_lease4 *lease)
{
	if (old && !is_same_lease(old, lease))
		vtap_netlink_lease4(port, VIRTUALTAP_LEASE_CHANGE_EXPIRED, old);
	if (lease)
		vtap_netlink_lease4(port, is_same_lease(old, lease) ?
				    VIRTUALTAP_LEASE_CHANGE_RENEWED :
				    VIRTUALTAP_LEASE_CHANGE_LEARNED, lease);
}

static void replace_lease(struct vtap_port *port, struct vtap_lease4 *lease,
			  __be32 pending)
{
	struct vtap_learn *learn = &port->learned;
	struct vtap_lease4 *old;

	lockdep_assert_held(&learn->lock);
	old = rcu_replace_pointer(learn->lease4, lease,
				  lockdep_is_held(&learn->lock));
	WRITE_ONCE(learn->pending4, pending);
	tell(port, old, lease);
	if (lease)
		vtap_expiry_at(&port->expiry, lease->expires);
	if (old)
		kfree_rcu(old, rcu);
}

static const struct vtap_lease4 *locked_lease(const struct vtap_learn *learn)
{
	return rcu_dereference_protected(learn->lease4,
					 lockdep_is_held(&learn->lock));
}

/* The lease of this address, if that is what there is. */
static void end_lease(struct vtap_port *port, __be32 addr)
{
	const struct vtap_lease4 *lease = locked_lease(&port->learned);

	if (lease && lease->msg.address == addr)
		replace_lease(port, NULL, 0);
}

/**
 * vtap_learn_expire() - forget a lease that is over
 * @port: host end
 * @now: boot time in seconds
 *
 * Context: process or BH.
 * Return: when to call again, in boot time; U64_MAX for never.
 */
u64 vtap_learn_expire(struct vtap_port *port, u64 now)
{
	struct vtap_learn *learn = &port->learned;
	const struct vtap_lease4 *lease;
	u64 next = U64_MAX;

	spin_lock_bh(&learn->lock);
	lease = locked_lease(learn);
	if (lease && lease->expires <= now)
		replace_lease(port, NULL, 0);
	else if (lease)
		next = lease->expires;
	spin_unlock_bh(&learn->lock);
	return next;
}

/**
 * vtap_learn_forget() - forget what was learned, and what was asked
 * @port: host end
 */
void vtap_learn_forget(struct vtap_port *port)
{
	struct vtap_learn *learn = &port->learned;

	spin_lock_bh(&learn->lock);
	replace_lease(port, NULL, 0);
	memset(learn->transactions, 0, sizeof(learn->transactions));
	spin_unlock_bh(&learn->lock);
}

/**
 * vtap_learn_init() - nothing is known
 * @learn: to initialise
 */
void vtap_learn_init(struct vtap_learn *learn)
{
	spin_lock_init(&learn->lock);
}

/* A whole BOOTP message between these ports, all of it in the linear part. */
static bool find_bootp(struct sk_buff *skb, const struct vtap_pkt *pkt,
		       u16 source, u16 dest, struct dhcp_packet *p)
{
	p->udp = vtap_pkt_udp(skb, pkt);
	p->udp_len = pkt->udp_len;
	if (!p->udp || p->udp->source != htons(source) ||
	    p->udp->dest != htons(dest))
		return false;
	if (p->udp_len < sizeof(*p->udp) + sizeof(*p->bootp) ||
	    p->udp_len > DHCP_MESSAGE_MAX ||
	    !pskb_network_may_pull(skb, pkt->l4 + p->udp_len))
		return false;
	p->udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	p->bootp = (struct vtap_bootp *)(p->udp + 1);
	p->len = p->udp_len - sizeof(*p->udp);
	return true;
}

static __sum16 udp_sum(const struct sk_buff *skb, const struct dhcp_packet *p)
{
	const struct iphdr *iph = ip_hdr(skb);

	return csum_tcpudp_magic(iph->saddr, iph->daddr, p->udp_len,
				 IPPROTO_UDP,
				 csum_partial(p->udp, p->udp_len, 0));
}

/* Make the message ours to change; the pointers in @p move with it. */
static bool make_writable(struct sk_buff *skb, const struct vtap_pkt *pkt,
			  struct dhcp_packet *p)
{
	if (skb_ensure_writable(skb, skb_network_offset(skb) + pkt->l4 +
				     p->udp_len))
		return false;
	p->udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	p->bootp = (struct vtap_bootp *)(p->udp + 1);
	return true;
}

static void fix_udp_sum(struct sk_buff *skb, struct dhcp_packet *p)
{
	if (p->udp->check && skb->ip_summed != CHECKSUM_PARTIAL) {
		p->udp->check = 0;
		p->udp->check = udp_sum(skb, p);
		if (!p->udp->check)
			p->udp->check = CSUM_MANGLED_0;
	}
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
}

static struct vtap_dhcp_transaction *find_transaction(struct vtap_learn *learn,
						      __be32 xid)
{
	unsigned int i;

	lockdep_assert_held(&learn->lock);
	for (i = 0; i < VTAP_DHCP_TRANSACTIONS; i++) {
		struct vtap_dhcp_transaction *t = &learn->transactions[i];

		if (t->type && t->xid == xid &&
		    time_before(jiffies, t->seen + TRANSACTION_TIME))
			return t;
	}
	return NULL;
}

/* The entry of this transaction, else an unused one, else the oldest. */
static struct vtap_dhcp_transaction *
make_transaction(struct vtap_learn *learn, __be32 xid)
{
	struct vtap_dhcp_transaction *t = find_transaction(learn, xid);
	unsigned int i;

	if (t)
		return t;
	t = &learn->transactions[0];
	for (i = 1; i < VTAP_DHCP_TRANSACTIONS && t->type; i++) {
		struct vtap_dhcp_transaction *other = &learn->transactions[i];

		if (!other->type || time_before(other->seen, t->seen))
			t = other;
	}
	return t;
}

/* Does the client know that it is on Ethernet? One on ARPHRD_NONE may send that
 * hardware type, or no address at all (RFC 2131 4.1; RFC 2132 9.14).
 */
static bool is_valid_client(const struct vtap_bootp *bootp)
{
	return bootp->htype == ARPHRD_ETHER && bootp->hlen == ETH_ALEN &&
	       !is_zero_ether_addr(bootp->chaddr);
}

/* The client identifier, where it is a type and the station MAC. */
static u8 *find_client_id(const struct dhcp_packet *p,
			  const struct vtap_dhcp *msg, struct vtap_mac station)
{
	u8 *id = (u8 *)p->bootp + msg->client_id;

	if (!msg->client_id || msg->client_id_len != 1 + ETH_ALEN ||
	    !ether_addr_equal_unaligned(id + 1, station.addr))
		return NULL;
	return id;
}

static enum vtap_verdict make_valid(struct vtap_port *port, struct sk_buff *skb,
				    const struct vtap_pkt *pkt,
				    struct dhcp_packet *p,
				    const struct vtap_dhcp *msg)
{
	struct vtap_mac station = vtap_mac_read(&port->station);
	u8 *id;

	if (!make_writable(skb, pkt, p))
		return VTAP_TX_DROP_NOMEM;
	p->bootp->htype = ARPHRD_ETHER;
	p->bootp->hlen = ETH_ALEN;
	memset(p->bootp->chaddr, 0, sizeof(p->bootp->chaddr));
	memcpy(p->bootp->chaddr, station.addr, ETH_ALEN);
	id = find_client_id(p, msg, station);
	if (id && *id == CLIENT_ID_NONE)
		*id = CLIENT_ID_ETHERNET;
	fix_udp_sum(skb, p);
	return VTAP_CONTINUE;
}

static void note_request(struct vtap_port *port, const struct dhcp_packet *p,
			 const struct vtap_dhcp *msg, bool valid)
{
	const u8 *id = find_client_id(p, msg, vtap_mac_read(&port->station));
	struct vtap_learn *learn = &port->learned;
	const struct vtap_bootp *bootp = p->bootp;
	struct vtap_dhcp_transaction *t;

	spin_lock(&learn->lock);
	t = make_transaction(learn, bootp->xid);
	t->xid = bootp->xid;
	t->type = msg->type;
	t->rewritten = !valid;
	t->id_rewritten = !valid && id && *id == CLIENT_ID_NONE;
	t->htype = bootp->htype;
	t->hlen = bootp->hlen;
	memcpy(t->chaddr, bootp->chaddr, sizeof(t->chaddr));
	t->address = msg->requested ? msg->requested : msg->ciaddr;
	t->server = msg->server;
	t->rapid_commit = msg->rapid_commit;
	t->seen = jiffies;
	spin_unlock(&learn->lock);
}

/* RFC 2131 4.4.4, 4.4.6: the client gives its address back. */
static void note_release(struct vtap_port *port, __be32 addr)
{
	struct vtap_learn *learn = &port->learned;
	unsigned int i;

	spin_lock(&learn->lock);
	/* Nor does an answer that is on its way bring it again. */
	for (i = 0; i < VTAP_DHCP_TRANSACTIONS; i++) {
		if (learn->transactions[i].address == addr)
			learn->transactions[i].type = 0;
	}
	end_lease(port, addr);
	spin_unlock(&learn->lock);
}

/**
 * vtap_learn_tx() - look at a packet of the host for requests
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * Remembers a DHCP client's request, so that its answer may teach; and makes a
 * request valid that names a hardware type or address which no Ethernet segment
 * knows.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, or VTAP_TX_DROP_NOMEM.
 */
enum vtap_verdict vtap_learn_tx(struct vtap_port *port, struct sk_buff *skb,
				const struct vtap_pkt *pkt)
{
	struct vtap_dhcp msg;
	struct dhcp_packet p;
	bool valid;

	if (!find_bootp(skb, pkt, VTAP_DHCP_CLIENT_PORT, VTAP_DHCP_SERVER_PORT,
			&p))
		return VTAP_CONTINUE;
	vtap_count(port->stats, VTAP_STAT_DHCP);
	/* What this host forwards or relays is not its own. */
	if (skb->skb_iif || p.bootp->op != VTAP_BOOTP_REQUEST || p.bootp->giaddr ||
	    vtap_dhcp_parse((u8 *)p.bootp, p.len, &msg))
		return VTAP_CONTINUE;

	valid = is_valid_client(p.bootp);
	switch (msg.type) {
	case VTAP_DHCP_REQUEST:
		vtap_count(port->stats, VTAP_STAT_DHCP_REQUESTS);
		fallthrough;
	case VTAP_DHCP_DISCOVER:
	case VTAP_DHCP_INFORM:
		note_request(port, &p, &msg, valid);
		break;
	case VTAP_DHCP_RELEASE:
	case VTAP_DHCP_DECLINE:
		note_release(port, msg.type == VTAP_DHCP_RELEASE ? msg.ciaddr :
								   msg.requested);
		break;
	}
	return valid ? VTAP_CONTINUE : make_valid(port, skb, pkt, &p, &msg);
}

/* Does an ACK make sense as an answer to this request? RFC 2131 4.3.1 table 3:
 * server and, unless it answers an INFORM, address and lease are mandatory.
 */
static bool is_good_ack(const struct vtap_dhcp *msg,
			const struct vtap_dhcp_transaction *t)
{
	if (!msg->server || (t->server && t->server != msg->server))
		return false;
	switch (t->type) {
	case VTAP_DHCP_INFORM:
		return !msg->address;
	case VTAP_DHCP_DISCOVER:	/* RFC 4039 3.1 */
		if (!t->rapid_commit || !msg->rapid_commit)
			return false;
		break;
	case VTAP_DHCP_REQUEST:
		if (msg->address != t->address)
			return false;
		break;
	default:
		return false;
	}
	return msg->lease && vtap_addr_is_unicast4(msg->address);
}

static bool learn_ack(struct vtap_port *port, const struct vtap_dhcp *msg)
{
	struct vtap_learn *learn = &port->learned;
	const struct vtap_lease4 *old = locked_lease(learn);
	struct vtap_lease4 *lease;
	__be32 pending = 0;

	/* An INFORM brings no lease: it adds nothing to one. */
	if (!msg->address && old && old->msg.address)
		return true;
	lease = kmalloc(sizeof(*lease), GFP_ATOMIC | __GFP_NOWARN);
	if (!lease)
		return false;
	lease->msg = *msg;
	lease->expires = U64_MAX;
	if (msg->address && msg->lease != LEASE_INFINITE)
		lease->expires = ktime_get_boottime_seconds() + msg->lease;
	if (!vtap_addr_is_unicast4(msg->gateway) || msg->gateway == msg->address)
		lease->msg.gateway = 0;
	if (msg->address && !vtap_addr_is_own4(port->dev, msg->address) &&
	    (!old || old->msg.address != msg->address))
		pending = msg->address;
	else if (old && old->msg.address == msg->address)
		pending = learn->pending4;
	replace_lease(port, lease, pending);
	return true;
}

/* False: for want of memory, the client had better ask again. */
static bool learn_answer(struct vtap_port *port, const struct vtap_dhcp *msg,
			 struct vtap_dhcp_transaction *t)
{
	switch (msg->type) {
	case VTAP_DHCP_OFFER:
		vtap_count(port->stats, VTAP_STAT_DHCP_OFFERS);
		break;
	case VTAP_DHCP_ACK:
		vtap_count(port->stats, VTAP_STAT_DHCP_ACKS);
		if (!is_good_ack(msg, t))
			break;
		if (vtap_option(port, learning) && !learn_ack(port, msg))
			return false;
		t->type = 0;	/* answered once */
		break;
	case VTAP_DHCP_NAK:
		vtap_count(port->stats, VTAP_STAT_DHCP_NAKS);
		if (t->type != VTAP_DHCP_REQUEST ||
		    (t->server && t->server != msg->server))
			break;
		end_lease(port, t->address);
		t->type = 0;
		break;
	}
	return true;
}

/* Give the client back what it sent. */
static void restore(struct sk_buff *skb, struct dhcp_packet *p,
		    const struct vtap_dhcp *msg,
		    const struct vtap_dhcp_transaction *t,
		    struct vtap_mac station)
{
	u8 *id = find_client_id(p, msg, station);

	p->bootp->htype = t->htype;
	p->bootp->hlen = t->hlen;
	memcpy(p->bootp->chaddr, t->chaddr, sizeof(t->chaddr));
	/* RFC 6842: the server echoes the client identifier. */
	if (t->id_rewritten && id && *id == CLIENT_ID_ETHERNET)
		*id = CLIENT_ID_NONE;
	fix_udp_sum(skb, p);
}

/**
 * vtap_learn_rx() - look at a packet from the VPN for answers
 * @port: host end
 * @skb: packet, network header set. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * An ACK teaches when its transaction was seen on tx, it is addressed to the
 * station and it comes from the server that the client chose. The first answer
 * ends the transaction.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, or VTAP_RX_DROP_NOMEM.
 */
enum vtap_verdict vtap_learn_rx(struct vtap_port *port, struct sk_buff *skb,
				const struct vtap_pkt *pkt)
{
	struct vtap_mac station = vtap_mac_read(&port->station);
	struct vtap_dhcp_transaction *t;
	struct vtap_dhcp_transaction answered = { .type = 0 };
	struct vtap_dhcp msg;
	struct dhcp_packet p;
	bool learned = true;

	if (!find_bootp(skb, pkt, VTAP_DHCP_SERVER_PORT, VTAP_DHCP_CLIENT_PORT,
			&p))
		return VTAP_CONTINUE;
	vtap_count(port->stats, VTAP_STAT_DHCP);
	if (p.bootp->op != VTAP_BOOTP_REPLY ||
	    p.bootp->htype != ARPHRD_ETHER || p.bootp->hlen != ETH_ALEN ||
	    !ether_addr_equal_unaligned(p.bootp->chaddr, station.addr) ||
	    (p.udp->check && !vtap_pkt_sum_good(skb, pkt, p.udp_len)) ||
	    vtap_dhcp_parse((u8 *)p.bootp, p.len, &msg))
		return VTAP_CONTINUE;

	spin_lock(&port->learned.lock);
	t = find_transaction(&port->learned, p.bootp->xid);
	if (t) {
		answered = *t;
		learned = learn_answer(port, &msg, t);
	}
	spin_unlock(&port->learned.lock);

	if (!learned)
		return VTAP_RX_DROP_NOMEM;
	if (!answered.rewritten)
		return VTAP_CONTINUE;
	if (!make_writable(skb, pkt, &p))
		return VTAP_RX_DROP_NOMEM;
	restore(skb, &p, &msg, &answered, station);
	return VTAP_CONTINUE;
}
