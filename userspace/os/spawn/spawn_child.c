// SPDX-License-Identifier: GPL-2.0-only
/*
 * The code that runs in the child between clone and exec.
 *
 * It runs in the parent's memory while the parent goes on. It has its own stack, all
 * signals are blocked, and there are no handlers. So it writes only to its struct
 * st_spawn and calls only the kernel. A libc function might take a lock, set errno or
 * use thread-local storage, and all of these are the parent's. Until
 * close_descriptors() is done, the descriptor table is the parent's, too.
 *
 * The order of the steps: rights are given up after all steps that need them, and all
 * steps that use files come after the gate. Each step has a name in spawn.h. The first
 * step that fails is the last one.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/futex.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "os/spawn/internal.h"
#include "os/spawn/raw.h"

#define EXIT_STATUS_FAILED 127

/* How long to watch a closed gate before falling asleep. */
#define GATE_AWAKE_NS 200000

/* struct sigaction as the kernel knows it. */
struct kernel_sigaction {
	uintptr_t handler;
	unsigned long flags;
	uintptr_t restorer;
	uint64_t mask;
};

static ST_RAW __attribute__((noreturn)) void fail(struct st_spawn *spawn, enum st_spawn_step step,
						  long error)
{
	spawn->failure.step = (uint16_t)step;
	spawn->failure.error = (uint16_t)error;
	/* The kernel clears the tid word in exit_group: what is above comes first. */
	for (;;)
		st_raw_call(SYS_exit_group, EXIT_STATUS_FAILED, 0, 0, 0);
}

static ST_RAW long check(struct st_spawn *spawn, enum st_spawn_step step, long result)
{
	if (result < 0)
		fail(spawn, step, -result);
	return result;
}

/*
 * Copy the low end of the parent's table and forget the rest of it: constant
 * time, whatever the parent has open (Linux 5.9). Nothing has been changed in
 * the shared table if this fails.
 */
static ST_RAW void close_descriptors(struct st_spawn *spawn)
{
	check(spawn, ST_SPAWN_STEP_CLOSE_FDS,
	      st_raw_call(SYS_close_range, spawn->first_closed, (long)UINT32_MAX,
			  CLOSE_RANGE_UNSHARE, 0));
	__atomic_store_n(&spawn->owns_fds, 1, __ATOMIC_RELEASE);
}

/* The parent polls for this byte, and then closes its copy of our end of the pipe. */
static ST_RAW void tell_parent(struct st_spawn *spawn)
{
	if (spawn->tell_fd >= 0)
		check(spawn, ST_SPAWN_STEP_SET_FDS,
		      st_raw_call(SYS_write, spawn->tell_fd, (long)"", 1, 0));
}

static ST_RAW void close_between(struct st_spawn *spawn, int first, unsigned int last)
{
	if ((unsigned int)first > last)
		return;
	check(spawn, ST_SPAWN_STEP_SET_FDS, st_raw_call(SYS_close_range, first, (long)last, 0, 0));
}

static ST_RAW void set_stdio(struct st_spawn *spawn, int target)
{
	int source = spawn->stdio[target];

	check(spawn, ST_SPAWN_STEP_SET_FDS,
	      source == target ? st_raw_call(SYS_fcntl, target, F_SETFD, 0, 0) :
				 st_raw_call(SYS_dup3, source, target, 0, 0));
}

/*
 * No target is the source of another one: the sources of stdio are above 2, or are the
 * target itself, and the parent has chosen sources that are not targets. The end of the
 * pipe stays where it is, and the exec closes it. All other
 * descriptors are closed here, not by exec. So a child at its gate keeps no pipe of
 * another child open.
 */
