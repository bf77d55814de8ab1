/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_LINK_H
#define _VTAP_LINK_H

#include <stdbool.h>
#include <net/if.h>
#include <linux/if_ether.h>
#include <linux/virtualtap.h>

#include "nl.h"

#define VTAP_KIND	"virtualtap"

/**
 * struct link - A device, as rtnetlink has it
 * @index: of the device
 * @lower: index of what it stands on: the other end, or a device; 0: nothing
 * @lower_elsewhere: that is in another namespace
 * @master: index of the bridge, VRF, ... that it is in; 0: none
 * @name: of the device
 * @kind: as `ip link add type` has it; empty for hardware
 * @is_host: a host end
 * @up: set up by an administrator
 * @carrier: and carries
 * @mac: hardware address
 * @mac_len: its length
 * @mtu: of the device
 * @tx_dropped: packets that it was to send and dropped
 * @options: attributes of a host end, by IFLA_VIRTUALTAP_*; valid as long as the
 *	message that they came in
 */
struct link {
	int index;
	int lower;
	bool lower_elsewhere;
	int master;
	char name[IFNAMSIZ];
	char kind[16];
	bool is_host;
	bool up;
	bool carrier;
	unsigned char mac[ETH_ALEN];
	unsigned int mac_len;
	unsigned int mtu;
	unsigned long long tx_dropped;
	const struct nlattr *options[IFLA_VIRTUALTAP_MAX + 1];
};

typedef void (*link_fn)(const struct link *link, void *data);

/**
 * link_each - Calls a function for each device of the kind
 * @restart: is called before, and again where the list changed meanwhile, so
 *	that all begins anew
 * @fn: called with each end
 * @data: for both
 *
 * Return: an exit status; has said what went wrong.
 */
int link_each(void (*restart)(void *data), link_fn fn, void *data);

/**
 * link_get - Calls a function for one device, of whatever kind
 *
 * Return: an exit status; has said what went wrong.
 */
int link_get(const char *name, link_fn fn, void *data);

/* Fills in a host end, without its options.
 * Return: an exit status; has said so where there is none.
 */
int link_find_host(const char *name, struct link *link);

/* The name of a device, or "?". */
const char *link_name(int index);

#endif /* _VTAP_LINK_H */
