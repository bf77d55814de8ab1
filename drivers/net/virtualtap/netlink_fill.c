// SPDX-License-Identifier: GPL-2.0
/* Attributes that answers and events have in common. Each function returns 0 or
 * -EMSGSIZE; then what it put is to be thrown away.
 */

#include <net/ipv6.h>
#include <net/netlink.h>

#include "learn.h"
#include "lease6.h"
#include "netlink.h"
#include "router.h"

/**
 * vtap_fill_addr() - put an address, each family in its own attribute
 * @msg: message
 * @attr4: attribute of an IPv4 address
 * @attr6: attribute of an IPv6 address
 * @addr: address, IPv4 as ::ffff:a.b.c.d
 */
int vtap_fill_addr(struct sk_buff *msg, int attr4, int attr6,
		   const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		return nla_put_in_addr(msg, attr4, addr->s6_addr32[3]);
	return nla_put_in6_addr(msg, attr6, addr);
}

/**
 * vtap_fill_mac() - put a hardware address, if it is known
 * @msg: message
 * @attr: attribute
 * @mac: hardware address, 0 for unknown
 */
int vtap_fill_mac(struct sk_buff *msg, int attr, struct vtap_mac mac)
{
	return mac.raw ? nla_put(msg, attr, ETH_ALEN, mac.addr) : 0;
}

/**
 * vtap_fill_lifetime() - put for how many seconds more something holds
 * @msg: message
 * @attr: attribute
 * @expires: boot time in seconds, U64_MAX for never
 * @now: boot time in seconds
 */
int vtap_fill_lifetime(struct sk_buff *msg, int attr, u64 expires, u64 now)
{
	u32 left = expires > now ? expires - now : 0;

	return nla_put_u32(msg, attr, expires == U64_MAX ?
			   VTAP_LIFETIME_INFINITE : left);
}

static int put_address4(struct sk_buff *msg, const struct vtap_lease4 *lease)
{
	if (!lease->msg.address)
		return 0;
	return nla_put_in_addr(msg, VIRTUALTAP_A_LEASE4_ADDRESS,
			       lease->msg.address) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_LEASE4_PREFIX_LEN,
			   lease->msg.prefix_len) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_LEASE4_LIFETIME,
			   vtap_learn_seconds_left(lease));
}

static int put_parameters4(struct sk_buff *msg, const struct vtap_dhcp *dhcp)
{
	int err, i;

	err = nla_put_in_addr(msg, VIRTUALTAP_A_LEASE4_SERVER, dhcp->server);
	if (!err && dhcp->gateway)
		err = nla_put_in_addr(msg, VIRTUALTAP_A_LEASE4_GATEWAY,
				      dhcp->gateway);
	for (i = 0; !err && i < dhcp->dns_count; i++)
		err = nla_put_in_addr(msg, VIRTUALTAP_A_LEASE4_NAME_SERVER,
				      dhcp->dns[i]);
	if (!err && *dhcp->domain)
		err = nla_put_string(msg, VIRTUALTAP_A_LEASE4_DOMAIN,
				     dhcp->domain);
	if (!err && dhcp->mtu)
		err = nla_put_u32(msg, VIRTUALTAP_A_LEASE4_MTU, dhcp->mtu);
	return err;
}

/**
 * vtap_fill_lease4() - put what was learned from DHCPv4
 * @msg: message
 * @attr: nest
 * @lease: lease
 */
int vtap_fill_lease4(struct sk_buff *msg, int attr,
		     const struct vtap_lease4 *lease)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest || put_address4(msg, lease) ||
	    put_parameters4(msg, &lease->msg))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_entry(struct sk_buff *msg, int attr,
		     const struct vtap_lease6_entry *entry, u64 now)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_in6_addr(msg, VIRTUALTAP_A_PREFIX_ADDRESS, &entry->addr) ||
	    nla_put_u32(msg, VIRTUALTAP_A_PREFIX_PREFIX_LEN, entry->len) ||
	    vtap_fill_lifetime(msg, VIRTUALTAP_A_PREFIX_LIFETIME,
			       entry->expires, now))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_entries(struct sk_buff *msg, const struct vtap_lease6 *lease,
		       const struct vtap_lease6 *but, u64 now)
{
	int err = 0, i;

	for (i = 0; !err && i < lease->addresses; i++) {
		if (!vtap_lease6_has(but, &lease->address[i]))
			err = put_entry(msg, VIRTUALTAP_A_LEASE6_ADDRESS,
					&lease->address[i], now);
	}
	for (i = 0; !err && i < lease->prefixes; i++) {
		if (!vtap_lease6_has(but, &lease->prefix[i]))
			err = put_entry(msg, VIRTUALTAP_A_LEASE6_DELEGATED,
					&lease->prefix[i], now);
	}
	return err;
}

static int put_parameters6(struct sk_buff *msg, const struct vtap_lease6 *lease)
{
	int err = 0, i;

	for (i = 0; !err && i < lease->dns_count; i++)
		err = nla_put_in6_addr(msg, VIRTUALTAP_A_LEASE6_NAME_SERVER,
				       &lease->dns[i]);
	for (i = 0; !err && i < lease->search_count; i++)
		err = nla_put_string(msg, VIRTUALTAP_A_LEASE6_SEARCH,
				     lease->search[i]);
	return err;
}

/**
 * vtap_fill_lease6() - put what was learned from DHCPv6
 * @msg: message
 * @attr: nest
 * @lease: lease
 * @but: without the addresses and prefixes of this one; NULL to put all
 * @now: boot time in seconds
 */
int vtap_fill_lease6(struct sk_buff *msg, int attr,
		     const struct vtap_lease6 *lease,
		     const struct vtap_lease6 *but, u64 now)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest || put_entries(msg, lease, but, now) ||
	    put_parameters6(msg, lease))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/**
 * vtap_fill_router() - put a default router
 * @msg: message
 * @attr: nest
 * @router: router
 * @now: boot time in seconds
 */
int vtap_fill_router(struct sk_buff *msg, int attr,
		     const struct vtap_router *router, u64 now)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_in6_addr(msg, VIRTUALTAP_A_ROUTER_ADDRESS, &router->addr) ||
	    vtap_fill_mac(msg, VIRTUALTAP_A_ROUTER_MAC, router->mac) ||
	    nla_put_s32(msg, VIRTUALTAP_A_ROUTER_PREFERENCE,
			router->preference) ||
	    (router->mtu &&
	     nla_put_u32(msg, VIRTUALTAP_A_ROUTER_MTU, router->mtu)) ||
	    vtap_fill_lifetime(msg, VIRTUALTAP_A_ROUTER_LIFETIME,
			       router->expires, now) ||
	    (router->lost &&
	     nla_put_flag(msg, VIRTUALTAP_A_ROUTER_PAUSED)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}
