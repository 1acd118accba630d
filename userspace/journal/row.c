// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events as rows; see row.h.
 */
#include "journal/row.h"

#include <errno.h>
#include <string.h>

#include "os/wall.h"

struct column {
	const char *group; /* the object that it is in; NULL: the event itself */
	const char *member;
};

#define COLUMN(name, column, group, member) { group, member },
static const struct column columns[ST_PAST_COLUMN__MAX] = { ST_PAST_COLUMNS(COLUMN) };
#undef COLUMN

static const char cause[] = "cause", rule_of_cause[] = "rule";

bool st_past_reason_is_normal(const char *reason)
{
	static const char shutdown[] = "{\"shutdown\"";

	return reason && (!strcmp(reason, "\"normal\"") || !strcmp(reason, "\"shutdown\"") ||
			  !strncmp(reason, shutdown, strlen(shutdown)));
}

bool st_past_row_is_restart(const struct st_past_row *row)
{
	static const char *const rules[] = { "D1", "D2", "D3", "F1" };

	for (size_t i = 0; row->cause_rule && i < ST_ARRAY_SIZE(rules); i++)
		if (!strcmp(row->cause_rule, rules[i]))
			return !strcmp(row->kind, "started");
	return false;
}

/* ---- the time of day ---- */

/* @nr digits as a number; -1: there is something else. */
static int64_t digits(const char *text, int nr)
{
	int64_t number = 0;

	for (int i = 0; i < nr; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		number = number * 10 + text[i] - '0';
	}
	return number;
}

/* Days from 1970-01-01 in the calendar of today, by eras of 400 years. */
static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
	int64_t shifted = month <= 2 ? year - 1 : year; /* a year that begins with March */
	int64_t era = shifted / 400, of_era = shifted % 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool st_past_wall_read(const char *text, int64_t *ret_us)
{
	static const char form[] = "dddd-dd-ddTdd:dd:dd.ddddddZ";
	int64_t seconds;

	if (strlen(text) != strlen(form))
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	seconds =
		days_since_1970(digits(text, 4), digits(text + 5, 2), digits(text + 8, 2)) * 86400 +
		digits(text + 11, 2) * 3600 + digits(text + 14, 2) * 60 + digits(text + 17, 2);
	*ret_us = seconds * 1000000 + digits(text + 20, 6);
	return true;
}

static void write_wall(int64_t wall_us, struct st_json *json)
{
	char text[ST_WALL_SIZE];
	size_t len = st_wall_write_utc((uint64_t)wall_us * 1000, text);

	st_json_key(json, "wall");
	st_json_text_len(json, text, len);
}

/* ---- reading ---- */

/* Bytes of the path of the supervisor above; 1 for a child of the root: "/". */
static size_t len_above(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash != path ? (size_t)(slash - path) : 1;
}

static bool is_above(const char *sup, const char *path)
{
	size_t len = len_above(path);
	const char *above = strchr(path, '/') ? path : "/";

	return strlen(sup) == len && !strncmp(sup, above, len);
}

static int keep_extra(json_t **extra, const char *key, json_t *value)
{
	if (!*extra)
		*extra = json_object();
	return json_object_set(*extra, key, value) ? -ENOMEM : 0;
}

static int add_part(const char *part, size_t len, void *text)
{
	st_buf_add(text, part, len);
	return st_buf_error(text);
}

