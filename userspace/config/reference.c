// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reference of all keys as plain text, made of the table, for `suptree
 * check --keys`. The manual and `--json` read the table themselves.
 */
#include <string.h>

#include "config/config.h"
#include "config/keys.h"

#define WIDTH 79
#define INDENT 6

static void add_spaces(struct st_buf *out, size_t nr)
{
	while (nr--)
		st_buf_add_char(out, ' ');
}

/* @text after @label, broken between words, each line indented. */
static void write_wrapped(const char *label, const char *text, struct st_buf *out)
{
	size_t column = INDENT + strlen(label);

	add_spaces(out, INDENT);
	st_buf_add_text(out, label);
	while (*text) {
		size_t len = strcspn(text, " ");

		if (column + 1 + len > WIDTH) {
			st_buf_add_char(out, '\n');
			add_spaces(out, INDENT);
			column = INDENT;
		} else if (column > INDENT) {
			st_buf_add_char(out, ' ');
			column++;
		}
		st_buf_add(out, text, len);
		column += len;
		text += len + strspn(text + len, " ");
	}
	st_buf_add_char(out, '\n');
}

static void write_key(const struct st_key *key, struct st_buf *out)
{
	struct st_buf expected = ST_BUF_INIT;

	st_buf_add_text(out, "  ");
	st_buf_add_text(out, key->name);
	st_buf_add_char(out, '\n');
	write_wrapped("", key->help, out);
	st_key_write_expected(key, &expected);
	if (st_buf_error(&expected))
		out->failed = true;
	write_wrapped("takes:", st_buf_text(&expected), out);
	st_buf_done(&expected);
	write_wrapped("default:", key->fallback, out);
}

static void write_resources(struct st_buf *out)
{
	st_buf_add_text(out, "\n" ST_RESOURCE_TITLE "\n");
	for (size_t i = 0; i < st_nr_resources; i++) {
		st_buf_add_text(out, "  ");
		st_buf_add_text(out, st_resources[i].name);
		add_spaces(out, 12 - strlen(st_resources[i].name));
		st_buf_add_text(out, st_resource_unit_text[st_resources[i].unit]);
		st_buf_add_char(out, '\n');
	}
}

void st_config_reference(struct st_buf *out)
{
	for (size_t i = 0; i < st_nr_key_sections; i++) {
		if (i)
			st_buf_add_char(out, '\n');
		st_buf_add_text(out, st_key_sections[i].title);
		st_buf_add_char(out, '\n');
		for (size_t k = 0; k < st_nr_keys; k++)
			if (st_keys[k].scopes & st_key_sections[i].scope)
				write_key(&st_keys[k], out);
	}
	write_resources(out);
}
