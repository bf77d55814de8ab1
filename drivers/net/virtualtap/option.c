// SPDX-License-Identifier: GPL-2.0
/* Options of a host end: one table for netlink and sysfs. */

#include <linux/ctype.h>
#include <linux/hex.h>
#include <linux/if_vlan.h>
#include <linux/inet.h>
#include <linux/kstrtox.h>
#include <linux/rtnetlink.h>
#include <linux/sysfs.h>
#include <net/ipv6.h>
#include <uapi/linux/virtualtap.h>

#include "conntrack.h"
#include "device.h"
#include "option.h"
#include "trusted.h"

#define TRUSTED_BYTES	(VIRTUALTAP_TRUSTED_MAX * ETH_ALEN)

static struct netlink_range_validation neigh_max_range = {
	.min = 16, .max = 65536,
};

static struct netlink_range_validation neigh_timeout_range = {
	.min = 1, .max = 86400,
};

static struct netlink_range_validation frag_max_range = {
	.min = 1, .max = 65536,
};

static struct netlink_range_validation frag_timeout_range = {
	.min = 1, .max = 120,
};

static struct netlink_range_validation gateway_probe_range = {
	.min = 0, .max = 3600,
};

static struct netlink_range_validation dns_max_range = {
	.min = 16, .max = 65536,
};

static struct netlink_range_validation dns_ttl_max_range = {
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
	[IFLA_VIRTUALTAP_GATEWAY6] =
		NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_VIRTUALTAP_REASSEMBLY] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VIRTUALTAP_FRAG_MAX] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &frag_max_range),
	[IFLA_VIRTUALTAP_FRAG_TIMEOUT] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &frag_timeout_range),
	[IFLA_VIRTUALTAP_VLAN] = NLA_POLICY_RANGE(NLA_U16, 1, VLAN_VID_MASK - 1),
	[IFLA_VIRTUALTAP_VLAN_PROTOCOL] = { .type = NLA_U16 },
	[IFLA_VIRTUALTAP_MODE] = NLA_POLICY_MAX(NLA_U8, VIRTUALTAP_MODE_ETHER),
	[IFLA_VIRTUALTAP_TRUSTED] = { .type = NLA_BINARY, .len = TRUSTED_BYTES },
	[IFLA_VIRTUALTAP_DSCP] =
		NLA_POLICY_MAX(NLA_U8, VIRTUALTAP_DSCP_PRESERVE),
	[IFLA_VIRTUALTAP_DSCP_MAP] = {
		.type = NLA_BINARY, .len = VTAP_DSCP_MAP_BYTES,
	},
	[IFLA_VIRTUALTAP_VLAN_QOS] =
		NLA_POLICY_MAX(NLA_U8, VIRTUALTAP_VLAN_QOS_DSCP),
	[IFLA_VIRTUALTAP_GATEWAY_PROBE] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &gateway_probe_range),
	[IFLA_VIRTUALTAP_CARRIER] =
		NLA_POLICY_MAX(NLA_U8, VIRTUALTAP_CARRIER_MAX),
	[IFLA_VIRTUALTAP_DNS_CACHE] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VIRTUALTAP_DNS_MAX] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &dns_max_range),
	[IFLA_VIRTUALTAP_DNS_TTL_MAX] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &dns_ttl_max_range),
	[IFLA_VIRTUALTAP_CONNTRACK] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_VIRTUALTAP_CT_ZONE] = NLA_POLICY_MIN(NLA_U16, 1),
};

/* What most options are: a u32 of the host end. */

static u32 *value_of(struct vtap_port *port,
		     const struct vtap_option_info *info)
{
	return (u32 *)((char *)port + info->offset);
}

/* Nothing has to follow before the host end is registered. */
static void tell_changed(struct vtap_port *port,
			 const struct vtap_option_info *info)
{
	if (info->changed && port->dev)
		info->changed(port);
}

