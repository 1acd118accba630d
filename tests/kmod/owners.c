// SPDX-License-Identifier: GPL-2.0-only
/*
 * Permissions and visibility: owners, ordinary users, namespaces. Run in the lab VM, as
 * root, with the module loaded.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define SOMEBODY 1000

/* clang-format off */
FIXTURE(owners) {
	struct talk owner, other;
};
/* clang-format on */

FIXTURE_SETUP(owners)
{
	ASSERT_EQ(0, talk_open(&self->owner));
	ASSERT_EQ(0, talk_open(&self->other));
	ASSERT_EQ(0, talk_listen(&self->other));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 1, .name = "mine" }));
}

FIXTURE_TEARDOWN(owners)
{
	talk_close(&self->owner);
	talk_close(&self->other);
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("trees"));
}

TEST_F(owners, two_owners_have_two_trees_with_ids_of_their_own)
{
	struct proc_row mine, yours;
	struct seen seen;

	ASSERT_EQ(0, talk_new(&self->other, (struct new_node){ .id = 1, .name = "yours" }));
	ASSERT_EQ(0, talk_new(&self->other, (struct new_node){ .id = 2, .parent = 1 }));
	ASSERT_EQ(1, proc_find("mine", &mine));
	ASSERT_EQ(1, proc_find("yours", &yours));
	EXPECT_NE(mine.tree, yours.tree);
	EXPECT_EQ(2, proc_stat("trees"));
	EXPECT_EQ(3, talk_dump(&self->owner, NULL, NULL));
	/* nobody reaches a node of the other's, for ids mean the sender's own tree */
	EXPECT_EQ(-ENOENT, talk_set_pid(&self->owner, 2, 0, 0));
	EXPECT_EQ(-ENOENT, talk_del(&self->owner, 2, false));
	EXPECT_EQ(-ENOENT, talk_new(&self->owner, (struct new_node){ .id = 3, .parent = 2 }));
	talk_close(&self->owner);
	EXPECT_EQ(0, talk_await(&self->other, SUPTREE_EVENT_OWNER_LOST, 0, &seen));
	EXPECT_EQ(mine.tree, seen.tree);
	EXPECT_EQ(0, proc_find("mine", &mine));
	EXPECT_EQ(1, proc_find("yours", &yours));
}

TEST_F(owners, a_closed_socket_is_one_event_and_its_tree_is_gone)
{
	struct proc_row row;
	struct seen seen;

	for (uint32_t id = 2; id < 100; id++)
		ASSERT_EQ(0, talk_new(&self->owner,
				      (struct new_node){ .id = id,
							 .parent = id - 1 - (id % 50 ? 0 : 40) }));
	talk_close(&self->owner);
	ASSERT_EQ(0, talk_await(&self->other, SUPTREE_EVENT_OWNER_LOST, 0, &seen));
	EXPECT_EQ(100, seen.seq);
	EXPECT_FALSE(seen_has(&seen, SUPTREE_A_NAME));
	EXPECT_EQ(getpid(), (pid_t)seen.owner_pid);
	EXPECT_EQ(0, proc_find("mine", &row));
	EXPECT_EQ(0, talk_dump(&self->other, NULL, NULL));
}

/* Owns a tree with a child, says so, and stays. */
static void own(const struct talk *inherited, const struct talk *other, int ready)
{
	struct talk talk;
	pid_t pid;

	close(inherited->fd);
	close(other->fd);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	pid = child_start();
	if (talk_open(&talk) || talk_new(&talk, (struct new_node){ .id = 1, .name = "lost" }) ||
	    talk_new(&talk,
		     (struct new_node){
			     .id = 2, .parent = 1, .kind = SUPTREE_KIND_WORKER, .pid = pid }))
		_exit(1);
	(void)!write(ready, "", 1);
	for (;;)
		(void)pause();
}

TEST_F(owners, an_owner_that_is_killed_leaves_no_tree)
{
	struct proc_row row;
	struct seen seen;
	int ready[2];
	pid_t pid;
	char byte;

	ASSERT_EQ(0, pipe(ready));
	pid = fork();
	if (!pid)
		own(&self->owner, &self->other, ready[1]);
	close(ready[1]);
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	ASSERT_EQ(1, proc_find("lost", &row));
	/* the child was started before the socket, and so does not hold it */
	child_kill(pid);
	ASSERT_EQ(0, talk_await(&self->other, SUPTREE_EVENT_OWNER_LOST, 0, &seen));
	EXPECT_EQ(pid, (pid_t)seen.owner_pid);
	EXPECT_EQ(0, proc_find("lost", &row));
	close(ready[0]);
}

/* What an ordinary user gets for each of the three writes, and for reading. */
static int ask_as_somebody(void *data)
{
	unsigned int tree = *(unsigned int *)data;
	struct proc_row row;
	struct seen seen;
	struct talk talk;

	if (setgroups(0, NULL) || setresgid(SOMEBODY, SOMEBODY, SOMEBODY) ||
	    setresuid(SOMEBODY, SOMEBODY, SOMEBODY) || talk_open(&talk))
		return 1;
	if (talk_new(&talk, (struct new_node){ .id = 1 }) != -EPERM)
		return 2;
	if (talk_set_pid(&talk, 1, 0, 0) != -EPERM || talk_del(&talk, 1, true) != -EPERM)
		return 3;
	if (talk_get(&talk, tree, 1, &seen) || strcmp(seen.name, "mine"))
		return 4;
	if (talk_dump(&talk, NULL, NULL) != 1 || talk_listen(&talk))
		return 5;
	if (proc_find("mine", &row) != 1 || open("/proc/suptree/tree", O_WRONLY) >= 0)
		return 6;
	return 0;
}

