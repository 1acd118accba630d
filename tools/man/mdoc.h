/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Write mdoc(7): text in which nothing is a macro by accident, and the few macros that
 * the pages use.
 */
#ifndef ST_MAN_MDOC_H
#define ST_MAN_MDOC_H

#include "base/buf.h"
#include "proto/params.h"

/**
 * st_mdoc_begin() - append the head of a page
 * @title: its name, as typed
 * @section: of the manual
 * @about: what it is, for whatis(1)
 * @out: where to
 */
void st_mdoc_begin(const char *title, unsigned int section, const char *about, struct st_buf *out);

/**
 * st_mdoc_text() - append prose: lines of text, a sentence on each
 * @text: whatever it says; references to rules, like [C7], are left out
 * @out: where to
 */
void st_mdoc_text(const char *text, struct st_buf *out);

/*
 * The same with a dot at the end, and with a capital letter at the beginning if the text
 * begins with a word of English. A value or a name is typed as it is: it keeps its letters.
 */
void st_mdoc_sentence(const char *text, struct st_buf *out);

/**
 * st_mdoc_word() - append a text as one argument of a macro
 * @text: the text
 * @out: where to; a space is put before it
 */
void st_mdoc_word(const char *text, struct st_buf *out);

/**
 * st_mdoc_literal() - append a display of lines as they are
 * @text: the lines
 * @out: where to
 */
void st_mdoc_literal(const char *text, struct st_buf *out);

/* "PATH", "--pid PID", "-- ARGS ...": macros without the dot in front. */
void st_mdoc_param(const struct st_param *param, struct st_buf *out);

#endif
