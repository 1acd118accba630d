// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides what is done about a request, in this order: may it come from where
 * it says (guard.h); who sent it; is there such a path; does it come too often;
 * and then its parameters. Each step answers, or the next one is taken.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/openapi.h"
#include "web/exchange.h"
#include "web/stream.h"

#define COOKIE "suptree"
#define STRANGERS_PER_SECOND 20
#define STRANGERS_BURST 100
#define WRITES_BURST 100

static void refuse(struct st_exchange *exchange, unsigned int status, enum st_error kind,
		   const char *why)
{
	st_answer_problem(exchange,
			  &(struct st_problem){ .status = status, .kind = kind, .detail = why });
}

static enum MHD_Result count_host(void *context, enum MHD_ValueKind kind, const char *name,
				  const char *value)
{
	(void)kind;
	(void)value;
	if (!strcasecmp(name, "Host"))
		++*(unsigned int *)context;
	return MHD_YES;
}

/* Return: false: it has its answer. */
static bool pass_guard(struct st_exchange *exchange)
{
	const char *length = st_exchange_header(exchange, "Content-Length");
	unsigned int nr_hosts = 0, status;
	struct st_guard_request request = {
		.method = exchange->method,
		.host = st_exchange_header(exchange, "Host"),
		.origin = st_exchange_header(exchange, "Origin"),
		.site = st_exchange_header(exchange, "Sec-Fetch-Site"),
		.content_type = st_exchange_header(exchange, "Content-Type"),
		.has_body = (length && strcmp(length, "0") != 0) ||
			    st_exchange_header(exchange, "Transfer-Encoding"),
	};
	const char *why;

	(void)MHD_get_connection_values(exchange->http, MHD_HEADER_KIND, count_host, &nr_hosts);
	request.has_host_twice = nr_hosts > 1;
	status = st_guard_check(&exchange->web->guard, &request, &why);
	if (status)
		refuse(exchange, status,
		       status == 403 ? ST_ERROR_REFUSED : ST_ERROR_INVALID_REQUEST, why);
	else if (length && strtoull(length, NULL, 10) > ST_WEB_MAX_BODY)
		refuse(exchange, 413, ST_ERROR_INVALID_REQUEST,
		       "the body has more than 65536 bytes");
	return exchange->state != ST_EXCHANGE_ANSWERED;
}

static void find_secret(struct st_exchange *exchange)
{
	static const char bearer[] = "Bearer ";
	const char *authorization = st_exchange_header(exchange, "Authorization");
	char secret[ST_SECRET_LEN + 1] = "";

	if (authorization) {
		if (!strncasecmp(authorization, bearer, strlen(bearer)) &&
		    strlen(authorization + strlen(bearer)) < sizeof(secret))
			strcpy(secret, authorization + strlen(bearer));
	} else {
		exchange->is_cookie = true;
		st_cookie_find(st_exchange_header(exchange, "Cookie"), COOKIE, secret,
			       sizeof(secret));
	}
	if (st_secret_is_valid(secret))
		strcpy(exchange->secret, secret);
}

/* Too many requests of clients that have not logged in? Return: true: it has its answer. */
static bool is_too_strange(struct st_exchange *exchange)
{
	unsigned int wait_s = st_rate_take(&exchange->web->strangers, st_web_clock_ns(),
					   STRANGERS_PER_SECOND, STRANGERS_BURST);

	if (!wait_s)
		return false;
	st_answer_problem(exchange,
			  &(struct st_problem){ .kind = ST_ERROR_LIMIT,
						.detail = "too many requests without a valid login",
						.retry_s = wait_s });
	return true;
}

