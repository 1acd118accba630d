/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A short process beside a child: started as the child was, with its user, variables,
 * limits and folder, but with another program, and without input and output.
 *
 * Core does not know it. It is no incarnation of the child, so it cannot act for it: it
 * registers no name and says no READY. Its owner limits its time.
 */
#ifndef ST_DAEMON_PROCESS_COMMAND_H
#define ST_DAEMON_PROCESS_COMMAND_H

#include <stdint.h>

#include "base/compiler.h"

struct st_child;
struct st_process;
struct st_processes;

/* All zero: idle. */
struct st_command {
	struct st_process *process;
	void (*on_done)(struct st_command *command, int status);
};

/**
 * st_command_start() - start a command
 * @command: idle; must stay where it is until @on_done
 * @processes: the processes
 * @child: a worker that has a process
 * @argv: the command; a dynamic child's own arguments follow
 * @nr_args: their number
 * @on_done: called once, when the process has ended and been reaped: the status as
 *	wait(2) has it. @command is idle then
 *
 * Return: 0; -EAGAIN: too many starts are under way; -ECHILD: no process was made; -errno.
 */
int st_command_start(struct st_command *command, struct st_processes *processes,
		     const struct st_child *child, const char *const *argv, uint32_t nr_args,
		     void (*on_done)(struct st_command *command, int status)) __must_check;

/* process.c: the process has ended, with this status; its exec is over. */
void st_command_ended(struct st_command *command, int status);

/* SIGKILL to the command and what is in its process group; @on_done comes later. */
void st_command_kill(struct st_command *command);

#endif
