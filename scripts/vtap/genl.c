// SPDX-License-Identifier: GPL-2.0
/* The driver's generic netlink family. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>

#include "genl.h"
#include "output.h"

/* Dumps that were changed while they were read. */
#define ATTEMPTS	20

/* Events in a row that the monitor may be late for. */
#define EVENT_BYTES	(1024 * 1024)

static void parse_group(struct genl *genl, const struct nlattr *group)
{
	const struct nlattr *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];

	nl_parse_nested(group, tb, CTRL_ATTR_MCAST_GRP_MAX);
	if (tb[CTRL_ATTR_MCAST_GRP_NAME] && tb[CTRL_ATTR_MCAST_GRP_ID] &&
	    !strcmp(mnl_attr_get_str(tb[CTRL_ATTR_MCAST_GRP_NAME]),
		    VIRTUALTAP_MCGRP_EVENTS))
		genl->events = mnl_attr_get_u32(tb[CTRL_ATTR_MCAST_GRP_ID]);
}

static int parse_family(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	const struct nlattr *group;
	struct genl *genl = data;

	genl_parse(nlh, tb, CTRL_ATTR_MAX);
	if (tb[CTRL_ATTR_FAMILY_ID])
		genl->family = mnl_attr_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
	if (tb[CTRL_ATTR_MCAST_GROUPS]) {
		mnl_attr_for_each_nested(group, tb[CTRL_ATTR_MCAST_GROUPS])
			parse_group(genl, group);
	}
	return MNL_CB_OK;
}

static struct nlmsghdr *start_request(void *buf, int type, int command,
				      int flags)
{
	struct nlmsghdr *nlh = nl_request(buf, type, flags);
	struct genlmsghdr *header;

	header = mnl_nlmsg_put_extra_header(nlh, sizeof(*header));
	header->cmd = command;
	header->version = VIRTUALTAP_FAMILY_VERSION;
	return nlh;
}

int genl_open(struct genl *genl)
{
	char buf[NL_REQUEST_BYTES];
	struct nlmsghdr *nlh;

	memset(genl, 0, sizeof(*genl));
	if (nl_open(&genl->nl, NETLINK_GENERIC))
		return complain("netlink: %s", strerror(errno));
	nlh = start_request(buf, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, VIRTUALTAP_FAMILY_NAME);
	if (!nl_talk(&genl->nl, nlh, parse_family, genl))
		return EXIT_SUCCESS;
	nl_close(&genl->nl);
	if (errno == ENOENT)
		return complain("the module virtualtap is not loaded");
	return complain("netlink: %s", nl_reason());
}

void genl_close(struct genl *genl)
{
	nl_close(&genl->nl);
}

int genl_listen(struct genl *genl)
{
	int fd = mnl_socket_get_fd(genl->nl.socket);
	int bytes = EVENT_BYTES;

	/* Who may not have more has less. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	if (mnl_socket_setsockopt(genl->nl.socket, NETLINK_ADD_MEMBERSHIP,
				  &genl->events, sizeof(genl->events)))
		return complain("events: %s", strerror(errno));
	return EXIT_SUCCESS;
}

struct nlmsghdr *genl_request(const struct genl *genl, void *buf, int command,
			      int flags, int ifindex)
{
	struct nlmsghdr *nlh;

	nlh = start_request(buf, genl->family, command, flags);
	if (ifindex)
		mnl_attr_put_u32(nlh, GENL_IFINDEX, ifindex);
	return nlh;
}

int genl_change(struct genl *genl, struct nlmsghdr *nlh, const char *name)
{
	if (nl_talk(&genl->nl, nlh, NULL, NULL))
		return complain("%s: %s", name, nl_reason());
	return EXIT_SUCCESS;
}

/* What is left of a dump that was given up stays in its socket.
 * Return: 0, -1 with errno, or an exit status where there is no socket.
 */
static int try_each(int command, int flags, int ifindex, mnl_cb_t cb,
		    void *data)
{
	char buf[NL_REQUEST_BYTES];
	struct nlmsghdr *nlh;
	struct genl genl;
	int ret, err;

	if (genl_open(&genl))
		return EXIT_FAILURE;
	nlh = genl_request(&genl, buf, command, flags, ifindex);
	ret = nl_talk(&genl.nl, nlh, cb, data);
	err = errno;
	genl_close(&genl);
	errno = err;
	return ret;
}

int genl_each(int command, int flags, int ifindex,
	      void (*restart)(void *data), mnl_cb_t cb, void *data)
{
	int attempt, ret;

	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (restart)
			restart(data);
		ret = try_each(command, flags, ifindex, cb, data);
		if (ret >= 0)
			return ret;
		if (errno != EINTR)
			break;
	}
	return complain("%s: %s", ifindex ? link_name(ifindex) : "virtualtap",
			nl_reason());
}

void genl_parse(const struct nlmsghdr *nlh, const struct nlattr **tb,
		unsigned int max)
{
	nl_parse(nlh, sizeof(struct genlmsghdr), tb, max);
}

int genl_command(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *header = mnl_nlmsg_get_payload(nlh);

	return header->cmd;
}
