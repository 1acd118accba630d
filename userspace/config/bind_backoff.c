// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding backoff: a time, or a map with min, max and jitter. OTP has nothing
 * like it [M6].
 */
#include "config/binder.h"
#include "core/limits.h"

static bool bind_delay(struct st_binder *binder, const struct st_key *key,
		       const struct st_doc_node *node, uint32_t *ret_ms)
{
	uint64_t value;

	if (!st_bind_time(binder, key, node, ST_NSEC_PER_MSEC, ST_MAX_TIMEOUT_MS, &value))
		return false;
	*ret_ms = (uint32_t)value;
	return true;
}

static bool bind_positive(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, uint32_t *ret_ms)
{
	if (!bind_delay(binder, key, node, ret_ms))
		return false;
	if (*ret_ms)
		return true;
	st_key_refuse(key, node, NULL, NULL, binder->diags);
	return false;
}

void st_bind_backoff_min(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, void *draft)
{
	struct st_backoff_draft *backoff = draft;
	struct st_diag_about about = { .node = backoff->node, .expected = key->expected };

	if (!node)
		st_diags_add(binder->diags, &about, "backoff has no min");
	else if (bind_positive(binder, key, node, &backoff->backoff.min_ms))
		backoff->has_min = true;
}

void st_bind_backoff_max(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, void *draft)
{
	struct st_backoff_draft *backoff = draft;

	if (!bind_positive(binder, key, node, &backoff->backoff.max_ms))
		return;
	backoff->has_max = true;
	if (backoff->has_min && backoff->backoff.max_ms < backoff->backoff.min_ms)
		st_key_refuse(key, node, "it is below min", NULL, binder->diags);
}

void st_bind_backoff_jitter(struct st_binder *binder, const struct st_key *key,
			    const struct st_doc_node *node, void *draft)
{
	struct st_backoff_draft *backoff = draft;
	int64_t value;

	if (st_bind_int(binder, key, node, 0, 100, &value))
		backoff->backoff.jitter_percent = (uint32_t)value;
}

void st_bind_backoff(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	struct st_backoff_draft backoff = { .node = node };
	struct st_backoff *value = &backoff.backoff;

	if (node->type == ST_DOC_MAP)
		st_bind_map(binder, node, ST_SCOPE_BACKOFF, &backoff);
	else if (!bind_delay(binder, key, node, &value->min_ms))
		return;
	if (!backoff.has_max)
		value->max_ms = value->min_ms;
	child->def.backoff = *value;
}
