// SPDX-License-Identifier: GPL-2.0-only
/*
 * The YAML writer of yaml.h. Texts are plain where YAML reads them as the same
 * text, otherwise they are written as in JSON, which YAML takes too.
 */
#include "cli/show/yaml.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "cli/show/style.h"
#include "cli/show/words.h"

#define MAX_DEPTH 64

struct writer {
	const struct st_style *style;
	struct st_buf *out;
};

/* Words that YAML 1.1 or 1.2 does not read as text. */
static const char *const reserved[] = { "null", "true", "false", "yes", "no",	"on",
					"off",	"y",	"n",	 "~",	".inf", ".nan" };

static bool is_plain(const char *text, size_t len)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_./-+@%=";

	if (!len || strspn(text, letters) != len || strchr("0123456789.-+@%=", text[0]))
		return false;
	for (size_t i = 0; i < ST_ARRAY_SIZE(reserved); i++)
		if (!strcasecmp(text, reserved[i]))
			return false;
	return true;
}

static void add_text(struct writer *writer, enum st_color color, const char *text, size_t len)
{
	struct st_buf quoted = ST_BUF_INIT;

	if (!is_plain(text, len))
		st_buf_add_json_string(&quoted, text, len);
	st_style_add(writer->style, color, quoted.len ? st_buf_text(&quoted) : text, writer->out);
	st_buf_done(&quoted);
}

static void add_indent(struct writer *writer, unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++)
		st_buf_add_text(writer->out, "  ");
}

static bool is_nested(json_t *value)
{
	return json_object_size(value) || json_array_size(value);
}

/* A list of short plain values stays on one line. */
static bool is_flat_list(json_t *value)
{
	size_t index, width = 0;
	json_t *item;

	if (!json_is_array(value))
		return false;
	json_array_foreach(value, index, item) {
		if (json_is_object(item) || json_is_array(item))
			return false;
		width += json_string_length(item) + 2;
	}
	return width < 60;
}

static void add_scalar(struct writer *writer, json_t *value)
{
	size_t index;
	json_t *item;

	if (json_is_string(value)) {
		add_text(writer, ST_COLOR_NONE, json_string_value(value),
			 json_string_length(value));
	} else if (json_is_array(value)) {
		st_buf_add_char(writer->out, '[');
		json_array_foreach(value, index, item) {
			st_buf_add_text(writer->out, index ? ", " : "");
			add_scalar(writer, item);
		}
		st_buf_add_char(writer->out, ']');
	} else {
		st_words_json(value, writer->out);
	}
}

static void add_value(struct writer *writer, json_t *value, unsigned int depth);

static void add_member(struct writer *writer, const char *key, json_t *value, unsigned int depth)
{
	add_text(writer, ST_COLOR_CYAN, key, strlen(key));
	st_buf_add_char(writer->out, ':');
	if (is_nested(value) && !is_flat_list(value) && depth < MAX_DEPTH) {
		st_buf_add_char(writer->out, '\n');
		add_indent(writer, depth + 1);
		add_value(writer, value, depth + 1);
	} else {
		st_buf_add_char(writer->out, ' ');
		add_scalar(writer, value);
		st_buf_add_char(writer->out, '\n');
	}
}

/* A value whose first line is already indented. */
static void add_value(struct writer *writer, json_t *value, unsigned int depth)
{
	bool is_first = true;
	const char *key;
	size_t index;
	json_t *item;

	if (!is_nested(value) || is_flat_list(value)) {
		add_scalar(writer, value);
		st_buf_add_char(writer->out, '\n');
		return;
	}
	json_object_foreach(value, key, item) {
		if (!is_first)
			add_indent(writer, depth);
		is_first = false;
		add_member(writer, key, item, depth);
	}
	json_array_foreach(value, index, item) {
		if (index)
			add_indent(writer, depth);
		st_buf_add_text(writer->out, "- ");
		add_value(writer, item, depth + 1);
	}
}

void st_yaml_write(json_t *value, const struct st_style *style, struct st_buf *out)
{
	struct writer writer = { .style = style, .out = out };

	add_value(&writer, value, 0);
}
