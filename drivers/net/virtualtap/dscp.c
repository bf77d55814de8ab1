// SPDX-License-Identifier: GPL-2.0
/* Differentiated services: what packets are counted as, and how the host's are
 * remarked.
 */

#include <linux/ctype.h>
#include <linux/kstrtox.h>
#include <linux/sysfs.h>
#include <net/inet_ecn.h>
#include <net/netlink.h>
#include <net/route.h>

#include "device.h"
#include "option.h"

static_assert(VIRTUALTAP_DSCP_MAP_MAX == VTAP_DSCP_POINTS);
static_assert(VIRTUALTAP_DSCP_PRESERVE >= VTAP_DSCP_POINTS);

/**
 * vtap_dscp_priority() - 802.1Q priority of a code point
 * @dscp: 0..63
 *
 * As figure 1 of RFC 8325 has it; less than best effort below best effort.
 */
u8 vtap_dscp_priority(u8 dscp)
{
	static const u8 priority[VTAP_DSCP_CLASSES] = {
		[VTAP_DSCP_CS7] = 7,
		[VTAP_DSCP_CS6] = 7,
		[VTAP_DSCP_EF] = 6,
		[VTAP_DSCP_VA] = 6,
		[VTAP_DSCP_CS5] = 5,
		[VTAP_DSCP_AF4X] = 4,
		[VTAP_DSCP_CS4] = 4,
		[VTAP_DSCP_AF3X] = 4,
		[VTAP_DSCP_CS3] = 4,
		[VTAP_DSCP_AF2X] = 3,
		[VTAP_DSCP_CS2] = 0,
		[VTAP_DSCP_AF1X] = 0,
		[VTAP_DSCP_BE] = 0,
		[VTAP_DSCP_OTHER] = 0,
		[VTAP_DSCP_CS1] = 1,
		[VTAP_DSCP_LE] = 1,
	};

	return priority[vtap_dscp_class(dscp)];
}

/* RFC 3168 5: the ECN bits are not ours. */
static int remark(struct sk_buff *skb, u8 dscp)
{
	bool ipv4 = skb->protocol == htons(ETH_P_IP);
	u8 field = dscp << VTAP_DSCP_SHIFT;
	int err;

	/* Who has a clone of it, has not asked for another DSCP. */
	err = skb_ensure_writable(skb, ipv4 ? sizeof(struct iphdr) :
					      sizeof(struct ipv6hdr));
	if (err)
		return err;
	if (ipv4) {
		ipv4_change_dsfield(ip_hdr(skb), INET_ECN_MASK, field);
	} else {
		/* Unlike IPv4's, it has no checksum that makes up for it. */
		skb_postpull_rcsum(skb, ipv6_hdr(skb), sizeof(__be32));
		ipv6_change_dsfield(ipv6_hdr(skb), INET_ECN_MASK, field);
		skb_postpush_rcsum(skb, ipv6_hdr(skb), sizeof(__be32));
	}
	skb->priority = rt_tos2priority(vtap_dscp_field(skb));
	return 0;
}

/**
 * vtap_dscp_tx() - remark a packet of the host, and count it
 * @port: host end
 * @skb: packet, data at the IP header, which is in the linear part. May
 *	reallocate @skb->head
 *
 * To be called once for each packet. The header is written only where its code
 * point changes; the packet's priority is then that of the new one.
 *
 * Context: BH off.
 * Return: VTAP_CONTINUE or VTAP_TX_DROP_NOMEM.
 */
enum vtap_verdict vtap_dscp_tx(struct vtap_port *port, struct sk_buff *skb)
{
	u8 from = vtap_dscp_field(skb) >> VTAP_DSCP_SHIFT;
	u8 to = READ_ONCE(port->dscp.to[from]);

	if (unlikely(to != from) && remark(skb, to))
		return VTAP_TX_DROP_NOMEM;
	vtap_count(port->stats, VTAP_STAT_DSCP_TX + vtap_dscp_class(to));
	return VTAP_CONTINUE;
}

static void update(struct vtap_dscp *dscp)
{
	bool preserve = dscp->all == VIRTUALTAP_DSCP_PRESERVE;
	unsigned int i;

	for (i = 0; i < VTAP_DSCP_POINTS; i++)
		WRITE_ONCE(dscp->to[i], preserve ? dscp->map[i] : dscp->all);
}

/* Of pairs, as the attribute has them; those not named stay as they are. */
static void set_map(struct vtap_dscp *dscp, const u8 *pairs, unsigned int len)
{
	u8 map[VTAP_DSCP_POINTS];
	unsigned int i;

	for (i = 0; i < VTAP_DSCP_POINTS; i++)
		map[i] = i;
	for (i = 0; i < len; i += 2)
		map[pairs[i]] = pairs[i + 1];
	for (i = 0; i < VTAP_DSCP_POINTS; i++)
		WRITE_ONCE(dscp->map[i], map[i]);
	update(dscp);
}

/* The pairs that change something; returns their length. */
static unsigned int get_map(const struct vtap_dscp *dscp, u8 *pairs)
{
	unsigned int i, len = 0;

	for (i = 0; i < VTAP_DSCP_POINTS; i++) {
		u8 to = READ_ONCE(dscp->map[i]);

		if (to == i)
			continue;
		pairs[len++] = i;
		pairs[len++] = to;
	}
	return len;
}

