// SPDX-License-Identifier: GPL-2.0-only
/*
 * Followers of a child's output, and children that write more than any follower
 * can read.
 */
#include "daemon/output/output.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/output/output_ring.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/outputs.h"

FIXTURE(follow)
{
	struct outputs_test test;
	struct st_outputs *outputs;
	struct st_client clients[2];
	char text[512];
};

FIXTURE_SETUP(follow)
{
	outputs_init(&self->test);
	self->outputs = self->test.outputs;
	for (int i = 0; i < 2; i++)
		fake_client_init(&self->clients[i]);
}

FIXTURE_TEARDOWN(follow)
{
	outputs_done(&self->test);
	for (int i = 0; i < 2; i++)
		fake_client_done(&self->clients[i]);
}

#define NEXT(client, keys) fake_client_next(client, self->text, sizeof(self->text), keys)

TEST_F(follow, a_follower_gets_the_lines_from_now_on_with_path_and_stream)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct st_client *client = &self->clients[0];

	say(ends.out, "old\n");
	outputs_settle(&self->test);
	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "/demo/a"));
	say(ends.err, "new\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("output demo/a 2 stderr new", NEXT(client, "path,seq,stream,text"));
	EXPECT_STREQ("", NEXT(client, ""));
	ends_close(&ends);
}

TEST_F(follow, each_line_is_in_the_answer_or_follows_it_and_never_both)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct st_client *client = &self->clients[0];

	say(ends.out, "one\n");
	EXPECT_STREQ("out:one ", outputs_lines(&self->test, "demo/a", 10));
	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	say(ends.out, "two\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("output two", NEXT(client, "text"));
	EXPECT_STREQ("", NEXT(client, ""));
	ends_close(&ends);
}

TEST_F(follow, a_child_may_be_followed_before_it_is_there)
{
	struct st_client *client = &self->clients[0];
	struct ends ends;

	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	outputs_settle(&self->test);
	ends = outputs_open(&self->test, "demo/a", 1);
	say(ends.out, "hello\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("output 1 hello", NEXT(client, "seq,text"));
	ends_close(&ends);
}

TEST_F(follow, nobody_hears_what_another_child_says)
{
	struct ends a = outputs_open(&self->test, "demo/a", 1);
	struct ends b = outputs_open(&self->test, "demo/b", 2);

	ASSERT_EQ(0, st_outputs_follow(self->outputs, &self->clients[0], "demo/a"));
	ASSERT_EQ(0, st_outputs_follow(self->outputs, &self->clients[1], "demo/b"));
	say(a.out, "a\n");
	say(b.out, "b\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("output demo/a 1", NEXT(&self->clients[0], "path,seq"));
	EXPECT_STREQ("", NEXT(&self->clients[0], ""));
	EXPECT_STREQ("output demo/b 1", NEXT(&self->clients[1], "path,seq"));
	EXPECT_STREQ("", NEXT(&self->clients[1], ""));
	ends_close(&a);
	ends_close(&b);
}

TEST_F(follow, the_last_words_of_a_removed_child_still_come)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	say(ends.out, "last\nwords");
	ends_close(&ends);
	st_outputs_forget(self->outputs, "demo"); /* before a turn could read them */
	EXPECT_STREQ("", outputs_lines(&self->test, "demo/a", 10));
	EXPECT_EQ(0, st_outputs_bytes(self->outputs, "demo/a"));
	outputs_settle(&self->test);
	EXPECT_STREQ("output last", NEXT(client, "text"));
	EXPECT_STREQ("output words", NEXT(client, "text"));
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, a_new_child_of_the_same_path_is_followed_and_begins_without_lines)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	say(ends.out, "one\n");
	outputs_settle(&self->test);
	st_outputs_forget(self->outputs, "demo/a");
	ends_close(&ends);
	ends = outputs_open(&self->test, "demo/a", 2);
	say(ends.out, "two\n");
	EXPECT_STREQ("out:two ", outputs_lines(&self->test, "demo/a", 10));
	outputs_settle(&self->test);
	EXPECT_STREQ("output 1 one", NEXT(client, "seq,text"));
	EXPECT_STREQ("output 2 two", NEXT(client, "seq,text"));
	EXPECT_STREQ("", NEXT(client, ""));
	st_outputs_unfollow(self->outputs, client);
	EXPECT_STREQ("out:two ", outputs_lines(&self->test, "demo/a", 10));
	ends_close(&ends);
}

TEST_F(follow, a_client_that_follows_again_hears_only_the_new_child)
{
	struct ends a = outputs_open(&self->test, "demo/a", 1);
	struct ends b = outputs_open(&self->test, "demo/b", 2);
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/b"));
	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/b"));
	say(a.out, "a\n");
	say(b.out, "b\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("output demo/b b", NEXT(client, "path,text"));
	EXPECT_STREQ("", NEXT(client, ""));
	ends_close(&a);
	ends_close(&b);
}

TEST_F(follow, a_client_that_has_gone_is_given_nothing)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);

	ASSERT_EQ(0, st_outputs_follow(self->outputs, &self->clients[0], "demo/a"));
	ASSERT_EQ(0, st_outputs_follow(self->outputs, &self->clients[1], "nobody"));
	st_outputs_unfollow(self->outputs, &self->clients[0]);
	st_outputs_unfollow(self->outputs, &self->clients[0]);
	say(ends.out, "one\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("", NEXT(&self->clients[0], ""));
	ends_close(&ends);
}

