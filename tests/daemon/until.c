// SPDX-License-Identifier: GPL-2.0-only
/*
 * `wait --until`: what the states mean, and that no client waits for longer
 * than needed. The tree is core's; the test plays the world around it.
 */
#include "daemon/history/until.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/history/condition.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"
#include "loop/ring.h"

FIXTURE(until)
{
	struct st_ring *ring;
	struct small_tree small;
	struct st_untils *untils;
	struct st_client client;
	struct st_condition condition;
};

static void check(void *owner, const struct st_effects *effects, uint64_t now_ns)
{
	const FIXTURE_DATA(until) *self = owner;

	st_untils_check(self->untils, effects);
}

FIXTURE_SETUP(until)
{
	struct st_probe probe;

	small_tree_init(&self->small);
	fake_client_init(&self->client);
	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	ASSERT_EQ(0, st_untils_new(self->ring, self->small.tree, &self->untils));
	self->small.after = check;
	self->small.owner = self;
}

FIXTURE_TEARDOWN(until)
{
	st_untils_free(self->untils);
	st_ring_free(self->ring);
	fake_client_done(&self->client);
	small_tree_done(&self->small);
}

static struct st_condition parse(const char *text)
{
	struct st_condition condition;

	if (st_condition_parse(text, &condition))
		abort();
	return condition;
}

static bool holds(const struct small_tree *small, const char *text)
{
	struct st_condition condition = parse(text);
	bool is_undecided;

	return st_condition_holds(&condition, small->tree, &is_undecided);
}

#define WAIT(text, deadline_ns) \
	do { \
		self->condition = parse(text); \
		ASSERT_EQ(0, st_untils_add(self->untils, &self->client, &self->condition, \
					   deadline_ns)); \
	} while (0)

TEST_F(until, a_child_is_running_stopped_restarting_or_gone)
{
	EXPECT_TRUE(holds(&self->small, "demo/a=gone"));
	small_tree_boot(&self->small);
	EXPECT_TRUE(holds(&self->small, "demo/a=running"));
	EXPECT_TRUE(holds(&self->small, "/=running"));
	EXPECT_FALSE(holds(&self->small, "demo/a=gone"));
	EXPECT_FALSE(holds(&self->small, "demo/a=stopped"));
	EXPECT_FALSE(holds(&self->small, "demo/nobody=stopped"));
	EXPECT_FALSE(holds(&self->small, "demo/nobody=running"));
	EXPECT_TRUE(holds(&self->small, "demo/nobody=gone"));

	small_tree_exit(&self->small, "demo/t", 0); /* transient [B2] */
	EXPECT_TRUE(holds(&self->small, "demo/t=stopped"));
	EXPECT_FALSE(holds(&self->small, "demo/t=running"));

	small_tree_exit(&self->small, "demo/a", 1);
	EXPECT_FALSE(holds(&self->small, "demo/a=running")); /* it starts */
	EXPECT_FALSE(holds(&self->small, "demo/a=stopped"));
}

TEST_F(until, a_child_that_is_being_stopped_is_not_stopped_yet)
{
	small_tree_boot(&self->small);
	small_tree_ask(&self->small, ST_REQUEST_TERMINATE_CHILD, "demo", "a");
	EXPECT_FALSE(holds(&self->small, "demo/a=stopped"));
	EXPECT_FALSE(holds(&self->small, "demo/a=running"));
	small_tree_exit(&self->small, "demo/a", 143);
	EXPECT_TRUE(holds(&self->small, "demo/a=stopped"));
}

TEST_F(until, a_dead_child_does_not_run_even_before_its_supervisor_knows)
{
	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/a", 1); /* its supervisor waits for READY [M2] */
	small_tree_exit(&self->small, "demo/b", 1);
	EXPECT_EQ(ST_CHILD_RUNNING, (int)small_tree_find(&self->small, "demo/b")->state);
	EXPECT_FALSE(holds(&self->small, "demo/b=running"));
	EXPECT_FALSE(holds(&self->small, "demo/b=ready"));
	small_tree_ready(&self->small);
	EXPECT_TRUE(holds(&self->small, "demo/b=running"));
}

TEST_F(until, a_supervisor_is_ready_when_every_permanent_child_below_runs)
{
	small_tree_boot(&self->small);
	EXPECT_TRUE(holds(&self->small, "demo=ready"));
	EXPECT_TRUE(holds(&self->small, "demo=up"));
	EXPECT_TRUE(holds(&self->small, "/=up"));

	small_tree_exit(&self->small, "demo/s/x", 1);
	EXPECT_TRUE(holds(&self->small, "demo=running"));
	EXPECT_FALSE(holds(&self->small, "demo=up"));
	EXPECT_FALSE(holds(&self->small, "demo/s=up"));
	EXPECT_FALSE(holds(&self->small, "/=up"));
	EXPECT_TRUE(holds(&self->small, "demo/a=up"));
	EXPECT_TRUE(holds(&self->small, "demonstration=up"));
	small_tree_ready(&self->small);
	EXPECT_TRUE(holds(&self->small, "/=up"));
}

TEST_F(until, what_is_not_permanent_may_be_down_with_all_below_it)
{
	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/t", 0);
	EXPECT_TRUE(holds(&self->small, "demo=up"));
	small_tree_ask(&self->small, ST_REQUEST_TERMINATE_CHILD, "demo", "s");
	EXPECT_TRUE(holds(&self->small, "demo=up"));
	small_tree_exit(&self->small, "demo/s/x", 143);
	EXPECT_TRUE(holds(&self->small, "demo/s=stopped"));
	EXPECT_TRUE(holds(&self->small, "demo=up"));
	EXPECT_FALSE(holds(&self->small, "demo/t=up"));
	EXPECT_FALSE(holds(&self->small, "demo/s=up"));
	small_tree_ask(&self->small, ST_REQUEST_TERMINATE_CHILD, "demo", "b");
	small_tree_exit(&self->small, "demo/b", 143);
	EXPECT_FALSE(holds(&self->small, "demo=up"));
}

