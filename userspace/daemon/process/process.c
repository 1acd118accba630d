// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a process: it is spawned, executed and reaped. See process.h.
 */
#include "daemon/process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "core/step.h"
#include "daemon/identity.h"
#include "daemon/log.h"
#include "daemon/process/command.h"
#include "daemon/process/end.h"
#include "daemon/process/held_start.h"
#include "daemon/process/launch.h"
#include "daemon/process/prepare.h"
#include "daemon/process/process_internal.h"
#include "daemon/shell.h"
#include "daemon/start_step.h"
#include "loop/ring.h"
#include "os/foreign.h"
#include "os/limits.h"
#include "os/subreaper.h"

#define SPIN_NS 60000 /* about the time that an exec takes */

/* What a child may need: its pidfd, and two pipes for its output. */
#define FDS_PER_CHILD 3
#define FDS_OF_DAEMON 512 /* its own, and those of clients and logs */
#define FDS_MIN 4096

#define MAX_PASSED 64 /* starts that wait and let others pass */

struct st_process *st_process_find(const struct st_processes *processes, uint64_t generation)
{
	return st_map_get(&processes->by_generation, generation);
}

struct st_process *st_process_find_pid(const struct st_processes *processes, pid_t pid)
{
	return pid > 0 ? st_map_get(&processes->by_pid, (uint64_t)pid) : NULL;
}

bool st_process_was_reaped(const struct st_processes *processes, pid_t pid)
{
	for (size_t i = 0; i < ST_REAPED_KEPT; i++)
		if (processes->reaped[i] == pid)
			return true;
	return false;
}

/* The spawn is over, and nothing waits for it any more. */
static void free_launch(struct st_process *process)
{
	struct st_launch *launch = process->launch;

	if (!launch || launch->spawn || st_exec_wait_is_armed(&launch->exec_wait))
		return;
	st_free(launch);
	process->launch = NULL;
}

/*
 * An armed operation belongs to the kernel: its memory must stay until it
 * completes.
 */
void st_process_idle(struct st_process *process)
{
	free_launch(process);
	if (!process->is_reaped || process->launch || st_op_is_armed(&process->exit_poll.op) ||
	    (process->ready_wait && st_op_is_armed(&process->ready_wait->poll.op)) ||
	    (process->subtree && st_subtree_is_busy(process->subtree)))
		return;
	st_list_del(&process->queue);
	st_notify_free_fd(process);
	st_subtree_free(process);
	st_pidref_done(&process->ref);
	st_child_spec_put(process->spec);
	st_free(process->status);
	st_free(process);
}

void st_process_forget(struct st_process *process)
{
	struct st_processes *processes = process->processes;

	processes->nr--;
	if (!process->is_prepared && !process->command)
		st_map_remove(&processes->by_generation, process->generation);
	if (process->ref.pid > 0) {
		st_map_remove(&processes->by_pid, (uint64_t)process->ref.pid);
		processes->reaped[processes->nr_reaped++ % ST_REAPED_KEPT] = process->ref.pid;
	}
	st_list_del(&process->queue);
	st_list_add_tail(&process->queue, &processes->dead);
	process->is_reaped = true;
	if (process->launch)
		st_exec_wait_cancel(&process->launch->exec_wait);
	if (process->ready_wait)
		st_op_cancel(&process->ready_wait->poll.op);
	if (!st_op_is_armed(&process->exit_poll.op))
		st_pidref_done(&process->ref); /* a restart may need the descriptor */
	st_op_cancel(&process->exit_poll.op); /* a watch: a tracer held it */
	if (process->subtree)
		st_subtree_forget(process->subtree);
	st_held_start_forget(process);
	st_process_idle(process);
}

void st_process_said_ready(struct st_process *process)
{
	const struct st_event ready = { .type = ST_EV_READY, .generation = process->generation };

	if (process->is_ready)
		return;
	process->is_ready = true;
	st_shell_post(process->processes->shell, &ready);
}

static void start_queued(struct st_processes *processes);

/* The child has left our memory, by exec or by its end. */
static void spawn_finished(struct st_process *process)
{
	int err = st_spawn_finish(process->launch->spawn, &process->failure);

	if (err == -EBUSY)
		return;
	process->launch->spawn = NULL;
	st_list_del(&process->queue); /* of executing */
	free_launch(process);
	if (!err && !process->is_prepared && !process->command &&
	    process->spec->def.process.ready == ST_READY_EXEC)
		st_process_said_ready(process);
	start_queued(process->processes); /* a slot is free */
}

