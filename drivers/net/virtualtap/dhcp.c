// SPDX-License-Identifier: GPL-2.0
/* DHCPv4 messages (RFC 2131, 2132, 3396, 3442, 4039). A parser of bytes: it
 * knows of no device and no skb.
 */

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "dhcp.h"

#define DHCP_COOKIE	0x63825363

/* RFC 2132 */
enum {
	OPT_PAD = 0,
	OPT_SUBNET_MASK = 1,
	OPT_ROUTER = 3,
	OPT_DNS = 6,
	OPT_DOMAIN = 15,
	OPT_MTU = 26,
	OPT_REQUESTED = 50,
	OPT_LEASE = 51,
	OPT_OVERLOAD = 52,
	OPT_TYPE = 53,
	OPT_SERVER = 54,
	OPT_RENEWAL = 58,
	OPT_REBINDING = 59,
	OPT_CLIENT_ID = 61,
	OPT_RAPID_COMMIT = 80,
	OPT_ROUTES = 121,
	OPT_END = 255,
};

#define OVERLOAD_FILE	1
#define OVERLOAD_SNAME	2

/* A joined option longer than this is nothing we can use. */
#define OPTION_MAX	512
#define ABSENT		-1
#define TOO_LONG	-2

/* Where options may be: the end of the message, then file, then sname. */
struct area {
	const u8 *data;
	size_t len;
};

struct options {
	struct area area[3];
	unsigned int areas;
};

/* Every option must lie inside its area, and an END must close it. */
static int check_area(const struct area *area)
{
	size_t i = 0;

	while (i < area->len) {
		u8 code = area->data[i++];

		if (code == OPT_END)
			return 0;
		if (code == OPT_PAD)
			continue;
		if (i == area->len || area->data[i] > area->len - i - 1)
			return -EINVAL;
		i += 1 + area->data[i];
	}
	return -EINVAL;
}

/* Join all parts of an option (RFC 3396). Its first part is at *@first, where
 * that is asked for. Returns the length, or ABSENT, or TOO_LONG.
 */
static int join_option(const struct options *options, u8 code, u8 *to,
		       const u8 **first)
{
	bool found = false;
	size_t len = 0;
	unsigned int a;

	for (a = 0; a < options->areas; a++) {
		const u8 *p = options->area[a].data;

		/* check_area() saw that all lies inside. */
		while (*p != OPT_END) {
			if (*p == OPT_PAD) {
				p++;
				continue;
			}
			if (*p == code) {
				if (len + p[1] > OPTION_MAX)
					return TOO_LONG;
				memcpy(to + len, p + 2, p[1]);
				if (!found && first)
					*first = p + 2;
				len += p[1];
				found = true;
			}
			p += 2 + p[1];
		}
	}
	return found ? len : ABSENT;
}

static int find_options(const u8 *data, size_t len, struct options *options)
{
	const struct vtap_bootp *bootp = (const struct vtap_bootp *)data;
	u8 buf[OPTION_MAX];
	int n;

	options->area[0].data = data + sizeof(*bootp);
	options->area[0].len = len - sizeof(*bootp);
	options->areas = 1;
	if (check_area(&options->area[0]))
		return -EINVAL;

	n = join_option(options, OPT_OVERLOAD, buf, NULL);
	if (n < 0)
		return 0;
	if (n != 1 || buf[0] < 1 || buf[0] > 3)
		return -EINVAL;
	if (buf[0] & OVERLOAD_FILE) {
		options->area[options->areas].data = bootp->file;
		options->area[options->areas++].len = sizeof(bootp->file);
	}
	if (buf[0] & OVERLOAD_SNAME) {
		options->area[options->areas].data = bootp->sname;
		options->area[options->areas++].len = sizeof(bootp->sname);
	}
	for (n = 1; n < options->areas; n++) {
		if (check_area(&options->area[n]))
			return -EINVAL;
	}
	return 0;
}

/* A length other than the right one is no such option. */
static u32 get_u32_option(const struct options *options, u8 code, u8 *buf)
{
	return join_option(options, code, buf, NULL) == 4 ?
	       get_unaligned_be32(buf) : 0;
}

static __be32 get_addr_option(const struct options *options, u8 code, u8 *buf)
{
	int len = join_option(options, code, buf, NULL);

	return len >= 4 && len % 4 == 0 ?
	       get_unaligned((const __be32 *)buf) : 0;
}

