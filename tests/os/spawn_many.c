// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many spawns, and parents with many descriptors.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"
#include "os/limits.h"
#include "os/pipe.h"

#define NR_OPEN 5000

static char *const true_argv[] = { "/bin/true", NULL };

FIXTURE(crowd)
{
	struct st_spawn_pool *pool;
	struct st_spawn_request request;
	struct st_spawn_failure failure;
};

FIXTURE_SETUP(crowd)
{
	struct rlimit before;

	ASSERT_EQ(0, st_limits_raise_nofile(&before));
	request_program(&self->request, true_argv);
	ASSERT_EQ(0, st_spawn_pool_new(0, &self->pool));
	for (int i = 0; i < NR_OPEN; i++) {
		ASSERT_LE(0, open("/dev/null", O_RDONLY))
		{
			TH_LOG("the limit of descriptors is too low for this test");
		}
	}
}

FIXTURE_TEARDOWN(crowd)
{
	st_spawn_pool_free(self->pool);
}

TEST_F(crowd, none_of_5000_descriptors_reaches_a_child)
{
	char *argv[] = { (char *)PROGRAM("report"), NULL };
	int reader, writer;
	char text[TEXT_MAX];
	struct st_spawn *spawn;
	struct st_spawn_fd fd = { .target = 4 };

	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	self->request.path = argv[0];
	self->request.argv = argv;
	self->request.stdio[1] = writer;
	fd.source = NR_OPEN - 1;
	self->request.fds = &fd;
	self->request.nr_fds = 1;
	ASSERT_EQ(0, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &spawn,
				    &self->failure));
	await_exec(spawn);
	st_fd_close(&writer);
	struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));

	EXPECT_EQ(0, st_spawn_finish(spawn, &self->failure));
	read_all(reader, text, sizeof(text));
	EXPECT_STREQ("0 1 2 4", value_of(text, "fds"));
	await_end(&ref);
	st_pidref_done(&ref);
}

TEST_F_TIMEOUT(crowd, a_thousand_children_start_and_end, 120)
{
	for (int i = 0; i < 1000; i++) {
		struct st_spawn *spawn;

		ASSERT_EQ(0, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &spawn,
					    &self->failure));
		struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));

		await_exec(spawn);
		ASSERT_EQ(0, st_spawn_finish(spawn, &self->failure));
		ASSERT_EQ(0, await_end(&ref).status);
		st_pidref_done(&ref);
	}
}

/* All slots at once, ends in the order of the starts: no child hears of another. */
TEST_F_TIMEOUT(crowd, children_that_start_at_once_do_not_disturb_each_other, 120)
{
	char *const argv[2][4] = {
		{ "/bin/sh", "-c", "exit 1", NULL },
		{ "/bin/sh", "-c", "exit 2", NULL },
	};

	for (int round = 0; round < 20; round++) {
		struct st_spawn *spawns[ST_SPAWN_SLOTS];

		for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
			self->request.path = i % 3 ? "/bin/sh" : "/nonexistent";
			self->request.argv = argv[i % 2];
			ASSERT_EQ(0, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN,
						    &spawns[i], &self->failure));
		}
		for (int i = 0; i < ST_SPAWN_SLOTS; i++) {
			struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawns[i]));

			await_exec(spawns[i]);
			EXPECT_EQ(i % 3 ? 0 : -ECHILD, st_spawn_finish(spawns[i], &self->failure));
			EXPECT_EQ(i % 3 ? 1 + i % 2 : 127, await_end(&ref).status);
			st_pidref_done(&ref);
		}
	}
}

/* Whenever the signal hits: before the exec, in it, or after. */
TEST_F_TIMEOUT(crowd, a_spawn_that_is_killed_on_its_way_is_finished_and_reaped, 60)
{
	for (int i = 0; i < 200; i++) {
		struct st_spawn *spawn;

		ASSERT_EQ(0, st_spawn_begin(self->pool, &self->request,
					    i % 2 ? ST_SPAWN_GATE_CLOSED : ST_SPAWN_GATE_OPEN,
					    &spawn, &self->failure));
		struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));

		if (i % 4 == 1)
			st_spawn_release(spawn);
		ASSERT_EQ(0, st_pidref_signal(&ref, SIGKILL));
		await_exec(spawn);
		EXPECT_EQ(0, st_spawn_finish(spawn, &self->failure));
		struct st_exit how = await_end(&ref);

		EXPECT_TRUE(how.code == CLD_KILLED || how.status == 0);
		st_pidref_done(&ref);
	}
}

TEST_F(crowd, a_finished_spawn_leaves_no_descriptor_open)
{
	int before = lowest_free();
	int reader, writer;
	char text[TEXT_MAX];
	struct st_spawn *spawn;

	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	self->request.stdio[1] = writer;
	self->request.stdio[2] = writer;
	ASSERT_EQ(0, st_spawn_begin(self->pool, &self->request, ST_SPAWN_GATE_OPEN, &spawn,
				    &self->failure));
	st_fd_close(&writer);
	await_exec(spawn);
	/* Nobody took the pidref, so finish closes it. */
	EXPECT_EQ(0, st_spawn_finish(spawn, &self->failure));
	/* Hangs if a low number still holds the writing end. */
	read_all(reader, text, sizeof(text));
	EXPECT_EQ(before, lowest_free());
}

TEST_HARNESS_MAIN
