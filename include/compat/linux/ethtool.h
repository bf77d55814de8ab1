/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_COMPAT_ETHTOOL_H
#define _VTAP_COMPAT_ETHTOOL_H

#include_next <linux/ethtool.h>

/* Since 6.8. */
#ifndef VTAP_HAVE_ETHTOOL_PUTS
static inline void ethtool_puts(u8 **data, const char *str)
{
	strscpy(*data, str, ETH_GSTRING_LEN);
	*data += ETH_GSTRING_LEN;
}
#endif

#endif
