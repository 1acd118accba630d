// SPDX-License-Identifier: GPL-2.0-only
/*
 * Giving up, and the calls of jansson that only fail without memory.
 */
#include "die.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void st_die(const char *format, ...)
{
	va_list args;

	(void)fputs("st-scenario: ", stderr);
	va_start(args, format);
	(void)vfprintf(stderr, format, args);
	va_end(args);
	(void)fputc('\n', stderr);
	exit(1);
}

void *st_need(void *ptr)
{
	if (!ptr)
		st_die("out of memory");
	return ptr;
}

const char *st_need_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text)
		st_die("\"%s\" is missing, or is no text", key);
	return text;
}

void st_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		st_die("out of memory");
}

void st_append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		st_die("out of memory");
}
