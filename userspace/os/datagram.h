/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Datagrams to a local service: connect, and send without waiting, as journald's
 * native protocol has it, in which what is too large for a datagram goes as a
 * sealed file in memory.
 *
 * Knows nothing of what is sent. Never blocks.
 */
#ifndef ST_OS_DATAGRAM_H
#define ST_OS_DATAGRAM_H

#include <stddef.h>

#include "base/compiler.h"

/**
 * st_datagram_connect() - open a socket to a service
 * @path: of its socket
 * @ret_fd: the caller's
 *
 * Return: 0; -ENAMETOOLONG; or -errno: -ENOENT, -ECONNREFUSED: no process listens.
 */
int st_datagram_connect(const char *path, int *ret_fd) __must_check;

/**
 * st_datagram_send() - send one datagram
 * @fd: connected
 * @data: its bytes
 * @len: their number
 *
 * A datagram that is too large is written to a memfd, whose descriptor is sent with an
 * empty datagram. The memfd is sealed, so the receiver can map it safely.
 *
 * Return: 0; -EAGAIN: the receiver's queue is full, poll for POLLOUT; -ECONNREFUSED,
 * -ENOTCONN, -ECONNRESET, -EPIPE: the receiver is gone; or another -errno.
 */
int st_datagram_send(int fd, const void *data, size_t len) __must_check;

#endif
