// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of the observer (proto/ops/observer.h), as the daemon passes them on: the
 * name, a blank, the parameters. Their types were checked there.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "observer/observer.h"
#include "proto/parse.h"

int st_observer_refuse(struct st_buf *out, int err, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args); /* a long one is cut */
	va_end(args);
	st_buf_reset(out);
	st_buf_add_text(out, text);
	return err;
}

static int answer(struct st_observer *observer, int operation, const json_t *params,
		  struct st_buf *out)
{
	int err = st_observer_look(observer);

	if (err)
		return st_observer_refuse(out, err, "failed look at /proc: %s", strerror(-err));
	switch (operation) {
	case ST_OPERATION_PROCESSES:
		return st_observer_processes(observer, params, out);
	case ST_OPERATION_INSPECT:
		return st_observer_inspect(observer, params, out);
	case ST_OPERATION_MACHINE:
		return st_observer_machine(observer, params, out);
	default:
		return st_observer_refuse(out, -EINVAL, "method_not_found no such operation");
	}
}

int st_observer_answer(struct st_observer *observer, const char *request, struct st_buf *out)
{
	const char *blank = strchr(request, ' ');
	char name[64] = "";
	json_error_t error;
	json_t *params = NULL;
	int ret;

	if (blank && (size_t)(blank - request) < sizeof(name))
		memcpy(name, request, (size_t)(blank - request));
	if (!blank || st_json_parse(blank + 1, strlen(blank + 1), 0, &params, &error))
		return st_observer_refuse(out, -EINVAL,
					  "invalid_params an operation and its parameters in JSON");
	ret = answer(observer, st_operation_find(name), params, out);
	json_decref(params);
	if (ret && ret != -ENOMEM)
		return ret;
	return ret ? ret : st_buf_error(out);
}
