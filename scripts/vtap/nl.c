// SPDX-License-Identifier: GPL-2.0
/* Netlink sockets, and what every request has. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <linux/netlink.h>

#include "nl.h"

static char reason[256];

int nl_open(struct nl *nl, int protocol)
{
	int on = 1;

	nl->socket = mnl_socket_open2(protocol, SOCK_CLOEXEC);
	if (!nl->socket)
		return -1;
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(nl->socket);
		return -1;
	}
	/* Kernels that know neither have less to say. */
	mnl_socket_setsockopt(nl->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(nl->socket, NETLINK_GET_STRICT_CHK, &on,
			      sizeof(on));
	nl->portid = mnl_socket_get_portid(nl->socket);
	nl->seq = time(NULL);
	return 0;
}

void nl_close(struct nl *nl)
{
	mnl_socket_close(nl->socket);
}

struct nlmsghdr *nl_request(void *buf, int type, int flags)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	return nlh;
}

const char *nl_reason(void)
{
	return reason[0] ? reason : strerror(errno);
}

/* The extended acknowledgment: attributes behind the error, and behind the
 * request if that was sent back.
 */
static void note_reason(const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, offset) {
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
			snprintf(reason, sizeof(reason), "%s",
				 mnl_attr_get_str(attr));
	}
}

static int take_error(const struct nlmsghdr *nlh,
		      void *data)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*err)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	if (!err->error)
		return MNL_CB_STOP;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += err->msg.nlmsg_len - sizeof(err->msg);
	note_reason(nlh, offset);
	errno = -err->error;
	return MNL_CB_ERROR;
}

/* A dump may fail at its end. */
static int take_done(const struct nlmsghdr *nlh,
		     void *data)
{
	int error = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(error))
		error = *(const int *)mnl_nlmsg_get_payload(nlh);
	if (error >= 0)
		return MNL_CB_STOP;
	note_reason(nlh, sizeof(error));
	errno = -error;
	return MNL_CB_ERROR;
}

int nl_talk(struct nl *nl, struct nlmsghdr *nlh, mnl_cb_t cb, void *data)
{
	static mnl_cb_t control[] = {
		[NLMSG_ERROR] = take_error, [NLMSG_DONE] = take_done,
	};
	char buf[NL_RECEIVE_BYTES];
	ssize_t len;
	int ret;

	reason[0] = '\0';
	nlh->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->socket, nlh, nlh->nlmsg_len) < 0)
		return -1;
	do {
		len = mnl_socket_recvfrom(nl->socket, buf, sizeof(buf));
		if (len < 0)
			return -1;
		ret = mnl_cb_run2(buf, len, nl->seq, nl->portid, cb, data,
				  control, ARRAY_SIZE(control));
	} while (ret > MNL_CB_STOP);
	return ret < 0 ? -1 : 0;
}

struct nl_attrs {
	const struct nlattr **tb;
	unsigned int max;
};

static int note_attr(const struct nlattr *attr, void *data)
{
	const struct nl_attrs *attrs = data;

	if (mnl_attr_get_type(attr) <= attrs->max)
		attrs->tb[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

void nl_parse(const struct nlmsghdr *nlh, size_t header,
	      const struct nlattr **tb, unsigned int max)
{
	struct nl_attrs attrs = { .tb = tb, .max = max };

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_parse(nlh, header, note_attr, &attrs);
}

void nl_parse_nested(const struct nlattr *nest, const struct nlattr **tb,
		     unsigned int max)
{
	struct nl_attrs attrs = { .tb = tb, .max = max };

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mnl_attr_parse_nested(nest, note_attr, &attrs);
}
