/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Colours, glyphs and foreign text on a terminal.
 *
 * A state is always shown as a glyph and a word. Colour is optional and adds no
 * information.
 */
#ifndef ST_CLI_SHOW_STYLE_H
#define ST_CLI_SHOW_STYLE_H

#include "base/buf.h"
#include "cli/cli.h"

enum st_color {
	ST_COLOR_NONE,
	ST_COLOR_GREEN,
	ST_COLOR_YELLOW,
	ST_COLOR_RED,
	ST_COLOR_CYAN,
	ST_COLOR_MAGENTA,
	ST_COLOR_DIM,
	ST_COLOR_BOLD,
	ST_COLOR__MAX
};

/**
 * st_style_detect() - find out what an output can show
 * @color: of --color: "always", "never", "auto" or NULL
 * @fd: of the output
 *
 * auto: colour on a terminal that is not dumb, unless NO_COLOR is set;
 * CLICOLOR_FORCE forces it. UTF-8 as the locale says.
 */
struct st_style st_style_detect(const char *color, int fd);

/**
 * st_style_add() - append text in a colour
 * @style: of the output
 * @color: the colour
 * @text: made fit for a terminal
 * @out: where to
 */
void st_style_add(const struct st_style *style, enum st_color color, const char *text,
		  struct st_buf *out);

/* The same for bytes, of which some may be NUL. */
void st_style_add_bytes(const struct st_style *style, enum st_color color, const char *text,
			size_t len, struct st_buf *out);

/**
 * st_style_add_foreign() - append text that is not trusted
 * @style: of the output; for a terminal, control characters are shown as ^X, hidden ones
 *	as <U+202E> (base/character.h), and broken ones as ?. A tab stays
 * @text: the text
 * @len: its bytes
 * @out: where to
 */
void st_style_add_foreign(const struct st_style *style, const char *text, size_t len,
			  struct st_buf *out);

/* The same for a text of several lines: newlines stay. */
void st_style_add_lines(const struct st_style *style, const char *text, size_t len,
			struct st_buf *out);

/* To draw over what is there: go to the first line; clear the rest of a line; clear below. */
#define ST_STYLE_HOME "\033[H"
#define ST_STYLE_CLEAR_LINE "\033[K"
#define ST_STYLE_CLEAR_BELOW "\033[J"

/**
 * st_style_add_output() - append all that one call writes
 * @style: of the output
 * @text: made by the functions above, and by others
 * @len: its bytes
 * @out: as by st_style_add_lines(), but our own escape sequences stay
 *
 * The last gate before a terminal: a function that has forgotten that a text is not
 * trusted does no harm.
 */
void st_style_add_output(const struct st_style *style, const char *text, size_t len,
			 struct st_buf *out);

/**
 * st_style_add_state() - append glyph and word of a child's state
 * @style: of the output
 * @state: the daemon's word for it
 * @out: where to
 */
void st_style_add_state(const struct st_style *style, const char *state, struct st_buf *out);

/**
 * st_style_width() - columns that a text takes
 * @text: UTF-8
 *
 * Return: the number of characters.
 */
size_t st_style_width(const char *text);

#endif
