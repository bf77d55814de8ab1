/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_LINUX_IPV6_H
#define _FUZZ_LINUX_IPV6_H

#include_next <linux/ipv6.h>
#include <linux/skbuff.h>

static inline struct ipv6hdr *ipv6_hdr(const struct sk_buff *skb)
{
	return (struct ipv6hdr *)skb_network_header(skb);
}

/* RFC 4302 2.2 counts words, RFC 8200 4 units of 8 bytes. */
static inline unsigned int ipv6_authlen(const struct ipv6_opt_hdr *header)
{
	return (header->hdrlen + 2) * 4;
}

static inline unsigned int ipv6_optlen(const struct ipv6_opt_hdr *header)
{
	return (header->hdrlen + 1) * 8;
}

#endif
