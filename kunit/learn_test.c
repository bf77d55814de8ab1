// SPDX-License-Identifier: GPL-2.0
/* What DHCP teaches, and what does not; requests that are made valid. */

#include <linux/hex.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>

#include "learn.h"
#include "utils.h"

enum {
	OPT_MASK = 1,
	OPT_ROUTER = 3,
	OPT_REQUESTED = 50,
	OPT_LEASE = 51,
	OPT_TYPE = 53,
	OPT_SERVER = 54,
	OPT_CLIENT_ID = 61,
	OPT_RAPID_COMMIT = 80,
};

/* A DHCP message as a UDP packet. Of hardware addresses the last byte is given,
 * the others are STATION_MAC's; options that are 0 are not there.
 */
struct message {
	u8 op;
	u8 htype;
	u8 hlen;
	u8 chaddr_end;
	u8 no_chaddr;	/* all of it is zero */
	u8 type;
	u8 id;		/* type of the client identifier */
	u8 id_end;
	u8 rapid;	/* commit */
	u8 no_end;
	u8 no_sum;	/* no UDP checksum */
	u8 bad_sum;
	u16 sport;
	u16 dport;
	u16 frag_off;
	u32 xid;
	__be32 saddr;
	__be32 daddr;
	__be32 ciaddr;
	__be32 yiaddr;
	__be32 giaddr;
	__be32 requested;
	__be32 server;
	__be32 router;
	u32 lease;
};

static const struct message request = {
	.op = VTAP_BOOTP_REQUEST, .htype = 1, .hlen = 6, .chaddr_end = 0x30,
	.type = VTAP_DHCP_REQUEST, .id = 1, .id_end = 0x30,
	.sport = 68, .dport = 67, .xid = DHCP_XID,
	.daddr = cpu_to_be32(0xffffffff),
	.requested = STATION_IP, .server = GATEWAY_IP,
};

static const struct message ack = {
	.op = VTAP_BOOTP_REPLY, .htype = 1, .hlen = 6, .chaddr_end = 0x30,
	.type = VTAP_DHCP_ACK, .id = 1, .id_end = 0x30,
	.sport = 67, .dport = 68, .xid = DHCP_XID,
	.saddr = GATEWAY_IP, .daddr = cpu_to_be32(0xffffffff),
	.yiaddr = STATION_IP, .server = GATEWAY_IP, .router = GATEWAY_IP,
	.lease = 3600,
};

static void put_ip(struct vtap_test_dhcp *dhcp, u8 code, __be32 addr)
{
	if (addr)
		vtap_test_dhcp_put_ip(dhcp, code, addr);
}

static void put_options(struct vtap_test_dhcp *dhcp, const struct message *m)
{
	u8 id[7] = { m->id };

	memcpy(id + 1, STATION_MAC, ETH_ALEN);
	id[6] = m->id_end;
	vtap_test_dhcp_put_u8(dhcp, OPT_TYPE, m->type);
	if (m->id)
		vtap_test_dhcp_put(dhcp, OPT_CLIENT_ID, id, sizeof(id));
	put_ip(dhcp, OPT_REQUESTED, m->requested);
	put_ip(dhcp, OPT_SERVER, m->server);
	put_ip(dhcp, OPT_ROUTER, m->router);
	put_ip(dhcp, OPT_MASK, IP4(255, 255, 255, 0));
	if (m->lease)
		vtap_test_dhcp_put_u32(dhcp, OPT_LEASE, m->lease);
	if (m->rapid)
		vtap_test_dhcp_put(dhcp, OPT_RAPID_COMMIT, NULL, 0);
	if (!m->no_end)
		vtap_test_dhcp_end(dhcp);
}

static void spoil_ip(struct sk_buff *skb, const struct message *m)
{
	struct udphdr *udp = (struct udphdr *)(ip_hdr(skb) + 1);

	if (m->no_sum)
		udp->check = 0;
	if (m->bad_sum)
		udp->check ^= htons(0x0100);
	ip_hdr(skb)->frag_off = htons(m->frag_off);
	vtap_test_sum_ipv4(skb->data);
}

