// SPDX-License-Identifier: GPL-2.0-only
/*
 * Long answers: written as the client reads them, one slice a turn, with little unsent;
 * notifications come after them; all clients together have a limit.
 */
#include "daemon/control/client.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/control/client_internal.h"
#include "kselftest_harness.h"
#include "lib/server.h"

#define PART 4096 /* bytes of a slice */
#define NR_PARTS 150 /* more than a socket holds */
#define LIMIT (64u << 10)

/* A list of texts, one a slice. */
struct parts {
	struct st_slices slices;
	unsigned int nr_left;
	bool has_begun;
};

static struct {
	unsigned int nr_parts; /* of each answer */
	unsigned int nr_written; /* ever */
	unsigned int nr_at_once; /* before the request's turn was over */
	unsigned int nr_freed;
	size_t most_room;
	struct st_client *client; /* that asked last */
} seen;

static bool write_part(struct st_slices *slices, struct st_buf *out, size_t room)
{
	struct parts *parts = container_of(slices, struct parts, slices);
	char text[PART + 1];

	memset(text, 'x', PART);
	text[PART] = '\0';
	if (room > seen.most_room)
		seen.most_room = room;
	st_buf_add_text(out, parts->has_begun ? ",\"" : "[\"");
	st_buf_add_text(out, text);
	st_buf_add_char(out, '"');
	parts->has_begun = true;
	seen.nr_written++;
	if (--parts->nr_left)
		return false;
	st_buf_add_char(out, ']');
	return true;
}

static void free_parts(struct st_slices *slices)
{
	seen.nr_freed++;
	free(container_of(slices, struct parts, slices));
}

static void on_request(void *owner, struct st_client *client, const struct st_rpc_request *request)
{
	struct parts *parts = calloc(1, sizeof(*parts));

	if (request->op != ST_OPERATION_TREE || !parts) {
		free(parts);
		server_handler.on_request(owner, client, request);
		return;
	}
	*parts = (struct parts){
		.slices = { .write = write_part, .free = free_parts },
		.nr_left = seen.nr_parts,
	};
	seen.client = client;
	st_client_reply_slices(client, &parts->slices);
	seen.nr_at_once = seen.nr_written;
}

static void on_gone(void *owner, struct st_client *client)
{
	server_handler.on_gone(owner, client);
}

static const struct st_control_handler handler = { .on_request = on_request, .on_gone = on_gone };

FIXTURE(slices)
{
	struct server server;
	int fd;
};

static void open_server(FIXTURE_DATA(slices) * self, const struct st_control_config *limits)
{
	memset(&seen, 0, sizeof(seen));
	server_init_with(&self->server, limits, &handler);
	self->fd = client_connect(&self->server);
}

FIXTURE_SETUP(slices)
{
	const struct st_control_config limits = { 0 };

	open_server(self, &limits);
}

FIXTURE_TEARDOWN(slices)
{
	close(self->fd);
	server_done(&self->server);
}

#define TREE "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tree\"}\n"
#define PING "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}\n"
#define PONG "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"ok\":true}}"

/* Whether a line is an answer with @nr parts. */
static bool is_whole(const char *line, unsigned int nr)
{
	const char *head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":[\"x";
	size_t len = strlen(line);

	return !strncmp(line, head, strlen(head)) && len > 3 && !strcmp(line + len - 3, "\"]}") &&
	       len == strlen(head) - 3 + nr * (size_t)(PART + 3) + 2;
}

TEST_F(slices, a_long_answer_is_whole_and_the_next_request_comes_after_it)
{
	seen.nr_parts = NR_PARTS;
	client_say(&self->server, self->fd, TREE PING TREE);
	EXPECT_TRUE(is_whole(client_line(&self->server, self->fd), NR_PARTS));
	EXPECT_STREQ(PONG, client_line(&self->server, self->fd));
	EXPECT_TRUE(is_whole(client_line(&self->server, self->fd), NR_PARTS));
	EXPECT_EQ(2, seen.nr_freed);
	EXPECT_LE(seen.most_room, LIMIT);
}

