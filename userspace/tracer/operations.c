// SPDX-License-Identifier: GPL-2.0-only
/*
 * The operations of the tracer (proto/ops/tracer.h), as the daemon passes them on:
 * the name, a blank, the parameters. Their types were checked there. See service.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/ops.h"
#include "proto/parse.h"
#include "tracer/private_file.h"
#include "tracer/service.h"

#define FILE_NAME "traces"
#define DEFAULT_LIMIT 100
#define ROOM 60000 /* bytes of a history: an answer is one message */

static struct st_trace *trace_of(struct st_list *link)
{
	return st_list_entry(link, struct st_trace, link);
}

static int say(struct st_buf *out, int err, const char *text)
{
	st_buf_add_text(out, text);
	return err;
}

/* ---- the file of traces that are to be begun again ---- */

/* Not the traces of a pid: another process may have that pid by then. */
static json_t *describe_all(const struct st_service *service)
{
	json_t *list = json_array();
	struct st_list *pos;

	st_list_for_each(pos, &service->traces)
		if (trace_of(pos)->path &&
		    json_array_append_new(list, st_trace_describe(trace_of(pos)))) {
			json_decref(list);
			return NULL;
		}
	return json_pack("{s:i, s:o}", "daemon", (int)getppid(), "traces", list);
}

/* A failed write matters only if the tracer ends: report it and go on. */
static void save(const struct st_service *service)
{
	json_t *file = describe_all(service);
	char *text = file ? json_dumps(file, JSON_COMPACT) : NULL;
	int err = text ? st_private_file_write(service->folder, FILE_NAME, text, strlen(text)) :
			 -ENOMEM;

	if (err)
		fprintf(stderr, "suptree-tracer: write %s/%s: %s\n", service->folder, FILE_NAME,
			strerror(-err));
	free(text);
	json_decref(file);
}

static void add(struct st_service *service, struct st_trace *trace)
{
	st_list_add_tail(&trace->link, &service->traces);
	service->nr_traces++;
	if (trace->id > service->last_id)
		service->last_id = trace->id;
}

/* Return: NULL: there is no file of ours; the caller owns it otherwise. */
static json_t *load(const struct st_service *service)
{
	char *text = NULL;
	int err = st_private_file_read(service->folder, FILE_NAME, &text);
	json_t *file = err ? NULL : json_loads(text, 0, NULL);

	if (err && err != -ENOENT)
		fprintf(stderr, "suptree-tracer: read %s/%s: %s\n", service->folder, FILE_NAME,
			strerror(-err));
	free(text);
	return file;
}

void st_operations_forget(const struct st_service *service)
{
	st_private_file_remove(service->folder, FILE_NAME);
}

/* Those of the same daemon: another one's children are others. */
void st_operations_resume(struct st_service *service)
{
	json_t *file = load(service), *description;
	json_t *list = json_object_get(file, "traces");
	const char *why;
	size_t index;

	if (json_integer_value(json_object_get(file, "daemon")) != getppid())
		list = NULL;
	json_array_foreach(list, index, description) {
		struct st_trace *trace;

		if (service->nr_traces < ST_SERVICE_TRACES &&
		    !st_trace_new(description, service->last_id + 1, &service->children, &trace,
				  &why))
			add(service, trace);
	}
	json_decref(file);
}

/* ---- operations ---- */

/* The daemon says which role the client has. */
static enum st_trace_view view_of(const json_t *params)
{
	const char *role = json_string_value(json_object_get(params, "role"));

	if (role && !strcmp(role, st_role_text[ST_ROLE_ADMIN]))
		return ST_TRACE_ALL;
	return role && !strcmp(role, st_role_text[ST_ROLE_OPERATOR]) ? ST_TRACE_WHO :
								       ST_TRACE_COUNTS;
}

static int start(struct st_service *service, const json_t *params, struct st_buf *out)
{
	struct st_trace *trace = NULL;
	const char *why = NULL;
	struct st_json json;
	int err;

	if (service->nr_traces == ST_SERVICE_TRACES)
		return say(out, -E2BIG, "limit there are 16 traces at most; trace-stop ends one");
	err = st_trace_new(params, service->last_id + 1, &service->children, &trace, &why);
	if (err)
		return say(out, err, why);
	st_json_init(&json, out);
	st_trace_write_row(trace, view_of(params), &json);
	if (st_buf_error(out)) {
		st_trace_free(trace); /* a trace whose number nobody knows */
		return -ENOMEM;
	}
	add(service, trace);
	save(service);
	return 0;
}

