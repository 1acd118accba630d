// SPDX-License-Identifier: GPL-2.0-only
/*
 * How many restarts are too many, and what happens then. [E1]..[E8]
 */
#include "kselftest_harness.h"

#include "base/alloc.h"
#include "core/window.h"
#include "lib/play.h"

TEST(intensity_N_allows_N_restarts_and_gives_up_at_the_next) /* [E1] */
{
	PLAY("one_for_one 2/5: a, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a 3\n"
	     "  exited a #4 {code:3}\n"
	     "  report child_terminated a #4 {code:3}\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> exit a 3\n"
	     "  exited a #5 {code:3}\n"
	     "  report child_terminated a #5 {code:3}\n"
	     "  report shutdown a #5 reached_max_restart_intensity\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(intensity_0_allows_no_restart) /* [E1] */
{
	PLAY("one_for_one 0/5: a\n"
	     "> up\n"
	     "> exit a 0\n"
	     "  exited a #2 normal\n"
	     "  report child_terminated a #2 normal\n"
	     "  report shutdown a #2 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_round_counts_once_however_many_it_restarts) /* [E2] */
{
	PLAY("one_for_all 1/5: a, b, c\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  spawn c #7\n"
	     "  started c #7\n"
	     "> count_children /\n"
	     "  reply 1 counts specs=3 active=3 supervisors=0 workers=3\n");
}

TEST(requests_first_starts_and_children_that_are_not_restarted_do_not_count) /* [E3] */
{
	PLAY("one_for_one 1/5: a, b transient, c temporary\n"
	     "> up\n"
	     "> exit b 0\n"
	     "  exited b #3 normal\n"
	     "> restart_child / b\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "  reply 1 started b #5\n"
	     "> terminate_child / b\n"
	     "  signal b #5 TERM\n"
	     "  exited b #5 shutdown\n"
	     "  reply 2 ok b #5\n"
	     "> restart_child / b\n"
	     "  spawn b #6\n"
	     "  started b #6\n"
	     "  reply 3 started b #6\n"
	     "> exit c 3\n"
	     "  exited c #4 {code:3}\n"
	     "  report child_terminated c #4 {code:3}\n"
	     "  removed c #4\n"
	     "> start_child / d\n"
	     "  spawn d #7\n"
	     "  started d #7\n"
	     "  added d #7\n"
	     "  reply 4 started d #7\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #8\n"
	     "  started a #8\n"
	     "> count_children /\n"
	     "  reply 5 counts specs=3 active=3 supervisors=0 workers=3\n");
}

TEST(the_history_belongs_to_the_supervisor_not_to_the_child) /* [E5] */
{
	PLAY("one_for_one 1/5: a, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  report shutdown b #3 reached_max_restart_intensity\n"
	     "  signal a #4 TERM\n"
	     "  exited a #4 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(restarts_older_than_the_period_are_forgotten) /* [E4] */
{
	PLAY("one_for_one 1/5: a\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> after 6000 ms\n"
	     "> exit a 3\n"
	     "  exited a #3 {code:3}\n"
	     "  report child_terminated a #3 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> after 5999 ms\n"
	     "> exit a 3\n"
	     "  exited a #4 {code:3}\n"
	     "  report child_terminated a #4 {code:3}\n"
	     "  report shutdown a #4 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(giving_up_stops_the_others_in_reverse_order_and_ends_with_shutdown) /* [E6] */
{
	PLAY("one_for_one 0/5: a, b, c temporary, d\n"
	     "> up\n"
	     "> answer d 0\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  report shutdown b #3 reached_max_restart_intensity\n"
	     "  signal d #5 TERM\n"
	     "  exited d #5 normal\n"
	     "  report shutdown_error d #5 normal\n"
	     "  signal c #4 TERM\n"
	     "  exited c #4 shutdown\n"
	     "  signal a #2 TERM\n"
	     "  exited a #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_permanent_supervisor_that_gave_up_is_restarted_and_counts_in_its_parent) /* [E7] */
{
	PLAY("one_for_one 1/5: s {one_for_one 0/5: a}\n"
	     "> up\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #4\n"
	     "  spawn s/a #5\n"
	     "  started s/a #5\n"
	     "  started s #4\n"
	     "> exit s/a 3\n"
	     "  exited s/a #5 {code:3}\n"
	     "  report child_terminated s/a #5 {code:3}\n"
	     "  report shutdown s/a #5 reached_max_restart_intensity\n"
	     "  exited s #4 shutdown\n"
	     "  report child_terminated s #4 shutdown\n"
	     "  report shutdown s #4 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_transient_supervisor_that_gave_up_is_silently_stopped) /* [E7] */
{
	PLAY("one_for_one 0/5: s transient {one_for_one 0/5: a}\n"
	     "> up\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  exited s #2 shutdown\n"
	     "> which_children /\n"
	     "  reply 1 children s=stopped\n");
}

TEST(a_temporary_supervisor_that_gave_up_is_forgotten) /* [E7] */
{
	PLAY("one_for_one 0/5: s temporary {one_for_one 0/5: a}\n"
	     "> up\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  exited s #2 shutdown\n"
	     "  removed s #2\n"
	     "> which_children /\n"
	     "  reply 1 children\n");
}

TEST(giving_up_escalates_level_by_level) /* [E6] [E7] */
{
	PLAY("one_for_one 0/5: b, s {one_for_one 0/5: c, t {one_for_one 0/5: a}}\n"
	     "> up\n"
	     "> exit s/t/a 3\n"
	     "  exited s/t/a #6 {code:3}\n"
	     "  report child_terminated s/t/a #6 {code:3}\n"
	     "  report shutdown s/t/a #6 reached_max_restart_intensity\n"
	     "  exited s/t #5 shutdown\n"
	     "  report child_terminated s/t #5 shutdown\n"
	     "  report shutdown s/t #5 reached_max_restart_intensity\n"
	     "  signal s/c #4 TERM\n"
	     "  exited s/c #4 shutdown\n"
	     "  exited s #3 shutdown\n"
	     "  report child_terminated s #3 shutdown\n"
	     "  report shutdown s #3 reached_max_restart_intensity\n"
	     "  signal b #2 TERM\n"
	     "  exited b #2 shutdown\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_restarted_supervisor_has_an_empty_history) /* [E8] */
{
	PLAY("one_for_one 5/5: s {one_for_one 1/5: a}\n"
	     "> up\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  spawn s/a #4\n"
	     "  started s/a #4\n"
	     "> exit s/a 3\n"
	     "  exited s/a #4 {code:3}\n"
	     "  report child_terminated s/a #4 {code:3}\n"
	     "  report shutdown s/a #4 reached_max_restart_intensity\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #5\n"
	     "  spawn s/a #6\n"
	     "  started s/a #6\n"
	     "  started s #5\n"
	     "> exit s/a 3\n"
	     "  exited s/a #6 {code:3}\n"
	     "  report child_terminated s/a #6 {code:3}\n"
	     "  spawn s/a #7\n"
	     "  started s/a #7\n");
}

TEST(a_restarted_supervisor_has_the_children_of_its_specification_only) /* [E8] */
{
	PLAY("one_for_one 5/5: s {one_for_one 0/5: a, b, c temporary}\n"
	     "> up\n"
	     "> start_child s x\n"
	     "  spawn s/x #6\n"
	     "  started s/x #6\n"
	     "  added s/x #6\n"
	     "  reply 1 started s/x #6\n"
	     "> start_child s y {one_for_one: z}\n"
	     "  starting s/y #7\n"
	     "  spawn s/y/z #8\n"
	     "  started s/y/z #8\n"
	     "  started s/y #7\n"
	     "  added s/y #7\n"
	     "  reply 2 started s/y #7\n"
	     "> terminate_child s b\n"
	     "  signal s/b #4 TERM\n"
	     "  exited s/b #4 shutdown\n"
	     "  reply 3 ok s/b #4\n"
	     "> delete_child s b\n"
	     "  removed s/b #4\n"
	     "  reply 4 ok s/b #4\n"
	     "> terminate_child s c\n"
	     "  signal s/c #5 TERM\n"
	     "  exited s/c #5 shutdown\n"
	     "  removed s/c #5\n"
	     "  reply 5 ok s/c #5\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  report shutdown s/a #3 reached_max_restart_intensity\n"
	     "  signal s/y/z #8 TERM\n"
	     "  exited s/y/z #8 shutdown\n"
	     "  exited s/y #7 shutdown\n"
	     "  signal s/x #6 TERM\n"
	     "  exited s/x #6 shutdown\n"
	     "  exited s #2 shutdown\n"
	     "  report child_terminated s #2 shutdown\n"
	     "  starting s #9\n"
	     "  removed s/x #6\n"
	     "  removed s/y #7\n"
	     "  spawn s/a #10\n"
	     "  started s/a #10\n"
	     "  spawn s/b #11\n"
	     "  started s/b #11\n"
	     "  spawn s/c #12\n"
	     "  started s/c #12\n"
	     "  started s #9\n"
	     "> which_children s\n"
	     "  reply 6 children c=running#12 b=running#11 a=running#10\n");
}

/* Restarts at these ms; how many of them are admitted with intensity 1. */
static uint32_t admitted(uint64_t first_ms, uint64_t second_ms, uint32_t period_s)
{
	struct st_window window = { 0 };
	uint32_t nr = 0;

	if (st_window_reserve(&window, 1, period_s))
		return 0;
	nr += st_window_admit(&window, first_ms * ST_NSEC_PER_MSEC, 1, period_s);
	nr += st_window_admit(&window, second_ms * ST_NSEC_PER_MSEC, 1, period_s);
	st_window_done(&window);
	return nr;
}

TEST(time_is_counted_in_whole_seconds) /* [E4] */
{
	/* kept iff floor(t) >= floor(now) - period */
	EXPECT_EQ(1, admitted(10000, 15999, 5)) TH_LOG("5.999 s apart, 5 whole seconds");
	EXPECT_EQ(2, admitted(10000, 16000, 5)) TH_LOG("6 s apart");
	EXPECT_EQ(2, admitted(10999, 16000, 5)) TH_LOG("5.001 s apart, 6 whole seconds");
	EXPECT_EQ(1, admitted(10999, 15999, 5)) TH_LOG("5 s apart");
	EXPECT_EQ(1, admitted(0, 1000, 1));
	EXPECT_EQ(2, admitted(999, 2000, 1));
}

TEST(many_restarts_in_one_second_need_one_bucket) /* [E1] [E5] */
{
	struct st_window window = { 0 };
	uint32_t nr = 0;

	ASSERT_EQ(0, st_window_reserve(&window, 100000, 3600));
	for (int i = 0; i < 100001; i++)
		nr += st_window_admit(&window, 7 * ST_NSEC_PER_SEC + (uint64_t)i, 100000, 3600);
	EXPECT_EQ(100000, nr);
	EXPECT_EQ(1, window.nr);
	EXPECT_EQ(100001, st_window_count(&window, 3607 * ST_NSEC_PER_SEC, 3600));
	EXPECT_EQ(0, st_window_count(&window, 3608 * ST_NSEC_PER_SEC, 3600));
	st_window_done(&window);
}

TEST(a_window_agrees_with_OTPs_list_of_restarts) /* [E1] [E4] */
{
	uint64_t restarts_s[2000], random = 88172645463325252ull, now_ns = 0;
	struct st_window window = { 0 };
	uint32_t nr = 0, kept;

	ASSERT_EQ(0, st_window_reserve(&window, 3, 4));
	while (nr < ST_ARRAY_SIZE(restarts_s)) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		now_ns += random % (2 * ST_NSEC_PER_SEC);
		restarts_s[nr++] = now_ns / ST_NSEC_PER_SEC;
		kept = 0;
		for (uint32_t i = 0; i < nr; i++)
			kept += restarts_s[i] + 4 >= now_ns / ST_NSEC_PER_SEC;
		ASSERT_EQ(kept <= 3, st_window_admit(&window, now_ns, 3, 4));
		ASSERT_EQ(kept, st_window_count(&window, now_ns, 4));
	}
	st_window_done(&window);
}

/* The old ones were moved away, and the others added up, at each restart: quadratic. */
TEST(a_restart_each_second_costs_the_same_however_long_the_period_is) /* [E1] [E4] */
{
	const uint32_t intensity = 1000000000, period_s = 200000;
	struct st_window window = { 0 }, copy = { 0 };

	ASSERT_EQ(0, st_window_reserve(&window, intensity, period_s));
	for (uint64_t s = 1; s <= 500000; s++) {
		ASSERT_TRUE(st_window_admit(&window, s * ST_NSEC_PER_SEC, intensity, period_s));
		ASSERT_EQ(s <= period_s ? s : period_s + 1,
			  st_window_count(&window, s * ST_NSEC_PER_SEC, period_s));
	}
	EXPECT_EQ(100001, st_window_count(&window, 600000 * ST_NSEC_PER_SEC, period_s));
	EXPECT_EQ(11, st_window_count(&window, 500000 * ST_NSEC_PER_SEC, 10));
	EXPECT_EQ(0, st_window_count(&window, 700001 * ST_NSEC_PER_SEC, period_s));
	ASSERT_EQ(0, st_window_copy(&copy, &window));
	EXPECT_EQ(100001, st_window_count(&copy, 600000 * ST_NSEC_PER_SEC, period_s));
	EXPECT_EQ(300000, st_window_at(&copy, 0).second);
	EXPECT_EQ(1, st_window_at(&copy, 0).until);
	st_window_done(&copy);
	EXPECT_GT(3 * period_s, window.cap) TH_LOG("old ones make room");
	st_window_clear(&window);
	EXPECT_EQ(0, st_window_count(&window, 500000 * ST_NSEC_PER_SEC, period_s));
	st_window_done(&window);
}

TEST(a_window_without_memory_counts_with_its_newest_second) /* [E1] */
{
	struct st_window window = { 0 };
	uint32_t nr = 0;

	ASSERT_EQ(0, st_window_reserve(&window, 2, 1000));
	for (uint64_t s = 1; s <= 3; s++)
		nr += st_window_admit(&window, s * ST_NSEC_PER_SEC, 1000, 1000);
	EXPECT_EQ(3, window.nr);
	st_alloc_fail_at(1);
	nr += st_window_admit(&window, 4 * ST_NSEC_PER_SEC, 1000, 1000);
	EXPECT_EQ(4, nr);
	EXPECT_EQ(3, window.nr);
	EXPECT_EQ(4, st_window_count(&window, 4 * ST_NSEC_PER_SEC, 1000));
	st_window_done(&window);
}

TEST_HARNESS_MAIN
