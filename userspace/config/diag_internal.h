/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How foreign text is made safe and short enough for a line; only for diag*.c.
 */
#ifndef ST_CONFIG_DIAG_INTERNAL_H
#define ST_CONFIG_DIAG_INTERNAL_H

#include "config/diag.h"

/**
 * st_diag_source() - keep the line that a mistake is in
 * @place: gets source, indent and width
 * @file: the file
 * @at: the place in it
 *
 * A long line is cut to the part around the column.
 *
 * Return: 0 or -ENOMEM.
 */
int st_diag_source(struct st_diag_place *place, const struct st_doc_file *file,
		   const struct st_doc_place *at) __must_check;

/**
 * st_diag_add_clean() - append text without control characters
 * @out: where to; a tab stays, what is not printable UTF-8 becomes U+FFFD
 * @text: bytes
 * @len: their number
 */
void st_diag_add_clean(struct st_buf *out, const char *text, size_t len);

#endif
