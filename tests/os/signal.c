// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals as data.
 */
#include "os/signal.h"

#include <signal.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

TEST(a_blocked_signal_is_read_with_its_sender)
{
	struct st_signal signal;
	int fd;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, st_signal_open(&fd));
	EXPECT_EQ(-EAGAIN, st_signal_read(fd, &signal));
	ASSERT_EQ(0, kill(getpid(), SIGTERM));
	ASSERT_EQ(0, st_signal_read(fd, &signal));
	EXPECT_EQ(SIGTERM, signal.signo);
	EXPECT_EQ(getpid(), signal.pid);
	EXPECT_EQ(getuid(), signal.uid);
	EXPECT_EQ(SI_USER, signal.code);
	EXPECT_EQ(-EAGAIN, st_signal_read(fd, &signal));
	st_fd_close(&fd);
}

TEST(a_SIGCHLD_names_the_child_and_its_end)
{
	struct st_signal signal;
	int fd;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, st_signal_open(&fd));
	struct outcome outcome = run_program((char *[]){ "/bin/sh", "-c", "echo $$", NULL });

	ASSERT_EQ(0, st_signal_read(fd, &signal));
	EXPECT_EQ(SIGCHLD, signal.signo);
	EXPECT_EQ(CLD_EXITED, signal.code);
	EXPECT_EQ(atoi(outcome.text), signal.pid);
	st_fd_close(&fd);
}

TEST(every_signal_that_can_be_blocked_is)
{
	sigset_t mask;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, sigprocmask(SIG_SETMASK, NULL, &mask));
	for (int signo = 1; signo <= SIGRTMAX; signo++)
		/* 32 and 33 belong to libc. */
		if (signo != SIGKILL && signo != SIGSTOP && (signo < 32 || signo >= SIGRTMIN))
			EXPECT_EQ(1, sigismember(&mask, signo));
}

TEST(opening_without_a_descriptor_left_is_EMFILE)
{
	int fd;

	EXPECT_LT(0, use_up_fds());
	EXPECT_EQ(-EMFILE, st_signal_open(&fd));
	give_back_fds();
}

TEST(a_descriptor_that_is_none_is_EBADF)
{
	struct st_signal signal;

	EXPECT_EQ(-EBADF, st_signal_read(-1, &signal));
}

TEST_HARNESS_MAIN
