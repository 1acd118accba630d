// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dynamic supervisors: simple_one_for_one. [I1]..[I11] [Q1] [Q2]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(it_starts_empty_and_counts_its_children_by_the_type_of_the_template) /* [I1] */
{
	PLAY("simple_one_for_one: w\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  started / #1\n"
	     "> count_children /\n"
	     "  reply 1 counts specs=1 active=0 supervisors=0 workers=0\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 2 started x #2\n"
	     "> start_child / y one two\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 3 started y #3\n"
	     "> count_children /\n"
	     "  reply 4 counts specs=1 active=2 supervisors=0 workers=2\n"
	     "> which_children /\n"
	     "  reply 5 children y=running#3 x=running#2\n");
}

TEST(names_and_arguments_belong_to_the_child) /* [I1] [I6] */
{
	static const char *const args[] = { "one", "two words" };
	struct st_request start = {
		.type = ST_REQUEST_START_CHILD,
		.sup = "/",
		.id = "x",
		.args = args,
		.nr_args = 2,
	};
	const struct st_child *child;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "simple_one_for_one 9/1: w"));
	st_world_boot(&world);
	st_world_request(&world, &start);
	st_world_exit(&world, "x", "3");
	child = st_tree_find(world.tree, "x");
	ASSERT_NE(NULL, child);
	EXPECT_TRUE(st_child_is_dynamic(child));
	EXPECT_TRUE(child->state == ST_CHILD_RUNNING);
	ASSERT_EQ(2, child->instance->nr_args);
	EXPECT_STREQ("one", child->instance->args[0]);
	EXPECT_STREQ("two words", child->instance->args[1]);
	EXPECT_STREQ("x", child->instance->name);
	st_world_done(&world);
}

TEST(a_child_that_is_gone_is_forgotten_in_all_cases) /* [I2] */
{
	PLAY("simple_one_for_one 9/1: w transient\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  spawn x #3\n"
	     "  started x #3\n"
	     "> exit x 0\n"
	     "  exited x #3 normal\n"
	     "  removed x #3\n"
	     "> which_children /\n"
	     "  reply 2 children\n");
	PLAY("simple_one_for_one 9/1: w temporary\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  removed x #2\n"
	     "> count_children /\n"
	     "  reply 2 counts specs=1 active=0 supervisors=0 workers=0\n");
}

TEST(by_id_there_is_only_the_template) /* [I3] */
{
	PLAY("simple_one_for_one: w\n"
	     "> up\n"
	     "> terminate_child / w\n"
	     "  reply 1 simple_one_for_one\n"
	     "> restart_child / w\n"
	     "  reply 2 simple_one_for_one\n"
	     "> delete_child / w\n"
	     "  reply 3 simple_one_for_one\n"
	     "> get_childspec / w\n"
	     "  reply 4 childspec {id:w,restart:permanent,significant:false,shutdown:5000,"
	     "type:worker,start:[true]}\n"
	     "> get_childspec / v\n"
	     "  reply 5 not_found\n");
}

TEST(terminate_child_by_process_knows_the_living_and_the_dead_but_no_strangers) /* [I3] */
{
	PLAY("simple_one_for_one: w\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> terminate_child / #2\n"
	     "  signal x #2 TERM\n"
	     "  exited x #2 shutdown\n"
	     "  removed x #2\n"
	     "  reply 2 ok x #2\n"
	     "> terminate_child / #2\n"
	     "  reply 3 ok\n"
	     "> terminate_child / foreign\n"
	     "  reply 4 not_found\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 5 started y #3\n"
	     "> terminate_child / y\n"
	     "  signal y #3 TERM\n"
	     "  exited y #3 shutdown\n"
	     "  removed y #3\n"
	     "  reply 6 ok y #3\n"
	     "> terminate_child / y\n"
	     "  reply 7 not_found\n"
	     "> which_children /\n"
	     "  reply 8 children\n");
}

TEST(a_child_that_does_not_start_is_not_stored) /* [I4] */
{
	PLAY("simple_one_for_one: w\n"
	     "> up\n"
	     "> ignoring x\n"
	     "> failing y\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  ignored x #2\n"
	     "  reply 1 ignored x #2\n"
	     "  removed x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  start_failed y #3 {error:no}\n"
	     "  reply 2 start_error {error:no} y #3\n"
	     "  removed y #3\n"
	     "> count_children /\n"
	     "  reply 3 counts specs=1 active=0 supervisors=0 workers=0\n");
}

