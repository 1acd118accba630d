// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of the observer: processes of the system as a table.
 *
 *	PID    CLASS       STATE     CPU   MEMORY    UPTIME  NAME     PATH
 *	25817  gen_server  sleeping  0.4%  1.3 MiB   2min    counter  demo/counter_1
 */
#include <stdio.h>

#include "cli/show/show.h"
#include "cli/show/table.h"
#include "cli/show/words.h"
#include "cli/show/yaml.h"

/* A number of thousandths as a percentage. */
static void add_permille(struct st_table *table, const json_t *row)
{
	uint64_t permille = st_words_number(row, "cpu_permille");
	char text[32] = "-";

	if (json_object_get(row, "cpu_permille"))
		(void)snprintf(text, sizeof(text), "%llu.%llu%%", (unsigned long long)permille / 10,
			       (unsigned long long)permille % 10); /* fits */
	st_table_add(table, text);
}

static void add_memory(struct st_table *table, const json_t *row)
{
	uint64_t tenths = st_words_number(row, "rss_kb") * 10 / 1024;
	char text[32] = "-";

	if (json_object_get(row, "rss_kb"))
		(void)snprintf(text, sizeof(text), "%llu.%llu MiB", (unsigned long long)tenths / 10,
			       (unsigned long long)tenths % 10); /* fits */
	st_table_add(table, text);
}

static void add_uptime(struct st_table *table, const json_t *row)
{
	struct st_buf text = ST_BUF_INIT;

	if (json_object_get(row, "uptime_ms"))
		st_words_duration(st_words_number(row, "uptime_ms"), &text);
	st_table_add(table, text.len ? st_buf_text(&text) : "-");
	st_buf_done(&text);
}

/* A child's path; of one of its descendants: "below PATH". */
static void add_place(struct st_table *table, const json_t *row)
{
	const char *under = st_words_text(row, "under");
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, st_words_text(row, "path"));
	if (!text.len && *under) {
		st_buf_add_text(&text, "below ");
		st_buf_add_text(&text, under);
	}
	st_table_add(table, text.len ? st_buf_text(&text) : "-");
	st_buf_done(&text);
}

static void add_more(const json_t *result, size_t nr, struct st_buf *out)
{
	if (!json_object_get(result, "next"))
		return;
	st_buf_add_u64(out, nr);
	st_buf_add_text(out, " of ");
	st_buf_add_u64(out, st_words_number(result, "matched"));
	st_buf_add_text(out, " processes; go on with --after ");
	st_buf_add_u64(out, st_words_number(result, "next"));
	st_buf_add_char(out, '\n');
}

/* Whether --fields has left members out: then no table fits. */
static bool is_partial(const json_t *rows)
{
	const json_t *row;
	size_t index;

	json_array_foreach(rows, index, row)
		if (!json_object_get(row, "name") || !json_object_get(row, "class") ||
		    !json_object_get(row, "state"))
			return true;
	return false;
}

void st_show_processes(json_t *result, const struct st_style *style, struct st_buf *out)
{
	static const char *const titles[] = { "PID",	"CLASS",  "STATE", "CPU",
					      "MEMORY", "UPTIME", "NAME",  "PATH" };
	const json_t *rows = json_object_get(result, "rows"), *row;
	struct st_table table;
	size_t index;

	if (is_partial(rows)) {
		st_yaml_write(result, style, out);
		return;
	}
	st_table_init(&table, style, titles, ST_ARRAY_SIZE(titles));
	json_array_foreach(rows, index, row) {
		st_table_add_u64(&table, st_words_number(row, "pid"));
		st_table_add(&table, st_words_text(row, "class"));
		st_table_add(&table, st_words_text(row, "state"));
		add_permille(&table, row);
		add_memory(&table, row);
		add_uptime(&table, row);
		st_table_add(&table, st_words_text(row, "name"));
		add_place(&table, row);
	}
	st_table_finish(&table, out);
	add_more(result, json_array_size(rows), out);
}
