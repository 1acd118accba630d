/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The steps of a start in words, with what each of them is about: which folder, which
 * limit, which program. For the errors of a start, and of a specification that would need
 * rights.
 */
#ifndef ST_DAEMON_START_STEP_H
#define ST_DAEMON_START_STEP_H

#include "base/buf.h"
#include "core/spec.h"
#include "os/spawn/spawn.h"

/**
 * st_start_step_write() - append a step and its object
 * @step: the step
 * @spec: of the process that is started
 * @out: gets "chdir /srv", "limit nofile", "execve /usr/bin/web", "setgroups web"
 *
 * Of several limits the first that this process may not set is named.
 */
void st_start_step_write(enum st_spawn_step step, const struct st_process_spec *spec,
			 struct st_buf *out);

/**
 * st_start_error_write() - append why a start has failed
 * @failure: the step, and its errno
 * @spec: of the process that was started
 * @out: gets "chdir /srv: No such file or directory"
 */
void st_start_error_write(const struct st_spawn_failure *failure,
			  const struct st_process_spec *spec, struct st_buf *out);

#endif
