/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only executor of what core wants done; shell.c calls it.
 */
#ifndef ST_DAEMON_EFFECTS_H
#define ST_DAEMON_EFFECTS_H

#include "daemon/shell.h"

/*
 * Its owner is the daemon. Processes come first, talk after: nobody who follows
 * events makes a restart slower.
 */
extern const struct st_executor st_effects_executor;

#endif
