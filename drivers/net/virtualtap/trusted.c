// SPDX-License-Identifier: GPL-2.0
/* Option ``trusted``: who may configure the host. What others say as DHCP servers
 * or routers reaches neither our learning nor the host's own.
 */

#include <linux/icmp.h>
#include <linux/rtnetlink.h>
#include <net/ndisc.h>

#include "device.h"
#include "dhcp.h"
#include "dhcp6.h"
#include "trusted.h"

/**
 * vtap_trusted_set() - set option ``trusted``
 * @port: host end
 * @macs: hardware addresses, one behind the other
 * @len: bytes of them, a multiple of ETH_ALEN; 0 to trust everybody
 *
 * Context: RTNL.
 * Return: 0 or -ENOMEM.
 */
int vtap_trusted_set(struct vtap_port *port, const u8 *macs, size_t len)
{
	struct vtap_trusted *trusted = NULL;
	unsigned int i;

	if (len) {
		trusted = kzalloc(sizeof(*trusted), GFP_KERNEL_ACCOUNT);
		if (!trusted)
			return -ENOMEM;
		trusted->count = len / ETH_ALEN;
		for (i = 0; i < trusted->count; i++)
			trusted->mac[i] = vtap_mac_make(macs + i * ETH_ALEN);
	}
	trusted = rcu_replace_pointer(port->trusted, trusted,
				      lockdep_rtnl_is_held());
	if (trusted)
		kfree_rcu(trusted, rcu);
	return 0;
}

/**
 * vtap_trusted_free() - free the list of a host end
 * @port: host end that nobody refers to any more, or yet
 */
void vtap_trusted_free(struct vtap_port *port)
{
	kfree(rcu_dereference_protected(port->trusted, true));
	RCU_INIT_POINTER(port->trusted, NULL);
}

static bool is_trusted(const struct vtap_trusted *trusted, const u8 *mac)
{
	struct vtap_mac source = vtap_mac_make(mac);
	unsigned int i;

	for (i = 0; i < trusted->count; i++) {
		if (vtap_mac_equal(trusted->mac[i], source))
			return true;
	}
	return false;
}

static bool is_router_advertisement(struct sk_buff *skb,
				    const struct vtap_pkt *pkt)
{
	return pkt->family == AF_INET6 &&
	       vtap_pkt_icmp_type(skb, pkt) == NDISC_ROUTER_ADVERTISEMENT;
}

/* It makes a router of whom it likes, for one destination. */
static bool is_redirect(struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	return vtap_pkt_icmp_type(skb, pkt) ==
	       (pkt->family == AF_INET ? ICMP_REDIRECT : NDISC_REDIRECT);
}

/* Also the first fragment of one: the host would put it together. */
static bool is_dhcp_answer(struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	const struct udphdr *udp;

	if (pkt->protocol != IPPROTO_UDP ||
	    !pskb_network_may_pull(skb, pkt->l4 + sizeof(*udp)))
		return false;
	udp = (struct udphdr *)(skb_network_header(skb) + pkt->l4);
	return udp->dest == htons(pkt->family == AF_INET ?
				  VTAP_DHCP_CLIENT_PORT :
				  VTAP_DHCP6_CLIENT_PORT);
}

/**
 * vtap_trusted_check() - may this station say this?
 * @port: host end
 * @skb: packet from the VPN, network and MAC header set. May reallocate
 *	@skb->head
 * @pkt: what parsing found
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE or VTAP_RX_DROP_UNTRUSTED.
 */
enum vtap_verdict vtap_trusted_check(struct vtap_port *port,
				     struct sk_buff *skb,
				     const struct vtap_pkt *pkt)
{
	const struct vtap_trusted *trusted = rcu_dereference(port->trusted);

	if (!trusted || pkt->later ||
	    is_trusted(trusted, eth_hdr(skb)->h_source))
		return VTAP_CONTINUE;
	if (is_router_advertisement(skb, pkt))
		vtap_count(port->stats, VTAP_STAT_RA_UNTRUSTED);
	else if (is_dhcp_answer(skb, pkt))
		vtap_count(port->stats, VTAP_STAT_DHCP_UNTRUSTED);
	else if (!is_redirect(skb, pkt))
		return VTAP_CONTINUE;
	return VTAP_RX_DROP_UNTRUSTED;
}
