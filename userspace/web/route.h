/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From a method and a path to an operation and its parameters. The routes are
 * the column REST of the operations table, and a few more paths for the same
 * operations. Pure.
 */
#ifndef ST_WEB_ROUTE_H
#define ST_WEB_ROUTE_H

#include <jansson.h>
#include <stdbool.h>

#include "proto/ops.h"
#include "web/uri.h"

#define ST_ROUTE_MAX_ALLOWED 64 /* bytes of "GET, HEAD, PUT, ..." */

struct st_web_route {
	const struct st_operation_row *row;
	const char *pattern; /* the path with braces */
	bool only_supervisors; /* of the list that the operation gives */
};

/**
 * st_web_route_find() - find the operation that a request asks for
 * @method: "GET" and so on; HEAD is as GET
 * @uri: the target, below /api/v1
 * @ret_route: the operation
 * @ret_allowed: on -EPERM: the methods that this path has, for Allow
 *
 * Return: 0; -ENOENT: no such path; -EPERM: the path has other methods.
 */
int st_web_route_find(const char *method, const struct st_uri *uri, struct st_web_route *ret_route,
		      char ret_allowed[ST_ROUTE_MAX_ALLOWED]) __must_check;

/* What is wrong with a request, for a problem of RFC 9457. */
struct st_web_route_error {
	struct st_rpc_error error;
	char pointer[160]; /* "/query/limit", "/path/path", "/body/spec", or "" */
};

/**
 * st_web_route_params() - collect the parameters of a request
 * @route: of st_web_route_find()
 * @uri: the target
 * @body: the body, which is JSON; or NULL
 * @len: its bytes
 * @ret_params: an object that fits the operation; owned by the caller
 * @ret_error: on failure: what is wrong
 *
 * The names "filter" and "sort" in the query are left to the caller.
 *
 * Return: 0; -EINVAL with @ret_error; -ENOMEM.
 */
int st_web_route_params(const struct st_web_route *route, const struct st_uri *uri,
			const char *body, size_t len, json_t **ret_params,
			struct st_web_route_error *ret_error) __must_check;

/**
 * st_web_route_pointer() - where a parameter is in a request
 * @route: of st_web_route_find()
 * @name: of the parameter; "" gives ""
 * @ret_pointer: a JSON pointer into {"path", "query", "body"}
 */
void st_web_route_pointer(const struct st_web_route *route, const char *name,
			  char ret_pointer[160]);

#endif
