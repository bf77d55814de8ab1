// SPDX-License-Identifier: GPL-2.0
/* What DHCPv6 teaches, and what does not. */

#include <linux/ktime.h>
#include <net/ipv6.h>

#include "lease6.h"
#include "option.h"
#include "utils.h"

enum {
	OPT_CLIENT_ID = 1,
	OPT_SERVER_ID = 2,
	OPT_IA_NA = 3,
	OPT_IAADDR = 5,
	OPT_STATUS = 13,
	OPT_RAPID_COMMIT = 14,
	OPT_DNS = 23,
	OPT_SEARCH = 24,
	OPT_IA_PD = 25,
	OPT_IAPREFIX = 26,
};

#define XID	0x123456

/* A DHCPv6 message as a UDP packet. DUIDs are a number, 0 for none. Addresses,
 * prefixes, name servers and domains are numbered from @first on.
 */
struct message {
	u8 type;
	u8 client;
	u8 server;
	u8 rapid;
	u8 status;
	u8 first;
	u8 addresses;
	u8 prefixes;
	u8 only;	/* 'a': no IA_PD, 'p': no IA_NA */
	u8 iaid;	/* 0: as it belongs */
	u8 dns;
	u8 search;
	u8 bad_sum;
	u8 no_sum;
	u8 cut;
	u16 sport;	/* 0: as it belongs */
	u16 dport;
	u16 frag_off;	/* 0: no fragment header */
	u32 xid;
	u32 valid;
};

struct bytes {
	size_t len;
	u8 data[1400];
};

static void put(struct bytes *to, const void *data, size_t len)
{
	if (WARN_ON(to->len + len > sizeof(to->data)))
		return;
	memcpy(to->data + to->len, data, len);
	to->len += len;
}

static void put_u32(struct bytes *to, u32 value)
{
	__be32 be = htonl(value);

	put(to, &be, sizeof(be));
}

static void put_option(struct bytes *to, u16 code, u16 len)
{
	put_u32(to, (u32)code << 16 | len);
}

static void put_duid(struct bytes *to, u16 code, u8 duid)
{
	const u8 data[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, duid };

	if (!duid)
		return;
	put_option(to, code, sizeof(data));
	put(to, data, sizeof(data));
}

static struct in6_addr address_of(u8 n)
{
	return (struct in6_addr){ .s6_addr = { 0x20, 1, 0x0d, 0xb8, [15] = n } };
}

/* 2001:db8:n::/48 */
static struct in6_addr prefix_of(u8 n)
{
	return (struct in6_addr){ .s6_addr = { 0x20, 1, 0x0d, 0xb8, 0, n } };
}

/* For an address and a prefix. */
static bool asks(const struct message *m)
{
	switch (m->type) {
	case VTAP_DHCP6_SOLICIT:
	case VTAP_DHCP6_REQUEST:
	case VTAP_DHCP6_RENEW:
	case VTAP_DHCP6_REBIND:
		return true;
	default:
		return false;
	}
}

static void put_addresses(struct bytes *to, const struct message *m)
{
	struct in6_addr addr;
	u8 n;

	if (!m->addresses && (m->only == 'p' || !asks(m)))
		return;
	put_option(to, OPT_IA_NA, 12 + 28 * m->addresses);
	put_u32(to, m->iaid ?: 1);
	put(to, "\0\0\0\0\0\0\0\0", 8);
	for (n = m->first; n < m->first + m->addresses; n++) {
		put_option(to, OPT_IAADDR, 24);
		addr = address_of(n);
		put(to, &addr, sizeof(addr));
		put_u32(to, m->valid);
		put_u32(to, m->valid);
	}
}

static void put_prefixes(struct bytes *to, const struct message *m)
{
	struct in6_addr addr;
	u8 n;

	if (!m->prefixes && (m->only == 'a' || !asks(m)))
		return;
	put_option(to, OPT_IA_PD, 12 + 29 * m->prefixes);
	put_u32(to, m->iaid ?: 2);
	put(to, "\0\0\0\0\0\0\0\0", 8);
	for (n = m->first; n < m->first + m->prefixes; n++) {
		put_option(to, OPT_IAPREFIX, 25);
		put_u32(to, m->valid);
		put_u32(to, m->valid);
		put(to, "\x30", 1);
		addr = prefix_of(n);
		put(to, &addr, sizeof(addr));
	}
}

