/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The OOM killer: it should kill the daemon last, and its children like other
 * processes.
 *
 * Called once at start-up, before the first spawn. launch.c asks for the score
 * of each child. Only the daemon's own score is changed here.
 */
#ifndef ST_DAEMON_PROCESS_OOM_H
#define ST_DAEMON_PROCESS_OOM_H

#include <stdbool.h>

#include "core/spec.h"

/* The daemon's own score. */
struct st_oom {
	int own;
	bool resets; /* it is not 0, and children can be given 0 */
};

/**
 * st_oom_init() - protect the daemon, and read the score that children inherit
 * @oom: filled in
 *
 * A daemon of root with the score 0 sets ST_OOM_PROTECTED. Another score was
 * set on purpose (by the systemd unit or by choom) and stays. If the change is
 * refused because CAP_SYS_RESOURCE is missing, as in most containers, the score
 * stays 0; the operation status shows it.
 */
void st_oom_init(struct st_oom *oom);

#define ST_OOM_PROTECTED (-900) /* the installed systemd unit sets the same */

/**
 * st_oom_score_for() - get the score that a child must be given
 * @oom: the daemon's
 * @spec: the child's
 * @ret_score: the score
 *
 * Return: false if the child inherits the right score.
 */
bool st_oom_score_for(const struct st_oom *oom, const struct st_process_spec *spec, int *ret_score);

#endif
