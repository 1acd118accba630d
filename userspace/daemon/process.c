// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a process: spawned, executed, reaped. See process.h.
 */
#include "daemon/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/daemon.h"
#include "daemon/subtree.h"
#include "os/limits.h"
#include "os/subreaper.h"

struct st_process *st_process_find(const struct st_daemon *daemon, uint64_t generation)
{
	return st_map_get(&daemon->processes.by_generation, generation);
}

struct st_process *st_process_find_pid(const struct st_daemon *daemon, pid_t pid)
{
	return pid > 0 ? st_map_get(&daemon->processes.by_pid, (uint64_t)pid) : NULL;
}

/* An operation that is armed belongs to the kernel: the struct must wait for it. */
void st_process_idle(struct st_process *process)
{
	if (!process->is_reaped || st_op_is_armed(&process->exit_poll.op) ||
	    st_op_is_armed(&process->exec_wait.op) || st_op_is_armed(&process->ready_poll.op))
		return;
	st_list_del(&process->queue);
	if (process->ready_fd >= 0)
		close(process->ready_fd);
	st_pidref_done(&process->ref);
	st_child_spec_put(process->spec);
	st_free(process->launch);
	st_free(process->status);
	st_free(process);
}

static void forget(struct st_process *process)
{
	struct st_processes *processes = &process->daemon->processes;

	st_map_remove(&processes->by_generation, process->generation);
	if (process->ref.pid > 0)
		st_map_remove(&processes->by_pid, (uint64_t)process->ref.pid);
	st_list_del(&process->queue);
	st_list_add_tail(&process->queue, &processes->dead);
	process->is_reaped = true;
	st_op_cancel(&process->exec_wait.op);
	st_op_cancel(&process->ready_poll.op);
	st_process_idle(process);
}

void st_process_said_ready(struct st_process *process)
{
	const struct st_event ready = { .type = ST_EV_READY, .generation = process->generation };

	if (process->is_ready)
		return;
	process->is_ready = true;
	st_shell_post(process->daemon, &ready);
}

static void start_queued(struct st_daemon *daemon);

/* The child has left our memory, by exec or by its end. */
static void spawn_finished(struct st_process *process)
{
	int err = st_spawn_finish(process->spawn, &process->failure);

	if (err == -EBUSY)
		return;
	process->spawn = NULL;
	st_free(process->launch);
	process->launch = NULL;
	if (!err && process->spec->def.process.ready == ST_READY_EXEC)
		st_process_said_ready(process);
	start_queued(process->daemon);
}

static void on_exec(struct st_futex *futex, int result)
{
	struct st_process *process = container_of(futex, struct st_process, exec_wait);

	(void)result; /* the word tells */
	if (process->is_reaped) {
		st_process_idle(process);
		return;
	}
	if (!process->spawn)
		return;
	if (st_spawn_in_flight(process->spawn))
		st_futex_start(process->daemon->ring, futex, st_spawn_tid_word(process->spawn),
			       ST_SPAWN_TID_BUSY, on_exec);
	else
		spawn_finished(process);
}

static struct st_reason reason_of(const struct st_exit *how)
{
	return how->code == CLD_EXITED ? st_reason_from_exit(how->status) :
					 st_reason_from_signal(how->status);
}

/* There is no process (any more), and there never was the program. */
static void fail(struct st_process *process)
{
	const struct st_spawn_failure failure = process->failure;
	struct st_child_spec *spec = st_child_spec_get(process->spec);
	struct st_daemon *daemon = process->daemon;
	uint64_t generation = process->generation;

	forget(process);
	st_shell_post_text(daemon, ST_EV_SPAWN_FAILED, generation, "%s %s: %s",
			   st_spawn_step_text(failure.step), spec->def.process.argv[0],
			   strerror(failure.error));
	st_child_spec_put(spec);
}

static void on_end(struct st_poll *poll, int result)
{
	struct st_process *process = container_of(poll, struct st_process, exit_poll);
	struct st_daemon *daemon = process->daemon;
	struct st_event exited = { .type = ST_EV_EXITED, .generation = process->generation };
	struct st_exit how;

	(void)result; /* waiting for it tells more */
	if (st_pidref_wait(&process->ref, &how, NULL) == 0) {
		st_poll_start(daemon->ring, poll, process->ref.fd, POLLIN, on_end);
		return;
	}
	/* what it said and did before it died comes first */
	if (process->spec->def.process.ready == ST_READY_NOTIFY)
		st_notify_drain(daemon);
	if (process->spawn)
		spawn_finished(process);
	if (process->spec->def.process.kill_subtree)
		st_subtree_kill_left(daemon, process->generation);
	if (process->failure.step != ST_SPAWN_STEP_NONE) {
		fail(process);
		return;
	}
	exited.reason = reason_of(&how);
	/* first forget it: its pid may be given to the next one at once */
	forget(process);
	st_shell_post(daemon, &exited);
}

