// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is around a process, and what it has open: descriptors, control group, namespaces,
 * limits, input and output; see inspect.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "observer/inspect.h"
#include "os/fd.h"

#define CGROUPS "/sys/fs/cgroup"
#define FILE_MAX 8192
#define MAX_FDS 100000 /* that are looked at */

/* Kinds of descriptors, and what their links begin with. */
static const struct {
	const char *prefix;
	const char *kind;
} kinds[] = {
	{ "socket:", "socket" },
	{ "pipe:", "pipe" },
	{ "anon_inode:[eventfd", "eventfd" },
	{ "anon_inode:[eventpoll", "epoll" },
	{ "anon_inode:[timerfd", "timerfd" },
	{ "anon_inode:[signalfd", "signalfd" },
	{ "anon_inode:[pidfd", "pidfd" },
	{ "pidfd:", "pidfd" },
	{ "anon_inode:[io_uring", "io_uring" },
	{ "anon_inode:inotify", "inotify" },
	{ "anon_inode:bpf", "bpf" },
	{ "anon_inode:", "anonymous" },
	{ "/memfd:", "memfd" },
	{ "/dev/", "device" },
	{ "/", "file" },
};

#define NR_KINDS ST_ARRAY_SIZE(kinds)

struct fd_counts {
	uint64_t nr;
	uint64_t of_kind[NR_KINDS + 1]; /* the last one: others */
	bool is_complete;
};

static size_t kind_of(const char *link)
{
	for (size_t i = 0; i < NR_KINDS; i++)
		if (!strncmp(link, kinds[i].prefix, strlen(kinds[i].prefix)))
			return i;
	return NR_KINDS;
}

/* Open a folder of the process to list it. Return: NULL: it cannot be. */
static DIR *list(struct st_inspection *inspection, const char *name)
{
	int fd = openat(inspection->dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (fd < 0 && (errno == EACCES || errno == EPERM))
		st_inspect_note(&inspection->refused, name);
	if (fd >= 0 && !dir)
		close(fd);
	return dir;
}

static void count(DIR *dir, struct fd_counts *counts)
{
	const struct dirent *entry;
	char link[64]; /* enough to know the kind */

	counts->is_complete = true;
	while ((entry = readdir(dir))) {
		ssize_t len;

		if (*entry->d_name == '.')
			continue;
		if (counts->nr == MAX_FDS) {
			counts->is_complete = false;
			return;
		}
		counts->nr++;
		len = readlinkat(dirfd(dir), entry->d_name, link, sizeof(link) - 1);
		link[len > 0 ? len : 0] = '\0';
		counts->of_kind[kind_of(link)]++;
	}
}

void st_inspect_fds(struct st_inspection *inspection)
{
	struct st_json *json = inspection->json;
	struct fd_counts counts = { 0 };
	DIR *dir = list(inspection, "fd");

	if (!dir)
		return;
	count(dir, &counts);
	(void)closedir(dir); /* it was only read */
	st_json_key(json, "fds");
	st_json_begin_object(json);
	st_json_u64_field(json, "count", counts.nr);
	st_json_key(json, "kinds");
	st_json_begin_object(json);
	for (size_t i = 0; i <= NR_KINDS; i++) {
		uint64_t nr = counts.of_kind[i];

		/* two prefixes of one kind follow each other */
		if (i + 1 < NR_KINDS && !strcmp(kinds[i].kind, kinds[i + 1].kind)) {
			counts.of_kind[i + 1] += nr;
			continue;
		}
		if (nr)
			st_json_u64_field(json, i < NR_KINDS ? kinds[i].kind : "other", nr);
	}
	st_json_end_object(json);
	st_json_bool_field(json, "complete", counts.is_complete);
	st_json_end_object(json);
}

/* A file of a control group: a number, "max", or a text. */
static void write_cgroup_file(int dir, const char *file, const char *name, struct st_json *json)
{
	struct st_buf text = ST_BUF_INIT;
	uint64_t value;

	if (!st_reading_file(dir, file, FILE_MAX, &text) && text.len) {
		text.len--; /* the line's end */
		if (!strcmp(name, "cpu_max")) {
			st_json_key(json, name);
			st_json_text_len(json, text.data, text.len);
		} else if (st_parse_u64((struct st_slice){ text.data, text.len }, &value)) {
			st_json_u64_field(json, name, value);
		} else {
			st_json_key(json, name);
			st_json_null(json);
		}
	}
	st_buf_done(&text);
}

static void write_cgroup_limits(const struct st_slice *path, struct st_json *json)
{
	static const struct {
		const char *file, *name;
	} files[] = {
		{ "memory.max", "memory_max" }, { "memory.current", "memory_current" },
		{ "pids.max", "pids_max" },	{ "pids.current", "pids_current" },
		{ "cpu.max", "cpu_max" },
	};
	char folder[PATH_MAX];
	st_cleanup(st_fd_close) int dir = -1;

	if (path->len + sizeof(CGROUPS) > sizeof(folder))
		return;
	memcpy(folder, CGROUPS, sizeof(CGROUPS) - 1);
	memcpy(folder + sizeof(CGROUPS) - 1, path->at, path->len);
	folder[sizeof(CGROUPS) - 1 + path->len] = '\0';
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; dir >= 0 && i < ST_ARRAY_SIZE(files); i++)
		write_cgroup_file(dir, files[i].file, files[i].name, json);
}

