// SPDX-License-Identifier: GPL-2.0-only
/*
 * Colours and glyphs; see style.h.
 */
#include "cli/show/style.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

void st_style_add_foreign(const struct st_style *style, const char *text, size_t len,
			  struct st_buf *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		/* U+0080..U+009F, control characters too, begin with 0xc2 in UTF-8 */
		bool is_c1 = c == 0xc2 && i + 1 < len && (unsigned char)text[i + 1] < 0xa0;
		bool is_control = (c < 0x20 && c != '\t') || c == 0x7f;

		if (style->is_terminal && is_control) {
			st_buf_add_char(out, '^');
			st_buf_add_char(out, (char)(c ^ 0x40));
		} else if (style->is_terminal && is_c1) {
			st_buf_add_char(out, '?');
			i++;
		} else {
			st_buf_add_char(out, (char)c);
		}
	}
}

void st_style_add(const struct st_style *style, enum st_color color, const char *text,
		  struct st_buf *out)
{
	bool has_color = style->has_color && color != ST_COLOR_NONE;

	if (has_color)
		st_buf_add_text(out, codes[color]);
	st_style_add_foreign(style, text, strlen(text), out);
	if (has_color)
		st_buf_add_text(out, "\033[0m");
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