static struct sk_buff *build(struct kunit *test, const struct message *m)
{
	struct vtap_test_dhcp *dhcp = vtap_test_dhcp_new(test);
	struct sk_buff *skb;

	vtap_test_dhcp_start(dhcp, m->op);
	dhcp->bootp.htype = m->htype;
	dhcp->bootp.hlen = m->hlen;
	dhcp->bootp.xid = htonl(m->xid);
	dhcp->bootp.ciaddr = m->ciaddr;
	dhcp->bootp.yiaddr = m->yiaddr;
	dhcp->bootp.giaddr = m->giaddr;
	dhcp->bootp.chaddr[ETH_ALEN - 1] = m->chaddr_end;
	if (m->no_chaddr)
		memset(dhcp->bootp.chaddr, 0, sizeof(dhcp->bootp.chaddr));
	put_options(dhcp, m);
	skb = vtap_test_udp(test, m->saddr, m->daddr, m->sport, m->dport,
			    dhcp->bytes, dhcp->len);
	spoil_ip(skb, m);
	kunit_kfree(test, dhcp);
	return skb;
}

/* The host sends @sent, and @wanted comes out. */
static void host_sends(struct kunit *test, const struct message *sent,
		       const struct message *wanted)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, wanted);

	vtap_test_push_ethernet(skb, BROADCAST_MAC, STATION_MAC);
	vtap_test_transmit(test, pair->host, build(test, sent));
	vtap_test_expect_frame(test, &pair->to_vpn, skb->data, skb->len);
	kfree_skb(skb);
}

/* The VPN sends @sent, and the host receives @wanted. */
static void vpn_sends(struct kunit *test, const struct message *sent,
		      const struct message *wanted)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *received = build(test, wanted);
	struct sk_buff *skb = build(test, sent);

	vtap_test_push_ethernet(skb, BROADCAST_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
	vtap_test_expect_frame(test, &pair->to_host, received->data,
			       received->len);
	kfree_skb(received);
}

static bool learned(struct kunit *test, struct vtap_dhcp *msg)
{
	struct vtap_test_pair *pair = test->priv;
	const struct vtap_lease4 *lease;

	rcu_read_lock();
	lease = vtap_learn_lease4(&pair->port->learned);
	if (lease)
		*msg = lease->msg;
	rcu_read_unlock();
	return lease;
}

static void expect_lease(struct kunit *test, bool wanted)
{
	struct vtap_dhcp msg;

	KUNIT_EXPECT_EQ(test, learned(test, &msg), wanted);
}

static void expect_router(struct kunit *test, __be32 router)
{
	struct vtap_test_pair *pair = test->priv;
	__be32 gateway;

	rcu_read_lock();
	gateway = vtap_learn_gateway4(&pair->port->learned);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, gateway, router);
}

static void exchange(struct kunit *test)
{
	host_sends(test, &request, &request);
	vpn_sends(test, &ack, &ack);
	expect_lease(test, true);
}

static void good_ack(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_port *port = pair->port;
	struct vtap_dhcp msg;

	exchange(test);
	KUNIT_ASSERT_TRUE(test, learned(test, &msg));
	KUNIT_EXPECT_EQ(test, msg.address, STATION_IP);
	KUNIT_EXPECT_EQ(test, msg.prefix_len, 24);
	KUNIT_EXPECT_EQ(test, msg.server, GATEWAY_IP);
	KUNIT_EXPECT_EQ(test, msg.lease, 3600);
	expect_router(test, GATEWAY_IP);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_DHCP), 2);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_DHCP_REQUESTS),
			1);
	KUNIT_EXPECT_EQ(test, vtap_test_count(port, VTAP_STAT_DHCP_ACKS), 1);
	rcu_read_lock();
	KUNIT_EXPECT_TRUE(test, vtap_learn_onlink4(&port->learned,
						   IP4(192, 168, 1, 3)));
	KUNIT_EXPECT_FALSE(test, vtap_learn_onlink4(&port->learned,
						    IP4(192, 168, 2, 3)));
	rcu_read_unlock();
}

