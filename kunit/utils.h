/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_KUNIT_UTILS_H
#define _VTAP_KUNIT_UTILS_H

#include <kunit/test.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "device.h"
#include "dhcp.h"
#include "dns.h"
#include "option.h"

#define IP4(a, b, c, d)	cpu_to_be32((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))

/* Those of the reference vectors. */
#define STATION_MAC	"\x02\x00\x5e\x10\x20\x30"
#define GATEWAY_MAC	"\xaa\xbb\xcc\xdd\xee\xff"
#define OTHER_MAC	"\x02\x11\x22\x33\x44\x55"
#define BROADCAST_MAC	"\xff\xff\xff\xff\xff\xff"
#define STATION_IP	IP4(192, 168, 1, 100)
#define GATEWAY_IP	IP4(192, 168, 1, 1)

struct vtap_mac vtap_test_mac(const char *bytes);
struct in6_addr vtap_test_mapped(__be32 addr);
struct in6_addr vtap_test_addr6(struct kunit *test, const char *text);
const void *vtap_test_family_gen_params(const void *prev, char *desc);

u8 *vtap_test_hex(struct kunit *test, const char *hex, size_t *len);
u8 *vtap_test_exact(struct kunit *test, const void *data, size_t len);

struct sk_buff *vtap_test_skb(struct kunit *test, const void *data, size_t len);
struct sk_buff *vtap_test_split_skb(struct kunit *test, const void *data,
				    size_t len, size_t linear);
struct sk_buff *vtap_test_ipv4(struct kunit *test, __be32 saddr, __be32 daddr,
			       u8 protocol, const void *payload, size_t len);
struct sk_buff *vtap_test_ipv6(struct kunit *test, const char *saddr,
			       const char *daddr, u8 nexthdr,
			       const void *payload, size_t len);
void vtap_test_push_frag6(struct sk_buff *skb, u16 frag_off);
struct sk_buff *vtap_test_udp(struct kunit *test, __be32 saddr, __be32 daddr,
			      u16 sport, u16 dport,
			      const void *payload, size_t len);
struct sk_buff *vtap_test_udp6(struct kunit *test, const char *saddr,
			       const char *daddr, u16 sport, u16 dport,
			       const void *payload, size_t len);
void vtap_test_push_ethernet(struct sk_buff *skb, const char *dest,
			     const char *source);

void vtap_test_sum_ipv4(void *packet);
void vtap_test_sum_udp(void *packet);
bool vtap_test_udp_sum_good(const void *packet);
void vtap_test_sum_ipv6(void *packet, __sum16 *sum);

/**
 * struct vtap_test_arp - what vtap_test_arp() builds
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @dest: the frame's destination
 * @sha: sender's hardware address, and the frame's source
 * @sip: sender's address
 * @tha: target's hardware address; NULL for zeros
 * @tip: target's address
 */
struct vtap_test_arp {
	u16 op;
	const char *dest;
	const char *sha;
	__be32 sip;
	const char *tha;
	__be32 tip;
};

struct sk_buff *vtap_test_arp(struct kunit *test,
			      const struct vtap_test_arp *arp);

/**
 * struct vtap_test_ndp - what vtap_test_ndp() builds
 * @dest: the frame's destination; NULL for the group's that @daddr is
 * @source: the frame's source
 * @saddr: IPv6 source
 * @daddr: IPv6 destination
 * @hex: the ICMPv6 message, but for its checksum
 */
struct vtap_test_ndp {
	const char *dest;
	const char *source;
	const char *saddr;
	const char *daddr;
	const char *hex;
};

struct sk_buff *vtap_test_ndp(struct kunit *test,
			      const struct vtap_test_ndp *ndp);

/**
 * struct vtap_test_dhcp - a DHCP message in the making
 * @len: bytes of @bytes in use
 * @bytes: the UDP payload
 */
struct vtap_test_dhcp {
	size_t len;
	union {
		struct vtap_bootp bootp;
		u8 bytes[1400];
	};
};

#define DHCP_XID	0x12345678

struct vtap_test_dhcp *vtap_test_dhcp_new(struct kunit *test);
void vtap_test_dhcp_start(struct vtap_test_dhcp *dhcp, u8 op);
void vtap_test_dhcp_put(struct vtap_test_dhcp *dhcp, u8 code, const void *value,
			size_t len);
void vtap_test_dhcp_put_u8(struct vtap_test_dhcp *dhcp, u8 code, u8 value);
void vtap_test_dhcp_put_u16(struct vtap_test_dhcp *dhcp, u8 code, u16 value);
void vtap_test_dhcp_put_u32(struct vtap_test_dhcp *dhcp, u8 code, u32 value);
void vtap_test_dhcp_put_ip(struct vtap_test_dhcp *dhcp, u8 code, __be32 addr);
void vtap_test_dhcp_end(struct vtap_test_dhcp *dhcp);

/**
 * struct vtap_test_dns - a DNS message in the making
 * @len: bytes of @bytes in use
 * @bytes: the UDP payload
 */
struct vtap_test_dns {
	size_t len;
	u8 bytes[2048];
};

/* Sections of records. */
enum {
	VTAP_TEST_DNS_ANSWER,
	VTAP_TEST_DNS_AUTHORITY,
	VTAP_TEST_DNS_ADDITIONAL,
};

struct vtap_test_dns *vtap_test_dns_new(struct kunit *test);
void vtap_test_dns_start(struct vtap_test_dns *dns, u16 id, u16 flags,
			 const char *name, u16 type);
