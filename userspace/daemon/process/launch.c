// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a process from a worker's specification: argv, environment,
 * descriptors, limits, credentials.
 *
 * This is called during every restart, so it makes few allocations and no slow
 * look-ups: users and groups were resolved when the specification was loaded
 * (identity.h).
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/types.h"
#include "daemon/identity.h"
#include "daemon/output/output.h"
#include "daemon/process/environment.h"
#include "daemon/process/launch.h"
#include "daemon/process/log_choice.h"
#include "daemon/process/process_internal.h"
#include "daemon/variables.h"
#include "os/mark.h"
#include "os/pipe.h"

#define MAX_OWN 6 /* variables that the daemon adds */

/* exec takes char *const[] but changes nothing. */
static char *unconst(const char *text)
{
	char *plain;

	memcpy(&plain, &text, sizeof(plain));
	return plain;
}

static char **add_args(char **at, const struct st_child *child)
{
	const struct st_process_spec *spec = &child->spec->def.process;

	for (uint32_t i = 0; i < spec->nr_args; i++)
		*at++ = unconst(spec->argv[i]);
	for (uint32_t i = 0; child->instance && i < child->instance->nr_args; i++)
		*at++ = unconst(child->instance->args[i]);
	*at++ = NULL;
	return at;
}

static int write_path(struct st_launch *launch, const struct st_child *child)
{
	struct st_buf buf = ST_BUF_INIT;
	const char *path;
	int err = st_child_path(child, &buf, &path);

	if (!err)
		(void)snprintf(launch->path, sizeof(launch->path), "SUPTREE_PATH=%s", path);
	st_buf_done(&buf);
	return err;
}

/* Variables about the user of the specification, which were looked up when it was loaded. */
static char **add_user(char **at, const struct st_process *process)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	char *const *variable;

	if (!spec->user || spec->clear_env)
		return at;
	variable = st_identity_environment(process->processes->identities, spec->user, spec->group);
	for (; variable && *variable; variable++)
		if (!st_environment_is_set(spec, *variable))
			*at++ = *variable;
	return at;
}

/* The variables of files, which take the place of what is inherited from @first on. */
static char **add_files(char **first, char **end, const struct st_process *process)
{
	return st_variables_merge(process->processes->variables, &process->spec->def.process, first,
				  end, &process->launch->variables);
}

static void add_environment(struct st_launch *launch, char **at, const struct st_process *process,
			    const struct st_child *child)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	const struct st_processes *processes = process->processes;
	char **inherited = at;

	at = st_environment_add(&processes->environment, spec, at);
	at = add_user(at, process);
	if (spec->nr_env_files)
		at = add_files(inherited, at, process);
	for (uint32_t i = 0; i < spec->nr_env; i++)
		*at++ = unconst(spec->env[i]);
	*at++ = launch->path;
	(void)snprintf(launch->generation, sizeof(launch->generation), "SUPTREE_GENERATION=%llu",
		       (unsigned long long)process->generation);
	*at++ = launch->generation;
	(void)snprintf(launch->socket, sizeof(launch->socket), "SUPTREE_SOCKET=%s",
		       processes->socket);
	*at++ = launch->socket;
	if (child->parent->spec->flags.partitions) {
		(void)snprintf(launch->partition, sizeof(launch->partition), "SUPTREE_PARTITION=%s",
			       st_child_name(child));
		*at++ = launch->partition;
	}
	if (processes->identities->folders[spec->service])
		*at++ = processes->identities->folders[spec->service];
	if (spec->ready == ST_READY_NOTIFY) {
		(void)snprintf(launch->notify, sizeof(launch->notify), "NOTIFY_SOCKET=%s",
			       processes->notify_path);
		*at++ = launch->notify;
	}
	*at = NULL;
}

static struct st_launch *new_launch(const struct st_process *process, const struct st_child *child)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	size_t nr = spec->nr_args + process->processes->environment.nr + ST_IDENTITY_VARIABLES +
		    spec->nr_env + MAX_OWN + 2;
	struct st_variables_room room = { .nr = 0 };
	struct st_launch *launch;

	if (spec->nr_env_files)
		room = st_variables_room(process->processes->variables, spec, nr);
	nr += room.nr;
	if (child->instance)
		nr += child->instance->nr_args;
	launch = st_alloc(sizeof(*launch) + (nr + room.nr_slots) * sizeof(char *) + room.bytes);
	if (!launch)
		return NULL;
	room.slots = (void *)(launch->vectors + nr);
	room.texts = (char *)(launch->vectors + nr + room.nr_slots);
	launch->variables = room;
	return launch;
}

static void set_limits(struct st_launch *launch, struct st_spawn_request *request,
		       const struct st_process *process)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	uint64_t family = process->processes->subtrees.family;
	bool has_nofile = false, has_locks = false;

	request->limits = launch->limits;
	for (uint32_t i = 0; i < spec->nr_rlimits; i++) {
		const struct st_rlimit *from = &spec->rlimits[i];

		launch->limits[request->nr_limits++] = (struct st_limit){
			.resource = from->resource,
			.value = { .rlim_cur = from->soft, .rlim_max = from->hard },
		};
		has_nofile |= from->resource == RLIMIT_NOFILE;
		has_locks |= from->resource == RLIMIT_LOCKS;
	}
	if (!has_nofile)
		launch->limits[request->nr_limits++] = (struct st_limit){
			.resource = RLIMIT_NOFILE,
			.value = process->processes->nofile,
		};
	if (!has_locks && family)
		launch->limits[request->nr_limits++] = st_mark_limit(family, process->generation);
}

