// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: the family, and which host end a request is for. */

#include <linux/rtnetlink.h>
#include <net/genetlink.h>

#include "device.h"
#include "netlink.h"
#include "netlink_gen.h"

static const struct genl_multicast_group groups[] = {
	[VIRTUALTAP_NLGRP_EVENTS] = { .name = VIRTUALTAP_MCGRP_EVENTS },
};

/* Those of the description, joined: 6.1 takes them in this form only. */
static struct genl_ops ops[ARRAY_SIZE(virtualtap_nl_ops)] __ro_after_init;

struct genl_family vtap_genl_family __ro_after_init = {
	.name		= VIRTUALTAP_FAMILY_NAME,
	.version	= VIRTUALTAP_FAMILY_VERSION,
	.ops		= ops,
	.netnsok	= true,
	.parallel_ops	= true,
	.module		= THIS_MODULE,
	.mcgrps		= groups,
	.n_mcgrps	= ARRAY_SIZE(groups),
};

static void __init join(struct genl_ops *op, const struct genl_split_ops *split)
{
	if (split->flags & GENL_CMD_CAP_DO) {
		op->doit = split->doit;
	} else {
		op->start = split->start;
		op->dumpit = split->dumpit;
		op->done = split->done;
	}
	if (split->policy) {
		op->policy = split->policy;
		op->maxattr = split->maxattr;
	}
	op->cmd = split->cmd;
	op->validate |= split->validate;
	op->flags |= split->flags & ~(GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP);
}

/* What does and what dumps are beside each other. */
static void __init join_ops(void)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(virtualtap_nl_ops); i++) {
		if (!n || ops[n - 1].cmd != virtualtap_nl_ops[i].cmd)
			n++;
		join(&ops[n - 1], &virtualtap_nl_ops[i]);
	}
	vtap_genl_family.n_ops = n;
}

static struct vtap_port *as_port(struct net_device *dev,
				 const struct nlattr *attr,
				 struct netlink_ext_ack *extack)
{
	if (dev && vtap_is_host(dev))
		return vtap_port_of(dev);
	NL_SET_ERR_MSG_ATTR(extack, attr, "This is no host end");
	return ERR_PTR(-ENODEV);
}

/**
 * vtap_netlink_port() - the host end that a request names
 * @info: request
 * @attr: attribute with its interface index
 *
 * It is of the socket's namespace, whose owner the core checked the permission
 * against; with RTNL held it does not go to another one.
 *
 * Context: RTNL.
 * Return: the host end, or an error, with the reason in @info.
 */
struct vtap_port *vtap_netlink_port(struct genl_info *info, int attr)
{
	ASSERT_RTNL();
	if (GENL_REQ_ATTR_CHECK(info, attr))
		return ERR_PTR(-EINVAL);
	return as_port(__dev_get_by_index(genl_info_net(info),
					  nla_get_u32(info->attrs[attr])),
		       info->attrs[attr], info->extack);
}

/**
 * vtap_netlink_may_ask() - may a request make the host end send ARP or NDP?
 * @info: request
 * @port: host end
 *
 * Return: 0 or an error, with the reason in @info.
 */
int vtap_netlink_may_ask(struct genl_info *info, struct vtap_port *port)
{
	if (!READ_ONCE(port->neigh.resolve)) {
		GENL_SET_ERR_MSG(info, "Option resolve is off");
		return -EOPNOTSUPP;
	}
	if (!vtap_is_linked(port)) {
		GENL_SET_ERR_MSG(info, "The host end has no link");
		return -ENETDOWN;
	}
	return 0;
}

/**
 * vtap_netlink_dump_start() - is there the host end that a dump is of?
 * @cb: dump
 * @attr: attribute with its interface index
 *
 * Context: process.
 * Return: 0 or a negative error, with the reason in @cb.
 */
int vtap_netlink_dump_start(struct netlink_callback *cb, int attr)
{
	struct vtap_netlink_dump *dump = vtap_netlink_dump_of(cb);
	const struct genl_info *info = genl_info_dump(cb);
	struct vtap_port *port;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	if (NL_REQ_ATTR_CHECK(cb->extack, NULL, info->attrs, attr))
		return -EINVAL;
	dump->ifindex = nla_get_u32(info->attrs[attr]);
	rcu_read_lock();
	port = as_port(dev_get_by_index_rcu(sock_net(cb->skb->sk),
					    dump->ifindex),
		       info->attrs[attr], cb->extack);
	rcu_read_unlock();
	return PTR_ERR_OR_ZERO(port);
}

/**
 * vtap_netlink_dump_port() - the host end that a dump is of
 * @cb: dump that vtap_netlink_dump_start() let begin
 *
 * Context: RCU.
 * Return: the host end, or NULL: it has gone meanwhile.
 */
struct vtap_port *vtap_netlink_dump_port(struct netlink_callback *cb)
{
	struct net_device *dev;

	dev = dev_get_by_index_rcu(sock_net(cb->skb->sk),
				   vtap_netlink_dump_of(cb)->ifindex);
	return dev && vtap_is_host(dev) ? vtap_port_of(dev) : NULL;
}

/**
 * vtap_netlink_dump_put() - begin a message of a dump
 * @skb: where to
 * @cb: dump
 * @command: the message's
 *
 * Return: its header, or NULL where there is no room.
 */
void *vtap_netlink_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
			    u8 command)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &vtap_genl_family, NLM_F_MULTI, command);
}

/**
 * vtap_netlink_dump_changed() - note how often the table changed
 * @cb: dump that vtap_netlink_dump_start() let begin
 * @changes: counts changes of the table
 *
 * For genl_dump_check_consistent(), and the message that ends the dump. Never 0
 * at first, which is no number.
 */
void vtap_netlink_dump_changed(struct netlink_callback *cb,
			       unsigned int changes)
{
	cb->seq = 1 + changes + vtap_netlink_dump_of(cb)->walk.restarts;
}

/**
 * vtap_netlink_register() - make the family known
 *
 * Return: 0 or a negative error.
 */
int __init vtap_netlink_register(void)
{
	join_ops();
	return genl_register_family(&vtap_genl_family);
}

/**
 * vtap_netlink_unregister() - undo vtap_netlink_register()
 */
void vtap_netlink_unregister(void)
{
	genl_unregister_family(&vtap_genl_family);
}
