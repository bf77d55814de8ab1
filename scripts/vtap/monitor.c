// SPDX-License-Identifier: GPL-2.0
/* vtap monitor: a line for each event, as it comes. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "field.h"
#include "genl.h"
#include "learned.h"
#include "output.h"

static const char * const lease_words[] = {
	[VIRTUALTAP_LEASE_CHANGE_LEARNED]	= "learned",
	[VIRTUALTAP_LEASE_CHANGE_RENEWED]	= "renewed",
	[VIRTUALTAP_LEASE_CHANGE_EXPIRED]	= "expired",
};

static const char * const router_words[] = {
	[VIRTUALTAP_ROUTER_CHANGE_LEARNED]	= "learned",
	[VIRTUALTAP_ROUTER_CHANGE_CHANGED]	= "changed",
	[VIRTUALTAP_ROUTER_CHANGE_EXPIRED]	= "expired",
	[VIRTUALTAP_ROUTER_CHANGE_UNREACHABLE]	= "unreachable",
	[VIRTUALTAP_ROUTER_CHANGE_REACHABLE]	= "reachable",
};

static const char * const mac_words[] = {
	[VIRTUALTAP_MAC_CHANGE_LEARNED]		= "learned",
	[VIRTUALTAP_MAC_CHANGE_CHANGED]		= "changed",
	[VIRTUALTAP_MAC_CHANGE_REFUSED]		= "refused",
};

static void print_nest(const char *name, const struct nlattr *nest,
		       void (*print)(const struct nlattr *nest))
{
	if (!nest)
		return;
	if (!output_json)
		fprintf(output, " %s", name);
	open_json_object(name);
	print(nest);
	close_json_object();
}

static void print_address(const struct nlattr *tb[])
{
	field_address("address", tb[VIRTUALTAP_A_EVENT_ADDR4]);
	field_address("address", tb[VIRTUALTAP_A_EVENT_ADDR6]);
}

static void print_lease(const struct nlattr *tb[])
{
	field_word("change", tb[VIRTUALTAP_A_EVENT_LEASE_CHANGE], lease_words,
		   ARRAY_SIZE(lease_words));
	print_nest("lease4", tb[VIRTUALTAP_A_EVENT_LEASE4], learned_lease4);
	print_nest("lease6", tb[VIRTUALTAP_A_EVENT_LEASE6], learned_lease6);
}

static void print_router(const struct nlattr *tb[])
{
	field_word("change", tb[VIRTUALTAP_A_EVENT_ROUTER_CHANGE], router_words,
		   ARRAY_SIZE(router_words));
	print_address(tb);
	print_nest("router", tb[VIRTUALTAP_A_EVENT_ROUTER], learned_router);
}

static void print_gateway_mac(const struct nlattr *tb[])
{
	field_word("change", tb[VIRTUALTAP_A_EVENT_MAC_CHANGE], mac_words,
		   ARRAY_SIZE(mac_words));
	print_address(tb);
	field_mac("old_mac", tb[VIRTUALTAP_A_EVENT_OLD_MAC]);
	field_mac("new_mac", tb[VIRTUALTAP_A_EVENT_NEW_MAC]);
}

static void print_conflict(const struct nlattr *tb[])
{
	print_address(tb);
	field_mac("mac", tb[VIRTUALTAP_A_EVENT_MAC]);
}

static const struct {
	const char *name;
	void (*print)(const struct nlattr *tb[]);
} events[] = {
	[VIRTUALTAP_CMD_LEASE]		= { "lease", print_lease },
	[VIRTUALTAP_CMD_ROUTER]		= { "router", print_router },
	[VIRTUALTAP_CMD_GATEWAY_MAC]	= { "gateway-mac", print_gateway_mac },
	[VIRTUALTAP_CMD_CONFLICT]	= { "conflict", print_conflict },
};

static int print_event(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[VIRTUALTAP_A_EVENT_MAX + 1];
	unsigned int command = genl_command(nlh);
	const char *device;

	if (command >= ARRAY_SIZE(events) || !events[command].name)
		return MNL_CB_OK;
	genl_parse(nlh, tb, VIRTUALTAP_A_EVENT_MAX);
	if (!tb[VIRTUALTAP_A_EVENT_IFINDEX])
		return MNL_CB_OK;
	device = link_name(mnl_attr_get_u32(tb[VIRTUALTAP_A_EVENT_IFINDEX]));
	open_json_object(NULL);
	print_color_string(PRINT_ANY, COLOR_NONE, "device", "%s ", device);
	print_color_string(PRINT_ANY, COLOR_NONE, "event", "%s",
			   events[command].name);
	events[command].print(tb);
	close_json_object();
	if (!output_json)
		fputc('\n', output);
	end_document();
	return MNL_CB_OK;
}

/* Events that came faster than they were read are lost, which is said. */
static int follow(struct genl *genl)
{
	char buf[NL_RECEIVE_BYTES];
	ssize_t len;

	for (;;) {
		len = mnl_socket_recvfrom(genl->nl.socket, buf, sizeof(buf));
		if (len < 0 && errno == ENOBUFS) {
			complain("events were lost");
			continue;
		}
		if (len < 0)
			return complain("events: %s", strerror(errno));
		/* Events have neither a number nor a receiver. */
		if (mnl_cb_run(buf, len, 0, 0, print_event, NULL) < 0)
			return complain("events: %s", strerror(errno));
		if (ferror(output))
			return EXIT_FAILURE;
	}
}

int vtap_monitor(int argc, char **argv)
{
	struct genl genl;
	int status;

	if (argc)
		return misused("monitor takes no words");
	if (genl_open(&genl))
		return EXIT_FAILURE;
	status = genl_listen(&genl);
	if (!status)
		status = follow(&genl);
	genl_close(&genl);
	return status;
}
