// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits, and trees as large as they may be. Run in the lab VM, as root, with the
 * module loaded.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define PARAMETERS "/sys/module/suptree/parameters/"
#define NR_FULL 20000
#define BATCH 200

/* clang-format off */
FIXTURE(limits) {
	struct talk owner;
};
/* clang-format on */

FIXTURE_SETUP(limits)
{
	ASSERT_EQ(0, talk_open(&self->owner));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 1, .name = "root" }));
}

FIXTURE_TEARDOWN(limits)
{
	talk_close(&self->owner);
	EXPECT_EQ(0, proc_stat("nodes"));
	EXPECT_EQ(0, proc_stat("trees"));
}

static int set_parameter(const char *name, const char *value)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	file = fopen(path, "we");
	if (!file)
		return -errno;
	(void)fputs(value, file);
	return fclose(file);
}

/* Many nodes a message; @first to @last, ten supervisors of them, the rest below those. */
static int add_many(struct talk *owner, uint32_t first, uint32_t last)
{
	static char batch[BATCH * 96];
	struct request request;
	size_t len = 0;

	for (uint32_t id = first; id <= last; id++) {
		struct new_node node = { .id = id, .parent = 1 };

		if (id > 11) {
			node.parent = 2 + id % 10;
			node.kind = SUPTREE_KIND_WORKER;
		}
		request_new(&request, owner, &node);
		memcpy(batch + len, request.bytes, request_len(&request));
		len += NLMSG_ALIGN(request_len(&request));
		if ((id - first) % BATCH != BATCH - 1 && id != last)
			continue;
		if (send(owner->fd, batch, len, 0) != (ssize_t)len)
			return -errno;
		len = 0;
	}
	return 0;
}

/* Is a text of tree whole: rows in pre-order, each parent there before? */
static int check_rows(char *text, unsigned int *ret_nr)
{
	static unsigned char seen[NR_FULL + 2];
	char *line, *rest = text;
	unsigned int depth = 0;

	memset(seen, 0, sizeof(seen));
	for (*ret_nr = 0; (line = strsep(&rest, "\n"));) {
		struct proc_row row;

		if (!*line || *line == '#' || !strncmp(line, "tree ", 5))
			continue;
		if (proc_parse(line, &row) || row.id > NR_FULL || seen[row.id])
			return -1;
		if (row.parent ? !seen[row.parent] : row.depth)
			return -2;
		if (*ret_nr && row.depth > depth + 1)
			return -3;
		depth = row.depth;
		seen[row.id] = 1;
		++*ret_nr;
	}
	return 0;
}

TEST_F_TIMEOUT(limits, twenty_thousand_nodes_are_shown_whole_and_one_more_is_refused, 300)
{
	unsigned int nr;
	char *text;

	ASSERT_EQ(0, add_many(&self->owner, 2, NR_FULL));
	EXPECT_EQ(NR_FULL, proc_stat("nodes"));
	EXPECT_EQ(-ENOSPC, talk_new(&self->owner, (struct new_node){ .id = NR_FULL + 1 }));
	EXPECT_STREQ("as many nodes as max_nodes allows", self->owner.reason);
	text = proc_read("tree");
	ASSERT_NE(NULL, text);
	EXPECT_EQ(0, check_rows(text, &nr));
	EXPECT_EQ(NR_FULL, nr);
	free(text);
	EXPECT_EQ(NR_FULL, talk_dump(&self->owner, NULL, NULL));
	EXPECT_EQ(0, talk_del(&self->owner, 2, true));
	EXPECT_EQ(NR_FULL - 2000, proc_stat("nodes"));
	EXPECT_EQ(0, talk_del(&self->owner, 1, true));
	EXPECT_EQ(0, proc_stat("nodes"));
}

/* Adds and removes, over and over, until it is killed. */
static void churn(struct talk *owner)
{
	for (;;) {
		(void)talk_del(owner, 3, true);
		(void)talk_new(owner, (struct new_node){ .id = 3, .parent = 1 });
		for (uint32_t id = 12; id < 200; id++)
			(void)talk_new(owner, (struct new_node){ .id = id, .parent = 2 + id % 10 });
	}
}

