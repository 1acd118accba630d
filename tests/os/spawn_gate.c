// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two phases of a spawn: the gate, the slots, the pipe.
 */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"
#include "os/pipe.h"
#include "os/subreaper.h"

static char *const true_argv[] = { "/bin/true", NULL };

FIXTURE(gate)
{
	struct st_spawn_pool *pool;
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	char dir[64];
	char path[128];
};

FIXTURE_VARIANT(gate)
{
	unsigned int pool_flags;
};

FIXTURE_VARIANT_ADD(gate, with_futex_waits){
	.pool_flags = 0,
};

FIXTURE_VARIANT_ADD(gate, with_pipes){
	.pool_flags = ST_SPAWN_POOL_PIPES,
};

FIXTURE_SETUP(gate)
{
	ASSERT_EQ(0, st_spawn_pool_new(variant->pool_flags, &self->pool));
	make_dir(self->dir);
	(void)snprintf(self->path, sizeof(self->path), "%s/it", self->dir);
	request_program(&self->request, true_argv);
}

FIXTURE_TEARDOWN(gate)
{
	st_spawn_pool_free(self->pool);
	remove_dir(self->dir);
}

static struct st_spawn *begin_closed(struct st_spawn_pool *pool, struct st_spawn_request *request)
{
	struct st_spawn_failure failure;
	struct st_spawn *spawn;
	int ret;

	/* Low numbers come back when the children have copied theirs. */
	while ((ret = st_spawn_begin(pool, request, ST_SPAWN_GATE_CLOSED, &spawn, &failure)) ==
	       -EAGAIN)
		sched_yield();
	return ret < 0 ? NULL : spawn;
}

static struct st_exit end_of(struct st_spawn *spawn, struct st_spawn_failure *ret_failure)
{
	struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));
	struct st_exit how;

	await_exec(spawn);
	if (st_spawn_finish(spawn, ret_failure) == 0)
		*ret_failure = (struct st_spawn_failure){ ST_SPAWN_STEP_NONE, 0 };
	how = await_end(&ref);
	st_pidref_done(&ref);
	return how;
}

/* The program is not there before the gate opens, so it was not looked at. */
TEST_F(gate, a_child_at_the_gate_looks_at_no_file)
{
	char *argv[] = { self->path, NULL };
	char cwd[128];

	(void)snprintf(cwd, sizeof(cwd), "%s/cwd", self->dir);
	self->request.path = self->path;
	self->request.argv = argv;
	self->request.cwd = cwd;
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	EXPECT_TRUE(st_spawn_in_flight(spawn));
	make_file(self->path, "#!/bin/sh\nexit 6\n", 0755);
	ASSERT_EQ(0, mkdir(cwd, 0755));
	EXPECT_TRUE(st_spawn_in_flight(spawn));
	EXPECT_EQ(-EBUSY, st_spawn_finish(spawn, &self->failure));
	st_spawn_release(spawn);
	struct st_exit how = end_of(spawn, &self->failure);

	EXPECT_EQ(ST_SPAWN_STEP_NONE, self->failure.step);
	EXPECT_EQ(6, how.status);
}

TEST_F(gate, an_abandoned_child_ends_without_exec)
{
	char *argv[] = { "/bin/touch", self->path, NULL };

	self->request.path = argv[0];
	self->request.argv = argv;
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	st_spawn_abandon(spawn);
	/* Too late. */
	st_spawn_release(spawn);
	struct st_exit how = end_of(spawn, &self->failure);

	EXPECT_EQ(ST_SPAWN_STEP_GATE, self->failure.step);
	EXPECT_EQ(ECANCELED, self->failure.error);
	EXPECT_EQ(CLD_EXITED, how.code);
	EXPECT_EQ(127, how.status);
	EXPECT_EQ(-1, access(self->path, F_OK));
}

