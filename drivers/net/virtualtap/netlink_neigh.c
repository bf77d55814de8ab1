// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: neighbours of a host end. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "device.h"
#include "netlink.h"
#include "netlink_gen.h"

/* What the table calls them is what it tells. */
static_assert((int)VTAP_NEIGH_INCOMPLETE ==
	      (int)VIRTUALTAP_NEIGH_STATE_INCOMPLETE);
static_assert((int)VTAP_NEIGH_REACHABLE ==
	      (int)VIRTUALTAP_NEIGH_STATE_REACHABLE);
static_assert((int)VTAP_NEIGH_STALE == (int)VIRTUALTAP_NEIGH_STATE_STALE);
static_assert((int)VTAP_NEIGH_PROBE == (int)VIRTUALTAP_NEIGH_STATE_PROBE);
static_assert((int)VTAP_NEIGH_PERMANENT ==
	      (int)VIRTUALTAP_NEIGH_STATE_PERMANENT);
static_assert((int)VTAP_NEIGH_FAILED == (int)VIRTUALTAP_NEIGH_STATE_FAILED);

/* One call of a dump of a host end's neighbours. */
struct neigh_visit {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	const struct vtap_neigh_table *table;
	unsigned long now;
};

int virtualtap_nl_neigh_get_start(struct netlink_callback *cb)
{
	return vtap_netlink_dump_start(cb, VIRTUALTAP_A_NEIGH_IFINDEX);
}

static u32 msecs_since(unsigned long then, unsigned long now)
{
	/* Packets go on meanwhile. */
	if (time_after(then, now))
		return 0;
	return min_t(u64, jiffies64_to_msecs(now - then), U32_MAX);
}

static u32 flags_of(const struct vtap_neigh *n)
{
	return (READ_ONCE(n->router) ? VIRTUALTAP_NEIGH_FLAGS_ROUTER : 0) |
	       (READ_ONCE(n->proven) ? VIRTUALTAP_NEIGH_FLAGS_PROVEN : 0) |
	       (READ_ONCE(n->lost) ? VIRTUALTAP_NEIGH_FLAGS_LOST : 0) |
	       (READ_ONCE(n->kernel) ? VIRTUALTAP_NEIGH_FLAGS_KERNEL : 0);
}

static int put_times(struct sk_buff *msg, const struct vtap_neigh *n,
		     u32 state, unsigned long now)
{
	if (nla_put_u32(msg, VIRTUALTAP_A_NEIGH_USED,
			msecs_since(READ_ONCE(n->used), now)))
		return -EMSGSIZE;
	if (!READ_ONCE(n->proven) && state != VTAP_NEIGH_REACHABLE)
		return 0;
	return nla_put_u32(msg, VIRTUALTAP_A_NEIGH_CONFIRMED,
			   msecs_since(READ_ONCE(n->confirmed), now));
}

static int put_neigh(struct sk_buff *msg, const struct vtap_neigh *n,
		     u32 ifindex, unsigned long now)
{
	/* Who sees the state sees the hardware address. */
	u32 state = smp_load_acquire(&n->state);
	bool known = state != VTAP_NEIGH_INCOMPLETE &&
		     state != VTAP_NEIGH_FAILED;
	u32 queued = READ_ONCE(n->queue.qlen);

	return nla_put_u32(msg, VIRTUALTAP_A_NEIGH_IFINDEX, ifindex) ?:
	       vtap_fill_addr(msg, VIRTUALTAP_A_NEIGH_ADDR4,
			      VIRTUALTAP_A_NEIGH_ADDR6, &n->addr) ?:
	       (known ? vtap_fill_mac(msg, VIRTUALTAP_A_NEIGH_MAC,
				      vtap_mac_read(&n->mac)) : 0) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_NEIGH_STATE, state) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_NEIGH_FLAGS, flags_of(n)) ?:
	       put_times(msg, n, state, now) ?:
	       (queued ? nla_put_u32(msg, VIRTUALTAP_A_NEIGH_QUEUED, queued) :
			 0);
}

static int visit_neigh(void *entry, void *context)
{
	const struct neigh_visit *visit = context;
	struct netlink_callback *cb = visit->cb;
	struct sk_buff *skb = visit->skb;
	void *header;

	header = vtap_netlink_dump_put(skb, cb, VIRTUALTAP_CMD_NEIGH_GET);
	if (!header)
		return -EMSGSIZE;
	if (put_neigh(skb, entry, vtap_netlink_dump_of(cb)->ifindex,
		      visit->now)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	vtap_netlink_dump_changed(cb, READ_ONCE(visit->table->changes));
	genl_dump_check_consistent(cb, header);
	genlmsg_end(skb, header);
	return 0;
}

static int dump_neighbours(struct sk_buff *skb, struct netlink_callback *cb,
			   struct vtap_neigh_table *table)
{
	struct neigh_visit visit = {
		.skb = skb,
		.cb = cb,
		.table = table,
		.now = jiffies,
	};
	int err;

	err = vtap_walk(&table->hash, &vtap_netlink_dump_of(cb)->walk,
			visit_neigh, &visit);
	vtap_netlink_dump_changed(cb, READ_ONCE(table->changes));
	return err;
}

int virtualtap_nl_neigh_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb)
{
	struct vtap_port *port;
	int err = -ENODEV;

	rcu_read_lock();
	port = vtap_netlink_dump_port(cb);
	if (port)
		err = dump_neighbours(skb, cb, &port->neigh);
	rcu_read_unlock();
	return skb->len ?: err;
}

