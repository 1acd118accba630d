// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals as data.
 */
#include "os/signal.h"

#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

static void unused(int signo)
{
	(void)signo;
}

TEST(a_blocked_signal_is_read_with_its_sender)
{
	struct st_signal signals[ST_SIGNALS_MAX];
	int fd;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, st_signal_open(&fd));
	EXPECT_EQ(-EAGAIN, st_signal_read(fd, signals));
	ASSERT_EQ(0, kill(getpid(), SIGTERM));
	ASSERT_EQ(1, st_signal_read(fd, signals));
	EXPECT_EQ(SIGTERM, signals[0].signo);
	EXPECT_EQ(getpid(), signals[0].pid);
	EXPECT_EQ(getuid(), signals[0].uid);
	EXPECT_EQ(SI_USER, signals[0].code);
	EXPECT_EQ(-EAGAIN, st_signal_read(fd, signals));
	st_fd_close(&fd);
}

static bool is_ignored(int signo)
{
	struct sigaction action;

	return sigaction(signo, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

TEST(no_signal_stays_ignored_and_handlers_stay)
{
	struct sigaction handler = { .sa_handler = unused }, ignore = { .sa_handler = SIG_IGN };
	struct sigaction now;
	int signo;

	ASSERT_EQ(0, sigaction(SIGUSR1, &handler, NULL));
	for (signo = 1; signo <= SIGRTMAX; signo++)
		if (signo != SIGUSR1)
			(void)sigaction(signo, &ignore, NULL); /* not all can be ignored */
	ASSERT_TRUE(is_ignored(SIGCHLD));
	ASSERT_EQ(0, st_signal_reset_ignored());
	for (signo = 1; signo <= SIGRTMAX; signo++)
		EXPECT_FALSE(is_ignored(signo)) TH_LOG("signal %d", signo);
	ASSERT_EQ(0, sigaction(SIGUSR1, NULL, &now));
	EXPECT_TRUE(now.sa_handler == unused);
}

TEST(a_SIGCHLD_names_the_child_and_its_end)
{
	struct st_signal signals[ST_SIGNALS_MAX];
	int fd;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, st_signal_open(&fd));
	struct outcome outcome = run_program((char *[]){ "/bin/sh", "-c", "echo $$", NULL });

	ASSERT_EQ(1, st_signal_read(fd, signals));
	EXPECT_EQ(SIGCHLD, signals[0].signo);
	EXPECT_EQ(CLD_EXITED, signals[0].code);
	EXPECT_EQ(atoi(outcome.text), signals[0].pid);
	st_fd_close(&fd);
}

TEST(signals_are_read_together_up_to_the_limit)
{
	struct st_signal signals[ST_SIGNALS_MAX];
	int fd;

	ASSERT_EQ(0, st_signal_block_all());
	ASSERT_EQ(0, st_signal_open(&fd));
	for (int i = 0; i < ST_SIGNALS_MAX + 1; i++)
		ASSERT_EQ(0, kill(getpid(), SIGRTMIN + i));
	ASSERT_EQ(ST_SIGNALS_MAX, st_signal_read(fd, signals));
	EXPECT_EQ(SIGRTMIN + 1, signals[1].signo);
	ASSERT_EQ(1, st_signal_read(fd, signals));
	EXPECT_EQ(SIGRTMIN + ST_SIGNALS_MAX, signals[0].signo);
	EXPECT_EQ(-EAGAIN, st_signal_read(fd, signals));
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
	struct st_signal signals[ST_SIGNALS_MAX];

	EXPECT_EQ(-EBADF, st_signal_read(-1, signals));
}

TEST_HARNESS_MAIN
