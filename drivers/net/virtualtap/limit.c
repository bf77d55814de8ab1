// SPDX-License-Identifier: GPL-2.0
/* How many requests of a source are answered. */

#include <linux/jhash.h>
#include <linux/random.h>
#include <linux/string.h>

#include "device.h"
#include "limit.h"

/* Answers a source gets in one second. */
#define VTAP_LIMIT_RATE	32

/**
 * vtap_limit_init() - nobody was answered yet
 * @limit: to initialise
 */
void vtap_limit_init(struct vtap_limit *limit)
{
	memset(limit, 0, sizeof(*limit));
	limit->key = get_random_u32();
}

/**
 * vtap_limit_reached() - has this source had its answers for now?
 * @limit: of the host end
 * @source: hardware address that asks
 * @second: a clock that counts seconds
 *
 * The hash takes the second in: two sources that share a bucket now do not in
 * the next second, so that a flood silences nobody else for long.
 *
 * Return: true when the request shall not be answered.
 */
bool vtap_limit_reached(struct vtap_limit *limit, struct vtap_mac source,
			u32 second)
{
	u32 hash = jhash_3words((u32)source.raw, (u32)(source.raw >> 32),
				second, limit->key);
	u16 *bucket = &limit->bucket[hash % VTAP_LIMIT_BUCKETS];
	u16 value = READ_ONCE(*bucket);

	if (value >> 8 != (second & 0xff))
		value = second << 8;
	if ((value & 0xff) >= VTAP_LIMIT_RATE)
		return true;
	WRITE_ONCE(*bucket, value + 1);
	return false;
}

/**
 * vtap_limited() - has this station had its answers for now?
 * @port: host end
 * @addr: the station's address, IPv4 as ::ffff:a.b.c.d
 * @source: its hardware address
 *
 * Neighbours that proved to be there are counted apart from everybody else.
 *
 * Context: RCU.
 * Return: true when its request shall not be answered.
 */
bool vtap_limited(struct vtap_port *port, const struct in6_addr *addr,
		  struct vtap_mac source)
{
	bool proven = vtap_neigh_is_proven(&port->neigh, addr, source);

	return vtap_limit_reached(proven ? &port->neighbours : &port->strangers,
				  source, jiffies / HZ);
}
