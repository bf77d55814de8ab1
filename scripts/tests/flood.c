// SPDX-License-Identifier: GPL-2.0
/* Sends prebuilt frames as fast as it can, for tests.
 *
 *   flood INTERFACE COUNT arp SENDER_MAC SENDER_IP TARGET_IP
 *   flood INTERFACE COUNT arp-random SENDER_NET TARGET_IP
 *   flood INTERFACE COUNT ns SENDER_MAC SENDER_IP TARGET_IP
 *   flood INTERFACE COUNT ns-random SENDER_NET TARGET_IP
 *   flood INTERFACE COUNT ra-random PREFIX
 *   flood INTERFACE COUNT fragments SENDER_MAC SENDER_IP TARGET_MAC TARGET_IP
 *   flood INTERFACE COUNT fragments-random SENDER_NET TARGET_MAC TARGET_IP
 *   flood INTERFACE COUNT answers SENDER_MAC SENDER_IP TARGET_MAC TARGET_IP
 *   flood INTERFACE COUNT raw PROTOCOL HEX
 *
 * ARP requests or neighbour solicitations from one station; from ever other
 * ones, at random addresses of SENDER_NET/16 or /64; router advertisements of
 * ever other routers, of random /64s in PREFIX/32; first fragments of datagrams
 * of random identifications, that never get whole; answers of DNS to random
 * ports and ids, each of which says that 1.wild.vpn.example is 203.0.113.66; or
 * one frame again and again, sent as PROTOCOL (hexadecimal) where the interface
 * is not Ethernet.
 * COUNT 0: until it is killed. What the interface refuses is tried no second
 * time.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ether.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define FRAMES	256	/* different ones */
#define BATCH	64
#define MAX	2048
#define FRAGMENT 1000	/* what a fragment carries */

static unsigned char frame[FRAMES][MAX];
static size_t length;

static void build_arp(unsigned char *p, const unsigned char *mac,
		      in_addr_t sip, in_addr_t tip)
{
	struct ether_arp *arp = (struct ether_arp *)(p + ETH_HLEN);

	memset(p, 0xff, ETH_ALEN);
	memcpy(p + ETH_ALEN, mac, ETH_ALEN);
	p[12] = ETHERTYPE_ARP >> 8;
	p[13] = ETHERTYPE_ARP & 0xff;
	arp->arp_hrd = htons(ARPHRD_ETHER);
	arp->arp_pro = htons(ETHERTYPE_IP);
	arp->arp_hln = ETH_ALEN;
	arp->arp_pln = sizeof(sip);
	arp->arp_op = htons(ARPOP_REQUEST);
	memcpy(arp->arp_sha, mac, ETH_ALEN);
	memcpy(arp->arp_spa, &sip, sizeof(sip));
	memcpy(arp->arp_tpa, &tip, sizeof(tip));
	length = ETH_ZLEN;
}

static void randomize(void *to, size_t len)
{
	unsigned char *p = to;

	while (len--)
		*p++ = rand() >> 8;
}

static void random_mac(unsigned char *mac)
{
	randomize(mac, ETH_ALEN);
	mac[0] = 2;
}

static void build_random(unsigned char *p, in_addr_t net, in_addr_t tip)
{
	unsigned char mac[ETH_ALEN];

	random_mac(mac);
	build_arp(p, mac, net | htonl(rand() & 0xffff), tip);
}

static struct in6_addr to_ip6(const char *text)
{
	struct in6_addr addr;

	if (inet_pton(AF_INET6, text, &addr) != 1)
		errx(2, "%s is no address", text);
	return addr;
}

static unsigned int sum(const void *data, size_t len, unsigned int sum)
{
	const unsigned char *p = data;

	for (; len > 1; p += 2, len -= 2)
		sum += p[0] << 8 | p[1];
	return sum;
}

static unsigned int finish(unsigned int s)
{
	s = (s & 0xffff) + (s >> 16);
	s = (s & 0xffff) + (s >> 16);
	return ~s & 0xffff;
}

/* Around an ICMPv6 message, which is in its place already. */
static void build_ip6(unsigned char *p, const unsigned char *mac,
		      const struct in6_addr *src, const struct in6_addr *dst,
		      size_t len)
{
	struct ip6_hdr *ip = (struct ip6_hdr *)(p + ETH_HLEN);
	struct icmp6_hdr *icmp = (struct icmp6_hdr *)(ip + 1);
	unsigned int s;

	p[0] = 0x33;
	p[1] = 0x33;
	memcpy(p + 2, &dst->s6_addr[12], 4);
	memcpy(p + ETH_ALEN, mac, ETH_ALEN);
	p[12] = 0x86;
	p[13] = 0xdd;
	memset(ip, 0, sizeof(*ip));
	ip->ip6_vfc = 0x60;
	ip->ip6_plen = htons(len);
	ip->ip6_nxt = IPPROTO_ICMPV6;
	ip->ip6_hlim = 255;
	ip->ip6_src = *src;
	ip->ip6_dst = *dst;
	s = sum(&ip->ip6_src, 32, len + IPPROTO_ICMPV6);
	s = sum(icmp, len, s);
	icmp->icmp6_cksum = htons(finish(s));
	length = ETH_HLEN + sizeof(*ip) + len;
}

