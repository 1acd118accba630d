/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How this tool gives up: it prints the error and exits with status 1.
 *
 * A scenario that cannot run to its end has no trace, so no error is returned to a
 * caller. atexit() does the clean-up (of a running daemon).
 */
#ifndef ST_SCENARIO_DIE_H
#define ST_SCENARIO_DIE_H

#include <jansson.h>

#include "base/compiler.h"

void st_die(const char *format, ...) __printf(1, 2) __attribute__((noreturn));

/* The same pointer, unless it is NULL: no memory. */
void *st_need(void *ptr);

/* A member that must be there, and must be a text. */
const char *st_need_text(const json_t *object, const char *key);

/* Put a new value into an object; @value is taken. */
void st_put(json_t *object, const char *key, json_t *value);
void st_append(json_t *array, json_t *value);

#endif
