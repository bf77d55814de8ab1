/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_TX_H
#define _VTAP_TX_H

struct sk_buff;
struct vtap_neigh_ops;
struct vtap_port;

extern const struct vtap_neigh_ops vtap_tx_neigh_ops;

void vtap_tx(struct vtap_port *port, struct sk_buff *skb);

#endif
