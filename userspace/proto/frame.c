// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splits a byte stream into lines; see frame.h. Taken bytes are removed when
 * new ones come, not after each line, so a portion with a thousand lines is
 * moved once.
 */
#include "proto/frame.h"

#include <errno.h>
#include <string.h>

#define KEEP_CAP 65536 /* an empty frame frees memory above this size */

void st_frame_init(struct st_frame *frame, size_t limit)
{
	memset(frame, 0, sizeof(*frame));
	frame->limit = limit;
}

void st_frame_done(struct st_frame *frame)
{
	st_buf_done(&frame->in);
}

int st_frame_feed(struct st_frame *frame, const void *data, size_t len)
{
	st_buf_consume(&frame->in, frame->start);
	frame->start = 0;
	if (!frame->in.len && frame->in.cap > KEEP_CAP)
		st_buf_done(&frame->in);
	st_buf_add(&frame->in, data, len);
	return st_buf_error(&frame->in);
}

void st_frame_finish(struct st_frame *frame)
{
	frame->is_finished = true;
}

static void take(struct st_frame *frame, size_t len)
{
	frame->start += len;
	frame->scanned = 0;
}

/*
 * Find the end of the line at ->start: its length without newline, and the
 * bytes to take for it. Return: false if the end has not come yet.
 */
static bool find_end(struct st_frame *frame, size_t *ret_len, size_t *ret_taken)
{
	size_t left = frame->in.len - frame->start;
	const char *from, *newline;

	if (!left)
		return false;
	from = frame->in.data + frame->start;
	newline = memchr(from + frame->scanned, '\n', left - frame->scanned);
	if (!newline && !frame->is_finished) {
		frame->scanned = left;
		return false;
	}
	*ret_len = newline ? (size_t)(newline - from) : left;
	*ret_taken = newline ? *ret_len + 1 : left;
	return true;
}

/*
 * There is no newline yet: drop the bytes of a line that is too long already.
 */
static int wait_for_more(struct st_frame *frame)
{
	bool was_skipping = frame->skipping;
	size_t left = frame->in.len - frame->start;

	if (!was_skipping && left <= frame->limit)
		return 0;
	take(frame, left);
	frame->skipping = true;
	return was_skipping ? 0 : -EMSGSIZE;
}

int st_frame_next(struct st_frame *frame, const char **ret_line, size_t *ret_len)
{
	size_t len, taken;

	while (find_end(frame, &len, &taken)) {
		const char *line = frame->in.data + frame->start;
		bool was_skipping = frame->skipping;

		take(frame, taken);
		frame->skipping = false;
		if (was_skipping || !len)
			continue;
		if (len > frame->limit)
			return -EMSGSIZE;
		*ret_line = line;
		*ret_len = len;
		return 1;
	}
	return wait_for_more(frame);
}