TEST_F(owners, an_ordinary_user_can_read_and_can_change_nothing)
{
	struct proc_row row;

	ASSERT_EQ(1, proc_find("mine", &row));
	EXPECT_EQ(0, child_run(ask_as_somebody, &row.tree));
}

/* Root of a new user namespace cannot become an owner. */
static int ask_as_root_of_a_namespace(void *data)
{
	struct talk talk;

	if (setgroups(0, NULL) || setresgid(SOMEBODY, SOMEBODY, SOMEBODY) ||
	    setresuid(SOMEBODY, SOMEBODY, SOMEBODY))
		return 1;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return errno == EPERM ? 0 : 2; /* not to be had on this kernel */
	if (talk_open(&talk))
		return 3;
	return talk_new(&talk, (struct new_node){ .id = 1 }) == -EPERM ? 0 : 4;
}

TEST_F(owners, a_capability_of_a_user_namespace_is_not_enough)
{
	EXPECT_EQ(0, child_run(ask_as_root_of_a_namespace, NULL));
}

static int look_in_network_namespace(void *data)
{
	struct proc_row row;
	struct seen seen;
	struct talk talk;

	if (unshare(CLONE_NEWNET) || talk_open(&talk))
		return 1;
	if (talk_dump(&talk, NULL, NULL) != 0)
		return 2;
	if (talk_get(&talk, *(unsigned int *)data, 1, &seen) != -ENOENT)
		return 3;
	/* the same port number is another socket there */
	if (talk_new(&talk, (struct new_node){ .id = 1, .name = "there" }))
		return 4;
	if (talk_dump(&talk, NULL, NULL) != 1)
		return 5;
	/* /proc knows pid namespaces only */
	return proc_find("mine", &row) == 1 && proc_find("there", &row) == 1 ? 0 : 6;
}

TEST_F(owners, netlink_shows_the_trees_of_its_network_namespace)
{
	struct proc_row row;

	ASSERT_EQ(1, proc_find("mine", &row));
	EXPECT_EQ(0, child_run(look_in_network_namespace, &row.tree));
}

/* The first process of a pid namespace, with a /proc of it. */
static int look_in_pid_namespace(void *data)
{
	struct proc_row row;
	struct talk talk;
	struct seen seen;
	pid_t pid;

	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("proc", "/proc", "proc", 0, NULL))
		return 1;
	if (proc_find("mine", &row) != 0 || talk_open(&talk) || talk_dump(&talk, NULL, NULL) != 0)
		return 2;
	/* its own tree it sees, with its own numbers */
	pid = child_start();
	if (talk_new(&talk, (struct new_node){ .id = 1, .name = "inside", .pid = pid }))
		return 3;
	if (proc_find("inside", &row) != 1 || row.pid != pid || pid > 10)
		return 4;
	if (talk_get(&talk, 0, 1, &seen) || seen.owner_pid != 1 || (pid_t)seen.pid != pid)
		return 5;
	(void)!write(*(int *)data, "", 1);
	child_kill(pid);
	return proc_find("inside", &row) == 1 && !strcmp(row.status, "signal=9") ? 0 : 6;
}

struct inside {
	int ready;
};

static int enter_pid_namespace(void *data)
{
	struct inside *inside = data;

	if (unshare(CLONE_NEWPID | CLONE_NEWNS))
		return 10;
	return child_run(look_in_pid_namespace, &inside->ready);
}

TEST_F(owners, a_reader_in_another_pid_namespace_sees_only_its_own)
{
	struct inside inside;
	struct seen seen;
	int ready[2];

	ASSERT_EQ(0, pipe(ready));
	inside.ready = ready[1];
	EXPECT_EQ(0, child_run(enter_pid_namespace, &inside));
	/* from outside, an event has the owner's numbers */
	ASSERT_EQ(0, talk_await(&self->other, SUPTREE_EVENT_STARTED, 1, &seen));
	EXPECT_EQ(1, seen.owner_pid);
	close(ready[0]);
	close(ready[1]);
}

static int start_in_pid_namespace(void *data)
{
	int *ready = data;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)!write(ready[1], "", 1);
	for (;;)
		(void)pause();
	return 0;
}

TEST_F(owners, pids_are_numbers_of_who_reads)
{
	struct proc_row row;
	int ready[2];
	pid_t pid;
	char byte;

	/* a child that is pid 1 to itself has an ordinary number here */
	ASSERT_EQ(0, pipe(ready));
	ASSERT_EQ(0, unshare(CLONE_NEWPID));
	pid = fork();
	if (!pid)
		_exit(start_in_pid_namespace(ready));
	ASSERT_EQ(1, read(ready[0], &byte, 1));
	ASSERT_EQ(0, talk_new(&self->owner,
			      (struct new_node){ .id = 2, .parent = 1, .name = "w", .pid = pid }));
	ASSERT_EQ(1, proc_find("w", &row));
	EXPECT_EQ(pid, row.pid);
	EXPECT_NE(1, row.pid);
	child_kill(pid);
}

TEST_HARNESS_MAIN
