// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls of OTP's supervisor. [C1]..[C10]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(start_child_appends_the_child_at_the_end) /* [C1] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> start_child / c\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  added c #4\n"
	     "  reply 1 started c #4\n"
	     "> which_children /\n"
	     "  reply 2 children c=running#4 b=running#3 a=running#2\n");
}

TEST(start_child_of_a_known_id_does_not_look_at_the_spec) /* [C1] */
{
	PLAY("one_for_one: a, b transient\n"
	     "> up\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "> start_child / a brutal_kill\n"
	     "  reply 1 already_started a #2\n"
	     "> start_child / b permanent\n"
	     "  reply 2 already_present b #3\n"
	     "> get_childspec / a\n"
	     "  reply 3 childspec a #2 {id:a,restart:permanent,significant:false,shutdown:5000,"
	     "type:worker,start:[true]}\n"
	     "> get_childspec / b\n"
	     "  reply 4 childspec b #3 {id:b,restart:transient,significant:false,shutdown:5000,"
	     "type:worker,start:[true]}\n");
}

TEST(a_start_child_that_fails_keeps_nothing_and_reports_nothing) /* [C1] */
{
	PLAY("one_for_one 0/5: a\n"
	     "> up\n"
	     "> failing b\n"
	     "> start_child / b\n"
	     "  spawn b #3\n"
	     "  start_failed b #3 {error:no}\n"
	     "  reply 1 start_error {error:no} b #3\n"
	     "  removed b #3\n"
	     "> start_child / s {one_for_one: x, b}\n"
	     "  starting s #4\n"
	     "  spawn s/x #5\n"
	     "  started s/x #5\n"
	     "  spawn s/b #6\n"
	     "  start_failed s/b #6 {error:no}\n"
	     "  report start_error s/b #6 {error:no}\n"
	     "  signal s/x #5 TERM\n"
	     "  exited s/x #5 shutdown\n"
	     "  start_failed s #4 {shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}}\n"
	     "  reply 2 start_error {shutdown:{failed_to_start_child:{id:b,reason:{error:no}}}} "
	     "s #4\n"
	     "  removed s #4\n"
	     "> which_children /\n"
	     "  reply 3 children a=running#2\n");
}

TEST(a_start_child_that_is_ignored_keeps_the_spec_unless_temporary) /* [C1] [A4] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> ignoring b\n"
	     "> ignoring c\n"
	     "> start_child / b\n"
	     "  spawn b #3\n"
	     "  ignored b #3\n"
	     "  added b #3\n"
	     "  reply 1 ignored b #3\n"
	     "> start_child / c temporary\n"
	     "  spawn c #4\n"
	     "  ignored c #4\n"
	     "  reply 2 ignored c #4\n"
	     "  removed c #4\n"
	     "> start_child / s {one_for_one init=ignore}\n"
	     "  starting s #5\n"
	     "  ignored s #5\n"
	     "  added s #5\n"
	     "  reply 3 ignored s #5\n"
	     "> which_children /\n"
	     "  reply 4 children s=stopped b=stopped a=running#2\n");
}

TEST(start_child_blocks_the_supervisor_until_the_child_is_ready) /* [C1] [M2] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> hold b\n"
	     "> start_child / b\n"
	     "  spawn b #3\n"
	     "> which_children /\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "> ready b\n"
	     "  started b #3\n"
	     "  added b #3\n"
	     "  reply 1 started b #3\n"
	     "  reply 2 children b=running#3 a=running#2\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n");
}

TEST(a_transient_child_that_ended_is_present_and_can_be_restarted) /* [C2] [C3] */
{
	PLAY("one_for_one: a transient, b\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "> start_child / a\n"
	     "  reply 1 already_present a #2\n"
	     "> restart_child / a\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  reply 2 started a #4\n"
	     "> which_children /\n"
	     "  reply 3 children b=running#3 a=running#4\n");
}