static void put_configuration(struct bytes *to, const struct message *m)
{
	u8 name[4] = { 2, 'd' };
	struct in6_addr addr;
	u8 n;

	if (m->dns)
		put_option(to, OPT_DNS, 16 * m->dns);
	for (n = m->first; n < m->first + m->dns; n++) {
		addr = address_of(n);
		put(to, &addr, sizeof(addr));
	}
	if (m->search)
		put_option(to, OPT_SEARCH, 4 * m->search);
	for (n = m->first; n < m->first + m->search; n++) {
		name[2] = '0' + n;
		put(to, name, sizeof(name));
	}
}

static void put_message(struct bytes *to, const struct message *m)
{
	put_u32(to, (u32)m->type << 24 | m->xid);
	put_duid(to, OPT_CLIENT_ID, m->client);
	put_duid(to, OPT_SERVER_ID, m->server);
	if (m->rapid)
		put_option(to, OPT_RAPID_COMMIT, 0);
	if (m->status) {
		put_option(to, OPT_STATUS, 2);
		put(to, (const u8[]){ 0, m->status }, 2);
	}
	put_addresses(to, m);
	put_prefixes(to, m);
	put_configuration(to, m);
	to->len -= m->cut;
}

static struct sk_buff *build(struct kunit *test, const struct message *m,
			     bool from_host)
{
	struct bytes *bytes = kunit_kzalloc(test, sizeof(*bytes), GFP_KERNEL);
	u16 dport = m->dport ?: from_host ? 547 : 546;
	u16 sport = m->sport ?: from_host ? 546 : 547;
	struct sk_buff *skb;
	struct udphdr *udp;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	put_message(bytes, m);
	skb = vtap_test_udp6(test, from_host ? "fe80::64" : "fe80::9",
			     from_host ? "ff02::1:2" : "fe80::64",
			     sport, dport, bytes->data, bytes->len);
	kunit_kfree(test, bytes);
	udp = (struct udphdr *)(ipv6_hdr(skb) + 1);
	if (m->no_sum)
		udp->check = 0;
	if (m->bad_sum)
		udp->check ^= htons(0x0100);
	if (m->frag_off)
		vtap_test_push_frag6(skb, m->frag_off);
	return skb;
}

/* Whatever it is, it leaves, and arrives, as it is. */
static void host_sends(struct kunit *test, const struct message *m)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, m, true);

	vtap_test_transmit(test, pair->host, build(test, m, true));
	vtap_test_push_ethernet(skb, "\x33\x33\x00\x01\x00\x02", STATION_MAC);
	vtap_test_expect_frame(test, &pair->to_vpn, skb->data, skb->len);
	kfree_skb(skb);
}

static void vpn_sends(struct kunit *test, const struct message *m)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, m, false);
	struct sk_buff *received = build(test, m, false);

	vtap_test_push_ethernet(skb, STATION_MAC, OTHER_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
	vtap_test_expect_frame(test, &pair->to_host, received->data,
			       received->len);
	kfree_skb(received);
}

static struct vtap_lease6 *lease_of(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	/* Nothing but the case itself changes it. */
	return rcu_dereference_protected(pair->port->leases6.lease, true);
}

/* Numbers of the addresses, prefixes, name servers and domains. */
static void describe(const struct vtap_lease6 *lease, char *text, size_t size)
{
	unsigned int len = 0, i;

	for (i = 0; i < lease->addresses; i++)
		len += scnprintf(text + len, size - len, " a%u",
				 lease->address[i].addr.s6_addr[15]);
	for (i = 0; i < lease->prefixes; i++)
		len += scnprintf(text + len, size - len, " p%u",
				 lease->prefix[i].addr.s6_addr[5]);
	for (i = 0; i < lease->dns_count; i++)
		len += scnprintf(text + len, size - len, " n%u",
				 lease->dns[i].s6_addr[15]);
	for (i = 0; i < lease->search_count; i++)
		len += scnprintf(text + len, size - len, " %s",
				 lease->search[i]);
	if (!len)
		scnprintf(text, size, " empty");
}

static void expect_lease(struct kunit *test, const char *wanted)
{
	const struct vtap_lease6 *lease = lease_of(test);
	char text[256] = " none";

	if (lease)
		describe(lease, text, sizeof(text));
	KUNIT_EXPECT_STREQ(test, text + 1, wanted);
}

