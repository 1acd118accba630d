// SPDX-License-Identifier: GPL-2.0-only
/*
 * The error table of errors.h as data.
 */
#include "proto/errors.h"

#include <errno.h>
#include <string.h>

#define ROW(member, word, number, exit_with, status, text) \
	[member] = { .kind = word, \
		     .code = number, \
		     .exit_code = exit_with, \
		     .http = status, \
		     .meaning = text },
const struct st_error_row st_errors[ST_ERROR__MAX] = { ST_ERROR_LIST(ROW) };
#undef ROW

int st_error_find(const char *kind)
{
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (!strcmp(st_errors[i].kind, kind))
			return i;
	return -ENOENT;
}
