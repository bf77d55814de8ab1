// SPDX-License-Identifier: GPL-2.0
/* NDP (RFC 4861, 4862, 7527): what is believed, what is answered. */

#include <net/addrconf.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "device.h"
#include "ndp.h"

/* RFC 4861 4.6: type, length in units of 8 bytes, content. Link-layer addresses
 * of Ethernet and the nonces of RFC 7527 fill one unit.
 */
struct ndp_option {
	u8 type;
	u8 len;
	u8 data[6];
} __packed;

#define OPTION_UNIT	8

/* Fixed part of each message, in bytes (RFC 4861 4.1 to 4.5). */
static size_t fixed_len(u8 type)
{
	switch (type) {
	case NDISC_ROUTER_SOLICITATION:
		return 8;
	case NDISC_ROUTER_ADVERTISEMENT:
		return 16;
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return sizeof(struct nd_msg);
	default:	/* NDISC_REDIRECT */
		return sizeof(struct rd_msg);
	}
}

static bool is_neighbour_message(u8 type)
{
	return type == NDISC_NEIGHBOUR_SOLICITATION ||
	       type == NDISC_NEIGHBOUR_ADVERTISEMENT;
}

/* The option in which a message tells a hardware address. */
static u8 mac_option(u8 type)
{
	return type == NDISC_NEIGHBOUR_ADVERTISEMENT ? ND_OPT_TARGET_LL_ADDR :
						       ND_OPT_SOURCE_LL_ADDR;
}

/* The first of several counts, as it does in ra.c: all have to speak of the same
 * hardware address.
 */
static void parse_option(const struct ndp_option *option, struct vtap_ndp *msg)
{
	/* Another length is no Ethernet address, and no nonce of RFC 7527. */
	if (option->len != 1)
		return;
	if (option->type == mac_option(msg->type) && !msg->has_mac) {
		msg->has_mac = true;
		msg->mac = vtap_mac_make(option->data);
	} else if (option->type == ND_OPT_NONCE && !msg->has_nonce) {
		msg->has_nonce = true;
		memcpy(msg->nonce, option->data, sizeof(msg->nonce));
	}
}

/* RFC 4861 8.1: towards a router, or on-link; never from a group. A group may be
 * of link-local scope, too.
 */
static bool is_good_redirect(const struct rd_msg *msg)
{
	return !ipv6_addr_is_multicast(&msg->dest) &&
	       (ipv6_addr_type(&msg->target) ==
		(IPV6_ADDR_UNICAST | IPV6_ADDR_LINKLOCAL) ||
		ipv6_addr_equal(&msg->target, &msg->dest));
}

/**
 * vtap_ndp_parse() - parse and check a neighbour discovery message
 * @data: the ICMPv6 message
 * @len: its length
 * @msg: filled when it is good
 *
 * The rules of RFC 4861 6.1, 7.1 and 8.1 that the message alone can break.
 *
 * Return: 0 or -EINVAL.
 */
int vtap_ndp_parse(const u8 *data, size_t len, struct vtap_ndp *msg)
{
	const struct nd_msg *nd = (const struct nd_msg *)data;
	size_t i;

	memset(msg, 0, sizeof(*msg));
	if (len < sizeof(struct icmp6hdr) ||
	    data[0] < NDISC_ROUTER_SOLICITATION || data[0] > NDISC_REDIRECT ||
	    data[1] || len < fixed_len(data[0]))
		return -EINVAL;
	msg->type = data[0];
	if (is_neighbour_message(msg->type)) {
		if (ipv6_addr_is_multicast(&nd->target))
			return -EINVAL;
		msg->target = nd->target;
		msg->router = nd->icmph.icmp6_router;
		msg->solicited = nd->icmph.icmp6_solicited;
		msg->override = nd->icmph.icmp6_override;
	} else if (msg->type == NDISC_REDIRECT &&
		   !is_good_redirect((const struct rd_msg *)data)) {
		return -EINVAL;
	}
	for (i = fixed_len(msg->type); i < len; ) {
		const struct ndp_option *option = (const void *)(data + i);

		if (len - i < OPTION_UNIT || !option->len ||
		    option->len * OPTION_UNIT > len - i)
			return -EINVAL;
		parse_option(option, msg);
		i += option->len * OPTION_UNIT;
	}
	return 0;
}

static void put_option(struct sk_buff *skb, u8 type, const u8 *data)
{
	struct ndp_option *option = skb_put(skb, sizeof(*option));

	option->type = type;
	option->len = 1;
	memcpy(option->data, data, sizeof(option->data));
}

