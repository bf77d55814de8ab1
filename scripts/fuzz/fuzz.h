/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_H
#define _FUZZ_H

#include <linux/kernel.h>

/* libFuzzer's names, in the kernel's spelling. */
int fuzz_one(const u8 *data, size_t len) __asm__("LLVMFuzzerTestOneInput");
size_t fuzz_mutate(u8 *data, size_t len, size_t max, unsigned int seed)
	__asm__("LLVMFuzzerCustomMutator");
size_t fuzz_mutate_bytes(u8 *data, size_t len, size_t max)
	__asm__("LLVMFuzzerMutate");

/* What has to be true of every result. */
#define require(condition) do {						\
	if (!(condition)) {						\
		fprintf(stderr, "%s:%d: not true: %s\n", __FILE__,	\
			__LINE__, #condition);				\
		abort();						\
	}								\
} while (0)

#endif
