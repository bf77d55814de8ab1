// SPDX-License-Identifier: GPL-2.0
/* Teaches the ip of iproute2 the options of the link kind "virtualtap": ip loads
 * link_<kind>.so when it meets a kind that it does not know.
 */

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <linux/rtnetlink.h>
#include <linux/virtualtap.h>

#include "link_util.h"
#include "option.h"

/* Of functions that are called by pointers, as in the kernel. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* The room in ip's request, as its own kinds take it. */
#define REQUEST_BYTES	1024

static void print_usage(FILE *f)
{
	unsigned int i;

	fputs("Usage: ip link add NAME type virtualtap [ OPTION VALUE ]... [ peer LINK_OPTIONS ]\n"
	      "       ip link add NAME link DEVICE type virtualtap [ OPTION VALUE ]...\n"
	      "       ip link set NAME type virtualtap [ OPTION VALUE ]...\n"
	      "\n", f);
	for (i = 0; i < vtap_option_count; i++)
		fprintf(f, "       %-14s %s\n", vtap_options[i].name,
			vtap_options[i].range);
	fputs("\n"
	      "vlan, vlan_protocol, mode and peer: at creation only. peer comes last, with the\n"
	      "name, address, mtu, netns ... of the Ethernet end, as 'ip link add help' has them.\n",
	      f);
}

static int add_option(const struct vtap_option *option, const char *text,
		      struct nlmsghdr *n)
{
	__u8 data[VTAP_OPTION_BYTES];
	char message[128];
	int len;

	len = vtap_option_parse(option, text, data);
	if (len < 0) {
		snprintf(message, sizeof(message), "%s takes %s", option->name,
			 option->range);
		invarg(message, text);
	}
	return addattr_l(n, REQUEST_BYTES, option->attr, data, len);
}

/* A message in the message, as veth's: ip parses what follows as it would for a
 * link of its own, but puts what belongs to the struct ifinfomsg into the outer
 * one.
 */
static int parse_peer(int argc, char **argv, struct nlmsghdr *n)
{
	struct ifinfomsg *ifm = NLMSG_DATA(n);
	struct ifinfomsg host = *ifm;
	struct ifinfomsg *peer;
	struct rtattr *nest;
	char *type = NULL;

	/* ip would look for a link of the peer's name. */
	if (!(n->nlmsg_flags & NLM_F_CREATE)) {
		fputs("virtualtap: the peer is set at creation only\n", stderr);
		return -1;
	}
	nest = addattr_nest(n, REQUEST_BYTES, IFLA_VIRTUALTAP_PEER);
	peer = RTA_DATA(nest);
	n->nlmsg_len += sizeof(*peer);
	ifm->ifi_flags = 0;
	ifm->ifi_change = 0;
	ifm->ifi_index = 0;
	if (iplink_parse(argc, argv, (struct iplink_req *)n, &type) < 0)
		return -1;
	if (type)
		duparg("type", type);
	*peer = *ifm;
	*ifm = host;
	addattr_nest_end(n, nest);
	return 0;
}

static int parse_opt(struct link_util *lu, int argc, char **argv,
		     struct nlmsghdr *n)
{
	bool seen[IFLA_VIRTUALTAP_MAX + 1] = { false };
	const struct vtap_option *option;

	for (; argc > 0; argc -= 2, argv += 2) {
		if (!strcmp(*argv, "peer"))
			return parse_peer(argc - 1, argv + 1, n);
		option = vtap_option_find(*argv);
		if (!option) {
			if (strcmp(*argv, "help"))
				fprintf(stderr,
					"virtualtap: unknown option \"%s\"\n",
					*argv);
			print_usage(stderr);
			return -1;
		}
		if (argc < 2)
			incomplete_command();
		if (seen[option->attr])
			duparg(option->name, argv[1]);
		seen[option->attr] = true;
		if (add_option(option, argv[1], n))
			return -1;
	}
	return 0;
}

/* Without attributes, NULL, where the Ethernet end is shown. */
static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	const struct rtattr *attr;
	unsigned int i;

	for (i = 0; tb && i < vtap_option_count; i++) {
		attr = tb[vtap_options[i].attr];
		if (attr)
			vtap_option_print(&vtap_options[i], RTA_DATA(attr),
					  RTA_PAYLOAD(attr));
	}
}

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	print_usage(f);
}

struct link_util virtualtap_link_util = {
	.id = "virtualtap",
	.maxattr = IFLA_VIRTUALTAP_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};