static void set_value(struct vtap_port *port,
		      const struct vtap_option_info *info, u32 value)
{
	if (value == *value_of(port, info))
		return;
	WRITE_ONCE(*value_of(port, info), value);
	tell_changed(port, info);
}

static u32 get_value(struct vtap_port *port,
		     const struct vtap_option_info *info)
{
	return READ_ONCE(*value_of(port, info));
}

static int apply_u8(struct vtap_port *port, const struct vtap_option_info *info,
		    const struct nlattr *attr)
{
	set_value(port, info, nla_get_u8(attr));
	return 0;
}

static int apply_u32(struct vtap_port *port,
		     const struct vtap_option_info *info,
		     const struct nlattr *attr)
{
	set_value(port, info, nla_get_u32(attr));
	return 0;
}

static int fill_u8(struct sk_buff *skb, struct vtap_port *port,
		   const struct vtap_option_info *info)
{
	return nla_put_u8(skb, info->attr, get_value(port, info));
}

static int fill_u32(struct sk_buff *skb, struct vtap_port *port,
		    const struct vtap_option_info *info)
{
	return nla_put_u32(skb, info->attr, get_value(port, info));
}

static int print_number(struct vtap_port *port,
			const struct vtap_option_info *info, char *buf)
{
	return sysfs_emit(buf, "%u\n", get_value(port, info));
}

static int parse_bool(const struct vtap_option_info *info, const char *text,
		      void *value)
{
	u8 on = sysfs_streq(text, "on") || sysfs_streq(text, "1");

	if (!on && !sysfs_streq(text, "off") && !sysfs_streq(text, "0"))
		return -EINVAL;
	*(u8 *)value = on;
	return sizeof(on);
}

static int print_bool(struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf)
{
	return sysfs_emit(buf, "%s\n", get_value(port, info) ? "on" : "off");
}

static const struct vtap_option_kind kind_bool = {
	.size = sizeof(u8), .parse = parse_bool, .apply = apply_u8,
	.fill = fill_u8, .print = print_bool,
};

static int parse_u8(const struct vtap_option_info *info, const char *text,
		    void *value)
{
	return kstrtou8(text, 10, value) ? -EINVAL : sizeof(u8);
}

static const struct vtap_option_kind kind_u8 = {
	.size = sizeof(u8), .parse = parse_u8, .apply = apply_u8,
	.fill = fill_u8, .print = print_number,
};

static int parse_u32(const struct vtap_option_info *info, const char *text,
		     void *value)
{
	return kstrtou32(text, 10, value) ? -EINVAL : sizeof(u32);
}

static const struct vtap_option_kind kind_u32 = {
	.size = sizeof(u32), .parse = parse_u32, .apply = apply_u32,
	.fill = fill_u32, .print = print_number,
};

/* One of a few words. */
static int parse_word(const struct vtap_option_info *info, const char *text,
		      void *value)
{
	/* As many as there are before the NULL. */
	int word = __sysfs_match_string(info->words, -1, text);

	if (word < 0)
		return -EINVAL;
	*(u8 *)value = word;
	return sizeof(u8);
}

static int print_word(struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf)
{
	return sysfs_emit(buf, "%s\n", info->words[get_value(port, info)]);
}

static const struct vtap_option_kind kind_word = {
	.size = sizeof(u8), .parse = parse_word, .apply = apply_u8,
	.fill = fill_u8, .print = print_word,
};

/* An address, and nothing behind it; no address is spelled "none". */
static int parse_addr(const char *text, void *value, size_t size,
		      int (*pton)(const char *src, int len, u8 *dst, int delim,
				  const char **end))
{
	const char *end;

	if (sysfs_streq(text, "none")) {
		memset(value, 0, size);
		return size;
	}
	if (!pton(text, -1, value, '\n', &end) || !memchr_inv(value, 0, size) ||
	    !sysfs_streq(end, ""))
		return -EINVAL;
	return size;
}

static int parse_addr4(const struct vtap_option_info *info, const char *text,
		       void *value)
{
	return parse_addr(text, value, sizeof(__be32), in4_pton);
}

