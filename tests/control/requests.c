// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control socket with clients that behave, and that leave when they like.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/server.h"

#define PING(id) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"ping\"}\n"
#define PONG(id) "{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"result\":{\"ok\":true}}"
#define WAIT(id) \
	"{\"jsonrpc\":\"2.0\",\"id\":" #id ",\"method\":\"wait\",\"params\":{\"until\":\"a=up\"}}\n"

FIXTURE(control)
{
	struct server server;
	int a;
	int b;
};

FIXTURE_SETUP(control)
{
	const struct st_control_config limits = { .requests_per_turn = 4 };

	server_init(&self->server, &limits);
	self->a = client_connect(&self->server);
	self->b = client_connect(&self->server);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

FIXTURE_TEARDOWN(control)
{
	server_done(&self->server);
	close_fd(&self->a);
	close_fd(&self->b);
}

#define SAY(fd, text) client_say(&self->server, fd, text)
#define EXPECT_LINE(line, fd) EXPECT_STREQ(line, client_line(&self->server, fd))

TEST_F(control, a_request_is_answered)
{
	SAY(self->a, PING(1));
	EXPECT_LINE(PONG(1), self->a);
	EXPECT_FALSE(client_can_read(self->b));
}

TEST_F(control, an_error_names_kind_and_term)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"info\","
		     "\"params\":{\"path\":\"/x\"}}\n");
	EXPECT_LINE("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":"
		    "\"no child x\",\"data\":{\"kind\":\"not_found\",\"otp\":\"not_found\"}}}",
		    self->a);
}

TEST_F(control, half_a_line_is_completed_later)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",");
	server_settle(&self->server);
	EXPECT_EQ(0, self->server.nr_requests);
	SAY(self->a, "\"id\":1,\"method\":\"ping\"}");
	server_settle(&self->server);
	EXPECT_EQ(0, self->server.nr_requests);
	SAY(self->a, "\n");
	EXPECT_LINE(PONG(1), self->a);
}

TEST_F(control, answers_come_in_the_order_of_requests)
{
	SAY(self->a, PING(1) WAIT(2) PING(3) PING(4));
	server_settle(&self->server);
	EXPECT_LINE(PONG(1), self->a);
	EXPECT_EQ(2, self->server.nr_requests);
	EXPECT_FALSE(client_can_read(self->a));
	server_release(&self->server);
	EXPECT_LINE(PONG(2), self->a);
	EXPECT_LINE(PONG(3), self->a);
	EXPECT_LINE(PONG(4), self->a);
}

TEST_F(control, a_request_that_waits_does_not_delay_another_client)
{
	SAY(self->a, WAIT(1));
	SAY(self->b, PING(2));
	EXPECT_LINE(PONG(2), self->b);
	EXPECT_FALSE(client_can_read(self->a));
}

TEST_F(control, a_notification_is_served_but_not_answered)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",\"method\":\"ping\"}\n"
		     "{\"jsonrpc\":\"2.0\",\"method\":\"pingg\"}\n" PING(2));
	EXPECT_LINE(PONG(2), self->a);
	EXPECT_EQ(2, self->server.nr_requests);
}

TEST_F(control, who_closes_its_sending_side_gets_all_answers_and_then_the_end)
{
	SAY(self->a, PING(1) PING(2) PING(3) PING(4) PING(5) PING(6) WAIT(7));
	ASSERT_EQ(0, shutdown(self->a, SHUT_WR));
	server_settle(&self->server);
	EXPECT_EQ(7, self->server.nr_requests);
	EXPECT_LINE(PONG(1), self->a);
	EXPECT_LINE(PONG(2), self->a);
	EXPECT_LINE(PONG(3), self->a);
	EXPECT_LINE(PONG(4), self->a);
	EXPECT_LINE(PONG(5), self->a);
	EXPECT_LINE(PONG(6), self->a);
	EXPECT_FALSE(client_can_read(self->a));
	server_release(&self->server);
	EXPECT_LINE(PONG(7), self->a);
	EXPECT_LINE("", self->a);
	EXPECT_EQ(1, self->server.nr_gone);
}

