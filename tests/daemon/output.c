// SPDX-License-Identifier: GPL-2.0-only
/*
 * The output of children: from the pipe to the lines that `logs` shows, across
 * restarts, and what is left when a child is removed.
 */
#include "daemon/output/output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/output/output_ring.h"
#include "kselftest_harness.h"
#include "lib/outputs.h"
#include "loop/ring.h"

FIXTURE(output)
{
	struct outputs_test test;
	struct st_outputs *outputs;
};

FIXTURE_SETUP(output)
{
	signal(SIGPIPE, SIG_IGN);
	outputs_init(&self->test);
	self->outputs = self->test.outputs;
}

FIXTURE_TEARDOWN(output)
{
	outputs_done(&self->test);
}

#define LINE_COST 18 /* as output_ring.h says */
#define LINES(path) outputs_lines(&self->test, path, UINT32_MAX)

TEST_F(output, lines_of_both_streams_stand_in_the_order_of_their_writing)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	say(ends.out, "one\ntwo\n");
	outputs_settle(&self->test);
	say(ends.err, "three\n");
	outputs_settle(&self->test);
	say(ends.out, "\n");
	outputs_settle(&self->test);
	EXPECT_EQ(4 * LINE_COST + 11, st_outputs_bytes(self->outputs, "demo/a"));
	EXPECT_STREQ("out:one out:two err:three out: ", LINES("demo/a"));
	ends_close(&ends);
}

TEST_F(output, a_line_is_shown_when_it_ends_or_when_the_process_does)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	say(ends.out, "on");
	outputs_settle(&self->test);
	EXPECT_STREQ("", LINES("demo/a"));
	say(ends.out, "e\nlast words");
	outputs_settle(&self->test);
	EXPECT_STREQ("out:one ", LINES("demo/a"));
	ends_close(&ends);
	outputs_settle(&self->test);
	EXPECT_STREQ("out:one out:last words ", LINES("demo/a"));
}

TEST_F(output, what_was_written_before_the_question_is_in_the_answer)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	say(ends.out, "one\n");
	EXPECT_STREQ("out:one ", LINES("demo/a")); /* no turn in between */
	ends_close(&ends);
}

TEST_F(output, of_pipes_that_were_left_behind_only_the_newest_are_read)
{
	struct ends ends[4];

	st_outputs_limit_old(self->outputs, 2);
	for (uint64_t i = 0; i < ST_ARRAY_SIZE(ends); i++) {
		ends[i] = outputs_open(&self->test, i % 2 ? "demo/b" : "demo/a", i + 1);
		say(ends[i].out, "first\n");
	}
	EXPECT_STREQ("out:first out:first ", LINES("demo/a"));
	struct ends newest = outputs_open(&self->test, "demo/a", 5);

	EXPECT_LT(write(ends[0].out, "x", 1), 0) TH_LOG("the oldest was left");
	say(ends[2].out, "second\n");
	EXPECT_STREQ("out:first out:first out:second ", LINES("demo/a"));
	say(ends[1].out, "second\n");
	EXPECT_STREQ("out:first out:second out:first ", LINES("demo/b"));
	ends_close(&newest);
	for (size_t i = 0; i < ST_ARRAY_SIZE(ends); i++)
		ends_close(&ends[i]);
}

TEST_F(output, starts_that_fail_for_want_of_descriptors_leave_the_old_pipes_as_they_were)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct rlimit limit, none;
	int out, err;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	none = limit;
	none.rlim_cur = 3;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(-EMFILE, st_output_open(self->outputs, "demo/a", 2, &out, &err));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	say(ends.out, "one\n");
	EXPECT_STREQ("out:one ", LINES("demo/a"));
	ends_close(&ends);
	outputs_settle(&self->test);
	ends = outputs_open(&self->test, "demo/a", 3);
	ends_close(&ends);
}

