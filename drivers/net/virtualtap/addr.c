// SPDX-License-Identifier: GPL-2.0
/* The host end's own addresses: which they are, duplicates, announcements. */

#include <linux/inetdevice.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "device.h"
#include "l2.h"
#include "ndp.h"
#include "netlink.h"

/* RFC 5227 1.1: ANNOUNCE_INTERVAL is 2 s, ours is the contract's. */
#define VTAP_ANNOUNCE_INTERVAL	msecs_to_jiffies(1100)
/* RFC 5227 1.1: DEFEND_INTERVAL; RFC 4862 has none. */
#define VTAP_DEFEND_INTERVAL	(10 * HZ)
/* RFC 4861 10: MAX_RTR_SOLICITATION_DELAY and RetransTimer. */
#define VTAP_PROBE_DELAY	HZ
#define VTAP_PROBE_INTERVAL	HZ
/* So many addresses are compared faster than a route is looked up. */
#define VTAP_ADDR_FEW		4
/* Frames that one look at the addresses collects. */
#define VTAP_ADDR_BATCH		16

/* RFC 4862 5.4; an IPv4 address is valid at once. */
enum own_state {
	OWN_TENTATIVE,
	OWN_VALID,
	OWN_DUPLICATE,
};

/**
 * struct own - an address of the host end
 * @node: in vtap_addr.table
 * @list: in vtap_addr.own
 * @addr: key: the address, IPv4 as ::ffff:a.b.c.d
 * @state: may it be used on the segment?
 * @nodad: it is not probed for
 * @gone: the device lost it, perhaps for a moment
 * @seen: the device has it; RTNL
 * @joined: the device is in its solicited-node group; RTNL
 * @left: probes or announcements still to be sent
 * @due: when something is to be done next, in jiffies
 * @nonce: of the latest probe
 */
struct own {
	struct rhash_head node;
	struct list_head list;
	struct in6_addr addr;
	enum own_state state;
	bool nodad;
	bool gone;
	bool seen;
	bool joined;
	u32 left;
	unsigned long due;
	u8 nonce[VTAP_NDP_NONCE_LEN];
};

static const struct rhashtable_params own_params = {
	.head_offset	= offsetof(struct own, node),
	.key_offset	= offsetof(struct own, addr),
	.key_len	= sizeof_field(struct own, addr),
	.automatic_shrinking = true,
};

/* A frame to be sent. */
struct task {
	struct in6_addr addr;
	bool probe;
	u8 nonce[VTAP_NDP_NONCE_LEN];
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

static bool in_prefix4(const struct vtap_port *port, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(port->dev);
	const struct vtap_prefix_set *set;
	const struct in_ifaddr *ifa;
	struct in6_addr mapped;

	set = vtap_prefixes_set(&port->addr.prefixes4);
	if (set) {
		ipv6_addr_set_v4mapped(addr, &mapped);
		return vtap_prefix_set_includes(set, &mapped);
	}
	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (inet_ifa_match(addr, ifa))
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
	return in_prefix4(port, addr) ||
	       vtap_learn_onlink4(&port->learned, addr);
}

/**
 * vtap_addr_is_broadcast4() - is this a broadcast address of a subnet?
 * @dev: host end
 * @addr: address
 *
 * The last address of a prefix shorter than 31 bits (RFC 3021), or the one the
 * administrator set. Where there are many addresses, the local routing table
 * says, which has a route for each.
 *
 * Context: RCU.
 */
bool vtap_addr_is_broadcast4(struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	const struct in_ifaddr *ifa;
	int few = VTAP_ADDR_FEW;

	if (!in_dev)
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (!few--)
			return !ipv4_is_zeronet(addr) &&
			       inet_dev_addr_type(dev_net(dev), dev, addr) ==
			       RTN_BROADCAST;
		if (ifa->ifa_broadcast && ifa->ifa_broadcast == addr)
			return true;
		if (ifa->ifa_prefixlen < 31 &&
		    (ifa->ifa_address | ~ifa->ifa_mask) == addr)
			return true;
	}
	return false;
}

