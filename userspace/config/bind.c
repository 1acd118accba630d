// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding maps, and the binder's entry points (bind.h).
 */
#include "config/bind.h"

#include <errno.h>

#include "base/alloc.h"
#include "config/binder.h"

void *st_bind_alloc(struct st_binder *binder, size_t nr, size_t size)
{
	void *memory = st_arena_alloc(&binder->arena, nr, size);

	if (!memory)
		binder->no_memory = true;
	return memory;
}

bool st_bind_has_failed(const struct st_binder *binder, unsigned int nr_found)
{
	return binder->no_memory || binder->diags->failed || binder->diags->nr_found > nr_found;
}

/* A worker's key in a supervisor; OTP mode ignores it as an unknown one. */
static bool is_misplaced(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *map, const struct st_doc_node *value)
{
	struct st_diag_about about = { .node = value, .at_key = true };

	if (!(key->flags & ST_KEY_WORKER) || !value || !st_doc_find(map, "supervisor"))
		return false;
	if (binder->mode != ST_BIND_OTP)
		st_diags_add(binder->diags, &about,
			     "%s is only for workers, and this child is a supervisor", key->name);
	return true;
}

void st_bind_map(struct st_binder *binder, const struct st_doc_node *node, enum st_scope scope,
		 void *draft)
{
	if (binder->mode != ST_BIND_OTP)
		st_keys_check(node, scope, binder->diags);
	for (size_t i = 0; i < st_nr_keys; i++) {
		const struct st_key *key = &st_keys[i];
		const struct st_doc_node *value;

		if (!(key->scopes & scope) || !key->bind)
			continue;
		value = st_doc_find(node, key->name);
		if (is_misplaced(binder, key, node, value))
			continue;
		if (value || (key->flags & ST_KEY_REQUIRED))
			key->bind(binder, key, value, draft);
	}
}

/* The result of a call that bound with @binder; the binder is done. */
static int finish(struct st_binder *binder)
{
	st_arena_done(&binder->arena);
	return binder->no_memory ? -ENOMEM : st_diags_error(binder->diags);
}

static int bind_root(const struct st_doc_node *node, enum st_scope scope, struct st_binder *binder,
		     struct st_sup_spec **ret_spec)
{
	struct st_sup_spec *spec = st_bind_sup_node(binder, node, scope);
	int err = finish(binder);

	if (err)
		st_sup_spec_put(spec);
	else
		*ret_spec = spec;
	return err;
}

int st_bind_config(const struct st_doc_node *node, const struct st_examiner *examiner,
		   struct st_diags *diags, struct st_sup_spec **ret_spec)
{
	struct st_binder binder = { .mode = ST_BIND_ROOT, .diags = diags, .examiner = examiner };

	return bind_root(node, ST_SCOPE_CONFIG, &binder, ret_spec);
}

int st_bind_sup(const struct st_doc_node *node, enum st_bind_mode mode, struct st_diags *diags,
		struct st_sup_spec **ret_spec)
{
	struct st_binder binder = { .mode = mode, .diags = diags };

	return bind_root(node, ST_SCOPE_SUP, &binder, ret_spec);
}

int st_bind_child(const struct st_doc_node *node, enum st_bind_mode mode,
		  const struct st_sup_flags *flags, struct st_diags *diags,
		  struct st_child_spec **ret_spec)
{
	struct st_binder binder = { .mode = mode, .diags = diags, .depth = 1 };
	struct st_child_spec *spec = st_bind_child_node(&binder, node, flags);
	int err = finish(&binder);

	if (err)
		st_child_spec_put(spec);
	else
		*ret_spec = spec;
	return err;
}

static void refuse(struct st_binder *binder, const struct st_doc_node *node, const char *what,
		   const char *expected)
{
	struct st_diag_about about = { .node = node, .expected = expected };
	struct st_quoted quoted;

	st_diags_add(binder->diags, &about, "%s cannot be %s", what, st_describe(node, &quoted));
}

int st_bind_check_children(const struct st_doc_node *node, enum st_bind_mode mode,
			   const struct st_sup_flags *flags, struct st_diags *diags)
{
	struct st_binder binder = { .mode = mode, .diags = diags, .depth = 1 };
	struct st_sup_draft draft = { .nr_children = 0 };

	if (node->type == ST_DOC_SEQ)
		st_bind_child_nodes(&binder, node, &draft, flags);
	else
		refuse(&binder, node, "the child specs", "a list");
	for (uint32_t i = 0; i < draft.nr_children; i++)
		st_child_spec_put(draft.children[i]);
	st_free(draft.children);
	return finish(&binder);
}

int st_bind_sup_flags(const struct st_doc_node *node, enum st_bind_mode mode,
		      struct st_diags *diags, struct st_sup_flags *flags)
{
	struct st_binder binder = { .mode = mode, .diags = diags };
	struct st_sup_draft draft = { .flags = *flags };
	int err;

	if (node->type == ST_DOC_MAP)
		st_bind_map(&binder, node, ST_SCOPE_FLAGS, &draft);
	else
		refuse(&binder, node, "the flags", "a map");
	err = finish(&binder);
	if (!err)
		*flags = draft.flags;
	return err;
}
