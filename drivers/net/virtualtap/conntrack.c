// SPDX-License-Identifier: GPL-2.0
/* Connection tracking: the options, and the packets' way to who tracks. That is
 * another module, so that this one needs no nf_conntrack.
 */

#include <linux/bitmap.h>
#include <linux/kmod.h>
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <net/netlink.h>
#include <uapi/linux/virtualtap.h>

#include "conntrack.h"
#include "device.h"

/* Who tracks, and what guards it. Packets do not look at it: those of a host end
 * have its tracker.
 */
static const struct vtap_ct_ops *registered;
static DEFINE_SPINLOCK(registry_lock);
/* Until when nobody tries again to load it, in seconds since boot. */
static time64_t failed_until;

/**
 * vtap_ct_register() - have connections tracked
 * @ops: by whom; not freed before vtap_ct_unregister()
 *
 * Return: 0, or -EEXIST where somebody does already.
 */
int vtap_ct_register(const struct vtap_ct_ops *ops)
{
	int err = -EEXIST;

	spin_lock(&registry_lock);
	if (!registered) {
		WRITE_ONCE(registered, ops);
		WRITE_ONCE(failed_until, 0);
		err = 0;
	}
	spin_unlock(&registry_lock);
	return err;
}
EXPORT_SYMBOL_GPL(vtap_ct_register);

/**
 * vtap_ct_unregister() - undo vtap_ct_register()
 * @ops: that have no tracker, nor will have: their module is being unloaded
 */
void vtap_ct_unregister(const struct vtap_ct_ops *ops)
{
	spin_lock(&registry_lock);
	if (registered == ops)
		WRITE_ONCE(registered, NULL);
	spin_unlock(&registry_lock);
}
EXPORT_SYMBOL_GPL(vtap_ct_unregister);

static const struct vtap_ct_ops *get_ops(void)
{
	const struct vtap_ct_ops *ops;

	spin_lock(&registry_lock);
	ops = registered;
	if (ops && !try_module_get(ops->owner))
		ops = NULL;
	spin_unlock(&registry_lock);
	return ops;
}

/* Loading the other module */

static bool is_supported(void)
{
	return IS_ENABLED(CONFIG_NF_CONNTRACK_ZONES);
}

/**
 * vtap_ct_is_missing() - would loading the module that tracks help?
 */
bool vtap_ct_is_missing(void)
{
	return is_supported() && !READ_ONCE(registered);
}

/**
 * vtap_ct_load() - load the module that tracks
 *
 * Drops RTNL meanwhile: nf_conntrack, when loaded, waits for namespaces that are
 * going away, and these wait for RTNL. For the same reason, the caller may hold
 * no reference that the end of a device waits for.
 *
 * Context: RTNL, with nothing changed so far.
 */
void vtap_ct_load(void)
{
	/* Who unloads this module waits for RTNL. */
	if (!try_module_get(THIS_MODULE))
		return;
	rtnl_unlock();
	request_module(VTAP_CT_MODULE);
	rtnl_lock();
	module_put(THIS_MODULE);
}

static unsigned long loading;

static void load(struct work_struct *work)
{
	request_module(VTAP_CT_MODULE);
	if (!READ_ONCE(registered))
		WRITE_ONCE(failed_until, ktime_get_seconds() + 2);
	clear_bit_unlock(0, &loading);
	module_put(THIS_MODULE);
}

static DECLARE_WORK(load_work, load);

/**
 * vtap_ct_load_by_work() - have the module that tracks loaded
 *
 * For files: whoever deletes their device waits until they are let go, and must
 * not wait for a module. So the work is done elsewhere, and the caller tries
 * again.
 *
 * Return: true while it goes on.
 */
bool vtap_ct_load_by_work(void)
{
	if (READ_ONCE(registered) ||
	    ktime_get_seconds() < READ_ONCE(failed_until))
		return false;
	if (!test_and_set_bit_lock(0, &loading)) {
		if (!try_module_get(THIS_MODULE)) {
			clear_bit_unlock(0, &loading);
			return false;
		}
		queue_work(system_unbound_wq, &load_work);
	}
	schedule_timeout_interruptible(HZ / 50);
	return true;
}

/**
 * vtap_ct_load_stop() - wait for the last instructions of vtap_ct_load_by_work()
 *
 * Nobody can begin it any more.
 */
void vtap_ct_load_stop(void)
{
	flush_work(&load_work);
}

/* Zones and trackers, under RTNL */

