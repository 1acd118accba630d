// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams, and what is too large for one; see datagram.h.
 */
#include "os/datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "os/fd.h"

int st_datagram_connect(const char *path, int *ret_fd)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	st_cleanup(st_fd_close) int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	*ret_fd = st_fd_take(&fd);
	return 0;
}

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

/* A sealed file in memory with these bytes, or -errno. */
static int make_sealed(const char *data, size_t len)
{
	st_cleanup(st_fd_close) int fd = memfd_create("datagram", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	while (len) {
		ssize_t nr = write(fd, data, len);

		if (nr < 0 && errno != EINTR)
			return -errno;
		if (nr > 0) {
			data += nr;
			len -= (size_t)nr;
		}
	}
	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		return -errno;
	return st_fd_take(&fd);
}

static int send_descriptor(int fd, int sent_fd)
{
	union {
		struct cmsghdr align;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .room = { 0 } };
	struct msghdr message = { .msg_control = &control, .msg_controllen = sizeof(control.room) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &sent_fd, sizeof(int));
	return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int st_datagram_send(int fd, const void *data, size_t len)
{
	st_cleanup(st_fd_close) int sealed_fd = -1;

	if (send(fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno != EMSGSIZE)
		return -errno;
	sealed_fd = make_sealed(data, len);
	return sealed_fd < 0 ? sealed_fd : send_descriptor(fd, sealed_fd);
}