static int print_addr4(struct vtap_port *port,
		       const struct vtap_option_info *info, char *buf)
{
	u32 addr = get_value(port, info);

	return addr ? sysfs_emit(buf, "%pI4\n", &addr) :
		      sysfs_emit(buf, "none\n");
}

static const struct vtap_option_kind kind_addr4 = {
	.size = sizeof(__be32), .parse = parse_addr4, .apply = apply_u32,
	.fill = fill_u32, .print = print_addr4,
};

static int parse_gateway6(const struct vtap_option_info *info, const char *text,
			  void *value)
{
	return parse_addr(text, value, sizeof(struct in6_addr), in6_pton);
}

static int apply_gateway6(struct vtap_port *port,
			  const struct vtap_option_info *info,
			  const struct nlattr *attr)
{
	struct in6_addr addr = nla_get_in6_addr(attr);

	vtap_routers_set_gateway(&port->routers, &addr);
	tell_changed(port, info);
	return 0;
}

static int fill_gateway6(struct sk_buff *skb, struct vtap_port *port,
			 const struct vtap_option_info *info)
{
	struct in6_addr addr = vtap_routers_get_gateway(&port->routers);

	return nla_put_in6_addr(skb, info->attr, &addr);
}

static int print_gateway6(struct vtap_port *port,
			  const struct vtap_option_info *info, char *buf)
{
	struct in6_addr addr = vtap_routers_get_gateway(&port->routers);

	return ipv6_addr_any(&addr) ? sysfs_emit(buf, "none\n") :
				      sysfs_emit(buf, "%pI6c\n", &addr);
}

static const struct vtap_option_kind kind_gateway6 = {
	.size = sizeof(struct in6_addr), .parse = parse_gateway6,
	.apply = apply_gateway6, .fill = fill_gateway6, .print = print_gateway6,
};

/* Hardware addresses, blanks between them, or "none". */
static int parse_trusted(const struct vtap_option_info *info, const char *text,
			 void *value)
{
	const size_t one = 3 * ETH_ALEN - 1;
	int len = 0;

	if (sysfs_streq(text, "none"))
		return 0;
	for (text = skip_spaces(text); *text; text = skip_spaces(text + one)) {
		if (len == TRUSTED_BYTES || !mac_pton(text, value + len) ||
		    (text[one] && !isspace(text[one])))
			return -EINVAL;
		len += ETH_ALEN;
	}
	return len ? len : -EINVAL;
}

static int apply_trusted(struct vtap_port *port,
			 const struct vtap_option_info *info,
			 const struct nlattr *attr)
{
	return vtap_trusted_set(port, nla_data(attr), nla_len(attr));
}

static int fill_trusted(struct sk_buff *skb, struct vtap_port *port,
			const struct vtap_option_info *info)
{
	const struct vtap_trusted *trusted;
	u8 macs[TRUSTED_BYTES];
	unsigned int i, n;

	rcu_read_lock();
	trusted = rcu_dereference(port->trusted);
	n = trusted ? trusted->count : 0;
	for (i = 0; i < n; i++)
		memcpy(macs + i * ETH_ALEN, trusted->mac[i].addr, ETH_ALEN);
	rcu_read_unlock();
	return nla_put(skb, info->attr, n * ETH_ALEN, macs);
}

static int print_trusted(struct vtap_port *port,
			 const struct vtap_option_info *info, char *buf)
{
	const struct vtap_trusted *trusted;
	unsigned int i;
	int len = 0;

	rcu_read_lock();
	trusted = rcu_dereference(port->trusted);
	for (i = 0; trusted && i < trusted->count; i++)
		len += sysfs_emit_at(buf, len, "%s%pM", i ? " " : "",
				     trusted->mac[i].addr);
	rcu_read_unlock();
	return len + sysfs_emit_at(buf, len, len ? "\n" : "none\n");
}

