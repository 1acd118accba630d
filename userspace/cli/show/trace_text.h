/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a traced message says, in words: who, what, how much, which bytes. All that shows
 * messages (trace_follow.c, trace_sequence.c, trace_export.c) takes its words from here.
 * A record is an element of trace-history (proto/README.md); it is never trusted. The
 * words themselves, and times, are in proto/traced.h.
 */
#ifndef ST_CLI_SHOW_TRACE_TEXT_H
#define ST_CLI_SHOW_TRACE_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum st_trace_side {
	ST_TRACE_FROM,
	ST_TRACE_TO,
};

/* A child's path, or a name and a pid, or "pid 4711", or "unknown". */
void st_trace_text_who(const json_t *record, enum st_trace_side side, struct st_buf *out);

/* Return: whether it has a path. */
bool st_trace_text_is_child(const json_t *record, enum st_trace_side side);

/* Return: the pid; 0: unknown. */
uint64_t st_trace_text_pid(const json_t *record, enum st_trace_side side);

/* "unix call", "signal SIGTERM", "process exit 1" */
void st_trace_text_what(const json_t *record, struct st_buf *out);

/*
 * The bytes that were kept, in quotes, dots for what cannot be printed; without the
 * header of a frame of userspace/libsuptree/PROTOCOL.md. Nothing if none were.
 */
void st_trace_text_content(const json_t *record, struct st_buf *out);

/* Both: its kind and its bytes. */
void st_trace_text_label(const json_t *record, struct st_buf *out);

/* Return: whether it is the first frame of a connection, which the daemon sends. */
bool st_trace_text_is_hello(const json_t *record);

/**
 * st_trace_text_line() - one readable line
 * @record: the message
 * @offset_ns: from its clock to the wall's (st_traced_offset())
 * @out: time, from -> to, what, size, content, latency of a reply; no newline
 */
void st_trace_text_line(const json_t *record, int64_t offset_ns, struct st_buf *out);

#endif
