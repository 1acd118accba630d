// SPDX-License-Identifier: GPL-2.0-only
/*
 * Back-off before restarts: off unless a child asks for it. [M6]
 */
#include "kselftest_harness.h"

#include "lib/play.h"

#define NR_DELAYS 200

TEST(without_a_back_off_a_restart_is_immediate) /* [M6] */
{
	PLAY("one_for_one 9/1: a\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(the_delay_doubles_from_min_to_max) /* [M6] */
{
	PLAY("one_for_one 99/1: a backoff=100/500\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> after 100 ms\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> exit a 3\n"
	     "  exited a #3 {code:3}\n"
	     "  report child_terminated a #3 {code:3}\n"
	     "  delayed a #3 ms=200\n"
	     "> after 200 ms\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> exit a 3\n"
	     "  exited a #4 {code:3}\n"
	     "  report child_terminated a #4 {code:3}\n"
	     "  delayed a #4 ms=400\n"
	     "> after 400 ms\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "> exit a 3\n"
	     "  exited a #5 {code:3}\n"
	     "  report child_terminated a #5 {code:3}\n"
	     "  delayed a #5 ms=500\n"
	     "> after 500 ms\n"
	     "  spawn a #6\n"
	     "  started a #6\n"
	     "> exit a 3\n"
	     "  exited a #6 {code:3}\n"
	     "  report child_terminated a #6 {code:3}\n"
	     "  delayed a #6 ms=500\n"
	     "> deadline\n"
	     "  in 500 ms\n");
}

TEST(a_child_that_stayed_up_for_max_begins_anew) /* [M6] */
{
	PLAY("one_for_one 99/1: a backoff=100/500\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> after 100 ms\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> after 499 ms\n"
	     "> exit a 3\n"
	     "  exited a #3 {code:3}\n"
	     "  report child_terminated a #3 {code:3}\n"
	     "  delayed a #3 ms=200\n"
	     "> after 200 ms\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "> after 500 ms\n"
	     "> exit a 3\n"
	     "  exited a #4 {code:3}\n"
	     "  report child_terminated a #4 {code:3}\n"
	     "  delayed a #4 ms=100\n");
}

TEST(failed_starts_are_delayed_too_and_count_when_they_are_tried) /* [M6] [F2] */
{
	PLAY("one_for_one 2/100: a backoff=100/500\n"
	     "> up\n"
	     "> failing a\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> after 100 ms\n"
	     "  spawn a #3\n"
	     "  start_failed a #3 {error:no}\n"
	     "  report start_error a #3 {error:no}\n"
	     "  delayed a #3 ms=200\n"
	     "> after 200 ms\n"
	     "  spawn a #4\n"
	     "  start_failed a #4 {error:no}\n"
	     "  report start_error a #4 {error:no}\n"
	     "  delayed a #4 ms=400\n"
	     "> after 400 ms\n"
	     "  report shutdown a #4 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(a_delayed_restart_counts_when_it_is_decided_and_only_once) /* [M6] [E1] */
{
	PLAY("one_for_one 1/5: a backoff=100/100\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> after 100 ms\n"
	     "  spawn a #3\n"
	     "  started a #3\n"
	     "> exit a 3\n"
	     "  exited a #3 {code:3}\n"
	     "  report child_terminated a #3 {code:3}\n"
	     "  report shutdown a #3 reached_max_restart_intensity\n"
	     "  exited / #1 shutdown\n"
	     "  halted / #1 shutdown\n");
}

TEST(siblings_stay_as_they_are_while_the_delay_runs) /* [M6] [D2] */
{
	PLAY("one_for_all 9/1: a backoff=100/100, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> which_children /\n"
	     "  reply 1 children b=running#3 a=restarting\n"
	     "> after 100 ms\n"
	     "  signal b #3 TERM\n"
	     "  exited b #3 shutdown\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  spawn b #5\n"
	     "  started b #5\n");
}

TEST(a_round_of_a_sibling_does_not_wait_for_the_delay) /* [M6] [D5] */
{
	PLAY("one_for_all 9/1: a backoff=1000/1000, b\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=1000\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn a #4\n"
	     "  started a #4\n"
	     "  spawn b #5\n"
	     "  started b #5\n"
	     "> deadline\n"
	     "  none\n");
}

TEST(requests_are_served_while_the_delay_runs) /* [M6] [M2] */
{
	PLAY("one_for_one 9/1: a backoff=1000/1000\n"
	     "> up\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=1000\n"
	     "> settle\n"
	     "  reply 1 ok\n"
	     "> start_child / b\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  added b #3\n"
	     "  reply 2 started b #3\n");
}

TEST(the_delay_is_over_while_the_supervisor_is_busy) /* [M6] [M1] */
{
	PLAY("one_for_one 9/1: a backoff=100/100, b\n"
	     "> up\n"
	     "> hold b\n"
	     "> exit a 3\n"
	     "  exited a #2 {code:3}\n"
	     "  report child_terminated a #2 {code:3}\n"
	     "  delayed a #2 ms=100\n"
	     "> exit b 3\n"
	     "  exited b #3 {code:3}\n"
	     "  report child_terminated b #3 {code:3}\n"
	     "  spawn b #4\n"
	     "> after 100 ms\n"
	     "> which_children /\n"
	     "> ready b\n"
	     "  started b #4\n"
	     "  spawn a #5\n"
	     "  started a #5\n"
	     "  reply 1 children b=running#4 a=running#5\n");
}

/* The delays of one child with jitter, for one seed. */
static uint32_t delays(uint64_t seed, uint32_t jitter, int *ret_delays)
{
	struct st_sup_spec *spec;
	struct st_effects effects;
	struct st_event event;
	struct st_tree *tree;
	uint64_t now_ns = 0;
	char words[64];
	uint32_t nr = 0;

	snprintf(words, sizeof(words), "one_for_one 1000000/1: a backoff=1000/1000/%u", jitter);
	spec = st_words_sup(words);
	if (!spec || st_tree_new(spec, seed, &tree))
		return 0;
	st_sup_spec_put(spec);
	event = (struct st_event){ .type = ST_EV_BOOT };
	st_step(tree, now_ns, &event, &effects);
	while (nr < NR_DELAYS) {
		event = (struct st_event){ .type = ST_EV_READY,
					   .generation = tree->last_generation };
		st_step(tree, now_ns, &event, &effects);
		event.type = ST_EV_EXITED;
		event.reason.type = ST_REASON_KILLED;
		st_step(tree, now_ns, &event, &effects);
		for (uint32_t i = 0; i < effects.nr; i++)
			if (effects.items[i].type == ST_FX_DELAYED)
				ret_delays[nr++] = effects.items[i].value;
		now_ns = st_next_deadline(tree);
		event.type = ST_EV_TICK;
		st_step(tree, now_ns, &event, &effects);
	}
	st_tree_free(tree);
	return nr;
}

TEST(jitter_takes_up_to_its_part_off_and_is_the_same_for_the_same_seed) /* [M6] */
{
	int first[NR_DELAYS], again[NR_DELAYS], other[NR_DELAYS], least = 1000, most = 0;

	ASSERT_EQ(NR_DELAYS, delays(42, 30, first));
	ASSERT_EQ(NR_DELAYS, delays(42, 30, again));
	ASSERT_EQ(NR_DELAYS, delays(43, 30, other));
	EXPECT_EQ(0, memcmp(first, again, sizeof(first)));
	EXPECT_NE(0, memcmp(first, other, sizeof(first)));
	for (int i = 0; i < NR_DELAYS; i++) {
		least = first[i] < least ? first[i] : least;
		most = first[i] > most ? first[i] : most;
	}
	EXPECT_LE(700, least);
	EXPECT_GT(750, least);
	EXPECT_GE(1000, most);
	EXPECT_LT(950, most);
}

TEST(without_jitter_all_delays_are_equal) /* [M6] */
{
	int all[NR_DELAYS];

	ASSERT_EQ(NR_DELAYS, delays(0, 0, all));
	for (int i = 0; i < NR_DELAYS; i++)
		ASSERT_EQ(1000, all[i]);
}

TEST(the_children_of_a_restarted_supervisor_begin_with_min) /* [M6] [E8] */
{
	PLAY("one_for_one 9/1: s {one_for_one 2/1: a backoff=100/800}\n"
	     "> up\n"
	     "> exit s/a 3\n"
	     "  exited s/a #3 {code:3}\n"
	     "  report child_terminated s/a #3 {code:3}\n"
	     "  delayed s/a #3 ms=100\n"
	     "> after 100 ms\n"
	     "  spawn s/a #4\n"
	     "  started s/a #4\n"
	     "> exit s/a 3\n"
	     "  exited s/a #4 {code:3}\n"
	     "  report child_terminated s/a #4 {code:3}\n"
	     "  delayed s/a #4 ms=200\n"
	     "> stop_supervisor s normal\n"
	     "  exited s #2 normal\n"
	     "  reply 1 ok\n"
	     "  report child_terminated s #2 normal\n"
	     "  starting s #5\n"
	     "  spawn s/a #6\n"
	     "  started s/a #6\n"
	     "  started s #5\n"
	     "> exit s/a 3\n"
	     "  exited s/a #6 {code:3}\n"
	     "  report child_terminated s/a #6 {code:3}\n"
	     "  delayed s/a #6 ms=100\n");
}

TEST_HARNESS_MAIN