static const struct vtap_option_kind kind_trusted = {
	.size = TRUSTED_BYTES, .parse = parse_trusted, .apply = apply_trusted,
	.fill = fill_trusted, .print = print_trusted,
};

static int apply_u16(struct vtap_port *port,
		     const struct vtap_option_info *info,
		     const struct nlattr *attr)
{
	set_value(port, info, nla_get_u16(attr));
	return 0;
}

/* Where 0 is no number, and no attribute. */
static int fill_id(struct sk_buff *skb, struct vtap_port *port,
		   const struct vtap_option_info *info)
{
	u32 id = get_value(port, info);

	return id ? nla_put_u16(skb, info->attr, id) : 0;
}

static int print_id(struct vtap_port *port, const struct vtap_option_info *info,
		    char *buf)
{
	return get_value(port, info) ? print_number(port, info, buf) :
				       sysfs_emit(buf, "none\n");
}

static const struct vtap_option_kind kind_vlan = {
	.size = sizeof(u16), .apply = apply_u16, .fill = fill_id,
	.print = print_id,
};

/* Those of connection tracking are set together, by vtap_ct_commit(). */
static int apply_later(struct vtap_port *port,
		       const struct vtap_option_info *info,
		       const struct nlattr *attr)
{
	return 0;
}

static const struct vtap_option_kind kind_conntrack = {
	.size = sizeof(u8), .parse = parse_bool, .apply = apply_later,
	.fill = fill_u8, .print = print_bool,
};

static int parse_u16(const struct vtap_option_info *info, const char *text,
		     void *value)
{
	return kstrtou16(text, 10, value) ? -EINVAL : sizeof(u16);
}

static const struct vtap_option_kind kind_ct_zone = {
	.size = sizeof(u16), .parse = parse_u16, .apply = apply_later,
	.fill = fill_id, .print = print_id,
};

static int apply_be16(struct vtap_port *port,
		      const struct vtap_option_info *info,
		      const struct nlattr *attr)
{
	set_value(port, info, ntohs(nla_get_be16(attr)));
	return 0;
}

static int fill_be16(struct sk_buff *skb, struct vtap_port *port,
		     const struct vtap_option_info *info)
{
	return nla_put_be16(skb, info->attr, htons(get_value(port, info)));
}

static int print_vlan_protocol(struct vtap_port *port,
			       const struct vtap_option_info *info, char *buf)
{
	return sysfs_emit(buf, "%s\n", get_value(port, info) == ETH_P_8021AD ?
			  "802.1ad" : "802.1q");
}

static const struct vtap_option_kind kind_vlan_protocol = {
	.size = sizeof(__be16), .apply = apply_be16, .fill = fill_be16,
	.print = print_vlan_protocol,
};

static void resolve_changed(struct vtap_port *port)
{
	if (!READ_ONCE(port->neigh.resolve))
		vtap_neigh_flush(&port->neigh);
	vtap_gateway_changed(port);
}

static void learning_changed(struct vtap_port *port)
{
	if (!vtap_option(port, learning))
		vtap_forget(port);
	vtap_gateway_changed(port);
}

static void neigh_max_changed(struct vtap_port *port)
{
	vtap_neigh_shrink(&port->neigh);
}

static const char * const mode_words[] = {
	[VIRTUALTAP_MODE_NONE]	= "none",
	[VIRTUALTAP_MODE_ETHER]	= "ether",
	NULL,
};

static const char * const vlan_qos_words[] = {
	[VIRTUALTAP_VLAN_QOS_OFF]	= "off",
	[VIRTUALTAP_VLAN_QOS_DSCP]	= "dscp",
	NULL,
};

static const char * const carrier_words[] = {
	[VIRTUALTAP_CARRIER_ENDS]	= "ends",
	[VIRTUALTAP_CARRIER_GATEWAY]	= "gateway",
	NULL,
};

