/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading the lines of a transcript: the inverse of core/text.c.
 *
 * A reader goes through one line from left to right. It keeps everything that it has
 * read until st_reader_done(), because events borrow their texts. The first mistake is
 * in ->mistake, with the place where reading stopped.
 */
#ifndef ST_REPLAY_READER_H
#define ST_REPLAY_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

#define ST_READER_VALUES 8 /* JSON values in one line */

struct st_reader {
	const char *line;
	const char *at;
	const char *mistake; /* NULL: none so far */
	json_t *values[ST_READER_VALUES];
	unsigned int nr_values;
	char *term; /* a JSON value as it is written, owned */
	const char **args; /* owned */
	struct st_child_spec *child_spec; /* a reference */
	struct st_sup_spec *sup_spec; /* a reference */
	struct st_request request;
};

/* The first line of a transcript. */
struct st_transcript_header {
	uint64_t seed;
	uint64_t max_fds; /* 0: no limit */
	struct st_sup_spec *spec; /* belongs to the reader */
};

void st_reader_init(struct st_reader *reader, const char *line);
void st_reader_done(struct st_reader *reader);

bool st_reader_is_header(const char *line);
bool st_reader_is_state(const char *line); /* the first line of a saved state (core/save.h) */
bool st_reader_is_state_end(const char *line);

/**
 * st_read_header() - read the line that begins a transcript
 * @reader: at the beginning of the line
 * @ret_header: its contents; the spec lives as long as the reader
 *
 * Return: false if it cannot be read; @reader->mistake has the reason.
 */
bool st_read_header(struct st_reader *reader, struct st_transcript_header *ret_header) __must_check;

/**
 * st_read_event() - read the line of an event
 * @reader: at the beginning of the line
 * @ret_now_ns: its time
 * @ret_event: the event; its texts and its request live as long as the reader
 *
 * Return: false if it cannot be read; @reader->mistake has the reason.
 */
bool st_read_event(struct st_reader *reader, uint64_t *ret_now_ns,
		   struct st_event *ret_event) __must_check;

/* For request.c: the pieces of a line. Each returns false after a mistake. */
bool st_read_fail(struct st_reader *reader, const char *mistake);
bool st_read_literal(struct st_reader *reader, const char *literal); /* no mistake if false */
bool st_read_number(struct st_reader *reader, const char *before, uint64_t *ret_number);
bool st_read_word(struct st_reader *reader, char *word, size_t size);
bool st_read_json(struct st_reader *reader, json_t **ret_value);
bool st_read_text(struct st_reader *reader, const char **ret_text);
bool st_read_reason(struct st_reader *reader, struct st_reason *ret_reason);
bool st_read_end(struct st_reader *reader);

/* request.c */
bool st_read_request(struct st_reader *reader, struct st_request *request);

/* bind.c: a JSON value as a specification, kept by the reader */
bool st_read_sup_spec(struct st_reader *reader);
bool st_read_child_spec(struct st_reader *reader);
bool st_read_sup_flags(struct st_reader *reader);

#endif
