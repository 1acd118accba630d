/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Makes the listening socket. It replaces a socket that no process listens on
 * any more. Only control.c uses it.
 */
#ifndef ST_DAEMON_CONTROL_CONTROL_SOCKET_H
#define ST_DAEMON_CONTROL_CONTROL_SOCKET_H

#include <sys/types.h>

#include "base/compiler.h"

#define ST_CONTROL_PATH_SIZE 108 /* of struct sockaddr_un, its NUL included */

/**
 * st_control_listen() - bind a unix socket and listen
 * @path: of the socket
 * @mode: permissions of the socket
 * @patience_ms: how long to wait if a process listens there: it may have been
 *	killed a moment ago
 * @reterr_owner: with -EADDRINUSE: the process that listens there; 0: not known
 * @ret_fd: non-blocking and close-on-exec; owned by the caller
 *
 * Waits until the process that listens there has ended, and the kernel has
 * closed its socket. If the process has ended and its socket is still open
 * after @patience_ms, because others have inherited it, the path is taken over.
 *
 * If several processes call this at the same moment, exactly one succeeds: the
 * one that has the lock on the file @path.lock. That file exists only
 * meanwhile.
 *
 * Return: 0; -EADDRINUSE: a living process listens there, or is about to;
 * -EEXIST: the path is something other than a socket; -ENAMETOOLONG; -errno.
 */
int st_control_listen(const char *path, mode_t mode, unsigned int patience_ms, pid_t *reterr_owner,
		      int *ret_fd) __must_check;

#endif
