/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_RTNETLINK_H
#define _VTAP_COMPAT_RTNETLINK_H

#include_next <net/rtnetlink.h>

struct rtnl_newlink_params;

int vtap_newlink(struct net_device *dev, struct rtnl_newlink_params *params,
		 struct netlink_ext_ack *extack);

/* What makes a link has its arguments in a structure since 6.15. */
#ifdef VTAP_HAVE_NEWLINK_PARAMS
#define vtap_newlink_op	vtap_newlink
#else
struct rtnl_newlink_params {
	struct net *link_net;
	struct nlattr **tb;
	struct nlattr **data;
};

static inline struct net *
rtnl_newlink_link_net(struct rtnl_newlink_params *params)
{
	return params->link_net;
}

static inline int vtap_newlink_op(struct net *link_net, struct net_device *dev,
				  struct nlattr *tb[], struct nlattr *data[],
				  struct netlink_ext_ack *extack)
{
	struct rtnl_newlink_params params = {
		.link_net = link_net, .tb = tb, .data = data
	};

	return vtap_newlink(dev, &params, extack);
}
#endif

#endif
