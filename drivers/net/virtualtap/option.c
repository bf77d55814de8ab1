// SPDX-License-Identifier: GPL-2.0
/* Options of a host end: one table for netlink and sysfs. */

#include <linux/inet.h>
#include <linux/kstrtox.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>
#include <uapi/linux/virtualtap.h>

#include "device.h"
#include "option.h"

static struct netlink_range_validation neigh_max_range = {
	.min = 16, .max = 65536,
};

static struct netlink_range_validation neigh_timeout_range = {
	.min = 1, .max = 86400,
};

const struct nla_policy vtap_option_policy[IFLA_VIRTUALTAP_MAX + 1] = {
	/* As veth's: marked as nested or not. */
	[IFLA_VIRTUALTAP_PEER] = { .len = sizeof(struct ifinfomsg) },
	[IFLA_VIRTUALTAP_RESOLVE] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VIRTUALTAP_ANNOUNCE] = NLA_POLICY_MAX(NLA_U8, 10),
	[IFLA_VIRTUALTAP_DEFEND] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VIRTUALTAP_LEARNING] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VIRTUALTAP_GATEWAY4] = NLA_POLICY_EXACT_LEN(sizeof(__be32)),
	[IFLA_VIRTUALTAP_NEIGH_MAX] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &neigh_max_range),
	[IFLA_VIRTUALTAP_NEIGH_TIMEOUT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &neigh_timeout_range),
};

static void resolve_changed(struct vtap_port *port)
{
	if (!READ_ONCE(port->neigh.resolve))
		vtap_neigh_flush(&port->neigh);
}

static void learning_changed(struct vtap_port *port)
{
	if (!vtap_option(port, learning))
		vtap_learn_forget(&port->learned);
}

static void neigh_max_changed(struct vtap_port *port)
{
	vtap_neigh_shrink(&port->neigh);
}

#define OPTION(_name, _attr, _kind, _member, _initial, _changed) {	\
	.name = _name,							\
	.attr = IFLA_VIRTUALTAP_##_attr,				\
	.kind = VTAP_OPTION_##_kind,					\
	.offset = offsetof(struct vtap_port, _member),			\
	.initial = _initial,						\
	.changed = _changed,						\
}

const struct vtap_option_info vtap_option_table[VTAP_OPTIONS] = {
	[VTAP_OPT_RESOLVE] =
	OPTION("resolve", RESOLVE, BOOL, neigh.resolve, 1, resolve_changed),
	[VTAP_OPT_ANNOUNCE] =
	OPTION("announce", ANNOUNCE, U8, opt.announce, 3, NULL),
	[VTAP_OPT_DEFEND] =
	OPTION("defend", DEFEND, BOOL, opt.defend, 0, NULL),
	[VTAP_OPT_LEARNING] =
	OPTION("learning", LEARNING, BOOL, opt.learning, 1, learning_changed),
	[VTAP_OPT_GATEWAY4] =
	OPTION("gateway4", GATEWAY4, ADDR4, opt.gateway4, 0, NULL),
	[VTAP_OPT_NEIGH_MAX] =
	OPTION("neigh_max", NEIGH_MAX, U32, neigh.max, 1024,
	       neigh_max_changed),
	[VTAP_OPT_NEIGH_TIMEOUT] =
	OPTION("neigh_timeout", NEIGH_TIMEOUT, U32, neigh.timeout, 300, NULL),
};

/* Every option is a u32: value_of() relies on it. */
static_assert(sizeof_field(struct vtap_port, neigh.resolve) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, neigh.max) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, neigh.timeout) == sizeof(u32));

static u32 *value_of(struct vtap_port *port,
		     const struct vtap_option_info *info)
{
	return (u32 *)((char *)port + info->offset);
}

static u32 read_value(const struct vtap_port *port,
		      const struct vtap_option_info *info)
{
	return READ_ONCE(*value_of((struct vtap_port *)port, info));
}

/**
 * vtap_option_defaults() - give a new host end its options
 * @port: host end, not registered
 */
void vtap_option_defaults(struct vtap_port *port)
{
	unsigned int i;

	for (i = 0; i < VTAP_OPTIONS; i++)
		*value_of(port, &vtap_option_table[i]) =
			vtap_option_table[i].initial;
}

/**
 * vtap_option_check() - check what the policy cannot
 * @data: attributes that passed vtap_option_policy, or NULL
 * @extack: for the refusal
 *
 * Return: 0 or -EINVAL.
 */
int vtap_option_check(struct nlattr *data[], struct netlink_ext_ack *extack)
{
	const struct nlattr *gateway;
	__be32 addr;

	if (!data || !data[IFLA_VIRTUALTAP_GATEWAY4])
		return 0;
	gateway = data[IFLA_VIRTUALTAP_GATEWAY4];
	addr = nla_get_in_addr(gateway);
	if (addr && (ipv4_is_zeronet(addr) || ipv4_is_loopback(addr) ||
		     ipv4_is_multicast(addr) || ntohl(addr) >= 0xf0000000)) {
		NL_SET_ERR_MSG_ATTR(extack, gateway,
				    "Gateway must be a unicast address");
		return -EINVAL;
	}
	return 0;
}

