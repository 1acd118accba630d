// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes nodes of the tree as JSON. See view.h.
 */
#include "daemon/requests/view.h"

#include <string.h>

#include "core/step.h"
#include "daemon/history/events.h"
#include "daemon/output/output.h"
#include "daemon/process/facts.h"
#include "daemon/process/process.h"
#include "loop/ring.h"

#define FIELD_TEXT(member, name) [ST_FIELD_##member] = name,
const char *const st_view_fields[ST_FIELD__MAX + 1] = { ST_VIEW_FIELD_LIST(FIELD_TEXT) };
#undef FIELD_TEXT

static bool wants(const struct st_view *view, enum st_view_field field)
{
	return !view->fields || view->fields >> field & 1;
}

static void write_path(const struct st_child *child, struct st_json *json)
{
	struct st_buf path = ST_BUF_INIT;

	st_child_write_path(child, &path);
	st_json_buf_field(json, "path", &path);
	st_buf_done(&path);
}

static void write_shutdown(const struct st_shutdown *shutdown, struct st_json *json)
{
	if (shutdown->type == ST_SHUTDOWN_TIMEOUT)
		st_json_u64_field(json, "shutdown", shutdown->timeout_ms);
	else
		st_json_text_field(json, "shutdown", st_shutdown_text[shutdown->type]);
}

static void write_pid(const struct st_child *child, struct st_json *json)
{
	if (child->pid > 0)
		st_json_u64_field(json, "pid", (uint64_t)child->pid);
	if (child->generation)
		st_json_u64_field(json, "generation", child->generation);
}

void st_view_process(const struct st_child *child, struct st_json *json)
{
	st_json_begin_object(json);
	write_pid(child, json);
	st_json_end_object(json);
}

static void write_status(const struct st_view *view, const struct st_child *child,
			 struct st_json *json)
{
	const struct st_process *process = st_process_find(view->processes, child->generation);

	if (process && process->status)
		st_json_text_field(json, "status", process->status);
}

static void write_mailbox(const struct st_view *view, const struct st_child *child,
			  struct st_json *json)
{
	const struct st_process *process = st_process_find(view->processes, child->generation);

	if (process && process->has_mailbox)
		st_json_bool_field(json, "mailbox", true);
}

static void write_time(const struct st_child *child, struct st_json *json)
{
	uint64_t now_ns = st_clock_ns();

	if (child->state == ST_CHILD_RUNNING && now_ns > child->since_ns)
		st_json_u64_field(json, "uptime_ms", (now_ns - child->since_ns) / ST_NSEC_PER_MSEC);
}

static bool has_ended_once(const struct st_child *child)
{
	return child->generation &&
	       (child->state == ST_CHILD_STOPPED || child->state == ST_CHILD_RESTARTING);
}

void st_view_flags(const struct st_sup_flags *flags, struct st_json *json)
{
	st_json_text_field(json, "strategy", st_strategy_text[flags->strategy]);
	st_json_u64_field(json, "intensity", flags->intensity);
	st_json_u64_field(json, "period", flags->period_s);
	st_json_text_field(json, "auto_shutdown", st_auto_shutdown_text[flags->auto_shutdown]);
}

/* Write the members that only a supervisor has. */
static void write_sup(const struct st_view *view, const struct st_child *child,
		      struct st_json *json)
{
	const struct st_sup *sup = child->sup;
	const struct st_sup_flags *flags = &sup->spec->flags;

	if (wants(view, ST_FIELD_STRATEGY))
		st_view_flags(flags, json);
	if (wants(view, ST_FIELD_RESTARTS_IN_PERIOD))
		st_json_u64_field(json, "restarts_in_period",
				  st_window_count(&sup->window, st_clock_ns(), flags->period_s));
}

/* What it is now. A change may want another kind from the next start on. [K3] */
static enum st_child_type type_of(const struct st_child *child)
{
	if (child->sup)
		return ST_CHILD_TYPE_SUPERVISOR;
	return child->spec->def.sup ? ST_CHILD_TYPE_WORKER : child->spec->def.type;
}

