// SPDX-License-Identifier: GPL-2.0
/* Rows and columns: aligned for a person, an array of objects in JSON. */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

struct cell {
	char *text;		/* NULL: nothing */
	unsigned long long number;
	bool is_number;
	enum colour colour;
};

static const struct column *columns;
static unsigned int width;	/* columns of a row */
static struct cell *cells;
static size_t used, room;

void table_begin(const struct column *of, unsigned int count)
{
	columns = of;
	width = count;
}

size_t table_used(void)
{
	return used;
}

void table_truncate(size_t to)
{
	while (used > to)
		free(cells[--used].text);
}

static struct cell *next_cell(void)
{
	if (used == room) {
		room = room ? 2 * room : 256;
		cells = realloc(cells, room * sizeof(*cells));
		if (!cells)
			exit(complain("out of memory"));
	}
	cells[used] = (struct cell){ .colour = PLAIN };
	return &cells[used++];
}

void table_text(enum colour colour, const char *fmt, ...)
{
	struct cell *cell = next_cell();
	va_list args;

	va_start(args, fmt);
	if (vasprintf(&cell->text, fmt, args) < 0)
		exit(complain("out of memory"));
	va_end(args);
	cell->colour = colour;
}

void table_number(unsigned long long number)
{
	struct cell *cell;

	table_text(PLAIN, "%llu", number);
	cell = &cells[used - 1];
	cell->number = number;
	cell->is_number = true;
}

void table_none(void)
{
	next_cell();
}

static void print_cell(const struct cell *cell, const char *key)
{
	if (cell->is_number)
		print_number(key, cell->number);
	else if (cell->text)
		print_string(key, cell->text);
}

static void print_objects(void)
{
	size_t i;

	open_json_array(PRINT_JSON, NULL);
	for (i = 0; i < used; i++) {
		if (i % width == 0)
			open_json_object(NULL);
		print_cell(&cells[i], columns[i % width].key);
		if (i % width == width - 1)
			close_json_object();
	}
	close_json_array(PRINT_JSON, NULL);
	end_document();
}

static const char *shown(const struct cell *cell)
{
	return cell->text ? cell->text : "-";
}

static int widest(unsigned int column)
{
	size_t max = strlen(columns[column].title);
	size_t i;

	for (i = column; i < used; i += width) {
		if (strlen(shown(&cells[i])) > max)
			max = strlen(shown(&cells[i]));
	}
	return max;
}

/* No blanks at the end of a line. */
static void print_aligned(const char *text, enum colour colour,
			  unsigned int column, int widths[])
{
	bool last = column == width - 1;

	paint(colour);
	fputs(text, output);
	paint(PLAIN);
	if (last)
		fputc('\n', output);
	else
		fprintf(output, "%*s", widths[column] + 2 - (int)strlen(text),
			"");
}

static void print_columns(void)
{
	int widths[16];
	unsigned int i;
	size_t at;

	if (width > ARRAY_SIZE(widths))
		abort();
	for (i = 0; i < width; i++)
		widths[i] = widest(i);
	for (i = 0; i < width; i++)
		print_aligned(columns[i].title, DIM, i, widths);
	for (at = 0; at < used; at++)
		print_aligned(shown(&cells[at]), cells[at].colour, at % width,
			      widths);
}

void table_end(void)
{
	if (output_json)
		print_objects();
	else if (used)
		print_columns();
	table_truncate(0);
	free(cells);
	cells = NULL;
	room = 0;
}
