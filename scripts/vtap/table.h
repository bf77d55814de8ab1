/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_TABLE_H
#define _VTAP_TABLE_H

#include "output.h"

/**
 * struct column - Of a table
 * @title: for people
 * @key: in JSON, where each row is an object
 */
struct column {
	const char *title;
	const char *key;
};

/* One table at a time. Rows are kept until the end: the columns are as wide as
 * the widest cell.
 */
void table_begin(const struct column *columns, unsigned int count);
/* Cells so far. */
size_t table_used(void);
/* All behind so many cells are forgotten. */
void table_truncate(size_t cells);

/* The next cell, row after row. */
void table_text(enum colour colour, const char *fmt, ...) PRINTF(2, 3);
/* A number in JSON, too. */
void table_number(unsigned long long number);
/* Nothing: "-", and no key in JSON. */
void table_none(void);

void table_end(void);

#endif /* _VTAP_TABLE_H */
