// SPDX-License-Identifier: GPL-2.0
/* Transport checksums: which are right, which are looked at, what is said of
 * them afterwards.
 */

#include <linux/if_addr.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "csum.h"
#include "utils.h"

#define SOURCE6		"2001:db8::1"
#define DEST6		"2001:db8::64"
#define DATA_MAX	64
#define EXT_LEN		8
#define EXPERIMENTAL	0xfd
#define PORT		4321

/* A protocol: its header, and where in it the checksum is. */
struct transport {
	const char *name;
	bool v6;
	u8 protocol;
	u8 header;
	u8 check;
	bool no_pseudo;
};

static const struct transport transports[] = {
	{ "TCP", false, IPPROTO_TCP, 20, 16 },
	{ "UDP", false, IPPROTO_UDP, 8, 6 },
	{ "UDP-Lite", false, IPPROTO_UDPLITE, 8, 6 },
	{ "ICMP", false, IPPROTO_ICMP, 8, 2, true },
	{ "TCP over IPv6", true, IPPROTO_TCP, 20, 16 },
	{ "UDP over IPv6", true, IPPROTO_UDP, 8, 6 },
	{ "UDP-Lite over IPv6", true, IPPROTO_UDPLITE, 8, 6 },
	{ "ICMPv6", true, IPPROTO_ICMPV6, 8, 2 },
};

KUNIT_ARRAY_PARAM_DESC(transport, transports, name);

/* RFC 1071 as it is told there, in no hurry. */
static u32 add(u32 sum, const void *data, size_t len)
{
	const u8 *bytes = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	return sum;
}