/* Return: false: it has its answer. */
static bool has_secret(struct st_exchange *exchange)
{
	const char *shown = st_exchange_header(exchange, ST_GUARD_CSRF);
	char csrf[ST_CSRF_SIZE];

	if (!exchange->secret[0]) {
		if (!is_too_strange(exchange))
			refuse(exchange, 401, ST_ERROR_REFUSED,
			       "log in: use a link of suptree open, or the header Authorization: "
			       "Bearer with a token of suptree open --token");
		return false;
	}
	if (!exchange->is_cookie || !st_guard_is_write(exchange->method))
		return true;
	st_sessions_csrf(&exchange->web->sessions, exchange->secret, csrf);
	if (shown && strlen(shown) == strlen(csrf) && st_is_same_secret(shown, csrf, strlen(csrf)))
		return true;
	refuse(exchange, 403, ST_ERROR_REFUSED,
	       "a write with a cookie needs the header " ST_GUARD_CSRF
	       " with the text that GET /api/v1/session shows");
	return false;
}

/* Return: false: it has its answer. */
static bool is_rate_kept(struct st_exchange *exchange)
{
	struct st_web *web = exchange->web;
	struct st_session *session = st_sessions_find(&web->sessions, exchange->secret);
	unsigned int wait_s = 0;

	if (!session)
		return !is_too_strange(exchange);
	if (st_guard_is_write(exchange->method))
		wait_s = st_rate_take(&session->writes, st_web_clock_ns(),
				      web->options->writes_per_second, WRITES_BURST);
	if (wait_s)
		st_answer_problem(exchange,
				  &(struct st_problem){ .kind = ST_ERROR_LIMIT,
							.detail = "too many writes of this login",
							.retry_s = wait_s });
	return !wait_s;
}

/* Is it the path of a child, which may be meant by its pid? */
static const char *path_to_resolve(const struct st_exchange *exchange)
{
	const struct st_param *param =
		exchange->route.row ? st_operation_param(exchange->route.row, "path") : NULL;

	if (!param || !strstr(exchange->route.pattern, "{path}"))
		return NULL;
	return json_string_value(json_object_get(exchange->params, "path"));
}

static void resolve_pid(struct st_exchange *exchange)
{
	const struct st_copy *copy = &exchange->web->copy;
	const char *path = path_to_resolve(exchange), *found;

	if (!path || strspn(path, "0123456789") != strlen(path) || st_copy_find(copy, path))
		return;
	found = st_copy_find_pid(copy, strtoll(path, NULL, 10));
	if (found)
		(void)json_object_set_new(exchange->params, "path", json_string(found));
}

/* Has the client seen what it is about to change? Return: false: it has its answer. */
static bool is_unchanged(struct st_exchange *exchange)
{
	const char *wanted = st_exchange_header(exchange, "If-Match");
	const char *path = path_to_resolve(exchange);
	char tag[ST_COPY_TAG_SIZE];

	if (!wanted || !st_guard_is_write(exchange->method))
		return true;
	if (path && st_copy_find(&exchange->web->copy, path)) {
		st_copy_tag(&exchange->web->copy, path, tag);
		if (strstr(wanted, tag) || !strcmp(wanted, "*"))
			return true;
	}
	refuse(exchange, 412, ST_ERROR_CONFLICT,
	       "it has changed since the version that If-Match names, or it has no version");
	return false;
}

static void call(struct st_exchange *exchange)
{
	st_call_daemon(exchange, NULL);
}

static void go_on(struct st_exchange *exchange)
{
	if (st_shown_can(exchange) && !exchange->web->copy.root)
		call(exchange); /* the daemon says why */
	else if (st_shown_can(exchange))
		st_shown_answer(exchange);
	else {
		resolve_pid(exchange);
		if (is_unchanged(exchange))
			call(exchange);
	}
}

static void on_tree(struct st_copy_wait *wait)
{
	struct st_exchange *exchange = container_of(wait, struct st_exchange, wait);

	exchange->after_wait(exchange);
}

static bool needs_copy(const struct st_exchange *exchange)
{
	const char *path = path_to_resolve(exchange);

	return st_shown_can(exchange) || st_exchange_header(exchange, "If-Match") ||
	       (path && strspn(path, "0123456789") == strlen(path));
}