/* Whom a request is about. */
static int get_addr(struct genl_info *info, struct in6_addr *addr)
{
	const struct nlattr *attr4 = info->attrs[VIRTUALTAP_A_NEIGH_ADDR4];
	const struct nlattr *attr6 = info->attrs[VIRTUALTAP_A_NEIGH_ADDR6];
	bool unicast;

	if (!attr4 == !attr6) {
		GENL_SET_ERR_MSG(info,
				 "One address is needed, of either family");
		return -EINVAL;
	}
	if (attr4) {
		ipv6_addr_set_v4mapped(nla_get_in_addr(attr4), addr);
		unicast = vtap_addr_is_unicast4(nla_get_in_addr(attr4));
	} else {
		*addr = nla_get_in6_addr(attr6);
		unicast = vtap_addr_is_unicast6(addr);
	}
	if (!unicast) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr4 ?: attr6,
				    "No station can have this address");
		return -EINVAL;
	}
	return 0;
}

static int get_mac(struct genl_info *info, const struct vtap_port *port,
		   struct vtap_mac *mac)
{
	const struct nlattr *attr = info->attrs[VIRTUALTAP_A_NEIGH_MAC];

	if (GENL_REQ_ATTR_CHECK(info, VIRTUALTAP_A_NEIGH_MAC))
		return -EINVAL;
	if (!is_valid_ether_addr(nla_data(attr))) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "Hardware address must be unicast and not zero");
		return -EINVAL;
	}
	if (ether_addr_equal_unaligned(nla_data(attr), port->dev->dev_addr)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "This is the host end's own hardware address");
		return -EINVAL;
	}
	*mac = vtap_mac_make(nla_data(attr));
	return 0;
}

static int get_state(struct genl_info *info, const struct vtap_port *port,
		     enum vtap_neigh_state *state)
{
	const struct nlattr *attr = info->attrs[VIRTUALTAP_A_NEIGH_STATE];

	*state = attr ? nla_get_u32(attr) : VTAP_NEIGH_PERMANENT;
	if (*state == VTAP_NEIGH_PERMANENT)
		return 0;
	if (*state != VTAP_NEIGH_STALE) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "A new neighbour is permanent or stale");
		return -EINVAL;
	}
	if (!READ_ONCE(port->neigh.resolve)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attr,
				    "With option resolve off all neighbours are permanent");
		return -EOPNOTSUPP;
	}
	return 0;
}

/* Why the table refused. */
static int explain(struct genl_info *info, int err)
{
	switch (err) {
	case -EBUSY:
		GENL_SET_ERR_MSG(info,
				 "It was set by ip neigh, which alone can change it");
		break;
	case -ENOSPC:
		GENL_SET_ERR_MSG(info,
				 "No room, all neighbours are permanent");
		break;
	case -ENOENT:
		GENL_SET_ERR_MSG(info, "There is no such neighbour");
		break;
	case -EEXIST:
		GENL_SET_ERR_MSG(info, "A permanent neighbour is not asked");
		break;
	}
	return err;
}

static int new_neighbour(struct vtap_port *port, struct genl_info *info)
{
	enum vtap_neigh_state state;
	struct in6_addr addr;
	struct vtap_mac mac;
	int err;

	err = get_addr(info, &addr);
	if (!err)
		err = get_mac(info, port, &mac);
	if (!err)
		err = get_state(info, port, &state);
	if (err)
		return err;
	return explain(info, vtap_neigh_set(&port->neigh, &addr, mac, state));
}

static int del_neighbour(struct vtap_port *port, struct genl_info *info)
{
	struct in6_addr addr;
	int err;

	err = get_addr(info, &addr);
	if (err)
		return err;
	return explain(info, vtap_neigh_delete(&port->neigh, &addr));
}

static int flush_neighbours(struct vtap_port *port, struct genl_info *info)
{
	vtap_neigh_flush(&port->neigh);
	return 0;
}

static int probe_neighbour(struct vtap_port *port, struct genl_info *info)
{
	struct in6_addr addr;
	int err;

	err = get_addr(info, &addr);
	if (err)
		return err;
	err = vtap_netlink_may_ask(info, port);
	if (err)
		return err;
	return explain(info, vtap_neigh_ask(&port->neigh, &addr));
}

/* A change of the host end that a request names. */
static int change(struct genl_info *info,
		  int (*make)(struct vtap_port *port, struct genl_info *info))
{
	struct vtap_port *port;
	int err;

	rtnl_lock();
	port = vtap_netlink_port(info, VIRTUALTAP_A_NEIGH_IFINDEX);
	err = IS_ERR(port) ? PTR_ERR(port) : make(port, info);
	rtnl_unlock();
	return err;
}

int virtualtap_nl_neigh_new_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change(info, new_neighbour);
}

int virtualtap_nl_neigh_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change(info, del_neighbour);
}

int virtualtap_nl_neigh_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change(info, flush_neighbours);
}

int virtualtap_nl_neigh_probe_doit(struct sk_buff *skb, struct genl_info *info)
{
	return change(info, probe_neighbour);
}
