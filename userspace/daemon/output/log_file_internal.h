/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A log file's inside, for log_file.c and log_files.c. Nobody else includes it.
 *
 * A file is freed when it has no reference, nothing waits, and nothing is being
 * written: by whoever takes away the last of these.
 */
#ifndef ST_DAEMON_OUTPUT_LOG_FILE_INTERNAL_H
#define ST_DAEMON_OUTPUT_LOG_FILE_INTERNAL_H

#include "daemon/output/log_file.h"
#include "loop/write.h"
#include "os/append.h"

struct st_log_file {
	struct st_log_files *files;
	struct st_log_file *same_hash; /* the next one with an equal hash */
	struct st_list link; /* in files->all */
	struct st_list dirty; /* in files->dirty, from the first line until all is written */
	unsigned int refs;
	uint64_t max_size, max_age_s;
	unsigned int keep;
	bool timestamps;
	size_t may_make;
	gid_t group;

	struct st_append_file open; /* ->fd is -1 until there is something to write */
	uint64_t wall_ns; /* of the last line */
	struct st_buf waiting; /* whole lines */
	struct st_buf flying; /* they belong to the write, which may be armed */
	size_t written; /* bytes of flying */
	size_t note_len; /* bytes at its beginning that say what is missing */
	struct st_write write;

	struct st_log_gate gate;

	bool must_reopen;
	bool is_in_trouble;
	bool was_said; /* that it is */
	uint64_t silent_until_ns;
	bool has_rotate_trouble; /* likewise */
	uint64_t retry_ns; /* not opened before */
	uint64_t rotate_retry_ns;
	uint64_t nr_lost; /* since the last note in the file */
	uint64_t nr_noted; /* of them, in the note that is flying */
	uint64_t nr_lost_ever;
	char path[];
};

/* Go on writing, if something waits and nothing flies. May free the file. */
void st_log_file_submit(struct st_log_file *file);

void st_log_file_free(struct st_log_file *file);

#endif
