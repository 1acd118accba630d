// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dynamic supervisors: simple_one_for_one. [I1]..[I6] [I9]..[I11] [Q1] [Q2]
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
		.start.args = args,
		.start.nr_args = 2,
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