static u32 attr_value(const struct nlattr *attr,
		      enum vtap_option_kind kind)
{
	switch (kind) {
	case VTAP_OPTION_BOOL:
	case VTAP_OPTION_U8:
		return nla_get_u8(attr);
	default:
		return nla_get_u32(attr);
	}
}

/**
 * vtap_option_apply() - set options
 * @port: host end
 * @data: attributes that passed vtap_option_check(), or NULL
 *
 * Context: RTNL.
 */
void vtap_option_apply(struct vtap_port *port, struct nlattr *data[])
{
	unsigned int i;

	for (i = 0; data && i < VTAP_OPTIONS; i++) {
		const struct vtap_option_info *info = &vtap_option_table[i];
		u32 value;

		if (!data[info->attr])
			continue;
		value = attr_value(data[info->attr], info->kind);
		if (value == read_value(port, info))
			continue;
		WRITE_ONCE(*value_of(port, info), value);
		/* Nothing to follow before the host end is registered. */
		if (info->changed && port->dev)
			info->changed(port);
	}
}

/**
 * vtap_option_size() - room that vtap_option_fill() needs, in bytes
 */
size_t vtap_option_size(void)
{
	return VTAP_OPTIONS * nla_total_size(sizeof(u32));
}

/**
 * vtap_option_fill() - put the options of a host end into a message
 * @skb: message
 * @port: host end
 *
 * Return: 0 or -EMSGSIZE.
 */
int vtap_option_fill(struct sk_buff *skb, const struct vtap_port *port)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < VTAP_OPTIONS && !err; i++) {
		const struct vtap_option_info *info = &vtap_option_table[i];
		u32 value = read_value(port, info);

		if (info->kind == VTAP_OPTION_BOOL ||
		    info->kind == VTAP_OPTION_U8)
			err = nla_put_u8(skb, info->attr, value);
		else
			err = nla_put_u32(skb, info->attr, value);
	}
	return err;
}

/**
 * vtap_option_print() - an option's value for people
 * @port: host end
 * @info: option
 * @buf: a page, as sysfs has it
 *
 * Return: length of the text.
 */
int vtap_option_print(const struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf)
{
	u32 value = read_value(port, info);

	switch (info->kind) {
	case VTAP_OPTION_BOOL:
		return sysfs_emit(buf, "%s\n", value ? "on" : "off");
	case VTAP_OPTION_ADDR4:
		return value ? sysfs_emit(buf, "%pI4\n", &value) :
			       sysfs_emit(buf, "none\n");
	default:
		return sysfs_emit(buf, "%u\n", value);
	}
}

static int parse_value(enum vtap_option_kind kind, const char *text, u32 *value)
{
	const char *end;
	u8 small;

	switch (kind) {
	case VTAP_OPTION_BOOL:
		*value = sysfs_streq(text, "on") || sysfs_streq(text, "1");
		return *value || sysfs_streq(text, "off") ||
		       sysfs_streq(text, "0") ? 0 : -EINVAL;
	case VTAP_OPTION_U8:
		if (kstrtou8(text, 10, &small))
			return -EINVAL;
		*value = small;
		return 0;
	case VTAP_OPTION_U32:
		return kstrtou32(text, 10, value) ? -EINVAL : 0;
	case VTAP_OPTION_ADDR4:
		if (sysfs_streq(text, "none")) {
			*value = 0;
			return 0;
		}
		if (!in4_pton(text, -1, (u8 *)value, '\n', &end) ||
		    !*value || !(*end == '\0' || *end == '\n'))
			return -EINVAL;
		return 0;
	}
	return -EINVAL;
}

/**
 * vtap_option_set() - set an option from text
 * @port: host end
 * @info: option
 * @text: its value, as vtap_option_print() has it
 *
 * Goes the way of netlink: the same policy and checks say no.
 *
 * Context: RTNL.
 * Return: 0 or a negative error; then nothing changed.
 */
int vtap_option_set(struct vtap_port *port,
		    const struct vtap_option_info *info, const char *text)
{
	struct nlattr *data[IFLA_VIRTUALTAP_MAX + 1] = { NULL };
	struct {
		struct nlattr head;
		union {
			u8 small;
			u32 value;
		};
	} attr = {};
	u32 value;
	int err;

	err = parse_value(info->kind, text, &value);
	if (err)
		return err;
	attr.head.nla_type = info->attr;
	if (info->kind == VTAP_OPTION_BOOL || info->kind == VTAP_OPTION_U8) {
		attr.head.nla_len = nla_attr_size(sizeof(attr.small));
		attr.small = value;
	} else {
		attr.head.nla_len = nla_attr_size(sizeof(attr.value));
		attr.value = value;
	}
	err = nla_validate(&attr.head, nla_total_size(sizeof(u32)),
			   IFLA_VIRTUALTAP_MAX, vtap_option_policy, NULL);
	if (err)
		return -EINVAL;
	data[info->attr] = &attr.head;
	err = vtap_option_check(data, NULL);
	if (err)
		return err;
	vtap_option_apply(port, data);
	return 0;
}
