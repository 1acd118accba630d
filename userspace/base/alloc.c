// SPDX-License-Identifier: GPL-2.0-only
/*
 * Heap memory with a failure switch for tests. See alloc.h.
 */
#include "base/alloc.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static _Thread_local unsigned long count;
static _Thread_local unsigned long fail_at;

static bool fails_now(void)
{
	count++;
	return fail_at && --fail_at == 0;
}

void *st_alloc(size_t size)
{
	if (fails_now())
		return NULL;
	return calloc(1, size ? size : 1);
}

void *st_alloc_array(size_t nr, size_t size)
{
	if (size && nr > SIZE_MAX / size)
		return NULL;
	return st_alloc(nr * size);
}

void *st_realloc(void *ptr, size_t size)
{
	if (fails_now())
		return NULL;
	return realloc(ptr, size ? size : 1);
}

void st_free(void *ptr)
{
	free(ptr);
}

void st_alloc_fail_at(unsigned long nth)
{
	fail_at = nth;
}

unsigned long st_alloc_count(void)
{
	return count;
}
