// SPDX-License-Identifier: GPL-2.0
/* vtap up and down: a lease on a host end, and away again. */

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "keeper.h"
#include "link.h"
#include "output.h"
#include "run.h"

#define TIMEOUT_SECONDS	60
#define TIMEOUT_MAX	(24 * 60 * 60)

static bool is_number(const char *text)
{
	return *text && strlen(text) < 10 && !text[strspn(text, "0123456789")];
}

/* Nothing that a shell or a program would take for anything else. */
static bool is_word(const char *text)
{
	const char *c;

	if (!isalnum((unsigned char)*text) && *text != ':')
		return false;
	for (c = text; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr(".:_-", *c))
			return false;
	}
	return strlen(text) < 254;
}

/* As the kernel has it, which up gets them from. */
static bool is_name(const char *text)
{
	return *text && strlen(text) < IFNAMSIZ && !strchr(text, '/') &&
	       strcmp(text, ".") && strcmp(text, "..");
}

static bool is_client(const char *text)
{
	return !strcmp(text, "udhcpc") || !strcmp(text, "dhcpcd");
}

static int take_value(struct plan *plan, const char *name, const char *value)
{
	bool good = value && is_word(value);

	if (!strcmp(name, "--metric")) {
		good = good && is_number(value);
		plan->metric = value;
	} else if (!strcmp(name, "--timeout")) {
		plan->timeout = good && is_number(value) ? strtoul(value, NULL, 10) : 0;
		good = plan->timeout && plan->timeout <= TIMEOUT_MAX;
	} else if (!strcmp(name, "--client")) {
		good = good && is_client(value);
		plan->client = value;
	} else if (!strcmp(name, "--table")) {
		plan->table = value;
	} else if (!strcmp(name, "--vrf")) {
		plan->vrf = value;
	} else if (!strcmp(name, "--endpoint")) {
		plan->endpoint = value;
	} else {
		return misused("\"%s\" is unknown to up", name);
	}
	if (!good)
		return misused("\"%s\" is wrong for %s", value ? value : "", name);
	return EXIT_SUCCESS;
}

static int parse_plan(struct plan *plan, char **argv)
{
	int status;

	for (; *argv; argv++) {
		if (!strcmp(*argv, "--no-default")) {
			plan->no_default = true;
		} else if (!strcmp(*argv, "--foreground")) {
			plan->foreground = true;
		} else if (**argv != '-' && !plan->device) {
			plan->device = *argv;
		} else {
			status = take_value(plan, *argv, argv[1]);
			if (status)
				return status;
			argv++;
		}
	}
	if (!plan->device)
		return misused("up wants a device");
	if (plan->vrf && plan->table)
		return misused("a VRF has its own table");
	return EXIT_SUCCESS;
}

/* Holds the lock, or has said why not. */
static int keep(const struct plan *plan, int ready)
{
	if (run_make_directory(plan->device))
		return EXIT_FAILURE;
	if (run_lock(plan->device))
		return complain("%s: %s", plan->device,
				errno == EAGAIN || errno == EACCES ?
				"is up already" : strerror(errno));
	return keeper_run(plan, ready);
}

static void leave_terminal(int ready)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	fcntl(ready, F_SETFD, FD_CLOEXEC);
	if (chdir("/"))
		complain("/: %s", strerror(errno));
}

/* The keeper's end of the pipe closes without a byte where it gives up, which it
 * says itself.
 */
static int wait_for_lease(const struct plan *plan, int ready, pid_t keeper)
{
	struct pollfd fd = { .fd = ready, .events = POLLIN };
	char byte;

	if (poll(&fd, 1, plan->timeout * 1000) > 0)
		return read(ready, &byte, 1) == 1 ? done("up", plan->device) :
						    EXIT_FAILURE;
	kill(keeper, SIGTERM);
	waitpid(keeper, NULL, 0);
	return complain("%s: no lease in %u seconds", plan->device,
			plan->timeout);
}

static int go_to_background(const struct plan *plan)
{
	pid_t keeper;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return complain("pipe: %s", strerror(errno));
	fflush(output);
	keeper = fork();
	if (keeper < 0)
		return complain("fork: %s", strerror(errno));
	if (keeper) {
		close(ends[1]);
		return wait_for_lease(plan, ends[0], keeper);
	}
	close(ends[0]);
	leave_terminal(ends[1]);
	_exit(keep(plan, ends[1]));
}

int vtap_up(int argc, char **argv)
{
	struct plan plan = { .metric = "0", .timeout = TIMEOUT_SECONDS };
	struct link link;
	int status;

	status = parse_plan(&plan, argv);
	if (status)
		return status;
	if (link_find_host(plan.device, &link))
		return EXIT_FAILURE;
	plan.index = link.index;
	if (!run_find_client(&plan))
		return complain("there is no %s: install udhcpc or dhcpcd",
				plan.client);
	return plan.foreground ? keep(&plan, -1) : go_to_background(&plan);
}

int vtap_down(int argc, char **argv)
{
	pid_t keeper;

	if (argc != 1)
		return misused("down wants a device");
	if (!is_name(*argv))
		return complain("\"%s\" is no name of a device", *argv);
	if (!run_has_directory(*argv))
		return complain("%s: vtap up did not run for it", *argv);
	keeper = run_keeper(*argv);
	if (keeper && kill(keeper, SIGTERM))
		return complain("%s: %s", *argv, strerror(errno));
	run_wait(*argv);
	/* The keeper was killed. */
	if (run_has_directory(*argv) && !run_script(*argv, "stop", NULL))
		return complain("%s: not all could be taken away", *argv);
	return done("down", *argv);
}
