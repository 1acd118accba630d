// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is no operation: the assets, login and logout, the document of OpenAPI,
 * health and metrics.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/spec.h"
#include "core/types.h"
#include "proto/json.h"
#include "proto/openapi.h"
#include "proto/parse.h"
#include "web/assets.h"
#include "web/exchange.h"
#include "web/stream.h"

#define COOKIE "suptree"
#define COOKIE_LIFE_S 43200 /* of a session: the daemon decides */
#define OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

static void answer_document(struct st_exchange *exchange)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	st_openapi_write(&json);
	st_answer_text(exchange, &(struct st_answer){ .status = 200 }, &text);
}

static void write_session(const struct st_exchange *exchange, struct st_buf *text)
{
	char csrf[ST_CSRF_SIZE];
	struct st_json json;

	st_sessions_csrf(&exchange->web->sessions, exchange->secret, csrf);
	st_json_init(&json, text);
	st_json_begin_object(&json);
	st_json_key(&json, "result");
	st_json_begin_object(&json);
	st_json_text_field(&json, "role", st_role_text[exchange->role]);
	st_json_text_field(&json, "csrf", csrf);
	st_json_end_object(&json);
	st_json_end_object(&json);
}

static void answer_session(struct st_exchange *exchange)
{
	struct st_buf text = ST_BUF_INIT;

	write_session(exchange, &text);
	st_answer_text(exchange, &(struct st_answer){ .status = 200 }, &text);
}

/* The ticket was good: its place is now taken by the secret of a session. */
static void answer_new_session(struct st_exchange *exchange)
{
	struct st_buf text = ST_BUF_INIT;
	char cookie[256];

	(void)snprintf(cookie, sizeof(cookie),
		       COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%d",
		       exchange->secret, COOKIE_LIFE_S);
	write_session(exchange, &text);
	st_answer_text(exchange,
		       &(struct st_answer){ .status = 201,
					    .cookie = cookie,
					    .location = ST_REST_BASE "/session" },
		       &text);
}

static void begin_session(struct st_exchange *exchange)
{
	const char *ticket = NULL;
	json_t *body = NULL;

	if (st_rate_take(&exchange->web->strangers, st_web_clock_ns(), 20, 100)) {
		st_answer_failure(exchange, ST_ERROR_LIMIT,
				  "too many requests without a valid login");
		return;
	}
	if (!st_json_parse(st_buf_text(&exchange->body), exchange->body.len, JSON_REJECT_DUPLICATES,
			   &body, NULL) &&
	    json_object_size(body) == 1)
		ticket = json_string_value(json_object_get(body, "ticket"));
	if (ticket && st_secret_is_valid(ticket)) {
		strcpy(exchange->secret, ticket);
		st_call_daemon(exchange, answer_new_session);
	} else {
		st_answer_problem(
			exchange,
			&(struct st_problem){ .kind = ST_ERROR_INVALID_PARAMS,
					      .detail = "the body must be {\"ticket\": TEXT}, "
							"with the text after # of a link of "
							"suptree open",
					      .pointer = "/body/ticket" });
	}
	json_decref(body);
}

/* End the session at the daemon, as the operation logout would. */
static void end_session(struct st_exchange *exchange)
{
	exchange->route.row = &st_operations[ST_OPERATION_LOGOUT];
	exchange->route.pattern = "";
	exchange->params = json_pack("{s:s}", "secret", exchange->secret);
	st_sessions_forget(&exchange->web->sessions, exchange->secret);
	st_streams_end(exchange->web, exchange->secret);
	if (exchange->params)
		st_call_daemon(exchange, NULL);
	else
		st_answer_no_memory(exchange);
}

static void answer_word(struct st_exchange *exchange, unsigned int status, const char *word)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, word);
	st_answer_text(exchange,
		       &(struct st_answer){ .status = status,
					    .type = "text/plain; charset=utf-8",
					    .retry_s = status == 503 },
		       &text);
}

static void answer_health(struct st_exchange *exchange)
{
	answer_word(exchange, 200, "ok\n");
}

static void answer_readiness(struct st_exchange *exchange)
{
	bool is_ready = exchange->web->copy.is_ready;

	answer_word(exchange, is_ready ? 200 : 503, is_ready ? "ok\n" : "the daemon is gone\n");
}

static void write_metric(struct st_buf *out, const char *name, const char *type, const char *help,
			 uint64_t value)
{
	st_buf_add_text(out, "# TYPE suptree_");
	st_buf_add_text(out, name);
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, type);
	st_buf_add_text(out, "\n# HELP suptree_");
	st_buf_add_text(out, name);
	st_buf_add_char(out, ' ');
	st_buf_add_text(out, help);
	st_buf_add_text(out, "\nsuptree_");
	st_buf_add_text(out, name);
	if (!strcmp(type, "counter"))
		st_buf_add_text(out, "_total");
	st_buf_add_char(out, ' ');
	st_buf_add_u64(out, value);
	st_buf_add_char(out, '\n');
}

static void write_requests(const struct st_web_counts *counts, struct st_buf *out)
{
	st_buf_add_text(out,
			"# TYPE suptree_web_requests counter\n"
			"# HELP suptree_web_requests Requests by the class of their status.\n");
	for (size_t class = 1; class < ST_ARRAY_SIZE(counts->requests); class ++) {
		st_buf_add_text(out, "suptree_web_requests_total{class=\"");
		st_buf_add_u64(out, class);
		st_buf_add_text(out, "xx\"} ");
		st_buf_add_u64(out, counts->requests[class]);
		st_buf_add_char(out, '\n');
	}
}