TEST(the_same_name_may_be_started_twice) /* [I4] */
{
	PLAY("simple_one_for_one: w\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / x\n"
	     "  spawn x #3\n"
	     "  started x #3\n"
	     "  added x #3\n"
	     "  reply 2 started x #3\n"
	     "> which_children /\n"
	     "  reply 3 children x=running#3 x=running#2\n");
}

TEST(the_intensity_is_shared_and_each_is_restarted_alone) /* [I5] */
{
	PLAY("simple_one_for_one 2/1: w\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 2 started y #3\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  spawn x #4\n"
	     "  started x #4\n"
	     "> exit y 3\n"
	     "  exited y #3 {code:3}\n"
	     "  report child_terminated y #3 {code:3}\n"
	     "  spawn y #5\n"
	     "  started y #5\n"
	     "> exit x 3\n"
	     "  exited x #4 {code:3}\n"
	     "  report child_terminated x #4 {code:3}\n"
	     "  report shutdown x #4 reached_max_restart_intensity\n"
	     "  removed x #4\n"
	     "  signal y #5 TERM\n"
	     "  exited y #5 shutdown\n"
	     "  removed y #5\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_failing_restart_is_tried_again_and_is_not_active_meanwhile) /* [I6] [Q2] */
{
	PLAY("simple_one_for_one 9/1: w backoff=100/100\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 2 started y #3\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  delayed x #2 ms=100\n"
	     "> which_children /\n"
	     "  reply 3 children y=running#3 x=restarting\n"
	     "> count_children /\n"
	     "  reply 4 counts specs=1 active=1 supervisors=0 workers=2\n"
	     "> terminate_child / #2\n"
	     "  removed x #2\n"
	     "  reply 5 ok x #2\n"
	     "> count_children /\n"
	     "  reply 6 counts specs=1 active=1 supervisors=0 workers=1\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(a_restarting_child_is_known_by_the_process_that_it_had) /* [I6] [I3] */
{
	PLAY("simple_one_for_one 9/1: w\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> hold x\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  spawn x #3\n"
	     "> spawn_failed x no\n"
	     "  start_failed x #3 {error:no}\n"
	     "  report start_error x #3 {error:no}\n"
	     "  spawn x #4\n"
	     "> terminate_child / #2\n"
	     "> spawn_failed x no\n"
	     "  start_failed x #4 {error:no}\n"
	     "  report start_error x #4 {error:no}\n"
	     "  removed x #4\n"
	     "  reply 2 ok x #4\n"
	     "> which_children /\n"
	     "  reply 3 children\n");
}

TEST(a_child_that_ignores_its_restart_is_forgotten) /* [Q1] [F3] */
{
	PLAY("simple_one_for_one 9/1: w\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> ignoring x\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  spawn x #3\n"
	     "  ignored x #3\n"
	     "  removed x #3\n"
	     "> count_children /\n"
	     "  reply 2 counts specs=1 active=0 supervisors=0 workers=0\n"
	     "> stop\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stop_asks_all_at_once_and_kills_the_rest_when_the_time_is_over) /* [I7] */
{
	PLAY("simple_one_for_one: w 300ms\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 2 started y #3\n"
	     "> start_child / z\n"
	     "  spawn z #4\n"
	     "  started z #4\n"
	     "  added z #4\n"
	     "  reply 3 started z #4\n"
	     "> stubborn x\n"
	     "> stubborn z\n"
	     "> stop\n"
	     "  signal x #2 TERM\n"
	     "  signal y #3 TERM\n"
	     "  signal z #4 TERM\n"
	     "  exited y #3 shutdown\n"
	     "> deadline\n"
	     "  in 300 ms\n"
	     "> after 300 ms\n"
	     "  signal x #2 KILL\n"
	     "  signal z #4 KILL\n"
	     "  exited x #2 killed\n"
	     "  exited z #4 killed\n"
	     "  report shutdown_error / count=2 killed\n"
	     "  removed x #2\n"
	     "  removed y #3\n"
	     "  removed z #4\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stop_with_brutal_kill_kills_all_at_once) /* [I7] [G2] */
{
	PLAY("simple_one_for_one: w brutal_kill\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 2 started y #3\n"
	     "> stop\n"
	     "  signal x #2 KILL\n"
	     "  signal y #3 KILL\n"
	     "  exited x #2 killed\n"
	     "  exited y #3 killed\n"
	     "  removed x #2\n"
	     "  removed y #3\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stop_reports_each_distinct_reason_once_with_a_count) /* [I7] [G5] */
{
	PLAY("simple_one_for_one: w\n"
	     "> up\n"
	     "> start_child / a\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  added a #2\n"
	     "  reply 1 started a #2\n"
	     "> start_child / b\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  added b #3\n"
	     "  reply 2 started b #3\n"
	     "> start_child / c\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  added c #4\n"
	     "  reply 3 started c #4\n"
	     "> start_child / d\n"
	     "  spawn d #5\n"
	     "  started d #5\n"
	     "  added d #5\n"
	     "  reply 4 started d #5\n"
	     "> start_child / e\n"
	     "  spawn e #6\n"
	     "  started e #6\n"
	     "  added e #6\n"
	     "  reply 5 started e #6\n"
	     "> start_child / f\n"
	     "  spawn f #7\n"
	     "  started f #7\n"
	     "  added f #7\n"
	     "  reply 6 started f #7\n"
	     "> answer a 1\n"
	     "> answer b 0\n"
	     "> answer d 1\n"
	     "> answer e 2\n"
	     "> answer f 1\n"
	     "> stop\n"
	     "  signal a #2 TERM\n"
	     "  signal b #3 TERM\n"
	     "  signal c #4 TERM\n"
	     "  signal d #5 TERM\n"
	     "  signal e #6 TERM\n"
	     "  signal f #7 TERM\n"
	     "  exited a #2 {code:1}\n"
	     "  exited b #3 normal\n"
	     "  exited c #4 shutdown\n"
	     "  exited d #5 {code:1}\n"
	     "  exited e #6 {code:2}\n"
	     "  exited f #7 {code:1}\n"
	     "  report shutdown_error / count=3 {code:1}\n"
	     "  report shutdown_error / count=1 normal\n"
	     "  report shutdown_error / count=1 {code:2}\n"
	     "  removed a #2\n"
	     "  removed b #3\n"
	     "  removed c #4\n"
	     "  removed d #5\n"
	     "  removed e #6\n"
	     "  removed f #7\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stop_forgets_who_is_restarting_and_consumes_the_dead) /* [I7] [G8] [M3] */
{
	PLAY("simple_one_for_one 9/1: w\n"
	     "> up\n"
	     "> start_child / a\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  added a #2\n"
	     "  reply 1 started a #2\n"
	     "> start_child / b\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  added b #3\n"
	     "  reply 2 started b #3\n"
	     "> start_child / c\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  added c #4\n"
	     "  reply 3 started c #4\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #5\n"
	     "> stop\n"
	     "> exit b 4\n"
	     "  exited b #3 {code:4}\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #5 {error:no}\n"
	     "  report start_error a #5 {error:no}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  report shutdown_error / count=1 {code:4}\n"
	     "  removed a #5\n"
	     "  removed b #3\n"
	     "  removed c #4\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(dynamic_children_are_lost_when_the_supervisor_is_restarted) /* [I8] [E8] */
{
	PLAY("one_for_one 9/1: s {simple_one_for_one 0/1: w}\n"
	     "> up\n"
	     "> start_child s x\n"
	     "  spawn s/x #3\n"
	     "  started s/x #3\n"
	     "  added s/x #3\n"
	     "  reply 1 started s/x #3\n"
	     "> start_child s y\n"
	     "  spawn s/y #4\n"
	     "  started s/y #4\n"
	     "  added s/y #4\n"
	     "  reply 2 started s/y #4\n"
	     "> exit s/x 3\n"
	     "  exited s/x #3 {code:3}\n"
	     "  report child_terminated s/x #3 {code:3}\n"
	     "  report shutdown s/x #3 reached_max_restart_intensity\n"
	     "  removed s/x #3\n"
	     "  signal s/y #4 TERM\n"
	     "  exited s/y #4 shutdown\n"
	     "  removed s/y #4\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5\n"
	     "  started s #5\n"
	     "> which_children s\n"
	     "  reply 3 children\n");
}

TEST(any_significant_child_that_ends_by_itself_ends_the_pool) /* [I9] [H2] */
{
	PLAY("simple_one_for_one any_significant: w temporary significant\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 2 started y #3\n"
	     "> exit x 0\n"
	     "  exited x #2 normal\n"
	     "  removed x #2\n"
	     "  signal y #3 TERM\n"
	     "  exited y #3 shutdown\n"
	     "  removed y #3\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(all_significant_means_that_no_child_at_all_is_left) /* [I9] [H3] */
{
	PLAY("simple_one_for_one all_significant: w transient significant\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 2 started y #3\n"
	     "> exit x 0\n"
	     "  exited x #2 normal\n"
	     "  removed x #2\n"
	     "> exit y 0\n"
	     "  exited y #3 normal\n"
	     "  removed y #3\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(the_template_may_be_a_supervisor) /* [I10] */
{
	PLAY("simple_one_for_one: s {one_for_one: a, b}\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  starting x #2\n"
	     "  spawn x/a #3\n"
	     "  started x/a #3\n"
	     "  spawn x/b #4\n"
	     "  started x/b #4\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  starting y #5\n"
	     "  spawn y/a #6\n"
	     "  started y/a #6\n"
	     "  spawn y/b #7\n"
	     "  started y/b #7\n"
	     "  started y #5\n"
	     "  added y #5\n"
	     "  reply 2 started y #5\n"
	     "> count_children /\n"
	     "  reply 3 counts specs=1 active=2 supervisors=2 workers=0\n"
	     "> stop\n"
	     "  signal x/b #4 TERM\n"
	     "  signal y/b #7 TERM\n"
	     "  exited x/b #4 shutdown\n"
	     "  signal x/a #3 TERM\n"
	     "  exited y/b #7 shutdown\n"
	     "  signal y/a #6 TERM\n"
	     "  exited x/a #3 shutdown\n"
	     "  exited x #2 shutdown\n"
	     "  exited y/a #6 shutdown\n"
	     "  exited y #5 shutdown\n"
	     "  removed x #2\n"
	     "  removed y #5\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(the_subtrees_of_a_pool_stop_side_by_side) /* [I10] [I7] */
{
	PLAY("simple_one_for_one: s {one_for_one: a, b}\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  starting x #2\n"
	     "  spawn x/a #3\n"
	     "  started x/a #3\n"
	     "  spawn x/b #4\n"
	     "  started x/b #4\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> start_child / y\n"
	     "  starting y #5\n"
	     "  spawn y/a #6\n"
	     "  started y/a #6\n"
	     "  spawn y/b #7\n"
	     "  started y/b #7\n"
	     "  started y #5\n"
	     "  added y #5\n"
	     "  reply 2 started y #5\n"
	     "> hold b\n"
	     "> stop\n"
	     "  signal x/b #4 TERM\n"
	     "  signal y/b #7 TERM\n"
	     "> exit y/b shutdown\n"
	     "  exited y/b #7 shutdown\n"
	     "  signal y/a #6 TERM\n"
	     "  exited y/a #6 shutdown\n"
	     "  exited y #5 shutdown\n"
	     "> exit x/b shutdown\n"
	     "  exited x/b #4 shutdown\n"
	     "  signal x/a #3 TERM\n"
	     "  exited x/a #3 shutdown\n"
	     "  exited x #2 shutdown\n"
	     "  removed x #2\n"
	     "  removed y #5\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(dynamic_children_are_known_as_such_so_that_nobody_reports_their_progress) /* [I11] [L] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "s", .id = "x" };
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: s {simple_one_for_one: w}"));
	st_world_boot(&world);
	st_world_request(&world, &start);
	EXPECT_TRUE(st_child_is_dynamic(st_tree_find(world.tree, "s/x")));
	EXPECT_FALSE(st_child_is_dynamic(st_tree_find(world.tree, "s")));
	EXPECT_FALSE(st_child_is_dynamic(st_tree_find(world.tree, "/")));
	st_world_done(&world);
}

TEST_HARNESS_MAIN
