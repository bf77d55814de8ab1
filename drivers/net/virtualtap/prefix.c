// SPDX-License-Identifier: GPL-2.0
/* The prefixes of a device's addresses, sorted: whether an address is inside
 * one takes the same time with a thousand addresses as with one. The kernel's
 * own lists, which are compared one by one, speak until they were looked at.
 */

#include <linux/inetdevice.h>
#include <linux/rtnetlink.h>
#include <linux/sort.h>
#include <linux/unaligned.h>
#include <net/addrconf.h>
#include <net/ipv6.h>

#include "prefix.h"

/* An address as a number. */
struct number {
	u64 high;
	u64 low;
};

struct span {
	struct number first;
	struct number last;
};

/**
 * struct vtap_prefix_set - addresses of all prefixes, as they were
 * @rcu: for freeing
 * @changes: what vtap_prefixes.changes was then
 * @n: spans
 * @span: disjoint, in ascending order
 */
struct vtap_prefix_set {
	struct rcu_head rcu;
	int changes;
	unsigned int n;
	struct span span[];
};

static struct number to_number(const struct in6_addr *addr)
{
	return (struct number) {
		.high = get_unaligned_be64(&addr->s6_addr[0]),
		.low = get_unaligned_be64(&addr->s6_addr[8]),
	};
}

static bool is_before(struct number a, struct number b)
{
	return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static struct span prefix_span(const struct in6_addr *addr, unsigned int len)
{
	struct number first = to_number(addr), hosts = {
		.high = len < 64 ? U64_MAX >> len : 0,
		.low = len <= 64 ? U64_MAX : len < 128 ? U64_MAX >> (len - 64) : 0,
	};

	first.high &= ~hosts.high;
	first.low &= ~hosts.low;
	return (struct span) {
		.first = first,
		.last = { first.high | hosts.high, first.low | hosts.low },
	};
}

static unsigned int collect4(const struct in_device *in_dev,
			     struct span *spans, unsigned int max)
{
	const struct in_ifaddr *ifa;
	struct in6_addr mapped;
	unsigned int n = 0;

	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		if (n < max) {
			ipv6_addr_set_v4mapped(ifa->ifa_address, &mapped);
			spans[n] = prefix_span(&mapped,
					       96 + ifa->ifa_prefixlen);
		}
		n++;
	}
	return n;
}

static unsigned int collect6(struct inet6_dev *idev, struct span *spans,
			     unsigned int max)
{
	const struct inet6_ifaddr *ifa;
	unsigned int n = 0;

	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		if (n < max)
			spans[n] = prefix_span(&ifa->addr, ifa->prefix_len);
		n++;
	}
	read_unlock_bh(&idev->lock);
	return n;
}

/* Returns how many there are, also where that is more than @max. */
static unsigned int collect(struct net_device *dev, int family,
			    struct span *spans, unsigned int max)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (family == AF_INET)
		return in_dev ? collect4(in_dev, spans, max) : 0;
	return idev ? collect6(idev, spans, max) : 0;
}

static int compare(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return is_before(x->first, y->first) ? -1 :
	       is_before(y->first, x->first);
}

/* Prefixes lie inside each other or apart: the first of a nest is kept. */
static unsigned int make_disjoint(struct span *spans, unsigned int n)
{
	unsigned int kept = 0, i;

	/* Of two that begin alike either may come first. */
	sort(spans, n, sizeof(*spans), compare, NULL);
	for (i = 0; i < n; i++) {
		if (kept && !is_before(spans[kept - 1].last, spans[i].first)) {
			if (is_before(spans[kept - 1].last, spans[i].last))
				spans[kept - 1].last = spans[i].last;
			continue;
		}
		spans[kept++] = spans[i];
	}
	return kept;
}

static struct vtap_prefix_set *create(struct net_device *dev, int family,
				      int changes)
{
	unsigned int n = collect(dev, family, NULL, 0);
	struct vtap_prefix_set *set = NULL;
	struct span *spans;

	spans = kvmalloc_array(n, sizeof(*spans), GFP_KERNEL);
	if (!spans)
		return NULL;
	/* IPv6 addresses may come meanwhile, which will be told as a change. */
	if (collect(dev, family, spans, n) <= n) {
		n = make_disjoint(spans, n);
		set = kvmalloc(struct_size(set, span, n), GFP_KERNEL_ACCOUNT);
	}
	if (set) {
		set->changes = changes;
		set->n = n;
		memcpy(set->span, spans, array_size(n, sizeof(*spans)));
	}
	kvfree(spans);
	return set;
}

static void replace(struct vtap_prefixes *prefixes, struct vtap_prefix_set *set)
{
	set = rcu_replace_pointer(prefixes->set, set,
				  lockdep_rtnl_is_held());
	if (set)
		kvfree_rcu(set, rcu);
}

/**
 * vtap_prefixes_set() - the prefixes, if none changed since they were looked at
 * @prefixes: of the device
 *
 * Context: RCU.
 * Return: the prefixes, or NULL: ask the kernel's lists.
 */
const struct vtap_prefix_set *
vtap_prefixes_set(const struct vtap_prefixes *prefixes)
{
	const struct vtap_prefix_set *set = rcu_dereference(prefixes->set);

	return set && set->changes == atomic_read(&prefixes->changes) ?
	       set : NULL;
}

/**
 * vtap_prefixes_are_known() - were the addresses looked at since they changed?
 * @prefixes: of the device
 *
 * Context: any.
 */
bool vtap_prefixes_are_known(const struct vtap_prefixes *prefixes)
{
	bool known;

	rcu_read_lock();
	known = vtap_prefixes_set(prefixes);
	rcu_read_unlock();
	return known;
}

/**
 * vtap_prefixes_update() - look at the addresses, if they changed
 * @prefixes: of the device
 * @dev: the device
 * @family: AF_INET or AF_INET6, always the same
 *
 * Without memory the kernel's lists go on to speak.
 *
 * Context: RTNL, may sleep.
 */
void vtap_prefixes_update(struct vtap_prefixes *prefixes,
			  struct net_device *dev, int family)
{
	/* Before the addresses are looked at. */
	int changes = atomic_read_acquire(&prefixes->changes);

	ASSERT_RTNL();
	if (!vtap_prefixes_are_known(prefixes))
		replace(prefixes, create(dev, family, changes));
}

/**
 * vtap_prefixes_clear() - forget all
 * @prefixes: of a device that is going away
 *
 * Context: RTNL.
 */
void vtap_prefixes_clear(struct vtap_prefixes *prefixes)
{
	replace(prefixes, NULL);
}

/**
 * vtap_prefix_set_includes() - is this address inside one of the prefixes?
 * @set: prefixes
 * @addr: address, IPv4 as ::ffff:a.b.c.d
 *
 * Context: RCU.
 */
bool vtap_prefix_set_includes(const struct vtap_prefix_set *set,
			      const struct in6_addr *addr)
{
	struct number number = to_number(addr);
	unsigned int low = 0, high = set->n;

	/* Spans before @low begin at or before it, those from @high on behind. */
	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (is_before(number, set->span[middle].first))
			high = middle;
		else
			low = middle + 1;
	}
	return low && !is_before(set->span[low - 1].last, number);
}
