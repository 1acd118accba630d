// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of children together with their descendants [G9], with a cgroup for each of
 * them where the test may make one, and by marks alone.
 */
#include "daemon/process/subtree.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/processes.h"
#include "lib/small_tree.h"
#include "loop/ring.h"
#include "os/descendants.h"

#define NR_AT_ONCE 300

FIXTURE(subtree)
{
	struct processes_test test;
};

FIXTURE_VARIANT(subtree)
{
	bool without_cgroups;
};

FIXTURE_VARIANT_ADD(subtree, with_cgroups){
	.without_cgroups = false,
};

FIXTURE_VARIANT_ADD(subtree, with_marks){
	.without_cgroups = true,
};

FIXTURE_SETUP(subtree)
{
	processes_init(&self->test);
	self->test.without_cgroups = variant->without_cgroups;
}

FIXTURE_TEARDOWN(subtree)
{
	processes_done(&self->test);
}

static void add(struct processes_test *test, const char *id, enum st_ready ready,
		const struct st_shutdown *shutdown, const char *const *argv)
{
	struct st_child_def def;

	processes_define(&def, id, argv);
	def.process.kill_subtree = true;
	def.process.ready = ready;
	def.shutdown = *shutdown;
	processes_add(test, &def);
}

#define ADD(id, ready, shutdown, ...) \
	add(&self->test, id, ready, shutdown, (const char *const[]){ ACT, __VA_ARGS__, NULL })

static const struct st_shutdown patient = { ST_SHUTDOWN_INFINITY, 0 };
static const struct st_shutdown brutal = { ST_SHUTDOWN_BRUTAL_KILL, 0 };
static const struct st_shutdown brief = { ST_SHUTDOWN_TIMEOUT, 1 };

/* Kill what still runs below the test; the number of these. */
static size_t kill_orphans(void)
{
	pid_t *pids = NULL;
	size_t nr = 0;

	if (st_descendants_children(getpid(), &pids, &nr))
		return 0;
	for (size_t i = 0; i < nr; i++) {
		(void)kill(pids[i], SIGKILL);
		(void)waitpid(pids[i], NULL, 0);
	}
	st_free(pids);
	return nr;
}

static rlim_t count_descriptors(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) ? 0 : limit.rlim_max;
}

/* How the orphan ended, which is the test's to reap. */
static int signal_of_orphan(void)
{
	siginfo_t info;

	if (waitid(P_ALL, 0, &info, WEXITED) || info.si_code != CLD_KILLED)
		return -1;
	return info.si_status;
}

TEST_F(subtree, what_a_process_leaves_is_asked_to_end)
{
	ADD("a", ST_READY_EXEC, &patient, "leave");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(SIGTERM, signal_of_orphan());
}

TEST_F(subtree, a_new_session_and_an_empty_environment_are_no_way_out)
{
	ADD("a", ST_READY_EXEC, &patient, "escape");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(SIGTERM, signal_of_orphan());
}

TEST_F(subtree, what_insists_is_killed_after_the_patience)
{
	ADD("a", ST_READY_EXEC, &brief, "insist");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(SIGKILL, signal_of_orphan());
}

TEST_F(subtree, brutal_kill_is_for_what_is_left_too)
{
	ADD("a", ST_READY_EXEC, &brutal, "insist");
	processes_boot(&self->test);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(SIGKILL, signal_of_orphan());
}