static void nobody_asked(struct kunit *test)
{
	vpn_sends(test, &ack, &ack);
	expect_lease(test, false);
}

/* An answer to the request with something changed: does it teach? */
struct answer_case {
	const char *name;
	size_t at;
	size_t size;
	u32 value;
	bool teaches;
};

/* Behind the name. */
#define AT(_member)	offsetof(struct message, _member)
#define SIZE(_member)	sizeof_field(struct message, _member)

static const struct answer_case answer_cases[] = {
	{ "another transaction", AT(xid), SIZE(xid), DHCP_XID + 1 },
	{ "another client", AT(chaddr_end), SIZE(chaddr_end), 0x31 },
	{ "another hardware", AT(htype), SIZE(htype), 6 },
	{ "long hardware address", AT(hlen), SIZE(hlen), 16 },
	{ "a request", AT(op), SIZE(op), VTAP_BOOTP_REQUEST },
	{ "an offer", AT(type), SIZE(type), VTAP_DHCP_OFFER },
	{ "a discover", AT(type), SIZE(type), VTAP_DHCP_DISCOVER },
	{ "another server", AT(server), SIZE(server),
	  (__force u32)IP4(192, 168, 1, 66) },
	{ "no server", AT(server), SIZE(server), 0 },
	{ "no lease", AT(lease), SIZE(lease), 0 },
	{ "endless lease", AT(lease), SIZE(lease), 0xffffffff, true },
	{ "no address", AT(yiaddr), SIZE(yiaddr), 0 },
	{ "another address", AT(yiaddr), SIZE(yiaddr),
	  (__force u32)IP4(192, 168, 1, 99) },
	{ "no router", AT(router), SIZE(router), 0, true },
	{ "no END", AT(no_end), SIZE(no_end), 1 },
	{ "wrong UDP checksum", AT(bad_sum), SIZE(bad_sum), 1 },
	{ "no UDP checksum", AT(no_sum), SIZE(no_sum), 1, true },
	{ "first fragment", AT(frag_off), SIZE(frag_off), IP_MF },
	{ "from a client's port", AT(sport), SIZE(sport), 68 },
	{ "to a server's port", AT(dport), SIZE(dport), 67 },
	{ "not fragmentable", AT(frag_off), SIZE(frag_off), IP_DF, true },
};

KUNIT_ARRAY_PARAM_DESC(answer, answer_cases, name);

static void change(struct message *m, const struct answer_case *c)
{
	void *field = (u8 *)m + c->at;

	switch (c->size) {
	case 1:
		*(u8 *)field = c->value;
		break;
	case 2:
		*(u16 *)field = c->value;
		break;
	default:
		*(u32 *)field = c->value;
		break;
	}
}

static void answers(struct kunit *test)
{
	const struct answer_case *c = test->param_value;
	struct message changed = ack;

	change(&changed, c);
	host_sends(test, &request, &request);
	/* Whatever it is: the host gets it as it is. */
	vpn_sends(test, &changed, &changed);
	expect_lease(test, c->teaches);
}

/* The same for the request: is it one that an ACK may answer? */
static const struct answer_case request_cases[] = {
	{ "init-reboot, no server", AT(server), SIZE(server), 0, true },
	{ "a discover", AT(type), SIZE(type), VTAP_DHCP_DISCOVER },
	{ "an inform", AT(type), SIZE(type), VTAP_DHCP_INFORM },
	{ "of a relay", AT(giaddr), SIZE(giaddr),
	  (__force u32)IP4(10, 0, 0, 1) },
	{ "a reply", AT(op), SIZE(op), VTAP_BOOTP_REPLY },
	{ "no END", AT(no_end), SIZE(no_end), 1 },
	{ "from a server's port", AT(sport), SIZE(sport), 67 },
	{ "to a client's port", AT(dport), SIZE(dport), 68 },
	{ "a fragment", AT(frag_off), SIZE(frag_off), IP_MF },
	{ "for another address", AT(requested), SIZE(requested),
	  (__force u32)IP4(192, 168, 1, 5) },
	{ "for no address", AT(requested), SIZE(requested), 0 },
};