static u16 fold(u32 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

/* Of what is covered; @len is what the pseudo header says. */
static u16 sum_of(const u8 *packet, const struct transport *t, size_t covered,
		  size_t len)
{
	size_t l4 = t->v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
	u32 sum = add(0, packet + l4, covered);

	if (t->no_pseudo)
		return fold(sum);
	if (t->v6)
		sum = add(sum, packet + offsetof(struct ipv6hdr, saddr), 32);
	else
		sum = add(sum, packet + offsetof(struct iphdr, saddr), 8);
	return fold(sum + t->protocol + len);
}

static void put16(u8 *to, u16 value)
{
	to[0] = value >> 8;
	to[1] = value;
}

/* How a packet gets here. */
struct shape {
	size_t payload;
	size_t padding;
	bool paged;
};

static const struct shape shapes[] = {
	{ 0 }, { 1 }, { 7 }, { 8 }, { 33 }, { 40 },
	{ 0, 18 }, { 1, 7 }, { 32, 1 }, { 33, 1 },
	{ 1, 0, true }, { 33, 0, true }, { 40, 6, true }, { 33, 7, true },
};

/**
 * struct packet - a packet in the making
 * @t: of this kind
 * @len: bytes of the transport
 * @l4: where it begins
 * @bytes: the packet, checksum right
 */
struct packet {
	const struct transport *t;
	size_t len;
	size_t l4;
	u8 bytes[sizeof(struct ipv6hdr) + EXT_LEN + 20 + DATA_MAX];
};

static void set_sum(struct packet *p, size_t covered)
{
	u8 *check = p->bytes + p->l4 + p->t->check;
	u16 sum;

	put16(check, 0);
	sum = sum_of(p->bytes, p->t, covered, p->len);
	put16(check, sum ? sum : 0xffff);
}

static void build(struct kunit *test, struct packet *p,
		  const struct transport *t, size_t payload)
{
	struct sk_buff *skb;
	u8 *l4;
	size_t i;

	*p = (struct packet){ .t = t, .len = t->header + payload };
	l4 = kunit_kzalloc(test, p->len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, l4);
	for (i = 0; i < p->len; i++)
		l4[i] = 0x81 + 37 * i;
	if (t->protocol == IPPROTO_UDP)
		put16(l4 + 4, p->len);
	else if (t->protocol == IPPROTO_UDPLITE)
		put16(l4 + 4, 0);
	skb = t->v6 ? vtap_test_ipv6(test, SOURCE6, DEST6, t->protocol, l4,
				     p->len) :
		      vtap_test_ipv4(test, GATEWAY_IP, STATION_IP, t->protocol,
				     l4, p->len);
	p->l4 = skb->len - p->len;
	memcpy(p->bytes, skb->data, skb->len);
	set_sum(p, p->len);
	kfree_skb(skb);
	kunit_kfree(test, l4);
}

static struct sk_buff *to_skb(struct kunit *test, const struct packet *p,
			      const struct shape *shape)
{
	size_t len = p->l4 + p->len;
	struct sk_buff *skb;
	u8 *bytes;

	bytes = kunit_kmalloc(test, len + shape->padding, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	memcpy(bytes, p->bytes, len);
	memset(bytes + len, 0xc3, shape->padding);
	len += shape->padding;
	skb = shape->paged ? vtap_test_split_skb(test, bytes, len, p->l4 + 3) :
			     vtap_test_skb(test, bytes, len);
	skb->protocol = htons(p->t->v6 ? ETH_P_IPV6 : ETH_P_IP);
	kunit_kfree(test, bytes);
	return skb;
}

static const struct shape plain = { 33 };

static enum vtap_verdict check_skb(struct kunit *test, struct sk_buff *skb)
{
	struct vtap_test_pair *pair = test->priv;
	enum vtap_verdict verdict;
	struct vtap_pkt pkt;

	verdict = vtap_pkt_parse_rx(skb, skb->protocol, &pkt);
	KUNIT_EXPECT_EQ(test, verdict, VTAP_CONTINUE);
	local_bh_disable();
	rcu_read_lock();
	verdict = vtap_csum_check(pair->port, skb, &pkt);
	rcu_read_unlock();
	local_bh_enable();
	return verdict;
}

static u64 errors(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	return vtap_test_count(pair->port, VTAP_STAT_CHECKSUM_ERRORS);
}

enum result {
	GOOD,
	BAD,
	UNTOUCHED,
};

/* What is said of @skb, which is freed. */
static void expect_skb(struct kunit *test, struct sk_buff *skb,
		       enum result wanted, const char *name)
{
	unsigned int before = skb->ip_summed, after;
	u64 old = errors(test);
	enum vtap_verdict verdict;

	verdict = check_skb(test, skb);
	after = skb->ip_summed;
	KUNIT_EXPECT_EQ_MSG(test, verdict,
			    wanted == BAD ? VTAP_RX_DROP_CHECKSUM :
					  VTAP_CONTINUE, "%s", name);
	KUNIT_EXPECT_EQ_MSG(test, errors(test), old + (wanted == BAD), "%s",
			    name);
	if (wanted == GOOD) {
		KUNIT_EXPECT_EQ_MSG(test, after, CHECKSUM_UNNECESSARY, "%s",
				    name);
		after = skb->csum_level;
		KUNIT_EXPECT_EQ(test, after, 0);
	} else if (wanted == UNTOUCHED) {
		KUNIT_EXPECT_EQ_MSG(test, after, before, "%s", name);
	}
	kfree_skb(skb);
}

static void expect(struct kunit *test, const struct packet *p,
		   enum result wanted, const char *name)
{
	expect_skb(test, to_skb(test, p, &plain), wanted, name);
}

static void good(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct packet p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		build(test, &p, t, shapes[i].payload);
		expect_skb(test, to_skb(test, &p, &shapes[i]), GOOD, t->name);
	}
}

static bool is_length(const struct transport *t, size_t at)
{
	return t->header == 8 && !t->no_pseudo &&
	       t->protocol != IPPROTO_ICMPV6 && (at == 4 || at == 5);
}

/* Every byte counts, and so does every bit. */
static void every_damage(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct packet p, damaged;
	unsigned int i;
	size_t at;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		build(test, &p, t, shapes[i].payload);
		for (at = 0; at < p.len; at++) {
			/* Other lengths are other questions. */
			if (is_length(t, at))
				continue;
			damaged = p;
			damaged.bytes[p.l4 + at] ^= 1 << at % 8;
			expect_skb(test, to_skb(test, &damaged, &shapes[i]),
				   BAD, t->name);
		}
	}
}

/* The addresses count, but for ICMP over IPv4. */
static void pseudo_header(struct kunit *test)
{
	const struct transport *t = test->param_value;
	size_t at, from, to;
	struct packet p;

	build(test, &p, t, 33);
	from = t->v6 ? offsetof(struct ipv6hdr, saddr) :
		       offsetof(struct iphdr, saddr);
	to = p.l4;
	for (at = from; at < to; at++) {
		build(test, &p, t, 33);
		p.bytes[at] ^= 2;
		if (!t->v6)
			vtap_test_sum_ipv4(p.bytes);
		expect(test, &p, t->no_pseudo ? GOOD : BAD, t->name);
	}
}

