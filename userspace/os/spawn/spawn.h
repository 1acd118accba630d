/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Start a process in two phases, without ever waiting for it.
 *
 *	st_spawn_begin()	clone; the child prepares itself
 *	st_spawn_release()	if the gate was closed: now it may exec
 *	   ... the kernel clears the tid word when the exec is done ...
 *	st_spawn_finish()	did it work? if not: which step, which errno
 *
 * clone3(CLONE_VM | CLONE_FILES) without CLONE_VFORK makes the child. It runs in the
 * parent's memory and, at first, with the parent's descriptor table, while the parent
 * goes on. So a spawn costs the same for a parent of any size, with any number of
 * descriptors. The price: nothing that the request points to may change until the tid
 * word is clear. The kernel clears the word (CLONE_CHILD_CLEARTID) and wakes a futex on
 * it when the child leaves the parent's memory, by exec or by its end.
 *
 * A closed gate allows the caller to clone in advance: it makes the next child while
 * the previous one executes its program. The next child waits at its gate, and only
 * chdir and exec are left to do. A child at the gate has not used any file and has had
 * no outside effect. It dies with the parent. It first stays awake for a short time,
 * giving others the processor; then it sleeps.
 *
 * Nothing here knows supervision. The code that runs in the child is in spawn_child.c;
 * read it second. Only for single-threaded callers.
 */
#ifndef ST_OS_SPAWN_SPAWN_H
#define ST_OS_SPAWN_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "os/credentials.h"
#include "os/limits.h"
#include "os/pidref.h"

/*
 * Spawns in flight at once; more are answered by -EAGAIN. A user can stop his children
 * before their exec, so each one has a share, and some slots are for nobody else.
 */
#define ST_SPAWN_SLOTS 32
#define ST_SPAWN_SLOTS_OTHERS 24 /* of these, for children with credentials */
#define ST_SPAWN_SLOTS_USER 12 /* of those, for each uid */
/* Descriptors of a child in addition to stdin, stdout and stderr. */
#define ST_SPAWN_FDS_MAX 8
/* The highest number that such a descriptor can get in the child. */
#define ST_SPAWN_FD_TARGET_MAX 1023

/* A value of st_spawn_request.stdio. */
#define ST_SPAWN_FD_NULL (-1)

/*
 * Steps of a start, in the order in which they are taken: those up to CLONE, and
 * OOM_SCORE, by the parent.   X(name, text for humans)
 */
#define ST_SPAWN_STEPS(X) \
	X(NONE, "none") \
	X(REQUEST, "check the request") \
	X(SEARCH, "search in PATH") \
	X(PASS_FDS, "pass descriptors") \
	X(CLONE, "clone3") \
	X(CLOSE_FDS, "close descriptors") \
	X(SET_FDS, "set up descriptors") \
	X(SIGNALS, "reset signals") \
	X(SESSION, "setsid") \
	X(PROCESS_GROUP, "setpgid") \
	X(NICE, "setpriority") \
	X(LIMITS, "prlimit") \
	X(GROUPS, "setgroups") \
	X(GID, "setresgid") \
	X(UID, "setresuid") \
	X(NO_NEW_PRIVS, "set no_new_privs") \
	X(DEATH_SIGNAL, "set the death signal") \
	X(PARENT, "find the parent alive") \
	X(GATE, "wait at the gate") \
	X(CWD, "chdir") \
	X(EXEC, "execve") \
	X(OOM_SCORE, "set oom_score_adj")

enum st_spawn_step {
#define ST_SPAWN_STEP_ENUM(name, text) ST_SPAWN_STEP_##name,
	ST_SPAWN_STEPS(ST_SPAWN_STEP_ENUM)
#undef ST_SPAWN_STEP_ENUM
	ST_SPAWN_STEP__MAX
};

/**
 * struct st_spawn_failure - why there is no new program
 * @step: the step that failed
 * @error: its errno, positive; ECANCELED with ST_SPAWN_STEP_GATE
 */
struct st_spawn_failure {
	uint16_t step; /* enum st_spawn_step */
	uint16_t error;
};

/**
 * struct st_spawn_fd - a descriptor to be passed
 * @source: a descriptor of this process; it may be closed after begin
 * @target: its number in the child, 3 to ST_SPAWN_FD_TARGET_MAX
 */
struct st_spawn_fd {
	int source;
	int target;
};

