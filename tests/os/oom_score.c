// SPDX-License-Identifier: GPL-2.0-only
/*
 * The own OOM score: read, written, and tried.
 */
#include "os/oom_score.h"

#include <errno.h>
#include <linux/capability.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"

TEST(the_own_score_is_read_as_it_was_written)
{
	int score = -1;

	ASSERT_EQ(0, st_oom_score_write(123));
	ASSERT_EQ(0, st_oom_score_read(&score));
	EXPECT_EQ(123, score);
	ASSERT_EQ(0, st_oom_score_write(1000));
	ASSERT_EQ(0, st_oom_score_read(&score));
	EXPECT_EQ(1000, score);
}

TEST(a_score_that_does_not_exist_is_EINVAL)
{
	EXPECT_EQ(-EINVAL, st_oom_score_write(1001));
	EXPECT_EQ(-EINVAL, st_oom_score_write(-1001));
}

/* A process starts with the least score that root ever gave to one above it. */
TEST(to_go_below_what_root_set_is_EACCES_and_leaves_the_score)
{
	int before = 0, score = -1;

	ASSERT_EQ(0, st_oom_score_read(&before));
	if (geteuid() == 0)
		drop_capability(CAP_SYS_RESOURCE);
	if (before < 0)
		SKIP(return, "this process is protected already");
	EXPECT_EQ(-EACCES, st_oom_score_write(-1));
	EXPECT_FALSE(st_oom_score_can_be_lower(before, -1));
	ASSERT_EQ(0, st_oom_score_read(&score));
	EXPECT_EQ(before, score);
}

TEST(what_was_raised_by_oneself_can_be_lowered_and_trying_leaves_no_trace)
{
	int before = 0, score = -1;

	ASSERT_EQ(0, st_oom_score_read(&before));
	if (before < 0 || before > 0)
		SKIP(return, "somebody has set this process's score");
	ASSERT_EQ(0, st_oom_score_write(300));
	EXPECT_TRUE(st_oom_score_can_be_lower(300, 0));
	ASSERT_EQ(0, st_oom_score_read(&score));
	EXPECT_EQ(300, score);
}

TEST_HARNESS_MAIN
