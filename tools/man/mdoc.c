// SPDX-License-Identifier: GPL-2.0-only
/*
 * mdoc; see mdoc.h.
 */
#include "mdoc.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "cli/command/verbs.h"
#include "proto/version.h"

#define DATE "November 30, 2026" /* when the words of the pages last changed */

static void add_char(char c, struct st_buf *out)
{
	if (c == '\\')
		st_buf_add_text(out, "\\e");
	else
		st_buf_add_char(out, c);
}

/* A "." or "'" at the beginning of a line would make the line a macro. */
static void begin_line(const char *line, struct st_buf *out)
{
	if (*line == '.' || *line == '\'')
		st_buf_add_text(out, "\\&");
}

void st_mdoc_begin(const char *title, unsigned int section, const char *about, struct st_buf *out)
{
	st_buf_add_text(out,
			".\\\" SPDX-License-Identifier: GPL-2.0-only\n"
			".\\\" Made by tools/man of the tables that the programs are made of.\n"
			".Dd " DATE "\n.Dt ");
	for (const char *c = title; *c; c++)
		st_buf_add_char(out, (char)toupper(*c));
	st_buf_add_char(out, ' ');
	st_buf_add_u64(out, section);
	st_buf_add_text(out, "\n.Os suptree " ST_VERSION "\n.Sh NAME\n.Nm ");
	st_buf_add_text(out, title);
	st_buf_add_text(out, "\n.Nd ");
	st_mdoc_text(about, out);
}

/* The length of a rule such as " [C7]", which only readers of the source need. */
static size_t rule_len(const char *text)
{
	size_t len;

	if (text[0] != '[' || !isupper((unsigned char)text[1]))
		return 0;
	len = strspn(text + 2, "0123456789");
	if (!len || text[len + 2] != ']')
		return 0;
	return len + 3;
}

void st_mdoc_text(const char *text, struct st_buf *out)
{
	begin_line(text, out);
	while (*text) {
		size_t skip = *text == ' ' ? rule_len(text + 1) : 0;

		if (skip) {
			text += skip + 1;
			continue;
		}
		if (!strncmp(text, ". ", 2)) {
			st_buf_add_text(out, ".\n");
			text += 2;
			begin_line(text, out);
			continue;
		}
		add_char(*text++, out);
	}
	st_buf_add_char(out, '\n');
}

/* Whether a text begins with a word of English, and not with one that is typed as it is. */
static bool begins_with_word(const char *text)
{
	while (islower((unsigned char)*text) || *text == '\'' || *text == '-')
		text++;
	return !*text || strchr(" ,;", *text);
}

void st_mdoc_sentence(const char *text, struct st_buf *out)
{
	struct st_buf sentence = ST_BUF_INIT;
	bool is_word = begins_with_word(text);
	size_t len = strlen(text);

	st_buf_add_char(&sentence, is_word ? (char)toupper((unsigned char)*text) : *text);
	st_buf_add_text(&sentence, *text ? text + 1 : "");
	if (!len || text[len - 1] != '.')
		st_buf_add_char(&sentence, '.');
	out->failed |= sentence.failed;
	st_mdoc_text(st_buf_text(&sentence), out);
	st_buf_done(&sentence);
}

void st_mdoc_word(const char *text, struct st_buf *out)
{
	st_buf_add_text(out, " \"");
	for (; *text; text++) {
		if (*text == '"')
			st_buf_add_char(out, '"');
		add_char(*text, out);
	}
	st_buf_add_char(out, '"');
}

void st_mdoc_literal(const char *text, struct st_buf *out)
{
	st_buf_add_text(out, ".Bd -literal -offset indent\n");
	while (*text) {
		size_t len = strcspn(text, "\n");

		begin_line(text, out);
		for (size_t i = 0; i < len; i++)
			add_char(text[i], out);
		st_buf_add_char(out, '\n');
		text += len + (text[len] == '\n');
	}
	st_buf_add_text(out, ".Ed\n");
}

void st_mdoc_param(const struct st_param *param, struct st_buf *out)
{
	const char *metavar = st_param_metavar(param);
	char option[ST_OPTION_SIZE];

	if (param->place == ST_PLACE_REST)
		st_buf_add_text(out, " Fl -");
	if (param->place == ST_PLACE_OPTION) {
		st_param_option(param, option);
		st_buf_add_text(out, " Fl -");
		st_buf_add_text(out, option);
	}
	if (!*metavar)
		return;
	st_buf_add_text(out, " Ar ");
	st_buf_add_text(out, metavar);
	if (param->place == ST_PLACE_REST || param->place == ST_PLACE_WORDS)
		st_buf_add_text(out, " ...");
}
