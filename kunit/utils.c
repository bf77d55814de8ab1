// SPDX-License-Identifier: GPL-2.0
/* What several suites need: packets, a pair of devices, what came out of it. */

#include <linux/hex.h>
#include <linux/inet.h>
#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>
#include <net/netlink.h>
#include <net/sch_generic.h>
#include <net/udp.h>

#include "rtnl.h"
#include "utils.h"

#define HEADROOM	128

/* What is waited for comes within milliseconds; a machine may be busy. */
#define PATIENCE	(20 * HZ)

struct vtap_mac vtap_test_mac(const char *bytes)
{
	return vtap_mac_make((const u8 *)bytes);
}

struct in6_addr vtap_test_mapped(__be32 addr)
{
	struct in6_addr mapped;

	ipv6_addr_set_v4mapped(addr, &mapped);
	return mapped;
}

struct in6_addr vtap_test_addr6(struct kunit *test, const char *text)
{
	struct in6_addr addr;

	KUNIT_ASSERT_EQ(test, in6_pton(text, -1, addr.s6_addr, -1, NULL), 1);
	return addr;
}

static const bool families[] = { false, true };

static void family_name(const bool *v6, char *name)
{
	strscpy(name, *v6 ? "IPv6" : "IPv4", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(family, families, family_name);

/**
 * vtap_test_family_gen_params() - a case for each family
 * @prev: parameter of the case before, NULL for the first
 * @desc: set to the case's name
 *
 * For KUNIT_CASE_PARAM(). Return: a bool that says whether it is IPv6.
 */
const void *vtap_test_family_gen_params(const void *prev, char *desc)
{
	return family_gen_params(prev, desc);
}

/**
 * vtap_test_hex() - bytes of a vector
 * @test: frees them
 * @hex: digits
 * @len: set to their number
 *
 * Return: memory of just that length.
 */
u8 *vtap_test_hex(struct kunit *test, const char *hex, size_t *len)
{
	u8 *bytes;

	*len = strlen(hex) / 2;
	bytes = kunit_kmalloc(test, *len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, bytes);
	KUNIT_ASSERT_EQ(test, hex2bin(bytes, hex, *len), 0);
	return bytes;
}

/**
 * vtap_test_exact() - a copy that ends where its memory ends
 * @test: frees it
 * @data: what to copy
 * @len: bytes of it
 *
 * Whoever reads past the end is caught by KASAN.
 *
 * Return: the copy; of no bytes, a pointer that must not be followed.
 */
u8 *vtap_test_exact(struct kunit *test, const void *data, size_t len)
{
	u8 *copy = kunit_kmalloc(test, len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, copy);
	memcpy(copy, data, len);
	return copy;
}

/**
 * vtap_test_skb() - a linear skb
 * @test: case
 * @data: what is in it
 * @len: bytes of it
 *
 * Return: the skb, network header at its start; the caller's to free.
 */
struct sk_buff *vtap_test_skb(struct kunit *test, const void *data, size_t len)
{
	struct sk_buff *skb = alloc_skb(HEADROOM + len, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, HEADROOM);
	if (len)
		skb_put_data(skb, data, len);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

/**
 * vtap_test_split_skb() - an skb with part of its data in a page
 * @test: case
 * @data: what is in it
 * @len: bytes of it
 * @linear: bytes of it in the linear part
 *
 * Return: as vtap_test_skb().
 */
struct sk_buff *vtap_test_split_skb(struct kunit *test, const void *data,
				    size_t len, size_t linear)
{
	struct sk_buff *skb = vtap_test_skb(test, data, linear);
	struct page *page;

	if (linear == len)
		return skb;
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memcpy(page_address(page), data + linear, len - linear);
	skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	return skb;
}

/**
 * vtap_test_sum_ipv4() - give an IPv4 header its checksum
 * @packet: starts with it
 */
void vtap_test_sum_ipv4(void *packet)
{
	ip_send_check(packet);
}

static __sum16 udp_sum(const struct iphdr *iph)
{
	const struct udphdr *udp = (const void *)iph + iph->ihl * 4;
	unsigned int len = ntohs(udp->len);

	return csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_UDP,
				 csum_partial(udp, len, 0));
}

/**
 * vtap_test_sum_udp() - give a UDP datagram over IPv4 its checksum
 * @packet: starts with the IPv4 header
 */
void vtap_test_sum_udp(void *packet)
{
	struct iphdr *iph = packet;
	struct udphdr *udp = packet + iph->ihl * 4;

	udp->check = 0;
	udp->check = udp_sum(iph);
	if (!udp->check)
		udp->check = CSUM_MANGLED_0;
}

/**
 * vtap_test_udp_sum_good() - is the checksum there, and right?
 * @packet: starts with the IPv4 header
 */
bool vtap_test_udp_sum_good(const void *packet)
{
	const struct iphdr *iph = packet;
	const struct udphdr *udp = packet + iph->ihl * 4;

	return udp->check && !udp_sum(iph);
}

/**
 * vtap_test_sum_ipv6() - give what is right behind an IPv6 header its checksum
 * @packet: starts with the IPv6 header
 * @sum: where the checksum belongs
 */
void vtap_test_sum_ipv6(void *packet, __sum16 *sum)
{
	const struct ipv6hdr *ip6h = packet;
	unsigned int len = ntohs(ip6h->payload_len);

	*sum = 0;
	*sum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr, len, ip6h->nexthdr,
			       csum_partial(ip6h + 1, len, 0));
	if (!*sum && ip6h->nexthdr == IPPROTO_UDP)
		*sum = CSUM_MANGLED_0;
}

/**
 * vtap_test_ipv4() - an IPv4 packet
 * @test: case
 * @saddr: source
 * @daddr: destination
 * @protocol: of @payload
 * @payload: what follows the header
 * @len: bytes of it
 *
 * Return: as vtap_test_skb().
 */
struct sk_buff *vtap_test_ipv4(struct kunit *test, __be32 saddr, __be32 daddr,
			       u8 protocol, const void *payload, size_t len)
{
	struct sk_buff *skb = vtap_test_skb(test, payload, len);
	struct iphdr *iph = skb_push(skb, sizeof(*iph));

	*iph = (struct iphdr){
		.version = 4, .ihl = 5, .ttl = 64, .protocol = protocol,
		.tot_len = htons(sizeof(*iph) + len), .id = htons(0x1234),
		.saddr = saddr, .daddr = daddr,
	};
	vtap_test_sum_ipv4(iph);
	skb->protocol = htons(ETH_P_IP);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

/**
 * vtap_test_ipv6() - an IPv6 packet
 * @test: case
 * @saddr: source
 * @daddr: destination
 * @nexthdr: kind of @payload
 * @payload: what follows the header
 * @len: bytes of it
 *
 * Return: as vtap_test_skb().
 */
struct sk_buff *vtap_test_ipv6(struct kunit *test, const char *saddr,
			       const char *daddr, u8 nexthdr,
			       const void *payload, size_t len)
{
	struct sk_buff *skb = vtap_test_skb(test, payload, len);
	struct ipv6hdr *ip6h = skb_push(skb, sizeof(*ip6h));

	*ip6h = (struct ipv6hdr){
		.version = 6, .nexthdr = nexthdr, .hop_limit = 64,
		.payload_len = htons(len),
		.saddr = vtap_test_addr6(test, saddr),
		.daddr = vtap_test_addr6(test, daddr),
	};
	skb->protocol = htons(ETH_P_IPV6);
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

/**
 * vtap_test_push_frag6() - give an IPv6 packet a fragment header
 * @skb: packet, its first part if it is one
 * @frag_off: offset and flags
 */
void vtap_test_push_frag6(struct sk_buff *skb, u16 frag_off)
{
	struct ipv6hdr ip6h = *ipv6_hdr(skb);
	struct frag_hdr *frag;

	skb_pull(skb, sizeof(ip6h));
	frag = skb_push(skb, sizeof(*frag));
	*frag = (struct frag_hdr){
		.nexthdr = ip6h.nexthdr, .frag_off = htons(frag_off),
	};
	ip6h.nexthdr = NEXTHDR_FRAGMENT;
	ip6h.payload_len = htons(ntohs(ip6h.payload_len) + sizeof(*frag));
	memcpy(skb_push(skb, sizeof(ip6h)), &ip6h, sizeof(ip6h));
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
}

/**
 * vtap_test_udp() - a UDP datagram over IPv4, with its checksum
 * @test: case
 * @saddr: source
 * @daddr: destination
 * @sport: source port
 * @dport: destination port
 * @payload: what it says
 * @len: bytes of it
 *
 * Return: as vtap_test_skb().
 */
struct sk_buff *vtap_test_udp(struct kunit *test, __be32 saddr, __be32 daddr,
			      u16 sport, u16 dport,
			      const void *payload, size_t len)
{
	size_t udp_len = sizeof(struct udphdr) + len;
	u8 *datagram = kunit_kzalloc(test, udp_len, GFP_KERNEL);
	struct udphdr *udp = (struct udphdr *)datagram;
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, datagram);
	udp->source = htons(sport);
	udp->dest = htons(dport);
	udp->len = htons(udp_len);
	memcpy(udp + 1, payload, len);
	skb = vtap_test_ipv4(test, saddr, daddr, IPPROTO_UDP, datagram,
			     udp_len);
	vtap_test_sum_udp(skb->data);
	return skb;
}

/**
 * vtap_test_udp6() - a UDP datagram over IPv6, with its checksum
 * @test: case
 * @saddr: source
 * @daddr: destination
 * @sport: source port
 * @dport: destination port
 * @payload: what it says
 * @len: bytes of it
 *
 * Return: as vtap_test_skb().
 */
struct sk_buff *vtap_test_udp6(struct kunit *test, const char *saddr,
			       const char *daddr, u16 sport, u16 dport,
			       const void *payload, size_t len)
{
	size_t udp_len = sizeof(struct udphdr) + len;
	struct udphdr *udp = kunit_kzalloc(test, udp_len, GFP_KERNEL);
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, udp);
	udp->source = htons(sport);
	udp->dest = htons(dport);
	udp->len = htons(udp_len);
	memcpy(udp + 1, payload, len);
	skb = vtap_test_ipv6(test, saddr, daddr, IPPROTO_UDP, udp, udp_len);
	kunit_kfree(test, udp);
	udp = (struct udphdr *)(ipv6_hdr(skb) + 1);
	vtap_test_sum_ipv6(skb->data, &udp->check);
	return skb;
}

/**
 * vtap_test_push_ethernet() - make a frame of a packet
 * @skb: packet, with its protocol set
 * @dest: MAC
 * @source: MAC
 */
void vtap_test_push_ethernet(struct sk_buff *skb, const char *dest,
			     const char *source)
{
	struct ethhdr *eth = skb_push(skb, ETH_HLEN);

	memcpy(eth->h_dest, dest, ETH_ALEN);
	memcpy(eth->h_source, source, ETH_ALEN);
	eth->h_proto = skb->protocol;
	skb_reset_mac_header(skb);
}

/**
 * vtap_test_arp() - an ARP frame
 * @test: case
 * @arp: what it says
 *
 * Return: the frame, network header at the ARP packet; the caller's to free.
 */
struct sk_buff *vtap_test_arp(struct kunit *test,
			      const struct vtap_test_arp *arp)
{
	static const u8 zeros[ETH_ALEN];
	struct sk_buff *skb = vtap_test_skb(test, NULL, 0);
	struct arphdr *hdr = skb_put(skb, sizeof(*hdr));

	hdr->ar_hrd = htons(ARPHRD_ETHER);
	hdr->ar_pro = htons(ETH_P_IP);
	hdr->ar_hln = ETH_ALEN;
	hdr->ar_pln = sizeof(__be32);
	hdr->ar_op = htons(arp->op);
	skb_put_data(skb, arp->sha, ETH_ALEN);
	skb_put_data(skb, &arp->sip, sizeof(arp->sip));
	skb_put_data(skb, arp->tha ? (const u8 *)arp->tha : zeros, ETH_ALEN);
	skb_put_data(skb, &arp->tip, sizeof(arp->tip));
	skb->protocol = htons(ETH_P_ARP);
	vtap_test_push_ethernet(skb, arp->dest, arp->sha);
	return skb;
}

/**
 * vtap_test_ndp() - a frame of neighbour discovery
 * @test: case
 * @ndp: what it says
 *
 * Return: the frame, network header at the IPv6 header; the caller's to free.
 */
struct sk_buff *vtap_test_ndp(struct kunit *test,
			      const struct vtap_test_ndp *ndp)
{
	struct icmp6hdr *icmp;
	u8 group[ETH_ALEN];
	struct sk_buff *skb;
	size_t len;
	u8 *data = vtap_test_hex(test, ndp->hex, &len);

	skb = vtap_test_ipv6(test, ndp->saddr, ndp->daddr, IPPROTO_ICMPV6,
			     data, len);
	kunit_kfree(test, data);
	ipv6_hdr(skb)->hop_limit = 255;
	icmp = (struct icmp6hdr *)(ipv6_hdr(skb) + 1);
	vtap_test_sum_ipv6(skb->data, &icmp->icmp6_cksum);
	ipv6_eth_mc_map(&ipv6_hdr(skb)->daddr, group);
	vtap_test_push_ethernet(skb, ndp->dest ?: (const char *)group,
				ndp->source);
	return skb;
}

/**
 * vtap_test_dhcp_new() - room for a message
 * @test: frees it
 *
 * Return: the message; too large for the stack.
 */
struct vtap_test_dhcp *vtap_test_dhcp_new(struct kunit *test)
{
	struct vtap_test_dhcp *dhcp = kunit_kzalloc(test, sizeof(*dhcp),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dhcp);
	return dhcp;
}

/**
 * vtap_test_dhcp_start() - the fixed part of a message
 * @dhcp: message
 * @op: VTAP_BOOTP_REQUEST or VTAP_BOOTP_REPLY
 *
 * Of the station's client, transaction DHCP_XID.
 */
void vtap_test_dhcp_start(struct vtap_test_dhcp *dhcp, u8 op)
{
	memset(dhcp, 0, sizeof(*dhcp));
	dhcp->len = sizeof(dhcp->bootp);
	dhcp->bootp.op = op;
	dhcp->bootp.htype = 1;
	dhcp->bootp.hlen = ETH_ALEN;
	dhcp->bootp.xid = htonl(DHCP_XID);
	memcpy(dhcp->bootp.chaddr, STATION_MAC, ETH_ALEN);
	dhcp->bootp.cookie = htonl(0x63825363);
}

/**
 * vtap_test_dhcp_put() - add an option
 * @dhcp: message
 * @code: of the option
 * @value: its value
 * @len: of @value, up to 255
 */
void vtap_test_dhcp_put(struct vtap_test_dhcp *dhcp, u8 code, const void *value,
			size_t len)
{
	u8 *to = dhcp->bytes + dhcp->len;

	if (WARN_ON(len > U8_MAX || dhcp->len + 2 + len >= sizeof(dhcp->bytes)))
		return;
	to[0] = code;
	to[1] = len;
	memcpy(to + 2, value, len);
	dhcp->len += 2 + len;
}

void vtap_test_dhcp_put_u8(struct vtap_test_dhcp *dhcp, u8 code, u8 value)
{
	vtap_test_dhcp_put(dhcp, code, &value, sizeof(value));
}

void vtap_test_dhcp_put_u16(struct vtap_test_dhcp *dhcp, u8 code, u16 value)
{
	__be16 be = htons(value);

	vtap_test_dhcp_put(dhcp, code, &be, sizeof(be));
}

void vtap_test_dhcp_put_u32(struct vtap_test_dhcp *dhcp, u8 code, u32 value)
{
	__be32 be = htonl(value);

	vtap_test_dhcp_put(dhcp, code, &be, sizeof(be));
}

void vtap_test_dhcp_put_ip(struct vtap_test_dhcp *dhcp, u8 code, __be32 addr)
{
	vtap_test_dhcp_put(dhcp, code, &addr, sizeof(addr));
}

void vtap_test_dhcp_end(struct vtap_test_dhcp *dhcp)
{
	dhcp->bytes[dhcp->len++] = 255;
}

/* The start of it is enough: what follows quotes the request. */
static int receive_ack(struct socket *sock)
{
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
	} ack;
	struct kvec vec = { .iov_base = &ack, .iov_len = sizeof(ack) };
	struct msghdr from = {};
	int len;

	len = kernel_recvmsg(sock, &from, &vec, 1, sizeof(ack), MSG_DONTWAIT);
	if (len < 0)
		return len;
	if (len != sizeof(ack) || ack.nlh.nlmsg_type != NLMSG_ERROR)
		return -EPROTO;
	return ack.err.error;
}

