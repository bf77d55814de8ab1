/* SPDX-License-Identifier: GPL-2.0 */
/* A packet whose every reallocation is seen: the linear part is a block of its
 * exact size, and a pull moves it to another one. So a read behind it, and one
 * by a pointer from before a pull, are errors of the address sanitizer.
 */
#ifndef _FUZZ_LINUX_SKBUFF_H
#define _FUZZ_LINUX_SKBUFF_H

#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <sanitizer/asan_interface.h>

#define CHECKSUM_NONE		0
#define CHECKSUM_UNNECESSARY	1
#define CHECKSUM_COMPLETE	2
#define CHECKSUM_PARTIAL	3

/**
 * struct sk_buff - a packet
 * @head: block with the headroom and the linear part
 * @data: where the packet begins, in @head
 * @room: bytes of @head behind the packet
 * @rest: block with what is not linear
 * @len: bytes of the packet
 * @data_len: bytes of it in @rest
 * @mac_header: offset from @head
 * @network_header: offset from @head
 * @dev: device
 * @protocol: EtherType of what is in it
 * @csum: sum of the packet, where @ip_summed is CHECKSUM_COMPLETE
 * @ip_summed: CHECKSUM_*
 * @csum_level: further checksums that are good
 * @gso: several packets in one
 * @no_memory: what would need some fails
 * @vlan_present: it has a tag, which is beside it
 * @vlan_proto: EtherType of that
 * @vlan_tci: its content
 */
struct sk_buff {
	u8 *head;
	u8 *data;
	u8 *rest;
	unsigned int len;
	unsigned int data_len;
	unsigned int room;
	unsigned int mac_header;
	unsigned int network_header;
	struct net_device *dev;
	__be16 protocol;
	__wsum csum;
	u8 ip_summed;
	u8 csum_level;
	bool gso;
	bool no_memory;
	bool vlan_present;
	__be16 vlan_proto;
	u16 vlan_tci;
};

struct sk_buff *netdev_alloc_skb_ip_align(struct net_device *dev,
					  unsigned int size);
void *skb_put(struct sk_buff *skb, unsigned int len);
void *skb_put_zero(struct sk_buff *skb, unsigned int len);
struct sk_buff *alloc_packet(unsigned int headroom, const u8 *data, size_t len,
			     size_t linear);
void kfree_skb(struct sk_buff *skb);
bool pskb_may_pull(struct sk_buff *skb, unsigned int len);
int pskb_trim_rcsum(struct sk_buff *skb, unsigned int len);
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum sum);

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}

static inline bool skb_is_nonlinear(const struct sk_buff *skb)
{
	return skb->data_len;
}

static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb->gso;
}

static inline unsigned char *skb_mac_header(const struct sk_buff *skb)
{
	return skb->head + skb->mac_header;
}

static inline void skb_reset_mac_header(struct sk_buff *skb)
{
	skb->mac_header = skb->data - skb->head;
}

static inline struct ethhdr *eth_hdr(const struct sk_buff *skb)
{
	return (struct ethhdr *)skb_mac_header(skb);
}

static inline unsigned char *skb_network_header(const struct sk_buff *skb)
{
	return skb->head + skb->network_header;
}

static inline void skb_reset_network_header(struct sk_buff *skb)
{
	skb->network_header = skb->data - skb->head;
}

static inline int skb_network_offset(const struct sk_buff *skb)
{
	return skb_network_header(skb) - skb->data;
}

static inline bool pskb_network_may_pull(struct sk_buff *skb, unsigned int len)
{
	return pskb_may_pull(skb, skb_network_offset(skb) + len);
}

/* Nobody here has sums to keep right. */
static inline void skb_postpull_rcsum(struct sk_buff *skb, const void *start,
				      unsigned int len)
{
	(void)skb;
	(void)start;
	(void)len;
}

static inline void *__skb_pull(struct sk_buff *skb, unsigned int len)
{
	skb->len -= len;
	return skb->data += len;
}

static inline void *skb_pull_rcsum(struct sk_buff *skb, unsigned int len)
{
	return __skb_pull(skb, len);
}

static inline void skb_set_network_header(struct sk_buff *skb, int offset)
{
	skb->network_header = skb->data - skb->head + offset;
}

static inline int skb_linearize(struct sk_buff *skb)
{
	return !pskb_may_pull(skb, skb->len);
}

static inline void consume_skb(struct sk_buff *skb)
{
	kfree_skb(skb);
}

static inline bool skb_csum_unnecessary(const struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_UNNECESSARY;
}

#endif
