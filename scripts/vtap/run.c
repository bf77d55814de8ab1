// SPDX-License-Identifier: GPL-2.0
/* What runs for a host end: DHCP client, script, and who keeps them. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"
#include "run.h"

#define DIRECTORY	"/run/virtualtap"

/* Where programs are looked for, whoever starts them. */
#define PLACES	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Seconds for a client to give back its lease. */
#define PATIENCE	5

static const char *path_of(const char *device, const char *file)
{
	static char path[256];

	snprintf(path, sizeof(path), DIRECTORY "/%s%s", device, file);
	return path;
}

bool run_has_directory(const char *device)
{
	return !access(path_of(device, "/config"), F_OK);
}

int run_make_directory(const char *device)
{
	const char *path = path_of(device, "");

	/* Secrets of addresses are in it. */
	if ((mkdir(DIRECTORY, 0755) && errno != EEXIST) ||
	    (mkdir(path, 0700) && errno != EEXIST))
		return complain("%s: %s", path, strerror(errno));
	return EXIT_SUCCESS;
}

/* Who may read it could lock it. */
static int open_lock(const char *device)
{
	int fd = open(path_of(device, ".lock"), O_RDWR | O_CREAT | O_CLOEXEC,
		      0600);

	if (fd >= 0)
		fchmod(fd, 0600);
	return fd;
}

int run_lock(const char *device)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd = open_lock(device);

	return fd < 0 ? -1 : fcntl(fd, F_SETLK, &lock);
}

pid_t run_keeper(const char *device)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd = open_lock(device);

	if (fd < 0)
		return 0;
	if (fcntl(fd, F_GETLK, &lock) || lock.l_type == F_UNLCK)
		lock.l_pid = 0;
	close(fd);
	/* -1 stands for a lock that is no process's, and with kill() for all. */
	return lock.l_pid > 0 ? lock.l_pid : 0;
}

void run_wait(const char *device)
{
	struct flock lock = { .l_type = F_WRLCK };
	int fd = open_lock(device);

	if (fd < 0)
		return;
	while (fcntl(fd, F_SETLKW, &lock) && errno == EINTR)
		;
}

static const char *word(const char *text)
{
	return text ? text : "";
}

int run_write_plan(const struct plan *plan)
{
	const char *path = path_of(plan->device, "/config");
	FILE *f = fopen(path, "we");

	if (!f)
		return complain("%s: %s", path, strerror(errno));
	/* Nothing in them means anything to a shell, see up.c. */
	fprintf(f, "METRIC='%s' TABLE='%s' VRF='%s' DEFAULT='%s' ENDPOINT='%s' PID=%d\n",
		plan->metric, word(plan->table), word(plan->vrf),
		plan->no_default ? "" : "y", word(plan->endpoint), getpid());
	if (fclose(f))
		return complain("%s: %s", path, strerror(errno));
	return EXIT_SUCCESS;
}

static const char *script(void)
{
	const char *path = getenv("VTAP_DHCP");

	return path ? path : VTAP_LIBDIR "/vtap-dhcp";
}

/* In the child: signals as a program expects them, and none of the terminal's, which
 * are for the keeper.
 */
static void prepare_child(const char *device)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	setenv("PATH", PLACES, 1);
	setenv("interface", device, 1);
}

bool run_script(const char *device, const char *verb, const char *word)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		prepare_child(device);
		execl(script(), script(), verb, word, NULL);
		complain("%s: %s", script(), strerror(errno));
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static bool is_program(const char *name)
{
	char places[] = PLACES, path[256];
	char *place, *rest = places;

	while ((place = strsep(&rest, ":"))) {
		snprintf(path, sizeof(path), "%s/%s", place, name);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

bool run_find_client(struct plan *plan)
{
	if (plan->client)
		return is_program(plan->client);
	plan->client = is_program("udhcpc") ? "udhcpc" : "dhcpcd";
	return is_program(plan->client);
}

static void exec_udhcpc(const char *device)
{
	execlp("udhcpc", "udhcpc", "-f", "-R", "-S", "-i", device,
	       "-s", script(), "-t", "5", "-T", "3", "-A", "5", "-O", "mtu",
	       "-O", "staticroutes", NULL);
}

/* Without the configuration of a machine's own: that is about other devices. */
static void exec_dhcpcd(const char *device)
{
	execlp("dhcpcd", "dhcpcd", "-4", "-B", "-f", "/dev/null",
	       "--noconfigure", "-c", script(), "-o",
	       "domain_name_servers,domain_name,interface_mtu,routers,classless_static_routes",
	       device, NULL);
}

pid_t run_client(const struct plan *plan)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prepare_child(plan->device);
	/* Both log, too. */
	if (!plan->foreground)
		dup2(STDIN_FILENO, STDERR_FILENO);
	if (!strcmp(plan->client, "udhcpc"))
		exec_udhcpc(plan->device);
	else
		exec_dhcpcd(plan->device);
	_exit(127);
}

/* dhcpcd takes this one for a release. */
void run_end_client(const struct plan *plan, pid_t pid)
{
	int i;

	kill(pid, strcmp(plan->client, "dhcpcd") ? SIGTERM : SIGALRM);
	for (i = 0; i < PATIENCE * 10; i++) {
		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		usleep(100000);
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
