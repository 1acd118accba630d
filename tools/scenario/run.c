// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a scenario, as operations of the control protocol.
 *
 * A step is performed, then the tree settles, then events and state are taken;
 * with "settle": false the next step comes at once. Before the first step the
 * tree is started, after the last one the daemon is told to stop.
 */
#include "run.h"

#include <string.h>

#include "core/spec.h"
#include "die.h"
#include "driver.h"
#include "spec.h"

#define ROOT "root"
#define NO_PROCESS 1 /* the pid of a living process that is not a child of any supervisor here */

static json_t *failure(const char *word)
{
	return st_need(json_pack("{s:s}", "error", word));
}

static json_t *child_path(const char *sup, const char *id)
{
	return st_need(json_sprintf("%s/%s", sup, id));
}

/* Call @method and make its answer a result; @params is taken. */
static json_t *call(struct st_driver *driver, const char *method, json_t *params)
{
	return st_answer_result(&driver->record, driver->ops->call(driver, method, params));
}

static json_t *start_tree(struct st_driver *driver, const json_t *tree)
{
	json_t *result = call(driver, "start_child",
			      st_need(json_pack("{s:s, s:b, s:{s:s, s:s, s:o}}", "path", "/", "otp",
						true, "spec", "id", ROOT, "restart", "temporary",
						"supervisor", st_spec_of_sup(tree))));
	json_t *reason = json_object_get(json_object_get(result, "error"), "start_error");

	(void)json_object_del(result, "inc");
	if (reason)
		st_put(result, "error", json_incref(reason)); /* supervisor:start_link's term */
	return result;
}

static json_t *do_exit(struct st_driver *driver, const json_t *step)
{
	const struct st_attempt *attempt =
		st_record_last(&driver->record, st_need_text(step, "child"));

	if (!attempt || attempt->has_ended || !attempt->pid) /* no worker, or a supervisor */
		return failure("noproc");
	driver->ops->end(driver, attempt, json_object_get(step, "reason"));
	return st_need(json_string("ok"));
}

static json_t *do_start_child(struct st_driver *driver, const json_t *step)
{
	json_t *params = st_need(json_pack("{s:s}", "path", st_need_text(step, "sup")));
	json_t *behaviour = json_object_get(step, "behaviour"), *args = st_need(json_array());

	if (behaviour)
		st_append(args, st_spec_of_behaviour(behaviour));
	if (json_object_get(step, "name")) {
		st_put(params, "name", json_incref(json_object_get(step, "name")));
		st_put(params, "args", args);
	} else {
		st_put(params, "spec", st_spec_of_child(json_object_get(step, "spec")));
		st_put(params, "otp", json_true());
		json_decref(args);
	}
	return call(driver, "start_child", params);
}

static json_t *call_by_id(struct st_driver *driver, const char *method, const json_t *step)
{
	const char *id = json_string_value(json_object_get(step, "id"));
	json_t *params = st_need(json_object());

	st_put(params, "path",
	       child_path(st_need_text(step, "sup"), id ? id : st_need_text(step, "name")));
	return call(driver, method, params);
}

static json_t *do_restart_child(struct st_driver *driver, const json_t *step)
{
	return call_by_id(driver, "restart_child", step);
}

static json_t *do_delete_child(struct st_driver *driver, const json_t *step)
{
	return call_by_id(driver, "delete_child", step);
}

/* A child that never ran has no process to address, if its supervisor lives. */
static json_t *refuse_name(struct st_driver *driver, const char *sup)
{
	json_t *result = st_state_counts(driver, sup);

	if (json_object_get(result, "error"))
		return result;
	json_decref(result);
	return failure("unknown_name");
}

static bool is_not_found(const json_t *result)
{
	const char *word = json_string_value(json_object_get(result, "error"));

	return word && !strcmp(word, "not_found");
}

/* A supervisor has no pid; one that was there and is not found any more is dead. [I3] */
static json_t *terminate_supervisor(struct st_driver *driver, const struct st_attempt *attempt)
{
	json_t *result =
		call(driver, "terminate_child", st_need(json_pack("{s:s}", "path", attempt->path)));

	if (!attempt->has_ended || !is_not_found(result))
		return result;
	json_decref(result);
	return st_need(json_string("ok"));
}

/* By process, as OTP addresses dynamic children: the last one of that name. [I3] */
static json_t *terminate_process(struct st_driver *driver, const char *sup, const char *name)
{
	json_t *path = child_path(sup, name);
	const struct st_attempt *attempt = st_record_last(&driver->record, json_string_value(path));
	bool is_foreign = !strcmp(name, "$foreign");

	json_decref(path);
	if (!attempt && !is_foreign)
		return refuse_name(driver, sup);
	if (!is_foreign && !attempt->pid)
		return terminate_supervisor(driver, attempt);
	return call(driver, "terminate_child",
		    st_need(json_pack("{s:s, s:i}", "path", sup, "pid",
				      is_foreign ? NO_PROCESS : attempt->pid)));
}

static json_t *do_terminate_child(struct st_driver *driver, const json_t *step)
{
	const char *name = json_string_value(json_object_get(step, "name"));

	if (name)
		return terminate_process(driver, st_need_text(step, "sup"), name);
	return call_by_id(driver, "terminate_child", step);
}

static json_t *do_get_childspec(struct st_driver *driver, const json_t *step)
{
	return call_by_id(driver, "get_childspec", step);
}