TEST_F_TIMEOUT(limits, a_tree_that_changes_all_the_time_is_still_read_whole, 300)
{
	unsigned int nr;
	pid_t pid;

	ASSERT_EQ(0, add_many(&self->owner, 2, 2000));
	pid = fork();
	if (!pid)
		churn(&self->owner);
	for (unsigned int i = 0; i < 50; i++) {
		char *text = proc_read("tree");

		ASSERT_NE(NULL, text);
		EXPECT_EQ(0, check_rows(text, &nr));
		EXPECT_LT(1700, nr);
		free(text);
	}
	EXPECT_EQ(SIGKILL, child_kill(pid));
}

TEST_F(limits, the_limits_are_parameters)
{
	struct talk second;

	ASSERT_EQ(0, set_parameter("max_nodes", "2"));
	EXPECT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 2 }));
	EXPECT_EQ(-ENOSPC, talk_new(&self->owner, (struct new_node){ .id = 3 }));
	ASSERT_EQ(0, set_parameter("max_nodes", "20000"));
	EXPECT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 3 }));

	ASSERT_EQ(0, set_parameter("max_trees", "1"));
	ASSERT_EQ(0, talk_open(&second));
	EXPECT_EQ(-ENOSPC, talk_new(&second, (struct new_node){ .id = 1 }));
	EXPECT_STREQ("as many trees as max_trees allows", second.reason);
	ASSERT_EQ(0, set_parameter("max_trees", "256"));
	EXPECT_EQ(0, talk_new(&second, (struct new_node){ .id = 1 }));
	talk_close(&second);
}

TEST_F(limits, a_refused_first_node_makes_no_tree)
{
	struct talk second;

	ASSERT_EQ(0, talk_open(&second));
	EXPECT_EQ(-ENOENT, talk_new(&second, (struct new_node){ .id = 1, .parent = 5 }));
	EXPECT_EQ(1, proc_stat("trees"));
	talk_close(&second);
}

TEST_F(limits, a_path_has_at_most_sixty_four_names)
{
	char name[SUPTREE_NAME_MAX + 1], *text;

	memset(name, 'x', sizeof(name) - 1);
	name[SUPTREE_NAME_MAX] = '\0';
	for (uint32_t id = 2; id <= SUPTREE_DEPTH_MAX + 1; id++)
		ASSERT_EQ(0,
			  talk_new(&self->owner,
				   (struct new_node){ .id = id, .parent = id - 1, .name = name }));
	EXPECT_EQ(-ELOOP, talk_new(&self->owner,
				   (struct new_node){ .id = 99, .parent = SUPTREE_DEPTH_MAX + 1 }));
	/* the longest line there can be */
	text = proc_read("events");
	ASSERT_NE(NULL, text);
	EXPECT_LT(64 * SUPTREE_NAME_MAX, strlen(text));
	free(text);
	text = proc_read("pstree");
	ASSERT_NE(NULL, text);
	free(text);
	EXPECT_EQ(0, talk_del(&self->owner, 1, true));
}

TEST_F(limits, readers_that_stop_half_way_leave_nothing)
{
	char some[100];
	int fds[20];

	ASSERT_EQ(0, add_many(&self->owner, 2, 1000));
	for (unsigned int i = 0; i < 20; i++) {
		fds[i] = open("/proc/suptree/tree", O_RDONLY | O_CLOEXEC);
		ASSERT_LE(0, fds[i]);
		ASSERT_LT(0, read(fds[i], some, sizeof(some)));
	}
	ASSERT_EQ(0, talk_del(&self->owner, 1, true)); /* they still hold all of it */
	for (unsigned int i = 0; i < 20; i++) {
		while (read(fds[i], some, sizeof(some)) > 0)
			;
		close(fds[i]);
	}
}

TEST_HARNESS_MAIN