static void set_attributes(struct st_spawn_request *request, const struct st_process *process)
{
	const struct st_process_spec *spec = &process->spec->def.process;

	/*
	 * Always a process group of its own, and never a controlling terminal.
	 */
	request->flags = process->processes->has_terminal ? ST_SPAWN_SETSID : ST_SPAWN_SETPGID;
	if (spec->no_new_privs)
		request->flags |= ST_SPAWN_NO_NEW_PRIVS;
	if (spec->has_nice)
		request->flags |= ST_SPAWN_SET_NICE;
	if (st_oom_score_for(&process->processes->oom, spec, &request->oom_score_adj))
		request->flags |= ST_SPAWN_SET_OOM_SCORE;
	if (spec->umask >= 0)
		request->flags |= ST_SPAWN_SET_UMASK;
	request->nice = spec->nice;
	request->umask = (mode_t)(spec->umask >= 0 ? spec->umask : 0);
	request->death_signal = SIGKILL;
	request->cwd = spec->cwd;
	request->credentials = st_identity_find(process->processes->identities, spec);
}

/* Open the child's descriptors; @fds are the ends to close after the spawn. */
static int open_descriptors(struct st_process *process, const struct st_child *child,
			    struct st_spawn_request *request, int fds[3])
{
	const struct st_process_spec *spec = &process->spec->def.process;
	const char *path = process->launch->path + strlen("SUPTREE_PATH=");
	int err;

	if (spec->out == ST_OUTPUT_INHERIT) {
		request->stdio[1] = STDOUT_FILENO;
		request->stdio[2] = STDERR_FILENO;
	} else if (spec->out == ST_OUTPUT_RING) {
		err = st_output_open(process->processes->outputs, path, process->generation,
				     &fds[0], &fds[1]);
		if (err)
			return err;
		st_log_choice_set(process->processes, child, path);
		request->stdio[1] = fds[0];
		request->stdio[2] = fds[1];
	}
	if (spec->ready != ST_READY_FD)
		return 0;
	process->ready_wait = st_alloc(sizeof(*process->ready_wait));
	if (!process->ready_wait)
		return -ENOMEM;
	process->ready_wait->process = process;
	err = st_pipe_open(&process->ready_wait->fd, &fds[2]);
	if (err) {
		st_free(process->ready_wait);
		process->ready_wait = NULL;
		return err;
	}
	process->launch->ready = (struct st_spawn_fd){ .source = fds[2], .target = spec->ready_fd };
	request->fds = &process->launch->ready;
	request->nr_fds = 1;
	return 0;
}

/* Where no cgroup can be entered, for reasons that only the kernel knows: without one. */
static int clone_into(struct st_process *process, struct st_spawn_request *request,
		      enum st_spawn_gate gate)
{
	struct st_subtree *subtree = process->subtree;
	struct st_launch *launch = process->launch;
	int err;

	request->cgroup_fd = subtree ? subtree->cgroup_fd : -1;
	err = st_spawn_begin(process->processes->pool, request, gate, &launch->spawn,
			     &process->failure);
	if (err != -ECHILD || request->cgroup_fd < 0 ||
	    process->failure.step != ST_SPAWN_STEP_CLONE)
		return err;
	st_subtree_leave_cgroup(subtree);
	process->failure = (struct st_spawn_failure){ ST_SPAWN_STEP_NONE, 0 };
	request->cgroup_fd = -1;
	return st_spawn_begin(process->processes->pool, request, gate, &launch->spawn,
			      &process->failure);
}

static int begin(struct st_process *process, const struct st_child *child, enum st_spawn_gate gate)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	struct st_launch *launch = process->launch;
	int fds[3] = { -1, -1, -1 };
	struct st_spawn_request request;
	char **envp;
	int err = 0;

	st_spawn_request_init(&request);
	request.path = spec->argv[0];
	request.argv = launch->vectors;
	envp = add_args(launch->vectors, child);
	add_environment(launch, envp, process, child);
	request.envp = envp;
	set_limits(launch, &request, process);
	set_attributes(&request, process);
	if (spec->kill_subtree)
		err = st_subtree_new(process);
	if (!err)
		err = open_descriptors(process, child, &request, fds);
	if (!err)
		err = clone_into(process, &request, gate);
	for (size_t i = 0; i < ST_ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (err)
		st_launch_discard(process);
	return err;
}

void st_launch_discard(struct st_process *process)
{
	if (process->spec->def.process.out == ST_OUTPUT_RING)
		st_output_discard(process->processes->outputs,
				  process->launch->path + strlen("SUPTREE_PATH="),
				  process->generation);
}

int st_launch_begin(struct st_process *process, const struct st_child *child,
		    enum st_spawn_gate gate)
{
	int err;

	process->launch = new_launch(process, child);
	if (!process->launch)
		return -ENOMEM;
	process->launch->process = process;
	err = write_path(process->launch, child);
	if (!err)
		err = begin(process, child, gate);
	if (!err) {
		process->ref = st_pidref_take(st_spawn_pidref(process->launch->spawn));
		return 0;
	}
	st_free(process->launch);
	process->launch = NULL;
	st_notify_free_fd(process);
	st_subtree_free(process);
	return err;
}
