// SPDX-License-Identifier: GPL-2.0
/* ``ethtool -i`` and ``ethtool -S``. */

#include "device.h"
#include "ethtool.h"

/* Counters of an Ethernet end: drops before a host end is known. */
#define L2_FIRST	VTAP_STAT_MAX
#define L2_END		(VTAP_STAT_MAX + VTAP_RX_DROP_BAD_SOURCE - \
			 VTAP_RX_DROP_FIRST)

/* What a host end shows besides its counters. */
enum {
	VALUE_TX_PACKETS,
	VALUE_RX_PACKETS,
	VALUE_ARP_ENTRIES,
	VALUE_NDP_ENTRIES,
	VALUE_FRAGMENT_CHAINS,
	VALUE_GATEWAY4_REACHABLE,
	VALUE_GATEWAY6_REACHABLE,
	VALUE_DNS_ENTRIES,
	VALUE_DNS_BYTES,
	VALUE_MAX,
};

static const char * const value_names[VALUE_MAX] = {
	[VALUE_TX_PACKETS]	= "ip_to_eth_packets",
	[VALUE_RX_PACKETS]	= "eth_to_ip_packets",
	[VALUE_ARP_ENTRIES]	= "arp_table_entries",
	[VALUE_NDP_ENTRIES]	= "ndp_table_entries",
	[VALUE_FRAGMENT_CHAINS]	= "fragment_chains",
	[VALUE_GATEWAY4_REACHABLE] = "gateway4_reachable",
	[VALUE_GATEWAY6_REACHABLE] = "gateway6_reachable",
	[VALUE_DNS_ENTRIES]	= "dns_cache_entries",
	[VALUE_DNS_BYTES]	= "dns_cache_bytes",
};

/* A lower device cannot show them: its owner does. */
static bool is_owner(const struct net_device *dev)
{
	const struct vtap *vtap = rtnl_dereference(vtap_port_of(dev)->vtap);

	return vtap && vtap->counted == dev;
}

static bool is_shown(const struct net_device *dev, unsigned int counter)
{
	return counter < L2_FIRST || counter >= L2_END || is_owner(dev);
}

static void get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	strscpy(info->driver, VTAP_KIND, sizeof(info->driver));
	strscpy(info->version, VTAP_VERSION, sizeof(info->version));
}

static int l3_get_sset_count(struct net_device *dev, int sset)
{
	if (sset != ETH_SS_STATS)
		return -EOPNOTSUPP;
	return VALUE_MAX + VTAP_COUNTERS -
	       (is_owner(dev) ? 0 : L2_END - L2_FIRST);
}

static void l3_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = 0; i < VALUE_MAX; i++)
		ethtool_puts(&data, value_names[i]);
	for (i = 0; i < VTAP_COUNTERS; i++) {
		if (is_shown(dev, i))
			ethtool_puts(&data, vtap_stats_name(i));
	}
}

static void l3_get_stats(struct net_device *dev, struct ethtool_stats *stats,
			 u64 *data)
{
	struct vtap_port *port = vtap_port_of(dev);
	struct rtnl_link_stats64 link = {};
	unsigned int i;

	dev_get_tstats64(dev, &link);
	data[VALUE_TX_PACKETS] = link.tx_packets;
	data[VALUE_RX_PACKETS] = link.rx_packets;
	data[VALUE_ARP_ENTRIES] = READ_ONCE(port->neigh.ipv4_entries);
	data[VALUE_NDP_ENTRIES] = READ_ONCE(port->neigh.ipv6_entries);
	data[VALUE_FRAGMENT_CHAINS] = vtap_frag_open(port);
	data[VALUE_GATEWAY4_REACHABLE] = vtap_gateway_reachable(port, AF_INET);
	data[VALUE_GATEWAY6_REACHABLE] = vtap_gateway_reachable(port, AF_INET6);
	data[VALUE_DNS_ENTRIES] = READ_ONCE(port->dns.entries);
	data[VALUE_DNS_BYTES] = READ_ONCE(port->dns.bytes);
	data += VALUE_MAX;
	for (i = 0; i < VTAP_COUNTERS; i++) {
		if (is_shown(dev, i))
			*data++ = vtap_stats_read(port->stats, i);
	}
}

static int l2_get_sset_count(struct net_device *dev, int sset)
{
	return sset == ETH_SS_STATS ? L2_END - L2_FIRST : -EOPNOTSUPP;
}

static void l2_get_strings(struct net_device *dev, u32 sset, u8 *data)
{
	unsigned int i;

	if (sset != ETH_SS_STATS)
		return;
	for (i = L2_FIRST; i < L2_END; i++)
		ethtool_puts(&data, vtap_stats_name(i));
}

static void l2_get_stats(struct net_device *dev, struct ethtool_stats *stats,
			 u64 *data)
{
	unsigned int i;

	for (i = L2_FIRST; i < L2_END; i++)
		*data++ = vtap_stats_read(vtap_of(dev)->stats, i);
}

const struct ethtool_ops vtap_l3_ethtool_ops = {
	.get_drvinfo		= get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_sset_count		= l3_get_sset_count,
	.get_strings		= l3_get_strings,
	.get_ethtool_stats	= l3_get_stats,
};

const struct ethtool_ops vtap_l2_ethtool_ops = {
	.get_drvinfo		= get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_sset_count		= l2_get_sset_count,
	.get_strings		= l2_get_strings,
	.get_ethtool_stats	= l2_get_stats,
};
