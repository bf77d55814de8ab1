/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_GENL_H
#define _VTAP_GENL_H

#include <linux/virtualtap_genl.h>

#include "link.h"
#include "nl.h"

/* In all messages: the host end that they are about. */
#define GENL_IFINDEX	1

/**
 * struct genl - The driver's generic netlink family
 * @nl: socket
 * @family: its message type
 * @events: its multicast group
 */
struct genl {
	struct nl nl;
	int family;
	int events;
};

/* Return: an exit status; has said so where the driver is not there. */
int genl_open(struct genl *genl);
void genl_close(struct genl *genl);

/* Hears of all events of this namespace from now on.
 * Return: an exit status; has said what went wrong.
 */
int genl_listen(struct genl *genl);

/* Starts a request in buf, of NL_REQUEST_BYTES, about a host end or (0) all. */
struct nlmsghdr *genl_request(const struct genl *genl, void *buf, int command,
			      int flags, int ifindex);

/* Sends a request that changes something.
 * Return: an exit status; has said what went wrong.
 */
int genl_change(struct genl *genl, struct nlmsghdr *nlh, const char *name);

/**
 * genl_each - Calls a function for each message of an answer
 * @command: a request with nothing but an interface index
 * @flags: NLM_F_DUMP or NLM_F_ACK
 * @ifindex: of the host end, or 0
 * @restart: if not NULL, is called before, and again where a dump changed
 *	meanwhile, so that it begins anew
 * @cb: called with each message
 * @data: for both
 *
 * Return: an exit status; has said what went wrong.
 */
int genl_each(int command, int flags, int ifindex,
	      void (*restart)(void *data), mnl_cb_t cb, void *data);

/* Attributes of a message. */
void genl_parse(const struct nlmsghdr *nlh, const struct nlattr **tb,
		unsigned int max);
int genl_command(const struct nlmsghdr *nlh);

#endif /* _VTAP_GENL_H */
