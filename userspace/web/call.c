// SPDX-License-Identifier: GPL-2.0-only
/*
 * Passes a request on to the daemon: a connection of its own, a login with the
 * client's secret, then the operation. The operation is only sent when the
 * daemon has accepted the login, for before that the connection has the rights
 * of the gateway.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>

#include "proto/json.h"
#include "proto/openapi.h"
#include "proto/parse.h"
#include "web/exchange.h"
#include "web/stream.h"

enum {
	ID_LOGIN = 1,
	ID_OPERATION,
};

static void end_pass(struct st_exchange *exchange)
{
	if (!exchange->pass)
		return;
	if (exchange->is_logged_in && st_guard_is_write(exchange->method))
		st_copy_expire(&exchange->web->copy); /* it may have changed something */
	if (exchange->hangup.fd >= 0)
		st_web_loop_remove(&exchange->web->loop, &exchange->hangup);
	exchange->hangup.fd = -1;
	st_pass_free(exchange->pass);
	exchange->pass = NULL;
	exchange->web->nr_passes--;
}

void st_call_cancel(struct st_exchange *exchange)
{
	end_pass(exchange);
}

/* Write the address of what was made. Return: false: it is not known. */
static bool write_location(const struct st_exchange *exchange, const json_t *result,
			   struct st_buf *out)
{
	const char *path = json_string_value(json_object_get(exchange->params, "path"));
	const json_t *spec = json_object_get(exchange->params, "spec");
	const char *id = json_string_value(json_object_get(spec, "id"));

	st_buf_add_text(out, ST_REST_BASE);
	if (exchange->route.row == &st_operations[ST_OPERATION_TRACE_START]) {
		st_buf_add_text(out, "/traces/");
		st_buf_add_i64(out, json_integer_value(json_object_get(result, "id")));
		st_buf_add_text(out, "/summary");
		return true;
	}
	if (exchange->route.row == &st_operations[ST_OPERATION_LOAD] || !path) {
		st_buf_add_text(out, "/supervision-trees");
		return true;
	}
	if (!id)
		id = json_string_value(json_object_get(exchange->params, "name"));
	st_buf_add_text(out, id ? "/processes/" : "/supervisors/");
	if (strcmp(path, "/") != 0 || !id)
		st_uri_write_segment(path, out);
	if (!id) {
		st_buf_add_text(out, "/children");
		return true;
	}
	if (strcmp(path, "/") != 0)
		st_buf_add_text(out, "%2F");
	st_uri_write_segment(id, out);
	st_buf_add_text(out, "/info");
	return true;
}

static void answer_result(struct st_exchange *exchange, const char *result, size_t len)
{
	unsigned int status = exchange->route.row->rest.status;
	struct st_answer answer = { .status = status ? status : 200 };
	struct st_buf text = ST_BUF_INIT, location = ST_BUF_INIT;
	json_t *value = NULL;

	if (answer.status == 201 && !st_json_parse(result, len, JSON_DECODE_ANY, &value, NULL) &&
	    write_location(exchange, value, &location) && !location.failed)
		answer.location = st_buf_text(&location);
	st_buf_add_text(&text, "{\"result\":");
	st_buf_add(&text, result, len);
	st_buf_add_text(&text, "}");
	end_pass(exchange);
	st_answer_text(exchange, &answer, &text);
	json_decref(value);
	st_buf_done(&location);
}

/* The daemon's error as a problem; of a login, too. */
static void answer_error(struct st_exchange *exchange, const char *line, size_t len)
{
	const json_t *error, *data;
	json_t *parsed = NULL;
	const char *kind, *message, *param;
	char pointer[160] = "";
	int found;

	if (st_json_parse(line, len, JSON_REJECT_DUPLICATES, &parsed, NULL)) {
		end_pass(exchange);
		st_answer_failure(exchange, ST_ERROR_INTERNAL,
				  "the daemon sent something that is not JSON, or memory is short");
		return;
	}
	error = json_object_get(parsed, "error");
	data = json_object_get(error, "data");
	kind = json_string_value(json_object_get(data, "kind"));
	message = json_string_value(json_object_get(error, "message"));
	param = json_string_value(json_object_get(data, "param"));
	found = kind ? st_error_find(kind) : -ENOENT;
	end_pass(exchange);
	if (!exchange->is_logged_in && found == ST_ERROR_NOT_FOUND) {
		st_sessions_forget(&exchange->web->sessions, exchange->secret);
		st_answer_problem(exchange,
				  &(struct st_problem){ .status = 401,
							.kind = ST_ERROR_REFUSED,
							.detail = "the login has ended: get a new "
								  "one with suptree open" });
	} else {
		if (param && exchange->route.row)
			st_web_route_pointer(&exchange->route, param, pointer);
		st_answer_problem(exchange,
				  &(struct st_problem){ .kind = found < 0 ? ST_ERROR_INTERNAL :
									    (enum st_error)found,
							.detail = message ? message : "no reason",
							.pointer = pointer,
							.otp = json_object_get(data, "otp") });
	}
	json_decref(parsed);
}

