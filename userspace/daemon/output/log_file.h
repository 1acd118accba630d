/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log files of children: lines are appended, and files are rotated by size and
 * age.
 *
 * There is one file for each path. Children that name the same path share the
 * file. Each of their lines is written whole.
 *
 *	add --> waiting --submit--> flying --io_uring--> page cache
 *
 * The ring writes the files, although most of the time the page cache takes a
 * write at once. When it does not (the disk is slow, and too much is dirty
 * already), write(2) would block the daemon for seconds, and every restart with
 * it. Meanwhile a child that writes much is held back for a while (log_gate.h).
 * After that, lines that do not fit into ST_LOG_MAX_WAITING are lost and
 * counted. Opening and rotating are plain calls: they happen once per file, and
 * in this order.
 *
 * A failure is logged when it begins and when it is over, and the file gets a
 * line about what is missing. A file whose failures come and go is logged at
 * most once in ST_LOG_SILENCE_NS. During a failure, opening or writing is tried
 * again every ST_LOG_RETRY_NS, when a line comes.
 *
 * Nothing here looks into the lines, or waits. Read next: os/append.h.
 */
#ifndef ST_DAEMON_OUTPUT_LOG_FILE_H
#define ST_DAEMON_OUTPUT_LOG_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"
#include "base/list.h"
#include "base/map.h"
#include "core/spec.h"
#include "daemon/output/log_gate.h"
#include "daemon/output/output_line.h"
#include "loop/ring.h"

#define ST_LOG_ENOUGH (64u << 10) /* bytes that wait: above this the gate is closed */
#define ST_LOG_MAX_WAITING (1u << 20) /* bytes of one file */
#define ST_LOG_MAX_WRITE (64u << 10)
#define ST_LOG_RETRY_NS (5 * ST_NSEC_PER_SEC)
#define ST_LOG_SILENCE_NS (60 * ST_NSEC_PER_SEC)

struct st_log_file;

struct st_log_files {
	struct st_ring *ring;
	struct st_map by_hash; /* hash of the path -> the first struct st_log_file */
	struct st_list all;
	struct st_list dirty; /* files with lines that wait */
	unsigned int nr_armed;
};

void st_log_files_init(struct st_log_files *files, struct st_ring *ring);

/**
 * st_log_files_close() - write the lines that wait, and then nothing more
 * @files: no lines are added any more
 *
 * The caller runs the ring until st_log_files_is_closed().
 */
void st_log_files_close(struct st_log_files *files);
/* No program: only st_outputs_is_closed() and tests call it. */
bool st_log_files_is_closed(const struct st_log_files *files);
void st_log_files_done(struct st_log_files *files); /* closed, or never used */

/**
 * st_log_file_get() - get the file of a path
 * @files: all files
 * @path: absolute; copied
 * @log: the limits; the last caller sets them for all who share the file
 * @may_make: as in struct st_append_place
 * @group: of a new file; (gid_t)-1: the daemon's group
 *
 * The file is opened when its first line is written.
 *
 * Return: a reference (st_log_file_put), or NULL: no memory.
 */
struct st_log_file *st_log_file_get(struct st_log_files *files, const char *path,
				    const struct st_log_spec *log, size_t may_make,
				    gid_t group) __must_check;
void st_log_file_put(struct st_log_file *file); /* waiting lines are still written; or NULL */

/**
 * st_log_file_add() - add a line to the lines to be written
 * @file: the file
 * @line: copied
 */
void st_log_file_add(struct st_log_file *file, const struct st_output_line *line);

/**
 * st_log_file_gate() - get the gate of a file
 * @file: the file, or NULL
 *
 * Return: the gate if it is closed; NULL if it is open.
 */
struct st_log_gate *st_log_file_gate(struct st_log_file *file);

/**
 * st_log_files_pump() - begin to write the lines that have been added
 * @files: all files; call this once in each turn of the loop
 */
void st_log_files_pump(struct st_log_files *files);

/**
 * st_log_files_reopen() - open all files anew before the next line
 * @files: all files
 *
 * For users who rotate with logrotate(8). After a failure the next try comes at
 * once, too.
 */
void st_log_files_reopen(struct st_log_files *files);

/* The path of the file, and the number of lines that it has lost. */
const char *st_log_file_path(const struct st_log_file *file);
uint64_t st_log_file_nr_lost(const struct st_log_file *file);

#endif
