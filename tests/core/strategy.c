// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a restart stops and starts: the strategies. [D1]..[D6]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(one_for_one_starts_the_dead_child_again_in_its_place) /* [D1] */
{
	PLAY("one_for_one: a, b, c\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "> which_children /\n"
	     "  reply 1 children c=running#4 b=running#5 a=running#2\n");
}

TEST(one_for_all_stops_the_others_in_reverse_order_and_starts_all_in_order) /* [D2] */
{
	PLAY("one_for_all: a, b, c\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  spawn c #7\n"
	     "  started c #7\n");
}

TEST(rest_for_one_leaves_alone_those_started_before) /* [D3] */
{
	PLAY("rest_for_one: a, b, c, d\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal d #5 TERM\n"
	     "  exited d #5 shutdown\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  spawn c #7\n"
	     "  started c #7\n"
	     "  spawn d #8\n"
	     "  started d #8\n");
}

TEST(rest_for_one_of_the_last_child_is_that_child_alone) /* [D3] */
{
	PLAY("rest_for_one: a, b\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #4\n"
	     "  started b #4\n");
}

TEST(rest_for_one_goes_by_the_start_order_and_added_children_are_last) /* [D3] [C1] */
{
	PLAY("rest_for_one: a, b\n"
	     "> up\n"
	     "> start_child / c\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  added c #4\n"
	     "  reply 1 started c #4\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  spawn c #6\n"
	     "  started c #6\n");
}

TEST(temporary_children_stopped_in_a_round_do_not_come_back) /* [D4] */
{
	PLAY("one_for_all: a temporary, b, c temporary\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  removed c #4\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  removed a #2\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "> which_children /\n"
	     "  reply 1 children b=running#5\n");
}

TEST(temporary_children_before_the_dead_one_stay_in_rest_for_one) /* [D4] */
{
	PLAY("rest_for_one: a temporary, b, c temporary\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  removed c #4\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "> which_children /\n"
	     "  reply 1 children b=running#5 a=running#2\n");
}

TEST(a_round_starts_every_child_in_its_range_whatever_state_it_was_in) /* [D5] */
{
	PLAY("one_for_all: a, b transient, c, d\n"
	     "> ignoring a\n"
	     "> up\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "> terminate_child / c\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  reply 1 ok c #4\n"
	     "> good a\n"
	     "> exit d 3\n"
	     "  exited d #5 {code:3}\n"
	     "  report child_terminated d #5 {code:3}\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "  spawn b #7\n"
	     "  started b #7\n"
	     "  spawn c #8\n"
	     "  started c #8\n"
	     "  spawn d #9\n"
	     "  started d #9\n");
}

TEST(a_round_of_rest_for_one_revives_only_later_ones) /* [D5] [D3] */
{
	PLAY("rest_for_one: a transient, b, c transient\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "> exit c 0\n"
	     "  exited c #4 normal\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  spawn c #6\n"
	     "  started c #6\n");
}

TEST(a_stop_in_a_round_follows_the_rules_of_a_stop) /* [D6] [G2] [G3] [G5] */
{
	PLAY("one_for_all: a, b brutal_kill, c 300ms, d\n"
	     "> up\n"
	     "> stubborn c\n"
	     "> answer d 0\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal d #5 TERM\n"
	     "  exited d #5 normal\n"
	     "  report shutdown_error d #5 normal\n"
	     "  signal c #4 TERM\n"
	     "> after 300 ms\n"
	     "  signal c #4 KILL\n"
	     "  exited c #4 killed\n"
	     "  report shutdown_error c #4 killed\n"
	     "  signal b #3 KILL\n"
	     "  exited b #3 killed\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "  spawn b #7\n"
	     "  started b #7\n"
	     "  spawn c #8\n"
	     "  started c #8\n"
	     "  spawn d #9\n"
	     "  started d #9\n");
}

TEST(a_death_during_the_stops_of_a_round_is_part_of_the_round) /* [M3] [D2] */
{
	PLAY("one_for_all 1/1: a, b, c\n"
	     "> up\n"
	     "> hold c\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "> exit b 4\n"
	     "  exited b #3 {code:4}\n"
	     "> good c\n"
	     "> exit c shutdown\n"
	     "  exited c #4 shutdown\n"
	     "  report shutdown_error b #3 {code:4}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  spawn c #7\n"
	     "  started c #7\n");
}

TEST(a_round_in_a_nested_supervisor_stays_there) /* [D2] */
{
	PLAY("one_for_all: a, s {one_for_all: b, c}\n"
	     "> up\n"
	     "> exit s/b 3\n"
	     "  exited s/b #4 {code:3}\n"
	     "  report child_terminated s/b #4 {code:3}\n"
	     "  signal s/c #5 TERM\n"
	     "  exited s/c #5 shutdown\n"
	     "  spawn s/b #6\n"
	     "  started s/b #6\n"
	     "  spawn s/c #7\n"
	     "  started s/c #7\n");
}

TEST(a_round_stops_and_starts_supervisors_with_all_that_is_below_them) /* [D2] [G1] */
{
	PLAY("one_for_all: a, s {one_for_one: b, c}\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal s/c #5 TERM\n"
	     "  exited s/c #5 shutdown\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  exited s #3 shutdown\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "  starting s #7\n"
	     "  spawn s/b #8\n"
	     "  started s/b #8\n"
	     "  spawn s/c #9\n"
	     "  started s/c #9\n"
	     "  started s #7\n");
}

TEST_HARNESS_MAIN