static const struct message request = {
	.type = VTAP_DHCP6_REQUEST, .xid = XID, .client = 1, .server = 1,
};

static const struct message reply = {
	.type = VTAP_DHCP6_REPLY, .xid = XID, .client = 1, .server = 1,
	.first = 1, .addresses = 1, .prefixes = 1, .dns = 1, .search = 1,
	.valid = 3600,
};

#define LEASE	"a1 p1 n1 d1"

static void exchange(struct kunit *test)
{
	host_sends(test, &request);
	vpn_sends(test, &reply);
	expect_lease(test, LEASE);
}

static void good_reply(struct kunit *test)
{
	u64 now = ktime_get_boottime_seconds();
	struct vtap_test_pair *pair = test->priv;
	const struct vtap_lease6 *lease;

	exchange(test);
	lease = lease_of(test);
	KUNIT_ASSERT_NOT_NULL(test, lease);
	KUNIT_EXPECT_EQ(test, lease->address[0].len, 128);
	KUNIT_EXPECT_GE(test, lease->address[0].expires, now + 3600);
	KUNIT_EXPECT_LE(test, lease->address[0].expires, now + 3660);
	KUNIT_EXPECT_EQ(test, lease->prefix[0].len, 48);
	KUNIT_EXPECT_GE(test, lease->prefix[0].expires, now + 3600);
	KUNIT_EXPECT_LE(test, lease->prefix[0].expires, now + 3660);
	KUNIT_EXPECT_EQ(test, vtap_test_count(pair->port, VTAP_STAT_DHCP6), 2);
}

static void nobody_asked(struct kunit *test)
{
	vpn_sends(test, &reply);
	expect_lease(test, "none");
}

