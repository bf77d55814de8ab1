/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _VTAP_LEARNED_H
#define _VTAP_LEARNED_H

#include "nl.h"

/* Members of an object in JSON, words in text. */
void learned_lease4(const struct nlattr *nest);
void learned_lease6(const struct nlattr *nest);
void learned_router(const struct nlattr *nest);

/* All that a host end learned, in an answer to dev-get: a line each in text. */
void learned_show(const struct nlmsghdr *nlh);

#endif /* _VTAP_LEARNED_H */
