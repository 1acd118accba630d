/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client without a connection: what it is sent is kept as text. It takes the
 * place of daemon/control/client.c in every test that calls fake_client_init().
 *
 * What it was sent counts as unsent until the test reads it. It takes no memory
 * from st_alloc(), so only the code under test sees an allocation fail.
 */
#ifndef ST_TESTS_DAEMON_FAKE_CLIENT_H
#define ST_TESTS_DAEMON_FAKE_CLIENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "daemon/control/client.h"

#define FAKE_INCARNATION 4711

struct st_client {
	struct st_buf lines; /* that the test has not read, newlines included */
	unsigned int nr_answers;
	char answer[4096]; /* the last one: "ok", "kind: text", or the result as JSON */
	char term[1024]; /* OTP's term of the last error, as JSON; "" without one */
	int fd; /* that came with the last answer, the test's to close; -1: none */
	size_t most_unsent; /* the most that ever waited for the test */
	struct st_peer peer; /* who it is: an operator, until the test changes it */
	void *data; /* of st_client_set_data() */
	bool is_stream;
};

void fake_client_init(struct st_client *client);
void fake_client_done(struct st_client *client);

/**
 * fake_client_read() - take the oldest line
 * @client: the client
 *
 * Return: a notification, owned by the caller (json_decref); NULL: there is none.
 */
json_t *fake_client_read(struct st_client *client);

/* Take all lines; how many there were. */
unsigned int fake_client_skip(struct st_client *client);

/**
 * fake_client_next() - take the oldest line and tell of it in short
 * @client: the client
 * @text: "METHOD" and the values of @keys in its params, a blank before each;
 *	"-" for what is not there; "" if there is no line
 * @size: of @text
 * @keys: names, comma-separated
 *
 * Return: @text.
 */
const char *fake_client_next(struct st_client *client, char *text, size_t size, const char *keys);

#endif
