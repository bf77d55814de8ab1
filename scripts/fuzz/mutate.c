// SPDX-License-Identifier: GPL-2.0
/* Changes to an input that keep what is around them well-formed: without, hardly
 * one in a thousand gets past the first check of a length.
 */

#include <linux/unaligned.h>

#include "mutate.h"

#define OPTIONS_MAX	64

/* Below @n. */
unsigned int any(struct input *in, unsigned int n)
{
	return n ? rand_r(&in->seed) % n : 0;
}

void put16(struct input *in, size_t at, u16 value)
{
	in->data[at] = value >> 8;
	in->data[at + 1] = value;
}

/**
 * splice() - put other bytes in the place of some
 * @in: input
 * @at: where
 * @cut: so many go
 * @put: so many come; any
 *
 * Return: false where there is no room.
 */
bool splice(struct input *in, size_t at, size_t cut, size_t put)
{
	size_t i;

	if (at + cut > in->len || in->len - cut + put > in->max)
		return false;
	memmove(in->data + at + put, in->data + at + cut, in->len - at - cut);
	in->len = in->len - cut + put;
	for (i = 0; i < put; i++)
		in->data[at + i] = any(in, 256);
	return true;
}

/* Before what is there. */
bool copy_to(struct input *in, size_t from, size_t n, size_t to)
{
	u8 copy[256];

	if (n > sizeof(copy) || from + n > in->len)
		return false;
	memcpy(copy, in->data + from, n);
	if (!splice(in, to, 0, n))
		return false;
	memcpy(in->data + to, copy, n);
	return true;
}

static size_t header_len(const struct options *options)
{
	return options->wide ? 4 : 2;
}

static u16 code_of(const struct input *in, size_t at,
		   const struct options *options)
{
	return options->wide ? get_unaligned_be16(in->data + at) : in->data[at];
}

static size_t len_of(const struct input *in, size_t at,
		     const struct options *options)
{
	return options->wide ? get_unaligned_be16(in->data + at + 2) :
			       in->data[at + 1];
}

static void set_code(struct input *in, size_t at, u16 code,
		     const struct options *options)
{
	if (options->wide)
		put16(in, at, code);
	else
		in->data[at] = code;
}

static void set_len(struct input *in, size_t at, size_t len,
		    const struct options *options)
{
	if (options->wide)
		put16(in, at + 2, len);
	else
		in->data[at + 1] = len;
}

/* Where options start, as far as they are good ones. */
static unsigned int find_options(const struct input *in, size_t at, size_t end,
				 const struct options *options, size_t *found)
{
	unsigned int n = 0;

	while (n < OPTIONS_MAX && at + header_len(options) <= end) {
		size_t len = header_len(options) + len_of(in, at, options);

		if (len > end - at)
			break;
		found[n++] = at;
		at += len;
	}
	return n;
}

static void insert(struct input *in, size_t at, const struct options *options)
{
	static const u8 lengths[] = { 0, 1, 2, 4, 8, 12, 16, 24, 25, 32, 255 };
	size_t len = lengths[any(in, sizeof(lengths))];

	if (!splice(in, at, 0, header_len(options) + len))
		return;
	set_code(in, at, options->codes[any(in, options->count)], options);
	set_len(in, at, len, options);
}

static void resize(struct input *in, size_t at, const struct options *options)
{
	size_t len = len_of(in, at, options), wanted = any(in, 2 * len + 5);

	if (!options->wide && wanted > U8_MAX)
		return;
	if (splice(in, at + header_len(options) + min(len, wanted),
		   len - min(len, wanted), wanted - min(len, wanted)))
		set_len(in, at, wanted, options);
}

/* The options of an option. Its length follows theirs. */
static void descend(struct input *in, size_t at, const struct options *options)
{
	size_t len = len_of(in, at, options), before = in->len, start;

	start = options->inner ? options->inner(code_of(in, at, options)) : 0;
	if (!start || start > len) {
		fuzz_mutate_bytes(in->data + at + header_len(options), len,
				  len);
		return;
	}
	mutate_options(in, at + header_len(options) + start,
		       at + header_len(options) + len, options);
	set_len(in, at, len + in->len - before, options);
}

/**
 * mutate_options() - change one thing about a list of options
 * @in: input
 * @at: where it begins
 * @end: where it ends
 * @options: of what form
 */
void mutate_options(struct input *in, size_t at, size_t end,
		    const struct options *options)
{
	size_t found[OPTIONS_MAX], one, len;
	unsigned int n;

	n = find_options(in, at, end, options, found);
	if (!n) {
		insert(in, at, options);
		return;
	}
	one = found[any(in, n)];
	len = header_len(options) + len_of(in, one, options);
	switch (any(in, 8)) {
	case 0:
		insert(in, one, options);
		break;
	case 1:
		splice(in, one, len, 0);
		break;
	case 2:
		copy_to(in, one, len, found[any(in, n)]);
		break;
	case 3:
		resize(in, one, options);
		break;
	case 4:
		set_code(in, one, options->codes[any(in, options->count)],
			 options);
		break;
	case 5:	/* a lie */
		set_len(in, one, any(in, 2 * len), options);
		break;
	default:
		descend(in, one, options);
		break;
	}
}
