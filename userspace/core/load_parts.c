// SPDX-License-Identifier: GPL-2.0-only
/*
 * The larger members of a line of a saved state: specifications, reasons, the name and arguments
 * of a dynamic child. See load.c.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/load_internal.h"

int st_load_index(struct st_load *load, enum st_key key, const char *const *table, int nr)
{
	int index = st_load_word(&load->line, key, table, nr);

	if (index < 0)
		(void)st_load_fail(load, "a word is not known");
	return index;
}

/* "changed": a number for the specification, and for each below it. */
static bool read_changed(struct st_load *load, struct st_sup_spec *top)
{
	const struct st_member *member = &load->line.members[ST_KEY_changed];
	const char *at = member->at, *end = member->at ? at + member->len : NULL;
	const struct st_sup_spec *spec;
	struct st_spec_walk walk;

	if (!at)
		return true;
	for (spec = st_sup_specs_begin(&walk, top); spec; spec = st_sup_specs_next(&walk)) {
		uint64_t number = 0;

		for (; at < end && *at >= '0' && *at <= '9'; at++)
			number = number * 10 + (uint64_t)(*at - '0');
		if (at == end || *at++ != ',')
			return st_load_fail(load, "a change has no number");
		((struct st_sup_spec *)(uintptr_t)spec)->changed = number; /* it is ours */
	}
	return at == end || st_load_fail(load, "there are more changes than specifications");
}

bool st_load_child_spec(struct st_load *load, struct st_child_spec **ret_spec)
{
	const struct st_member *member = &load->line.members[ST_KEY_spec];
	struct st_child_spec *spec =
		load->reader->child(load->reader->owner, member->at, member->len);

	if (!spec)
		return st_load_fail(load, "the specification is not valid");
	*ret_spec = spec;
	if (read_changed(load, spec->def.sup))
		return true;
	st_child_spec_put(spec);
	return false;
}

bool st_load_sup_spec(struct st_load *load, struct st_sup_spec **ret_spec)
{
	const struct st_member *member = &load->line.members[ST_KEY_sup];
	struct st_sup_spec *spec = load->reader->sup(load->reader->owner, member->at, member->len);

	if (!spec)
		return st_load_fail(load, "the specification is not valid");
	*ret_spec = spec;
	if (read_changed(load, spec))
		return true;
	st_sup_spec_put(spec);
	return false;
}

bool st_load_reason(struct st_load *load, struct st_reason *ret_reason, char **ret_text)
{
	const struct st_member *text = &load->line.members[ST_KEY_text];
	int type = st_load_index(load, ST_KEY_reason, st_saved_reason_text, ST_REASON__MAX);
	bool has_text = type == ST_REASON_ERROR || type == ST_REASON_TERM;

	*ret_text = NULL;
	if (type < 0)
		return false;
	if (type == ST_REASON_TERM && !text->at)
		return st_load_fail(load, "a reason has no text");
	*ret_reason = (struct st_reason){
		.type = (enum st_reason_type)type,
		.value = (int)(int64_t)st_load_number(&load->line, ST_KEY_value),
	};
	if (!has_text || !text->at)
		return true;
	*ret_text = st_load_text(text);
	return *ret_text || st_load_fail(load, "a text cannot be read");
}

static void free_texts(char **texts, uint32_t nr)
{
	for (uint32_t i = 0; texts && i < nr; i++)
		st_free(texts[i]);
	st_free(texts);
}

static bool read_args(struct st_load *load, char ***ret_args, uint32_t *ret_nr)
{
	struct st_member member;
	uint32_t nr = 0;
	char **args;

	st_load_rewind(&load->line);
	while (st_load_member(&load->line, &member))
		nr += member.key == ST_KEY_arg;
	if (nr > ST_MAX_ARGS)
		return st_load_fail(load, "there are too many arguments");
	args = st_alloc_array(nr + 1, sizeof(*args));
	*ret_args = args;
	*ret_nr = nr;
	nr = 0;
	st_load_rewind(&load->line);
	while (args && st_load_member(&load->line, &member))
		if (member.key == ST_KEY_arg && !(args[nr++] = st_load_text(&member)))
			return st_load_fail(load, "an argument cannot be read");
	return args || st_load_no_memory(load);
}

bool st_load_instance(struct st_load *load, struct st_instance **ret_instance)
{
	const struct st_member *member = &load->line.members[ST_KEY_name];
	char *name, **args = NULL;
	uint32_t nr = 0;
	bool is_read;

	*ret_instance = NULL;
	if (!member->at)
		return true;
	name = st_load_text(member);
	is_read = name ? read_args(load, &args, &nr) : st_load_fail(load, "a name cannot be read");
	if (is_read) {
		*ret_instance = st_instance_new(name, (const char *const *)args, nr);
		is_read = *ret_instance || st_load_no_memory(load);
	}
	free_texts(args, nr);
	st_free(name);
	return is_read;
}