/* Of all host ends that have a zone, whether they use it now or not. */
static HLIST_HEAD(owners);

static bool is_taken(const struct vtap_ct *self, const struct net *net,
		     u16 zone)
{
	const struct vtap_ct *ct;

	hlist_for_each_entry(ct, &owners, node) {
		if (ct != self && ct->zone == zone && net_eq(ct->net, net))
			return true;
	}
	return false;
}

/* The first one that nobody has: 0 if there is none, or no memory. */
static u16 find_free(const struct net *net)
{
	unsigned long *taken = bitmap_zalloc(U16_MAX + 1, GFP_KERNEL);
	const struct vtap_ct *ct;
	unsigned long zone;

	if (!taken)
		return 0;
	hlist_for_each_entry(ct, &owners, node) {
		if (net_eq(ct->net, net))
			__set_bit(ct->zone, taken);
	}
	zone = find_next_zero_bit(taken, U16_MAX + 1, 1);
	bitmap_free(taken);
	return zone <= U16_MAX ? zone : 0;
}

static void own(struct vtap_ct *ct, struct net *net, u16 zone)
{
	hlist_del_init(&ct->node);
	ct->net = net;
	WRITE_ONCE(ct->zone, zone);
	if (zone)
		hlist_add_head(&ct->node, &owners);
}

static struct vtap_ct_tracker *create(const struct vtap_ct_ops *ops,
				      struct net *net, u16 zone)
{
	struct vtap_ct_tracker *tracker = ops->create(net, zone);

	if (!tracker) {
		module_put(ops->owner);
		return NULL;
	}
	tracker->ops = ops;
	tracker->net = net;
	tracker->zone = zone;
	return tracker;
}

/* No packet is with it any more. */
static void destroy(struct vtap_ct_tracker *tracker)
{
	const struct vtap_ct_ops *ops = tracker->ops;

	ops->destroy(tracker);
	module_put(ops->owner);
}

static struct vtap_ct_tracker *replace(struct vtap_ct *ct,
				       struct vtap_ct_tracker *tracker)
{
	return rcu_replace_pointer(ct->tracker, tracker,
				   lockdep_rtnl_is_held());
}

static int choose_zone(struct vtap_port *port, struct net *net,
		       struct nlattr *data[], struct vtap_ct_change *change,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = data[IFLA_VIRTUALTAP_CT_ZONE];

	if (attr) {
		change->zone = nla_get_u16(attr);
		if (is_taken(&port->ct, net, change->zone)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "Another host end has this zone");
			return -EBUSY;
		}
	} else if (change->on && !change->zone) {
		change->zone = find_free(net);
		if (!change->zone)
			return -ENOMEM;
	}
	return 0;
}

static int make_tracker(struct net *net, struct vtap_ct_change *change,
			struct netlink_ext_ack *extack)
{
	const struct vtap_ct_ops *ops;

	if (!is_supported()) {
		NL_SET_ERR_MSG(extack,
			       "This kernel has no connection tracking by zones");
		return -EOPNOTSUPP;
	}
	ops = get_ops();
	if (!ops) {
		NL_SET_ERR_MSG(extack,
			       "Connection tracking needs the module " VTAP_CT_MODULE);
		return -EOPNOTSUPP;
	}
	change->tracker = create(ops, net, change->zone);
	return change->tracker ? 0 : -ENOMEM;
}

/**
 * vtap_ct_prepare() - get ready what a change of options needs
 * @port: host end
 * @net: its namespace
 * @data: attributes of the change
 * @change: what it comes to; to be given to vtap_ct_commit() or vtap_ct_cancel()
 * @extack: for the refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative error: -EBUSY where the zone is another's, -EOPNOTSUPP
 * where there is nobody who tracks.
 */
int vtap_ct_prepare(struct vtap_port *port, struct net *net,
		    struct nlattr *data[], struct vtap_ct_change *change,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = data[IFLA_VIRTUALTAP_CONNTRACK];
	const struct vtap_ct_tracker *tracker;
	int err;

	ASSERT_RTNL();
	tracker = rtnl_dereference(port->ct.tracker);
	*change = (struct vtap_ct_change){
		.on = attr ? nla_get_u8(attr) : port->ct.on,
		.zone = port->ct.zone,
	};
	err = choose_zone(port, net, data, change, extack);
	if (err || !change->on || (tracker && tracker->zone == change->zone))
		return err;
	return make_tracker(net, change, extack);
}

