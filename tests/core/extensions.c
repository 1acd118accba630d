// SPDX-License-Identifier: GPL-2.0-only
/*
 * What OTP does not have and a child must ask for: stop_signal [X6], start_now [X7],
 * ready: exit [X8], min_uptime [X9], probe [X11]; and the request restart [X10].
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(a_stop_signal_takes_the_place_of_sigterm) /* [X6] [G3] [G5] */
{
	PLAY("one_for_one: a stop_signal=QUIT, b stop_signal=INT brutal_kill\n"
	     "> up\n"
	     "> stop\n"
	     "  signal b #3 KILL\n"
	     "  exited b #3 killed\n"
	     "  signal a #2 QUIT\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stop_signal_is_followed_by_sigkill_when_the_patience_is_over) /* [X6] [G3] */
{
	PLAY("one_for_one: a stop_signal=INT 100ms\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> terminate_child / a\n"
	     "  signal a #2 INT\n"
	     "> after 100 ms\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  reply 1 ok a #2\n");
}

TEST(an_end_by_the_stop_signal_is_a_normal_end_whoever_sent_it) /* [X6] [B2] */
{
	PLAY("one_for_one 9/1: a transient stop_signal=INT, b transient stop_signal=INT,"
	     " c transient stop_signal=INT, d transient\n"
	     "> up\n"
	     "> exit a INT\n"
	     "  exited a #2 shutdown\n"
	     "> exit b 130\n"
	     "  exited b #3 shutdown\n"
	     "> exit c QUIT\n"
	     "  exited c #4 {signal:QUIT}\n"
	     "  report child_terminated c #4 {signal:QUIT}\n"
	     "  spawn c #6\n"
	     "  started c #6\n"
	     "> exit c shutdown\n"
	     "  exited c #6 shutdown\n"
	     "> exit d INT\n"
	     "  exited d #5 {signal:INT}\n"
	     "  report child_terminated d #5 {signal:INT}\n"
	     "  spawn d #7\n"
	     "  started d #7\n");
}

TEST(a_child_of_start_now_false_waits_for_a_request) /* [X7] */
{
	PLAY("one_for_one: a, b later, c\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn c #3\n"
	     "  started c #3\n"
	     "  started / #1\n"
	     "> which_children /\n"
	     "  reply 1 children c=running#3 b=stopped a=running#2\n"
	     "> restart_child / b\n"
	     "  spawn b #4\n"
	     "  started b #4\n"
	     "  reply 2 started b #4\n"
	     "> exit b 1\n"
	     "  exited b #4 {code:1}\n"
	     "  report child_terminated b #4 {code:1}\n"
	     "  spawn b #5\n"
	     "  started b #5\n");
}

TEST(a_round_starts_a_waiting_child_only_if_it_was_asked_for) /* [X7] [D5] */
{
	PLAY("one_for_all 9/1: a, b later\n"
	     "> up\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> restart_child / b\n"
	     "  spawn b #4\n"
	     "  started b #4\n"
	     "  reply 1 started b #4\n"
	     "> exit a 1\n"
	     "  exited a #3 {code:1}\n"
	     "  report child_terminated a #3 {code:1}\n"
	     "  signal b #4 TERM\n"
	     "  exited b #4 shutdown\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "> terminate_child / b\n"
	     "  signal b #6 TERM\n"
	     "  exited b #6 shutdown\n"
	     "  reply 2 ok b #6\n"
	     "> exit a 1\n"
	     "  exited a #5 {code:1}\n"
	     "  report child_terminated a #5 {code:1}\n"
	     "  spawn a #7\n"
	     "  started a #7\n");
}

TEST(a_round_does_not_forget_a_temporary_child_that_waits) /* [X7] [D4] */
{
	PLAY("one_for_all 9/1: a, b temporary later, c temporary\n"
	     "> up\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  signal c #3 TERM\n"
	     "  exited c #3 shutdown\n"
	     "  removed c #3\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> which_children /\n"
	     "  reply 1 children b=stopped a=running#4\n");
}

/* The retry then went on to the next child, and started it a second time. */
TEST(a_retry_of_a_child_that_shall_wait_by_now_is_none) /* [X7] [F7] [K3] */
{
	PLAY("rest_for_one 9/1: a\n"
	     "> up\n"
	     "> change / rest_for_one 9/1: a, b backoff=100/100\n"
	     "  added b\n"
	     "  changed / #1\n"
	     "  reply 1 ok\n"
	     "> failing b\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "  spawn b #4\n"
	     "  start_failed b #4 {error:no}\n"
	     "  report start_error b #4 {error:no}\n"
	     "  delayed b #4 ms=100\n"
	     "> change / one_for_one 9/1: b later\n"
	     "  changed / #1\n"
	     "  reply 2 ok\n"
	     "> after 100 ms\n"
	     "> which_children /\n"
	     "  reply 3 children a=running#3 b=stopped\n");
}

TEST(a_supervisor_that_starts_anew_leaves_such_a_child_stopped) /* [X7] [E8] */
{
	PLAY("one_for_one 9/1: s {one_for_one 0/1: a, b later}\n"
	     "> up\n"
	     "> restart_child s b\n"
	     "  spawn s/b #4\n"
	     "  started s/b #4\n"
	     "  reply 1 started s/b #4\n"
	     "> quiet\n"
	     "> exit s/a 1\n"
	     "> loud\n"
	     "> which_children s\n"
	     "  reply 2 children b=stopped a=running#6\n");
}

TEST(start_child_of_start_now_false_only_adds) /* [X7] [C1] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> start_child / b later\n"
	     "  added b\n"
	     "  reply 1 added b\n"
	     "> start_child / b later\n"
	     "  reply 2 already_present b\n"
	     "> delete_child / b\n"
	     "  removed b\n"
	     "  reply 3 ok b\n");
}

TEST(a_supervisor_may_wait_for_a_request_too) /* [X7] */
{
	PLAY("one_for_one: s later {one_for_one: a}\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  started / #1\n"
	     "> restart / s\n"
	     "  starting s #2\n"
	     "  spawn s/a #3\n"
	     "  started s/a #3\n"
	     "  started s #2\n"
	     "  reply 1 started s #2\n");
}

TEST(ready_exit_is_started_when_it_has_ended_with_0) /* [X8] [A1] */
{
	PLAY("one_for_one: a ready=exit, b\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> exit a normal\n"
	     "  done a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  started / #1\n"
	     "> which_children /\n"
	     "  reply 1 children b=running#3 a=stopped\n");
}

TEST(another_end_of_ready_exit_is_a_failed_start) /* [X8] [B3] [A5] */
{
	PLAY("one_for_one: a ready=exit\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> exit a shutdown\n"
	     "  start_failed a #2 shutdown\n"
	     "  report start_error a #2 shutdown\n"
	     "  start_failed / #1 {shutdown:{failed_to_start_child:{id:a,reason:shutdown}}}\n"
	     "  halted / #1 {shutdown:{failed_to_start_child:{id:a,reason:shutdown}}}\n");
}

TEST(ready_exit_that_takes_too_long_is_a_failed_start_whatever_its_status) /* [X8] [M2] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> hold b\n"
	     "> start_child / b ready=exit start_timeout=50\n"
	     "  spawn b #3\n"
	     "> after 50 ms\n"
	     "  signal b #3 KILL\n"
	     "> exit #3 normal\n"
	     "  start_failed b #3 {error:start_timeout: not ready in time}\n"
	     "  reply 1 start_error {error:start_timeout: not ready in time} b #3\n"
	     "  removed b #3\n");
}

TEST(a_round_does_the_work_of_ready_exit_again) /* [X8] [D5] */
{
	PLAY("rest_for_one 9/1: a, b ready=exit, c\n"
	     "> hold b\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "> quiet\n"
	     "> exit b normal\n"
	     "> loud\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "> exit b normal\n"
	     "  done b #6\n"
	     "  spawn c #7\n"
	     "  started c #7\n");
}

TEST(a_temporary_child_of_ready_exit_is_gone_when_it_is_done) /* [X8] [A4] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> hold b\n"
	     "> start_child / b temporary ready=exit\n"
	     "  spawn b #3\n"
	     "> exit #3 normal\n"
	     "  done b #3\n"
	     "  reply 1 done b #3\n"
	     "  removed b #3\n");
}

TEST(min_uptime_makes_an_early_end_a_failed_start) /* [X9] [B3] [F1] */
{
	PLAY("one_for_one 1/9: a min_uptime=500, b\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> after 500 ms\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  started / #1\n"
	     "> exit a 1\n"
	     "  exited a #2 {code:1}\n"
	     "  report child_terminated a #2 {code:1}\n"
	     "  spawn a #4\n"
	     "> after 499 ms\n"
	     "> exit a normal\n"
	     "  start_failed a #4 normal\n"
	     "  report start_error a #4 normal\n"
	     "  report shutdown a #4 reached_max_restart_intensity\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(start_timeout_ends_where_min_uptime_begins) /* [X9] [M2] */
{
	PLAY("one_for_one: a min_uptime=500 start_timeout=100\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> after 99 ms\n"
	     "> ready a\n"
	     "> ready a\n"
	     "> error a no\n"
	     "> deadline\n"
	     "  in 500 ms\n"
	     "> after 500 ms\n"
	     "  started a #2\n"
	     "  started / #1\n");
}

TEST(a_kill_does_not_wait_for_min_uptime) /* [X9] [G7] */
{
	PLAY("one_for_one: a min_uptime=500\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> kill\n"
	     "  signal a #2 KILL\n"
	     "  start_aborted a #2\n"
	     "  start_aborted / #1\n"
	     "  halted / #1 killed\n");
}

TEST(restart_stops_and_starts_in_one) /* [X10] */
{
	PLAY("one_for_all 0/1: a, b\n"
	     "> up\n"
	     "> restart / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  reply 1 started a #4\n"
	     "> restart / x\n"
	     "  reply 2 not_found\n");
}

TEST(restart_takes_a_child_in_any_state) /* [X10] [F7] */
{
	PLAY("one_for_one 9/1: a transient, b backoff=100/100\n"
	     "> up\n"
	     "> quiet\n"
	     "> exit a normal\n"
	     "> exit b 1\n"
	     "> loud\n"
	     "> restart / a\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  reply 1 started a #4\n"
	     "> restart / b\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  reply 2 started b #5\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(nothing_comes_between_the_two_halves_of_restart) /* [X10] [M1] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> hold a\n"
	     "> restart / a\n"
	     "  signal a #2 TERM\n"
	     "> delete_child / a\n"
	     "> exit #2 shutdown\n"
	     "  exited a #2 shutdown\n"
	     "  spawn a #3\n"
	     "> ready a\n"
	     "  started a #3\n"
	     "  reply 1 started a #3\n"
	     "  reply 2 running a #3\n");
}

TEST(restart_keeps_what_a_temporary_or_dynamic_child_was_started_with) /* [X10] [B2] [I2] */
{
	PLAY("one_for_one: t temporary, p {simple_one_for_one: w}\n"
	     "> up\n"
	     "> start_child p one arg\n"
	     "  spawn p/one #4\n"
	     "  started p/one #4\n"
	     "  added p/one #4\n"
	     "  reply 1 started p/one #4\n"
	     "> restart p one\n"
	     "  signal p/one #4 TERM\n"
	     "  exited p/one #4 shutdown\n"
	     "  spawn p/one #5\n"
	     "  started p/one #5\n"
	     "  reply 2 started p/one #5\n"
	     "> restart p two\n"
	     "  reply 3 not_found\n"
	     "> restart / t\n"
	     "  signal t #2 TERM\n"
	     "  exited t #2 shutdown\n"
	     "  spawn t #6\n"
	     "  started t #6\n"
	     "  reply 4 started t #6\n");
}

TEST(a_restart_that_fails_leaves_the_child_stopped_or_gone) /* [X10] [C3] */
{
	PLAY("one_for_one 0/1: a, t temporary\n"
	     "> up\n"
	     "> failing a\n"
	     "> failing t\n"
	     "> restart / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  spawn a #4\n"
	     "  start_failed a #4 {error:no}\n"
	     "  reply 1 start_error {error:no} a #4\n"
	     "> restart / t\n"
	     "  signal t #3 TERM\n"
	     "  exited t #3 shutdown\n"
	     "  spawn t #5\n"
	     "  start_failed t #5 {error:no}\n"
	     "  reply 2 start_error {error:no} t #5\n"
	     "  removed t #5\n"
	     "> which_children /\n"
	     "  reply 3 children a=stopped\n");
}

TEST(a_kill_during_restart_answers_noproc) /* [X10] [G7] [C6] */
{
	PLAY("one_for_one: s {one_for_one: a}\n"
	     "> up\n"
	     "> hold a\n"
	     "> restart s a\n"
	     "  signal s/a #3 TERM\n"
	     "> kill\n"
	     "  signal s/a #3 KILL\n"
	     "  reply 1 noproc\n"
	     "> exit #3 killed\n"
	     "  exited s/a #3 killed\n"
	     "  exited s #2 killed\n"
	     "  exited / #1 killed\n"
	     "  halted / #1 killed\n");
}

TEST(an_unhealthy_child_is_killed_and_that_is_a_crash) /* [X11] [B1] */
{
	PLAY("one_for_one 9/1: a transient probe=kill, b\n"
	     "> up\n"
	     "> causes\n"
	     "> unhealthy a\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed (X11) -> B1\n"
	     "  report child_terminated a #2 killed\n"
	     "  spawn a #4\n"
	     "  started a #4 (D1 #2 1/9)\n"
	     "> unhealthy b\n"
	     "> unhealthy #2\n");
}

TEST(an_unhealthy_child_may_be_shut_down_and_that_is_a_normal_end) /* [X11] [B2] */
{
	PLAY("one_for_one 9/1: a transient probe=shutdown stop_signal=INT, b probe=shutdown\n"
	     "> up\n"
	     "> answer a 1\n"
	     "> unhealthy a\n"
	     "  signal a #2 INT\n"
	     "  exited a #2 {shutdown:unhealthy}\n"
	     "> unhealthy b\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 {shutdown:unhealthy}\n"
	     "  report child_terminated b #3 {shutdown:unhealthy}\n"
	     "  spawn b #4\n"
	     "  started b #4\n");
}

TEST(an_unhealthy_child_has_the_patience_of_its_shutdown) /* [X11] [G2] [G3] [G4] */
{
	PLAY("one_for_one 9/1: a probe=shutdown 100ms, b probe=shutdown brutal_kill,"
	     " c probe=shutdown infinity\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> unhealthy a\n"
	     "  signal a #2 TERM\n"
	     "> unhealthy a\n"
	     "> after 100 ms\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 {shutdown:unhealthy}\n"
	     "  report child_terminated a #2 {shutdown:unhealthy}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> unhealthy b\n"
	     "  signal b #3 KILL\n"
	     "  exited b #3 {shutdown:unhealthy}\n"
	     "  report child_terminated b #3 {shutdown:unhealthy}\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "> stubborn c\n"
	     "> unhealthy c\n"
	     "  signal c #4 TERM\n"
	     "> deadline\n"
	     "  none\n"
	     "> kill\n"
	     "  signal a #5 KILL\n"
	     "  signal b #6 KILL\n"
	     "  signal c #4 KILL\n"
	     "  exited a #5 killed\n"
	     "  exited b #6 killed\n"
	     "  exited c #4 killed\n"
	     "  exited / #1 killed\n"
	     "  halted / #1 killed\n");
}

TEST(a_stop_of_an_unhealthy_child_is_a_stop) /* [X11] [C5] [G5] */
{
	PLAY("one_for_one 9/1: a probe=shutdown 100ms\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> unhealthy a\n"
	     "  signal a #2 TERM\n"
	     "> after 50 ms\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "> deadline\n"
	     "  in 100 ms\n"
	     "> after 100 ms\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  reply 1 ok a #2\n");
}

TEST(a_stop_of_a_child_that_was_killed_waits_for_its_end) /* [X11] [M3] */
{
	PLAY("one_for_one 9/1: a probe=kill, b probe=shutdown 100ms\n"
	     "> up\n"
	     "> hold a\n"
	     "> hold b\n"
	     "> unhealthy a\n"
	     "  signal a #2 KILL\n"
	     "> unhealthy b\n"
	     "  signal b #3 TERM\n"
	     "> after 100 ms\n"
	     "  signal b #3 KILL\n"
	     "> terminate_child / a\n"
	     "> exit a killed\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  reply 1 ok a #2\n"
	     "> terminate_child / b\n"
	     "> exit b killed\n"
	     "  exited b #3 killed\n"
	     "  report shutdown_error b #3 killed\n"
	     "  reply 2 ok b #3\n");
}

TEST(a_child_that_was_killed_is_not_asked_to_end) /* [X11] [G7] */
{
	PLAY("one_for_one: s {one_for_one: a probe=shutdown}\n"
	     "> up\n"
	     "> hold a\n"
	     "> kill\n"
	     "  signal s/a #3 KILL\n"
	     "> unhealthy s/a\n");
}

TEST(a_child_that_is_not_ready_cannot_be_unhealthy) /* [X11] [M2] */
{
	PLAY("one_for_one: a probe=kill\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> unhealthy a\n"
	     "> ready a\n"
	     "  started a #2\n"
	     "  started / #1\n");
}

TEST_HARNESS_MAIN
