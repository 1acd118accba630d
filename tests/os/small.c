// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small verbs: descriptors, pipes, limits.
 */
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"
#include "os/limits.h"
#include "os/pipe.h"

TEST(closing_forgets_the_number_and_keeps_errno)
{
	int fd = dup(0);
	int number = fd;

	errno = ERANGE;
	st_fd_close(&fd);
	EXPECT_EQ(-1, fd);
	EXPECT_EQ(-1, fcntl(number, F_GETFD));
	EXPECT_EQ(EBADF, errno);
	errno = ERANGE;
	st_fd_close(&fd);
	EXPECT_EQ(-1, fd);
	fd = 999;
	st_fd_close(&fd);
	EXPECT_EQ(ERANGE, errno);
}

TEST(a_descriptor_moves_out_of_its_place)
{
	int place = 5;

	EXPECT_EQ(5, st_fd_take(&place));
	EXPECT_EQ(-1, place);
	EXPECT_EQ(-1, st_fd_take(&place));
}

TEST(of_a_pipe_only_the_end_that_reads_is_non_blocking)
{
	int reader, writer;

	ASSERT_EQ(0, st_pipe_open(&reader, &writer));
	EXPECT_EQ(O_NONBLOCK, fcntl(reader, F_GETFL) & O_NONBLOCK);
	EXPECT_EQ(0, fcntl(writer, F_GETFL) & O_NONBLOCK);
	EXPECT_EQ(FD_CLOEXEC, fcntl(reader, F_GETFD));
	EXPECT_EQ(FD_CLOEXEC, fcntl(writer, F_GETFD));
	st_fd_close(&reader);
	st_fd_close(&writer);
}

TEST(a_pipe_without_a_descriptor_left_is_EMFILE)
{
	int last = 199;
	int reader, writer;

	EXPECT_LT(0, use_up_fds());
	EXPECT_EQ(-EMFILE, st_pipe_open(&reader, &writer));
	/* One is not enough, and is not lost. */
	st_fd_close(&last);
	EXPECT_EQ(-EMFILE, st_pipe_open(&reader, &writer));
	EXPECT_EQ(199, lowest_free());
	give_back_fds();
}

TEST(the_soft_limit_of_descriptors_is_raised_to_the_hard_one)
{
	struct rlimit low = { 50, 100 };
	struct rlimit before, after;

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &low));
	ASSERT_EQ(0, st_limits_raise_nofile(&before));
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &after));
	EXPECT_EQ(50, before.rlim_cur);
	EXPECT_EQ(100, before.rlim_max);
	EXPECT_EQ(100, after.rlim_cur);
	EXPECT_EQ(100, after.rlim_max);
}

TEST_HARNESS_MAIN
