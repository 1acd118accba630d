// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads conditions; see condition.h.
 */
#include "proto/condition.h"

#include <errno.h>
#include <string.h>

#include "core/spec.h"
#include "proto/path.h"

#define TEXT(member, text) [member] = text,
const char *const st_until_text[ST_UNTIL__MAX] = { ST_UNTIL_LIST(TEXT) };
#undef TEXT

int st_condition_parse(const char *text, struct st_condition *ret_condition)
{
	const char *equals = strrchr(text, '=');
	char given[ST_MAX_PATH_LEN + 1];
	const char *path;
	size_t len;
	int until;

	if (!equals || (size_t)(equals - text) >= sizeof(given))
		return -EINVAL;
	len = (size_t)(equals - text);
	memcpy(given, text, len);
	given[len] = '\0';
	path = st_path_check(given);
	if (!path)
		return -EINVAL;
	until = st_text_index(st_until_text, ST_UNTIL__MAX, equals + 1);
	if (until < 0)
		return -ENOENT;
	memcpy(ret_condition->path, path, strlen(path) + 1);
	ret_condition->until = until == ST_UNTIL_UP ? ST_UNTIL_READY : (enum st_until)until;
	return 0;
}
