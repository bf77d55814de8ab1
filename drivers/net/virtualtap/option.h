/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_OPTION_H
#define _VTAP_OPTION_H

#include <net/netlink.h>

struct vtap_port;

/* What an option's value looks like to people and on the wire. */
enum vtap_option_kind {
	VTAP_OPTION_BOOL,	/* on, off; u8 */
	VTAP_OPTION_U8,
	VTAP_OPTION_U32,
	VTAP_OPTION_ADDR4,	/* a.b.c.d, none; 4 bytes */
};

/**
 * struct vtap_option_info - an option of a host end
 * @name: in sysfs and for ``ip link``
 * @attr: IFLA_VIRTUALTAP_*
 * @kind: form of its value
 * @offset: of its u32 in struct vtap_port
 * @initial: value of a new host end
 * @changed: called after it was set, under RTNL; may be NULL
 */
struct vtap_option_info {
	const char *name;
	u16 attr;
	enum vtap_option_kind kind;
	size_t offset;
	u32 initial;
	void (*changed)(struct vtap_port *port);
};

enum vtap_option_id {
	VTAP_OPT_RESOLVE,
	VTAP_OPT_ANNOUNCE,
	VTAP_OPT_DEFEND,
	VTAP_OPT_LEARNING,
	VTAP_OPT_GATEWAY4,
	VTAP_OPT_NEIGH_MAX,
	VTAP_OPT_NEIGH_TIMEOUT,
	VTAP_OPTIONS,
};

extern const struct vtap_option_info vtap_option_table[VTAP_OPTIONS];
extern const struct nla_policy vtap_option_policy[];

void vtap_option_defaults(struct vtap_port *port);
int vtap_option_check(struct nlattr *data[], struct netlink_ext_ack *extack);
void vtap_option_apply(struct vtap_port *port, struct nlattr *data[]);
size_t vtap_option_size(void);
int vtap_option_fill(struct sk_buff *skb, const struct vtap_port *port);
int vtap_option_print(const struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf);
int vtap_option_set(struct vtap_port *port,
		    const struct vtap_option_info *info, const char *text);

#endif
