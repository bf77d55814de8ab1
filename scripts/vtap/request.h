/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_REQUEST_H
#define _VTAP_REQUEST_H

#include "genl.h"

/* What is alike in the commands that ask the driver. */

/**
 * struct verb - The second word of a command
 * @name: as typed
 * @run: as a command
 */
struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
};

/* The first one is run where the word is none of them, too. */
int run_verb(const struct verb *verbs, unsigned int count, int argc,
	     char **argv);

/**
 * show_table - Fills and prints a table that was begun
 * @command: whose dump, of one host end, fills it
 * @argc: 1 with the name of one, 0 for all
 * @argv: words of the command
 * @row: adds a row
 *
 * Return: an exit status.
 */
int show_table(int command, int argc, char **argv, mnl_cb_t row);

/* Opens the driver's family for a request about a host end.
 * Return: the request, in buf of NL_REQUEST_BYTES, to be ended; or NULL.
 */
struct nlmsghdr *change_begin(struct genl *genl, void *buf, int command,
			      const char *device);

/* Sends it, unless the status says that it is not wanted any more.
 * Return: an exit status.
 */
int change_end(struct genl *genl, struct nlmsghdr *nlh, int status,
	       const char *name, const char *device);

#endif /* _VTAP_REQUEST_H */
