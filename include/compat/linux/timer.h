/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_TIMER_H
#define _VTAP_COMPAT_TIMER_H

#include_next <linux/timer.h>

/* from_timer() got this name in 6.16. */
#ifndef VTAP_HAVE_TIMER_CONTAINER_OF
#define timer_container_of(var, callback_timer, timer_fieldname) \
	from_timer(var, callback_timer, timer_fieldname)
#endif

#endif