/**
 * vtap_addr_is_own6() - is this an IPv6 address of the device?
 * @dev: host end
 * @addr: address
 *
 * Also one that the kernel calls tentative, as it does a new one for a moment:
 * whether it can be used is for vtap_addr_is_usable6() to say.
 *
 * Context: RCU.
 */
bool vtap_addr_is_own6(struct net_device *dev, const struct in6_addr *addr)
{
	return ipv6_chk_addr_and_flags(dev_net(dev), addr, dev, false, 1, 0);
}

/**
 * vtap_addr_source6() - address to ask a neighbour from
 * @dev: host end
 * @addr: the neighbour's
 * @source: set to an address of the device
 *
 * Another device's is no source here (RFC 4861 7.2.2). Nor is one that may be
 * another station's (RFC 4862 5.4), which is for vtap_addr_is_usable6() to say.
 *
 * Context: RCU.
 * Return: false where the device has none.
 */
bool vtap_addr_source6(struct net_device *dev, const struct in6_addr *addr,
		       struct in6_addr *source)
{
	return !ipv6_dev_get_saddr(dev_net(dev), dev, addr, 0, source) &&
	       vtap_addr_is_own6(dev, source);
}

static bool in_prefix6(const struct vtap_port *port,
		       const struct in6_addr *addr)
{
	const struct vtap_prefix_set *set;

	set = vtap_prefixes_set(&port->addr.prefixes6);
	return set ? vtap_prefix_set_includes(set, addr) :
		     ipv6_chk_prefix(addr, port->dev);
}

/**
 * vtap_addr_is_onlink6() - is this address on the segment itself?
 * @port: host end
 * @addr: address
 *
 * A link-local one, or inside a prefix of the host end's addresses or a learned
 * prefix.
 *
 * Context: RCU.
 */
bool vtap_addr_is_onlink6(struct vtap_port *port, const struct in6_addr *addr)
{
	return ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL ||
	       in_prefix6(port, addr) ||
	       vtap_routers_onlink(&port->routers, addr,
				   ktime_get_boottime_seconds());
}

static struct own *find(struct vtap_addr *addr, const struct in6_addr *key)
{
	lockdep_assert_held(&addr->lock);
	return rhashtable_lookup_fast(&addr->table, key, own_params);
}

static void set_state(struct vtap_addr *addr, struct own *own,
		      enum own_state state)
{
	lockdep_assert_held(&addr->lock);
	WRITE_ONCE(addr->unusable, addr->unusable +
		   (state != OWN_VALID) - (own->state != OWN_VALID));
	own->state = state;
}

static void take_out(struct vtap_addr *addr, struct own *own)
{
	set_state(addr, own, OWN_VALID);
	rhashtable_remove_fast(&addr->table, &own->node, own_params);
	list_del(&own->list);
}

/* Nobody looks without the lock. */
static void discard(struct vtap_addr *addr, struct own *own)
{
	take_out(addr, own);
	kfree(own);
}

/* Sysctls accept_dad and dad_transmits of the device, ``ip addr add ... nodad``.
 * That accept_dad is -1 is the kernel's own doing on a NOARP device.
 */
static u32 probes(const struct inet6_dev *idev, const struct own *own)
{
	if (own->nodad || !READ_ONCE(idev->cnf.accept_dad))
		return 0;
	return max(READ_ONCE(idev->cnf.dad_transmits), 0);
}

/* RFC 4862 5.4.2: not all at once when a segment comes to life. */
static void start_probing(struct vtap_addr *addr, struct own *own,
			  const struct inet6_dev *idev)
{
	set_state(addr, own, OWN_TENTATIVE);
	own->left = probes(idev, own);
	own->due = jiffies;
	if (own->left)
		own->due += get_random_u32() % VTAP_PROBE_DELAY;
	get_random_bytes(own->nonce, sizeof(own->nonce));
}

static void start_announcing(struct own *own, u32 times)
{
	own->left = times;
	own->due = jiffies;
}

/* One step of what is due for an address: probe, accept, announce. True when
 * there is something to be sent.
 */