/* Until it has ended, its zombie cannot be reaped. */
TEST_F(subtree, a_descendant_that_traces_the_process_ends_with_it)
{
	ADD("a", ST_READY_NOTIFY, &patient, "traced", "notify=READY=1", "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "a ready");
	ASSERT_EQ(0, st_pidref_signal(&processes_find(&self->test, "a")->ref, SIGKILL));
	processes_run_until(&self->test, "a reaped, a exited \"killed\" 0x9");
	EXPECT_EQ(SIGTERM, signal_of_orphan());
}

TEST_F(subtree, the_end_is_told_when_the_last_one_has_ended)
{
	struct st_process *process;

	ADD("a", ST_READY_EXEC, &patient, "insist", "exit=3");
	processes_boot(&self->test);
	processes_run_until(&self->test, "ready");
	process = processes_find(&self->test, "a");
	ASSERT_NE(NULL, process);
	while (!process->subtree->watched.pid)
		processes_turn(&self->test);
	EXPECT_EQ(NULL, strstr(self->test.log, "exited"));
	EXPECT_EQ(NULL, strstr(self->test.log, "reaped"));
	ASSERT_EQ(0, st_pidref_signal(&process->subtree->watched, SIGKILL));
	processes_run_until(&self->test, "a reaped, a exited {\"code\":3} 0x300");
	EXPECT_EQ(SIGKILL, signal_of_orphan());
}

TEST_F(subtree, a_signal_of_core_is_for_all)
{
	ADD("a", ST_READY_NOTIFY, &patient, "leave", "escape", "notify=READY=1", "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "ready");
	st_process_signal(&self->test.processes, processes_find(&self->test, "a")->generation,
			  SIGTERM);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(SIGTERM, signal_of_orphan());
	EXPECT_EQ(SIGTERM, signal_of_orphan());
}

TEST_F(subtree, a_kill_of_core_is_for_all)
{
	ADD("a", ST_READY_NOTIFY, &patient, "insist", "escape", "notify=READY=1", "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "ready");
	st_process_signal(&self->test.processes, processes_find(&self->test, "a")->generation,
			  SIGKILL);
	processes_run_until(&self->test, "exited");
	EXPECT_EQ(SIGKILL, signal_of_orphan());
	EXPECT_EQ(SIGKILL, signal_of_orphan());
}

TEST_F(subtree, descendants_of_another_child_live_on)
{
	siginfo_t info = { 0 };

	ADD_ACT(&self->test, "b", ST_READY_NOTIFY, "leave", "notify=READY=1");
	ADD("a", ST_READY_NOTIFY, &brutal, "notify=READY=1", "pause");
	processes_boot(&self->test);
	processes_run_until(&self->test, "b exited");
	processes_run_until(&self->test, "a ready");
	st_process_signal(&self->test.processes, processes_find(&self->test, "a")->generation,
			  SIGKILL);
	processes_run_until(&self->test, "a exited");
	ASSERT_EQ(0, waitid(P_ALL, 0, &info, WEXITED | WNOHANG));
	EXPECT_EQ(0, info.si_pid); /* it runs: b has no kill_subtree */
	EXPECT_EQ(1, kill_orphans());
}

/* A turn of the loop; how many walks over the daemon's children it took. */
static uint32_t walks_of_turn(struct processes_test *test)
{
	uint32_t before = test->processes.subtrees.nr_walks;

	outputs_turn(&test->outputs);
	return test->processes.subtrees.nr_walks - before;
}

/*
 * Each end looked at the environment of each orphan before: quadratic. A turn serves some
 * of the ends (ring.h), and takes one walk for all of these.
 */
TEST_F_TIMEOUT(subtree, ends_at_once_cost_one_walk_a_turn, 140)
{
	static struct st_pidref refs[NR_AT_ONCE];
	static char ids[NR_AT_ONCE][16];
	uint32_t nr_walks = 0;
	siginfo_t info;

	if (count_descriptors() < 5 * NR_AT_ONCE)
		SKIP(return, "needs a higher limit of descriptors (ulimit -Hn)");
	for (int i = 0; i < NR_AT_ONCE; i++) {
		(void)snprintf(ids[i], sizeof(ids[i]), "w%03d", i);
		ADD(ids[i], ST_READY_NOTIFY, &brutal, "leave", "notify=READY=1", "pause");
	}
	processes_boot(&self->test);
	processes_run_until(&self->test, "w299 ready"); /* the last one */
	for (int i = 0; i < NR_AT_ONCE; i++) {
		refs[i] = processes_find(&self->test, ids[i])->ref;
		ASSERT_EQ(0, st_pidref_signal(&refs[i], SIGKILL));
	}
	for (int i = 0; i < NR_AT_ONCE; i++)
		ASSERT_EQ(0, waitid(P_PIDFD, (id_t)refs[i].fd, &info, WEXITED | WNOWAIT));
	while (self->test.processes.by_pid.nr) {
		uint32_t nr = walks_of_turn(&self->test);

		ASSERT_GE(1, nr);
		nr_walks += nr;
	}
	if (variant->without_cgroups) /* a cgroup lists its members itself */
		EXPECT_LT(0, nr_walks);
	for (int i = 0; i < NR_AT_ONCE; i++)
		EXPECT_EQ(SIGKILL, signal_of_orphan());
}

TEST_HARNESS_MAIN