/* Neighbour solicitation or advertisement with its options. */
static void put_message(struct sk_buff *skb, const struct vtap_ndp *msg)
{
	struct nd_msg *nd = skb_put_zero(skb, sizeof(*nd));

	nd->icmph.icmp6_type = msg->type;
	nd->icmph.icmp6_router = msg->router;
	nd->icmph.icmp6_solicited = msg->solicited;
	nd->icmph.icmp6_override = msg->override;
	nd->target = msg->target;
	if (msg->has_mac)
		put_option(skb, mac_option(msg->type), msg->mac.addr);
	if (msg->has_nonce)
		put_option(skb, ND_OPT_NONCE, msg->nonce);
}

/**
 * vtap_ndp_create() - build a neighbour solicitation or advertisement
 * @ethernet: Ethernet end
 * @station: our hardware address, the frame's source
 * @packet: what to build
 *
 * Return: a frame with its Ethernet header, or NULL without memory.
 */
struct sk_buff *vtap_ndp_create(struct net_device *ethernet,
				struct vtap_mac station,
				const struct vtap_ndp_packet *packet)
{
	unsigned int len;
	struct ipv6hdr *ip6h;
	struct sk_buff *skb;
	struct nd_msg *nd;
	struct ethhdr *eth;

	skb = netdev_alloc_skb_ip_align(ethernet,
					ETH_HLEN + sizeof(*ip6h) + sizeof(*nd) +
					2 * sizeof(struct ndp_option));
	if (!skb)
		return NULL;
	eth = skb_put(skb, ETH_HLEN);
	skb_set_network_header(skb, ETH_HLEN);
	ip6h = skb_put_zero(skb, sizeof(*ip6h));
	put_message(skb, &packet->msg);
	nd = (struct nd_msg *)(ip6h + 1);
	len = skb->len - ETH_HLEN - sizeof(*ip6h);

	ip6_flow_hdr(ip6h, 0, 0);
	ip6h->payload_len = htons(len);
	ip6h->nexthdr = IPPROTO_ICMPV6;
	ip6h->hop_limit = 255;
	ip6h->saddr = packet->source;
	ip6h->daddr = packet->dest;
	nd->icmph.icmp6_cksum = csum_ipv6_magic(&ip6h->saddr, &ip6h->daddr,
						len, IPPROTO_ICMPV6,
						csum_partial(nd, len, 0));

	if (packet->dest_mac)
		memcpy(eth->h_dest, packet->dest_mac->addr, ETH_ALEN);
	else
		ipv6_eth_mc_map(&ip6h->daddr, eth->h_dest);
	memcpy(eth->h_source, station.addr, ETH_ALEN);
	eth->h_proto = htons(ETH_P_IPV6);
	skb->protocol = eth->h_proto;
	return skb;
}

/**
 * vtap_ndp_create_ns() - build a solicitation that asks for a neighbour
 * @ethernet: Ethernet end
 * @dest: whom to ask, NULL for the target's solicited-node group
 * @station: our hardware address
 * @source: our address
 * @target: whose hardware address is asked for
 *
 * Return: a frame with its Ethernet header, or NULL without memory.
 */
struct sk_buff *vtap_ndp_create_ns(struct net_device *ethernet,
				   const struct vtap_mac *dest,
				   struct vtap_mac station,
				   const struct in6_addr *source,
				   const struct in6_addr *target)
{
	struct vtap_ndp_packet packet = {
		.msg = {
			.type = NDISC_NEIGHBOUR_SOLICITATION,
			.target = *target,
			.has_mac = true,
			.mac = station,
		},
		.source = *source,
		.dest = *target,
		.dest_mac = dest,
	};

	if (!dest)
		addrconf_addr_solict_mult(target, &packet.dest);
	return vtap_ndp_create(ethernet, station, &packet);
}

/**
 * vtap_ndp_create_probe() - build a solicitation that looks for a duplicate
 * @ethernet: Ethernet end
 * @station: our hardware address
 * @target: address that is to be used
 * @nonce: VTAP_NDP_NONCE_LEN bytes that tell it from others' (RFC 7527)
 *
 * Return: a frame with its Ethernet header, or NULL without memory.
 */
