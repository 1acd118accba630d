// SPDX-License-Identifier: GPL-2.0-only
/*
 * The connection; see link.h.
 */
#include "journal/link.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "proto/rpc.h"

#define PORTION 65536

int st_past_link_open(struct st_past_link *link, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	*link = (struct st_past_link){ .fd = -1 };
	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address))) {
		err = -errno;
		close(fd);
		return err;
	}
	link->fd = fd;
	st_frame_init(&link->in, ST_PAST_LINK_LIMIT);
	st_buf_init(&link->out);
	return 0;
}

void st_past_link_close(struct st_past_link *link)
{
	if (link->fd < 0)
		return;
	close(link->fd);
	st_frame_done(&link->in);
	st_buf_done(&link->out);
	link->fd = -1;
}

/* Requests are few and small, so a daemon that does not take them has gone wrong. */
static int flush(struct st_past_link *link)
{
	while (link->out.len) {
		ssize_t nr =
			send(link->fd, link->out.data, link->out.len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (nr > 0)
			st_buf_consume(&link->out, (size_t)nr);
		else if (errno == EAGAIN)
			return -ENOBUFS;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

int st_past_link_ask(struct st_past_link *link, int64_t id, const char *method,
		     const json_t *params)
{
	int err = st_rpc_write_request(&link->out, id, method, params);

	return err ? err : flush(link);
}

/* Return: 1: there is more; 0: not now; -EPIPE; -errno. */
static int read_more(struct st_past_link *link)
{
	static char portion[PORTION];
	ssize_t nr = recv(link->fd, portion, sizeof(portion), MSG_DONTWAIT);
	int err;

	if (!nr)
		return -EPIPE;
	if (nr < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	err = st_frame_feed(&link->in, portion, (size_t)nr);
	return err ? err : 1;
}

int st_past_link_next(struct st_past_link *link, const char **ret_line, size_t *ret_len)
{
	int ret = st_frame_next(&link->in, ret_line, ret_len);

	while (!ret) {
		ret = read_more(link);
		if (ret <= 0)
			return ret;
		ret = st_frame_next(&link->in, ret_line, ret_len);
	}
	return ret;
}
