// SPDX-License-Identifier: GPL-2.0
/* The way of a frame from the VPN to the host. */

#include <linux/etherdevice.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <uapi/linux/virtualtap.h>

#include "csum.h"
#include "device.h"
#include "frag.h"
#include "icmp.h"
#include "l2.h"
#include "l3.h"
#include "ndp.h"
#include "offload.h"
#include "packet.h"
#include "rx.h"
#include "vlan.h"

/* Whose frame is it? What is not for the station teaches nothing. */
static enum vtap_verdict filter_mac(struct vtap_port *port, struct sk_buff *skb)
{
	struct vtap_mac station = vtap_mac_read(&port->station);
	const struct ethhdr *eth = eth_hdr(skb);

	if (!is_valid_ether_addr(eth->h_source) ||
	    ether_addr_equal_unaligned(eth->h_source, station.addr))
		return VTAP_RX_DROP_BAD_SOURCE;
	if (ether_addr_equal_unaligned(eth->h_dest, station.addr)) {
		skb->pkt_type = PACKET_HOST;
	} else if (is_broadcast_ether_addr(eth->h_dest)) {
		skb->pkt_type = PACKET_BROADCAST;
		vtap_count(port->stats, VTAP_STAT_BROADCAST);
	} else if (is_multicast_ether_addr(eth->h_dest)) {
		skb->pkt_type = PACKET_MULTICAST;
		vtap_count(port->stats, VTAP_STAT_MULTICAST);
	} else {
		return VTAP_RX_DROP_OTHER_HOST;
	}
	return VTAP_CONTINUE;
}

static enum vtap_verdict rx_arp(struct vtap *vtap, struct vtap_port *port,
				struct sk_buff *skb)
{
	struct sk_buff *reply = NULL;
	enum vtap_verdict verdict;

	vtap_count(port->stats, VTAP_STAT_ARP);
	verdict = vtap_arp_input(port, vtap->dev, skb, &reply);
	if (reply)
		vtap_l2_output(vtap, port, reply);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	consume_skb(skb);
	return VTAP_CONSUMED;
}

/* The frame's own header, without its tag. Reassembly or a tag may have been
 * where it was.
 */
static bool restore_ethernet(struct sk_buff *skb, const struct ethhdr *eth)
{
	if (skb_cow_head(skb, ETH_HLEN))
		return false;
	memcpy(skb_push(skb, ETH_HLEN), eth, ETH_HLEN);
	skb_reset_mac_header(skb);
	__skb_pull(skb, ETH_HLEN);
	return true;
}

/* From a program each frame comes alone, in a softirq of its own: unless it shall
 * wait for others, there is nothing to merge it with.
 */
static bool comes_with_others(const struct vtap *vtap,
			      const struct vtap_port *port)
{
	return vtap->lower || vtap_offload_is_taken(vtap->dev) ||
	       READ_ONCE(port->dev->gro_flush_timeout);
}

/* All of a flow goes the same way, so that it stays in order. */
static bool is_merged(const struct vtap *vtap, const struct vtap_port *port,
		      const struct vtap_pkt *pkt)
{
	switch (pkt->protocol) {
	case IPPROTO_TCP:
		return comes_with_others(vtap, port);
	case IPPROTO_UDP:
		return READ_ONCE(port->dev->features) &
		       (NETIF_F_GRO_UDP_FWD | NETIF_F_GRO_FRAGLIST);
	default:
		return false;
	}
}

static enum vtap_verdict deliver(struct vtap *vtap, struct vtap_port *port,
				 struct sk_buff *skb, const struct ethhdr *eth,
				 const struct vtap_pkt *pkt)
{
	unsigned int pkt_type = skb->pkt_type;

	skb_reset_mac_header(skb);
	if (port->opt.mode == VIRTUALTAP_MODE_ETHER &&
	    !restore_ethernet(skb, eth))
		return VTAP_RX_DROP_NOMEM;
	skb_reset_mac_len(skb);
	skb_scrub_packet(skb, !net_eq(dev_net(vtap->dev), dev_net(port->dev)));
	/* Sent with a time to leave, or not: it arrives now. */
	skb_clear_tstamp(skb);
	/* Scrubbed, it is the host's. */
	if (unlikely(pkt_type != PACKET_HOST))
		skb->pkt_type = pkt_type;
	skb->priority = 0;
	/* The queue was another device's. */
	skb_set_queue_mapping(skb, 0);
	skb->dev = port->dev;
	/* Where it is too big for the next link, it was sent in parts. */
	if (unlikely(pkt->reassembled))
		skb->ignore_df = true;
	if (!vtap_l3_receive(port, skb, is_merged(vtap, port, pkt)))
		vtap_drop(port->dev, port->stats, NULL, VTAP_RX_DROP_HOST_BUSY);
	return VTAP_CONSUMED;
}

