// SPDX-License-Identifier: GPL-2.0
/* Generic netlink: DNS answers that a host end keeps. */

#include <linux/rtnetlink.h>
#include <linux/unaligned.h>
#include <net/genetlink.h>

#include "device.h"
#include "dns.h"
#include "netlink.h"
#include "netlink_gen.h"

/* One call of a dump of a host end's answers. */
struct dns_visit {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	const struct vtap_dns_cache *cache;
};

int virtualtap_nl_dns_get_start(struct netlink_callback *cb)
{
	return vtap_netlink_dump_start(cb, VIRTUALTAP_A_DNS_IFINDEX);
}

/* RFC 1035 4.1.2: type and class follow the name. */
static int put_question(struct sk_buff *msg, const u8 *question, size_t len)
{
	char text[VTAP_DNS_TEXT_MAX];

	vtap_dns_text(question, len, text);
	return nla_put_string(msg, VIRTUALTAP_A_DNS_NAME, text) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_DNS_TYPE,
			   get_unaligned_be16(question + len - 4)) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_DNS_CLASS,
			   get_unaligned_be16(question + len - 2));
}

/* RFC 1035 4.1.1: where the header has them. */
static int put_answer(struct sk_buff *msg, const struct vtap_dns_entry *entry)
{
	return nla_put_u32(msg, VIRTUALTAP_A_DNS_LIFETIME, entry->lifetime) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_DNS_RCODE, entry->msg[3] & 0xf) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_DNS_ANSWERS,
			   get_unaligned_be16(entry->msg + 6)) ?:
	       nla_put_u32(msg, VIRTUALTAP_A_DNS_SIZE, entry->len);
}

static int visit_answer(const struct vtap_dns_entry *entry, void *context)
{
	const struct dns_visit *visit = context;
	struct netlink_callback *cb = visit->cb;
	struct sk_buff *skb = visit->skb;
	void *header;

	header = vtap_netlink_dump_put(skb, cb, VIRTUALTAP_CMD_DNS_GET);
	if (!header)
		return -EMSGSIZE;
	if (nla_put_u32(skb, VIRTUALTAP_A_DNS_IFINDEX,
			vtap_netlink_dump_of(cb)->ifindex) ||
	    vtap_fill_addr(skb, VIRTUALTAP_A_DNS_SERVER4,
			   VIRTUALTAP_A_DNS_SERVER6, &entry->server) ||
	    put_question(skb, entry->question, entry->question_len) ||
	    put_answer(skb, entry)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	vtap_netlink_dump_changed(cb, READ_ONCE(visit->cache->changes));
	genl_dump_check_consistent(cb, header);
	genlmsg_end(skb, header);
	return 0;
}

static int dump_answers(struct sk_buff *skb, struct netlink_callback *cb,
			struct vtap_dns_cache *cache)
{
	struct dns_visit visit = {
		.skb = skb,
		.cb = cb,
		.cache = cache,
	};
	int err;

	err = vtap_dns_cache_walk(cache, &vtap_netlink_dump_of(cb)->walk,
				  visit_answer, &visit);
	vtap_netlink_dump_changed(cb, READ_ONCE(cache->changes));
	return err;
}

int virtualtap_nl_dns_get_dumpit(struct sk_buff *skb,
				 struct netlink_callback *cb)
{
	struct vtap_port *port;
	int err = -ENODEV;

	rcu_read_lock();
	port = vtap_netlink_dump_port(cb);
	if (port)
		err = dump_answers(skb, cb, &port->dns);
	rcu_read_unlock();
	return skb->len ?: err;
}

int virtualtap_nl_dns_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct vtap_port *port;

	rtnl_lock();
	port = vtap_netlink_port(info, VIRTUALTAP_A_DNS_IFINDEX);
	if (!IS_ERR(port))
		vtap_dns_cache_flush(&port->dns);
	rtnl_unlock();
	return PTR_ERR_OR_ZERO(port);
}
