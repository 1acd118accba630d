// SPDX-License-Identifier: GPL-2.0-only
/*
 * The guard; see guard.h.
 */
#include "web/guard.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#define ORIGIN_SCHEME "http://"
#define JSON_TYPE "application/json"

int st_guard_add(struct st_guard *guard, const char *host)
{
	if (guard->nr_hosts == ST_GUARD_MAX_HOSTS || strlen(host) >= ST_GUARD_HOST_SIZE)
		return -ENOSPC;
	strcpy(guard->hosts[guard->nr_hosts++], host);
	return 0;
}

bool st_guard_is_write(const char *method)
{
	return strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0 &&
	       strcmp(method, "OPTIONS") != 0;
}

static bool is_allowed(const struct st_guard *guard, const char *host)
{
	for (unsigned int i = 0; i < guard->nr_hosts; i++)
		if (!strcasecmp(guard->hosts[i], host))
			return true;
	return false;
}

static bool is_own_origin(const struct st_guard *guard, const char *origin)
{
	return !strncmp(origin, ORIGIN_SCHEME, strlen(ORIGIN_SCHEME)) &&
	       is_allowed(guard, origin + strlen(ORIGIN_SCHEME));
}

static bool is_json(const char *type)
{
	size_t len = strcspn(type, "; \t");

	return len == strlen(JSON_TYPE) && !strncasecmp(type, JSON_TYPE, len);
}

unsigned int st_guard_check(const struct st_guard *guard, const struct st_guard_request *request,
			    const char **ret_why)
{
	if (!request->host || request->has_host_twice) {
		*ret_why = "the request needs exactly one header Host";
		return 400;
	}
	if (!is_allowed(guard, request->host)) {
		*ret_why = "the header Host names another server than this one";
		return 403;
	}
	if (request->origin && !is_own_origin(guard, request->origin)) {
		*ret_why = "the header Origin shows that a page of another site sent the request";
		return 403;
	}
	if (request->site && strcmp(request->site, "same-origin") != 0 &&
	    strcmp(request->site, "none") != 0) {
		*ret_why = "the header Sec-Fetch-Site shows that another site sent the request";
		return 403;
	}
	if (st_guard_is_write(request->method) && request->has_body &&
	    (!request->content_type || !is_json(request->content_type))) {
		*ret_why = "a body must have the Content-Type application/json";
		return 415;
	}
	return 0;
}

unsigned int st_rate_take(struct st_rate *bucket, uint64_t now_ns, unsigned int per_second,
			  unsigned int burst)
{
	uint64_t interval_ns = ST_NSEC_PER_SEC / per_second, full_ns = interval_ns * burst;
	uint64_t until_ns = bucket->used_until_ns > now_ns ? bucket->used_until_ns : now_ns;

	if (until_ns + interval_ns > now_ns + full_ns) {
		uint64_t wait_ns = until_ns + interval_ns - now_ns - full_ns;

		return (unsigned int)(wait_ns / ST_NSEC_PER_SEC) + 1;
	}
	bucket->used_until_ns = until_ns + interval_ns;
	return 0;
}