/* Write the members that are in the specification. */
static void write_def(const struct st_view *view, const struct st_child *child,
		      struct st_json *json)
{
	const struct st_child_def *def = &child->spec->def;

	if (wants(view, ST_FIELD_TYPE))
		st_json_text_field(json, "type", st_child_type_text[type_of(child)]);
	if (wants(view, ST_FIELD_STATE))
		st_json_text_field(json, "state", st_child_state_text[child->state]);
	if (wants(view, ST_FIELD_RESTART)) /* the root is never restarted */
		st_json_text_field(json, "restart",
				   child->parent ? st_restart_text[def->restart] : NULL);
	if (wants(view, ST_FIELD_SIGNIFICANT))
		st_json_bool_field(json, "significant", def->significant);
	if (wants(view, ST_FIELD_SHUTDOWN))
		write_shutdown(&def->shutdown, json);
}

void st_view_members(const struct st_view *view, const struct st_child *child, struct st_json *json)
{
	if (wants(view, ST_FIELD_ID))
		st_json_text_field(json, "id", st_child_name(child));
	write_path(child, json);
	if (view->fields)
		st_json_bool_field(json, "partial", true);
	write_def(view, child, json);
	if (wants(view, ST_FIELD_PID))
		write_pid(child, json);
	if (wants(view, ST_FIELD_MAILBOX))
		write_mailbox(view, child, json);
	if (wants(view, ST_FIELD_UPTIME))
		write_time(child, json);
	if (wants(view, ST_FIELD_RESTARTS))
		st_json_u64_field(json, "restarts", child->nr_restarts);
	if (wants(view, ST_FIELD_STATUS))
		write_status(view, child, json);
	if (wants(view, ST_FIELD_REASON) && has_ended_once(child)) {
		st_json_key(json, "reason");
		st_reason_write(&child->reason, st_json_place(json));
	}
	if (child->sup)
		write_sup(view, child, json);
}

void st_view_children(const struct st_sup *sup, struct st_json *json)
{
	bool dynamic = sup->spec->flags.strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE;

	st_json_begin_array(json);
	for (struct st_list *pos = sup->children.prev; pos != &sup->children; pos = pos->prev) {
		const struct st_child *child = st_child_of(pos);

		st_json_begin_object(json);
		/*
		 * OTP lists no process of a restarting dynamic child, and so no
		 * name [I6]
		 */
		st_json_text_field(json, "id",
				   dynamic && child->state == ST_CHILD_RESTARTING ?
					   NULL :
					   st_child_name(child));
		st_json_text_field(json, "state", st_child_state_text[child->state]);
		st_json_text_field(json, "type", st_child_type_text[child->spec->def.type]);
		if (child->state == ST_CHILD_RUNNING)
			write_pid(child, json);
		st_json_end_object(json);
	}
	st_json_end_array(json);
}

void st_view_spec(const struct st_child_spec *spec, bool shows_values, struct st_json *json)
{
	if (shows_values)
		st_child_spec_write(spec, st_json_place(json));
	else
		st_child_spec_write_public(spec, st_json_place(json));
}

void st_view_info(const struct st_view *view, const struct st_child *child, struct st_json *json)
{
	struct st_buf buf = ST_BUF_INIT;
	const char *path = "";

	if (st_child_path(child, &buf, &path))
		json->out->failed = true; /* nothing of the answer is sent */
	st_json_begin_object(json);
	st_view_members(view, child, json);
	if (!child->sup) { /* a supervisor's specification may be long; get_childspec returns it */
		st_json_key(json, "spec");
		st_view_spec(child->spec, view->shows_values, json);
	}
	if (child->pid > 0) {
		st_json_key(json, "process");
		st_facts_write(child->pid, json);
	}
	st_json_u64_field(json, "output_bytes", st_outputs_bytes(view->outputs, path));
	st_outputs_log_write(view->outputs, path, json);
	st_json_key(json, "history");
	st_events_write_history(view->events, path, 20, json);
	st_json_end_object(json);
	st_buf_done(&buf);
}
