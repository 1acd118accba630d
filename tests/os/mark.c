// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marks: descendants inherit them, whatever they execute, and others do not have them.
 */
#include "os/mark.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"
#include "os/pipe.h"

TEST(families_differ)
{
	uint64_t one, two;

	ASSERT_EQ(0, st_mark_family_new(&one));
	ASSERT_EQ(0, st_mark_family_new(&two));
	EXPECT_NE(one, two);
	EXPECT_NE(0, one);
	EXPECT_EQ(0, one >> 39);
}

TEST(without_the_right_to_any_limit_there_are_no_marks)
{
	struct rlimit limit = { 100, 1000 };
	uint64_t family;

	ASSERT_EQ(0, setrlimit(RLIMIT_LOCKS, &limit));
	EXPECT_EQ(-EPERM, st_mark_family_new(&family));
}

TEST(a_mark_is_a_limit_that_can_be_set_and_read)
{
	uint64_t family;
	uint32_t number = 0;
	struct st_limit limit;

	ASSERT_EQ(0, st_mark_family_new(&family));
	limit = st_mark_limit(family, ST_MARK_NUMBERS + 5ull);
	EXPECT_EQ(RLIMIT_LOCKS, limit.resource);
	EXPECT_EQ(0, st_mark_read(getpid(), family, &number));
	ASSERT_EQ(0, setrlimit(RLIMIT_LOCKS, &limit.value));
	EXPECT_EQ(1, st_mark_read(getpid(), family, &number));
	EXPECT_EQ(5, number);
	EXPECT_EQ(0, st_mark_read(getpid(), family ^ 2, &number));
	EXPECT_EQ(-ESRCH, st_mark_read(1 << 30, family, &number));
}

/* env -i setsid sleep infinity, below a process that has ended. */
TEST(a_descendant_cannot_lose_it_unknowingly)
{
	char *argv[] = { "/bin/sh", "-c", "env -i setsid sleep infinity & echo $!", NULL };
	struct st_spawn_request request;
	struct st_limit limit;
	uint64_t family;
	uint32_t number;
	char text[TEXT_MAX];
	pid_t *pids;
	size_t nr = 0;
	int reader, writer;

	ASSERT_EQ(0, st_mark_family_new(&family));
	limit = st_mark_limit(family, 9);
	request_program(&request, argv);
	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	request.stdio[1] = writer;
	request.limits = &limit;
	request.nr_limits = 1;
	EXPECT_EQ(0, run(&request).how.status);
	st_fd_close(&writer);
	ASSERT_LT(0, read(reader, text, sizeof(text)));
	pid_t pid = (pid_t)strtol(text, NULL, 10);

	EXPECT_EQ(1, st_mark_read(pid, family, &number));
	EXPECT_EQ(9, number);
	ASSERT_EQ(0, st_mark_find(family, &pids, &nr));
	EXPECT_EQ(1, nr);
	EXPECT_EQ(pid, pids[0]);
	EXPECT_EQ(0, kill(pid, SIGKILL));
	st_free(pids);
	st_fd_close(&reader);
}

TEST_HARNESS_MAIN