void st_inspect_cgroup(struct st_inspection *inspection)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_slice path;

	/* of version 2: "0::/path" */
	if (st_inspect_read(inspection, "cgroup", FILE_MAX, &text) &&
	    st_parse_line(text.data, text.len, "0:", &path)) {
		st_json_key(inspection->json, "cgroup");
		st_json_begin_object(inspection->json);
		st_json_key(inspection->json, "path");
		st_json_text_len(inspection->json, path.at, path.len);
		write_cgroup_limits(&path, inspection->json);
		st_json_end_object(inspection->json);
	}
	st_buf_done(&text);
}

void st_inspect_namespaces(struct st_inspection *inspection)
{
	static const char *const names[] = { "cgroup", "ipc",  "mnt",  "net",
					     "pid",    "time", "user", "uts" };
	DIR *dir = list(inspection, "ns");
	bool is_begun = false;
	char link[64];

	for (size_t i = 0; dir && i < ST_ARRAY_SIZE(names); i++) {
		ssize_t len = readlinkat(dirfd(dir), names[i], link, sizeof(link) - 1);
		const char *number = len > 0 ? memchr(link, '[', (size_t)len) : NULL;

		if (len < 0 && (errno == EACCES || errno == EPERM))
			st_inspect_note(&inspection->refused, "ns");
		if (!number) /* or this kernel has no such namespaces */
			continue;
		link[len] = '\0';
		if (!is_begun) {
			st_json_key(inspection->json, "namespaces");
			st_json_begin_object(inspection->json);
			is_begun = true;
		}
		st_json_u64_field(inspection->json, names[i], strtoull(number + 1, NULL, 10));
	}
	if (is_begun)
		st_json_end_object(inspection->json);
	if (dir)
		(void)closedir(dir); /* it was only read */
}

static void write_limit_value(struct st_slice word, const char *name, struct st_json *json)
{
	uint64_t value;

	if (st_parse_u64(word, &value)) {
		st_json_u64_field(json, name, value);
	} else { /* unlimited */
		st_json_key(json, name);
		st_json_null(json);
	}
}

/* "Max open files            1024                 4096                 files" */
static void write_limit(char *line, struct st_json *json)
{
	char *gap = strstr(line, "  ");
	struct st_slice rest, soft, hard;

	if (!gap)
		return;
	rest = (struct st_slice){ gap, strlen(gap) };
	if (!st_parse_word(&rest, &soft) || !st_parse_word(&rest, &hard))
		return;
	*gap = '\0';
	st_json_key(json, line);
	st_json_begin_object(json);
	write_limit_value(soft, "soft", json);
	write_limit_value(hard, "hard", json);
	st_json_end_object(json);
}

void st_inspect_limits(struct st_inspection *inspection)
{
	struct st_buf text = ST_BUF_INIT;
	char *line, *save = NULL;

	if (st_inspect_read(inspection, "limits", FILE_MAX, &text) && !st_buf_reserve(&text, 1)) {
		text.data[text.len] = '\0';
		st_json_key(inspection->json, "limits");
		st_json_begin_object(inspection->json);
		(void)strtok_r(text.data, "\n", &save); /* the titles */
		while ((line = strtok_r(NULL, "\n", &save)))
			write_limit(line, inspection->json);
		st_json_end_object(inspection->json);
	}
	st_buf_done(&text);
}

void st_inspect_io(struct st_inspection *inspection)
{
	static const char *const names[] = { "rchar",
					     "wchar",
					     "syscr",
					     "syscw",
					     "read_bytes",
					     "write_bytes",
					     "cancelled_write_bytes" };
	struct st_buf text = ST_BUF_INIT;
	uint64_t value;

	if (st_inspect_read(inspection, "io", FILE_MAX, &text)) {
		st_json_key(inspection->json, "io");
		st_json_begin_object(inspection->json);
		for (size_t i = 0; i < ST_ARRAY_SIZE(names); i++)
			if (st_parse_number(text.data, text.len, names[i], &value))
				st_json_u64_field(inspection->json, names[i], value);
		st_json_end_object(inspection->json);
	}
	st_buf_done(&text);
}
