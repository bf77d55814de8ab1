/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	scripts/netlink/virtualtap.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_VIRTUALTAP_GEN_H
#define _LINUX_VIRTUALTAP_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/virtualtap_genl.h>

/* Ops table for virtualtap */
extern const struct genl_split_ops virtualtap_nl_ops[10];

int virtualtap_nl_dev_get_start(struct netlink_callback *cb);
int virtualtap_nl_neigh_get_start(struct netlink_callback *cb);
int virtualtap_nl_dns_get_start(struct netlink_callback *cb);

int virtualtap_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info);
int virtualtap_nl_dev_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int virtualtap_nl_announce_doit(struct sk_buff *skb, struct genl_info *info);
int virtualtap_nl_neigh_get_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int virtualtap_nl_neigh_new_doit(struct sk_buff *skb, struct genl_info *info);
int virtualtap_nl_neigh_del_doit(struct sk_buff *skb, struct genl_info *info);
int virtualtap_nl_neigh_flush_doit(struct sk_buff *skb, struct genl_info *info);
int virtualtap_nl_neigh_probe_doit(struct sk_buff *skb, struct genl_info *info);
int virtualtap_nl_dns_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb);
int virtualtap_nl_dns_flush_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	VIRTUALTAP_NLGRP_EVENTS,
};

#endif /* _LINUX_VIRTUALTAP_GEN_H */
