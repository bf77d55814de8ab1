/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_MAC_H
#define _VTAP_MAC_H

#include <linux/etherdevice.h>

/**
 * struct vtap_mac - a hardware address that 64-bit machines read in one piece
 * @raw: what is loaded and stored
 * @addr: the address
 *
 * A writer changes it while packets read it: both go through @raw.
 */
struct vtap_mac {
	union {
		u64 raw;
		u8 addr[ETH_ALEN];
	};
};

static inline struct vtap_mac vtap_mac_make(const u8 *addr)
{
	struct vtap_mac mac = { .raw = 0 };

	memcpy(mac.addr, addr, ETH_ALEN);
	return mac;
}

static inline struct vtap_mac vtap_mac_read(const struct vtap_mac *mac)
{
	return (struct vtap_mac){ .raw = READ_ONCE(mac->raw) };
}

static inline void vtap_mac_write(struct vtap_mac *mac, struct vtap_mac value)
{
	WRITE_ONCE(mac->raw, value.raw);
}

static inline bool vtap_mac_equal(struct vtap_mac a, struct vtap_mac b)
{
	return a.raw == b.raw;
}

#endif
