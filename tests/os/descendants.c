// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subtrees of processes: listing and killing them.
 */
#include "os/descendants.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"
#include "os/limits.h"
#include "os/subreaper.h"

FIXTURE(tree)
{
	struct st_spawn_pool *pool;
	struct st_pidref root;
	int fd;
};

FIXTURE_SETUP(tree)
{
	ASSERT_EQ(0, st_subreaper_enable());
	ASSERT_EQ(0, st_spawn_pool_new(0, &self->pool));
	st_pidref_init(&self->root);
	self->fd = -1;
}

FIXTURE_TEARDOWN(tree)
{
	st_pidref_done(&self->root);
	st_fd_close(&self->fd);
	st_spawn_pool_free(self->pool);
}

/* Start `tree` and wait until @nr processes have said that they are there. */
static int grow(FIXTURE_DATA(tree) * self, char *const argv[], int nr)
{
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn *spawn;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	request_program(&request, argv);
	request.stdio[1] = fds[1];
	int ret = st_spawn_begin(self->pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure);

	if (ret < 0)
		return ret;
	self->root = st_pidref_take(st_spawn_pidref(spawn));
	self->fd = fds[0];
	await_exec(spawn);
	st_fd_close(&fds[1]);
	ret = st_spawn_finish(spawn, &failure);
	while (!ret && nr--)
		if (read_byte(self->fd) != 'x')
			ret = -EPIPE;
	return ret;
}

/* All processes of the tree have the pipe open: its end is the end of the last. */
static void await_silence(FIXTURE_DATA(tree) * self)
{
	while (read_byte(self->fd) >= 0)
		;
}

/* Reap everything; how many there were. */
static int reap_all(void)
{
	int nr = 0;

	while (waitpid(-1, NULL, 0) > 0)
		nr++;
	return nr;
}

/* -EAGAIN: they are stopping; the test may ask without end, a daemon once in a while. */
static int kill_tree(const struct st_pidref *root, size_t *ret_nr_killed)
{
	int ret;

	while ((ret = st_descendants_kill(root, ret_nr_killed)) == -EAGAIN)
		sched_yield();
	return ret;
}

/* What a kill left alive became our children when their parents ended. */
static void kill_children(void)
{
	pid_t *pids;
	size_t nr;

	do {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (st_descendants_list(getpid(), &pids, &nr) < 0)
			return;
		for (size_t i = 0; i < nr; i++)
			kill(pids[i], SIGKILL);
		st_free(pids);
	} while (nr);
}

TEST_F(tree, a_list_has_parents_before_children)
{
	char *argv[] = { (char *)PROGRAM("tree"), "3", "2", NULL };
	pid_t *pids;
	size_t nr, nr_killed;

	ASSERT_EQ(0, grow(self, argv, 15));
	ASSERT_EQ(0, st_descendants_list(self->root.pid, &pids, &nr));
	EXPECT_EQ(14, nr);
	for (size_t i = 0; i + 1 < nr; i++)
		EXPECT_LE(2 * i + 2 < nr ? pids[i] : 0, pids[2 * i + 2 < nr ? 2 * i + 2 : 0]);
	st_free(pids);
	EXPECT_EQ(0, kill_tree(&self->root, &nr_killed));
	await_silence(self);
	reap_all();
}

TEST_F(tree, a_process_without_children_has_no_list)
{
	char *argv[] = { (char *)PROGRAM("tree"), "0", "0", NULL };
	pid_t *pids;
	size_t nr;

	ASSERT_EQ(0, grow(self, argv, 1));
	ASSERT_EQ(0, st_descendants_list(self->root.pid, &pids, &nr));
	EXPECT_EQ(0, nr);
	EXPECT_EQ(NULL, pids);
	ASSERT_EQ(0, st_pidref_signal(&self->root, SIGKILL));
	reap_all();
}

TEST_F(tree, no_such_process_is_ESRCH)
{
	char *argv[] = { (char *)PROGRAM("tree"), "0", "0", NULL };
	pid_t *pids;
	size_t nr;

	ASSERT_EQ(0, grow(self, argv, 1));
	ASSERT_EQ(0, st_pidref_signal(&self->root, SIGKILL));
	reap_all();
	EXPECT_EQ(-ESRCH, st_descendants_list(self->root.pid, &pids, &nr));
	EXPECT_EQ(-ESRCH, st_descendants_kill(&self->root, &nr));
}

TEST_F(tree, a_whole_subtree_is_killed)
{
	char *argv[] = { (char *)PROGRAM("tree"), "4", "3", NULL };
	size_t nr_killed;

	ASSERT_EQ(0, grow(self, argv, 121));
	EXPECT_EQ(0, kill_tree(&self->root, &nr_killed));
	EXPECT_EQ(121, nr_killed);
	await_silence(self);
	/* All of them became our children. */
	EXPECT_EQ(121, reap_all());
}