void vtap_test_dns_name(struct vtap_test_dns *dns, const char *name);
void vtap_test_dns_u16(struct vtap_test_dns *dns, u16 value);
void vtap_test_dns_rr(struct vtap_test_dns *dns, unsigned int section,
		      const char *name, u16 type, u32 ttl, const void *data,
		      size_t len);
void vtap_test_dns_opt(struct vtap_test_dns *dns, u16 size, u32 flags,
		       const void *options, size_t len);

/**
 * struct vtap_test_sink - what a device received
 * @queue: copies, data at the MAC header where there is one
 * @type: handler of the device's packets
 *
 * The copies keep pkt_type, protocol and skb_iif.
 */
struct vtap_test_sink {
	struct sk_buff_head queue;
	struct packet_type type;
};

/**
 * struct vtap_test_pair - a pair of devices that is up
 * @host: host end, with STATION_MAC; no IPv6, nothing announced
 * @ethernet: Ethernet end
 * @port: of the host end
 * @to_vpn: frames that the host end sent, as the VPN's stack sees them
 * @to_host: packets that the host received
 */
struct vtap_test_pair {
	struct net_device *host;
	struct net_device *ethernet;
	struct vtap_port *port;
	struct vtap_test_sink to_vpn;
	struct vtap_test_sink to_host;
};

void vtap_test_sink_start(struct vtap_test_sink *sink, struct net_device *dev);
void vtap_test_sink_stop(struct vtap_test_sink *sink);
void vtap_test_wait_ready(struct kunit *test, struct net_device *dev);

int vtap_test_pair_init(struct kunit *test);
void vtap_test_pair_exit(struct kunit *test);
int vtap_test_shared_init(struct kunit *test);
void vtap_test_unchecked(struct vtap_test_pair *pair);
int vtap_test_unchecked_init(struct kunit *test);
void vtap_test_shared_exit(struct kunit_suite *suite);
struct vtap_test_pair *vtap_test_pair_create(struct kunit *test,
					     const char *name);
void vtap_test_wait_ready(struct kunit *test, struct net_device *dev);
void vtap_test_pair_destroy(struct vtap_test_pair *pair);

void vtap_test_know(struct kunit *test, struct vtap_test_pair *pair,
		    struct in6_addr addr);
int vtap_test_set(struct vtap_test_pair *pair, enum vtap_option_id id,
		  const char *text);
void vtap_test_reads(struct kunit *test, struct vtap_test_pair *pair,
		     enum vtap_option_id id, const char *text);
void vtap_test_open_quietly(struct kunit *test, struct net_device *host);
void vtap_test_delete(struct kunit *test, const char *name);
struct sk_buff *vtap_test_rtnl_link(struct kunit *test, const char *name);
int vtap_test_rtnl(struct kunit *test, struct sk_buff *msg);
void vtap_test_add_address(struct kunit *test, struct net_device *dev,
			   __be32 addr, u8 prefix_len);
void vtap_test_enable_ipv6(struct vtap_test_pair *pair);
int vtap_test_add_prefix6(struct kunit *test, struct net_device *dev,
			  const struct in6_addr *addr, u8 prefix_len);
void vtap_test_add_address6(struct kunit *test, struct net_device *dev,
			    const char *addr, u8 flags);
void vtap_test_delete_address6(struct kunit *test, struct net_device *dev,
			       const char *addr);
void vtap_test_add_route(struct kunit *test, struct net_device *dev,
			 __be32 dest, u8 prefix_len, __be32 gateway);
void vtap_test_add_route6(struct kunit *test, struct net_device *dev,
			  __be32 dest, u8 prefix_len, const char *gateway);

void vtap_test_transmit(struct kunit *test, struct net_device *dev,
			struct sk_buff *skb);
void vtap_test_transmit_paged(struct kunit *test, struct net_device *dev,
			      const struct sk_buff *flat, size_t linear);
void vtap_test_from_vpn(struct kunit *test, struct vtap_test_pair *pair,
			const struct vtap_test_arp *arp);
void vtap_test_ndp_from_vpn(struct kunit *test, struct vtap_test_pair *pair,
			    const struct vtap_test_ndp *ndp);
struct sk_buff *vtap_test_next(struct kunit *test, struct vtap_test_sink *sink);
void vtap_test_expect_frame(struct kunit *test, struct vtap_test_sink *sink,
			    const void *data, size_t len);
void vtap_test_expect_silence(struct kunit *test, struct vtap_test_sink *sink);
void vtap_test_expect_arp(struct kunit *test, struct vtap_test_pair *pair,
			  const struct vtap_test_arp *arp);
struct sk_buff *vtap_test_next_ndp(struct kunit *test,
				   struct vtap_test_pair *pair);
void vtap_test_expect_ndp(struct kunit *test, struct vtap_test_pair *pair,
			  const struct vtap_test_ndp *ndp);
void vtap_test_expect_no_ndp(struct kunit *test, struct vtap_test_pair *pair);
void vtap_test_wait_usable6(struct kunit *test, struct vtap_test_pair *pair,
			    const char *addr);

void vtap_test_prove_gateway(struct kunit *test, struct vtap_test_pair *pair);
void vtap_test_exhaust(struct vtap_limit *limit, u32 second);

u64 vtap_test_drops(struct vtap_port *port, enum vtap_verdict reason);
u64 vtap_test_count(struct vtap_port *port, enum vtap_stat stat);
const char *vtap_test_verdict(enum vtap_verdict verdict);

#endif
