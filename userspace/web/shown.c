// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers `tree` and `ps` from the copy, with the parameters of the operation,
 * and of `ps` also filter and sort, pages, and a Link to the next page. What
 * the copy cannot answer, such as parts of a tree, is passed on.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/openapi.h"
#include "web/dump.h"
#include "web/exchange.h"
#include "web/rows.h"

static const struct st_operation_row *const tree = &st_operations[ST_OPERATION_TREE];
static const struct st_operation_row *const ps = &st_operations[ST_OPERATION_PS];

static const char *text_of(const struct st_exchange *exchange, const char *name)
{
	return json_string_value(json_object_get(exchange->params, name));
}

static const char *path_of(const struct st_exchange *exchange)
{
	const char *path = text_of(exchange, "path");

	return path ? path : "/";
}

bool st_shown_can(const struct st_exchange *exchange)
{
	const json_t *params = exchange->params;

	if (exchange->route.row == ps)
		return true;
	return exchange->route.row == tree && !json_object_get(params, "limit") &&
	       !json_object_get(params, "after") && !json_object_get(params, "depth") &&
	       !json_object_get(params, "state") && !json_object_get(params, "fields");
}

static void answer(struct st_exchange *exchange, struct st_buf *text, const char *link)
{
	char tag[ST_COPY_TAG_SIZE];

	st_copy_tag(&exchange->web->copy, path_of(exchange), tag);
	exchange->web->counts.copied++;
	st_answer_text(exchange, &(struct st_answer){ .status = 200, .tag = tag, .link = link },
		       text);
}

static void answer_tree(struct st_exchange *exchange, const json_t *node)
{
	const struct st_copy *copy = &exchange->web->copy;
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, "{\"result\":{\"seq\":");
	st_buf_add_u64(&text, copy->tree_seq);
	st_buf_add_text(&text, ",\"root\":");
	st_dump(node, &text);
	st_buf_add_text(&text, ",\"seq_end\":");
	st_buf_add_u64(&text, copy->tree_seq_end);
	st_buf_add_text(&text, "}}");
	answer(exchange, &text, NULL);
}

/* The address of the next page: this one with another "after". */
static void write_next(const struct st_exchange *exchange, const char *after, struct st_buf *out)
{
	const struct st_uri *uri = &exchange->uri;

	st_buf_add_char(out, '<');
	for (size_t i = 0; i < uri->nr_segments; i++) {
		st_buf_add_char(out, '/');
		st_uri_write_segment(uri->segments[i], out);
	}
	st_buf_add_text(out, "?after=");
	st_uri_write_segment(after, out);
	for (size_t i = 0; i < uri->nr_query; i++) {
		if (!strcmp(uri->query[i].name, "after"))
			continue;
		st_buf_add_char(out, '&');
		st_uri_write_segment(uri->query[i].name, out);
		st_buf_add_char(out, '=');
		st_uri_write_segment(uri->query[i].value, out);
	}
	st_buf_add_text(out, ">; rel=\"next\"");
}

static void answer_rows(struct st_exchange *exchange, const json_t *node)
{
	const json_t *limit = json_object_get(exchange->params, "limit");
	const json_t *depth = json_object_get(exchange->params, "depth");
	const struct st_rows_query query = {
		.after = text_of(exchange, "after"),
		.state = text_of(exchange, "state"),
		.fields = text_of(exchange, "fields"),
		.filter = st_uri_query_get(&exchange->uri, "filter"),
		.sort = st_uri_query_get(&exchange->uri, "sort"),
		.limit = limit ? (size_t)json_integer_value(limit) : SIZE_MAX,
		.depth = depth ? (size_t)json_integer_value(depth) : SIZE_MAX,
		.only_supervisors = exchange->route.only_supervisors,
	};
	struct st_buf text = ST_BUF_INIT, link = ST_BUF_INIT;
	struct st_rows_fault fault = { 0 };
	const char *next = NULL;
	int ret;

	st_buf_add_text(&text, "{\"result\":");
	ret = st_rows_write(node, &query, &text, &next, &fault);
	st_buf_add_text(&text, "}");
	if (next)
		write_next(exchange, next, &link);
	if (ret == -EINVAL)
		st_answer_problem(exchange, &(struct st_problem){ .kind = ST_ERROR_INVALID_PARAMS,
								  .detail = fault.why,
								  .pointer = fault.pointer });
	else if (ret == -ENOENT)
		st_answer_problem(exchange,
				  &(struct st_problem){
					  .kind = ST_ERROR_NOT_FOUND,
					  .detail = "ps: after: no such child; it may have been "
						    "removed meanwhile, so begin again without "
						    "after",
					  .pointer = "/query/after" });
	else if (ret || link.failed)
		st_answer_no_memory(exchange);
	else
		answer(exchange, &text, next ? st_buf_text(&link) : NULL);
	st_buf_done(&text);
	st_buf_done(&link);
}

/* Does the client have this version? */
static bool is_known(struct st_exchange *exchange)
{
	const char *known = st_exchange_header(exchange, "If-None-Match");
	char tag[ST_COPY_TAG_SIZE];
	struct st_buf empty = ST_BUF_INIT;

	st_copy_tag(&exchange->web->copy, path_of(exchange), tag);
	if (!known || !strstr(known, tag))
		return false;
	exchange->web->counts.copied++;
	st_answer_text(exchange, &(struct st_answer){ .status = 304, .tag = tag }, &empty);
	return true;
}

void st_shown_answer(struct st_exchange *exchange)
{
	const json_t *node = st_copy_find(&exchange->web->copy, path_of(exchange));

	if (!node)
		st_answer_problem(exchange, &(struct st_problem){ .kind = ST_ERROR_NOT_FOUND,
								  .detail = "no such child",
								  .pointer = "/query/path" });
	else if (is_known(exchange))
		return;
	else if (exchange->route.row == tree)
		answer_tree(exchange, node);
	else
		answer_rows(exchange, node);
}
