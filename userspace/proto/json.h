/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A streaming JSON writer on a struct st_buf.
 *
 * It puts the commas, quotes and escapes; the caller keeps begin and end in
 * pairs and gives a key before each value of an object. Nothing is built in
 * memory but the text, so a tree of 100,000 nodes costs its bytes and no more.
 * A failed append is remembered by the buffer (st_buf_error), once for all.
 * Used by whoever answers requests; parsing is jansson's, in rpc.c.
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
	bool need_comma; /* a value stands before this place, in the same container */
};

/**
 * st_json_init() - begin a document
 * @json: the writer
 * @out: what it appends to; may hold text already
 */
void st_json_init(struct st_json *json, struct st_buf *out);

void st_json_begin_object(struct st_json *json);
void st_json_end_object(struct st_json *json);
void st_json_begin_array(struct st_json *json);
void st_json_end_array(struct st_json *json);

/**
 * st_json_key() - the key of the next value
 * @json: the writer, inside an object
 * @key: any text; it is escaped
 */
void st_json_key(struct st_json *json, const char *key);

/**
 * st_json_text() - a string
 * @json: the writer
 * @text: any bytes; what is not UTF-8 becomes U+FFFD. NULL writes null
 */
void st_json_text(struct st_json *json, const char *text);
void st_json_text_len(struct st_json *json, const char *text, size_t len);
void st_json_u64(struct st_json *json, uint64_t value);
void st_json_i64(struct st_json *json, int64_t value);
void st_json_bool(struct st_json *json, bool value);
void st_json_null(struct st_json *json);

/**
 * st_json_raw() - a value that is JSON already
 * @json: the writer
 * @text: one complete value, for example what st_reason_write() wrote
 * @len: its bytes
 */
void st_json_raw(struct st_json *json, const char *text, size_t len);

/**
 * st_json_place() - get ready for a value that the caller appends itself
 * @json: the writer
 *
 * For functions that append a value straight to the buffer.
 *
 * Return: the buffer; exactly one JSON value must be appended to it.
 */
struct st_buf *st_json_place(struct st_json *json);

/* A key and its value in one. */
void st_json_text_field(struct st_json *json, const char *key, const char *text);
void st_json_u64_field(struct st_json *json, const char *key, uint64_t value);
void st_json_i64_field(struct st_json *json, const char *key, int64_t value);
void st_json_bool_field(struct st_json *json, const char *key, bool value);

#endif
