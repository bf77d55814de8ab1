/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_OPTION_H
#define _VTAP_OPTION_H

#include <net/netlink.h>

struct vtap_option_info;
struct vtap_port;

/**
 * struct vtap_option_kind - form of a value, and where it is kept
 * @size: bytes of its attribute's content, at most
 * @parse: make that content of a text; returns its length or -EINVAL. Not there
 *	where all options of this kind are set at creation only
 * @apply: keep it; may fail for want of memory only
 * @fill: put its attribute into a message
 * @print: as text into a page of sysfs; returns its length
 */
struct vtap_option_kind {
	size_t size;
	int (*parse)(const struct vtap_option_info *info, const char *text,
		     void *value);
	int (*apply)(struct vtap_port *port,
		     const struct vtap_option_info *info,
		     const struct nlattr *attr);
	int (*fill)(struct sk_buff *skb, struct vtap_port *port,
		    const struct vtap_option_info *info);
	int (*print)(struct vtap_port *port,
		     const struct vtap_option_info *info, char *buf);
};

/**
 * struct vtap_option_info - an option of a host end
 * @name: in sysfs and for ``ip link``
 * @attr: IFLA_VIRTUALTAP_*
 * @kind: form of its value, and where it is kept
 * @offset: of its u32 in struct vtap_port, where it is one
 * @words: names of the values 0 and up, where it has names; NULL at the end
 * @initial: value of that u32 in a new host end
 * @create: it is set at creation only
 * @changed: called after it was set, under RTNL; may be NULL
 */
struct vtap_option_info {
	const char *name;
	u16 attr;
	const struct vtap_option_kind *kind;
	size_t offset;
	const char * const *words;
	u32 initial;
	bool create;
	void (*changed)(struct vtap_port *port);
};

enum vtap_option_id {
	/* First: it is the only one that is still refused when it is set. */
	VTAP_OPT_TRUSTED,
	VTAP_OPT_RESOLVE,
	VTAP_OPT_ANNOUNCE,
	VTAP_OPT_DEFEND,
	VTAP_OPT_LEARNING,
	VTAP_OPT_GATEWAY4,
	VTAP_OPT_GATEWAY6,
	VTAP_OPT_NEIGH_MAX,
	VTAP_OPT_NEIGH_TIMEOUT,
	VTAP_OPT_REASSEMBLY,
	VTAP_OPT_FRAG_MAX,
	VTAP_OPT_FRAG_TIMEOUT,
	VTAP_OPT_VLAN,
	VTAP_OPT_VLAN_PROTOCOL,
	VTAP_OPT_MODE,
	VTAP_OPT_DSCP,
	VTAP_OPT_DSCP_MAP,
	VTAP_OPT_VLAN_QOS,
	VTAP_OPT_GATEWAY_PROBE,
	VTAP_OPT_CARRIER,
	VTAP_OPT_DNS_CACHE,
	VTAP_OPT_DNS_MAX,
	VTAP_OPT_DNS_TTL_MAX,
	VTAP_OPT_CONNTRACK,
	VTAP_OPT_CT_ZONE,
	VTAP_OPTIONS,
};

extern const struct vtap_option_info vtap_option_table[VTAP_OPTIONS];
extern const struct nla_policy vtap_option_policy[];

void vtap_option_defaults(struct vtap_port *port);
int vtap_option_check(struct nlattr *data[], struct netlink_ext_ack *extack);
int vtap_option_check_change(struct nlattr *data[],
			     struct netlink_ext_ack *extack);
int vtap_option_apply(struct vtap_port *port, struct net *net,
		      struct nlattr *data[], struct netlink_ext_ack *extack);
size_t vtap_option_size(void);
int vtap_option_fill(struct sk_buff *skb, struct vtap_port *port);
int vtap_option_print(struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf);
int vtap_option_set(struct vtap_port *port,
		    const struct vtap_option_info *info, const char *text);

#endif
