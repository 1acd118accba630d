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

/**
 * st_style_add_foreign() - append text that is not trusted
 * @style: of the output; for a terminal, control characters are shown as ^X
 * @text: the text
 * @len: its bytes
 * @out: where to
 */
void st_style_add_foreign(const struct st_style *style, const char *text, size_t len,
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
