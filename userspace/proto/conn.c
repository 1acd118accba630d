// SPDX-License-Identifier: GPL-2.0-only
/*
 * The blocking connection of conn.h. Reading waits in poll(2) with a deadline.
 * Writing relies on the socket's send timeout, because requests are small.
 */
#include "proto/conn.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "proto/frame.h"
#include "proto/rpc.h"

#define LINE_LIMIT (512u << 20) /* bytes; an answer can be a tree of 100,000 nodes */
#define SEND_TIMEOUT_S 10
#define PORTION 65536

struct st_conn {
	int fd;
	int passed_fd; /* came with the last answer and was not taken; or -1 */
	int64_t last_id;
	struct st_frame frame;
	json_t *waiting; /* notifications that came during a call */
	char error[512];
};

static int fail(struct st_conn *conn, int error, const char *what)
{
	snprintf(conn->error, sizeof(conn->error), "%s: %s", what, strerror(-error));
	return error;
}

int st_conn_from_fd(int fd, struct st_conn **ret_conn)
{
	struct st_conn *conn = st_alloc(sizeof(*conn));

	if (!conn)
		return -ENOMEM;
	conn->waiting = json_array();
	if (!conn->waiting) {
		st_free(conn);
		return -ENOMEM;
	}
	conn->fd = fd;
	conn->passed_fd = -1;
	st_frame_init(&conn->frame, LINE_LIMIT);
	*ret_conn = conn;
	return 0;
}

static int connect_to(struct st_conn *conn, const char *path)
{
	const struct timeval timeout = { .tv_sec = SEND_TIMEOUT_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len + 1);
	conn->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (conn->fd < 0 ||
	    setsockopt(conn->fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) ||
	    connect(conn->fd, (const struct sockaddr *)&address, sizeof(address)))
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	return 0;
}

int st_conn_open(const char *path, struct st_conn **ret_conn)
{
	int ret = st_conn_from_fd(-1, ret_conn);

	if (ret) {
		*ret_conn = NULL;
		return ret;
	}
	ret = connect_to(*ret_conn, path);
	if (ret)
		snprintf((*ret_conn)->error, sizeof((*ret_conn)->error), "connect to %s: %s", path,
			 strerror(-ret));
	return ret;
}

void st_conn_close(struct st_conn *conn)
{
	if (!conn)
		return;
	if (conn->fd >= 0)
		close(conn->fd);
	if (conn->passed_fd >= 0)
		close(conn->passed_fd);
	json_decref(conn->waiting);
	st_frame_done(&conn->frame);
	st_free(conn);
}

int st_conn_take_fd(struct st_conn *conn)
{
	int fd = conn->passed_fd;

	conn->passed_fd = -1;
	return fd;
}

int st_conn_fd(const struct st_conn *conn)
{
	return conn->fd;
}

const char *st_conn_error(const struct st_conn *conn)
{
	return conn ? conn->error : "no memory";
}

static uint64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static uint64_t deadline_after(int timeout_ms)
{
	if (timeout_ms < 0)
		return UINT64_MAX;
	return clock_ns() + (uint64_t)timeout_ms * ST_NSEC_PER_MSEC;
}

/*
 * Time left until a deadline, for poll(2); rounded up, so that the caller does
 * not spin.
 */
static int timeout_until(uint64_t deadline_ns)
{
	uint64_t now_ns = clock_ns();
	uint64_t left_ms;

	if (deadline_ns == UINT64_MAX)
		return -1;
	if (deadline_ns <= now_ns)
		return 0;
	left_ms = (deadline_ns - now_ns + ST_NSEC_PER_MSEC - 1) / ST_NSEC_PER_MSEC;
	return left_ms < INT32_MAX ? (int)left_ms : INT32_MAX;
}

static int send_all(struct st_conn *conn, const struct st_buf *line)
{
	size_t sent = 0;

	while (sent < line->len) {
		ssize_t nr = send(conn->fd, line->data + sent, line->len - sent, MSG_NOSIGNAL);

		if (nr >= 0)
			sent += (size_t)nr;
		else if (errno == EAGAIN)
			return fail(conn, -ETIMEDOUT, "send a request");
		else if (errno != EINTR)
			return fail(conn, -errno, "send a request");
	}
	return 0;
}

static void keep_fd(struct st_conn *conn, const struct cmsghdr *header)
{
	if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
		return;
	if (conn->passed_fd >= 0)
		close(conn->passed_fd);
	memcpy(&conn->passed_fd, CMSG_DATA(header), sizeof(conn->passed_fd));
}

/* Call recv(2), with room for the one descriptor that an answer can have. */
static ssize_t receive_portion(struct st_conn *conn, char *portion, size_t size)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = portion, .iov_len = size };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t nr = recvmsg(conn->fd, &message, MSG_CMSG_CLOEXEC);

	for (struct cmsghdr *header = nr > 0 ? CMSG_FIRSTHDR(&message) : NULL; header;
	     header = CMSG_NXTHDR(&message, header))
		keep_fd(conn, header);
	return nr;
}

