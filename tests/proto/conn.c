// SPDX-License-Identifier: GPL-2.0-only
/*
 * The blocking connection. What the daemon would send is written beforehand
 * into the other end of a socket pair, so nothing here runs at the same time.
 */
#include "proto/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "temporary.h"

#define OTHER 65534 /* a user that is not root */

FIXTURE(conn)
{
	struct st_conn *conn;
	int peer;
	json_t *result;
	struct st_conn_failure failure;
};

FIXTURE_SETUP(conn)
{
	int fds[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
	self->peer = fds[1];
	self->result = NULL;
	self->failure.error = NULL;
	ASSERT_EQ(0, st_conn_from_fd(fds[0], &self->conn));
}

FIXTURE_TEARDOWN(conn)
{
	json_decref(self->result);
	json_decref(self->failure.error);
	st_conn_close(self->conn);
	if (self->peer >= 0)
		close(self->peer);
}

#define SEND(text) ASSERT_EQ((ssize_t)strlen(text), write(self->peer, text, strlen(text)))
#define CALL(timeout_ms) \
	st_conn_call(self->conn, "ping", NULL, timeout_ms, &self->result, &self->failure)

TEST_F(conn, a_call_sends_one_line_and_returns_the_result)
{
	char line[256] = { 0 };

	SEND("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"ok\":true}}\n");
	ASSERT_EQ(0, CALL(ST_CONN_NO_TIMEOUT)) TH_LOG("%s", st_conn_error(self->conn));
	EXPECT_TRUE(json_is_true(json_object_get(self->result, "ok")));
	ASSERT_LT(0, read(self->peer, line, sizeof(line) - 1));
	EXPECT_STREQ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n", line);
}

TEST_F(conn, an_error_gives_its_kind_text_and_object)
{
	SEND("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1,\"message\":\"no a\","
	     "\"data\":{\"kind\":\"not_found\"}}}\n");
	ASSERT_EQ(-EREMOTEIO, CALL(ST_CONN_NO_TIMEOUT));
	EXPECT_EQ(ST_ERROR_NOT_FOUND, self->failure.kind);
	EXPECT_STREQ("no a", st_conn_error(self->conn));
	EXPECT_EQ(1, json_integer_value(json_object_get(self->failure.error, "code")));
}

TEST_F(conn, an_error_of_a_kind_not_known_is_still_an_error)
{
	SEND("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":99,\"message\":\"new\","
	     "\"data\":{\"kind\":\"of_the_future\"}}}\n");
	ASSERT_EQ(-EREMOTEIO, CALL(ST_CONN_NO_TIMEOUT));
	EXPECT_EQ(-ENOENT, self->failure.kind);
	EXPECT_STREQ("new", st_conn_error(self->conn));
}

TEST_F(conn, notifications_during_a_call_are_kept_in_order)
{
	json_t *notification;

	SEND("{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":1}}\n"
	     "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":2}}\n"
	     "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":1}\n"
	     "{\"jsonrpc\":\"2.0\",\"method\":\"event\",\"params\":{\"seq\":3}}\n");
	ASSERT_EQ(0, CALL(ST_CONN_NO_TIMEOUT));
	for (int seq = 1; seq <= 3; seq++) {
		ASSERT_EQ(0, st_conn_next(self->conn, ST_CONN_NO_TIMEOUT, &notification));
		EXPECT_EQ(seq, json_integer_value(json_object_get(
				       json_object_get(notification, "params"), "seq")));
		json_decref(notification);
	}
}

TEST_F(conn, no_answer_in_time_is_a_timeout)
{
	EXPECT_EQ(-ETIMEDOUT, CALL(0));
	EXPECT_NE(NULL, strstr(st_conn_error(self->conn), "wait for the daemon"));
}

TEST_F(conn, a_daemon_that_closes_is_told_from_one_that_is_slow)
{
	close(self->peer);
	self->peer = -1;
	EXPECT_EQ(-EPIPE, CALL(ST_CONN_NO_TIMEOUT));
	EXPECT_STREQ("the daemon closed the connection", st_conn_error(self->conn));
}

TEST_F(conn, why_the_daemon_closed_is_read_although_sending_fails)
{
	SEND("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":13,\"message\":\"full\","
	     "\"data\":{\"kind\":\"limit\"}}}\n");
	close(self->peer);
	self->peer = -1;
	ASSERT_EQ(-EREMOTEIO, CALL(ST_CONN_NO_TIMEOUT));
	EXPECT_EQ(ST_ERROR_LIMIT, self->failure.kind);
	EXPECT_STREQ("full", st_conn_error(self->conn));
}