/* A request, what comes for an answer, and what it teaches. */
static const struct exchange_case {
	const char *name;
	struct message ask;
	struct message answer;
	const char *lease;
} exchange_cases[] = {
#define ASK(_type, ...)	{ .type = VTAP_DHCP6_##_type, .xid = XID,	\
			  .client = 1, ##__VA_ARGS__ }
#define ALL		.first = 1, .addresses = 1, .prefixes = 1,	\
			.dns = 1, .search = 1
#define ANSWER(_type, ...) { .type = VTAP_DHCP6_##_type, .xid = XID, ALL,	\
			     .valid = 3600, ##__VA_ARGS__ }
#define GOOD		.client = 1, .server = 1

	{ "request", ASK(REQUEST, .server = 1), ANSWER(REPLY, GOOD), LEASE },
	{ "solicit with rapid commit", ASK(SOLICIT, .rapid = 1),
	  ANSWER(REPLY, GOOD, .rapid = 1), LEASE },
	{ "solicit without rapid commit", ASK(SOLICIT),
	  ANSWER(REPLY, GOOD, .rapid = 1), "none" },
	{ "reply without rapid commit", ASK(SOLICIT, .rapid = 1),
	  ANSWER(REPLY, GOOD), "none" },
	{ "advertise to a solicit", ASK(SOLICIT, .rapid = 1),
	  ANSWER(ADVERTISE, GOOD, .rapid = 1), "none" },
	{ "renew", ASK(RENEW, .server = 1), ANSWER(REPLY, GOOD), LEASE },
	{ "rebind", ASK(REBIND), ANSWER(REPLY, GOOD), LEASE },
	{ "rebind, another server", ASK(REBIND),
	  ANSWER(REPLY, .client = 1, .server = 2), LEASE },
	{ "information request", ASK(INFORMATION_REQUEST),
	  { .type = VTAP_DHCP6_REPLY, .xid = XID, .client = 1, .server = 1,
	    .first = 1, .dns = 1, .search = 1 }, "n1 d1" },
	{ "information request of nobody",
	  { .type = VTAP_DHCP6_INFORMATION_REQUEST, .xid = XID },
	  ANSWER(REPLY, .server = 1), "n1 d1" },
	{ "information request, with a lease", ASK(INFORMATION_REQUEST),
	  ANSWER(REPLY, GOOD), "n1 d1" },
	{ "request for addresses alone", ASK(REQUEST, .only = 'a'),
	  ANSWER(REPLY, GOOD), "a1 n1 d1" },
	{ "request for prefixes alone", ASK(REQUEST, .only = 'p'),
	  ANSWER(REPLY, GOOD), "p1 n1 d1" },
	{ "another's association", ASK(REQUEST),
	  ANSWER(REPLY, GOOD, .iaid = 9), "n1 d1" },
	{ "associations by their kind", ASK(REQUEST, .iaid = 9),
	  ANSWER(REPLY, GOOD), "n1 d1" },
	{ "associations of one number", ASK(REQUEST, .iaid = 9),
	  ANSWER(REPLY, GOOD, .iaid = 9), LEASE },
	{ "confirm", ASK(CONFIRM), ANSWER(REPLY, GOOD), "none" },
	{ "release", ASK(RELEASE, .server = 1), ANSWER(REPLY, GOOD), "none" },
	{ "decline", ASK(DECLINE, .server = 1), ANSWER(REPLY, GOOD), "none" },
	{ "advertise of the host", ASK(ADVERTISE), ANSWER(REPLY, GOOD),
	  "none" },
	{ "request of another program", ASK(REQUEST, .sport = 5000),
	  ANSWER(REPLY, GOOD), "none" },
	{ "reply from another port", ASK(REQUEST), ANSWER(REPLY, GOOD, .sport = 5000),
	  LEASE },
	{ "request to a client's port", ASK(REQUEST, .dport = 546),
	  ANSWER(REPLY, GOOD), "none" },
	{ "request cut", ASK(REQUEST, .server = 1, .cut = 1),
	  ANSWER(REPLY, GOOD), "none" },
	{ "request in a fragment", ASK(REQUEST, .frag_off = 1),
	  ANSWER(REPLY, GOOD), "none" },
	{ "another transaction", ASK(REQUEST),
	  { .type = VTAP_DHCP6_REPLY, .xid = XID + 1, GOOD, ALL,
	    .valid = 3600 }, "none" },
	{ "another client", ASK(REQUEST),
	  ANSWER(REPLY, .client = 2, .server = 1), "none" },
	{ "no client", ASK(REQUEST), ANSWER(REPLY, .server = 1), "none" },
	{ "a client of nobody's request",
	  { .type = VTAP_DHCP6_INFORMATION_REQUEST, .xid = XID },
	  ANSWER(REPLY, GOOD), "none" },
	{ "another server", ASK(REQUEST, .server = 1),
	  ANSWER(REPLY, .client = 1, .server = 2), "none" },
	{ "no server", ASK(REQUEST), ANSWER(REPLY, .client = 1), "none" },
	{ "advertise to a request", ASK(REQUEST), ANSWER(ADVERTISE, GOOD),
	  "none" },
	{ "request from the VPN", ASK(REQUEST), ANSWER(REQUEST, GOOD),
	  "none" },
	{ "failure", ASK(REQUEST), ANSWER(REPLY, GOOD, .status = 1), "none" },
	{ "use multicast", ASK(REQUEST), ANSWER(REPLY, GOOD, .status = 5),
	  "none" },
	{ "wrong UDP checksum", ASK(REQUEST),
	  ANSWER(REPLY, GOOD, .bad_sum = 1), "none" },
	{ "no UDP checksum", ASK(REQUEST), ANSWER(REPLY, GOOD, .no_sum = 1),
	  "none" },
	{ "reply to a server's port", ASK(REQUEST),
	  ANSWER(REPLY, GOOD, .dport = 547), "none" },
	{ "reply cut", ASK(REQUEST), ANSWER(REPLY, GOOD, .cut = 1), "none" },
	{ "reply in a first fragment", ASK(REQUEST),
	  ANSWER(REPLY, GOOD, .frag_off = 1), "none" },
	{ "for ever", ASK(REQUEST),
	  { .type = VTAP_DHCP6_REPLY, .xid = XID, GOOD, ALL,
	    .valid = 0xffffffff }, LEASE },
	{ "taken back", ASK(REQUEST),
	  { .type = VTAP_DHCP6_REPLY, .xid = XID, GOOD, ALL }, "n1 d1" },
	{ "more addresses than there is room for", ASK(REQUEST),
	  { .type = VTAP_DHCP6_REPLY, .xid = XID, GOOD, .first = 1,
	    .addresses = 9, .prefixes = 5, .valid = 3600 },
	  "a1 a2 a3 a4 a5 a6 a7 a8 p1 p2 p3 p4" },
	{ "more servers than there is room for", ASK(REQUEST),
	  { .type = VTAP_DHCP6_REPLY, .xid = XID, GOOD, .first = 1,
	    .dns = 9, .search = 5 },
	  "n1 n2 n3 n4 n5 n6 n7 n8 d1 d2 d3 d4" },
};