static bool step(struct vtap_port *port, struct own *own, unsigned long now,
		 struct task *task)
{
	if (!READ_ONCE(port->neigh.resolve))
		own->left = 0;
	if (own->state == OWN_TENTATIVE && !own->left) {
		set_state(&port->addr, own, OWN_VALID);
		own->left = READ_ONCE(port->neigh.resolve) ?
			    vtap_option(port, announce) : 0;
	}
	if (!own->left)
		return false;
	own->left--;
	task->addr = own->addr;
	task->probe = own->state == OWN_TENTATIVE;
	own->due = now + (task->probe ? VTAP_PROBE_INTERVAL :
					VTAP_ANNOUNCE_INTERVAL);
	if (task->probe) {
		get_random_bytes(own->nonce, sizeof(own->nonce));
		memcpy(task->nonce, own->nonce, sizeof(task->nonce));
	}
	return true;
}

static bool is_idle(const struct own *own)
{
	return own->state != OWN_TENTATIVE && !own->left;
}

/* Collect up to VTAP_ADDR_BATCH frames that are due. Sets *@next to when there
 * will be more, if it is sooner. Nothing is due while the link is down: when it
 * comes up, all starts anew.
 */
static unsigned int take_due(struct vtap_port *port, struct task *tasks,
			     unsigned long *next)
{
	struct vtap_addr *addr = &port->addr;
	unsigned long now = jiffies;
	struct own *own, *tmp;
	unsigned int n = 0;

	spin_lock_bh(&addr->lock);
	list_for_each_entry_safe(own, tmp, &addr->own, list) {
		if (n == VTAP_ADDR_BATCH)
			break;
		if (time_before_eq(own->due, now) && !is_idle(own))
			n += step(port, own, now, &tasks[n]);
		if (!is_idle(own) && time_before(own->due, *next))
			*next = own->due;
		/* What the kernel has is not kept here a second time. */
		if (is_idle(own) && ipv6_addr_v4mapped(&own->addr))
			discard(addr, own);
	}
	spin_unlock_bh(&addr->lock);
	return n;
}

/* RFC 5227 3: an ARP request, broadcast, for the sender's own address. */
static struct sk_buff *create_gratuitous(struct vtap_port *port,
					 struct vtap *vtap, __be32 addr)
{
	if (!vtap_addr_is_own4(port->dev, addr))
		return NULL;
	return vtap_arp_create(vtap->dev, ARPOP_REQUEST, NULL,
			       vtap_mac_read(&port->station), addr, addr);
}

static struct sk_buff *create_announcement6(struct vtap_port *port,
					    struct vtap *vtap,
					    const struct in6_addr *addr)
{
	const struct inet6_dev *idev = __in6_dev_get(port->dev);

	if (!idev || !vtap_addr_is_own6(port->dev, addr))
		return NULL;
	return vtap_ndp_create_announcement(vtap->dev,
					    vtap_mac_read(&port->station), addr,
					    READ_ONCE(idev->cnf.forwarding));
}

static void announce(struct vtap_port *port, const struct in6_addr *addr)
{
	struct vtap *vtap = rcu_dereference(port->vtap);
	bool ipv4 = ipv6_addr_v4mapped(addr);
	struct sk_buff *skb;

	if (!vtap)
		return;
	skb = ipv4 ? create_gratuitous(port, vtap, addr->s6_addr32[3]) :
		     create_announcement6(port, vtap, addr);
	if (!skb)
		return;
	vtap_count(port->stats, ipv4 ? VTAP_STAT_ARP_REQUESTS_SENT :
				       VTAP_STAT_NA_SENT);
	vtap_l2_output(vtap, port, skb);
}

static void probe(struct vtap_port *port, const struct task *task)
{
	struct vtap *vtap = rcu_dereference(port->vtap);
	struct sk_buff *skb;

	if (!vtap)
		return;
	skb = vtap_ndp_create_probe(vtap->dev, vtap_mac_read(&port->station),
				    &task->addr, task->nonce);
	if (!skb)
		return;
	vtap_count(port->stats, VTAP_STAT_NS_SENT);
	vtap_l2_output(vtap, port, skb);
}

