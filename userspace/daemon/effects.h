/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only executor of what core wants done. shell.c is its only caller.
 */
#ifndef ST_DAEMON_EFFECTS_H
#define ST_DAEMON_EFFECTS_H

#include <stdint.h>

#include "core/effect.h"

struct st_daemon;

/**
 * st_effects_execute() - do what a step wants done
 * @daemon: the daemon
 * @effects: of the step that has just run
 * @now_ns: its time
 *
 * Processes come first, talk after: nobody who follows events makes a restart
 * slower.
 */
void st_effects_execute(struct st_daemon *daemon, const struct st_effects *effects,
			uint64_t now_ns);

#endif
