// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree against /proc/PID/stat: it says the same of each process, and how long it
 * takes to read it is printed beside how long those files take, one by one. Run in the
 * lab VM, as root, with the module loaded. ST_KMOD_PROCESSES=n (300).
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "lib/proc.h"
#include "lib/talk.h"

#define NR_PROCESSES_DEFAULT 300
#define FIRST_ID 2
#define NR_ROUNDS 9
#define MS_A_TICK 10 /* of USER_HZ */
#define STAT_MAX 1024

/* clang-format off */
FIXTURE(stat_files) {
	struct talk owner;
	unsigned int nr;
	pid_t *pids; /* of the nodes from FIRST_ID on */
};
/* clang-format on */

FIXTURE_SETUP(stat_files)
{
	const char *wanted = getenv("ST_KMOD_PROCESSES");

	self->nr = wanted ? (unsigned int)atoi(wanted) : NR_PROCESSES_DEFAULT;
	self->pids = calloc(self->nr, sizeof(*self->pids));
	ASSERT_NE(NULL, self->pids);
	for (unsigned int i = 0; i < self->nr; i++)
		self->pids[i] = child_start();
	ASSERT_EQ(0, talk_open(&self->owner));
	ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = 1, .name = "root" }));
	for (unsigned int i = 0; i < self->nr; i++)
		ASSERT_EQ(0, talk_new(&self->owner, (struct new_node){ .id = FIRST_ID + i,
								       .parent = 1,
								       .kind = SUPTREE_KIND_WORKER,
								       .pid = self->pids[i] }));
}

FIXTURE_TEARDOWN(stat_files)
{
	talk_close(&self->owner);
	for (unsigned int i = 0; i < self->nr; i++)
		child_kill(self->pids[i]);
	free(self->pids);
	EXPECT_EQ(0, proc_stat("nodes"));
}

/* Return: whether the file of that process could be read. */
static bool read_stat(pid_t pid, char text[STAT_MAX])
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = read(fd, text, STAT_MAX - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0;
}

/* proc(5): state, utime, stime, starttime and rss are 3, 14, 15, 22 and 24. */
static bool is_same(const struct proc_row *row, const char *stat)
{
	unsigned long long user, system, started, rss_pages, cpu_ms;
	const char *fields = strrchr(stat, ')');
	char state;

	if (!fields || sscanf(fields,
			      ") %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu %llu"
			      " %*s %*s %*s %*s %*s %*s %llu %*s %llu",
			      &state, &user, &system, &started, &rss_pages) != 5)
		return false;
	cpu_ms = (user + system) * MS_A_TICK;
	return row->task == state && row->start_ns / (MS_A_TICK * 1000000) == started &&
	       row->rss_kb == rss_pages * (unsigned long)sysconf(_SC_PAGESIZE) / 1024 &&
	       row->cpu_ms >= cpu_ms && row->cpu_ms < cpu_ms + 2 * MS_A_TICK;
}

TEST_F_TIMEOUT(stat_files, the_tree_says_of_each_process_what_its_stat_says, 3600)
{
	char *text = proc_read("tree"), *rest = text, *line, stat[STAT_MAX];
	unsigned int nr_same = 0;

	ASSERT_NE(NULL, text);
	while ((line = strsep(&rest, "\n"))) {
		struct proc_row row;

		if (proc_parse(line, &row) || row.id < FIRST_ID)
			continue;
		ASSERT_EQ(self->pids[row.id - FIRST_ID], row.pid);
		ASSERT_TRUE(read_stat(row.pid, stat));
		EXPECT_TRUE(is_same(&row, stat))
		{
			TH_LOG("%s is not %s", line, stat);
		}
		nr_same++;
	}
	EXPECT_EQ(self->nr, nr_same);
	free(text);
}

static unsigned long long now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (unsigned long long)now.tv_sec * 1000000 + (unsigned long long)now.tv_nsec / 1000;
}

/* Return: bytes. */
static size_t read_tree(void)
{
	static char some[1 << 20];
	int fd = open("/proc/suptree/tree", O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t nr;

	while ((nr = read(fd, some, sizeof(some))) > 0)
		len += (size_t)nr;
	close(fd);
	return len;
}

static int compare(const void *a, const void *b)
{
	const unsigned long long *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

TEST_F_TIMEOUT(stat_files, one_read_of_the_tree_stands_for_many_of_stat, 3600)
{
	unsigned long long tree_us[NR_ROUNDS], stat_us[NR_ROUNDS];
	char stat[STAT_MAX];

	for (unsigned int round = 0; round < NR_ROUNDS; round++) {
		unsigned long long start_us = now_us(), between_us;

		ASSERT_LT(self->nr * 40UL, read_tree());
		between_us = now_us();
		for (unsigned int i = 0; i < self->nr; i++)
			ASSERT_TRUE(read_stat(self->pids[i], stat));
		tree_us[round] = between_us - start_us;
		stat_us[round] = now_us() - between_us;
	}
	qsort(tree_us, NR_ROUNDS, sizeof(*tree_us), compare);
	qsort(stat_us, NR_ROUNDS, sizeof(*stat_us), compare);
	printf("# %u processes, median of %d: tree %llu us, stat %llu us, ratio 1/%.1f\n", self->nr,
	       NR_ROUNDS, tree_us[NR_ROUNDS / 2], stat_us[NR_ROUNDS / 2],
	       (double)stat_us[NR_ROUNDS / 2] / (double)tree_us[NR_ROUNDS / 2]);
	(void)fflush(stdout);
}

TEST_HARNESS_MAIN
