/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_LINUX_VIRTUALTAP_H
#define _UAPI_LINUX_VIRTUALTAP_H

/* The generic netlink family is in <linux/virtualtap_genl.h>. */

/**
 * enum - Link attributes of the kind "virtualtap" (in IFLA_INFO_DATA)
 * @IFLA_VIRTUALTAP_UNSPEC: unused
 * @IFLA_VIRTUALTAP_PEER: struct ifinfomsg and link attributes of the Ethernet
 *	end, as VETH_INFO_PEER; creation only
 * @IFLA_VIRTUALTAP_RESOLVE: u8, 0 or 1: answer, send and learn from ARP, NDP
 * @IFLA_VIRTUALTAP_ANNOUNCE: u8, 0..10: announcements of a new address
 * @IFLA_VIRTUALTAP_DEFEND: u8, 0 or 1: answer address conflicts
 * @IFLA_VIRTUALTAP_LEARNING: u8, 0 or 1: learn configuration
 * @IFLA_VIRTUALTAP_GATEWAY4: IPv4 address of the gateway, 0.0.0.0 for none
 * @IFLA_VIRTUALTAP_NEIGH_MAX: u32, 16..65536: neighbours of the host end
 * @IFLA_VIRTUALTAP_NEIGH_TIMEOUT: u32, 1..86400 seconds: age at which an unused
 *	neighbour is dropped
 * @IFLA_VIRTUALTAP_GATEWAY6: IPv6 address of the gateway, :: for none
 * @IFLA_VIRTUALTAP_TRUSTED: hardware addresses of stations, 6 bytes each, up to
 *	VIRTUALTAP_TRUSTED_MAX, none for all: only they configure the host
 * @IFLA_VIRTUALTAP_REASSEMBLY: u8, 0 or 1: put fragments together
 * @IFLA_VIRTUALTAP_FRAG_MAX: u32, 1..65536: datagrams of a family that may wait
 *	for fragments
 * @IFLA_VIRTUALTAP_FRAG_TIMEOUT: u32, 1..120 seconds: how long they do
 * @IFLA_VIRTUALTAP_VLAN: u16, 1..4094: VLAN id of the host end; creation only
 * @IFLA_VIRTUALTAP_VLAN_PROTOCOL: __be16, ETH_P_8021Q or ETH_P_8021AD: of the
 *	VLAN's tags; creation only
 * @IFLA_VIRTUALTAP_MODE: u8, one of VIRTUALTAP_MODE_*; creation only
 * @IFLA_VIRTUALTAP_DSCP: u8, 0..63: DSCP of every packet sent, or
 *	VIRTUALTAP_DSCP_PRESERVE
 * @IFLA_VIRTUALTAP_DSCP_MAP: pairs of DSCPs, a byte each, up to
 *	VIRTUALTAP_DSCP_MAP_MAX: packets sent with the first get the second
 * @IFLA_VIRTUALTAP_VLAN_QOS: u8, VIRTUALTAP_VLAN_QOS_*
 * @IFLA_VIRTUALTAP_GATEWAY_PROBE: u32, 0..3600 seconds: how often gateways are
 *	asked whether they live, 0 for never
 * @IFLA_VIRTUALTAP_CARRIER: u8, VIRTUALTAP_CARRIER_*: what the host end's carrier
 *	follows
 * @IFLA_VIRTUALTAP_DNS_CACHE: u8, 0 or 1: answer DNS queries that were answered
 *	before
 * @IFLA_VIRTUALTAP_DNS_MAX: u32, 16..65536: answers that are kept
 * @IFLA_VIRTUALTAP_DNS_TTL_MAX: u32, 1..86400 seconds: for how long at most
 * @IFLA_VIRTUALTAP_CONNTRACK: u8, 0 or 1: track connections
 * @IFLA_VIRTUALTAP_CT_ZONE: u16, 1..65535: conntrack zone, of no other host end
 *	in the namespace; absent before there is one
 */
enum {
	IFLA_VIRTUALTAP_UNSPEC,
	IFLA_VIRTUALTAP_PEER,
	IFLA_VIRTUALTAP_RESOLVE,
	IFLA_VIRTUALTAP_ANNOUNCE,
	IFLA_VIRTUALTAP_DEFEND,
	IFLA_VIRTUALTAP_LEARNING,
	IFLA_VIRTUALTAP_GATEWAY4,
	IFLA_VIRTUALTAP_NEIGH_MAX,
	IFLA_VIRTUALTAP_NEIGH_TIMEOUT,
	IFLA_VIRTUALTAP_GATEWAY6,
	IFLA_VIRTUALTAP_TRUSTED,
	IFLA_VIRTUALTAP_REASSEMBLY,
	IFLA_VIRTUALTAP_FRAG_MAX,
	IFLA_VIRTUALTAP_FRAG_TIMEOUT,
	IFLA_VIRTUALTAP_VLAN,
	IFLA_VIRTUALTAP_VLAN_PROTOCOL,
	IFLA_VIRTUALTAP_MODE,
	IFLA_VIRTUALTAP_DSCP,
	IFLA_VIRTUALTAP_DSCP_MAP,
	IFLA_VIRTUALTAP_VLAN_QOS,
	IFLA_VIRTUALTAP_GATEWAY_PROBE,
	IFLA_VIRTUALTAP_CARRIER,
	IFLA_VIRTUALTAP_DNS_CACHE,
	IFLA_VIRTUALTAP_DNS_MAX,
	IFLA_VIRTUALTAP_DNS_TTL_MAX,
	IFLA_VIRTUALTAP_CONNTRACK,
	IFLA_VIRTUALTAP_CT_ZONE,
	__IFLA_VIRTUALTAP_MAX,
};

#define IFLA_VIRTUALTAP_MAX (__IFLA_VIRTUALTAP_MAX - 1)

#define VIRTUALTAP_TRUSTED_MAX	16
#define VIRTUALTAP_DSCP_PRESERVE	64
#define VIRTUALTAP_DSCP_MAP_MAX	64

/**
 * enum - What a host end looks like
 * @VIRTUALTAP_MODE_NONE: a device without a link layer, as a tun
 * @VIRTUALTAP_MODE_ETHER: an Ethernet device without ARP
 */
enum {
	VIRTUALTAP_MODE_NONE,
	VIRTUALTAP_MODE_ETHER,
};

/**
 * enum - What the priority in a VLAN tag is made of
 * @VIRTUALTAP_VLAN_QOS_OFF: nothing, it is 0
 * @VIRTUALTAP_VLAN_QOS_DSCP: the packet's DSCP
 */
enum {
	VIRTUALTAP_VLAN_QOS_OFF,
	VIRTUALTAP_VLAN_QOS_DSCP,
};

/**
 * enum - What the carrier of a host end follows (IFLA_VIRTUALTAP_CARRIER)
 * @VIRTUALTAP_CARRIER_ENDS: it is on while both ends are up
 * @VIRTUALTAP_CARRIER_GATEWAY: it goes off, too, while the gateways that are
 *	probed do not answer
 */
enum {
	VIRTUALTAP_CARRIER_ENDS,
	VIRTUALTAP_CARRIER_GATEWAY,
	__VIRTUALTAP_CARRIER_MAX,
};

#define VIRTUALTAP_CARRIER_MAX (__VIRTUALTAP_CARRIER_MAX - 1)

#endif /* _UAPI_LINUX_VIRTUALTAP_H */
