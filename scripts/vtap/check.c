// SPDX-License-Identifier: GPL-2.0
/* vtap check: one verdict a layer, from the ends up; what is wrong with its
 * likely cause, and the command that shows it.
 */

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/genetlink.h>
#include <linux/if_packet.h>

#include "command.h"
#include "field.h"
#include "genl.h"
#include "output.h"
#include "table.h"

/* Seconds between two looks at the counters. */
#define LOOK_SECONDS	2
#define COUNTERS	256

enum verdict { FINE, UNKNOWN, WRONG };

struct counter {
	char name[32];
	unsigned long long before, now;
};

/* What dev-get says, twice; the second time in the members below too. */
struct state {
	struct counter counters[COUNTERS];
	unsigned int count;
	bool lease;
	char address[INET6_ADDRSTRLEN];
	unsigned int mtu;		/* that the lease brought */
	char gateway[INET6_ADDRSTRLEN];
	bool gateway_mac, reachable;
};

static const struct column columns[] = {
	{ "LAYER", "layer" },
	{ "VERDICT", "verdict" },
	{ "FINDING", "finding" },
	{ "LOOK WITH", "command" },
};

static const char *device;
static int status;

/* command: with a place for the device, or without; NULL where all is well. */
static PRINTF(4, 5) void report(const char *layer, enum verdict verdict,
				const char *command, const char *fmt, ...)
{
	static const char * const words[] = { "ok", "unknown", "wrong" };
	static const enum colour colours[] = { GOOD, DIM, BAD };
	char finding[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(finding, sizeof(finding), fmt, args);
	va_end(args);
	table_text(PLAIN, "%s", layer);
	table_text(colours[verdict], "%s", words[verdict]);
	table_text(PLAIN, "%s", finding);
	if (command)
		table_text(PLAIN, command, device);
	else
		table_none();
	if (verdict == WRONG)
		status = EXIT_FAILURE;
}

static void note_counter(struct state *state, const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_COUNTER_MAX + 1];
	struct counter *counter = &state->counters[state->count];

	nl_parse_nested(nest, tb, VIRTUALTAP_A_COUNTER_MAX);
	if (state->count == COUNTERS || !tb[VIRTUALTAP_A_COUNTER_NAME] ||
	    !tb[VIRTUALTAP_A_COUNTER_VALUE])
		return;
	snprintf(counter->name, sizeof(counter->name), "%s",
		 mnl_attr_get_str(tb[VIRTUALTAP_A_COUNTER_NAME]));
	counter->before = counter->now;
	counter->now = mnl_attr_get_u64(tb[VIRTUALTAP_A_COUNTER_VALUE]);
	state->count++;
}

static void note_lease(struct state *state, const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_LEASE4_MAX + 1];
	const char *address;

	nl_parse_nested(nest, tb, VIRTUALTAP_A_LEASE4_MAX);
	address = field_address_text(tb[VIRTUALTAP_A_LEASE4_ADDRESS]);
	state->lease = address;
	snprintf(state->address, sizeof(state->address), "%s",
		 address ? address : "");
	if (tb[VIRTUALTAP_A_LEASE4_MTU])
		state->mtu = mnl_attr_get_u32(tb[VIRTUALTAP_A_LEASE4_MTU]);
}

/* The first one, of IPv4 if there is one. */
static void note_gateway(struct state *state, const struct nlattr *nest)
{
	const struct nlattr *tb[VIRTUALTAP_A_GATEWAY_MAX + 1];
	const char *address;

	if (*state->gateway)
		return;
	nl_parse_nested(nest, tb, VIRTUALTAP_A_GATEWAY_MAX);
	address = field_address_text(tb[VIRTUALTAP_A_GATEWAY_ADDR4]);
	if (!address)
		address = field_address_text(tb[VIRTUALTAP_A_GATEWAY_ADDR6]);
	snprintf(state->gateway, sizeof(state->gateway), "%s",
		 address ? address : "");
	state->gateway_mac = tb[VIRTUALTAP_A_GATEWAY_MAC];
	state->reachable = tb[VIRTUALTAP_A_GATEWAY_REACHABLE];
}

