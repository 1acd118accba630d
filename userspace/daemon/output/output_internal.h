/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the output_*.c files share. Nobody else includes it.
 *
 *	output_table.c   children by path, and what lies below a path
 *	output_pipes.c   the two pipes of one process: read, cut into lines
 *	output_ring.c    a child's last lines
 *	output_follow.c  clients that follow, and lines as JSON
 *	output_log.c     which of them go to log files and the journal
 *	output.c         the calls of output.h
 *
 * The table is a tree as the paths are, so that what goes with a supervisor is
 * found without a look at everybody else. A child's place in it stays as long
 * as there are lines, pipes, followers, or places below it.
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
 * Read in one turn from all pipes together. One pipe gets at most a portion;
 * if many have something to read, each gets less.
 */
#define ST_OUTPUT_SLICE (256u << 10) /* bytes */
#define ST_OUTPUT_PORTION (16u << 10)
#define ST_OUTPUT_MIN_SHARE 1024u

struct st_output_pipes;

/* A child, or a supervisor with children below. */
struct st_output_child {
	struct st_output_child *same_hash; /* the next one with an equal hash */
	struct st_output_child *parent; /* NULL for the root alone */
	struct st_list sibling; /* in parent->children */
	struct st_list children;
	struct st_list pipes; /* of struct st_output_pipes, oldest first */
	uint16_t nr_pipes;
	bool is_forgotten; /* removed; the lines are for its followers only */
	uint32_t nr_followers;
	struct st_output_ring *ring; /* owned; NULL: nothing was written yet */
	struct st_log_file *log_file; /* a reference, or NULL */
	bool has_journal; /* lines go there, too */
	char path[];
};

struct st_outputs {
	struct st_ring *ring;
	struct st_map by_hash; /* of the path -> the first struct st_output_child */
	struct st_output_child *root;
	struct st_list leaving; /* pipes that nobody wants, with a poll on the ring */
	struct st_list followers;
	struct st_buf params; /* of a line that is sent */
	struct st_buf line;
	uint32_t nr_reads; /* pipes that were read in this turn */
	uint32_t share; /* bytes that each of them may read */
	uint64_t now_ns; /* of the read whose lines are added */
	uint64_t wall_ns; /* the same moment on the wall's clock */
	struct st_log_gates gates;
	struct st_log_files log_files;
	struct st_journal journal;
	char portion[ST_OUTPUT_PORTION]; /* where to, one after the other */
};

/* output_table.c */
int st_output_table_init(struct st_outputs *outputs) __must_check;
void st_output_table_done(struct st_outputs *outputs);

struct st_output_child *st_output_find(const struct st_outputs *outputs, const char *path);

/* Find or make the place of a path, and those above it. 0 or -ENOMEM. */
int st_output_get(struct st_outputs *outputs, const char *path,
		  struct st_output_child **ret_child) __must_check;

/* Free a place, if nothing needs it. */
bool st_output_drop(struct st_outputs *outputs, struct st_output_child *child);

/* The same, and then those above it that only it needed. */
void st_output_prune(struct st_outputs *outputs, struct st_output_child *child);

/* The first place to visit, and the next, when those below come first. */
struct st_output_child *st_output_deepest(struct st_output_child *top);
struct st_output_child *st_output_next(struct st_output_child *child);

/* The ring of a child, made if need be; NULL: no memory. */
struct st_output_ring *st_output_child_ring(struct st_output_child *child);

/* Drop a child's lines and what it kept them in. */
void st_output_child_clear(struct st_output_child *child);

/* output_pipes.c */

/**
 * st_output_pipes_open() - make the pipes of a process and read from them
 * @outputs: the outputs
 * @child: whose process it will be
 * @generation: of the process
 * @ret_ends: the child's ends, indexed by enum st_stream; the caller's to close
 *
 * Return: 0, -ENOMEM, -EMFILE or -ENFILE.
 */
int st_output_pipes_open(struct st_outputs *outputs, struct st_output_child *child,
			 uint64_t generation, int ret_ends[ST_STREAM__MAX]) __must_check;

/* Read what is there now. */
void st_output_pipes_drain(struct st_output_child *child);

/* Stop to read from the pipes of a process, or with 0 of all of a child. */
void st_output_pipes_leave(struct st_output_child *child, uint64_t generation);

/* output_log.c */

/* A line of a child, wherever it goes beside the ring. */
void st_output_log_line(struct st_outputs *outputs, const struct st_output_child *child,
			const struct st_log_line *line);

/* The gate of where its lines go; NULL: it is open. */
struct st_log_gate *st_output_log_gate(struct st_outputs *outputs,
				       const struct st_output_child *child);

/*
 * False: where its lines go is behind; @waiter is called when it is not, or
 * when it has been for too long.
 */
bool st_output_log_has_room(struct st_outputs *outputs, const struct st_output_child *child,
			    struct st_log_waiter *waiter);

/* From now on its lines go nowhere. */
void st_output_log_end(struct st_output_child *child);

/* output_follow.c */
void st_output_followers_free(struct st_outputs *outputs);

#endif
