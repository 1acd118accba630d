// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemon's tree; see known.h.
 */
#include "observer/known.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE_MS 5000 /* of a daemon that is busy */
#define FIELDS "type,state,restart,pid,mailbox,restarts,uptime_ms,strategy,restarts_in_period"
#define MAX_ANCESTORS 4096 /* a chain of parents that is longer has a circle, by pid reuse */

#define CLASS_TEXT(member, text) [ST_CLASS_##member] = text,
const char *const st_class_text[ST_CLASS__MAX] = { ST_CLASS_LIST(CLASS_TEXT) };
#undef CLASS_TEXT

static int call(const struct st_known *known, const char *method, const json_t *params,
		json_t **ret_result)
{
	struct st_conn_failure failure = { .error = NULL };
	int err = st_conn_call(known->conn, method, params, PATIENCE_MS, ret_result, &failure);

	json_decref(failure.error);
	return err;
}

int st_known_call(const struct st_known *known, const char *method, json_t **ret_result)
{
	return call(known, method, NULL, ret_result);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void forget(struct st_known *known)
{
	st_map_done(&known->by_pid);
	known->by_pid = (struct st_map){ 0 };
	free(known->children);
	known->children = NULL;
	known->nr = 0;
	json_decref(known->rows);
	known->rows = NULL;
}

/* Enter the rows that have a process. */
static int enter(struct st_known *known, const json_t *rows)
{
	size_t nr_rows = json_array_size(rows), index;
	const json_t *row;

	known->children = calloc(nr_rows + 1, sizeof(*known->children));
	if (!known->children || st_map_reserve(&known->by_pid, (uint32_t)nr_rows + 1))
		return -ENOMEM;
	json_array_foreach(rows, index, row) {
		json_int_t pid = json_integer_value(json_object_get(row, "pid"));
		json_int_t generation = json_integer_value(json_object_get(row, "generation"));
		struct st_known_child *child = &known->children[known->nr];

		if (pid <= 0)
			continue;
		*child = (struct st_known_child){
			.path = text_of(row, "path"),
			.class = json_is_true(json_object_get(row, "mailbox")) ?
					 ST_CLASS_GEN_SERVER :
					 ST_CLASS_WORKER,
			.generation = (uint64_t)generation,
		};
		st_map_put(&known->by_pid, (uint64_t)pid, child);
		known->nr++;
	}
	return 0;
}

/* The children that are services of suptree. */
static void mark_services(struct st_known *known, const json_t *services)
{
	const json_t *service;
	size_t index;

	json_array_foreach(services, index, service) {
		json_int_t pid = json_integer_value(json_object_get(service, "pid"));
		struct st_known_child *child = pid > 0 ? st_map_get(&known->by_pid, (uint64_t)pid) :
							 NULL;

		if (child)
			child->class = ST_CLASS_SERVICE;
	}
}

static int read_all(struct st_known *known)
{
	json_t *params = json_pack("{s:s}", "fields", FIELDS), *rows = NULL, *services = NULL;
	int err = params ? call(known, "ps", params, &rows) : -ENOMEM;

	json_decref(params);
	if (!err)
		err = call(known, "services", NULL, &services);
	if (!err) {
		forget(known);
		err = enter(known, rows);
		known->rows = json_incref(rows);
	}
	if (!err) {
		mark_services(known, services);
		known->is_old = false;
	}
	json_decref(services);
	json_decref(rows);
	return err;
}

static int read_daemon(struct st_known *known)
{
	json_t *status = NULL;
	int err = call(known, "status", NULL, &status);

	if (!err)
		known->daemon_pid = (pid_t)json_integer_value(json_object_get(status, "pid"));
	known->daemon = (struct st_known_child){ .path = "/", .class = ST_CLASS_SUPERVISOR };
	json_decref(status);
	return err;
}

int st_known_open(struct st_known *known)
{
	struct st_buf path = ST_BUF_INIT;
	json_t *result = NULL;
	int err = st_conn_socket_path(NULL, &path);

	if (!err)
		err = st_conn_open(st_buf_text(&path), &known->conn);
	st_buf_done(&path);
	if (!err)
		err = call(known, "subscribe", NULL, &result);
	json_decref(result);
	if (!err)
		err = read_daemon(known);
	return err ? err : read_all(known);
}

void st_known_close(struct st_known *known)
{
	forget(known);
	st_conn_close(known->conn);
	known->conn = NULL;
}

int st_known_heed(struct st_known *known)
{
	int err = 0;

	while (!err) {
		json_t *notification = NULL;

		err = st_conn_next(known->conn, 0, &notification);
		known->is_old = known->is_old || !err;
		json_decref(notification);
	}
	return err == -ETIMEDOUT ? 0 : err;
}

int st_known_refresh(struct st_known *known)
{
	int err = st_known_heed(known);

	return err || !known->is_old ? err : read_all(known);
}

const struct st_known_child *st_known_find(const struct st_known *known, pid_t pid)
{
	if (pid == known->daemon_pid)
		return &known->daemon;
	return st_map_get(&known->by_pid, (uint64_t)pid);
}

enum st_class st_known_class(const struct st_known *known, pid_t pid)
{
	const struct st_known_child *child = st_known_find(known, pid);

	return child ? child->class : ST_CLASS_SYSTEM;
}

pid_t st_known_pid(const struct st_known *known, const char *path)
{
	const json_t *row;
	size_t index;

	if (!strcmp(path, "/"))
		return known->daemon_pid;
	json_array_foreach(known->rows, index, row)
		if (!strcmp(text_of(row, "path"), path))
			return (pid_t)json_integer_value(json_object_get(row, "pid"));
	return 0;
}

const struct st_known_child *st_known_above(const struct st_known *known,
					    const struct st_scan *scan, pid_t pid)
{
	const struct st_seen *seen = st_scan_find(scan, pid);

	for (unsigned int i = 0; seen && seen->parent > 0 && i < MAX_ANCESTORS; i++) {
		const struct st_known_child *child = st_known_find(known, seen->parent);

		if (child)
			return child;
		seen = st_scan_find(scan, seen->parent);
	}
	return NULL;
}
