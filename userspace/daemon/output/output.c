// SPDX-License-Identifier: GPL-2.0-only
/*
 * Begins, closes and forgets the kept output of children; see output.h.
 */
#include "daemon/output/output.h"

#include <errno.h>

#include "base/alloc.h"
#include "daemon/output/output_internal.h"
#include "proto/path.h"

int st_outputs_new(struct st_ring *ring, struct st_outputs **ret_outputs)
{
	struct st_outputs *outputs = st_alloc(sizeof(*outputs));

	if (!outputs)
		return -ENOMEM;
	outputs->ring = ring;
	outputs->share = ST_OUTPUT_PORTION;
	st_list_init(&outputs->leaving);
	st_list_init(&outputs->old);
	outputs->max_old = UINT32_MAX;
	st_list_init(&outputs->followers);
	st_log_files_init(&outputs->log_files, ring);
	st_journal_init(&outputs->journal, ring);
	if (st_log_gates_init(&outputs->gates, ring) || st_output_table_init(outputs)) {
		st_outputs_free(outputs);
		return -ENOMEM;
	}
	*ret_outputs = outputs;
	return 0;
}

void st_outputs_limit_old(struct st_outputs *outputs, uint32_t max)
{
	outputs->max_old = max;
}

void st_outputs_close(struct st_outputs *outputs)
{
	struct st_output_child *child = st_output_deepest(outputs->root);

	for (; child; child = child->parent ? st_output_next(child) : NULL) {
		st_output_pipes_drain(child);
		st_output_pipes_leave(child, 0);
	}
	st_log_files_close(&outputs->log_files);
	st_journal_close(&outputs->journal);
}

/*
 * A child that has pipes is in the table; pipes that were left are in the list.
 */
bool st_outputs_is_closed(const struct st_outputs *outputs)
{
	return st_list_is_empty(&outputs->leaving) && st_log_files_is_closed(&outputs->log_files) &&
	       st_journal_is_closed(&outputs->journal);
}

void st_outputs_free(struct st_outputs *outputs)
{
	if (!outputs)
		return;
	st_output_followers_free(outputs);
	st_output_table_done(outputs);
	st_log_files_done(&outputs->log_files);
	st_journal_done(&outputs->journal);
	st_log_gates_done(&outputs->gates);
	st_buf_done(&outputs->params);
	st_buf_done(&outputs->line);
	st_free(outputs);
}

int st_output_open(struct st_outputs *outputs, const char *path, uint64_t generation, int *ret_out,
		   int *ret_err)
{
	int ends[ST_STREAM__MAX];
	struct st_output_child *child;
	int ret = st_output_get(outputs, st_path_plain(path), &child);

	if (ret)
		return ret;
	ret = st_output_pipes_open(outputs, child, generation, ends);
	if (ret) {
		st_output_prune(outputs, child);
		return ret;
	}
	if (child->is_forgotten) /* this is another child with the same path */
		st_output_child_clear(child);
	child->is_forgotten = false;
	*ret_out = ends[ST_STREAM_OUT];
	*ret_err = ends[ST_STREAM_ERR];
	return 0;
}

void st_output_discard(struct st_outputs *outputs, const char *path, uint64_t generation)
{
	struct st_output_child *child = st_output_find(outputs, st_path_plain(path));

	if (!child)
		return;
	st_output_pipes_leave(child, generation);
	st_output_prune(outputs, child);
}

static void forget(struct st_output_child *child)
{
	if (child->nr_followers)
		st_output_pipes_drain(child);
	st_output_pipes_leave(child, 0);
	st_output_log_end(child);
	if (child->nr_followers)
		child->is_forgotten = true;
	else
		st_output_child_clear(child);
}

void st_outputs_forget(struct st_outputs *outputs, const char *path)
{
	struct st_output_child *top = st_output_find(outputs, st_path_plain(path));
	struct st_output_child *child, *next;

	if (!top)
		return;
	for (child = st_output_deepest(top); child != top; child = next) {
		next = st_output_next(child);
		forget(child);
		(void)st_output_drop(outputs, child); /* it stays if it is still needed */
	}
	forget(top);
	st_output_prune(outputs, top);
}

uint32_t st_outputs_bytes(const struct st_outputs *outputs, const char *path)
{
	const struct st_output_child *child = st_output_find(outputs, st_path_plain(path));

	return child && child->ring && !child->is_forgotten ? child->ring->used : 0;
}
