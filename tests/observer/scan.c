// SPDX-License-Identifier: GPL-2.0-only
/* Looks at all processes: who is in one, and that a pid is never taken for another process. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "observer/scan.h"

FIXTURE(scan)
{
	struct st_scan scan;
	int proc;
};

FIXTURE_SETUP(scan)
{
	self->scan = (struct st_scan){ 0 };
	self->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ASSERT_LE(0, self->proc);
}

FIXTURE_TEARDOWN(scan)
{
	st_scan_done(&self->scan);
	close(self->proc);
}

/* A child that has this name, and waits to be killed. Return: its pid. */
static pid_t start(const char *name)
{
	int ready[2];
	pid_t pid;
	char byte;

	if (pipe2(ready, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)prctl(PR_SET_NAME, name);
		(void)!write(ready[1], "r", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}

TEST_F(scan, shows_this_process_and_its_child_in_the_order_of_pids)
{
	pid_t pid = start("a) R 1 (b\n");
	const struct st_seen *seen;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, st_scan_run(&self->scan, self->proc));
	seen = st_scan_find(&self->scan, pid);
	ASSERT_NE(NULL, seen);
	EXPECT_STREQ("a) R 1 (b\n", seen->name);
	EXPECT_EQ(getpid(), seen->parent);
	EXPECT_EQ(1, seen->threads);
	EXPECT_NE(NULL, st_scan_find(&self->scan, getpid()));
	for (uint32_t i = 1; i < self->scan.nr; i++)
		EXPECT_LT(self->scan.processes[i - 1].pid, self->scan.processes[i].pid);
	end(pid);
	ASSERT_EQ(0, st_scan_run(&self->scan, self->proc)); /* it replaces the older one */
	EXPECT_EQ(NULL, st_scan_find(&self->scan, pid));
}

TEST_F(scan, a_process_that_has_ended_is_gone_also_if_its_pid_is_in_use)
{
	pid_t pid = start("first");
	struct st_seen seen;
	struct st_stat stat;
	int dir, other;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, st_scan_run(&self->scan, self->proc));
	seen = *st_scan_find(&self->scan, pid);
	ASSERT_EQ(0, st_scan_verify(self->proc, &seen, &dir));
	seen.start_ticks--; /* as if another process had had the pid */
	EXPECT_EQ(-ESRCH, st_scan_verify(self->proc, &seen, &other));
	seen.start_ticks++;
	end(pid);
	EXPECT_EQ(-ESRCH, st_scan_verify(self->proc, &seen, &other));
	EXPECT_EQ(-ESRCH, st_reading_stat(dir, &stat)); /* the folder was of that process */
	close(dir);
}

TEST_F(scan, a_zombie_is_there_until_it_is_reaped)
{
	pid_t pid = start("zombie");
	siginfo_t info;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(0, waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	ASSERT_EQ(0, st_scan_run(&self->scan, self->proc));
	ASSERT_NE(NULL, st_scan_find(&self->scan, pid));
	EXPECT_EQ('Z', st_scan_find(&self->scan, pid)->state);
	end(pid);
}

/* The clocks are inputs: no time passes here. */
TEST(processor_time_is_what_was_used_between_two_scans)
{
	const uint64_t ticks_a_second = (uint64_t)sysconf(_SC_CLK_TCK);
	struct st_seen old = { .pid = 7, .start_ticks = 5, .cpu_ticks = 100 };
	struct st_seen young = { .pid = 7, .start_ticks = 5, .cpu_ticks = 100 + ticks_a_second };
	struct st_scan before = { .processes = &old, .nr = 1, .boot_ns = ST_NSEC_PER_SEC };
	struct st_scan now = { .processes = &young, .nr = 1, .boot_ns = 5 * ST_NSEC_PER_SEC };
	uint64_t permille = 0;

	ASSERT_TRUE(st_scan_permille(&before, &now, &young, &permille));
	EXPECT_EQ(250, permille); /* one second of four */
	young.start_ticks = 6; /* another process with this pid */
	EXPECT_FALSE(st_scan_permille(&before, &now, &young, &permille));
	young.start_ticks = 5;
	now.boot_ns = before.boot_ns;
	EXPECT_FALSE(st_scan_permille(&before, &now, &young, &permille));
	before.nr = 0;
	now.boot_ns++;
	EXPECT_FALSE(st_scan_permille(&before, &now, &young, &permille));
}

TEST_HARNESS_MAIN
