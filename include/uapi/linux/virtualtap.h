/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
#ifndef _UAPI_LINUX_VIRTUALTAP_H
#define _UAPI_LINUX_VIRTUALTAP_H

/**
 * enum - Link attributes of the kind "virtualtap" (in IFLA_INFO_DATA)
 * @IFLA_VIRTUALTAP_UNSPEC: unused
 * @IFLA_VIRTUALTAP_PEER: struct ifinfomsg and link attributes of the Ethernet
 *	end, as VETH_INFO_PEER; creation only
 * @IFLA_VIRTUALTAP_RESOLVE: u8, 0 or 1: answer, send and learn from ARP
 * @IFLA_VIRTUALTAP_ANNOUNCE: u8, 0..10: gratuitous ARPs for a new address
 * @IFLA_VIRTUALTAP_DEFEND: u8, 0 or 1: answer address conflicts
 * @IFLA_VIRTUALTAP_LEARNING: u8, 0 or 1: learn configuration from DHCP
 * @IFLA_VIRTUALTAP_GATEWAY4: IPv4 address of the gateway, 0.0.0.0 for none
 * @IFLA_VIRTUALTAP_NEIGH_MAX: u32, 16..65536: neighbours of the host end
 * @IFLA_VIRTUALTAP_NEIGH_TIMEOUT: u32, 1..86400 seconds: age at which an unused
 *	neighbour is dropped
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
	__IFLA_VIRTUALTAP_MAX,
};

#define IFLA_VIRTUALTAP_MAX (__IFLA_VIRTUALTAP_MAX - 1)

#endif /* _UAPI_LINUX_VIRTUALTAP_H */
