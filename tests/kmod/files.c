// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of /proc/suptree: their form, that they are complete, and that they wake
 * pollers. Run in the lab VM, as root, with the module loaded.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define WORKER SUPTREE_KIND_WORKER

/* clang-format off */
FIXTURE(files) {
	struct talk owner;
};
/* clang-format on */

FIXTURE_SETUP(files)
{
	ASSERT_EQ(0, talk_open(&self->owner));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 1, .name = "root" }));
}

FIXTURE_TEARDOWN(files)
{
	talk_close(&self->owner);
	EXPECT_EQ(0, proc_stat("nodes"));
}

TEST_F(files, tree_has_one_line_of_names_and_a_line_for_each_owner)
{
	struct proc_row row;
	char *text = proc_read("tree"), expected[128];

	ASSERT_NE(NULL, text);
	ASSERT_EQ(1, proc_find("root", &row));
	EXPECT_EQ(0, strncmp(text,
			     "tree id parent depth kind strategy state pid task start_ns "
			     "cpu_ms rss_kb restarts gen status name\n# tree ",
			     strlen(text) < 104 ? strlen(text) : 104));
	snprintf(expected, sizeof(expected), "\n# tree %u owner %d port %u seq 1\n%u 1 0 0 ",
		 row.tree, getpid(), self->owner.port, row.tree);
	EXPECT_NE(NULL, strstr(text, expected));
	free(text);
}

TEST_F(files, live_columns_are_read_off_the_process)
{
	struct proc_row row;
	unsigned long long first;
	pid_t pid = fork();

	if (!pid)
		for (;;) /* uses a processor, so that cpu_ms can only grow */
			__asm__ volatile("" ::: "memory");
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 2,
							       .parent = 1,
							       .kind = WORKER,
							       .name = "busy",
							       .pid = pid }));
	ASSERT_EQ(1, proc_find("busy", &row));
	EXPECT_LT(0, row.rss_kb);
	EXPECT_LT(0, row.start_ns);
	EXPECT_EQ('R', row.task);
	first = row.cpu_ms;
	do {
		ASSERT_EQ(1, proc_find("busy", &row));
	} while (row.cpu_ms == first);
	EXPECT_LT(first, row.cpu_ms);
	child_kill(pid);
}

TEST_F(files, pstree_draws_what_is_below_what)
{
	struct talk *owner = &self->owner;
	char *text;

	ASSERT_EQ(0, talk_new(owner, (struct new_node){
					     .id = 2, .parent = 1, .name = "db", .strategy = 2 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 3, .parent = 1, .name = "web" }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){ .id = 4,
							.parent = 2,
							.name = "w1",
							.kind = WORKER,
							.restarts = 2 }));
	ASSERT_EQ(0, talk_new(owner, (struct new_node){
					     .id = 5, .parent = 2, .name = "w2", .kind = WORKER }));
	text = proc_read("pstree");
	ASSERT_NE(NULL, text);
	EXPECT_NE(NULL, strstr(text, "└─ root  (one_for_one)\n"
				     "   ├─ db  (rest_for_one)\n"
				     "   │  ├─ w1  idle  restarts 2\n"
				     "   │  └─ w2  idle\n"
				     "   └─ web  (one_for_one)\n"));
	free(text);
}

/* All that can be read now. */
static size_t read_rest(int fd, char *text, size_t size)
{
	size_t len = 0;
	ssize_t nr;

	while ((nr = read(fd, text + len, size - len - 1)) > 0)
		len += (size_t)nr;
	text[len] = '\0';
	return len;
}

TEST_F(files, events_go_on_where_a_reader_was)
{
	struct pollfd events = { .events = POLLIN };
	static char text[1 << 20];
	pid_t pid = child_start();

	events.fd = open("/proc/suptree/events", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, events.fd);
	EXPECT_EQ(1, poll(&events, 1, 0));
	ASSERT_LT(0, read_rest(events.fd, text, sizeof(text)));
	EXPECT_EQ(0, strncmp(text, "tree seq time_ns event id pid gen status path\n", 46));
	EXPECT_NE(NULL, strstr(text, " added 1 0 0 - root\n"));
	EXPECT_EQ(0, poll(&events, 1, 0));
	EXPECT_EQ(0, read_rest(events.fd, text, sizeof(text)));

	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 2,
							       .parent = 1,
							       .kind = WORKER,
							       .name = "w",
							       .pid = pid,
							       .generation = 8 }));
	EXPECT_EQ(1, poll(&events, 1, 0));
	read_rest(events.fd, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, " started 2 "));
	EXPECT_EQ(NULL, strstr(text, " added "));
	child_kill(pid);
	EXPECT_EQ(1, poll(&events, 1, TALK_PATIENCE_S * 1000));
	read_rest(events.fd, text, sizeof(text));
	EXPECT_NE(NULL, strstr(text, " exited 2 "));
	EXPECT_NE(NULL, strstr(text, " 8 signal=9 root/w\n"));
	ASSERT_EQ(0, talk_del(&self->owner, 2, false));
	EXPECT_EQ(1, poll(&events, 1, 0));
	close(events.fd);
}

