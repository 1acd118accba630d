// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parameters of the control protocol as requests of core; see core_protocol.h.
 */
#include <stdlib.h>
#include <string.h>

#include "config/bind.h"
#include "config/json.h"
#include "core/step.h"
#include "core_protocol.h"
#include "die.h"
#include "workers/behaviour.h"

struct st_core_request {
	struct st_request request;
	json_t *params; /* owned, as is all below */
	char *path;
	const char **args;
	struct st_buf term; /* OTP's error about a specification */
	json_t *answer; /* core need not be asked */
};

/* A specification of the parameters, with what was found wrong with it. */
struct bound {
	struct st_doc *doc;
	struct st_doc_node *node;
	struct st_diags diags;
};

static void bound_init(struct bound *bound, const json_t *params, const char *name)
{
	st_diags_init(&bound->diags);
	bound->doc = st_need(st_doc_new());
	if (st_json_read(bound->doc, name, json_object_get(params, name), &bound->diags,
			 &bound->node))
		st_die("\"%s\" can not be read", name);
}

static void bound_done(struct bound *bound)
{
	st_diags_done(&bound->diags);
	st_doc_free(bound->doc);
}

/* Of a binding that failed: the term that OTP has for it. */
static void take_term(const struct bound *bound, struct st_buf *term)
{
	struct st_buf text = ST_BUF_INIT;

	if (!st_diags_otp_term(&bound->diags, ST_OTP_CALL, term))
		return;
	st_diags_write_text(&bound->diags, &text);
	st_die("OTP has no word for it:\n%s", st_buf_text(&text));
}

static void take_error(struct st_core_request *request, const struct bound *bound)
{
	take_term(bound, &request->term);
	for (unsigned int i = 0; i < bound->diags.nr && !request->request.error; i++)
		request->request.error = bound->diags.items[i].otp;
	request->request.error_json = st_buf_text(&request->term);
}

/* Even of a specification with mistakes: core asks for it. [V4] */
static bool is_significant(const struct bound *bound)
{
	const struct st_doc_node *node = st_doc_find(bound->node, "significant");

	return node && node->type == ST_DOC_BOOL && node->boolean;
}

/* The last part of the path is the child, the others are its supervisor. */
static void take_child(struct st_core_request *request)
{
	char *slash = strrchr(request->path, '/');

	request->request.sup = slash ? request->path : "/";
	request->request.id = slash ? slash + 1 : request->path;
	if (slash)
		*slash = '\0';
}

static void take_sup(struct st_core_request *request)
{
	request->request.sup = request->path;
}

static void take_name(struct st_core_request *request)
{
	const json_t *args = json_object_get(request->params, "args");
	size_t nr = json_array_size(args);

	request->request.id = st_need_text(request->params, "name");
	request->args = st_need(calloc(nr + 1, sizeof(*request->args)));
	for (size_t i = 0; i < nr; i++)
		request->args[i] = json_string_value(json_array_get(args, i));
	request->request.start.args = request->args;
	request->request.start.nr_args = (uint32_t)nr;
}

static void begin_start_child(struct st_core_request *request)
{
	struct bound bound;

	take_sup(request);
	if (json_object_get(request->params, "name")) {
		take_name(request);
		return;
	}
	bound_init(&bound, request->params, "spec");
	if (st_bind_child(bound.node, ST_BIND_OTP, NULL, &bound.diags,
			  &request->request.start.spec))
		take_error(request, &bound);
	request->request.start.significant = is_significant(&bound);
	bound_done(&bound);
}

/* A pid is a generation; the first one is that of "/", which is not a child. [I3] */
static void begin_terminate(struct st_core_request *request)
{
	json_int_t pid = json_integer_value(json_object_get(request->params, "pid"));

	if (!pid) {
		take_child(request);
		return;
	}
	take_sup(request);
	request->request.terminate.foreign = pid == 1;
	request->request.terminate.generation = (uint64_t)pid;
}

static void begin_change(struct st_core_request *request)
{
	struct bound bound;

	take_sup(request);
	bound_init(&bound, request->params, "spec");
	if (st_bind_sup(bound.node, ST_BIND_OTP, &bound.diags, &request->request.change.to))
		take_error(request, &bound);
	bound_done(&bound);
}

static void begin_stop(struct st_core_request *request)
{
	const json_t *reason = json_object_get(request->params, "reason");
	struct st_worker_end end = { false, 0 };

	take_sup(request);
	if (reason && !st_behaviour_end(reason, &end))
		st_die("no reason to stop a supervisor with");
	request->request.stop.reason = end.by_signal ? st_reason_from_signal(end.number) :
						       st_reason_from_exit(end.number);
}

/* The answer depends on the specs alone. [V3] */
static void begin_check(struct st_core_request *request)
{
	const json_t *word = json_object_get(request->params, "auto_shutdown");
	struct st_sup_flags flags;
	struct bound bound;

	st_sup_flags_init(&flags);
	if (word)
		flags.auto_shutdown = (enum st_auto_shutdown)st_text_index(
			st_auto_shutdown_text, ST_AUTO_SHUTDOWN__MAX, json_string_value(word));
	bound_init(&bound, request->params, "specs");
	if (st_bind_check_children(bound.node, ST_BIND_OTP, word ? &flags : NULL, &bound.diags)) {
		take_term(&bound, &request->term);
		request->answer =
			json_pack("{s:o}", "error",
				  json_loads(st_buf_text(&request->term), JSON_DECODE_ANY, NULL));
	} else {
		request->answer = json_pack("{s:{s:b}}", "result", "ok", true);
	}
	(void)st_need(request->answer);
	bound_done(&bound);
}

static const struct {
	const char *method;
	enum st_request_type type;
	void (*begin)(struct st_core_request *request);
} methods[] = {
	{ "start_child", ST_REQUEST_START_CHILD, begin_start_child },
	{ "restart_child", ST_REQUEST_RESTART_CHILD, take_child },
	{ "terminate_child", ST_REQUEST_TERMINATE_CHILD, begin_terminate },
	{ "delete_child", ST_REQUEST_DELETE_CHILD, take_child },
	{ "which_children", ST_REQUEST_WHICH_CHILDREN, take_sup },
	{ "count_children", ST_REQUEST_COUNT_CHILDREN, take_sup },
	{ "get_childspec", ST_REQUEST_GET_CHILDSPEC, take_child },
	{ "change", ST_REQUEST_CHANGE, begin_change },
	{ "stop_supervisor", ST_REQUEST_STOP, begin_stop },
	{ "check_childspecs", ST_REQUEST__MAX, begin_check },
};

struct st_core_request *st_core_request_new(const char *method, json_t *params)
{
	struct st_core_request *request = st_need(calloc(1, sizeof(*request)));
	const char *path = json_string_value(json_object_get(params, "path"));

	request->params = params;
	request->path = st_need(strdup(path ? path : "/"));
	for (size_t i = 0; i < ST_ARRAY_SIZE(methods); i++) {
		if (strcmp(methods[i].method, method))
			continue;
		request->request.type = methods[i].type;
		methods[i].begin(request);
		return request;
	}
	st_die("unknown method \"%s\"", method);
}

void st_core_request_free(struct st_core_request *request)
{
	st_request_done(&request->request);
	st_buf_done(&request->term);
	free(request->args);
	free(request->path);
	json_decref(request->params);
	free(request);
}

json_t *st_core_request_answer(const struct st_core_request *request)
{
	return request->answer;
}

const struct st_request *st_core_request_get(struct st_core_request *request, uint64_t token)
{
	request->request.token = token;
	return &request->request;
}
