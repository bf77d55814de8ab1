// SPDX-License-Identifier: GPL-2.0
/* Prefixes of the device's addresses: what the kernel's own lists say is right. */

#include <linux/inetdevice.h>
#include <linux/prandom.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/ipv6.h>

#include "utils.h"

#define ADDRESSES	60

static int prefix_init(struct kunit *test)
{
	vtap_test_pair_init(test);
	vtap_test_enable_ipv6(test->priv);
	return 0;
}

static void look(struct vtap_port *port)
{
	mod_delayed_work(system_wq, &port->addr.work, 0);
	while (!vtap_prefixes_are_known(&port->addr.prefixes4) ||
	       !vtap_prefixes_are_known(&port->addr.prefixes6))
		flush_delayed_work(&port->addr.work);
}

static bool kernel_has4(const struct net_device *dev, __be32 addr)
{
	const struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa;

	in_dev_for_each_ifa_rtnl(ifa, in_dev) {
		if (inet_ifa_match(addr, ifa))
			return true;
	}
	return false;
}

static bool set_has(const struct vtap_prefixes *prefixes,
		    const struct in6_addr *addr)
{
	bool has;

	rcu_read_lock();
	has = vtap_prefix_set_includes(vtap_prefixes_set(prefixes), addr);
	rcu_read_unlock();
	return has;
}

/* Returns whether it is inside one. */
static bool compare4(struct kunit *test, u32 number)
{
	struct vtap_test_pair *pair = test->priv;
	__be32 addr = cpu_to_be32(number);
	struct in6_addr mapped = vtap_test_mapped(addr);
	bool wanted;

	rtnl_lock();
	wanted = kernel_has4(pair->host, addr);
	rtnl_unlock();
	KUNIT_EXPECT_EQ_MSG(test, set_has(&pair->port->addr.prefixes4, &mapped),
			    wanted, "%pI4", &addr);
	return wanted;
}

static bool compare6(struct kunit *test, const struct in6_addr *addr)
{
	struct vtap_test_pair *pair = test->priv;
	bool wanted = ipv6_chk_prefix(addr, pair->host);

	KUNIT_EXPECT_EQ_MSG(test, set_has(&pair->port->addr.prefixes6, addr),
			    wanted, "%pI6c", addr);
	return wanted;
}

/* Prefixes of all lengths, inside each other or apart: their first and last
 * addresses, those beside them, and any.
 */
static void as_the_kernel_says4(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int in = 0, out = 0, i;
	u32 addr[ADDRESSES], hosts[ADDRESSES];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 4);
	for (i = 0; i < ADDRESSES; i++) {
		u8 len = 9 + i % 24;

		/* Below 16.0.0.0 most are near others. */
		addr[i] = prandom_u32_state(&rnd) >> 4 | BIT(24);
		hosts[i] = ~be32_to_cpu(inet_make_mask(len));
		vtap_test_add_address(test, pair->host, cpu_to_be32(addr[i]),
				      len);
	}
	look(pair->port);
	for (i = 0; i < ADDRESSES; i++) {
		u32 first = addr[i] & ~hosts[i], last = addr[i] | hosts[i];
		u32 probes[] = {
			first - 1, first, addr[i], last, last + 1,
			prandom_u32_state(&rnd) >> 4,
		};
		unsigned int j;

		for (j = 0; j < ARRAY_SIZE(probes); j++) {
			if (compare4(test, probes[j]))
				in++;
			else
				out++;
		}
	}
	KUNIT_EXPECT_GE(test, in, 3 * ADDRESSES);
	KUNIT_EXPECT_GT(test, out, 0);
}

/* Flip a bit: the other half of the prefix, or the next one. */
static struct in6_addr flipped(struct in6_addr addr, unsigned int bit)
{
	addr.s6_addr[bit / 8] ^= 0x80 >> bit % 8;
	return addr;
}

