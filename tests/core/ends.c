// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a supervisor does about a child that ended by itself. [B1] [B2] [B4] [M4]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_permanent_child_is_restarted_and_reported_whatever_its_end) /* [B1] */
{
	PLAY("one_for_one 9/1: a\n"
	     "> up\n"
	     "> exit a normal\n"
	     "  exited a #2 normal\n"
	     "  report child_terminated a #2 normal\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> exit a shutdown\n"
	     "  exited a #3 shutdown\n"
	     "  report child_terminated a #3 shutdown\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a shutdown:3\n"
	     "  exited a #4 {shutdown:3}\n"
	     "  report child_terminated a #4 {shutdown:3}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> exit a 1\n"
	     "  exited a #5 {code:1}\n"
	     "  report child_terminated a #5 {code:1}\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "> exit a SEGV\n"
	     "  exited a #6 {signal:SEGV}\n"
	     "  report child_terminated a #6 {signal:SEGV}\n"
	     "  spawn a #7\n"
	     "  started a #7\n"
	     "> exit a killed\n"
	     "  exited a #7 killed\n"
	     "  report child_terminated a #7 killed\n"
	     "  spawn a #8\n"
	     "  started a #8\n");
}

TEST(a_transient_child_is_restarted_after_abnormal_ends_only) /* [B2] */
{
	PLAY("one_for_one 9/1: a transient\n"
	     "> up\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> exit a SEGV\n"
	     "  exited a #3 {signal:SEGV}\n"
	     "  report child_terminated a #3 {signal:SEGV}\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a killed\n"
	     "  exited a #4 killed\n"
	     "  report child_terminated a #4 killed\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> exit a normal\n"
	     "  exited a #5 normal\n"
	     "> which_children /\n"
	     "  reply 1 children a=stopped\n");
}

TEST(a_transient_child_that_ended_normally_keeps_its_place_and_is_not_reported) /* [B2] */
{
	PLAY("one_for_all 0/1: a, b transient, c transient, d transient\n"
	     "> up\n"
	     "> exit b normal\n"
	     "  exited b #3 normal\n"
	     "> exit c shutdown\n"
	     "  exited c #4 shutdown\n"
	     "> exit d shutdown:0\n"
	     "  exited d #5 {shutdown:0}\n"
	     "> which_children /\n"
	     "  reply 1 children d=stopped c=stopped b=stopped a=running#2\n");
}

TEST(a_temporary_child_is_forgotten_and_abnormal_ends_are_reported) /* [B2] */
{
	PLAY("one_for_all 0/1: a temporary, b temporary, c temporary, d\n"
	     "> up\n"
	     "> exit a normal\n"
	     "  exited a #2 normal\n"
	     "  removed a #2\n"
	     "> exit b killed\n"
	     "  exited b #3 killed\n"
	     "  report child_terminated b #3 killed\n"
	     "  removed b #3\n"
	     "> exit c 1\n"
	     "  exited c #4 {code:1}\n"
	     "  report child_terminated c #4 {code:1}\n"
	     "  removed c #4\n"
	     "> which_children /\n"
	     "  reply 1 children d=running#5\n");
}

TEST(the_id_of_a_temporary_child_that_ended_is_free) /* [B4] [C1] */
{
	PLAY("one_for_one: a temporary, b\n"
	     "> up\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  removed a #2\n"
	     "> start_child / a\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  added a #4\n"
	     "  reply 1 started a #4\n"
	     "> which_children /\n"
	     "  reply 2 children a=running#4 b=running#3\n");
}

TEST(an_end_of_another_generation_is_ignored) /* [M4] */
{
	PLAY("one_for_one 9/1: a\n"
	     "> up\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> exit #2 1\n"
	     "> exit #99 1\n"
	     "> exit #0 1\n"
	     "> which_children /\n"
	     "  reply 1 children a=running#3\n");
}

TEST(whatever_a_former_process_says_is_ignored) /* [M4] */
{
	PLAY("one_for_one 9/1: a\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  spawn a #3\n"
	     "> ready #2\n"
	     "> ignore #2\n"
	     "> error #2 no\n"
	     "> spawn_failed #2 no\n"
	     "> spawned #2\n"
	     "> which_children /\n"
	     "> ready a\n"
	     "  started a #3\n"
	     "  reply 1 children a=running#3\n");
}

TEST(only_the_first_word_of_a_starting_process_counts) /* [M4] [B3] */
{
	PLAY("one_for_one 9/1: a\n"
	     "> up\n"
	     "> ready a\n"
	     "> ignore a\n"
	     "> error a no\n"
	     "> spawn_failed a no\n"
	     "> which_children /\n"
	     "  reply 1 children a=running#2\n");
}

TEST(the_pid_is_that_of_the_process_that_lives) /* [M4] */
{
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a transient"));
	st_world_boot(&world);
	EXPECT_EQ(0, st_tree_find(world.tree, "a")->pid);
	st_world_event(&world,
		       &(struct st_event){ .type = ST_EV_SPAWNED, .generation = 2, .pid = 4711 });
	EXPECT_EQ(4711, st_tree_find(world.tree, "a")->pid);
	st_world_exit(&world, "a", "normal");
	EXPECT_EQ(0, st_tree_find(world.tree, "a")->pid);
	st_world_done(&world);
}

TEST_HARNESS_MAIN
