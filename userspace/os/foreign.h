/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets whose peers are not trusted: reading and closing them without waiting.
 *
 * Any message on a unix socket may bring descriptors (SCM_RIGHTS), also one that nobody wants.
 * If the sender has closed its own, ours is the last one, and the process that drops it closes
 * the file. That can wait as long as the sender wishes: a TCP socket with SO_LINGER and bytes
 * that nobody reads waits for its whole linger time, and close(2) of a file in FUSE waits for
 * the sender's own file server. Until Linux 6.16 a receiver cannot refuse descriptors.
 *
 * So two things hold here. A descriptor is never installed: the calls have no room for any, so
 * the kernel drops them and does not call the file's flush. And a timer sends SIGALRM while a
 * call runs: each wait of such a drop ends when a signal is pending, so it takes
 * ST_FOREIGN_NS at most.
 *
 * SIGALRM and ITIMER_REAL belong to these functions. One thread may call them.
 */
#ifndef ST_OS_FOREIGN_H
#define ST_OS_FOREIGN_H

#include <stddef.h>
#include <sys/types.h>

/* A wait takes no longer, however many descriptors came along. */
#define ST_FOREIGN_NS 100000

/**
 * st_foreign_recv() - recv(2) that drops descriptors without waiting
 * @fd: a unix socket
 * @data: where to write; may be NULL if @len is 0
 * @len: its size
 * @flags: of recv(2); MSG_DONTWAIT is added
 *
 * Return: as recv(2), with errno.
 */
ssize_t st_foreign_recv(int fd, void *data, size_t len, int flags);

/**
 * st_foreign_close() - close a socket, and what its peer has sent and nobody has read
 * @fd: closed, and set to -1; may be -1 already. errno stays
 */
void st_foreign_close(int *fd);

#endif