TEST_F(control, a_last_line_without_newline_counts)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}");
	ASSERT_EQ(0, shutdown(self->a, SHUT_WR));
	EXPECT_LINE(PONG(1), self->a);
	EXPECT_LINE("", self->a);
}

TEST_F(control, who_leaves_while_it_waits_is_forgotten_once)
{
	SAY(self->a, WAIT(1) PING(2));
	server_settle(&self->server);
	EXPECT_EQ(1, self->server.nr_held);
	close_fd(&self->a);
	server_settle(&self->server);
	EXPECT_EQ(1, self->server.nr_gone);
	EXPECT_EQ(0, self->server.nr_held);
	EXPECT_EQ(1, st_control_nr_clients(self->server.control));
}

TEST_F(control, who_half_closes_waits_and_then_leaves_is_forgotten_too)
{
	SAY(self->a, WAIT(1));
	ASSERT_EQ(0, shutdown(self->a, SHUT_WR));
	server_settle(&self->server);
	EXPECT_EQ(0, self->server.nr_gone);
	close_fd(&self->a);
	server_settle(&self->server);
	EXPECT_EQ(1, self->server.nr_gone);
}

TEST_F(control, requests_of_one_who_does_not_wait_for_answers_are_served)
{
	SAY(self->a, PING(1) PING(2) PING(3) PING(4) PING(5) PING(6));
	close_fd(&self->a);
	server_settle(&self->server);
	EXPECT_EQ(6, self->server.nr_requests);
	EXPECT_EQ(1, self->server.nr_gone);
}

TEST_F(control, who_never_asked_anything_is_not_reported_gone)
{
	server_settle(&self->server);
	EXPECT_EQ(2, st_control_nr_clients(self->server.control));
	close_fd(&self->a);
	server_settle(&self->server);
	EXPECT_EQ(1, st_control_nr_clients(self->server.control));
	EXPECT_EQ(0, self->server.nr_gone);
}

TEST_F(control, a_subscriber_gets_what_happens_after_its_answer)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n");
	EXPECT_LINE(PONG(1), self->a);
	server_notify(&self->server, 5, "x");
	EXPECT_LINE("{\"jsonrpc\":\"2.0\",\"method\":\"event\","
		    "\"params\":{\"seq\":5,\"text\":\"x\"}}",
		    self->a);
	EXPECT_FALSE(client_can_read(self->b));
}

TEST_F(control, a_subscriber_may_close_its_sending_side_and_go_on_reading)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"subscribe\"}\n");
	ASSERT_EQ(0, shutdown(self->a, SHUT_WR));
	EXPECT_LINE(PONG(1), self->a);
	server_settle(&self->server);
	server_notify(&self->server, 6, "y");
	EXPECT_LINE("{\"jsonrpc\":\"2.0\",\"method\":\"event\","
		    "\"params\":{\"seq\":6,\"text\":\"y\"}}",
		    self->a);
	close_fd(&self->a);
	server_settle(&self->server);
	EXPECT_EQ(1, self->server.nr_gone);
}

TEST_F(control, closing_the_control_sends_what_is_there_and_ends_all)
{
	SAY(self->a, WAIT(1));
	/* before Linux 6.2, what the ring has for us at one moment comes newest first */
	server_settle(&self->server);
	SAY(self->b, WAIT(2));
	server_settle(&self->server);
	st_client_reply_ok(self->server.held[0]);
	st_control_close(self->server.control);
	EXPECT_EQ(2, self->server.nr_gone);
	EXPECT_EQ(-1, access(self->server.path, F_OK));
	EXPECT_LINE(PONG(1), self->a);
	EXPECT_LINE("", self->a);
	EXPECT_LINE("", self->b);
}

TEST_F(control, a_request_may_close_the_control_and_is_answered)
{
	SAY(self->a, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"stop\"}\n" PING(2));
	EXPECT_LINE(PONG(1), self->a);
	EXPECT_LINE("", self->a);
	EXPECT_LINE("", self->b);
	EXPECT_EQ(1, self->server.nr_requests);
	EXPECT_EQ(1, self->server.nr_gone);
}

TEST_HARNESS_MAIN