/* IPv4 options, or an extension header of IPv6: @kind. */
static void insert_ext(struct packet *p, u8 kind)
{
	static const u8 options[EXT_LEN] = { 1, 1, 1, 1, 1, 1, 1, 0 };
	const u8 padding[EXT_LEN] = { p->t->protocol, 0, 1, 4 };
	const u8 atomic[EXT_LEN] = { p->t->protocol, 0, 0, 0, 1, 2, 3, 4 };
	struct ipv6hdr *ip6h = (struct ipv6hdr *)p->bytes;
	struct iphdr *iph = (struct iphdr *)p->bytes;
	u8 *at = p->bytes + p->l4;

	memmove(at + EXT_LEN, at, p->len);
	p->l4 += EXT_LEN;
	if (p->t->v6) {
		memcpy(at, kind == NEXTHDR_FRAGMENT ? atomic : padding,
		       EXT_LEN);
		ip6h->nexthdr = kind;
		be16_add_cpu(&ip6h->payload_len, EXT_LEN);
		return;
	}
	memcpy(at, options, EXT_LEN);
	iph->ihl += EXT_LEN / 4;
	be16_add_cpu(&iph->tot_len, EXT_LEN);
	vtap_test_sum_ipv4(iph);
}

/* Wherever the transport begins. A datagram that is one fragment is whole. */
static void behind_other_headers(struct kunit *test)
{
	static const u8 kinds[] = { NEXTHDR_HOP, NEXTHDR_DEST,
				    NEXTHDR_FRAGMENT };
	const struct transport *t = test->param_value;
	struct packet p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		build(test, &p, t, 33);
		insert_ext(&p, kinds[i]);
		expect(test, &p, GOOD, t->name);
		p.bytes[p.l4 + p.len - 1] ^= 1;
		expect(test, &p, BAD, t->name);
	}
}

/* Two ways to say zero: all bits set is what is sent (RFC 768). */
static void sum_of_zero(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct packet p;
	u16 sum;
	u8 *last;

	/* Make the checksum of it all zero. */
	build(test, &p, t, 32);
	last = p.bytes + p.l4 + p.len - 2;
	put16(p.bytes + p.l4 + t->check, 0);
	put16(last, 0);
	sum = sum_of(p.bytes, t, p.len, p.len);
	put16(last, sum);
	put16(p.bytes + p.l4 + t->check, 0xffff);
	expect(test, &p, GOOD, t->name);
}

/* Others vouch for it, or made it: it is none of our business. */
static void vouched_for(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct sk_buff *skb;
	struct packet p;

	build(test, &p, t, 33);
	p.bytes[p.l4 + p.len - 1] ^= 1;

	skb = to_skb(test, &p, &plain);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + p.l4;
	skb->csum_offset = t->check;
	expect_skb(test, skb, UNTOUCHED, "to be made");

	skb = to_skb(test, &p, &plain);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	expect_skb(test, skb, UNTOUCHED, "made");

	skb = to_skb(test, &p, &plain);
	skb_shinfo(skb)->gso_size = 10;
	skb_shinfo(skb)->gso_type = SKB_GSO_DODGY;
	expect_skb(test, skb, UNTOUCHED, "merged");

	expect(test, &p, BAD, "as it is");
}

/* What hardware added up is checked for what it is: a sum, maybe wrong. */
static void added_up_by_hardware(struct kunit *test)
{
	const struct transport *t = test->param_value;
	unsigned int i, wrong, damage;
	struct packet p;

	for (i = 0; i < ARRAY_SIZE(shapes); i++) {
		for (wrong = 0; wrong < 2; wrong++) {
			for (damage = 0; damage < 2; damage++) {
				struct sk_buff *skb;

				build(test, &p, t, shapes[i].payload);
				p.bytes[p.l4 + p.len - 1] ^= damage;
				skb = to_skb(test, &p, &shapes[i]);
				skb->csum = skb_checksum(skb, 0, skb->len,
							 wrong);
				skb->ip_summed = CHECKSUM_COMPLETE;
				expect_skb(test, skb, damage ? BAD : GOOD,
					   t->name);
			}
		}
	}
}