static void write_children(const struct st_copy *copy, struct st_buf *out)
{
	const char *path;
	json_t *node;

	st_buf_add_text(out, "# TYPE suptree_children gauge\n"
			     "# HELP suptree_children Children by type and state.\n");
	for (int type = 0; type < ST_CHILD_TYPE__MAX; type++) {
		for (int state = 0; state < ST_CHILD_STATE__MAX; state++) {
			uint64_t nr = 0;

			json_object_foreach(copy->by_path, path, node) {
				const char *is = json_string_value(json_object_get(node, "type"));
				const char *at = json_string_value(json_object_get(node, "state"));

				nr += is && at && !strcmp(is, st_child_type_text[type]) &&
				      !strcmp(at, st_child_state_text[state]);
			}
			st_buf_add_text(out, "suptree_children{type=\"");
			st_buf_add_text(out, st_child_type_text[type]);
			st_buf_add_text(out, "\",state=\"");
			st_buf_add_text(out, st_child_state_text[state]);
			st_buf_add_text(out, "\"} ");
			st_buf_add_u64(out, nr);
			st_buf_add_char(out, '\n');
		}
	}
}

static uint64_t nr_restarts(const struct st_copy *copy)
{
	uint64_t nr = 0;
	const char *path;
	json_t *node;

	json_object_foreach(copy->by_path, path, node)
		nr += (uint64_t)json_integer_value(json_object_get(node, "restarts"));
	return nr;
}

static void write_metrics(struct st_exchange *exchange)
{
	const struct st_web *web = exchange->web;
	struct st_buf text = ST_BUF_INIT;

	write_metric(&text, "up", "gauge", "Whether the daemon answers.", web->copy.is_ready);
	write_metric(&text, "events", "counter", "Number of the newest event.", web->copy.seq);
	write_metric(&text, "restarts", "gauge", "Restarts of the children that are there.",
		     nr_restarts(&web->copy));
	write_children(&web->copy, &text);
	write_requests(&web->counts, &text);
	write_metric(&text, "web_passed", "counter", "Requests that the daemon was asked for.",
		     web->counts.passes);
	write_metric(&text, "web_copied", "counter", "Requests answered from the copy.",
		     web->counts.copied);
	write_metric(&text, "web_streams", "gauge", "Open streams of events.", web->nr_streams);
	st_buf_add_text(&text, "# EOF\n");
	st_answer_text(exchange, &(struct st_answer){ .status = 200, .type = OPENMETRICS }, &text);
}

static void on_tree(struct st_copy_wait *wait)
{
	write_metrics(container_of(wait, struct st_exchange, wait));
}

static void answer_metrics(struct st_exchange *exchange)
{
	exchange->wait.on_tree = on_tree;
	st_copy_wait(&exchange->web->copy, &exchange->wait);
}

static const struct st_resource resources[] = {
	{ "GET", "/healthz", true, answer_health },
	{ "GET", "/readyz", true, answer_readiness },
	{ "GET", "/metrics", false, answer_metrics },
	{ "GET", ST_REST_BASE "/openapi.json", false, answer_document },
	{ "GET", ST_REST_BASE "/arsenal/docs", false, answer_document },
	{ "POST", ST_REST_BASE "/session", true, begin_session },
	{ "GET", ST_REST_BASE "/session", false, answer_session },
	{ "DELETE", ST_REST_BASE "/session", false, end_session },
};

static const struct st_resource asset = { "GET", "", true, st_asset_answer };

static bool has_path(const struct st_resource *resource, const struct st_uri *uri)
{
	const char *at = resource->path + 1;

	for (size_t i = 0; i < uri->nr_segments; i++) {
		size_t len = strlen(uri->segments[i]);

		if (strncmp(at, uri->segments[i], len) != 0)
			return false;
		at += len;
		if (*at == '/' && i + 1 < uri->nr_segments)
			at++;
		else if (i + 1 < uri->nr_segments)
			return false;
	}
	return !*at;
}

int st_resource_find(const char *method, const struct st_uri *uri,
		     const struct st_resource **ret_resource,
		     char ret_allowed[ST_ROUTE_MAX_ALLOWED])
{
	size_t len = 0;

	*ret_resource = NULL;
	*ret_allowed = '\0';
	for (size_t i = 0; i < ST_ARRAY_SIZE(resources); i++) {
		const struct st_resource *resource = &resources[i];
		bool is_get = !strcmp(resource->method, "GET");

		if (!has_path(resource, uri))
			continue;
		if (!strcmp(method, resource->method) || (is_get && !strcmp(method, "HEAD"))) {
			*ret_resource = resource;
			return 0;
		}
		len += (size_t)snprintf(ret_allowed + len, ST_ROUTE_MAX_ALLOWED - len, "%s%s%s",
					len ? ", " : "", resource->method, is_get ? ", HEAD" : "");
	}
	if (!len && st_asset_find(uri)) {
		if (!strcmp(method, "GET") || !strcmp(method, "HEAD")) {
			*ret_resource = &asset;
			return 0;
		}
		len = (size_t)snprintf(ret_allowed, ST_ROUTE_MAX_ALLOWED, "GET, HEAD");
	}
	return len ? -EPERM : 0;
}
