// SPDX-License-Identifier: GPL-2.0-only
/*
 * A spawn with everything that can be asked for, in each of the ways there are.
 */
#include "os/spawn/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "scenarios.h"
#include "os/credentials.h"
#include "os/fd.h"
#include "os/limits.h"

/* Something is wrong for which there is no errno. */
#define WRONG_STEP 1
#define WRONG_END 2

/* The step at which a call of the child fails. SETPGID and PRCTL have two. */
static const struct {
	const char *kind;
	enum st_spawn_step first, last;
} steps[] = {
	{ "st_raw_clone", ST_SPAWN_STEP_CLONE, ST_SPAWN_STEP_CLONE },
	{ "stat", ST_SPAWN_STEP_SEARCH, ST_SPAWN_STEP_SEARCH },
	{ "NEGATIVE SYS_close_range", ST_SPAWN_STEP_CLOSE_FDS, ST_SPAWN_STEP_SET_FDS },
	{ "NEGATIVE SYS_dup3", ST_SPAWN_STEP_SET_FDS, ST_SPAWN_STEP_SET_FDS },
	{ "NEGATIVE SYS_fcntl", ST_SPAWN_STEP_SET_FDS, ST_SPAWN_STEP_SET_FDS },
	{ "NEGATIVE SYS_rt_sigaction", ST_SPAWN_STEP_SIGNALS, ST_SPAWN_STEP_SIGNALS },
	{ "NEGATIVE SYS_setsid", ST_SPAWN_STEP_SESSION, ST_SPAWN_STEP_SESSION },
	{ "NEGATIVE SYS_setpgid", ST_SPAWN_STEP_PROCESS_GROUP, ST_SPAWN_STEP_PROCESS_GROUP },
	{ "NEGATIVE SYS_setpriority", ST_SPAWN_STEP_NICE, ST_SPAWN_STEP_NICE },
	{ "NEGATIVE SYS_prlimit64", ST_SPAWN_STEP_LIMITS, ST_SPAWN_STEP_LIMITS },
	{ "NEGATIVE SYS_setgroups", ST_SPAWN_STEP_GROUPS, ST_SPAWN_STEP_GROUPS },
	{ "NEGATIVE SYS_setresgid", ST_SPAWN_STEP_GID, ST_SPAWN_STEP_GID },
	{ "NEGATIVE SYS_setresuid", ST_SPAWN_STEP_UID, ST_SPAWN_STEP_UID },
	{ "NEGATIVE SYS_prctl", ST_SPAWN_STEP_NO_NEW_PRIVS, ST_SPAWN_STEP_DEATH_SIGNAL },
	{ "NEGATIVE SYS_chdir", ST_SPAWN_STEP_CWD, ST_SPAWN_STEP_CWD },
	{ "NEGATIVE SYS_execve", ST_SPAWN_STEP_EXEC, ST_SPAWN_STEP_EXEC },
	{ "write", ST_SPAWN_STEP_OOM_SCORE, ST_SPAWN_STEP_OOM_SCORE },
};

static int judge(const struct st_spawn_failure *failure)
{
	if (failure->step == ST_SPAWN_STEP_GATE) /* what was asked for, with the same errno */
		return failure->error == ECANCELED ? 0 : WRONG_STEP;
	for (size_t i = 0; i < ST_ARRAY_SIZE(steps); i++)
		if (!strcmp(steps[i].kind, faults_fired_name()) &&
		    (failure->step < steps[i].first || failure->step > steps[i].last))
			return WRONG_STEP;
	return -failure->error;
}

/* Whatever becomes of it, no child is left. */
static int reap(struct st_pidref *ref)
{
	struct pollfd end = { .fd = ref->fd, .events = POLLIN };
	struct st_exit how;
	int ret;

	(void)!st_pidref_signal(ref, SIGKILL); /* it has ended, or ends now */
	if (poll(&end, 1, -1) != 1)
		return WRONG_END;
	ret = COUNTED(st_pidref_wait(ref, &how, NULL));
	if (ret < 0 && st_pidref_wait(ref, &how, NULL) != 1)
		return WRONG_END;
	faults_on();
	st_pidref_done(ref);
	faults_off();
	return ret < 0 ? ret : 0;
}

static int finish(struct st_spawn *spawn)
{
	struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));
	struct st_spawn_failure failure;

	if (st_spawn_left_fd(spawn) >= 0)
		st_spawn_heed(spawn);
	while (st_spawn_in_flight(spawn))
		(void)sched_yield();
	int told = COUNTED(st_spawn_finish(spawn, &failure)) == -ECHILD ? judge(&failure) : 0;
	int ret = reap(&ref);

	return told ? told : ret;
}

