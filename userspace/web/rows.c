// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lists of children; see rows.h.
 */
#include "web/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proto/json.h"
#include "web/dump.h"

/* The members by which one can filter and sort. */
static const char *const members[] = {
	"id",	     "path",   "type",	   "state",  "restart",	 "pid",
	"uptime_ms", "status", "restarts", "reason", "strategy", "restarts_in_period",
};

struct list {
	const json_t **rows;
	size_t nr;
	size_t room;
};

static int collect(const json_t *node, size_t depth, struct list *list)
{
	const json_t *child;
	size_t index;

	if (list->nr == list->room) {
		size_t room = list->room ? 2 * list->room : 64;
		const json_t **rows = realloc(list->rows, room * sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		list->rows = rows;
		list->room = room;
	}
	list->rows[list->nr++] = node;
	if (!depth)
		return 0;
	json_array_foreach(json_object_get(node, "children"), index, child)
		if (collect(child, depth - 1, list))
			return -ENOMEM;
	return 0;
}

static bool is_member(const char *name, size_t len)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(members); i++)
		if (strlen(members[i]) == len && !strncmp(members[i], name, len))
			return true;
	return false;
}

static const json_t *member(const json_t *row, const char *name, size_t len)
{
	return json_object_getn(row, name, len);
}

/* Has a value this text? A number has that of its digits, null has none. */
static bool value_fits(const json_t *value, char how, const char *wanted, size_t len)
{
	char number[24];
	const char *text = json_string_value(value);

	if (json_is_integer(value)) {
		struct st_buf digits = ST_BUF_INIT;

		st_buf_add_i64(&digits, json_integer_value(value));
		strncpy(number, st_buf_text(&digits), sizeof(number) - 1);
		number[sizeof(number) - 1] = '\0';
		st_buf_done(&digits);
		text = number;
	}
	if (!text)
		return false;
	if (how == '~')
		return memmem(text, strlen(text), wanted, len) != NULL;
	return strlen(text) == len && !memcmp(text, wanted, len);
}

/* One condition after the other: each must hold. */
static bool fits(const json_t *row, const char *filter)
{
	while (*filter) {
		size_t len = strcspn(filter, ","), name = strcspn(filter, ":~");

		if (!value_fits(member(row, filter, name), filter[name], filter + name + 1,
				len - name - 1))
			return false;
		filter += len + (filter[len] == ',');
	}
	return true;
}

static bool is_filter(const char *filter)
{
	while (*filter) {
		size_t len = strcspn(filter, ","), name = strcspn(filter, ":~");

		if (name >= len || !is_member(filter, name))
			return false;
		filter += len + (filter[len] == ',');
	}
	return true;
}

/* A number or text before another; what is missing comes last. */
static int order(const json_t *one, const json_t *other)
{
	json_int_t a = json_integer_value(one), b = json_integer_value(other);

	if (!one || !other)
		return !one - !other;
	if (json_is_string(one) && json_is_string(other))
		return strcmp(json_string_value(one), json_string_value(other));
	return (a > b) - (a < b);
}

struct key {
	const char *name;
	size_t len;
	int sign;
};

struct sorted {
	const json_t *row;
	size_t place; /* in the tree: equal ones stay in this order */
};

static int compare(const void *one, const void *other, void *context)
{
	const struct sorted *a = one, *b = other;
	const struct key *key = context;
	const json_t *x = member(a->row, key->name, key->len);
	const json_t *y = member(b->row, key->name, key->len);
	int found = order(x, y);

	if (!found)
		return (a->place > b->place) - (a->place < b->place);
	return x && y ? found * key->sign : found;
}

static int sort(struct list *list, const char *by)
{
	struct key key = { .name = by + (*by == '-'), .sign = *by == '-' ? -1 : 1 };
	struct sorted *all = calloc(list->nr ? list->nr : 1, sizeof(*all));

	if (!all)
		return -ENOMEM;
	key.len = strlen(key.name);
	for (size_t i = 0; i < list->nr; i++)
		all[i] = (struct sorted){ list->rows[i], i };
	qsort_r(all, list->nr, sizeof(*all), compare, &key);
	for (size_t i = 0; i < list->nr; i++)
		list->rows[i] = all[i].row;
	free(all);
	return 0;
}