struct sk_buff *vtap_ndp_create_probe(struct net_device *ethernet,
				      struct vtap_mac station,
				      const struct in6_addr *target,
				      const u8 *nonce)
{
	/* RFC 4862 5.4.2: nobody shall take its source for a neighbour. */
	struct vtap_ndp_packet packet = {
		.msg = {
			.type = NDISC_NEIGHBOUR_SOLICITATION,
			.target = *target,
			.has_nonce = true,
		},
		.source = in6addr_any,
	};

	memcpy(packet.msg.nonce, nonce, sizeof(packet.msg.nonce));
	addrconf_addr_solict_mult(target, &packet.dest);
	return vtap_ndp_create(ethernet, station, &packet);
}

/**
 * vtap_ndp_create_announcement() - build an unsolicited advertisement to all
 * @ethernet: Ethernet end
 * @station: our hardware address
 * @target: our address
 * @router: we forward
 *
 * RFC 4861 7.2.6.
 *
 * Return: a frame with its Ethernet header, or NULL without memory.
 */
struct sk_buff *vtap_ndp_create_announcement(struct net_device *ethernet,
					     struct vtap_mac station,
					     const struct in6_addr *target,
					     bool router)
{
	const struct vtap_ndp_packet packet = {
		.msg = {
			.type = NDISC_NEIGHBOUR_ADVERTISEMENT,
			.target = *target,
			.router = router,
			.override = true,
			.has_mac = true,
			.mac = station,
		},
		.source = *target,
		.dest = in6addr_linklocal_allnodes,
	};

	return vtap_ndp_create(ethernet, station, &packet);
}

/* What a solicitation asks for. */
struct target {
	bool ours;	/* an address of the host end, else of a proxy */
	bool router;	/* R of the answer */
};

/* The kernel's own rules for answering for others, as ndisc_recv_ns() has
 * them: forwarding and proxy_ndp on, and ``ip neigh add proxy``.
 */
static bool is_proxied(struct vtap_port *port, const struct inet6_dev *idev,
		       const struct in6_addr *addr, bool *router)
{
	struct net *net = dev_net(port->dev);
	int flags;

	if (!READ_ONCE(idev->cnf.forwarding) ||
	    (!READ_ONCE(net->ipv6.devconf_all->proxy_ndp) &&
	     !READ_ONCE(idev->cnf.proxy_ndp)))
		return false;
	flags = vtap_pneigh_flags(&nd_tbl, net, addr, port->dev);
	*router = flags > 0 && flags & NTF_ROUTER;
	return flags >= 0;
}

static bool find_target(struct vtap_port *port, const struct in6_addr *addr,
			struct target *target)
{
	const struct inet6_dev *idev = __in6_dev_get(port->dev);

	if (!idev)
		return false;
	target->ours = vtap_addr_is_own6(port->dev, addr);
	target->router = READ_ONCE(idev->cnf.forwarding);
	return target->ours ||
	       is_proxied(port, idev, addr, &target->router);
}

/* RFC 4861 7.2.4. A prober hears it with everybody else. */
static struct sk_buff *create_answer(struct vtap_port *port,
				     struct net_device *ethernet,
				     const struct in6_addr *source,
				     const struct vtap_mac *source_mac,
				     const struct in6_addr *addr,
				     const struct target *target)
{
	bool probe = ipv6_addr_any(source);
	struct vtap_ndp_packet packet = {
		.msg = {
			.type = NDISC_NEIGHBOUR_ADVERTISEMENT,
			.target = *addr,
			.router = target->router,
			.solicited = !probe,
			.override = target->ours,
			.has_mac = true,
			.mac = vtap_mac_read(&port->station),
		},
		.source = *addr,
		.dest = probe ? in6addr_linklocal_allnodes : *source,
		.dest_mac = probe ? NULL : source_mac,
	};

	/* A proxy speaks for another, but by an address of its own. */
	if (!target->ours &&
	    ipv6_dev_get_saddr(dev_net(port->dev), port->dev, &packet.dest, 0,
			       &packet.source))
		return NULL;
	return vtap_ndp_create(ethernet, packet.msg.mac, &packet);
}

static void learn(struct vtap_port *port, const struct in6_addr *addr,
		  const struct vtap_ndp *msg)
{
	/* RFC 4861 7.2.3; whoever is not on-link is no neighbour (RFC 5942). */
	vtap_neigh_update(&port->neigh, addr, msg->mac,
			  vtap_addr_is_onlink6(port, addr) ?
			  VTAP_NEIGH_ASKED_US : VTAP_NEIGH_UNASKED, jiffies);
}