static int keep_text(const json_t *value, struct st_buf *owned, const char **ret_text)
{
	st_buf_reset(owned);
	if (json_dump_callback(value, add_part, owned, JSON_COMPACT | JSON_ENCODE_ANY) ||
	    st_buf_get(owned, ret_text))
		return -ENOMEM;
	return 0;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Members of @object that are columns; false: there are others too, or other types. */
static bool read_group(const char *group, const json_t *object, struct st_past_row *row)
{
	size_t nr_left = json_object_size(object);

	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++) {
		const json_t *value;

		if (!columns[i].group || strcmp(columns[i].group, group) != 0)
			continue;
		value = json_object_get(object, columns[i].member);
		if (!json_is_integer(value))
			continue;
		row->numbers[i] = json_integer_value(value);
		nr_left--;
	}
	if (!strcmp(group, cause) && text_of(object, rule_of_cause)) {
		row->cause_rule = text_of(object, rule_of_cause);
		nr_left--;
	}
	if (!nr_left)
		return true;
	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++)
		if (columns[i].group && !strcmp(columns[i].group, group))
			row->numbers[i] = ST_PAST_NONE;
	if (!strcmp(group, cause))
		row->cause_rule = NULL;
	return false;
}

static bool is_group(const char *key)
{
	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++)
		if (columns[i].group && !strcmp(columns[i].group, key))
			return true;
	return false;
}

static bool read_number(const char *key, const json_t *value, struct st_past_row *row)
{
	for (int i = 0; json_is_integer(value) && i < ST_PAST_COLUMN__MAX; i++) {
		if (columns[i].group || strcmp(columns[i].member, key) != 0)
			continue;
		row->numbers[i] = json_integer_value(value);
		return true;
	}
	return false;
}

/* The supervisor of a report is part of the path, or the path itself. */
static bool read_sup(const json_t *event, const char *sup, struct st_past_row *row)
{
	const char *path = text_of(event, "path");

	if (!sup)
		return false;
	if (!path) {
		row->path = sup;
		row->flags |= ST_PAST_OF_SUP;
		return true;
	}
	if (!is_above(sup, path))
		return false;
	row->flags |= ST_PAST_SUP_ABOVE;
	return true;
}

/* Members of the head, which each event has, are read by read_head(). */
static bool is_head(const char *key, const struct st_past_row *row)
{
	return !strcmp(key, "seq") || !strcmp(key, "time_ns") || !strcmp(key, "wall") ||
	       !strcmp(key, "event") || (!strcmp(key, "path") && row->path) ||
	       (!strcmp(key, "rule") && row->rule);
}

static int read_member(const json_t *event, const char *key, json_t *value, struct st_past_row *row,
		       json_t **extra)
{
	if (is_head(key, row) || read_number(key, value, row))
		return 0;
	if (!strcmp(key, "path") || !strcmp(key, "rule"))
		return -EINVAL; /* it is no text */
	if (!strcmp(key, "reason"))
		return keep_text(value, &row->texts[0], &row->reason);
	if (!strcmp(key, "how"))
		return keep_text(value, &row->texts[1], &row->how);
	if (!strcmp(key, "killed") && json_is_true(value)) {
		row->flags |= ST_PAST_KILLED;
		return 0;
	}
	if (!strcmp(key, "sup") && read_sup(event, json_string_value(value), row))
		return 0;
	if (json_is_object(value) && is_group(key) && read_group(key, value, row))
		return 0;
	return keep_extra(extra, key, value);
}

static int read_head(const json_t *event, struct st_past_row *row)
{
	const json_t *seq = json_object_get(event, "seq"),
		     *time = json_object_get(event, "time_ns");
	const char *wall = text_of(event, "wall");

	row->kind = text_of(event, "event");
	row->path = text_of(event, "path");
	row->rule = text_of(event, "rule");
	if (!json_is_integer(seq) || json_integer_value(seq) <= 0 || !json_is_integer(time) ||
	    json_integer_value(time) < 0 || !row->kind || !wall ||
	    !st_past_wall_read(wall, &row->wall_us) || row->wall_us < 0)
		return -EINVAL;
	row->seq = (uint64_t)json_integer_value(seq);
	row->time_ns = json_integer_value(time);
	return 0;
}