/**
 * vtap_ct_cancel() - drop a change that was prepared
 * @change: of vtap_ct_prepare()
 */
void vtap_ct_cancel(struct vtap_ct_change *change)
{
	if (change->tracker)
		destroy(change->tracker);
}

/**
 * vtap_ct_commit() - make a change that was prepared
 * @port: host end
 * @net: its namespace
 * @change: of vtap_ct_prepare()
 *
 * What was tracked in another zone, or before it is turned off, is forgotten.
 *
 * Context: RTNL.
 */
void vtap_ct_commit(struct vtap_port *port, struct net *net,
		    const struct vtap_ct_change *change)
{
	struct vtap_ct_tracker *old = NULL;

	if (change->zone != port->ct.zone)
		own(&port->ct, net, change->zone);
	WRITE_ONCE(port->ct.on, change->on);
	if (change->tracker || !change->on)
		old = replace(&port->ct, change->tracker);
	if (!old)
		return;
	/* A packet that is with it would bring back what is removed. */
	synchronize_net();
	destroy(old);
}

/**
 * vtap_ct_stop() - track nothing, and have no zone here
 * @port: host end that no packet is in the pipelines of; its options stay
 *
 * Context: RTNL.
 */
void vtap_ct_stop(struct vtap_port *port)
{
	struct vtap_ct_tracker *old = replace(&port->ct, NULL);

	hlist_del_init(&port->ct.node);
	if (old)
		destroy(old);
}

static bool start(struct vtap_port *port)
{
	struct vtap_ct_change change = { .on = true, .zone = port->ct.zone };

	if (!change.zone ||
	    make_tracker(dev_net(port->dev), &change, NULL))
		return false;
	replace(&port->ct, change.tracker);
	return true;
}

/**
 * vtap_ct_moved() - go on after vtap_ct_stop(), in another namespace
 * @port: host end
 *
 * In the same zone, if nobody has it there; a new host end is where it was.
 *
 * Context: RTNL.
 */
void vtap_ct_moved(struct vtap_port *port)
{
	struct net *net = dev_net(port->dev);
	struct vtap_ct *ct = &port->ct;
	u16 zone = ct->zone;

	if (!zone || !hlist_unhashed(&ct->node))
		return;
	if (is_taken(ct, net, zone))
		zone = ct->on ? find_free(net) : 0;
	own(ct, net, zone);
	if (!ct->on || start(port))
		return;
	WRITE_ONCE(ct->on, false);
	netdev_warn(port->dev, "connections are not tracked any more\n");
}

/* Packets */

static void track(struct vtap_ct_tracker *tracker, struct vtap_port *port,
		  struct sk_buff *skb, const struct vtap_pkt *pkt, bool rx)
{
	enum vtap_stat stat = VTAP_STAT_CT_UNTRACKED;

	/* Only the first one has ports. */
	if (!pkt->fragment)
		stat = tracker->ops->track(tracker, skb, pkt->family, rx);
	vtap_count(port->stats, stat);
}

/**
 * vtap_ct_rx() - track a packet from the VPN
 * @port: host end
 * @skb: packet, data at its header; has no connection afterwards, so that the
 *	host tracks it as it likes. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * Context: RCU, BH off.
 */
void vtap_ct_rx(struct vtap_port *port, struct sk_buff *skb,
		const struct vtap_pkt *pkt)
{
	struct vtap_ct_tracker *tracker = rcu_dereference(port->ct.tracker);

	if (!tracker)
		return;
	/* That of another namespace, or bridge, where it comes from. */
	nf_reset_ct(skb);
	track(tracker, port, skb, pkt, true);
	nf_reset_ct(skb);
}

/**
 * vtap_ct_tx() - track a packet of the host
 * @port: host end
 * @skb: packet, data at its header; keeps the connection that the host has for
 *	it. May reallocate @skb->head
 * @pkt: what parsing found
 *
 * Context: RCU, BH off.
 */
void vtap_ct_tx(struct vtap_port *port, struct sk_buff *skb,
		const struct vtap_pkt *pkt)
{
	struct vtap_ct_tracker *tracker = rcu_dereference(port->ct.tracker);
	unsigned long hosts;

	if (!tracker)
		return;
	hosts = skb_get_nfct(skb);
	skb_set_nfct(skb, 0);
	track(tracker, port, skb, pkt, false);
	nf_reset_ct(skb);
	skb_set_nfct(skb, hosts);
}
