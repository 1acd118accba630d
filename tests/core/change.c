// SPDX-License-Identifier: GPL-2.0-only
/*
 * Change of a specification at run time. [K1]..[K8]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_changed_nested_supervisor_is_told_of_by_its_old_names_and_started_with_the_new) /* [K3] */
{
	PLAY("one_for_one: s {one_for_one 0/1: a, b}\n"
	     "> up\n"
	     "> change / one_for_one: s {one_for_one 0/1: c}\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> which_children s\n"
	     "  reply 2 children b=running#4 a=running#3\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  removed s/a #3\n"
	     "  removed s/b #4\n"
	     "  starting s #5\n"
	     "  spawn s/c #6\n"
	     "  started s/c #6\n"
	     "  started s #5\n"
	     "> which_children s\n"
	     "  reply 3 children c=running#6\n");
}

TEST(a_change_of_flags_keeps_the_children_of_the_moment_it_is_made) /* [K1] */
{
	struct st_request change = { .type = ST_REQUEST_CHANGE,
				     .sup = "s",
				     .change.flags_only = true };
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: s {one_for_one 0/1: a}"));
	st_world_boot(&world);
	change.change.to = st_words_sup("one_for_all 7/8");
	st_world_request(&world, &change);
	st_sup_spec_put(change.change.to);
	st_world_exit(&world, "s/a", "3");
	EXPECT_STREQ("  changed s #2\n"
		     "  reply 1 ok\n"
		     "  exited s/a #3 {code:3}\n"
		     "  report child_terminated s/a #3 {code:3}\n"
		     "  spawn s/a #4\n"
		     "  started s/a #4\n",
		     st_buf_text(&world.transcript));
	EXPECT_EQ(1, st_tree_find(world.tree, "s")->sup->spec->nr_children);
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ALL,
		  st_tree_find(world.tree, "s")->sup->spec->flags.strategy);
	st_world_done(&world);
}

