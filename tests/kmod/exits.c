// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ends of processes: each is reported once, in order, and as by wait(2). Run in
 * the lab VM, as root, with the module loaded.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define WORKER SUPTREE_KIND_WORKER
#define NR_CHILDREN 50
#define NR_KILLS_DEFAULT 1000

/* clang-format off */
FIXTURE(exits) {
	struct talk owner, listener;
};
/* clang-format on */

FIXTURE_SETUP(exits)
{
	ASSERT_EQ(0, talk_open(&self->owner));
	ASSERT_EQ(0, talk_open(&self->listener));
	ASSERT_EQ(0, talk_listen(&self->listener));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 1, .name = "root" }));
}

FIXTURE_TEARDOWN(exits)
{
	talk_close(&self->owner);
	talk_close(&self->listener);
	EXPECT_EQ(0, proc_stat("nodes"));
}

static int new_worker(struct talk *owner, uint32_t id, pid_t pid, uint64_t generation)
{
	return talk_new(owner, (struct new_node){ .id = id,
						  .parent = 1,
						  .kind = WORKER,
						  .pid = pid,
						  .generation = generation });
}

TEST_F(exits, an_exit_is_told_with_the_status_that_wait_gives)
{
	pid_t pid = child_start();
	struct proc_row row;
	struct seen seen;

	ASSERT_EQ(0, new_worker(&self->owner, 2, pid, 5));
	EXPECT_EQ(SIGKILL, child_kill(pid));
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_EXITED, 2, &seen));
	EXPECT_EQ(SIGKILL, seen.exit_status);
	EXPECT_EQ(pid, (pid_t)seen.pid);
	EXPECT_EQ(5, seen.generation);
	EXPECT_EQ(SUPTREE_STATE_EXITED, seen.state);
	ASSERT_EQ(1, proc_find("n2", &row));
	EXPECT_STREQ("exited", row.state);
	EXPECT_STREQ("signal=9", row.status);
	EXPECT_EQ('-', row.task); /* it has been waited for */
}

TEST_F(exits, a_zombie_may_still_be_named_and_its_exit_is_told)
{
	pid_t pid = child_zombie(7);
	struct proc_row row;
	struct seen seen;

	ASSERT_EQ(0, new_worker(&self->owner, 2, pid, 0));
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_EXITED, 2, &seen));
	EXPECT_EQ(7 << 8, (int)seen.exit_status);
	ASSERT_EQ(1, proc_find("n2", &row));
	EXPECT_EQ('Z', row.task);
	EXPECT_STREQ("exit=7", row.status);
	child_kill(pid);
	EXPECT_EQ(-ESRCH, new_worker(&self->owner, 3, pid, 0)); /* waited for: gone */
}

static int byte_fd[2];

static void *outlive_leader(void *data)
{
	char byte;

	/* it ends by the writer's end of the pipe being closed */
	(void)!read(byte_fd[0], &byte, 1);
	_exit(3);
}

static void leader_of_threads(void)
{
	pthread_t thread;

	close(byte_fd[1]);
	if (pthread_create(&thread, NULL, outlive_leader, NULL))
		_exit(1);
	syscall(SYS_exit, 0); /* this thread alone */
}

TEST_F(exits, a_process_lives_as_long_as_its_last_thread)
{
	struct proc_row row;
	struct seen seen;
	siginfo_t info;
	pid_t pid;

	ASSERT_EQ(0, pipe(byte_fd));
	pid = fork();
	if (!pid)
		leader_of_threads();
	close(byte_fd[0]);
	ASSERT_EQ(0, new_worker(&self->owner, 2, pid, 0));
	/* until the leader is a zombie; the module must say running meanwhile */
	do {
		ASSERT_EQ(1, proc_find("n2", &row));
	} while (row.task != 'Z');
	EXPECT_STREQ("running", row.state);
	close(byte_fd[1]);
	ASSERT_EQ(0, waitid(P_PID, (id_t)pid, &info, WEXITED));
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_EXITED, 2, &seen));
	EXPECT_EQ(3 << 8, (int)seen.exit_status);
}

TEST_F(exits, a_process_that_executes_another_program_lives_on)
{
	struct seen seen;
	int go[2];
	pid_t pid;
	char byte;

	ASSERT_EQ(0, pipe(go));
	pid = fork();
	if (!pid) {
		(void)!read(go[0], &byte, 1);
		execl("/bin/sh", "sh", "-c", "exit 4", NULL);
		_exit(1);
	}
	ASSERT_EQ(0, new_worker(&self->owner, 2, pid, 0));
	ASSERT_EQ(1, write(go[1], "", 1));
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_EXITED, 2, &seen));
	EXPECT_EQ(4 << 8, (int)seen.exit_status);
	child_kill(pid);
}

