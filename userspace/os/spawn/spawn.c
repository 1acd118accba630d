// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parent's side of a spawn; spawn.h explains what happens and why.
 *
 * Everything is prepared before the clone, in a slot that the child then reads. After
 * the clone the parent only opens the gate and checks the tid word. The child's code is
 * in spawn_child.c, the descriptors are in spawn_fds.c, the slots in spawn_pool.c.
 */
#include "os/spawn/spawn.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/path.h"
#include "os/spawn/internal.h"
#include "os/spawn/raw.h"

void st_spawn_request_init(struct st_spawn_request *request)
{
	*request = (struct st_spawn_request){
		.stdio = { ST_SPAWN_FD_NULL, ST_SPAWN_FD_NULL, ST_SPAWN_FD_NULL },
		.cgroup_fd = -1,
	};
}

static int check_fds(const struct st_spawn_request *request)
{
	if (request->nr_fds > ST_SPAWN_FDS_MAX)
		return -E2BIG;
	for (unsigned int i = 0; i < request->nr_fds; i++) {
		const struct st_spawn_fd *fd = &request->fds[i];

		if (fd->source < 0)
			return -EBADF;
		if (fd->target < 3 || fd->target > ST_SPAWN_FD_TARGET_MAX)
			return -EINVAL;
		for (unsigned int j = 0; j < i; j++)
			if (request->fds[j].target == fd->target)
				return -EINVAL;
	}
	return 0;
}

static int check_request(const struct st_spawn_request *request)
{
	if (!request->path || !request->argv || !request->argv[0] || !request->envp)
		return -EINVAL;
	return check_fds(request);
}

static void fill(struct st_spawn *spawn, const struct st_spawn_request *request,
		 enum st_spawn_gate gate)
{
	spawn->tid = ST_SPAWN_TID_BUSY;
	spawn->gate = gate == ST_SPAWN_GATE_CLOSED ? GATE_CLOSED : GATE_OPEN;
	spawn->owns_fds = 0;
	spawn->failure = (struct st_spawn_failure){ ST_SPAWN_STEP_NONE, 0 };
	spawn->request = *request;
	spawn->parent = spawn->pool->pid;
	spawn->ignored = spawn->pool->ignored;
	spawn->low_fds = 0;
	st_pidref_init(&spawn->pidref);
	st_pidref_init(&spawn->held);
}

static int find_executable(struct st_spawn *spawn)
{
	const struct st_spawn_request *request = &spawn->request;
	struct st_path_files *found = &spawn->found;

	if (!strchr(request->path, '/') && request->credentials)
		return st_path_search_all(request->path, request->envp, found);
	found->nr = 1;
	found->files[0] = request->path;
	if (strchr(request->path, '/'))
		return 0;
	found->files[0] = found->text;
	return st_path_search(request->path, request->envp, found->text, sizeof(found->text));
}

/*
 * All signals are blocked from before the clone until the child has made them
 * harmless: a handler of the parent that ran in the child would change the
 * parent's memory.
 */
static long clone_blocked(struct st_spawn *spawn, struct clone_args *args)
{
	const uint64_t all = ~0ull;
	uint64_t before;
	long pid;

	if (spawn->pool->flags & ST_SPAWN_POOL_SIGNALS_BLOCKED)
		return st_raw_clone(args, st_spawn_child, spawn);
	st_raw_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&all, (long)&before, sizeof(all));
	pid = st_raw_clone(args, st_spawn_child, spawn);
	st_raw_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof(before));
	return pid;
}

static int clone_child(struct st_spawn *spawn)
{
	int pidfd = -1;
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_FILES | CLONE_PIDFD | CLONE_CHILD_CLEARTID |
			 CLONE_CLEAR_SIGHAND,
		.pidfd = (uintptr_t)&pidfd,
		.child_tid = (uintptr_t)&spawn->tid,
		.exit_signal = SIGCHLD,
		.stack = (uintptr_t)spawn->stack,
		.stack_size = ST_SPAWN_STACK_SIZE,
	};

	if (spawn->request.cgroup_fd >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)spawn->request.cgroup_fd;
	}
	long pid = clone_blocked(spawn, &args);

	if (pid < 0)
		return (int)pid;
	spawn->pidref = (struct st_pidref){ .pid = (pid_t)pid, .fd = pidfd };
	return 0;
}

/*
 * A change of credentials in the child makes the memory that it shares with us
 * undumpable, so that processes of the new uid cannot trace it. This is right while the
 * child runs in our memory. When the last such child has left, the daemon gets its core
 * dumps back.
 */
static void note_foreign(struct st_spawn_pool *pool, int was_dumpable)
{
	if (!pool->nr_foreign++)
		pool->was_dumpable = was_dumpable;
}

static void forget_foreign(struct st_spawn_pool *pool)
{
	if (!--pool->nr_foreign && pool->was_dumpable == 1)
		(void)prctl(PR_SET_DUMPABLE, 1); /* fails for no value of 0 or 1 */
}

static int start(struct st_spawn *spawn)
{
	bool is_foreign = spawn->request.credentials;
	int was_dumpable = is_foreign ? prctl(PR_GET_DUMPABLE) : 0;
	int ret = clone_child(spawn);

	if (ret < 0)
		return ret;
	if (is_foreign)
		note_foreign(spawn->pool, was_dumpable);
	if (st_spawn_must_leave(spawn))
		st_spawn_hold(spawn);
	return 0;
}