static int spawn_in(struct st_spawn_pool *pool, const struct st_spawn_request *request,
		    enum st_spawn_gate gate, bool is_abandoned)
{
	struct st_spawn_failure failure;
	struct st_spawn *spawn;
	int ret;

	/* The child's calls count too, until it has executed. */
	faults_on();
	ret = st_spawn_begin(pool, request, gate, &spawn, &failure);
	faults_off();
	if (ret < 0)
		return ret == -ECHILD ? judge(&failure) : ret;
	faults_on();
	if (is_abandoned)
		st_spawn_abandon(spawn);
	else
		st_spawn_release(spawn);
	return finish(spawn);
}

static int run(unsigned int pool_flags, unsigned int session, enum st_spawn_gate gate,
	       bool is_abandoned)
{
	static char name[] = "cat", path[] = "PATH=/nonexistent:/usr/bin:/bin";
	static char *const argv[] = { name, NULL };
	static char *const envp[] = { path, NULL };
	static gid_t groups[] = { 0 };
	static const struct st_credentials root = { .groups = groups, .nr_groups = 1 };
	static const struct st_limit limit = { RLIMIT_CORE, { 0, 0 } };
	struct st_spawn_request request;
	struct st_spawn_pool *pool;
	int input[2];
	int ret;

	if (pipe2(input, O_CLOEXEC))
		return WRONG_END;
	struct st_spawn_fd fd = { input[0], 5 };

	st_spawn_request_init(&request);
	request.path = "cat";
	request.argv = argv;
	request.envp = envp;
	request.stdio[0] = input[0]; /* for which it waits */
	request.stdio[2] = 2;
	request.fds = &fd;
	request.nr_fds = 1;
	request.flags = session | ST_SPAWN_NO_NEW_PRIVS | ST_SPAWN_SET_NICE | ST_SPAWN_SET_UMASK |
			ST_SPAWN_SET_OOM_SCORE;
	request.nice = 1;
	request.oom_score_adj = 100;
	request.death_signal = SIGKILL;
	request.cwd = "/";
	request.limits = &limit;
	request.nr_limits = 1;
	request.credentials = session == ST_SPAWN_SETSID ? &root : NULL;
	(void)signal(SIGPIPE, SIG_IGN); /* one that the child has to reset */
	ret = COUNTED(st_spawn_pool_new(pool_flags, &pool));
	if (!ret) {
		ret = spawn_in(pool, &request, gate, is_abandoned);
		faults_on();
		st_spawn_pool_free(pool);
		faults_off();
	}
	st_fd_close(&input[0]);
	st_fd_close(&input[1]);
	return ret;
}

static int run_open(void)
{
	return run(0, ST_SPAWN_SETSID, ST_SPAWN_GATE_OPEN, false);
}

static int run_gated(void)
{
	return run(0, ST_SPAWN_SETPGID, ST_SPAWN_GATE_CLOSED, false);
}

static int run_piped(void)
{
	return run(ST_SPAWN_POOL_PIPES, ST_SPAWN_SETSID, ST_SPAWN_GATE_OPEN, false);
}

static int run_abandoned(void)
{
	return run(0, ST_SPAWN_SETPGID, ST_SPAWN_GATE_CLOSED, true);
}

static const struct answer answers[] = {
	{ "fcntl", 0, EITHER, "fewer low numbers are taken; three are needed" },
	{ "dup3", 0, EITHER, "to give a low number back is tried again at the next spawn" },
	{ "stat", 0, EITHER, "a folder of PATH that cannot be looked into is passed over" },
	{ "faccessat", 0, EITHER, "the kernel decides when it executes the file" },
	{ "read", 0, 0, "the pipe is looked at again when it is readable" },
	{ "prctl", 0, 0, "without it the daemon stays undumpable" },
	{ "MINUS SYS_kcmp", 0, 0, "the child is taken for not gone" },
	{ "MINUS SYS_pidfd_send_signal", 0, 0, "one that may not be signalled is not reaped" },
	{ "MINUS SYS_rt_sigaction", 0, 0, "libc's own signals, of which one may not ask" },
	{ 0 },
};

const struct scenario open_spawn = { run_open, answers };
const struct scenario gated_spawn = { run_gated, answers };
const struct scenario piped_spawn = { run_piped, answers };
const struct scenario abandoned_spawn = { run_abandoned, answers };
