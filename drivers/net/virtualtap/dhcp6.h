/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DHCP6_H
#define _VTAP_DHCP6_H

#include <linux/in6.h>
#include <linux/types.h>

#include "domain.h"

#define VTAP_DHCP6_CLIENT_PORT	546
#define VTAP_DHCP6_SERVER_PORT	547
#define VTAP_DHCP6_DUID_MAX	130	/* RFC 8415 11.1: a type, 128 bytes */

/* RFC 8415 7.3 */
enum vtap_dhcp6_type {
	VTAP_DHCP6_SOLICIT = 1,
	VTAP_DHCP6_ADVERTISE,
	VTAP_DHCP6_REQUEST,
	VTAP_DHCP6_CONFIRM,
	VTAP_DHCP6_RENEW,
	VTAP_DHCP6_REBIND,
	VTAP_DHCP6_REPLY,
	VTAP_DHCP6_RELEASE,
	VTAP_DHCP6_DECLINE,
	VTAP_DHCP6_RECONFIGURE,
	VTAP_DHCP6_INFORMATION_REQUEST,
	VTAP_DHCP6_RELAY_FORW,
	VTAP_DHCP6_RELAY_REPL,
};

/**
 * enum vtap_dhcp6_kind - what a message tells, piece by piece
 * @VTAP_DHCP6_ADDRESS: address of an IA_NA (RFC 8415 21.6)
 * @VTAP_DHCP6_PREFIX: delegated prefix of an IA_PD (RFC 8415 21.22)
 * @VTAP_DHCP6_DNS: name server (RFC 3646 3)
 * @VTAP_DHCP6_SEARCH: domain to search (RFC 3646 4)
 */
enum vtap_dhcp6_kind {
	VTAP_DHCP6_ADDRESS,
	VTAP_DHCP6_PREFIX,
	VTAP_DHCP6_DNS,
	VTAP_DHCP6_SEARCH,
};

/* As many as anybody has: the rest is not read. */
#define VTAP_DHCP6_IAS		8

/**
 * struct vtap_dhcp6_ia - an identity association (RFC 8415 21.4, 21.21)
 * @kind: what it has: VTAP_DHCP6_ADDRESS or VTAP_DHCP6_PREFIX
 * @iaid: which one, of that kind, of its client
 */
struct vtap_dhcp6_ia {
	u8 kind;
	u32 iaid;
};

/**
 * struct vtap_dhcp6 - a DHCPv6 message of a client or server, checked
 * @type: enum vtap_dhcp6_type; of relays' messages nothing else is set
 * @rapid_commit: it has that option
 * @status: status code of the whole message, 0 (success) without one
 * @xid: transaction id, 24 bits
 * @client_id: offset of the client's DUID in the message, 0 without one
 * @client_id_len: its length, 1..VTAP_DHCP6_DUID_MAX
 * @server_id: offset of the server's DUID in the message, 0 without one
 * @server_id_len: its length, 1..VTAP_DHCP6_DUID_MAX
 * @ias: how many of @ia are set
 * @ia: its identity associations
 */
struct vtap_dhcp6 {
	u8 type;
	bool rapid_commit;
	u16 status;
	u32 xid;
	u16 client_id;
	u16 client_id_len;
	u16 server_id;
	u16 server_id_len;
	u8 ias;
	struct vtap_dhcp6_ia ia[VTAP_DHCP6_IAS];
};

/**
 * struct vtap_dhcp6_item - one of these pieces
 * @kind: which; decides what of the rest is set
 * @prefix_len: of a prefix, 1..128
 * @iaid: of an address or prefix, whose it is
 * @preferred: of an address or prefix, in seconds, not above @valid
 * @valid: of an address or prefix, in seconds; VTAP_LIFETIME_INFINITE of ra.h
 *	for ever, 0 where it is taken back
 * @addr: address; prefix, with zeros behind @prefix_len; name server
 * @name: domain, never empty
 */
struct vtap_dhcp6_item {
	enum vtap_dhcp6_kind kind;
	u8 prefix_len;
	u32 iaid;
	u32 preferred;
	u32 valid;
	struct in6_addr addr;
	char name[VTAP_DOMAIN_MAX + 1];
};

/**
 * struct vtap_dhcp6_cursor - where a walk over the pieces is
 * @data: the UDP payload
 * @len: its length
 * @option: offset of the option that the next piece is in, or comes after
 * @at: offset of the next piece in that option, 0 for its first
 */
struct vtap_dhcp6_cursor {
	const u8 *data;
	size_t len;
	size_t option;
	size_t at;
};

int vtap_dhcp6_parse(const u8 *data, size_t len, struct vtap_dhcp6 *msg);
void vtap_dhcp6_begin(struct vtap_dhcp6_cursor *cursor, const u8 *data,
		      size_t len);
bool vtap_dhcp6_next(struct vtap_dhcp6_cursor *cursor,
		     struct vtap_dhcp6_item *item);

#endif