/**
 * vtap_test_rtnl() - have rtnetlink do something, as ``ip`` does
 * @test: case
 * @msg: a message that asks for an ACK; consumed
 *
 * Return: 0 or what rtnetlink answered.
 */
int vtap_test_rtnl(struct kunit *test, struct sk_buff *msg)
{
	struct kvec vec = { .iov_base = msg->data, .iov_len = msg->len };
	/* Named, so that the capabilities of the caller count, not those of
	 * an open file, of which there is none.
	 */
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr to = {
		.msg_name = &kernel, .msg_namelen = sizeof(kernel),
	};
	struct socket *sock;
	int err;

	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW,
					       NETLINK_ROUTE, &sock), 0);
	nlmsg_hdr(msg)->nlmsg_len = msg->len;
	err = kernel_sendmsg(sock, &to, &vec, 1, vec.iov_len);
	if (err > 0)
		err = receive_ack(sock);
	sock_release(sock);
	nlmsg_free(msg);
	return err;
}

static struct sk_buff *rtnl_message(struct kunit *test, int type, int flags,
				    const void *header, size_t len)
{
	struct sk_buff *msg = nlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	struct nlmsghdr *nlh;

	KUNIT_ASSERT_NOT_NULL(test, msg);
	nlh = nlmsg_put(msg, 0, 0, type, len,
			NLM_F_REQUEST | NLM_F_ACK | flags);
	KUNIT_ASSERT_NOT_NULL(test, nlh);
	memcpy(nlmsg_data(nlh), header, len);
	return msg;
}