static void select_rows(struct list *list, const struct st_rows_query *query)
{
	size_t nr = 0;

	for (size_t i = 0; i < list->nr; i++) {
		const json_t *row = list->rows[i];
		const char *state = json_string_value(json_object_get(row, "state"));

		if (query->only_supervisors && !json_object_get(row, "children"))
			continue;
		if (query->state && (!state || strcmp(state, query->state) != 0))
			continue;
		if (query->filter && !fits(row, query->filter))
			continue;
		list->rows[nr++] = row;
	}
	list->nr = nr;
}

static const char *path_of(const json_t *row)
{
	return json_string_value(json_object_get(row, "path"));
}

/* Return: the index of the first row after that of the child; -ENOENT. */
static long find_after(const struct list *list, const char *after)
{
	if (!after)
		return 0;
	for (size_t i = 0; i < list->nr; i++)
		if (!strcmp(path_of(list->rows[i]), after))
			return (long)i + 1;
	return -ENOENT;
}

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	while (*list) {
		size_t nr = strcspn(list, ",");

		if (nr == len && !strncmp(list, word, len))
			return true;
		list += nr + (list[nr] == ',');
	}
	return false;
}

/* The members that come with another one: the daemon does the same. */
static bool is_shown(const char *fields, const char *name)
{
	if (!fields)
		return strcmp(name, "children") != 0;
	if (has_word(fields, name) || !strcmp(name, "path"))
		return true;
	if (!strcmp(name, "generation"))
		return has_word(fields, "pid");
	return (!strcmp(name, "intensity") || !strcmp(name, "period") ||
		!strcmp(name, "auto_shutdown")) &&
	       has_word(fields, "strategy");
}

static void write_row(const json_t *row, const char *fields, struct st_json *json)
{
	const char *name;
	json_t *value;

	st_json_begin_object(json);
	if (fields)
		st_json_bool_field(json, "partial", true);
	json_object_foreach((json_t *)(uintptr_t)row, name, value) {
		if (!is_shown(fields, name))
			continue;
		st_json_key(json, name);
		st_dump(value, st_json_place(json));
	}
	st_json_end_object(json);
}

static int write_page(const struct list *list, const struct st_rows_query *query,
		      struct st_buf *out, const char **ret_next)
{
	long first = find_after(list, query->after);
	struct st_json json;
	size_t i, nr = 0;

	if (first < 0)
		return -ENOENT;
	st_json_init(&json, out);
	st_json_begin_array(&json);
	for (i = (size_t)first; i < list->nr && nr < query->limit; i++, nr++)
		write_row(list->rows[i], query->fields, &json);
	st_json_end_array(&json);
	if (i < list->nr && nr)
		*ret_next = path_of(list->rows[i - 1]);
	return st_buf_error(out);
}

int st_rows_write(const json_t *top, const struct st_rows_query *query, struct st_buf *out,
		  const char **ret_next, struct st_rows_fault *ret_fault)
{
	const char *by = query->sort;
	struct list list = { 0 };
	int ret;

	*ret_next = NULL;
	if (query->filter && !is_filter(query->filter)) {
		*ret_fault = (struct st_rows_fault){
			"/query/filter",
			"filter: it must be MEMBER:VALUE or MEMBER~PART, joined by "
			"commas, and MEMBER a member of a child that is no object"
		};
		return -EINVAL;
	}
	if (by && !is_member(by + (*by == '-'), strlen(by + (*by == '-')))) {
		*ret_fault = (struct st_rows_fault){
			"/query/sort", "sort: it must be a member of a child that is no object, "
				       "maybe with - before it"
		};
		return -EINVAL;
	}
	ret = collect(top, query->depth, &list);
	if (!ret)
		select_rows(&list, query);
	if (!ret && by)
		ret = sort(&list, by);
	if (!ret)
		ret = write_page(&list, query, out, ret_next);
	free(list.rows);
	return ret;
}