TEST_F(follow, who_does_not_read_is_told_how_much_was_lost)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct st_client *client = &self->clients[0];
	unsigned long long seq, dropped, given;
	char line[128];

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\n';
	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	for (int i = 0; i < 5000; i++) {
		say_bytes(ends.out, line, sizeof(line));
		if (i % 100 == 0)
			outputs_settle(&self->test);
	}
	outputs_settle(&self->test);
	EXPECT_GT(256 << 10, client->most_unsent);
	given = fake_client_skip(client);
	outputs_settle(&self->test);
	ASSERT_EQ(2, sscanf(NEXT(client, "path,seq,dropped"), "resync demo/a %llu %llu", &seq,
			    &dropped));
	EXPECT_EQ(seq, given + dropped);
	snprintf(line, sizeof(line), "output %llu", seq + 1);
	EXPECT_STREQ(line, NEXT(client, "seq"));
	for (given = 1; given;) { /* to the end, now that it reads */
		given = fake_client_skip(client);
		outputs_settle(&self->test);
	}
	say(ends.out, "end\n");
	outputs_settle(&self->test);
	EXPECT_STREQ("output 5001 end", NEXT(client, "seq,text"));
	ends_close(&ends);
}

/* A process that writes lines for as long as somebody reads them. */
static pid_t start_flood(struct ends *ends)
{
	pid_t pid = fork();

	if (pid == 0) {
		static const char lines[] = "y\nn\nall work and no play makes jack a dull boy\n";

		/* without the daemon's ends, as after an exec */
		if (dup2(ends->out, STDOUT_FILENO) < 0 || close_range(3, ~0u, 0) < 0)
			_exit(1);
		signal(SIGPIPE, SIG_DFL);
		for (;;)
			(void)!write(STDOUT_FILENO, lines, sizeof(lines) - 1);
	}
	ends_close(ends);
	return pid;
}

static void end_flood(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

TEST_F(follow, a_child_that_floods_costs_no_memory_and_keeps_nobody_waiting)
{
	struct ends flood = outputs_open(&self->test, "demo/flood", 1);
	struct ends quiet = outputs_open(&self->test, "demo/quiet", 2);
	unsigned int turns = 0;
	unsigned long before = 0;
	pid_t pid;

	say(quiet.out, "first\n");
	outputs_settle(&self->test);
	pid = start_flood(&flood);
	ASSERT_LT(0, pid);
	for (int i = 0; i < 5000; i++) {
		outputs_turn(&self->test);
		ASSERT_GE(ST_OUTPUT_RING_SIZE, st_outputs_bytes(self->outputs, "demo/flood"));
		if (i == 500)
			before = st_alloc_count(); /* the ring has its size */
	}
	/* but for the beginnings of lines, which come and go */
	EXPECT_GT(before + 2 * 4500, st_alloc_count());
	ASSERT_EQ(0, st_outputs_follow(self->outputs, &self->clients[0], "demo/quiet"));
	say(quiet.out, "second\n");
	while (!self->clients[0].lines.len) {
		ASSERT_GT(4, turns++);
		outputs_turn(&self->test);
	}
	EXPECT_STREQ("output second", NEXT(&self->clients[0], "text"));
	end_flood(pid);
	ends_close(&quiet);
}

TEST_F(follow, a_child_that_floods_can_be_removed)
{
	struct ends flood = outputs_open(&self->test, "demo/flood", 1);
	pid_t pid = start_flood(&flood);
	int status;

	ASSERT_LT(0, pid);
	for (int i = 0; i < 100; i++)
		outputs_turn(&self->test);
	st_outputs_forget(self->outputs, "demo/flood");
	outputs_settle(&self->test);
	EXPECT_EQ(0, st_ring_nr_armed(self->test.ring));
	ASSERT_EQ(pid, waitpid(pid, &status, 0)); /* nobody reads: SIGPIPE */
	EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

TEST_F(follow, many_that_flood_get_the_same_share)
{
	enum {
		NR = 24
	};
	struct ends ends[NR];
	char path[32];
	pid_t pids[NR];

	for (int i = 0; i < NR; i++) {
		snprintf(path, sizeof(path), "demo/%d", i);
		ends[i] = outputs_open(&self->test, path, (uint64_t)i + 1);
	}
	for (int i = 0; i < NR; i++) {
		pids[i] = start_flood(&ends[i]);
		ASSERT_LT(0, pids[i]);
	}
	for (int i = 0; i < NR; i++) {
		snprintf(path, sizeof(path), "demo/%d", i);
		while (st_outputs_bytes(self->outputs, path) < ST_OUTPUT_RING_SIZE / 2)
			outputs_turn(&self->test);
	}
	for (int i = 0; i < NR; i++)
		end_flood(pids[i]);
}

TEST_F(follow, without_memory_a_line_comes_later_and_nothing_leaks)
{
	struct ends ends = outputs_open(&self->test, "demo/a", 1);
	struct st_client *client = &self->clients[0];
	unsigned long nth = 0;
	int ret;

	do {
		st_alloc_fail_at(++nth);
		ret = st_outputs_follow(self->outputs, client, "new/path");
	} while (ret == -ENOMEM);
	st_alloc_fail_at(0);
	ASSERT_EQ(0, ret);
	EXPECT_LT(2, nth);
	ASSERT_EQ(0, st_outputs_follow(self->outputs, client, "demo/a"));
	say(ends.out, "one\n");
	EXPECT_STREQ("out:one ", outputs_lines(&self->test, "demo/a", 1));
	for (nth = 1; !client->lines.len; nth++) {
		st_alloc_fail_at(nth);
		st_outputs_pump(self->outputs);
		st_alloc_fail_at(0);
	}
	EXPECT_LT(3, nth);
	EXPECT_STREQ("output 1 one", NEXT(client, "seq,text"));
	EXPECT_STREQ("", NEXT(client, ""));
	ends_close(&ends);
}

TEST_HARNESS_MAIN