/**
 * vtap_test_rtnl_link() - begin a message that creates a pair
 * @test: case
 * @name: of the host end
 *
 * Return: the message, to be completed with attributes of the link.
 */
struct sk_buff *vtap_test_rtnl_link(struct kunit *test, const char *name)
{
	const struct ifinfomsg ifm = { .ifi_family = AF_UNSPEC };
	struct sk_buff *msg = rtnl_message(test, RTM_NEWLINK,
					   NLM_F_CREATE | NLM_F_EXCL,
					   &ifm, sizeof(ifm));

	KUNIT_ASSERT_EQ(test, nla_put_string(msg, IFLA_IFNAME, name), 0);
	return msg;
}

/**
 * vtap_test_add_address() - as ``ip addr add``
 * @test: case
 * @dev: device
 * @addr: address
 * @prefix_len: of its subnet
 */
void vtap_test_add_address(struct kunit *test, struct net_device *dev,
			   __be32 addr, u8 prefix_len)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_INET, .ifa_prefixlen = prefix_len,
		.ifa_index = dev->ifindex,
	};
	struct sk_buff *msg = rtnl_message(test, RTM_NEWADDR,
					   NLM_F_CREATE | NLM_F_EXCL,
					   &ifa, sizeof(ifa));

	KUNIT_ASSERT_EQ(test, nla_put_in_addr(msg, IFA_LOCAL, addr), 0);
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);
}