static int note_state(const struct nlmsghdr *nlh, void *data)
{
	struct state *state = data;
	const struct nlattr *attr;

	state->count = 0;
	state->lease = false;
	state->mtu = 0;
	*state->gateway = '\0';
	mnl_attr_for_each(attr, nlh, GENL_HDRLEN) {
		switch (mnl_attr_get_type(attr)) {
		case VIRTUALTAP_A_DEV_COUNTER:
			note_counter(state, attr);
			break;
		case VIRTUALTAP_A_DEV_LEASE4:
			note_lease(state, attr);
			break;
		case VIRTUALTAP_A_DEV_GATEWAY:
			note_gateway(state, attr);
			break;
		}
	}
	return MNL_CB_OK;
}

static unsigned long long value_of(const struct state *state, const char *name)
{
	unsigned int i;

	for (i = 0; i < state->count; i++) {
		if (!strcmp(state->counters[i].name, name))
			return state->counters[i].now;
	}
	return 0;
}

static void note_link(const struct link *link, void *data)
{
	*(struct link *)data = *link;
}

static void check_ends(const struct link *host, const struct link *other)
{
	if (!host->up)
		report("ends", WRONG, "ip link show", "%s is down: ip link set %s up",
		       host->name, host->name);
	else if (other->index && !other->up)
		report("ends", WRONG, "ip link show", "%s is down: ip link set %s up",
		       other->name, other->name);
	else if (!host->carrier && host->lower_elsewhere)
		report("ends", WRONG, "ip link show",
		       "no carrier: the Ethernet end, in another namespace, is down, or the gateway silent");
	else if (!host->carrier)
		report("ends", WRONG, "vtap show %s",
		       "no carrier: the VPN's device has none, or option carrier follows a silent gateway");
	else
		report("ends", FINE, NULL, "both are up, with carrier");
}

/* Return: whether a packet socket hears all of a device's frames. */
static bool has_listener(int index)
{
	FILE *f = fopen("/proc/net/packet", "re");
	unsigned int protocol;
	bool found = false;
	char line[256];
	int device;

	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %*s %*s %x %d", &protocol, &device) == 2 &&
		    protocol == ETH_P_ALL && device == index)
			found = true;
	}
	if (f)
		fclose(f);
	return found;
}

/* Return: whether a device stands on this one: a bridge, a VLAN, a macvlan. */
static bool has_upper(const struct link *link, char *upper, size_t size)
{
	const struct dirent *entry;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/net/%s", link->name);
	dir = opendir(path);
	*upper = '\0';
	while (dir && !*upper && (entry = readdir(dir))) {
		if (!strncmp(entry->d_name, "upper_", 6))
			snprintf(upper, size, "%s", entry->d_name + 6);
	}
	if (dir)
		closedir(dir);
	return *upper;
}

static bool has_address(const struct link *link)
{
	const struct ifaddrs *ifa;
	struct ifaddrs *list;
	bool found = false;

	if (getifaddrs(&list))
		return false;
	for (ifa = list; ifa && !found; ifa = ifa->ifa_next)
		found = !strcmp(ifa->ifa_name, link->name) && ifa->ifa_addr &&
			(ifa->ifa_addr->sa_family == AF_INET ||
			 ifa->ifa_addr->sa_family == AF_INET6);
	freeifaddrs(list);
	return found;
}

static void check_listener(const struct link *host, const struct link *other)
{
	char upper[IFNAMSIZ];

	if (!other->index)
		report("listener", UNKNOWN, NULL,
		       "the Ethernet end is in another namespace: look there");
	else if (strcmp(other->kind, VTAP_KIND))
		report("listener", FINE, NULL, "%s is a device of its own",
		       other->name);
	else if (has_upper(other, upper, sizeof(upper)))
		report("listener", FINE, NULL, "%s is under %s", other->name,
		       upper);
	else if (has_address(other))
		report("listener", FINE, NULL, "%s has an address", other->name);
	else if (has_listener(other->index))
		report("listener", FINE, NULL, "a program reads %s", other->name);
	else
		report("listener", WRONG, "ss -0np",
		       "nobody uses %s: is the VPN running, and bridged to it?",
		       other->name);
}

/* Frames of a pair that belong to no host end: the Ethernet end drops them. */
static unsigned long long dropped_by_pair(const struct link *other)
{
	return strcmp(other->kind, VTAP_KIND) ? 0 : other->tx_dropped;
}