static ST_RAW void set_descriptors(struct st_spawn *spawn)
{
	int next = 3;

	for (int i = 0; i < 3; i++)
		set_stdio(spawn, i);
	for (unsigned int i = 0; i < spawn->nr_fds; i++)
		if (spawn->fds[i].source != spawn->fds[i].target)
			check(spawn, ST_SPAWN_STEP_SET_FDS,
			      st_raw_call(SYS_dup3, spawn->fds[i].source, spawn->fds[i].target, 0,
					  0));
	for (unsigned int i = 0; i < spawn->nr_fds; i++) {
		close_between(spawn, next, (unsigned int)spawn->fds[i].target - 1);
		next = spawn->fds[i].target + 1;
	}
	close_between(spawn, next, UINT32_MAX);
}

/* Handlers went with CLONE_CLEAR_SIGHAND (Linux 5.5); ignored signals did not. */
static ST_RAW void reset_signals(struct st_spawn *spawn)
{
	static const struct kernel_sigaction dfl = { .handler = (uintptr_t)SIG_DFL };

	for (uint64_t left = spawn->ignored; left; left &= left - 1)
		check(spawn, ST_SPAWN_STEP_SIGNALS,
		      st_raw_call(SYS_rt_sigaction, __builtin_ctzll(left) + 1, (long)&dfl, 0,
				  sizeof(dfl.mask)));
}

static ST_RAW void set_attributes(struct st_spawn *spawn)
{
	const struct st_spawn_request *request = &spawn->request;

	if (request->flags & ST_SPAWN_SETSID)
		check(spawn, ST_SPAWN_STEP_SESSION, st_raw_call(SYS_setsid, 0, 0, 0, 0));
	if (request->flags & ST_SPAWN_SETPGID)
		check(spawn, ST_SPAWN_STEP_PROCESS_GROUP, st_raw_call(SYS_setpgid, 0, 0, 0, 0));
	if (request->flags & ST_SPAWN_SET_NICE)
		check(spawn, ST_SPAWN_STEP_NICE,
		      st_raw_call(SYS_setpriority, PRIO_PROCESS, 0, request->nice, 0));
	if (request->flags & ST_SPAWN_SET_UMASK)
		st_raw_call(SYS_umask, (long)request->umask, 0, 0, 0);
	for (unsigned int i = 0; i < request->nr_limits; i++)
		check(spawn, ST_SPAWN_STEP_LIMITS,
		      st_raw_call(SYS_prlimit64, 0, request->limits[i].resource,
				  (long)&request->limits[i].value, 0));
}

/* The raw calls change this task only; libc's would try to change the parent's threads. */
static ST_RAW void set_credentials(struct st_spawn *spawn)
{
	const struct st_credentials *credentials = spawn->request.credentials;

	if (credentials) {
		long uid = (long)credentials->uid;
		long gid = (long)credentials->gid;

		check(spawn, ST_SPAWN_STEP_GROUPS,
		      st_raw_call(SYS_setgroups, (long)credentials->nr_groups,
				  (long)credentials->groups, 0, 0));
		check(spawn, ST_SPAWN_STEP_GID, st_raw_call(SYS_setresgid, gid, gid, gid, 0));
		check(spawn, ST_SPAWN_STEP_UID, st_raw_call(SYS_setresuid, uid, uid, uid, 0));
	}
	if (spawn->request.flags & ST_SPAWN_NO_NEW_PRIVS)
		check(spawn, ST_SPAWN_STEP_NO_NEW_PRIVS,
		      st_raw_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0));
}

static ST_RAW void set_death_signal(struct st_spawn *spawn, int signo)
{
	check(spawn, ST_SPAWN_STEP_DEATH_SIGNAL,
	      st_raw_call(SYS_prctl, PR_SET_PDEATHSIG, signo, 0, 0));
}

static ST_RAW bool change_gate(struct st_spawn *spawn, uint32_t from, uint32_t to)
{
	return __atomic_compare_exchange_n(&spawn->gate, &from, to, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_ACQUIRE);
}

