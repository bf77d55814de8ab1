// SPDX-License-Identifier: GPL-2.0
/* vtap neigh: whom a host end knows. */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../ip/option.h"
#include "command.h"
#include "field.h"
#include "genl.h"
#include "output.h"
#include "request.h"
#include "table.h"

static const struct column columns[] = {
	{ "DEVICE", "device" },
	{ "ADDRESS", "address" },
	{ "MAC", "mac" },
	{ "STATE", "state" },
	{ "FLAGS", "flags" },
	{ "USED", "used" },
	{ "CONFIRMED", "confirmed" },
	{ "QUEUED", "queued" },
};

static const struct {
	const char *name;
	enum colour colour;
} states[] = {
	[VIRTUALTAP_NEIGH_STATE_INCOMPLETE]	= { "incomplete", PLAIN },
	[VIRTUALTAP_NEIGH_STATE_REACHABLE]	= { "reachable", GOOD },
	[VIRTUALTAP_NEIGH_STATE_STALE]		= { "stale", PLAIN },
	[VIRTUALTAP_NEIGH_STATE_PROBE]		= { "probe", PLAIN },
	[VIRTUALTAP_NEIGH_STATE_PERMANENT]	= { "permanent", GOOD },
	[VIRTUALTAP_NEIGH_STATE_FAILED]		= { "failed", BAD },
};

static const struct {
	__u32 flag;
	const char *name;
} flag_names[] = {
	{ VIRTUALTAP_NEIGH_FLAGS_ROUTER, ",router" },
	{ VIRTUALTAP_NEIGH_FLAGS_PROVEN, ",proven" },
	{ VIRTUALTAP_NEIGH_FLAGS_LOST, ",lost" },
	{ VIRTUALTAP_NEIGH_FLAGS_KERNEL, ",kernel" },
};

static void put_text(const char *text)
{
	if (text)
		table_text(PLAIN, "%s", text);
	else
		table_none();
}

static void put_state(const struct nlattr *attr)
{
	__u32 state = attr ? mnl_attr_get_u32(attr) : 0xffffffff;

	if (state < ARRAY_SIZE(states))
		table_text(states[state].colour, "%s", states[state].name);
	else
		table_none();
}

static void put_flags(const struct nlattr *attr)
{
	__u32 flags = attr ? mnl_attr_get_u32(attr) : 0;
	char text[64] = "";
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(flag_names); i++) {
		if (flags & flag_names[i].flag)
			strcat(text, flag_names[i].name);
	}
	put_text(*text ? text + 1 : NULL);
}

/* Milliseconds, which are too fine for people. */
static void put_age(const struct nlattr *attr)
{
	if (!attr)
		table_none();
	else if (output_json)
		table_number(mnl_attr_get_u32(attr));
	else
		table_text(PLAIN, "%u s", mnl_attr_get_u32(attr) / 1000);
}

static void put_number(const struct nlattr *attr)
{
	if (attr)
		table_number(mnl_attr_get_u32(attr));
	else
		table_none();
}

static int put_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[VIRTUALTAP_A_NEIGH_MAX + 1];
	const struct nlattr *address;

	genl_parse(nlh, tb, VIRTUALTAP_A_NEIGH_MAX);
	if (!tb[VIRTUALTAP_A_NEIGH_IFINDEX])
		return MNL_CB_OK;
	address = tb[VIRTUALTAP_A_NEIGH_ADDR4];
	if (!address)
		address = tb[VIRTUALTAP_A_NEIGH_ADDR6];
	put_text(link_name(mnl_attr_get_u32(tb[VIRTUALTAP_A_NEIGH_IFINDEX])));
	put_text(field_address_text(address));
	put_text(field_mac_text(tb[VIRTUALTAP_A_NEIGH_MAC]));
	put_state(tb[VIRTUALTAP_A_NEIGH_STATE]);
	put_flags(tb[VIRTUALTAP_A_NEIGH_FLAGS]);
	put_age(tb[VIRTUALTAP_A_NEIGH_USED]);
	put_age(tb[VIRTUALTAP_A_NEIGH_CONFIRMED]);
	put_number(tb[VIRTUALTAP_A_NEIGH_QUEUED]);
	return MNL_CB_OK;
}

static int neigh_show(int argc, char **argv)
{
	table_begin(columns, ARRAY_SIZE(columns));
	return show_table(VIRTUALTAP_CMD_NEIGH_GET, argc, argv, put_row);
}

static int put_address(struct nlmsghdr *nlh, const char *text)
{
	struct in6_addr address;

	if (inet_pton(AF_INET, text, &address) == 1)
		mnl_attr_put(nlh, VIRTUALTAP_A_NEIGH_ADDR4,
			     sizeof(struct in_addr), &address);
	else if (inet_pton(AF_INET6, text, &address) == 1)
		mnl_attr_put(nlh, VIRTUALTAP_A_NEIGH_ADDR6, sizeof(address),
			     &address);
	else
		return misused("\"%s\" is no IP address", text);
	return EXIT_SUCCESS;
}

static int put_mac(struct nlmsghdr *nlh, const char *text)
{
	unsigned char mac[ETH_ALEN];

	if (!vtap_mac_parse(text, mac))
		return misused("\"%s\" is no hardware address", text);
	mnl_attr_put(nlh, VIRTUALTAP_A_NEIGH_MAC, sizeof(mac), mac);
	return EXIT_SUCCESS;
}

/* argv: device, address and hardware address, as far as the request has them. */
static int change(const char *name, int command, char **argv)
{
	char buf[NL_REQUEST_BYTES];
	struct nlmsghdr *nlh;
	struct genl genl;
	int status;

	nlh = change_begin(&genl, buf, command, argv[0]);
	if (!nlh)
		return EXIT_FAILURE;
	status = argv[1] ? put_address(nlh, argv[1]) : EXIT_SUCCESS;
	if (!status && argv[1] && argv[2])
		status = put_mac(nlh, argv[2]);
	return change_end(&genl, nlh, status, name, argv[0]);
}

static int neigh_add(int argc, char **argv)
{
	if (argc != 3)
		return misused("neigh add wants a device, an address and a hardware address");
	return change("neigh add", VIRTUALTAP_CMD_NEIGH_NEW, argv);
}

static int neigh_del(int argc, char **argv)
{
	if (argc != 2)
		return misused("neigh del wants a device and an address");
	return change("neigh del", VIRTUALTAP_CMD_NEIGH_DEL, argv);
}

static int neigh_flush(int argc, char **argv)
{
	if (argc != 1)
		return misused("neigh flush wants a device");
	return change("neigh flush", VIRTUALTAP_CMD_NEIGH_FLUSH, argv);
}

static int neigh_probe(int argc, char **argv)
{
	if (argc != 2)
		return misused("neigh probe wants a device and an address");
	return change("neigh probe", VIRTUALTAP_CMD_NEIGH_PROBE, argv);
}

static const struct verb verbs[] = {
	{ "show", neigh_show }, { "add", neigh_add }, { "del", neigh_del },
	{ "flush", neigh_flush }, { "probe", neigh_probe },
};

int vtap_neigh(int argc, char **argv)
{
	return run_verb(verbs, ARRAY_SIZE(verbs), argc, argv);
}