TEST_F(exits, a_replaced_process_is_no_longer_watched)
{
	pid_t first = child_start(), second = child_start();
	struct proc_row row;
	struct seen seen;

	ASSERT_EQ(0, new_worker(&self->owner, 2, first, 1));
	ASSERT_EQ(0, talk_set_pid(&self->owner, 2, second, 2));
	child_kill(first);
	ASSERT_EQ(1, proc_find("n2", &row));
	EXPECT_STREQ("running", row.state);
	child_kill(second);
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_EXITED, 2, &seen));
	EXPECT_EQ(2, seen.generation);
}

/* The next exit must be the expected one; other events are ignored. */
static int next_exit(struct talk *listener, uint32_t id, pid_t pid, uint64_t generation, int status)
{
	struct seen seen;
	int err;

	do
		err = talk_event(listener, &seen);
	while (!err && seen.event != SUPTREE_EVENT_EXITED);
	if (err)
		return err;
	return seen.id == id && (pid_t)seen.pid == pid && seen.generation == generation &&
			       (int)seen.exit_status == status ?
		       0 :
		       -EBADMSG;
}

/* Waits for each as a daemon does, names the next process at once, and compares. */
TEST_F_TIMEOUT(exits, exits_of_many_kills_are_complete_and_in_order, 900)
{
	const char *wanted = getenv("ST_KMOD_KILLS");
	unsigned int nr_kills = wanted ? (unsigned int)atoi(wanted) : NR_KILLS_DEFAULT;
	long long exits_before = proc_stat("exits");
	uint64_t generations[NR_CHILDREN];
	pid_t pids[NR_CHILDREN];

	for (uint32_t i = 0; i < NR_CHILDREN; i++) {
		pids[i] = child_start();
		generations[i] = i + 1;
		ASSERT_EQ(0, new_worker(&self->owner, 10 + i, pids[i], generations[i]));
	}
	for (unsigned int i = 0; i < nr_kills; i++) {
		uint32_t n = i * 7 % NR_CHILDREN;
		pid_t ended = pids[n];
		int status = child_kill(ended);

		pids[n] = child_start();
		ASSERT_EQ(0, talk_set_pid(&self->owner, 10 + n, pids[n], NR_CHILDREN + 1 + i));
		ASSERT_EQ(0, next_exit(&self->listener, 10 + n, ended, generations[n], status));
		generations[n] = NR_CHILDREN + 1 + i;
	}
	for (unsigned int i = 0; i < NR_CHILDREN; i++)
		child_kill(pids[i]);
	EXPECT_EQ(0, talk_del(&self->owner, 1, true));
	EXPECT_EQ(exits_before + nr_kills + NR_CHILDREN, proc_stat("exits"));
}

TEST_F_TIMEOUT(exits, a_mass_death_is_told_in_the_order_of_the_ends, 300)
{
	pid_t pids[NR_CHILDREN];

	for (uint32_t i = 0; i < NR_CHILDREN; i++) {
		pids[i] = child_start();
		ASSERT_EQ(0, new_worker(&self->owner, 10 + i, pids[i], i + 1));
	}
	/* a zombie has ended: each has before the next is killed, none is waited for */
	for (uint32_t i = 0; i < NR_CHILDREN; i++) {
		siginfo_t info;

		ASSERT_EQ(0, kill(pids[i], SIGKILL));
		ASSERT_EQ(0, waitid(P_PID, (id_t)pids[i], &info, WEXITED | WNOWAIT));
	}
	for (uint32_t i = 0; i < NR_CHILDREN; i++)
		ASSERT_EQ(0, next_exit(&self->listener, 10 + i, pids[i], i + 1, SIGKILL));
	for (uint32_t i = 0; i < NR_CHILDREN; i++)
		child_kill(pids[i]);
}

TEST_F(exits, a_lost_child_of_a_parent_that_ignores_it_is_still_told)
{
	struct sigaction old, ignore = { .sa_handler = SIG_IGN };
	struct seen seen;
	pid_t pid;

	ASSERT_EQ(0, sigaction(SIGCHLD, &ignore, &old));
	pid = child_start();
	ASSERT_EQ(0, new_worker(&self->owner, 2, pid, 0));
	ASSERT_EQ(0, kill(pid, SIGTERM));
	ASSERT_EQ(0, talk_await(&self->listener, SUPTREE_EVENT_EXITED, 2, &seen));
	EXPECT_EQ(SIGTERM, seen.exit_status);
	ASSERT_EQ(0, sigaction(SIGCHLD, &old, NULL));
}

TEST_HARNESS_MAIN
