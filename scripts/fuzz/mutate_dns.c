// SPDX-License-Identifier: GPL-2.0
/* DNS messages (RFC 1035 4): records, names with pointers, counts. */

#include <linux/unaligned.h>

#include "mutate.h"

#define HEADER		12
#define RECORDS_MAX	32
#define POINTER		0xc0

/* Where the parts of a record are. */
struct record {
	size_t start;
	size_t fixed;	/* behind its name: type, class, TTL, length */
	size_t end;
	unsigned int section;	/* 1 to 3, as counts have it; 0 is a question */
};

/* Behind a name, or 0. */
static size_t skip_name(const struct input *in, size_t at)
{
	while (at < in->len) {
		u8 label = in->data[at];

		if (label >= POINTER)
			return at + 2;
		at += 1 + label;
		if (!label)
			return at;
	}
	return 0;
}

/* Questions have type and class alone. */
static bool read_record(const struct input *in, size_t at, unsigned int section,
			struct record *record)
{
	size_t fixed = skip_name(in, at), need = section ? 10 : 4;

	if (!fixed || fixed + need > in->len)
		return false;
	record->start = at;
	record->fixed = fixed;
	record->section = section;
	record->end = fixed + need;
	if (section)
		record->end += get_unaligned_be16(in->data + fixed + 8);
	return record->end <= in->len;
}

static unsigned int find_records(const struct input *in, struct record *found)
{
	unsigned int section, i, n = 0;
	size_t at = HEADER;

	for (section = 0; section < 4; section++) {
		i = get_unaligned_be16(in->data + 4 + 2 * section);
		for (; i && n < RECORDS_MAX; i--) {
			if (!read_record(in, at, section, &found[n]))
				return n;
			at = found[n++].end;
		}
	}
	return n;
}

static void count(struct input *in, unsigned int section, int more)
{
	size_t at = 4 + 2 * section;

	put16(in, at, get_unaligned_be16(in->data + at) + more);
}

/* Of a type that is treated apart, or of any other, before a record. */
static void insert(struct input *in, size_t at, unsigned int section)
{
	static const u16 types[] = { 1, 5, 6, 24, 28, 41, 46, 250, 255 };
	u16 type = types[any(in, ARRAY_SIZE(types))];
	size_t len = type == 6 ? 22 : type == 41 ? 0 : any(in, 20);
	bool root = type == 41 || any(in, 2);
	size_t name = root ? 1 : 2;

	if (!splice(in, at, 0, name + 10 + len))
		return;
	if (root)
		in->data[at] = 0;
	else
		put16(in, at, POINTER << 8 | HEADER);
	put16(in, at + name, type);
	put16(in, at + name + 2, type == 41 ? 1232 : 1);
	put16(in, at + name + 4, 0);
	put16(in, at + name + 6, type == 41 && any(in, 2) ? 0x8000 : 0);
	put16(in, at + name + 8, len);
	count(in, section, 1);
}

/* Its name, or what is left of it, is elsewhere. */
static void point(struct input *in, const struct record *record)
{
	size_t at = record->start;

	while (at < record->fixed && in->data[at] < POINTER && any(in, 2))
		at += 1 + in->data[at];
	if (at < record->fixed && splice(in, at, record->fixed - at, 2))
		put16(in, at, POINTER << 8 | any(in, record->end));
}

static void resize(struct input *in, const struct record *record)
{
	size_t data = record->fixed + 10, wanted = any(in, 40);

	if (record->section &&
	    splice(in, data, record->end - data, wanted))
		put16(in, record->fixed + 8, wanted);
}

static void mutate_record(struct input *in, const struct record *record)
{
	size_t len = record->end - record->start;

	switch (any(in, 8)) {
	case 0:
		insert(in, record->end, 1 + any(in, 3));
		break;
	case 1:
		if (splice(in, record->start, len, 0))
			count(in, record->section, -1);
		break;
	case 2:
		if (copy_to(in, record->start, len, record->end))
			count(in, record->section, 1);
		break;
	case 3:
		point(in, record);
		break;
	case 4:
		resize(in, record);
		break;
	case 5:	/* type, class, TTL, length */
		fuzz_mutate_bytes(in->data + record->fixed,
				  record->section ? 10 : 4,
				  record->section ? 10 : 4);
		break;
	case 6:	/* a lie */
		count(in, any(in, 4), any(in, 2) ? 1 : -1);
		break;
	case 7:	/* query or answer, NXDOMAIN, what is desired */
		put16(in, 2, get_unaligned_be16(in->data + 2) ^
		      (any(in, 2) ? 0x8000 : 1 << any(in, 10)));
		break;
	}
}

size_t fuzz_mutate(u8 *data, size_t len, size_t max, unsigned int seed)
{
	struct input in = { data, len, max, seed };
	struct record found[RECORDS_MAX];
	unsigned int n;

	if (len < HEADER || !any(&in, 3))
		return fuzz_mutate_bytes(data, len, max);
	n = find_records(&in, found);
	if (!n)
		return fuzz_mutate_bytes(data, len, max);
	mutate_record(&in, &found[any(&in, n)]);
	return in.len;
}
