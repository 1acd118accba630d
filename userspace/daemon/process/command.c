// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts commands beside children; see command.h.
 */
#include "daemon/process/command.h"

#include <errno.h>
#include <signal.h>

#include "core/types.h"
#include "daemon/process/launch.h"
#include "daemon/process/process_internal.h"

/* The child's spec with another program. */
static struct st_child_spec *new_spec(const struct st_child *child, const char *const *argv,
				      uint32_t nr_args)
{
	struct st_child_def def = child->spec->def;

	def.process.argv = argv;
	def.process.nr_args = nr_args;
	def.process.ready = ST_READY_EXEC;
	def.process.out = ST_OUTPUT_NULL;
	def.process.log = NULL;
	def.process.probe = NULL;
	def.process.kill_subtree = false; /* it has the child's generation: the child's would die */
	return st_child_spec_new(&def);
}

static int launch(struct st_process *process, const struct st_child *child)
{
	struct st_child stand_in = *child; /* as the launch looks at it: for path and arguments */
	int err;

	stand_in.spec = process->spec;
	err = st_launch_begin(process, &stand_in, ST_SPAWN_GATE_OPEN);
	if (err)
		st_process_forget(process);
	else
		st_process_watch_command(process);
	return err;
}

int st_command_start(struct st_command *command, struct st_processes *processes,
		     const struct st_child *child, const char *const *argv, uint32_t nr_args,
		     void (*on_done)(struct st_command *command, int status))
{
	struct st_child_spec *spec = new_spec(child, argv, nr_args);
	struct st_process *process;
	int err;

	if (!spec)
		return -ENOMEM;
	process = st_process_new(processes, spec, child->generation);
	st_child_spec_put(spec);
	if (!process)
		return -ENOMEM;
	process->command = command;
	err = launch(process, child);
	if (err)
		return err;
	command->process = process;
	command->on_done = on_done;
	return 0;
}

void st_command_ended(struct st_command *command, int status)
{
	struct st_process *process = command->process;

	command->process = NULL;
	st_process_forget(process);
	command->on_done(command, status);
}

void st_command_kill(struct st_command *command)
{
	struct st_process *process = command->process;

	if (!process)
		return;
	/* it leads a group of its own, and is not reaped: nobody else can have this number */
	(void)kill(-process->ref.pid, SIGKILL); /* ESRCH: it has not made its group yet */
	(void)!st_pidref_signal(&process->ref, SIGKILL); /* -ESRCH: it has just died */
}
