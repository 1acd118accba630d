/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The connection to the daemon: lines in, requests out, and nothing waits.
 *
 * Requests are numbered by the caller. Answers and notifications come as they are sent;
 * follow.c tells them apart. What is not read stays in the daemon, in the buffer that it
 * keeps for a journal: so not to read is how this program makes room for itself.
 */
#ifndef ST_JOURNAL_LINK_H
#define ST_JOURNAL_LINK_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/frame.h"

#define ST_PAST_LINK_LIMIT (8u << 20) /* bytes of a line: a specification, and its escapes */

struct st_past_link {
	int fd; /* -1: closed */
	struct st_frame in;
	struct st_buf out;
};

/**
 * st_past_link_open() - connect
 * @link: the connection
 * @path: of the control socket
 *
 * Return: 0; -ENAMETOOLONG; or -errno of socket(2) or connect(2).
 */
int st_past_link_open(struct st_past_link *link, const char *path) __must_check;
void st_past_link_close(struct st_past_link *link);

/**
 * st_past_link_ask() - send a request
 * @link: the connection
 * @id: comes back with the answer
 * @method: name of an operation
 * @params: an object, or NULL; borrowed
 *
 * Return: 0; -ENOMEM; -EPIPE: the daemon is gone; -ENOBUFS: it does not read.
 */
int st_past_link_ask(struct st_past_link *link, int64_t id, const char *method,
		     const json_t *params) __must_check;

/**
 * st_past_link_next() - get the next line that is there
 * @link: the connection
 * @ret_line: valid until the next call
 * @ret_len: its length
 *
 * Return: 1; 0: no whole line is there yet; -EPIPE: the daemon has closed it; or -errno.
 */
int st_past_link_next(struct st_past_link *link, const char **ret_line,
		      size_t *ret_len) __must_check;

#endif
