// SPDX-License-Identifier: GPL-2.0-only
/*
 * The child that will be started next, if that is certain.
 */
#include <stdio.h>
#include <string.h>

#include "core/step.h"
#include "kselftest_harness.h"
#include "lib/world.h"

FIXTURE(peek)
{
	struct st_world world;
};

FIXTURE_SETUP(peek)
{
}

FIXTURE_TEARDOWN(peek)
{
	st_world_done(&self->world);
}

/* The name of the next one, or "". */
static const char *peek(FIXTURE_DATA(peek) * self)
{
	struct st_world *world = &self->world;
	struct st_child *next = st_sup_peek_start(world->tree->root->sup, world->now_ns);

	return next ? st_child_name(next) : "";
}

static void hold(struct st_world *world, const char *names)
{
	for (; *names; names++)
		if (*names != ' ')
			st_world_habit(world, (char[]){ *names, '\0' }, ST_HABIT_HELD, NULL);
}

static void be_ready(struct st_world *world, const char *path)
{
	st_world_event(world, &(struct st_event){ .type = ST_EV_READY,
						  .generation = st_world_generation(world, path) });
}

TEST_F(peek, in_a_start_of_all_they_follow_in_their_order) /* [A1] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, b, c, d"));
	hold(&self->world, "a b c d");
	EXPECT_STREQ("", peek(self)) TH_LOG("nothing starts yet");
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_BOOT });
	EXPECT_STREQ("b", peek(self));
	be_ready(&self->world, "a");
	be_ready(&self->world, "b");
	EXPECT_STREQ("d", peek(self));
	be_ready(&self->world, "c");
	EXPECT_STREQ("", peek(self));
}

TEST_F(peek, a_supervisor_is_no_process_to_be_made) /* [A3] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, b, s {one_for_one: x}, c"));
	hold(&self->world, "a x");
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_BOOT });
	EXPECT_STREQ("b", peek(self));
	be_ready(&self->world, "a");
	EXPECT_STREQ("c", peek(self)) TH_LOG("s starts x");
}

TEST_F(peek, in_a_round_they_follow_in_their_order) /* [D2] [D3] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "rest_for_one 9/1: a, b, c, d"));
	st_world_boot(&self->world);
	hold(&self->world, "b");
	st_world_exit(&self->world, "b", "3");
	EXPECT_STREQ("c", peek(self));
}

TEST_F(peek, whose_deaths_wait_follow_in_the_order_of_their_deaths) /* [D1] [M1] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, b, c transient, d"));
	st_world_boot(&self->world);
	hold(&self->world, "a");
	st_world_exit(&self->world, "a", "3");
	EXPECT_STREQ("", peek(self));
	st_world_exit(&self->world, "d", "3");
	st_world_exit(&self->world, "c", "3");
	st_world_exit(&self->world, "b", "0");
	EXPECT_STREQ("d", peek(self));
	hold(&self->world, "d c");
	be_ready(&self->world, "a");
	EXPECT_STREQ("c", peek(self)) TH_LOG("it did not end normally");
	be_ready(&self->world, "d");
	EXPECT_STREQ("b", peek(self));
}

TEST_F(peek, who_is_not_restarted_ends_the_row) /* [B1] [M6] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, b, c transient, d, e "
						 "backoff=100/100, f temporary"));
	st_world_boot(&self->world);
	hold(&self->world, "a");
	st_world_exit(&self->world, "a", "3");
	st_world_exit(&self->world, "b", "3");
	st_world_exit(&self->world, "c", "0");
	st_world_exit(&self->world, "d", "3");
	EXPECT_STREQ("b", peek(self)) TH_LOG("c ended normally");
	hold(&self->world, "b d");
	be_ready(&self->world, "a");
	be_ready(&self->world, "b");
	st_world_exit(&self->world, "e", "3");
	EXPECT_STREQ("", peek(self)) TH_LOG("e waits for its back-off");
	be_ready(&self->world, "d");
	hold(&self->world, "a");
	st_world_exit(&self->world, "a", "3");
	st_world_exit(&self->world, "f", "3");
	st_world_exit(&self->world, "b", "3");
	EXPECT_STREQ("", peek(self)) TH_LOG("f is temporary");
}

TEST_F(peek, beyond_the_intensity_nobody_is_started) /* [E1] [E4] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 2/1: a, b, c"));
	st_world_boot(&self->world);
	hold(&self->world, "a b");
	st_world_exit(&self->world, "a", "3");
	st_world_exit(&self->world, "b", "3");
	st_world_exit(&self->world, "c", "3");
	EXPECT_STREQ("b", peek(self));
	be_ready(&self->world, "a");
	EXPECT_STREQ("", peek(self));
	self->world.now_ns += 3 * ST_NSEC_PER_SEC;
	EXPECT_STREQ("c", peek(self)) TH_LOG("what was before is forgotten");
}

TEST_F(peek, a_request_comes_in_its_turn) /* [M1] */
{
	struct st_request count = { .type = ST_REQUEST_COUNT_CHILDREN, .sup = "/" };

	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, b"));
	st_world_boot(&self->world);
	hold(&self->world, "a");
	st_world_exit(&self->world, "a", "3");
	st_world_request(&self->world, &count);
	st_world_exit(&self->world, "b", "3");
	EXPECT_STREQ("", peek(self));
}

TEST_F(peek, a_killed_supervisor_starts_nobody) /* [G7] */
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 9/1: a, b"));
	hold(&self->world, "a b");
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_BOOT });
	st_world_habit(&self->world, "a", ST_HABIT_STUBBORN, NULL);
	EXPECT_STREQ("b", peek(self));
	st_world_event(&self->world, &(struct st_event){ .type = ST_EV_KILL });
	EXPECT_STREQ("", peek(self));
}

TEST_HARNESS_MAIN
