// SPDX-License-Identifier: GPL-2.0
/* Tracepoints: events/virtualtap/ of tracefs. */

#define CREATE_TRACE_POINTS
#include "trace.h"
