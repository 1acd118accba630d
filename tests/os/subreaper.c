// SPDX-License-Identifier: GPL-2.0-only
/*
 * Orphans come to us and are reaped, and the supervised are left alone.
 */
#include "os/subreaper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

#define SUPERVISED_MAX 8

FIXTURE(reaper)
{
	struct st_spawn_pool *pool;
	struct st_subreaper subreaper;
	pid_t supervised[SUPERVISED_MAX];
	pid_t ended[SUPERVISED_MAX];
	struct st_exit how[SUPERVISED_MAX];
	int nr_supervised;
	int nr_ended;
};

static bool is_supervised(void *owner, pid_t pid)
{
	FIXTURE_DATA(reaper) *self = owner;

	for (int i = 0; i < self->nr_supervised; i++)
		if (self->supervised[i] == pid)
			return true;
	return false;
}

static void orphan_ended(void *owner, pid_t pid, const struct st_exit *how)
{
	FIXTURE_DATA(reaper) *self = owner;

	self->ended[self->nr_ended] = pid;
	self->how[self->nr_ended++] = *how;
}

FIXTURE_SETUP(reaper)
{
	ASSERT_EQ(0, st_subreaper_enable());
	ASSERT_EQ(0, st_spawn_pool_new(0, &self->pool));
	self->subreaper.is_supervised = is_supervised;
	self->subreaper.orphan_ended = orphan_ended;
	self->subreaper.owner = self;
}

FIXTURE_TEARDOWN(reaper)
{
	st_spawn_pool_free(self->pool);
}

/* Start a shell that reads stdin; it and its orphans live until the end of @fd. */
static struct st_pidref start(struct st_spawn_pool *pool, const char *command, int fd, int out)
{
	char *argv[] = { "/bin/sh", "-c", (char *)(uintptr_t)command, NULL };
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn *spawn;
	struct st_pidref ref = ST_PIDREF_NONE;

	request_program(&request, argv);
	request.stdio[0] = fd;
	request.stdio[1] = out;
	if (st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure) < 0)
		return ref;
	ref = st_pidref_take(st_spawn_pidref(spawn));
	await_exec(spawn);
	(void)!st_spawn_finish(spawn, &failure);
	return ref;
}

static void await_zombie(const struct st_pidref *ref)
{
	struct pollfd poll_fd = { .fd = ref->fd, .events = POLLIN };

	(void)poll(&poll_fd, 1, -1);
}

/* A shell makes an orphan that ends with status 3 at the end of @input. */
static struct st_pidref make_orphan(struct st_spawn_pool *pool, int input)
{
	struct st_pidref orphan = ST_PIDREF_NONE;
	char text[TEXT_MAX];
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		return orphan;
	struct st_pidref parent = start(
		pool, "exec 3<&0; (exec >&-; read line <&3; exit 3) & echo $!", input, fds[1]);

	st_fd_close(&fds[1]);
	read_all(fds[0], text, sizeof(text));
	/* When its parent is reaped it is our child. */
	await_end(&parent);
	st_pidref_done(&parent);
	(void)!st_pidref_open(atoi(text), &orphan);
	return orphan;
}

TEST_F(reaper, an_orphan_is_reaped_by_the_pid_of_its_SIGCHLD)
{
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	struct st_pidref orphan = make_orphan(self->pool, fds[0]);

	ASSERT_TRUE(st_pidref_is_set(&orphan));
	EXPECT_EQ(0, st_subreaper_reap_one(&self->subreaper, orphan.pid));
	st_fd_close(&fds[1]);
	await_zombie(&orphan);
	EXPECT_EQ(1, st_subreaper_reap_one(&self->subreaper, orphan.pid));
	EXPECT_EQ(1, self->nr_ended);
	EXPECT_EQ(orphan.pid, self->ended[0]);
	EXPECT_EQ(CLD_EXITED, self->how[0].code);
	EXPECT_EQ(3, self->how[0].status);
	EXPECT_EQ(-ECHILD, st_subreaper_reap_one(&self->subreaper, orphan.pid));
	st_pidref_done(&orphan);
}