#define OPTION(_name, _attr, _kind, _member, _initial, _changed) {	\
	.name = _name,							\
	.attr = IFLA_VIRTUALTAP_##_attr,				\
	.kind = &kind_##_kind,						\
	.offset = offsetof(struct vtap_port, _member),			\
	.initial = _initial,						\
	.changed = _changed,						\
}

#define CREATE_OPTION(_name, _attr, _kind, _member, _initial) {		\
	.name = _name,							\
	.attr = IFLA_VIRTUALTAP_##_attr,				\
	.kind = &kind_##_kind,						\
	.offset = offsetof(struct vtap_port, _member),			\
	.initial = _initial,						\
	.create = true,							\
}

#define WORD_OPTION(_name, _attr, _initial, _create, _changed) {	\
	.name = #_name,							\
	.attr = IFLA_VIRTUALTAP_##_attr,				\
	.kind = &kind_word,						\
	.offset = offsetof(struct vtap_port, opt._name),		\
	.words = _name##_words,						\
	.initial = _initial,						\
	.create = _create,						\
	.changed = _changed,						\
}

const struct vtap_option_info vtap_option_table[VTAP_OPTIONS] = {
	[VTAP_OPT_TRUSTED] = {
		.name = "trusted",
		.attr = IFLA_VIRTUALTAP_TRUSTED,
		.kind = &kind_trusted,
	},
	[VTAP_OPT_RESOLVE] =
	OPTION("resolve", RESOLVE, bool, neigh.resolve, 1, resolve_changed),
	[VTAP_OPT_ANNOUNCE] =
	OPTION("announce", ANNOUNCE, u8, opt.announce, 3, NULL),
	[VTAP_OPT_DEFEND] =
	OPTION("defend", DEFEND, bool, opt.defend, 0, NULL),
	[VTAP_OPT_LEARNING] =
	OPTION("learning", LEARNING, bool, opt.learning, 1, learning_changed),
	[VTAP_OPT_GATEWAY4] =
	OPTION("gateway4", GATEWAY4, addr4, opt.gateway4, 0,
	       vtap_gateway_changed),
	[VTAP_OPT_GATEWAY6] = {
		.name = "gateway6",
		.attr = IFLA_VIRTUALTAP_GATEWAY6,
		.kind = &kind_gateway6,
		.changed = vtap_gateway_changed,
	},
	[VTAP_OPT_NEIGH_MAX] =
	OPTION("neigh_max", NEIGH_MAX, u32, neigh.max, 1024,
	       neigh_max_changed),
	[VTAP_OPT_NEIGH_TIMEOUT] =
	OPTION("neigh_timeout", NEIGH_TIMEOUT, u32, neigh.timeout, 300, NULL),
	[VTAP_OPT_REASSEMBLY] =
	OPTION("reassembly", REASSEMBLY, bool, frags.reassembly, 1,
	       vtap_frag_changed),
	[VTAP_OPT_FRAG_MAX] =
	OPTION("frag_max", FRAG_MAX, u32, frags.max, 1024, vtap_frag_changed),
	[VTAP_OPT_FRAG_TIMEOUT] =
	OPTION("frag_timeout", FRAG_TIMEOUT, u32, frags.timeout, 30,
	       vtap_frag_changed),
	[VTAP_OPT_VLAN] =
	CREATE_OPTION("vlan", VLAN, vlan, opt.vlan, 0),
	[VTAP_OPT_VLAN_PROTOCOL] =
	CREATE_OPTION("vlan_protocol", VLAN_PROTOCOL, vlan_protocol,
		      opt.vlan_protocol, ETH_P_8021Q),
	[VTAP_OPT_MODE] =
	WORD_OPTION(mode, MODE, VIRTUALTAP_MODE_NONE, true, NULL),
	[VTAP_OPT_DSCP] = {
		.name = "dscp",
		.attr = IFLA_VIRTUALTAP_DSCP,
		.kind = &vtap_dscp_kind,
	},
	[VTAP_OPT_DSCP_MAP] = {
		.name = "dscp_map",
		.attr = IFLA_VIRTUALTAP_DSCP_MAP,
		.kind = &vtap_dscp_map_kind,
	},
	[VTAP_OPT_VLAN_QOS] =
	WORD_OPTION(vlan_qos, VLAN_QOS, VIRTUALTAP_VLAN_QOS_OFF, false, NULL),
	[VTAP_OPT_GATEWAY_PROBE] =
	OPTION("gateway_probe", GATEWAY_PROBE, u32, opt.gateway_probe, 0,
	       vtap_gateway_changed),
	[VTAP_OPT_CARRIER] =
	WORD_OPTION(carrier, CARRIER, VIRTUALTAP_CARRIER_ENDS, false,
		    vtap_gateway_changed),
	[VTAP_OPT_DNS_CACHE] =
	OPTION("dns_cache", DNS_CACHE, bool, dns.on, 0, vtap_dns_cache_changed),
	[VTAP_OPT_DNS_MAX] =
	OPTION("dns_max", DNS_MAX, u32, dns.max, 256, vtap_dns_cache_changed),
	[VTAP_OPT_DNS_TTL_MAX] =
	OPTION("dns_ttl_max", DNS_TTL_MAX, u32, dns.ttl_max, 300, NULL),
	[VTAP_OPT_CONNTRACK] =
	OPTION("conntrack", CONNTRACK, conntrack, ct.on, 0, NULL),
	[VTAP_OPT_CT_ZONE] =
	OPTION("ct_zone", CT_ZONE, ct_zone, ct.zone, 0, NULL),
};