static int list(const struct st_service *service, const json_t *params, struct st_buf *out)
{
	struct st_list *pos;
	struct st_json json;

	st_json_init(&json, out);
	st_json_begin_array(&json);
	st_list_for_each(pos, &service->traces)
		st_trace_write_row(trace_of(pos), view_of(params), &json);
	st_json_end_array(&json);
	return st_buf_error(out);
}

/* By its number; or the latest of a child or supervisor, or of a process. */
static struct st_trace *find(const struct st_service *service, const json_t *params)
{
	uint64_t id = (uint64_t)json_integer_value(json_object_get(params, "id"));
	const char *path = json_string_value(json_object_get(params, "path"));
	pid_t pid = (pid_t)json_integer_value(json_object_get(params, "pid"));
	const struct st_traced_child *child =
		pid ? st_traced_children_find(&service->children, pid) : NULL;
	struct st_trace *found = NULL;
	struct st_list *pos;

	if (child)
		path = child->path;
	st_list_for_each(pos, &service->traces) {
		struct st_trace *trace = trace_of(pos);
		bool is_it = trace->path ? path && !strcmp(trace->path, path) :
					   pid && trace->pid == pid;

		if (id ? trace->id == id : is_it)
			found = trace;
	}
	return found;
}

static void history(const struct st_trace *trace, const json_t *params, struct st_json *json)
{
	const json_t *since = json_object_get(params, "since");
	const json_t *limit = json_object_get(params, "limit");

	st_trace_write_history(trace, view_of(params), since ? json_integer_value(since) : -1,
			       limit ? (uint64_t)json_integer_value(limit) : DEFAULT_LIMIT, ROOM,
			       json);
}

/* Sums, of one that goes on or has just ended. */
static int sum_up(const struct st_trace *trace, int operation, const json_t *params,
		  struct st_buf *out)
{
	const json_t *value = json_object_get(params, "top");
	json_int_t top = value ? json_integer_value(value) : ST_TRACE_TOP;
	struct st_json json;

	if (top < 0 || top > ST_TRACE_TOP_MAX)
		return say(out, -EINVAL, "invalid_params top: 0 to 100 pairs can be shown");
	st_json_init(&json, out);
	if (operation == ST_OPERATION_TRACE_ANALYZE)
		st_trace_write_analysis(trace, (uint32_t)top, &json);
	else
		st_trace_write_summary(trace, view_of(params), (uint32_t)top, &json);
	return st_buf_error(out);
}

static int of_one(struct st_service *service, int operation, const json_t *params,
		  struct st_buf *out)
{
	struct st_trace *trace = find(service, params);
	struct st_json json;
	int err = trace ? st_trace_read(trace) : 0;

	if (!trace)
		return say(out, -ENOENT,
			   json_object_get(params, "id") ?
				   "not_found there is no trace with this number" :
				   "not_found there is no trace of it; trace-start begins one");
	if (err)
		return say(out, err, "failed the records cannot be read");
	if (operation == ST_OPERATION_TRACE_HISTORY) {
		st_json_init(&json, out);
		history(trace, params, &json);
		return st_buf_error(out);
	}
	err = sum_up(trace, operation, params, out);
	/* without its summary it goes on */
	if (!err && operation == ST_OPERATION_TRACE_STOP) {
		st_trace_free(trace);
		service->nr_traces--;
		save(service);
	}
	return err;
}

static int answer(struct st_service *service, int operation, const json_t *params,
		  struct st_buf *out)
{
	if (operation == ST_OPERATION_TRACE_START)
		return start(service, params, out);
	if (operation == ST_OPERATION_TRACE_LIST)
		return list(service, params, out);
	if (operation >= 0 && st_operations[operation].owner == ST_OWNER_TRACER)
		return of_one(service, operation, params, out);
	return say(out, -EINVAL, "method_not_found the tracer has no such operation");
}

int st_operations_answer(struct st_service *service, const char *request, struct st_buf *out)
{
	const char *blank = strchr(request, ' ');
	char name[64] = "";
	json_error_t error;
	json_t *params = NULL;
	int ret;

	if (blank && (size_t)(blank - request) < sizeof(name))
		memcpy(name, request, (size_t)(blank - request));
	if (!blank || st_json_parse(blank + 1, strlen(blank + 1), 0, &params, &error))
		return say(out, -EINVAL, "invalid_params an operation and its parameters in JSON");
	ret = answer(service, st_operation_find(name), params, out);
	json_decref(params);
	return ret;
}
