/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_RTNL_H
#define _VTAP_RTNL_H

#include <net/rtnetlink.h>

extern struct rtnl_link_ops vtap_link_ops;

#endif
