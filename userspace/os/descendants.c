// SPDX-License-Identifier: GPL-2.0-only
/*
 * The processes below a process; see descendants.h. The walk is breadth first
 * over a growing array, so its depth costs no stack.
 */
#include "os/descendants.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "os/children.h"
#include "os/fd.h"
#include "os/proc_stat.h"

int st_children_add_one(struct st_pids *list, pid_t pid)
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

/* Numbers, a space after each; one may be cut in two by the end of a read. */
struct numbers {
	struct st_pids *list;
	pid_t pid;
};

static int add_numbers(struct numbers *numbers, const char *text, size_t len)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < len; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			numbers->pid = numbers->pid * 10 + (text[i] - '0');
		} else if (numbers->pid) {
			ret = st_children_add_one(numbers->list, numbers->pid);
			numbers->pid = 0;
		}
	}
	return ret;
}

/* A file of /proc, whatever its length. */
int st_children_add_numbers(struct st_pids *list, int fd)
{
	struct numbers numbers = { .list = list };
	char text[4096];
	ssize_t len;
	int ret = 0;

	while (!ret && (len = read(fd, text, sizeof(text))) > 0)
		ret = add_numbers(&numbers, text, (size_t)len);
	return !ret && len < 0 ? -errno : ret;
}

/* The children of one thread; a thread that has ended has none. */
static int add_children_of_thread(struct st_pids *list, int tasks, const char *tid)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "%.20s/children", tid); /* a tid is short */
	st_cleanup(st_fd_close) int fd = openat(tasks, name, O_RDONLY | O_CLOEXEC);
	int ret = fd < 0 ? -errno : st_children_add_numbers(list, fd);

	return ret == -ENOENT || ret == -ESRCH ? 0 : ret;
}

int st_children_next_thread(DIR *tasks, const char **ret_tid)
{
	struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(tasks);
	} while (entry && entry->d_name[0] == '.');
	if (!entry)
		return -errno;
	*ret_tid = entry->d_name;
	return 1;
}

static int add_children_of_threads(struct st_pids *list, DIR *tasks)
{
	const char *tid = "";
	int ret;

	while ((ret = st_children_next_thread(tasks, &tid)) > 0) {
		ret = add_children_of_thread(list, dirfd(tasks), tid);
		if (ret < 0)
			break;
	}
	/* A process that has ended while one looked has no threads left. */
	return ret == -ENOENT || ret == -ESRCH ? 0 : ret;
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

static int list_processes(pid_t pid, bool is_deep, pid_t **ret_pids, size_t *ret_nr_pids)
{
	struct st_pids list = { 0 };
	int ret = st_children_check_support();

	if (!ret)
		ret = st_children_add(&list, pid);
	for (size_t i = 0; is_deep && !ret && i < list.nr; i++) {
		ret = st_children_add(&list, list.pids[i]);
		if (ret == -ESRCH)
			ret = 0;
	}
	if (ret < 0) {
		st_free(list.pids);
		return ret;
	}
	*ret_pids = list.pids;
	*ret_nr_pids = list.nr;
	return 0;
}

int st_descendants_list(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids)
{
	return list_processes(pid, true, ret_pids, ret_nr_pids);
}

int st_descendants_children(pid_t pid, pid_t **ret_pids, size_t *ret_nr_pids)
{
	return list_processes(pid, false, ret_pids, ret_nr_pids);
}

pid_t st_descendants_parent(pid_t pid)
{
	struct st_proc_stat stat;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid); /* fits */
	int ret = st_proc_stat_read(AT_FDCWD, path, &stat);

	if (ret < 0)
		return ret;
	return stat.is_exiting || strchr("ZX", stat.state) ? -ESRCH : stat.parent;
}
