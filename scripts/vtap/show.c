// SPDX-License-Identifier: GPL-2.0
/* vtap show: the ends of a namespace, or all about one. */

#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>

#include "../ip/option.h"
#include "command.h"
#include "genl.h"
#include "learned.h"
#include "output.h"
#include "table.h"

/* Where lines of text end, if they can. */
#define LINE	78

static const struct column columns[] = {
	{ "DEVICE", "device" },
	{ "END", "end" },
	{ "STATE", "state" },
	{ "OTHER END", "other" },
	{ "MASTER", "master" },
	{ "ADDRESS", "address" },
	{ "MTU", "mtu" },
};

static const char *state_of(const struct link *link)
{
	if (!link->up)
		return "down";
	return link->carrier ? "up" : "no carrier";
}

static void put_device(int index, bool elsewhere)
{
	if (elsewhere)
		table_text(DIM, "(other namespace)");
	else if (index)
		table_text(PLAIN, "%s", link_name(index));
	else
		table_none();
}

static void put_row(const struct link *link,
		    void *data)
{
	char mac[3 * ETH_ALEN];

	vtap_mac_print(mac, link->mac);
	table_text(PLAIN, "%s", link->name);
	table_text(PLAIN, link->is_host ? "host" : "Ethernet");
	table_text(link->carrier ? GOOD : BAD, "%s", state_of(link));
	put_device(link->lower, link->lower_elsewhere);
	put_device(link->master, false);
	table_text(PLAIN, "%s", mac);
	table_number(link->mtu);
}

static void restart_table(void *data)
{
	table_truncate(0);
}

static int show_all(void)
{
	int status;

	table_begin(columns, ARRAY_SIZE(columns));
	status = link_each(restart_table, put_row, NULL);
	if (!status)
		table_end();
	return status;
}

static void show_option(const struct vtap_option *option,
			const struct nlattr *attr)
{
	vtap_option_print(option, mnl_attr_get_payload(attr),
			  mnl_attr_get_payload_len(attr));
}

/* An option as text, to be freed. */
static char *option_text(const struct vtap_option *option,
			 const struct nlattr *attr)
{
	FILE *stream = output;
	char *text = NULL;
	size_t len;

	output = open_memstream(&text, &len);
	if (!output)
		exit(complain("out of memory"));
	show_option(option, attr);
	fclose(output);
	output = stream;
	return text;
}

static void show_options_text(const struct link *link)
{
	const struct nlattr *attr;
	size_t column = 0;
	unsigned int i;
	char *text;

	for (i = 0; i < vtap_option_count; i++) {
		attr = link->options[vtap_options[i].attr];
		if (!attr)
			continue;
		text = option_text(&vtap_options[i], attr);
		if (column == 0 || column + strlen(text) > LINE) {
			fputs(column ? "\n    " : "    ", output);
			column = 4;
		}
		fputs(text, output);
		column += strlen(text);
		free(text);
	}
	fputc('\n', output);
}

static void show_options_json(const struct link *link)
{
	const struct nlattr *attr;
	unsigned int i;

	open_json_object("options");
	for (i = 0; i < vtap_option_count; i++) {
		attr = link->options[vtap_options[i].attr];
		if (attr)
			show_option(&vtap_options[i], attr);
	}
	close_json_object();
}

static void print_device(const char *key, int index, bool elsewhere)
{
	if (elsewhere || !index)
		return;
	print_color_string(PRINT_FP, COLOR_NONE, NULL, ", %s ", key);
	print_color_string(PRINT_ANY, COLOR_NONE, key, "%s", link_name(index));
}

static void show_heading(const struct link *link)
{
	char mac[3 * ETH_ALEN];

	vtap_mac_print(mac, link->mac);
	print_color_string(PRINT_ANY, COLOR_NONE, "device", "%s: ", link->name);
	print_color_string(PRINT_ANY, COLOR_NONE, "end", "%s end, ",
			   link->is_host ? "host" : "Ethernet");
	paint(link->carrier ? GOOD : BAD);
	print_color_string(PRINT_ANY, COLOR_NONE, "state", "%s",
			   state_of(link));
	paint(PLAIN);
	print_device("other", link->lower, link->lower_elsewhere);
	print_device("master", link->master, false);
	print_color_string(PRINT_ANY, COLOR_NONE, "address", ", address %s",
			   mac);
	print_color_uint(PRINT_ANY, COLOR_NONE, "mtu", ", MTU %u\n", link->mtu);
}

static void show_counters(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[VIRTUALTAP_A_COUNTER_MAX + 1];
	const struct nlattr *attr;

	open_json_object("counters");
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) != VIRTUALTAP_A_DEV_COUNTER)
			continue;
		nl_parse_nested(attr, tb, VIRTUALTAP_A_COUNTER_MAX);
		print_number(mnl_attr_get_str(tb[VIRTUALTAP_A_COUNTER_NAME]),
			     mnl_attr_get_u64(tb[VIRTUALTAP_A_COUNTER_VALUE]));
	}
	close_json_object();
}

/* Counters are many: people have ethtool -S. */
static int show_state(const struct nlmsghdr *nlh, void *data)
{
	learned_show(nlh);
	if (output_json)
		show_counters(nlh);
	return MNL_CB_OK;
}

static int show_host(const struct link *link)
{
	if (output_json)
		show_options_json(link);
	else
		show_options_text(link);
	return genl_each(VIRTUALTAP_CMD_DEV_GET, NLM_F_ACK, link->index, NULL,
			 show_state, NULL);
}

static void show_link(const struct link *link, void *data)
{
	int *status = data;

	if (strcmp(link->kind, VTAP_KIND)) {
		*status = complain("%s is not a virtualtap device", link->name);
		return;
	}
	open_json_object(NULL);
	show_heading(link);
	if (link->is_host)
		*status = show_host(link);
	close_json_object();
	end_document();
}

int vtap_show(int argc, char **argv)
{
	int status = EXIT_SUCCESS;

	if (argc > 1)
		return misused("show takes one device at most");
	if (!argc)
		return show_all();
	return link_get(*argv, show_link, &status) ? EXIT_FAILURE : status;
}
