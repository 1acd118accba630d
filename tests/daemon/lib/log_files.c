// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log files without a daemon; see log_files.h.
 */
#include "log_files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void check(bool is_good, const char *what)
{
	if (is_good)
		return;
	perror(what);
	abort();
}

#define SAID "stderr"

static int open_in(const struct log_files_test *test, const char *name, int flags)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", test->dir, name);
	return open(path, flags | O_CLOEXEC, 0600);
}

static void redirect(struct log_files_test *test)
{
	int fd = open_in(test, SAID, O_RDWR | O_CREAT | O_TRUNC);

	check(fd >= 0 && dup2(fd, STDERR_FILENO) >= 0, "redirect standard error");
	close(fd);
}

void log_files_init(struct log_files_test *test)
{
	struct st_probe probe;

	check(!st_probe_run(&probe) && !st_ring_new(&probe, &test->ring), "make a ring");
	check(temporary_folder(test->dir, "st-log-XXXXXX") != NULL, "make a folder");
	snprintf(test->path, sizeof(test->path), "%s/x.log", test->dir);
	st_log_files_init(&test->files, test->ring);
	test->wall_ns = 1000;
	test->stderr_fd = dup(STDERR_FILENO);
	redirect(test);
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *at)
{
	(void)status;
	(void)flag;
	(void)at;
	return remove(path);
}

void log_files_done(struct log_files_test *test)
{
	dup2(test->stderr_fd, STDERR_FILENO);
	close(test->stderr_fd);
	st_log_files_close(&test->files);
	while (!st_log_files_is_closed(&test->files))
		check(st_ring_run_once(test->ring, true) >= 0, "take a turn");
	st_log_files_done(&test->files);
	check(st_ring_nr_armed(test->ring) == 0, "see that no operation is armed");
	st_ring_free(test->ring);
	check(!nftw(test->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS), "remove the folder");
}

void log_files_settle(struct log_files_test *test)
{
	st_log_files_pump(&test->files);
	while (!st_log_files_is_closed(&test->files)) {
		check(st_ring_run_once(test->ring, true) >= 0, "take a turn");
		st_log_files_pump(&test->files);
	}
}

struct st_log_file *log_file_open(struct log_files_test *test, const struct st_log_spec *log)
{
	struct st_log_file *file = st_log_file_get(&test->files, test->path, log, 0, (gid_t)-1);

	check(file != NULL, "make a log file");
	return file;
}

void log_say(struct log_files_test *test, struct st_log_file *file, const char *text)
{
	const struct st_output_line line = {
		.path = "demo/a",
		.generation = 1,
		.wall_ns = test->wall_ns,
		.text = text,
		.len = (uint32_t)strlen(text),
	};

	st_log_file_add(file, &line);
}

const char *log_text(struct log_files_test *test, const char *name)
{
	int fd = open_in(test, name, O_RDONLY);
	ssize_t len = fd < 0 ? -1 : read(fd, test->text, sizeof(test->text) - 1);

	if (fd >= 0)
		close(fd);
	if (len < 0)
		return strerror(errno);
	test->text[len] = '\0';
	return test->text;
}

const char *log_said(struct log_files_test *test)
{
	const char *text;

	fflush(stderr);
	text = log_text(test, SAID);
	redirect(test);
	return text;
}
