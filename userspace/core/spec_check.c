// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules between the words of a specification. [V4]
 *
 * The binder (config/) checks that each word is valid by itself, because it knows the
 * place of the word in the file.
 */
#include <string.h>

#include "base/character.h"
#include "core/limits.h"
#include "core/spec.h"

enum st_spec_error st_child_def_check(const struct st_child_def *def,
				      const struct st_sup_flags *flags)
{
	bool brutal_zero = def->shutdown.type == ST_SHUTDOWN_TIMEOUT &&
			   def->shutdown.timeout_ms == 0;

	if (def->significant && flags && flags->auto_shutdown == ST_AUTO_SHUTDOWN_NEVER)
		return ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN;
	if (def->significant && def->restart == ST_RESTART_PERMANENT)
		return ST_SPEC_BAD_COMBINATION_RESTART;
	/* Elixir: a DynamicSupervisor refuses shutdown 0 [X1] */
	if (brutal_zero && flags && flags->strategy == ST_STRATEGY_DYNAMIC)
		return ST_SPEC_INVALID_SHUTDOWN;
	return ST_SPEC_NONE;
}

bool st_id_is_valid(const char *id)
{
	size_t len = strlen(id);

	if (!len || len > ST_MAX_ID_LEN || !strcmp(id, ".") || !strcmp(id, ".."))
		return false;
	return !strchr(id, '/') && st_character_all_plain(id);
}
