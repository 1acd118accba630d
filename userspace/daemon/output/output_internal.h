/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the output_*.c files share. No other file includes it.
 *
 *	output_table.c   children by path, and what lies below a path
 *	output_pipes.c   the two pipes of one process: read, cut into lines
 *	output_ring.c    a child's last lines
 *	output_follow.c  clients that follow, and lines as JSON
 *	output_log.c     which of them go to log files and the journal
 *	output.c         the calls of output.h
 *
 * The table is a tree, like the paths. So all that belongs to a removed
 * supervisor is found without a search through the others. A child stays in the
 * table as long as it has lines, pipes or followers, or children below it.
 */
#ifndef ST_DAEMON_OUTPUT_OUTPUT_INTERNAL_H
#define ST_DAEMON_OUTPUT_OUTPUT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/map.h"
#include "daemon/output/log_file.h"
#include "daemon/output/log_journal.h"
#include "daemon/output/output.h"
#include "daemon/output/output_ring.h"
#include "loop/poll.h"

/*
 * Most bytes read in one turn from all pipes together. One pipe gets at most a
 * portion; if many can be read, each gets less.
 */
#define ST_OUTPUT_SLICE (256u << 10) /* bytes */
#define ST_OUTPUT_PORTION (16u << 10)
#define ST_OUTPUT_MIN_SHARE 1024u

struct st_output_pipes;

/* A child, or a supervisor with children below it. */
struct st_output_child {
	struct st_output_child *same_hash; /* the next child with an equal hash */
	struct st_output_child *parent; /* NULL only for the root */
	struct st_list sibling; /* in parent->children */
	struct st_list children;
	struct st_list pipes; /* of struct st_output_pipes, oldest first */
	uint16_t nr_pipes;
	bool is_forgotten; /* removed; the lines are for its followers only */
	uint32_t nr_followers;
	struct st_output_ring *ring; /* owned; NULL: no line was written yet */
	struct st_log_file *log_file; /* a reference, or NULL */
	struct st_log_file *stderr_file; /* for standard error alone; the same */
	bool has_journal; /* its lines go to the journal, too */
	char path[];
};

struct st_outputs {
	struct st_ring *ring;
	struct st_map by_hash; /* hash of the path -> the first struct st_output_child */
	struct st_output_child *root;
	struct st_list leaving; /* pipes that were left, with a poll on the ring */
	struct st_list old; /* pipes of children that have newer ones, oldest first */
	uint32_t nr_old;
	uint32_t max_old;
	struct st_list followers;
	struct st_buf params; /* params of the line being sent */
	struct st_buf line;
	uint32_t nr_reads; /* pipes that were read in this turn */
	uint32_t share; /* bytes that may be read from each of them */
	uint64_t now_ns; /* time of the read whose lines are being added */
	uint64_t wall_ns; /* the same moment by the wall clock */
	struct st_log_gates gates;
	struct st_log_files log_files;
	struct st_journal journal;
	char portion[ST_OUTPUT_PORTION]; /* all pipes are read into it, one after the other */
};

/* output_table.c */
int st_output_table_init(struct st_outputs *outputs) __must_check;
void st_output_table_done(struct st_outputs *outputs);

struct st_output_child *st_output_find(const struct st_outputs *outputs, const char *path);

/*
 * Find or make the entry of a path, and those above it. Return: 0 or -ENOMEM.
 */
int st_output_get(struct st_outputs *outputs, const char *path,
		  struct st_output_child **ret_child) __must_check;

/* Free an entry, if nothing needs it. */
bool st_output_drop(struct st_outputs *outputs, struct st_output_child *child);

/* The same, and then free the entries above it that only it needed. */
void st_output_prune(struct st_outputs *outputs, struct st_output_child *child);

/*
 * Return: the first entry to visit, and the next one, if those below come
 * first.
 */
struct st_output_child *st_output_deepest(struct st_output_child *top);
struct st_output_child *st_output_next(struct st_output_child *child);

/* Return: the ring of a child, made if there is none; NULL: no memory. */
struct st_output_ring *st_output_child_ring(struct st_output_child *child);

/* Drop a child's lines and their memory. */
void st_output_child_clear(struct st_output_child *child);

/* output_pipes.c */

/**
 * st_output_pipes_open() - make the pipes of a process and read from them
 * @outputs: the outputs
 * @child: the child that the process is for
 * @generation: of the process
 * @ret_ends: the child's ends, indexed by enum st_stream; the caller closes
 *	them
 *
 * Return: 0, -ENOMEM, -EMFILE or -ENFILE.
 */
int st_output_pipes_open(struct st_outputs *outputs, struct st_output_child *child,
			 uint64_t generation, int ret_ends[ST_STREAM__MAX]) __must_check;

/* Read what is in a child's pipes now. */
void st_output_pipes_drain(struct st_output_child *child);

/*
 * Stop reading the pipes of a process; 0: those of all processes of the child.
 */
void st_output_pipes_leave(struct st_output_child *child, uint64_t generation);

/* output_log.c */

/* Pass a line of a child on to all places besides the ring. */
void st_output_log_line(struct st_outputs *outputs, const struct st_output_child *child,
			const struct st_output_line *line);

/*
 * Return: the closed gate of a place that its lines go to; NULL if all are
 * open.
 */
struct st_log_gate *st_output_log_gate(struct st_outputs *outputs,
				       const struct st_output_child *child);

/*
 * Return: false if the place that the lines of a stream go to cannot keep up. Then
 * @waiter is called when it can, or when that has taken too long.
 */
bool st_output_log_has_room(struct st_outputs *outputs, const struct st_output_child *child,
			    enum st_stream stream, struct st_log_waiter *waiter);

/* From now on its lines go to no log. */
void st_output_log_end(struct st_output_child *child);

/* output_follow.c */
void st_output_followers_free(struct st_outputs *outputs);

#endif