TEST_F(output, the_newest_are_shown_if_not_all_are_wanted)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	say(ends.out, "1\n2\n3\n4\n");
	EXPECT_STREQ("out:3 out:4 ", outputs_lines(&self->test, "demo/a", 2));
	EXPECT_STREQ("", outputs_lines(&self->test, "demo/a", 0));
	EXPECT_STREQ("", LINES("demo/nobody"));
	EXPECT_STREQ("", LINES("demo"));
	EXPECT_STREQ("", LINES("/"));
	EXPECT_STREQ("out:1 out:2 out:3 out:4 ", LINES("/demo/a"));
	EXPECT_EQ(0, st_outputs_bytes(self->outputs, "demo/nobody"));
	ends_close(&ends);
}

TEST_F(output, only_those_since_a_moment_are_shown)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	say(ends.out, "1\n2\n");
	EXPECT_STREQ("out:1 out:2 ", LINES("demo/a"));
	self->test.since_ns = st_clock_ns() + 1;
	say(ends.out, "3\n4\n");
	EXPECT_STREQ("out:3 out:4 ", LINES("demo/a"));
	EXPECT_STREQ("out:4 ", outputs_lines(&self->test, "demo/a", 1));
	self->test.since_ns = UINT64_MAX;
	EXPECT_STREQ("", LINES("demo/a"));
	ends_close(&ends);
}

TEST_F(output, a_line_that_is_too_long_is_cut_and_a_character_never)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	char line[ST_OUTPUT_MAX_LINE + 3];

	memset(line, 'x', sizeof(line));
	say_bytes(ends.out, line, ST_OUTPUT_MAX_LINE);
	say(ends.out, "\n"); /* exactly what is allowed */
	outputs_settle(&self->test);
	EXPECT_EQ(LINE_COST + ST_OUTPUT_MAX_LINE, st_outputs_bytes(self->outputs, "demo/a"));
	memcpy(line + ST_OUTPUT_MAX_LINE - 1, "\xe2\x82\xac", 3); /* a euro over the limit */
	say_bytes(ends.err, line, ST_OUTPUT_MAX_LINE + 2);
	say(ends.err, "\n");
	outputs_settle(&self->test);
	EXPECT_EQ(3 * LINE_COST + ST_OUTPUT_MAX_LINE + ST_OUTPUT_MAX_LINE - 1 + 3,
		  st_outputs_bytes(self->outputs, "demo/a"));
	EXPECT_STREQ("err:\xe2\x82\xac ", outputs_lines(&self->test, "demo/a", 1));
	ends_close(&ends);
}

TEST_F(output, a_megabyte_without_a_newline_becomes_lines_as_well)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	static char portion[32768];

	memset(portion, '\xff', sizeof(portion)); /* and no UTF-8 either */
	for (int i = 0; i < 32; i++) {
		say_bytes(ends.out, portion, sizeof(portion));
		outputs_settle(&self->test);
	}
	EXPECT_GE(ST_OUTPUT_RING_SIZE, st_outputs_bytes(self->outputs, "demo/a"));
	EXPECT_LT(ST_OUTPUT_RING_SIZE - 8300, st_outputs_bytes(self->outputs, "demo/a"));
	ends_close(&ends);
}

TEST_F(output, bytes_that_are_no_text_are_shown_as_what_they_are_not)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	say(ends.out, "caf\xc3\xa9 \xe9 \"\\\t\n");
	EXPECT_STREQ("out:caf\xc3\xa9 \xef\xbf\xbd \"\\\t ", LINES("demo/a"));
	ends_close(&ends);
}

TEST_F(output, lines_live_on_when_the_child_is_started_again)
{
	struct ends first = outputs_open(&self->test, "demo/a", 1);
	struct ends second;

	say(first.out, "first\n");
	ends_close(&first);
	outputs_settle(&self->test);
	EXPECT_EQ(0, st_ring_nr_armed(self->test.ring));
	second = outputs_open(&self->test, "demo/a", 2);
	say(second.out, "second\n");
	EXPECT_STREQ("out:first out:second ", LINES("demo/a"));
	ends_close(&second);
}

