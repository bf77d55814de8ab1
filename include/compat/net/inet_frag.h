/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_INET_FRAG_H
#define _VTAP_COMPAT_INET_FRAG_H

#include_next <net/inet_frag.h>

/* A queue that was found is under RCU only, and who takes it out of the table
 * gets the table's and the timer's references, since 6.17, which stable kernels
 * took over. Before, finding it took a reference, and taking it out dropped
 * those two.
 */
#ifdef VTAP_HAVE_INET_FRAG_PUTN
static inline struct inet_frag_queue *
vtap_inet_frag_find(struct fqdir *fqdir, void *key, int *refs)
{
	return inet_frag_find(fqdir, key);
}
#else
static inline struct inet_frag_queue *
vtap_inet_frag_find(struct fqdir *fqdir, void *key, int *refs)
{
	struct inet_frag_queue *q = inet_frag_find(fqdir, key);

	if (q)
		(*refs)++;
	return q;
}

static inline void vtap_inet_frag_kill(struct inet_frag_queue *q, int *refs)
{
	inet_frag_kill(q);
}

#define inet_frag_kill(q, refs)	vtap_inet_frag_kill(q, refs)

static inline void inet_frag_putn(struct inet_frag_queue *q, int refs)
{
	if (refs && refcount_sub_and_test(refs, &q->refcnt))
		inet_frag_destroy(q);
}
#endif

#endif
