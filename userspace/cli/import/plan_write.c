// SPDX-License-Identifier: GPL-2.0-only
/*
 * The YAML of a plan; see plan.h. Texts of foreign files are written so that YAML reads
 * the same text back; in comments they lose what a terminal would obey.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/character.h"
#include "cli/import/plan.h"

#define NOTE_WIDTH 96 /* columns of a comment, with its indentation */

/* Where a line begins: so deep, and behind a # if it is a comment. */
struct margin {
	unsigned int depth; /* two blanks each */
	bool is_out;
};

static void begin_line(const struct margin *margin, struct st_buf *out)
{
	for (unsigned int i = 0; i < margin->depth; i++)
		st_buf_add_text(out, "  ");
	if (margin->is_out)
		st_buf_add_text(out, "# ");
}

/* Words that YAML 1.1 or 1.2 reads as something else than text. */
static bool is_special(const char *text)
{
	static const char *const words[] = { "true", "false", "null", "yes", "no",  "on",
					     "off",  "y",     "n",    "nan", "inf", "infinity" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		if (!strcasecmp(words[i], text))
			return true;
	return false;
}

/* Whether YAML reads it as this text without quotes, also between [ and ]. */
static bool is_plain(const char *text)
{
	const char *first = text + strspn(text, "-");

	if (!isalpha((unsigned char)*first) && (*text != '/' && *text != '_'))
		return false;
	for (const char *c = text; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_-./=+@%", *c))
			return false;
	return !is_special(text);
}

static void write_text(const char *text, struct st_buf *out)
{
	if (is_plain(text))
		st_buf_add_text(out, text);
	else
		st_buf_add_json_string(out, text, strlen(text));
}

/* One word of a comment, without what a terminal would obey. */
static void write_clean(const char *text, size_t len, struct st_buf *out)
{
	while (len) {
		struct st_character character = st_character_read(text, len);

		if (character.kind == ST_CHARACTER_PLAIN)
			st_buf_add(out, text, character.len);
		else
			st_buf_add_text(out, "\xef\xbf\xbd");
		text += character.len;
		len -= character.len;
	}
}

/* A text in lines behind "# ", broken between words. */
static void write_comment(const char *text, const struct margin *margin, struct st_buf *out)
{
	const struct margin plain = { .depth = margin->depth };
	size_t column = 0;

	while (*text) {
		size_t len;

		text += strspn(text, " \t\r\n");
		len = strcspn(text, " \t\r\n");
		if (column && column + 1 + len > NOTE_WIDTH) {
			st_buf_add_char(out, '\n');
			column = 0;
		}
		if (!column) {
			begin_line(&plain, out);
			st_buf_add_char(out, '#');
			column = margin->depth * 2 + 1;
		}
		st_buf_add_char(out, ' ');
		write_clean(text, len, out);
		column += 1 + len;
		text += len;
	}
	if (column)
		st_buf_add_char(out, '\n');
}

static void write_notes(const struct st_plan_node *node, const struct margin *margin,
			struct st_buf *out)
{
	for (const struct st_plan_note *note = node->notes; note; note = note->next) {
		struct st_buf text = ST_BUF_INIT;

		if (note->line && note->source) {
			st_buf_add_text(&text, note->source);
			st_buf_add_char(&text, ':');
			st_buf_add_u64(&text, note->line);
			st_buf_add_text(&text, ": ");
		}
		st_buf_add_text(&text, note->text);
		out->failed |= text.failed;
		write_comment(st_buf_text(&text), margin, out);
		st_buf_done(&text);
	}
}

static void write_words(const struct st_plan_node *node, struct st_buf *out)
{
	st_buf_add_char(out, '[');
	for (const struct st_plan_node *word = node->first; word; word = word->next) {
		if (word != node->first)
			st_buf_add_text(out, ", ");
		if (word->type == ST_PLAN_TEXT)
			write_text(word->text, out);
		else
			st_buf_add_text(out, word->text);
	}
	st_buf_add_text(out, "]\n");
}

/* The next node in the order of writing below @top; NULL: there is no more. */
static const struct st_plan_node *next_of(const struct st_plan_node *node,
					  const struct st_plan_node *top, struct margin *margin)
{
	bool has_inside = node->type == ST_PLAN_MAP || node->type == ST_PLAN_LIST;

	if (has_inside && node->first) {
		margin->depth += node != top;
		return node->first;
	}
	while (node != top && !node->next) {
		node = node->parent;
		margin->depth -= node != top;
	}
	return node == top ? NULL : node->next;
}

static bool is_out(const struct st_plan_node *node)
{
	for (; node; node = node->parent)
		if (node->is_out)
			return true;
	return false;
}

/* Whether it has something to write that is no comment. */
static bool is_empty(const struct st_plan_node *node)
{
	for (const struct st_plan_node *inside = node->first; inside; inside = inside->next)
		if (!inside->is_out)
			return false;
	return true;
}

/* The first line of a map in a list begins with "- ". */
static bool is_first_of_element(const struct st_plan_node *node)
{
	const struct st_plan_node *parent = node->parent;

	return parent->type == ST_PLAN_MAP && parent->parent &&
	       parent->parent->type == ST_PLAN_LIST && parent->first == node;
}

static void write_key(const struct st_plan_node *node, const struct margin *margin,
		      struct st_buf *out)
{
	struct margin at = *margin;

	if (is_first_of_element(node)) {
		at.depth--;
		begin_line(&at, out);
		st_buf_add_text(out, "- ");
	} else {
		begin_line(&at, out);
	}
	write_text(node->key, out);
	st_buf_add_char(out, ':');
}

static void write_value(const struct st_plan_node *node, struct st_buf *out)
{
	switch (node->type) {
	case ST_PLAN_MAP:
		st_buf_add_text(out, is_empty(node) ? " {}\n" : "\n");
		break;
	case ST_PLAN_LIST:
		st_buf_add_text(out, is_empty(node) ? " []\n" : "\n");
		break;
	case ST_PLAN_WORDS:
		st_buf_add_char(out, ' ');
		write_words(node, out);
		break;
	case ST_PLAN_TEXT:
		st_buf_add_char(out, ' ');
		write_text(node->text, out);
		st_buf_add_char(out, '\n');
		break;
	case ST_PLAN_VALUE:
		st_buf_add_char(out, ' ');
		st_buf_add_text(out, node->text);
		st_buf_add_char(out, '\n');
		break;
	}
}

/* An element of a list is a map, whose keys are written one deeper. */
static void write_node(const struct st_plan_node *node, struct margin *margin, struct st_buf *out)
{
	margin->is_out = is_out(node);
	write_notes(node, margin, out);
	if (!node->key)
		return;
	write_key(node, margin, out);
	write_value(node, out);
}

void st_plan_write(const struct st_plan *plan, struct st_buf *out)
{
	struct margin margin = { .depth = 0 };
	const struct st_plan_node *node = plan->root;

	if (!node)
		return;
	write_notes(node, &margin, out);
	for (node = next_of(node, plan->root, &margin); node;
	     node = next_of(node, plan->root, &margin))
		write_node(node, &margin, out);
}
