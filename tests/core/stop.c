// SPDX-License-Identifier: GPL-2.0-only
/*
 * The orderly stop. [G1]..[G6] [G8] [M5]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(children_are_stopped_in_reverse_order_each_dead_before_the_next) /* [G1] */
{
	PLAY("one_for_one: a, b, c\n"
	     "> up\n"
	     "> hold b\n"
	     "> stop\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal b #3 TERM\n"
	     "> exit b shutdown\n"
	     "  exited b #3 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_stop_goes_depth_first_and_a_supervisor_ends_last) /* [G1] */
{
	PLAY("one_for_one: a, s {one_for_one: b, t {one_for_one: c}, d}, e\n"
	     "> up\n"
	     "> stop\n"
	     "  signal e #8 TERM\n"
	     "  exited e #8 shutdown\n"
	     "  signal s/d #7 TERM\n"
	     "  exited s/d #7 shutdown\n"
	     "  signal s/t/c #6 TERM\n"
	     "  exited s/t/c #6 shutdown\n"
	     "  exited s/t #5 shutdown\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  exited s #3 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(brutal_kill_is_SIGKILL_at_once) /* [G2] */
{
	PLAY("one_for_one: a brutal_kill\n"
	     "> up\n"
	     "> hold a\n"
	     "> terminate_child / a\n"
	     "  signal a #2 KILL\n"
	     "> deadline\n"
	     "  none\n"
	     "> exit a killed\n"
	     "  exited a #2 killed\n"
	     "  reply 1 ok a #2\n");
}

TEST(a_timeout_is_SIGTERM_and_after_it_SIGKILL) /* [G3] */
{
	PLAY("one_for_one: a 300ms\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "> deadline\n"
	     "  in 300 ms\n"
	     "> after 299 ms\n"
	     "> after 1 ms\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  reply 1 ok a #2\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(the_timeout_is_that_of_each_child_by_itself) /* [G3] */
{
	PLAY("one_for_one: a 300ms, b 200ms\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> stubborn b\n"
	     "> stop\n"
	     "  signal b #3 TERM\n"
	     "> deadline\n"
	     "  in 200 ms\n"
	     "> after 200 ms\n"
	     "  signal b #3 KILL\n"
	     "  exited b #3 killed\n"
	     "  report shutdown_error b #3 killed\n"
	     "  signal a #2 TERM\n"
	     "> deadline\n"
	     "  in 300 ms\n"
	     "> after 300 ms\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_timeout_of_0_is_both_signals_at_once) /* [G3] */
{
	PLAY("one_for_one: a 0ms\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  signal a #2 KILL\n"
	     "  exited a #2 killed\n"
	     "  report shutdown_error a #2 killed\n"
	     "  reply 1 ok a #2\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(infinity_is_SIGTERM_and_no_deadline) /* [G4] */
{
	PLAY("one_for_one: a infinity\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> stop\n"
	     "  signal a #2 TERM\n"
	     "> deadline\n"
	     "  none\n"
	     "> after 1000000 s\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "  report shutdown_error a #2 normal\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_child_that_ends_in_time_has_no_deadline_any_more) /* [G3] */
{
	PLAY("one_for_one: a 300ms, b\n"
	     "> up\n"
	     "> terminate_child / a\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  reply 1 ok a #2\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(a_supervisor_is_given_the_time_of_its_own_shutdown) /* [G3] [G7] */
{
	PLAY("one_for_one: s 300ms {one_for_one: a infinity, b}\n"
	     "> up\n"
	     "> stubborn a\n"
	     "> stop\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  signal s/a #3 TERM\n"
	     "> deadline\n"
	     "  in 300 ms\n"
	     "> after 300 ms\n"
	     "  signal s/a #3 KILL\n"
	     "  exited s/a #3 killed\n"
	     "  exited s #2 killed\n"
	     "  report shutdown_error s #2 killed\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

/* What the stop of a child with this restart type, shutdown and end reports. */
static bool is_reported(const char *restart, const char *shutdown, const char *end)
{
	struct st_world world;
	char spec[64];
	bool reported;

	snprintf(spec, sizeof(spec), "one_for_one: a %s %s", restart, shutdown);
	if (st_world_init(&world, spec))
		return false;
	st_world_boot(&world);
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	st_world_event(&world, &(struct st_event){ .type = ST_EV_STOP });
	st_world_exit(&world, "a", end);
	reported = strstr(st_buf_text(&world.transcript), "report shutdown_error a #2 ") != NULL;
	st_world_done(&world);
	return reported;
}

TEST(what_a_stop_reports_as_shutdown_error) /* [G5] */
{
	static const char *const rows[][7] = {
		/* polite: permanent, transient, temporary; brutal_kill: the same */
		{ "normal", "yes", "no", "no", "yes", "no", "no" },
		{ "shutdown", "no", "no", "no", "yes", "no", "no" },
		{ "shutdown:4", "yes", "no", "no", "yes", "no", "no" },
		{ "killed", "yes", "yes", "yes", "no", "no", "no" },
		{ "1", "yes", "yes", "yes", "yes", "yes", "yes" },
		{ "SEGV", "yes", "yes", "yes", "yes", "yes", "yes" },
	};
	static const char *const restarts[] = { "permanent", "transient", "temporary" };
	static const char *const shutdowns[] = { "5000ms", "brutal_kill" };

	for (size_t row = 0; row < ST_ARRAY_SIZE(rows); row++) {
		for (size_t i = 0; i < 6; i++) {
			const char *restart = restarts[i % 3], *shutdown = shutdowns[i / 3];
			bool reported = is_reported(restart, shutdown, rows[row][0]);

			EXPECT_STREQ(rows[row][i + 1], reported ? "yes" : "no")
			TH_LOG("%s %s %s", restart, shutdown, rows[row][0]);
		}
	}
}

TEST(a_supervisor_stopped_from_outside_ends_with_the_given_reason) /* [G6] [B1] */
{
	PLAY("one_for_one 3/1: s {one_for_one: a}, t transient {one_for_one: b}\n"
	     "> up\n"
	     "> stop_supervisor s normal\n"
	     "  signal s/a #3 TERM\n"
	     "  exited s/a #3 shutdown\n"
	     "  exited s #2 normal\n"
	     "  reply 1 ok\n"
	     "  report child_terminated s #2 normal\n"
	     "  starting s #6\n"
	     "  spawn s/a #7\n"
	     "  started s/a #7\n"
	     "  started s #6\n"
	     "> stop_supervisor t shutdown:1\n"
	     "  signal t/b #5 TERM\n"
	     "  exited t/b #5 shutdown\n"
	     "  exited t #4 {shutdown:1}\n"
	     "  reply 2 ok\n"
	     "> stop_supervisor s 7\n"
	     "  signal s/a #7 TERM\n"
	     "  exited s/a #7 shutdown\n"
	     "  exited s #6 {code:7}\n"
	     "  reply 3 ok\n"
	     "  report child_terminated s #6 {code:7}\n"
	     "  starting s #8\n"
	     "  spawn s/a #9\n"
	     "  started s/a #9\n"
	     "  started s #8\n"
	     "> which_children /\n"
	     "  reply 4 children t=stopped s=running#8\n");
}

TEST(the_root_stopped_from_outside_ends_with_the_given_reason) /* [G6] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> stop_supervisor / normal\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 normal\n"
	     "  halted / #1 normal\n"
	     "  reply 1 ok\n");
}

TEST(children_that_do_not_run_are_skipped) /* [G8] */
{
	PLAY("one_for_one 9/1: a transient, b, c, d backoff=100/100\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "> terminate_child / b\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  reply 1 ok b #3\n"
	     "> exit d 1\n"
	     "  exited d #5 {code:1}\n"
	     "  report child_terminated d #5 {code:1}\n"
	     "  delayed d #5 ms=100\n"
	     "> stop\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(a_child_that_is_dead_already_is_not_signalled_and_its_end_is_reported) /* [M3] [G5] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> hold b\n"
	     "> stop\n"
	     "  signal b #3 TERM\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "> exit b shutdown\n"
	     "  exited b #3 shutdown\n"
	     "  report shutdown_error a #2 {code:3}\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(the_stop_request_waits_its_turn) /* [M5] */
{
	PLAY("one_for_one 9/1: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> exit b 4\n"
	     "  exited b #3 {code:4}\n"
	     "> which_children /\n"
	     "> stop\n"
	     "> which_children /\n"
	     "> good a\n"
	     "> ready a\n"
	     "  started a #4\n"
	     "  report child_terminated b #3 {code:4}\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  reply 1 children b=running#5 a=running#4\n"
	     "  signal b #5 TERM\n"
	     "  exited b #5 shutdown\n"
	     "  signal a #4 TERM\n"
	     "  exited a #4 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n"
	     "  reply 2 noproc\n"
	     "> exit a shutdown\n");
}

TEST(a_stop_during_the_first_start_waits_until_the_tree_is_up) /* [M5] [A2] */
{
	PLAY("one_for_one: a, b\n"
	     "> hold a\n"
	     "> boot\n"
	     "  starting / #1\n"
	     "  spawn a #2\n"
	     "> stop\n"
	     "> good a\n"
	     "> ready a\n"
	     "  started a #2\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  started / #1\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n"
	     "> exit a shutdown\n");
}

TEST(a_second_stop_request_changes_nothing) /* [G1] */
{
	PLAY("one_for_one: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> stop\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  signal a #2 TERM\n"
	     "> stop\n"
	     "> stop\n"
	     "> exit a shutdown\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n"
	     "> stop\n");
}

TEST(requests_to_a_tree_that_has_ended_find_nobody) /* [C6] */
{
	PLAY("one_for_one: a\n"
	     "> which_children /\n"
	     "  reply 1 noproc\n"
	     "> up\n"
	     "> stop\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n"
	     "> which_children /\n"
	     "  reply 2 noproc\n"
	     "> settle\n"
	     "  reply 3 ok\n"
	     "> boot\n"
	     "> kill\n");
}

TEST(requests_that_wait_when_a_supervisor_ends_find_nobody) /* [C6] */
{
	PLAY("one_for_one: s transient {one_for_one: a}\n"
	     "> up\n"
	     "> hold a\n"
	     "> stop_supervisor s normal\n"
	     "  signal s/a #3 TERM\n"
	     "> count_children s\n"
	     "> start_child s b\n"
	     "> exit s/a shutdown\n"
	     "  exited s/a #3 shutdown\n"
	     "  exited s #2 normal\n"
	     "  reply 1 ok\n"
	     "  reply 2 noproc\n"
	     "  reply 3 noproc\n");
}

TEST(stop_requests_that_wait_are_one) /* [M5] */
{
	PLAY("one_for_one 9/1: a, b\n"
	     "> up\n"
	     "> hold a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "> stop\n"
	     "> stop\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "> good a\n"
	     "> ready a\n"
	     "  started a #4\n"
	     "  report shutdown_error b #3 {code:3}\n"
	     "  signal a #4 TERM\n"
	     "  exited a #4 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST_HARNESS_MAIN
