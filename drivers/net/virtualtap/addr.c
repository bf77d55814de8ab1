// SPDX-License-Identifier: GPL-2.0
/* The host end's own addresses: which they are, announcing, conflicts. */

#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>

#include "device.h"
#include "l2.h"

/* RFC 5227 1.1: ANNOUNCE_INTERVAL is 2 s, ours is the contract's. */
#define VTAP_ANNOUNCE_INTERVAL	msecs_to_jiffies(1100)
/* RFC 5227 1.1: DEFEND_INTERVAL. */
#define VTAP_DEFEND_INTERVAL	(10 * HZ)

/* In the order of @due: each waits as long as the others. */
struct announcement {
	struct list_head list;
	__be32 addr;
	u32 left;
	unsigned long due;
};

/**
 * vtap_addr_is_own4() - is this an IPv4 address of the device?
 * @dev: host end
 * @addr: address
 *
 * Context: RCU.
 */
bool vtap_addr_is_own4(const struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_local == addr)
			return true;
	}
	return false;
}

/**
 * vtap_addr_is_onlink4() - is this address on the segment itself?
 * @port: host end
 * @addr: address
 *
 * Inside a prefix of the host end's addresses, or the learned prefix.
 *
 * Context: RCU.
 */
bool vtap_addr_is_onlink4(struct vtap_port *port, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(port->dev);
	const struct in_ifaddr *ifa;

	if (in_dev) {
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			if (inet_ifa_match(addr, ifa))
				return true;
		}
	}
	return vtap_learn_onlink4(&port->learned, addr);
}

/**
 * vtap_addr_is_broadcast4() - is this a broadcast address of a subnet?
 * @dev: host end
 * @addr: address
 *
 * The last address of a prefix shorter than 31 bits (RFC 3021), or the one the
 * administrator set.
 *
 * Context: RCU.
 */
bool vtap_addr_is_broadcast4(const struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_broadcast && ifa->ifa_broadcast == addr)
			return true;
		if (ifa->ifa_prefixlen < 31 &&
		    (ifa->ifa_address | ~ifa->ifa_mask) == addr)
			return true;
	}
	return false;
}

/* RFC 5227 3: an ARP request, broadcast, for the sender's own address. */
static void send_gratuitous(struct vtap_port *port, __be32 addr)
{
	struct vtap *vtap = rcu_dereference(port->vtap);
	struct sk_buff *skb;

	if (!vtap)
		return;
	skb = vtap_arp_create(vtap->dev, ARPOP_REQUEST, NULL,
			      vtap_mac_read(&port->station), addr, addr);
	if (!skb)
		return;
	vtap_count(port->stats, VTAP_STAT_ARP_REQUESTS_SENT);
	vtap_l2_receive(vtap, skb);
}

/* The next address that is due, if any; it stays pending until its last time. */
static bool take_due(struct vtap_addr *addr, __be32 *due)
{
	struct announcement *a;
	bool found = false;

	spin_lock_bh(&addr->lock);
	a = list_first_entry_or_null(&addr->pending, struct announcement, list);
	if (a && time_after_eq(jiffies, a->due)) {
		found = true;
		*due = a->addr;
		a->due = jiffies + VTAP_ANNOUNCE_INTERVAL;
		if (--a->left) {
			list_move_tail(&a->list, &addr->pending);
		} else {
			list_del(&a->list);
			kfree(a);
		}
	} else if (a) {
		schedule_delayed_work(&addr->work, a->due - jiffies);
	}
	spin_unlock_bh(&addr->lock);
	return found;
}

static void announce_work(struct work_struct *work)
{
	struct vtap_addr *addr = container_of(to_delayed_work(work),
					      struct vtap_addr, work);
	struct vtap_port *port = container_of(addr, struct vtap_port, addr);
	__be32 due;

	while (take_due(addr, &due)) {
		local_bh_disable();
		rcu_read_lock();
		if (vtap_addr_is_own4(port->dev, due) &&
		    READ_ONCE(port->neigh.resolve) && vtap_is_linked(port))
			send_gratuitous(port, due);
		rcu_read_unlock();
		local_bh_enable();
	}
}

/**
 * vtap_addr_announce4() - announce an address that the host end now has
 * @port: host end
 * @addr: address
 *
 * Sends option ``announce`` gratuitous ARPs, the first one at once.
 *
 * Context: RTNL, may sleep.
 */
void vtap_addr_announce4(struct vtap_port *port, __be32 addr)
{
	u32 times = vtap_option(port, announce);
	struct announcement *a, *old;

	ASSERT_RTNL();
	if (!times)
		return;
	a = kmalloc(sizeof(*a), GFP_KERNEL_ACCOUNT);
	if (!a)
		return;
	a->addr = addr;
	a->left = times;
	a->due = jiffies;

	spin_lock_bh(&port->addr.lock);
	list_for_each_entry(old, &port->addr.pending, list) {
		if (old->addr == addr) {
			list_del(&old->list);
			kfree(old);
			break;
		}
	}
	list_add(&a->list, &port->addr.pending);
	spin_unlock_bh(&port->addr.lock);
	mod_delayed_work(system_wq, &port->addr.work, 0);
}

/**
 * vtap_addr_announce_all() - announce every address of the host end
 * @port: host end whose link came up or whose hardware address changed
 *
 * Context: RTNL, may sleep.
 */
void vtap_addr_announce_all(struct vtap_port *port)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(port->dev);
	const struct in_ifaddr *ifa;

	if (!in_dev || !vtap_is_linked(port))
		return;
	in_dev_for_each_ifa_rtnl(ifa, in_dev)
		vtap_addr_announce4(port, ifa->ifa_local);
}

/**
 * vtap_addr_conflict4() - somebody else uses an address of the host end
 * @port: host end
 * @addr: the address
 *
 * Counts it, and defends the address if option ``defend`` says so, at most once
 * in ten seconds (RFC 5227 2.4 (b)): two hosts that both defend must not fill
 * the segment.
 *
 * Context: RCU, BH off.
 */
void vtap_addr_conflict4(struct vtap_port *port, __be32 addr)
{
	bool defend = vtap_option(port, defend);

	vtap_count(port->stats, VTAP_STAT_CONFLICTS);
	net_warn_ratelimited("%s: address conflict: %pI4 is used by another station\n",
			     port->dev->name, &addr);
	if (!defend)
		return;
	spin_lock(&port->addr.lock);
	if (port->addr.defended_once &&
	    time_before(jiffies, port->addr.defended + VTAP_DEFEND_INTERVAL)) {
		defend = false;
	} else {
		port->addr.defended = jiffies;
		port->addr.defended_once = true;
	}
	spin_unlock(&port->addr.lock);
	if (defend)
		send_gratuitous(port, addr);
}

/**
 * vtap_addr_init() - nothing to announce
 * @addr: of a host end not registered yet
 */
void vtap_addr_init(struct vtap_addr *addr)
{
	INIT_DELAYED_WORK(&addr->work, announce_work);
	spin_lock_init(&addr->lock);
	INIT_LIST_HEAD(&addr->pending);
}

/**
 * vtap_addr_stop() - forget what was to be announced
 * @addr: of a host end that is going away; no address can be added any more
 *
 * Context: RTNL, may sleep.
 */
void vtap_addr_stop(struct vtap_addr *addr)
{
	struct announcement *a, *next;

	cancel_delayed_work_sync(&addr->work);
	list_for_each_entry_safe(a, next, &addr->pending, list)
		kfree(a);
	INIT_LIST_HEAD(&addr->pending);
}
