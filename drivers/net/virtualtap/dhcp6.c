// SPDX-License-Identifier: GPL-2.0
/* DHCPv6 messages (RFC 8415, 3646). A parser of bytes: it knows of no device
 * and no skb.
 */

#include <linux/errno.h>
#include <linux/in6.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/unaligned.h>

#include "dhcp6.h"

#define HEADER_LEN	4	/* RFC 8415 8: type, transaction id */
#define OPTION_HEADER_LEN	4	/* RFC 8415 21.1: code, length */

/* RFC 8415 21, RFC 3646 */
enum {
	OPT_CLIENT_ID = 1,
	OPT_SERVER_ID = 2,
	OPT_IA_NA = 3,
	OPT_IAADDR = 5,
	OPT_STATUS = 13,
	OPT_RAPID_COMMIT = 14,
	OPT_DNS = 23,
	OPT_SEARCH = 24,
	OPT_IA_PD = 25,
	OPT_IAPREFIX = 26,
};

/* RFC 8415 21.4, 21.21: what IA_NA and IA_PD have before their options. */
struct ia {
	__be32 iaid;
	__be32 t1;
	__be32 t2;
} __packed;

/* RFC 8415 21.6 */
struct iaaddr {
	struct in6_addr addr;
	__be32 preferred;
	__be32 valid;
} __packed;

/* RFC 8415 21.22 */
struct iaprefix {
	__be32 preferred;
	__be32 valid;
	u8 prefix_len;
	struct in6_addr prefix;
} __packed;

/* Where the content of an option is in the message. */
struct option {
	u16 code;
	size_t at;
	size_t end;
};

struct range {
	u8 prefix[sizeof(struct in6_addr)];
	u8 prefix_len;
};

/* Unspecified, loopback, IPv4-mapped, multicast: never an address of somebody
 * on the network (RFC 4291 2.4).
 */
static const struct range special_ranges[] = {
	{ { 0 }, 128 },
	{ { [15] = 1 }, 128 },
	{ { [10] = 0xff, 0xff }, 96 },
	{ { 0xff }, 8 },
};

static const struct range link_local = { { 0xfe, 0x80 }, 10 };

/* Steps over the option at *@at; the only place where lengths are believed.
 * Without another whole one, *@at stays: short of @end or behind it where
 * something is wrong.
 */
static bool next_option(const u8 *data, size_t *at, size_t end,
			struct option *option)
{
	size_t len;

	if (*at > end || end - *at < OPTION_HEADER_LEN)
		return false;
	len = get_unaligned_be16(data + *at + 2);
	if (len > end - *at - OPTION_HEADER_LEN)
		return false;
	option->code = get_unaligned_be16(data + *at);
	option->at = *at + OPTION_HEADER_LEN;
	option->end = option->at + len;
	*at = option->end;
	return true;
}

/* What the options from @at to @end say of the success of what they are in
 * (RFC 8415 21.13). None is success (0); of several, the first failure counts.
 * Returns -EINVAL where they do not fill that place exactly, which may also
 * end before it starts.
 */
static int status_of(const u8 *data, size_t at, size_t end)
{
	struct option option;
	int status = 0;

	while (next_option(data, &at, end, &option)) {
		if (option.code != OPT_STATUS)
			continue;
		if (option.end - option.at < 2)
			return -EINVAL;
		if (!status)
			status = get_unaligned_be16(data + option.at);
	}
	return at == end ? status : -EINVAL;
}

/* Only options of the code @inner, with @fixed bytes before their own options,
 * are looked into. Others have no place here (RFC 8415 table 4) and are skipped
 * as unknown ones are.
 */
static int check_ia(const u8 *data, const struct option *ia, u16 inner,
		    size_t fixed)
{
	size_t at = ia->at + sizeof(struct ia);
	struct option option;

	if (status_of(data, at, ia->end) < 0)
		return -EINVAL;
	while (next_option(data, &at, ia->end, &option)) {
		if (option.code == inner &&
		    status_of(data, option.at + fixed, option.end) < 0)
			return -EINVAL;
	}
	return 0;
}

/* There is just one of each (RFC 8415 21), and its length is bounded (11.1). */
static int read_duid(const struct option *option, u16 *duid, u16 *duid_len)
{
	size_t len = option->end - option->at;

	if (*duid || !len || len > VTAP_DHCP6_DUID_MAX)
		return -EINVAL;
	*duid = option->at;
	*duid_len = len;
	return 0;
}

static int read_ia(const u8 *data, const struct option *option,
		   enum vtap_dhcp6_kind kind, struct vtap_dhcp6 *msg)
{
	const struct ia *ia = (const void *)(data + option->at);
	int err;

	if (kind == VTAP_DHCP6_ADDRESS)
		err = check_ia(data, option, OPT_IAADDR, sizeof(struct iaaddr));
	else
		err = check_ia(data, option, OPT_IAPREFIX,
			       sizeof(struct iaprefix));
	if (err)
		return err;
	if (msg->ias < VTAP_DHCP6_IAS)
		msg->ia[msg->ias++] = (struct vtap_dhcp6_ia){
			.kind = kind, .iaid = get_unaligned_be32(&ia->iaid),
		};
	return 0;
}

