// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a tree: the children of each living supervisor, as it lists them.
 */
#include <string.h>

#include "die.h"
#include "driver.h"
#include "run.h"

static json_t *ask(struct st_driver *driver, const char *method, const char *path)
{
	json_t *params = st_need(json_pack("{s:s}", "path", path));

	return st_answer_result(&driver->record, driver->ops->call(driver, method, params));
}

json_t *st_state_counts(struct st_driver *driver, const char *path)
{
	return ask(driver, "count_children", path);
}

json_t *st_state_children(struct st_driver *driver, const char *path)
{
	json_t *children = ask(driver, "which_children", path);

	if (json_is_array(children) && driver->ops->is_dynamic(driver, path))
		return st_need(json_pack("{s:o}", "unordered", children));
	return children;
}

/* A change can give a running worker the spec of a supervisor: ask for its type. [K3] */
static bool is_running_sup(const struct st_record *record, const char *path)
{
	const struct st_attempt *attempt = st_record_last(record, path);

	return attempt && !attempt->pid && !attempt->has_ended;
}

/* The paths of the supervisors that run among the children of @path. */
static void add_sups(const struct st_record *record, json_t *paths, const char *path,
		     const json_t *children)
{
	const json_t *list = json_object_get(children, "unordered");
	json_t *child;
	size_t i;

	json_array_foreach(list ? list : children, i, child) {
		const char *id = json_string_value(json_object_get(child, "id"));
		json_t *below = st_need(json_sprintf("%s/%s", path, id ? id : ""));

		if (is_running_sup(record, json_string_value(below)))
			st_append(paths, json_incref(below));
		json_decref(below);
	}
}

json_t *st_state(struct st_driver *driver)
{
	const struct st_attempt *root = st_record_last(&driver->record, "root");
	json_t *state = st_need(json_array()), *paths = st_need(json_array()), *path;
	size_t i;

	if (root && !root->has_ended)
		st_append(paths, json_string("root"));
	json_array_foreach(paths, i, path) {
		const char *text = json_string_value(path);
		json_t *children = st_state_children(driver, text);

		add_sups(&driver->record, paths, text, children);
		st_append(state, json_pack("{s:s, s:o, s:o}", "sup", text, "children", children,
					   "counts", st_state_counts(driver, text)));
	}
	json_decref(paths);
	return state;
}
