// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flags of a supervisor, and where its children are; see erlang_supervisor.h.
 */
#include "cli/import/erlang_supervisor.h"

#include <stdio.h>
#include <string.h>

int st_erl_supervisor_refuse(const struct st_erl_supervisor *supervisor,
			     const struct st_erl_term *term, const char *why)
{
	return st_erl_refuse(supervisor->file, term->line, term->column, "%s", why);
}

bool st_erl_is_atom(const struct st_erl_term *term, const char *text)
{
	return term->type == ST_ERL_IS_ATOM && !strcmp(term->text, text);
}

/* A term as a text, until st_plan_done(). */
const char *st_erl_text(struct st_plan *plan, const struct st_erl_term *term, size_t most)
{
	struct st_buf text = ST_BUF_INIT;
	const char *copy;

	st_erl_print(term, most, &text);
	plan->has_failed |= text.failed;
	copy = st_plan_copy(plan, text.len ? text.data : "", text.len);
	st_buf_done(&text);
	return copy;
}

/* The value of a key of a map; NULL: it has none. The last one counts. */
const struct st_erl_term *st_erl_value_of(const struct st_erl_term *map, const char *key)
{
	const struct st_erl_term *found = NULL;

	for (size_t i = 0; i < map->nr; i += 2)
		if (st_erl_is_atom(map->items[i], key))
			found = map->items[i + 1];
	return found;
}

bool st_erl_is_one_of(const struct st_erl_term *term, const char *const *words)
{
	for (; *words; words++)
		if (st_erl_is_atom(term, *words))
			return true;
	return false;
}

static const char *const strategies[] = { "one_for_one", "one_for_all", "rest_for_one",
					  "simple_one_for_one", NULL };
static const char *const auto_shutdowns[] = { "never", "any_significant", "all_significant", NULL };

/* One flag; @words: what it may be, or NULL: a number from @least on. */
static int take_flag(struct st_plan *plan, const struct st_erl_supervisor *supervisor,
		     const char *key, const struct st_erl_term *term, const char *const *words)
{
	int64_t least = !strcmp(key, "period");
	char why[160];

	if (!term)
		return 0;
	if (term->type == ST_ERL_IS_OPAQUE) {
		st_plan_note(plan, supervisor->map, term->line,
			     "%s is not carried over: %s is known only when it runs", key,
			     term->raw);
		return 0;
	}
	if (!words && (term->type != ST_ERL_IS_INTEGER || term->integer < least)) {
		(void)snprintf(why, sizeof(why), "%s must be a whole number, at least %d", key,
			       (int)least);
		return st_erl_supervisor_refuse(supervisor, term, why);
	}
	if (words && !st_erl_is_one_of(term, words)) {
		(void)snprintf(why, sizeof(why), "%s must be %s, %s, %s%s%s", key, words[0],
			       words[1], words[2], words[3] ? " or " : "",
			       words[3] ? words[3] : "");
		return st_erl_supervisor_refuse(supervisor, term, why);
	}
	if (words)
		(void)st_plan_add(plan, supervisor->map, ST_PLAN_VALUE, key, term->text);
	else
		(void)st_plan_add_number(plan, supervisor->map, key, term->integer);
	return 0;
}

static int take_flag_map(struct st_plan *plan, const struct st_erl_supervisor *supervisor,
			 const struct st_erl_term *flags)
{
	static const struct {
		const char *key;
		const char *const *words;
	} keys[] = {
		{ "strategy", strategies },
		{ "intensity", NULL },
		{ "period", NULL },
		{ "auto_shutdown", auto_shutdowns },
	};
	int err = 0;

	for (size_t i = 0; i < ST_ARRAY_SIZE(keys) && !err; i++)
		err = take_flag(plan, supervisor, keys[i].key, st_erl_value_of(flags, keys[i].key),
				keys[i].words);
	for (size_t i = 0; i < flags->nr && !err; i += 2) {
		bool is_known = false;

		for (size_t k = 0; k < ST_ARRAY_SIZE(keys); k++)
			is_known |= st_erl_is_atom(flags->items[i], keys[k].key);
		if (!is_known)
			st_plan_note(plan, supervisor->map, flags->items[i]->line,
				     "%s: the supervisor has no such flag",
				     st_erl_text(plan, flags->items[i], 200));
	}
	return err;
}

