// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reports: their kinds, and their place among the other effects. [L]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(child_terminated_stands_before_the_restart) /* [L] [B1] */
{
	PLAY("one_for_all: a, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  spawn b #5\n"
	     "  started b #5\n");
}

TEST(start_error_stands_before_the_undoing_and_before_the_retry) /* [L] [A5] [F1] */
{
	PLAY("one_for_one 9/1: s {one_for_one: a, b}\n"
	     "> up\n"
	     "> hold b\n"
	     "> stop_supervisor s normal\n"
	     "  signal s/b #4 TERM\n"
	     "> exit s/b shutdown\n"
	     "  exited s/b #4 shutdown\n"
	     "  signal s/a #3 TERM\n"
	     "  exited s/a #3 shutdown\n"
	     "  exited s #2 normal\n"
	     "  reply 1 ok\n"
	     "  report child_terminated s #2 normal\n"
	     "  starting s #5\n"
	     "  spawn s/a #6\n"
	     "  started s/a #6\n"
	     "  spawn s/b #7\n"
	     "> spawn_failed s/b no\n"
	     "  start_failed s/b #7 {error:no}\n"
	     "  report start_error s/b #7 {error:no}\n"
	     "  signal s/a #6 TERM\n"
	     "  exited s/a #6 shutdown\n"
	     "  start_failed s #5 {shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}}\n"
	     "  report start_error s #5 {shutdown:{failed_to_start_child:{id:b,reason:{"
	     "error:no}}}}\n"
	     "  starting s #8\n"
	     "  spawn s/a #9\n"
	     "  started s/a #9\n"
	     "  spawn s/b #10\n");
}

TEST(shutdown_error_stands_right_after_the_end_of_that_child) /* [L] [G5] */
{
	PLAY("one_for_one: a, b, c\n"
	     "> up\n"
	     "> answer b 3\n"
	     "> stop\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 {code:3}\n"
	     "  report shutdown_error b #3 {code:3}\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(shutdown_stands_before_the_children_are_stopped) /* [L] [E6] */
{
	PLAY("one_for_one 0/1: a, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  report shutdown a #2 reached_max_restart_intensity\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(requests_that_start_children_are_answered_and_not_reported) /* [L] [C1] [C3] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> failing a\n"
	     "> failing b\n"
	     "> restart_child / a\n"
	     "  spawn a #3\n"
	     "  start_failed a #3 {error:no}\n"
	     "  reply 2 start_error {error:no} a #3\n"
	     "> start_child / b\n"
	     "  spawn b #4\n"
	     "  start_failed b #4 {error:no}\n"
	     "  reply 3 start_error {error:no} b #4\n"
	     "  removed b #4\n");
}

TEST(an_automatic_shutdown_is_not_reported) /* [L] [H2] */
{
	PLAY("one_for_one any_significant: a transient significant\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_report_names_the_supervisor_and_the_offender) /* [L] */
{
	const struct st_event exit = {
		.type = ST_EV_EXITED,
		.generation = 3,
		.reason = { .type = ST_REASON_SIGNAL, .value = 11 },
	};
	const struct st_effect *report;
	struct st_effects effects;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: s {one_for_one 9/1: a}"));
	st_world_boot(&world);
	st_step(world.tree, world.now_ns, &exit, &effects);
	ASSERT_EQ(3, effects.nr);
	report = &effects.items[1];
	EXPECT_EQ(ST_FX_REPORT, report->type);
	EXPECT_EQ(ST_CONTEXT_CHILD_TERMINATED, report->context);
	EXPECT_EQ(st_tree_find(world.tree, "s")->sup, report->sup);
	EXPECT_EQ(st_tree_find(world.tree, "s/a"), report->child);
	EXPECT_EQ(3, report->generation);
	EXPECT_EQ(11, report->reason.value);
	st_world_done(&world);
}

TEST_HARNESS_MAIN