/* The role is known: the copy is for viewers, who are the least of those with a role. */
static void show(struct st_exchange *exchange)
{
	if (exchange->role < ST_ROLE_VIEWER) {
		refuse(exchange, 403, ST_ERROR_REFUSED, "the login has no role");
		return;
	}
	if (exchange->route.row == &st_operations[ST_OPERATION_SUBSCRIBE]) {
		st_stream_answer_events(exchange);
		return;
	}
	exchange->after_wait = go_on;
	exchange->wait.on_tree = on_tree;
	st_copy_wait(&exchange->web->copy, &exchange->wait);
}

/* Call a function when the role is known: at once, if the daemon was asked a moment ago. */
static void with_role(struct st_exchange *exchange, void (*act)(struct st_exchange *exchange))
{
	struct st_session *session = st_sessions_find(&exchange->web->sessions, exchange->secret);

	if (session && st_web_clock_ns() < session->checked_ns + ST_SESSION_FRESH_NS) {
		exchange->role = session->role;
		act(exchange);
		return;
	}
	st_call_daemon(exchange, act);
}

static void act_on_operation(struct st_exchange *exchange)
{
	if (exchange->route.row == &st_operations[ST_OPERATION_SUBSCRIBE] || needs_copy(exchange))
		with_role(exchange, show);
	else
		call(exchange);
}

static void refuse_path(struct st_exchange *exchange, int err, const char *allowed)
{
	if (err == -EPERM)
		st_answer_problem(
			exchange,
			&(struct st_problem){ .status = 405,
					      .kind = ST_ERROR_INVALID_REQUEST,
					      .detail = "this path has other methods: see Allow",
					      .allow = allowed });
	else
		refuse(exchange, 404, ST_ERROR_METHOD_NOT_FOUND,
		       "no such path: " ST_REST_BASE "/openapi.json lists them");
}

static void find_target(struct st_exchange *exchange)
{
	char allowed[ST_ROUTE_MAX_ALLOWED];
	int ret = st_resource_find(exchange->method, &exchange->uri, &exchange->resource, allowed);

	if (!ret && !exchange->resource)
		ret = st_web_route_find(exchange->method, &exchange->uri, &exchange->route,
					allowed);
	if (ret)
		refuse_path(exchange, ret, allowed);
}

void st_act_on_headers(struct st_exchange *exchange)
{
	const char *why = "this is no path";
	int ret;

	if (!pass_guard(exchange))
		return;
	ret = st_uri_parse(exchange->target, &exchange->uri, &why);
	if (ret == -EINVAL)
		refuse(exchange, 400, ST_ERROR_INVALID_REQUEST, why);
	else if (ret)
		st_answer_no_memory(exchange);
	else
		find_secret(exchange);
	if (ret)
		return;
	find_target(exchange);
	if (exchange->state == ST_EXCHANGE_ANSWERED ||
	    (exchange->resource && exchange->resource->is_public))
		return;
	if (has_secret(exchange))
		(void)is_rate_kept(exchange); /* or it has its answer */
}

void st_act_on_request(struct st_exchange *exchange)
{
	struct st_web_route_error error;
	int ret;

	if (exchange->resource && exchange->resource->is_public) {
		exchange->resource->act(exchange);
		return;
	}
	if (exchange->resource) {
		with_role(exchange, exchange->resource->act);
		return;
	}
	ret = st_web_route_params(&exchange->route, &exchange->uri, st_buf_text(&exchange->body),
				  exchange->body.len, &exchange->params, &error);
	if (ret == -EINVAL)
		st_answer_problem(exchange, &(struct st_problem){ .kind = error.error.kind,
								  .detail = error.error.message,
								  .pointer = error.pointer });
	else if (ret || exchange->body.failed)
		st_answer_no_memory(exchange);
	else
		act_on_operation(exchange);
}
