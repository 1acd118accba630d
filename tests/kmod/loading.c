// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading and unloading while the module is used: by readers, pollers, listeners, dumps,
 * owners with live processes, and a live daemon. Run in the lab VM, as root, with the
 * module loaded. ST_KMOD_CYCLES=n is the number of cycles (30).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/live.h"
#include "lib/module.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define NR_CYCLES_DEFAULT 30
#define CYCLES_A_KILL 5

static void read_files(void)
{
	for (;;) {
		free(proc_read("tree"));
		free(proc_read("pstree"));
		free(proc_read("events"));
		free(proc_read("stats"));
	}
}

static void poll_events(void)
{
	for (;;) {
		struct pollfd events = { .events = POLLIN };
		char text[4096];

		events.fd = open("/proc/suptree/events", O_RDONLY | O_CLOEXEC);
		if (events.fd < 0)
			continue;
		while (poll(&events, 1, -1) == 1 && read(events.fd, text, sizeof(text)) > 0)
			;
		close(events.fd);
	}
}

static void dump(void)
{
	struct talk talk;

	for (;;) {
		if (talk_open(&talk))
			continue;
		(void)talk_listen(&talk);
		(void)talk_dump(&talk, NULL, NULL);
		talk_close(&talk);
	}
}

/* It hears until nothing comes for a while: the module that it listened to may be gone. */
static void listen_to_events(void)
{
	const struct timeval patience = { .tv_usec = 100000 };
	struct seen seen;
	struct talk talk;

	for (;;) {
		if (talk_open(&talk))
			continue;
		(void)setsockopt(talk.fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		if (!talk_listen(&talk))
			while (!talk_event(&talk, &seen))
				;
		talk_close(&talk);
	}
}

static void own(void)
{
	struct talk talk;

	for (;;) {
		if (talk_open(&talk))
			continue;
		(void)talk_new(&talk, (struct new_node){ .id = 1 });
		for (uint32_t id = 2; id < 6; id++) {
			pid_t pid = child_start();

			(void)talk_new(&talk,
				       (struct new_node){ .id = id, .parent = 1, .pid = pid });
			child_kill(pid);
		}
		talk_close(&talk);
	}
}

static pid_t start(void (*function)(void))
{
	pid_t parent = getpid(), pid = fork();

	if (!pid) {
		child_dies_with(parent);
		function();
	}
	return pid;
}

FIXTURE(loaded)
{
	char unused;
};

FIXTURE_SETUP(loaded)
{
	ASSERT_EQ(0, proc_stat("nodes"));
}

/* whatever happened, the next test finds the module */
FIXTURE_TEARDOWN(loaded)
{
	if (proc_stat("nodes") < 0)
		EXPECT_EQ(0, module_load());
}

TEST_F(loaded, open_files_are_dead_after_unloading)
{
	char text[64];
	int fds[3];

	fds[0] = open("/proc/suptree/tree", O_RDONLY | O_CLOEXEC);
	fds[1] = open("/proc/suptree/events", O_RDONLY | O_CLOEXEC);
	fds[2] = open("/proc/suptree/stats", O_RDONLY | O_CLOEXEC);
	ASSERT_LT(0, read(fds[0], text, 10));
	ASSERT_EQ(0, module_unload());
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_EQ(-1, read(fds[i], text, sizeof(text)));
		close(fds[i]);
	}
	EXPECT_EQ(-1, access("/proc/suptree", F_OK));
	ASSERT_EQ(0, module_load());
}

static int waiting[2];

static void sleep_in_poll(void)
{
	struct pollfd events = { .events = POLLIN };
	char text[65536];

	events.fd = open("/proc/suptree/events", O_RDONLY | O_CLOEXEC);
	while (read(events.fd, text, sizeof(text)) > 0)
		;
	(void)!write(waiting[1], "", 1);
	_exit(poll(&events, 1, -1) == 1 ? 0 : 1);
}

TEST_F(loaded, who_sleeps_in_poll_is_woken_by_unloading)
{
	int status;
	pid_t pid;
	char byte;

	ASSERT_EQ(0, pipe(waiting));
	pid = start(sleep_in_poll);
	ASSERT_EQ(1, read(waiting[0], &byte, 1));
	ASSERT_EQ(0, module_unload());
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, module_load());
}

TEST_F(loaded, an_owner_outlives_the_module_and_finds_nothing_after_it)
{
	pid_t pid = child_start();
	struct talk owner;

	ASSERT_EQ(0, talk_open(&owner));
	ASSERT_EQ(0, talk_new(&owner, (struct new_node){ .id = 1, .pid = pid }));
	ASSERT_EQ(0, module_unload());
	EXPECT_NE(0, talk_set_pid(&owner, 1, 0, 0));
	child_kill(pid);
	ASSERT_EQ(0, module_load());
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("exits"));
	talk_close(&owner);
}

static int unload_and_load(void)
{
	int err = module_unload();

	return err ?: module_load();
}

TEST_F_TIMEOUT(loaded, cycles_with_everybody_at_it_leave_nothing, 3600)
{
	void (*const functions[])(void) = { read_files,	      poll_events, dump,
					    listen_to_events, own,	   own };
	const char *wanted = getenv("ST_KMOD_CYCLES");
	unsigned int nr_cycles = wanted ? (unsigned int)atoi(wanted) : NR_CYCLES_DEFAULT;
	pid_t pids[6], left;
	struct live live;

	ASSERT_EQ(0, live_start(&live));
	for (unsigned int i = 0; i < 6; i++)
		pids[i] = start(functions[i]);
	for (unsigned int i = 0; i < nr_cycles; i++) {
		ASSERT_EQ(0, unload_and_load());
		if (i % CYCLES_A_KILL)
			continue;
		left = live_await(&live);
		ASSERT_LT(0, left);
		ASSERT_EQ(0, kill(left, SIGKILL));
	}
	for (unsigned int i = 0; i < 6; i++)
		child_kill(pids[i]);
	ASSERT_EQ(0, unload_and_load());
	ASSERT_LT(0, live_await(&live));
	EXPECT_EQ(3, proc_stat("nodes"));
	EXPECT_EQ(0, live_audit(&live));
	EXPECT_EQ(0, live_stop(&live));
	EXPECT_EQ(0, proc_stat("nodes"));
}

TEST_HARNESS_MAIN