/**
 * vtap_test_enable_ipv6() - give a host end IPv6
 * @pair: pair
 *
 * No address comes by itself, and the kernel neither asks for routers nor
 * believes them. What it says of groups cannot be turned off.
 */
void vtap_test_enable_ipv6(struct vtap_test_pair *pair)
{
	struct ipv6_devconf *cnf;

	rtnl_lock();
	cnf = &__in6_dev_get(pair->host)->cnf;
	WRITE_ONCE(cnf->addr_gen_mode, IN6_ADDR_GEN_MODE_NONE);
	WRITE_ONCE(cnf->rtr_solicits, 0);
	WRITE_ONCE(cnf->accept_ra, 0);
	WRITE_ONCE(cnf->disable_ipv6, 0);
	rtnl_unlock();
}

static int change_address6(struct kunit *test, int type, int request,
			   const struct ifaddrmsg *ifa,
			   const struct in6_addr *addr)
{
	struct sk_buff *msg = rtnl_message(test, type, request, ifa,
					   sizeof(*ifa));

	KUNIT_ASSERT_EQ(test, nla_put_in6_addr(msg, IFA_LOCAL, addr), 0);
	return vtap_test_rtnl(test, msg);
}

/**
 * vtap_test_add_prefix6() - as ``ip addr add ... nodad``
 * @test: case
 * @dev: device that has IPv6
 * @addr: address
 * @prefix_len: of its subnet
 *
 * Return: 0 or a negative error.
 */
int vtap_test_add_prefix6(struct kunit *test, struct net_device *dev,
			  const struct in6_addr *addr, u8 prefix_len)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6, .ifa_prefixlen = prefix_len,
		.ifa_flags = IFA_F_NODAD, .ifa_index = dev->ifindex,
	};

	return change_address6(test, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL,
			       &ifa, addr);
}

/**
 * vtap_test_add_address6() - as ``ip addr add``, with a prefix of 64 bits
 * @test: case
 * @dev: device that has IPv6
 * @addr: address
 * @flags: IFA_F_*
 */
void vtap_test_add_address6(struct kunit *test, struct net_device *dev,
			    const char *addr, u8 flags)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6, .ifa_prefixlen = 64,
		.ifa_flags = flags, .ifa_index = dev->ifindex,
	};
	struct in6_addr bytes = vtap_test_addr6(test, addr);

	KUNIT_ASSERT_EQ(test, change_address6(test, RTM_NEWADDR,
					      NLM_F_CREATE | NLM_F_EXCL, &ifa,
					      &bytes), 0);
}

/**
 * vtap_test_delete_address6() - undo vtap_test_add_address6()
 * @test: case
 * @dev: device
 * @addr: address
 */
void vtap_test_delete_address6(struct kunit *test, struct net_device *dev,
			       const char *addr)
{
	const struct ifaddrmsg ifa = {
		.ifa_family = AF_INET6, .ifa_prefixlen = 64,
		.ifa_index = dev->ifindex,
	};
	struct in6_addr bytes = vtap_test_addr6(test, addr);

	KUNIT_ASSERT_EQ(test, change_address6(test, RTM_DELADDR, 0, &ifa,
					      &bytes), 0);
}

static struct sk_buff *route_message(struct kunit *test,
				     const struct net_device *dev,
				     __be32 dest, u8 prefix_len, u8 scope)
{
	const struct rtmsg rtm = {
		.rtm_family = AF_INET, .rtm_dst_len = prefix_len,
		.rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC,
		.rtm_scope = scope, .rtm_type = RTN_UNICAST,
	};
	struct sk_buff *msg = rtnl_message(test, RTM_NEWROUTE,
					   NLM_F_CREATE | NLM_F_EXCL,
					   &rtm, sizeof(rtm));

	KUNIT_ASSERT_EQ(test, nla_put_in_addr(msg, RTA_DST, dest), 0);
	KUNIT_ASSERT_EQ(test, nla_put_u32(msg, RTA_OIF, dev->ifindex), 0);
	return msg;
}

/**
 * vtap_test_add_route() - as ``ip route add``
 * @test: case
 * @dev: device
 * @dest: destination
 * @prefix_len: of @dest
 * @gateway: its gateway, 0 for none
 */
void vtap_test_add_route(struct kunit *test, struct net_device *dev,
			 __be32 dest, u8 prefix_len, __be32 gateway)
{
	struct sk_buff *msg = route_message(test, dev, dest, prefix_len,
					    gateway ? RT_SCOPE_UNIVERSE :
						      RT_SCOPE_LINK);

	if (gateway)
		KUNIT_ASSERT_EQ(test,
				nla_put_in_addr(msg, RTA_GATEWAY, gateway), 0);
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);
}

