/* SPDX-License-Identifier: GPL-2.0 */
/* Types that are members of structures, and no more than that. */
#ifndef _FUZZ_LINUX_SPINLOCK_H
#define _FUZZ_LINUX_SPINLOCK_H

#define HZ		250
#define __rcu
#define ____cacheline_aligned_in_smp
#define spinlock_t	int
#define seqlock_t	int
#define atomic_t	int
#define atomic_inc(p)	(++*(p))

struct list_head {
	void *next;
};

struct rcu_head {
	void *next;
};

struct rhash_head {
	void *next;
};

struct sk_buff_head {
	void *next;
};

struct rhashtable {
	void *table;
};

struct timer_list {
	unsigned long expires;
};

struct delayed_work {
	struct timer_list timer;
};

#endif