static void send_due(struct vtap_port *port)
{
	unsigned long never = jiffies + MAX_JIFFY_OFFSET, next = never;
	struct task tasks[VTAP_ADDR_BATCH];
	unsigned int n, i;

	do {
		n = take_due(port, tasks, &next);
		local_bh_disable();
		rcu_read_lock();
		for (i = 0; i < n; i++) {
			if (tasks[i].probe)
				probe(port, &tasks[i]);
			else
				announce(port, &tasks[i].addr);
		}
		rcu_read_unlock();
		local_bh_enable();
	} while (n == VTAP_ADDR_BATCH);
	/* No effect if it was queued meanwhile, to run sooner. */
	if (next != never)
		schedule_delayed_work(&port->addr.work,
				      max_t(long, next - jiffies, 0));
}

static void join_group(struct vtap_port *port, struct own *own)
{
	struct in6_addr group;

	addrconf_addr_solict_mult(&own->addr, &group);
	own->joined = !ipv6_dev_mc_inc(port->dev, &group);
}

static void leave_groups(struct vtap_port *port, struct list_head *list)
{
	struct own *own, *next;
	struct in6_addr group;

	list_for_each_entry_safe(own, next, list, list) {
		addrconf_addr_solict_mult(&own->addr, &group);
		if (own->joined)
			ipv6_dev_mc_dec(port->dev, &group);
		kfree(own);
	}
}

/* The groups went with the kernel's own state of the device, if that did. */
static void forget_all6(struct vtap_addr *addr)
{
	struct own *own, *next;

	spin_lock_bh(&addr->lock);
	list_for_each_entry_safe(own, next, &addr->own, list) {
		if (!ipv6_addr_v4mapped(&own->addr))
			discard(addr, own);
	}
	spin_unlock_bh(&addr->lock);
	if (addr->idev)
		in6_dev_put(addr->idev);
	addr->idev = NULL;
}

/* Mark what the device still has, and list what is new to us in @fresh. */
static void look_at_device(struct vtap_addr *addr, struct inet6_dev *idev,
			   struct list_head *fresh)
{
	struct inet6_ifaddr *ifa;
	struct own *own;

	read_lock_bh(&idev->lock);
	spin_lock(&addr->lock);
	list_for_each_entry(own, &addr->own, list)
		own->seen = false;
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		own = find(addr, &ifa->addr);
		if (own && !own->gone) {
			own->seen = true;
			continue;
		}
		own = kzalloc(sizeof(*own), GFP_ATOMIC | __GFP_ACCOUNT);
		if (!own)
			continue;	/* answered for, if not announced */
		own->addr = ifa->addr;
		own->state = OWN_VALID;
		own->seen = true;
		own->nodad = ifa->flags & IFA_F_NODAD;
		list_add_tail(&own->list, fresh);
	}
	spin_unlock(&addr->lock);
	read_unlock_bh(&idev->lock);
}

static void take_unseen(struct vtap_addr *addr, struct list_head *unseen)
{
	struct own *own, *next;

	spin_lock_bh(&addr->lock);
	list_for_each_entry_safe(own, next, &addr->own, list) {
		if (own->seen || ipv6_addr_v4mapped(&own->addr))
			continue;
		take_out(addr, own);
		list_add_tail(&own->list, unseen);
	}
	spin_unlock_bh(&addr->lock);
}

/* Leaves in @fresh what there is no memory for. */
static void put_in(struct vtap_addr *addr, struct list_head *fresh)
{
	struct own *own, *next;

	spin_lock_bh(&addr->lock);
	list_for_each_entry_safe(own, next, fresh, list) {
		if (rhashtable_insert_fast(&addr->table, &own->node,
					   own_params))
			continue;
		start_probing(addr, own, addr->idev);
		list_move_tail(&own->list, &addr->own);
	}
	spin_unlock_bh(&addr->lock);
}

/* The host end is NOARP: the kernel neither joins the solicited-node groups of
 * its addresses nor looks for duplicates.
 */
