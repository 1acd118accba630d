// SPDX-License-Identifier: GPL-2.0-only
/*
 * Colours and glyphs; see style.h.
 */
#include "cli/show/style.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/character.h"

#define RESET "\033[0m"

static const char *const codes[ST_COLOR__MAX] = {
	[ST_COLOR_NONE] = "",	     [ST_COLOR_GREEN] = "\033[32m", [ST_COLOR_YELLOW] = "\033[33m",
	[ST_COLOR_RED] = "\033[31m", [ST_COLOR_CYAN] = "\033[36m",  [ST_COLOR_MAGENTA] = "\033[35m",
	[ST_COLOR_DIM] = "\033[2m",  [ST_COLOR_BOLD] = "\033[1m",
};

static const struct {
	const char *state;
	const char *glyph;
	const char *ascii;
	enum st_color color;
} states[] = {
	{ "running", "●", "*", ST_COLOR_GREEN },    { "starting", "◐", "+", ST_COLOR_CYAN },
	{ "stopping", "◑", "-", ST_COLOR_MAGENTA }, { "restarting", "↻", "~", ST_COLOR_YELLOW },
	{ "stopped", "○", "o", ST_COLOR_DIM },
};

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool wants_color(const char *color, bool is_terminal)
{
	const char *term = getenv("TERM");
	const char *force = getenv("CLICOLOR_FORCE");

	if (color && !strcmp(color, "always"))
		return true;
	if ((color && !strcmp(color, "never")) || is_set("NO_COLOR"))
		return false;
	if (force && *force && strcmp(force, "0"))
		return true;
	return is_terminal && !(term && !strcmp(term, "dumb"));
}

struct st_style st_style_detect(const char *color, int fd)
{
	bool is_terminal = isatty(fd);

	return (struct st_style){
		.has_color = wants_color(color, is_terminal),
		.has_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8"),
		.is_terminal = is_terminal,
	};
}

/* In a locale other than UTF-8 such a byte may be a control character to the terminal. */
static bool has_c1_byte(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] & 0xe0) == 0x80)
			return true;
	return false;
}

static void add_hidden(uint32_t code, struct st_buf *out)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "<U+%04X>", (unsigned int)code);
	st_buf_add_text(out, text);
}

/* Append a character so that no terminal takes it for a command. */
static void add_fit(const struct st_style *style, const struct st_character *character,
		    const char *text, struct st_buf *out)
{
	switch (character->kind) {
	case ST_CHARACTER_CONTROL:
		st_buf_add_char(out, '^');
		st_buf_add_char(out, (char)(character->code ^ 0x40));
		break;
	case ST_CHARACTER_HIDDEN:
		add_hidden(character->code, out);
		break;
	case ST_CHARACTER_BROKEN:
		st_buf_add_char(out, '?');
		break;
	case ST_CHARACTER_PLAIN:
		if (style->has_utf8 || !has_c1_byte(text, character->len))
			st_buf_add(out, text, character->len);
		else
			st_buf_add_char(out, '?');
		break;
	}
}

void st_style_add_foreign(const struct st_style *style, const char *text, size_t len,
			  struct st_buf *out)
{
	if (!style->is_terminal) {
		st_buf_add(out, text, len);
		return;
	}
	while (len) {
		struct st_character character = st_character_read(text, len);

		if (character.code == '\t')
			st_buf_add_char(out, '\t');
		else
			add_fit(style, &character, text, out);
		text += character.len;
		len -= character.len;
	}
}

void st_style_add_lines(const struct st_style *style, const char *text, size_t len,
			struct st_buf *out)
{
	while (len) {
		const char *newline = memchr(text, '\n', len);
		size_t line = newline ? (size_t)(newline - text) : len;

		st_style_add_foreign(style, text, line, out);
		if (newline)
			st_buf_add_char(out, '\n');
		text += line + !!newline;
		len -= line + !!newline;
	}
}

/* Return: the length of one of our own escape sequences; 0: it is none. */
static size_t own_len(const char *text, size_t len)
{
	static const char *const others[] = { RESET, ST_STYLE_HOME, ST_STYLE_CLEAR_LINE,
					      ST_STYLE_CLEAR_BELOW };

	for (size_t i = 0; i < ST_ARRAY_SIZE(codes); i++)
		if (*codes[i] && strlen(codes[i]) <= len &&
		    !strncmp(text, codes[i], strlen(codes[i])))
			return strlen(codes[i]);
	for (size_t i = 0; i < ST_ARRAY_SIZE(others); i++)
		if (strlen(others[i]) <= len && !strncmp(text, others[i], strlen(others[i])))
			return strlen(others[i]);
	return 0;
}

void st_style_add_output(const struct st_style *style, const char *text, size_t len,
			 struct st_buf *out)
{
	while (len) {
		const char *escape = memchr(text, '\033', len);
		size_t before = escape ? (size_t)(escape - text) : len, own;

		st_style_add_lines(style, text, before, out);
		text += before;
		len -= before;
		if (!len)
			return;
		own = own_len(text, len);
		if (own)
			st_buf_add(out, text, own);
		else
			st_style_add_foreign(style, text, 1, out);
		text += own ? own : 1;
		len -= own ? own : 1;
	}
}

void st_style_add_bytes(const struct st_style *style, enum st_color color, const char *text,
			size_t len, struct st_buf *out)
{
	bool has_color = style->has_color && color != ST_COLOR_NONE;

	if (has_color)
		st_buf_add_text(out, codes[color]);
	st_style_add_foreign(style, text, len, out);
	if (has_color)
		st_buf_add_text(out, RESET);
}

void st_style_add(const struct st_style *style, enum st_color color, const char *text,
		  struct st_buf *out)
{
	st_style_add_bytes(style, color, text, strlen(text), out);
}

void st_style_add_state(const struct st_style *style, const char *state, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;
	size_t i = 0;

	while (i < ST_ARRAY_SIZE(states) && strcmp(states[i].state, state))
		i++;
	if (i == ST_ARRAY_SIZE(states)) {
		st_style_add(style, ST_COLOR_NONE, state, out);
		return;
	}
	st_buf_add_text(&text, style->has_utf8 ? states[i].glyph : states[i].ascii);
	st_buf_add_char(&text, ' ');
	st_buf_add_text(&text, state);
	st_style_add(style, states[i].color, st_buf_text(&text), out);
	st_buf_done(&text);
}

size_t st_style_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}
