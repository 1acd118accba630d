/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiving side of the sd_notify protocol (sd_notify(3)), by which a
 * child with `ready: notify` says how it is. A datagram holds lines KEY=VALUE.
 *
 *	READY=1			it is up
 *	STOPPING=1		it is going down
 *	WATCHDOG=1		it lives
 *	STATUS=text		a line for humans
 *	ERRNO=number		why it will not come up
 *	X_SUPTREE_ERROR=text	the same in words
 *	X_SUPTREE=IGNORE	it does not want to be started (OTP: ignore)
 *	X_SUPTREE_MAILBOX=hex	the address where it takes messages (channel.h)
 *
 * All other keys, MAINPID= too, are passed over: who is the main process is
 * for the supervisor to know, not for a message to say. Descriptors that come
 * along are closed. ready_parse.c is pure, and what a fuzzer should eat.
 */
#ifndef ST_OS_READY_H
#define ST_OS_READY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/compiler.h"

/* A longer message is dropped whole; sd_notify(3) has the same limit. */
#define ST_READY_MESSAGE_MAX 4096
/* Longer texts are cut, never in the middle of a UTF-8 character. */
#define ST_READY_TEXT_MAX 255

/**
 * struct st_ready_message - what one message said
 * @is_ready: READY=1
 * @is_stopping: STOPPING=1
 * @is_alive: WATCHDOG=1
 * @is_ignored: X_SUPTREE=IGNORE
 * @is_error: ERRNO= or X_SUPTREE_ERROR=
 * @has_status: STATUS=
 * @has_mailbox: X_SUPTREE_MAILBOX=, a number of one to five hexadecimal digits
 * @mailbox: that number, else 0
 * @error_number: of ERRNO=, else 0
 * @error: of X_SUPTREE_ERROR=, else ""
 * @status: of STATUS=, else ""
 */
struct st_ready_message {
	bool is_ready;
	bool is_stopping;
	bool is_alive;
	bool is_ignored;
	bool is_error;
	bool has_status;
	bool has_mailbox;
	uint32_t mailbox;
	int error_number;
	char error[ST_READY_TEXT_MAX + 1];
	char status[ST_READY_TEXT_MAX + 1];
};

/**
 * st_ready_parse() - read a message
 * @text: its bytes, from an untrusted sender
 * @len: their number
 * @ret_ready: what it said
 *
 * A known key with a value it cannot have (READY=maybe) is passed over as an
 * unknown one is. Control characters in texts become '?'. If a key comes
 * twice, the last one counts.
 *
 * Return: 0; -EBADMSG: it has a NUL byte or a line without '='; nothing of it
 * counts then.
 */
int st_ready_parse(const char *text, size_t len, struct st_ready_message *ret_ready) __must_check;

/**
 * st_ready_open() - make the socket that $NOTIFY_SOCKET names
 * @path: absolute path; a socket that was left there is replaced
 * @mode: permissions of the socket file, 0666 where children have other uids
 * @ret_fd: datagram socket, non-blocking and close-on-exec; owned by the
 *	caller, who also unlinks @path
 *
 * Return: 0; -EINVAL: @path is not absolute; -ENAMETOOLONG: more than 107
 * bytes; -EEXIST: something else than a socket is there; -ENOENT, -EACCES,
 * -EROFS, -EMFILE, -ENFILE: as bind(2).
 */
int st_ready_open(const char *path, mode_t mode, int *ret_fd) __must_check;

/**
 * st_ready_receive() - take one message
 * @fd: from st_ready_open()
 * @ret_sender: pid of the sender as the kernel saw it (SO_PASSCRED); also
 *	written with -EBADMSG and -EMSGSIZE. A number: the caller compares it
 *	with the children that it knows to be unreaped, or ignores the message
 * @ret_ready: what the message said
 *
 * Return: 0; -EAGAIN: none is there; -EBADMSG: malformed, without a sender, or
 * empty; -EMSGSIZE: longer than ST_READY_MESSAGE_MAX; after both one goes on
 * with the next; else -errno of recvmsg(2).
 */
int st_ready_receive(int fd, pid_t *ret_sender, struct st_ready_message *ret_ready) __must_check;

#endif