static void as_the_kernel_says6(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	unsigned int in = 0, out = 0, i, bit;
	struct in6_addr addr[ADDRESSES];
	struct rnd_state rnd;

	prandom_seed_state(&rnd, 6);
	for (i = 0; i < ADDRESSES; i++) {
		u8 len = 128 - 2 * i;

		addr[i] = vtap_test_addr6(test, "2001:db8::");
		prandom_bytes_state(&rnd, &addr[i].s6_addr[i % 12 + 4],
				    11 - i % 12);
		/* The kernel takes an address just once. */
		addr[i].s6_addr[15] = i;
		KUNIT_ASSERT_EQ(test, vtap_test_add_prefix6(test, pair->host,
							    &addr[i], len), 0);
		/* Now and then, until nearly all addresses are inside one. */
		if (len > 48 && i % 8)
			continue;
		look(pair->port);
		for (bit = 0; bit < 128; bit++) {
			struct in6_addr probe = flipped(addr[i / 2], bit);

			if (compare6(test, &probe))
				in++;
			else
				out++;
		}
	}
	KUNIT_EXPECT_GE(test, in, ADDRESSES);
	KUNIT_EXPECT_GE(test, out, ADDRESSES);
}

/* A prefix of IPv6 that IPv4's mapped addresses lie in is none of IPv4. */
static void families_are_apart(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct in6_addr addr = vtap_test_addr6(test, "2001:db8::1");
	bool onlink4, onlink6;

	KUNIT_ASSERT_EQ(test, vtap_test_add_prefix6(test, pair->host, &addr, 0),
			0);
	look(pair->port);
	addr = vtap_test_addr6(test, "2002::1");
	rcu_read_lock();
	onlink4 = vtap_addr_is_onlink4(pair->port, IP4(10, 99, 0, 1));
	onlink6 = vtap_addr_is_onlink6(pair->port, &addr);
	rcu_read_unlock();
	KUNIT_EXPECT_FALSE(test, onlink4);
	KUNIT_EXPECT_TRUE(test, onlink6);
}

static bool is_onlink4(struct vtap_test_pair *pair, __be32 addr)
{
	bool onlink;

	rcu_read_lock();
	onlink = vtap_addr_is_onlink4(pair->port, addr);
	rcu_read_unlock();
	return onlink;
}

static bool is_onlink6(struct vtap_test_pair *pair, const struct in6_addr *addr)
{
	bool onlink;

	rcu_read_lock();
	onlink = vtap_addr_is_onlink6(pair->port, addr);
	rcu_read_unlock();
	return onlink;
}

/* At once, and after the prefixes were sorted, too. */
static void changes_count_at_once(struct kunit *test)
{
	struct vtap_test_pair *pair = test->priv;
	struct vtap_prefixes *prefixes = &pair->port->addr.prefixes6;
	struct in6_addr neighbour = vtap_test_addr6(test, "2001:db8:7::2");

	look(pair->port);
	KUNIT_EXPECT_FALSE(test, is_onlink4(pair, IP4(10, 7, 0, 2)));
	vtap_test_add_address(test, pair->host, IP4(10, 7, 0, 1), 24);
	KUNIT_EXPECT_TRUE(test, is_onlink4(pair, IP4(10, 7, 0, 2)));
	look(pair->port);
	KUNIT_EXPECT_TRUE(test, is_onlink4(pair, IP4(10, 7, 0, 2)));

	KUNIT_EXPECT_FALSE(test, is_onlink6(pair, &neighbour));
	vtap_test_add_address6(test, pair->host, "2001:db8:7::1", IFA_F_NODAD);
	KUNIT_EXPECT_TRUE(test, is_onlink6(pair, &neighbour));
	look(pair->port);
	KUNIT_EXPECT_TRUE(test, is_onlink6(pair, &neighbour));

	vtap_test_delete_address6(test, pair->host, "2001:db8:7::1");
	KUNIT_EXPECT_FALSE(test, is_onlink6(pair, &neighbour));
	look(pair->port);
	KUNIT_EXPECT_TRUE(test, vtap_prefixes_are_known(prefixes));
	KUNIT_EXPECT_FALSE(test, is_onlink6(pair, &neighbour));
}

static struct kunit_case prefix_test_cases[] = {
	KUNIT_CASE(as_the_kernel_says4),
	KUNIT_CASE(as_the_kernel_says6),
	KUNIT_CASE(families_are_apart),
	KUNIT_CASE(changes_count_at_once),
	{}
};

static struct kunit_suite prefix_suite = {
	.name = "vtap_prefix",
	.init = prefix_init,
	.exit = vtap_test_pair_exit,
	.test_cases = prefix_test_cases,
};

kunit_test_suites(&prefix_suite);
