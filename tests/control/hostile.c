// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control socket with clients that mean no good, or are plainly broken.
 */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/control/client_internal.h"
#include "kselftest_harness.h"
#include "lib/server.h"

#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n"
#define PONG "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":true}}"
#define SUBSCRIBE "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n"

#ifdef ST_SANITIZED
#define NR_PIPELINED 100000 /* ten times slower */
#else
#define NR_PIPELINED 1000000
#endif

FIXTURE(hostile)
{
	struct server server;
	int bad;
	int good;
};

FIXTURE_SETUP(hostile)
{
	const struct st_control_config limits = {
		.requests_per_turn = 8,
		.output_limit = 65536,
		.stream_limit = 65536,
	};

	server_init(&self->server, &limits);
	self->bad = client_connect(&self->server);
	self->good = client_connect(&self->server);
}

FIXTURE_TEARDOWN(hostile)
{
	server_done(&self->server);
	close(self->bad);
	close(self->good);
}

#define SAY(fd, text) client_say(&self->server, fd, text)
#define EXPECT_LINE(line, fd) EXPECT_STREQ(line, client_line(&self->server, fd))
#define EXPECT_ERROR(code, fd) \
	EXPECT_NE(NULL, strstr(client_line(&self->server, fd), "\"code\":" #code ","))

TEST_F(hostile, garbage_is_answered_with_errors_and_the_connection_lives)
{
	SAY(self->bad, "GET / HTTP/1.1\r\nHost: x\r\n\r\n\xff\xfe\x01\n" PING);
	EXPECT_ERROR(-32700, self->bad);
	EXPECT_ERROR(-32700, self->bad);
	EXPECT_ERROR(-32700, self->bad);
	EXPECT_ERROR(-32700, self->bad);
	EXPECT_LINE(PONG, self->bad);
}

TEST_F(hostile, a_thousand_levels_of_nesting_are_an_error)
{
	char line[2002];

	memset(line, '[', 1000);
	memset(line + 1000, ']', 1000);
	line[2000] = '\n';
	client_send(&self->server, self->bad, line, 2001);
	EXPECT_ERROR(-32700, self->bad);
	SAY(self->bad, PING);
	EXPECT_LINE(PONG, self->bad);
}

TEST_F(hostile, a_line_of_100_mb_is_one_error_and_delays_nobody)
{
	static char portion[65536];

	memset(portion, '{', sizeof(portion));
	for (size_t sent = 0; sent < 100u << 20; sent += sizeof(portion)) {
		client_send(&self->server, self->bad, portion, sizeof(portion));
		if (sent % (10u << 20) == 0) {
			SAY(self->good, PING);
			EXPECT_LINE(PONG, self->good);
		}
	}
	SAY(self->bad, "\n" PING);
	EXPECT_ERROR(-32600, self->bad);
	EXPECT_LINE(PONG, self->bad);
}

/* Send and receive as much as the socket takes; how many bytes were sent. */
static size_t exchange(int fd, const char *out, size_t len, struct st_buf *in)
{
	static char portion[65536];
	ssize_t nr;

	while ((nr = recv(fd, portion, sizeof(portion), 0)) > 0)
		st_buf_add(in, portion, (size_t)nr);
	nr = send(fd, out, len, MSG_NOSIGNAL);
	return nr > 0 ? (size_t)nr : 0;
}

/* The ids of the answers so far go on where they stopped: how many there are now. */
static bool take_answers(struct st_buf *in, unsigned long *nr)
{
	char expected[64];

	for (;;) {
		char *newline = in->len ? memchr(in->data, '\n', in->len) : NULL;
		int len;

		if (!newline)
			return true;
		len = snprintf(expected, sizeof(expected), "{\"jsonrpc\":\"2.0\",\"id\":%lu,", *nr);
		if (strncmp(in->data, expected, (size_t)len))
			return false;
		(*nr)++;
		st_buf_consume(in, (size_t)(newline - in->data) + 1);
	}
}

TEST_F(hostile, a_million_pipelined_requests_are_answered_in_order)
{
	struct st_buf out = ST_BUF_INIT;
	struct st_buf in = ST_BUF_INIT;
	unsigned long nr_asked = 0;
	unsigned long nr_answered = 0;

	while (nr_answered < NR_PIPELINED) {
		for (; nr_asked < NR_PIPELINED && out.len < 4096; nr_asked++) {
			st_buf_add_text(&out, "{\"jsonrpc\":\"2.0\",\"id\":");
			st_buf_add_u64(&out, nr_asked);
			st_buf_add_text(&out, ",\"method\":\"ping\"}\n");
		}
		st_buf_consume(&out, exchange(self->bad, out.data, out.len, &in));
		ASSERT_TRUE(take_answers(&in, &nr_answered)) TH_LOG("after %lu", nr_answered);
		server_turn(&self->server);
	}
	st_buf_done(&out);
	st_buf_done(&in);
}

TEST_F(hostile, of_a_thousand_waiting_requests_a_turn_serves_a_few_and_others_get_theirs)
{
	struct st_buf flood = ST_BUF_INIT;

	server_settle(&self->server);
	for (int i = 0; i < 1000; i++)
		st_buf_add_text(&flood, PING);
	client_send(&self->server, self->bad, flood.data, flood.len);
	SAY(self->good, PING);
	while (!client_can_read(self->good))
		server_turn(&self->server);
	EXPECT_LE(self->server.nr_requests, 4 * 8);
	server_settle(&self->server);
	EXPECT_EQ(1001, self->server.nr_requests);
	st_buf_done(&flood);
}

TEST_F(hostile, who_does_not_read_its_answers_is_not_read_from)
{
	size_t sent = 0;
	unsigned long served;
	ssize_t nr;

	do {
		nr = send(self->bad, PING, strlen(PING), MSG_NOSIGNAL);
		sent += nr > 0 ? (size_t)nr : 0;
		server_settle(&self->server);
		ASSERT_LT(sent, 64u << 20);
	} while (nr > 0);
	EXPECT_EQ(EAGAIN, errno);
	served = self->server.nr_requests;
	EXPECT_LT(served, sent / strlen(PING));
	SAY(self->good, PING);
	EXPECT_LINE(PONG, self->good);

	/* and when it reads, all that it asked is answered */
	for (size_t i = 0; i < sent / strlen(PING); i++)
		ASSERT_STREQ(PONG, client_line(&self->server, self->bad));
}

TEST_F(hostile, a_subscriber_that_reads_nothing_loses_events_and_is_told_once)
{
	char text[1001] = { 0 };
	char line[2048];
	unsigned long seq, last = 0;

	memset(text, 'x', sizeof(text) - 1);
	SAY(self->bad, SUBSCRIBE);
	SAY(self->good, SUBSCRIBE);
	EXPECT_LINE(PONG, self->bad);
	EXPECT_LINE(PONG, self->good);
	for (seq = 1; seq <= 1000; seq++) {
		server_notify(&self->server, seq, text);
		snprintf(line, sizeof(line),
			 "{\"jsonrpc\":\"2.0\",\"method\":\"event\","
			 "\"params\":{\"seq\":%lu,\"text\":\"%s\"}}",
			 seq, text);
		ASSERT_STREQ(line, client_line(&self->server, self->good));
	}
	/* what fits comes without a gap, then the gap is reported, then it goes on */
	while (strstr(client_line(&self->server, self->bad), "\"method\":\"event\""))
		last++;
	EXPECT_GT(last, 64);
	EXPECT_LT(last, 1000);
	server_settle(&self->server);
	EXPECT_FALSE(client_can_read(self->bad));
	server_notify(&self->server, 1001, "y");
	EXPECT_LINE("{\"jsonrpc\":\"2.0\",\"method\":\"event\","
		    "\"params\":{\"seq\":1001,\"text\":\"y\"}}",
		    self->bad);
}

TEST_F(hostile, what_a_resync_says_is_the_last_event_lost_and_how_many)
{
	char text[1001] = { 0 };
	char expected[128];
	const char *line;
	unsigned long last = 0;

	memset(text, 'x', sizeof(text) - 1);
	SAY(self->bad, SUBSCRIBE);
	EXPECT_LINE(PONG, self->bad);
	for (unsigned long seq = 1; seq <= 1000; seq++) {
		server_notify(&self->server, seq, text);
		server_settle(&self->server);
	}
	while (strstr(line = client_line(&self->server, self->bad), "\"method\":\"event\""))
		last++;
	snprintf(expected, sizeof(expected),
		 "{\"jsonrpc\":\"2.0\",\"method\":\"resync\","
		 "\"params\":{\"seq\":1000,\"dropped\":%lu,\"incarnation\":0}}",
		 1000 - last);
	EXPECT_STREQ(expected, line);
}

TEST_F(hostile, a_subscriber_that_reads_nothing_and_leaves_is_forgotten)
{
	char text[1001] = { 0 };

	memset(text, 'x', sizeof(text) - 1);
	SAY(self->bad, SUBSCRIBE);
	EXPECT_LINE(PONG, self->bad);
	for (unsigned long seq = 1; seq <= 1000; seq++)
		server_notify(&self->server, seq, text);
	server_settle(&self->server);
	close(self->bad);
	server_settle(&self->server);
	EXPECT_EQ(1, self->server.nr_gone);
	EXPECT_EQ(0, self->server.nr_streams);
	self->bad = client_connect(&self->server);
}

TEST_F(hostile, for_a_subscriber_that_lags_behind_no_more_is_kept_than_it_has_to_read)
{
	char text[1001] = { 0 };
	unsigned long behind = 0;
	int smallest = 0;

	memset(text, 'x', sizeof(text) - 1);
	SAY(self->bad, SUBSCRIBE);
	EXPECT_LINE(PONG, self->bad);
	/* else its whole backlog would fit into the socket as soon as that takes more */
	ASSERT_EQ(0, setsockopt(self->server.streams[0]->fd, SOL_SOCKET, SO_SNDBUF, &smallest,
				sizeof(smallest)));
	for (unsigned long seq = 1; seq <= 3000; seq++) {
		server_notify(&self->server, seq, text);
		server_settle(&self->server);
		if (behind || st_client_unsent(self->server.streams[0]) > 20000)
			behind++;
		if (behind)
			ASSERT_NE(NULL, strstr(client_line(&self->server, self->bad), "event"));
	}
	EXPECT_GT(behind, 2000);
	EXPECT_GT(st_client_unsent(self->server.streams[0]), 0);
	/* the limits, and what is sent and not yet forgotten, in a buffer that doubles */
	EXPECT_LE(self->server.streams[0]->out.cap, 4 * 65536);
}

TEST_F(hostile, without_memory_a_client_is_turned_away_and_the_next_is_served)
{
	int fd;

	server_settle(&self->server);
	fd = client_connect(&self->server);
	st_alloc_fail_at(1);
	server_settle(&self->server);
	st_alloc_fail_at(0);
	EXPECT_NE(NULL, strstr(client_line(&self->server, fd), "connect: refused: no memory"));
	EXPECT_LINE("", fd);
	close(fd);
	SAY(self->good, PING);
	EXPECT_LINE(PONG, self->good);
}

TEST_F(hostile, without_memory_for_its_bytes_a_client_is_let_go)
{
	SAY(self->good, PING);
	EXPECT_LINE(PONG, self->good);
	SAY(self->bad, PING);
	st_alloc_fail_at(1);
	server_settle(&self->server);
	st_alloc_fail_at(0);
	EXPECT_LINE("", self->bad);
	EXPECT_EQ(1, st_control_nr_clients(self->server.control));
}

TEST_HARNESS_MAIN
