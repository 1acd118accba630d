/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptreed --log FILE`: the transcript of all steps, in the format of
 * core/text.c, which tools/replay feeds to the core again.
 *
 * Lines are gathered in memory and written once a turn, by st_transcript_flush().
 * A file that cannot be written ends the transcript, never the daemon; what is
 * in the file then still is a whole number of flushes, so it replays.
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
 * @path: is made, mode 0640, if it is not there
 * @ret_transcript: owned by the caller (st_transcript_close)
 *
 * Return: 0; -EINVAL: it is neither a file nor a character device; -ENOMEM;
 * -errno of open(2).
 */
int st_transcript_open(const char *path, struct st_transcript **ret_transcript) __must_check;

/**
 * st_transcript_text() - where to append lines of another kind, such as a header
 * @transcript: the transcript
 *
 * Return: borrowed; whole lines only, newlines included.
 */
struct st_buf *st_transcript_text(struct st_transcript *transcript);

/* One line for the event of a step; then one, indented, for each effect. */
void st_transcript_event(struct st_transcript *transcript, const struct st_event *event,
			 uint64_t now_ns);
void st_transcript_effects(struct st_transcript *transcript, const struct st_effects *effects);

/**
 * st_transcript_flush() - write what was gathered; once in each turn of the loop
 * @transcript: the transcript
 *
 * Return: 0; -errno of write(2) or -ENOMEM, once: the transcript has ended here,
 * and later calls do nothing and return 0. The caller logs it.
 */
int st_transcript_flush(struct st_transcript *transcript) __must_check;

/**
 * st_transcript_close() - close the file
 * @transcript: flushed, or what was gathered since is lost; NULL is allowed
 */
void st_transcript_close(struct st_transcript *transcript);

#endif
