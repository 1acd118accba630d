/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes: one struct for each incarnation of a worker, from the spawn to the
 * reaping.
 *
 *   queued -> spawning -> executed -> [ready] -> ended -> freed
 *
 * A process knows its generation, not its child. Everything that happens to it
 * is posted as an event with that generation, and core knows whether it still
 * matters [M4]. Signals go through its pidfd only.
 */
#ifndef ST_DAEMON_PROCESS_PROCESS_H
#define ST_DAEMON_PROCESS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/list.h"
#include "base/map.h"
#include "core/types.h"
#include "daemon/process/environment.h"
#include "daemon/process/oom.h"
#include "daemon/process/prepare.h"
#include "daemon/process/subtree.h"
#include "loop/poll.h"
#include "os/pidref.h"
#include "os/spawn/spawn.h"

struct st_child;
struct st_child_spec;
struct st_command;
struct st_held_start;
struct st_identities;
struct st_launch;
struct st_outputs;
struct st_ring;
struct st_shell;
struct st_tree;
struct st_variables;

/* Waits for a newline on the descriptor that a process was given. */
struct st_ready_wait {
	struct st_process *process;
	struct st_poll poll;
	int fd; /* the daemon's end */
};

struct st_process {
	struct st_processes *processes;
	uint64_t generation;
	struct st_child_spec *spec; /* counted */
	struct st_pidref ref;
	struct st_poll exit_poll; /* of the pidfd */
	struct st_launch *launch; /* owned, until the child has left our memory */
	struct st_ready_wait *ready_wait; /* ready: fd=N; owned, else NULL */
	struct st_subtree *subtree; /* kill_subtree; owned, else NULL */
	struct st_held_start *held; /* the patience of held_start.h; owned, else NULL */
	struct st_list queue; /* in processes->queue while no slot is free */
	struct st_command *command; /* core does not know it: it is beside a child; or NULL */
	char *status; /* its last STATUS= message, owned; or NULL */
	struct st_spawn_failure failure; /* step NONE: it was executed */
	uint32_t mailbox : 20; /* its address (os/channel.h) */
	uint32_t accept : 3; /* enum st_accept: whom it says itself, see accept.h */
	uint32_t accept_links : 3;
	bool has_mailbox : 1;
	bool is_ready : 1;
	bool is_prepared : 1; /* at the gate, or abandoned there: core does not know it */
	bool is_reaped : 1;
	bool is_held : 1; /* its start holds up the stop of the daemon: it was asked to end */
	bool has_said_drop : 1; /* that a message of a descendant was dropped */
};

/* What was said of dropped messages whose sender belongs to no child. */
struct st_strangers {
	pid_t last; /* the one of whom it was said */
	uint64_t silent_until_ns;
	uint64_t nr_unsaid; /* messages since then */
};

/**
 * struct st_process_handler - callbacks of a part that must learn of ends
 * @on_reaped: a process of a child has been reaped; core gets its end before
 *	anything else happens
 */
struct st_process_handler {
	void (*on_reaped)(void *owner, uint64_t generation);
};

/* What all starts need; it must outlive the processes. */
struct st_processes_config {
	struct st_ring *ring;
	struct st_shell *shell; /* gets the events */
	const struct st_tree *tree;
	struct st_outputs *outputs;
	const struct st_identities *identities;
	const struct st_variables *variables; /* of files; NULL: no child names one */
	const char *socket; /* path of the daemon's socket, for children */
	const char *notify_path; /* path of the readiness socket; copied */
	const struct st_process_handler *handler;
	void *owner; /* passed to the handler */
};

#define ST_REAPED_KEPT 8

struct st_processes {
	struct st_ring *ring;
	struct st_shell *shell;
	const struct st_tree *tree;
	struct st_outputs *outputs;
	const struct st_identities *identities;
	const struct st_variables *variables;
	const char *socket;
	const struct st_process_handler *handler;
	void *owner;
	struct st_spawn_pool *pool;
	uint32_t nr; /* not reaped; those that wait for a slot or at a gate count */
	struct st_map by_generation;
	struct st_map by_pid;
	struct st_list queue; /* starts that wait for a free slot of the pool */
	struct st_list executing; /* their exec is under way, and no futex is armed for it yet */
	struct st_oom oom;
	struct st_environment environment; /* that children can inherit */
	struct st_subtrees subtrees;
	bool has_terminal; /* the daemon has one, so a child needs its own session to have none */
	bool can_spin; /* there is another processor on which an exec can go on */
	struct st_prepared prepared;
	pid_t reaped[ST_REAPED_KEPT]; /* a ring of the last ones; their SIGCHLD may come later */
	uint32_t nr_reaped; /* since the start */
	struct st_list dead; /* reaped, with an operation still on the ring */
	struct rlimit nofile; /* the limit before it was raised, which children get */
	uint32_t room; /* children for which the table of descriptors has grown already */
	int notify_fd;
	struct st_poll notify_poll;
	struct st_strangers strangers;
	char *notify_path; /* owned */
};

/**
 * st_processes_open() - get ready to start processes
 * @processes: filled in
 * @config: what all starts need
 *
 * Return: 0 or -errno; the failure has been logged.
 */
int st_processes_open(struct st_processes *processes,
		      const struct st_processes_config *config) __must_check;

/**
 * st_processes_close() - close the readiness socket when no process is left
 * @processes: the processes; the ring must run until its operations are done
 */
void st_processes_close(struct st_processes *processes);
void st_processes_done(struct st_processes *processes);

/**
 * st_process_start() - start the process of a worker
 * @processes: the processes
 * @child: STARTING, with a new generation
 *
 * Events report the outcome: SPAWNED, then READY, or SPAWN_FAILED.
 */
void st_process_start(struct st_processes *processes, const struct st_child *child);

/**
 * st_process_signal() - core's signal to a process; with kill_subtree, to all below it
 * @processes: the processes
 * @generation: of the process; nothing happens if it has gone already
 * @signo: the signal
 *
 * A process that is stopped gets SIGCONT, too, so that it can obey.
 */
void st_process_signal(struct st_processes *processes, uint64_t generation, int signo);

/**
 * st_processes_spin() - check for a moment whether the execs under way are done
 * @processes: the processes
 *
 * Called before the loop sleeps. In a start of many children each one waits for
 * the one before, and an exec takes less time than falling asleep and waking
 * up. Another process that wants the processor gets it meanwhile. An exec that
 * takes longer, or that no start waits for, is waited for in the ring.
 */
void st_processes_spin(struct st_processes *processes);

struct st_process *st_process_find(const struct st_processes *processes, uint64_t generation);
struct st_process *st_process_find_pid(const struct st_processes *processes, pid_t pid);
bool st_process_was_reaped(const struct st_processes *processes, pid_t pid); /* one of the last */

#endif