/* Parts of a datagram have none, cut off headers neither. */
static void fragments_are_left_alone(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct packet p;

	if (t->v6)
		return;
	build(test, &p, t, 33);
	p.bytes[p.l4 + p.len - 1] ^= 1;
	((struct iphdr *)p.bytes)->frag_off = htons(IP_MF);
	vtap_test_sum_ipv4(p.bytes);
	expect(test, &p, UNTOUCHED, "first");
	((struct iphdr *)p.bytes)->frag_off = htons(185);
	vtap_test_sum_ipv4(p.bytes);
	expect(test, &p, UNTOUCHED, "last");
	((struct iphdr *)p.bytes)->frag_off = htons(IP_DF);
	vtap_test_sum_ipv4(p.bytes);
	expect(test, &p, BAD, "whole");
}

/* Every length that a transport can be cut to, in memory of just that. */
static void every_truncation(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct packet p;
	size_t len;

	build(test, &p, t, 33);
	for (len = 0; len < p.len; len++) {
		u8 *bytes = vtap_test_exact(test, p.bytes, p.l4 + len);
		struct sk_buff *skb;
		enum result wanted = BAD;

		if (t->v6)
			((struct ipv6hdr *)bytes)->payload_len = htons(len);
		else
			((struct iphdr *)bytes)->tot_len = htons(p.l4 + len);
		if (!t->v6)
			vtap_test_sum_ipv4(bytes);
		skb = vtap_test_skb(test, bytes, p.l4 + len);
		skb->protocol = htons(t->v6 ? ETH_P_IPV6 : ETH_P_IP);
		/* The host knows what to do with lengths that disagree. */
		if (t->protocol == IPPROTO_UDP ||
		    (t->protocol == IPPROTO_UDPLITE && len < t->header))
			wanted = UNTOUCHED;
		expect_skb(test, skb, wanted, t->name);
		kunit_kfree(test, bytes);
	}
}

/* Protocols that have none, or one that is not known here. */
static void unknown_protocols(struct kunit *test)
{
	const struct transport *t = test->param_value;
	static const u8 unknown[] = {
		0, IPPROTO_IGMP, IPPROTO_IPIP, IPPROTO_GRE, IPPROTO_ESP,
		IPPROTO_SCTP, IPPROTO_DCCP, IPPROTO_PIM, EXPERIMENTAL, 0xff,
	};
	struct transport other = *t;
	unsigned int i;
	struct packet p;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		other.protocol = unknown[i];
		/* Hop-by-hop options are no protocol. */
		if (t->v6 && !unknown[i])
			continue;
		build(test, &p, &other, 33);
		p.bytes[p.l4 + p.len - 1] ^= 1;
		expect(test, &p, UNTOUCHED, "unknown");
	}
	/* Each family has its own ICMP. */
	other.protocol = t->v6 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	build(test, &p, &other, 33);
	p.bytes[p.l4 + p.len - 1] ^= 1;
	expect(test, &p, UNTOUCHED, "the other family's ICMP");
}

static const struct transport *udp_over(bool v6)
{
	return &transports[v6 ? 5 : 1];
}

static void build_unsummed(struct kunit *test, struct packet *p, bool v6)
{
	build(test, p, udp_over(v6), 33);
	put16(p->bytes + p->l4 + 2, PORT);
	put16(p->bytes + p->l4 + 6, 0);
}

/* Not for somebody behind this host. */
static void is_for_us(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_enable_ipv6(pair);
	vtap_test_add_address6(test, pair->host, DEST6, IFA_F_NODAD);
}

static void is_not_for_us(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;

	vtap_test_delete_address6(test, pair->host, DEST6);
}

static void udp_without(struct kunit *test)
{
	struct packet p;

	build_unsummed(test, &p, false);
	expect(test, &p, UNTOUCHED, "IPv4");
	build_unsummed(test, &p, true);
	expect(test, &p, UNTOUCHED, "IPv6, passing");
	is_for_us(test);
	expect(test, &p, BAD, "IPv6");
	is_not_for_us(test);
	/* UDP-Lite has no such thing (RFC 3828 3.1). */
	build(test, &p, &transports[2], 33);
	put16(p.bytes + p.l4 + 6, 0);
	expect(test, &p, BAD, "UDP-Lite");
	build(test, &p, &transports[6], 33);
	put16(p.bytes + p.l4 + 6, 0);
	expect(test, &p, BAD, "UDP-Lite over IPv6");
}

