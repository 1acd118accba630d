// SPDX-License-Identifier: GPL-2.0-only
/*
 * Significant children and automatic shutdown. [H1]..[H6]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(any_significant_child_that_ends_by_itself_ends_the_supervisor) /* [H1] [H2] */
{
	PLAY("one_for_one 1/5 any_significant: a, b transient significant, c\n"
	     "> up\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_temporary_significant_child_counts_whatever_its_end) /* [H1] */
{
	PLAY("one_for_one 1/5 any_significant: a temporary significant, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  removed a #2\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(an_insignificant_child_ends_nothing) /* [H1] */
{
	PLAY("one_for_one 1/5 any_significant: a transient, b transient significant\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "> which_children /\n"
	     "  reply 1 children b=running#3 a=stopped\n");
}

TEST(a_significant_child_that_is_restarted_ends_nothing) /* [H2] */
{
	PLAY("one_for_one 1/5 any_significant: a transient significant\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  started a #3\n");
}

TEST(all_significant_waits_for_the_last_of_them) /* [H3] */
{
	PLAY("one_for_one 1/5 all_significant: c, a transient significant, b temporary "
	     "significant\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #3 normal\n"
	     "> exit b 3\n"
	     "  exited b #4 {code:3}\n"
	     "  report child_terminated b #4 {code:3}\n"
	     "  removed b #4\n"
	     "  signal c #2 TERM\n"
	     "  exited c #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_restarting_significant_child_is_still_left) /* [H3] */
{
	PLAY("one_for_one 9/5 all_significant: a transient significant backoff=100/100, b "
	     "transient significant\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "> after 100 ms\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a 0\n"
	     "  exited a #4 normal\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stopped_significant_child_is_not_left) /* [H3] [H4] */
{
	PLAY("one_for_one 9/5 all_significant: a transient significant, b transient significant\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(terminate_child_never_ends_the_supervisor) /* [H4] */
{
	PLAY("one_for_one 9/5 any_significant: a transient significant, b temporary significant\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> terminate_child / b\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  removed b #3\n"
	     "  reply 2 ok b #3\n"
	     "> which_children /\n"
	     "  reply 3 children a=stopped\n");
}

TEST(a_stop_in_a_round_never_ends_the_supervisor) /* [H4] */
{
	PLAY("one_for_all 9/5 any_significant: a, b transient significant, c temporary "
	     "significant\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  removed c #4\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "  started b #6\n");
}

TEST(temporary_ones_lost_in_a_round_are_not_left_the_next_time) /* [H4] [H3] */
{
	PLAY("one_for_all 9/5 all_significant: a transient significant, b temporary significant\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  removed b #3\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a 0\n"
	     "  exited a #4 normal\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_failed_or_ignored_start_never_ends_the_supervisor) /* [H4] [H6] */
{
	PLAY("one_for_one 9/5 any_significant: a transient significant, b transient significant\n"
	     "> ignoring a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  ignored a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  started / #1\n"
	     "> failing a\n"
	     "> restart_child / a\n"
	     "  spawn a #4\n"
	     "  start_failed a #4 {error:no}\n"
	     "  reply 1 start_error {error:no} a #4\n"
	     "> which_children /\n"
	     "  reply 2 children b=running#3 a=stopped\n");
}

TEST(a_significant_child_that_ignored_is_not_left) /* [H6] [H3] */
{
	PLAY("one_for_one 9/5 all_significant: a transient significant, b transient significant\n"
	     "> ignoring a\n"
	     "> up\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(an_automatic_shutdown_cascades_through_significant_supervisors) /* [H5] [H1] */
{
	PLAY("one_for_one 9/5 any_significant: x, s transient significant {one_for_one "
	     "any_significant: y, a temporary significant}\n"
	     "> up\n"
	     "> exit s/a 0\n"
	     "  exited s/a #5 normal\n"
	     "  removed s/a #5\n"
	     "  signal s/y #4 TERM\n"
	     "  exited s/y #4 shutdown\n"
	     "  exited s #3 shutdown\n"
	     "  signal x #2 TERM\n"
	     "  exited x #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_permanent_supervisor_that_shut_down_automatically_is_restarted) /* [H5] */
{
	PLAY("one_for_one 9/5: s {one_for_one any_significant: a transient significant}\n"
	     "> up\n"
	     "> exit s/a 0\n"
	     "  exited s/a #3 normal\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #4\n"
	     "  spawn s/a #5\n"
	     "  started s/a #5\n"
	     "  started s #4\n");
}

TEST(giving_up_looks_the_same_to_the_parent_and_cascades) /* [H5] [E6] */
{
	PLAY("one_for_one 9/5 any_significant: s transient significant {one_for_one 0/5: a}\n"
	     "> up\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  exited s #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST_HARNESS_MAIN
