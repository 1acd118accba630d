// SPDX-License-Identifier: GPL-2.0-only
/*
 * Translation of specifications; see spec.h. Depth is bounded by jansson,
 * which reads no more than 2048 levels.
 */
#include "spec.h"

#include <stdlib.h>
#include <string.h>

#include "die.h"

#define WORKER "st-worker"

json_t *st_spec_of_behaviour(const json_t *behaviour)
{
	char *text = st_need(behaviour ? json_dumps(behaviour, JSON_COMPACT) : strdup("{}"));
	json_t *arg = st_need(json_string(text));

	free(text);
	return arg;
}

static void copy_members(json_t *to, const json_t *from, const char *const *keys, size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		json_t *value = json_object_get(from, keys[i]);

		if (value)
			st_put(to, keys[i], json_incref(value));
	}
}

static void put_process(json_t *spec, const json_t *child)
{
	json_t *invalid = json_object_get(child, "start"), *start;

	if (invalid) {
		st_put(spec, "start", json_incref(invalid));
		return;
	}
	start = st_need(json_array());
	st_append(start, json_string(WORKER));
	st_append(start, st_spec_of_behaviour(json_object_get(child, "behaviour")));
	st_put(spec, "start", start);
	st_put(spec, "ready", json_string("notify"));
}

json_t *st_spec_of_child(const json_t *child)
{
	static const char *const keys[] = { "id", "restart", "significant", "shutdown", "type" };
	json_t *spec, *sup, *omitted;
	size_t i;

	if (!json_is_object(child))
		return st_need(json_deep_copy(child));
	spec = st_need(json_object());
	copy_members(spec, child, keys, ST_ARRAY_SIZE(keys));
	sup = json_object_get(child, "sup");
	if (sup)
		st_put(spec, "supervisor", st_spec_of_sup(sup));
	else
		put_process(spec, child);
	json_array_foreach(json_object_get(child, "omit"), i, omitted) {
		/* without the start of a supervisor the whole supervisor is left out */
		if (!strcmp(json_string_value(omitted), "start"))
			(void)json_object_del(spec, "supervisor");
		(void)json_object_del(spec, json_string_value(omitted));
	}
	return spec;
}

json_t *st_spec_of_sup(const json_t *sup)
{
	static const char *const keys[] = { "strategy", "intensity", "period", "auto_shutdown",
					    "init" };
	json_t *spec = st_need(json_object()), *children = st_need(json_array()), *child;
	size_t i;

	copy_members(spec, sup, keys, ST_ARRAY_SIZE(keys));
	json_array_foreach(json_object_get(sup, "children"), i, child)
		st_append(children, st_spec_of_child(child));
	st_put(spec, "children", children);
	return spec;
}
