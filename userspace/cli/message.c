// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages to processes; see message.h.
 */
#include "cli/message.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show.h"
#include "cli/words.h"

#define DEFAULT_TIMEOUT_MS 5000 /* gen_server:call/2 */
#define MAX_PAYLOAD 65536
#define REF 1 /* of the only call on a connection */

/* Types of frames: userspace/lib/PROTOCOL.md. */
enum frame_type {
	FRAME_CALL = 2,
	FRAME_REPLY = 3,
	FRAME_ERROR = 4,
	FRAME_CAST = 5,
};

struct frame {
	uint8_t type;
	uint8_t zero[7];
	uint64_t ref;
	char payload[MAX_PAYLOAD];
};

struct target {
	const char *verb;
	const char *name;
	struct st_conn *conn;
	json_t *process; /* path, pid, generation */
	int fd;
};

static enum st_exit_code open_target(const struct st_cli *cli, struct target *target)
{
	json_t *asked = json_pack("{s:s}", "name", target->name);
	enum st_exit_code code = st_call_open(cli, &target->conn);

	if (code == ST_EXIT_OK)
		code = st_call(cli, target->conn, ST_OPERATION_CONNECT, asked, &target->process);
	json_decref(asked);
	if (code != ST_EXIT_OK)
		return code;
	target->fd = st_conn_take_fd(target->conn);
	if (target->fd >= 0)
		return ST_EXIT_OK;
	st_say_wrong("%s %s: no connection came with the answer", target->verb, target->name);
	return ST_EXIT_FAILED;
}

static void close_target(struct target *target)
{
	if (target->fd >= 0)
		close(target->fd);
	json_decref(target->process);
	st_conn_close(target->conn);
}

/* The words, with spaces between them. */
static enum st_exit_code send_words(const struct target *target, const json_t *params,
				    enum frame_type type)
{
	static struct frame frame;
	const json_t *words = json_object_get(params, "words");
	size_t len = 0, index;
	const json_t *word;

	json_array_foreach(words, index, word) {
		size_t size = json_string_length(word);

		if (len + size + 1 > sizeof(frame.payload)) {
			st_say_wrong("%s %s: a message has %d bytes at most", target->verb,
				     target->name, MAX_PAYLOAD);
			return ST_EXIT_USAGE;
		}
		if (index)
			frame.payload[len++] = ' ';
		memcpy(frame.payload + len, json_string_value(word), size);
		len += size;
	}
	frame.type = (uint8_t)type;
	frame.ref = type == FRAME_CALL ? REF : 0;
	if (send(target->fd, &frame, offsetof(struct frame, payload) + len, MSG_NOSIGNAL) >= 0)
		return ST_EXIT_OK;
	st_say_wrong("%s %s: send the message: %s", target->verb, target->name, strerror(errno));
	return ST_EXIT_FAILED;
}

/* Why it has ended, as far as the daemon knows. */
static enum st_exit_code say_ended(const struct st_cli *cli, const struct target *target)
{
	json_t *asked =
		json_pack("{s:O}", "generation", json_object_get(target->process, "generation"));
	json_t *result = NULL, *down = NULL;
	char *reason = NULL;

	if (st_call(cli, target->conn, ST_OPERATION_MONITOR, asked, &result) == ST_EXIT_OK &&
	    !st_conn_next(target->conn, DEFAULT_TIMEOUT_MS, &down))
		reason = json_dumps(json_object_get(json_object_get(down, "params"), "reason"),
				    JSON_ENCODE_ANY | JSON_COMPACT);
	st_say_wrong("%s %s: the process ended before it answered: %s", target->verb, target->name,
		     reason ? reason : "nobody knows why");
	free(reason);
	json_decref(asked);
	json_decref(result);
	json_decref(down);
	return ST_EXIT_NOT_FOUND;
}

static enum st_exit_code show_text(const struct st_cli *cli, const char *text, size_t len)
{
	bool is_json = cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
	struct st_buf out = ST_BUF_INIT;

	if (is_json) {
		st_buf_add_text(&out, "{\"reply\":");
		st_buf_add_json_string(&out, text, len);
		st_buf_add_char(&out, '}');
	} else {
		st_buf_add(&out, text, len);
	}
	st_buf_add_char(&out, '\n');
	return st_say(&out);
}

static enum st_exit_code show_answer(const struct st_cli *cli, const struct target *target,
				     const struct frame *frame, ssize_t len)
{
	size_t size = (size_t)len - offsetof(struct frame, payload);

	if (len < (ssize_t)offsetof(struct frame, payload) || frame->ref != REF) {
		st_say_wrong("call %s: the answer is none", target->name);
		return ST_EXIT_FAILED;
	}
	if (frame->type == FRAME_REPLY)
		return show_text(cli, frame->payload, size);
	st_say_wrong("call %s: %.*s", target->name, (int)size, frame->payload);
	return ST_EXIT_FAILED;
}

static enum st_exit_code await_answer(const struct st_cli *cli, const struct target *target)
{
	int timeout_ms = cli->timeout_ms >= 0 ? cli->timeout_ms : DEFAULT_TIMEOUT_MS;
	struct pollfd wait = { .fd = target->fd, .events = POLLIN };
	static struct frame frame;
	ssize_t len;
	int ret;

	do
		ret = poll(&wait, 1, timeout_ms);
	while (ret < 0 && errno == EINTR);
	if (!ret) {
		st_say_wrong("call %s: no answer in %d ms", target->name, timeout_ms);
		return ST_EXIT_TIMEOUT;
	}
	len = recv(target->fd, &frame, sizeof(frame), 0);
	if (len <= 0)
		return say_ended(cli, target);
	return show_answer(cli, target, &frame, len);
}

enum st_exit_code st_message_call(const struct st_cli *cli, const json_t *params)
{
	struct target target = { .verb = "call", .name = st_words_text(params, "name"), .fd = -1 };
	enum st_exit_code code = open_target(cli, &target);

	if (code == ST_EXIT_OK)
		code = send_words(&target, params, FRAME_CALL);
	if (code == ST_EXIT_OK)
		code = await_answer(cli, &target);
	close_target(&target);
	return code;
}

enum st_exit_code st_message_cast(const struct st_cli *cli, const json_t *params)
{
	struct target target = { .verb = "cast", .name = st_words_text(params, "name"), .fd = -1 };
	enum st_exit_code code = open_target(cli, &target);

	if (code == ST_EXIT_OK)
		code = send_words(&target, params, FRAME_CAST);
	close_target(&target);
	return code;
}

enum st_exit_code st_message_await_down(const struct st_cli *cli, struct st_conn *conn)
{
	struct st_buf text = ST_BUF_INIT;
	json_t *down = NULL, *params;
	char *reason;
	int ret = st_conn_next(conn, cli->timeout_ms, &down);

	if (ret)
		return st_call_lost(conn, ret);
	params = json_object_get(down, "params");
	if (cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL) {
		st_show_json(params, cli->format, &text);
	} else {
		reason = json_dumps(json_object_get(params, "reason"),
				    JSON_ENCODE_ANY | JSON_COMPACT);
		st_buf_add_text(&text, st_words_text(params, "path"));
		st_buf_add_text(&text, " down: ");
		st_buf_add_text(&text, reason ? reason : "?");
		st_buf_add_char(&text, '\n');
		free(reason);
	}
	json_decref(down);
	return st_say(&text);
}
