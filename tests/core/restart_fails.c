// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts that fail during a restart: retries. [F1]..[F9]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_nested_supervisor_that_fails_is_tried_again_as_a_whole) /* [F9] [A6] */
{
	PLAY("one_for_one 2/10: s {one_for_one 0/1: b, c}\n"
	     "> up\n"
	     "> failing c\n"
	     "> exit s/c 3\n"
	     "  exited s/c #4 {code:3}\n"
	     "  report child_terminated s/c #4 {code:3}\n"
	     "  report shutdown s/c #4 reached_max_restart_intensity\n"
	     "  signal s/b #3 TERM\n"
	     "  exited s/b #3 shutdown\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5\n"
	     "  spawn s/b #6\n"
	     "  started s/b #6\n"
	     "  spawn s/c #7\n"
	     "  start_failed s/c #7 {error:no}\n"
	     "  report start_error s/c #7 {error:no}\n"
	     "  signal s/b #6 TERM\n"
	     "  exited s/b #6 shutdown\n"
	     "  start_failed s #5 {shutdown:{failed_to_start_child:{id:c,reason:{error:no}}}}\n"
	     "  report start_error s #5 {shutdown:{failed_to_start_child:{id:c,reason:{"
	     "error:no}}}}\n"
	     "  starting s #8\n"
	     "  spawn s/b #9\n"
	     "  started s/b #9\n"
	     "  spawn s/c #10\n"
	     "  start_failed s/c #10 {error:no}\n"
	     "  report start_error s/c #10 {error:no}\n"
	     "  signal s/b #9 TERM\n"
	     "  exited s/b #9 shutdown\n"
	     "  start_failed s #8 {shutdown:{failed_to_start_child:{id:c,reason:{error:no}}}}\n"
	     "  report start_error s #8 {shutdown:{failed_to_start_child:{id:c,reason:{"
	     "error:no}}}}\n"
	     "  report shutdown s #8 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_failing_restart_is_reported_and_tried_again_until_the_intensity_is_used_up) /* [F1] [F2] */
{
	PLAY("one_for_one 3/10: a, b\n"
	     "> up\n"
	     "> failing a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "  start_failed a #4 {error:no}\n"
	     "  report start_error a #4 {error:no}\n"
	     "  spawn a #5\n"
	     "  start_failed a #5 {error:no}\n"
	     "  report start_error a #5 {error:no}\n"
	     "  spawn a #6\n"
	     "  start_failed a #6 {error:no}\n"
	     "  report start_error a #6 {error:no}\n"
	     "  report shutdown a #6 reached_max_restart_intensity\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_retry_that_succeeds_ends_the_matter) /* [F2] [E2] */
{
	PLAY("one_for_one 2/10: a\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #3 {error:no}\n"
	     "  report start_error a #3 {error:no}\n"
	     "  spawn a #4\n"
	     "> ready a\n"
	     "  started a #4\n"
	     "> exit a 3\n"
	     "  exited a #4 {code:3}\n"
	     "  report child_terminated a #4 {code:3}\n"
	     "  report shutdown a #4 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_child_that_ignores_its_restart_is_stopped_and_kept) /* [F3] */
{
	PLAY("one_for_one 1/10: a\n"
	     "> up\n"
	     "> ignoring a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  ignored a #3\n"
	     "> which_children /\n"
	     "  reply 1 children a=stopped\n");
}

TEST(a_sibling_that_ignores_in_a_round_is_stopped_and_kept) /* [F3] */
{
	PLAY("one_for_all 1/10: a, b transient\n"
	     "> up\n"
	     "> ignoring b\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  spawn b #5\n"
	     "  ignored b #5\n"
	     "> which_children /\n"
	     "  reply 1 children b=stopped a=running#4\n");
}

TEST(a_failed_round_of_one_for_all_is_made_again_from_the_beginning) /* [F4] */
{
	PLAY("one_for_all 2/10: a, b, c\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit c 3\n"
	     "  exited c #4 {code:3}\n"
	     "  report child_terminated c #4 {code:3}\n"
	     "  signal b #3 TERM\n"
	     "> exit b shutdown\n"
	     "  exited b #3 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "> spawn_failed b no\n"
	     "  start_failed b #6 {error:no}\n"
	     "  report start_error b #6 {error:no}\n"
	     "  signal a #5 TERM\n"
	     "  exited a #5 shutdown\n"
	     "  spawn a #7\n"
	     "  started a #7\n"
	     "  spawn b #8\n"
	     "> ready b\n"
	     "  started b #8\n"
	     "  spawn c #9\n"
	     "  started c #9\n");
}

TEST(a_failed_round_of_rest_for_one_is_made_again_from_the_child_that_failed) /* [F5] */
{
	PLAY("rest_for_one 2/10: a, b, c, d\n"
	     "> up\n"
	     "> hold c\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal d #5 TERM\n"
	     "  exited d #5 shutdown\n"
	     "  signal c #4 TERM\n"
	     "> exit c shutdown\n"
	     "  exited c #4 shutdown\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  spawn c #7\n"
	     "> spawn_failed c no\n"
	     "  start_failed c #7 {error:no}\n"
	     "  report start_error c #7 {error:no}\n"
	     "  spawn c #8\n"
	     "> ready c\n"
	     "  started c #8\n"
	     "  spawn d #9\n"
	     "  started d #9\n");
}

TEST(requests_that_waited_are_served_between_attempts) /* [F6] [M1] */
{
	PLAY("one_for_one 2/10: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> which_children /\n"
	     "> count_children /\n"
	     "> restart_child / a\n"
	     "> delete_child / a\n"
	     "> start_child / a\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #4 {error:no}\n"
	     "  report start_error a #4 {error:no}\n"
	     "  reply 1 children b=running#3 a=restarting\n"
	     "  reply 2 counts specs=2 active=1 supervisors=0 workers=2\n"
	     "  reply 3 restarting a #4\n"
	     "  reply 4 restarting a #4\n"
	     "  reply 5 already_present a #4\n"
	     "  spawn a #5\n"
	     "> ready a\n"
	     "  started a #5\n");
}

TEST(terminate_child_of_a_restarting_child_ends_the_retries) /* [F7] [C5] */
{
	PLAY("one_for_one 2/10: a\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "> terminate_child / a\n"
	     "> which_children /\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #3 {error:no}\n"
	     "  report start_error a #3 {error:no}\n"
	     "  reply 1 ok a #3\n"
	     "  reply 2 children a=stopped\n"
	     "> restart_child / a\n"
	     "  spawn a #4\n"
	     "> ready a\n"
	     "  started a #4\n"
	     "  reply 3 started a #4\n");
}

TEST(those_after_a_terminated_restarting_child_stay_stopped_until_the_next_round) /* [F7] */
{
	PLAY("rest_for_one 5/10: a, b, c\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  spawn b #5\n"
	     "> terminate_child / b\n"
	     "> spawn_failed b no\n"
	     "  start_failed b #5 {error:no}\n"
	     "  report start_error b #5 {error:no}\n"
	     "  reply 1 ok b #5\n"
	     "> which_children /\n"
	     "  reply 2 children c=stopped b=stopped a=running#2\n"
	     "> good b\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "  spawn b #7\n"
	     "  started b #7\n"
	     "  spawn c #8\n"
	     "  started c #8\n");
}

TEST(a_stop_while_a_child_is_restarting_ends_everything) /* [F7] [G8] */
{
	PLAY("one_for_one 2/10: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> stop\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #4 {error:no}\n"
	     "  report start_error a #4 {error:no}\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(deaths_that_wait_behind_a_blocked_start_are_handled_in_order) /* [F8] [M1] [M2] */
{
	PLAY("one_for_one 9/10: a, b, c\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "> exit c 4\n"
	     "  exited c #4 {code:4}\n"
	     "> exit a 5\n"
	     "  exited a #2 {code:5}\n"
	     "> ready b\n"
	     "  started b #5\n"
	     "  report child_terminated c #4 {code:4}\n"
	     "  spawn c #6\n"
	     "  started c #6\n"
	     "  report child_terminated a #2 {code:5}\n"
	     "  spawn a #7\n"
	     "  started a #7\n");
}

TEST(a_retry_is_put_behind_the_deaths_that_wait) /* [F1] [F8] */
{
	PLAY("one_for_one 9/10: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> exit b 4\n"
	     "  exited b #3 {code:4}\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #4 {error:no}\n"
	     "  report start_error a #4 {error:no}\n"
	     "  report child_terminated b #3 {code:4}\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  spawn a #6\n");
}

TEST(a_round_takes_over_a_child_that_waits_for_its_retry) /* [F4] [D5] */
{
	PLAY("one_for_all 9/10: a, b\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  spawn b #5\n"
	     "> exit a 4\n"
	     "  exited a #4 {code:4}\n"
	     "> spawn_failed b no\n"
	     "  start_failed b #5 {error:no}\n"
	     "  report start_error b #5 {error:no}\n"
	     "  report child_terminated a #4 {code:4}\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "  spawn b #7\n"
	     "> ready b\n"
	     "  started b #7\n");
}

TEST_HARNESS_MAIN
