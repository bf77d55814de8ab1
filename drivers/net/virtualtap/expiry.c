// SPDX-License-Identifier: GPL-2.0
/* The end of what was learned for some time: whoever reads it sees that it is
 * over, but who listens has to be told.
 */

#include <linux/ktime.h>

#include "device.h"
#include "expiry.h"

/* The timer stands still while the machine sleeps, leases do not. */
#define LOOK_INTERVAL	60

/**
 * vtap_expiry_at() - something will be over
 * @expiry: of the host end
 * @time: boot time in seconds, U64_MAX for never
 *
 * Context: any.
 */
void vtap_expiry_at(struct vtap_expiry *expiry, u64 time)
{
	u64 now = ktime_get_boottime_seconds();
	u64 left = time > now ? time - now : 0;

	if (time != U64_MAX)
		timer_reduce(&expiry->timer,
			     jiffies + min_t(u64, left, LOOK_INTERVAL) * HZ);
}

static void expiry_timer(struct timer_list *timer)
{
	struct vtap_expiry *expiry = timer_container_of(expiry, timer, timer);
	struct vtap_port *port = container_of(expiry, struct vtap_port, expiry);
	u64 now = ktime_get_boottime_seconds();

	vtap_expiry_at(expiry, min3(vtap_learn_expire(port, now),
				    vtap_lease6_expire(port, now),
				    vtap_router_expire(port, now)));
}

/**
 * vtap_expiry_init() - nothing was learned yet
 * @expiry: to initialise
 */
void vtap_expiry_init(struct vtap_expiry *expiry)
{
	timer_setup(&expiry->timer, expiry_timer, 0);
}

/**
 * vtap_expiry_stop() - tell of nothing any more
 * @expiry: of a host end that is going away
 *
 * Context: may sleep.
 */
void vtap_expiry_stop(struct vtap_expiry *expiry)
{
	timer_shutdown_sync(&expiry->timer);
}
