// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	scripts/netlink/virtualtap.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/virtualtap_genl.h>

/* VIRTUALTAP_CMD_DEV_GET - do */
static const struct nla_policy virtualtap_dev_get_nl_policy[VIRTUALTAP_A_DEV_IFINDEX + 1] = {
	[VIRTUALTAP_A_DEV_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VIRTUALTAP_CMD_ANNOUNCE - do */
static const struct nla_policy virtualtap_announce_nl_policy[VIRTUALTAP_A_DEV_IFINDEX + 1] = {
	[VIRTUALTAP_A_DEV_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VIRTUALTAP_CMD_NEIGH_GET - dump */
static const struct nla_policy virtualtap_neigh_get_nl_policy[VIRTUALTAP_A_NEIGH_IFINDEX + 1] = {
	[VIRTUALTAP_A_NEIGH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VIRTUALTAP_CMD_NEIGH_NEW - do */
static const struct nla_policy virtualtap_neigh_new_nl_policy[VIRTUALTAP_A_NEIGH_STATE + 1] = {
	[VIRTUALTAP_A_NEIGH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VIRTUALTAP_A_NEIGH_ADDR4] = { .type = NLA_U32, },
	[VIRTUALTAP_A_NEIGH_ADDR6] = NLA_POLICY_EXACT_LEN(16),
	[VIRTUALTAP_A_NEIGH_MAC] = NLA_POLICY_EXACT_LEN(6),
	[VIRTUALTAP_A_NEIGH_STATE] = NLA_POLICY_MAX(NLA_U32, 5),
};

/* VIRTUALTAP_CMD_NEIGH_DEL - do */
static const struct nla_policy virtualtap_neigh_del_nl_policy[VIRTUALTAP_A_NEIGH_ADDR6 + 1] = {
	[VIRTUALTAP_A_NEIGH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VIRTUALTAP_A_NEIGH_ADDR4] = { .type = NLA_U32, },
	[VIRTUALTAP_A_NEIGH_ADDR6] = NLA_POLICY_EXACT_LEN(16),
};

/* VIRTUALTAP_CMD_NEIGH_FLUSH - do */
static const struct nla_policy virtualtap_neigh_flush_nl_policy[VIRTUALTAP_A_NEIGH_IFINDEX + 1] = {
	[VIRTUALTAP_A_NEIGH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VIRTUALTAP_CMD_NEIGH_PROBE - do */
static const struct nla_policy virtualtap_neigh_probe_nl_policy[VIRTUALTAP_A_NEIGH_ADDR6 + 1] = {
	[VIRTUALTAP_A_NEIGH_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[VIRTUALTAP_A_NEIGH_ADDR4] = { .type = NLA_U32, },
	[VIRTUALTAP_A_NEIGH_ADDR6] = NLA_POLICY_EXACT_LEN(16),
};

/* VIRTUALTAP_CMD_DNS_GET - dump */
static const struct nla_policy virtualtap_dns_get_nl_policy[VIRTUALTAP_A_DNS_IFINDEX + 1] = {
	[VIRTUALTAP_A_DNS_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* VIRTUALTAP_CMD_DNS_FLUSH - do */
static const struct nla_policy virtualtap_dns_flush_nl_policy[VIRTUALTAP_A_DNS_IFINDEX + 1] = {
	[VIRTUALTAP_A_DNS_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
};

/* Ops table for virtualtap */
const struct genl_split_ops virtualtap_nl_ops[10] = {
	{
		.cmd		= VIRTUALTAP_CMD_DEV_GET,
		.doit		= virtualtap_nl_dev_get_doit,
		.policy		= virtualtap_dev_get_nl_policy,
		.maxattr	= VIRTUALTAP_A_DEV_IFINDEX,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= VIRTUALTAP_CMD_DEV_GET,
		.start	= virtualtap_nl_dev_get_start,
		.dumpit	= virtualtap_nl_dev_get_dumpit,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VIRTUALTAP_CMD_ANNOUNCE,
		.doit		= virtualtap_nl_announce_doit,
		.policy		= virtualtap_announce_nl_policy,
		.maxattr	= VIRTUALTAP_A_DEV_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VIRTUALTAP_CMD_NEIGH_GET,
		.start		= virtualtap_nl_neigh_get_start,
		.dumpit		= virtualtap_nl_neigh_get_dumpit,
		.policy		= virtualtap_neigh_get_nl_policy,
		.maxattr	= VIRTUALTAP_A_NEIGH_IFINDEX,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VIRTUALTAP_CMD_NEIGH_NEW,
		.doit		= virtualtap_nl_neigh_new_doit,
		.policy		= virtualtap_neigh_new_nl_policy,
		.maxattr	= VIRTUALTAP_A_NEIGH_STATE,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VIRTUALTAP_CMD_NEIGH_DEL,
		.doit		= virtualtap_nl_neigh_del_doit,
		.policy		= virtualtap_neigh_del_nl_policy,
		.maxattr	= VIRTUALTAP_A_NEIGH_ADDR6,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VIRTUALTAP_CMD_NEIGH_FLUSH,
		.doit		= virtualtap_nl_neigh_flush_doit,
		.policy		= virtualtap_neigh_flush_nl_policy,
		.maxattr	= VIRTUALTAP_A_NEIGH_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VIRTUALTAP_CMD_NEIGH_PROBE,
		.doit		= virtualtap_nl_neigh_probe_doit,
		.policy		= virtualtap_neigh_probe_nl_policy,
		.maxattr	= VIRTUALTAP_A_NEIGH_ADDR6,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
	{
		.cmd		= VIRTUALTAP_CMD_DNS_GET,
		.start		= virtualtap_nl_dns_get_start,
		.dumpit		= virtualtap_nl_dns_get_dumpit,
		.policy		= virtualtap_dns_get_nl_policy,
		.maxattr	= VIRTUALTAP_A_DNS_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= VIRTUALTAP_CMD_DNS_FLUSH,
		.doit		= virtualtap_nl_dns_flush_doit,
		.policy		= virtualtap_dns_flush_nl_policy,
		.maxattr	= VIRTUALTAP_A_DNS_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM | GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group virtualtap_nl_mcgrps[] = {
	[VIRTUALTAP_NLGRP_EVENTS] = { "events", },
};
