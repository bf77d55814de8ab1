// SPDX-License-Identifier: GPL-2.0
/* vtap dns: answers that a host end keeps. */

#include <stdlib.h>

#include "command.h"
#include "field.h"
#include "output.h"
#include "request.h"
#include "table.h"

static const struct column columns[] = {
	{ "DEVICE", "device" },
	{ "SERVER", "server" },
	{ "NAME", "name" },
	{ "TYPE", "type" },
	{ "CLASS", "class" },
	{ "LEFT", "lifetime" },
	{ "RCODE", "rcode" },
	{ "ANSWERS", "answers" },
	{ "BYTES", "size" },
};

/* The driver's names hold no byte that a terminal takes for a command. */
static void put_text(const char *text)
{
	if (text)
		table_text(PLAIN, "%s", text);
	else
		table_none();
}

static const char *string_of(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_str(attr) : NULL;
}

static void put_number(const struct nlattr *attr)
{
	if (attr)
		table_number(mnl_attr_get_u32(attr));
	else
		table_none();
}

/* Types that are asked for every day. */
static const struct {
	__u32 type;
	const char *name;
} types[] = {
	{ 1, "A" }, { 2, "NS" }, { 5, "CNAME" }, { 6, "SOA" }, { 12, "PTR" },
	{ 15, "MX" }, { 16, "TXT" }, { 28, "AAAA" }, { 33, "SRV" },
	{ 35, "NAPTR" }, { 43, "DS" }, { 48, "DNSKEY" }, { 52, "TLSA" },
	{ 64, "SVCB" }, { 65, "HTTPS" }, { 257, "CAA" },
};

/* Others are spelled as RFC 3597 5 has it. */
static void put_type(const struct nlattr *attr)
{
	__u32 type = attr ? mnl_attr_get_u32(attr) : 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].type == type) {
			put_text(types[i].name);
			return;
		}
	}
	table_text(PLAIN, "TYPE%u", type);
}

static void put_class(const struct nlattr *attr)
{
	__u32 class = attr ? mnl_attr_get_u32(attr) : 0;

	if (class == 1)
		put_text("IN");
	else
		table_text(PLAIN, "CLASS%u", class);
}

/* Others are not kept. */
static void put_rcode(const struct nlattr *attr)
{
	__u32 rcode = attr ? mnl_attr_get_u32(attr) : 0;

	if (rcode == 0)
		put_text("NOERROR");
	else if (rcode == 3)
		put_text("NXDOMAIN");
	else
		table_text(PLAIN, "RCODE%u", rcode);
}

static int put_row(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[VIRTUALTAP_A_DNS_MAX + 1];
	const struct nlattr *server;

	genl_parse(nlh, tb, VIRTUALTAP_A_DNS_MAX);
	if (!tb[VIRTUALTAP_A_DNS_IFINDEX])
		return MNL_CB_OK;
	server = tb[VIRTUALTAP_A_DNS_SERVER4];
	if (!server)
		server = tb[VIRTUALTAP_A_DNS_SERVER6];
	put_text(link_name(mnl_attr_get_u32(tb[VIRTUALTAP_A_DNS_IFINDEX])));
	put_text(field_address_text(server));
	put_text(string_of(tb[VIRTUALTAP_A_DNS_NAME]));
	put_type(tb[VIRTUALTAP_A_DNS_TYPE]);
	put_class(tb[VIRTUALTAP_A_DNS_CLASS]);
	put_number(tb[VIRTUALTAP_A_DNS_LIFETIME]);
	put_rcode(tb[VIRTUALTAP_A_DNS_RCODE]);
	put_number(tb[VIRTUALTAP_A_DNS_ANSWERS]);
	put_number(tb[VIRTUALTAP_A_DNS_SIZE]);
	return MNL_CB_OK;
}

static int dns_show(int argc, char **argv)
{
	table_begin(columns, ARRAY_SIZE(columns));
	return show_table(VIRTUALTAP_CMD_DNS_GET, argc, argv, put_row);
}

static int dns_flush(int argc, char **argv)
{
	char buf[NL_REQUEST_BYTES];
	struct nlmsghdr *nlh;
	struct genl genl;

	if (argc != 1)
		return misused("dns flush wants a device");
	nlh = change_begin(&genl, buf, VIRTUALTAP_CMD_DNS_FLUSH, *argv);
	if (!nlh)
		return EXIT_FAILURE;
	return change_end(&genl, nlh, EXIT_SUCCESS, "dns flush", *argv);
}

static const struct verb verbs[] = {
	{ "show", dns_show }, { "flush", dns_flush },
};

int vtap_dns(int argc, char **argv)
{
	return run_verb(verbs, ARRAY_SIZE(verbs), argc, argv);
}
