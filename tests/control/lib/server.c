// SPDX-License-Identifier: GPL-2.0-only
/*
 * The server of server.h.
 */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "loop/probe.h"
#include "proto/json.h"

static void check(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "# %s: %s\n", what, strerror(errno));
	abort();
}

static void on_request(void *owner, struct st_client *client, const struct st_rpc_request *request)
{
	struct server *server = owner;
	struct st_buf result = ST_BUF_INIT;

	server->nr_requests++;
	if (request->op == ST_OPERATION_WAIT) {
		check(server->nr_held < MAX_HELD, "too many requests wait");
		server->held[server->nr_held++] = client;
	} else if (request->op == ST_OPERATION_SUBSCRIBE) {
		check(server->nr_streams < MAX_STREAMS, "too many streams");
		server->streams[server->nr_streams++] = client;
		st_client_set_stream(client, true);
		st_client_reply_ok(client);
	} else if (request->op == ST_OPERATION_STATUS) {
		st_buf_add_u64(&result, server->nr_requests);
		st_client_reply_result(client, &result);
	} else if (request->op == ST_OPERATION_INFO) {
		st_client_reply_error(client, ST_ERROR_NOT_FOUND, "\"not_found\"", "no child %s",
				      st_rpc_text(request, "path", ""));
	} else {
		st_client_reply_ok(client);
		if (request->op == ST_OPERATION_STOP)
			st_control_close(server->control);
	}
	st_buf_done(&result);
}

static void forget(struct st_client **clients, unsigned int *nr, const struct st_client *client)
{
	for (unsigned int i = 0; i < *nr; i++)
		if (clients[i] == client)
			clients[i--] = clients[--*nr];
}

static void on_gone(void *owner, struct st_client *client)
{
	struct server *server = owner;

	server->nr_gone++;
	forget(server->held, &server->nr_held, client);
	forget(server->streams, &server->nr_streams, client);
}

const struct st_control_handler server_handler = { .on_request = on_request, .on_gone = on_gone };

void server_init(struct server *server, const struct st_control_config *limits)
{
	server_init_with(server, limits, &server_handler);
}

void server_init_with(struct server *server, const struct st_control_config *limits,
		      const struct st_control_handler *handler)
{
	struct st_control_config config = *limits;
	struct st_probe probe;
	pid_t owner;

	memset(server, 0, sizeof(*server));
	check(temporary_folder(server->dir, "suptree-control-XXXXXX") != NULL, "make a folder");
	snprintf(server->path, sizeof(server->path), "%s/control.sock", server->dir);
	check(!st_probe_run(&probe) && !st_ring_new(&probe, &server->ring), "make a ring");
	config.path = server->path;
	check(!st_control_open(server->ring, &config, handler, server, &owner, &server->control),
	      "open the control socket");
}

void server_done(struct server *server)
{
	st_control_close(server->control);
	while (!st_control_is_closed(server->control))
		check(st_ring_run_once(server->ring, true) >= 0, "take a turn");
	st_control_free(server->control);
	check(st_ring_nr_armed(server->ring) == 0, "an operation is still armed");
	st_ring_free(server->ring);
	check(!rmdir(server->dir), "remove the folder");
}

bool server_turn(struct server *server)
{
	int ret = st_ring_run_once(server->ring, false);

	check(ret >= 0, "take a turn");
	return ret > 0;
}

void server_settle(struct server *server)
{
	/* what a turn submits may complete in the next */
	while (server_turn(server) || server_turn(server))
		;
}

void server_release(struct server *server)
{
	while (server->nr_held)
		st_client_reply_ok(server->held[--server->nr_held]);
}

void server_notify(struct server *server, unsigned long seq, const char *text)
{
	struct st_buf params = ST_BUF_INIT;
	struct st_buf line = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &params);
	st_json_begin_object(&json);
	st_json_u64_field(&json, "seq", seq);
	st_json_text_field(&json, "text", text);
	st_json_end_object(&json);
	st_rpc_write_notification(&line, "event", st_buf_text(&params), params.len);
	for (unsigned int i = 0; i < server->nr_streams; i++)
		st_client_notify(server->streams[i], seq, &line);
	st_buf_done(&params);
	st_buf_done(&line);
}

int client_connect(const struct server *server)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(address.sun_path, server->path, sizeof(server->path));
	check(fd >= 0 && !connect(fd, (const struct sockaddr *)&address, sizeof(address)),
	      "connect");
	return fd;
}

void client_send(struct server *server, int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t nr = send(fd, text, len, MSG_NOSIGNAL);

		if (nr < 0) {
			check(errno == EAGAIN, "send");
			server_settle(server);
			continue;
		}
		text += nr;
		len -= (size_t)nr;
	}
}

void client_say(struct server *server, int fd, const char *text)
{
	client_send(server, fd, text, strlen(text));
}

const char *client_line(struct server *server, int fd)
{
	static char line[1 << 20];
	size_t len = 0;

	for (;;) {
		ssize_t nr = recv(fd, line + len, 1, 0);

		if (nr < 0 && errno == EAGAIN) {
			check(st_ring_run_once(server->ring, true) >= 0, "take a turn");
			continue;
		}
		if (nr <= 0 || line[len] == '\n')
			break;
		check(++len < sizeof(line), "the line is too long for the test");
	}
	line[len] = '\0';
	return line;
}

bool client_can_read(int fd)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	return poll(&wait, 1, 0) == 1;
}
