// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to the daemon, and its notifications `down` and `renamed`.
 *
 * If the connection breaks, the next request makes a new one. Connections found by name
 * and monitors belong to the old connection, so they are lost: each monitor gets an end
 * with noconnection.
 */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "libsuptree/internal.h"

#define PATIENCE_MS 10000 /* for an answer of the daemon */

static void lose_daemon(struct suptree *self)
{
	st_conn_close(self->daemon);
	self->daemon = NULL;
	st_route_drop_all(self);
	st_watch_lost(self);
}

static int open_daemon(struct suptree *self)
{
	struct st_buf path = ST_BUF_INIT;
	int ret;

	if (self->daemon)
		return 0;
	ret = st_conn_socket_path(self->socket, &path);
	if (!ret)
		ret = st_conn_open(st_buf_text(&path), &self->daemon);
	st_buf_done(&path);
	self->nr_opened++;
	if (!ret)
		return 0;
	(void)st_fail(self, ret, "%s", st_conn_error(self->daemon));
	st_conn_close(self->daemon);
	self->daemon = NULL;
	return ret == -ENOMEM ? ret : -ENOTCONN;
}

static void take_notification(struct suptree *self, const json_t *message)
{
	const char *method = json_string_value(json_object_get(message, "method"));
	const json_t *params = json_object_get(message, "params");
	const char *name = json_string_value(json_object_get(params, "name"));

	if (!strcmp(method, "down"))
		st_watch_down(self, params);
	else if (!strcmp(method, "renamed") && name)
		st_route_drop_name(self, name);
}

int st_heed_next(struct suptree *self, int timeout_ms)
{
	json_t *message = NULL;
	int ret;

	if (!self->daemon)
		return st_fail(self, -ENOTCONN, "noconnection");
	ret = st_conn_next(self->daemon, timeout_ms, &message);
	if (ret == -ETIMEDOUT)
		return st_fail(self, ret, "timeout");
	if (ret) {
		(void)st_fail(self, ret, "%s", st_conn_error(self->daemon));
		lose_daemon(self);
		return ret == -ENOMEM ? ret : -ENOTCONN;
	}
	take_notification(self, message);
	json_decref(message);
	return 0;
}

int st_heed(struct suptree *self)
{
	int ret;

	do
		ret = self->daemon ? st_heed_next(self, 0) : -ETIMEDOUT;
	while (!ret);
	self->has_asked = false;
	return ret == -ETIMEDOUT ? 0 : ret;
}

/* The errno for an error of the daemon; the word is that of OTP if there is one. */
static int take_refusal(struct suptree *self, struct st_conn_failure *failure)
{
	static const int numbers[ST_ERROR__MAX] = {
		[ST_ERROR_NOPROC] = ESRCH,	    [ST_ERROR_NO_MAILBOX] = ENOTSUP,
		[ST_ERROR_CONFLICT] = ENOTUNIQ,	    [ST_ERROR_ALREADY_REGISTERED] = EEXIST,
		[ST_ERROR_LIMIT] = E2BIG,	    [ST_ERROR_REFUSED] = EACCES,
		[ST_ERROR_INVALID_PARAMS] = EINVAL, [ST_ERROR_NO_MEMORY] = ENOMEM,
	};
	int number = failure->kind >= 0 ? numbers[failure->kind] : 0;

	if (failure->kind == ST_ERROR_NOPROC)
		(void)st_fail(self, 0, "noproc");
	else
		(void)st_fail(self, 0, "%s", st_conn_error(self->daemon));
	json_decref(failure->error);
	return number ? -number : -EPROTO;
}

int st_ask(struct suptree *self, enum st_operation op, json_t *params, json_t **answer)
{
	struct st_conn_failure failure = { .error = NULL };
	int ret = params ? open_daemon(self) : st_fail(self, -ENOMEM, "no memory");

	*answer = NULL;
	self->has_asked = true;
	if (!ret)
		ret = st_conn_call(self->daemon, st_operations[op].name, params, PATIENCE_MS,
				   answer, &failure);
	json_decref(params);
	if (ret == -EREMOTEIO)
		return take_refusal(self, &failure);
	if (ret && self->daemon) {
		(void)st_fail(self, ret, "%s", st_conn_error(self->daemon));
		lose_daemon(self);
		return ret == -ENOMEM ? ret : -ENOTCONN;
	}
	return ret;
}
