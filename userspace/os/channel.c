// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections to mailboxes; see channel.h.
 */
#include "os/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/foreign.h"

#define TYPE_HELLO 1

/* The header of a frame: its type, zeroes, a number that HELLO does not have. */
struct frame {
	uint8_t type;
	uint8_t zero[7];
	uint64_t ref;
	char payload[ST_CHANNEL_HELLO_MAX];
};

static int connect_to(int fd, uint32_t address)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	/* abstract: a NUL, then five digits without a final NUL */
	int len = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "%05x", address);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);

	return connect(fd, (const struct sockaddr *)&name, size) < 0 ? -errno : 0;
}

static int check_peer(int fd, pid_t pid)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0)
		return -errno;
	return peer.pid == pid ? 0 : -ESRCH;
}

static int say_hello(int fd, const char *hello, size_t len)
{
	struct frame frame = { .type = TYPE_HELLO };

	if (len > sizeof(frame.payload))
		return -EMSGSIZE;
	memcpy(frame.payload, hello, len);
	/* a new connection has room for a packet */
	if (send(fd, &frame, offsetof(struct frame, payload) + len, MSG_DONTWAIT | MSG_NOSIGNAL) <
	    0)
		return -errno;
	return 0;
}

static int set_blocking(int fd)
{
	return fcntl(fd, F_SETFL, 0) < 0 ? -errno : 0;
}

int st_channel_open(uint32_t address, pid_t pid, const char *hello, size_t len, int *ret_fd)
{
	st_cleanup(st_foreign_close) int fd =
		socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int ret;

	if (fd < 0)
		return -errno;
	ret = connect_to(fd, address);
	if (!ret)
		ret = check_peer(fd, pid);
	if (!ret)
		ret = say_hello(fd, hello, len);
	if (ret == -ECONNRESET || ret == -EPIPE)
		ret = -ECONNREFUSED; /* it went away meanwhile */
	if (!ret)
		ret = set_blocking(fd);
	if (!ret)
		*ret_fd = st_fd_take(&fd);
	return ret;
}
