/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory that is freed all at once: the nodes and texts of a document, the
 * half-made words of a specification.
 *
 * Pieces come zeroed and aligned for any type of this folder; a text has no
 * alignment. A piece cannot be freed alone. Only config/ uses this.
 */
#ifndef ST_CONFIG_ARENA_H
#define ST_CONFIG_ARENA_H

#include "base/compiler.h"

struct st_arena_chunk;

struct st_arena {
	struct st_arena_chunk *chunks; /* newest first */
	size_t used; /* of the newest one */
};

/**
 * st_arena_alloc() - take a piece
 * @arena: the arena; all zero is an empty one
 * @nr: number of elements
 * @size: bytes of one
 *
 * Return: zeroed memory until st_arena_done(), or NULL.
 */
void *st_arena_alloc(struct st_arena *arena, size_t nr, size_t size) __must_check;

/**
 * st_arena_text() - copy a text
 * @arena: the arena
 * @text: bytes
 * @len: their number
 *
 * Return: the copy, NUL-terminated, or NULL.
 */
char *st_arena_text(struct st_arena *arena, const char *text, size_t len) __must_check;
void st_arena_done(struct st_arena *arena);

#endif
