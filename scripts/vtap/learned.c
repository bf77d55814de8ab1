// SPDX-License-Identifier: GPL-2.0
/* What a host end learned from DHCP, DHCPv6 and router advertisements. */

#include <linux/genetlink.h>

#include "field.h"
#include "genl.h"
#include "learned.h"
#include "output.h"

void learned_lease4(const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_LEASE4_MAX + 1];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_LEASE4_MAX);
	field_address("address", tb[VIRTUALTAP_A_LEASE4_ADDRESS]);
	field_number("prefix_len", tb[VIRTUALTAP_A_LEASE4_PREFIX_LEN]);
	field_address("gateway", tb[VIRTUALTAP_A_LEASE4_GATEWAY]);
	field_addresses("dns", nest, VIRTUALTAP_A_LEASE4_NAME_SERVER);
	field_string("domain", tb[VIRTUALTAP_A_LEASE4_DOMAIN]);
	field_number("mtu", tb[VIRTUALTAP_A_LEASE4_MTU]);
	field_address("server", tb[VIRTUALTAP_A_LEASE4_SERVER]);
	field_lifetime("lifetime", tb[VIRTUALTAP_A_LEASE4_LIFETIME]);
}

static void print_prefix(const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_PREFIX_MAX + 1];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_PREFIX_MAX);
	field_address("address", tb[VIRTUALTAP_A_PREFIX_ADDRESS]);
	field_number("prefix_len", tb[VIRTUALTAP_A_PREFIX_PREFIX_LEN]);
	field_address("router", tb[VIRTUALTAP_A_PREFIX_ROUTER]);
	field_flag("on_link", tb[VIRTUALTAP_A_PREFIX_ON_LINK]);
	field_lifetime("lifetime", tb[VIRTUALTAP_A_PREFIX_LIFETIME]);
}

/* Each attribute of a type as an object of an array, or its words. */
static void print_nested(const char *name, const struct nlattr *nest, int type)
{
	const struct nlattr *attr;

	open_json_array(PRINT_JSON, name);
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) != type)
			continue;
		if (!output_json)
			fprintf(output, " %s", name);
		open_json_object(NULL);
		print_prefix(attr);
		close_json_object();
	}
	close_json_array(PRINT_JSON, NULL);
}

void learned_lease6(const struct nlattr *nest)
{
	print_nested("addresses", nest, VIRTUALTAP_A_LEASE6_ADDRESS);
	print_nested("delegated", nest, VIRTUALTAP_A_LEASE6_DELEGATED);
	field_addresses("dns", nest, VIRTUALTAP_A_LEASE6_NAME_SERVER);
	field_strings("search", nest, VIRTUALTAP_A_LEASE6_SEARCH);
}

static void print_preference(const struct nlattr *attr)
{
	static const char * const words[] = { "low", "medium", "high" };
	__s32 preference = attr ? (__s32)mnl_attr_get_u32(attr) + 1 : -1;

	if (preference < 0 || preference >= (int)ARRAY_SIZE(words))
		return;
	print_string("preference", words[preference]);
	if (!output_json)
		fprintf(output, " preference %s", words[preference]);
}

void learned_router(const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_ROUTER_MAX + 1];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_ROUTER_MAX);
	field_address("address", tb[VIRTUALTAP_A_ROUTER_ADDRESS]);
	field_mac("mac", tb[VIRTUALTAP_A_ROUTER_MAC]);
	print_preference(tb[VIRTUALTAP_A_ROUTER_PREFERENCE]);
	field_number("mtu", tb[VIRTUALTAP_A_ROUTER_MTU]);
	field_flag("paused", tb[VIRTUALTAP_A_ROUTER_PAUSED]);
	field_lifetime("lifetime", tb[VIRTUALTAP_A_ROUTER_LIFETIME]);
}

static void print_name_server(const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_NAME_SERVER_MAX + 1];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_NAME_SERVER_MAX);
	field_address("address", tb[VIRTUALTAP_A_NAME_SERVER_ADDRESS]);
	field_lifetime("lifetime", tb[VIRTUALTAP_A_NAME_SERVER_LIFETIME]);
}

static void print_search(const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_SEARCH_MAX + 1];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_SEARCH_MAX);
	field_string("name", tb[VIRTUALTAP_A_SEARCH_NAME]);
	field_lifetime("lifetime", tb[VIRTUALTAP_A_SEARCH_LIFETIME]);
}

static void print_gateway(const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_GATEWAY_MAX + 1];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_GATEWAY_MAX);
	field_address("address", tb[VIRTUALTAP_A_GATEWAY_ADDR4]);
	field_address("address", tb[VIRTUALTAP_A_GATEWAY_ADDR6]);
	field_mac("mac", tb[VIRTUALTAP_A_GATEWAY_MAC]);
	field_flag("reachable", tb[VIRTUALTAP_A_GATEWAY_REACHABLE]);
}

static const struct group {
	int type;
	const char *name;	/* in text, and in JSON where there is one at most */
	const char *names;	/* in JSON, of a list */
	void (*print)(const struct nlattr *nest);
} groups[] = {
	{ VIRTUALTAP_A_DEV_LEASE4, "lease4", NULL, learned_lease4 },
	{ VIRTUALTAP_A_DEV_LEASE6, "lease6", NULL, learned_lease6 },
	{ VIRTUALTAP_A_DEV_ROUTER, "router", "routers", learned_router },
	{ VIRTUALTAP_A_DEV_PREFIX, "prefix", "prefixes", print_prefix },
	{ VIRTUALTAP_A_DEV_ROUTE, "route", "routes", print_prefix },
	{ VIRTUALTAP_A_DEV_NAME_SERVER, "dns", "dns", print_name_server },
	{ VIRTUALTAP_A_DEV_SEARCH, "search", "search", print_search },
	{ VIRTUALTAP_A_DEV_GATEWAY, "gateway", "gateways", print_gateway },
};

static void print_member(const struct group *group, const struct nlattr *nest)
{
	if (!output_json)
		fprintf(output, "    %s", group->name);
	open_json_object(group->names ? NULL : group->name);
	group->print(nest);
	close_json_object();
	if (!output_json)
		fputc('\n', output);
}

void learned_show(const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		if (groups[i].names)
			open_json_array(PRINT_JSON, groups[i].names);
		mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
			if (mnl_attr_get_type(attr) == groups[i].type)
				print_member(&groups[i], attr);
		}
		if (groups[i].names)
			close_json_array(PRINT_JSON, NULL);
	}
}
