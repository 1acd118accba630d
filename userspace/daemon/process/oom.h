/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The OOM killer: the daemon last, its children like everybody else's.
 *
 * Called once at start-up, before the first spawn; launch.c asks for the score
 * of each child. Never touches a process but the daemon.
 */
#ifndef ST_DAEMON_PROCESS_OOM_H
#define ST_DAEMON_PROCESS_OOM_H

#include <stdbool.h>

#include "core/spec.h"

/* What is known of the daemon's own score. */
struct st_oom {
	int own;
	bool resets; /* it is not 0, and children can have 0 */
};

/**
 * st_oom_init() - protect the daemon, and see what children would inherit
 * @oom: filled in
 *
 * Root's daemon whose score is 0 takes ST_OOM_PROTECTED; another score was
 * somebody's wish (the systemd unit's, choom's) and stays. If that is refused for
 * want of CAP_SYS_RESOURCE, as in most containers, the score stays 0, which the
 * operation status shows.
 */
void st_oom_init(struct st_oom *oom);

#define ST_OOM_PROTECTED (-900) /* as the installed systemd unit sets it */

/**
 * st_oom_score_for() - the score that a child is to be given
 * @oom: the daemon's
 * @spec: the child's
 * @ret_score: the score
 *
 * Return: false: what it inherits is right.
 */
bool st_oom_score_for(const struct st_oom *oom, const struct st_process_spec *spec, int *ret_score);

#endif
