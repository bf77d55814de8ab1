/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_CSUM_H
#define _VTAP_CSUM_H

#include <linux/skbuff.h>

#include "packet.h"

struct vtap_port;

enum vtap_verdict vtap_csum_check(struct vtap_port *port, struct sk_buff *skb,
				  const struct vtap_pkt *pkt);

#endif