static void follow_device(struct vtap_port *port)
{
	struct inet6_dev *idev = __in6_dev_get(port->dev);
	struct vtap_addr *addr = &port->addr;
	LIST_HEAD(unseen);
	LIST_HEAD(fresh);
	struct own *own;

	ASSERT_RTNL();
	if (idev != addr->idev) {
		forget_all6(addr);
		if (idev)
			in6_dev_hold(idev);
		addr->idev = idev;
	}
	if (!idev)
		return;
	look_at_device(addr, idev, &fresh);
	take_unseen(addr, &unseen);
	list_for_each_entry(own, &fresh, list)
		join_group(port, own);
	leave_groups(port, &unseen);
	put_in(addr, &fresh);
	leave_groups(port, &fresh);
}

/* Is there a change that was not looked at yet? */
static bool has_changed(const struct vtap_addr *addr)
{
	return READ_ONCE(addr->changes) != READ_ONCE(addr->followed);
}

static void look_at_addresses(struct vtap_port *port)
{
	struct vtap_addr *addr = &port->addr;
	unsigned int changes = READ_ONCE(addr->changes);

	if (has_changed(addr)) {
		follow_device(port);
		WRITE_ONCE(addr->followed, changes);
	}
	vtap_prefixes_update(&addr->prefixes4, port->dev, AF_INET);
	vtap_prefixes_update(&addr->prefixes6, port->dev, AF_INET6);
}

static void addr_work(struct work_struct *work)
{
	struct vtap_addr *addr = container_of(to_delayed_work(work),
					      struct vtap_addr, work);
	struct vtap_port *port = container_of(addr, struct vtap_port, addr);

	if (has_changed(addr) || !vtap_prefixes_are_known(&addr->prefixes4) ||
	    !vtap_prefixes_are_known(&addr->prefixes6)) {
		/* Who deletes the device waits for us with RTNL held. */
		if (!rtnl_trylock()) {
			schedule_delayed_work(&addr->work, 1);
			return;
		}
		look_at_addresses(port);
		rtnl_unlock();
	}
	if (vtap_is_linked(port))
		send_due(port);
}

/**
 * vtap_addr_changed4() - the host end got or lost an IPv4 address
 * @port: host end
 *
 * Context: RTNL.
 */
void vtap_addr_changed4(struct vtap_port *port)
{
	vtap_prefixes_changed(&port->addr.prefixes4);
	mod_delayed_work(system_wq, &port->addr.work, 0);
}

/**
 * vtap_addr_changed6() - the host end got or lost an IPv6 address
 * @port: host end
 * @addr: the address
 * @lost: it was lost
 *
 * Joins or leaves its solicited-node group, and looks for duplicates of a new
 * one, soon.
 *
 * Context: any but hard interrupt.
 */
void vtap_addr_changed6(struct vtap_port *port, const struct in6_addr *addr,
			bool lost)
{
	struct own *own;

	spin_lock_bh(&port->addr.lock);
	own = lost ? find(&port->addr, addr) : NULL;
	if (own)
		own->gone = true;
	WRITE_ONCE(port->addr.changes, port->addr.changes + 1);
	spin_unlock_bh(&port->addr.lock);
	vtap_prefixes_changed(&port->addr.prefixes6);
	mod_delayed_work(system_wq, &port->addr.work, 0);
}

/* One that was not looked at yet will be probed for, unless there was no memory
 * to do so.
 */
static enum own_state state6(struct vtap_port *port,
			     const struct in6_addr *addr)
{
	enum own_state state;
	const struct own *own;

	if (!has_changed(&port->addr) && !READ_ONCE(port->addr.unusable))
		return OWN_VALID;
	spin_lock(&port->addr.lock);
	own = find(&port->addr, addr);
	if (own && !own->gone)
		state = own->state;
	else
		state = has_changed(&port->addr) ? OWN_TENTATIVE : OWN_VALID;
	spin_unlock(&port->addr.lock);
	return state;
}

