// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values in words; see words.h.
 */
#include "cli/show/words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/character.h"

/*
 * jansson escapes control characters below U+0020 only. The others can only be in texts,
 * where an escape means the same. It never cuts a character in two.
 */
static int add_bytes(const char *bytes, size_t len, void *out)
{
	while (len) {
		struct st_character character = st_character_read(bytes, len);
		char escape[16];

		if (character.kind == ST_CHARACTER_HIDDEN || character.code == 0x7f) {
			(void)snprintf(escape, sizeof(escape), "\\u%04x",
				       (unsigned int)character.code);
			st_buf_add_text(out, escape);
		} else {
			st_buf_add(out, bytes, character.len);
		}
		bytes += character.len;
		len -= character.len;
	}
	return 0;
}

static void add_json(const json_t *value, size_t flags, struct st_buf *out)
{
	if (json_dump_callback(value, add_bytes, out, flags | JSON_ENCODE_ANY))
		out->failed = true;
}

void st_words_json(const json_t *value, struct st_buf *out)
{
	add_json(value, JSON_COMPACT, out);
}

void st_words_json_indented(const json_t *value, struct st_buf *out)
{
	add_json(value, JSON_INDENT(2), out);
}

void st_words_reason(const json_t *reason, struct st_buf *out)
{
	const json_t *term = json_object_get(reason, "shutdown");
	const json_t *code = json_object_get(reason, "code");
	const char *signal = json_string_value(json_object_get(reason, "signal"));
	const char *error = json_string_value(json_object_get(reason, "error"));

	if (json_is_string(reason)) {
		st_buf_add_text(out, json_string_value(reason));
	} else if (json_is_integer(term)) {
		st_buf_add_text(out, "shutdown ");
		st_buf_add_i64(out, json_integer_value(term));
	} else if (json_is_string(term)) {
		st_buf_add_text(out, json_string_value(term));
	} else if (json_is_integer(code)) {
		st_buf_add_text(out, "exit ");
		st_buf_add_i64(out, json_integer_value(code));
	} else if (signal) {
		st_buf_add_text(out, "SIG");
		st_buf_add_text(out, signal);
	} else if (error) {
		st_buf_add_text(out, error);
	} else {
		st_words_json(reason, out);
	}
}

static const struct {
	const char *unit;
	uint64_t seconds;
} units[] = { { "d", 86400 }, { "h", 3600 }, { "m", 60 }, { "s", 1 } };

static void add_amount(uint64_t amount, const char *unit, struct st_buf *out)
{
	st_buf_add_u64(out, amount);
	st_buf_add_text(out, unit);
}

void st_words_duration(uint64_t ms, struct st_buf *out)
{
	uint64_t seconds = ms / 1000;
	size_t i = 0;

	if (!seconds) {
		add_amount(ms, "ms", out);
		return;
	}
	while (seconds < units[i].seconds)
		i++;
	add_amount(seconds / units[i].seconds, units[i].unit, out);
	seconds %= units[i].seconds;
	if (i + 1 < ST_ARRAY_SIZE(units) && seconds / units[i + 1].seconds) {
		st_buf_add_char(out, ' ');
		add_amount(seconds / units[i + 1].seconds, units[i + 1].unit, out);
	}
}

/* Convert a UTC time in RFC 3339 to local time. Return: the text after the seconds, or NULL. */
static const char *read_wall(const char *wall, struct tm *ret_here)
{
	struct tm utc = { 0 };
	const char *fraction = strptime(wall, "%Y-%m-%dT%H:%M:%S", &utc);
	time_t seconds = timegm(&utc);

	return fraction && localtime_r(&seconds, ret_here) ? fraction : NULL;
}

void st_words_timestamp(const char *wall, struct st_buf *out)
{
	struct tm here;
	const char *fraction = read_wall(wall, &here);
	char text[32], offset[16];

	if (!fraction) {
		st_buf_add_text(out, wall);
		return;
	}
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &here);
	strftime(offset, sizeof(offset), "%z", &here); /* +0130 */
	st_buf_add_text(out, text);
	st_buf_add(out, fraction, strcspn(fraction, "Z"));
	st_buf_add(out, offset, 3);
	st_buf_add_char(out, ':');
	st_buf_add_text(out, offset + 3);
}

void st_words_clock(const char *wall, struct st_buf *out)
{
	struct tm here;
	const char *fraction = read_wall(wall, &here);
	char text[16];

	if (!fraction) {
		st_buf_add_text(out, wall);
		return;
	}
	strftime(text, sizeof(text), "%H:%M:%S", &here);
	st_buf_add_text(out, text);
	if (*fraction == '.' && strnlen(fraction, 4) == 4)
		st_buf_add(out, fraction, 4);
}

const char *st_words_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

uint64_t st_words_number(const json_t *object, const char *key)
{
	json_int_t number = json_integer_value(json_object_get(object, key));

	return number > 0 ? (uint64_t)number : 0;
}
