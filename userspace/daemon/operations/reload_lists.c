// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists of a reload: its plan, and in the end its answer. See reload.h.
 *
 * Numbers of requests never fall in a list, so what depends on a request is found by
 * halving.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/operations/reload.h"
#include "proto/json.h"

void st_reload_init(struct st_reload *reload, const struct st_sup *root, struct st_sup_spec *spec,
		    unsigned int flags)
{
	*reload = (struct st_reload){
		.root = root,
		.spec = st_sup_spec_get(spec),
		.flags = flags,
	};
}

void st_reload_done(struct st_reload *reload)
{
	const size_t none[ST_RELOAD__MAX] = { 0 };

	st_reload_cut(reload, none);
	for (int list = 0; list < ST_RELOAD__MAX; list++)
		st_free(reload->lists[list].items);
	st_sup_spec_put(reload->spec);
	st_buf_done(&reload->failures);
	st_buf_done(&reload->path);
	st_buf_done(&reload->text_a);
	st_buf_done(&reload->text_b);
}

int st_reload_add(struct st_reload *reload, enum st_reload_list list, const char *path,
		  uint32_t request)
{
	struct st_reload_entries *entries = &reload->lists[list];
	size_t cap = entries->cap ? entries->cap * 2 : 8, size = strlen(path) + 1;
	struct st_reload_entry *items;
	char *copy;

	if (entries->nr == entries->cap) {
		items = st_realloc(entries->items, cap * sizeof(*items));
		if (!items)
			return -ENOMEM;
		entries->items = items;
		entries->cap = cap;
	}
	copy = st_alloc(size);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, path, size);
	entries->items[entries->nr++] = (struct st_reload_entry){ copy, request };
	return 0;
}

void st_reload_cut(struct st_reload *reload, const size_t nr[ST_RELOAD__MAX])
{
	for (int list = 0; list < ST_RELOAD__MAX; list++) {
		struct st_reload_entries *entries = &reload->lists[list];

		while (entries->nr > nr[list])
			st_free(entries->items[--entries->nr].path);
	}
}

/* The first entry that depends on @request or a later one. */
static size_t first_of(const struct st_reload_entries *entries, uint32_t request)
{
	size_t low = 0, high = entries->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (entries->items[middle].request < request)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void st_reload_drop(struct st_reload *reload, enum st_reload_list list, uint32_t request)
{
	struct st_reload_entries *entries = &reload->lists[list];

	for (size_t i = first_of(entries, request);
	     i < entries->nr && entries->items[i].request == request; i++) {
		st_free(entries->items[i].path);
		entries->items[i].path = NULL;
	}
}

static int by_path(const void *a, const void *b)
{
	const struct st_reload_entry *one = a, *other = b;

	if (!one->path || !other->path)
		return !other->path - !one->path;
	return strcmp(one->path, other->path);
}

/* A path may be in several plans. */
static void unite(struct st_reload_entries *entries)
{
	if (entries->nr)
		qsort(entries->items, entries->nr, sizeof(*entries->items), by_path);
	for (size_t i = 1; i < entries->nr; i++) {
		struct st_reload_entry *last = &entries->items[i - 1], *entry = &entries->items[i];

		if (!last->path || !entry->path || strcmp(last->path, entry->path) != 0)
			continue;
		st_free(last->path);
		last->path = NULL;
	}
}

void st_reload_write(struct st_reload *reload, struct st_buf *out)
{
#define ST_ENUM_TEXT(name, text) [name] = text,
	static const char *const names[] = { ST_RELOAD_LIST(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT
	struct st_json json;

	st_json_init(&json, out);
	st_json_begin_object(&json);
	for (int list = 0; list < ST_RELOAD__MAX; list++) {
		struct st_reload_entries *entries = &reload->lists[list];

		if (reload->nr_plans > 1)
			unite(entries);
		st_json_key(&json, names[list]);
		st_json_begin_array(&json);
		for (size_t i = 0; i < entries->nr; i++)
			if (entries->items[i].path)
				st_json_text(&json, entries->items[i].path);
		st_json_end_array(&json);
	}
	st_json_key(&json, "failed");
	st_json_begin_array(&json);
	if (reload->failures.len)
		st_buf_add_buf(st_json_place(&json), &reload->failures);
	st_json_end_array(&json);
	st_json_bool_field(&json, "dry_run", reload->flags & ST_RELOAD_DRY_RUN);
	st_json_end_object(&json);
}