TEST_F(gate, a_released_child_cannot_be_abandoned)
{
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	st_spawn_release(spawn);
	st_spawn_abandon(spawn);
	struct st_exit how = end_of(spawn, &self->failure);

	EXPECT_EQ(ST_SPAWN_STEP_NONE, self->failure.step);
	EXPECT_EQ(0, how.status);
}

TEST_F(gate, a_step_before_the_gate_fails_behind_a_closed_one)
{
	struct st_limit limit = { 99, { 1, 1 } };

	self->request.limits = &limit;
	self->request.nr_limits = 1;
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	struct st_exit how = end_of(spawn, &self->failure);

	EXPECT_EQ(ST_SPAWN_STEP_LIMITS, self->failure.step);
	EXPECT_EQ(127, how.status);
}

TEST_F(gate, a_child_at_the_gate_can_be_killed)
{
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	ASSERT_EQ(0, st_pidref_signal(st_spawn_pidref(spawn), SIGKILL));
	struct st_exit how = end_of(spawn, &self->failure);

	EXPECT_EQ(ST_SPAWN_STEP_NONE, self->failure.step);
	EXPECT_EQ(CLD_KILLED, how.code);
	EXPECT_EQ(SIGKILL, how.status);
}

/* Signals wait until the child has let go of its parent's memory. */
TEST_F(gate, SIGTERM_ends_a_child_at_the_gate_when_it_opens)
{
	self->request.argv = (char *[]){ "/bin/cat", NULL };
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	ASSERT_EQ(0, st_pidref_signal(st_spawn_pidref(spawn), SIGTERM));
	EXPECT_TRUE(st_spawn_in_flight(spawn));
	st_spawn_release(spawn);
	struct st_exit how = end_of(spawn, &self->failure);

	EXPECT_EQ(CLD_KILLED, how.code);
	EXPECT_EQ(SIGTERM, how.status);
}

TEST_F(gate, the_death_signal_of_the_guard_does_not_outlive_the_gate)
{
	int reader, writer;
	char text[TEXT_MAX];
	char *argv[] = { (char *)PROGRAM("report"), NULL };

	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	self->request.path = argv[0];
	self->request.argv = argv;
	self->request.stdio[1] = writer;
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	st_fd_close(&writer);
	st_spawn_release(spawn);
	end_of(spawn, &self->failure);
	read_all(reader, text, sizeof(text));
	EXPECT_STREQ("0", value_of(text, "deathsig"));
}

/* Or the end of a child's output would depend on a child that waits for it. */
TEST_F(gate, a_child_at_the_gate_keeps_no_pipe_of_another_child_open)
{
	int reader, writer;
	char text[TEXT_MAX];

	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	self->request.stdio[1] = writer;
	struct st_spawn *first = begin_closed(self->pool, &self->request);

	st_fd_close(&writer);
	self->request.stdio[1] = ST_SPAWN_FD_NULL;
	struct st_spawn *second = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, first);
	ASSERT_NE(NULL, second);
	st_spawn_release(first);
	end_of(first, &self->failure);
	/* Hangs if `second` has the writing end. */
	read_all(reader, text, sizeof(text));
	EXPECT_TRUE(st_spawn_in_flight(second));
	st_spawn_abandon(second);
	end_of(second, &self->failure);
}

TEST_F(gate, as_many_as_there_are_slots_wait_at_once_and_one_more_is_EAGAIN)
{
	struct st_spawn *spawns[ST_SPAWN_SLOTS];
	struct st_spawn *spawn;
	int reader, writer;

	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	/* Two low numbers for each: more than there are, unless they are given back. */
	self->request.stdio[1] = writer;
	self->request.stdio[2] = writer;
	for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
		spawns[i] = begin_closed(self->pool, &self->request);
		ASSERT_NE(NULL, spawns[i]);
	}
	EXPECT_EQ(-EAGAIN, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &spawn,
					  &self->failure));
	for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
		st_spawn_release(spawns[i]);
		EXPECT_EQ(0, end_of(spawns[i], &self->failure).status);
		EXPECT_EQ(ST_SPAWN_STEP_NONE, self->failure.step);
	}
	EXPECT_EQ(0, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &spawn,
				    &self->failure));
	end_of(spawn, &self->failure);
	st_fd_close(&reader);
	st_fd_close(&writer);
}