static void launched(struct st_process *process)
{
	struct st_daemon *daemon = process->daemon;
	const struct st_event spawned = {
		.type = ST_EV_SPAWNED,
		.generation = process->generation,
		.pid = process->ref.pid,
	};

	st_map_put(&daemon->processes.by_pid, (uint64_t)process->ref.pid, process);
	st_poll_start(daemon->ring, &process->exit_poll, process->ref.fd, POLLIN, on_end);
	st_shell_post(daemon, &spawned);
	if (st_spawn_in_flight(process->spawn))
		st_futex_start(daemon->ring, &process->exec_wait,
			       st_spawn_tid_word(process->spawn), ST_SPAWN_TID_BUSY, on_exec);
	else
		spawn_finished(process);
	st_notify_watch_fd(process);
}

static void try_launch(struct st_process *process, const struct st_child *child)
{
	int err = st_launch(process, child);

	if (!err) {
		launched(process);
	} else if (err == -EAGAIN) {
		st_list_add_tail(&process->queue, &process->daemon->processes.queue);
	} else {
		if (err != -ECHILD)
			process->failure = (struct st_spawn_failure){ ST_SPAWN_STEP_REQUEST, -err };
		fail(process);
	}
}

/* A slot of the pool is free: the oldest start that waits goes on. */
static void start_queued(struct st_daemon *daemon)
{
	struct st_list *queue = &daemon->processes.queue;

	while (!st_list_is_empty(queue)) {
		struct st_process *process = st_list_entry(queue->next, struct st_process, queue);
		const struct st_child *child =
			st_tree_find_generation(daemon->tree, process->generation);

		st_list_del(&process->queue);
		if (child)
			try_launch(process, child);
		else
			forget(process);
		if (!st_list_is_empty(&process->queue) && process->queue.next == queue)
			return; /* back in the queue: no slot was free after all */
	}
}

void st_process_start(struct st_daemon *daemon, const struct st_child *child)
{
	struct st_processes *processes = &daemon->processes;
	struct st_process *process = st_alloc(sizeof(*process));
	uint32_t nr = processes->by_generation.nr + 1;

	if (!process || st_map_reserve(&processes->by_generation, nr) ||
	    st_map_reserve(&processes->by_pid, nr)) {
		st_free(process);
		st_shell_post_text(daemon, ST_EV_SPAWN_FAILED, child->generation, "out of memory");
		return;
	}
	process->daemon = daemon;
	process->generation = child->generation;
	process->spec = st_child_spec_get(child->spec);
	process->ready_fd = -1;
	st_pidref_init(&process->ref);
	st_list_init(&process->queue);
	st_map_put(&processes->by_generation, process->generation, process);
	if (st_list_is_empty(&processes->queue))
		try_launch(process, child);
	else
		st_list_add_tail(&process->queue, &processes->queue);
}

void st_process_signal(struct st_daemon *daemon, uint64_t generation, int signo)
{
	struct st_process *process = st_process_find(daemon, generation);

	if (!process)
		return; /* its end is on the way */
	if (!st_pidref_is_set(&process->ref)) {
		/* it still waits for a slot, and never will be a process */
		forget(process);
		st_shell_post_text(daemon, ST_EV_SPAWN_FAILED, generation, "stopped before its start");
		return;
	}
	/* -ESRCH: it has just died; the pidfd says so */
	(void)!st_pidref_signal(&process->ref, signo);
}

int st_processes_open(struct st_daemon *daemon, const char *notify_path)
{
	struct st_processes *processes = &daemon->processes;
	unsigned int flags = st_ring_has(daemon->ring, ST_FEATURE_FUTEX_WAIT) ?
				     0 :
				     ST_SPAWN_POOL_BLOCKING;
	int err;

	st_list_init(&processes->queue);
	st_list_init(&processes->dead);
	processes->notify_fd = -1;
	err = st_limits_raise_nofile(&processes->nofile);
	if (err)
		st_log("raise the limit of descriptors: %s", strerror(-err)); /* go on with fewer */
	err = st_subreaper_enable();
	if (err) {
		st_log("become a subreaper: %s", strerror(-err));
		return err;
	}
	err = st_spawn_pool_new(flags, &processes->pool);
	if (err) {
		st_log("get ready to start processes: %s", strerror(-err));
		return err;
	}
	return st_notify_open(daemon, notify_path);
}

void st_processes_done(struct st_daemon *daemon)
{
	struct st_processes *processes = &daemon->processes;

	st_spawn_pool_free(processes->pool);
	st_map_done(&processes->by_generation);
	st_map_done(&processes->by_pid);
}