static enum vtap_verdict input_ns(struct vtap_port *port,
				  struct net_device *ethernet,
				  const struct sk_buff *skb,
				  const struct vtap_ndp *msg,
				  struct sk_buff **reply)
{
	const struct in6_addr *source = &ipv6_hdr(skb)->saddr;
	struct vtap_mac source_mac = msg->has_mac ? msg->mac :
				     vtap_mac_make(eth_hdr(skb)->h_source);
	struct target target;

	/* Whatever it asks, it uses our address. */
	if (vtap_addr_is_own6(port->dev, source)) {
		vtap_addr_conflict(port, source, source_mac);
		return VTAP_CONTINUE;
	}
	if (!find_target(port, &msg->target, &target))
		return VTAP_CONTINUE;
	if (target.ours && ipv6_addr_any(source))
		vtap_addr_probed6(port, &msg->target,
				  msg->has_nonce ? msg->nonce : NULL,
				  source_mac);
	if (target.ours && !vtap_addr_is_usable6(port, &msg->target))
		return VTAP_CONTINUE;
	if (vtap_limited(port, source, vtap_mac_make(eth_hdr(skb)->h_source)))
		return VTAP_RX_DROP_NDP_LIMITED;
	*reply = create_answer(port, ethernet, source, &source_mac,
			       &msg->target, &target);
	if (!*reply)
		return VTAP_RX_DROP_NOMEM;
	vtap_count(port->stats, VTAP_STAT_NA_SENT);
	if (msg->has_mac)
		learn(port, source, msg);
	return VTAP_CONTINUE;
}

/* How far an advertisement is believed: the rows of RFC 4861 7.2.5, as the
 * neighbour table puts them.
 */
static enum vtap_neigh_how how_na(const struct vtap_ndp *na)
{
	if (!na->has_mac)
		return VTAP_NEIGH_CONFIRM;
	if (na->solicited)
		return na->override ? VTAP_NEIGH_REPLY_OVERRIDE :
				      VTAP_NEIGH_REPLY_KEEP;
	return na->override ? VTAP_NEIGH_UNASKED : VTAP_NEIGH_UNASKED_KEEP;
}

static void input_na(struct vtap_port *port, const struct sk_buff *skb,
		     const struct vtap_ndp *na)
{
	struct vtap_mac mac = na->has_mac ? na->mac :
			      vtap_mac_make(eth_hdr(skb)->h_source);

	if (vtap_addr_is_own6(port->dev, &na->target)) {
		vtap_addr_conflict(port, &na->target, mac);
		return;
	}
	/* Without the option it can but confirm what is known. */
	if (!na->has_mac && !na->solicited)
		return;
	/* RFC 4861 7.2.5: what stopped being a router is a default no more. It
	 * says so itself, by its own address.
	 */
	if (vtap_neigh_update(&port->neigh, &na->target, mac, how_na(na),
			      jiffies) && !na->router &&
	    ether_addr_equal_unaligned(eth_hdr(skb)->h_source, mac.addr))
		vtap_router_gone(port, &na->target);
}

/* Rules that need the packet around the message. Hop limit 255: it was sent on
 * this segment. RFC 6980: fragments would hide what is being checked here.
 */
static bool is_good_packet(struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	return ipv6_hdr(skb)->hop_limit == 255 && !pkt->frag &&
	       !pkt->reassembled &&
	       vtap_pkt_sum_good(skb, pkt, skb->len - pkt->l4);
}

static bool is_linklocal(const struct in6_addr *addr)
{
	return ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL;
}

/* RFC 4861 6.1.1, 6.1.2, 7.1.1, 7.1.2, 8.1: what the addresses have to be. */
static bool are_good_addresses(const struct ipv6hdr *ip6h,
			       const struct vtap_ndp *msg)
{
	bool nobody = ipv6_addr_any(&ip6h->saddr);

	switch (msg->type) {
	case NDISC_ROUTER_SOLICITATION:
		return !nobody || !msg->has_mac;
	case NDISC_NEIGHBOUR_SOLICITATION:
		return !nobody ||
		       (!msg->has_mac &&
			ipv6_addr_is_solict_mult(&ip6h->daddr));
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return !msg->solicited || !ipv6_addr_is_multicast(&ip6h->daddr);
	default:
		return is_linklocal(&ip6h->saddr);
	}
}

/* What would be taken for a station and cannot be one. Mapped addresses stand
 * for IPv4 neighbours in the table.
 */
