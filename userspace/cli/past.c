// SPDX-License-Identifier: GPL-2.0-only
/*
 * History, page by page; see past.h.
 */
#include "cli/past.h"

#include "cli/call.h"
#include "cli/show/show.h"
#include "proto/ops.h"

#define DEFAULT_LIMIT 100

/* One page. @rows: of a JSON document, which takes them; otherwise they are written now. */
static enum st_exit_code show_page(const struct st_cli *cli, const json_t *page, json_t *all)
{
	json_t *rows = json_object_get(page, "rows");
	struct st_buf text = ST_BUF_INIT;

	switch (cli->format) {
	case ST_FORMAT_JSON:
		text.failed = json_array_extend(all, rows) != 0;
		break;
	case ST_FORMAT_JSONL:
		st_show_json(rows, ST_FORMAT_JSONL, &text);
		break;
	case ST_FORMAT_CSV:
		st_show_past_csv(rows, &text);
		break;
	case ST_FORMAT_TEXT:
	case ST_FORMAT_DOT:
	case ST_FORMAT_MERMAID:
		st_show_past(rows, &cli->style, &text);
		break;
	}
	return st_say(&text);
}

/* The rest of what is wanted, from where the last page ended. */
static bool set_page(json_t *params, int64_t nr_left, const json_t *page)
{
	const json_t *next = json_object_get(page, "next");
	int err = json_object_set_new(params, "limit", json_integer((json_int_t)nr_left));

	if (page)
		err |= json_object_set_new(params, "after", json_integer(json_integer_value(next)));
	return !err;
}

static enum st_exit_code show_pages(const struct st_cli *cli, struct st_conn *conn, json_t *params,
				    json_t *all, json_t **ret_page)
{
	const json_t *limit = json_object_get(params, "limit");
	int64_t nr_left = limit ? json_integer_value(limit) : DEFAULT_LIMIT;
	enum st_exit_code code = ST_EXIT_OK;

	do {
		json_t *page = NULL;

		if (!set_page(params, nr_left, *ret_page)) {
			st_say_wrong("history: out of memory");
			return ST_EXIT_FAILED;
		}
		code = st_call(cli, conn, ST_OPERATION_HISTORY, params, &page);
		if (code == ST_EXIT_OK)
			code = show_page(cli, page, all);
		nr_left -= (int64_t)json_array_size(json_object_get(page, "rows"));
		json_decref(*ret_page);
		*ret_page = page;
	} while (code == ST_EXIT_OK && nr_left > 0 &&
		 json_is_integer(json_object_get(*ret_page, "next")));
	return code;
}

static enum st_exit_code begin(const struct st_cli *cli)
{
	struct st_buf head = ST_BUF_INIT;

	if (cli->format == ST_FORMAT_CSV)
		st_show_past_csv_head(&head);
	return st_say(&head);
}

/* As one answer, whose rows are those of all pages. */
static enum st_exit_code end(const struct st_cli *cli, json_t *last_page, json_t *all)
{
	struct st_buf text = ST_BUF_INIT;

	if (cli->format != ST_FORMAT_JSON)
		return ST_EXIT_OK;
	text.failed = json_object_set(last_page, "rows", all) != 0;
	st_show_json(last_page, ST_FORMAT_JSON, &text);
	return st_say(&text);
}

enum st_exit_code st_past_show(const struct st_cli *cli, struct st_conn *conn, const json_t *params)
{
	json_t *own = json_copy((json_t *)(uintptr_t)params); /* only read */
	json_t *all = json_array(), *page = NULL;
	enum st_exit_code code = begin(cli);

	if (code == ST_EXIT_OK)
		code = show_pages(cli, conn, own, all, &page);
	if (code == ST_EXIT_OK)
		code = end(cli, page, all);
	json_decref(page);
	json_decref(all);
	json_decref(own);
	return code;
}
