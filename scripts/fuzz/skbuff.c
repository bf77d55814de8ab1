// SPDX-License-Identifier: GPL-2.0
/* The few functions on packets that parsers call. */

#include <linux/skbuff.h>
#include <net/checksum.h>

#include "fuzz.h"

/* Some address: no block of no bytes is NULL. */
static u8 *copy_of(const u8 *data, size_t len)
{
	u8 *copy = malloc(len);

	require(copy);
	memcpy(copy, data, len);
	return copy;
}

/**
 * alloc_packet() - make a packet of a buffer's content
 * @headroom: bytes before it
 * @data: its content
 * @len: its length
 * @linear: that much of it is in the linear part, if there is so much
 */
struct sk_buff *alloc_packet(unsigned int headroom, const u8 *data, size_t len,
			     size_t linear)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));

	require(skb);
	linear = min_t(size_t, linear, len);
	skb->head = malloc(headroom + linear);
	require(skb->head);
	skb->data = skb->head + headroom;
	memcpy(skb->data, data, linear);
	skb->rest = copy_of(data + linear, len - linear);
	skb->len = len;
	skb->data_len = len - linear;
	skb_reset_mac_header(skb);
	skb_reset_network_header(skb);
	return skb;
}

void *skb_put(struct sk_buff *skb, unsigned int len)
{
	u8 *end = skb->data + skb->len;

	require(len <= skb->room);
	ASAN_UNPOISON_MEMORY_REGION(end, len);
	skb->len += len;
	skb->room -= len;
	return end;
}

void *skb_put_zero(struct sk_buff *skb, unsigned int len)
{
	return memset(skb_put(skb, len), 0, len);
}

void kfree_skb(struct sk_buff *skb)
{
	free(skb->head);
	free(skb->rest);
	free(skb);
}

/* Moves the linear part, as the kernel may at any pull that lacks bytes. */
static void pull_rest(struct sk_buff *skb, unsigned int missing)
{
	size_t offset = skb->data - skb->head, linear = skb_headlen(skb);
	u8 *head = malloc(offset + linear + missing);
	u8 *rest = copy_of(skb->rest + missing, skb->data_len - missing);

	require(head);
	memcpy(head, skb->head, offset + linear);
	memcpy(head + offset + linear, skb->rest, missing);
	free(skb->head);
	free(skb->rest);
	skb->head = head;
	skb->data = head + offset;
	skb->rest = rest;
	skb->data_len -= missing;
}

bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	if (len <= skb_headlen(skb))
		return true;
	if (len > skb->len || skb->no_memory)
		return false;
	pull_rest(skb, len - skb_headlen(skb));
	return true;
}

/* Pointers stay good, but not to what is cut off. */
int pskb_trim_rcsum(struct sk_buff *skb, unsigned int len)
{
	unsigned int linear = skb_headlen(skb), stay = min(len, linear);
	u8 *rest;

	if (len >= skb->len)
		return 0;
	rest = copy_of(skb->rest, len - stay);
	free(skb->rest);
	skb->rest = rest;
	skb->len = len;
	skb->data_len = len - stay;
	ASAN_POISON_MEMORY_REGION(skb->data + stay, linear - stay);
	return 0;
}

int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	int linear = skb_headlen(skb), first;

	if (offset < 0 || len < 0 || offset + len > (int)skb->len)
		return -1;
	first = offset < linear ? min(len, linear - offset) : 0;
	memcpy(to, skb->data + offset, first);
	if (first < len)
		memcpy((u8 *)to + first, skb->rest + offset + first - linear,
		       len - first);
	return 0;
}

__wsum csum_partial(const void *data, int len, __wsum sum)
{
	const u8 *bytes = data;
	u64 total = sum;
	__be16 word;
	int i;

	for (i = 0; i + 1 < len; i += 2) {
		memcpy(&word, bytes + i, sizeof(word));
		total += word;
	}
	if (len % 2)
		total += htons(bytes[len - 1] << 8);
	while (total >> 32)
		total = (total & U32_MAX) + (total >> 32);
	return total;
}

__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum sum)
{
	u8 *bytes = malloc(len);

	require(bytes && !skb_copy_bits(skb, offset, bytes, len));
	sum = csum_partial(bytes, len, sum);
	free(bytes);
	return sum;
}

__sum16 csum_ipv6_magic(const struct in6_addr *saddr,
			const struct in6_addr *daddr, u32 len, u8 protocol,
			__wsum sum)
{
	const __be32 end[] = { htonl(len), htonl(protocol) };

	sum = csum_partial(saddr, sizeof(*saddr), sum);
	sum = csum_partial(daddr, sizeof(*daddr), sum);
	return csum_fold(csum_partial(end, sizeof(end), sum));
}

__sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len, u8 protocol,
			  __wsum sum)
{
	const __be32 pseudo[] = { saddr, daddr, htonl(protocol << 16 | len) };

	return csum_fold(csum_partial(pseudo, sizeof(pseudo), sum));
}
