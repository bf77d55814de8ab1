/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_RA_H
#define _VTAP_RA_H

#include <linux/in6.h>
#include <linux/types.h>

#include "domain.h"

#define VTAP_LIFETIME_INFINITE	0xffffffff	/* RFC 4861 4.6.2, RFC 8415 7.7 */

/**
 * struct vtap_ra - what a router advertisement says of its router
 * @preference: of it as default router (RFC 4191 2.1): -1, 0 or 1
 * @managed: addresses are to be had by DHCPv6
 * @other: so is other configuration
 * @has_mac: it has a source link-layer address option
 * @mac: that option's content, as sent
 * @lifetime: as default router in seconds, 0 for none
 * @mtu: of the link, as sent; 0 where not given, or too small for IPv6
 */
struct vtap_ra {
	s8 preference;
	bool managed;
	bool other;
	bool has_mac;
	u8 mac[6];
	u16 lifetime;
	u32 mtu;
};

/**
 * enum vtap_ra_kind - what else an advertisement tells, piece by piece
 * @VTAP_RA_PREFIX: prefix of the link (RFC 4861 4.6.2)
 * @VTAP_RA_ROUTE: what the router leads to (RFC 4191 2.3)
 * @VTAP_RA_DNS: a name server (RFC 8106 5.1)
 * @VTAP_RA_SEARCH: a domain to search (RFC 8106 5.2)
 */
enum vtap_ra_kind {
	VTAP_RA_PREFIX,
	VTAP_RA_ROUTE,
	VTAP_RA_DNS,
	VTAP_RA_SEARCH,
};

/**
 * struct vtap_ra_item - one of these pieces
 * @kind: which; decides what of the rest is set
 * @prefix_len: of a prefix or route, 0..128
 * @preference: of a route: -1, 0 or 1
 * @onlink: of a prefix: its addresses are on the segment itself
 * @autoconf: of a prefix: addresses may be made of it
 * @lifetime: valid for so many seconds from now, VTAP_LIFETIME_INFINITE for
 *	ever, 0 to take it back
 * @preferred: of a prefix, not above @lifetime
 * @addr: prefix, with zeros behind @prefix_len; name server
 * @name: domain
 */
struct vtap_ra_item {
	enum vtap_ra_kind kind;
	u8 prefix_len;
	s8 preference;
	bool onlink;
	bool autoconf;
	u32 lifetime;
	u32 preferred;
	struct in6_addr addr;
	char name[VTAP_DOMAIN_MAX + 1];
};

/**
 * struct vtap_ra_cursor - where a walk over the pieces is
 * @data: the ICMPv6 message
 * @len: its length
 * @option: offset of the option that the next piece is in, or comes after
 * @at: where in that option to look for the next piece, 0 for its first
 */
struct vtap_ra_cursor {
	const u8 *data;
	size_t len;
	size_t option;
	size_t at;
};

int vtap_ra_parse(const u8 *data, size_t len, struct vtap_ra *ra);
void vtap_ra_begin(struct vtap_ra_cursor *cursor, const u8 *data, size_t len);
bool vtap_ra_next(struct vtap_ra_cursor *cursor, struct vtap_ra_item *item);

#endif
