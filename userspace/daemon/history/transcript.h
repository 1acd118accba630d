/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptreed --transcript FILE`: the transcript of all steps, in the format of
 * core/text.c. tools/replay gives it to the core again.
 *
 * Lines are gathered in memory; st_transcript_flush() writes them once a turn.
 * If the file cannot be written, the transcript ends and the daemon goes on.
 * The file then holds whole flushes only, so it can be replayed.
 */
#ifndef ST_DAEMON_HISTORY_TRANSCRIPT_H
#define ST_DAEMON_HISTORY_TRANSCRIPT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "core/effect.h"
#include "core/event.h"

struct st_transcript;

/**
 * st_transcript_open() - open the file for appending
 * @path: created with mode 0640 if it does not exist
 * @ret_transcript: owned by the caller (st_transcript_close)
 *
 * Return: 0; -EINVAL: it is neither a file nor a character device; -ENOMEM;
 * -errno of open(2).
 */
int st_transcript_open(const char *path, struct st_transcript **ret_transcript) __must_check;

/**
 * st_transcript_text() - the buffer for lines of another kind, such as a header
 * @transcript: the transcript
 *
 * Return: the buffer, borrowed; append whole lines only, newlines included.
 */
struct st_buf *st_transcript_text(struct st_transcript *transcript);

/*
 * Append one line for the event of a step, then one indented line for each
 * effect.
 */
void st_transcript_event(struct st_transcript *transcript, const struct st_event *event,
			 uint64_t now_ns);
void st_transcript_effects(struct st_transcript *transcript, const struct st_effects *effects);

/**
 * st_transcript_flush() - write the gathered lines; call it once in each turn
 * @transcript: the transcript
 *
 * Return: 0; -errno of write(2) or -ENOMEM, once: the transcript has ended, and
 * later calls do nothing and return 0. The caller logs the error.
 */
int st_transcript_flush(struct st_transcript *transcript) __must_check;

/**
 * st_transcript_close() - close the file
 * @transcript: flushed before, or the lines gathered since then are lost; NULL
 *	is allowed
 */
void st_transcript_close(struct st_transcript *transcript);

#endif