static int read_option(const u8 *data, const struct option *option,
		       struct vtap_dhcp6 *msg)
{
	switch (option->code) {
	case OPT_CLIENT_ID:
		return read_duid(option, &msg->client_id, &msg->client_id_len);
	case OPT_SERVER_ID:
		return read_duid(option, &msg->server_id, &msg->server_id_len);
	case OPT_IA_NA:
		return read_ia(data, option, VTAP_DHCP6_ADDRESS, msg);
	case OPT_IA_PD:
		return read_ia(data, option, VTAP_DHCP6_PREFIX, msg);
	case OPT_RAPID_COMMIT:	/* RFC 8415 21.14: of no length */
		msg->rapid_commit |= option->at == option->end;
		return 0;
	default:
		return 0;
	}
}

/* RFC 8415 9: another header, and the message of somebody else inside. */
static bool is_relayed(const u8 *data)
{
	return data[0] == VTAP_DHCP6_RELAY_FORW ||
	       data[0] == VTAP_DHCP6_RELAY_REPL;
}

/**
 * vtap_dhcp6_parse() - parse and check a DHCPv6 message
 * @data: the UDP payload
 * @len: its length
 * @msg: filled, also when the message is refused
 *
 * Every length is checked, also of options inside options, before anything is
 * believed: a message with something malformed in it is refused whole. What is
 * well-formed but makes no sense is left out by vtap_dhcp6_next(). Messages of
 * relays are not looked into.
 *
 * Return: 0, or -EINVAL.
 */
int vtap_dhcp6_parse(const u8 *data, size_t len, struct vtap_dhcp6 *msg)
{
	struct option option;
	size_t at = HEADER_LEN;
	int status;

	memset(msg, 0, sizeof(*msg));
	/* No UDP payload is longer; offsets in @msg rely on it. */
	if (len < HEADER_LEN || len > U16_MAX)
		return -EINVAL;
	if (!data[0] || data[0] > VTAP_DHCP6_RELAY_REPL)
		return -EINVAL;
	msg->type = data[0];
	if (is_relayed(data))
		return 0;
	msg->xid = get_unaligned_be24(data + 1);

	status = status_of(data, at, len);
	if (status < 0)
		return -EINVAL;
	msg->status = status;
	while (next_option(data, &at, len, &option)) {
		if (read_option(data, &option, msg))
			return -EINVAL;
	}
	return 0;
}

/* Is there an address in both? */
static bool overlaps(const u8 *prefix, u8 prefix_len, const struct range *range)
{
	u8 len = min(prefix_len, range->prefix_len);

	if (memcmp(prefix, range->prefix, len / 8))
		return false;
	return len % 8 == 0 ||
	       !((prefix[len / 8] ^ range->prefix[len / 8]) >> (8 - len % 8));
}

static bool is_special(const u8 *prefix, u8 prefix_len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(special_ranges); i++) {
		if (overlaps(prefix, prefix_len, &special_ranges[i]))
			return true;
	}
	return false;
}

static void clear_host_bits(u8 *addr, u8 prefix_len)
{
	size_t i = prefix_len / 8;

	if (prefix_len % 8)
		addr[i++] &= 0xff00 >> prefix_len % 8;
	memset(addr + i, 0, sizeof(struct in6_addr) - i);
}

/* Lifetimes are as sent: 0 takes the address or prefix back. Not preferred for
 * longer than valid (RFC 8415 21.6, 21.22), and link-local addresses are no
 * server's to assign.
 */
static bool is_usable(const struct vtap_dhcp6_item *item, u8 prefix_len)
{
	const u8 *prefix = item->addr.s6_addr;

	return item->preferred <= item->valid &&
	       !is_special(prefix, prefix_len) &&
	       !overlaps(prefix, prefix_len, &link_local);
}

static bool read_address(const u8 *data, const struct option *option,
			 struct vtap_dhcp6_item *item)
{
	const struct iaaddr *iaaddr = (const void *)(data + option->at);

	if (status_of(data, option->at + sizeof(*iaaddr), option->end))
		return false;
	item->kind = VTAP_DHCP6_ADDRESS;
	item->preferred = get_unaligned_be32(&iaaddr->preferred);
	item->valid = get_unaligned_be32(&iaaddr->valid);
	memcpy(&item->addr, &iaaddr->addr, sizeof(item->addr));
	return is_usable(item, 128);
}

static bool read_prefix(const u8 *data, const struct option *option,
			struct vtap_dhcp6_item *item)
{
	const struct iaprefix *iaprefix = (const void *)(data + option->at);

