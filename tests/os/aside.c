// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of this process, and what it writes.
 */
#include "os/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

FIXTURE(aside)
{
	struct st_pidref ref;
	char text[64];
	int fd;
	int other; /* a descriptor that is none of the copy's business */
};

FIXTURE_SETUP(aside)
{
	st_pidref_init(&self->ref);
	self->fd = -1;
	self->other = open("/dev/null", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->other);
}

FIXTURE_TEARDOWN(aside)
{
	struct st_exit how;

	(void)!st_pidref_wait(&self->ref, &how, NULL);
	st_pidref_done(&self->ref);
	if (self->fd >= 0)
		close(self->fd);
	close(self->other);
}

/* Read to the end. */
static const char *read_all(FIXTURE_DATA(aside) * self)
{
	struct pollfd wait = { .fd = self->fd, .events = POLLIN };
	size_t len = 0;
	ssize_t nr;

	do {
		poll(&wait, 1, -1);
		nr = read(self->fd, self->text + len, sizeof(self->text) - 1 - len);
		len += nr > 0 ? (size_t)nr : 0;
	} while (nr > 0 || (nr < 0 && errno == EAGAIN));
	self->text[len] = '\0';
	return self->text;
}

static void say_what_it_has(void *context, int fd)
{
	const FIXTURE_DATA(aside) *self = context;
	bool has_other = fcntl(self->other, F_GETFD) >= 0 && self->other != fd;

	(void)!write(fd, has_other ? "both" : "one", has_other ? 4 : 3);
}

TEST_F(aside, has_the_memory_of_its_parent_and_one_descriptor)
{
	ASSERT_EQ(0, st_aside_start(say_what_it_has, self, &self->ref, &self->fd));
	EXPECT_STREQ("one", read_all(self));
}

static void pause_for_ever(void *context, int fd)
{
	for (;;)
		pause();
}

TEST_F(aside, can_be_ended)
{
	struct pollfd end;

	ASSERT_EQ(0, st_aside_start(pause_for_ever, self, &self->ref, &self->fd));
	EXPECT_EQ(-1, read(self->fd, self->text, 1));
	EXPECT_EQ(EAGAIN, errno);
	ASSERT_EQ(0, st_pidref_signal(&self->ref, SIGKILL));
	EXPECT_STREQ("", read_all(self));
	end = (struct pollfd){ .fd = self->ref.fd, .events = POLLIN };
	EXPECT_EQ(1, poll(&end, 1, -1));
}

/* The copy of the copy says that it lives, and then the first one ends. */
static void start_another(void *context, int fd)
{
	FIXTURE_DATA(aside) *self = context;

	(void)!st_aside_start(pause_for_ever, NULL, &self->ref, &self->fd);
	(void)!write(fd, &self->ref.pid, sizeof(self->ref.pid));
}

TEST_F(aside, dies_with_its_parent)
{
	struct pollfd wait;
	siginfo_t info;
	pid_t pid = 0;

	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
	ASSERT_EQ(0, st_aside_start(start_another, self, &self->ref, &self->fd));
	wait = (struct pollfd){ .fd = self->fd, .events = POLLIN };
	ASSERT_EQ(1, poll(&wait, 1, -1));
	ASSERT_EQ(sizeof(pid), (size_t)read(self->fd, &pid, sizeof(pid)));
	do { /* until it is ours, and has ended */
		ASSERT_EQ(0, waitid(P_ALL, 0, &info, WEXITED));
	} while (info.si_pid != pid);
}

TEST_HARNESS_MAIN