/**
 * vtap_addr_is_tentative6() - are duplicates of this address being looked for?
 * @port: host end
 * @addr: address of it
 *
 * Context: BH off.
 */
bool vtap_addr_is_tentative6(struct vtap_port *port,
			     const struct in6_addr *addr)
{
	return state6(port, addr) == OWN_TENTATIVE;
}

/**
 * vtap_addr_is_usable6() - does the segment agree that this address is ours?
 * @port: host end
 * @addr: address of it
 *
 * RFC 4862 5.4: not while duplicates are looked for, nor if there was one. That
 * the kernel uses the address all the same cannot be helped: it believes that
 * a NOARP device has no duplicates.
 *
 * Context: BH off.
 */
bool vtap_addr_is_usable6(struct vtap_port *port, const struct in6_addr *addr)
{
	return state6(port, addr) == OWN_VALID;
}

/**
 * vtap_addr_announce4() - announce an IPv4 address that the host end now has
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
	struct own *own, *old;

	ASSERT_RTNL();
	if (!times)
		return;
	own = kzalloc(sizeof(*own), GFP_KERNEL_ACCOUNT);
	if (!own)
		return;
	ipv6_addr_set_v4mapped(addr, &own->addr);
	own->state = OWN_VALID;
	start_announcing(own, times);

	spin_lock_bh(&port->addr.lock);
	old = find(&port->addr, &own->addr);
	if (old)
		discard(&port->addr, old);
	if (rhashtable_insert_fast(&port->addr.table, &own->node, own_params))
		kfree(own);
	else
		list_add(&own->list, &port->addr.own);
	spin_unlock_bh(&port->addr.lock);
	mod_delayed_work(system_wq, &port->addr.work, 0);
}

static void announce_all4(struct vtap_port *port)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(port->dev);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return;
	in_dev_for_each_ifa_rtnl(ifa, in_dev)
		vtap_addr_announce4(port, ifa->ifa_local);
}

/* With @probe_all for all addresses, else for those that were duplicates. */
static void start_all6(struct vtap_port *port, bool probe_all)
{
	struct vtap_addr *addr = &port->addr;
	struct own *own;

	if (!addr->idev)
		return;
	spin_lock_bh(&addr->lock);
	list_for_each_entry(own, &addr->own, list) {
		if (ipv6_addr_v4mapped(&own->addr))
			continue;
		if (probe_all || own->state == OWN_DUPLICATE)
			start_probing(addr, own, addr->idev);
		else if (own->state == OWN_VALID)
			start_announcing(own, vtap_option(port, announce));
	}
	spin_unlock_bh(&addr->lock);
	mod_delayed_work(system_wq, &addr->work, 0);
}

/**
 * vtap_addr_announce_all() - announce every address of the host end
 * @port: host end whose hardware address changed
 *
 * A duplicate may have been one of a hardware address (RFC 4862 5.4.5).
 *
 * Context: RTNL, may sleep.
 */
void vtap_addr_announce_all(struct vtap_port *port)
{
	if (!vtap_is_linked(port))
		return;
	announce_all4(port);
	start_all6(port, false);
}

/**
 * vtap_addr_link_up() - the host end is on a segment, maybe another one
 * @port: host end whose link came up
 *
 * Context: RTNL, may sleep.
 */
void vtap_addr_link_up(struct vtap_port *port)
{
	announce_all4(port);
	start_all6(port, true);
}

static bool may_defend(struct vtap_port *port)
{
	struct vtap_addr *addr = &port->addr;

	lockdep_assert_held(&addr->lock);
	if (!vtap_option(port, defend) ||
	    (addr->defended_once &&
	     time_in_range_open(jiffies, addr->defended,
				addr->defended + VTAP_DEFEND_INTERVAL)))
		return false;
	addr->defended = jiffies;
	addr->defended_once = true;
	return true;
}

static void report_conflict(struct vtap_port *port, const struct in6_addr *addr,
			    struct vtap_mac mac)
{
	vtap_count(port->stats, VTAP_STAT_CONFLICTS);
	if (ipv6_addr_v4mapped(addr))
		net_warn_ratelimited("%s: address conflict: %pI4 is used by another station\n",
				     port->dev->name, &addr->s6_addr32[3]);
	else
		net_warn_ratelimited("%s: address conflict: %pI6c is used by another station\n",
				     port->dev->name, addr);
	vtap_netlink_conflict(port, addr, mac);
}