static bool are_good_neighbours(const struct vtap_port *port,
				const struct ipv6hdr *ip6h,
				const struct vtap_ndp *msg)
{
	return !ipv6_addr_v4mapped(&msg->target) &&
	       !ipv6_addr_v4mapped(&ip6h->saddr) &&
	       !ipv6_addr_loopback(&ip6h->saddr) &&
	       (!msg->has_mac ||
		(is_valid_ether_addr(msg->mac.addr) &&
		 !vtap_mac_equal(msg->mac, vtap_mac_read(&port->station))));
}

/* A redirect counts where it comes from the hop that it is about (RFC 4861 8.1),
 * which the host knows by its address alone.
 */
static bool is_another_routers(struct vtap_port *port, const struct sk_buff *skb)
{
	return vtap_neigh_disproves(&port->neigh, &ipv6_hdr(skb)->saddr,
				    vtap_mac_make(eth_hdr(skb)->h_source));
}

static enum vtap_verdict dispatch(struct vtap_port *port,
				  struct net_device *ethernet,
				  struct sk_buff *skb,
				  const struct vtap_pkt *pkt,
				  const struct vtap_ndp *msg,
				  struct sk_buff **reply)
{
	enum vtap_verdict verdict = VTAP_CONTINUE;

	switch (msg->type) {
	case NDISC_NEIGHBOUR_SOLICITATION:
		if (READ_ONCE(port->neigh.resolve))
			verdict = input_ns(port, ethernet, skb, msg, reply);
		break;
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		if (READ_ONCE(port->neigh.resolve))
			input_na(port, skb, msg);
		break;
	case NDISC_ROUTER_ADVERTISEMENT:
		return vtap_router_input(port, skb, pkt);
	case NDISC_REDIRECT:
		return is_another_routers(port, skb) ? VTAP_RX_DROP_UNTRUSTED :
						       VTAP_CONTINUE;
	default:
		return VTAP_CONTINUE;
	}
	if (verdict != VTAP_CONTINUE)
		return verdict;
	consume_skb(skb);
	return VTAP_CONSUMED;
}

/* The type, where this is a neighbour discovery message, else 0. */
static u8 ndp_type(struct sk_buff *skb, const struct vtap_pkt *pkt)
{
	int type = pkt->family == AF_INET6 ? vtap_pkt_icmp_type(skb, pkt) : -1;

	return type >= NDISC_ROUTER_SOLICITATION && type <= NDISC_REDIRECT ?
	       type : 0;
}

/**
 * vtap_ndp_input() - look for neighbour discovery from the VPN
 * @port: host end
 * @ethernet: Ethernet end it came to
 * @skb: IP packet, data at its header, network and MAC header set. May
 *	reallocate @skb->head
 * @pkt: what parsing found
 * @reply: set to a frame to be sent, if there is one
 *
 * Solicitations and advertisements of neighbours are consumed: what the host's
 * stack would do with them is done here. The rest goes on once it is checked.
 *
 * Context: RCU, BH off.
 * Return: VTAP_CONTINUE, VTAP_CONSUMED or a drop.
 */
enum vtap_verdict vtap_ndp_input(struct vtap_port *port,
				 struct net_device *ethernet,
				 struct sk_buff *skb,
				 const struct vtap_pkt *pkt,
				 struct sk_buff **reply)
{
	u8 type = ndp_type(skb, pkt);
	struct vtap_ndp msg;

	if (!type)
		return VTAP_CONTINUE;
	if (type == NDISC_NEIGHBOUR_SOLICITATION)
		vtap_count(port->stats, VTAP_STAT_NS_RECEIVED);
	else if (type == NDISC_NEIGHBOUR_ADVERTISEMENT)
		vtap_count(port->stats, VTAP_STAT_NA_RECEIVED);
	else if (type == NDISC_ROUTER_ADVERTISEMENT)
		vtap_count(port->stats, VTAP_STAT_RA);

	if (!is_good_packet(skb, pkt))
		return VTAP_RX_DROP_NDP_INVALID;
	if (skb_linearize(skb))
		return VTAP_RX_DROP_NOMEM;
	if (vtap_ndp_parse(skb_network_header(skb) + pkt->l4,
			   skb->len - pkt->l4, &msg) ||
	    !are_good_addresses(ipv6_hdr(skb), &msg) ||
	    !are_good_neighbours(port, ipv6_hdr(skb), &msg))
		return VTAP_RX_DROP_NDP_INVALID;
	return dispatch(port, ethernet, skb, pkt, &msg, reply);
}
