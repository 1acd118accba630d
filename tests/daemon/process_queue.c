// SPDX-License-Identifier: GPL-2.0-only
/*
 * More starts at once than there are slots: starts that wait go on in order,
 * one may be stopped while it waits, and none is lost. Each of many supervisors
 * is asked to start a child, without a turn of the loop in between.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/processes.h"
#include "lib/small_tree.h"
#include "loop/ring.h"

#define NR (2 * ST_SPAWN_SLOTS)

FIXTURE(queue)
{
	struct processes_test test;
};

static void ask(struct processes_test *test, unsigned int i)
{
	static const char *const argv[] = { "/bin/true", NULL };
	char sup[8], id[8];
	struct st_child_def def;
	struct st_request request = { .type = ST_REQUEST_START_CHILD, .token = i + 1, .sup = sup };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	snprintf(sup, sizeof(sup), "s%02u", i);
	snprintf(id, sizeof(id), "w%02u", i);
	processes_define(&def, id, argv);
	request.start.spec = st_child_spec_new(&def);
	if (!request.start.spec)
		abort();
	st_shell_post(&test->shell, &event);
	st_child_spec_put(request.start.spec);
}

FIXTURE_SETUP(queue)
{
	char id[8];

	processes_init(&self->test);
	for (unsigned int i = 0; i < NR; i++) {
		snprintf(id, sizeof(id), "s%02u", i);
		processes_add_spec(
			&self->test,
			small_supervisor(id, ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY,
					 small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1, NULL, 0)));
	}
	processes_boot(&self->test);
	for (unsigned int i = 0; i < NR; i++)
		ask(&self->test, i);
	ASSERT_FALSE(st_list_is_empty(&self->test.processes.queue));
}

FIXTURE_TEARDOWN(queue)
{
	processes_done(&self->test);
}

static const char *spawned(const struct processes_test *test, unsigned int i)
{
	char text[32];

	snprintf(text, sizeof(text), "w%02u spawned", i);
	return strstr(test->log, text);
}

static void run_until_all(struct processes_test *test, const char *what)
{
	char text[32];

	for (unsigned int i = 0; i < NR; i++) {
		snprintf(text, sizeof(text), "w%02u %s", i, what);
		processes_run_until(test, text);
	}
}

TEST_F(queue, there_is_room_for_the_pids_of_all_that_waited)
{
	run_until_all(&self->test, "exited");
	EXPECT_EQ(0, self->test.processes.nr);
	EXPECT_EQ(0, self->test.processes.by_generation.nr);
	EXPECT_EQ(0, self->test.processes.by_pid.nr);
}

TEST_F(queue, starts_that_wait_for_a_slot_go_on_in_order)
{
	run_until_all(&self->test, "exited");
	for (unsigned int i = 1; i < NR; i++)
		EXPECT_LT(spawned(&self->test, i - 1), spawned(&self->test, i));
}

TEST_F(queue, a_start_that_is_stopped_before_a_slot_is_free_never_is_a_process)
{
	const struct st_process *last =
		st_list_entry(self->test.processes.queue.prev, struct st_process, queue);
	uint64_t generation = last->generation;
	char failed[64], made[32];

	snprintf(failed, sizeof(failed), "%s spawn_failed: stopped before its start, ",
		 self->test.names[generation]);
	snprintf(made, sizeof(made), "%s spawned", self->test.names[generation]);
	st_process_signal(&self->test.processes, generation, SIGTERM);
	EXPECT_NE(NULL, strstr(self->test.log, failed));
	EXPECT_EQ(NULL, st_process_find(&self->test.processes, generation));
	while (self->test.processes.by_generation.nr)
		processes_turn(&self->test);
	EXPECT_EQ(NULL, strstr(self->test.log, made));
}

TEST_F(queue, a_start_that_waited_may_fail_and_the_next_ones_go_on)
{
	/* in each turn: what has to happen to an end may have taken the one before */
	while (!strstr(self->test.log, "spawn_failed")) {
		st_alloc_fail_at(1);
		processes_turn(&self->test);
	}
	st_alloc_fail_at(0);
	EXPECT_NE(NULL, strstr(self->test.log, "Cannot allocate memory"));
	while (self->test.processes.by_generation.nr)
		processes_turn(&self->test);
	EXPECT_NE(NULL, spawned(&self->test, NR - 1));
}

TEST_F(queue, all_that_wait_end_with_the_tree)
{
	const struct st_event kill = { .type = ST_EV_KILL };

	st_shell_post(&self->test.shell, &kill);
	EXPECT_TRUE(st_list_is_empty(&self->test.processes.queue));
	EXPECT_NE(NULL, strstr(self->test.log, "stopped before its start"));
}

TEST_HARNESS_MAIN
