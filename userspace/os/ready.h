/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiving side of the sd_notify protocol (sd_notify(3)), with which a child with
 * `ready: notify` reports its state. A datagram holds lines KEY=VALUE.
 *
 *	READY=1			it is up
 *	STOPPING=1		it is going down
 *	WATCHDOG=1		it is alive
 *	STATUS=text		a line for people
 *	ERRNO=number		why it could not start
 *	X_SUPTREE_ERROR=text	the same in words
 *	X_SUPTREE=IGNORE	it declines to start (OTP: ignore)
 *	X_SUPTREE_MAILBOX=hex	the address where it takes messages (channel.h)
 *	X_SUPTREE_ACCEPT=word	who may call it; the caller knows the words
 *	X_SUPTREE_ACCEPT_LINKS=word	who may link itself to it
 *
 * All other keys are ignored, also MAINPID=: the supervisor knows the main process and
 * does not trust a message about it. Descriptors in a message are dropped: a sender that
 * waits for that (BARRIER=1) learns that its messages were read. Anybody may send some, so
 * they are never installed (foreign.h). ready_parse.c is pure and can be fuzzed.
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
/* A longer word is as good as an unknown one. */
#define ST_READY_WORD_MAX 15

/**
 * struct st_ready_message - the contents of one message
 * @is_ready: READY=1
 * @is_stopping: STOPPING=1
 * @is_alive: WATCHDOG=1
 * @is_ignored: X_SUPTREE=IGNORE
 * @is_error: ERRNO= or X_SUPTREE_ERROR=
 * @has_status: STATUS=
 * @has_mailbox: X_SUPTREE_MAILBOX=, a number of one to five hexadecimal digits
 * @mailbox: that number, or 0
 * @accept: the value of X_SUPTREE_ACCEPT=, or ""
 * @accept_links: the value of X_SUPTREE_ACCEPT_LINKS=, or ""
 * @error_number: the value of ERRNO=, or 0
 * @error: the value of X_SUPTREE_ERROR=, or ""
 * @status: the value of STATUS=, or ""
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
	char accept[ST_READY_WORD_MAX + 1];
	char accept_links[ST_READY_WORD_MAX + 1];
	int error_number;
	char error[ST_READY_TEXT_MAX + 1];
	char status[ST_READY_TEXT_MAX + 1];
};

/**
 * st_ready_parse() - read a message
 * @text: its bytes, from an untrusted sender
 * @len: their number
 * @ret_ready: its contents
 *
 * A known key with an invalid value (READY=maybe) is ignored like an unknown key.
 * Control characters in texts become '?'. If a key comes twice, the last one counts.
 *
 * Return: 0; -EBADMSG: it has a NUL byte or a line without '='; then the whole message
 * is ignored.
 */
int st_ready_parse(const char *text, size_t len, struct st_ready_message *ret_ready) __must_check;

/**
 * st_ready_open() - make the socket that $NOTIFY_SOCKET names
 * @path: absolute path; an old socket at this path is replaced
 * @mode: permissions of the socket file, 0666 where children have other uids
 * @ret_fd: datagram socket, non-blocking and close-on-exec; owned by the
 *	caller, who also unlinks @path
 *
 * Return: 0; -EINVAL: @path is not absolute; -ENAMETOOLONG: more than 107
 * bytes; -EEXIST: a file that is not a socket is there; -ENOENT, -EACCES,
 * -EROFS, -EMFILE, -ENFILE: as bind(2).
 */
int st_ready_open(const char *path, mode_t mode, int *ret_fd) __must_check;

/**
 * st_ready_receive() - read the oldest message
 * @fd: from st_ready_open()
 * @ret_sender: pid of the sender as the kernel saw it (SO_PASSCRED); also
 *	written with -EBADMSG and -EMSGSIZE. It is only a number: the caller compares
 *	it with its children that are not reaped, or ignores the message
 * @ret_ready: the contents of the message, which stays the oldest until st_ready_done().
 *	A sender may wait for that, and end then: so first find out who the sender is
 *
 * Return: 0; -EAGAIN: there is no message; -EBADMSG: malformed, without a sender, or
 * empty; -EMSGSIZE: longer than ST_READY_MESSAGE_MAX; after these two it is gone already, and
 * the caller reads the next message; otherwise -errno of recvmsg(2).
 */
int st_ready_receive(int fd, pid_t *ret_sender, struct st_ready_message *ret_ready) __must_check;

/**
 * st_ready_done() - remove the message that st_ready_receive() has read, with its descriptors
 * @fd: the same
 */
void st_ready_done(int fd);

#endif
