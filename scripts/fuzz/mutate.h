/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_MUTATE_H
#define _FUZZ_MUTATE_H

#include "fuzz.h"

/**
 * struct input - what is being changed
 * @data: its bytes
 * @len: how many there are
 * @max: how many there may be
 * @seed: of all that is chosen at random
 */
struct input {
	u8 *data;
	size_t len;
	size_t max;
	unsigned int seed;
};

/**
 * struct options - how a protocol writes options: code, length, content
 * @wide: codes and lengths are of two bytes, else of one
 * @codes: some that the parser knows
 * @count: how many of them
 * @inner: where in an option of a code its own options begin, 0 for none
 */
struct options {
	bool wide;
	const u16 *codes;
	unsigned int count;
	size_t (*inner)(u16 code);
};

unsigned int any(struct input *in, unsigned int n);
bool splice(struct input *in, size_t at, size_t cut, size_t put);
bool copy_to(struct input *in, size_t from, size_t n, size_t to);
void put16(struct input *in, size_t at, u16 value);
void mutate_options(struct input *in, size_t at, size_t end,
		    const struct options *options);

#endif