/* value_of() relies on it. */
static_assert(sizeof_field(struct vtap_port, neigh.resolve) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, neigh.max) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, neigh.timeout) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, frags.timeout) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, dns.ttl_max) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, ct.on) == sizeof(u32));
static_assert(sizeof_field(struct vtap_port, ct.zone) == sizeof(u32));

/**
 * vtap_option_defaults() - give a new host end its options
 * @port: host end, zeroed, not registered
 */
void vtap_option_defaults(struct vtap_port *port)
{
	unsigned int i;

	for (i = 0; i < VTAP_OPTIONS; i++) {
		if (vtap_option_table[i].offset)
			*value_of(port, &vtap_option_table[i]) =
				vtap_option_table[i].initial;
	}
}

static int check_gateway4(const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	__be32 addr = nla_get_in_addr(attr);

	if (!addr || vtap_addr_is_unicast4(addr))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "Gateway must be a unicast address");
	return -EINVAL;
}

static int check_gateway6(const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	struct in6_addr addr = nla_get_in6_addr(attr);

	if (ipv6_addr_any(&addr) || vtap_addr_is_unicast6(&addr))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "Gateway must be a unicast address");
	return -EINVAL;
}

static int check_trusted(const struct nlattr *attr,
			 struct netlink_ext_ack *extack)
{
	const u8 *macs = nla_data(attr);
	int i;

	if (nla_len(attr) % ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "Hardware addresses must have 6 bytes");
		return -EINVAL;
	}
	for (i = 0; i < nla_len(attr); i += ETH_ALEN) {
		if (!is_valid_ether_addr(macs + i)) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "Hardware address must be unicast and not zero");
			return -EINVAL;
		}
	}
	return 0;
}

static int check_vlan_protocol(struct nlattr *data[],
			       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = data[IFLA_VIRTUALTAP_VLAN_PROTOCOL];

	if (!eth_type_vlan(nla_get_be16(attr))) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "VLAN protocol must be 802.1Q or 802.1ad");
		return -EINVAL;
	}
	if (!data[IFLA_VIRTUALTAP_VLAN]) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "A VLAN protocol needs a VLAN");
		return -EINVAL;
	}
	return 0;
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
	int err = 0;

	if (!data)
		return 0;
	if (data[IFLA_VIRTUALTAP_GATEWAY4])
		err = check_gateway4(data[IFLA_VIRTUALTAP_GATEWAY4], extack);
	if (!err && data[IFLA_VIRTUALTAP_GATEWAY6])
		err = check_gateway6(data[IFLA_VIRTUALTAP_GATEWAY6], extack);
	if (!err && data[IFLA_VIRTUALTAP_TRUSTED])
		err = check_trusted(data[IFLA_VIRTUALTAP_TRUSTED], extack);
	if (!err && data[IFLA_VIRTUALTAP_VLAN_PROTOCOL])
		err = check_vlan_protocol(data, extack);
	if (!err && data[IFLA_VIRTUALTAP_DSCP_MAP])
		err = vtap_dscp_check_map(data[IFLA_VIRTUALTAP_DSCP_MAP],
					  extack);
	return err;
}