TEST(restart_child_is_for_stopped_children_only) /* [C3] */
{
	PLAY("one_for_one 9/1: a, b backoff=100/100, c\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  delayed b #3 ms=100\n"
	     "> terminate_child / c\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  reply 1 ok c #4\n"
	     "> restart_child / a\n"
	     "  reply 2 running a #2\n"
	     "> restart_child / b\n"
	     "  reply 3 restarting b #3\n"
	     "> restart_child / c\n"
	     "  spawn c #5\n"
	     "  started c #5\n"
	     "  reply 4 started c #5\n"
	     "> restart_child / d\n"
	     "  reply 5 not_found\n");
}

TEST(a_restart_child_that_fails_or_is_ignored_leaves_the_child_stopped) /* [C3] */
{
	PLAY("one_for_all 0/1: a, b, c\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> terminate_child / b\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  reply 2 ok b #3\n"
	     "> failing a\n"
	     "> ignoring b\n"
	     "> restart_child / a\n"
	     "  spawn a #5\n"
	     "  start_failed a #5 {error:no}\n"
	     "  reply 3 start_error {error:no} a #5\n"
	     "> restart_child / b\n"
	     "  spawn b #6\n"
	     "  ignored b #6\n"
	     "  reply 4 ignored b #6\n"
	     "> which_children /\n"
	     "  reply 5 children c=running#4 b=stopped a=stopped\n");
}

TEST(restart_child_restarts_that_child_alone_whatever_the_strategy) /* [C3] */
{
	PLAY("one_for_all: a, b, c\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> restart_child / a\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  reply 2 started a #5\n");
}

TEST(delete_child_is_for_stopped_children_only) /* [C4] */
{
	PLAY("one_for_one 9/1: a, b backoff=100/100, c\n"
	     "> up\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  delayed b #3 ms=100\n"
	     "> terminate_child / c\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  reply 1 ok c #4\n"
	     "> delete_child / a\n"
	     "  reply 2 running a #2\n"
	     "> delete_child / b\n"
	     "  reply 3 restarting b #3\n"
	     "> delete_child / c\n"
	     "  removed c #4\n"
	     "  reply 4 ok c #4\n"
	     "> delete_child / c\n"
	     "  reply 5 not_found\n"
	     "> which_children /\n"
	     "  reply 6 children b=restarting a=running#2\n");
}

TEST(terminate_child_is_always_ok_for_a_known_child) /* [C5] [G5] */
{
	PLAY("one_for_one 0/1: a, b temporary, c backoff=100/100\n"
	     "> up\n"
	     "> answer a 3\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 {code:3}\n"
	     "  report shutdown_error a #2 {code:3}\n"
	     "  reply 1 ok a #2\n"
	     "> terminate_child / a\n"
	     "  reply 2 ok a #2\n"
	     "> terminate_child / b\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  removed b #3\n"
	     "  reply 3 ok b #3\n"
	     "> terminate_child / b\n"
	     "  reply 4 not_found\n"
	     "> which_children /\n"
	     "  reply 5 children c=running#4 a=stopped\n");
}

TEST(terminate_child_of_a_child_that_backs_off_ends_the_waiting) /* [C5] [F7] */
{
	PLAY("one_for_one 9/1: a backoff=100/100\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> terminate_child / a\n"
	     "  reply 1 ok a #2\n"
	     "> deadline\n"
	     "  none\n"
	     "> after 1 s\n"
	     "> which_children /\n"
	     "  reply 2 children a=stopped\n");
}

TEST(terminate_child_of_a_child_that_is_dead_already_is_ok) /* [C5] [M3] */
{
	PLAY("one_for_one 9/1: a, b\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #4\n"
	     "> terminate_child / a\n"
	     "> exit a 4\n"
	     "  exited a #2 {code:4}\n"
	     "> ready b\n"
	     "  started b #4\n"
	     "  report shutdown_error a #2 {code:4}\n"
	     "  reply 1 ok a #2\n"
	     "> which_children /\n"
	     "  reply 2 children b=running#4 a=stopped\n");
}

TEST(terminate_child_does_not_know_a_foreign_process) /* [C5] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> terminate_child / foreign\n"
	     "  reply 1 not_found\n");
}

TEST(a_request_to_a_supervisor_that_does_not_run_finds_nobody) /* [C6] */
{
	PLAY("one_for_one: a, s transient {one_for_one: b}\n"
	     "> up\n"
	     "> which_children no/such\n"
	     "  reply 1 noproc\n"
	     "> which_children a\n"
	     "  reply 2 noproc\n"
	     "> terminate_child / s\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  exited s #3 shutdown\n"
	     "  reply 3 ok s #3\n"
	     "> which_children s\n"
	     "  reply 4 noproc\n"
	     "> start_child s x\n"
	     "  reply 5 noproc\n");
}

