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
	struct st_request change = { .type = ST_REQUEST_CHANGE, .sup = "s", .flags_only = true };
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: s {one_for_one 0/1: a}"));
	st_world_boot(&world);
	change.to = st_words_sup("one_for_all 7/8");
	st_world_request(&world, &change);
	st_sup_spec_put(change.to);
	st_world_exit(&world, "s/a", "3");
	EXPECT_STREQ("  changed s #2\n"
		     "  reply 1 ok\n"
		     "  exited s/a #3 {code:3}\n"
		     "  report child_terminated s/a #3 {code:3}\n"
		     "  spawn s/a #4\n"
		     "  started s/a #4\n",
		     st_buf_text(&world.log));
	EXPECT_EQ(1, st_tree_find(world.tree, "s")->sup->spec->nr_children);
	EXPECT_EQ(ST_STRATEGY_ONE_FOR_ALL,
		  st_tree_find(world.tree, "s")->sup->spec->flags.strategy);
	st_world_done(&world);
}

TEST_HARNESS_MAIN
