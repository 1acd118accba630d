// SPDX-License-Identifier: GPL-2.0-only
/*
 * Patterns; see pattern.h. fnmatch(3) is not used: payloads contain zeros, and a sender
 * must not be able to make the tracer compute for long.
 */
#include "tracer/pattern.h"

#include <string.h>

/* Only the last '*' is ever tried again: what an earlier one took can stay. */
static bool is_like(const char *pattern, const char *bytes, size_t len)
{
	const char *behind_star = NULL;
	size_t star_end = 0, i = 0;

	while (i < len) {
		if (*pattern == '*') {
			behind_star = ++pattern;
			star_end = i;
		} else if (*pattern == '?' || (*pattern && *pattern == bytes[i])) {
			pattern++;
			i++;
		} else if (behind_star) {
			pattern = behind_star;
			i = ++star_end;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

bool st_pattern_matches(const char *pattern, const void *bytes, size_t len)
{
	if (strpbrk(pattern, "*?"))
		return is_like(pattern, bytes, len);
	return memmem(bytes, len, pattern, strlen(pattern));
}
