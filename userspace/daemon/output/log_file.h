/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Log files of children: appended to, and rotated by size and age.
 *
 * A file belongs to its path: children that name the same share it, and lines
 * of all stand in it, each whole.
 *
 *	add --> waiting --submit--> flying --io_uring--> page cache
 *
 * The writes are the ring's, although the page cache takes them at once most of
 * the time: when it does not (the disk is slow, and too much is dirty already),
 * write(2) would hold up the daemon for seconds, and every restart with it.
 * Meanwhile a child that writes much is held back for a while (log_gate.h); then
 * what does not fit into ST_LOG_MAX_WAITING is lost and counted. Opening and
 * rotating are plain calls: they happen once per file, and in this order.
 *
 * Trouble is said when it begins and when it is over, and the file gets a line
 * about what is missing; a file whose trouble comes and goes is silent for
 * ST_LOG_SILENCE_NS. While it lasts, opening or writing is tried again every
 * ST_LOG_RETRY_NS, when a line comes.
 *
 * Never looks into the lines, and never waits. Next: os/append.h.
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
#include "daemon/output/log_line.h"
#include "loop/ring.h"

#define ST_LOG_ENOUGH (64u << 10) /* bytes that wait: its gate is closed */
#define ST_LOG_MAX_WAITING (1u << 20) /* bytes of one file */
#define ST_LOG_MAX_WRITE (64u << 10)
#define ST_LOG_RETRY_NS (5 * ST_NSEC_PER_SEC)
#define ST_LOG_SILENCE_NS (60 * ST_NSEC_PER_SEC)

struct st_log_file;

struct st_log_files {
	struct st_ring *ring;
	struct st_map by_hash; /* of the path -> the first struct st_log_file */
	struct st_list all;
	struct st_list dirty; /* something waits in them */
	unsigned int nr_armed;
};

void st_log_files_init(struct st_log_files *files, struct st_ring *ring);

/**
 * st_log_files_close() - write what waits, and then nothing more
 * @files: no lines are added any more
 *
 * The caller runs the ring until st_log_files_is_closed().
 */
void st_log_files_close(struct st_log_files *files);
/* No program: only st_outputs_is_closed() asks, and tests. */
bool st_log_files_is_closed(const struct st_log_files *files);
void st_log_files_done(struct st_log_files *files); /* closed, or never used */

/**
 * st_log_file_get() - the file of a path
 * @files: all files
 * @path: absolute; copied
 * @log: limits, for all who share it: the last one's hold
 * @may_make: as in struct st_append_place
 * @group: of a file that is made; (gid_t)-1: the daemon's
 *
 * It is opened when the first line is to be written.
 *
 * Return: a reference (st_log_file_put), or NULL: no memory.
 */
struct st_log_file *st_log_file_get(struct st_log_files *files, const char *path,
				    const struct st_log_spec *log, size_t may_make,
				    gid_t group) __must_check;
void st_log_file_put(struct st_log_file *file); /* what waits is still written; or NULL */

/**
 * st_log_file_add() - let a line be written
 * @file: the file
 * @line: copied
 */
void st_log_file_add(struct st_log_file *file, const struct st_log_line *line);

/**
 * st_log_file_gate() - the gate of a file
 * @file: the file, or NULL
 *
 * Return: NULL: it is open.
 */
struct st_log_gate *st_log_file_gate(struct st_log_file *file);

/**
 * st_log_files_pump() - begin to write what has come together
 * @files: all files; once in each turn of the loop
 */
void st_log_files_pump(struct st_log_files *files);

/**
 * st_log_files_reopen() - open all files anew before the next line
 * @files: all files
 *
 * For who rotates with logrotate(8); trouble is tried again at once, too.
 */
void st_log_files_reopen(struct st_log_files *files);

/* What a file is called, and how many lines it never got. */
const char *st_log_file_path(const struct st_log_file *file);
uint64_t st_log_file_nr_lost(const struct st_log_file *file);

#endif
