// SPDX-License-Identifier: GPL-2.0-only
/*
 * The starts that hold up the root supervisor.
 */
#include <stdio.h>
#include <string.h>

#include "core/step.h"
#include "kselftest_harness.h"
#include "lib/world.h"

FIXTURE(held)
{
	struct st_world world;
	struct st_buf found;
};

FIXTURE_SETUP(held)
{
	st_buf_init(&self->found);
}

FIXTURE_TEARDOWN(held)
{
	st_buf_done(&self->found);
	st_world_done(&self->world);
}

/* The paths of all that are found, in order, each with a blank after it. */
static const char *found(FIXTURE_DATA(held) * self)
{
	const struct st_tree *tree = self->world.tree;
	const struct st_child *child = NULL;

	st_buf_reset(&self->found);
	st_buf_add_text(&self->found, "");
	while ((child = st_tree_next_held(tree, child)) != NULL) {
		st_child_write_path(child, &self->found);
		st_buf_add_char(&self->found, ' ');
	}
	return st_buf_text(&self->found);
}

static void hold(struct st_world *world, const char *name)
{
	st_world_habit(world, name, ST_HABIT_HELD, NULL);
}

static void stop(struct st_world *world)
{
	st_world_event(world, &(struct st_event){ .type = ST_EV_STOP });
}

TEST_F(held, a_tree_that_runs_holds_nothing_up)
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, s {one_for_one: x}"));
	EXPECT_STREQ("", found(self)) TH_LOG("nothing has started");
	st_world_boot(&self->world);
	EXPECT_STREQ("", found(self));
	stop(&self->world);
	EXPECT_STREQ("", found(self)) TH_LOG("the root has ended");
}

TEST_F(held, the_first_start_of_all_waits_for_one_worker) /* [M2] [M5] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, s {one_for_one: x, y}, b"));
	hold(&self->world, "y");
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_BOOT });
	stop(&self->world);
	EXPECT_STREQ("s/y ", found(self));
	st_world_exit(&self->world, "s/y", "shutdown");
	EXPECT_STREQ("", found(self));
	EXPECT_TRUE(self->world.tree->halted);
}

TEST_F(held, a_start_that_nobody_waits_for_yet_is_left_alone) /* [G1] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: s {one_for_one 9/1: x}, "
						 "t {one_for_one 9/1: y}, z infinity"));
	st_world_boot(&self->world);
	for (int i = 0; i < 3; i++)
		hold(&self->world, (const char *const[]){ "x", "y", "z" }[i]);
	st_world_exit(&self->world, "s/x", "3");
	st_world_exit(&self->world, "t/y", "3");
	stop(&self->world);
	EXPECT_STREQ("", found(self)) TH_LOG("z is asked to stop, and the rest comes later");
	st_world_exit(&self->world, "z", "shutdown");
	EXPECT_STREQ("t/y ", found(self));
	st_world_exit(&self->world, "t/y", "shutdown");
	EXPECT_STREQ("s/x ", found(self)) TH_LOG("the retry of y came after the stop of t");
	st_world_exit(&self->world, "s/x", "shutdown");
	EXPECT_TRUE(self->world.tree->halted);
}

TEST_F(held, one_that_was_killed_is_on_its_way) /* [M2] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a start_timeout=100"));
	hold(&self->world, "a");
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_BOOT });
	stop(&self->world);
	EXPECT_STREQ("a ", found(self));
	st_world_after(&self->world, 100 * ST_NSEC_PER_MSEC);
	EXPECT_STREQ("", found(self));
}

TEST_F(held, a_tree_that_was_killed_waits_for_no_start) /* [G7] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: s {one_for_one 9/1: x}, a"));
	hold(&self->world, "x");
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_BOOT });
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_KILL });
	EXPECT_STREQ("", found(self));
}

static void start_child(struct st_world *world, const char *name)
{
	struct st_request request = {
		.type = ST_REQUEST_START_CHILD,
		.sup = "pool",
		.id = name,
	};

	st_world_request(world, &request);
}

TEST_F(held, of_a_parallel_stop_all_starts_are_found) /* [I10] */
{
	ASSERT_EQ(0,
		  st_world_init(&self->world, "one_for_one 9/1: a, pool {simple_one_for_one 9/1: "
					      "t infinity {one_for_one 9/1: x, y}}"));
	st_world_boot(&self->world);
	for (int i = 0; i < 4; i++)
		start_child(&self->world, (const char *const[]){ "p", "q", "r", "s" }[i]);
	hold(&self->world, "x");
	st_world_exit(&self->world, "pool/p/x", "3");
	st_world_exit(&self->world, "pool/r/x", "3");
	st_world_exit(&self->world, "pool/s/x", "3");
	EXPECT_STREQ("", found(self));
	stop(&self->world);
	EXPECT_STREQ("pool/p/x pool/r/x pool/s/x ", found(self));
	st_world_exit(&self->world, "pool/r/x", "shutdown");
	EXPECT_STREQ("pool/p/x pool/s/x ", found(self));
}

TEST_HARNESS_MAIN
