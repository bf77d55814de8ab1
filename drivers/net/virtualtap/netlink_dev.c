// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: what is known of host ends, and their addresses. */

#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/ipv6.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "nexthop.h"
#include "option.h"

/* The description's options are the link's attributes. */
static_assert((int)VIRTUALTAP_A_OPTION_MAX == (int)IFLA_VIRTUALTAP_MAX);

static int put_identity(struct sk_buff *msg, struct vtap_port *port)
{
	const struct vtap *vtap = rtnl_dereference(port->vtap);

	if (nla_put_u32(msg, VIRTUALTAP_A_DEV_IFINDEX, port->dev->ifindex) ||
	    nla_put_string(msg, VIRTUALTAP_A_DEV_IFNAME, port->dev->name))
		return -EMSGSIZE;
	return vtap ? nla_put_string(msg, VIRTUALTAP_A_DEV_ETHERNET,
				     vtap->dev->name) : 0;
}

static int put_options(struct sk_buff *msg, struct vtap_port *port)
{
	struct nlattr *nest = nla_nest_start(msg, VIRTUALTAP_A_DEV_OPTIONS);

	if (!nest || vtap_option_fill(msg, port))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_leases(struct sk_buff *msg, struct vtap_port *port, u64 now)
{
	const struct vtap_lease4 *lease4;
	const struct vtap_lease6 *lease6;
	int err = 0;

	rcu_read_lock();
	lease4 = vtap_learn_lease4(&port->learned);
	if (lease4)
		err = vtap_fill_lease4(msg, VIRTUALTAP_A_DEV_LEASE4, lease4);
	lease6 = rcu_dereference(port->leases6.lease);
	if (!err && lease6)
		err = vtap_fill_lease6(msg, VIRTUALTAP_A_DEV_LEASE6, lease6,
				       NULL, now);
	rcu_read_unlock();
	return err;
}

static int put_prefix(struct sk_buff *msg, int attr,
		      const struct vtap_router_prefix *p, u64 now)
{
	struct nlattr *nest = nla_nest_start(msg, attr);

	if (!nest ||
	    nla_put_in6_addr(msg, VIRTUALTAP_A_PREFIX_ADDRESS, &p->addr) ||
	    nla_put_u32(msg, VIRTUALTAP_A_PREFIX_PREFIX_LEN, p->len) ||
	    vtap_fill_lifetime(msg, VIRTUALTAP_A_PREFIX_LIFETIME, p->expires,
			       now) ||
	    (p->onlink && nla_put_flag(msg, VIRTUALTAP_A_PREFIX_ON_LINK)))
		return -EMSGSIZE;
	if (attr == VIRTUALTAP_A_DEV_ROUTE &&
	    (nla_put_in6_addr(msg, VIRTUALTAP_A_PREFIX_ROUTER, &p->router) ||
	     nla_put_s32(msg, VIRTUALTAP_A_PREFIX_PREFERENCE, p->preference)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_prefixes(struct sk_buff *msg, int attr,
			const struct vtap_router_prefix *prefix,
			unsigned int n, u64 now)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < n; i++) {
		if (prefix[i].expires > now)
			err = put_prefix(msg, attr, &prefix[i], now);
	}
	return err;
}

static int put_name_server(struct sk_buff *msg,
			   const struct vtap_router_dns *dns, u64 now)
{
	struct nlattr *nest = nla_nest_start(msg, VIRTUALTAP_A_DEV_NAME_SERVER);

	if (!nest ||
	    nla_put_in6_addr(msg, VIRTUALTAP_A_NAME_SERVER_ADDRESS,
			     &dns->addr) ||
	    vtap_fill_lifetime(msg, VIRTUALTAP_A_NAME_SERVER_LIFETIME,
			       dns->expires, now))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_search(struct sk_buff *msg,
		      const struct vtap_router_search *search, u64 now)
{
	struct nlattr *nest = nla_nest_start(msg, VIRTUALTAP_A_DEV_SEARCH);

	if (!nest ||
	    nla_put_string(msg, VIRTUALTAP_A_SEARCH_NAME, search->name) ||
	    vtap_fill_lifetime(msg, VIRTUALTAP_A_SEARCH_LIFETIME,
			       search->expires, now))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_router_state(struct sk_buff *msg,
			    const struct vtap_router_state *s, u64 now)
{
	unsigned int i;
	int err = 0;

	for (i = 0; !err && i < VTAP_ROUTERS; i++) {
		if (s->router[i].expires > now)
			err = vtap_fill_router(msg, VIRTUALTAP_A_DEV_ROUTER,
					       &s->router[i], now);
	}
	if (!err)
		err = put_prefixes(msg, VIRTUALTAP_A_DEV_PREFIX, s->prefix,
				   VTAP_ROUTER_PREFIXES, now);
	if (!err)
		err = put_prefixes(msg, VIRTUALTAP_A_DEV_ROUTE, s->route,
				   VTAP_ROUTER_ROUTES, now);
	for (i = 0; !err && i < VTAP_ROUTER_DNS; i++) {
		if (s->dns[i].expires > now)
			err = put_name_server(msg, &s->dns[i], now);
	}
	for (i = 0; !err && i < VTAP_ROUTER_SEARCH; i++) {
		if (s->search[i].expires > now)
			err = put_search(msg, &s->search[i], now);
	}
	return err;
}

static int put_routers(struct sk_buff *msg, struct vtap_port *port, u64 now)
{
	struct vtap_router_state *state = kmalloc(sizeof(*state), GFP_KERNEL);
	int err;

	if (!state)
		return -ENOMEM;
	vtap_routers_read(&port->routers, now, state);
	err = put_router_state(msg, state, now);
	kfree(state);
	return err;
}

static int put_gateway(struct sk_buff *msg, struct vtap_port *port,
		       const struct in6_addr *addr)
{
	struct nlattr *nest = nla_nest_start(msg, VIRTUALTAP_A_DEV_GATEWAY);
	struct vtap_mac mac = { .raw = 0 };

	if (!nest)
		return -EMSGSIZE;
	vtap_neigh_mac(&port->neigh, addr, &mac);
	if (vtap_fill_addr(msg, VIRTUALTAP_A_GATEWAY_ADDR4,
			   VIRTUALTAP_A_GATEWAY_ADDR6, addr) ||
	    vtap_fill_mac(msg, VIRTUALTAP_A_GATEWAY_MAC, mac) ||
	    (vtap_neigh_life(&port->neigh, addr) == VTAP_NEIGH_ALIVE &&
	     nla_put_flag(msg, VIRTUALTAP_A_GATEWAY_REACHABLE)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

static int put_gateways(struct sk_buff *msg, struct vtap_port *port)
{
	struct in6_addr addr;
	__be32 gateway4;
	int err = 0;

	local_bh_disable();
	rcu_read_lock();
	gateway4 = vtap_nexthop_gateway4(port);
	ipv6_addr_set_v4mapped(gateway4, &addr);
	if (gateway4)
		err = put_gateway(msg, port, &addr);
	if (!err && vtap_nexthop_gateway6(port, &addr))
		err = put_gateway(msg, port, &addr);
	rcu_read_unlock();
	local_bh_enable();
	return err;
}

static int put_counter(struct sk_buff *msg, const char *name, u64 value)
{
	struct nlattr *nest = nla_nest_start(msg, VIRTUALTAP_A_DEV_COUNTER);

	if (!nest || nla_put_string(msg, VIRTUALTAP_A_COUNTER_NAME, name) ||
	    nla_put_u64_64bit(msg, VIRTUALTAP_A_COUNTER_VALUE, value,
			      VIRTUALTAP_A_COUNTER_PAD))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);
	return 0;
}

/* Those of ``ethtool -S``, from where it has them. */
static int put_counters(struct sk_buff *msg, struct net_device *dev)
{
	const struct ethtool_ops *ops = dev->ethtool_ops;
	int n = ops->get_sset_count(dev, ETH_SS_STATS);
	u64 *values = kcalloc(n, sizeof(*values), GFP_KERNEL);
	char (*names)[ETH_GSTRING_LEN] = kcalloc(n, sizeof(*names), GFP_KERNEL);
	int err = values && names ? 0 : -ENOMEM;
	int i;

	if (!err) {
		ops->get_strings(dev, ETH_SS_STATS, (u8 *)names);
		ops->get_ethtool_stats(dev, NULL, values);
	}
	for (i = 0; !err && i < n; i++)
		err = put_counter(msg, names[i], values[i]);
	kfree(names);
	kfree(values);
	return err;
}

/**
 * vtap_fill_dev() - put all that is known of a host end
 * @msg: message with room for VTAP_NETLINK_DEV_SIZE bytes
 * @port: host end
 *
 * Context: RTNL.
 * Return: 0, -EMSGSIZE or -ENOMEM; then what it put is to be thrown away.
 */
int vtap_fill_dev(struct sk_buff *msg, struct vtap_port *port)
{
	u64 now = ktime_get_boottime_seconds();

	ASSERT_RTNL();
	return put_identity(msg, port) ?:
	       put_options(msg, port) ?:
	       put_leases(msg, port, now) ?:
	       put_routers(msg, port, now) ?:
	       put_gateways(msg, port) ?:
	       put_counters(msg, port->dev);
}

static struct sk_buff *make_reply(struct genl_info *info)
{
	struct vtap_port *port = vtap_netlink_port(info,
						   VIRTUALTAP_A_DEV_IFINDEX);
	struct sk_buff *msg;
	void *header;
	int err;

	if (IS_ERR(port))
		return ERR_CAST(port);
	msg = genlmsg_new(VTAP_NETLINK_DEV_SIZE, GFP_KERNEL);
	if (!msg)
		return ERR_PTR(-ENOMEM);
	header = genlmsg_put_reply(msg, info, &vtap_genl_family, 0,
				   VIRTUALTAP_CMD_DEV_GET);
	err = header ? vtap_fill_dev(msg, port) : -EMSGSIZE;
	if (err) {
		nlmsg_free(msg);
		return ERR_PTR(err);
	}
	genlmsg_end(msg, header);
	return msg;
}

int virtualtap_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *msg;

	rtnl_lock();
	msg = make_reply(info);
	rtnl_unlock();
	return IS_ERR(msg) ? PTR_ERR(msg) : genlmsg_reply(msg, info);
}

/* Where a dump of all host ends is. */
struct dev_dump {
	unsigned int devices;	/* that were dealt with */
};

int virtualtap_nl_dev_get_start(struct netlink_callback *cb)
{
	const struct genl_info *info = genl_info_dump(cb);

	BUILD_BUG_ON(sizeof(struct dev_dump) > sizeof(cb->ctx));
	if (info->attrs[VIRTUALTAP_A_DEV_IFINDEX]) {
		NL_SET_ERR_MSG_ATTR(cb->extack,
				    info->attrs[VIRTUALTAP_A_DEV_IFINDEX],
				    "A dump is of all host ends");
		return -EINVAL;
	}
	cb->min_dump_alloc = VTAP_NETLINK_DEV_SIZE;
	return 0;
}

static int dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
		    struct vtap_port *port)
{
	void *header = vtap_netlink_dump_put(skb, cb, VIRTUALTAP_CMD_DEV_GET);
	int err;

	if (!header)
		return -EMSGSIZE;
	genl_dump_check_consistent(cb, header);
	err = vtap_fill_dev(skb, port);
	if (err)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
	return err;
}

int virtualtap_nl_dev_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct net *net = sock_net(cb->skb->sk);
	struct dev_dump *dump = (void *)cb->ctx;
	unsigned int devices = 0;
	struct net_device *dev;
	int err = 0;

	rtnl_lock();
	cb->seq = net->dev_base_seq;
	for_each_netdev(net, dev) {
		if (devices++ < dump->devices)
			continue;
		if (vtap_is_host(dev))
			err = dump_dev(skb, cb, vtap_port_of(dev));
		if (err)
			break;
		dump->devices = devices;
	}
	rtnl_unlock();
	return skb->len ?: err;
}

static int announce_all(struct genl_info *info)
{
	struct vtap_port *port = vtap_netlink_port(info,
						   VIRTUALTAP_A_DEV_IFINDEX);
	int err;

	if (IS_ERR(port))
		return PTR_ERR(port);
	if (!vtap_option(port, announce)) {
		GENL_SET_ERR_MSG(info, "Option announce is 0");
		return -EOPNOTSUPP;
	}
	err = vtap_netlink_may_ask(info, port);
	if (err)
		return err;
	vtap_addr_announce_all(port);
	return 0;
}

int virtualtap_nl_announce_doit(struct sk_buff *skb, struct genl_info *info)
{
	int err;

	rtnl_lock();
	err = announce_all(info);
	rtnl_unlock();
	return err;
}