TEST_F(until, who_waits_for_what_is_true_is_answered_at_once)
{
	small_tree_boot(&self->small);
	WAIT("demo=up", ST_NO_DEADLINE);
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("ok", self->client.answer);
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
}

TEST_F(until, who_waits_is_answered_once_by_the_step_that_makes_it_true)
{
	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/s/x", 1);
	WAIT("demo=up", ST_NO_DEADLINE);
	small_tree_exit(&self->small, "demonstration", 1);
	EXPECT_EQ(0, self->client.nr_answers);
	small_tree_say_ready(&self->small, "demo/s/x");
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("ok", self->client.answer);
	small_tree_ready(&self->small);
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(until, a_wait_may_come_before_what_it_waits_for)
{
	WAIT("demo/s/x=running", ST_NO_DEADLINE);
	small_tree_boot(&self->small);
	EXPECT_EQ(1, self->client.nr_answers);
}

/* [F1] A retry waits behind what is in the mailbox already. */
TEST_F(until, a_state_that_lasts_for_one_step_is_seen)
{
	struct st_event failed = { .type = ST_EV_SPAWN_FAILED, .text = "no" };

	small_tree_boot(&self->small);
	WAIT("demo/a=restarting", ST_NO_DEADLINE);
	small_tree_exit(&self->small, "demo/a", 1);
	small_tree_exit(&self->small, "demo/b", 1);
	failed.generation = small_tree_find(&self->small, "demo/a")->generation;
	EXPECT_EQ(0, self->client.nr_answers);
	small_tree_step(&self->small, &failed);
	EXPECT_EQ(1, self->client.nr_answers);
	small_tree_say_ready(&self->small, "demo/b");
	EXPECT_FALSE(holds(&self->small, "demo/a=restarting"));
}

TEST_F(until, each_waits_until_its_own_deadline_and_the_answer_has_the_state)
{
	struct st_client other;

	fake_client_init(&other);
	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/s/x", 1);
	self->condition = parse("demo/nobody=running");
	ASSERT_EQ(0, st_untils_add(self->untils, &other, &self->condition, 1));
	WAIT("demo=up", st_clock_ns() + 3600 * ST_NSEC_PER_SEC);
	EXPECT_EQ(1, st_ring_run_once(self->ring, false));
	EXPECT_STREQ("timeout: wait demo/nobody=running: timed out: demo/nobody does not exist",
		     other.answer);
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	EXPECT_EQ(0, self->client.nr_answers);
	st_untils_forget(self->untils, &self->client);
	WAIT("demo=up", st_clock_ns() + ST_NSEC_PER_MSEC);
	while (!self->client.nr_answers)
		ASSERT_LE(0, st_ring_run_once(self->ring, true));
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("timeout: wait demo=ready: timed out: demo/s/x is starting",
		     self->client.answer);
	fake_client_done(&other);
}

TEST_F(until, a_dead_child_is_called_dead_in_the_answer)
{
	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/a", 1);
	small_tree_exit(&self->small, "demo/b", 1);
	WAIT("demo/b=running", 1);
	EXPECT_EQ(1, st_ring_run_once(self->ring, false));
	EXPECT_STREQ("timeout: wait demo/b=running: timed out: demo/b is dead, and its supervisor "
		     "has not come to that yet",
		     self->client.answer);
}

TEST_F(until, who_waits_when_the_daemon_stops_is_told_so)
{
	WAIT("demo=up", ST_NO_DEADLINE);
	st_untils_shut_down(self->untils);
	EXPECT_STREQ("shutting_down: wait demo=ready: the daemon stops", self->client.answer);
	st_untils_shut_down(self->untils);
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(until, a_client_that_has_gone_is_not_answered)
{
	WAIT("demo=up", 1);
	st_untils_forget(self->untils, &self->client);
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	small_tree_boot(&self->small);
	EXPECT_EQ(0, self->client.nr_answers);
}

TEST_F(until, without_memory_nobody_waits_and_nothing_leaks)
{
	struct st_untils *untils = NULL;
	unsigned long nth = 0;
	int ret;

	do {
		st_alloc_fail_at(++nth);
		ret = st_untils_new(self->ring, self->small.tree, &untils);
	} while (ret == -ENOMEM);
	st_alloc_fail_at(0);
	ASSERT_EQ(0, ret);
	EXPECT_EQ(3, nth);
	st_untils_free(untils);
	st_untils_free(NULL);

	self->condition = parse("demo=up");
	for (nth = 1; nth <= 2; nth++) { /* the wait, and room for its deadline */
		st_alloc_fail_at(nth);
		EXPECT_EQ(-ENOMEM, st_untils_add(self->untils, &self->client, &self->condition,
						 ST_NO_DEADLINE));
	}
	st_alloc_fail_at(0);
	EXPECT_EQ(0, self->client.nr_answers);
}

TEST_F(until, checking_allocates_nothing)
{
	unsigned long before;

	small_tree_boot(&self->small);
	WAIT("demo/nobody=running", ST_NO_DEADLINE);
	small_tree_exit(&self->small, "demo/a", 1); /* reserves what core needs */
	small_tree_ready(&self->small);
	before = st_alloc_count();
	small_tree_exit(&self->small, "demo/a", 1);
	small_tree_ready(&self->small);
	EXPECT_EQ(before, st_alloc_count());
}

TEST_HARNESS_MAIN