KUNIT_ARRAY_PARAM_DESC(exchange, exchange_cases, name);

static void exchanges(struct kunit *test)
{
	const struct exchange_case *c = test->param_value;

	host_sends(test, &c->ask);
	vpn_sends(test, &c->answer);
	expect_lease(test, c->lease);
}

static void forever(struct kunit *test)
{
	struct message answer = reply;

	answer.valid = 0xffffffff;
	host_sends(test, &request);
	vpn_sends(test, &answer);
	KUNIT_ASSERT_NOT_NULL(test, lease_of(test));
	KUNIT_EXPECT_EQ(test, lease_of(test)->address[0].expires, U64_MAX);
	KUNIT_EXPECT_EQ(test, lease_of(test)->prefix[0].expires, U64_MAX);
}

static void second_reply_is_ignored(struct kunit *test)
{
	struct message second = reply;

	exchange(test);
	second.first = 2;
	vpn_sends(test, &second);
	expect_lease(test, LEASE);
}

/* What teaches nothing does not end the transaction: the right one may come. */
static void the_right_reply_may_come_later(struct kunit *test)
{
	struct message wrong = reply;

	wrong.server = 2;
	wrong.first = 2;
	host_sends(test, &request);
	vpn_sends(test, &wrong);
	wrong.server = 0;
	vpn_sends(test, &wrong);
	vpn_sends(test, &reply);
	expect_lease(test, LEASE);
}

/* What the host passes on for somebody else is not its own. */
static void forwarded_request_is_not_ours(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *skb = build(test, &request, true);

	skb->skb_iif = pair->ethernet->ifindex;
	vtap_test_transmit(test, pair->host, skb);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vpn_sends(test, &reply);
	expect_lease(test, "none");
}

static void ask(struct kunit *test, u8 type, struct message answer)
{
	struct message question = request;

	question.type = type;
	question.xid = answer.xid;
	host_sends(test, &question);
	vpn_sends(test, &answer);
}

static void a_renewal_extends(struct kunit *test)
{
	struct message answer = reply;
	u64 before;

	exchange(test);
	before = lease_of(test)->address[0].expires;
	answer.xid++;
	answer.valid = 7200;
	ask(test, VTAP_DHCP6_RENEW, answer);
	expect_lease(test, LEASE);
	KUNIT_EXPECT_GE(test, lease_of(test)->address[0].expires,
			before + 3600);
	KUNIT_EXPECT_GE(test, lease_of(test)->prefix[0].expires,
			before + 3600);
	/* What it does not name stays; name servers are all told. */
	answer.xid++;
	answer.first = 2;
	ask(test, VTAP_DHCP6_REBIND, answer);
	expect_lease(test, "a1 a2 p1 p2 n2 d2");
	answer.xid++;
	answer.first = 1;
	answer.dns = 0;
	answer.search = 0;
	answer.valid = 0;
	ask(test, VTAP_DHCP6_RENEW, answer);
	expect_lease(test, "a2 p2");
}

static void a_request_replaces(struct kunit *test)
{
	struct message answer = reply;

	exchange(test);
	answer.xid++;
	answer.first = 3;
	ask(test, VTAP_DHCP6_REQUEST, answer);
	expect_lease(test, "a3 p3 n3 d3");
	answer.xid++;
	answer.first = 4;
	answer.prefixes = 0;
	ask(test, VTAP_DHCP6_REQUEST, answer);
	expect_lease(test, "a4 n4 d4");
}

static void information_changes_no_address(struct kunit *test)
{
	struct message answer = reply;

	exchange(test);
	answer.xid++;
	answer.first = 2;
	answer.addresses = 0;
	answer.prefixes = 0;
	ask(test, VTAP_DHCP6_INFORMATION_REQUEST, answer);
	expect_lease(test, "a1 p1 n2 d2");
}

static const struct release_case {
	const char *name;
	u8 type;
} release_cases[] = {
	{ "release", VTAP_DHCP6_RELEASE },
	{ "decline", VTAP_DHCP6_DECLINE },
};

KUNIT_ARRAY_PARAM_DESC(release, release_cases, name);

