/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_L3_H
#define _VTAP_L3_H

#include <linux/netdevice.h>
#include <net/sock.h>

#include "device.h"

extern const struct net_device_ops vtap_l3_ops;

void vtap_l3_setup(struct net_device *dev);
void vtap_l3_set_ethernet(struct net_device *dev);
void vtap_l3_answer(struct vtap_port *port, struct sk_buff *skb);

/**
 * vtap_l3_receive() - hand an IP packet to the host
 * @port: host end
 * @skb: data at the IP header; dev, protocol and pkt_type set; consumed
 * @merge: it may be merged with others of its flow
 *
 * The one way out of the module towards the host.
 *
 * Context: RCU, BH off.
 * Return: false when the core dropped the packet, and counted it.
 */
static inline bool vtap_l3_receive(struct vtap_port *port, struct sk_buff *skb,
				   bool merge)
{
	unsigned int len = skb->len;
	int result;

	/* What merging saves a UDP packet, going through it costs. */
	if (merge) {
		/* Merged, it would never be given back to its socket. */
		skb_prepare_for_gro(skb);
		result = gro_cells_receive(&port->gro, skb);
	} else {
		result = __netif_rx(skb);
	}
	if (result != NET_RX_SUCCESS)
		return false;
	dev_sw_netstats_rx_add(port->dev, len);
	return true;
}

#endif
