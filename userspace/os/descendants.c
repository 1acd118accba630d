// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes below a process; see descendants.h. The walk is breadth first
 * over a growing array, so its depth costs no stack.
 */
#include "os/descendants.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/children.h"
#include "os/fd.h"

static int add(struct st_pids *list, pid_t pid)
{
	if (list->nr == list->cap) {
		size_t cap = list->cap ? 2 * list->cap : 16;
		pid_t *pids = st_realloc(list->pids, cap * sizeof(*pids));

		if (!pids)
			return -ENOMEM;
		list->pids = pids;
		list->cap = cap;
	}
	list->pids[list->nr++] = pid;
	return 0;
}

/* Numbers, a space after each, from a file of /proc, whatever its length. */
static int add_from_file(struct st_pids *list, FILE *file)
{
	pid_t pid = 0;
	int ret = 0;
	int c;

	while (!ret && (c = getc(file)) != EOF) {
		if (c >= '0' && c <= '9') {
			pid = pid * 10 + (c - '0');
		} else if (pid) {
			ret = add(list, pid);
			pid = 0;
		}
	}
	return ret;
}

/* The children of one thread; a thread that has ended has none. */
static int add_children_of_thread(struct st_pids *list, int tasks, const char *tid)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%.20s/children", tid); /* a tid is short */
	int fd = openat(tasks, name, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT || errno == ESRCH ? 0 : -errno;
	FILE *file = fdopen(fd, "r");

	if (!file) {
		st_fd_close(&fd);
		return -ENOMEM;
	}
	int ret = add_from_file(list, file);

	(void)fclose(file); /* it was only read */
	return ret;
}

static int add_children_of_threads(struct st_pids *list, DIR *tasks)
{
	struct dirent *entry;

	while ((entry = readdir(tasks))) {
		int ret = 0;

		if (entry->d_name[0] != '.')
			ret = add_children_of_thread(list, dirfd(tasks), entry->d_name);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int st_children_add(struct st_pids *list, pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)pid); /* fits */
	DIR *tasks = opendir(path);

	if (!tasks)
		return errno == ENOENT ? -ESRCH : -errno;
	int ret = add_children_of_threads(list, tasks);

	(void)closedir(tasks); /* it was only read */
	return ret;
}

int st_children_check_support(void)
{
	/* Our own must be there. */
	return access("/proc/thread-self/children", F_OK) < 0 ? -ENOSYS : 0;
}

/* Give the list to the caller, or free it. */
static int hand_over(struct st_pids *list, int ret, pid_t **ret_pids, size_t *ret_nr_pids)
{
	if (ret < 0) {
		st_free(list->pids);
		return ret;
	}
	*ret_pids = list->pids;
	*ret_nr_pids = list->nr;
	return 0;
}

int st_children_list(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids)
{
	struct st_pids list = { 0 };
	int ret = st_children_check_support();

	if (!ret)
		ret = st_children_add(&list, pid);
	return hand_over(&list, ret, ret_pids, ret_nr_pids);
}

int st_descendants_list(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids)
{
	struct st_pids list = { 0 };
	int ret = st_children_check_support();

	if (!ret)
		ret = st_children_add(&list, pid);
	for (size_t i = 0; !ret && i < list.nr; i++) {
		ret = st_children_add(&list, list.pids[i]);
		if (ret == -ESRCH)
			ret = 0;
	}
	return hand_over(&list, ret, ret_pids, ret_nr_pids);
}
