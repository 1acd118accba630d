/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of cells in aligned columns.
 */
#ifndef ST_CLI_SHOW_TABLE_H
#define ST_CLI_SHOW_TABLE_H

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/show/style.h"

#define ST_TABLE_MAX_COLUMNS 8

struct st_table {
	const struct st_style *style;
	const char *const *titles;
	unsigned int nr_columns;
	struct st_buf cells; /* NUL-terminated texts, one after the other */
	size_t widths[ST_TABLE_MAX_COLUMNS];
	unsigned int column; /* of the next cell */
};

/**
 * st_table_init() - begin a table
 * @table: the table
 * @style: of the output; borrowed
 * @titles: one for each column; borrowed
 * @nr_columns: at most ST_TABLE_MAX_COLUMNS
 */
void st_table_init(struct st_table *table, const struct st_style *style, const char *const *titles,
		   unsigned int nr_columns);

/**
 * st_table_add() - the next cell, from left to right and top to bottom
 * @table: the table
 * @text: its content
 */
void st_table_add(struct st_table *table, const char *text);
void st_table_add_u64(struct st_table *table, uint64_t value);

/**
 * st_table_finish() - append the table to an output and free it
 * @table: the table; a cell with the title STATE gets its glyph and colour
 * @out: where to
 */
void st_table_finish(struct st_table *table, struct st_buf *out);

#endif
