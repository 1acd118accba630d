// SPDX-License-Identifier: GPL-2.0-only
/*
 * The state of a tree: what each supervisor that lives says of its children.
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

static bool is_running_sup(const json_t *child)
{
	return !strcmp(st_need_text(child, "state"), "running") &&
	       !strcmp(st_need_text(child, "type"), "supervisor");
}

/* The paths of the supervisors among the children of @path. */
static void add_sups(json_t *todo, const char *path, const json_t *children)
{
	const json_t *list = json_object_get(children, "unordered");
	json_t *child;
	size_t i;

	json_array_foreach(list ? list : children, i, child)
		if (is_running_sup(child))
			st_append(todo, json_sprintf("%s/%s", path, st_need_text(child, "id")));
}

json_t *st_state(struct st_driver *driver)
{
	const struct st_attempt *root = st_record_last(&driver->record, "root");
	json_t *state = st_need(json_array()), *todo = st_need(json_array()), *path;
	size_t i;

	if (root && !root->has_ended)
		st_append(todo, json_string("root"));
	json_array_foreach(todo, i, path) {
		const char *text = json_string_value(path);
		json_t *children = st_state_children(driver, text);

		add_sups(todo, text, children);
		st_append(state, json_pack("{s:s, s:o, s:o}", "sup", text, "children", children,
					   "counts", st_state_counts(driver, text)));
	}
	json_decref(todo);
	return state;
}
