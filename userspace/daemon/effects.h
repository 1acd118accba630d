/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only executor of effects, which are the actions that core wants; shell.c
 * calls it.
 */
#ifndef ST_DAEMON_EFFECTS_H
#define ST_DAEMON_EFFECTS_H

#include "daemon/shell.h"

/*
 * Its owner is the daemon. Processes are started and signalled first, reports
 * come after that: no follower of events makes a restart slower.
 */
extern const struct st_executor st_effects_executor;

#endif
