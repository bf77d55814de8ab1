/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_KEEPER_H
#define _VTAP_KEEPER_H

#include "run.h"

/**
 * keeper_run - Keeps a host end configured until it is told to stop
 * @plan: what was asked for
 * @ready: where a byte is written when there is a lease; or -1
 *
 * Context: holds the lock of the device.
 * Return: an exit status; has taken away what it put.
 */
int keeper_run(const struct plan *plan, int ready);

#endif /* _VTAP_KEEPER_H */