static void check_frames(const struct link *host, const struct link *other,
			 const struct state *state)
{
	unsigned long long in = value_of(state, "eth_to_ip_packets") +
				value_of(state, "arp_packets");
	unsigned long long out = value_of(state, "ip_to_eth_packets") +
				 value_of(state, "arp_requests_sent");

	if (in)
		report("frames", FINE, NULL, "%llu received, %llu sent", in, out);
	else if (dropped_by_pair(other) || value_of(state, "rx_drop_unknown_vlan"))
		report("frames", WRONG, "ip -d link show",
		       "what came is for no host end: of other VLANs, or for one that was down: ethtool -S %s",
		       dropped_by_pair(other) ? other->name : host->name);
	else if (value_of(state, "rx_drop_other_host"))
		report("frames", WRONG, "vtap show %s",
		       "only frames for others come: is the VPN's segment the right one?");
	else
		report("frames", WRONG, "tcpdump -eni %s",
		       "none came: the VPN is not connected, or does not pass them on to %s",
		       host->name);
}

struct neighbours {
	const char *gateway;
	unsigned int known, failed;
	bool silent;		/* the gateway */
};

static void forget_neighbours(void *data)
{
	struct neighbours *neighbours = data;

	neighbours->known = 0;
	neighbours->failed = 0;
	neighbours->silent = false;
}

static bool is_silent(const struct nlattr *tb[])
{
	const struct nlattr *flags = tb[VIRTUALTAP_A_NEIGH_FLAGS];

	return mnl_attr_get_u32(tb[VIRTUALTAP_A_NEIGH_STATE]) ==
	       VIRTUALTAP_NEIGH_STATE_FAILED ||
	       (flags && mnl_attr_get_u32(flags) & VIRTUALTAP_NEIGH_FLAGS_LOST);
}

static bool is_address(const struct nlattr *tb[], const char *wanted)
{
	const char *address;

	address = field_address_text(tb[VIRTUALTAP_A_NEIGH_ADDR4]);
	if (!address)
		address = field_address_text(tb[VIRTUALTAP_A_NEIGH_ADDR6]);
	return address && !strcmp(address, wanted);
}

static int note_neighbour(const struct nlmsghdr *nlh, void *data)
{
	const struct nlattr *tb[VIRTUALTAP_A_NEIGH_MAX + 1];
	struct neighbours *neighbours = data;

	genl_parse(nlh, tb, VIRTUALTAP_A_NEIGH_MAX);
	if (!tb[VIRTUALTAP_A_NEIGH_STATE])
		return MNL_CB_OK;
	if (is_silent(tb))
		neighbours->failed++;
	else if (tb[VIRTUALTAP_A_NEIGH_MAC])
		neighbours->known++;
	if (is_silent(tb) && is_address(tb, neighbours->gateway))
		neighbours->silent = true;
	return MNL_CB_OK;
}

static void check_neighbours(const struct neighbours *neighbours)
{
	if (neighbours->known)
		report("neighbours", FINE, NULL, "%u known, %u do not answer",
		       neighbours->known, neighbours->failed);
	else if (neighbours->failed)
		report("neighbours", WRONG, "vtap neigh show %s",
		       "nobody answers: wrong addresses, or a VPN that drops what it does not expect");
	else
		report("neighbours", UNKNOWN, "vtap neigh show %s",
		       "nobody was looked for");
}

static void check_gateway(const struct state *state, bool silent)
{
	if (!*state->gateway)
		report("gateway", UNKNOWN, "ip route show",
		       "none is set or learned: only routes with one of their own lead on");
	else if (state->reachable)
		report("gateway", FINE, NULL, "%s answers", state->gateway);
	else if (state->gateway_mac || silent)
		report("gateway", WRONG, "vtap neigh show %s",
		       "%s does not answer: it, or the VPN to it, is gone",
		       state->gateway);
	else
		report("gateway", UNKNOWN, "vtap neigh show %s",
		       "%s was not asked for yet: vtap neigh probe", state->gateway);
}

static void check_lease(const struct state *state)
{
	if (state->lease)
		report("lease", FINE, NULL, "%s", state->address);
	else if (value_of(state, "dhcp_naks"))
		report("lease", WRONG, "vtap monitor",
		       "the server refuses: an old address, or not its client");
	else if (value_of(state, "dhcp_offers"))
		report("lease", WRONG, "vtap monitor",
		       "offers came, but no lease: two servers, or trusted names another");
	else if (value_of(state, "dhcp_untrusted"))
		report("lease", WRONG, "vtap show %s",
		       "answers came, but not from whom option trusted names");
	else if (value_of(state, "dhcp_packets"))
		report("lease", WRONG, "tcpdump -ni %s port 67",
		       "nobody answers: no DHCP server on the segment, or the VPN drops broadcasts");
	else
		report("lease", UNKNOWN, "vtap up %s", "none was asked for");
}

