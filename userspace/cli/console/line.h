/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A line of the console to words, quoted as for a shell.
 *
 * 'literal', "with \" and \\", back\ slash, # a comment. Nothing is expanded: there are
 * no variables, patterns, pipes or redirections. A line that ends inside quotes or after
 * a backslash continues on the next line. The console uses it to run and to complete
 * lines.
 */
#ifndef ST_CLI_CONSOLE_LINE_H
#define ST_CLI_CONSOLE_LINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

/* The state at the end of a text. */
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
 * st_line_quote() - append text, quoted so that it is read back unchanged
 * @text: a part of a word
 * @len: its length
 * @open: the quotes around it
 * @out: where to
 */
void st_line_quote(const char *text, size_t len, enum st_quote open, struct st_buf *out);

#endif