TEST_F(gate, a_pool_that_is_freed_abandons_who_waits)
{
	struct st_pidref ref;

	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	ref = st_pidref_take(st_spawn_pidref(spawn));
	st_spawn_pool_free(self->pool);
	self->pool = NULL;
	EXPECT_EQ(127, await_end(&ref).status);
	st_pidref_done(&ref);
}

TEST_F(gate, who_is_at_a_gate_when_the_pool_is_freed_ends_there)
{
	struct st_pidref refs[3];
	struct st_spawn *spawns[3];

	for (int i = 0; i < 3; i++) {
		spawns[i] = begin_closed(self->pool, &self->request);
		ASSERT_NE(NULL, spawns[i]);
		refs[i] = st_pidref_take(st_spawn_pidref(spawns[i]));
	}
	st_spawn_pool_free(self->pool);
	self->pool = NULL;
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(127, await_end(&refs[i]).status);
		st_pidref_done(&refs[i]);
	}
}

/* No death signal was asked for. */
TEST(a_child_at_the_gate_dies_with_its_parent)
{
	struct st_pidref orphan;
	int child;
	char *argv[] = { (char *)PROGRAM("gate_parent"), NULL };

	/* Then the orphan becomes our child, and its end can be awaited. */
	ASSERT_EQ(0, st_subreaper_enable());
	struct outcome outcome = run_program(argv);

	EXPECT_EQ(SIGKILL, outcome.how.status);
	child = atoi(outcome.text);
	ASSERT_LT(0, child);
	ASSERT_EQ(0, st_pidref_open(child, &orphan));
	struct st_exit how = await_end(&orphan);

	/* Status 127 if it came to the gate after the death and saw it itself. */
	EXPECT_EQ(how.code == CLD_KILLED ? SIGKILL : 127, how.status);
	st_pidref_done(&orphan);
}

/* Poll as the loop does, until the child has left our memory. */
static void await_by_pipe(struct st_spawn *spawn)
{
	struct pollfd left = { .fd = st_spawn_left_fd(spawn), .events = POLLIN };

	do {
		st_spawn_heed(spawn);
		if (poll(&left, 1, -1) != 1)
			abort();
	} while (st_spawn_in_flight(spawn));
}

TEST(a_pipe_becomes_readable_when_the_exec_is_done_or_has_failed)
{
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn_pool *pool;
	struct st_spawn *spawn;
	int before = lowest_free();

	ASSERT_EQ(0, st_spawn_pool_new(ST_SPAWN_POOL_PIPES, &pool));
	request_program(&request, true_argv);
	ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_CLOSED, &spawn, &failure));
	EXPECT_TRUE(st_spawn_in_flight(spawn));
	st_spawn_release(spawn);
	await_by_pipe(spawn);
	EXPECT_EQ(0, end_of(spawn, &failure).status);
	EXPECT_EQ(ST_SPAWN_STEP_NONE, failure.step);
	request.path = "/nonexistent";
	ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
	await_by_pipe(spawn);
	EXPECT_EQ(127, end_of(spawn, &failure).status);
	EXPECT_EQ(ST_SPAWN_STEP_EXEC, failure.step);
	EXPECT_EQ(ENOENT, failure.error);
	st_spawn_pool_free(pool);
	EXPECT_EQ(before, lowest_free());
}