/* A socket of UDP over IPv6, on PORT and on @dev alone, if any. */
static struct socket *bind_socket(struct kunit *test, bool without,
				  const struct net_device *dev)
{
	struct sockaddr_in6 any = {
		.sin6_family = AF_INET6, .sin6_port = htons(PORT),
	};
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_INET6, SOCK_DGRAM,
					       IPPROTO_UDP, &sock), 0);
	udp_set_no_check6_rx(sock->sk, without);
	if (dev)
		KUNIT_EXPECT_EQ(test, sock_bindtoindex(sock->sk, dev->ifindex,
						       true), 0);
	KUNIT_EXPECT_EQ(test, kernel_bind(sock, (struct sockaddr *)&any,
					  sizeof(any)), 0);
	return sock;
}

/* RFC 6935: tunnels may do without, if somebody here takes that. */
static void udp_without_for_sockets(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct socket *sock;
	struct packet p;

	is_for_us(test);
	build_unsummed(test, &p, true);
	sock = bind_socket(test, true, NULL);
	expect(test, &p, UNTOUCHED, "taken");
	put16(p.bytes + p.l4 + 2, PORT + 1);
	expect(test, &p, BAD, "another port");
	put16(p.bytes + p.l4 + 2, PORT);
	put16(p.bytes + p.l4 + 6, 0x1234);
	expect(test, &p, BAD, "taken without, not with a wrong one");
	sock_release(sock);

	build_unsummed(test, &p, true);
	sock = bind_socket(test, false, NULL);
	expect(test, &p, BAD, "not taken");
	sock_release(sock);

	sock = bind_socket(test, true, pair->host);
	expect(test, &p, UNTOUCHED, "taken on the host end");
	sock_release(sock);

	sock = bind_socket(test, true, pair->ethernet);
	expect(test, &p, BAD, "taken elsewhere");
	sock_release(sock);
	is_not_for_us(test);
}

/* UDP lengths; what is behind the datagram is not covered. */
static void udp_lengths(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct packet p;

		build(test, &p, udp_over(i), 33);
		put16(p.bytes + p.l4 + 4, 42);
		expect(test, &p, UNTOUCHED, "longer than there is");
		put16(p.bytes + p.l4 + 4, 7);
		expect(test, &p, UNTOUCHED, "shorter than its header");
		put16(p.bytes + p.l4 + 4, 0);
		expect(test, &p, UNTOUCHED, "0");
		put16(p.bytes + p.l4 + 4, 40);
		expect(test, &p, BAD, "shorter by 1, sum of all");
		p.len = 40;
		set_sum(&p, 40);
		p.len = 41;
		expect(test, &p, GOOD, "shorter by 1");
		p.bytes[p.l4 + 40] ^= 1;
		expect(test, &p, GOOD, "something else behind it");
	}
}

/* UDP-Lite: what the length field says, and which byte of 41 is damaged. */
static const struct coverage_case {
	const char *name;
	u16 field;
	u8 covered;	/* by the checksum */
	u8 damaged;
	enum result result;
} coverage_cases[] = {
	{ "all, as 0", 0, 41, 0, GOOD },
	{ "all, as 0, the end damaged", 0, 41, 40, BAD },
	{ "all", 41, 41, 0, GOOD },
	{ "all, the end damaged", 41, 41, 40, BAD },
	{ "all but one", 40, 40, 0, GOOD },
	{ "all but one, that one damaged", 40, 40, 40, GOOD },
	{ "all but one, the one before damaged", 40, 40, 39, BAD },
	{ "the header", 8, 8, 0, GOOD },
	{ "the header, data damaged", 8, 8, 8, GOOD },
	{ "the header, which is damaged", 8, 8, 3, BAD },
	{ "half", 21, 21, 0, GOOD },
	{ "half, the other half damaged", 21, 21, 21, GOOD },
	{ "half, which is damaged", 21, 21, 20, BAD },
	{ "half, checksum of all", 21, 41, 0, BAD },
	{ "less than the header", 7, 7, 0, BAD },
	{ "1", 1, 1, 0, BAD },
	{ "more than there is", 42, 41, 0, BAD },
	{ "65535", 65535, 41, 0, BAD },
};

KUNIT_ARRAY_PARAM_DESC(coverage, coverage_cases, name);

