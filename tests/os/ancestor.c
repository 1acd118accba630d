// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walking up from a process to one that is known.
 */
#include "os/ancestor.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

static bool is_it(void *owner, pid_t pid)
{
	return pid == *(const pid_t *)owner;
}

static bool is_none(void *owner, pid_t pid)
{
	(void)owner;
	(void)pid;
	return false;
}

/*
 * A chain of processes below this one. Each waits for a byte that never comes, and so until
 * @end is closed. Return: the pid of the last, after all are there.
 */
static pid_t chain(unsigned int depth, int end[2])
{
	int there[2];
	char byte;
	pid_t last = 0;

	if (pipe(there) || pipe(end))
		return -1;
	for (unsigned int level = 0; level < depth; level++) {
		pid_t pid = fork();

		if (pid && !level)
			break;
		if (pid) /* in between: the child that it has goes on */
			_exit(read(end[0], &byte, 1) != 0);
		close(end[1]);
		if (level + 1 == depth) {
			last = getpid();
			if (write(there[1], &last, sizeof(last)) != sizeof(last))
				_exit(1);
			_exit(read(end[0], &byte, 1) != 0);
		}
	}
	close(there[1]);
	if (read(there[0], &last, sizeof(last)) != sizeof(last))
		last = -1;
	close(there[0]);
	return last;
}

static void finish(int end[2])
{
	close(end[1]);
	close(end[0]);
	while (wait(NULL) > 0)
		continue;
}

TEST(a_process_below_is_found_by_its_steps_up)
{
	static const unsigned int depths[] = { 1, 2, 5, ST_ANCESTOR_MAX };
	pid_t self = getpid(), found;

	for (size_t i = 0; i < ST_ARRAY_SIZE(depths); i++) {
		int end[2];
		pid_t last = chain(depths[i], end);

		ASSERT_LT(0, last);
		EXPECT_EQ((int)depths[i], st_ancestor_find(last, is_it, &self, &found));
		EXPECT_EQ(self, found);
		finish(end);
	}
}

TEST(one_that_is_too_far_below_is_not_found)
{
	pid_t self = getpid(), found = -1, last;
	int end[2];

	last = chain(ST_ANCESTOR_MAX + 1, end);
	ASSERT_LT(0, last);
	EXPECT_EQ(-ESRCH, st_ancestor_find(last, is_it, &self, &found));
	EXPECT_EQ(-1, found);
	finish(end);
}

TEST(a_process_is_not_its_own_ancestor_and_init_has_none)
{
	pid_t self = getpid(), found;

	EXPECT_EQ(-ESRCH, st_ancestor_find(self, is_it, &self, &found));
	EXPECT_EQ(-ESRCH, st_ancestor_find(self, is_none, NULL, &found));
	EXPECT_EQ(-ESRCH, st_ancestor_find(1, is_it, &self, &found));
	EXPECT_EQ(-ESRCH, st_ancestor_find(0, is_it, &self, &found));
}

TEST(a_zombie_still_has_its_parent_and_a_reaped_process_has_none)
{
	pid_t self = getpid(), found, pid = fork();
	siginfo_t info;

	if (!pid)
		_exit(0);
	ASSERT_EQ(0, waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	EXPECT_EQ(1, st_ancestor_find(pid, is_it, &self, &found));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(-ESRCH, st_ancestor_find(pid, is_it, &self, &found));
}

TEST_HARNESS_MAIN
