/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making the listening socket, in place of one that nobody listens on any more.
 * Used by control.c alone.
 */
#ifndef ST_DAEMON_CONTROL_CONTROL_SOCKET_H
#define ST_DAEMON_CONTROL_CONTROL_SOCKET_H

#include <sys/types.h>

#include "base/compiler.h"

#define ST_CONTROL_PATH_SIZE 108 /* of struct sockaddr_un, its NUL included */

/**
 * st_control_listen() - bind a unix socket and listen
 * @path: where
 * @mode: permissions of the socket
 * @ret_fd: non-blocking and close-on-exec; the caller's
 *
 * Of several that do so at the same moment exactly one succeeds: whoever has
 * the lock on the file @path.lock, which is there only meanwhile.
 *
 * Return: 0; -EADDRINUSE: somebody listens there, or is about to; -EEXIST: what
 * is there is no socket; -ENAMETOOLONG; -errno.
 */
int st_control_listen(const char *path, mode_t mode, int *ret_fd) __must_check;

#endif
