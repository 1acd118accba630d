// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to processes; see message.h.
 */
#include "cli/message.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"
#include "proto/offer.h"
#include "proto/packet.h"

#define DEFAULT_TIMEOUT_MS 5000 /* gen_server:call/2 */
#define REF 1 /* of the only call on a connection */
#define UNKNOWN "unknown_call" /* libsuptree's answer to a call that no function takes */

struct target {
	const char *verb;
	const char *name;
	struct st_conn *conn;
	json_t *process; /* path, pid, generation */
	int fd;
};

static enum st_exit_code open_target(const struct st_cli *cli, struct target *target)
{
	json_t *asked = json_pack("{s:s}", "path", target->name);
	enum st_exit_code code = st_call_open(cli, &target->conn);

	if (code == ST_EXIT_OK)
		code = st_call(cli, target->conn, ST_OPERATION_CONNECT, asked, &target->process);
	json_decref(asked);
	if (code != ST_EXIT_OK)
		return code;
	target->fd = st_conn_take_fd(target->conn);
	if (target->fd >= 0)
		return ST_EXIT_OK;
	st_say_wrong("%s %s: the daemon's answer has no connection", target->verb, target->name);
	return ST_EXIT_FAILED;
}

static void close_target(struct target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	json_decref(target->process);
	st_conn_close(target->conn);
}

static enum st_exit_code send_text(const struct target *target, enum st_packet_type type,
				   const struct st_buf *text)
{
	const struct st_packet_header header = {
		.type = (uint8_t)type,
		.ref = type == ST_PACKET_CAST ? 0 : REF,
	};
	int ret = st_buf_error(text);

	if (text->len > ST_PACKET_MAX_PAYLOAD) {
		st_say_wrong("%s %s: a message may have at most %d bytes", target->verb,
			     target->name, ST_PACKET_MAX_PAYLOAD);
		return ST_EXIT_USAGE;
	}
	if (!ret)
		ret = st_packet_send(target->fd, &header, text->data, text->len, 0);
	if (!ret)
		return ST_EXIT_OK;
	st_say_wrong("%s %s: send the message: %s", target->verb, target->name, strerror(-ret));
	return ST_EXIT_FAILED;
}

/* The words, with spaces between them. */
static void join_words(const json_t *params, struct st_buf *text)
{
	const json_t *words = json_object_get(params, "words");
	const json_t *word;
	size_t index;

	json_array_foreach(words, index, word) {
		if (index)
			st_buf_add_char(text, ' ');
		st_buf_add(text, json_string_value(word), json_string_length(word));
	}
}

/* Why it has ended, as far as the daemon knows. */
static enum st_exit_code say_ended(const struct st_cli *cli, const struct target *target)
{
	json_t *asked =
		json_pack("{s:O}", "generation", json_object_get(target->process, "generation"));
	struct st_buf reason = ST_BUF_INIT;
	json_t *result = NULL, *down = NULL;

	if (st_call(cli, target->conn, ST_OPERATION_MONITOR, asked, &result) == ST_EXIT_OK &&
	    !st_conn_next(target->conn, DEFAULT_TIMEOUT_MS, &down))
		st_words_json(json_object_get(json_object_get(down, "params"), "reason"), &reason);
	st_say_wrong("%s %s: the process ended before it answered: %s", target->verb, target->name,
		     reason.len ? st_buf_text(&reason) : "the reason is unknown");
	st_buf_done(&reason);
	json_decref(asked);
	json_decref(result);
	json_decref(down);
	return ST_EXIT_NOT_FOUND;
}

static enum st_exit_code show_text(const struct st_cli *cli, const char *key, const char *text,
				   size_t len)
{
	bool is_json = cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
	struct st_buf out = ST_BUF_INIT;

	if (is_json) {
		st_buf_add_char(&out, '{');
		st_buf_add_json_string(&out, key, strlen(key));
		st_buf_add_char(&out, ':');
		st_buf_add_json_string(&out, text, len);
		st_buf_add_char(&out, '}');
	} else {
		st_style_add_lines(&cli->style, text, len, &out);
	}
	st_buf_add_char(&out, '\n');
	return st_say(&out);
}

/* " N" for a required parameter n. */
static void add_required(const json_t *param, struct st_buf *text)
{
	if (!json_is_true(json_object_get(param, "required")))
		return;
	st_buf_add_char(text, ' ');
	for (const char *at = st_words_text(param, "name"); *at; at++)
		st_buf_add_char(text, (char)toupper((unsigned char)*at));
}

/* "add N": an offered operation as the words of a call. */
static void add_offered(const json_t *row, struct st_buf *text)
{
	const json_t *params = json_object_get(row, "params");

	st_buf_add_text(text, text->len ? ", " : "");
	st_buf_add_text(text, st_offer_op(st_words_text(row, "name")));
	for (size_t i = 0; i < json_array_size(params); i++)
		add_required(json_array_get(params, i), text);
}

