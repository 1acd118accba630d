// SPDX-License-Identifier: GPL-2.0-only
/*
 * Steps of a start in words; see start_step.h.
 */
#include "daemon/start_step.h"

#include <errno.h>
#include <string.h>

#include "os/privilege.h"

/* The limit that the kernel refused. The kernel does not tell; the rule is known. */
static const char *refused_limit(const struct st_process_spec *spec)
{
	for (uint32_t i = 0; i < spec->nr_rlimits; i++) {
		const struct st_limit limit = {
			.resource = spec->rlimits[i].resource,
			.value = { spec->rlimits[i].soft, spec->rlimits[i].hard },
		};
		struct st_spawn_request request;

		st_spawn_request_init(&request);
		request.limits = &limit;
		request.nr_limits = 1;
		if (st_privilege_refuses(&request) == ST_SPAWN_STEP_LIMITS)
			return st_rlimit_name(limit.resource);
	}
	return NULL;
}

/* What a step is about; NULL: nothing that a specification names. */
static const char *object_of(enum st_spawn_step step, const struct st_process_spec *spec)
{
	switch ((int)step) {
	case ST_SPAWN_STEP_CWD:
		return spec->cwd;
	case ST_SPAWN_STEP_SEARCH:
	case ST_SPAWN_STEP_EXEC:
		return spec->argv[0];
	case ST_SPAWN_STEP_GID:
		return spec->group ? spec->group : spec->user;
	case ST_SPAWN_STEP_GROUPS:
	case ST_SPAWN_STEP_UID:
		return spec->user ? spec->user : spec->group;
	default:
		return NULL;
	}
}

void st_start_step_write(enum st_spawn_step step, const struct st_process_spec *spec,
			 struct st_buf *out)
{
	const char *limit = step == ST_SPAWN_STEP_LIMITS ? refused_limit(spec) : NULL;
	const char *object = object_of(step, spec);

	st_buf_add_text(out, limit ? "limit" : st_spawn_step_text(step));
	if (limit)
		object = limit;
	if (object) {
		st_buf_add_char(out, ' ');
		st_buf_add_text(out, object);
	}
	if (step == ST_SPAWN_STEP_NICE) {
		st_buf_add_char(out, ' ');
		st_buf_add_i64(out, spec->nice);
	}
}

/* The kernel says that a program that is there is not, if its interpreter is not. */
static bool may_lack_interpreter(const struct st_spawn_failure *failure)
{
	return failure->step == ST_SPAWN_STEP_EXEC && failure->error == ENOENT;
}

void st_start_error_write(const struct st_spawn_failure *failure,
			  const struct st_process_spec *spec, struct st_buf *out)
{
	st_start_step_write((enum st_spawn_step)failure->step, spec, out);
	if (may_lack_interpreter(failure))
		st_buf_add_text(out, " (or its interpreter)");
	st_buf_add_text(out, ": ");
	st_buf_add_text(out, strerror(failure->error));
}
