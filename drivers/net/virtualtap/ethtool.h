/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_ETHTOOL_H
#define _VTAP_ETHTOOL_H

#include <linux/ethtool.h>

extern const struct ethtool_ops vtap_l2_ethtool_ops;
extern const struct ethtool_ops vtap_l3_ethtool_ops;

#endif
