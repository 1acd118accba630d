/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What children with `output: ring` write to their standard output and error.
 *
 * Each child has one ring of its last lines, under its path, which lives on when
 * the child is started again and goes when the child is removed. launch.c opens
 * the pipes, the handlers of logs and info read. A child that floods gets its
 * share of each turn and no more: its ring keeps what was last, the daemon's
 * memory stays as it is, and others are served.
 *
 *	child --pipe--> reader --lines--> ring --pump--> followers
 *	                            |
 *	                            +---> log file, or journal
 *
 * A reader lives until the last process that holds the pipe is gone, which may
 * be long after the child; if many incarnations leave such a process behind,
 * the oldest is not read from any more. Followers are given lines as those of events.h are
 * given events: {"method":"output","params":{"path","seq","stream","time_ns",
 * "wall","text"}}, numbered for each path, with a resync for what the ring has lost.
 *
 * Never looks into the lines. Next: output_ring.h, output_internal.h.
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
 * st_outputs_close() - read what is there and end all readers
 * @outputs: the outputs
 */
void st_outputs_close(struct st_outputs *outputs);
/* No program: the daemon waits for its whole ring; tests end one part of it. */
bool st_outputs_is_closed(const struct st_outputs *outputs);
void st_outputs_free(struct st_outputs *outputs); /* closed, or NULL */

/**
 * st_output_open() - make the two pipes of a process
 * @outputs: not closed
 * @path: of the child; copied
 * @generation: of the process
 * @ret_out: the child's end for standard output; the caller closes it after the spawn
 * @ret_err: for standard error, likewise
 *
 * Return: 0, -ENOMEM, -EMFILE or -ENFILE.
 */
int st_output_open(struct st_outputs *outputs, const char *path, uint64_t generation, int *ret_out,
		   int *ret_err) __must_check;

/**
 * st_output_discard() - the process that the pipes were for never came to be
 * @outputs: the outputs
 * @path: of the child
 * @generation: as given to st_output_open(); an unknown one is fine
 */
void st_output_discard(struct st_outputs *outputs, const char *path, uint64_t generation);

/**
 * st_output_log_set() - say where a child's lines go beside the ring
 * @outputs: the outputs
 * @path: of the child; of one that has no pipes nothing is noted
 * @log: where; UNSET is NONE
 * @group: of a file that is made; (gid_t)-1: the daemon's
 *
 * Holds for the lines read from now on, of processes that are running too, until
 * it is called again or the child is removed. Nothing is opened before there is
 * a line. Without memory for it the lines go nowhere, which is logged.
 */
void st_output_log_set(struct st_outputs *outputs, const char *path, const struct st_log_spec *log,
		       gid_t group);

/**
 * st_outputs_log_reopen() - open all log files anew, for who has renamed them
 * @outputs: the outputs
 */
void st_outputs_log_reopen(struct st_outputs *outputs);

/**
 * st_outputs_log_write() - write where a child's lines go as a JSON field
 * @outputs: the outputs
 * @path: of the child
 * @json: inside an object: gets "log": {"file"?, "journal"?, "lost"} if they go
 *	anywhere; of the journal all that is lost
 */
void st_outputs_log_write(const struct st_outputs *outputs, const char *path, struct st_json *json);

/**
 * st_outputs_forget() - a child was removed: drop its lines, and all below it
 * @outputs: the outputs
 * @path: of the child or supervisor; an unknown one is fine
 *
 * Followers still get what was written before; then they hear nothing until a
 * child of that path writes.
 */
void st_outputs_forget(struct st_outputs *outputs, const char *path);

/**
 * st_outputs_write() - write a child's last lines as JSON
 * @outputs: the outputs; what waits in the child's pipes is read first, unless
 *	the child is held back
 * @path: of the child; an unknown one has no lines
 * @max_lines: at most so many, the newest
 * @since_ns: none that are older (CLOCK_MONOTONIC)
 * @json: gets one value: {"lines": [{"stream", "time_ns", "wall", "text"}]}
 */
void st_outputs_write(struct st_outputs *outputs, const char *path, uint32_t max_lines,
		      uint64_t since_ns, struct st_json *json);

/**
 * st_outputs_follow() - let a client follow the lines written from now on
 * @outputs: the outputs
 * @client: st_client_set_stream() was called; one that follows a path already now
 *	follows this one instead
 * @path: of the child; copied
 *
 * Call it after st_outputs_write(), which reads what waits in the pipes: then
 * each line is either in its answer or follows. Nothing is sent before the next
 * st_outputs_pump().
 *
 * Return: 0 or -ENOMEM.
 */
int st_outputs_follow(struct st_outputs *outputs, struct st_client *client,
		      const char *path) __must_check;

/**
 * st_outputs_unfollow() - forget a client
 * @outputs: the outputs
 * @client: may be one that follows nothing
 */
void st_outputs_unfollow(struct st_outputs *outputs, struct st_client *client);

/**
 * st_outputs_pump() - give followers what they lack, as far as they take it
 * @outputs: the outputs
 *
 * Call it once in each turn of the loop, at its end, as st_events_pump().
 */
void st_outputs_pump(struct st_outputs *outputs);

/**
 * st_outputs_bytes() - memory that a child's lines take
 * @outputs: the outputs
 * @path: of the child
 *
 * Return: bytes in its ring; 0: none.
 */
uint32_t st_outputs_bytes(const struct st_outputs *outputs, const char *path);

#endif