enum st_spawn_flag {
	/*
	 * A new session. Linux makes a scheduling group for each session
	 * (CONFIG_SCHED_AUTOGROUP): that costs a tenth of a spawn, and load
	 * balancing gets slower with their number.
	 */
	ST_SPAWN_SETSID = 1u << 0,
	ST_SPAWN_NO_NEW_PRIVS = 1u << 1,
	ST_SPAWN_SET_NICE = 1u << 2,
	ST_SPAWN_SET_UMASK = 1u << 3,
	/*
	 * st_spawn_finish() sets it, just after the exec. Linux changes it for all
	 * processes that share memory, so before the exec it would change ours, too.
	 */
	ST_SPAWN_SET_OOM_SCORE = 1u << 4,
	/* A new process group, in our session. */
	ST_SPAWN_SETPGID = 1u << 5,
};

/**
 * struct st_spawn_request - what to start and how; see st_spawn_request_init()
 * @path: the program; without a slash it is searched in PATH of @envp, with
 *	@credentials as the user that the child will be
 * @argv: its arguments, NULL-terminated, with the zeroth
 * @envp: its whole environment, NULL-terminated
 * @stdio: descriptors of this process that become 0, 1 and 2;
 *	ST_SPAWN_FD_NULL for /dev/null; the same number to inherit the own
 *	descriptor, which then stays open until the spawn is not in flight
 * @fds: further descriptors; the child has these and 0 to 2 and no others
 * @nr_fds: their number
 * @flags: enum st_spawn_flag
 * @nice: with ST_SPAWN_SET_NICE: -20 to 19
 * @umask: with ST_SPAWN_SET_UMASK
 * @oom_score_adj: with ST_SPAWN_SET_OOM_SCORE: -1000 to 1000
 * @death_signal: sent to the child when this process dies; 0: none. Linux
 *	forgets it when the child executes a set-uid program
 * @cwd: its working directory, entered with the child's own rights; NULL: ours
 * @limits: resource limits
 * @nr_limits: their number
 * @credentials: uid, gid and groups; NULL: ours
 * @cgroup_fd: cgroup version 2 in which it is born (cgroup.h); -1: ours
 *
 * The child always has an empty signal mask and all signals at their default,
 * SIGPIPE too.
 */
struct st_spawn_request {
	const char *path;
	char *const *argv;
	char *const *envp;
	int stdio[3];
	const struct st_spawn_fd *fds;
	unsigned int nr_fds;
	unsigned int flags;
	int nice;
	mode_t umask;
	int oom_score_adj;
	int death_signal;
	const char *cwd;
	const struct st_limit *limits;
	unsigned int nr_limits;
	const struct st_credentials *credentials;
	int cgroup_fd;
};

enum st_spawn_gate {
	ST_SPAWN_GATE_OPEN,
	ST_SPAWN_GATE_CLOSED,
};

struct st_spawn_pool;

/* A spawn in flight; owned by its pool, from begin to finish. */
struct st_spawn;

/**
 * st_spawn_request_init() - make a request that changes nothing
 * @request: stdio is /dev/null, nothing is set, everything else is inherited
 */
void st_spawn_request_init(struct st_spawn_request *request);

enum st_spawn_pool_flag {
	/*
	 * Each spawn has a pipe, which one can poll for: see st_spawn_left_fd().
	 * For kernels on which the loop cannot wait for a futex (before Linux
	 * 6.7). CLONE_VFORK would wait in the kernel, and the user whose rights
	 * the child takes can stop the child before its exec: for ever.
	 */
	ST_SPAWN_POOL_PIPES = 1u << 0,
	/* All signals are blocked in this process for good: begin need not do it. */
	ST_SPAWN_POOL_SIGNALS_BLOCKED = 1u << 1,
};

/**
 * st_spawn_pool_new() - make the place where spawns in flight live
 * @flags: enum st_spawn_pool_flag
 * @ret_pool: owned by the caller (st_spawn_pool_free)
 *
 * Call it once, early: it takes the free descriptor numbers below 64 for
 * itself, since only low ones can be handed to a child cheaply, and it notes
 * which signals this process ignores. Ignore no others after that.
 *
 * Return: 0; -ENOMEM; -EMFILE: no low number is free; or -errno of opening
 * /dev/null.
 */
int st_spawn_pool_new(unsigned int flags, struct st_spawn_pool **ret_pool) __must_check;

/**
 * st_spawn_pool_free() - abandon what is at a gate, wait for what is in flight
 * @pool: may be NULL. The wait is that for an exec; a child with other credentials,
 *	which another user could have stopped, is killed
 */
void st_spawn_pool_free(struct st_spawn_pool *pool);

