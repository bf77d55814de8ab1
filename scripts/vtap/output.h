/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_OUTPUT_H
#define _VTAP_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "../ip/link_util.h"
#include "defs.h"

/* The exit status of a command that was not understood. */
#define EXIT_USAGE	2

enum colour { PLAIN, GOOD, BAD, DIM };

/* -j: JSON on the standard output, and nothing else. */
extern bool output_json;
/* Where the print functions of link_util.h write. */
extern FILE *output;

/* Says in one line of the standard error what is wrong.
 * Return: EXIT_FAILURE.
 */
int complain(const char *fmt, ...) PRINTF(1, 2);

/* The same about the command's words. Return: EXIT_USAGE. */
int misused(const char *fmt, ...) PRINTF(1, 2);

/* What follows is this colour, on a terminal that wants any. */
void paint(enum colour colour);

/* JSON's end of a document: each command prints one, or one a line. */
void end_document(void);

/* What a command that changes something says, in JSON only. */
int done(const char *command, const char *device);

/* In JSON only. */
void print_string(const char *key, const char *value);
void print_number(const char *key, unsigned long long value);

#endif /* _VTAP_OUTPUT_H */
