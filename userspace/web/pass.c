// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections to the daemon; see pass.h.
 */
#include "web/pass.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "proto/rpc.h"

#define PORTION 65536

static void watch(struct st_pass *pass)
{
	st_web_loop_change(pass->loop, &pass->source, EPOLLIN | (pass->out.len ? EPOLLOUT : 0));
}

static int flush(struct st_pass *pass)
{
	while (pass->out.len) {
		ssize_t nr = send(pass->source.fd, pass->out.data, pass->out.len,
				  MSG_DONTWAIT | MSG_NOSIGNAL);

		if (nr > 0)
			st_buf_consume(&pass->out, (size_t)nr);
		else if (errno == EAGAIN)
			break;
		else if (errno != EINTR)
			return -errno;
	}
	watch(pass);
	return 0;
}

static void free_now(struct st_pass *pass)
{
	st_frame_done(&pass->in);
	st_buf_done(&pass->out);
	st_free(pass);
}

/* Hand out whole lines. Return: false: the pass was freed meanwhile. */
static bool hand_out(struct st_pass *pass)
{
	const char *line;
	size_t len;
	int ret = 1;

	pass->is_handing_out = true;
	while (!pass->is_dead && (ret = st_frame_next(&pass->in, &line, &len)) == 1)
		pass->handler->on_line(pass, line, len);
	pass->is_handing_out = false;
	if (pass->is_dead) {
		free_now(pass);
		return false;
	}
	if (ret < 0) {
		pass->handler->on_end(pass, ret);
		return false;
	}
	return true;
}

static void on_ready(struct st_source *source, uint32_t events)
{
	struct st_pass *pass = container_of(source, struct st_pass, source);
	static char portion[PORTION];
	ssize_t nr;
	int err = events & EPOLLOUT ? flush(pass) : 0;

	if (!err && (events & (EPOLLIN | EPOLLHUP | EPOLLERR))) {
		nr = recv(source->fd, portion, sizeof(portion), MSG_DONTWAIT);
		if (nr > 0)
			err = st_frame_feed(&pass->in, portion, (size_t)nr);
		else if (!nr)
			err = -EPIPE;
		else if (errno != EAGAIN && errno != EINTR)
			err = -errno;
		if (!err && !hand_out(pass))
			return;
	}
	if (err)
		pass->handler->on_end(pass, err);
}

static int open_socket(const char *path, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address))) {
		err = -errno;
		close(fd);
		return err;
	}
	*ret_fd = fd;
	return 0;
}

int st_pass_new(struct st_web_loop *loop, const char *socket, const struct st_pass_handler *handler,
		void *owner, struct st_pass **ret_pass)
{
	struct st_pass *pass = st_alloc(sizeof(*pass));
	int ret;

	if (!pass)
		return -ENOMEM;
	pass->loop = loop;
	pass->handler = handler;
	pass->owner = owner;
	pass->source.on_ready = on_ready;
	ret = open_socket(socket, &pass->source.fd);
	if (ret) {
		st_free(pass);
		return ret;
	}
	ret = st_web_loop_add(loop, &pass->source, EPOLLIN);
	if (ret) {
		close(pass->source.fd);
		st_free(pass);
		return ret;
	}
	st_frame_init(&pass->in, ST_PASS_LIMIT);
	st_buf_init(&pass->out);
	*ret_pass = pass;
	return 0;
}

void st_pass_free(struct st_pass *pass)
{
	if (!pass)
		return;
	st_web_loop_remove(pass->loop, &pass->source);
	close(pass->source.fd);
	if (pass->is_handing_out)
		pass->is_dead = true;
	else
		free_now(pass);
}

int st_pass_send(struct st_pass *pass, int64_t id, const char *method, const json_t *params)
{
	int ret = st_rpc_write_request(&pass->out, id, method, params);

	if (ret)
		return ret;
	watch(pass); /* what flush() would find is found in the next turn */
	return 0;
}

int st_pass_login(struct st_pass *pass, const char *secret)
{
	json_t *params = json_pack("{s:s}", "secret", secret);
	int ret = params ? st_pass_send(pass, 1, "login", params) : -ENOMEM;

	json_decref(params);
	return ret;
}

const char *st_pass_result(const char *line, size_t len, int64_t id, size_t *ret_len)
{
	struct st_rpc_id number = { "" };
	struct st_buf head = ST_BUF_INIT, tail = ST_BUF_INIT;
	const char *result = NULL;

	st_buf_add_i64(&head, id);
	strncpy(number.text, st_buf_text(&head), sizeof(number.text) - 1);
	st_buf_reset(&head);
	st_rpc_write_result_head(&head, &number);
	st_rpc_write_result_tail(&tail);
	if (tail.len && tail.data[tail.len - 1] == '\n')
		tail.len--; /* lines come without it */
	if (!head.failed && !tail.failed && len > head.len + tail.len &&
	    !memcmp(line, head.data, head.len)) {
		result = line + head.len;
		*ret_len = len - head.len - tail.len;
	}
	st_buf_done(&head);
	st_buf_done(&tail);
	return result;
}