/**
 * st_spawn_has_room() - whether a slot is free for such a child
 * @pool: the pool
 * @credentials: those of the request; NULL: ours
 */
bool st_spawn_has_room(const struct st_spawn_pool *pool, const struct st_credentials *credentials);

/**
 * st_spawn_begin() - make the process
 * @pool: the pool that holds the spawn until it is finished
 * @request: copied; what it points to must stay until the spawn is no longer in flight
 * @gate: closed: it waits for st_spawn_release() before chdir and exec
 * @ret_spawn: borrowed from the pool until st_spawn_finish()
 * @reterr_failure: with -ECHILD: the step and its errno
 *
 * Return: 0: there is a process; the caller must finish the spawn and later reap the
 * process; -EAGAIN: no slot is free for it, nothing was done, try again after the next
 * finish; -ECHILD: no process was made, see @reterr_failure.
 */
int st_spawn_begin(struct st_spawn_pool *pool, const struct st_spawn_request *request,
		   enum st_spawn_gate gate, struct st_spawn **ret_spawn,
		   struct st_spawn_failure *reterr_failure) __must_check;

/**
 * st_spawn_pidref() - the new process
 * @spawn: a spawn
 *
 * Return: the pidref inside @spawn. The caller moves it out with
 * st_pidref_take() before st_spawn_finish(), which closes what is still there.
 */
struct st_pidref *st_spawn_pidref(struct st_spawn *spawn);

/**
 * st_spawn_tid_word() - the word that the kernel clears
 * @spawn: a spawn
 *
 * Return: its address, for a shared (not private) futex wait while it holds
 * ST_SPAWN_TID_BUSY. It stays valid memory as long as the pool.
 */
uint32_t *st_spawn_tid_word(struct st_spawn *spawn);

/* The value of the tid word while the spawn is in flight. */
#define ST_SPAWN_TID_BUSY 1u

/**
 * st_spawn_left_fd() - what to poll for instead of the tid word
 * @spawn: a spawn of a pool with ST_SPAWN_POOL_PIPES
 *
 * The child holds the other end, which its exec or its end closes. It also writes to
 * it once, when it no longer needs our descriptors.
 *
 * Return: a descriptor for a poll (POLLIN), borrowed until st_spawn_finish(); -1: the
 * pool has no pipes. When it is readable, look at st_spawn_in_flight(); if that is true,
 * call st_spawn_heed() and poll again.
 */
int st_spawn_left_fd(const struct st_spawn *spawn);

/**
 * st_spawn_heed() - take note of what the child has written to its pipe
 * @spawn: a spawn with a pipe; never waits
 *
 * Closes our copy of the child's end as soon as the child has its own.
 */
void st_spawn_heed(struct st_spawn *spawn);

/**
 * st_spawn_in_flight() - whether the child still runs in our memory
 * @spawn: a spawn
 */
bool st_spawn_in_flight(const struct st_spawn *spawn);

/**
 * st_spawn_wait() - sleep until the spawn is no longer in flight
 * @spawn: its gate is open
 *
 * For programs that start one process with their own credentials and have nothing else
 * to do; never for a loop.
 */
void st_spawn_wait(const struct st_spawn *spawn);

/**
 * st_spawn_release() - open the gate; does nothing if it is open
 * @spawn: a spawn that was begun with a closed gate
 */
void st_spawn_release(struct st_spawn *spawn);

/**
 * st_spawn_abandon() - let the child end at the closed gate
 * @spawn: a spawn that was begun with a closed gate and not released
 *
 * It exits with status 127 without exec. One waits for the tid word and
 * finishes as ever: the failure is ECANCELED at ST_SPAWN_STEP_GATE. A child with other
 * credentials is killed instead, because their user may have stopped it.
 */
void st_spawn_abandon(struct st_spawn *spawn);

/**
 * st_spawn_finish() - get the result and free the slot
 * @spawn: a spawn that is not in flight; invalid after this, unless -EBUSY
 * @ret_failure: with -ECHILD: the step and its errno
 *
 * Return: 0: the program was executed, or a signal killed the process before that,
 * which its end will show; -ECHILD: a step failed and the process has exited with
 * status 127, or was killed (OOM_SCORE only), and the caller reaps it; -EBUSY: it is in
 * flight, and nothing was done.
 */
int st_spawn_finish(struct st_spawn *spawn, struct st_spawn_failure *ret_failure) __must_check;

/**
 * st_spawn_step_text() - a step in words, for "chdir: No such file ..."
 * @step: the step
 *
 * Return: static text.
 */
const char *st_spawn_step_text(enum st_spawn_step step);

#endif
