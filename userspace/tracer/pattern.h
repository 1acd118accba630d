/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pattern that the bytes of a message must match to be kept in a trace (trace.c).
 */
#ifndef ST_TRACER_PATTERN_H
#define ST_TRACER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * st_pattern_matches() - whether bytes match a pattern
 * @pattern: with '*' (any bytes, or none) or '?' (one byte) it must match all bytes, from
 *	the first to the last; without these it must occur somewhere in them
 * @bytes: any bytes, also zeros
 * @len: their number; the time is at most the product of both lengths
 */
bool st_pattern_matches(const char *pattern, const void *bytes, size_t len);

#endif