static void call_operation(struct st_exchange *exchange)
{
	if (!st_pass_send(exchange->pass, ID_OPERATION, exchange->route.row->name,
			  exchange->params))
		return;
	end_pass(exchange);
	st_answer_no_memory(exchange);
}

static void logged_in(struct st_exchange *exchange, const char *result, size_t len)
{
	json_t *login;
	const char *word, *session;
	int role = ST_ROLE_NONE;

	if (st_json_parse(result, len, 0, &login, NULL)) {
		end_pass(exchange);
		st_answer_no_memory(exchange);
		return;
	}
	word = json_string_value(json_object_get(login, "role"));
	session = json_string_value(json_object_get(login, "session"));
	for (int i = 0; word && i < ST_ROLE__MAX; i++)
		if (!strcmp(st_role_text[i], word))
			role = i;
	if (session && st_secret_is_valid(session))
		strcpy(exchange->secret, session); /* in place of the ticket */
	json_decref(login);
	exchange->is_logged_in = true;
	exchange->role = (enum st_role)role;
	(void)st_sessions_accepted(&exchange->web->sessions, exchange->secret, exchange->role,
				   st_web_clock_ns());
	if (!exchange->after_login) {
		call_operation(exchange);
		return;
	}
	end_pass(exchange);
	exchange->after_login(exchange);
}

static void on_line(struct st_pass *pass, const char *line, size_t len)
{
	struct st_exchange *exchange = pass->owner;
	const char *result;
	size_t result_len;

	if (exchange->stream) {
		st_stream_feed(exchange, line, len);
		return;
	}
	result = st_pass_result(line, len, exchange->is_logged_in ? ID_OPERATION : ID_LOGIN,
				&result_len);
	if (!result)
		answer_error(exchange, line, len);
	else if (!exchange->is_logged_in)
		logged_in(exchange, result, result_len);
	else if (json_is_true(json_object_get(exchange->params, "follow")))
		st_stream_answer_lines(exchange, result, result_len);
	else
		answer_result(exchange, result, result_len);
}

static void on_end(struct st_pass *pass, int err)
{
	struct st_exchange *exchange = pass->owner;
	bool is_stop = exchange->route.row == &st_operations[ST_OPERATION_STOP];
	char why[160];

	end_pass(exchange);
	if (exchange->stream) {
		st_stream_end(exchange->stream);
		return;
	}
	(void)snprintf(why, sizeof(why), "the daemon has closed the connection%s%s",
		       is_stop ? ": it has stopped" : "", err == -EPIPE ? "" : ", or it failed");
	st_answer_problem(exchange, &(struct st_problem){ .status = 503,
							  .kind = ST_ERROR_SHUTTING_DOWN,
							  .detail = why });
}

static const struct st_pass_handler handler = { .on_line = on_line, .on_end = on_end };

static void on_hangup(struct st_source *source, uint32_t events)
{
	struct st_exchange *exchange = container_of(source, struct st_exchange, hangup);

	(void)events;
	end_pass(exchange);
	if (exchange->stream)
		st_stream_end(exchange->stream);
	else
		st_answer_failure(exchange, ST_ERROR_TIMEOUT, "the client has gone");
}

static int watch_client(struct st_exchange *exchange)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(exchange->http, MHD_CONNECTION_INFO_CONNECTION_FD);

	exchange->hangup.fd = info ? info->connect_fd : -1;
	exchange->hangup.on_ready = on_hangup;
	if (exchange->hangup.fd < 0)
		return -EBADF;
	return st_web_loop_add(&exchange->web->loop, &exchange->hangup, EPOLLRDHUP);
}

void st_call_daemon(struct st_exchange *exchange, void (*after_login)(struct st_exchange *exchange))
{
	struct st_web *web = exchange->web;
	int ret;

	if (web->nr_passes >= ST_WEB_MAX_PASSES) {
		st_answer_failure(
			exchange, ST_ERROR_LIMIT,
			"as many requests as the daemon takes of a gateway are under way");
		return;
	}
	exchange->after_login = after_login;
	exchange->is_logged_in = false;
	ret = st_pass_new(&web->loop, st_buf_text(&web->options->socket), &handler, exchange,
			  &exchange->pass);
	if (ret) {
		st_answer_problem(exchange, &(struct st_problem){
						    .status = 503,
						    .kind = ST_ERROR_SHUTTING_DOWN,
						    .detail = "the daemon does not answer at its "
							      "control socket" });
		return;
	}
	web->nr_passes++;
	web->counts.passes++;
	if (watch_client(exchange) || st_pass_login(exchange->pass, exchange->secret)) {
		end_pass(exchange);
		st_answer_no_memory(exchange);
	}
}
