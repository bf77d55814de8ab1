// SPDX-License-Identifier: GPL-2.0
/* Keeps a host end configured: runs the DHCP client, and sees to it that what its
 * lease put stays, but for a conflict. Of IPv6 it has conflicts only to see to.
 */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <linux/rtnetlink.h>

#include "field.h"
#include "genl.h"
#include "keeper.h"
#include "output.h"

/* Milliseconds. After a conflict a client waits ten seconds (RFC 2131 3.1); one
 * that died is started again as late. What was taken away comes back a little
 * later, with all that went together.
 */
#define RESTART_MS	10000
#define AGAIN_MS	300

/* Our routes, see vtap-dhcp. */
#define PROTOCOL	118

struct keeper {
	const struct plan *plan;
	struct genl genl;
	struct nl rtnl;
	int signals;
	int ready;
	pid_t client;
	/* When what was taken away is put again, and the client is started, in
	 * milliseconds of now(); 0 for never. Others' changes put neither off.
	 */
	long long again_at;
	long long start_at;
	bool stop;
};

static long long now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void put_again(struct keeper *keeper)
{
	if (!keeper->again_at)
		keeper->again_at = now() + AGAIN_MS;
}

static void start_later(struct keeper *keeper)
{
	keeper->client = -1;
	keeper->start_at = now() + RESTART_MS;
}

static void start_client(struct keeper *keeper)
{
	keeper->start_at = 0;
	keeper->client = run_client(keeper->plan);
	if (keeper->client < 0)
		start_later(keeper);
}

static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	/* Who waited for the lease is gone. */
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

static int open_rtnl(struct nl *nl)
{
	static const int groups[] = {
		RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE,
		RTNLGRP_IPV6_ROUTE,
	};
	unsigned int i;
	int group;

	if (nl_open(nl, NETLINK_ROUTE))
		return complain("netlink: %s", strerror(errno));
	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		group = groups[i];
		if (mnl_socket_setsockopt(nl->socket, NETLINK_ADD_MEMBERSHIP,
					  &group, sizeof(group)))
			return complain("netlink: %s", strerror(errno));
	}
	return EXIT_SUCCESS;
}

static int open_keeper(struct keeper *keeper)
{
	keeper->signals = open_signals();
	if (keeper->signals < 0)
		return complain("signals: %s", strerror(errno));
	if (genl_open(&keeper->genl) || genl_listen(&keeper->genl) ||
	    open_rtnl(&keeper->rtnl))
		return EXIT_FAILURE;
	return EXIT_SUCCESS;
}

static void note_bound(struct keeper *keeper)
{
	if (keeper->ready < 0)
		return;
	if (write(keeper->ready, "", 1) != 1)
		complain("nobody waits for the lease any more");
	close(keeper->ready);
	keeper->ready = -1;
	/* Nobody reads what is said from now on. */
	dup2(STDIN_FILENO, STDERR_FILENO);
}

static void reap(struct keeper *keeper)
{
	if (keeper->client > 0 &&
	    waitpid(keeper->client, NULL, WNOHANG) == keeper->client) {
		complain("%s: %s ended, and starts again", keeper->plan->device,
			 keeper->plan->client);
		start_later(keeper);
	}
}

static void take_signal(struct keeper *keeper)
{
	struct signalfd_siginfo info;

	if (read(keeper->signals, &info, sizeof(info)) != sizeof(info))
		return;
	switch (info.ssi_signo) {
	case SIGUSR1:
		note_bound(keeper);
		break;
	case SIGCHLD:
		reap(keeper);
		break;
	default:
		keeper->stop = true;
	}
}

static int take_change(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	struct keeper *keeper = data;
	int index = keeper->plan->index;

	switch (nlh->nlmsg_type) {
	case RTM_DELADDR:
		if ((int)ifa->ifa_index == index)
			put_again(keeper);
		break;
	case RTM_DELROUTE:
		if (rtm->rtm_protocol == PROTOCOL)
			put_again(keeper);
		break;
	/* Routes go with a link that is down, or with its last address, without a
	 * word.
	 */
	case RTM_NEWADDR:
		put_again(keeper);
		break;
	case RTM_NEWLINK:
		if (ifi->ifi_flags & IFF_UP)
			put_again(keeper);
		break;
	case RTM_DELLINK:
		keeper->stop |= ifi->ifi_index == index;
		break;
	}
	return MNL_CB_OK;
}