	if (status_of(data, option->at + sizeof(*iaprefix), option->end))
		return false;
	/* With 0 it has every special range in it. */
	if (iaprefix->prefix_len > 128)
		return false;
	item->kind = VTAP_DHCP6_PREFIX;
	item->prefix_len = iaprefix->prefix_len;
	item->preferred = get_unaligned_be32(&iaprefix->preferred);
	item->valid = get_unaligned_be32(&iaprefix->valid);
	memcpy(&item->addr, &iaprefix->prefix, sizeof(item->addr));
	clear_host_bits(item->addr.s6_addr, item->prefix_len);
	return is_usable(item, item->prefix_len);
}

/* Not when the server has refused it, nor with a T1 behind T2, where 0 leaves
 * the choice to the client (RFC 8415 21.4, 21.21).
 */
static bool ia_is_usable(const u8 *data, const struct option *option)
{
	const struct ia *ia = (const void *)(data + option->at);
	u32 t1, t2;

	if (status_of(data, option->at + sizeof(*ia), option->end))
		return false;
	t1 = get_unaligned_be32(&ia->t1);
	t2 = get_unaligned_be32(&ia->t2);
	return !t1 || !t2 || t1 <= t2;
}

/* The whole IA is looked at once, when it is entered: a long one takes no
 * longer for having many addresses.
 */
static bool next_in_ia(struct vtap_dhcp6_cursor *cursor,
		       const struct option *ia, struct vtap_dhcp6_item *item)
{
	const u8 *data = cursor->data;
	struct option option;

	item->iaid = get_unaligned_be32(data + ia->at +
					offsetof(struct ia, iaid));
	if (!cursor->at) {
		if (!ia_is_usable(data, ia))
			return false;
		cursor->at = ia->at + sizeof(struct ia);
	}
	while (next_option(data, &cursor->at, ia->end, &option)) {
		if (ia->code == OPT_IA_NA && option.code == OPT_IAADDR &&
		    read_address(data, &option, item))
			return true;
		if (ia->code == OPT_IA_PD && option.code == OPT_IAPREFIX &&
		    read_prefix(data, &option, item))
			return true;
	}
	return false;
}

/* RFC 3646 3: addresses and nothing else. A link-local one is good here. */
static bool next_dns(struct vtap_dhcp6_cursor *cursor,
		     const struct option *option, struct vtap_dhcp6_item *item)
{
	if ((option->end - option->at) % sizeof(item->addr))
		return false;
	if (!cursor->at)
		cursor->at = option->at;
	item->kind = VTAP_DHCP6_DNS;
	while (cursor->at < option->end) {
		memcpy(&item->addr, cursor->data + cursor->at,
		       sizeof(item->addr));
		cursor->at += sizeof(item->addr);
		if (!is_special(item->addr.s6_addr, 128))
			return true;
	}
	return false;
}

/* RFC 3646 4. Where a name cannot be decoded, the next one cannot be found. */
static bool next_name(struct vtap_dhcp6_cursor *cursor,
		      const struct option *option, struct vtap_dhcp6_item *item)
{
	int len;

	if (!cursor->at)
		cursor->at = option->at;
	item->kind = VTAP_DHCP6_SEARCH;
	while (cursor->at < option->end) {
		len = vtap_domain_decode(cursor->data + cursor->at,
					 option->end - cursor->at, item->name);
		if (len < 0)
			return false;
		cursor->at += len;
		if (item->name[0])
			return true;
	}
	return false;
}

static bool next_in_option(struct vtap_dhcp6_cursor *cursor,
			   const struct option *option,
			   struct vtap_dhcp6_item *item)
{
	switch (option->code) {
	case OPT_IA_NA:
	case OPT_IA_PD:
		return next_in_ia(cursor, option, item);
	case OPT_DNS:
		return next_dns(cursor, option, item);
	case OPT_SEARCH:
		return next_name(cursor, option, item);
	default:
		return false;
	}
}

/**
 * vtap_dhcp6_begin() - start a walk over the pieces of a message
 * @cursor: initialised
 * @data: a message that vtap_dhcp6_parse() accepted; must stay
 * @len: its length
 *
 * A relay's message has no pieces.
 */
void vtap_dhcp6_begin(struct vtap_dhcp6_cursor *cursor, const u8 *data,
		      size_t len)
{
	cursor->data = data;
	cursor->len = len;
	cursor->option = len && is_relayed(data) ? len : HEADER_LEN;
	cursor->at = 0;
}

/**
 * vtap_dhcp6_next() - the next piece of a message
 * @cursor: of vtap_dhcp6_begin()
 * @item: set to it; after the last, of no meaning
 *
 * In the order of the message. Left out is what is refused by the server, what
 * RFC 8415 has clients discard, and addresses that nobody can have.
 *
 * Return: is there one?
 */
bool vtap_dhcp6_next(struct vtap_dhcp6_cursor *cursor,
		     struct vtap_dhcp6_item *item)
{
	size_t at = cursor->option;
	struct option option;

	while (next_option(cursor->data, &at, cursor->len, &option)) {
		if (next_in_option(cursor, &option, item))
			return true;
		cursor->option = at;
		cursor->at = 0;
	}
	return false;
}