KUNIT_ARRAY_PARAM_DESC(request, request_cases, name);

static void requests(struct kunit *test)
{
	const struct answer_case *c = test->param_value;
	struct message changed = request;

	change(&changed, c);
	host_sends(test, &changed, &changed);
	vpn_sends(test, &ack, &ack);
	expect_lease(test, c->teaches);
}

/* What the host passes on for somebody else is not its own. */
static void forwarded_request_is_not_ours(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, &request);

	skb->skb_iif = pair->ethernet->ifindex;
	vtap_test_transmit(test, pair->host, skb);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vpn_sends(test, &ack, &ack);
	expect_lease(test, false);
}

/* Renewing, the client has its address and names no server. */
static void renewal(struct kunit *test)
{
	struct message renew = request, answer = ack;
	struct vtap_dhcp msg;

	exchange(test);
	renew.xid++;
	renew.requested = 0;
	renew.server = 0;
	renew.ciaddr = STATION_IP;
	answer.xid++;
	answer.lease = 7200;
	answer.router = IP4(192, 168, 1, 2);
	host_sends(test, &renew, &renew);
	vpn_sends(test, &answer, &answer);
	KUNIT_ASSERT_TRUE(test, learned(test, &msg));
	KUNIT_EXPECT_EQ(test, msg.lease, 7200);
	expect_router(test, answer.router);
}

/* Configuration without a lease: adds nothing to one. */
static void inform(struct kunit *test)
{
	struct message ask = request, answer = ack;

	ask.type = VTAP_DHCP_INFORM;
	ask.requested = 0;
	ask.server = 0;
	ask.ciaddr = STATION_IP;
	answer.yiaddr = 0;
	answer.lease = 0;
	host_sends(test, &ask, &ask);
	vpn_sends(test, &answer, &answer);
	expect_lease(test, true);
	expect_router(test, GATEWAY_IP);
	/* Nor is there one that it could not replace. */
	answer.router = IP4(192, 168, 1, 3);
	host_sends(test, &ask, &ask);
	vpn_sends(test, &answer, &answer);
	expect_router(test, IP4(192, 168, 1, 3));
	exchange(test);
	answer.router = IP4(192, 168, 1, 2);
	host_sends(test, &ask, &ask);
	vpn_sends(test, &answer, &answer);
	expect_router(test, GATEWAY_IP);
}

/* RFC 4039: a lease without an offer, if both want that. */
static void rapid_commit(struct kunit *test)
{
	struct message discover = request, answer = ack;
	unsigned int i;

	discover.type = VTAP_DHCP_DISCOVER;
	discover.server = 0;
	discover.requested = 0;
	for (i = 0; i < 4; i++) {
		discover.rapid = i & 1;
		answer.rapid = i >> 1;
		host_sends(test, &discover, &discover);
		vpn_sends(test, &answer, &answer);
		expect_lease(test, i == 3);
	}
	expect_router(test, GATEWAY_IP);
}

static void second_ack_is_ignored(struct kunit *test)
{
	struct message second = ack;

	exchange(test);
	second.router = IP4(192, 168, 1, 66);
	vpn_sends(test, &second, &second);
	expect_router(test, GATEWAY_IP);
}

static void offers_are_counted(struct kunit *test)
{
	struct message discover = request, offer = ack;
	struct vtap_test_pair *pair = test->priv;

	discover.type = VTAP_DHCP_DISCOVER;
	discover.server = 0;
	offer.type = VTAP_DHCP_OFFER;
	host_sends(test, &discover, &discover);
	vpn_sends(test, &offer, &offer);
	vpn_sends(test, &offer, &offer);
	expect_lease(test, false);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port,
					      VTAP_STAT_DHCP_OFFERS), 2);
	/* The same transaction goes on. */
	exchange(test);
}

static void nak(struct kunit *test, __be32 requested, __be32 server,
		bool keeps)
{
	struct message answer = ack, again = request;

	exchange(test);
	again.requested = requested;
	again.xid++;
	answer.xid++;
	answer.type = VTAP_DHCP_NAK;
	answer.yiaddr = 0;
	answer.lease = 0;
	answer.router = 0;
	answer.server = server;
	host_sends(test, &again, &again);
	vpn_sends(test, &answer, &answer);
	expect_lease(test, keeps);
}

