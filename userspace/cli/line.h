/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of the console to words, quoted as for a shell.
 *
 * 'as it is', "with \" and \\", back\ slash, # a comment. Nothing is expanded:
 * there are no variables, patterns, pipes or redirections. A line that ends
 * inside of quotes or behind a backslash goes on with the next one. Used by the
 * console for what is run and for what is completed.
 */
#ifndef ST_CLI_LINE_H
#define ST_CLI_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

/* What the end of a text is inside of. */
enum st_quote {
	ST_QUOTE_NONE,
	ST_QUOTE_SINGLE,
	ST_QUOTE_DOUBLE,
	ST_QUOTE_BACKSLASH,
};

struct st_line {
	struct st_buf text; /* what ->words point to */
	char **words; /* the last one is NULL */
	size_t nr_words;
	enum st_quote open; /* NONE: the line is complete */
	bool in_word; /* the last word goes up to the end of the line */
};

/**
 * st_line_split() - split a line into words
 * @text: the line, or several joined by newlines
 * @len: its bytes
 * @ret_line: the words; st_line_done()
 *
 * Return: 0 or -ENOMEM.
 */
int st_line_split(const char *text, size_t len, struct st_line *ret_line) __must_check;
void st_line_done(struct st_line *line);

/**
 * st_line_quote() - append text so that it is read back as it is
 * @text: what belongs to a word
 * @len: its bytes
 * @open: the quotes it is put into
 * @out: where to
 */
void st_line_quote(const char *text, size_t len, enum st_quote open, struct st_buf *out);

#endif