static int take_event(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[VIRTUALTAP_A_EVENT_MAX + 1];
	struct keeper *keeper = data;
	const struct nlattr *attr4;
	const char *address;

	if (genl_command(nlh) != VIRTUALTAP_CMD_CONFLICT)
		return MNL_CB_OK;
	genl_parse(nlh, tb, VIRTUALTAP_A_EVENT_MAX);
	attr4 = tb[VIRTUALTAP_A_EVENT_ADDR4];
	address = field_address_text(attr4 ?: tb[VIRTUALTAP_A_EVENT_ADDR6]);
	if (!address || !tb[VIRTUALTAP_A_EVENT_IFINDEX] ||
	    (int)mnl_attr_get_u32(tb[VIRTUALTAP_A_EVENT_IFINDEX]) !=
		    keeper->plan->index)
		return MNL_CB_OK;
	/* The client's are IPv4 addresses only. */
	if (run_script(keeper->plan->device, "conflict", address) && attr4 &&
	    keeper->client > 0) {
		run_end_client(keeper->plan, keeper->client);
		start_later(keeper);
	}
	return MNL_CB_OK;
}

/* What was lost may have been a removal. */
static void receive(struct keeper *keeper, struct nl *nl, mnl_cb_t cb)
{
	char buf[NL_RECEIVE_BYTES];
	ssize_t len;

	len = mnl_socket_recvfrom(nl->socket, buf, sizeof(buf));
	if (len > 0)
		mnl_cb_run(buf, len, 0, 0, cb, keeper);
	else
		put_again(keeper);
}

/* Milliseconds until something is due, -1 for ever. */
static int timeout(const struct keeper *keeper)
{
	long long next = keeper->again_at, left;

	if (!next || (keeper->start_at && keeper->start_at < next))
		next = keeper->start_at;
	if (!next)
		return -1;
	left = next - now();
	return left > 0 ? left : 0;
}

static void do_what_is_due(struct keeper *keeper)
{
	if (keeper->again_at && keeper->again_at <= now()) {
		keeper->again_at = 0;
		run_script(keeper->plan->device, "again", NULL);
	}
	if (keeper->start_at && keeper->start_at <= now())
		start_client(keeper);
}

static void wait_once(struct keeper *keeper)
{
	struct pollfd fds[] = {
		{ .fd = keeper->signals, .events = POLLIN },
		{ .fd = mnl_socket_get_fd(keeper->rtnl.socket), .events = POLLIN },
		{ .fd = mnl_socket_get_fd(keeper->genl.nl.socket), .events = POLLIN },
	};

	if (poll(fds, ARRAY_SIZE(fds), timeout(keeper)) < 0)
		return;
	do_what_is_due(keeper);
	if (fds[0].revents)
		take_signal(keeper);
	if (fds[1].revents)
		receive(keeper, &keeper->rtnl, take_change);
	if (fds[2].revents)
		receive(keeper, &keeper->genl.nl, take_event);
}

int keeper_run(const struct plan *plan, int ready)
{
	struct keeper keeper = { .plan = plan, .ready = ready };

	if (open_keeper(&keeper) || run_make_directory(plan->device) ||
	    run_write_plan(plan))
		return EXIT_FAILURE;
	if (!run_script(plan->device, "start", NULL)) {
		run_script(plan->device, "stop", NULL);
		return EXIT_FAILURE;
	}
	start_client(&keeper);
	while (!keeper.stop)
		wait_once(&keeper);
	if (keeper.client > 0)
		run_end_client(plan, keeper.client);
	run_script(plan->device, "stop", NULL);
	return EXIT_SUCCESS;
}