/* Print what the process offers, after it has refused a call that it does not know. */
static void say_offered(const struct target *target)
{
	struct st_conn_failure failure = { .error = NULL };
	json_t *asked = json_pack("{s:s}", "path", target->name), *rows = NULL, *row;
	struct st_buf text = ST_BUF_INIT;
	size_t index;

	if (st_conn_call(target->conn, st_operations[ST_OPERATION_OFFERED].name, asked,
			 DEFAULT_TIMEOUT_MS, &rows, &failure))
		json_decref(failure.error);
	json_array_foreach(rows, index, row)
		if (st_offer_name_len(st_words_text(row, "name")))
			add_offered(row, &text);
	if (text.len && !st_buf_error(&text))
		st_say_more("%s offers: %s", target->name, st_buf_text(&text));
	st_buf_done(&text);
	json_decref(rows);
	json_decref(asked);
}

/* @key: of the answer, as JSON. */
static enum st_exit_code await_answer(const struct st_cli *cli, const struct target *target,
				      const char *key)
{
	int timeout_ms = cli->timeout_ms == ST_CONN_NO_TIMEOUT ? DEFAULT_TIMEOUT_MS :
								 cli->timeout_ms;
	struct pollfd wait = { .fd = target->fd, .events = POLLIN };
	static struct st_packet packet;
	size_t len;
	int ret;

	do
		ret = poll(&wait, 1, timeout_ms);
	while (ret < 0 && errno == EINTR);
	if (!ret) {
		st_say_wrong("%s %s: no answer within %d ms", target->verb, target->name,
			     timeout_ms);
		return ST_EXIT_TIMEOUT;
	}
	ret = st_packet_receive(target->fd, &packet, 0, &len);
	if (ret && ret != -EPROTO)
		return say_ended(cli, target);
	if (!ret && packet.header.ref == REF && packet.header.type == ST_PACKET_REPLY)
		return show_text(cli, key, packet.payload, len);
	if (!ret && packet.header.ref == REF && packet.header.type == ST_PACKET_ERROR) {
		st_say_wrong("%s %s: %s", target->verb, target->name, packet.payload);
		if (!strcmp(packet.payload, UNKNOWN))
			say_offered(target);
	} else {
		st_say_wrong("%s %s: the answer is not a valid packet", target->verb, target->name);
	}
	return ST_EXIT_FAILED;
}

/* @key: NULL: there is no answer. @text: freed. */
static enum st_exit_code send_to(const struct st_cli *cli, struct target *target,
				 enum st_packet_type type, struct st_buf *text, const char *key)
{
	enum st_exit_code code = open_target(cli, target);

	if (code == ST_EXIT_OK)
		code = send_text(target, type, text);
	if (code == ST_EXIT_OK && key)
		code = await_answer(cli, target, key);
	close_target(target);
	st_buf_done(text);
	return code;
}

enum st_exit_code st_message_call(const struct st_cli *cli, const json_t *params)
{
	struct target target = { .verb = "call", .name = st_words_text(params, "path"), .fd = -1 };
	struct st_buf text = ST_BUF_INIT;

	join_words(params, &text);
	return send_to(cli, &target, ST_PACKET_CALL, &text, "reply");
}

enum st_exit_code st_message_cast(const struct st_cli *cli, const json_t *params)
{
	struct target target = { .verb = "cast", .name = st_words_text(params, "path"), .fd = -1 };
	struct st_buf text = ST_BUF_INIT;

	join_words(params, &text);
	return send_to(cli, &target, ST_PACKET_CAST, &text, NULL);
}

enum st_exit_code st_message_state(const struct st_cli *cli, const json_t *params)
{
	struct target target = { .verb = "state", .name = st_words_text(params, "path"), .fd = -1 };
	const json_t *state = json_object_get(params, "replace");
	struct st_buf text = ST_BUF_INIT;

	if (json_is_true(json_object_get(params, "about"))) {
		st_buf_add_text(&text, "get_status");
		return send_to(cli, &target, ST_PACKET_SYSTEM, &text, "status");
	}
	st_buf_add_text(&text, state ? "replace_state " : "get_state");
	if (state)
		st_buf_add(&text, json_string_value(state), json_string_length(state));
	return send_to(cli, &target, ST_PACKET_SYSTEM, &text, "state");
}

enum st_exit_code st_message_await_down(const struct st_cli *cli, struct st_conn *conn)
{
	struct st_buf text = ST_BUF_INIT;
	json_t *down = NULL, *params;
	int ret = st_conn_next(conn, cli->timeout_ms, &down);

	if (ret)
		return st_call_lost(conn, ret);
	params = json_object_get(down, "params");
	if (cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL) {
		st_show_json(params, cli->format, &text);
	} else {
		st_style_add(&cli->style, ST_COLOR_NONE, st_words_text(params, "path"), &text);
		st_buf_add_text(&text, text.len ? " down: " : "down: ");
		st_words_json(json_object_get(params, "reason"), &text);
		st_buf_add_char(&text, '\n');
	}
	json_decref(down);
	return st_say(&text);
}
