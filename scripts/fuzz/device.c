// SPDX-License-Identifier: GPL-2.0
/* What the parsers ask, and tell, the rest of the world. */

#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/arp.h>
#include <net/ndisc.h>
#include <net/route.h>
#include <net/udp.h>

#include "device.h"
#include "fuzz.h"

static struct ipv6_devconf devconf_all;
static struct net net = { .ipv6.devconf_all = &devconf_all };
static struct net_device dev, other = { .net = &net };
static struct vtap_stats stats;
static u32 world;

struct vtap_port world_port;
struct neigh_table arp_tbl, nd_tbl;
const struct in6_addr in6addr_any;
const struct in6_addr in6addr_loopback = { .s6_addr = { [15] = 1 } };
const struct in6_addr in6addr_linklocal_allnodes = {
	.s6_addr = { 0xff, 2, [15] = 1 },
};

/**
 * world_begin() - a fresh host end
 * @answers: what it will say, bit by bit, from the start again after the last
 */
void world_begin(u32 answers)
{
	world = answers;
	dev = (struct net_device){
		.ifindex = 1,
		.mtu = 1500,
		.features = NETIF_F_RXCSUM,
		.net = &net,
	};
	world_port = (struct vtap_port){
		.dev = &dev,
		.station.addr = { 0x02, 0, 0x5e, 0x10, 0x20, 0x30 },
		.stats = &stats,
	};
	world_port.neigh.resolve = world_says();
}

bool world_says(void)
{
	world = world << 1 | world >> 31;
	return world & 1;
}

/* 0 to 8 are what sysctls have a meaning for. */
unsigned int world_number(void)
{
	return world_says() + 2 * world_says() + 4 * world_says() +
	       world_says();
}

void trace_vtap_pmtu(const struct net_device *to,
		     const struct in6_addr *dest, u32 mtu)
{
	require(to && dest && mtu < to->mtu);
}

int ipv6_chk_addr(struct net *where, const struct in6_addr *addr,
		  const struct net_device *of, int strict)
{
	require(where && addr);
	return world_says();
}

const struct sock *
vtap_udp6_lookup(struct net *where, const struct in6_addr *saddr, __be16 sport,
		 const struct in6_addr *daddr, __be16 dport, int dif,
		 int sdif)
{
	static struct sock sock;

	require(where && saddr && daddr);
	sock.no_check6_rx = world_says();
	return world_says() ? &sock : NULL;
}

struct in_device *__in_dev_get_rcu(const struct net_device *of)
{
	static struct in_device in_dev = { .dev = &dev };

	return of == &dev || world_says() ? &in_dev : NULL;
}

__be32 inet_confirm_addr(struct net *where, struct in_device *in_dev,
			 __be32 dst, __be32 local, int scope)
{
	return world_says() ? local : 0;
}

int ip_route_input_noref(struct sk_buff *skb, __be32 daddr, __be32 saddr,
			 u8 tos, struct net_device *in)
{
	return world_says() ? -1 : 0;
}

struct rtable *skb_rtable(const struct sk_buff *skb)
{
	static struct rtable route;

	route.dst.dev = world_says() ? &other : &dev;
	route.rt_type = world_says() ? RTN_UNICAST : RTN_LOCAL;
	return &route;
}

int vtap_pneigh_flags(struct neigh_table *table, struct net *where,
		      const void *key, struct net_device *on)
{
	int flags = world_says() ? NTF_ROUTER : 0;

	return world_says() ? flags : -1;
}

/* A frame of RFC 826. */
struct sk_buff *arp_create(int type, int ptype, __be32 dest_ip,
			   struct net_device *ethernet, __be32 src_ip,
			   const unsigned char *dest_hw,
			   const unsigned char *src_hw,
			   const unsigned char *target_hw)
{
	static const u8 fixed[] = { 8, 6, 0, 1, 8, 0, 6, 4, 0 };
	u8 frame[42] = { };

	if (world_says())
		return NULL;
	if (dest_hw)
		memcpy(frame, dest_hw, ETH_ALEN);
	else
		memset(frame, 0xff, ETH_ALEN);
	memcpy(frame + 6, src_hw, ETH_ALEN);
	memcpy(frame + 12, fixed, sizeof(fixed));
	frame[21] = type;
	memcpy(frame + 22, src_hw, ETH_ALEN);
	memcpy(frame + 28, &src_ip, 4);
	if (target_hw)
		memcpy(frame + 32, target_hw, ETH_ALEN);
	memcpy(frame + 38, &dest_ip, 4);
	return alloc_packet(2, frame, sizeof(frame), sizeof(frame));
}

