// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts that hold up the stop of the daemon. The processes are real, and none of them
 * says that it is ready by itself.
 */
#include "daemon/process/held_start.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/processes.h"

FIXTURE(held)
{
	struct processes_test test;
};

FIXTURE_SETUP(held)
{
	processes_init(&self->test);
}

FIXTURE_TEARDOWN(held)
{
	processes_done(&self->test);
}

static void add(struct processes_test *test, const struct st_shutdown *shutdown, bool has_subtree,
		const char *const *argv)
{
	struct st_child_def def;

	processes_define(&def, "a", argv);
	def.process.ready = ST_READY_NOTIFY;
	def.process.kill_subtree = has_subtree;
	def.shutdown = *shutdown;
	processes_add(test, &def);
	processes_boot(test);
}

#define ADD(shutdown, ...) \
	add(&self->test, shutdown, false, (const char *const[]){ __VA_ARGS__, NULL })

static const struct st_shutdown patient = { ST_SHUTDOWN_INFINITY, 0 };
static const struct st_shutdown brutal = { ST_SHUTDOWN_BRUTAL_KILL, 0 };
static const struct st_shutdown at_once = { ST_SHUTDOWN_TIMEOUT, 0 };
static const struct st_shutdown brief = { ST_SHUTDOWN_TIMEOUT, 1 };
static const struct st_shutdown hour = { ST_SHUTDOWN_TIMEOUT, 3600000 };

/* It ignores SIGTERM when it is stopped; what is sent before would end it. */
#define STUBBORN "sh", "-c", "trap '' TERM; kill -STOP $$; exec sleep infinity"

/* The root is asked to stop, and each start that holds it up to end. */
static unsigned int stop(struct processes_test *test)
{
	static const struct st_event event = { .type = ST_EV_STOP };
	unsigned int nr = 0;

	st_shell_post(&test->shell, &event);
	while (st_held_starts_end(&test->processes))
		nr++;
	return nr;
}

static void run_to_the_end(struct processes_test *test)
{
	while (!test->tree->halted)
		processes_turn(test);
}

static void run_until_stopped(struct processes_test *test)
{
	siginfo_t info;

	processes_run_until(test, "spawned");
	if (waitid(P_PID, (id_t)processes_find(test, "a")->ref.pid, &info, WSTOPPED | WNOWAIT))
		abort();
}

TEST_F(held, no_start_means_nothing_to_end)
{
	processes_boot(&self->test);
	EXPECT_EQ(0, stop(&self->test));
	run_to_the_end(&self->test);
}

TEST_F(held, a_child_that_is_never_ready_is_asked_once_and_its_start_has_failed) /* [M5] */
{
	ADD(&hour, ACT, "pause");
	processes_run_until(&self->test, "spawned");
	EXPECT_EQ(1, stop(&self->test));
	EXPECT_FALSE(st_held_starts_end(&self->test.processes));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"shutdown\" 0xf"));
	EXPECT_EQ(NULL, strstr(self->test.log, "ready"));
}

TEST_F(held, a_child_that_is_stopped_goes_on_and_obeys) /* [G4] */
{
	ADD(&patient, "sh", "-c", "kill -STOP $$");
	run_until_stopped(&self->test);
	EXPECT_EQ(1, stop(&self->test));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"shutdown\" 0xf"));
}

TEST_F(held, a_stubborn_child_is_killed_when_the_patience_is_over) /* [G3] */
{
	ADD(&brief, STUBBORN);
	run_until_stopped(&self->test);
	EXPECT_EQ(1, stop(&self->test));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"killed\" 0x9"));
}

TEST_F(held, without_patience_it_is_killed_at_once) /* [G3] */
{
	ADD(&at_once, STUBBORN);
	run_until_stopped(&self->test);
	EXPECT_EQ(1, stop(&self->test));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"killed\" 0x9"));
}

TEST_F(held, brutal_kill_asks_nobody) /* [G2] */
{
	ADD(&brutal, ACT, "pause");
	processes_run_until(&self->test, "spawned");
	EXPECT_EQ(1, stop(&self->test));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"killed\" 0x9"));
}

TEST_F(held, without_memory_for_the_patience_it_is_killed)
{
	static const struct st_event event = { .type = ST_EV_STOP };

	ADD(&hour, STUBBORN);
	run_until_stopped(&self->test);
	st_shell_post(&self->test.shell, &event);
	st_alloc_fail_at(2); /* the first one is for its path */
	EXPECT_TRUE(st_held_starts_end(&self->test.processes));
	st_alloc_fail_at(0);
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"killed\" 0x9"));
}

TEST_F(held, what_it_has_started_ends_with_it) /* [G9] */
{
	add(&self->test, &brief, true,
	    (const char *const[]){ ACT, "insist", "notify=STATUS=x", "pause", NULL });
	while (!processes_find(&self->test, "a") || !processes_find(&self->test, "a")->status)
		processes_turn(&self->test);
	EXPECT_EQ(1, stop(&self->test));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"shutdown\" 0xf"));
}

TEST_F(held, one_that_is_ready_after_all_is_stopped_as_others) /* [M5] [G3] */
{
	ADD(&hour, "sh", "-c", "kill -STOP $$");
	struct st_event ready = { .type = ST_EV_READY };

	run_until_stopped(&self->test);
	ready.generation = processes_find(&self->test, "a")->generation;
	EXPECT_EQ(1, stop(&self->test));
	st_shell_post(&self->test.shell, &ready); /* it was on its way */
	EXPECT_FALSE(st_held_starts_end(&self->test.processes));
	run_to_the_end(&self->test);
	EXPECT_NE(NULL, strstr(self->test.log, "a ready"));
	EXPECT_NE(NULL, strstr(self->test.log, "a exited \"shutdown\" 0xf"));
}

TEST_HARNESS_MAIN
