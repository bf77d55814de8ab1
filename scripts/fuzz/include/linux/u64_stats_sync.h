/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_U64_STATS_SYNC_H
#define _FUZZ_LINUX_U64_STATS_SYNC_H

#include <linux/kernel.h>

#define __percpu
#define this_cpu_ptr(p)	(p)

#define u64_stats_t	u64

struct u64_stats_sync {
};

static inline void u64_stats_update_begin(struct u64_stats_sync *syncp)
{
	(void)syncp;
}

static inline void u64_stats_update_end(struct u64_stats_sync *syncp)
{
	(void)syncp;
}

static inline void u64_stats_add(u64_stats_t *counter, unsigned long by)
{
	*counter += by;
}

#endif