static void nak_ends_the_lease(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	nak(test, STATION_IP, GATEWAY_IP, false);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_DHCP_NAKS),
			1);
}

static void nak_of_another_server_does_not(struct kunit *test)
{
	nak(test, STATION_IP, IP4(192, 168, 1, 66), true);
}

/* Of two clients, one is refused what it wants. */
static void nak_about_another_address_does_not(struct kunit *test)
{
	nak(test, IP4(192, 168, 1, 5), GATEWAY_IP, true);
}

static void nak_nobody_asked_for_does_not(struct kunit *test)
{
	struct message answer = ack;

	exchange(test);
	answer.type = VTAP_DHCP_NAK;
	vpn_sends(test, &answer, &answer);
	expect_lease(test, true);
}

/* The client gives an address back. */
static const struct release_case {
	const char *name;
	u8 type;
	__be32 ciaddr;
	__be32 requested;
	bool keeps;
} release_cases[] = {
	{ "release", VTAP_DHCP_RELEASE, STATION_IP, 0, false },
	{ "release of another", VTAP_DHCP_RELEASE, IP4(192, 168, 1, 5), 0,
	  true },
	{ "decline", VTAP_DHCP_DECLINE, 0, STATION_IP, false },
	{ "decline of another", VTAP_DHCP_DECLINE, 0, IP4(192, 168, 1, 5),
	  true },
};

KUNIT_ARRAY_PARAM_DESC(release, release_cases, name);

static void releases(struct kunit *test)
{
	const struct release_case *c = test->param_value;
	struct message release = request, renew = request, late = ack;

	exchange(test);
	renew.xid++;
	host_sends(test, &renew, &renew);
	release.type = c->type;
	release.ciaddr = c->ciaddr;
	release.requested = c->requested;
	host_sends(test, &release, &release);
	expect_lease(test, c->keeps);
	/* What was on its way meanwhile brings nothing back. */
	late.xid++;
	vpn_sends(test, &late, &late);
	expect_lease(test, c->keeps);
}

/* It goes by itself, also when nobody looks. */
static void lease_is_dropped_in_time(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct message answer = ack;
	unsigned int tries = 200;

	answer.lease = 1;
	host_sends(test, &request, &request);
	vpn_sends(test, &answer, &answer);
	KUNIT_EXPECT_NOT_NULL(test,
			      rcu_access_pointer(pair->port->learned.lease4));
	while (rcu_access_pointer(pair->port->learned.lease4) && --tries)
		schedule_timeout_uninterruptible(HZ / 10);
	KUNIT_EXPECT_GT(test, tries, 0);
}

static void lease_expires(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_lease4 *lease;
	u32 left;

	exchange(test);
	rcu_read_lock();
	lease = rcu_dereference(pair->port->learned.lease4);
	left = vtap_learn_seconds_left(lease);
	KUNIT_EXPECT_LE(test, left, 3600);
	KUNIT_EXPECT_GT(test, left, 3000);
	lease->expires = ktime_get_boottime_seconds();
	KUNIT_EXPECT_EQ(test, vtap_learn_seconds_left(lease), 0);
	rcu_read_unlock();
	expect_lease(test, false);
	expect_router(test, 0);
}

static void endless_lease(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_learn *learn = &pair->port->learned;
	struct message endless = ack;
	u32 left;

	endless.lease = 0xffffffff;
	host_sends(test, &request, &request);
	vpn_sends(test, &endless, &endless);
	rcu_read_lock();
	left = vtap_learn_seconds_left(rcu_dereference(learn->lease4));
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, left, 0xffffffff);
}

static void request_is_forgotten(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	host_sends(test, &request, &request);
	pair->port->learned.transactions[0].seen -= 61 * HZ;
	vpn_sends(test, &ack, &ack);
	expect_lease(test, false);
}