TEST_F(reaper, a_sweep_reaps_all_orphans_that_have_ended)
{
	struct st_pidref orphans[3];
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	for (int i = 0; i < 3; i++)
		orphans[i] = make_orphan(self->pool, fds[0]);
	EXPECT_EQ(0, st_subreaper_sweep(&self->subreaper, 100));
	EXPECT_EQ(0, self->nr_ended);
	st_fd_close(&fds[1]);
	for (int i = 0; i < 3; i++)
		await_zombie(&orphans[i]);
	EXPECT_EQ(1, st_subreaper_sweep(&self->subreaper, 2));
	EXPECT_EQ(2, self->nr_ended);
	EXPECT_EQ(0, st_subreaper_sweep(&self->subreaper, 100));
	EXPECT_EQ(3, self->nr_ended);
	for (int i = 0; i < 3; i++)
		st_pidref_done(&orphans[i]);
}

TEST_F(reaper, the_end_of_a_supervised_child_is_left_to_its_pidfd)
{
	struct st_pidref child = start(self->pool, "exit 9", -1, -1);

	self->supervised[self->nr_supervised++] = child.pid;
	await_zombie(&child);
	EXPECT_EQ(0, st_subreaper_reap_one(&self->subreaper, child.pid));
	EXPECT_EQ(1, st_subreaper_sweep(&self->subreaper, 100));
	EXPECT_EQ(0, self->nr_ended);
	EXPECT_EQ(9, await_end(&child).status);
	st_pidref_done(&child);
}

/* The kernel shows only the first zombie, which here is an elder supervised one. */
TEST_F(reaper, an_orphan_behind_a_supervised_zombie_is_reaped_after_that)
{
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	struct st_pidref child = start(self->pool, "read line", fds[0], -1);
	struct st_pidref orphan = make_orphan(self->pool, fds[0]);

	self->supervised[self->nr_supervised++] = child.pid;
	st_fd_close(&fds[1]);
	await_zombie(&child);
	await_zombie(&orphan);
	EXPECT_EQ(1, st_subreaper_sweep(&self->subreaper, 100));
	EXPECT_EQ(0, self->nr_ended);
	await_end(&child);
	EXPECT_EQ(0, st_subreaper_sweep(&self->subreaper, 100));
	EXPECT_EQ(1, self->nr_ended);
	st_pidref_done(&child);
	st_pidref_done(&orphan);
}

/* Why no orphan waits for ever: later children come after it. */
TEST_F(reaper, an_orphan_is_not_hidden_by_younger_supervised_zombies)
{
	struct st_pidref children[3];
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	struct st_pidref orphan = make_orphan(self->pool, fds[0]);

	for (int i = 0; i < 3; i++) {
		children[i] = start(self->pool, "exit 0", -1, -1);
		self->supervised[self->nr_supervised++] = children[i].pid;
		await_zombie(&children[i]);
	}
	st_fd_close(&fds[1]);
	await_zombie(&orphan);
	EXPECT_EQ(1, st_subreaper_sweep(&self->subreaper, 100));
	EXPECT_EQ(1, self->nr_ended);
	for (int i = 0; i < 3; i++) {
		await_end(&children[i]);
		st_pidref_done(&children[i]);
	}
	st_pidref_done(&orphan);
}

TEST_F(reaper, without_children_a_sweep_is_done)
{
	EXPECT_EQ(0, st_subreaper_sweep(&self->subreaper, 1));
	EXPECT_EQ(-ECHILD, st_subreaper_reap_one(&self->subreaper, 1));
	EXPECT_EQ(-ECHILD, st_subreaper_reap_one(&self->subreaper, 0));
}

TEST_HARNESS_MAIN
