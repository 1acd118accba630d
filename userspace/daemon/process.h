/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes: one struct for each incarnation of a worker, from the spawn to
 * the reaping.
 *
 *   queued -> spawning -> executed -> [ready] -> ended -> freed
 *
 * A process knows its generation, not its child: whatever happens to it is
 * posted as an event with that generation, and core knows whether anybody
 * still cares [M4]. Signals go through its pidfd only.
 */
#ifndef ST_DAEMON_PROCESS_H
#define ST_DAEMON_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/list.h"
#include "base/map.h"
#include "core/types.h"
#include "loop/futex.h"
#include "loop/poll.h"
#include "os/pidref.h"
#include "os/spawn.h"

struct st_daemon;
struct st_launch;

struct st_process {
	struct st_daemon *daemon;
	uint64_t generation;
	struct st_child_spec *spec; /* counted */
	struct st_pidref ref;
	struct st_poll exit_poll; /* of the pidfd */
	struct st_futex exec_wait; /* of the spawn's tid word */
	struct st_poll ready_poll; /* ready: fd=N */
	int ready_fd; /* the daemon's end, or -1 */
	struct st_spawn *spawn; /* until its outcome is known */
	struct st_launch *launch; /* what the spawn points to; owned */
	struct st_list queue; /* in processes->queue while no slot is free */
	struct st_spawn_failure failure; /* step NONE: it was executed */
	bool is_ready;
	bool is_reaped;
	char *status; /* what it said with STATUS=, owned; or NULL */
};

struct st_processes {
	struct st_spawn_pool *pool;
	struct st_map by_generation;
	struct st_map by_pid;
	struct st_list queue; /* of starts that wait for a free slot of the pool */
	struct st_list dead; /* reaped, with an operation still on the ring */
	struct rlimit nofile; /* what children get: the limit before it was raised */
	int notify_fd;
	struct st_poll notify_poll;
	char *notify_path; /* owned */
};

/**
 * st_processes_open() - get ready to start processes
 * @daemon: the daemon, with its ring
 * @notify_path: where the readiness socket goes
 *
 * Return: 0 or -errno, with what failed logged.
 */
int st_processes_open(struct st_daemon *daemon, const char *notify_path) __must_check;

/**
 * st_processes_close() - when no process is left: close the readiness socket
 * @daemon: the daemon; the ring must run until its operations are done
 */
void st_processes_close(struct st_daemon *daemon);
void st_processes_done(struct st_daemon *daemon);

/**
 * st_process_start() - start the process of a worker
 * @daemon: the daemon
 * @child: STARTING, with a new generation
 *
 * What comes of it is told by events: SPAWNED, then READY, or SPAWN_FAILED.
 */
void st_process_start(struct st_daemon *daemon, const struct st_child *child);

/**
 * st_process_signal() - send a signal to a process
 * @daemon: the daemon
 * @generation: of the process; one that is gone already is fine
 * @signo: the signal
 */
void st_process_signal(struct st_daemon *daemon, uint64_t generation, int signo);

struct st_process *st_process_find(const struct st_daemon *daemon, uint64_t generation);
struct st_process *st_process_find_pid(const struct st_daemon *daemon, pid_t pid);

/*
 * launch.c: from a child to a request of os/spawn.h.
 * Return: 0: there is a process; -EAGAIN: no slot is free; -ECHILD: see
 * process->failure; else -errno of getting ready for it.
 */
int st_launch(struct st_process *process, const struct st_child *child) __must_check;

/* notify.c: the readiness socket, and ready: fd=N */
int st_notify_open(struct st_daemon *daemon, const char *path) __must_check;
void st_notify_drain(struct st_daemon *daemon);
void st_notify_watch_fd(struct st_process *process);

/* process.c, for notify.c */
void st_process_said_ready(struct st_process *process);
void st_process_idle(struct st_process *process); /* an operation of it has completed */

#endif
