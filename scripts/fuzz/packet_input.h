/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FUZZ_PACKET_INPUT_H
#define _FUZZ_PACKET_INPUT_H

#include <linux/skbuff.h>

#include "packet.h"

/* Of the input's first byte. */
#define FUZZ_NO_MEMORY	0x20
#define FUZZ_AS_IT_IS	0x40	/* ICMPv6 that may be wrong */

struct sk_buff *packet_input(const u8 *data, size_t len, struct vtap_pkt *pkt);

#endif