TEST(a_pipe_is_no_descriptor_of_the_program)
{
	char *argv[] = { "/bin/ls", "/proc/self/fd", NULL };
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn_pool *pool;
	struct st_spawn *spawn;
	char text[TEXT_MAX];
	int reader, writer;

	ASSERT_EQ(0, st_spawn_pool_new(ST_SPAWN_POOL_PIPES, &pool));
	request_program(&request, argv);
	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	request.stdio[1] = writer;
	request.fds = &(struct st_spawn_fd){ .source = reader, .target = 20 };
	request.nr_fds = 1;
	ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
	st_fd_close(&writer);
	await_by_pipe(spawn);
	EXPECT_EQ(0, end_of(spawn, &failure).status);
	read_all(reader, text, sizeof(text));
	EXPECT_STREQ("0\n1\n2\n20\n3\n", text); /* 3 is the folder that ls reads */
	st_spawn_pool_free(pool);
}

/* Its user could do this at any moment after it has got his rights. */
TEST_F(gate, a_child_that_is_stopped_holds_up_nothing)
{
	static const struct st_credentials other = { .uid = 54321, .gid = 54321 };
	struct st_spawn *second;
	struct st_pidref ref;

	if (geteuid() != 0)
		SKIP(return, "needs root, to start children of another user");
	self->request.credentials = &other;
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	ASSERT_EQ(0, st_pidref_signal(st_spawn_pidref(spawn), SIGSTOP));
	st_spawn_release(spawn);
	self->request.credentials = NULL;
	ASSERT_EQ(0, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &second,
				    &self->failure));
	EXPECT_EQ(0, end_of(second, &self->failure).status);
	EXPECT_TRUE(st_spawn_in_flight(spawn));
	EXPECT_EQ(-EBUSY, st_spawn_finish(spawn, &self->failure));
	ref = st_pidref_take(st_spawn_pidref(spawn));
	st_spawn_pool_free(self->pool); /* hangs if it waits for a stopped child */
	self->pool = NULL;
	EXPECT_EQ(SIGKILL, await_end(&ref).status);
	st_pidref_done(&ref);
}

/* Begin closed ones until the answer is -EAGAIN though no child still holds low numbers. */
static int begin_all(struct st_spawn_pool *pool, struct st_spawn_request *request)
{
	int nr = 0;

	while (st_spawn_has_room(pool, request->credentials)) {
		if (!begin_closed(pool, request))
			return -1;
		nr++;
	}
	return nr;
}

TEST_F(gate, no_user_can_take_all_slots)
{
	static const struct st_credentials first = { .uid = 54321, .gid = 54321 };
	static const struct st_credentials second = { .uid = 54322, .gid = 54322 };
	static const struct st_credentials third = { .uid = 54323, .gid = 54323 };
	struct st_spawn *spawn;

	if (geteuid() != 0)
		SKIP(return, "needs root, to start children of another user");
	self->request.credentials = &first;
	EXPECT_EQ(ST_SPAWN_SLOTS_USER, begin_all(self->pool, &self->request));
	EXPECT_EQ(-EAGAIN, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &spawn,
					  &self->failure));
	self->request.credentials = &second;
	EXPECT_EQ(ST_SPAWN_SLOTS_OTHERS - ST_SPAWN_SLOTS_USER,
		  begin_all(self->pool, &self->request));
	self->request.credentials = &third;
	EXPECT_EQ(0, begin_all(self->pool, &self->request));
	self->request.credentials = NULL;
	EXPECT_EQ(ST_SPAWN_SLOTS - ST_SPAWN_SLOTS_OTHERS, begin_all(self->pool, &self->request));
}

TEST_F(gate, an_abandoned_child_that_is_stopped_ends_all_the_same)
{
	static const struct st_credentials other = { .uid = 54321, .gid = 54321 };

	if (geteuid() != 0)
		SKIP(return, "needs root, to start children of another user");
	self->request.credentials = &other;
	struct st_spawn *spawn = begin_closed(self->pool, &self->request);

	ASSERT_NE(NULL, spawn);
	ASSERT_EQ(0, st_pidref_signal(st_spawn_pidref(spawn), SIGSTOP));
	st_spawn_abandon(spawn);
	EXPECT_EQ(SIGKILL, end_of(spawn, &self->failure).status);
}

TEST_HARNESS_MAIN
