/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log files in a folder of their own, on a ring whose turns the test makes. The
 * daemon's log lines about them go to a file. All calls abort the test program
 * on an error of the test's own set-up.
 */
#ifndef ST_TESTS_DAEMON_LOG_FILES_H
#define ST_TESTS_DAEMON_LOG_FILES_H

#include "daemon/output/log_file.h"
#include "temporary.h"

struct log_files_test {
	struct st_ring *ring;
	struct st_log_files files;
	char dir[TEMPORARY_SIZE];
	char path[TEMPORARY_SIZE + 32]; /* of x.log in it */
	uint64_t wall_ns; /* of the next line */
	int stderr_fd; /* the real one */
	char text[1 << 17]; /* of log_text() */
};

void log_files_init(struct log_files_test *test);

/* Close the files, and see that nothing is left. */
void log_files_done(struct log_files_test *test);

/* Turns until there is nothing to do. */
void log_files_settle(struct log_files_test *test);

/* The file x.log with these limits. */
struct st_log_file *log_file_open(struct log_files_test *test, const struct st_log_spec *log);

/* A line of standard output of demo/a; nothing is written before the next turn. */
void log_say(struct log_files_test *test, struct st_log_file *file, const char *text);

/* What a file of the folder holds, or why it cannot be read. */
const char *log_text(struct log_files_test *test, const char *name);

/* What the daemon has said on standard error so far, and nothing of it again. */
const char *log_said(struct log_files_test *test);

#endif