/* More transactions at once than are remembered: the newest are. */
static void newest_requests_are_remembered(struct kunit *test)
{
	struct message ask = request, answer = ack;
	unsigned int i;

	for (i = 0; i < VTAP_DHCP_TRANSACTIONS + 3; i++) {
		struct vtap_test_pair *pair = test->priv;
		unsigned int t;

		ask.xid = i;
		host_sends(test, &ask, &ask);
		for (t = 0; t < VTAP_DHCP_TRANSACTIONS; t++)
			pair->port->learned.transactions[t].seen -= HZ;
	}
	answer.xid = 2;
	vpn_sends(test, &answer, &answer);
	expect_lease(test, false);
	answer.xid = 3;
	vpn_sends(test, &answer, &answer);
	expect_lease(test, true);
}

static void learning_off(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	WRITE_ONCE(pair->port->opt.learning, 0);
	host_sends(test, &request, &request);
	vpn_sends(test, &ack, &ack);
	expect_lease(test, false);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_DHCP_ACKS),
			1);
}

/* A router that cannot be one is none; the rest is learned. */
static void senseless_routers_are_none(struct kunit *test)
{
	static const __be32 routers[] = {
		STATION_IP, IP4(224, 0, 0, 1), IP4(127, 0, 0, 1),
		IP4(255, 255, 255, 255),
	};
	struct message ask = request, answer = ack;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(routers); i++) {
		ask.xid++;
		answer.xid++;
		answer.router = routers[i];
		host_sends(test, &ask, &ask);
		vpn_sends(test, &answer, &answer);
		expect_lease(test, true);
		expect_router(test, 0);
	}
}

static void expect_pending(struct kunit *test, __be32 addr)
{
	struct vtap_test_pair *pair = test->priv;
	__be32 pending;

	rcu_read_lock();
	pending = vtap_learn_pending4(&pair->port->learned);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, pending, addr);
}

/* ARP answers for the leased address before the client configures it, and
 * leaves it to the device's list from then on.
 */
static void leased_address_is_answered_for(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	const struct vtap_test_arp ask = {
		.op = ARPOP_REQUEST, .dest = BROADCAST_MAC,
		.sha = GATEWAY_MAC, .sip = GATEWAY_IP, .tip = STATION_IP,
	};

	vtap_test_from_vpn(test, pair, &ask);
	vtap_test_expect_silence(test, &pair->to_vpn);
	exchange(test);
	expect_pending(test, STATION_IP);
	vtap_test_from_vpn(test, pair, &ask);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vtap_test_add_address(test, pair->host, STATION_IP, 24);
	expect_pending(test, 0);
	vtap_test_from_vpn(test, pair, &ask);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
}

/* A request as an ARPHRD_NONE client sends it, and as it has to be. */
static const struct rewrite_case {
	const char *name;
	u8 htype;
	u8 hlen;
	u8 no_chaddr;
	u8 id;
	u8 id_end;
	u8 no_sum;
	u8 valid_id;	/* type of @id as it has to be */
} rewrite_cases[] = {
	{ "dhcpcd", 254, 6, 0, 0xfe, 0x30, 0, 1 },
	{ "dhcpcd, no checksum", 254, 6, 0, 0xfe, 0x30, 1, 1 },
	{ "no client id", 254, 6, 0, 0, 0x30, 0, 0 },
	{ "good client id", 254, 6, 0, 1, 0x30, 0, 1 },
	{ "client id of another", 254, 6, 0, 0xfe, 0x31, 0, 0xfe },
	{ "client id of another kind", 254, 6, 0, 0x7f, 0x30, 0, 0x7f },
	{ "no hardware address", 1, 6, 1, 1, 0x30, 0, 1 },
	{ "nothing", 0, 0, 1, 0, 0x30, 0, 0 },
	{ "of a tun", 254, 0, 1, 0xfe, 0x30, 0, 1 },
};

KUNIT_ARRAY_PARAM_DESC(rewrite, rewrite_cases, name);

static struct message as_sent(const struct message *m,
			      const struct rewrite_case *c)
{
	struct message sent = *m;

	sent.htype = c->htype;
	sent.hlen = c->hlen;
	sent.no_chaddr = c->no_chaddr;
	sent.id = c->id;
	sent.id_end = c->id_end;
	sent.no_sum = c->no_sum;
	return sent;
}

