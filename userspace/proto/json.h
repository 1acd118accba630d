/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A streaming JSON writer on a struct st_buf.
 *
 * It writes the commas, quotes and escapes. The caller keeps begin and end in
 * pairs, and gives a key before each value of an object. Only the text is in
 * memory, so a tree of 100,000 nodes costs its bytes and no more. If an append
 * fails, the buffer remembers it for good (st_buf_error). All code that answers
 * requests uses this writer; rpc.c parses with jansson.
 *
 *	struct st_json json;
 *
 *	st_json_init(&json, out);
 *	st_json_begin_object(&json);
 *	st_json_text_field(&json, "path", path);
 *	st_json_key(&json, "children");
 *	st_json_begin_array(&json);
 *	...
 *	st_json_end_array(&json);
 *	st_json_end_object(&json);
 */
#ifndef ST_PROTO_JSON_H
#define ST_PROTO_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

struct st_json {
	struct st_buf *out; /* borrowed */
	bool need_comma; /* there is a value before this place, in the same container */
};

/**
 * st_json_init() - begin a document
 * @json: the writer
 * @out: the buffer to append to; may hold text already
 */
void st_json_init(struct st_json *json, struct st_buf *out);

void st_json_begin_object(struct st_json *json);
void st_json_end_object(struct st_json *json);
void st_json_begin_array(struct st_json *json);
void st_json_end_array(struct st_json *json);

/**
 * st_json_key() - write the key of the next value
 * @json: the writer, inside an object
 * @key: any text; it is escaped
 */
void st_json_key(struct st_json *json, const char *key);

/**
 * st_json_text() - write a string
 * @json: the writer
 * @text: any bytes; bytes that are not UTF-8 become U+FFFD. NULL writes null
 */
void st_json_text(struct st_json *json, const char *text);
void st_json_text_len(struct st_json *json, const char *text, size_t len);
void st_json_u64(struct st_json *json, uint64_t value);
void st_json_i64(struct st_json *json, int64_t value);
void st_json_bool(struct st_json *json, bool value);
void st_json_null(struct st_json *json);

/**
 * st_json_raw() - write a value that is JSON already
 * @json: the writer
 * @text: one complete value, for example the text of st_reason_write()
 * @len: its length in bytes
 */
void st_json_raw(struct st_json *json, const char *text, size_t len);

/**
 * st_json_place() - prepare for a value that the caller appends itself
 * @json: the writer
 *
 * For functions that append a value to the buffer without the writer.
 *
 * Return: the buffer; exactly one JSON value must be appended to it.
 */
struct st_buf *st_json_place(struct st_json *json);

/**
 * st_json_buf_field() - write a key and a text that was built in a buffer
 * @json: the writer
 * @key: the key
 * @text: the text; if it is not whole, the writer's buffer fails, too
 */
void st_json_buf_field(struct st_json *json, const char *key, const struct st_buf *text);

/* Write a key and its value. */
void st_json_text_field(struct st_json *json, const char *key, const char *text);
void st_json_u64_field(struct st_json *json, const char *key, uint64_t value);
void st_json_i64_field(struct st_json *json, const char *key, int64_t value);
void st_json_bool_field(struct st_json *json, const char *key, bool value);

#endif
