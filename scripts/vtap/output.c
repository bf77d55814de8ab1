// SPDX-License-Identifier: GPL-2.0
/* Text and JSON, by the functions that iproute2's ip has for it: what describes
 * options prints through them in ip and here.
 */

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

bool output_json;
FILE *output;

/* Whether the next value needs a comma, in each object or array that is open. */
static bool comma[16];
static unsigned int depth;

static void say(const char *fmt, va_list args)
{
	fputs("vtap: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

int complain(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return EXIT_FAILURE;
}

int misused(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say(fmt, args);
	va_end(args);
	return EXIT_USAGE;
}

static bool coloured(void)
{
	const char *unwanted = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (output_json || (unwanted && *unwanted))
		return false;
	return term && strcmp(term, "dumb") && isatty(STDOUT_FILENO);
}

void paint(enum colour colour)
{
	static const char * const codes[] = {
		[PLAIN] = "\033[0m", [GOOD] = "\033[32m",
		[BAD] = "\033[31m", [DIM] = "\033[2m",
	};

	if (coloured())
		fputs(codes[colour], output);
}

static bool wanted(enum output_type type)
{
	return type == PRINT_ANY ||
	       type == (output_json ? PRINT_JSON : PRINT_FP);
}

/* Control characters, and what is not ASCII, as it may come from anywhere. */
static void print_quoted(const char *text)
{
	const unsigned char *c;

	fputc('"', output);
	for (c = (const unsigned char *)text; *c; c++) {
		if (*c == '"' || *c == '\\')
			fprintf(output, "\\%c", *c);
		else if (*c < 0x20 || *c >= 0x7f)
			fprintf(output, "\\u%04x", *c);
		else
			fputc(*c, output);
	}
	fputc('"', output);
}

static void print_key(const char *key)
{
	if (comma[depth])
		fputc(',', output);
	comma[depth] = true;
	if (key) {
		print_quoted(key);
		fputc(':', output);
	}
}

static void enter(char bracket, const char *key)
{
	print_key(key);
	fputc(bracket, output);
	comma[++depth] = false;
}

static void leave(char bracket)
{
	fputc(bracket, output);
	depth--;
}

void open_json_object(const char *key)
{
	if (output_json)
		enter('{', key);
}

void close_json_object(void)
{
	if (output_json)
		leave('}');
}

void open_json_array(enum output_type type, const char *key)
{
	if (output_json && wanted(type))
		enter('[', key);
}

void close_json_array(enum output_type type,
		      const char *delim)
{
	if (output_json && wanted(type))
		leave(']');
}

int print_color_string(enum output_type type,
		       enum color_attr color,
		       const char *key, const char *fmt, const char *value)
{
	if (!wanted(type))
		return 0;
	if (!output_json)
		return fprintf(output, fmt, value);
	print_string(key, value);
	return 0;
}

int print_color_uint(enum output_type type,
		     enum color_attr color,
		     const char *key, const char *fmt, unsigned int value)
{
	if (!wanted(type))
		return 0;
	if (!output_json)
		return fprintf(output, fmt, value);
	print_number(key, value);
	return 0;
}

int print_color_bool(enum output_type type,
		     enum color_attr color,
		     const char *key, const char *fmt, bool value)
{
	if (!wanted(type))
		return 0;
	if (!output_json)
		return fprintf(output, fmt, value ? "true" : "false");
	print_key(key);
	fputs(value ? "true" : "false", output);
	return 0;
}

void print_string(const char *key, const char *value)
{
	if (!output_json)
		return;
	print_key(key);
	print_quoted(value);
}

void print_number(const char *key, unsigned long long value)
{
	if (!output_json)
		return;
	print_key(key);
	fprintf(output, "%llu", value);
}

void end_document(void)
{
	if (output_json)
		fputc('\n', output);
	comma[0] = false;
	fflush(output);
}

int done(const char *command, const char *device)
{
	open_json_object(NULL);
	print_string("done", command);
	print_string("device", device);
	close_json_object();
	end_document();
	return EXIT_SUCCESS;
}
