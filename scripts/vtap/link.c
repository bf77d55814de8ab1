// SPDX-License-Identifier: GPL-2.0
/* Devices, by rtnetlink. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/rtnetlink.h>

#include "link.h"
#include "output.h"

/* Dumps that were changed while they were read. */
#define ATTEMPTS	20

struct each {
	link_fn fn;
	void *data;
	bool all;	/* kinds */
};

static void parse_info(struct link *link, const struct nlattr *info)
{
	const struct nlattr *tb[IFLA_INFO_MAX + 1];

	nl_parse_nested(info, tb, IFLA_INFO_MAX);
	if (!tb[IFLA_INFO_KIND])
		return;
	snprintf(link->kind, sizeof(link->kind), "%s",
		 mnl_attr_get_str(tb[IFLA_INFO_KIND]));
	if (strcmp(link->kind, VTAP_KIND) || !tb[IFLA_INFO_DATA])
		return;
	nl_parse_nested(tb[IFLA_INFO_DATA], link->options, IFLA_VIRTUALTAP_MAX);
	/* An Ethernet end has no options. */
	link->is_host = link->options[IFLA_VIRTUALTAP_RESOLVE];
}

static int index_of(const struct nlattr *attr)
{
	return attr ? (int)mnl_attr_get_u32(attr) : 0;
}

static void parse_link(struct link *link, const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFLA_MAX + 1];

	nl_parse(nlh, sizeof(*ifm), tb, IFLA_MAX);
	memset(link, 0, sizeof(*link));
	link->index = ifm->ifi_index;
	link->lower = index_of(tb[IFLA_LINK]);
	link->lower_elsewhere = tb[IFLA_LINK_NETNSID];
	link->master = index_of(tb[IFLA_MASTER]);
	link->up = ifm->ifi_flags & IFF_UP;
	link->carrier = tb[IFLA_CARRIER] && mnl_attr_get_u8(tb[IFLA_CARRIER]);
	link->mtu = index_of(tb[IFLA_MTU]);
	if (tb[IFLA_STATS64])
		memcpy(&link->tx_dropped,
		       mnl_attr_get_payload(tb[IFLA_STATS64]) +
		       offsetof(struct rtnl_link_stats64, tx_dropped),
		       sizeof(link->tx_dropped));
	if (tb[IFLA_IFNAME])
		snprintf(link->name, sizeof(link->name), "%s",
			 mnl_attr_get_str(tb[IFLA_IFNAME]));
	if (tb[IFLA_ADDRESS] &&
	    mnl_attr_get_payload_len(tb[IFLA_ADDRESS]) == ETH_ALEN) {
		link->mac_len = ETH_ALEN;
		memcpy(link->mac, mnl_attr_get_payload(tb[IFLA_ADDRESS]),
		       ETH_ALEN);
	}
	if (tb[IFLA_LINKINFO])
		parse_info(link, tb[IFLA_LINKINFO]);
}

static int take_link(const struct nlmsghdr *nlh, void *data)
{
	const struct each *each = data;
	struct link link;

	if (nlh->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	parse_link(&link, nlh);
	if (each->all || !strcmp(link.kind, VTAP_KIND))
		each->fn(&link, each->data);
	return MNL_CB_OK;
}

static int ask(const char *name, struct each *each)
{
	char buf[NL_REQUEST_BYTES];
	struct nlmsghdr *nlh;
	struct nl nl;
	int ret, err;

	if (nl_open(&nl, NETLINK_ROUTE))
		return -1;
	/* A single link comes with an acknowledgment, as a dump with its end. */
	nlh = nl_request(buf, RTM_GETLINK, name ? NLM_F_ACK : NLM_F_DUMP);
	mnl_nlmsg_put_extra_header(nlh, sizeof(struct ifinfomsg));
	if (name)
		mnl_attr_put_strz(nlh, IFLA_IFNAME, name);
	ret = nl_talk(&nl, nlh, take_link, each);
	err = errno;
	nl_close(&nl);
	errno = err;
	return ret;
}

int link_each(void (*restart)(void *data), link_fn fn, void *data)
{
	struct each each = { .fn = fn, .data = data };
	int attempt;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		restart(data);
		if (!ask(NULL, &each))
			return EXIT_SUCCESS;
		if (errno != EINTR)
			break;
	}
	return complain("no list of the links: %s", nl_reason());
}

int link_get(const char *name, link_fn fn, void *data)
{
	struct each each = { .fn = fn, .data = data, .all = true };

	if (strlen(name) >= IFNAMSIZ || !*name)
		return complain("\"%s\" is no name of a device", name);
	if (ask(name, &each))
		return complain("%s: %s", name, nl_reason());
	return EXIT_SUCCESS;
}

static void note_link(const struct link *link, void *data)
{
	*(struct link *)data = *link;
}

int link_find_host(const char *name, struct link *link)
{
	if (link_get(name, note_link, link))
		return EXIT_FAILURE;
	if (!link->is_host)
		return complain("%s is not a host end of virtualtap", name);
	return EXIT_SUCCESS;
}

const char *link_name(int index)
{
	static char name[IFNAMSIZ];

	return if_indextoname(index, name) ? name : "?";
}