static void coverage(struct kunit *test)
{
	const struct coverage_case *c = test->param_value;
	unsigned int i;

	for (i = 2; i <= 6; i += 4) {
		struct packet p;

		build(test, &p, &transports[i], 33);
		put16(p.bytes + p.l4 + 4, c->field);
		set_sum(&p, c->covered);
		p.bytes[p.l4 + c->damaged] ^= c->damaged ? 0x10 : 0;
		expect(test, &p, c->result, transports[i].name);
	}
}

static void set_feature(struct vtap_test_pair *pair, bool on)
{
	struct net_device *dev = pair->host;

	rtnl_lock();
	if (on)
		dev->wanted_features |= NETIF_F_RXCSUM;
	else
		dev->wanted_features &= ~NETIF_F_RXCSUM;
	netdev_update_features(dev);
	rtnl_unlock();
}

/* ``ethtool -K ... rx off`` */
static void switched_off(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct packet p;

	build(test, &p, t, 33);
	set_feature(test->priv, false);
	expect(test, &p, UNTOUCHED, t->name);
	p.bytes[p.l4 + p.len - 1] ^= 1;
	expect(test, &p, UNTOUCHED, t->name);
	set_feature(test->priv, true);
	expect(test, &p, BAD, t->name);
}

static void send(struct kunit *test, const struct packet *p)
{
	struct vtap_test_pair *pair = test->priv;
	const struct shape padded = { .padding = 3 };
	struct sk_buff *skb = to_skb(test, p, &padded);

	vtap_test_push_ethernet(skb, STATION_MAC, GATEWAY_MAC);
	vtap_test_transmit(test, pair->ethernet, skb);
}

/* A good one arrives, and is not summed again; a bad one does not. */
static void all_the_way(struct kunit *test)
{
	const struct transport *t = test->param_value;
	struct vtap_test_pair *pair = test->priv;
	u64 drops = vtap_test_drops(pair->port, VTAP_RX_DROP_CHECKSUM);
	u64 before = errors(test);
	unsigned int summed;
	struct sk_buff *skb;
	struct packet p;

	build(test, &p, t, 33);
	/* Not a neighbour discovery message, no error. */
	if (t->check == 2) {
		p.bytes[p.l4] = t->v6 ? 128 : 8;
		set_sum(&p, p.len);
	}
	send(test, &p);
	skb = vtap_test_next(test, &pair->to_host);
	summed = skb->ip_summed;
	KUNIT_EXPECT_EQ(test, summed, CHECKSUM_UNNECESSARY);
	KUNIT_ASSERT_EQ(test, skb->len, p.l4 + p.len);
	KUNIT_EXPECT_MEMEQ(test, skb->data, p.bytes, skb->len);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, errors(test), before);

	p.bytes[p.l4 + p.len - 1] ^= 1;
	send(test, &p);
	vtap_test_expect_silence(test, &pair->to_host);
	KUNIT_EXPECT_EQ(test, errors(test), before + 1);
	KUNIT_EXPECT_EQ(test, vtap_test_drops(pair->port,
					      VTAP_RX_DROP_CHECKSUM),
			drops + 1);
}

static struct kunit_case csum_test_cases[] = {
	KUNIT_CASE_PARAM(good, transport_gen_params),
	KUNIT_CASE_PARAM(every_damage, transport_gen_params),
	KUNIT_CASE_PARAM(pseudo_header, transport_gen_params),
	KUNIT_CASE_PARAM(behind_other_headers, transport_gen_params),
	KUNIT_CASE_PARAM(sum_of_zero, transport_gen_params),
	KUNIT_CASE_PARAM(vouched_for, transport_gen_params),
	KUNIT_CASE_PARAM(added_up_by_hardware, transport_gen_params),
	KUNIT_CASE_PARAM(fragments_are_left_alone, transport_gen_params),
	KUNIT_CASE_PARAM(every_truncation, transport_gen_params),
	KUNIT_CASE_PARAM(unknown_protocols, transport_gen_params),
	KUNIT_CASE(udp_without),
	KUNIT_CASE(udp_without_for_sockets),
	KUNIT_CASE(udp_lengths),
	KUNIT_CASE_PARAM(coverage, coverage_gen_params),
	KUNIT_CASE_PARAM(switched_off, transport_gen_params),
	KUNIT_CASE_PARAM(all_the_way, transport_gen_params),
	{}
};

static struct kunit_suite csum_suite = {
	.name = "vtap_csum",
	.init = vtap_test_shared_init,
	.suite_exit = vtap_test_shared_exit,
	.test_cases = csum_test_cases,
};

kunit_test_suite(csum_suite);