static int receive_more(struct st_conn *conn, uint64_t deadline_ns)
{
	struct pollfd wait = { .fd = conn->fd, .events = POLLIN };
	char portion[PORTION];
	ssize_t nr;
	int ret = poll(&wait, 1, timeout_until(deadline_ns));

	if (ret < 0)
		return errno == EINTR ? 0 : fail(conn, -errno, "wait for the daemon");
	if (!ret)
		return deadline_ns <= clock_ns() ? fail(conn, -ETIMEDOUT, "wait for the daemon") :
						   0;
	nr = receive_portion(conn, portion, sizeof(portion));
	if (nr < 0)
		return errno == EINTR ? 0 : fail(conn, -errno, "read from the daemon");
	if (!nr) {
		snprintf(conn->error, sizeof(conn->error), "the daemon closed the connection");
		return -EPIPE;
	}
	ret = st_frame_feed(&conn->frame, portion, (size_t)nr);
	return ret ? fail(conn, ret, "keep what the daemon sends") : 0;
}

static int receive(struct st_conn *conn, uint64_t deadline_ns, json_t **ret_message)
{
	json_error_t error;
	const char *line;
	size_t len;
	int ret;

	while (!(ret = st_frame_next(&conn->frame, &line, &len))) {
		ret = receive_more(conn, deadline_ns);
		if (ret)
			return ret;
	}
	if (ret < 0)
		return fail(conn, ret, "read an answer");
	*ret_message = json_loadb(line, len, JSON_ALLOW_NUL, &error);
	if (json_is_object(*ret_message))
		return 0;
	json_decref(*ret_message);
	snprintf(conn->error, sizeof(conn->error), "read an answer: it is not JSON at byte %d: %s",
		 error.position, error.text);
	return -EPROTO;
}

static bool is_notification(const json_t *message)
{
	return json_is_string(json_object_get(message, "method"));
}

/*
 * Is it an answer to our request? An error without id is about the connection.
 */
static bool is_answer(const json_t *message, int64_t id)
{
	const json_t *found = json_object_get(message, "id");

	if (json_is_null(found))
		return json_object_get(message, "error") != NULL;
	return json_is_integer(found) && json_integer_value(found) == id;
}

static int take_answer(struct st_conn *conn, json_t *message, json_t **ret_result,
		       struct st_conn_failure *ret_failure)
{
	json_t *result = json_object_get(message, "result");
	json_t *error = json_object_get(message, "error");
	const char *kind;
	const char *text;

	if (result) {
		*ret_result = json_incref(result);
		return 0;
	}
	text = json_string_value(json_object_get(error, "message"));
	kind = json_string_value(json_object_get(json_object_get(error, "data"), "kind"));
	if (!text) {
		snprintf(conn->error, sizeof(conn->error),
			 "read an answer: it has no result and no error");
		return -EPROTO;
	}
	snprintf(conn->error, sizeof(conn->error), "%s", text);
	ret_failure->kind = kind ? st_error_find(kind) : -ENOENT;
	ret_failure->error = json_incref(error);
	return -EREMOTEIO;
}

static int await_answer(struct st_conn *conn, uint64_t deadline_ns, json_t **ret_answer)
{
	for (;;) {
		json_t *message;
		int ret = receive(conn, deadline_ns, &message);

		if (ret)
			return ret;
		if (is_answer(message, conn->last_id)) {
			*ret_answer = message;
			return 0;
		}
		if (!is_notification(message)) {
			json_decref(message);
			snprintf(conn->error, sizeof(conn->error),
				 "read an answer: it is for another request");
			return -EPROTO;
		}
		if (json_array_append_new(conn->waiting, message))
			return fail(conn, -ENOMEM, "keep a notification");
	}
}

int st_conn_call(struct st_conn *conn, const char *method, const json_t *params, int timeout_ms,
		 json_t **ret_result, struct st_conn_failure *ret_failure)
{
	uint64_t deadline_ns = deadline_after(timeout_ms);
	struct st_buf line = ST_BUF_INIT;
	json_t *answer = NULL;
	int ret = st_rpc_write_request(&line, ++conn->last_id, method, params);

	if (ret)
		(void)fail(conn, ret, "write a request");
	else
		ret = send_all(conn, &line);
	st_buf_done(&line);
	/*
	 * a daemon that refuses a client sends the reason and closes: read that
	 * text
	 */
	if (ret && ret != -EPIPE)
		return ret;
	ret = await_answer(conn, deadline_ns, &answer);
	if (ret)
		return ret;
	ret = take_answer(conn, answer, ret_result, ret_failure);
	json_decref(answer);
	return ret;
}

int st_conn_next(struct st_conn *conn, int timeout_ms, json_t **ret_notification)
{
	json_t *message = json_array_get(conn->waiting, 0);
	int ret;

	if (message) {
		*ret_notification = json_incref(message);
		json_array_remove(conn->waiting, 0);
		return 0;
	}
	ret = receive(conn, deadline_after(timeout_ms), &message);
	if (ret)
		return ret;
	if (is_notification(message)) {
		*ret_notification = message;
		return 0;
	}
	json_decref(message);
	snprintf(conn->error, sizeof(conn->error), "read a notification: an answer came");
	return -EPROTO;
}
