// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many clients at once, up to the limit and one beyond it.
 */
#include <sys/resource.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/server.h"

#define PING "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n"
#define PONG "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":true}}"

static bool raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return false;
	limit.rlim_cur = limit.rlim_max;
	return limit.rlim_max > 2 * ST_CONTROL_MAX_CLIENTS + 64 &&
	       !setrlimit(RLIMIT_NOFILE, &limit);
}

TEST(as_many_clients_as_the_limit_are_served_and_the_next_is_told_why_not)
{
	const struct st_control_config limits = { 0 };
	struct server server;
	int fds[ST_CONTROL_MAX_CLIENTS + 1];

	if (!raise_limit())
		SKIP(return, "needs more than 1,100 file descriptors");
	server_init(&server, &limits);
	for (int i = 0; i <= ST_CONTROL_MAX_CLIENTS; i++) {
		fds[i] = client_connect(&server);
		server_settle(&server);
	}
	for (int i = 0; i < ST_CONTROL_MAX_CLIENTS; i++)
		client_say(&server, fds[i], PING);
	for (int i = 0; i < ST_CONTROL_MAX_CLIENTS; i++)
		EXPECT_STREQ(PONG, client_line(&server, fds[i]));
	EXPECT_STREQ("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":13,\"message\":"
		     "\"connect: refused: all 512 connections are in use\","
		     "\"data\":{\"kind\":\"limit\"}}}",
		     client_line(&server, fds[ST_CONTROL_MAX_CLIENTS]));
	EXPECT_STREQ("", client_line(&server, fds[ST_CONTROL_MAX_CLIENTS]));
	EXPECT_EQ(ST_CONTROL_MAX_CLIENTS, st_control_nr_clients(server.control));

	close(fds[0]);
	server_settle(&server);
	fds[0] = client_connect(&server);
	client_say(&server, fds[0], PING);
	EXPECT_STREQ(PONG, client_line(&server, fds[0]));
	server_done(&server);
	for (int i = 0; i <= ST_CONTROL_MAX_CLIENTS; i++)
		close(fds[i]);
}

TEST(clients_that_come_and_go_leave_nothing_behind)
{
	const struct st_control_config limits = { .max_clients = 3 };
	struct server server;

	server_init(&server, &limits);
	for (int i = 0; i < 1000; i++) {
		int fd = client_connect(&server);

		client_say(&server, fd, PING);
		if (i % 3)
			ASSERT_STREQ(PONG, client_line(&server, fd));
		close(fd);
		server_settle(&server);
		ASSERT_EQ(0, st_control_nr_clients(server.control));
	}
	EXPECT_EQ(1000, server.nr_requests);
	EXPECT_EQ(1000, server.nr_gone);
	server_done(&server);
}

#define MAX_FDS 64

TEST(without_descriptors_clients_are_told_so_and_the_loop_does_not_spin)
{
	const struct st_control_config limits = { 0 };
	struct server server;
	struct rlimit limit;
	int fds[3], used[MAX_FDS];
	int nr_used = 0;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = MAX_FDS;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	server_init(&server, &limits);
	for (int i = 0; i < 3; i++)
		fds[i] = client_connect(&server);
	while ((used[nr_used] = dup(0)) >= 0)
		nr_used++;
	server_settle(&server);
	for (int i = 0; i < 3; i++) {
		EXPECT_NE(NULL, strstr(client_line(&server, fds[i]),
				       "the daemon has no descriptor left"));
		EXPECT_STREQ("", client_line(&server, fds[i]));
		close(fds[i]);
	}
	EXPECT_EQ(0, st_control_nr_clients(server.control));
	server_settle(&server);

	while (nr_used)
		close(used[--nr_used]);
	fds[0] = client_connect(&server);
	client_say(&server, fds[0], PING);
	EXPECT_STREQ(PONG, client_line(&server, fds[0]));
	fds[1] = client_connect(&server);
	client_say(&server, fds[1], PING);
	EXPECT_STREQ(PONG, client_line(&server, fds[1]));
	server_done(&server);
	close(fds[0]);
	close(fds[1]);
}

TEST_HARNESS_MAIN
