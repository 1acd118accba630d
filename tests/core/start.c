// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first start of a tree, and what comes of one that fails. [A1]..[A6]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(children_are_started_in_list_order_each_ready_before_the_next) /* [A1] */
{
	PLAY("one_for_one: a, b, c\n"
	     "> hold b\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "> ready b\n"
	     "  started b #3\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  started / #1\n");
}

TEST(a_supervisor_is_ready_when_its_last_child_is) /* [A2] */
{
	PLAY("one_for_one: a, s {one_for_one: b, t {one_for_one: c}}, d\n"
	     "> hold c\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  starting s #3\n"
	     "  spawn s/b #4\n"
	     "  started s/b #4\n"
	     "  starting s/t #5\n"
	     "  spawn s/t/c #6\n"
	     "> ready s/t/c\n"
	     "  started s/t/c #6\n"
	     "  started s/t #5\n"
	     "  started s #3\n"
	     "  spawn d #7\n"
	     "  started d #7\n"
	     "  started / #1\n");
}

TEST(a_tree_without_children_is_ready_at_once) /* [A2] */
{
	PLAY("one_for_one\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  started / #1\n"
	     "> count_children /\n"
	     "  reply 1 counts specs=0 active=0 supervisors=0 workers=0\n");
}

TEST(a_supervisor_may_ignore_its_start_as_a_child_may) /* [A3] */
{
	PLAY("one_for_one: s {one_for_one init=ignore}, t temporary {one_for_one init=ignore}, a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  starting s #2\n"
	     "  ignored s #2\n"
	     "  starting t #3\n"
	     "  ignored t #3\n"
	     "  removed t #3\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  started / #1\n"
	     "> which_children /\n"
	     "  reply 1 children a=running#4 s=stopped\n");
}

TEST(a_root_that_ignores_is_over_before_it_began) /* [A3] */
{
	PLAY("one_for_one init=ignore\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  ignored / #1\n"
	     "  halted / #1 normal\n"
	     "> which_children /\n"
	     "  reply 1 noproc\n");
}

TEST(a_child_that_ignores_is_kept_stopped_unless_it_is_temporary) /* [A4] */
{
	PLAY("one_for_one: a, b transient, c temporary, d\n"
	     "> ignoring a\n"
	     "> ignoring b\n"
	     "> ignoring c\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  ignored a #2\n"
	     "  spawn b #3\n"
	     "  ignored b #3\n"
	     "  spawn c #4\n"
	     "  ignored c #4\n"
	     "  removed c #4\n"
	     "  spawn d #5\n"
	     "  started d #5\n"
	     "  started / #1\n"
	     "> which_children /\n"
	     "  reply 1 children d=running#5 b=stopped a=stopped\n"
	     "> count_children /\n"
	     "  reply 2 counts specs=3 active=1 supervisors=0 workers=3\n");
}

TEST(an_ignoring_child_is_waited_for_until_its_process_has_ended) /* [A4] [M2] */
{
	PLAY("one_for_one: a 300ms, b\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> ignore a\n"
	     "> after 299 ms\n"
	     "> after 1 ms\n"
	     "  signal a #2 KILL\n"
	     "> exit a killed\n"
	     "  ignored a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  started / #1\n");
}

TEST(a_failed_start_stops_those_before_in_reverse_order_and_starts_none_after) /* [A5] */
{
	PLAY("one_for_all: a, b transient, c, d temporary, e\n"
	     "> failing d\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  spawn d #5\n"
	     "  start_failed d #5 {error:no}\n"
	     "  report start_error d #5 {error:no}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:d,reason:{error:no}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:d,reason:{error:no}}}}\n");
}

TEST(the_undoing_of_a_start_follows_the_rules_of_a_stop) /* [A5] [G3] [G5] */
{
	PLAY("one_for_one: a 300ms, b, c\n"
	     "> stubborn a\n"
	     "> answer b 0\n"
	     "> failing c\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  spawn c #4\n"
	     "  start_failed c #4 {error:no}\n"
	     "  report start_error c #4 {error:no}\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 normal\n"
	     "  report shutdown_error b #3 normal\n"
	     "  signal a #2 TERM\n"
	     "> after 300 ms\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:c,reason:{error:no}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:c,reason:{error:no}}}}\n");
}

TEST(there_is_no_retry_in_the_first_start_whatever_the_restart_type) /* [A5] */
{
	PLAY("one_for_one 10/1: a temporary\n"
	     "> failing a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  start_failed a #2 {error:no}\n"
	     "  report start_error a #2 {error:no}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:no}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:no}}}}\n");
}

