// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connects to a server and reads a status; see socket_probe.h.
 */
#include "daemon/probes/socket_probe.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "base/address.h"
#include "os/foreign.h"

#define CODE_AT 9 /* the code of "HTTP/1.1 200 " */
#define CODE_END 12
#define FIRST_GOOD 200
#define FIRST_BAD 400

static void finish(struct st_socket_probe *socket, bool is_well)
{
	st_foreign_close(&socket->fd);
	st_buf_done(&socket->request);
	socket->on_done(socket, is_well);
}

static void on_turn(struct st_poll *poll, int result);

static void await(struct st_socket_probe *socket, uint16_t events)
{
	st_poll_start(socket->ring, &socket->poll, socket->fd, events, on_turn);
}

/* Is it "HTTP/1.x 2dd" or "HTTP/1.x 3dd"? */
static bool is_good(const char status[ST_STATUS_LEN])
{
	int code = 0;

	if (memcmp(status, "HTTP/1.", 7) || status[8] != ' ' || !status[CODE_END] ||
	    !strchr(" \r\n", status[CODE_END]))
		return false;
	for (size_t i = CODE_AT; i < CODE_END; i++) {
		if (status[i] < '0' || status[i] > '9')
			return false;
		code = code * 10 + (status[i] - '0');
	}
	return code >= FIRST_GOOD && code < FIRST_BAD;
}

static void receive(struct st_socket_probe *socket)
{
	ssize_t len = st_foreign_recv(socket->fd, socket->status + socket->nr_read,
				      ST_STATUS_LEN - socket->nr_read, 0);

	if (len > 0)
		socket->nr_read += (size_t)len;
	if (socket->nr_read == ST_STATUS_LEN)
		finish(socket, is_good(socket->status));
	else if (len > 0 || (len < 0 && (errno == EAGAIN || errno == EINTR)))
		await(socket, POLLIN);
	else
		finish(socket, false);
}

static void transmit(struct st_socket_probe *socket)
{
	size_t left = socket->request.len - socket->nr_sent;
	ssize_t len = send(socket->fd, socket->request.data + socket->nr_sent, left,
			   MSG_DONTWAIT | MSG_NOSIGNAL);

	if (len < 0 && errno != EAGAIN && errno != EINTR) {
		finish(socket, false);
		return;
	}
	if (len > 0)
		socket->nr_sent += (size_t)len;
	await(socket, socket->nr_sent == socket->request.len ? POLLIN : POLLOUT);
}

/* What came of connect(2), which did not wait. */
static bool is_connected(int fd)
{
	socklen_t size = sizeof(int);
	int error = 0;

	return !getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) && !error;
}

static void on_turn(struct st_poll *poll, int result)
{
	struct st_socket_probe *socket = container_of(poll, struct st_socket_probe, poll);

	if (result < 0 || socket->is_refused || (!socket->nr_sent && !is_connected(socket->fd)))
		finish(socket, false);
	else if (!socket->request.len)
		finish(socket, true);
	else if (socket->nr_sent < socket->request.len)
		transmit(socket);
	else
		receive(socket);
}

static int write_request(struct st_socket_probe *socket, const struct st_probe_spec *spec,
			 struct st_address *address)
{
	const char *host, *path;
	size_t host_len;
	int err;

	st_buf_init(&socket->request);
	if (spec->type == ST_PROBE_TCP)
		return st_address_parse(spec->address, address);
	err = st_address_parse_http(spec->address, address, &host, &host_len, &path);
	if (err)
		return err;
	st_buf_add_text(&socket->request, "GET ");
	st_buf_add_text(&socket->request, path);
	st_buf_add_text(&socket->request, " HTTP/1.0\r\nHost: ");
	st_buf_add(&socket->request, host, host_len);
	st_buf_add_text(&socket->request, "\r\nUser-Agent: suptree\r\nConnection: close\r\n\r\n");
	return st_buf_error(&socket->request);
}

/* A refused connection is an outcome, which the poll reports too: it must come later. */
static int open_socket(struct st_socket_probe *socket_probe, const struct st_address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	socket_probe->fd = fd;
	socket_probe->is_refused = connect(fd, &address->any, address->len) && errno != EINPROGRESS;
	return 0;
}

int st_socket_probe_start(struct st_socket_probe *socket, struct st_ring *ring,
			  const struct st_probe_spec *spec,
			  void (*on_done)(struct st_socket_probe *socket, bool is_well))
{
	struct st_address address;
	int err;

	*socket = (struct st_socket_probe){ .ring = ring, .fd = -1, .on_done = on_done };
	err = write_request(socket, spec, &address);
	if (!err)
		err = open_socket(socket, &address);
	if (err) {
		st_buf_done(&socket->request);
		return err;
	}
	await(socket, POLLOUT);
	return 0;
}

void st_socket_probe_cancel(struct st_socket_probe *socket)
{
	st_op_cancel(&socket->poll.op);
}
