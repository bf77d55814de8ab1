/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DHCP_H
#define _VTAP_DHCP_H

#include <linux/types.h>

#include "domain.h"

#define VTAP_DHCP_SERVER_PORT	67
#define VTAP_DHCP_CLIENT_PORT	68
#define VTAP_BOOTP_REQUEST	1
#define VTAP_BOOTP_REPLY	2
#define VTAP_BOOTP_BROADCAST	0x8000
#define VTAP_DHCP_DNS_MAX	8

/* RFC 2132 9.6 */
enum vtap_dhcp_type {
	VTAP_DHCP_DISCOVER = 1,
	VTAP_DHCP_OFFER,
	VTAP_DHCP_REQUEST,
	VTAP_DHCP_DECLINE,
	VTAP_DHCP_ACK,
	VTAP_DHCP_NAK,
	VTAP_DHCP_RELEASE,
	VTAP_DHCP_INFORM,
};

/* RFC 951, RFC 2131 2: the fixed part, cookie included. */
struct vtap_bootp {
	u8 op;
	u8 htype;
	u8 hlen;
	u8 hops;
	__be32 xid;
	__be16 secs;
	__be16 flags;
	__be32 ciaddr;
	__be32 yiaddr;
	__be32 siaddr;
	__be32 giaddr;
	u8 chaddr[16];
	u8 sname[64];
	u8 file[128];
	__be32 cookie;
} __packed;

/**
 * struct vtap_dhcp - a DHCP message, checked and in the order of its use
 * @type: enum vtap_dhcp_type
 * @prefix_len: of the subnet mask, 32 without one
 * @dns_count: how many of @dns are set
 * @rapid_commit: it is there (RFC 4039)
 * @mtu: 0 without one
 * @address: being given (yiaddr), 0 for none
 * @ciaddr: the client's present one
 * @requested: what the client asks for (option 50), 0 for nothing
 * @gateway: default route of RFC 3442, else the first router; 0 for none
 * @server: server identifier
 * @dns: name servers
 * @lease: seconds, 0 without a lease
 * @renewal: seconds (T1), 0 where not given
 * @rebinding: seconds (T2), 0 where not given
 * @client_id: offset of option 61's content in the message, 0 without one
 * @client_id_len: its length
 * @domain: domain name, empty without one
 */
struct vtap_dhcp {
	u8 type;
	u8 prefix_len;
	u8 dns_count;
	bool rapid_commit;
	u16 mtu;
	__be32 address;
	__be32 ciaddr;
	__be32 requested;
	__be32 gateway;
	__be32 server;
	__be32 dns[VTAP_DHCP_DNS_MAX];
	u32 lease;
	u32 renewal;
	u32 rebinding;
	u16 client_id;
	u8 client_id_len;
	char domain[VTAP_DOMAIN_MAX + 1];
};

int vtap_dhcp_parse(const u8 *data, size_t len, struct vtap_dhcp *msg);

#endif
