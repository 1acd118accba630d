/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of a log file, for log_file.c and log_files.c. No other file
 * includes it.
 *
 * A file is freed when it has no reference, no line waits, and no write is
 * under way. The function that ends the last of these frees it.
 */
#ifndef ST_DAEMON_OUTPUT_LOG_FILE_INTERNAL_H
#define ST_DAEMON_OUTPUT_LOG_FILE_INTERNAL_H

#include "daemon/output/log_file.h"
#include "loop/write.h"
#include "os/append.h"

struct st_log_file {
	struct st_log_files *files;
	struct st_log_file *same_hash; /* the next file with an equal hash */
	struct st_list link; /* in files->all */
	struct st_list dirty; /* in files->dirty, from the first line until all lines are written */
	unsigned int refs;
	uint64_t max_size, max_age_s;
	unsigned int keep;
	bool timestamps;
	size_t may_make;
	gid_t group;

	struct st_append_file open; /* ->fd is -1 until there is a line to write */
	uint64_t wall_ns; /* of the last line */
	struct st_buf waiting; /* whole lines */
	struct st_buf flying; /* belongs to the write, which may be armed */
	size_t written; /* bytes of ->flying */
	size_t note_len; /* bytes of the note about lost lines, at the beginning of ->flying */
	struct st_write write;

	struct st_log_gate gate;

	bool must_reopen;
	bool is_in_trouble;
	bool was_said; /* the failure has been logged */
	uint64_t silent_until_ns;
	bool has_rotate_trouble; /* the same for rotating */
	uint64_t retry_ns; /* do not open it before this time */
	uint64_t rotate_retry_ns;
	uint64_t nr_lost; /* lines lost since the last note in the file */
	uint64_t nr_noted; /* lost lines that the note in ->flying reports */
	uint64_t nr_lost_ever;
	char path[];
};

/*
 * Begin the next write, if lines wait and no write is under way. May free the
 * file.
 */
void st_log_file_submit(struct st_log_file *file);

void st_log_file_free(struct st_log_file *file);

#endif