int st_past_row_read(const json_t *event, struct st_past_row *ret_row)
{
	struct st_past_row row = { 0 };
	json_t *extra = NULL, *value;
	const char *key;
	void *next;
	int err = read_head(event, &row);

	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++)
		row.numbers[i] = ST_PAST_NONE;
	for (size_t i = 0; i < ST_ARRAY_SIZE(row.texts); i++)
		st_buf_init(&row.texts[i]);
	/* an iterator of jansson only reads */
	for (next = json_object_iter((json_t *)(uintptr_t)event); !err && next;
	     next = json_object_iter_next((json_t *)(uintptr_t)event, next)) {
		key = json_object_iter_key(next);
		value = json_object_iter_value(next);
		err = read_member(event, key, value, &row, &extra);
	}
	if (!err && extra)
		err = keep_text(extra, &row.texts[2], &row.extra);
	json_decref(extra);
	if (!err && !row.path)
		row.path = "/"; /* it is about the whole tree */
	if (err)
		st_past_row_done(&row);
	else
		*ret_row = row;
	return err;
}

void st_past_row_done(struct st_past_row *row)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(row->texts); i++)
		st_buf_done(&row->texts[i]);
	*row = (struct st_past_row){ .seq = 0 };
}

/* ---- writing ---- */

static void write_raw(struct st_json *json, const char *key, const char *text)
{
	if (!text)
		return;
	st_json_key(json, key);
	st_json_raw(json, text, strlen(text));
}

static bool has_group(const struct st_past_row *row, const char *group)
{
	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++)
		if (columns[i].group && !strcmp(columns[i].group, group) &&
		    row->numbers[i] != ST_PAST_NONE)
			return true;
	return !strcmp(group, cause) && row->cause_rule;
}

static void write_group(const struct st_past_row *row, const char *group, struct st_json *json)
{
	if (!has_group(row, group))
		return;
	st_json_key(json, group);
	st_json_begin_object(json);
	if (!strcmp(group, cause) && row->cause_rule)
		st_json_text_field(json, rule_of_cause, row->cause_rule);
	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++)
		if (columns[i].group && !strcmp(columns[i].group, group) &&
		    row->numbers[i] != ST_PAST_NONE)
			st_json_i64_field(json, columns[i].member, row->numbers[i]);
	st_json_end_object(json);
}

static void write_numbers(const struct st_past_row *row, struct st_json *json)
{
	const char *last = NULL;

	for (int i = 0; i < ST_PAST_COLUMN__MAX; i++) {
		const char *group = columns[i].group;

		if (!group && row->numbers[i] != ST_PAST_NONE)
			st_json_i64_field(json, columns[i].member, row->numbers[i]);
		else if (group && (!last || strcmp(last, group) != 0))
			write_group(row, group, json);
		last = group;
	}
}

static void write_paths(const struct st_past_row *row, struct st_json *json)
{
	if (row->flags & ST_PAST_OF_SUP) {
		st_json_text_field(json, "sup", row->path);
		return;
	}
	st_json_text_field(json, "path", row->path);
	if (row->flags & ST_PAST_SUP_ABOVE) {
		st_json_key(json, "sup");
		if (strchr(row->path, '/'))
			st_json_text_len(json, row->path, len_above(row->path));
		else
			st_json_text(json, "/");
	}
}

/* The members of an object, without its braces. */
static void write_extra(const char *extra, struct st_json *json)
{
	size_t len = extra ? strlen(extra) : 0;

	if (len > 2)
		st_buf_add(st_json_place(json), extra + 1, len - 2);
}

void st_past_row_write(const struct st_past_row *row, struct st_json *json)
{
	st_json_begin_object(json);
	st_json_u64_field(json, "seq", row->seq);
	st_json_i64_field(json, "time_ns", row->time_ns);
	write_wall(row->wall_us, json);
	st_json_text_field(json, "event", row->kind);
	write_paths(row, json);
	write_raw(json, "reason", row->reason);
	write_raw(json, "how", row->how);
	if (row->flags & ST_PAST_KILLED)
		st_json_bool_field(json, "killed", true);
	if (row->rule)
		st_json_text_field(json, "rule", row->rule);
	write_numbers(row, json);
	write_extra(row->extra, json);
	st_json_end_object(json);
}