/**
 * vtap_option_check_change() - is there nothing that is set at creation only?
 * @data: attributes of a change
 * @extack: for the refusal
 *
 * Return: 0 or -EOPNOTSUPP.
 */
int vtap_option_check_change(struct nlattr *data[],
			     struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < VTAP_OPTIONS; i++) {
		const struct vtap_option_info *info = &vtap_option_table[i];

		if (info->create && data[info->attr]) {
			NL_SET_ERR_MSG_ATTR(extack, data[info->attr],
					    "This is set at creation only");
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

static int apply_all(struct vtap_port *port, struct nlattr *data[])
{
	unsigned int i;
	int err;

	for (i = 0; i < VTAP_OPTIONS; i++) {
		const struct vtap_option_info *info = &vtap_option_table[i];

		if (!data[info->attr])
			continue;
		err = info->kind->apply(port, info, data[info->attr]);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vtap_option_apply() - set options
 * @port: host end
 * @net: its namespace
 * @data: attributes that passed vtap_option_check(), or NULL
 * @extack: for the refusal
 *
 * Context: RTNL.
 * Return: 0 or a negative error; then nothing changed.
 */
int vtap_option_apply(struct vtap_port *port, struct net *net,
		      struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct vtap_ct_change ct;
	int err;

	if (!data)
		return 0;
	err = vtap_ct_prepare(port, net, data, &ct, extack);
	if (err)
		return err;
	err = apply_all(port, data);
	if (err)
		vtap_ct_cancel(&ct);
	else
		vtap_ct_commit(port, net, &ct);
	return err;
}

/**
 * vtap_option_size() - room that vtap_option_fill() needs, in bytes
 */
size_t vtap_option_size(void)
{
	size_t size = 0;
	unsigned int i;

	for (i = 0; i < VTAP_OPTIONS; i++)
		size += nla_total_size(vtap_option_table[i].kind->size);
	return size;
}

/**
 * vtap_option_fill() - put the options of a host end into a message
 * @skb: message
 * @port: host end
 *
 * Return: 0 or -EMSGSIZE.
 */
int vtap_option_fill(struct sk_buff *skb, struct vtap_port *port)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < VTAP_OPTIONS && !err; i++) {
		const struct vtap_option_info *info = &vtap_option_table[i];

		err = info->kind->fill(skb, port, info);
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
int vtap_option_print(struct vtap_port *port,
		      const struct vtap_option_info *info, char *buf)
{
	return info->kind->print(port, info, buf);
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
		u8 value[MAX_T(size_t, TRUSTED_BYTES, VTAP_DSCP_MAP_BYTES)];
	} attr __aligned(NLA_ALIGNTO) = {};
	int len;
	int err;

	len = info->kind->parse(info, text, attr.value);
	if (len < 0)
		return len;
	attr.head.nla_type = info->attr;
	attr.head.nla_len = nla_attr_size(len);
	err = nla_validate(&attr.head, nla_total_size(len),
			   IFLA_VIRTUALTAP_MAX, vtap_option_policy, NULL);
	if (err)
		return -EINVAL;
	data[info->attr] = &attr.head;
	err = vtap_option_check(data, NULL);
	if (err)
		return err;
	return vtap_option_apply(port, dev_net(port->dev), data, NULL);
}