/* At once: the client waits for no answer. */
static void releases(struct kunit *test)
{
	const struct release_case *c = test->param_value;
	struct message three = reply, release = request;

	three.addresses = 3;
	host_sends(test, &request);
	vpn_sends(test, &three);
	expect_lease(test, "a1 a2 a3 p1 n1 d1");
	release.type = c->type;
	release.xid++;
	release.first = 2;
	release.addresses = 1;
	release.dns = 1;
	release.valid = 3600;
	/* Any user of the host could say that. */
	release.sport = 5000;
	host_sends(test, &release);
	expect_lease(test, "a1 a2 a3 p1 n1 d1");
	release.sport = 0;
	host_sends(test, &release);
	expect_lease(test, "a1 a3 p1 n1 d1");
	release.first = 1;
	release.prefixes = 1;
	host_sends(test, &release);
	expect_lease(test, "a3 n1 d1");
	release.first = 3;
	release.prefixes = 0;
	host_sends(test, &release);
	expect_lease(test, "none");
}

/* What was on its way meanwhile brings nothing back. */
static void late_reply_to_what_was_released(struct kunit *test)
{
	struct message renew = request, release = request, late = reply;

	exchange(test);
	renew.type = VTAP_DHCP6_RENEW;
	renew.xid++;
	late.xid++;
	host_sends(test, &renew);
	release.type = VTAP_DHCP6_RELEASE;
	release.xid += 2;
	release.first = 1;
	release.addresses = 1;
	release.prefixes = 1;
	host_sends(test, &release);
	expect_lease(test, "none");
	vpn_sends(test, &late);
	expect_lease(test, "none");
}

static void releasing_what_is_not_there(struct kunit *test)
{
	struct message release = request;

	release.type = VTAP_DHCP6_RELEASE;
	release.first = 7;
	release.addresses = 1;
	release.valid = 3600;
	host_sends(test, &release);
	expect_lease(test, "none");
	exchange(test);
	host_sends(test, &release);
	expect_lease(test, LEASE);
}

/* Entries that end go with the next change. */
static void expired_entries_go(struct kunit *test)
{
	struct message two = reply, answer = reply;

	two.addresses = 2;
	two.prefixes = 2;
	host_sends(test, &request);
	vpn_sends(test, &two);
	expect_lease(test, "a1 a2 p1 p2 n1 d1");
	lease_of(test)->address[0].expires = ktime_get_boottime_seconds();
	lease_of(test)->prefix[1].expires = ktime_get_boottime_seconds();
	answer.xid++;
	answer.first = 3;
	ask(test, VTAP_DHCP6_RENEW, answer);
	expect_lease(test, "a2 a3 p1 p3 n3 d3");
}

/* Servers and domains that came with a lease go with the last of it. */
static void servers_go_with_the_lease(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	u64 now = ktime_get_boottime_seconds();
	struct message answer = reply;

	exchange(test);
	lease_of(test)->address[0].expires = now;
	KUNIT_EXPECT_GT(test, vtap_lease6_expire(pair->port, now), now);
	expect_lease(test, "p1 n1 d1");
	lease_of(test)->prefix[0].expires = now;
	vtap_lease6_expire(pair->port, now);
	expect_lease(test, "none");
	/* Those that came alone have no end. */
	answer.xid++;
	answer.addresses = 0;
	answer.prefixes = 0;
	ask(test, VTAP_DHCP6_INFORMATION_REQUEST, answer);
	KUNIT_EXPECT_EQ(test, vtap_lease6_expire(pair->port, now), U64_MAX);
	expect_lease(test, "n1 d1");
}

/* A full list takes what it knows, and after a place is free, another. */
static void a_full_list_goes_on(struct kunit *test)
{
	struct message answer = reply;

	answer.addresses = VTAP_LEASE6_ADDRESSES;
	answer.prefixes = 0;
	host_sends(test, &request);
	vpn_sends(test, &answer);
	expect_lease(test, "a1 a2 a3 a4 a5 a6 a7 a8 n1 d1");
	answer.xid++;
	answer.first = 8;
	answer.addresses = 2;
	answer.valid = 0xffffffff;
	ask(test, VTAP_DHCP6_RENEW, answer);
	expect_lease(test, "a1 a2 a3 a4 a5 a6 a7 a8 n8 d8");
	KUNIT_EXPECT_EQ(test, lease_of(test)->address[7].expires, U64_MAX);
	answer.xid++;
	answer.first = 8;
	answer.addresses = 1;
	answer.valid = 0;
	ask(test, VTAP_DHCP6_RENEW, answer);
	answer.xid++;
	answer.first = 9;
	answer.valid = 100;
	ask(test, VTAP_DHCP6_RENEW, answer);
	expect_lease(test, "a1 a2 a3 a4 a5 a6 a7 a9 n9 d9");
}