static json_t *do_which_children(struct st_driver *driver, const json_t *step)
{
	return st_state_children(driver, st_need_text(step, "sup"));
}

static json_t *do_count_children(struct st_driver *driver, const json_t *step)
{
	return st_state_counts(driver, st_need_text(step, "sup"));
}

static bool is_auto_shutdown(const json_t *word)
{
	return st_text_index(st_auto_shutdown_text, ST_AUTO_SHUTDOWN__MAX,
			     json_is_string(word) ? json_string_value(word) : "") >= 0;
}

static json_t *do_check_childspecs(struct st_driver *driver, const json_t *step)
{
	json_t *auto_shutdown = json_object_get(step, "auto_shutdown");
	json_t *params, *specs, *spec;
	size_t i;

	/* of OTP's type checks; the protocol refuses it as a parameter */
	if (auto_shutdown && !is_auto_shutdown(auto_shutdown))
		return st_need(json_pack("{s:{s:O}}", "error", "badarg", auto_shutdown));
	specs = st_need(json_array());
	json_array_foreach(json_object_get(step, "specs"), i, spec)
		st_append(specs, st_spec_of_child(spec));
	params = st_need(json_pack("{s:o, s:b}", "specs", specs, "otp", true));
	if (auto_shutdown)
		st_put(params, "auto_shutdown", json_incref(auto_shutdown));
	return call(driver, "check_childspecs", params);
}

static json_t *do_code_change(struct st_driver *driver, const json_t *step)
{
	return call(driver, "change",
		    st_need(json_pack("{s:s, s:b, s:o}", "path", st_need_text(step, "sup"), "otp",
				      true, "spec", st_spec_of_sup(json_object_get(step, "to")))));
}

static json_t *do_stop(struct st_driver *driver, const json_t *step)
{
	json_t *params = st_need(json_pack("{s:s}", "path", st_need_text(step, "sup")));
	json_t *reason = json_object_get(step, "reason");

	if (reason)
		st_put(params, "reason", json_incref(reason));
	return call(driver, "stop_supervisor", params);
}

/* The root of a scenario is a child of the daemon's own root. */
static json_t *do_shutdown_root(struct st_driver *driver, const json_t *step)
{
	const struct st_attempt *root = st_record_last(&driver->record, ROOT);

	(void)step; /* it has no members */
	if (!root || root->has_ended)
		return failure("noproc");
	return call(driver, "terminate_child", st_need(json_pack("{s:s}", "path", ROOT)));
}

static json_t *do_sleep(struct st_driver *driver, const json_t *step)
{
	driver->ops->pass(driver, (unsigned int)json_integer_value(json_object_get(step, "ms")));
	return st_need(json_string("ok"));
}

static const struct {
	const char *op;
	json_t *(*perform)(struct st_driver *driver, const json_t *step);
} operations[] = {
	{ "exit", do_exit },
	{ "start_child", do_start_child },
	{ "restart_child", do_restart_child },
	{ "terminate_child", do_terminate_child },
	{ "delete_child", do_delete_child },
	{ "which_children", do_which_children },
	{ "count_children", do_count_children },
	{ "get_childspec", do_get_childspec },
	{ "check_childspecs", do_check_childspecs },
	{ "code_change", do_code_change },
	{ "stop", do_stop },
	{ "shutdown_root", do_shutdown_root },
	{ "sleep", do_sleep },
};

static json_t *perform(struct st_driver *driver, const json_t *step)
{
	const char *op = st_need_text(step, "op");

	for (size_t i = 0; i < ST_ARRAY_SIZE(operations); i++)
		if (!strcmp(operations[i].op, op))
			return operations[i].perform(driver, step);
	st_die("unknown operation \"%s\"", op);
}

/* Add a step to the trace; @result is taken. */
static void add_step(json_t *steps, const char *op, json_t *result)
{
	json_t *out = st_need(json_object());

	st_put(out, "step", json_integer((json_int_t)json_array_size(steps)));
	st_put(out, "op", json_string(op));
	st_put(out, "result", result);
	st_append(steps, out);
}

static void settle(struct st_driver *driver, json_t *steps)
{
	json_t *step = json_array_get(steps, json_array_size(steps) - 1);

	driver->ops->settle(driver);
	st_put(step, "events", st_record_take_events(&driver->record));
	st_put(step, "state", st_state(driver));
}

/* The daemon is asked to stop, and with it the root, if it lives. */
static void finish(struct st_driver *driver, json_t *steps)
{
	const struct st_attempt *root = st_record_last(&driver->record, ROOT);
	bool is_alive = root && !root->has_ended;

	driver->ops->shut_down(driver);
	add_step(steps, "shutdown_root", is_alive ? st_need(json_string("ok")) : failure("noproc"));
	st_put(json_array_get(steps, json_array_size(steps) - 1), "events",
	       st_record_take_events(&driver->record));
	st_put(json_array_get(steps, json_array_size(steps) - 1), "state", json_array());
}

json_t *st_run(struct st_driver *driver, const json_t *scenario)
{
	json_t *steps = st_need(json_array()), *step;
	size_t i;

	add_step(steps, "start", start_tree(driver, json_object_get(scenario, "tree")));
	settle(driver, steps);
	json_array_foreach(json_object_get(scenario, "steps"), i, step) {
		add_step(steps, st_need_text(step, "op"), perform(driver, step));
		if (!json_is_false(json_object_get(step, "settle")))
			settle(driver, steps);
	}
	finish(driver, steps);
	return steps;
}
