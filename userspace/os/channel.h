/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection to the mailbox of a process that takes messages
 * (userspace/libsuptree/PROTOCOL.md). The daemon makes it and passes it to the client.
 */
#ifndef ST_OS_CHANNEL_H
#define ST_OS_CHANNEL_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"

/* The largest number that the kernel chooses as an address. */
#define ST_CHANNEL_MAX_ADDRESS 0xfffffu

/* Bytes of the text that st_channel_open() takes. */
#define ST_CHANNEL_HELLO_MAX 4096

/**
 * st_channel_open() - connect to a mailbox and send the caller's identity
 * @address: the number that the kernel gave it (unix(7), autobind)
 * @pid: the process that must be listening there
 * @hello: JSON with the caller's identity, sent as the first packet
 * @len: its length, at most ST_CHANNEL_HELLO_MAX
 * @ret_fd: the connection, blocking and close-on-exec; owned by the caller
 *
 * Does not wait.
 *
 * Return: 0; -ECONNREFUSED: no process listens; -ESRCH: another process does;
 * -EAGAIN: the listener has too many connections to be accepted; -EMSGSIZE;
 * -EMFILE, -ENFILE, -ENOMEM; another -errno of socket(2) or send(2).
 */
int st_channel_open(uint32_t address, pid_t pid, const char *hello, size_t len,
		    int *ret_fd) __must_check;

#endif