static const char *const nonsense[] = {
	"hello\n",
	"[]\n",
	"{}\n",
	"{\"jsonrpc\":\"2.0\",\"id\":1}\n",
	"{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":1}\n",
	"{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":1}\n",
	"{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":1}\n",
};

TEST(what_is_no_answer_is_an_error_of_the_protocol)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(nonsense); i++) {
		struct st_conn_failure failure;
		struct st_conn *conn;
		json_t *result;
		int fds[2];

		ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
		ASSERT_EQ(0, st_conn_from_fd(fds[0], &conn));
		ASSERT_LT(0, write(fds[1], nonsense[i], strlen(nonsense[i])));
		EXPECT_EQ(-EPROTO,
			  st_conn_call(conn, "ping", NULL, ST_CONN_NO_TIMEOUT, &result, &failure))
		TH_LOG("%s", nonsense[i]);
		st_conn_close(conn);
		close(fds[1]);
	}
}

TEST(where_no_daemon_is_the_error_says_where)
{
	struct st_conn *conn;

	EXPECT_EQ(-ENOENT, st_conn_open("/nonexistent/socket", &conn));
	EXPECT_STREQ("connect to /nonexistent/socket: No such file or directory",
		     st_conn_error(conn));
	st_conn_close(conn);
}

TEST(a_path_too_long_for_a_socket_is_an_error)
{
	struct st_conn *conn;
	char path[200];

	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, st_conn_open(path, &conn));
	st_conn_close(conn);
}

TEST(the_socket_is_the_one_given_else_that_of_the_environment_else_the_default)
{
	struct st_buf path = ST_BUF_INIT;

	ASSERT_EQ(0, setenv("SUPTREE_SOCKET", "/from/env", 1));
	ASSERT_EQ(0, st_conn_socket_path("/given", &path));
	EXPECT_STREQ("/given", st_buf_text(&path));
	ASSERT_EQ(0, st_conn_socket_path(NULL, &path));
	EXPECT_STREQ("/from/env", st_buf_text(&path));
	ASSERT_EQ(0, unsetenv("SUPTREE_SOCKET"));
	ASSERT_EQ(0, unsetenv("XDG_RUNTIME_DIR"));
	ASSERT_EQ(0, st_conn_socket_path(NULL, &path));
	EXPECT_STREQ(ST_CONN_DEFAULT_SOCKET, st_buf_text(&path));
	st_buf_done(&path);
}

TEST(a_user_gets_his_own_daemon_if_there_is_one)
{
	char dir[TEMPORARY_SIZE];
	struct st_buf path = ST_BUF_INIT;
	char name[128];

	ASSERT_NE(NULL, temporary_folder(dir, "suptree-conn-XXXXXX"));
	if (geteuid() == 0 && (chown(dir, OTHER, OTHER) || seteuid(OTHER)))
		SKIP(return, "needs to become another user than root");
	if (eaccess(dir, R_OK | W_OK | X_OK)) {
		ASSERT_EQ(0, seteuid(getuid()));
		ASSERT_EQ(0, rmdir(dir));
		SKIP(return, "needs a TMPDIR that other users may enter");
	}
	ASSERT_EQ(0, unsetenv("SUPTREE_SOCKET"));
	ASSERT_EQ(0, setenv("XDG_RUNTIME_DIR", dir, 1));
	ASSERT_EQ(0, st_conn_socket_path(NULL, &path));
	EXPECT_STREQ(ST_CONN_DEFAULT_SOCKET, st_buf_text(&path));
	snprintf(name, sizeof(name), "%s/suptree", dir);
	ASSERT_EQ(0, mkdir(name, 0700));
	snprintf(name, sizeof(name), "%s/" ST_CONN_USER_SOCKET, dir);
	ASSERT_EQ(0, mkdir(name, 0700)); /* anything will do: only its being there counts */
	ASSERT_EQ(0, st_conn_socket_path(NULL, &path));
	EXPECT_STREQ(name, st_buf_text(&path));
	EXPECT_EQ(0, rmdir(name));
	snprintf(name, sizeof(name), "%s/suptree", dir);
	EXPECT_EQ(0, rmdir(name));
	ASSERT_EQ(0, seteuid(getuid()));
	EXPECT_EQ(0, rmdir(dir));
	st_buf_done(&path);
}

TEST_HARNESS_MAIN