static void check_mtu(const struct link *host, const struct link *path,
		      const struct state *state)
{
	if (path->index && host->mtu > path->mtu)
		report("MTU", WRONG, "ip link show",
		       "%u of %s is more than %u of %s: large packets are refused",
		       host->mtu, host->name, path->mtu, path->name);
	else if (state->mtu && host->mtu > state->mtu)
		report("MTU", WRONG, "vtap show %s",
		       "%u is more than %u, which the DHCP server says: large packets may vanish",
		       host->mtu, state->mtu);
	else if (value_of(state, "pmtu_events"))
		report("MTU", FINE, NULL,
		       "%u; smaller ones were learned on the way %llu times",
		       host->mtu, value_of(state, "pmtu_events"));
	else
		report("MTU", FINE, NULL, "%u", host->mtu);
}

static bool is_drop(const char *name)
{
	return !strncmp(name, "rx_drop_", 8) || !strncmp(name, "tx_drop_", 8);
}

/* Frames for others are what a segment is made of. */
static void check_drops(const struct link *before, const struct link *other,
			const struct state *state)
{
	unsigned long long grown = dropped_by_pair(other) -
				   dropped_by_pair(before);
	const struct counter *counter, *worst = NULL;
	unsigned int i;

	for (i = 0; i < state->count; i++) {
		counter = &state->counters[i];
		if (!is_drop(counter->name) ||
		    !strcmp(counter->name, "rx_drop_other_host"))
			continue;
		if (!worst || counter->now - counter->before >
			      worst->now - worst->before)
			worst = counter;
	}
	if (grown)
		report("drops", WRONG, "ip -s link show",
		       "%llu for no host end in %d seconds: ethtool -S %s",
		       grown, LOOK_SECONDS, other->name);
	else if (!worst || worst->now == worst->before)
		report("drops", FINE, NULL, "none grew in %d seconds",
		       LOOK_SECONDS);
	else
		report("drops", WRONG, "ethtool -S %s",
		       "%s grew by %llu in %d seconds", worst->name,
		       worst->now - worst->before, LOOK_SECONDS);
}

static int look(struct state *state, int index)
{
	return genl_each(VIRTUALTAP_CMD_DEV_GET, NLM_F_ACK, index, NULL,
			 note_state, state);
}

/* Of the Ethernet end and what it is in, the one with the smaller MTU. */
static struct link smaller_mtu(const struct link *other)
{
	struct link master;

	if (other->master &&
	    !link_get(link_name(other->master), note_link, &master) &&
	    master.mtu < other->mtu)
		return master;
	return *other;
}

/* The device behind the host end, if it is in this namespace. */
static int look_behind(const struct link *host, struct link *other)
{
	if (!host->lower || host->lower_elsewhere)
		return EXIT_SUCCESS;
	return link_get(link_name(host->lower), note_link, other);
}

int vtap_check(int argc, char **argv)
{
	struct link host, other = { }, before = { }, path;
	struct neighbours neighbours = { };
	struct state state = { };

	if (argc != 1)
		return misused("check wants a device");
	device = *argv;
	if (link_find_host(*argv, &host) || look_behind(&host, &before) ||
	    look(&state, host.index))
		return EXIT_FAILURE;
	sleep(LOOK_SECONDS);
	neighbours.gateway = state.gateway;
	if (look_behind(&host, &other) || look(&state, host.index) ||
	    genl_each(VIRTUALTAP_CMD_NEIGH_GET, NLM_F_DUMP, host.index,
		      forget_neighbours, note_neighbour, &neighbours))
		return EXIT_FAILURE;
	path = smaller_mtu(&other);
	table_begin(columns, ARRAY_SIZE(columns));
	check_ends(&host, &other);
	check_listener(&host, &other);
	check_frames(&host, &other, &state);
	check_neighbours(&neighbours);
	check_gateway(&state, neighbours.silent);
	check_lease(&state);
	check_mtu(&host, &path, &state);
	check_drops(&before, &other, &state);
	table_end();
	return status;
}
