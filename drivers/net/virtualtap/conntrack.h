/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_CONNTRACK_H
#define _VTAP_CONNTRACK_H

#include <linux/skbuff.h>

#include "packet.h"
#include "stats.h"

struct module;
struct net;
struct netlink_ext_ack;
struct nlattr;
struct vtap_port;

/* Has what tracks, for it needs nf_conntrack. */
#define VTAP_CT_MODULE	"virtualtap_conntrack"

struct vtap_ct_ops;

/**
 * struct vtap_ct_tracker - tracks the packets of a host end in a zone
 * @ops: whose it is
 * @net: namespace of the host end
 * @zone: conntrack zone, 1..65535
 *
 * Never changes; made and destroyed under RTNL, used under RCU.
 */
struct vtap_ct_tracker {
	const struct vtap_ct_ops *ops;
	struct net *net;
	u16 zone;
};

/**
 * struct vtap_ct_ops - who tracks
 * @owner: is not unloaded while there are trackers
 * @create: a tracker for a zone of a namespace, or NULL for want of memory.
 *	May sleep
 * @destroy: free one that nobody uses any more, and remove what is in its zone.
 *	May sleep
 * @track: look at a packet that is no fragment, data at its header, without a
 *	connection attached, @rx from the VPN. May attach one. Returns what to
 *	count. RCU, BH off
 */
struct vtap_ct_ops {
	struct module *owner;
	struct vtap_ct_tracker *(*create)(struct net *net, u16 zone);
	void (*destroy)(struct vtap_ct_tracker *tracker);
	enum vtap_stat (*track)(struct vtap_ct_tracker *tracker,
				struct sk_buff *skb, u8 family, bool rx);
};

/**
 * struct vtap_ct - options ``conntrack`` and ``ct_zone`` of a host end
 * @tracker: NULL while off. RCU
 * @on: option ``conntrack``
 * @zone: option ``ct_zone``, 0 while there is none
 * @net: where it has that zone
 * @node: in the list of those that have one
 *
 * Written under RTNL.
 */
struct vtap_ct {
	struct vtap_ct_tracker __rcu *tracker;
	u32 on;
	u32 zone;
	struct net *net;
	struct hlist_node node;
};

/**
 * struct vtap_ct_change - what the options will be
 * @on: option ``conntrack``
 * @zone: option ``ct_zone``
 * @tracker: a new one, NULL where none is needed
 */
struct vtap_ct_change {
	bool on;
	u16 zone;
	struct vtap_ct_tracker *tracker;
};

int vtap_ct_register(const struct vtap_ct_ops *ops);
void vtap_ct_unregister(const struct vtap_ct_ops *ops);
bool vtap_ct_is_missing(void);
void vtap_ct_load(void);
bool vtap_ct_load_by_work(void);
void vtap_ct_load_stop(void);

int vtap_ct_prepare(struct vtap_port *port, struct net *net,
		    struct nlattr *data[], struct vtap_ct_change *change,
		    struct netlink_ext_ack *extack);
void vtap_ct_cancel(struct vtap_ct_change *change);
void vtap_ct_commit(struct vtap_port *port, struct net *net,
		    const struct vtap_ct_change *change);
void vtap_ct_stop(struct vtap_port *port);
void vtap_ct_moved(struct vtap_port *port);

void vtap_ct_rx(struct vtap_port *port, struct sk_buff *skb,
		const struct vtap_pkt *pkt);
void vtap_ct_tx(struct vtap_port *port, struct sk_buff *skb,
		const struct vtap_pkt *pkt);

#endif
