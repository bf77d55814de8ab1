/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_GENETLINK_H
#define _VTAP_COMPAT_GENETLINK_H

#include_next <net/genetlink.h>

/* Since 6.2. */
#ifndef VTAP_HAVE_GENL_SPLIT_OPS
struct genl_split_ops {
	union {
		struct {
			int (*doit)(struct sk_buff *skb,
				    struct genl_info *info);
		};
		struct {
			int (*start)(struct netlink_callback *cb);
			int (*dumpit)(struct sk_buff *skb,
				      struct netlink_callback *cb);
			int (*done)(struct netlink_callback *cb);
		};
	};
	const struct nla_policy *policy;
	unsigned int maxattr;
	u8 cmd;
	u8 internal_flags;
	u8 flags;
	u8 validate;
};
#endif

/* Since 6.6, where it lives as long as the dump: here, as the block that it is
 * called in.
 */
#ifndef VTAP_HAVE_GENL_INFO_DUMP
#define genl_info_dump(cb) \
	(&(const struct genl_info){ .attrs = genl_dumpit_info(cb)->attrs })
#endif

#endif
