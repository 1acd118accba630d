/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the bytes of a message must be like for a trace to keep it (trace.c).
 */
#ifndef ST_TRACER_PATTERN_H
#define ST_TRACER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * st_pattern_matches() - whether bytes are as is wanted
 * @pattern: with '*' (any bytes, or none) or '?' (one byte) what they must be from the
 *	first to the last; without either a text that stands anywhere in them
 * @bytes: anything, zeros too
 * @len: how many; the time it takes is at most the product of both lengths
 */
bool st_pattern_matches(const char *pattern, const void *bytes, size_t len);

#endif