/**
 * vtap_dscp_init() - remark nothing
 * @dscp: of a new host end
 */
void vtap_dscp_init(struct vtap_dscp *dscp)
{
	dscp->all = VIRTUALTAP_DSCP_PRESERVE;
	set_map(dscp, NULL, 0);
}

/* Option ``dscp`` */

static int parse_dscp(const struct vtap_option_info *info, const char *text,
		      void *value)
{
	u8 *dscp = value;

	if (sysfs_streq(text, "preserve"))
		*dscp = VIRTUALTAP_DSCP_PRESERVE;
	else if (kstrtou8(text, 10, dscp) || *dscp >= VTAP_DSCP_POINTS)
		return -EINVAL;
	return sizeof(*dscp);
}

static int apply_dscp(struct vtap_port *port,
		      const struct vtap_option_info *info,
		      const struct nlattr *attr)
{
	WRITE_ONCE(port->dscp.all, nla_get_u8(attr));
	update(&port->dscp);
	return 0;
}

static int fill_dscp(struct sk_buff *skb, struct vtap_port *port,
		     const struct vtap_option_info *info)
{
	return nla_put_u8(skb, info->attr, READ_ONCE(port->dscp.all));
}

static int print_dscp(struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf)
{
	u8 all = READ_ONCE(port->dscp.all);

	return all == VIRTUALTAP_DSCP_PRESERVE ?
	       sysfs_emit(buf, "preserve\n") : sysfs_emit(buf, "%u\n", all);
}

const struct vtap_option_kind vtap_dscp_kind = {
	.size = sizeof(u8), .parse = parse_dscp, .apply = apply_dscp,
	.fill = fill_dscp, .print = print_dscp,
};

/* Option ``dscp_map`` */

/* A code point, nothing in front of it; moves @text behind it. */
static int parse_point(const char **text, u8 *point)
{
	unsigned int n = 0;

	if (!isdigit(**text))
		return -EINVAL;
	for (; isdigit(**text); ++*text) {
		n = 10 * n + **text - '0';
		if (n >= VTAP_DSCP_POINTS)
			return -EINVAL;
	}
	*point = n;
	return 0;
}

/* FROM:TO, commas between them, or "identity". */
static int parse_map(const struct vtap_option_info *info, const char *text,
		     void *value)
{
	u8 *pairs = value;
	int len = 0;

	if (sysfs_streq(text, "identity"))
		return 0;
	for (;; text++) {
		if (len == VTAP_DSCP_MAP_BYTES ||
		    parse_point(&text, &pairs[len]) || *text++ != ':' ||
		    parse_point(&text, &pairs[len + 1]))
			return -EINVAL;
		len += 2;
		if (*text != ',')
			return sysfs_streq(text, "") ? len : -EINVAL;
	}
}

static int apply_map(struct vtap_port *port,
		     const struct vtap_option_info *info,
		     const struct nlattr *attr)
{
	set_map(&port->dscp, nla_data(attr), nla_len(attr));
	return 0;
}

static int fill_map(struct sk_buff *skb, struct vtap_port *port,
		    const struct vtap_option_info *info)
{
	u8 pairs[VTAP_DSCP_MAP_BYTES];

	return nla_put(skb, info->attr, get_map(&port->dscp, pairs), pairs);
}

static int print_map(struct vtap_port *port,
		     const struct vtap_option_info *info, char *buf)
{
	u8 pairs[VTAP_DSCP_MAP_BYTES];
	unsigned int i, n = get_map(&port->dscp, pairs);
	int len = 0;

	for (i = 0; i < n; i += 2)
		len += sysfs_emit_at(buf, len, "%s%u:%u", i ? "," : "",
				     pairs[i], pairs[i + 1]);
	return len + sysfs_emit_at(buf, len, len ? "\n" : "identity\n");
}

const struct vtap_option_kind vtap_dscp_map_kind = {
	.size = VTAP_DSCP_MAP_BYTES, .parse = parse_map, .apply = apply_map,
	.fill = fill_map, .print = print_map,
};

/**
 * vtap_dscp_check_map() - check what the policy cannot
 * @attr: IFLA_VIRTUALTAP_DSCP_MAP
 * @extack: for the refusal
 *
 * Return: 0 or -EINVAL.
 */
int vtap_dscp_check_map(const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	const u8 *pairs = nla_data(attr);
	u64 named = 0;
	int i;

	if (nla_len(attr) % 2) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "DSCP map must be pairs of bytes");
		return -EINVAL;
	}
	for (i = 0; i < nla_len(attr); i += 2) {
		if (pairs[i] >= VTAP_DSCP_POINTS ||
		    pairs[i + 1] >= VTAP_DSCP_POINTS) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "DSCP must be 0..63");
			return -EINVAL;
		}
		if (named & BIT_ULL(pairs[i])) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "DSCP mapped twice");
			return -EINVAL;
		}
		named |= BIT_ULL(pairs[i]);
	}
	return 0;
}
