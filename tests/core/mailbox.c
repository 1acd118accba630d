// SPDX-License-Identifier: GPL-2.0-only
/*
 * The actor: one mailbox, one message at a time, in order of arrival. [M1]..[M5]
 */
#include "kselftest_harness.h"

#include "base/alloc.h"
#include "lib/play.h"

#define NR_REQUESTS 5000
#define NR_CHILDREN 20

static uint32_t nr_replies(const struct st_effects *effects, enum st_reply reply)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < effects->nr; i++)
		nr += effects->items[i].type == ST_FX_REPLY && effects->items[i].reply == reply;
	return nr;
}

TEST(any_number_of_waiting_requests_is_answered_when_the_supervisor_is_killed) /* [C6] */
{
	const struct st_request request = { .type = ST_REQUEST_WHICH_CHILDREN, .sup = "/" };
	const struct st_event ask = { .type = ST_EV_REQUEST, .request = &request };
	const struct st_event tick = { .type = ST_EV_TICK };
	struct st_effects effects;
	struct st_world world;
	uint32_t nr = 0;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a"));
	st_world_boot(&world);
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	st_world_exit(&world, "a", "3"); /* it is started again, and never READY */
	for (int i = 0; i < NR_REQUESTS; i++) {
		st_step(world.tree, world.now_ns, &ask, &effects);
		ASSERT_EQ(0, effects.nr);
	}
	st_step(world.tree, world.now_ns, &(struct st_event){ .type = ST_EV_KILL }, &effects);
	nr += nr_replies(&effects, ST_REPLY_NOPROC);
	while (st_next_deadline(world.tree) == 0) {
		st_step(world.tree, world.now_ns, &tick, &effects);
		nr += nr_replies(&effects, ST_REPLY_NOPROC);
	}
	st_world_exit(&world, "a", "killed");
	while (st_next_deadline(world.tree) == 0) {
		st_step(world.tree, world.now_ns, &tick, &effects);
		nr += nr_replies(&effects, ST_REPLY_NOPROC);
	}
	EXPECT_EQ(NR_REQUESTS, nr);
	st_world_done(&world);
}

TEST(deaths_that_rounds_make_void_need_no_memory) /* [M3] */
{
	char spec[512] = "rest_for_one 1000000/1: ";
	struct st_world world;
	unsigned long count;
	char id[8];

	for (int i = 0; i < NR_CHILDREN; i++)
		snprintf(spec + strlen(spec), sizeof(spec) - strlen(spec), "%sc%02d", i ? "," : "",
			 i);
	ASSERT_EQ(0, st_world_init(&world, spec));
	st_world_boot(&world);
	world.quiet = true;
	count = st_alloc_count();
	/* while c00 is started again, all others die; the first round makes their deaths void */
	st_world_habit(&world, "c00", ST_HABIT_HELD, NULL);
	for (int round = 0; round < 4; round++) {
		st_world_exit(&world, "c00", "3");
		for (int i = 1; i < NR_CHILDREN; i++) {
			snprintf(id, sizeof(id), "c%02d", round % 2 ? i : NR_CHILDREN - i);
			if (st_tree_find(world.tree, id)->alive)
				st_world_exit(&world, id, "3");
		}
		st_world_event(&world, &(struct st_event){
					       .type = ST_EV_READY,
					       .generation = st_world_generation(&world, "c00") });
	}
	EXPECT_EQ(count, st_alloc_count());
	EXPECT_EQ(NR_CHILDREN, st_sup_count(world.tree->root->sup).active);
	EXPECT_STREQ("", st_buf_text(&world.log));
	st_world_done(&world);
}

TEST_HARNESS_MAIN