/**
 * vtap_addr_conflict() - somebody else uses an address of the host end
 * @port: host end
 * @addr: the address, IPv4 as ::ffff:a.b.c.d
 * @mac: who
 *
 * Reports it. A new IPv6 address is a duplicate from now on; any other is
 * defended if option ``defend`` says so, at most once in ten seconds (RFC 5227
 * 2.4 (b)): two hosts that both defend must not fill the segment.
 *
 * Context: RCU, BH off.
 */
void vtap_addr_conflict(struct vtap_port *port, const struct in6_addr *addr,
			struct vtap_mac mac)
{
	bool defend = false;
	struct own *own;

	spin_lock(&port->addr.lock);
	own = find(&port->addr, addr);
	if (own && own->state == OWN_TENTATIVE) {
		set_state(&port->addr, own, OWN_DUPLICATE);
		own->left = 0;
	}
	if (!own || own->state == OWN_VALID)
		defend = may_defend(port);
	spin_unlock(&port->addr.lock);
	report_conflict(port, addr, mac);
	if (defend)
		announce(port, addr);
}

/**
 * vtap_addr_probed6() - another station looks for duplicates of our address
 * @port: host end
 * @addr: the address
 * @nonce: what its probe carries; NULL for none
 * @mac: who
 *
 * While we do, too, nobody gets it (RFC 4862 5.4.3), unless the probe is our own
 * that the segment sent back (RFC 7527 4.2).
 *
 * Context: RCU, BH off.
 */
void vtap_addr_probed6(struct vtap_port *port, const struct in6_addr *addr,
		       const u8 *nonce, struct vtap_mac mac)
{
	const struct own *own;
	bool conflict;

	spin_lock(&port->addr.lock);
	own = find(&port->addr, addr);
	conflict = own && own->state == OWN_TENTATIVE &&
		   !(nonce && !memcmp(nonce, own->nonce, sizeof(own->nonce)));
	spin_unlock(&port->addr.lock);
	if (conflict)
		vtap_addr_conflict(port, addr, mac);
}

/**
 * vtap_addr_init() - nothing to announce
 * @addr: of a host end not registered yet
 *
 * Return: 0 or -ENOMEM.
 */
int vtap_addr_init(struct vtap_addr *addr)
{
	INIT_DELAYED_WORK(&addr->work, addr_work);
	spin_lock_init(&addr->lock);
	INIT_LIST_HEAD(&addr->own);
	return rhashtable_init(&addr->table, &own_params);
}

/**
 * vtap_addr_forget6() - the kernel's IPv6 state of the device is going away
 * @port: host end that leaves its namespace
 *
 * Context: RTNL.
 */
void vtap_addr_forget6(struct vtap_port *port)
{
	ASSERT_RTNL();
	forget_all6(&port->addr);
}

/**
 * vtap_addr_stop() - forget what was to be announced
 * @port: host end that is going away; no address can be added any more
 *
 * Context: RTNL, may sleep.
 */
void vtap_addr_stop(struct vtap_port *port)
{
	struct vtap_addr *addr = &port->addr;
	struct own *own, *next;

	cancel_delayed_work_sync(&addr->work);
	forget_all6(addr);
	spin_lock_bh(&addr->lock);
	list_for_each_entry_safe(own, next, &addr->own, list)
		discard(addr, own);
	spin_unlock_bh(&addr->lock);
	vtap_prefixes_clear(&addr->prefixes4);
	vtap_prefixes_clear(&addr->prefixes6);
}

/**
 * vtap_addr_destroy() - free a table that nothing is in
 * @addr: stopped, or never used; nobody refers to its host end any more
 *
 * Context: may sleep.
 */
void vtap_addr_destroy(struct vtap_addr *addr)
{
	rhashtable_destroy(&addr->table);
}
