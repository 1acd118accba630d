// SPDX-License-Identifier: GPL-2.0-only
/*
 * What effects say of their cause: the rule that a supervisor obeys, and the end that
 * it is about. `suptree why` has nothing else to go by.
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(what_a_round_stops_and_starts_names_the_end_that_it_is_for) /* [D2] */
{
	PLAY("one_for_all 3/5: a, b, c\n"
	     "> up\n"
	     "> causes\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3} -> B1\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown (D2 #3 1/3)\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown (D2 #3 1/3)\n"
	     "  spawn a #5\n"
	     "  started a #5 (D2 #3 1/3)\n"
	     "  spawn b #6\n"
	     "  started b #6 (D2 #3 1/3)\n"
	     "  spawn c #7\n"
	     "  started c #7 (D2 #3 1/3)\n");
}

TEST(an_end_that_nobody_asked_for_has_no_cause_but_the_rule_that_it_meets) /* [B1] [B2] */
{
	PLAY("rest_for_one 3/5: t transient, f temporary\n"
	     "> up\n"
	     "> causes\n"
	     "> exit t 1\n"
	     "  exited t #2 {code:1} -> B1\n"
	     "  report child_terminated t #2 {code:1}\n"
	     "  signal f #3 TERM\n"
	     "  exited f #3 shutdown (D3 #2 1/3)\n"
	     "  removed f #3\n"
	     "  spawn t #4\n"
	     "  started t #4 (D3 #2 1/3)\n"
	     "> exit t normal\n"
	     "  exited t #4 normal -> B2\n");
}

TEST(a_supervisor_that_gives_up_names_the_child_and_its_parent_names_it) /* [E6] [E7] */
{
	PLAY("one_for_one 1/5: s {one_for_one 0/5: a, b}\n"
	     "> up\n"
	     "> causes\n"
	     "> exit s/a killed\n"
	     "  exited s/a #3 killed -> B1\n"
	     "  report child_terminated s/a #3 killed\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity (E6 #3 1/0)\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown (E6 #3 1/0)\n"
	     "  exited s #2 shutdown (E6 #3 1/0) -> B1\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5 (D1 #2 1/1)\n"
	     "  spawn s/a #6\n"
	     "  started s/a #6 (D1 #2 1/1)\n"
	     "  spawn s/b #7\n"
	     "  started s/b #7 (D1 #2 1/1)\n"
	     "  started s #5 (D1 #2 1/1)\n");
}

TEST(a_supervisor_that_is_stopped_hands_the_cause_down) /* [D2] [G1] */
{
	PLAY("one_for_all: a, s {one_for_one: b}\n"
	     "> up\n"
	     "> causes\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1} -> B1\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown (D2 #2 1/1)\n"
	     "  exited s #3 shutdown (D2 #2 1/1)\n"
	     "  spawn a #5\n"
	     "  started a #5 (D2 #2 1/1)\n"
	     "  starting s #6 (D2 #2 1/1)\n"
	     "  spawn s/b #7\n"
	     "  started s/b #7 (D2 #2 1/1)\n"
	     "  started s #6 (D2 #2 1/1)\n");
}

TEST(a_start_that_fails_again_names_the_attempt_before) /* [F1] [F2] */
{
	PLAY("one_for_one 2/5: a\n"
	     "> up\n"
	     "> causes\n"
	     "> failing a\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1} -> B1\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  spawn a #3\n"
	     "  start_failed a #3 {error:no} (D1 #2 1/2) -> F1\n"
	     "  report start_error a #3 {error:no}\n"
	     "  spawn a #4\n"
	     "  start_failed a #4 {error:no} (D1 #3 2/2) -> F1\n"
	     "  report start_error a #4 {error:no}\n"
	     "  report shutdown a #4 reached_max_restart_intensity (E6 #4 3/2)\n"
	     "  exited / #1 shutdown (E6 #4 3/2)\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_failed_first_start_is_the_cause_of_the_undoing_and_of_the_failure_above) /* [A5] [A6] */
{
	PLAY("one_for_one: s {one_for_one: a, b}\n"
	     "> causes\n"
	     "> failing b\n"
	     "> boot\n"
	     "  starting / #1 (A1)\n"
	     "  starting s #2 (A1)\n"
	     "  spawn s/a #3\n"
	     "  started s/a #3 (A1)\n"
	     "  spawn s/b #4\n"
	     "  start_failed s/b #4 {error:no} (A1) -> A5\n"
	     "  report start_error s/b #4 {error:no}\n"
	     "  signal s/a #3 TERM\n"
	     "  exited s/a #3 shutdown (A5 #4)\n"
	     "  start_failed s #2 {shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}} "
	     "(A5 #4) -> A5\n"
	     "  report start_error s #2 "
	     "{shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:s,reason:"
	     "{shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}}}}} (A5 #2)\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:s,reason:"
	     "{shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}}}}}\n");
}

TEST(what_was_asked_for_names_the_request) /* [C1] [C3] [C5] [G6] */
{
	PLAY("one_for_one 2/5: a, s {one_for_one: b}\n"
	     "> up\n"
	     "> causes\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown (C5 request 1)\n"
	     "  reply 1 ok a #2\n"
	     "> restart_child / a\n"
	     "  spawn a #5\n"
	     "  started a #5 (C3 request 2)\n"
	     "  reply 2 started a #5\n"
	     "> start_child / c\n"
	     "  spawn c #6\n"
	     "  started c #6 (C1 request 3)\n"
	     "  added c #6\n"
	     "  reply 3 started c #6\n"
	     "> stop_supervisor s normal\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown (G6 request 4)\n"
	     "  exited s #3 normal (G6 request 4) -> B1\n"
	     "  reply 4 ok\n"
	     "  report child_terminated s #3 normal\n"
	     "  starting s #7 (D1 #3 1/2)\n"
	     "  spawn s/b #8\n"
	     "  started s/b #8 (D1 #3 1/2)\n"
	     "  started s #7 (D1 #3 1/2)\n");
}

TEST(an_auto_shutdown_names_the_significant_child) /* [H2] [H5] */
{
	PLAY("one_for_one: s temporary {one_for_one any_significant: a transient significant, b}\n"
	     "> up\n"
	     "> causes\n"
	     "> exit s/a normal\n"
	     "  exited s/a #3 normal -> B2\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown (H2 #3)\n"
	     "  exited s #2 shutdown (H2 #3) -> B2\n"
	     "  removed s #2\n");
}

TEST_HARNESS_MAIN
