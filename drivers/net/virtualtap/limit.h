/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_LIMIT_H
#define _VTAP_LIMIT_H

#include <linux/types.h>

#include "mac.h"

struct in6_addr;
struct vtap_port;

/* Who asks in many names has to ask so often, times the rate, to silence others. */
#define VTAP_LIMIT_BUCKETS	1024

/**
 * struct vtap_limit - how often each source was answered this second
 * @key: of the hash, random
 * @bucket: second (upper half, its low byte) and answers in it (lower half)
 *
 * A host end has two: sources that proved to be neighbours have one that
 * nobody else can fill.
 *
 * Written from several CPUs without a lock: an answer too many now and then is
 * cheaper than a lock on every request of a flood.
 */
struct vtap_limit {
	u32 key;
	u16 bucket[VTAP_LIMIT_BUCKETS];
};

void vtap_limit_init(struct vtap_limit *limit);
bool vtap_limit_reached(struct vtap_limit *limit, struct vtap_mac source,
			u32 second);
bool vtap_limited(struct vtap_port *port, const struct in6_addr *addr,
		  struct vtap_mac source);

#endif
