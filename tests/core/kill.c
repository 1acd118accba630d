// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kill of a supervisor is the kill of its whole subtree. [G7] [Q3]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_supervisor_with_brutal_kill_dies_with_all_below_it_and_no_polite_word) /* [G7] [G2] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: a infinity, t {one_for_one: b}, c}\n"
	     "> up\n"
	     "> terminate_child / s\n"
	     "  signal s/a #3 KILL\n"
	     "  signal s/t/b #5 KILL\n"
	     "  signal s/c #6 KILL\n"
	     "  exited s/a #3 killed\n"
	     "  exited s/t/b #5 killed\n"
	     "  exited s/t #4 killed\n"
	     "  exited s/c #6 killed\n"
	     "  exited s #2 killed\n"
	     "  reply 1 ok s #2\n");
}

TEST(a_killed_supervisor_has_ended_when_the_last_process_below_it_is_reaped) /* [G7] [Q3] */
{
	PLAY("one_for_all: x, s brutal_kill {one_for_one: a, t {one_for_one: b}}\n"
	     "> up\n"
	     "> hold a\n"
	     "> hold b\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  signal s/a #4 KILL\n"
	     "  signal s/t/b #6 KILL\n"
	     "> exit s/a killed\n"
	     "  exited s/a #4 killed\n"
	     "> exit s/t/b killed\n"
	     "  exited s/t/b #6 killed\n"
	     "  exited s/t #5 killed\n"
	     "  exited s #3 killed\n"
	     "  spawn x #7\n"
	     "  started x #7\n"
	     "  starting s #8\n"
	     "  spawn s/a #9\n");
}

TEST(a_supervisor_that_takes_too_long_is_killed_while_it_stops) /* [G7] [G3] */
{
	PLAY("one_for_one: s 300ms {one_for_one: a, t {one_for_one: b}}\n"
	     "> up\n"
	     "> stubborn b\n"
	     "> terminate_child / s\n"
	     "  signal s/t/b #5 TERM\n"
	     "> after 300 ms\n"
	     "  signal s/a #3 KILL\n"
	     "  signal s/t/b #5 KILL\n"
	     "  exited s/a #3 killed\n"
	     "  exited s/t/b #5 killed\n"
	     "  exited s/t #4 killed\n"
	     "  exited s #2 killed\n"
	     "  report shutdown_error s #2 killed\n"
	     "  reply 1 ok s #2\n");
}

TEST(a_supervisor_with_shutdown_0_is_killed_at_once) /* [G7] [G3] */
{
	PLAY("one_for_one: s 0ms {one_for_one: a}, t 0ms {one_for_one}\n"
	     "> up\n"
	     "> terminate_child / s\n"
	     "  signal s/a #3 KILL\n"
	     "  exited s/a #3 killed\n"
	     "  exited s #2 killed\n"
	     "  report shutdown_error s #2 killed\n"
	     "  reply 1 ok s #2\n"
	     "> terminate_child / t\n"
	     "  exited t #4 killed\n"
	     "  report shutdown_error t #4 killed\n"
	     "  reply 2 ok t #4\n");
}

TEST(a_killed_supervisor_does_nothing_more_with_what_it_was_about) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_all: a, b}\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  signal s/b #4 TERM\n"
	     "> which_children s\n"
	     "> terminate_child / s\n"
	     "  signal s/b #4 KILL\n"
	     "  reply 1 noproc\n"
	     "> exit s/b killed\n"
	     "  exited s/b #4 killed\n"
	     "  exited s #2 killed\n"
	     "  reply 2 ok s #2\n");
}

TEST(a_kill_during_a_start_aborts_it) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: a, b}\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit s/b 3\n"
	     "  exited s/b #4 {code:3}\n"
	     "  report child_terminated s/b #4 {code:3}\n"
	     "  spawn s/b #5\n"
	     "> start_child s c\n"
	     "> terminate_child / s\n"
	     "  signal s/a #3 KILL\n"
	     "  signal s/b #5 KILL\n"
	     "  reply 1 noproc\n"
	     "  exited s/a #3 killed\n"
	     "> ready s/b\n"
	     "> exit s/b killed\n"
	     "  start_aborted s/b #5\n"
	     "  exited s #2 killed\n"
	     "  reply 2 ok s #2\n");
}

TEST(a_spawn_that_fails_after_the_kill_counts_as_an_end) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: a}\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  spawn s/a #4\n"
	     "> terminate_child / s\n"
	     "  signal s/a #4 KILL\n"
	     "> spawn_failed s/a no\n"
	     "  start_aborted s/a #4\n"
	     "  exited s #2 killed\n"
	     "  reply 1 ok s #2\n");
}

