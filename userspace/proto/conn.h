/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client's connection to the daemon, blocking: for the CLI, tests and tools.
 *
 * One call at a time. Notifications that come while a call waits are kept in
 * order, and st_conn_next() returns them. Errors are a text with what was done,
 * to what, and why it failed (st_conn_error). The daemon itself uses
 * daemon/control/client.h, which never blocks.
 */
#ifndef ST_PROTO_CONN_H
#define ST_PROTO_CONN_H

#include <jansson.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/errors.h"

#define ST_CONN_DEFAULT_SOCKET "/run/suptree/control.sock"
#define ST_CONN_USER_SOCKET "suptree/control.sock" /* below $XDG_RUNTIME_DIR */
#define ST_CONN_NO_TIMEOUT (-1)

struct st_conn;

/**
 * st_conn_socket_path() - find the socket to use
 * @given: by the user (--socket), or NULL
 * @ret_path: @given, or $SUPTREE_SOCKET; else for root the default; else the
 *	socket below $XDG_RUNTIME_DIR if it exists, and the default if not
 *
 * Return: 0 or -ENOMEM.
 */
int st_conn_socket_path(const char *given, struct st_buf *ret_path) __must_check;

/**
 * st_conn_open() - connect
 * @path: of the socket
 * @ret_conn: owned by the caller (st_conn_close); on failure too, unless
 *	memory is short: it then holds st_conn_error(), or is NULL
 *
 * Return: 0, -ENOMEM, or -errno of socket(2) or connect(2).
 */
int st_conn_open(const char *path, struct st_conn **ret_conn) __must_check;

/**
 * st_conn_from_fd() - use a connected socket
 * @fd: the socket; taken on success
 * @ret_conn: owned by the caller (st_conn_close)
 *
 * Return: 0 or -ENOMEM.
 */
int st_conn_from_fd(int fd, struct st_conn **ret_conn) __must_check;
void st_conn_close(struct st_conn *conn); /* NULL is allowed */

/**
 * st_conn_fd() - get the socket, to wait for it together with others
 * @conn: the connection
 */
int st_conn_fd(const struct st_conn *conn);

/**
 * st_conn_error() - get the text of the last error
 * @conn: the connection, or NULL
 *
 * Return: borrowed text.
 */
const char *st_conn_error(const struct st_conn *conn);

/* The error that the daemon has answered. */
struct st_conn_failure {
	int kind; /* enum st_error, or -ENOENT: a kind that this version does not know */
	json_t *error; /* the whole error object; owned */
};

/**
 * st_conn_call() - send a request and wait for its answer
 * @conn: the connection
 * @method: name of an operation
 * @params: an object, or NULL; borrowed
 * @timeout_ms: for the whole call; or ST_CONN_NO_TIMEOUT
 * @ret_result: the result; owned by the caller (json_decref)
 * @ret_failure: written only for -EREMOTEIO; the caller decrefs ->error
 *
 * Return: 0; -EREMOTEIO: the daemon answered an error; -ETIMEDOUT; -EPIPE: the
 * daemon closed the connection; -EPROTO: it sent something that is not an
 * answer; -ENOMEM; -errno. After any but 0 and -EREMOTEIO the connection cannot
 * be used any more.
 */
int st_conn_call(struct st_conn *conn, const char *method, const json_t *params, int timeout_ms,
		 json_t **ret_result, struct st_conn_failure *ret_failure) __must_check;

/**
 * st_conn_take_fd() - take the descriptor that came with an answer
 * @conn: the connection, after a call
 *
 * Return: owned by the caller, close-on-exec; -1: there was none. A descriptor
 * that is not taken is closed with the connection, or when another one comes.
 */
int st_conn_take_fd(struct st_conn *conn);

/**
 * st_conn_next() - wait for the next notification
 * @conn: the connection
 * @timeout_ms: how long to wait; or ST_CONN_NO_TIMEOUT
 * @ret_notification: the whole object; owned by the caller (json_decref)
 *
 * Return: 0, or as st_conn_call().
 */
int st_conn_next(struct st_conn *conn, int timeout_ms, json_t **ret_notification) __must_check;

#endif
