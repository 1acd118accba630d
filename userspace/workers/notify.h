/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a demo worker tells its supervisor how it is: sd_notify(3) in a dozen
 * lines, included by counter.c and printer.c. Run by hand, without a
 * $NOTIFY_SOCKET, it says nothing. It never waits: a supervisor that does not
 * listen is the supervisor's affair.
 */
#ifndef ST_WORKERS_NOTIFY_H
#define ST_WORKERS_NOTIFY_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* @message: lines KEY=VALUE; os/ready.h lists those that suptreed knows. */
static inline void st_notify(const char *message)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;
	int fd;

	if (!len || len >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, len);
	if (path[0] == '@') /* an abstract address, as sd_notify(3) writes it */
		to.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, message, strlen(message), MSG_DONTWAIT | MSG_NOSIGNAL,
		     (const struct sockaddr *)&to,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	close(fd);
}

#endif
