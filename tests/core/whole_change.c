// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whole changes, which a reload sends. [K9]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_supervisor_below_that_does_not_run_is_started_with_it) /* [K9] */
{
	PLAY("one_for_one: s transient {one_for_one: i {one_for_one: a}}\n"
	     "> up\n"
	     "> quiet\n"
	     "> change s/i one_for_one: b\n"
	     "> terminate_child / s\n"
	     "> loud\n"
	     "> change / whole one_for_one: s transient {one_for_one: i {one_for_one: c}}\n"
	     "  changed / #1\n"
	     "  reply 3 ok\n"
	     "> restart_child / s\n"
	     "  removed s/i #3\n"
	     "  starting s #5\n"
	     "  starting s/i #6\n"
	     "  spawn s/i/c #7\n"
	     "  started s/i/c #7\n"
	     "  started s/i #6\n"
	     "  started s #5\n"
	     "  reply 4 started s #5\n");
}

TEST(a_change_after_it_outlives_a_restart_of_the_parent) /* [K7] [K9] */
{
	PLAY("one_for_one: s {one_for_one: i {one_for_one: a}}\n"
	     "> up\n"
	     "> quiet\n"
	     "> change / whole one_for_one: s {one_for_one: i {one_for_one: a}}\n"
	     "> change s/i one_for_one: b\n"
	     "> terminate_child / s\n"
	     "> restart_child / s\n"
	     "> loud\n"
	     "> which_children s/i\n"
	     "  reply 5 children b=running#7\n");
}

TEST(a_child_that_was_deleted_is_added_and_not_started) /* [K9] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> quiet\n"
	     "> terminate_child / a\n"
	     "> delete_child / a\n"
	     "> loud\n"
	     "> change / whole one_for_one: a, b\n"
	     "  added a\n"
	     "  changed / #1\n"
	     "  reply 3 ok\n"
	     "> which_children /\n"
	     "  reply 4 children b=running#3 a=stopped\n");
}

TEST(a_temporary_child_that_has_ended_is_not_added) /* [B2] [K9] */
{
	PLAY("one_for_one: a temporary, b\n"
	     "> up\n"
	     "> exit a normal\n"
	     "  exited a #2 normal\n"
	     "  removed a #2\n"
	     "> change / whole one_for_one: a temporary 7ms, b, c\n"
	     "  added c\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> which_children /\n"
	     "  reply 2 children c=stopped b=running#3\n");
}

TEST(a_temporary_child_that_has_ended_is_there_after_a_restart_of_its_supervisor) /* [E8] [K9] */
{
	PLAY("one_for_one: s {one_for_one: a temporary, b}\n"
	     "> up\n"
	     "> quiet\n"
	     "> exit s/a normal\n"
	     "> change s whole one_for_one: a temporary, b\n"
	     "> terminate_child / s\n"
	     "> restart_child / s\n"
	     "> loud\n"
	     "> which_children s\n"
	     "  reply 4 children b=running#7 a=running#6\n");
}

TEST(one_that_a_request_has_ended_was_deleted_and_is_added) /* [C5] [K9] */
{
	PLAY("one_for_one: a temporary, b\n"
	     "> up\n"
	     "> quiet\n"
	     "> terminate_child / a\n"
	     "> loud\n"
	     "> change / whole one_for_one: a temporary, b\n"
	     "  added a\n"
	     "  changed / #1\n"
	     "  reply 2 ok\n");
}

TEST(a_supervisor_that_starts_takes_it_when_it_is_up) /* [K9] */
{
	PLAY("one_for_one: a\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> change / whole one_for_one: a, b\n"
	     "> ready a\n"
	     "  started a #2\n"
	     "  started / #1\n"
	     "  added b\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n");
}

TEST(a_supervisor_that_does_not_come_up_refuses_it) /* [C6] [K9] */
{
	PLAY("one_for_one: a\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> change / whole one_for_one: a, b\n"
	     "> spawn_failed a no\n"
	     "  start_failed a #2 {error:no}\n"
	     "  report start_error a #2 {error:no}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:no}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:no}}}}\n"
	     "  reply 1 noproc\n");
}

TEST_HARNESS_MAIN
