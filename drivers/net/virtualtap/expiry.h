/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_EXPIRY_H
#define _VTAP_EXPIRY_H

#include <linux/timer.h>

/**
 * struct vtap_expiry - looks after what a host end learned for some time
 * @timer: when something may be over
 */
struct vtap_expiry {
	struct timer_list timer;
};

void vtap_expiry_init(struct vtap_expiry *expiry);
void vtap_expiry_at(struct vtap_expiry *expiry, u64 time);
void vtap_expiry_stop(struct vtap_expiry *expiry);

#endif
