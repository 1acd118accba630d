// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of children.h, by the operations ps and subscribe.
 */
#include "tracer/children.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 5000 /* of a daemon that is busy */

const struct st_traced_child *st_traced_children_find(const struct st_traced_children *children,
						      pid_t pid)
{
	return st_map_get(&children->by_pid, (uint64_t)pid);
}

static int add(struct st_traced_children *children, const char *path, pid_t pid)
{
	struct st_traced_child *old = st_map_get(&children->by_pid, (uint64_t)pid);
	size_t size = strlen(path) + 1;
	struct st_traced_child *child;

	if (old && !old->is_gone && !strcmp(old->path, path))
		return 0;
	child = calloc(1, sizeof(*child) + size);
	if (!child || st_map_reserve(&children->by_pid, children->by_pid.nr + 1)) {
		free(child);
		return -ENOMEM;
	}
	child->pid = pid;
	memcpy(child->path, path, size);
	st_map_put(&children->by_pid, (uint64_t)pid, child);
	free(old);
	children->started(children->context, child);
	return 0;
}

/* An ended child is remembered until the list of ended ones is full. */
static void let_go(struct st_traced_children *children, pid_t pid)
{
	pid_t *slot = &children->gone[children->nr_gone % ST_CHILDREN_GONE];
	struct st_traced_child *child = st_map_get(&children->by_pid, (uint64_t)pid);
	struct st_traced_child *oldest = st_map_get(&children->by_pid, (uint64_t)*slot);

	if (!child || child->is_gone)
		return;
	if (oldest && oldest->is_gone) {
		st_map_remove(&children->by_pid, (uint64_t)*slot);
		free(oldest);
	}
	child->is_gone = true;
	*slot = pid;
	children->nr_gone++;
}

static int call(const struct st_traced_children *children, const char *method, json_t **ret_result)
{
	struct st_conn_failure failure = { .error = NULL };
	int err = st_conn_call(children->conn, method, NULL, PATIENCE_MS, ret_result, &failure);

	json_decref(failure.error);
	return err;
}

bool st_traced_children_is_stopping(const struct st_traced_children *children)
{
	json_t *status = NULL;
	bool is_stopping = children->conn && !call(children, "status", &status) &&
			   json_is_true(json_object_get(status, "stopping"));

	json_decref(status);
	return is_stopping;
}

static int read_all(struct st_traced_children *children)
{
	json_t *rows = NULL, *row;
	int err = call(children, "ps", &rows);
	size_t index;

	json_array_foreach(rows, index, row) {
		json_int_t pid = json_integer_value(json_object_get(row, "pid"));
		const char *path = json_string_value(json_object_get(row, "path"));

		if (!err && pid > 0 && path)
			err = add(children, path, (pid_t)pid);
	}
	json_decref(rows);
	return err;
}

int st_traced_children_open(struct st_traced_children *children)
{
	struct st_buf path = ST_BUF_INIT;
	json_t *result = NULL;
	int err = st_conn_socket_path(NULL, &path);

	if (!err)
		err = st_conn_open(st_buf_text(&path), &children->conn);
	st_buf_done(&path);
	if (!err)
		err = call(children, "subscribe", &result);
	json_decref(result);
	return err ? err : read_all(children);
}

void st_traced_children_close(struct st_traced_children *children)
{
	for (uint32_t i = 0; i < children->by_pid.cap; i++)
		free(children->by_pid.entries[i].value);
	st_map_done(&children->by_pid);
	st_conn_close(children->conn);
}

static int heed(struct st_traced_children *children, const json_t *notification)
{
	const json_t *params = json_object_get(notification, "params");
	const char *method = json_string_value(json_object_get(notification, "method"));
	const char *event = json_string_value(json_object_get(params, "event"));
	const char *path = json_string_value(json_object_get(params, "path"));
	pid_t pid = (pid_t)json_integer_value(json_object_get(params, "pid"));

	if (method && !strcmp(method, "resync"))
		return read_all(children);
	if (!event || !path || pid <= 0)
		return 0;
	if (!strcmp(event, "started"))
		return add(children, path, pid);
	if (!strcmp(event, "exited"))
		let_go(children, pid);
	return 0;
}

int st_traced_children_heed(struct st_traced_children *children)
{
	int err = 0;

	while (!err) {
		json_t *notification = NULL;

		err = st_conn_next(children->conn, 0, &notification);
		if (!err)
			err = heed(children, notification);
		json_decref(notification);
	}
	return err == -ETIMEDOUT ? 0 : err;
}
