/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM virtualtap

#if !defined(_VTAP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VTAP_TRACE_H

#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tracepoint.h>
#include <linux/unaligned.h>
#include <net/inet_frag.h>

#include "dns.h"
#include "mac.h"

#define VTAP_DEV_ENTRY	__field(int, ifindex) __array(char, dev, IFNAMSIZ)
#define VTAP_DEV_ASSIGN(of) do {				\
	__entry->ifindex = (of)->ifindex;			\
	strscpy(__entry->dev, (of)->name, IFNAMSIZ);		\
} while (0)

/* Words are copied: a trace outlives the module. Addresses are of IPv6, those of
 * IPv4 mapped.
 */
TRACE_EVENT(vtap_drop,
	TP_PROTO(const struct net_device *dev, const struct sk_buff *skb,
		 const char *reason),
	TP_ARGS(dev, skb, reason),
	TP_STRUCT__entry(
		VTAP_DEV_ENTRY
		__field(const void *, skbaddr)
		__field(u16, protocol)
		__field(unsigned int, len)
		__array(char, reason, 32)
	),
	TP_fast_assign(
		VTAP_DEV_ASSIGN(dev);
		__entry->skbaddr = skb;
		__entry->protocol = skb ? ntohs(skb->protocol) : 0;
		__entry->len = skb ? skb->len : 0;
		strscpy(__entry->reason, reason, sizeof(__entry->reason));
	),
	TP_printk("dev=%s skbaddr=%p protocol=0x%04x len=%u reason=%s",
		  __entry->dev, __entry->skbaddr, __entry->protocol,
		  __entry->len, __entry->reason)
);

TRACE_EVENT(vtap_neigh,
	TP_PROTO(const struct net_device *dev, const struct in6_addr *addr,
		 struct vtap_mac mac, const char *from, const char *to),
	TP_ARGS(dev, addr, mac, from, to),
	TP_STRUCT__entry(
		VTAP_DEV_ENTRY
		__array(u8, addr, sizeof(struct in6_addr))
		__array(u8, mac, ETH_ALEN)
		__array(char, from, 12)
		__array(char, to, 12)
	),
	TP_fast_assign(
		VTAP_DEV_ASSIGN(dev);
		memcpy(__entry->addr, addr, sizeof(*addr));
		memcpy(__entry->mac, mac.addr, ETH_ALEN);
		strscpy(__entry->from, from, sizeof(__entry->from));
		strscpy(__entry->to, to, sizeof(__entry->to));
	),
	TP_printk("dev=%s addr=%pI6c mac=%pM from=%s to=%s", __entry->dev,
		  __entry->addr, __entry->mac, __entry->from, __entry->to)
);

TRACE_EVENT(vtap_learn,
	TP_PROTO(const struct net_device *dev, const char *what,
		 const char *change, const struct in6_addr *addr,
		 struct vtap_mac mac),
	TP_ARGS(dev, what, change, addr, mac),
	TP_STRUCT__entry(
		VTAP_DEV_ENTRY
		__array(char, what, 12)
		__array(char, change, 12)
		__array(u8, addr, sizeof(struct in6_addr))
		__array(u8, mac, ETH_ALEN)
	),
	TP_fast_assign(
		VTAP_DEV_ASSIGN(dev);
		strscpy(__entry->what, what, sizeof(__entry->what));
		strscpy(__entry->change, change, sizeof(__entry->change));
		memcpy(__entry->addr, addr, sizeof(*addr));
		memcpy(__entry->mac, mac.addr, ETH_ALEN);
	),
	TP_printk("dev=%s what=%s change=%s addr=%pI6c mac=%pM", __entry->dev,
		  __entry->what, __entry->change, __entry->addr, __entry->mac)
);

TRACE_EVENT(vtap_fragment,
	TP_PROTO(const struct net_device *dev,
		 const struct frag_v6_compare_key *key, unsigned int offset,
		 unsigned int end, const char *decision),
	TP_ARGS(dev, key, offset, end, decision),
	TP_STRUCT__entry(
		VTAP_DEV_ENTRY
		__array(u8, saddr, sizeof(struct in6_addr))
		__array(u8, daddr, sizeof(struct in6_addr))
		__field(u32, id)
		__field(unsigned int, offset)
		__field(unsigned int, end)
		__array(char, decision, 32)
	),
	TP_fast_assign(
		VTAP_DEV_ASSIGN(dev);
		memcpy(__entry->saddr, &key->saddr, sizeof(key->saddr));
		memcpy(__entry->daddr, &key->daddr, sizeof(key->daddr));
		__entry->id = ntohl(key->id);
		__entry->offset = offset;
		__entry->end = end;
		strscpy(__entry->decision, decision,
			sizeof(__entry->decision));
	),
	TP_printk("dev=%s saddr=%pI6c daddr=%pI6c id=0x%x bytes=%u-%u decision=%s",
		  __entry->dev, __entry->saddr, __entry->daddr, __entry->id,
		  __entry->offset, __entry->end, __entry->decision)
);

TRACE_EVENT(vtap_dns,
	TP_PROTO(const struct net_device *dev, const struct in6_addr *server,
		 const u8 *question, size_t len, const char *decision),
	TP_ARGS(dev, server, question, len, decision),
	TP_STRUCT__entry(
		VTAP_DEV_ENTRY
		__array(u8, server, sizeof(struct in6_addr))
		__dynamic_array(char, name, VTAP_DNS_TEXT_MAX)
		__field(u16, type)
		__array(char, decision, 12)
	),
	TP_fast_assign(
		VTAP_DEV_ASSIGN(dev);
		memcpy(__entry->server, server, sizeof(*server));
		vtap_dns_text(question, len, __get_dynamic_array(name));
		__entry->type = get_unaligned_be16(question + len - 4);
		strscpy(__entry->decision, decision,
			sizeof(__entry->decision));
	),
	TP_printk("dev=%s server=%pI6c name=%s type=%u decision=%s",
		  __entry->dev, __entry->server,
		  (char *)__get_dynamic_array(name), __entry->type,
		  __entry->decision)
);

TRACE_EVENT(vtap_pmtu,
	TP_PROTO(const struct net_device *dev, const struct in6_addr *dest,
		 u32 mtu),
	TP_ARGS(dev, dest, mtu),
	TP_STRUCT__entry(
		VTAP_DEV_ENTRY
		__array(u8, dest, sizeof(struct in6_addr))
		__field(u32, mtu)
	),
	TP_fast_assign(
		VTAP_DEV_ASSIGN(dev);
		memcpy(__entry->dest, dest, sizeof(*dest));
		__entry->mtu = mtu;
	),
	TP_printk("dev=%s dest=%pI6c mtu=%u", __entry->dev, __entry->dest,
		  __entry->mtu)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
