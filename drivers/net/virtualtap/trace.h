/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM virtualtap

#if !defined(_VTAP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _VTAP_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "icmp.h"

TRACE_EVENT(vtap_pmtu,
	TP_PROTO(const struct net_device *dev,
		 const struct vtap_icmp_error *error),
	TP_ARGS(dev, error),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(u32, mtu)
		__array(u8, dest, sizeof(struct in6_addr))
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->mtu = error->mtu;
		memcpy(__entry->dest, &error->dest, sizeof(error->dest));
	),
	TP_printk("ifindex=%d dest=%pI6c mtu=%u", __entry->ifindex,
		  __entry->dest, __entry->mtu)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
