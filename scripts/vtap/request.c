// SPDX-License-Identifier: GPL-2.0
/* What is alike in the commands that ask the driver. */

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "request.h"
#include "table.h"

int run_verb(const struct verb *verbs, unsigned int count, int argc,
	     char **argv)
{
	unsigned int i;

	for (i = 0; argc && i < count; i++) {
		if (!strcmp(*argv, verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	}
	return verbs[0].run(argc, argv);
}

struct hosts {
	int *indices;
	size_t count;
};

static void forget_hosts(void *data)
{
	struct hosts *hosts = data;

	hosts->count = 0;
}

static void note_host(const struct link *link, void *data)
{
	struct hosts *hosts = data;

	if (!link->is_host)
		return;
	hosts->indices = realloc(hosts->indices,
				 (hosts->count + 1) * sizeof(int));
	if (!hosts->indices)
		exit(complain("out of memory"));
	hosts->indices[hosts->count++] = link->index;
}

static void forget_rows(void *data)
{
	table_truncate(*(size_t *)data);
}

static int fill_table(int command, int ifindex, mnl_cb_t row)
{
	size_t before = table_used();

	return genl_each(command, NLM_F_DUMP, ifindex, forget_rows, row,
			 &before);
}

static int fill_all(int command, mnl_cb_t row)
{
	struct hosts hosts = { };
	int status;
	size_t i;

	status = link_each(forget_hosts, note_host, &hosts);
	for (i = 0; !status && i < hosts.count; i++)
		status = fill_table(command, hosts.indices[i], row);
	free(hosts.indices);
	return status;
}

int show_table(int command, int argc, char **argv, mnl_cb_t row)
{
	struct link link;
	int status;

	if (argc > 1)
		return misused("\"%s\" is not understood", argv[1]);
	if (!argc)
		status = fill_all(command, row);
	else
		status = link_find_host(*argv, &link) ? :
			 fill_table(command, link.index, row);
	if (!status)
		table_end();
	return status;
}

struct nlmsghdr *change_begin(struct genl *genl, void *buf, int command,
			      const char *device)
{
	struct link link;

	if (link_find_host(device, &link) || genl_open(genl))
		return NULL;
	return genl_request(genl, buf, command, NLM_F_ACK, link.index);
}

int change_end(struct genl *genl, struct nlmsghdr *nlh, int status,
	       const char *name, const char *device)
{
	if (!status)
		status = genl_change(genl, nlh, name);
	genl_close(genl);
	return status ? status : done(name, device);
}
