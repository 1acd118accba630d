// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scans of /proc; see scan.h.
 */
#include "observer/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"

#define ENTRIES 65536 /* bytes of names that one call reads */
#define FIRST_CAP 512
#define STAT_MAX 2048

struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t len;
	uint8_t type;
	char name[];
};

static int make_room(struct st_scan *scan)
{
	uint32_t cap = scan->cap ? scan->cap * 2 : FIRST_CAP;
	struct st_seen *larger;

	if (scan->nr < scan->cap)
		return 0;
	larger = realloc(scan->processes, cap * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	scan->processes = larger;
	scan->cap = cap;
	return 0;
}

/* A process that has ended since its name was read is left out. */
static int look(struct st_scan *scan, int proc, const char *name)
{
	char text[STAT_MAX], path[NAME_MAX + sizeof("/stat")];
	struct st_seen *seen;
	struct st_stat stat;
	ssize_t len;
	int fd, err = make_room(scan);

	if (err)
		return err;
	(void)snprintf(path, sizeof(path), "%s/stat", name); /* fits */
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text));
	close(fd);
	if (len <= 0 || st_parse_stat(text, (size_t)len, &stat))
		return 0;
	seen = &scan->processes[scan->nr++];
	*seen = (struct st_seen){
		.pid = stat.pid,
		.parent = stat.parent,
		.start_ticks = stat.start_ticks,
		.cpu_ticks = stat.user_ticks + stat.system_ticks,
		.rss_pages = stat.rss_pages,
		.threads = (uint32_t)stat.threads,
		.state = stat.state,
		.nice = (int8_t)stat.nice,
	};
	memcpy(seen->name, stat.name, sizeof(seen->name));
	return 0;
}

static int look_at_all(struct st_scan *scan, int proc, char *entries)
{
	long len;

	while ((len = syscall(SYS_getdents64, proc, entries, ENTRIES)) > 0)
		for (long at = 0; at < len;) {
			const struct entry *entry = (const void *)(entries + at);
			int err = *entry->name >= '1' && *entry->name <= '9' ?
					  look(scan, proc, entry->name) :
					  0;

			if (err)
				return err;
			at += entry->len;
		}
	return len < 0 ? -errno : 0;
}

static int by_pid(const void *left, const void *right)
{
	const struct st_seen *a = left, *b = right;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

/* The kernel lists them in this order, so there is usually nothing to do. */
static void sort(struct st_scan *scan)
{
	for (uint32_t i = 1; i < scan->nr; i++)
		if (scan->processes[i - 1].pid >= scan->processes[i].pid) {
			qsort(scan->processes, scan->nr, sizeof(*scan->processes), by_pid);
			return;
		}
}

int st_scan_run(struct st_scan *scan, int proc)
{
	/* one of its own: the place in the folder belongs to the open file */
	st_cleanup(st_fd_close) int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint64_t begin_ns = st_reading_cpu_ns();
	char *entries = malloc(ENTRIES);
	int err = fd < 0 ? -errno : entries ? 0 : -ENOMEM;

	scan->nr = 0;
	scan->boot_ns = st_reading_boot_ns();
	if (!err)
		err = look_at_all(scan, fd, entries);
	free(entries);
	if (err)
		scan->nr = 0;
	sort(scan);
	scan->cost_ns = st_reading_cpu_ns() - begin_ns;
	return err;
}

void st_scan_done(struct st_scan *scan)
{
	free(scan->processes);
	*scan = (struct st_scan){ 0 };
}

const struct st_seen *st_scan_find(const struct st_scan *scan, pid_t pid)
{
	const struct st_seen wanted = { .pid = pid };

	return scan->nr ? bsearch(&wanted, scan->processes, scan->nr, sizeof(wanted), by_pid) :
			  NULL;
}

bool st_scan_permille(const struct st_scan *before, const struct st_scan *now,
		      const struct st_seen *seen, uint64_t *ret_permille)
{
	const struct st_seen *old = st_scan_find(before, seen->pid);
	uint64_t ticks_a_second = (uint64_t)sysconf(_SC_CLK_TCK);
	uint64_t used_ns;

	if (!before->boot_ns || before->boot_ns >= now->boot_ns || !old ||
	    old->start_ticks != seen->start_ticks || old->cpu_ticks > seen->cpu_ticks)
		return false;
	used_ns = (seen->cpu_ticks - old->cpu_ticks) * (ST_NSEC_PER_SEC / ticks_a_second);
	*ret_permille = used_ns * 1000 / (now->boot_ns - before->boot_ns);
	return true;
}

int st_scan_verify(int proc, const struct st_seen *seen, int *ret_fd)
{
	struct st_stat stat;
	int fd, err = st_reading_open(proc, seen->pid, &fd);

	if (err)
		return err;
	err = st_reading_stat(fd, &stat);
	if (!err && stat.start_ticks != seen->start_ticks)
		err = -ESRCH;
	if (err)
		close(fd);
	else
		*ret_fd = fd;
	return err;
}
