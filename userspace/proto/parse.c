// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads JSON when memory may run out; see parse.h.
 *
 * Each block has a link in front of it. While a text is read the blocks are on
 * a list. So all of them can be freed after the jump out of jansson, which has
 * no other state. Afterwards the list loses its head. A ring of blocks is left,
 * and each block removes itself from it when it is freed.
 */
#include "proto/parse.h"

#include <errno.h>
#include <setjmp.h>

#include "base/alloc.h"
#include "base/list.h"

/* 16 bytes, so the memory after it is aligned as malloc(3) aligns. */
struct block {
	struct st_list link;
};

/*
 * The text that is being read: its blocks, and the way out. There is one
 * thread, and reading is never nested.
 */
static struct st_list *reading;
static jmp_buf way_out;

static void *take(size_t size)
{
	struct block *block =
		size <= SIZE_MAX - sizeof(*block) ? st_realloc(NULL, sizeof(*block) + size) : NULL;

	if (!block && reading)
		longjmp(way_out, 1);
	if (!block)
		return NULL;
	st_list_init(&block->link);
	if (reading)
		st_list_add_tail(&block->link, reading);
	return block + 1;
}

static void give_back(void *at)
{
	if (!at)
		return;
	struct block *block = (struct block *)at - 1;

	st_list_del(&block->link);
	st_free(block);
}

void st_json_init_memory(void)
{
	json_set_alloc_funcs(take, give_back);
}

static void free_all(struct st_list *blocks)
{
	while (!st_list_is_empty(blocks)) {
		struct block *block = st_list_entry(blocks->next, struct block, link);

		st_list_del(&block->link);
		st_free(block);
	}
}

int st_json_parse(const char *text, size_t len, size_t flags, json_t **ret_json,
		  json_error_t *reterr_error)
{
	struct st_list blocks;

	st_list_init(&blocks);
	if (setjmp(way_out)) {
		reading = NULL;
		free_all(&blocks);
		return -ENOMEM;
	}
	reading = &blocks;
	json_t *json = json_loadb(text, len, flags, reterr_error);

	reading = NULL;
	st_list_del(&blocks);
	if (json) {
		*ret_json = json;
		return 0;
	}
	return json_error_code(reterr_error) == json_error_out_of_memory ? -ENOMEM : -EINVAL;
}
