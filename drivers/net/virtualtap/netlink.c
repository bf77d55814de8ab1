// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: events of the host ends of a namespace, and requests to
 * them.
 */

#include <net/genetlink.h>
#include <net/ipv6.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "netlink.h"

enum {
	GROUP_EVENTS,
};

static const struct genl_multicast_group groups[] = {
	[GROUP_EVENTS] = { .name = VIRTUALTAP_GENL_EVENTS },
};

/* The host end that a request names, held. */
static struct vtap_port *get_port(struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[VIRTUALTAP_A_IFINDEX];
	struct net_device *dev;

	if (GENL_REQ_ATTR_CHECK(info, VIRTUALTAP_A_IFINDEX))
		return ERR_PTR(-EINVAL);
	dev = dev_get_by_index(genl_info_net(info), nla_get_u32(attr));
	if (dev && vtap_is_host(dev))
		return vtap_port_of(dev);
	dev_put(dev);
	NL_SET_ERR_MSG_ATTR(info->extack, attr, "This is no host end");
	return ERR_PTR(-ENODEV);
}

static int dns_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct vtap_port *port = get_port(info);

	if (IS_ERR(port))
		return PTR_ERR(port);
	vtap_dns_cache_flush(&port->dns);
	dev_put(port->dev);
	return 0;
}

static const struct nla_policy policy[VIRTUALTAP_A_MAX + 1] = {
	[VIRTUALTAP_A_IFINDEX] = { .type = NLA_U32 },
};

static const struct genl_small_ops ops[] = {
	{
		.cmd	= VIRTUALTAP_CMD_DNS_FLUSH,
		.flags	= GENL_UNS_ADMIN_PERM,
		.doit	= dns_flush,
	},
};

static struct genl_family family __ro_after_init = {
	.name		= VIRTUALTAP_GENL_NAME,
	.version	= VIRTUALTAP_GENL_VERSION,
	.maxattr	= VIRTUALTAP_A_MAX,
	.policy		= policy,
	.small_ops	= ops,
	.n_small_ops	= ARRAY_SIZE(ops),
	.resv_start_op	= VIRTUALTAP_CMD_UNSPEC + 1,
	.netnsok	= true,
	.module		= THIS_MODULE,
	.mcgrps		= groups,
	.n_mcgrps	= ARRAY_SIZE(groups),
};

static int put_address(struct sk_buff *msg, const struct in6_addr *addr)
{
	if (ipv6_addr_v4mapped(addr))
		return nla_put_in_addr(msg, VIRTUALTAP_A_ADDRESS,
				       addr->s6_addr32[3]);
	return nla_put_in6_addr(msg, VIRTUALTAP_A_ADDRESS, addr);
}

/* A message about an address of or near a host end, to be completed and sent;
 * NULL where nobody listens, too.
 */
static struct sk_buff *begin_event(struct vtap_port *port, u8 command,
				   const struct in6_addr *addr, void **header)
{
	struct sk_buff *msg;

	if (!genl_has_listeners(&family, dev_net(port->dev), GROUP_EVENTS))
		return NULL;
	msg = genlmsg_new(NLMSG_GOODSIZE, GFP_ATOMIC);
	if (!msg)
		return NULL;
	*header = genlmsg_put(msg, 0, 0, &family, 0, command);
	if (!*header ||
	    nla_put_u32(msg, VIRTUALTAP_A_IFINDEX, port->dev->ifindex) ||
	    put_address(msg, addr)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static void send_event(struct vtap_port *port, struct sk_buff *msg,
		       void *header)
{
	genlmsg_end(msg, header);
	genlmsg_multicast_netns(&family, dev_net(port->dev), msg, 0,
				GROUP_EVENTS, GFP_ATOMIC);
}

/**
 * vtap_netlink_router() - tell listeners that a router does (not) answer
 * @port: host end
 * @addr: the router, IPv4 as ::ffff:a.b.c.d
 * @alive: it answers again
 *
 * Context: any.
 */
void vtap_netlink_router(struct vtap_port *port, const struct in6_addr *addr,
			 bool alive)
{
	struct sk_buff *msg;
	void *header;

	msg = begin_event(port, VIRTUALTAP_CMD_ROUTER, addr, &header);
	if (!msg)
		return;
	if (nla_put_u8(msg, VIRTUALTAP_A_ROUTER_STATE,
		       alive ? VIRTUALTAP_ROUTER_REACHABLE :
			       VIRTUALTAP_ROUTER_UNREACHABLE))
		nlmsg_free(msg);
	else
		send_event(port, msg, header);
}

/**
 * vtap_netlink_conflict() - tell listeners that somebody uses our address
 * @port: host end
 * @addr: the address, IPv4 as ::ffff:a.b.c.d
 *
 * Context: any.
 */
void vtap_netlink_conflict(struct vtap_port *port, const struct in6_addr *addr)
{
	struct sk_buff *msg;
	void *header;

	msg = begin_event(port, VIRTUALTAP_CMD_CONFLICT, addr, &header);
	if (msg)
		send_event(port, msg, header);
}

/**
 * vtap_netlink_register() - make the family known
 *
 * Return: 0 or a negative error.
 */
int __init vtap_netlink_register(void)
{
	return genl_register_family(&family);
}

/**
 * vtap_netlink_unregister() - undo vtap_netlink_register()
 */
void vtap_netlink_unregister(void)
{
	genl_unregister_family(&family);
}
