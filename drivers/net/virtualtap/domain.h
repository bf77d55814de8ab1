/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_DOMAIN_H
#define _VTAP_DOMAIN_H

#include <linux/types.h>

#define VTAP_DOMAIN_MAX	253	/* RFC 1035 2.3.4, as text */

bool vtap_domain_is_plain(const u8 *text, size_t len);
int vtap_domain_decode(const u8 *data, size_t len, char *name);

#endif
