/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decides whether a request may come from where it says: loopback is no
 * boundary, for each page that a browser on this machine shows can send
 * requests to it. Pure.
 *
 * The names by which the gateway may be called are a fixed list, made at its
 * start from the addresses it listens at. That stops DNS rebinding: the name in
 * Host is then that of somebody else's site. Origin is compared with the same
 * list, never with Host.
 */
#ifndef ST_WEB_GUARD_H
#define ST_WEB_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

#define ST_GUARD_MAX_HOSTS 8
#define ST_GUARD_HOST_SIZE 64
#define ST_GUARD_CSRF "X-Suptree-CSRF" /* the header */

struct st_guard {
	char hosts[ST_GUARD_MAX_HOSTS][ST_GUARD_HOST_SIZE]; /* "127.0.0.1:4780" */
	unsigned int nr_hosts;
};

/* What a request says; NULL: it has no such header. */
struct st_guard_request {
	const char *method;
	const char *host;
	const char *origin;
	const char *site; /* Sec-Fetch-Site */
	const char *content_type;
	bool has_body;
	bool has_host_twice;
};

/**
 * st_guard_add() - allow a name
 * @guard: the guard
 * @host: with the port: "localhost:4780"
 *
 * Return: 0; -ENOSPC: there are too many, or it is too long.
 */
int st_guard_add(struct st_guard *guard, const char *host) __must_check;

/**
 * st_guard_check() - judge a request before anything else is done with it
 * @guard: the guard
 * @request: the request
 * @ret_why: why it is refused; a static text
 *
 * Return: 0, or the status of HTTP: 400, 403, 415.
 */
unsigned int st_guard_check(const struct st_guard *guard, const struct st_guard_request *request,
			    const char **ret_why) __must_check;

/* May the method change something? All but GET, HEAD and OPTIONS may. */
bool st_guard_is_write(const char *method);

/*
 * A limit of a rate: it holds a number of requests, and gets one back in each
 * interval. All zeroes: full.
 */
struct st_rate {
	uint64_t used_until_ns; /* when it will be full again */
};

/**
 * st_rate_take() - take one request out of a bucket
 * @bucket: the bucket
 * @now_ns: the time
 * @per_second: how many come back in a second
 * @burst: how many a full bucket holds
 *
 * Return: 0; else after how many seconds there is one again.
 */
unsigned int st_rate_take(struct st_rate *bucket, uint64_t now_ns, unsigned int per_second,
			  unsigned int burst) __must_check;

#endif