/* What may be put into it is poisoned until it is. */
struct sk_buff *netdev_alloc_skb_ip_align(struct net_device *of,
					  unsigned int size)
{
	struct sk_buff *skb;

	if (world_says())
		return NULL;
	skb = calloc(1, sizeof(*skb));
	require(skb);
	skb->head = malloc(2 + size);
	require(skb->head);
	skb->data = skb->head + 2;
	skb->room = size;
	skb->dev = of;
	ASAN_POISON_MEMORY_REGION(skb->data, size);
	return skb;
}

bool vtap_neigh_update(struct vtap_neigh_table *table,
		       const struct in6_addr *addr, struct vtap_mac mac,
		       enum vtap_neigh_how how, unsigned long now)
{
	require(is_valid_ether_addr(mac.addr));
	require(how <= VTAP_NEIGH_UNASKED_KEEP);
	return world_says();
}

bool vtap_limited(struct vtap_port *port, const struct in6_addr *addr,
		  struct vtap_mac source)
{
	return world_says();
}

__be32 vtap_learn_pending4(const struct vtap_learn *learn)
{
	return world_says() ? htonl(0xc0a80101) : 0;
}

bool vtap_addr_is_own4(const struct net_device *of, __be32 addr)
{
	return world_says();
}

bool vtap_addr_is_onlink4(struct vtap_port *port, __be32 addr)
{
	return world_says();
}

bool vtap_addr_is_broadcast4(struct net_device *of, __be32 addr)
{
	return world_says();
}

void vtap_addr_conflict(struct vtap_port *port, const struct in6_addr *addr,
			struct vtap_mac mac)
{
	require(!vtap_mac_equal(mac, port->station));
}

struct inet6_dev *__in6_dev_get(const struct net_device *of)
{
	static struct inet6_dev idev;

	idev.cnf.forwarding = world_says();
	idev.cnf.proxy_ndp = world_says();
	devconf_all.proxy_ndp = world_says();
	return world_says() ? &idev : NULL;
}

int ipv6_dev_get_saddr(struct net *where, const struct net_device *of,
		       const struct in6_addr *daddr, unsigned int prefs,
		       struct in6_addr *saddr)
{
	saddr->s6_addr[15] = 1;
	return world_says() ? -1 : 0;
}

bool vtap_addr_is_own6(struct net_device *of, const struct in6_addr *addr)
{
	return world_says();
}

bool vtap_addr_is_onlink6(struct vtap_port *port, const struct in6_addr *addr)
{
	return world_says();
}

bool vtap_addr_is_usable6(struct vtap_port *port, const struct in6_addr *addr)
{
	return world_says();
}

void vtap_addr_probed6(struct vtap_port *port, const struct in6_addr *addr,
		       const u8 *nonce, struct vtap_mac mac)
{
	u8 copy[6];

	if (nonce)
		memcpy(copy, nonce, sizeof(copy));
}

void vtap_router_gone(struct vtap_port *port, const struct in6_addr *addr)
{
	require(!ipv6_addr_is_multicast(addr));
}

enum vtap_verdict vtap_router_input(struct vtap_port *port, struct sk_buff *skb,
				    const struct vtap_pkt *pkt)
{
	require(pkt->l4 + 16U <= skb_headlen(skb));
	return world_says() ? VTAP_RX_DROP_UNTRUSTED : VTAP_CONTINUE;
}

bool vtap_neigh_disproves(struct vtap_neigh_table *table,
			  const struct in6_addr *addr, struct vtap_mac mac)
{
	return world_says();
}
