// SPDX-License-Identifier: GPL-2.0-only
/*
 * The streaming JSON writer of json.h. Its only state is one flag: after a
 * begin or a key no comma is needed, after a value or an end one is.
 */
#include "proto/json.h"

#include <string.h>

void st_json_init(struct st_json *json, struct st_buf *out)
{
	json->out = out;
	json->need_comma = false;
}

struct st_buf *st_json_place(struct st_json *json)
{
	if (json->need_comma)
		st_buf_add_char(json->out, ',');
	json->need_comma = true;
	return json->out;
}

static void begin(struct st_json *json, char bracket)
{
	st_buf_add_char(st_json_place(json), bracket);
	json->need_comma = false;
}

static void end(struct st_json *json, char bracket)
{
	st_buf_add_char(json->out, bracket);
	json->need_comma = true;
}

void st_json_begin_object(struct st_json *json)
{
	begin(json, '{');
}

void st_json_end_object(struct st_json *json)
{
	end(json, '}');
}

void st_json_begin_array(struct st_json *json)
{
	begin(json, '[');
}

void st_json_end_array(struct st_json *json)
{
	end(json, ']');
}

void st_json_key(struct st_json *json, const char *key)
{
	st_json_text(json, key);
	st_buf_add_char(json->out, ':');
	json->need_comma = false;
}

void st_json_text(struct st_json *json, const char *text)
{
	if (text)
		st_json_text_len(json, text, strlen(text));
	else
		st_json_null(json);
}

void st_json_text_len(struct st_json *json, const char *text, size_t len)
{
	st_buf_add_json_string(st_json_place(json), text, len);
}

void st_json_u64(struct st_json *json, uint64_t value)
{
	st_buf_add_u64(st_json_place(json), value);
}

void st_json_i64(struct st_json *json, int64_t value)
{
	st_buf_add_i64(st_json_place(json), value);
}

void st_json_bool(struct st_json *json, bool value)
{
	st_buf_add_text(st_json_place(json), value ? "true" : "false");
}

void st_json_null(struct st_json *json)
{
	st_buf_add_text(st_json_place(json), "null");
}

void st_json_raw(struct st_json *json, const char *text, size_t len)
{
	st_buf_add(st_json_place(json), text, len);
}

void st_json_text_field(struct st_json *json, const char *key, const char *text)
{
	st_json_key(json, key);
	st_json_text(json, text);
}

void st_json_u64_field(struct st_json *json, const char *key, uint64_t value)
{
	st_json_key(json, key);
	st_json_u64(json, value);
}

void st_json_i64_field(struct st_json *json, const char *key, int64_t value)
{
	st_json_key(json, key);
	st_json_i64(json, value);
}

void st_json_bool_field(struct st_json *json, const char *key, bool value)
{
	st_json_key(json, key);
	st_json_bool(json, value);
}

void st_json_buf_field(struct st_json *json, const char *key, const struct st_buf *text)
{
	const char *whole = "";

	if (st_buf_get(text, &whole))
		json->out->failed = true;
	st_json_text_field(json, key, whole);
}
