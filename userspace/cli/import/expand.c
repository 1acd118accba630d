// SPDX-License-Identifier: GPL-2.0-only
/*
 * Expansions and environments of supervisord; see expand.h.
 */
#include "cli/import/expand.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/argv.h"

/* %(NAME)FORMAT */
struct place {
	const char *name;
	size_t name_len;
	bool is_zero; /* 0 before the width */
	unsigned int width;
	size_t len; /* of all of it */
};

/* False: this % is not the beginning of one. */
static bool parse_place(const char *text, struct place *ret_place)
{
	const char *end = text[1] == '(' ? strchr(text, ')') : NULL;
	const char *format;
	char *after;

	if (!end)
		return false;
	format = end + 1;
	ret_place->is_zero = *format == '0';
	ret_place->width = isdigit((unsigned char)*format) ?
				   (unsigned int)(strtoul(format, &after, 10) % 20) :
				   0;
	format += strspn(format, "0123456789");
	if (*format != 's' && *format != 'd')
		return false;
	ret_place->name = text + 2;
	ret_place->name_len = (size_t)(end - ret_place->name);
	ret_place->len = (size_t)(format + 1 - text);
	return true;
}

static bool is_name(const struct place *place, const char *name)
{
	return strlen(name) == place->name_len && !strncmp(place->name, name, place->name_len);
}

/* False: it is not known. */
static bool fill_in(const struct st_expansion *expansion, const struct place *place,
		    struct st_buf *out)
{
	char text[64];

	if (is_name(place, "program_name")) {
		st_buf_add_text(out, expansion->program);
	} else if (is_name(place, "group_name")) {
		st_buf_add_text(out, expansion->group);
	} else if (is_name(place, "here") && expansion->here) {
		st_buf_add_text(out, expansion->here);
	} else if (is_name(place, "process_num")) {
		(void)snprintf(text, sizeof(text), place->is_zero ? "%0*ld" : "%*ld",
			       (int)place->width, expansion->process_num);
		st_buf_add_text(out, text);
	} else if (place->name_len > 4 && !strncmp(place->name, "ENV_", 4)) {
		st_buf_add_char(out, ST_MARK_QUOTED);
		st_buf_add(out, place->name + 4, place->name_len - 4);
		st_buf_add_char(out, ST_MARK_END);
	} else {
		return false;
	}
	return true;
}

const char *st_expand(struct st_plan *plan, const struct st_expansion *expansion, const char *text)
{
	struct st_buf out = ST_BUF_INIT;
	const char *copy;

	while (*text) {
		struct place place;

		if (*text == '%' && text[1] == '%') {
			st_buf_add_char(&out, '%');
			text += 2;
		} else if (*text == '%' && parse_place(text, &place) &&
			   fill_in(expansion, &place, &out)) {
			text += place.len;
		} else {
			st_buf_add_char(&out, *text++);
		}
	}
	plan->has_failed |= out.failed;
	copy = st_plan_copy(plan, st_buf_text(&out), strlen(st_buf_text(&out)));
	st_buf_done(&out);
	return copy;
}

const char *st_expand_join(struct st_plan *plan, const char *first, const char *second)
{
	struct st_buf text = ST_BUF_INIT;
	const char *copy;

	st_buf_add_text(&text, first);
	st_buf_add_text(&text, second);
	plan->has_failed |= text.failed;
	copy = st_plan_copy(plan, st_buf_text(&text), strlen(st_buf_text(&text)));
	st_buf_done(&text);
	return copy;
}

/* ---- environment ---- */

/* One value, in quotes or not, up to a comma; NULL: a quote has no end. */
static const char *take_value(const char *at, struct st_buf *value)
{
	char quote = '\0';

	for (; *at; at++) {
		if (!quote && (*at == ',' || *at == '\n'))
			break;
		if (*at == quote)
			quote = '\0';
		else if (!quote && (*at == '"' || *at == '\''))
			quote = *at;
		else if (*at == '\\' && quote == '"' && at[1])
			st_buf_add_char(value, *++at);
		else
			st_buf_add_char(value, *at);
	}
	while (value->len && isspace((unsigned char)value->data[value->len - 1]))
		value->data[--value->len] = '\0';
	return quote ? NULL : at;
}

/* %(ENV_NAME)s as the value of NAME is what a child inherits anyway. */
static bool is_itself(const char *name, const char *value)
{
	size_t len = strlen(name);

	return *value == ST_MARK_QUOTED && !strncmp(value + 1, name, len) &&
	       value[1 + len] == ST_MARK_END && !value[2 + len];
}

static void set_variable(struct st_plan *plan, struct st_plan_node *child, const char *name,
			 const char *value, unsigned int line)
{
	struct st_plan_node *map = st_plan_find(child, "environment"), *old;

	if (is_itself(name, value))
		return;
	if (strpbrk(value, "\x01\x02")) {
		st_plan_note(plan, child, line,
			     "environment: the value of %s has another variable in it", name);
		return;
	}
	if (!map)
		map = st_plan_add(plan, child, ST_PLAN_MAP, "environment", NULL);
	old = st_plan_find(map, name);
	if (old)
		old->text = st_plan_copy(plan, value, strlen(value));
	else
		(void)st_plan_add(plan, map, ST_PLAN_TEXT, name, value);
}

const char *st_expand_environment(struct st_plan *plan, const struct st_expansion *expansion,
				  const struct st_ini_entry *entry, struct st_plan_node *child)
{
	const char *at = st_expand(plan, expansion, entry->value);
	struct st_buf value = ST_BUF_INIT;

	while (at) {
		const char *name;
		size_t len;

		at += strspn(at, ", \t\n");
		if (!*at)
			break;
		len = strcspn(at, "= \t\n,\"'");
		name = st_plan_copy(plan, at, len);
		at += len + strspn(at + len, " \t");
		if (!len || *at != '=') {
			st_buf_done(&value);
			return "it must be NAME=\"VALUE\",NAME=\"VALUE\"";
		}
		at++;
		at += strspn(at, " \t");
		st_buf_reset(&value);
		at = take_value(at, &value);
		if (at)
			set_variable(plan, child, name, st_buf_text(&value), entry->line);
	}
	plan->has_failed |= value.failed;
	st_buf_done(&value);
	return at ? NULL : "a quote has no end";
}