/* It forks all the time, so it is stopped in the middle of one. */
TEST_F(tree, a_process_that_is_forking_loses_its_children_too)
{
	char *argv[] = { (char *)PROGRAM("tree"), "0", "0", "on", NULL };
	size_t nr_killed;

	for (int i = 0; i < 50; i++) {
		ASSERT_EQ(0, grow(self, argv, 1));
		EXPECT_EQ(0, kill_tree(&self->root, &nr_killed));
		EXPECT_LE(1, nr_killed);
		await_silence(self);
		reap_all();
		st_pidref_done(&self->root);
		st_fd_close(&self->fd);
	}
}

TEST_F(tree, the_killer_keeps_no_descriptor)
{
	char *argv[] = { (char *)PROGRAM("tree"), "2", "3", NULL };
	size_t nr_killed;

	ASSERT_EQ(0, grow(self, argv, 13));
	int before = lowest_free();

	EXPECT_EQ(0, kill_tree(&self->root, &nr_killed));
	EXPECT_EQ(before, lowest_free());
	await_silence(self);
	reap_all();
}

TEST_F(tree, without_memory_what_was_found_is_killed)
{
	char *argv[] = { (char *)PROGRAM("tree"), "2", "3", NULL };
	size_t nr_killed = 0;

	ASSERT_EQ(0, grow(self, argv, 13));
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_descendants_kill(&self->root, &nr_killed));
	st_alloc_fail_at(0);
	EXPECT_EQ(1, nr_killed);
	EXPECT_EQ(SIGKILL, await_end(&self->root).status);
	kill_children();
}

TEST_F(tree, without_memory_there_is_no_list)
{
	char *argv[] = { (char *)PROGRAM("tree"), "1", "1", NULL };
	pid_t *pids;
	size_t nr;

	ASSERT_EQ(0, grow(self, argv, 2));
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_descendants_list(self->root.pid, &pids, &nr));
	st_alloc_fail_at(0);
	EXPECT_EQ(0, kill_tree(&self->root, &nr));
	reap_all();
}

/* The root counts, so it is one less below it. */
TEST_F_TIMEOUT(tree, a_subtree_at_the_limit_is_listed_and_killed, 120)
{
	char *argv[] = { (char *)PROGRAM("wide"), NULL, NULL };
	char number[16];
	struct rlimit before;
	size_t nr, nr_killed;
	pid_t *pids;

	ASSERT_EQ(0, st_limits_raise_nofile(&before));
	(void)snprintf(number, sizeof(number), "%d", ST_DESCENDANTS_KILL_MAX - 1);
	argv[1] = number;
	ASSERT_EQ(0, grow(self, argv, 1));
	ASSERT_EQ(0, st_descendants_list(self->root.pid, &pids, &nr));
	EXPECT_EQ(ST_DESCENDANTS_KILL_MAX - 1, nr);
	st_free(pids);
	EXPECT_EQ(0, kill_tree(&self->root, &nr_killed));
	EXPECT_EQ(ST_DESCENDANTS_KILL_MAX, nr_killed);
	EXPECT_EQ(ST_DESCENDANTS_KILL_MAX, reap_all());
}

TEST_F_TIMEOUT(tree, a_subtree_beyond_the_limit_is_E2BIG_and_killed_as_far_as_it_goes, 120)
{
	char *argv[] = { (char *)PROGRAM("wide"), NULL, NULL };
	char number[16];
	struct rlimit before;
	size_t nr, nr_killed;
	pid_t *pids;

	ASSERT_EQ(0, st_limits_raise_nofile(&before));
	(void)snprintf(number, sizeof(number), "%d", ST_DESCENDANTS_KILL_MAX + 1);
	argv[1] = number;
	ASSERT_EQ(0, grow(self, argv, 1));
	ASSERT_EQ(0, st_descendants_list(self->root.pid, &pids, &nr));
	EXPECT_EQ(ST_DESCENDANTS_KILL_MAX + 1, nr);
	st_free(pids);
	EXPECT_EQ(-E2BIG, kill_tree(&self->root, &nr_killed));
	EXPECT_EQ(ST_DESCENDANTS_KILL_MAX, nr_killed);
	kill_children();
	reap_all();
}

TEST_F(tree, without_descriptors_what_was_found_is_killed)
{
	char *argv[] = { (char *)PROGRAM("wide"), "300", NULL };
	size_t nr_killed;

	ASSERT_EQ(0, grow(self, argv, 1));
	struct rlimit before, limit;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &before));
	limit = before;
	limit.rlim_cur = 200;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-EMFILE, kill_tree(&self->root, &nr_killed));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &before));
	EXPECT_LT(1, nr_killed);
	EXPECT_GT(200, nr_killed);
	EXPECT_EQ(SIGKILL, await_end(&self->root).status);
	kill_children();
	reap_all();
}

TEST_F(tree, somebody_else_s_process_is_EPERM)
{
	struct st_pidref init;
	size_t nr_killed;

	if (geteuid() == 0)
		become_nobody();
	ASSERT_EQ(0, st_pidref_open(1, &init));
	EXPECT_EQ(-EPERM, st_descendants_kill(&init, &nr_killed));
	st_pidref_done(&init);
}

TEST_HARNESS_MAIN
