/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Making the listening socket, in place of one that nobody listens on any more.
 * Used by control.c alone.
 */
#ifndef ST_DAEMON_CONTROL_SOCKET_H
#define ST_DAEMON_CONTROL_SOCKET_H

#include <sys/types.h>

#include "base/compiler.h"

#define ST_CONTROL_PATH_SIZE 108 /* of struct sockaddr_un, its NUL included */

/**
 * st_control_listen() - bind a unix socket and listen
 * @path: where
 * @mode: permissions of the socket
 * @ret_fd: non-blocking and close-on-exec; the caller's
 *
 * Two daemons that start on one path at the very same moment are not kept
 * apart; whatever starts the daemon does that.
 *
 * Return: 0; -EADDRINUSE: somebody listens there; -EEXIST: what is there is no
 * socket; -ENAMETOOLONG; -errno.
 */
int st_control_listen(const char *path, mode_t mode, int *ret_fd) __must_check;

#endif
