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

TEST(messages_are_taken_one_at_a_time_in_order_of_arrival) /* [M1] */
{
	PLAY("one_for_one 9/1: a, b, c\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #5\n"
	     "> which_children /\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "> terminate_child / c\n"
	     "> exit c 3\n"
	     "  exited c #4 {code:3}\n"
	     "> which_children /\n"
	     "> ready a\n"
	     "  started a #5\n"
	     "  reply 1 children c=running#4 b=running#3 a=running#5\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  report shutdown_error c #4 {code:3}\n"
	     "  reply 2 ok c #4\n"
	     "  reply 3 children c=stopped b=running#6 a=running#5\n");
}

TEST(while_a_supervisor_waits_for_a_start_the_rest_of_the_tree_goes_on) /* [M2] */
{
	PLAY("one_for_one 9/1: a, s {one_for_one 9/1: b}\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #5\n"
	     "> exit s/b 3\n"
	     "  exited s/b #4 {code:3}\n"
	     "  report child_terminated s/b #4 {code:3}\n"
	     "  spawn s/b #6\n"
	     "  started s/b #6\n"
	     "> which_children s\n"
	     "  reply 1 children b=running#6\n"
	     "> ready a\n"
	     "  started a #5\n");
}

TEST(while_a_supervisor_waits_for_an_end_the_rest_of_the_tree_goes_on) /* [M2] */
{
	PLAY("one_for_one 9/1: a, s {one_for_one 9/1: b}\n"
	     "> up\n"
	     "> hold a\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "> exit s/b 3\n"
	     "  exited s/b #4 {code:3}\n"
	     "  report child_terminated s/b #4 {code:3}\n"
	     "  spawn s/b #5\n"
	     "  started s/b #5\n"
	     "> exit a shutdown\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n");
}

TEST(deaths_at_the_same_moment_are_handled_in_the_order_they_were_told) /* [M7] */
{
	PLAY("one_for_all 9/1: a, b, c\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit c 3\n"
	     "  exited c #4 {code:3}\n"
	     "  report child_terminated c #4 {code:3}\n"
	     "  signal b #3 TERM\n"
	     "> exit a 4\n"
	     "  exited a #2 {code:4}\n"
	     "> exit b 5\n"
	     "  exited b #3 {code:5}\n"
	     "  report shutdown_error b #3 {code:5}\n"
	     "  report shutdown_error a #2 {code:4}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "> ready b\n"
	     "  started b #6\n"
	     "  spawn c #7\n"
	     "  started c #7\n");
}

TEST(a_death_that_a_stop_consumed_is_not_seen_again) /* [M3] */
{
	PLAY("one_for_one 9/1: a, b\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #4\n"
	     "> terminate_child / a\n"
	     "> restart_child / a\n"
	     "> exit a 4\n"
	     "  exited a #2 {code:4}\n"
	     "> ready b\n"
	     "  started b #4\n"
	     "  report shutdown_error a #2 {code:4}\n"
	     "  reply 1 ok a #2\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  reply 2 started a #5\n"
	     "> which_children /\n"
	     "  reply 3 children b=running#4 a=running#5\n");
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
	EXPECT_STREQ("", st_buf_text(&world.transcript));
	st_world_done(&world);
}

TEST_HARNESS_MAIN