/* RFC 1112 6.4, RFC 2464 7: a group's frame carries that group's packets. What
 * is for many by its frame alone would get past who filters by address.
 */
static bool is_groups_own(const struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	u8 mac[ETH_ALEN];

	if (pkt->family == AF_INET) {
		if (!ipv4_is_multicast(ip_hdr(skb)->daddr))
			return false;
		ip_eth_mc_map(ip_hdr(skb)->daddr, mac);
	} else {
		if (!ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr))
			return false;
		ipv6_eth_mc_map(&ipv6_hdr(skb)->daddr, mac);
	}
	return ether_addr_equal_unaligned(mac, eth_hdr(skb)->h_dest);
}

static enum vtap_verdict check_addresses(struct vtap_port *port,
					 const struct sk_buff *skb,
					 const struct vtap_pkt *pkt)
{
	/* RFC 1122 3.2.1.3: a subnet's broadcast address is no station's. */
	if (pkt->family == AF_INET &&
	    vtap_addr_is_broadcast4(port->dev, ip_hdr(skb)->saddr))
		return VTAP_RX_DROP_IP_SOURCE;
	if (skb->pkt_type == PACKET_MULTICAST && !is_groups_own(skb, pkt))
		return VTAP_RX_DROP_MULTICAST;
	return VTAP_CONTINUE;
}

static void count_ip(struct vtap_port *port, const struct vtap_pkt *pkt)
{
	if (pkt->family == AF_INET) {
		vtap_count(port->stats, VTAP_STAT_IPV4);
		return;
	}
	vtap_count(port->stats, VTAP_STAT_IPV6);
	if (pkt->ext)
		vtap_count(port->stats, VTAP_STAT_EXT_HEADERS);
	if (pkt->protocol == IPPROTO_ICMPV6 && !pkt->later)
		vtap_count(port->stats, VTAP_STAT_ICMPV6);
}

