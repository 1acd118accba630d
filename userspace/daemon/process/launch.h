/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A start that is under way: everything that os/spawn/spawn.h needs until the
 * child has left our memory. launch.c makes it; process.c waits for it and
 * frees it.
 */
#ifndef ST_DAEMON_PROCESS_LAUNCH_H
#define ST_DAEMON_PROCESS_LAUNCH_H

#include "core/limits.h"
#include "daemon/process/exec_wait.h"
#include "daemon/variables.h"
#include "os/limits.h"
#include "os/spawn/spawn.h"

struct st_child;
struct st_process;

struct st_launch {
	struct st_process *process;
	struct st_spawn *spawn; /* NULL: its outcome is known */
	struct st_exec_wait exec_wait; /* the spawn is in flight, and the daemon sleeps */
	struct st_limit limits[ST_MAX_RLIMITS + 2]; /* and nofile, and the mark */
	struct st_spawn_fd ready;
	char generation[48];
	char notify[128];
	char socket[128];
	char partition[ST_MAX_ID_LEN + 32];
	char path[ST_MAX_PATH_LEN + 32];
	struct st_variables_room variables; /* of files; after the vectors */
	char *vectors[]; /* argv, NULL, envp, NULL */
};

/**
 * st_launch_begin() - start a process for a child
 * @process: of the child's generation; its ref, launch and ready_fd are set
 * @child: a worker; valid until the spawn is finished
 * @gate: closed: the process waits before its exec
 *
 * Return: 0: there is a process; -EAGAIN: no slot is free; -ECHILD: see
 * process->failure; else -errno of the preparations.
 */
int st_launch_begin(struct st_process *process, const struct st_child *child,
		    enum st_spawn_gate gate) __must_check;

/**
 * st_launch_discard() - drop the output pipes of a program that will not be executed
 * @process: with its launch
 */
void st_launch_discard(struct st_process *process);

#endif
