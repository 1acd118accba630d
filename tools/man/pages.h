/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of st-man share: the page of a verb, and the generated pieces of the
 * pages written by hand (*.in).
 */
#ifndef ST_MAN_PAGES_H
#define ST_MAN_PAGES_H

#include "base/buf.h"
#include "cli/command/verbs.h"

/**
 * st_man_verb() - append the page of a verb
 * @verb: the verb
 * @examples: its transcript
 * @out: where to
 */
void st_man_verb(const struct st_verb *verb, const char *examples, struct st_buf *out);

/* Pieces; each appends complete lines of mdoc. */
void st_man_verbs(struct st_buf *out);
void st_man_aliases(struct st_buf *out);
void st_man_options(const struct st_verb *verb, struct st_buf *out); /* NULL: before a verb */
void st_man_common_options(struct st_buf *out);
void st_man_exits(struct st_buf *out);
void st_man_console(struct st_buf *out);
void st_man_roles(struct st_buf *out);
void st_man_operations(struct st_buf *out);
void st_man_shapes(struct st_buf *out);
void st_man_notifications(struct st_buf *out);
void st_man_types(struct st_buf *out);
void st_man_errors(struct st_buf *out);
void st_man_keys(struct st_buf *out);

#endif
