/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The one place where this project's own folders take heap memory.
 *
 * Everything that allocates goes through these four functions, so that a test
 * can make the n-th allocation fail (st_alloc_fail_at) and so that core, which
 * may not call malloc itself, has a door that is easy to audit. Memory comes
 * zeroed. Failure is NULL, and each caller turns it into -ENOMEM.
 */
#ifndef ST_BASE_ALLOC_H
#define ST_BASE_ALLOC_H

#include "base/compiler.h"

/**
 * st_alloc() - allocate zeroed memory
 * @size: bytes; 0 is treated as 1
 *
 * Return: the memory, owned by the caller (st_free), or NULL.
 */
void *st_alloc(size_t size) __must_check;

/**
 * st_alloc_array() - allocate a zeroed array, refusing an overflowing size
 * @nr: number of elements
 * @size: bytes of one element
 *
 * Return: the memory, owned by the caller (st_free), or NULL.
 */
void *st_alloc_array(size_t nr, size_t size) __must_check;

/**
 * st_realloc() - change the size of a block; new bytes are not zeroed
 * @ptr: a block of these functions, or NULL
 * @size: new size in bytes
 *
 * Return: the block, or NULL, in which case @ptr is untouched.
 */
void *st_realloc(void *ptr, size_t size) __must_check;

/**
 * st_free() - give memory back
 * @ptr: a block of these functions, or NULL
 */
void st_free(void *ptr);

/**
 * st_alloc_fail_at() - let one future allocation fail
 * @nth: 1 for the next allocation, 2 for the one after; 0 switches off
 *
 * No program: tests and fuzzers try each failure.
 */
void st_alloc_fail_at(unsigned long nth);

/**
 * st_alloc_count() - allocations since the start of the program
 *
 * Return: the count; a path that must not allocate leaves it unchanged.
 *
 * No program: tests prove that a path allocates nothing.
 */
unsigned long st_alloc_count(void);

#endif