TEST(a_supervisor_that_starts_is_not_there_yet) /* [C6] [A2] */
{
	PLAY("one_for_one: s {one_for_one: a}\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  starting s #2\n"
	     "  spawn s/a #3\n"
	     "> which_children s\n"
	     "  reply 1 noproc\n"
	     "> which_children /\n"
	     "  reply 2 noproc\n"
	     "> ready s/a\n"
	     "  started s/a #3\n"
	     "  started s #2\n"
	     "  started / #1\n");
}

TEST(which_children_shows_the_newest_first) /* [C7] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> start_child / c\n"
	     "  spawn c #4\n"
	     "  started c #4\n"
	     "  added c #4\n"
	     "  reply 1 started c #4\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> which_children /\n"
	     "  reply 2 children c=running#4 b=running#3 a=running#5\n"
	     "> terminate_child / b\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  reply 3 ok b #3\n"
	     "> which_children /\n"
	     "  reply 4 children c=running#4 b=stopped a=running#5\n");
}

TEST(count_children_counts_specs_and_what_runs) /* [C8] */
{
	PLAY("one_for_one 9/1: a, b transient, s {one_for_one}, t transient {one_for_one: x}, c "
	     "backoff=100/100\n"
	     "> up\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "> stop_supervisor t normal\n"
	     "  signal t/x #6 TERM\n"
	     "  exited t/x #6 shutdown\n"
	     "  exited t #5 normal\n"
	     "  reply 1 ok\n"
	     "> exit c 3\n"
	     "  exited c #7 {code:3}\n"
	     "  report child_terminated c #7 {code:3}\n"
	     "  delayed c #7 ms=100\n"
	     "> count_children /\n"
	     "  reply 2 counts specs=5 active=2 supervisors=2 workers=3\n");
}

/* The supervisor waits for a when b dies, and comes to the request before that message. */
TEST(a_child_whose_death_waits_is_shown_but_not_active) /* [C7] [C8] [M1] */
{
	PLAY("one_for_one 9/1: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> count_children /\n"
	     "> which_children /\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "> ready a\n"
	     "  started a #4\n"
	     "  reply 1 counts specs=2 active=1 supervisors=0 workers=2\n"
	     "  reply 2 children b=running#3 a=running#4\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "  started b #5\n");
}

TEST(get_childspec_shows_the_stored_spec_with_its_defaults) /* [C9] [V6] [V1] */
{
	PLAY("one_for_one: a, s {one_for_one}\n"
	     "> up\n"
	     "> get_childspec / a\n"
	     "  reply 1 childspec a #2 {id:a,restart:permanent,significant:false,shutdown:5000,"
	     "type:worker,start:[true]}\n"
	     "> get_childspec / s\n"
	     "  reply 2 childspec s #3 {id:s,restart:permanent,significant:false,"
	     "shutdown:infinity,type:supervisor,supervisor:{strategy:one_for_one,intensity:1,"
	     "period:5,auto_shutdown:never,children:[]}}\n"
	     "> get_childspec / b\n"
	     "  reply 3 not_found\n");
}

TEST(a_child_that_was_deleted_and_started_again_is_the_newest) /* [C10] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> delete_child / a\n"
	     "  removed a #2\n"
	     "  reply 2 ok a #2\n"
	     "> start_child / a\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  added a #4\n"
	     "  reply 3 started a #4\n"
	     "> which_children /\n"
	     "  reply 4 children a=running#4 b=running#3\n");
}

TEST(settle_is_answered_when_nothing_is_left_to_decide) /* [M2] */
{
	PLAY("one_for_one 9/1: a, b\n"
	     "> up\n"
	     "> settle\n"
	     "  reply 1 ok\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> settle\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "> ready a\n"
	     "  started a #4\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  reply 2 ok\n");
}

TEST_HARNESS_MAIN