/* A mask with holes is none. */
static u8 mask_to_prefix(u32 mask)
{
	u8 len = hweight32(mask);

	return len && mask == ~0U << (32 - len) ? len : 32;
}

/* RFC 3442: (prefix length, its significant bytes, router) ... When the option
 * is there, the router option is not looked at.
 */
static __be32 default_route(const u8 *p, int len)
{
	__be32 gateway = 0;

	while (len > 0) {
		u8 prefix_len = *p;
		int n = 1 + DIV_ROUND_UP(prefix_len, 8) + 4;

		if (prefix_len > 32 || n > len)
			return 0;
		if (!prefix_len && !gateway)
			gateway = get_unaligned((const __be32 *)(p + 1));
		p += n;
		len -= n;
	}
	return gateway;
}

static void get_domain(const u8 *p, int len, char *domain)
{
	while (len > 0 && !p[len - 1])
		len--;
	if (len < 1 || len > VTAP_DOMAIN_MAX || !vtap_domain_is_plain(p, len))
		return;
	memcpy(domain, p, len);
	domain[len] = '\0';
}

static void get_dns(const struct options *options, u8 *buf,
		    struct vtap_dhcp *msg)
{
	int len = join_option(options, OPT_DNS, buf, NULL);
	int i;

	if (len < 4 || len % 4)
		return;
	for (i = 0; i < len / 4 && i < VTAP_DHCP_DNS_MAX; i++)
		msg->dns[i] = get_unaligned((const __be32 *)(buf + 4 * i));
	msg->dns_count = i;
}

/**
 * vtap_dhcp_parse() - parse and check a DHCP message
 * @data: the UDP payload
 * @len: its length
 * @msg: filled, also when the message is refused
 *
 * Every length is checked before any option is believed; a message without END
 * or without a type is refused whole. Addresses are as sent: whether they make
 * sense is the caller's to say.
 *
 * Return: 0, or -EINVAL.
 */
int vtap_dhcp_parse(const u8 *data, size_t len, struct vtap_dhcp *msg)
{
	const struct vtap_bootp *bootp = (const struct vtap_bootp *)data;
	struct options options;
	u8 buf[OPTION_MAX];
	const u8 *first;
	u32 mask;
	int n;

	memset(msg, 0, sizeof(*msg));
	if (len < sizeof(*bootp) ||
	    get_unaligned_be32(&bootp->cookie) != DHCP_COOKIE)
		return -EINVAL;
	if (find_options(data, len, &options))
		return -EINVAL;
	if (join_option(&options, OPT_TYPE, buf, NULL) != 1)
		return -EINVAL;
	msg->type = buf[0];
	msg->address = bootp->yiaddr;
	msg->ciaddr = bootp->ciaddr;

	mask = get_u32_option(&options, OPT_SUBNET_MASK, buf);
	msg->prefix_len = mask_to_prefix(mask);
	msg->requested = get_addr_option(&options, OPT_REQUESTED, buf);
	msg->server = get_addr_option(&options, OPT_SERVER, buf);
	msg->lease = get_u32_option(&options, OPT_LEASE, buf);
	msg->renewal = get_u32_option(&options, OPT_RENEWAL, buf);
	msg->rebinding = get_u32_option(&options, OPT_REBINDING, buf);
	msg->rapid_commit = !join_option(&options, OPT_RAPID_COMMIT, buf, NULL);
	if (join_option(&options, OPT_MTU, buf, NULL) == 2)
		msg->mtu = get_unaligned_be16(buf);
	if (msg->mtu < 68)	/* RFC 2132 5.1 */
		msg->mtu = 0;
	get_dns(&options, buf, msg);
	n = join_option(&options, OPT_DOMAIN, buf, NULL);
	get_domain(buf, n, msg->domain);

	/* RFC 3442: with routes, which have 5 bytes at least, no router. */
	n = join_option(&options, OPT_ROUTES, buf, NULL);
	if (n >= 5)
		msg->gateway = default_route(buf, n);
	else if (n != TOO_LONG)
		msg->gateway = get_addr_option(&options, OPT_ROUTER, buf);

	n = join_option(&options, OPT_CLIENT_ID, buf, &first);
	if (n > 0 && n <= U8_MAX && first[-1] == n) {
		msg->client_id = first - data;
		msg->client_id_len = n;
	}
	return 0;
}
