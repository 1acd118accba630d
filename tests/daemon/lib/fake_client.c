// SPDX-License-Identifier: GPL-2.0-only
/*
 * The functions of daemon/client.h for a client without a connection.
 */
#include "fake_client.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fake_client_init(struct st_client *client)
{
	memset(client, 0, sizeof(*client));
}

void fake_client_done(struct st_client *client)
{
	st_buf_done(&client->lines);
}

size_t st_client_unsent(const struct st_client *client)
{
	return client->lines.len;
}

void st_client_notify(struct st_client *client, uint64_t seq, const struct st_buf *line)
{
	(void)seq; /* is named in the line as well */
	/* room of its own: the code under test must not see this allocation fail */
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

void st_client_reply_ok(struct st_client *client)
{
	client->nr_answers++;
	snprintf(client->answer, sizeof(client->answer), "ok");
}

void st_client_reply_error(struct st_client *client, enum st_error kind, const char *otp,
			   const char *format, ...)
{
	va_list args;
	int len;

	(void)otp; /* waits and streams have none */
	client->nr_answers++;
	len = snprintf(client->answer, sizeof(client->answer), "%s: ", st_errors[kind].kind);
	va_start(args, format);
	vsnprintf(client->answer + len, sizeof(client->answer) - (size_t)len, format, args);
	va_end(args);
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
