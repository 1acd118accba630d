/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps what children with `output: ring` write to their standard output and
 * error.
 *
 * Each child has one ring of its last lines, under its path. The ring stays
 * when the child is started again, and is freed when the child is removed.
 * launch.c opens the pipes; the handlers of logs and info read the rings. A
 * child that writes without pause gets its share of each turn and no more: its
 * ring keeps the last lines, the daemon's memory does not grow, and the other
 * children are served.
 *
 *	child --pipe--> reader --lines--> ring --pump--> followers
 *	                            |
 *	                            +---> log file, or journal
 *
 * A reader lives until the last process that holds the pipe is gone, which may
 * be long after the child. If many incarnations leave such a process, the pipes
 * of the oldest are not read any more. Followers get lines as followers of
 * events.h get events:
 * {"method":"output","params":{"path","seq","stream","time_ns",
 * "wall","text"}}, numbered for each path, with a resync for lines that the
 * ring has lost.
 *
 * Nothing here looks into the lines. Read next: output_ring.h,
 * output_internal.h.
 */
#ifndef ST_DAEMON_OUTPUT_OUTPUT_H
#define ST_DAEMON_OUTPUT_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include <sys/types.h>

#include "base/compiler.h"
#include "core/spec.h"
#include "daemon/control/client.h"
#include "loop/ring.h"
#include "proto/json.h"

#define ST_OUTPUT_MAX_PIPES 8 /* processes of one child whose pipes are read */

struct st_outputs;

/**
 * st_outputs_new() - get ready to read
 * @ring: the loop, outlives the outputs
 * @ret_outputs: owned by the caller, who closes it, runs the ring until
 *	st_outputs_is_closed(), and frees it
 *
 * Return: 0 or -ENOMEM.
 */
int st_outputs_new(struct st_ring *ring, struct st_outputs **ret_outputs) __must_check;

/**
 * st_outputs_limit_old() - limit the pipes that are read for processes left behind
 * @outputs: the outputs
 * @max: pairs of pipes of children that have newer ones; the oldest are left
 */
void st_outputs_limit_old(struct st_outputs *outputs, uint32_t max);

/**
 * st_outputs_close() - read what is in the pipes now, and end all readers
 * @outputs: the outputs
 */
void st_outputs_close(struct st_outputs *outputs);
/*
 * No program: the daemon waits for its whole ring. Tests call it to end this
 * part alone.
 */
bool st_outputs_is_closed(const struct st_outputs *outputs);
void st_outputs_free(struct st_outputs *outputs); /* closed, or NULL */

/**
 * st_output_open() - make the two pipes of a process
 * @outputs: not closed
 * @path: of the child; copied
 * @generation: of the process
 * @ret_out: the child's end for standard output; the caller closes it after the
 *	spawn
 * @ret_err: the same for standard error
 *
 * Return: 0, -ENOMEM, -EMFILE or -ENFILE.
 */
int st_output_open(struct st_outputs *outputs, const char *path, uint64_t generation, int *ret_out,
		   int *ret_err) __must_check;

/**
 * st_output_discard() - drop the pipes of a process that was never executed
 * @outputs: the outputs
 * @path: of the child
 * @generation: as given to st_output_open(); nothing happens if it is unknown
 */
void st_output_discard(struct st_outputs *outputs, const char *path, uint64_t generation);

/**
 * st_output_log_set() - set where a child's lines go besides the ring
 * @outputs: the outputs
 * @path: of the child; nothing is set for a child without pipes
 * @log: where the lines go; UNSET means NONE
 * @group: of a new file; (gid_t)-1: the daemon's group
 *
 * This holds for all lines read from now on, also those of running processes,
 * until it is called again or the child is removed. Nothing is opened before
 * there is a line. Without memory for it the lines go nowhere, and that is
 * logged.
 */
void st_output_log_set(struct st_outputs *outputs, const char *path, const struct st_log_spec *log,
		       gid_t group);

/**
 * st_outputs_log_reopen() - open all log files anew, after they were renamed
 * @outputs: the outputs
 */
void st_outputs_log_reopen(struct st_outputs *outputs);

/**
 * st_outputs_log_write() - write where a child's lines go, as a JSON field
 * @outputs: the outputs
 * @path: of the child
 * @json: inside an object: gets "log": {"file"?, "stderr"?, "journal"?, "lost"} if the
 *	lines go anywhere; for the journal "lost" counts the lines of all
 *	children
 */
void st_outputs_log_write(const struct st_outputs *outputs, const char *path, struct st_json *json);

/**
 * st_outputs_forget() - drop the lines of a removed child, and of all below it
 * @outputs: the outputs
 * @path: of the child or supervisor; nothing happens if it is unknown
 *
 * Followers still get the lines written before. Then they get nothing until a
 * child of that path writes.
 */
void st_outputs_forget(struct st_outputs *outputs, const char *path);

/**
 * st_outputs_write() - write a child's last lines as JSON
 * @outputs: the outputs; the child's pipes are read first, unless the child is
 *	held back
 * @path: of the child; an unknown one has no lines
 * @max_lines: the largest number of lines; the newest are written
 * @since_ns: leave out older lines (CLOCK_MONOTONIC)
 * @json: gets one value: {"lines": [{"stream", "time_ns", "wall", "text"}]}
 */
void st_outputs_write(struct st_outputs *outputs, const char *path, uint32_t max_lines,
		      uint64_t since_ns, struct st_json *json);

/**
 * st_outputs_write_of() - write the last lines of one process of a child
 * @outputs: the outputs
 * @path: of the child; an unknown one has no lines
 * @generation: of the process
 * @max_lines: the largest number of lines; the newest are written
 * @json: gets one array: [{"stream", "time_ns", "wall", "text"}]
 *
 * Return: the number of lines.
 */
uint32_t st_outputs_write_of(struct st_outputs *outputs, const char *path, uint64_t generation,
			     uint32_t max_lines, struct st_json *json);

/**
 * st_outputs_follow() - let a client follow the lines written from now on
 * @outputs: the outputs
 * @client: st_client_set_stream() was called. If the client follows a path
 *	already, this path replaces it
 * @path: of the child; copied
 *
 * Call it after st_outputs_write(), which reads what is in the pipes: then each
 * line is either in its answer or follows. Nothing is sent before the next
 * st_outputs_pump().
 *
 * Return: 0 or -ENOMEM.
 */
int st_outputs_follow(struct st_outputs *outputs, struct st_client *client,
		      const char *path) __must_check;

/**
 * st_outputs_unfollow() - forget a client
 * @outputs: the outputs
 * @client: it may be a client that follows nothing
 */
void st_outputs_unfollow(struct st_outputs *outputs, struct st_client *client);

/**
 * st_outputs_pump() - send followers the lines they lack, as far as they read
 * @outputs: the outputs
 *
 * Call it once in each turn of the loop, at its end, like st_events_pump().
 */
void st_outputs_pump(struct st_outputs *outputs);

/**
 * st_outputs_bytes() - get the memory that a child's lines take
 * @outputs: the outputs
 * @path: of the child
 *
 * Return: bytes in its ring; 0 if it has none.
 */
uint32_t st_outputs_bytes(const struct st_outputs *outputs, const char *path);

#endif