static ST_RAW uint64_t now_ns(void)
{
	struct timespec now = { 0, 0 };

	st_raw_call(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&now, 0, 0);
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

/*
 * Stay awake for a moment: falling asleep and being woken, perhaps on another processor,
 * costs as much as an exec. Other processes may use the processor in the meantime. If
 * one of them used it for long, sleeping is the faster way to get it back.
 */
static ST_RAW void look_at_gate(struct st_spawn *spawn)
{
	uint64_t until_ns = now_ns() + GATE_AWAKE_NS;

	do {
		uint32_t word = __atomic_load_n(&spawn->gate, __ATOMIC_ACQUIRE);

		if (word == GATE_OPEN || word == GATE_ABANDONED)
			return;
		st_raw_call(SYS_sched_yield, 0, 0, 0, 0);
	} while (now_ns() < until_ns);
}

static ST_RAW void wait_at_gate(struct st_spawn *spawn)
{
	look_at_gate(spawn);
	for (;;) {
		uint32_t word = __atomic_load_n(&spawn->gate, __ATOMIC_ACQUIRE);

		if (word == GATE_OPEN)
			return;
		if (word == GATE_ABANDONED)
			fail(spawn, ST_SPAWN_STEP_GATE, ECANCELED);
		/* Once parked, only the parent can open it. */
		if (word == GATE_PARKED || change_gate(spawn, word, GATE_PARKED))
			st_raw_call(SYS_futex, (long)&spawn->gate, FUTEX_WAIT_PRIVATE, GATE_PARKED,
				    0);
	}
}

/*
 * At a closed gate only the parent can free the child. So the child dies with the
 * parent, whatever the request says. The death signal is set after the credentials,
 * because changing them clears it. The parent may have died before it was set.
 */
static ST_RAW void pass_gate(struct st_spawn *spawn, bool is_closed)
{
	int wanted = spawn->request.death_signal;
	int signo = is_closed ? SIGKILL : wanted;

	if (signo) {
		set_death_signal(spawn, signo);
		if (st_raw_call(SYS_getppid, 0, 0, 0, 0) != spawn->parent)
			fail(spawn, ST_SPAWN_STEP_PARENT, ESRCH);
	}
	if (is_closed)
		wait_at_gate(spawn);
	if (signo != wanted)
		set_death_signal(spawn, wanted);
}

/* execvpe(3): what is not there, or not for this user, may be further down PATH. */
static ST_RAW bool is_passed_over(long result)
{
	return result == -EACCES || result == -ENOENT || result == -ENOTDIR || result == -ESTALE ||
	       result == -ENODEV || result == -ETIMEDOUT;
}

/* Returns only if it fails: -EACCES if any error was that, otherwise the last error. */
static ST_RAW long execute(const struct st_spawn *spawn)
{
	const struct st_spawn_request *request = &spawn->request;
	bool is_refused = false;
	long result = -ENOENT;

	for (unsigned int i = 0; i < spawn->found.nr; i++) {
		result = st_raw_call(SYS_execve, (long)spawn->found.files[i], (long)request->argv,
				     (long)request->envp, 0);
		if (!is_passed_over(result))
			return result;
		is_refused |= result == -EACCES;
	}
	return is_refused ? -EACCES : result;
}

ST_RAW void st_spawn_child(void *arg)
{
	struct st_spawn *spawn = arg;
	const struct st_spawn_request *request = &spawn->request;
	static const uint64_t no_signals;
	/* Read only once: a gate that opens in the meantime must not lose its guard. */
	bool is_closed = __atomic_load_n(&spawn->gate, __ATOMIC_ACQUIRE) != GATE_OPEN;

	close_descriptors(spawn);
	tell_parent(spawn);
	set_descriptors(spawn);
	reset_signals(spawn);
	set_attributes(spawn);
	set_credentials(spawn);
	pass_gate(spawn, is_closed);
	if (request->cwd)
		check(spawn, ST_SPAWN_STEP_CWD,
		      st_raw_call(SYS_chdir, (long)request->cwd, 0, 0, 0));
	check(spawn, ST_SPAWN_STEP_SIGNALS,
	      st_raw_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&no_signals, 0,
			  sizeof(no_signals)));
	fail(spawn, ST_SPAWN_STEP_EXEC, -execute(spawn));
}