/**
 * vtap_test_add_route6() - an IPv4 route with an IPv6 gateway
 * @test: case
 * @dev: device
 * @dest: destination
 * @prefix_len: of @dest
 * @gateway: IPv6 address
 */
void vtap_test_add_route6(struct kunit *test, struct net_device *dev,
			  __be32 dest, u8 prefix_len, const char *gateway)
{
	struct {
		__kernel_sa_family_t family;
		struct in6_addr addr;
	} __packed via = { AF_INET6, vtap_test_addr6(test, gateway) };
	struct sk_buff *msg = route_message(test, dev, dest, prefix_len,
					    RT_SCOPE_UNIVERSE);

	KUNIT_ASSERT_EQ(test, nla_put(msg, RTA_VIA, sizeof(via), &via), 0);
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);
}

static int sink_receive(struct sk_buff *skb, struct net_device *dev,
			struct packet_type *type, struct net_device *orig_dev)
{
	struct vtap_test_sink *sink = container_of(type, struct vtap_test_sink,
						   type);
	struct sk_buff *copy = NULL;

	/* What the device sent is of no interest: the other end has it. */
	if (skb->pkt_type != PACKET_OUTGOING)
		copy = skb_copy_expand(skb, HEADROOM, 0, GFP_ATOMIC);
	if (copy) {
		skb_push(copy, copy->data - skb_mac_header(copy));
		skb_queue_tail(&sink->queue, copy);
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

/**
 * vtap_test_dns_new() - room for a message
 * @test: frees it
 *
 * Return: the message; too large for the stack.
 */
struct vtap_test_dns *vtap_test_dns_new(struct kunit *test)
{
	struct vtap_test_dns *dns = kunit_kzalloc(test, sizeof(*dns),
						  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, dns);
	return dns;
}

/**
 * vtap_test_dns_u16() - append two bytes
 * @dns: message
 * @value: they
 */
void vtap_test_dns_u16(struct vtap_test_dns *dns, u16 value)
{
	put_unaligned_be16(value, dns->bytes + dns->len);
	dns->len += 2;
}

/**
 * vtap_test_dns_name() - append a name
 * @dns: message
 * @name: its labels with dots between them, "" for the root; NULL for a pointer
 *	to the question's
 */
void vtap_test_dns_name(struct vtap_test_dns *dns, const char *name)
{
	if (!name) {
		vtap_test_dns_u16(dns, 0xc000 | VTAP_DNS_HEADER);
		return;
	}
	while (*name) {
		size_t label = strcspn(name, ".");

		dns->bytes[dns->len++] = label;
		memcpy(dns->bytes + dns->len, name, label);
		dns->len += label;
		name += label + (name[label] == '.');
	}
	dns->bytes[dns->len++] = 0;
}

/**
 * vtap_test_dns_start() - begin a message with a question of class IN
 * @dns: message
 * @id: transaction id
 * @flags: second word of the header
 * @name: as for vtap_test_dns_name()
 * @type: of the question
 */
void vtap_test_dns_start(struct vtap_test_dns *dns, u16 id, u16 flags,
			 const char *name, u16 type)
{
	memset(dns, 0, sizeof(*dns));
	vtap_test_dns_u16(dns, id);
	vtap_test_dns_u16(dns, flags);
	vtap_test_dns_u16(dns, 1);
	dns->len = VTAP_DNS_HEADER;
	vtap_test_dns_name(dns, name);
	vtap_test_dns_u16(dns, type);
	vtap_test_dns_u16(dns, 1);
}

static void put_rr(struct vtap_test_dns *dns, unsigned int section,
		   const char *name, u16 type, u16 class, u32 ttl,
		   const void *data, size_t len)
{
	u8 *count = dns->bytes + 6 + 2 * section;

	put_unaligned_be16(get_unaligned_be16(count) + 1, count);
	vtap_test_dns_name(dns, name);
	vtap_test_dns_u16(dns, type);
	vtap_test_dns_u16(dns, class);
	vtap_test_dns_u16(dns, ttl >> 16);
	vtap_test_dns_u16(dns, ttl);
	vtap_test_dns_u16(dns, len);
	memcpy(dns->bytes + dns->len, data, len);
	dns->len += len;
}

/**
 * vtap_test_dns_rr() - append a record of class IN, and count it
 * @dns: message
 * @section: VTAP_TEST_DNS_*, in this order
 * @name: as for vtap_test_dns_name()
 * @type: of the record
 * @ttl: in seconds
 * @data: its data
 * @len: bytes of that
 */
void vtap_test_dns_rr(struct vtap_test_dns *dns, unsigned int section,
		      const char *name, u16 type, u32 ttl, const void *data,
		      size_t len)
{
	put_rr(dns, section, name, type, 1, ttl, data, len);
}

/**
 * vtap_test_dns_opt() - append an OPT record (RFC 6891 6.1.2)
 * @dns: message
 * @size: payload size
 * @flags: extended response code, version, flags
 * @options: its options
 * @len: bytes of those
 */
void vtap_test_dns_opt(struct vtap_test_dns *dns, u16 size, u32 flags,
		       const void *options, size_t len)
{
	put_rr(dns, VTAP_TEST_DNS_ADDITIONAL, "", 41, size, flags, options, len);
}

/**
 * vtap_test_sink_start() - keep what a device receives from now on
 * @sink: where
 * @dev: device
 */
void vtap_test_sink_start(struct vtap_test_sink *sink, struct net_device *dev)
{
	skb_queue_head_init(&sink->queue);
	sink->type = (struct packet_type){
		.type = htons(ETH_P_ALL), .dev = dev, .func = sink_receive,
	};
	dev_add_pack(&sink->type);
}

/**
 * vtap_test_sink_stop() - undo vtap_test_sink_start()
 * @sink: to stop; who still sees its handler is waited for by deleting the
 *	device
 */
void vtap_test_sink_stop(struct vtap_test_sink *sink)
{
	__dev_remove_pack(&sink->type);
}

/**
 * vtap_test_open_quietly() - open a host end that sends but what a case sends
 * @test: case
 * @host: host end; gets no IPv6, and announces nothing
 */
void vtap_test_open_quietly(struct kunit *test, struct net_device *host)
{
	int err;

	rtnl_lock();
	WRITE_ONCE(__in6_dev_get(host)->cnf.disable_ipv6, 1);
	WRITE_ONCE(vtap_port_of(host)->opt.announce, 0);
	err = dev_open(host, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

static void bring_up(struct kunit *test, struct vtap_test_pair *pair)
{
	int err;

	vtap_test_open_quietly(test, pair->host);
	rtnl_lock();
	err = dev_open(pair->ethernet, NULL);
	rtnl_unlock();
	KUNIT_ASSERT_EQ(test, err, 0);
}

/**
 * vtap_test_know() - an address is at the gateway's hardware address for good
 * @test: case
 * @pair: whose host end knows it
 * @addr: address, IPv4 as ::ffff:a.b.c.d
 */
void vtap_test_know(struct kunit *test, struct vtap_test_pair *pair,
		    struct in6_addr addr)
{
	KUNIT_ASSERT_EQ(test,
			vtap_neigh_set_permanent(&pair->port->neigh, &addr,
						 vtap_test_mac(GATEWAY_MAC)),
			0);
}

/**
 * vtap_test_prove_gateway() - GATEWAY_IP is asked for, and has GATEWAY_MAC
 * @test: case
 * @pair: whose host end asks
 */
void vtap_test_prove_gateway(struct kunit *test, struct vtap_test_pair *pair)
{
	static const struct vtap_test_arp reply = {
		.op = ARPOP_REPLY, .dest = STATION_MAC, .sha = GATEWAY_MAC,
		.sip = GATEWAY_IP, .tha = STATION_MAC, .tip = STATION_IP,
	};

	vtap_test_transmit(test, pair->host,
			   vtap_test_udp(test, STATION_IP, GATEWAY_IP, 1, 2,
					 NULL, 0));
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
	vtap_test_from_vpn(test, pair, &reply);
	kfree_skb(vtap_test_next(test, &pair->to_vpn));
}

/**
 * vtap_test_set() - set an option as sysfs does
 * @pair: whose host end
 * @id: option
 * @text: its value
 *
 * Return: 0 or a negative error.
 */
int vtap_test_set(struct vtap_test_pair *pair, enum vtap_option_id id,
		  const char *text)
{
	int err;

	rtnl_lock();
	err = vtap_option_set(pair->port, &vtap_option_table[id], text);
	rtnl_unlock();
	return err;
}

/**
 * vtap_test_reads() - an option reads so in sysfs
 * @test: case
 * @pair: whose host end
 * @id: option
 * @text: all that its file holds
 */
void vtap_test_reads(struct kunit *test, struct vtap_test_pair *pair,
		     enum vtap_option_id id, const char *text)
{
	char *page = (char *)get_zeroed_page(GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, page);
	KUNIT_EXPECT_EQ(test, vtap_option_print(pair->port,
						&vtap_option_table[id], page),
			strlen(text));
	KUNIT_EXPECT_STREQ(test, page, text);
	free_page((unsigned long)page);
}

/**
 * vtap_test_delete() - as ``ip link del``
 * @test: case
 * @name: of a host end or Ethernet end; there may be none
 */
void vtap_test_delete(struct kunit *test, const char *name)
{
	struct net_device *dev;
	LIST_HEAD(list);

	rtnl_lock();
	dev = __dev_get_by_name(&init_net, name);
	if (dev) {
		KUNIT_EXPECT_TRUE(test, vtap_is_host(dev) ||
				  vtap_is_ethernet(dev));
		vtap_link_ops.dellink(dev, &list);
		unregister_netdevice_many(&list);
	}
	rtnl_unlock();
}

/**
 * vtap_test_wait_ready() - wait until a device can transmit
 * @test: case
 * @dev: either end
 *
 * One whose carrier came after it was opened can do so a little later.
 */
void vtap_test_wait_ready(struct kunit *test, struct net_device *dev)
{
	unsigned long end = jiffies + PATIENCE;

	while (qdisc_tx_is_noop(dev) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_ASSERT_FALSE(test, qdisc_tx_is_noop(dev));
}

static struct net_device *find_device(struct kunit *test, const char *name,
				      const char *suffix)
{
	struct net_device *dev;
	char whole[IFNAMSIZ];

	snprintf(whole, sizeof(whole), "%s%s", name, suffix);
	rtnl_lock();
	dev = __dev_get_by_name(&init_net, whole);
	rtnl_unlock();
	KUNIT_ASSERT_NOT_NULL(test, dev);
	return dev;
}

/**
 * vtap_test_pair_create() - a pair that is up
 * @test: case
 * @name: of the host end
 */
struct vtap_test_pair *vtap_test_pair_create(struct kunit *test,
					     const char *name)
{
	struct vtap_test_pair *pair = kzalloc(sizeof(*pair), GFP_KERNEL);
	struct sk_buff *msg = vtap_test_rtnl_link(test, name);
	struct nlattr *info;

	KUNIT_ASSERT_NOT_NULL(test, pair);
	KUNIT_ASSERT_EQ(test, nla_put(msg, IFLA_ADDRESS, ETH_ALEN, STATION_MAC),
			0);
	info = nla_nest_start(msg, IFLA_LINKINFO);
	KUNIT_ASSERT_EQ(test, nla_put_string(msg, IFLA_INFO_KIND, VTAP_KIND),
			0);
	nla_nest_end(msg, info);
	KUNIT_ASSERT_EQ(test, vtap_test_rtnl(test, msg), 0);

	pair->host = find_device(test, name, "");
	pair->ethernet = find_device(test, name, "-l2");
	pair->port = vtap_port_of(pair->host);
	bring_up(test, pair);
	vtap_test_wait_ready(test, pair->host);
	vtap_test_wait_ready(test, pair->ethernet);
	vtap_test_sink_start(&pair->to_vpn, pair->ethernet);
	vtap_test_sink_start(&pair->to_host, pair->host);
	return pair;
}

/**
 * vtap_test_pair_destroy() - delete a pair
 * @pair: of vtap_test_pair_create()
 */
void vtap_test_pair_destroy(struct vtap_test_pair *pair)
{
	LIST_HEAD(list);

	/* Deleting the devices waits for who still sees the handlers. */
	vtap_test_sink_stop(&pair->to_vpn);
	vtap_test_sink_stop(&pair->to_host);
	rtnl_lock();
	vtap_link_ops.dellink(pair->host, &list);
	unregister_netdevice_many(&list);
	rtnl_unlock();
	skb_queue_purge(&pair->to_vpn.queue);
	skb_queue_purge(&pair->to_host.queue);
	kfree(pair);
}

/**
 * vtap_test_pair_init() - give every case of a suite a pair, in test->priv
 * @test: case
 *
 * Return: 0.
 */
int vtap_test_pair_init(struct kunit *test)
{
	test->priv = vtap_test_pair_create(test, "kunit0");
	return 0;
}

/**
 * vtap_test_pair_exit() - undo vtap_test_pair_init()
 * @test: case
 */
void vtap_test_pair_exit(struct kunit *test)
{
	if (test->priv)
		vtap_test_pair_destroy(test->priv);
}

static struct vtap_test_pair *shared_pair;

/**
 * vtap_test_shared_init() - give every case of a suite the same pair
 * @test: case
 *
 * For large tables: making and deleting a pair takes a while. The pair has
 * learned nothing, and has received nothing.
 *
 * Return: 0.
 */
int vtap_test_shared_init(struct kunit *test)
{
	if (!shared_pair)
		shared_pair = vtap_test_pair_create(test, "kunit0");
	vtap_forget(shared_pair->port);
	vtap_neigh_flush(&shared_pair->port->neigh);
	skb_queue_purge(&shared_pair->to_vpn.queue);
	skb_queue_purge(&shared_pair->to_host.queue);
	test->priv = shared_pair;
	return 0;
}

/**
 * vtap_test_unchecked() - leave sums and fragments to the host
 * @pair: of vtap_test_pair_create()
 *
 * What looks into packets behind those checks has to get along without them.
 */
void vtap_test_unchecked(struct vtap_test_pair *pair)
{
	pair->host->features &= ~NETIF_F_RXCSUM;
	WRITE_ONCE(pair->port->frags.reassembly, 0);
}

/**
 * vtap_test_unchecked_init() - a shared pair that leaves those to the host
 * @test: case
 *
 * Return: 0.
 */
int vtap_test_unchecked_init(struct kunit *test)
{
	vtap_test_shared_init(test);
	vtap_test_unchecked(test->priv);
	return 0;
}

/**
 * vtap_test_shared_exit() - undo vtap_test_shared_init()
 * @suite: suite, whose cases are all over
 */
void vtap_test_shared_exit(struct kunit_suite *suite)
{
	if (shared_pair)
		vtap_test_pair_destroy(shared_pair);
	shared_pair = NULL;
}

/* Let a softirq that was put off until later do its work. */
static void settle(void)
{
	bool pending;

	do {
		schedule_timeout_uninterruptible(1);
		/* Which is asked of one CPU, and done there. */
		local_bh_disable();
		pending = local_softirq_pending() & BIT(NET_RX_SOFTIRQ);
		local_bh_enable();
	} while (pending);
}

/**
 * vtap_test_transmit() - have a device transmit
 * @test: case
 * @dev: either end
 * @skb: packet or frame; consumed
 */
void vtap_test_transmit(struct kunit *test, struct net_device *dev,
			struct sk_buff *skb)
{
	skb->dev = dev;
	KUNIT_EXPECT_EQ(test, dev_queue_xmit(skb), NET_XMIT_SUCCESS);
}

/**
 * vtap_test_transmit_paged() - have a device transmit what is in a page
 * @test: case
 * @dev: either end
 * @flat: packet or frame, all of it in the linear part
 * @linear: bytes of it that shall be there
 *
 * Past the core, which makes linear what it gives to a device that does not
 * ask for pages. Who mirrors or redirects to the device does not.
 */
void vtap_test_transmit_paged(struct kunit *test, struct net_device *dev,
			      const struct sk_buff *flat, size_t linear)
{
	struct sk_buff *skb = vtap_test_split_skb(test, flat->data, flat->len,
						  linear);

	skb->protocol = flat->protocol;
	skb->dev = dev;
	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, dev->netdev_ops->ndo_start_xmit(skb, dev),
			NETDEV_TX_OK);
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * vtap_test_from_vpn() - an ARP frame comes from the VPN
 * @test: case
 * @pair: where to
 * @arp: what it says
 */
void vtap_test_from_vpn(struct kunit *test, struct vtap_test_pair *pair,
			const struct vtap_test_arp *arp)
{
	vtap_test_transmit(test, pair->ethernet, vtap_test_arp(test, arp));
}

/**
 * vtap_test_ndp_from_vpn() - neighbour discovery comes from the VPN
 * @test: case
 * @pair: where to
 * @ndp: what it says
 */
void vtap_test_ndp_from_vpn(struct kunit *test, struct vtap_test_pair *pair,
			    const struct vtap_test_ndp *ndp)
{
	vtap_test_transmit(test, pair->ethernet, vtap_test_ndp(test, ndp));
}

/**
 * vtap_test_next() - the next thing received
 * @test: case
 * @sink: where
 *
 * Waits for it. Return: an skb, the caller's to free.
 */
struct sk_buff *vtap_test_next(struct kunit *test, struct vtap_test_sink *sink)
{
	unsigned long end = jiffies + PATIENCE;
	struct sk_buff *skb;

	while (!(skb = skb_dequeue(&sink->queue)) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	return skb;
}

/**
 * vtap_test_expect_frame() - just this was received next
 * @test: case
 * @sink: where
 * @data: whole frame, or packet of the host end
 * @len: bytes of it
 */
void vtap_test_expect_frame(struct kunit *test, struct vtap_test_sink *sink,
			    const void *data, size_t len)
{
	struct sk_buff *skb = vtap_test_next(test, sink);

	KUNIT_EXPECT_EQ(test, skb->len, len);
	if (skb->len == len)
		KUNIT_EXPECT_MEMEQ(test, skb->data, data, len);
	kfree_skb(skb);
}

/**
 * vtap_test_expect_silence() - nothing was received
 * @test: case
 * @sink: where
 */
void vtap_test_expect_silence(struct kunit *test, struct vtap_test_sink *sink)
{
	settle();
	KUNIT_EXPECT_EQ(test, skb_queue_len(&sink->queue), 0);
}

/**
 * vtap_test_expect_arp() - just this ARP frame went to the VPN next
 * @test: case
 * @pair: from where
 * @arp: what it says
 */
void vtap_test_expect_arp(struct kunit *test, struct vtap_test_pair *pair,
			  const struct vtap_test_arp *arp)
{
	struct sk_buff *wanted = vtap_test_arp(test, arp);

	vtap_test_expect_frame(test, &pair->to_vpn, wanted->data, wanted->len);
	kfree_skb(wanted);
}

/* Does a neighbour ask or tell? */
static bool is_ndp(const struct sk_buff *skb)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	const struct ipv6hdr *ip6h = (const struct ipv6hdr *)(eth + 1);
	const u8 *icmp = (const u8 *)(ip6h + 1);

	return skb->len > sizeof(*eth) + sizeof(*ip6h) &&
	       eth->h_proto == htons(ETH_P_IPV6) &&
	       ip6h->nexthdr == IPPROTO_ICMPV6 &&
	       (*icmp == NDISC_NEIGHBOUR_SOLICITATION ||
		*icmp == NDISC_NEIGHBOUR_ADVERTISEMENT);
}

/**
 * vtap_test_next_ndp() - the next solicitation or advertisement of a neighbour
 * @test: case
 * @pair: whose host end sends it
 *
 * Whatever else it sends is dropped: with IPv6, the kernel speaks of groups.
 *
 * Return: a frame, the caller's to free.
 */
struct sk_buff *vtap_test_next_ndp(struct kunit *test,
				   struct vtap_test_pair *pair)
{
	struct sk_buff *skb = vtap_test_next(test, &pair->to_vpn);

	while (!is_ndp(skb)) {
		kfree_skb(skb);
		skb = vtap_test_next(test, &pair->to_vpn);
	}
	return skb;
}

/**
 * vtap_test_expect_ndp() - just this one went to the VPN next
 * @test: case
 * @pair: from where
 * @ndp: what it says
 */
void vtap_test_expect_ndp(struct kunit *test, struct vtap_test_pair *pair,
			  const struct vtap_test_ndp *ndp)
{
	struct sk_buff *skb = vtap_test_next_ndp(test, pair);
	struct sk_buff *wanted = vtap_test_ndp(test, ndp);

	KUNIT_EXPECT_EQ(test, skb->len, wanted->len);
	if (skb->len == wanted->len)
		KUNIT_EXPECT_MEMEQ(test, skb->data, wanted->data, skb->len);
	kfree_skb(wanted);
	kfree_skb(skb);
}

/**
 * vtap_test_expect_no_ndp() - none went to the VPN
 * @test: case
 * @pair: from where
 */
void vtap_test_expect_no_ndp(struct kunit *test, struct vtap_test_pair *pair)
{
	struct sk_buff *skb;

	settle();
	while ((skb = skb_dequeue(&pair->to_vpn.queue))) {
		KUNIT_EXPECT_FALSE(test, is_ndp(skb));
		kfree_skb(skb);
	}
}

static bool is_usable6(struct vtap_port *port, const struct in6_addr *addr)
{
	bool usable;

	local_bh_disable();
	rcu_read_lock();
	usable = vtap_addr_is_own6(port->dev, addr) &&
		 vtap_addr_is_usable6(port, addr);
	rcu_read_unlock();
	local_bh_enable();
	return usable;
}

/**
 * vtap_test_wait_usable6() - wait until an address may be used on the segment
 * @test: case
 * @pair: whose host end has it
 * @addr: address
 */
void vtap_test_wait_usable6(struct kunit *test, struct vtap_test_pair *pair,
			    const char *addr)
{
	struct in6_addr bytes = vtap_test_addr6(test, addr);
	unsigned long end = jiffies + PATIENCE;

	while (!is_usable6(pair->port, &bytes) && time_before(jiffies, end))
		schedule_timeout_uninterruptible(1);
	KUNIT_ASSERT_TRUE(test, is_usable6(pair->port, &bytes));
}

/**
 * vtap_test_exhaust() - nobody gets an answer any more
 * @limit: of a host end
 * @second: in this second
 */
void vtap_test_exhaust(struct vtap_limit *limit, u32 second)
{
	unsigned int i;

	for (i = 0; i < VTAP_LIMIT_BUCKETS; i++)
		WRITE_ONCE(limit->bucket[i], (second << 8 | 0xff) & 0xffff);
}

/**
 * vtap_test_drops() - how many packets a host end dropped for a reason
 * @port: host end
 * @reason: the reason
 */
u64 vtap_test_drops(struct vtap_port *port, enum vtap_verdict reason)
{
	return vtap_stats_read(port->stats, VTAP_STAT_MAX + reason -
					    VTAP_RX_DROP_FIRST);
}

/**
 * vtap_test_count() - a counter of a host end
 * @port: host end
 * @stat: which
 */
u64 vtap_test_count(struct vtap_port *port, enum vtap_stat stat)
{
	return vtap_stats_read(port->stats, stat);
}

/**
 * vtap_test_verdict() - a verdict for people
 * @verdict: verdict
 */
const char *vtap_test_verdict(enum vtap_verdict verdict)
{
	switch (verdict) {
	case VTAP_CONTINUE:
		return "continue";
	case VTAP_CONSUMED:
		return "consumed";
	default:
		return vtap_stats_name(VTAP_STAT_MAX + verdict -
				       VTAP_RX_DROP_FIRST);
	}
}