TEST(the_reason_of_a_failed_start_is_wrapped_once_a_level) /* [A6] */
{
	PLAY("one_for_one: s {one_for_one: t {one_for_one: a}}\n"
	     "> failing a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  starting s #2\n"
	     "  starting s/t #3\n"
	     "  spawn s/t/a #4\n"
	     "  start_failed s/t/a #4 {error:no}\n"
	     "  report start_error s/t/a #4 {error:no}\n"
	     "  start_failed s/t #3 {shutdown:{failed_to_start_child:{id:a,reason:{error:no}}}}\n"
	     "  report start_error s/t #3 {shutdown:{failed_to_start_child:{id:a,reason:{"
	     "error:no}}}}\n"
	     "  start_failed s #2 {shutdown:{failed_to_start_child:{id:t,reason:{shutdown:{"
	     "failed_to_start_child:{id:a,reason:{error:no}}}}}}}\n"
	     "  report start_error s #2 {shutdown:{failed_to_start_child:{id:t,reason:{shutdown:{"
	     "failed_to_start_child:{id:a,reason:{error:no}}}}}}}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:s,reason:{shutdown:{"
	     "failed_to_start_child:{id:t,reason:{shutdown:{failed_to_start_child:{id:a,reason:{"
	     "error:no}}}}}}}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:s,reason:{shutdown:{"
	     "failed_to_start_child:{id:t,reason:{shutdown:{failed_to_start_child:{id:a,reason:{"
	     "error:no}}}}}}}}}}\n");
}

TEST(an_end_before_READY_is_a_start_error_also_with_status_0) /* [B3] */
{
	PLAY("one_for_one: a, b\n"
	     "> hold b\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "> exit b 0\n"
	     "  start_failed b #3 normal\n"
	     "  report start_error b #3 normal\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:b,reason:normal}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:b,reason:normal}}}\n");
}

TEST(a_process_that_can_not_be_made_is_a_start_error) /* [B3] */
{
	PLAY("one_for_one: a\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> spawn_failed a execve: No such file or directory\n"
	     "  start_failed a #2 {error:execve: No such file or directory}\n"
	     "  report start_error a #2 {error:execve: No such file or directory}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:execve: "
	     "No such file or directory}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:execve: No such "
	     "file or directory}}}}\n");
}

TEST(what_a_child_says_after_IGNORE_or_ERROR_does_not_count) /* [A4] [B3] */
{
	PLAY("one_for_one: a, b\n"
	     "> hold a\n"
	     "> hold b\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> ignore a\n"
	     "> ready a\n"
	     "> error a changed my mind\n"
	     "> exit a 0\n"
	     "  ignored a #2\n"
	     "  spawn b #3\n"
	     "> error b first\n"
	     "> ready b\n"
	     "> exit b 0\n"
	     "  start_failed b #3 {error:first}\n"
	     "  report start_error b #3 {error:first}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:b,reason:{error:first}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:b,reason:{error:first}}}}\n");
}

TEST(a_simple_one_for_one_supervisor_without_one_template_does_not_start) /* [V5] */
{
	PLAY("simple_one_for_one\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  start_failed / #1 bad_start_spec\n"
	     "  halted / #1 bad_start_spec\n");
	PLAY("one_for_one: s {simple_one_for_one: a, b}\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  starting s #2\n"
	     "  start_failed s #2 bad_start_spec\n"
	     "  report start_error s #2 bad_start_spec\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:s,reason:bad_start_spec}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:s,reason:bad_start_spec}}}\n");
}

TEST(a_specification_that_OTP_refuses_fails_when_it_is_started) /* [V1] [V3] */
{
	PLAY("one_for_one: a, s {one_for_one init=error}\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  starting s #3\n"
	     "  start_failed s #3 {supervisor_data:{invalid_intensity:-1}}\n"
	     "  report start_error s #3 {supervisor_data:{invalid_intensity:-1}}\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:s,reason:{"
	     "supervisor_data:{invalid_intensity:-1}}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:s,reason:{supervisor_data:{"
	     "invalid_intensity:-1}}}}}\n");
}

TEST(a_start_has_no_time_limit) /* [M2] */
{
	PLAY("one_for_one: a\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> deadline\n"
	     "  none\n"
	     "> after 100000 s\n"
	     "> ready a\n"
	     "  started a #2\n"
	     "  started / #1\n");
}

TEST(a_child_that_is_not_ready_within_its_start_timeout_is_killed) /* [M2] */
{
	PLAY("one_for_one: a start_timeout=500\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> deadline\n"
	     "  in 500 ms\n"
	     "> after 499 ms\n"
	     "> after 1 ms\n"
	     "  signal a #2 KILL\n"
	     "> ready a\n"
	     "> exit a killed\n"
	     "  start_failed a #2 {error:start_timeout: not ready in time}\n"
	     "  report start_error a #2 {error:start_timeout: not ready in time}\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:a,reason:{"
	     "error:start_timeout: not ready in time}}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:a,reason:{error:start_timeout: "
	     "not ready in time}}}}\n");
}

TEST(a_start_timeout_is_over_when_the_child_is_ready) /* [M2] */
{
	PLAY("one_for_one: a start_timeout=500\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> after 499 ms\n"
	     "> ready a\n"
	     "  started a #2\n"
	     "  started / #1\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(a_child_with_brutal_kill_that_said_IGNORE_is_given_no_time) /* [A4] [G2] */
{
	PLAY("one_for_one: a brutal_kill\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> ignore a\n"
	     "  signal a #2 KILL\n"
	     "> exit a killed\n"
	     "  ignored a #2\n"
	     "  started / #1\n");
}

TEST_HARNESS_MAIN