/* What configures this station, asks for it, or reports an error. */
static enum vtap_verdict rx_control(struct vtap *vtap, struct vtap_port *port,
				    struct sk_buff *skb,
				    const struct vtap_pkt *pkt)
{
	struct sk_buff *reply = NULL;
	enum vtap_verdict verdict;

	verdict = vtap_icmp_input(port, skb, pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	verdict = vtap_trusted_check(port, skb, pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	if (READ_ONCE(port->dns.on))
		vtap_dns_cache_rx(port, skb, pkt, ktime_get_boottime_seconds());
	if (pkt->family == AF_INET)
		return vtap_learn_rx(port, skb, pkt);
	verdict = vtap_lease6_rx(port, skb, pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	verdict = vtap_ndp_input(port, vtap->dev, skb, pkt, &reply);
	if (reply)
		vtap_l2_output(vtap, port, reply);
	return verdict;
}

/* A fragment, or the datagram that it completes. */
static enum vtap_verdict rx_fragment(struct vtap_port *port,
				     struct sk_buff *skb, __be16 ethertype,
				     struct vtap_pkt *pkt)
{
	enum vtap_verdict verdict;

	vtap_count(port->stats, pkt->family == AF_INET ?
		   VTAP_STAT_IPV4_FRAGMENTS : VTAP_STAT_IPV6_FRAGMENTS);
	/* No sender cuts what is cut already. */
	if (skb_is_gso(skb))
		return VTAP_RX_DROP_FRAG_INVALID;
	if (!READ_ONCE(port->frags.reassembly))
		return VTAP_CONTINUE;
	verdict = vtap_frag_input(port, skb, pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	verdict = vtap_pkt_parse_rx(skb, ethertype, pkt);
	/* Fragments of fragments: nobody sends that. */
	if (verdict == VTAP_CONTINUE && (pkt->fragment || pkt->frag))
		return VTAP_RX_DROP_FRAG_INVALID;
	pkt->reassembled = true;
	return verdict;
}

static enum vtap_verdict rx_ip(struct vtap *vtap, struct vtap_port *port,
			       struct sk_buff *skb, const struct ethhdr *eth)
{
	__be16 ethertype = eth->h_proto;
	enum vtap_verdict verdict;
	struct vtap_pkt pkt;

	skb->protocol = ethertype;
	skb_reset_network_header(skb);
	verdict = vtap_pkt_parse_rx(skb, ethertype, &pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	verdict = check_addresses(port, skb, &pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	count_ip(port, &pkt);
	if (pkt.fragment) {
		verdict = rx_fragment(port, skb, ethertype, &pkt);
		if (verdict != VTAP_CONTINUE)
			return verdict;
	}
	verdict = vtap_csum_check(port, skb, &pkt);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	if (pkt.control) {
		verdict = rx_control(vtap, port, skb, &pkt);
		if (verdict != VTAP_CONTINUE)
			return verdict;
	}
	if (rcu_access_pointer(port->ct.tracker))
		vtap_ct_rx(port, skb, &pkt);
	vtap_count(port->stats, VTAP_STAT_DSCP_RX +
		   vtap_dscp_class(vtap_dscp_field(skb) >> VTAP_DSCP_SHIFT));
	return deliver(vtap, port, skb, eth, &pkt);
}

static enum vtap_verdict rx_port(struct vtap *vtap, struct vtap_port *port,
				 struct sk_buff *skb,
				 const struct vtap_frame *frame)
{
	enum vtap_verdict verdict;

	/* The sender's pages are its own again when it is told so. */
	if (skb_orphan_frags(skb, GFP_ATOMIC))
		return VTAP_RX_DROP_NOMEM;
	verdict = filter_mac(port, skb);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	if (frame->tagged)
		vtap_count(port->stats, VTAP_STAT_VLAN);
	switch (frame->eth.h_proto) {
	case htons(ETH_P_IP):
	case htons(ETH_P_IPV6):
		return rx_ip(vtap, port, skb, &frame->eth);
	case htons(ETH_P_ARP):
		return rx_arp(vtap, port, skb);
	case htons(ETH_P_8021Q):
	case htons(ETH_P_8021AD):
		return VTAP_RX_DROP_VLAN_NESTED;
	}
	vtap_count(port->stats, VTAP_STAT_OTHER);
	return VTAP_RX_DROP_NOT_IP;
}

/* Whose frame is it, by its VLAN? */
static enum vtap_verdict find_port(struct vtap *vtap, struct sk_buff *skb,
				   struct vtap_frame *frame,
				   struct vtap_port **port)
{
	enum vtap_verdict verdict;

	verdict = vtap_vlan_parse(skb, frame);
	if (verdict != VTAP_CONTINUE)
		return verdict;
	*port = frame->key ? xa_load(&vtap->ports, frame->key) :
			     rcu_dereference(vtap->untagged);
	if (!*port && frame->key)
		return VTAP_RX_DROP_UNKNOWN_VLAN;
	if (!*port || !netif_running((*port)->dev))
		return VTAP_RX_DROP_NO_PORT;
	return VTAP_CONTINUE;
}

/**
 * vtap_rx() - take a frame from the VPN
 * @vtap: instance
 * @skb: frame, data at the Ethernet header, not shared; consumed
 *
 * Context: RCU, BH off.
 */
void vtap_rx(struct vtap *vtap, struct sk_buff *skb)
{
	unsigned int len = skb->len;
	enum vtap_verdict verdict;
	struct vtap_frame frame;
	struct vtap_port *port;

	verdict = find_port(vtap, skb, &frame, &port);
	if (unlikely(verdict != VTAP_CONTINUE)) {
		vtap_drop(vtap->counted, vtap->stats, skb, verdict);
		return;
	}
	/* A lower device counts for itself. */
	if (!vtap->lower)
		dev_sw_netstats_tx_add(vtap->dev, 1, len);
	verdict = rx_port(vtap, port, skb, &frame);
	if (verdict != VTAP_CONSUMED)
		vtap_drop(port->dev, port->stats, skb, verdict);
}
