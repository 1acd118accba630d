// SPDX-License-Identifier: GPL-2.0-only
/*
 * uring socket|pipe [worker]: sends "hello" and receives it, only by io_uring; with
 * "worker", by its worker threads.
 *
 * It first waits for a byte on stdin. Status 0 if it has received what it sent.
 */
#include <errno.h>
#include <liburing.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char text[] = "hello";

static int finish(struct io_uring *ring, struct io_uring_sqe *entry, unsigned int flags)
{
	struct io_uring_cqe *done;

	io_uring_sqe_set_flags(entry, flags);
	int ret = io_uring_submit_and_wait(ring, 1);

	if (ret == 1)
		ret = io_uring_wait_cqe(ring, &done);
	if (ret < 0)
		return ret;
	ret = done->res;
	io_uring_cqe_seen(ring, done);
	return ret;
}

static int exchange(struct io_uring *ring, const int fds[2], unsigned int flags)
{
	char back[64];
	struct io_uring_sqe *entry = io_uring_get_sqe(ring);

	io_uring_prep_write(entry, fds[1], text, strlen(text), 0);
	int ret = finish(ring, entry, flags);

	if (ret != (int)strlen(text))
		return ret < 0 ? ret : -EIO;
	entry = io_uring_get_sqe(ring);
	io_uring_prep_read(entry, fds[0], back, sizeof(back), 0);
	ret = finish(ring, entry, flags);
	if (ret < 0)
		return ret;
	return ret == (int)strlen(text) && !memcmp(back, text, ret) ? 0 : -EIO;
}

int main(int argc, char **argv)
{
	struct io_uring ring;
	char byte;
	int fds[2];

	if (argc < 2 || read(STDIN_FILENO, &byte, 1) != 1)
		return 2;
	int ret = strcmp(argv[1], "pipe") ? socketpair(AF_UNIX, SOCK_STREAM, 0, fds) : pipe(fds);

	if (ret)
		return 2;
	ret = io_uring_queue_init(4, &ring, 0);
	if (ret < 0) {
		fprintf(stderr, "uring: io_uring_queue_init: %s\n", strerror(-ret));
		return 2;
	}
	ret = exchange(&ring, fds, argc > 2 ? IOSQE_ASYNC : 0);
	if (ret < 0)
		fprintf(stderr, "uring: %s: %s\n", argv[1], strerror(-ret));
	io_uring_queue_exit(&ring);
	return ret ? 1 : 0;
}