/* A map, or {Strategy, Intensity, Period}. */
int st_erl_take_flags(struct st_plan *plan, const struct st_erl_supervisor *supervisor,
		      const struct st_erl_term *flags)
{
	int err;

	if (flags->type == ST_ERL_IS_OPAQUE) {
		st_plan_note(plan, supervisor->map, flags->line,
			     "the flags are not carried over: %s is known only when it runs",
			     flags->raw);
		return 0;
	}
	if (flags->type == ST_ERL_IS_MAP)
		return take_flag_map(plan, supervisor, flags);
	if (flags->type != ST_ERL_IS_TUPLE || flags->nr != 3)
		return st_erl_supervisor_refuse(
			supervisor, flags,
			"the flags must be a map or {Strategy, Intensity, Period}");
	err = take_flag(plan, supervisor, "strategy", flags->items[0], strategies);
	if (!err)
		err = take_flag(plan, supervisor, "intensity", flags->items[1], NULL);
	if (!err)
		err = take_flag(plan, supervisor, "period", flags->items[2], NULL);
	return err;
}

/* ---- what a file has ---- */

static bool is_flags(const struct st_erl_term *term)
{
	return term->type == ST_ERL_IS_MAP || term->type == ST_ERL_IS_OPAQUE ||
	       (term->type == ST_ERL_IS_TUPLE && term->nr == 3);
}

bool st_erl_is_list(const struct st_erl_term *term)
{
	return term->type == ST_ERL_IS_LIST || term->type == ST_ERL_IS_OPAQUE;
}

static bool is_pair(const struct st_erl_term *term)
{
	return term->type == ST_ERL_IS_TUPLE && term->nr == 2;
}

int st_erl_find_parts(const struct st_erl_supervisor *supervisor, struct st_erl_parts *parts)
{
	const struct st_erl_file *file = supervisor->file;
	const struct st_erl_term *term = file->term;
	bool is_ok = is_pair(term) && st_erl_is_atom(term->items[0], "ok");

	if (st_erl_is_atom(term, "ignore"))
		return st_erl_supervisor_refuse(supervisor, term,
						"init/1 returns ignore, so nothing is started");
	if (term->type == ST_ERL_IS_OPAQUE)
		return st_erl_refuse(file, term->line, term->column,
				     "%.200s is known only when it runs; write the term here that "
				     "it gives",
				     term->raw);
	if (is_ok)
		term = term->items[1];
	if (is_pair(term) && is_flags(term->items[0]) && st_erl_is_list(term->items[1])) {
		parts->flags = term->items[0];
		parts->list = term->items[1];
		return 0;
	}
	if (file->module || is_ok)
		return st_erl_supervisor_refuse(supervisor, term,
						"it must be {ok, {SupFlags, ChildSpecs}}");
	if (term->type == ST_ERL_IS_LIST) {
		parts->list = term;
		return 0;
	}
	if (term->type == ST_ERL_IS_TUPLE && term->nr == 3 &&
	    st_erl_is_atom(term->items[0], "application"))
		return st_erl_supervisor_refuse(
			supervisor, term,
			"this describes an application; give the source of its supervisor");
	if (term->type != ST_ERL_IS_MAP && (term->type != ST_ERL_IS_TUPLE || term->nr != 6))
		return st_erl_supervisor_refuse(
			supervisor, term,
			"it must be {SupFlags, ChildSpecs} or a list of child specifications");
	parts->child = term;
	return 0;
}
