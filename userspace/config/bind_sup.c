// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding supervisors: flags first, then the list of children, as OTP checks
 * them. [V1] [V3] [V5] [X1]
 */
#include <string.h>

#include "base/alloc.h"
#include "config/binder.h"
#include "config/foreign.h"
#include "core/limits.h"

#define DYNAMIC_INTENSITY 3 /* Elixir's default [X1] */

void st_bind_strategy(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	int value;

	if (st_bind_word(binder, key, node, &value))
		sup->flags.strategy = (enum st_strategy)value;
	else
		sup->has_bad_strategy = true;
}

void st_bind_intensity(struct st_binder *binder, const struct st_key *key,
		       const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	int64_t value;

	if (st_bind_int(binder, key, node, 0, ST_MAX_INTENSITY, &value))
		sup->flags.intensity = (uint32_t)value;
}

void st_bind_period(struct st_binder *binder, const struct st_key *key,
		    const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	uint64_t value;

	if (!st_bind_time(binder, key, node, ST_NSEC_PER_SEC, ST_MAX_PERIOD_S, &value))
		return;
	if (value)
		sup->flags.period_s = (uint32_t)value;
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_auto_shutdown(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	int value;

	if (st_bind_word(binder, key, node, &value))
		sup->flags.auto_shutdown = (enum st_auto_shutdown)value;
	else
		sup->has_bad_auto_shutdown = true;
}

void st_bind_max_children(struct st_binder *binder, const struct st_key *key,
			  const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	struct st_diag_about about = { .node = node, .at_key = true };
	int64_t value;

	if (sup->flags.strategy != ST_STRATEGY_DYNAMIC) {
		if (binder->mode != ST_BIND_OTP && !sup->has_bad_strategy)
			st_diags_add(binder->diags, &about,
				     "max_children is only for the strategy dynamic");
		return;
	}
	if (st_bind_int(binder, key, node, 0, ST_MAX_NODES, &value))
		sup->flags.max_children = (uint32_t)value;
}

void st_bind_init(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	const struct st_doc_node *error = st_doc_find(node, "error");

	if (node->type == ST_DOC_TEXT && !strcmp(node->text, "ok")) {
		sup->init = ST_INIT_OK;
	} else if (node->type == ST_DOC_TEXT && !strcmp(node->text, "ignore")) {
		sup->init = ST_INIT_IGNORE;
	} else if (error && node->nr == 1) {
		sup->init = ST_INIT_ERROR;
		sup->init_error = error;
	} else {
		st_key_refuse(key, node, NULL, NULL, binder->diags);
	}
}

static bool is_root(const struct st_binder *binder)
{
	return binder->mode == ST_BIND_ROOT && binder->depth == 1;
}

/* One template, or none, where children come at run time. [V5] [X1] */
static void check_number(struct st_binder *binder, const struct st_doc_node *node, uint32_t nr,
			 const struct st_sup_flags *flags)
{
	struct st_diag_about about = { .node = node };
	const char *plural = nr == 1 ? "" : "s";

	if (is_root(binder)) /* the root cannot be one of these; that is reported elsewhere */
		return;
	if (flags->strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE && nr != 1) {
		about.otp = ST_SPEC_BAD_START_SPEC;
		about.expected = "exactly one child spec, the template";
		st_diags_add(binder->diags, &about,
			     "a simple_one_for_one supervisor with %u "
			     "child spec%s",
			     nr, plural);
	} else if (flags->strategy == ST_STRATEGY_DYNAMIC && nr) {
		about.expected = "none: its children are started at run time";
		st_diags_add(binder->diags, &about, "a dynamic supervisor with %u child spec%s", nr,
			     plural);
	}
}

void st_bind_trace_payload(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	int value;

	if (st_bind_word(binder, key, node, &value))
		sup->trace_payload = (enum st_trace_payload)value;
}

void st_bind_trace(struct st_binder *binder, const struct st_key *key,
		   const struct st_doc_node *node, void *draft)
{
	if (node->type == ST_DOC_MAP)
		st_bind_map(binder, node, ST_SCOPE_TRACE, draft);
	else
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

void st_bind_children(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *node, void *draft)
{
	struct st_sup_draft *sup = draft;
	bool is_empty = node->type == ST_DOC_NULL && binder->mode != ST_BIND_OTP;
	bool is_free = sup->has_bad_auto_shutdown || binder->mode == ST_BIND_STATE;

	if (node->type != ST_DOC_SEQ && !is_empty) {
		st_key_refuse(key, node, NULL, NULL, binder->diags);
		return;
	}
	check_number(binder, node, node->nr, &sup->flags);
	st_bind_child_nodes(binder, node, sup, is_free ? NULL : &sup->flags);
}

/* The root's children are in its configuration, so its strategy is not for others. */
static void check_root(struct st_binder *binder, const struct st_doc_node *node,
		       const struct st_sup_draft *sup)
{
	enum st_strategy strategy = sup->flags.strategy;
	struct st_diag_about about = { .node = st_doc_find(node, "strategy") };

	if (strategy != ST_STRATEGY_SIMPLE_ONE_FOR_ONE && strategy != ST_STRATEGY_DYNAMIC)
		return;
	about.expected = "one_for_one, one_for_all or rest_for_one";
	st_diags_add(binder->diags, &about, "the root supervisor cannot be %s",
		     st_strategy_text[strategy]);
}

/* Elixir's DynamicSupervisor has another default, and no auto_shutdown. [X1] [X2] */
static void check_dynamic(struct st_binder *binder, const struct st_doc_node *node,
			  struct st_sup_draft *sup)
{
	struct st_diag_about about = { .expected = "never" };

	if (sup->flags.strategy != ST_STRATEGY_DYNAMIC)
		return;
	if (!st_doc_find(node, "intensity"))
		sup->flags.intensity = DYNAMIC_INTENSITY;
	if (sup->flags.auto_shutdown == ST_AUTO_SHUTDOWN_NEVER)
		return;
	about.node = st_doc_find(node, "auto_shutdown");
	st_diags_add(binder->diags, &about, "a dynamic supervisor cannot shut down by itself");
}

static struct st_sup_spec *new_error(struct st_binder *binder, const struct st_doc_node *term)
{
	struct st_buf json = ST_BUF_INIT;
	struct st_sup_spec *spec = NULL;

	st_doc_write_json(term, &json);
	if (!st_buf_error(&json))
		spec = st_sup_spec_new_error(st_buf_text(&json));
	if (!spec)
		binder->no_memory = true;
	st_buf_done(&json);
	return spec;
}

static struct st_sup_spec *make_spec(struct st_binder *binder, const struct st_sup_draft *sup)
{
	struct st_sup_spec *spec;

	if (sup->init == ST_INIT_ERROR)
		return new_error(binder, sup->init_error);
	spec = sup->init == ST_INIT_IGNORE ?
		       st_sup_spec_new_ignore() :
		       st_sup_spec_new(&sup->flags, sup->children, sup->nr_children);
	if (spec && st_sup_spec_set_log(spec, &sup->log)) {
		st_sup_spec_put(spec);
		spec = NULL;
	}
	if (spec)
		spec->trace_payload = sup->trace_payload;
	else
		binder->no_memory = true;
	return spec;
}

static bool check_is_map(struct st_binder *binder, const struct st_doc_node *node,
			 enum st_scope scope)
{
	struct st_diag_about about = {
		.node = node,
		.expected = "a map with strategy, children and so on",
	};
	struct st_quoted quoted;

	if (node->type == ST_DOC_MAP)
		return true;
	if (scope == ST_SCOPE_CONFIG) /* [program:web] is a list, and NAME=VALUE a text */
		about.advice = st_foreign_text(node->file, node->place.line);
	st_diags_add(binder->diags, &about, "%s cannot be %s",
		     scope == ST_SCOPE_CONFIG ? "the main file" : "a supervisor",
		     st_describe(node, &quoted));
	return false;
}

static bool check_depth(struct st_binder *binder, const struct st_doc_node *node)
{
	struct st_diag_about about = { .node = node };

	if (binder->depth <= ST_MAX_DEPTH)
		return true;
	st_diags_add(binder->diags, &about, "supervisors are nested more than %d deep",
		     ST_MAX_DEPTH);
	return false;
}

/* OTP does not look further when init/1 answers ignore. [A3] */
static bool is_ignored(struct st_binder *binder, const struct st_doc_node *node)
{
	const struct st_doc_node *init = st_doc_find(node, "init");

	return binder->mode == ST_BIND_OTP && init && init->type == ST_DOC_TEXT &&
	       !strcmp(init->text, "ignore");
}

struct st_sup_spec *st_bind_sup_node(struct st_binder *binder, const struct st_doc_node *node,
				     enum st_scope scope)
{
	unsigned int nr_found = binder->diags->nr_found;
	struct st_sup_draft sup = { .init = ST_INIT_OK };
	struct st_sup_spec *spec = NULL;

	st_sup_flags_init(&sup.flags);
	binder->depth++;
	if (!check_is_map(binder, node, scope) || !check_depth(binder, node))
		goto out;
	if (is_ignored(binder, node)) {
		sup.init = ST_INIT_IGNORE;
	} else {
		st_bind_map(binder, node, scope, &sup);
		if (!st_doc_find(node, "children"))
			check_number(binder, node, 0, &sup.flags);
		check_dynamic(binder, node, &sup);
		st_bind_expand_partitions(binder, node, &sup);
		if (is_root(binder))
			check_root(binder, node, &sup);
	}
	if (!st_bind_has_failed(binder, nr_found))
		spec = make_spec(binder, &sup);
out:
	for (uint32_t i = 0; i < sup.nr_children; i++)
		st_child_spec_put(sup.children[i]);
	st_free(sup.children);
	binder->depth--;
	return spec;
}