TEST_F(output, a_process_that_outlives_the_child_is_still_heard)
{
	struct ends first = outputs_open(&self->test, "demo/a", 1);
	struct ends second = outputs_open(&self->test, "demo/a", 2);

	say(second.out, "child\n");
	outputs_settle(&self->test);
	say(first.out, "descendant\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("out:child out:descendant ", LINES("demo/a"));
	ends_close(&first);
	ends_close(&second);
}

TEST_F(output, of_too_many_that_outlive_it_the_oldest_is_not_heard_any_more)
{
	struct ends ends[ST_OUTPUT_MAX_PIPES + 1];

	for (unsigned int i = 0; i < ST_OUTPUT_MAX_PIPES; i++)
		ends[i] = outputs_open(&self->test, "demo/a", i + 1);
	outputs_settle(&self->test);
	say(ends[0].out, "old\nhalf a l");
	outputs_settle(&self->test);
	ends[ST_OUTPUT_MAX_PIPES] = outputs_open(&self->test, "demo/a", ST_OUTPUT_MAX_PIPES + 1);
	outputs_settle(&self->test);
	EXPECT_EQ(-1, write(ends[0].out, "x", 1));
	EXPECT_EQ(EPIPE, errno);
	say(ends[1].out, "next\n");
	EXPECT_STREQ("out:old out:half a l out:next ", LINES("demo/a"));
	for (unsigned int i = 0; i < ST_ARRAY_SIZE(ends); i++)
		ends_close(&ends[i]);
}

TEST_F(output, of_a_child_that_is_removed_nothing_is_left)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	unsigned int nr_fds;

	say(ends.out, "one\nha");
	outputs_settle(&self->test);
	nr_fds = count_fds();
	st_outputs_forget(self->outputs, "demo/a");
	EXPECT_STREQ("", LINES("demo/a"));
	outputs_settle(&self->test);
	EXPECT_EQ(0, st_ring_nr_armed(self->test.ring));
	EXPECT_EQ(nr_fds - 2, count_fds());
	st_outputs_forget(self->outputs, "demo/a");
	ends_close(&ends);
}

TEST_F(output, what_goes_with_a_supervisor_is_all_below_it_and_nothing_beside)
{
	static const char *const paths[] = { "p/a", "p/s/x", "p/s/y", "p/t/u/v", "pp", "p2/a" };
	struct ends ends[ST_ARRAY_SIZE(paths)];

	for (unsigned int i = 0; i < ST_ARRAY_SIZE(paths); i++) {
		ends[i] = outputs_open(&self->test, paths[i], i + 1);
		say(ends[i].out, "here\n");
	}
	outputs_settle(&self->test);
	st_outputs_forget(self->outputs, "p/s");
	EXPECT_STREQ("", LINES("p/s/x"));
	EXPECT_STREQ("", LINES("p/s/y"));
	EXPECT_STREQ("out:here ", LINES("p/a"));
	st_outputs_forget(self->outputs, "p");
	EXPECT_STREQ("", LINES("p/a"));
	EXPECT_STREQ("", LINES("p/t/u/v"));
	EXPECT_STREQ("out:here ", LINES("pp"));
	EXPECT_STREQ("out:here ", LINES("p2/a"));
	st_outputs_forget(self->outputs, "/");
	EXPECT_STREQ("", LINES("pp"));
	for (unsigned int i = 0; i < ST_ARRAY_SIZE(paths); i++)
		ends_close(&ends[i]);
}

TEST_F(output, a_spawn_that_failed_leaves_nothing_and_takes_nothing_along)
{
	struct ends first = outputs_open(&self->test, "demo/a", 1);
	struct ends second = outputs_open(&self->test, "demo/a", 2);
	unsigned int nr_fds = count_fds();

	say(first.out, "one\n");
	ends_close(&second);
	st_output_discard(self->outputs, "demo/a", 2);
	st_output_discard(self->outputs, "demo/a", 77);
	st_output_discard(self->outputs, "demo/nobody", 2);
	outputs_settle(&self->test);
	EXPECT_EQ(nr_fds - 4, count_fds());
	say(first.out, "two\n");
	EXPECT_STREQ("out:one out:two ", LINES("demo/a"));
	ends_close(&first);
}

