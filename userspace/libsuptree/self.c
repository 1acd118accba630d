// SPDX-License-Identifier: GPL-2.0-only
/*
 * A handle: made, closed, and the word for its last failure. See internal.h.
 */
#include "libsuptree/internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void st_self_init(struct suptree *self)
{
	st_list_init(&self->routes);
	st_list_init(&self->watches);
	st_list_init(&self->ended);
}

void st_self_done(struct suptree *self)
{
	st_route_drop_all(self);
	st_watch_done(self);
	st_conn_close(self->daemon);
	self->daemon = NULL;
	free(self->path);
	free(self->socket);
}

int suptree_open(const char *socket, struct suptree **ret_self)
{
	struct suptree *self = calloc(1, sizeof(*self));

	*ret_self = NULL;
	if (!self)
		return -ENOMEM;
	st_self_init(self);
	if (socket) {
		self->socket = strdup(socket);
		if (!self->socket) {
			suptree_close(self);
			return -ENOMEM;
		}
	}
	*ret_self = self;
	return 0;
}

void suptree_close(struct suptree *self)
{
	if (!self)
		return;
	st_self_done(self);
	free(self);
}

const char *suptree_error(const struct suptree *self)
{
	return self->error;
}

int st_fail(struct suptree *self, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(self->error, sizeof(self->error), format, args);
	va_end(args);
	return error;
}

uint64_t st_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * ST_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

uint64_t st_deadline_after(int timeout_ms)
{
	if (timeout_ms < 0)
		return UINT64_MAX;
	return st_now_ns() + (uint64_t)timeout_ms * ST_NSEC_PER_MSEC;
}

int st_timeout_until(uint64_t deadline_ns)
{
	uint64_t now_ns = st_now_ns();
	uint64_t left_ms;

	if (deadline_ns == UINT64_MAX)
		return -1;
	if (deadline_ns <= now_ns)
		return 0;
	left_ms = (deadline_ns - now_ns + ST_NSEC_PER_MSEC - 1) / ST_NSEC_PER_MSEC;
	return left_ms < INT32_MAX ? (int)left_ms : INT32_MAX;
}