static void learning_off(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct message answer = reply;

	exchange(test);
	KUNIT_EXPECT_EQ(test, vtap_test_set(pair, VTAP_OPT_LEARNING,
					    "off"), 0);
	expect_lease(test, "none");
	answer.xid++;
	ask(test, VTAP_DHCP6_REQUEST, answer);
	expect_lease(test, "none");
}

static void a_request_is_forgotten(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	host_sends(test, &request);
	pair->port->leases6.transactions[0].seen -= 61 * HZ;
	vpn_sends(test, &reply);
	expect_lease(test, "none");
	/* Sent again, it counts again. */
	exchange(test);
}

static void make_older(struct vtap_test_pair *pair)
{
	unsigned int i;

	for (i = 0; i < VTAP_LEASE6_TRANSACTIONS; i++)
		pair->port->leases6.transactions[i].seen -= HZ;
}

/* The oldest one of five is forgotten; one that is repeated is not old, and
 * takes no other's place.
 */
static void newest_requests_are_remembered(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct message m = request, answer = reply;
	const struct vtap_lease6 *lease;
	unsigned int i;

	for (i = 1; i <= VTAP_LEASE6_TRANSACTIONS; i++) {
		m.xid = XID + i;
		host_sends(test, &m);
		make_older(pair);
	}
	m.xid = XID + 1;
	host_sends(test, &m);
	make_older(pair);
	m.xid = XID + 5;
	host_sends(test, &m);
	for (i = 1; i <= VTAP_LEASE6_TRANSACTIONS + 1; i++) {
		answer.xid = XID + i;
		answer.first = i;
		vpn_sends(test, &answer);
		lease = lease_of(test);
		KUNIT_ASSERT_NOT_NULL(test, lease);
		KUNIT_EXPECT_EQ(test, lease->address[0].addr.s6_addr[15],
				i == 2 ? 1 : i);
	}
}

/* All but the headers is in a page. */
static void messages_in_pages(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct sk_buff *flat = build(test, &reply, false);

	host_sends(test, &request);
	vtap_test_push_ethernet(flat, STATION_MAC, OTHER_MAC);
	vtap_test_transmit_paged(test, pair->ethernet, flat, ETH_HLEN + 40);
	vtap_test_expect_frame(test, &pair->to_host, flat->data + ETH_HLEN,
			       flat->len - ETH_HLEN);
	expect_lease(test, LEASE);
	kfree_skb(flat);
}

static struct kunit_case table_test_cases[] = {
	KUNIT_CASE_PARAM(exchanges, exchange_gen_params),
	KUNIT_CASE_PARAM(releases, release_gen_params),
	{}
};

static struct kunit_suite table_suite = {
	.name = "vtap_lease6_tables",
	.init = vtap_test_unchecked_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = table_test_cases,
};

static struct kunit_case lease6_test_cases[] = {
	KUNIT_CASE(good_reply),
	KUNIT_CASE(nobody_asked),
	KUNIT_CASE(forever),
	KUNIT_CASE(second_reply_is_ignored),
	KUNIT_CASE(the_right_reply_may_come_later),
	KUNIT_CASE(forwarded_request_is_not_ours),
	KUNIT_CASE(a_renewal_extends),
	KUNIT_CASE(a_request_replaces),
	KUNIT_CASE(information_changes_no_address),
	KUNIT_CASE(late_reply_to_what_was_released),
	KUNIT_CASE(releasing_what_is_not_there),
	KUNIT_CASE(expired_entries_go),
	KUNIT_CASE(servers_go_with_the_lease),
	KUNIT_CASE(a_full_list_goes_on),
	KUNIT_CASE(learning_off),
	KUNIT_CASE(a_request_is_forgotten),
	KUNIT_CASE(newest_requests_are_remembered),
	KUNIT_CASE(messages_in_pages),
	{}
};

static struct kunit_suite lease6_suite = {
	.name = "vtap_lease6",
	.init = vtap_test_pair_init,
	.exit = vtap_test_pair_exit,
	.test_cases = lease6_test_cases,
};

kunit_test_suites(&table_suite, &lease6_suite);