/* A source link-layer address option. */
static void put_lladdr(unsigned char *p, const unsigned char *mac)
{
	p[0] = ND_OPT_SOURCE_LINKADDR;
	p[1] = 1;
	memcpy(p + 2, mac, ETH_ALEN);
}

static void build_ns(unsigned char *p, const unsigned char *mac,
		     struct in6_addr src, struct in6_addr target)
{
	struct nd_neighbor_solicit *ns = (void *)(p + ETH_HLEN + sizeof(struct ip6_hdr));
	struct in6_addr group = to_ip6("ff02::1:ff00:0");

	memset(ns, 0, sizeof(*ns));
	ns->nd_ns_type = ND_NEIGHBOR_SOLICIT;
	ns->nd_ns_target = target;
	put_lladdr((unsigned char *)(ns + 1), mac);
	memcpy(&group.s6_addr[13], &target.s6_addr[13], 3);
	build_ip6(p, mac, &src, &group, sizeof(*ns) + 8);
}

static void build_random_ns(unsigned char *p, struct in6_addr src,
			    struct in6_addr target)
{
	unsigned char mac[ETH_ALEN];

	random_mac(mac);
	randomize(&src.s6_addr[8], 8);
	build_ns(p, mac, src, target);
}

static void build_random_ra(unsigned char *p, struct in6_addr prefix)
{
	struct nd_router_advert *ra = (void *)(p + ETH_HLEN + sizeof(struct ip6_hdr));
	struct nd_opt_prefix_info *info = (void *)((unsigned char *)(ra + 1) + 8);
	struct in6_addr src = to_ip6("fe80::"), all = to_ip6("ff02::1");
	unsigned char mac[ETH_ALEN];

	random_mac(mac);
	randomize(&src.s6_addr[8], 8);
	randomize(&prefix.s6_addr[4], 4);
	memset(ra, 0, sizeof(*ra) + 8 + sizeof(*info));
	ra->nd_ra_type = ND_ROUTER_ADVERT;
	ra->nd_ra_router_lifetime = htons(1800);
	put_lladdr((unsigned char *)(ra + 1), mac);
	info->nd_opt_pi_type = ND_OPT_PREFIX_INFORMATION;
	info->nd_opt_pi_len = 4;
	info->nd_opt_pi_prefix_len = 64;
	info->nd_opt_pi_flags_reserved = ND_OPT_PI_FLAG_ONLINK;
	info->nd_opt_pi_valid_time = htonl(3600);
	info->nd_opt_pi_preferred_time = htonl(3600);
	info->nd_opt_pi_prefix = prefix;
	build_ip6(p, mac, &src, &all, sizeof(*ra) + 8 + sizeof(*info));
}

static void build_ip4(unsigned char *p, in_addr_t src, in_addr_t dst,
		      unsigned int frag_off, size_t len)
{
	struct iphdr *ip = (struct iphdr *)(p + ETH_HLEN);

	p[12] = ETHERTYPE_IP >> 8;
	p[13] = ETHERTYPE_IP & 0xff;
	memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = htons(sizeof(*ip) + len);
	randomize(&ip->id, sizeof(ip->id));
	ip->frag_off = htons(frag_off);
	ip->ttl = 64;
	ip->protocol = IPPROTO_UDP;
	ip->saddr = src;
	ip->daddr = dst;
	ip->check = htons(finish(sum(ip, sizeof(*ip), 0)));
	length = ETH_HLEN + sizeof(*ip) + len;
}

/* Without a checksum: they are not to fail for that. */
static void build_answer(unsigned char *p, char **argv)
{
	static const unsigned char answer[] =
		"\0\0\x81\x80\0\1\0\1\0\0\0\0"
		"\0011\4wild\3vpn\7example\0\0\1\0\1"
		"\xc0\x0c\0\1\0\1\0\0\x0e\x10\0\4\xcb\0\x71\x42";
	const size_t len = sizeof(answer) - 1;
	struct udphdr *udp = (void *)(p + ETH_HLEN + sizeof(struct iphdr));

	memcpy(p, ether_aton(argv[6]), ETH_ALEN);
	memcpy(p + ETH_ALEN, ether_aton(argv[4]), ETH_ALEN);
	build_ip4(p, inet_addr(argv[5]), inet_addr(argv[7]), 0, sizeof(*udp) + len);
	memset(udp, 0, sizeof(*udp));
	udp->source = htons(53);
	randomize(&udp->dest, sizeof(udp->dest));
	udp->len = htons(sizeof(*udp) + len);
	memcpy(udp + 1, answer, len);
	randomize(udp + 1, 2);
}

