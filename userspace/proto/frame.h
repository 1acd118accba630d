/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Splits a byte stream into lines: each line is one request, answer or
 * notification.
 *
 * Bytes may come in any portions; an incomplete line waits. A line longer than
 * the limit is reported once, and its bytes are dropped as they come, up to its
 * newline. So a peer can make the frame hold one limit and one portion, never
 * more. Empty lines are skipped. The daemon uses a frame for each client;
 * conn.h uses one, too. Nothing here reads a descriptor or looks into a line.
 */
#ifndef ST_PROTO_FRAME_H
#define ST_PROTO_FRAME_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

#define ST_FRAME_LIMIT (1u << 20) /* bytes of a line, its newline not counted */

struct st_frame {
	struct st_buf in;
	size_t start; /* of the bytes in ->in that are not taken yet */
	size_t scanned; /* bytes after ->start that are known to hold no newline */
	size_t limit; /* bytes */
	bool skipping; /* inside a line that is too long */
	bool is_finished; /* no more bytes come */
};

/**
 * st_frame_init() - make an empty frame
 * @frame: the frame, owned memory only after the first byte
 * @limit: longest line in bytes, usually ST_FRAME_LIMIT
 */
void st_frame_init(struct st_frame *frame, size_t limit);
void st_frame_done(struct st_frame *frame);

/**
 * st_frame_feed() - add received bytes
 * @frame: the frame; lines borrowed from it are invalid afterwards
 * @data: the bytes
 * @len: number of bytes
 *
 * Return: 0; -ENOMEM: the bytes are lost, and the stream cannot be used any
 * more.
 */
int st_frame_feed(struct st_frame *frame, const void *data, size_t len) __must_check;

/**
 * st_frame_finish() - note that no more bytes come
 * @frame: the frame
 *
 * Text after the last newline counts as a line then. An object that was cut is
 * not valid JSON, so it is never taken for a whole one.
 */
void st_frame_finish(struct st_frame *frame);

/**
 * st_frame_next() - take the next line
 * @frame: the frame
 * @ret_line: the line without newline, borrowed until the next call; not
 *	NUL-terminated
 * @ret_len: its length in bytes, at least 1
 *
 * Return: 1 for a line, 0 if more bytes are needed, -EMSGSIZE once for each
 * line that is too long (call again).
 */
int st_frame_next(struct st_frame *frame, const char **ret_line, size_t *ret_len) __must_check;

#endif
