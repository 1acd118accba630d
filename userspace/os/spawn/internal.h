/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What spawn.c, spawn_pool.c and spawn_child.c share: a spawn in flight and its pool.
 * No other folder includes this file.
 */
#ifndef ST_OS_SPAWN_INTERNAL_H
#define ST_OS_SPAWN_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "os/path.h"
#include "os/spawn/low_fds.h"
#include "os/spawn/spawn.h"

/*
 * The gate, a futex.
 *
 *	CLOSED --child, tired of looking--> PARKED
 *	either of them --parent--> OPEN or ABANDONED, which are final
 */
enum gate_word {
	GATE_OPEN,
	GATE_CLOSED,
	GATE_PARKED,
	GATE_ABANDONED,
};

/**
 * struct st_spawn - a spawn in flight; memory that parent and child share
 *
 * Written by the kernel:
 * @tid: ST_SPAWN_TID_BUSY, cleared when the child has left this memory
 *
 * Written by both:
 * @gate: enum gate_word
 *
 * Written by the child, read by the parent:
 * @owns_fds: set when the child has its own table of descriptors; from then on
 *	the low numbers are not the child's business any more
 * @failure: the step that failed; read when @tid is clear
 *
 * Written by the parent before the clone:
 * @request: a copy
 * @pool: the pool
 * @parent: pid of the parent
 * @ignored: signals to be set to their default, as bits (signo - 1)
 * @stdio: low numbers
 * @fds: low numbers and their targets, ordered by target; with a pipe also the child's
 *	end, which stays under its low number
 * @nr_fds: their number
 * @tell_fd: the low number of the child's end of the pipe; -1: no pipe
 * @left_fd: the parent's end; -1: no pipe
 * @first_closed: all descriptors from this number on are none of the child's
 * @low_fds: the low numbers in use, as bits
 * @stack: lowest byte of the child's stack
 * @held: the child again, for what is left to do after the exec (spawn_left.c)
 * @pidref: the child, until the caller takes it
 * @found: the files to execute, the next if one cannot be: request.path, or what
 *	the search in PATH has found
 */
struct st_spawn {
	uint32_t tid;
	uint32_t gate;
	uint32_t owns_fds;
	struct st_spawn_failure failure;

	struct st_spawn_request request;
	struct st_spawn_pool *pool;
	pid_t parent;
	uint64_t ignored;
	int stdio[3];
	struct st_spawn_fd fds[ST_SPAWN_FDS_MAX + 1];
	unsigned int nr_fds;
	int tell_fd;
	int left_fd;
	int first_closed;
	uint64_t low_fds;
	void *stack;
	struct st_pidref held;
	struct st_pidref pidref;
	struct st_path_files found;
};

/**
 * struct st_spawn_pool - spawns in flight
 * @flags: enum st_spawn_pool_flag
 * @used: which of @spawns are in flight, as bits
 * @pid: of this process
 * @ignored: signals that this process ignored when the pool was made
 * @fds: the low descriptor numbers
 * @nr_foreign: spawns that change their credentials and are not known to have left
 * @was_dumpable: the result of PR_GET_DUMPABLE before the first of them
 * @stacks: all stacks, each above a page that cannot be touched
 * @spawns: the slots
 */
struct st_spawn_pool {
	unsigned int flags;
	uint32_t used;
	pid_t pid;
	uint64_t ignored;
	struct st_low_fds fds;
	unsigned int nr_foreign;
	int was_dumpable;
	void *stacks;
	struct st_spawn spawns[ST_SPAWN_SLOTS];
};

/* One page is enough for the few calls of spawn_child.c, also unoptimised. */
#define ST_SPAWN_STACK_SIZE 4096

/* spawn_child.c: what the child runs, on its own stack, with all signals blocked. */
void st_spawn_child(void *spawn);

/* spawn_pool.c: a free slot, or NULL; and its return. */
struct st_spawn *st_spawn_slot_get(struct st_spawn_pool *pool,
				   const struct st_credentials *credentials);
void st_spawn_slot_put(struct st_spawn *spawn);

/* spawn.c: free everything that a spawn holds; it is no longer in flight. */
void st_spawn_retire(struct st_spawn *spawn);

/*
 * spawn_left.c: whether the child's leaving has to be waited for; a hold on it,
 * before and after the clone; the wait, true if it has left for certain; and the
 * score: 0, or -errno and the child is killed.
 */
bool st_spawn_must_leave(const struct st_spawn *spawn);
int st_spawn_hold_prepare(struct st_spawn *spawn) __must_check;
void st_spawn_hold(struct st_spawn *spawn);
bool st_spawn_await_left(const struct st_spawn *spawn) __must_check;
int st_spawn_set_oom_score(const struct st_spawn *spawn) __must_check;

/*
 * spawn_fds.c: give a spawn its low numbers, and its pipe: 0, -EAGAIN, -EBADF, or
 * -errno of pipe2(2); take the numbers back; the same, and close the pipe.
 */
int st_spawn_fds_pass(struct st_spawn *spawn) __must_check;
void st_spawn_fds_done(struct st_spawn *spawn);
void st_spawn_fds_release(struct st_spawn *spawn);

#endif
