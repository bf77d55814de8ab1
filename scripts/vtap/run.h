/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_RUN_H
#define _VTAP_RUN_H

#include <stdbool.h>
#include <sys/types.h>

/* What runs for a host end: a directory, and a lock that its keeper holds. */

/* Return: an exit status; has said what went wrong. */
int run_make_directory(const char *device);
bool run_has_directory(const char *device);

/* Held until the process ends; errno is EAGAIN where another one holds it.
 * Return: 0 or -1.
 */
int run_lock(const char *device);

/* The process that holds the lock, or 0. */
pid_t run_keeper(const char *device);

/* Waits until nobody holds the lock, and holds it until the process ends. */
void run_wait(const char *device);

/**
 * struct plan - What `vtap up` was asked for
 * @device: name of the host end
 * @index: of the host end
 * @client: "udhcpc", "dhcpcd", or NULL for the one that is there
 * @endpoint: server of the VPN, or NULL
 * @vrf: or NULL
 * @table: or NULL
 * @metric: of the routes, in digits
 * @timeout: seconds to wait for a lease
 * @no_default: no default route
 * @foreground: stay
 */
struct plan {
	const char *device;
	int index;
	const char *client;
	const char *endpoint;
	const char *vrf;
	const char *table;
	const char *metric;
	unsigned int timeout;
	bool no_default;
	bool foreground;
};

/* Writes it down for the script, which tells this process of leases.
 * Return: an exit status; has said what went wrong.
 */
int run_write_plan(const struct plan *plan);

/* Calls the script.
 * Return: whether it was content.
 */
bool run_script(const char *device, const char *verb, const char *word);

/* Starts the client; it ends with this process.
 * Return: its process id, or -1.
 */
pid_t run_client(const struct plan *plan);

/* Has the client give back its lease, and waits for its end. */
void run_end_client(const struct plan *plan, pid_t pid);

/* Return: whether there is a client to run. */
bool run_find_client(struct plan *plan);

#endif /* _VTAP_RUN_H */
