/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child's last lines: both streams in the order in which they were read, in
 * at most ST_OUTPUT_RING_SIZE bytes, of which each line takes 10 for itself.
 *
 * Lines are numbered from 1 and lie end to end in a block that wraps around,
 * and grows with what is written until it has its full size; from then on the
 * oldest lines go. Without memory it stays as it is, and they go earlier.
 *
 * A cursor is a place between two lines. It stays valid whatever happens; what
 * it stands on may be gone, then it is behind ->first.
 *
 * Knows neither pipes nor clients.
 */
#ifndef ST_DAEMON_OUTPUT_OUTPUT_RING_H
#define ST_DAEMON_OUTPUT_OUTPUT_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define ST_OUTPUT_RING_SIZE (64u << 10)
#define ST_OUTPUT_MAX_LINE 8192 /* bytes; a longer line is cut into several */

enum st_stream {
	ST_STREAM_OUT,
	ST_STREAM_ERR,
	ST_STREAM__MAX
};

extern const char *const st_stream_text[ST_STREAM__MAX]; /* "stdout", "stderr" */

struct st_output_cursor {
	uint64_t seq; /* number of the next line */
	uint64_t at; /* bytes of all lines before it, since the first one */
};

struct st_output_ring {
	char *bytes; /* owned, of ->cap */
	uint32_t cap; /* a power of two, or 0 */
	uint32_t used;
	uint32_t head; /* offset of the oldest line */
	struct st_output_cursor first; /* at the oldest line */
	uint64_t next; /* number of the next line to be added */
};

struct st_output_line {
	uint64_t seq;
	uint64_t time_ns; /* monotonic: when its end was read */
	enum st_stream stream;
	const char *text;
	uint32_t len;
};

/* An empty ring owns no memory. */
void st_output_ring_init(struct st_output_ring *ring);

/**
 * st_output_ring_clear() - drop all lines, and the memory; numbers go on
 * @ring: the ring
 */
void st_output_ring_clear(struct st_output_ring *ring);

/**
 * st_output_ring_add() - add a line
 * @ring: the ring
 * @stream: where it was written to
 * @time_ns: when
 * @text: its bytes, without newline
 * @len: their number, at most ST_OUTPUT_MAX_LINE
 *
 * Without any memory the line is lost; its number is given out all the same.
 */
void st_output_ring_add(struct st_output_ring *ring, enum st_stream stream, uint64_t time_ns,
			const char *text, uint32_t len);

/* The place behind the newest line. */
struct st_output_cursor st_output_ring_end(const struct st_output_ring *ring);

/**
 * st_output_ring_read() - read the line at a cursor, and go behind it
 * @ring: the ring
 * @cursor: not behind ring->first
 * @scratch: ST_OUTPUT_MAX_LINE bytes for a line that wraps around
 * @ret_line: the line; its text lies in the ring or in @scratch
 *
 * Return: false: there is none yet.
 */
bool st_output_ring_read(const struct st_output_ring *ring, struct st_output_cursor *cursor,
			 char *scratch, struct st_output_line *ret_line) __must_check;

#endif