/* The steps of the parent: 0, or -errno with the step at fault. */
static int prepare_and_start(struct st_spawn *spawn, enum st_spawn_step *reterr_step)
{
	int ret = find_executable(spawn);

	if (ret < 0) {
		*reterr_step = ST_SPAWN_STEP_SEARCH;
		return ret;
	}
	*reterr_step = ST_SPAWN_STEP_PASS_FDS;
	ret = st_spawn_fds_pass(spawn);
	if (!ret && st_spawn_must_leave(spawn))
		ret = st_spawn_hold_prepare(spawn);
	if (!ret) {
		*reterr_step = ST_SPAWN_STEP_CLONE;
		ret = start(spawn);
	}
	if (ret < 0) {
		st_pidref_done(&spawn->held);
		st_spawn_fds_done(spawn);
	}
	return ret;
}

int st_spawn_begin(struct st_spawn_pool *pool, const struct st_spawn_request *request,
		   enum st_spawn_gate gate, struct st_spawn **ret_spawn,
		   struct st_spawn_failure *reterr_failure)
{
	enum st_spawn_step step = ST_SPAWN_STEP_REQUEST;
	int ret = check_request(request);

	if (!ret) {
		struct st_spawn *spawn = st_spawn_slot_get(pool, request->credentials);

		if (!spawn)
			return -EAGAIN;
		fill(spawn, request, gate);
		ret = prepare_and_start(spawn, &step);
		if (!ret) {
			*ret_spawn = spawn;
			return 0;
		}
		st_spawn_slot_put(spawn);
		/* Others hold the low numbers; if there is none, more can never be had. */
		if (step == ST_SPAWN_STEP_PASS_FDS && ret == -EAGAIN) {
			if (pool->used)
				return -EAGAIN;
			ret = -EMFILE;
		}
	}
	*reterr_failure = (struct st_spawn_failure){ step, -ret };
	return -ECHILD;
}

struct st_pidref *st_spawn_pidref(struct st_spawn *spawn)
{
	return &spawn->pidref;
}

uint32_t *st_spawn_tid_word(struct st_spawn *spawn)
{
	return &spawn->tid;
}

bool st_spawn_in_flight(const struct st_spawn *spawn)
{
	return __atomic_load_n(&spawn->tid, __ATOMIC_ACQUIRE) != 0;
}

/* From any state that is not final to @word, which is. */
static void decide_gate(struct st_spawn *spawn, enum gate_word word)
{
	uint32_t was = __atomic_load_n(&spawn->gate, __ATOMIC_ACQUIRE);

	do {
		if (was == GATE_OPEN || was == GATE_ABANDONED)
			return;
	} while (!__atomic_compare_exchange_n(&spawn->gate, &was, (uint32_t)word, false,
					      __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE));
	if (was == GATE_PARKED)
		st_raw_call(SYS_futex, (long)&spawn->gate, FUTEX_WAKE_PRIVATE, 1, 0);
}

void st_spawn_release(struct st_spawn *spawn)
{
	decide_gate(spawn, GATE_OPEN);
}

void st_spawn_abandon(struct st_spawn *spawn)
{
	decide_gate(spawn, GATE_ABANDONED);
	if (spawn->request.credentials)
		(void)!st_pidref_signal(&spawn->held, SIGKILL); /* -ESRCH: it has ended */
}

void st_spawn_retire(struct st_spawn *spawn)
{
	st_spawn_fds_done(spawn);
	st_pidref_done(&spawn->held);
	st_pidref_done(&spawn->pidref);
	st_spawn_slot_put(spawn);
}

/* The steps that had to wait until the child has left our memory. */
static void conclude(struct st_spawn *spawn, struct st_spawn_failure *failure)
{
	bool has_left = st_spawn_await_left(spawn);

	/* Undumpable for good is better than dumpable too early. */
	if (spawn->request.credentials && has_left)
		forget_foreign(spawn->pool);
	if (failure->step == ST_SPAWN_STEP_NONE && spawn->request.flags & ST_SPAWN_SET_OOM_SCORE) {
		int ret = st_spawn_set_oom_score(spawn);

		if (ret < 0)
			*failure = (struct st_spawn_failure){ ST_SPAWN_STEP_OOM_SCORE, -ret };
	}
}

int st_spawn_finish(struct st_spawn *spawn, struct st_spawn_failure *ret_failure)
{
	if (st_spawn_in_flight(spawn))
		return -EBUSY;
	struct st_spawn_failure failure = spawn->failure;

	if (st_spawn_must_leave(spawn))
		conclude(spawn, &failure);
	st_spawn_retire(spawn);
	if (failure.step == ST_SPAWN_STEP_NONE)
		return 0;
	*ret_failure = failure;
	return -ECHILD;
}

const char *st_spawn_step_text(enum st_spawn_step step)
{
	static const char *const texts[] = {
#define ST_SPAWN_STEP_TEXT(name, text) [ST_SPAWN_STEP_##name] = text,
		ST_SPAWN_STEPS(ST_SPAWN_STEP_TEXT)
#undef ST_SPAWN_STEP_TEXT
	};

	return step < ST_SPAWN_STEP__MAX ? texts[step] : "unknown step";
}