static void on_exec(struct st_exec_wait *wait)
{
	struct st_launch *launch = container_of(wait, struct st_launch, exec_wait);
	struct st_process *process = launch->process;

	if (!launch->spawn)
		st_process_idle(process);
	else if (st_spawn_in_flight(launch->spawn))
		st_exec_wait_start(process->processes->ring, wait, launch->spawn, on_exec);
	else
		spawn_finished(process);
}

/*
 * The start has failed: there is no process any more, and its program never
 * ran.
 */
static void fail(struct st_process *process)
{
	struct st_processes *processes = process->processes;
	uint64_t generation = process->generation;
	struct st_buf why = ST_BUF_INIT;

	st_start_error_write(&process->failure, &process->spec->def.process, &why);
	st_process_forget(process);
	st_shell_post_text(processes->shell, ST_EV_SPAWN_FAILED, generation, "%s",
			   st_buf_error(&why) ? "no memory to say why" : st_buf_text(&why));
	st_buf_done(&why);
}

/*
 * End a process that was cloned ahead: it has executed nothing, and no child
 * has it.
 */
static void end_prepared(struct st_process *process)
{
	st_prepare_ended(process);
	if (process->launch->spawn)
		spawn_finished(process);
	st_process_forget(process);
}

static void on_end(struct st_poll *poll, int result);

/*
 * The end of a process, in this order:
 *
 *   1. With kill_subtree, all that it has left ends first (subtree.h). Until then it
 *      is a zombie.
 *   2. It is reaped. From now on another process may get its pid. A process that traces
 *      it (ptrace(2)) can hold it up: then its pidfd stays ready, but there is nothing
 *      to reap. A watch is edge-triggered: it is called when the tracer has let go.
 *   3. If it was cloned ahead and never adopted, it is forgotten, and that is all. The
 *      owner of a command hears its status.
 *   4. Clients that wait for this end are answered. Their next requests are read
 *      after this function, so these find that core knows the end.
 *   5. Messages that it sent while it lived, and the outcome of its exec, are
 *      posted first.
 *   6. It is forgotten, since the next one may get its pid at once.
 *   7. Its end is posted: the end of a program, or a start that failed.
 */
void st_process_end(struct st_process *process)
{
	struct st_processes *processes = process->processes;
	struct st_event exited = { .type = ST_EV_EXITED, .generation = process->generation };
	struct rusage usage;
	struct st_exit how;
	int ret = st_pidref_wait(&process->ref, &how, &usage);

	if (ret == 0) {
		if (!st_op_is_armed(&process->exit_poll.op))
			st_poll_watch(processes->ring, &process->exit_poll, process->ref.fd, POLLIN,
				      on_end);
		return;
	}
	if (process->is_prepared) {
		end_prepared(process);
		return;
	}
	if (process->command) {
		if (process->launch && process->launch->spawn)
			spawn_finished(process);
		st_command_ended(process->command,
				 ret > 0 ? st_end_status(&how) : -1); /* -1: no exit */
		return;
	}
	processes->handler->on_reaped(processes->owner, process->generation);
	if (process->spec->def.process.ready == ST_READY_NOTIFY)
		st_notify_drain(processes);
	if (process->launch && process->launch->spawn)
		spawn_finished(process);
	if (process->failure.step != ST_SPAWN_STEP_NONE) {
		fail(process);
		return;
	}
	if (ret > 0)
		st_end_set(&exited, &how, &usage);
	else
		st_end_set_unknown(&exited, process->ref.pid, ret);
	st_process_forget(process);
	st_shell_post(processes->shell, &exited);
}

/*
 * The process has ended, and may have left descendants: not if its program was never
 * executed, and not if it is reaped already, because then its end is unknown anyway.
 * If a tracer holds it, that may be one of the descendants.
 */
static bool may_leave_some(struct st_process *process)
{
	if (!process->subtree || process->is_prepared || !st_pidref_is_child(&process->ref))
		return false;
	if (process->launch && process->launch->spawn)
		spawn_finished(process);
	return process->failure.step == ST_SPAWN_STEP_NONE;
}

static void on_end(struct st_poll *poll, int result)
{
	struct st_process *process = container_of(poll, struct st_process, exit_poll);

	if (process->is_reaped) /* the watch was cancelled */
		st_process_idle(process);
	else if (result > 0 && may_leave_some(process))
		st_subtree_ended(process->subtree);
	else
		st_process_end(process);
}

