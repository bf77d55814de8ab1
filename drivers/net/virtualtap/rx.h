/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_RX_H
#define _VTAP_RX_H

struct sk_buff;
struct vtap;

void vtap_rx(struct vtap *vtap, struct sk_buff *skb);

#endif