static struct message as_valid(const struct message *m,
			       const struct rewrite_case *c)
{
	struct message valid = *m;

	valid.id = c->valid_id;
	valid.id_end = c->id_end;
	valid.no_sum = c->no_sum;
	return valid;
}

static void requests_are_made_valid(struct kunit *test)
{
	const struct rewrite_case *c = test->param_value;
	struct message sent = as_sent(&request, c);
	struct message valid = as_valid(&request, c);
	struct message answer = as_valid(&ack, c);
	struct message restored = as_sent(&ack, c);

	host_sends(test, &sent, &valid);
	vpn_sends(test, &answer, &restored);
	expect_lease(test, true);
}

/* An offer, too; and only the answer to what was changed is. */
static void offers_are_restored(struct kunit *test)
{
	const struct rewrite_case *c = &rewrite_cases[0];
	struct message sent = as_sent(&request, c), answer = ack;
	struct message valid = as_valid(&request, c), restored;

	sent.type = VTAP_DHCP_DISCOVER;
	valid.type = VTAP_DHCP_DISCOVER;
	answer.type = VTAP_DHCP_OFFER;
	restored = as_sent(&answer, c);
	host_sends(test, &sent, &valid);
	vpn_sends(test, &answer, &restored);
	vpn_sends(test, &answer, &restored);
	answer.xid++;
	vpn_sends(test, &answer, &answer);
}

/* What is right, or not the host's own, leaves as it came. */
static void others_are_left_alone(struct kunit *test)
{
	struct message none = as_sent(&request, &rewrite_cases[0]), m;

	m = request;
	m.id = 0xfe;
	host_sends(test, &m, &m);
	m = none;
	m.giaddr = IP4(10, 0, 0, 1);
	host_sends(test, &m, &m);
	m = none;
	m.dport = 69;
	host_sends(test, &m, &m);
	m = none;
	m.no_end = 1;
	host_sends(test, &m, &m);
	m = none;
	m.frag_off = IP_MF;
	host_sends(test, &m, &m);
}

/* Whoever else has the packet keeps what he had. */
static void clones_keep_their_data(struct kunit *test)
{
	struct message none = as_sent(&request, &rewrite_cases[0]);
	struct sk_buff *skb = build(test, &none), *clone, *untouched;
	struct vtap_test_pair *pair = test->priv;

	untouched = build(test, &none);
	clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, clone);
	vtap_test_transmit(test, pair->host, skb);
	skb = vtap_test_next(test, &pair->to_vpn);
	KUNIT_EXPECT_EQ(test, clone->len, untouched->len);
	KUNIT_EXPECT_MEMEQ(test, clone->data, untouched->data, clone->len);
	KUNIT_EXPECT_TRUE(test, vtap_test_udp_sum_good(skb->data + ETH_HLEN));
	kfree_skb(skb);
	kfree_skb(clone);
	kfree_skb(untouched);
}

/* The vectors of the reference library's DHCP client, whose hardware address
 * the host end takes.
 */
#define VECTOR_MAC	"\x00\x50\x56\xc0\x00\x01"
#define VECTOR_ETHER	"ffffffffffff005056c000010800"
#define VECTOR_BOOTP	"0101060012345678000080000000000000000000000000000000" \
			"0000005056c00001"
#define VECTOR_ZEROS	202

static const struct vector_case {
	const char *name;
	const char *headers;
	const char *options;
	u8 type;
} vector_cases[] = {
	{ "discover",
	  "4500011600000000401179d800000000ffffffff0044004301020000",
	  "6382536335010137040103060fff", VTAP_DHCP_DISCOVER },
	{ "request",
	  "4500012200000000401179cc00000000ffffffff00440043010e0000",
	  "6382536335010332040a00000236040a00000137040103060fff",
	  VTAP_DHCP_REQUEST },
};

KUNIT_ARRAY_PARAM_DESC(vector, vector_cases, name);

