// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes that never wait, to descriptors that others share.
 */
#include "os/nowait.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "temporary.h"

static const char data[8192];

/* Write until nothing is taken. Return: that error; *ret_total: the bytes that were. */
static ssize_t fill(const struct st_nowait *out, size_t *ret_total)
{
	ssize_t nr;

	*ret_total = 0;
	while ((nr = st_nowait_write(out, data, sizeof(data))) > 0)
		*ret_total += (size_t)nr;
	return nr;
}

TEST(a_full_pipe_takes_nothing_and_stays_as_it_was_for_others)
{
	int ends[2], size;
	size_t total;

	ASSERT_EQ(0, pipe(ends));
	size = fcntl(ends[0], F_GETPIPE_SZ);
	struct st_nowait out = st_nowait_open(ends[1]);

	EXPECT_TRUE(out.is_own);
	EXPECT_EQ(-EAGAIN, fill(&out, &total));
	EXPECT_EQ((size_t)size, total);
	EXPECT_EQ(0, fcntl(ends[1], F_GETFL) & O_NONBLOCK);
	st_nowait_done(&out);
	EXPECT_EQ(-1, out.fd);
	EXPECT_NE(-1, fcntl(ends[1], F_GETFD));
	close(ends[0]);
	close(ends[1]);
}

TEST(a_pipe_that_cannot_be_opened_again_is_asked_first)
{
	struct st_nowait out;
	size_t total;
	int ends[2];

	ASSERT_EQ(0, pipe(ends));
	out = ST_NOWAIT_ASK(ends[1]);
	EXPECT_EQ(PIPE_BUF, st_nowait_write(&out, data, sizeof(data)));
	EXPECT_EQ(-EAGAIN, fill(&out, &total));
	EXPECT_LT(0, total);
	st_nowait_done(&out);
	EXPECT_NE(-1, fcntl(ends[1], F_GETFD));
	close(ends[0]);
	close(ends[1]);
}

TEST(a_named_pipe_without_a_reader_is_asked_first)
{
	char dir[TEMPORARY_SIZE], path[TEMPORARY_SIZE + 8];
	struct st_nowait out;
	int reader, writer;

	ASSERT_NE(NULL, temporary_folder(dir, "suptree-nowait-XXXXXX"));
	snprintf(path, sizeof(path), "%s/fifo", dir);
	ASSERT_EQ(0, mkfifo(path, 0600));
	reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	writer = open(path, O_WRONLY | O_CLOEXEC);
	close(reader);
	out = st_nowait_open(writer);
	EXPECT_TRUE(out.must_ask);
	signal(SIGPIPE, SIG_IGN); /* as all signals are blocked in the daemon */
	EXPECT_EQ(-EPIPE, st_nowait_write(&out, data, 1));
	st_nowait_done(&out);
	close(writer);
	EXPECT_EQ(0, unlink(path));
	EXPECT_EQ(0, rmdir(dir));
}

TEST(a_terminal_that_is_stopped_takes_nothing_until_it_goes_on)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;
	size_t total;

	ASSERT_LE(0, master);
	ASSERT_EQ(0, grantpt(master) | unlockpt(master));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	ASSERT_LE(0, slave);
	struct st_nowait out = st_nowait_open(slave);

	EXPECT_TRUE(out.is_own);
	ASSERT_EQ(0, tcflow(slave, TCOOFF));
	EXPECT_EQ(-EAGAIN, st_nowait_write(&out, data, 10));
	ASSERT_EQ(0, tcflow(slave, TCOON));
	EXPECT_EQ(10, st_nowait_write(&out, data, 10));
	EXPECT_EQ(-EAGAIN, fill(&out, &total)); /* nobody reads the master */
	st_nowait_done(&out);
	close(slave);
	close(master);
}

TEST(a_full_socket_takes_nothing_and_stays_as_it_was_for_others)
{
	int ends[2];
	size_t total;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	struct st_nowait out = st_nowait_open(ends[1]);

	EXPECT_TRUE(out.is_socket);
	EXPECT_EQ(-EAGAIN, fill(&out, &total));
	EXPECT_LT(0, total);
	EXPECT_EQ(0, fcntl(ends[1], F_GETFL) & O_NONBLOCK);
	close(ends[0]);
	EXPECT_EQ(-EPIPE, st_nowait_write(&out, data, 1)); /* without SIGPIPE */
	st_nowait_done(&out);
	close(ends[1]);
}

TEST(a_file_is_written_where_those_who_share_it_write)
{
	char path[TEMPORARY_SIZE], text[16] = "";
	int fd;

	ASSERT_NE(NULL, temporary_name(path, "suptree-nowait"));
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ASSERT_LE(0, fd);
	struct st_nowait out = st_nowait_open(fd);

	EXPECT_EQ(3, write(fd, "one", 3));
	EXPECT_EQ(3, st_nowait_write(&out, "two", 3));
	EXPECT_EQ(5, write(fd, "three", 5));
	EXPECT_EQ(11, pread(fd, text, sizeof(text), 0));
	EXPECT_EQ(0, strncmp(text, "onetwothree", 11));
	st_nowait_done(&out);
	close(fd);
	EXPECT_EQ(0, unlink(path));
}

TEST(what_is_not_open_is_an_error_of_the_write)
{
	struct st_nowait out = st_nowait_open(-1);

	EXPECT_GT(0, st_nowait_write(&out, data, 1));
	st_nowait_done(&out);
}

TEST_HARNESS_MAIN
