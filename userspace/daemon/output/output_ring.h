/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A child's last lines: both streams in the order in which they were read. They
 * take at most ST_OUTPUT_RING_SIZE bytes; each line needs 18 bytes besides its
 * text.
 *
 * Lines are numbered from 1 and stand end to end in a block that wraps around.
 * The block grows with what is written until it has its full size; from then on
 * new lines replace the oldest. If there is no memory to grow, the block keeps
 * its size, and the oldest lines are replaced earlier.
 *
 * A cursor is a place between two lines. It always stays valid. If the lines at
 * the cursor have been dropped, its number is smaller than that of ->first.
 *
 * Nothing here knows pipes or clients.
 */
#ifndef ST_DAEMON_OUTPUT_OUTPUT_RING_H
#define ST_DAEMON_OUTPUT_OUTPUT_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define ST_OUTPUT_RING_SIZE (64u << 10)
#define ST_OUTPUT_MAX_LINE 8192 /* bytes; a longer line is cut into several */

#define ST_OUTPUT_LIVES 4 /* processes whose lines can be told apart */

enum st_stream {
	ST_STREAM_OUT,
	ST_STREAM_ERR,
	ST_STREAM__MAX
};

extern const char *const st_stream_text[ST_STREAM__MAX]; /* "stdout", "stderr" */

struct st_output_cursor {
	uint64_t seq; /* number of the next line */
	uint64_t at; /* bytes of all lines before it, since the first line */
};

/* Lines that one process wrote, with none of another between them. */
struct st_output_life {
	uint64_t generation;
	uint64_t first; /* number of the first line */
	uint64_t last;
};

struct st_output_ring {
	struct st_output_life lives[ST_OUTPUT_LIVES]; /* the newest first; 0: none */
	char *bytes; /* owned, ->cap bytes */
	uint32_t cap; /* a power of two, or 0 */
	uint32_t used;
	uint32_t head; /* offset of the oldest line */
	struct st_output_cursor first; /* at the oldest line */
	uint64_t next; /* number of the next line to be added */
};

struct st_kept_line {
	uint64_t seq;
	uint64_t time_ns; /* monotonic time at which the end of the line was read */
	uint64_t wall_ns; /* the same moment by the wall clock as it was then */
	enum st_stream stream;
	const char *text;
	uint32_t len;
};

/* An empty ring owns no memory. */
void st_output_ring_init(struct st_output_ring *ring);

/**
 * st_output_ring_clear() - drop all lines and their memory; numbers go on
 * @ring: the ring
 */
void st_output_ring_clear(struct st_output_ring *ring);

/**
 * st_output_ring_add() - add a line
 * @ring: the ring
 * @stream: the stream that it was written to
 * @time_ns: when its end was read
 * @wall_ns: the same moment by the wall clock; it is kept, because the clock may
 *	be set later, or the machine sleep
 * @text: its bytes, without newline
 * @len: number of bytes, at most ST_OUTPUT_MAX_LINE
 *
 * If there is no memory at all, the line is lost; it still gets a number.
 */
void st_output_ring_add(struct st_output_ring *ring, enum st_stream stream, uint64_t time_ns,
			uint64_t wall_ns, const char *text, uint32_t len);

/**
 * st_output_ring_mark() - remember which process wrote the newest line
 * @ring: the ring, after st_output_ring_add()
 * @generation: of the process
 */
void st_output_ring_mark(struct st_output_ring *ring, uint64_t generation);

/**
 * st_output_ring_life() - the last lines that a process wrote
 * @ring: the ring
 * @generation: of the process
 *
 * Return: borrowed; NULL: none is known.
 */
const struct st_output_life *st_output_ring_life(const struct st_output_ring *ring,
						 uint64_t generation);

/* Return: the place after the newest line. */
struct st_output_cursor st_output_ring_end(const struct st_output_ring *ring);

/**
 * st_output_ring_read() - read the line at a cursor, and move the cursor after it
 * @ring: the ring
 * @cursor: not before ring->first
 * @scratch: ST_OUTPUT_MAX_LINE bytes for a line that wraps around
 * @ret_line: the line; its text is in the ring or in @scratch
 *
 * Return: false if there is no line yet.
 */
bool st_output_ring_read(const struct st_output_ring *ring, struct st_output_cursor *cursor,
			 char *scratch, struct st_kept_line *ret_line) __must_check;

#endif
