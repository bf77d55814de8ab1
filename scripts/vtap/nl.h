/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NL_H
#define _VTAP_NL_H

#include <stddef.h>
#include <libmnl/libmnl.h>

#include "defs.h"

/* Room for a request. The longest makes a link, with all its options. */
#define NL_REQUEST_BYTES	4096
/* Room for what comes at once. */
#define NL_RECEIVE_BYTES	32768

struct nl {
	struct mnl_socket *socket;
	unsigned int portid;
	unsigned int seq;
};

/**
 * nl_open - A netlink socket whose answers say why
 * @nl: to be filled in
 * @protocol: NETLINK_ROUTE or NETLINK_GENERIC
 *
 * Return: 0, or -1 with errno.
 */
int nl_open(struct nl *nl, int protocol);
void nl_close(struct nl *nl);

/* Starts a request in buf, of NL_REQUEST_BYTES. */
struct nlmsghdr *nl_request(void *buf, int type, int flags);

/**
 * nl_talk - Sends a request and takes all that the kernel answers
 * @nl: an open socket
 * @nlh: the request; gets a sequence number
 * @cb: called with each message that is neither the last nor an error, or NULL
 * @data: for @cb
 *
 * Return: 0, or -1; then errno and nl_reason() say why. EINTR: what was dumped
 * changed meanwhile, so that it is not whole.
 */
int nl_talk(struct nl *nl, struct nlmsghdr *nlh, mnl_cb_t cb, void *data);

/* What the kernel said about the last failure, or what errno means. */
const char *nl_reason(void);

/* Attributes by their numbers, unknown ones left out. */
void nl_parse(const struct nlmsghdr *nlh, size_t header,
	      const struct nlattr **tb, unsigned int max);
void nl_parse_nested(const struct nlattr *nest, const struct nlattr **tb,
		     unsigned int max);

#endif /* _VTAP_NL_H */
