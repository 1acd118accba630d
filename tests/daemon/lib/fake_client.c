// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions of daemon/control/client.h for a client without a connection.
 */
#include "fake_client.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fake_client_init(struct st_client *client)
{
	memset(client, 0, sizeof(*client));
	client->fd = -1;
	client->peer.role = ST_ROLE_OPERATOR;
}

void fake_client_done(struct st_client *client)
{
	st_buf_done(&client->lines);
}

size_t st_client_unsent(const struct st_client *client)
{
	return client->lines.len;
}

uint64_t st_client_incarnation(const struct st_client *client)
{
	(void)client; /* all are of the same daemon */
	return FAKE_INCARNATION;
}

const struct st_peer *st_client_peer(const struct st_client *client)
{
	return &client->peer;
}

void st_client_set_data(struct st_client *client, void *data)
{
	client->data = data;
}

void *st_client_data(const struct st_client *client)
{
	return client->data;
}

void st_client_set_stream(struct st_client *client, bool is_stream)
{
	client->is_stream = is_stream;
}

/* Room of its own: the code under test must not see this allocation fail. */
static void add_line(struct st_client *client, const struct st_buf *line)
{
	if (client->lines.cap - client->lines.len <= line->len) {
		size_t cap = (client->lines.len + line->len + 1) * 2;

		client->lines.data = realloc(client->lines.data, cap);
		client->lines.cap = cap;
	}
	if (!client->lines.data)
		abort();
	st_buf_add(&client->lines, line->data, line->len);
	if (client->lines.len > client->most_unsent)
		client->most_unsent = client->lines.len;
}

void st_client_notify(struct st_client *client, uint64_t seq, const struct st_buf *line)
{
	(void)seq; /* is named in the line as well */
	add_line(client, line);
}

void st_client_push(struct st_client *client, const char *method, const struct st_buf *params)
{
	char *text = malloc(params->len + 128);
	int len;

	if (!text || params->failed)
		abort();
	len = sprintf(text, "{\"method\":\"%s\",\"params\":%s}\n", method, params->data);
	add_line(client, &(struct st_buf){ .data = text, .len = (size_t)len });
	free(text);
}

void st_client_tell_renamed(struct st_client *client, const struct st_buf *params)
{
	st_client_push(client, "renamed", params);
}

static bool is_json(const char *text, size_t len)
{
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

	json_decref(json);
	return json != NULL;
}

static void answer(struct st_client *client, const char *text)
{
	client->nr_answers++;
	client->term[0] = '\0';
	client->fd = -1;
	snprintf(client->answer, sizeof(client->answer), "%s", text);
}

/* As the daemon's client does without memory for the result. */
void st_client_reply_result(struct st_client *client, const struct st_buf *result)
{
	if (!result->failed && !is_json(result->data, result->len))
		abort();
	answer(client, result->failed ? "no_memory: " : result->data);
}

void st_client_reply_with_fd(struct st_client *client, const struct st_buf *result, int fd)
{
	st_client_reply_result(client, result);
	client->fd = fd;
}

void st_client_reply_ok(struct st_client *client)
{
	answer(client, "ok");
}

void st_client_reply_error(struct st_client *client, enum st_error kind, const char *otp,
			   const char *format, ...)
{
	va_list args;
	int len;

	if (otp && *otp && !is_json(otp, strlen(otp)))
		abort(); /* as it would stand in the answer */
	answer(client, "");
	snprintf(client->term, sizeof(client->term), "%s", otp ? otp : "");
	len = snprintf(client->answer, sizeof(client->answer), "%s: ", st_errors[kind].kind);
	va_start(args, format);
	vsnprintf(client->answer + len, sizeof(client->answer) - (size_t)len, format, args);
	va_end(args);
}

void st_client_reply_failure(struct st_client *client, const struct st_rpc_error *error)
{
	st_client_reply_error(client, error->kind, NULL, "%s", error->message);
}

json_t *fake_client_read(struct st_client *client)
{
	char *end = client->lines.len ? memchr(client->lines.data, '\n', client->lines.len) : NULL;
	json_t *message;

	if (!end)
		return NULL;
	message = json_loadb(client->lines.data, (size_t)(end - client->lines.data),
			     JSON_REJECT_DUPLICATES, NULL);
	if (!message)
		abort(); /* a line that is not JSON */
	st_buf_consume(&client->lines, (size_t)(end - client->lines.data) + 1);
	return message;
}

unsigned int fake_client_skip(struct st_client *client)
{
	unsigned int nr = 0;

	for (size_t i = 0; i < client->lines.len; i++)
		nr += client->lines.data[i] == '\n';
	st_buf_reset(&client->lines);
	return nr;
}

static void add_value(char *text, size_t size, const json_t *value)
{
	size_t len = strlen(text);
	char *json = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

	if (json_is_string(value))
		snprintf(text + len, size - len, " %s", json_string_value(value));
	else
		snprintf(text + len, size - len, " %s", json ? json : "-");
	free(json);
}

const char *fake_client_next(struct st_client *client, char *text, size_t size, const char *keys)
{
	json_t *message = fake_client_read(client);
	const json_t *params = json_object_get(message, "params");

	text[0] = '\0';
	if (!message)
		return text;
	snprintf(text, size, "%s", json_string_value(json_object_get(message, "method")));
	while (*keys) {
		size_t len = strcspn(keys, ",");
		char key[32];

		snprintf(key, sizeof(key), "%.*s", (int)len, keys);
		add_value(text, size, json_object_get(params, key));
		keys += len + (keys[len] == ',');
	}
	json_decref(message);
	return text;
}