static void build_fragment6(unsigned char *p, struct in6_addr src,
			    struct in6_addr dst)
{
	struct ip6_hdr *ip = (struct ip6_hdr *)(p + ETH_HLEN);
	struct ip6_frag *frag = (struct ip6_frag *)(ip + 1);

	p[12] = 0x86;
	p[13] = 0xdd;
	memset(ip, 0, sizeof(*ip) + sizeof(*frag));
	ip->ip6_vfc = 0x60;
	ip->ip6_plen = htons(sizeof(*frag) + FRAGMENT);
	ip->ip6_nxt = IPPROTO_FRAGMENT;
	ip->ip6_hlim = 64;
	ip->ip6_src = src;
	ip->ip6_dst = dst;
	frag->ip6f_nxt = IPPROTO_UDP;
	frag->ip6f_offlg = IP6F_MORE_FRAG;
	randomize(&frag->ip6f_ident, sizeof(frag->ip6f_ident));
	length = ETH_HLEN + sizeof(*ip) + sizeof(*frag) + FRAGMENT;
}

/* With a sender's MAC that sender is meant, else one of its network. */
static void build_fragment(unsigned char *p, const char *mac, const char *src,
			   const char *to_mac, const char *dst)
{
	memcpy(p, ether_aton(to_mac), ETH_ALEN);
	if (mac)
		memcpy(p + ETH_ALEN, ether_aton(mac), ETH_ALEN);
	else
		random_mac(p + ETH_ALEN);
	if (strchr(dst, ':')) {
		struct in6_addr addr = to_ip6(src);

		if (!mac)
			randomize(&addr.s6_addr[8], 8);
		build_fragment6(p, addr, to_ip6(dst));
	} else {
		/* Not its broadcast address, nor in most cases the target. */
		in_addr_t random = mac ? 0 : htonl(rand() % 0xfff0 + 8);

		build_ip4(p, inet_addr(src) | random, inet_addr(dst), IP_MF, FRAGMENT);
	}
}

static void build_raw(unsigned char *p, const char *hex)
{
	unsigned int byte;

	for (length = 0; length < MAX && sscanf(hex, "%2x", &byte) == 1; hex += 2)
		p[length++] = byte;
}

/* What stays the same. */
static void build(unsigned char *p, char **argv)
{
	const char *how = argv[3];

	if (!strcmp(how, "arp"))
		build_arp(p, ether_aton(argv[4])->ether_addr_octet,
			  inet_addr(argv[5]), inet_addr(argv[6]));
	else if (!strcmp(how, "ns"))
		build_ns(p, ether_aton(argv[4])->ether_addr_octet,
			 to_ip6(argv[5]), to_ip6(argv[6]));
	else if (!strcmp(how, "raw"))
		build_raw(p, argv[5]);
}

/* What is new each time. */
static void rebuild(unsigned char *p, char **argv)
{
	const char *how = argv[3];

	if (!strcmp(how, "arp-random"))
		build_random(p, inet_addr(argv[4]), inet_addr(argv[5]));
	else if (!strcmp(how, "ns-random"))
		build_random_ns(p, to_ip6(argv[4]), to_ip6(argv[5]));
	else if (!strcmp(how, "ra-random"))
		build_random_ra(p, to_ip6(argv[4]));
	else if (!strcmp(how, "fragments"))
		build_fragment(p, argv[4], argv[5], argv[6], argv[7]);
	else if (!strcmp(how, "fragments-random"))
		build_fragment(p, NULL, argv[4], argv[5], argv[6]);
	else if (!strcmp(how, "answers"))
		build_answer(p, argv);
}

int main(int argc, char **argv)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET };
	struct mmsghdr msg[BATCH] = { 0 };
	struct iovec iov[BATCH];
	unsigned long count, sent = 0;
	int fd, i;

	if (argc < 5)
		errx(2, "see its source");
	count = strtoul(argv[2], NULL, 0);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	to.sll_ifindex = if_nametoindex(argv[1]);
	if (fd < 0 || !to.sll_ifindex)
		err(1, "%s", argv[1]);
	/* Not to wait for whoever is slow to receive. */
	i = 1 << 26;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &i, sizeof(i)))
		err(1, "SO_SNDBUFFORCE");

	srand(1);
	for (i = 0; i < FRAMES; i++)
		build(frame[i], argv);
	if (!strcmp(argv[3], "raw"))
		to.sll_protocol = htons(strtoul(argv[4], NULL, 16));

	while (!count || sent < count) {
		for (i = 0; i < BATCH; i++) {
			unsigned char *p = frame[(sent + i) % FRAMES];

			rebuild(p, argv);
			iov[i] = (struct iovec){ p, length };
			msg[i].msg_hdr.msg_iov = &iov[i];
			msg[i].msg_hdr.msg_iovlen = 1;
			msg[i].msg_hdr.msg_name = &to;
			msg[i].msg_hdr.msg_namelen = sizeof(to);
		}
		i = sendmmsg(fd, msg, BATCH, 0);
		sent += i > 0 ? i : 1;
	}
	printf("%lu frames\n", sent);
	return 0;
}