TEST(dead_and_waiting_children_of_a_killed_supervisor_are_not_waited_for) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one 9/1: a, b, c backoff=500/500, d transient}\n"
	     "> up\n"
	     "> exit s/c 3\n"
	     "  exited s/c #5 {code:3}\n"
	     "  report child_terminated s/c #5 {code:3}\n"
	     "  delayed s/c #5 ms=500\n"
	     "> exit s/d 0\n"
	     "  exited s/d #6 normal\n"
	     "> hold a\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  spawn s/a #7\n"
	     "> exit s/b 4\n"
	     "  exited s/b #4 {code:4}\n"
	     "> terminate_child / s\n"
	     "  signal s/a #7 KILL\n"
	     "> deadline\n"
	     "  none\n"
	     "> exit s/a killed\n"
	     "  start_aborted s/a #7\n"
	     "  exited s #2 killed\n"
	     "  reply 1 ok s #2\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(a_killed_supervisor_without_processes_ends_at_once) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: t {one_for_one}, a transient}\n"
	     "> up\n"
	     "> exit s/a 0\n"
	     "  exited s/a #4 normal\n"
	     "> terminate_child / s\n"
	     "  exited s/t #3 killed\n"
	     "  exited s #2 killed\n"
	     "  reply 1 ok s #2\n");
}

TEST(a_dynamic_supervisor_is_killed_like_any_other) /* [G7] [I7] */
{
	PLAY("one_for_one: s brutal_kill {simple_one_for_one: w}\n"
	     "> up\n"
	     "> start_child s a\n"
	     "  spawn s/a #3\n"
	     "  started s/a #3\n"
	     "  added s/a #3\n"
	     "  reply 1 started s/a #3\n"
	     "> start_child s b\n"
	     "  spawn s/b #4\n"
	     "  started s/b #4\n"
	     "  added s/b #4\n"
	     "  reply 2 started s/b #4\n"
	     "> terminate_child / s\n"
	     "  signal s/a #3 KILL\n"
	     "  signal s/b #4 KILL\n"
	     "  exited s/a #3 killed\n"
	     "  exited s/b #4 killed\n"
	     "  exited s #2 killed\n"
	     "  reply 3 ok s #2\n"
	     "> restart_child / s\n"
	     "  starting s #5\n"
	     "  removed s/a #3\n"
	     "  removed s/b #4\n"
	     "  started s #5\n"
	     "  reply 4 started s #5\n"
	     "> which_children s\n"
	     "  reply 5 children\n");
}

TEST(a_killed_permanent_supervisor_is_restarted_as_new) /* [G7] [B1] [E8] */
{
	PLAY("one_for_all 1/1: x, s brutal_kill {one_for_one: a}\n"
	     "> up\n"
	     "> exit x 3\n"
	     "  exited x #2 {code:3}\n"
	     "  report child_terminated x #2 {code:3}\n"
	     "  signal s/a #4 KILL\n"
	     "  exited s/a #4 killed\n"
	     "  exited s #3 killed\n"
	     "  spawn x #5\n"
	     "  started x #5\n"
	     "  starting s #6\n"
	     "  spawn s/a #7\n"
	     "  started s/a #7\n"
	     "  started s #6\n");
}

TEST(the_kill_of_the_root_ends_everything) /* [G7] */
{
	PLAY("one_for_one: a, s {one_for_one: b}\n"
	     "> up\n"
	     "> hold a\n"
	     "> kill\n"
	     "  signal a #2 KILL\n"
	     "  signal s/b #4 KILL\n"
	     "  exited s/b #4 killed\n"
	     "  exited s #3 killed\n"
	     "> kill\n"
	     "> stop\n"
	     "> exit a killed\n"
	     "  exited a #2 killed\n"
	     "  exited / #1 killed\n"
	     "  halted / #1 killed\n");
}

TEST(the_root_can_be_killed_while_it_starts) /* [G7] */
{
	PLAY("one_for_one: a, b\n"
	     "> hold b\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "> kill\n"
	     "  signal a #2 KILL\n"
	     "  signal b #3 KILL\n"
	     "  exited a #2 killed\n"
	     "> exit b killed\n"
	     "  start_aborted b #3\n"
	     "  start_aborted / #1\n"
	     "  halted / #1 killed\n");
}

TEST(a_child_that_said_ERROR_dies_with_its_killed_supervisor) /* [G7] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: a}\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  spawn s/a #4\n"
	     "> error s/a no\n"
	     "> terminate_child / s\n"
	     "  signal s/a #4 KILL\n"
	     "> exit s/a 0\n"
	     "  start_aborted s/a #4\n"
	     "  exited s #2 killed\n"
	     "  reply 1 ok s #2\n");
}

TEST(a_request_that_a_killed_supervisor_works_on_finds_nobody) /* [G7] [C6] */
{
	PLAY("one_for_one: s brutal_kill {one_for_one: a}\n"
	     "> up\n"
	     "> hold b\n"
	     "> start_child s b\n"
	     "  spawn s/b #4\n"
	     "> terminate_child / s\n"
	     "  signal s/a #3 KILL\n"
	     "  signal s/b #4 KILL\n"
	     "  reply 1 noproc\n"
	     "  exited s/a #3 killed\n"
	     "> exit s/b killed\n"
	     "  start_aborted s/b #4\n"
	     "  exited s #2 killed\n"
	     "  reply 2 ok s #2\n");
}

TEST_HARNESS_MAIN
