/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A connection to the daemon for one request, or for the gateway's own copy.
 * Requests are written at once, one after the other; the daemon answers them in
 * that order. Nothing here waits.
 */
#ifndef ST_WEB_PASS_H
#define ST_WEB_PASS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/frame.h"
#include "web/loop.h"

#define ST_PASS_LIMIT (64u << 20) /* bytes of the longest answer */

struct st_pass;

/**
 * struct st_pass_handler - what the owner of a connection does
 * @on_line: a line of the daemon: an answer or a notification; it may free the pass
 * @on_end: no more lines come; err is 0 or -errno; it must free the pass
 */
struct st_pass_handler {
	void (*on_line)(struct st_pass *pass, const char *line, size_t len);
	void (*on_end)(struct st_pass *pass, int err);
};

struct st_pass {
	struct st_source source;
	struct st_web_loop *loop;
	const struct st_pass_handler *handler;
	void *owner;
	struct st_frame in;
	struct st_buf out;
	bool is_handing_out; /* lines; then it is freed afterwards */
	bool is_dead;
};

/**
 * st_pass_new() - connect to the daemon
 * @loop: of the gateway
 * @socket: path of the control socket
 * @handler: what to do with lines
 * @owner: kept in the pass
 * @ret_pass: owned by the caller (st_pass_free)
 *
 * Return: 0; -ENOMEM; -errno of socket(2), connect(2) or epoll_ctl(2); -EAGAIN:
 * the daemon does not accept connections as fast as they come.
 */
int st_pass_new(struct st_web_loop *loop, const char *socket, const struct st_pass_handler *handler,
		void *owner, struct st_pass **ret_pass) __must_check;
void st_pass_free(struct st_pass *pass); /* NULL is allowed */

/**
 * st_pass_send() - send a request
 * @pass: the connection
 * @id: its number, which the answer repeats
 * @method: name of an operation
 * @params: an object; NULL: none
 *
 * Return: 0 or -ENOMEM.
 */
int st_pass_send(struct st_pass *pass, int64_t id, const char *method,
		 const json_t *params) __must_check;

/* Send {"id": 1, "method": "login", ...}. */
int st_pass_login(struct st_pass *pass, const char *secret) __must_check;

/**
 * st_pass_result() - find the result in an answer, without parsing it
 * @line: a line of the daemon
 * @len: its bytes
 * @id: of the request
 * @ret_len: the bytes of the result
 *
 * Return: the result, borrowed from @line; NULL: the line is something else.
 */
const char *st_pass_result(const char *line, size_t len, int64_t id, size_t *ret_len);

#endif
