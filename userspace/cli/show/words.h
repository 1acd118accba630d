/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of the protocol in the words of people: reasons, durations, clocks.
 */
#ifndef ST_CLI_SHOW_WORDS_H
#define ST_CLI_SHOW_WORDS_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"

/**
 * st_words_reason() - append why something ended
 * @reason: as the rules' table has it, for example {"signal":"SEGV"}
 * @out: gets "SIGSEGV", "exit 3", "shutdown 5", or the text or the JSON
 */
void st_words_reason(const json_t *reason, struct st_buf *out);

/**
 * st_words_duration() - append a time in its two largest units
 * @ms: milliseconds
 * @out: where to: "850ms", "12s", "3m 5s", "2h 10m", "4d 3h"
 */
void st_words_duration(uint64_t ms, struct st_buf *out);

/**
 * st_words_clock() - append the local time of day
 * @wall: a time in RFC 3339, in UTC; any other text is appended unchanged
 * @out: where to: "18:23:05.123"
 */
void st_words_clock(const char *wall, struct st_buf *out);

/**
 * st_words_timestamp() - append date and time, here, with the offset to UTC
 * @wall: as above
 * @out: where to: ISO 8601
 */
void st_words_timestamp(const char *wall, struct st_buf *out);

/**
 * st_words_json() - append a value as JSON on one line
 * @value: any
 * @out: where to; no character in it is a command for a terminal
 */
void st_words_json(const json_t *value, struct st_buf *out);
void st_words_json_indented(const json_t *value, struct st_buf *out); /* on several lines */

/* A member of an object; "" or 0 if it is not there or of another type. */
const char *st_words_text(const json_t *object, const char *key);
uint64_t st_words_number(const json_t *object, const char *key);

#endif