void st_process_watch(struct st_process *process)
{
	struct st_processes *processes = process->processes;

	st_map_put(&processes->by_pid, (uint64_t)process->ref.pid, process);
	st_poll_start(processes->ring, &process->exit_poll, process->ref.fd, POLLIN, on_end);
}

static void await_spawn(struct st_process *process)
{
	if (!st_spawn_in_flight(process->launch->spawn))
		spawn_finished(process);
	else
		st_list_add_tail(&process->queue, &process->processes->executing);
}

void st_process_await_exec(struct st_process *process)
{
	struct st_processes *processes = process->processes;
	const struct st_event spawned = {
		.type = ST_EV_SPAWNED,
		.generation = process->generation,
		.pid = process->ref.pid,
	};

	st_notify_watch_fd(process);
	st_shell_post(processes->shell, &spawned);
	await_spawn(process);
}

void st_process_watch_command(struct st_process *process)
{
	st_process_watch(process);
	await_spawn(process);
}

static void await_in_ring(struct st_process *process)
{
	struct st_launch *launch = process->launch;

	st_list_del(&process->queue);
	st_exec_wait_start(process->processes->ring, &launch->exec_wait, launch->spawn, on_exec);
}

/*
 * Do not spin for an exec if no start waits for it: it is done soonest if the
 * daemon sleeps.
 */
static uint64_t spin_until(const struct st_processes *processes)
{
	return processes->can_spin && processes->prepared.process ? st_clock_ns() + SPIN_NS : 0;
}

void st_processes_spin(struct st_processes *processes)
{
	struct st_list *executing = &processes->executing;
	uint64_t until_ns = spin_until(processes);

	while (!st_list_is_empty(executing)) {
		struct st_process *process =
			st_list_entry(executing->next, struct st_process, queue);

		if (!st_spawn_in_flight(process->launch->spawn)) {
			st_list_del(&process->queue);
			spawn_finished(process);
			until_ns = spin_until(processes);
		} else if (st_clock_ns() >= until_ns) {
			await_in_ring(process);
		} else {
			(void)sched_yield(); /* cannot fail */
		}
	}
}

/*
 * Return: false if no slot is free. Else it is started, or has failed and may
 * be freed.
 */
static bool try_launch(struct st_process *process, const struct st_child *child)
{
	int err = st_launch_begin(process, child, ST_SPAWN_GATE_OPEN);

	if (err == -EAGAIN)
		return false;
	if (!err) {
		st_process_watch(process);
		st_process_await_exec(process);
		return true;
	}
	if (err != -ECHILD)
		process->failure =
			(struct st_spawn_failure){ ST_SPAWN_STEP_REQUEST, (uint16_t)-err };
	fail(process);
	return true;
}

/* Whether a slot is free for this one. */
static bool has_room(const struct st_process *process)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	const struct st_processes *processes = process->processes;

	return st_spawn_has_room(processes->pool, st_identity_find(processes->identities, spec));
}

/*
 * The start that has waited longest and for which a slot is free. One whose user has
 * used up his share lets others pass.
 */
static struct st_process *next_queued(struct st_processes *processes)
{
	unsigned int nr_passed = 0;
	struct st_list *pos;

	if (!st_spawn_has_room(processes->pool, NULL))
		return NULL;
	st_list_for_each(pos, &processes->queue) {
		struct st_process *process = st_list_entry(pos, struct st_process, queue);

		if (has_room(process))
			return process;
		if (++nr_passed == MAX_PASSED)
			break;
	}
	return NULL;
}

static void start_queued(struct st_processes *processes)
{
	struct st_process *process;

	while ((process = next_queued(processes)) != NULL) {
		const struct st_child *child =
			st_tree_find_generation(processes->tree, process->generation);

		st_list_del(&process->queue);
		if (!child) {
			st_process_forget(process);
		} else if (!try_launch(process, child)) {
			st_list_add(&process->queue, &processes->queue); /* it stays the oldest */
			return;
		}
	}
}

struct st_process *st_process_new(struct st_processes *processes, struct st_child_spec *spec,
				  uint64_t generation)
{
	struct st_process *process = st_alloc(sizeof(*process));

	/*
	 * room in both maps for all processes, also those that wait for a slot
	 * or at a gate
	 */
	if (!process || st_map_reserve(&processes->by_generation, processes->nr + 1) ||
	    st_map_reserve(&processes->by_pid, processes->nr + 1)) {
		st_free(process);
		return NULL;
	}
	processes->nr++;
	process->processes = processes;
	process->generation = generation;
	process->spec = st_child_spec_get(spec);
	st_pidref_init(&process->ref);
	st_list_init(&process->queue);
	return process;
}