/* What it is about may be gone in the next turn. */
TEST_F(slices, the_first_slice_is_written_at_once_also_without_room)
{
	const struct st_control_config limits = { .output_limit = 1 };

	close(self->fd);
	server_done(&self->server);
	open_server(self, &limits);
	seen.nr_parts = 3;
	client_say(&self->server, self->fd, TREE);
	EXPECT_TRUE(is_whole(client_line(&self->server, self->fd), 3));
	EXPECT_EQ(1, seen.nr_at_once);
}

TEST_F(slices, one_slice_is_written_in_a_turn_and_a_client_that_does_not_read_stops_it)
{
	unsigned int before;

	seen.nr_parts = NR_PARTS;
	client_say(&self->server, self->fd, TREE);
	do {
		before = seen.nr_written;
		server_turn(&self->server);
		ASSERT_LE(seen.nr_written, before + 1);
		if (seen.client)
			ASSERT_LE(st_client_nr_unsent(seen.client), LIMIT + PART + 64);
	} while (server_turn(&self->server) || seen.nr_written != before);
	server_settle(&self->server);
	EXPECT_LT(seen.nr_written, NR_PARTS) TH_LOG("the socket holds less");
	EXPECT_LT(st_client_nr_unsent(seen.client), LIMIT + PART + 64);
	EXPECT_TRUE(is_whole(client_line(&self->server, self->fd), NR_PARTS));
}

TEST_F(slices, what_is_pushed_meanwhile_comes_after_the_answer)
{
	struct st_buf params = ST_BUF_INIT;

	seen.nr_parts = NR_PARTS;
	client_say(&self->server, self->fd, TREE);
	server_settle(&self->server);
	ASSERT_LT(seen.nr_written, NR_PARTS);
	st_buf_add_text(&params, "{\"ref\":1}");
	st_client_push(seen.client, "down", &params);
	st_buf_done(&params);
	EXPECT_TRUE(is_whole(client_line(&self->server, self->fd), NR_PARTS));
	EXPECT_STREQ("{\"jsonrpc\":\"2.0\",\"method\":\"down\",\"params\":{\"ref\":1}}",
		     client_line(&self->server, self->fd));
}

TEST_F(slices, a_client_that_goes_in_the_middle_leaves_nothing)
{
	seen.nr_parts = NR_PARTS;
	client_say(&self->server, self->fd, TREE);
	server_settle(&self->server);
	close(self->fd);
	server_settle(&self->server);
	EXPECT_EQ(1, seen.nr_freed);
	EXPECT_EQ(0, st_control_nr_clients(self->server.control));
	self->fd = client_connect(&self->server);
	client_say(&self->server, self->fd, PING);
	EXPECT_STREQ(PONG, client_line(&self->server, self->fd));
}

#define NR 8

TEST_F(slices, all_together_have_a_limit_and_it_is_free_again_when_they_have_read)
{
	const struct st_control_config limits = { .answers = 4 * LIMIT };
	int fds[NR];
	int nr_refused = 0;

	close(self->fd);
	server_done(&self->server);
	open_server(self, &limits);
	seen.nr_parts = NR_PARTS;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < NR; i++) {
			fds[i] = client_connect(&self->server);
			client_say(&self->server, fds[i], TREE);
			server_settle(&self->server);
		}
		for (int i = 0; i < NR; i++) {
			const char *line = client_line(&self->server, fds[i]);
			bool is_refused = strstr(line, "\"kind\":\"limit\"") != NULL;

			EXPECT_EQ(i >= 4, is_refused) TH_LOG("client %d", i);
			EXPECT_TRUE(is_refused || is_whole(line, NR_PARTS));
			nr_refused += is_refused;
		}
		for (int i = 0; i < NR; i++)
			close(fds[i]);
		server_settle(&self->server);
	}
	EXPECT_EQ(3 * (NR - 4), nr_refused);
	EXPECT_EQ(3 * NR, seen.nr_freed);
}

TEST_HARNESS_MAIN
