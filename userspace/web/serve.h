/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP: libmicrohttpd in the gateway's loop, and the limits of connections.
 */
#ifndef ST_WEB_SERVE_H
#define ST_WEB_SERVE_H

#include "web/web.h"

/**
 * st_serve_open() - listen
 * @web: the gateway; gets its listeners, and the names that its guard allows
 * @why: on failure: what failed
 *
 * Return: 0 or -errno.
 */
int st_serve_open(struct st_web *web, struct st_buf *why) __must_check;
void st_serve_close(struct st_web *web);

/** st_serve_start() - begin to accept connections */
int st_serve_start(struct st_web *web, struct st_buf *why) __must_check;

/** st_serve_run() - let MHD do what it has to do, also for resumed connections */
void st_serve_run(struct st_web *web);

/**
 * st_serve_look() - close connections that take too long for a request's headers
 * @web: the gateway
 * @now_ns: the time
 *
 * Return: when to call it again; ST_NO_DEADLINE: there is no connection.
 */
uint64_t st_serve_look(struct st_web *web, uint64_t now_ns);

#endif