static void put_hex(struct kunit *test, struct sk_buff *skb, const char *hex)
{
	size_t len = strlen(hex) / 2;

	KUNIT_ASSERT_EQ(test, hex2bin(skb_put(skb, len), hex, len), 0);
}

static struct sk_buff *build_vector(struct kunit *test,
				    const struct vector_case *c)
{
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	put_hex(test, skb, VECTOR_ETHER);
	put_hex(test, skb, c->headers);
	put_hex(test, skb, VECTOR_BOOTP);
	skb_put_zero(skb, VECTOR_ZEROS);
	put_hex(test, skb, c->options);
	return skb;
}

static void take_vector_mac(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sockaddr address = { .sa_family = pair->host->type };

	memcpy(address.sa_data, VECTOR_MAC, ETH_ALEN);
	rtnl_lock();
	KUNIT_EXPECT_EQ(test, dev_set_mac_address(pair->host, &address, NULL),
			0);
	rtnl_unlock();
}

static void vectors(struct kunit *test)
{
	const struct vector_case *c = test->param_value;
	struct sk_buff *frame = build_vector(test, c), *skb;
	struct vtap_test_pair *pair = test->priv;
	struct vtap_dhcp_transaction *t;

	take_vector_mac(test);
	skb = vtap_test_skb(test, frame->data + ETH_HLEN,
			    frame->len - ETH_HLEN);
	skb->protocol = htons(ETH_P_IP);
	vtap_test_transmit(test, pair->host, skb);
	vtap_test_expect_frame(test, &pair->to_vpn, frame->data, frame->len);
	kfree_skb(frame);

	t = &pair->port->learned.transactions[0];
	KUNIT_EXPECT_EQ(test, t->type, c->type);
	KUNIT_EXPECT_EQ(test, t->xid, htonl(0x12345678));
	KUNIT_EXPECT_FALSE(test, t->rewritten);
	if (c->type == VTAP_DHCP_REQUEST) {
		KUNIT_EXPECT_EQ(test, t->server, IP4(10, 0, 0, 1));
		KUNIT_EXPECT_EQ(test, t->address, IP4(10, 0, 0, 2));
	}
}

static struct kunit_case table_test_cases[] = {
	KUNIT_CASE_PARAM(answers, answer_gen_params),
	KUNIT_CASE_PARAM(requests, request_gen_params),
	KUNIT_CASE_PARAM(releases, release_gen_params),
	KUNIT_CASE_PARAM(requests_are_made_valid, rewrite_gen_params),
	{}
};

static struct kunit_suite table_suite = {
	.name = "vtap_learn_tables",
	.init = vtap_test_unchecked_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = table_test_cases,
};

static struct kunit_case learn_test_cases[] = {
	KUNIT_CASE(good_ack),
	KUNIT_CASE(nobody_asked),
	KUNIT_CASE(forwarded_request_is_not_ours),
	KUNIT_CASE(renewal),
	KUNIT_CASE(inform),
	KUNIT_CASE(rapid_commit),
	KUNIT_CASE(second_ack_is_ignored),
	KUNIT_CASE(offers_are_counted),
	KUNIT_CASE(nak_ends_the_lease),
	KUNIT_CASE(nak_of_another_server_does_not),
	KUNIT_CASE(nak_about_another_address_does_not),
	KUNIT_CASE(nak_nobody_asked_for_does_not),
	KUNIT_CASE(lease_expires),
	KUNIT_CASE(lease_is_dropped_in_time),
	KUNIT_CASE(endless_lease),
	KUNIT_CASE(request_is_forgotten),
	KUNIT_CASE(newest_requests_are_remembered),
	KUNIT_CASE(learning_off),
	KUNIT_CASE(senseless_routers_are_none),
	KUNIT_CASE(leased_address_is_answered_for),
	KUNIT_CASE(offers_are_restored),
	KUNIT_CASE(others_are_left_alone),
	KUNIT_CASE(clones_keep_their_data),
	KUNIT_CASE_PARAM(vectors, vector_gen_params),
	{}
};

static struct kunit_suite learn_suite = {
	.name = "vtap_learn",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = learn_test_cases,
};

kunit_test_suites(&table_suite, &learn_suite);
