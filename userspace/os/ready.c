// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket of readiness messages; see ready.h. ready_parse.c parses a message.
 */
#include "os/ready.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/foreign.h"

/* A stale socket of a daemon that was killed: bind(2) would return EADDRINUSE. */
static int remove_stale(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode))
		return -EEXIST;
	return unlink(path) < 0 ? -errno : 0;
}

static int bind_socket(int fd, const struct sockaddr_un *address, mode_t mode)
{
	const int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		return -errno;
	/* No other process knows the path before this returns, so no message comes too early. */
	if (chmod(address->sun_path, mode) < 0) {
		int ret = -errno;

		(void)unlink(address->sun_path); /* the chmod's error is the answer */
		return ret;
	}
	return 0;
}

int st_ready_open(const char *path, mode_t mode, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(path);

	if (*path != '/')
		return -EINVAL;
	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, len + 1);
	int ret = remove_stale(path);

	if (ret < 0)
		return ret;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	ret = bind_socket(fd, &address, mode);
	if (ret < 0) {
		st_fd_close(&fd);
		return ret;
	}
	*ret_fd = fd;
	return 0;
}

/* The sender's pid, 0 if it is not there. */
static pid_t read_sender(struct msghdr *message)
{
	pid_t sender = 0;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		struct ucred peer;

		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_CREDENTIALS)
			continue;
		memcpy(&peer, CMSG_DATA(header), sizeof(peer));
		sender = peer.pid;
	}
	return sender;
}

int st_ready_receive(int fd, pid_t *ret_sender, struct st_ready_message *ret_ready)
{
	char text[ST_READY_MESSAGE_MAX];
	/* unix(7): descriptors, for which there is no room, are not installed at all */
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec iov = { .iov_base = text, .iov_len = sizeof(text) };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t len = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | MSG_PEEK);
	int err;

	if (len < 0)
		return -errno;
	*ret_sender = read_sender(&message);
	/* A sender in a pid namespace that ours cannot see has pid 0: an unknown sender. */
	if (message.msg_flags & MSG_TRUNC)
		err = -EMSGSIZE;
	else if (*ret_sender <= 0 || len == 0)
		err = -EBADMSG;
	else
		err = st_ready_parse(text, (size_t)len, ret_ready);
	if (err)
		st_ready_done(fd);
	return err;
}

void st_ready_done(int fd)
{
	/* if it fails, the same message comes again */
	(void)!st_foreign_recv(fd, NULL, 0, MSG_TRUNC);
}
