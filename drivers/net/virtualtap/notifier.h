/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_NOTIFIER_H
#define _VTAP_NOTIFIER_H

int vtap_notifiers_register(void);
void vtap_notifiers_unregister(void);

#endif