TEST_F(output, five_thousand_children_are_forgotten_one_by_one)
{
	char path[32];

	for (unsigned int i = 0; i < 5000; i++) {
		struct ends ends;

		snprintf(path, sizeof(path), "pool/%u", i);
		ends = outputs_open(&self->test, path, i + 1);
		say(ends.out, path);
		ends_close(&ends);
		outputs_settle(&self->test);
	}
	for (unsigned int i = 0; i < 5000; i++) {
		snprintf(path, sizeof(path), "pool/%u", i);
		ASSERT_EQ(LINE_COST + strlen(path), st_outputs_bytes(self->outputs, path));
		st_outputs_forget(self->outputs, path);
		ASSERT_EQ(0, st_outputs_bytes(self->outputs, path));
	}
}

TEST_F(output, without_a_descriptor_nothing_is_opened_and_nothing_lost)
{
	int out = -1, err = -1, next = dup(STDERR_FILENO);
	unsigned int nr_fds;
	struct rlimit old;

	ASSERT_LT(0, next);
	close(next);
	nr_fds = count_fds();
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	for (int room = 0; room < 4; room++) { /* of the four that are needed */
		const struct rlimit limit = { (rlim_t)(next + room), old.rlim_max };

		ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
		EXPECT_EQ(-EMFILE, st_output_open(self->outputs, "demo/a", 1, &out, &err));
		ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
		EXPECT_EQ(-1, out);
		EXPECT_EQ(-1, err);
		EXPECT_EQ(nr_fds, count_fds());
	}
}

/* Whichever allocation fails: no crash, no leak, and later all is as before. */
TEST_F(output, without_memory_lines_are_lost_or_cut_and_nothing_else)
{
	unsigned long nr_failed = 0, nth, before;
	char text[600];

	memset(text, 'x', sizeof(text));
	for (nth = 1;; nth++) {
		struct ends ends;
		int ret;

		before = st_alloc_count();
		st_alloc_fail_at(nth);
		ret = st_output_open(self->outputs, "demo/s/a", nth, &ends.out, &ends.err);
		if (ret) {
			EXPECT_EQ(-ENOMEM, ret);
			nr_failed++;
			continue;
		}
		say_bytes(ends.out, text, sizeof(text));
		outputs_settle(&self->test);
		say_bytes(ends.out, text, sizeof(text));
		outputs_settle(&self->test);
		say(ends.out, "\none\n");
		outputs_settle(&self->test);
		before = st_alloc_count() - before;
		st_alloc_fail_at(0);
		say(ends.out, "two\n");
		EXPECT_STREQ("out:two ", outputs_lines(&self->test, "demo/s/a", 1));
		st_outputs_forget(self->outputs, "demo");
		ends_close(&ends);
		outputs_settle(&self->test);
		if (nth > before)
			break;
	}
	EXPECT_LE(3, nr_failed);
	EXPECT_LE(8, nth);
}

TEST(without_memory_no_outputs_are_made_and_nothing_leaks)
{
	struct st_outputs *outputs = NULL;
	struct st_probe probe;
	struct st_ring *ring;
	unsigned long nth = 0;
	int ret;

	ASSERT_EQ(0, st_probe_run(&probe));
	do {
		ASSERT_EQ(0, st_ring_new(&probe, &ring)); /* without room for deadlines */
		st_alloc_fail_at(++nth);
		ret = st_outputs_new(ring, &outputs);
		st_alloc_fail_at(0);
		EXPECT_TRUE(ret == 0 || ret == -ENOMEM);
		if (ret)
			st_ring_free(ring);
	} while (ret);
	EXPECT_EQ(5, nth);
	st_outputs_free(outputs);
	st_outputs_free(NULL);
	st_ring_free(ring);
}

TEST(what_waits_in_the_pipes_is_read_before_the_outputs_close)
{
	struct outputs_test test;
	struct ends ends;

	outputs_init(&test);
	ends = outputs_open(&test, "demo/a", 1);
	say(ends.out, "last\nwords");
	st_outputs_close(test.outputs);
	EXPECT_STREQ("out:last out:words ", outputs_lines(&test, "demo/a", 9));
	EXPECT_FALSE(st_outputs_is_closed(test.outputs));
	outputs_done(&test);
	ends_close(&ends);
}

TEST_HARNESS_MAIN
