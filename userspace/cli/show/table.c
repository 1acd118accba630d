// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tables; see table.h. All cells are kept until the widths are known.
 */
#include "cli/show/table.h"

#include <stdbool.h>
#include <string.h>

#define GAP 2 /* columns between two cells */

void st_table_init(struct st_table *table, const struct st_style *style, const char *const *titles,
		   unsigned int nr_columns)
{
	memset(table, 0, sizeof(*table));
	table->style = style;
	table->titles = titles;
	table->nr_columns = nr_columns;
	for (unsigned int i = 0; i < nr_columns; i++)
		table->widths[i] = st_style_width(titles[i]);
}

static bool is_state(const struct st_table *table, unsigned int column)
{
	return !strcmp(table->titles[column], "STATE");
}

static void add_cell_text(const struct st_table *table, unsigned int column, const char *text,
			  struct st_buf *out)
{
	if (is_state(table, column))
		st_style_add_state(table->style, text, out);
	else
		st_style_add(table->style, ST_COLOR_NONE, text, out);
}

static size_t cell_width(const struct st_table *table, unsigned int column, const char *text)
{
	const struct st_style plain = { .has_utf8 = table->style->has_utf8,
					.is_terminal = table->style->is_terminal };
	struct st_table same = { .style = &plain, .titles = table->titles };
	struct st_buf shown = ST_BUF_INIT;
	size_t width;

	add_cell_text(&same, column, text, &shown);
	width = st_style_width(st_buf_text(&shown));
	st_buf_done(&shown);
	return width;
}

void st_table_add(struct st_table *table, const char *text)
{
	size_t width = cell_width(table, table->column, text);

	st_buf_add(&table->cells, text, strlen(text) + 1);
	if (width > table->widths[table->column])
		table->widths[table->column] = width;
	table->column = (table->column + 1) % table->nr_columns;
}

void st_table_add_u64(struct st_table *table, uint64_t value)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_u64(&text, value);
	st_table_add(table, st_buf_text(&text));
	st_buf_done(&text);
}

static void pad(struct st_buf *out, size_t width, size_t used)
{
	for (; used < width + GAP; used++)
		st_buf_add_char(out, ' ');
}

/* No spaces at the end of a line. */
static void end_line(struct st_buf *out)
{
	while (out->len && out->data[out->len - 1] == ' ')
		out->len--;
	st_buf_add_char(out, '\n');
}

void st_table_finish(struct st_table *table, struct st_buf *out)
{
	size_t at = 0;

	for (unsigned int i = 0; i < table->nr_columns; i++) {
		st_style_add(table->style, ST_COLOR_BOLD, table->titles[i], out);
		pad(out, table->widths[i], st_style_width(table->titles[i]));
	}
	end_line(out);
	while (at < table->cells.len) {
		for (unsigned int i = 0; i < table->nr_columns && at < table->cells.len; i++) {
			const char *text = table->cells.data + at;

			add_cell_text(table, i, text, out);
			pad(out, table->widths[i], cell_width(table, i, text));
			at += strlen(text) + 1;
		}
		end_line(out);
	}
	out->failed |= table->cells.failed;
	st_buf_done(&table->cells);
}