TEST(new_flags_hold_from_the_next_event) /* [K1] */
{
	PLAY("one_for_one 9/5: a, b\n"
	     "> up\n"
	     "> change / one_for_all 9/5: a, b\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
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

TEST(the_history_is_kept_and_compared_at_the_next_restart_only) /* [K2] */
{
	PLAY("one_for_one 3/5: a, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a 3\n"
	     "  exited a #4 {code:3}\n"
	     "  report child_terminated a #4 {code:3}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> change / one_for_one 1/5: a, b\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> count_children /\n"
	     "  reply 2 counts specs=2 active=2 supervisors=0 workers=2\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  report shutdown b #3 reached_max_restart_intensity\n"
	     "  signal a #5 TERM\n"
	     "  exited a #5 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_higher_intensity_makes_room_at_once) /* [K2] */
{
	PLAY("one_for_one 1/5: a\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> change / one_for_one 2/5: a\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> exit a 3\n"
	     "  exited a #3 {code:3}\n"
	     "  report child_terminated a #3 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n");
}

TEST(known_children_keep_running_and_unknown_ones_are_added_stopped) /* [K3] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> change / one_for_one: a transient, c\n"
	     "  added c\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> which_children /\n"
	     "  reply 2 children b=running#3 c=stopped a=running#2\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "> restart_child / c\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  reply 3 started c #4\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "  started b #5\n");
}

TEST(the_new_order_is_the_new_list_then_the_kept_old_ones) /* [K4] */
{
	PLAY("one_for_one: a, b, c, d\n"
	     "> up\n"
	     "> change / one_for_one: x, d, b\n"
	     "  added x\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> which_children /\n"
	     "  reply 2 children c=running#4 a=running#2 b=running#3 d=running#5 x=stopped\n"
	     "> stop\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  signal d #5 TERM\n"
	     "  exited d #5 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(deleted_children_that_stand_in_the_new_list_are_added_anew) /* [K3] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> delete_child / a\n"
	     "  removed a #2\n"
	     "  reply 2 ok a #2\n"
	     "> change / one_for_one: a, b\n"
	     "  added a\n"
	     "  changed / #1\n"
	     "  reply 3 ok\n"
	     "> which_children /\n"
	     "  reply 4 children b=running#3 a=stopped\n");
}

TEST(a_round_after_a_change_starts_what_was_added) /* [K3] [D5] */
{
	PLAY("one_for_all: a\n"
	     "> up\n"
	     "> change / one_for_all: a, b\n"
	     "  added b\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "  spawn b #4\n"
	     "  started b #4\n");
}

TEST(a_change_between_retries_holds_for_the_next_one) /* [K3] [F2] */
{
	PLAY("one_for_one 9/5: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> change / one_for_one 9/5: a temporary, b\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #4 {error:no}\n"
	     "  report start_error a #4 {error:no}\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "  spawn a #5\n"
	     "> ready a\n"
	     "  started a #5\n"
	     "> exit a 3\n"
	     "  exited a #5 {code:3}\n"
	     "  report child_terminated a #5 {code:3}\n"
	     "  removed a #5\n"
	     "> which_children /\n"
	     "  reply 2 children b=running#3\n");
}

TEST(a_new_template_is_used_for_old_children_too) /* [K6] */
{
	PLAY("simple_one_for_one 9/5: w\n"
	     "> up\n"
	     "> start_child / x\n"
	     "  spawn x #2\n"
	     "  started x #2\n"
	     "  added x #2\n"
	     "  reply 1 started x #2\n"
	     "> change / simple_one_for_one 9/5: v transient brutal_kill\n"
	     "  changed / #1\n"
	     "  reply 2 ok\n"
	     "> get_childspec / v\n"
	     "  reply 3 childspec {id:v,restart:transient,significant:false,shutdown:brutal_kill,"
	     "type:worker,start:[true]}\n"
	     "> exit x 0\n"
	     "  exited x #2 normal\n"
	     "  removed x #2\n"
	     "> start_child / y\n"
	     "  spawn y #3\n"
	     "  started y #3\n"
	     "  added y #3\n"
	     "  reply 4 started y #3\n"
	     "> stop\n"
	     "  signal y #3 KILL\n"
	     "  exited y #3 killed\n"
	     "  removed y #3\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_supervisor_restarted_later_uses_the_changed_specification) /* [K7] */
{
	PLAY("one_for_one 9/5: s {one_for_one 0/5: a, b}\n"
	     "> up\n"
	     "> change s one_for_one 0/5: b, c\n"
	     "  added s/c\n"
	     "  changed s #2\n"
	     "  reply 1 ok\n"
	     "> exit s/b 3\n"
	     "  exited s/b #4 {code:3}\n"
	     "  report child_terminated s/b #4 {code:3}\n"
	     "  report shutdown s/b #4 reached_max_restart_intensity\n"
	     "  signal s/a #3 TERM\n"
	     "  exited s/a #3 shutdown\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5\n"
	     "  removed s/a #3\n"
	     "  spawn s/b #6\n"
	     "  started s/b #6\n"
	     "  spawn s/c #7\n"
	     "  started s/c #7\n"
	     "  started s #5\n"
	     "> which_children s\n"
	     "  reply 2 children c=running#7 b=running#6\n");
}

TEST(a_changed_nested_supervisor_keeps_its_change_when_its_parent_is_changed) /* [K7] */
{
	PLAY("one_for_one 9/5: s {one_for_one 0/5: a}\n"
	     "> up\n"
	     "> change s one_for_one 0/5: b\n"
	     "  added s/b\n"
	     "  changed s #2\n"
	     "  reply 1 ok\n"
	     "> change / one_for_one 9/5: s transient {one_for_one 0/5: a}\n"
	     "  changed / #1\n"
	     "  reply 2 ok\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  exited s #2 shutdown\n"
	     "> restart_child / s\n"
	     "  starting s #4\n"
	     "  removed s/a #3\n"
	     "  spawn s/b #5\n"
	     "  started s/b #5\n"
	     "  started s #4\n"
	     "  reply 3 started s #4\n");
}

TEST(a_worker_may_become_a_supervisor_at_its_next_start_and_back) /* [K3] */
{
	PLAY("one_for_one 9/5: a\n"
	     "> up\n"
	     "> change / one_for_one 9/5: a {one_for_one: b}\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> count_children /\n"
	     "  reply 2 counts specs=1 active=1 supervisors=1 workers=0\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  starting a #3\n"
	     "  spawn a/b #4\n"
	     "  started a/b #4\n"
	     "  started a #3\n"
	     "> change / one_for_one 9/5: a\n"
	     "  changed / #1\n"
	     "  reply 3 ok\n"
	     "> terminate_child / a\n"
	     "  signal a/b #4 TERM\n"
	     "  exited a/b #4 shutdown\n"
	     "  exited a #3 shutdown\n"
	     "  reply 4 ok a #3\n"
	     "> restart_child / a\n"
	     "  removed a/b #4\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  reply 5 started a #5\n");
}

TEST(a_change_to_or_from_a_dynamic_supervisor_is_refused) /* [K8] */
{
	PLAY("one_for_one: s {simple_one_for_one: w}, d {dynamic}\n"
	     "> up\n"
	     "> change / simple_one_for_one: w\n"
	     "  reply 1 refused\n"
	     "> change / dynamic\n"
	     "  reply 2 refused\n"
	     "> change s one_for_one: w\n"
	     "  reply 3 refused\n"
	     "> change s dynamic\n"
	     "  reply 4 refused\n"
	     "> change d simple_one_for_one: w\n"
	     "  reply 5 refused\n"
	     "> change d rest_for_one\n"
	     "  reply 6 refused\n");
}

TEST(without_auto_shutdown_a_significant_child_ends_nothing) /* [K1] [H1] */
{
	PLAY("one_for_one 9/5 any_significant: a transient significant\n"
	     "> up\n"
	     "> change / one_for_one 9/5\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "> which_children /\n"
	     "  reply 2 children a=stopped\n");
}

TEST(changes_below_a_changed_supervisor_survive_its_restart) /* [K7] */
{
	PLAY("one_for_one 9/5: s {one_for_one 0/5: t {one_for_one 0/5: a}}\n"
	     "> up\n"
	     "> change s/t one_for_one 0/5: b\n"
	     "  added s/t/b\n"
	     "  changed s/t #3\n"
	     "  reply 1 ok\n"
	     "> change / one_for_one 9/5: s {one_for_one 0/5: x, t {one_for_one 0/5: a}}\n"
	     "  changed / #1\n"
	     "  reply 2 ok\n"
	     "> stop_supervisor s normal\n"
	     "  signal s/t/a #4 TERM\n"
	     "  exited s/t/a #4 shutdown\n"
	     "  exited s/t #3 shutdown\n"
	     "  exited s #2 normal\n"
	     "  reply 3 ok\n"
	     "  report child_terminated s #2 normal\n"
	     "  removed s/t #3\n"
	     "  starting s #5\n"
	     "  spawn s/x #6\n"
	     "  started s/x #6\n"
	     "  starting s/t #7\n"
	     "  spawn s/t/b #8\n"
	     "  started s/t/b #8\n"
	     "  started s/t #7\n"
	     "  started s #5\n");
}

TEST_HARNESS_MAIN
