// SPDX-License-Identifier: GPL-2.0-only
/*
 * Foreign text in messages: the source line around a mistake, quoted words.
 *
 * The shown text may be from a foreign file and go to a terminal, so escape sequences
 * are removed. Positions are counted in characters, as by libyaml.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/character.h"
#include "config/diag_internal.h"
#include "config/internal.h"

#define MAX_COLUMNS 100u /* of a source line */
#define CUT "..."
#define CUT_LEN 3

static bool is_clean(const struct st_character *character)
{
	return character->kind == ST_CHARACTER_PLAIN || character->code == '\t';
}

void st_diag_add_clean(struct st_buf *out, const char *text, size_t len)
{
	while (len) {
		struct st_character character = st_character_read(text, len);

		if (is_clean(&character))
			st_buf_add(out, text, character.len);
		else
			st_buf_add_text(out, "\xef\xbf\xbd");
		text += character.len;
		len -= character.len;
	}
}

/* Skip at most @nr characters; ->column counts them. */
struct walk {
	const char *text;
	size_t len;
	uint32_t column; /* characters passed */
};

static void walk_on(struct walk *walk, uint32_t nr)
{
	for (; walk->len && nr; nr--) {
		struct st_character character = st_character_read(walk->text, walk->len);

		walk->text += character.len;
		walk->len -= character.len;
		walk->column++;
	}
}

/* The number of characters of a line to leave out before the mistake. */
static uint32_t columns_to_cut(struct walk line, uint32_t before)
{
	uint32_t cut = before > MAX_COLUMNS / 2 ? before - MAX_COLUMNS / 2 : 0;

	walk_on(&line, before + MAX_COLUMNS / 2);
	if (line.len) /* the line goes on after the mistake, which is then in the middle */
		return cut;
	return line.column > MAX_COLUMNS ? line.column - MAX_COLUMNS : 0;
}

int st_diag_source(struct st_diag_place *place, const struct st_doc_file *file,
		   const struct st_doc_place *at)
{
	uint32_t before = at->column ? at->column - 1 : 0;
	struct st_buf source = ST_BUF_INIT;
	struct walk start = { 0 }, end;
	uint32_t shown;
	int err;

	start.text = st_doc_file_line(file, at->line, &start.len);
	if (!start.text)
		return 0;
	walk_on(&start, columns_to_cut(start, before));
	end = start;
	walk_on(&end, MAX_COLUMNS);
	shown = end.column - start.column;

	if (start.column)
		st_buf_add_text(&source, CUT);
	st_diag_add_clean(&source, start.text, (size_t)(end.text - start.text));
	if (end.len)
		st_buf_add_text(&source, CUT);
	place->indent = (before > end.column ? end.column : before) - start.column;
	place->width = at->width ? at->width : shown - place->indent;
	if (place->width > shown - place->indent)
		place->width = shown - place->indent;
	if (!place->width)
		place->width = 1;
	if (start.column)
		place->indent += CUT_LEN;
	err = st_buf_error(&source);
	if (err)
		st_buf_done(&source);
	else if (source.data)
		place->source = source.data; /* the buffer's memory is st_alloc's */
	return err;
}

const char *st_quote(struct st_quoted *quoted, const char *text)
{
	size_t left = sizeof(quoted->text) - sizeof("\"" CUT "\""), at = 0, len = strlen(text);

	quoted->text[at++] = '"';
	while (len) {
		struct st_character character = st_character_read(text, len);
		const char *from = character.kind == ST_CHARACTER_PLAIN ? text : "?";
		size_t size = *from == '?' ? 1 : character.len;

		if (size > left) {
			memcpy(quoted->text + at, CUT, CUT_LEN);
			at += CUT_LEN;
			break;
		}
		memcpy(quoted->text + at, from, size);
		at += size;
		left -= size;
		text += character.len;
		len -= character.len;
	}
	quoted->text[at++] = '"';
	quoted->text[at] = '\0';
	return quoted->text;
}