/*
 * Let the table of descriptors grow now, once, for all children that the tree has got,
 * and not bit by bit while children in flight share it (limits.h).
 */
static void make_room(struct st_processes *processes)
{
	uint32_t nr = processes->tree->nr_nodes;
	unsigned int fds = FDS_PER_CHILD * nr + FDS_OF_DAEMON;

	if (nr <= processes->room)
		return;
	if (fds < FDS_MIN)
		fds = FDS_MIN;
	while (fds & (fds - 1)) /* as the kernel does, so that the next child fits, too */
		fds += fds & -fds;
	/* Linux lets it grow when it must; the spawn reports it if that fails. */
	(void)!st_limits_grow_table(fds);
	processes->room = (fds - FDS_OF_DAEMON) / FDS_PER_CHILD;
}

void st_process_start(struct st_processes *processes, const struct st_child *child)
{
	struct st_process *process;

	make_room(processes);
	if (st_prepare_take(processes, child))
		return;
	process = st_process_new(processes, child->spec, child->generation);
	if (!process) {
		st_shell_post_text(processes->shell, ST_EV_SPAWN_FAILED, child->generation,
				   "out of memory");
		return;
	}
	st_map_put(&processes->by_generation, process->generation, process);
	st_list_add_tail(&process->queue, &processes->queue);
	start_queued(processes);
}

void st_process_signal(struct st_processes *processes, uint64_t generation, int signo)
{
	struct st_process *process = st_process_find(processes, generation);

	if (!process)
		return; /* its end is posted already, or will be */
	if (!st_pidref_is_set(&process->ref)) {
		/* it still waits for a slot, and will never be a process */
		st_process_forget(process);
		st_shell_post_text(processes->shell, ST_EV_SPAWN_FAILED, generation,
				   "stopped before its start");
		return;
	}
	if (process->subtree)
		st_subtree_signal(process->subtree, signo);
	else /* -ESRCH: it has just died; the pidfd reports that */
		(void)!st_pidref_signal(&process->ref, signo);
	if (signo != SIGKILL && st_pidref_is_stopped(&process->ref))
		(void)!st_pidref_signal(&process->ref, SIGCONT);
}

static bool has_terminal(void)
{
	int fd =
		open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC); /* tty(4): the controlling one */

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int st_processes_open(struct st_processes *processes, const struct st_processes_config *config)
{
	unsigned int flags = ST_SPAWN_POOL_SIGNALS_BLOCKED; /* main() has blocked them */
	cpu_set_t cpus;
	int err;

	*processes = (struct st_processes){
		.ring = config->ring,
		.shell = config->shell,
		.tree = config->tree,
		.outputs = config->outputs,
		.identities = config->identities,
		.variables = config->variables,
		.socket = config->socket,
		.handler = config->handler,
		.owner = config->owner,
	};
	st_list_init(&processes->queue);
	st_list_init(&processes->executing);
	st_list_init(&processes->dead);
	processes->can_spin = sched_getaffinity(0, sizeof(cpus), &cpus) == 0 &&
			      CPU_COUNT(&cpus) > 1;
	processes->notify_fd = -1;
	processes->has_terminal = has_terminal();
	st_oom_init(&processes->oom);
	err = st_environment_init(&processes->environment, environ);
	if (err) {
		st_log("read the environment: %s", strerror(-err));
		return err;
	}
	if (!st_ring_has(processes->ring, ST_FEATURE_FUTEX_WAIT))
		flags |= ST_SPAWN_POOL_PIPES;
	err = st_limits_raise_nofile(&processes->nofile);
	if (err)
		st_log("raise the limit of descriptors: %s", strerror(-err)); /* go on with fewer */
	err = st_subtrees_open(processes);
	if (err) {
		st_log("get ready for subtrees: %s", strerror(-err));
		return err;
	}
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
	return st_notify_open(processes, config->notify_path);
}

void st_processes_done(struct st_processes *processes)
{
	st_spawn_pool_free(processes->pool);
	st_environment_done(&processes->environment);
	st_subtrees_done(processes);
	st_map_done(&processes->by_generation);
	st_map_done(&processes->by_pid);
	st_foreign_close(&processes->notify_fd);
	st_free(processes->notify_path);
}
