// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small verbs: descriptors, pipes, limits.
 */
#include <fcntl.h>
#include <stdio.h>
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

/* Entries of the kernel's table of descriptors. */
static unsigned int table_size(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	char line[256];
	unsigned int size = 0;

	while (status && fgets(line, sizeof(line), status))
		if (sscanf(line, "FDSize: %u", &size) == 1)
			break;
	if (status)
		(void)fclose(status);
	return size;
}

TEST(the_table_of_descriptors_grows_before_they_are_open)
{
	struct rlimit limit = { 1024, 1024 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	ASSERT_GT(700, table_size());
	ASSERT_EQ(0, st_limits_grow_table(700));
	EXPECT_EQ(1024, table_size());
	EXPECT_EQ(-1, fcntl(699, F_GETFD)); /* nothing is left open */
	EXPECT_EQ(EBADF, errno);
}

TEST(the_table_of_descriptors_grows_no_further_than_the_limit)
{
	struct rlimit limit = { 300, 300 };

	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	ASSERT_GT(300, table_size());
	ASSERT_EQ(0, st_limits_grow_table(100000));
	EXPECT_EQ(512, table_size()); /* a power of two */
	ASSERT_EQ(0, st_limits_grow_table(0));
}

TEST_HARNESS_MAIN
