// SPDX-License-Identifier: GPL-2.0-only
/*
 * What save.c and load.c share: the words, the walk over specifications, and the checksum. See
 * save_internal.h.
 */
#include "core/save_internal.h"

#define ST_ENUM_TEXT(name, text) [name] = text,
const char *const st_phase_text[] = { ST_PHASE_LIST(ST_ENUM_TEXT) };
const char *const st_job_text[] = { ST_JOB_LIST(ST_ENUM_TEXT) };
const char *const st_outcome_text[] = { ST_OUTCOME_LIST(ST_ENUM_TEXT) };
const char *const st_saved_reason_text[] = { ST_SAVED_REASONS(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT

#define ST_ENUM_NAME(member, ...) [member] = #member,
const char *const st_saved_rule_text[] = { ST_RULE_LIST(ST_ENUM_NAME) };
const char *const st_saved_error_text[] = { ST_SPEC_ERROR_LIST(ST_ENUM_NAME) };
#undef ST_ENUM_NAME

bool st_job_has_walk(const struct st_sup *sup)
{
	return sup->job != ST_JOB_NONE && sup->job != ST_JOB_DIE;
}

const struct st_sup_spec *st_sup_specs_begin(struct st_spec_walk *walk,
					     const struct st_sup_spec *top)
{
	if (top)
		st_spec_walk_begin(walk, top);
	return top;
}

const struct st_sup_spec *st_sup_specs_next(struct st_spec_walk *walk)
{
	const struct st_child_spec *child;

	while ((child = st_spec_walk_next(walk)) != NULL)
		if (child->def.sup)
			return child->def.sup;
	return NULL;
}

uint64_t st_save_checksum(const char *text, size_t len)
{
	uint64_t sum = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < len; i++)
		sum = (sum ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	return sum;
}
