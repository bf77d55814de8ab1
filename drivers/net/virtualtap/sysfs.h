/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_SYSFS_H
#define _VTAP_SYSFS_H

#include <linux/sysfs.h>

extern const struct attribute_group vtap_sysfs_group;

#endif