TEST_F(files, events_wakes_who_sleeps_in_poll)
{
	pid_t pid = child_start(), killer;
	static char text[1 << 20];
	struct epoll_event got;
	int fd, epoll;

	fd = open("/proc/suptree/events", O_RDONLY | O_CLOEXEC);
	epoll = epoll_create1(EPOLL_CLOEXEC);
	ASSERT_LE(0, epoll);
	ASSERT_EQ(0,
		  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &(struct epoll_event){ .events = EPOLLIN }));
	ASSERT_EQ(0, talk_new(&self->owner,
			      (struct new_node){ .id = 2, .parent = 1, .name = "w", .pid = pid }));
	read_rest(fd, text, sizeof(text));
	ASSERT_EQ(0, epoll_wait(epoll, &got, 1, 0));
	killer = fork();
	if (!killer)
		_exit(kill(pid, SIGKILL) ? 1 : 0);
	EXPECT_EQ(1, epoll_wait(epoll, &got, 1, TALK_PATIENCE_S * 1000));
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(killer, waitpid(killer, NULL, 0));
	close(epoll);
	close(fd);
}

TEST_F_TIMEOUT(files, events_keeps_the_last_1024, 300)
{
	unsigned int nr_lines = 0;
	char *text;

	for (uint32_t i = 0; i < 800; i++) {
		ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 2, .parent = 1 }));
		ASSERT_EQ(0, talk_del(&self->owner, 2, false));
	}
	text = proc_read("events");
	ASSERT_NE(NULL, text);
	for (const char *c = text; *c; c++)
		nr_lines += *c == '\n';
	EXPECT_EQ(1 + 1024, nr_lines);
	/* names of nodes that are long gone */
	EXPECT_NE(NULL, strstr(text, " 1601 "));
	EXPECT_NE(NULL, strstr(text, " removed 2 0 0 - root/n2\n"));
	free(text);
}

TEST_F(files, small_reads_and_seeks_give_the_same_text)
{
	static char whole[1 << 16], pieces[1 << 16];
	size_t len, at = 0;
	ssize_t nr;
	int fd;

	for (uint32_t id = 2; id < 60; id++)
		ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = id, .parent = 1 }));
	fd = open("/proc/suptree/tree", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	len = read_rest(fd, whole, sizeof(whole));
	ASSERT_EQ(0, lseek(fd, 0, SEEK_SET));
	while ((nr = read(fd, pieces + at, 7)) > 0)
		at += (size_t)nr;
	EXPECT_EQ(len, at);
	EXPECT_EQ(0, memcmp(whole, pieces, len));
	EXPECT_EQ(100, pread(fd, pieces, 100, 1000));
	EXPECT_EQ(0, memcmp(whole + 1000, pieces, 100));
	close(fd);
}

TEST_F(files, nothing_can_be_written)
{
	const char *const names[] = { "tree", "pstree", "events", "stats" };

	for (unsigned int i = 0; i < 4; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/suptree/%s", names[i]);
		EXPECT_EQ(0, access(path, R_OK));
		int fd = open(path, O_RDWR | O_CLOEXEC);

		EXPECT_TRUE(fd < 0 || write(fd, "x", 1) < 0);
		if (fd >= 0)
			close(fd);
	}
}

TEST_F(files, the_generation_tells_whether_anything_changed)
{
	long long generation = proc_stat("generation");

	EXPECT_EQ(0, generation & 1);
	free(proc_read("tree"));
	EXPECT_EQ(-ENOENT, talk_del(&self->owner, 2, false));
	EXPECT_EQ(generation, proc_stat("generation"));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 2 }));
	EXPECT_LT(generation, proc_stat("generation"));
	EXPECT_EQ(0, proc_stat("generation") & 1);
}

TEST_HARNESS_MAIN
