// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding a child spec: the words of OTP, in the order of do_check_childspec.
 * [V2] [V4] [V6]
 */
#include <string.h>

#include "base/text.h"
#include "config/binder.h"
#include "core/limits.h"

void st_bind_id(struct st_binder *binder, const struct st_key *key, const struct st_doc_node *node,
		void *draft)
{
	struct st_child_draft *child = draft;
	const char *id;

	if (!node) {
		struct st_diag_about about = { .node = child->node, .otp = ST_SPEC_MISSING_ID };

		st_diags_add(binder->diags, &about, "a child has no id");
		return;
	}
	if (node->type != ST_DOC_TEXT && node->type != ST_DOC_INT) {
		st_key_refuse(key, node, NULL, NULL, binder->diags);
		return;
	}
	id = st_bind_text(binder, node);
	if (id && st_id_is_valid(id))
		child->def.id = id;
	else if (id)
		st_key_refuse(key, node, NULL, NULL, binder->diags);
}

/*
 * A nested supervisor whose specification OTP refuses is not a mistake of the
 * outer one: it fails when it is started. [A5] [A6]
 */
static struct st_sup_spec *bind_nested_otp(struct st_binder *binder, const struct st_doc_node *node)
{
	struct st_diags inner = ST_DIAGS_INIT, *outer = binder->diags;
	struct st_buf term = ST_BUF_INIT;
	struct st_sup_spec *spec;

	binder->diags = &inner;
	spec = st_bind_sup_node(binder, node, ST_SCOPE_SUP);
	binder->diags = outer;
	if (!spec && !binder->no_memory && !inner.failed &&
	    !st_diags_otp_term(&inner, ST_OTP_INIT, &term)) {
		st_diags_done(&inner);
		spec = st_buf_error(&term) ? NULL : st_sup_spec_new_error(st_buf_text(&term));
		if (!spec)
			binder->no_memory = true;
	}
	st_diags_take(outer, &inner);
	st_buf_done(&term);
	return spec;
}

void st_bind_supervisor(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;

	if (node->type != ST_DOC_MAP)
		st_key_refuse(key, node, NULL, NULL, binder->diags);
	else if (binder->mode == ST_BIND_OTP)
		child->def.sup = bind_nested_otp(binder, node);
	else
		child->def.sup = st_bind_sup_node(binder, node, ST_SCOPE_SUP);
}

void st_bind_restart(struct st_binder *binder, const struct st_key *key,
		     const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	int value;

	if (st_bind_word(binder, key, node, &value))
		child->def.restart = (enum st_restart)value;
	else
		child->has_bad_restart = true;
}

void st_bind_significant(struct st_binder *binder, const struct st_key *key,
			 const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	struct st_diag_about about = { .node = node, .value = node };

	if (!st_bind_bool(binder, key, node, &child->def.significant) || child->has_bad_restart)
		return;
	about.otp = st_child_def_check(&child->def, child->flags);
	if (about.otp == ST_SPEC_BAD_COMBINATION_AUTO_SHUTDOWN) {
		about.expected = "any_significant or all_significant as the supervisor's "
				 "auto_shutdown";
		st_diags_add(binder->diags, &about,
			     "a significant child needs a supervisor with auto_shutdown");
	} else if (about.otp == ST_SPEC_BAD_COMBINATION_RESTART) {
		about.expected = "transient or temporary as its restart";
		st_diags_add(binder->diags, &about, "a significant child must not be permanent");
	}
}

void st_bind_type(struct st_binder *binder, const struct st_key *key,
		  const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	struct st_diag_about about = { .node = node };
	int value;

	if (!st_bind_word(binder, key, node, &value) || value == (int)child->def.type)
		return;
	about.expected = child->def.type == ST_CHILD_TYPE_WORKER ?
				 "supervisor with the specification, or the type worker" :
				 "the type supervisor, or start instead of supervisor";
	st_diags_add(binder->diags, &about, "the type %s does not fit a child with %s",
		     st_child_type_text[value],
		     child->def.type == ST_CHILD_TYPE_WORKER ? "start" : "supervisor");
}

void st_bind_shutdown(struct st_binder *binder, const struct st_key *key,
		      const struct st_doc_node *node, void *draft)
{
	static const char *const words[] = { "brutal_kill", "infinity" };
	struct st_child_draft *child = draft;
	struct st_shutdown *shutdown = &child->def.shutdown;
	const char *text = node->type == ST_DOC_TEXT ? node->text : "";
	const char *meant = st_text_nearest(text, words, ST_ARRAY_SIZE(words));
	uint64_t value;

	if (!strcmp(text, words[0])) {
		shutdown->type = ST_SHUTDOWN_BRUTAL_KILL;
	} else if (!strcmp(text, words[1])) {
		shutdown->type = ST_SHUTDOWN_INFINITY;
	} else if (meant) {
		st_key_refuse(key, node, NULL, meant, binder->diags);
	} else if (st_bind_time(binder, key, node, ST_NSEC_PER_MSEC, ST_MAX_TIMEOUT_MS, &value)) {
		shutdown->type = ST_SHUTDOWN_TIMEOUT;
		shutdown->timeout_ms = (uint32_t)value;
		if (st_child_def_check(&child->def, child->flags) == ST_SPEC_INVALID_SHUTDOWN)
			st_key_refuse(key, node, "its supervisor is dynamic", NULL, binder->diags);
	}
}

void st_bind_start_timeout(struct st_binder *binder, const struct st_key *key,
			   const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	uint64_t value;

	if (st_bind_time(binder, key, node, ST_NSEC_PER_MSEC, ST_MAX_TIMEOUT_MS, &value))
		child->def.start_timeout_ms = (uint32_t)value;
}

void st_bind_start_now(struct st_binder *binder, const struct st_key *key,
		       const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	bool value;

	if (st_bind_bool(binder, key, node, &value))
		child->def.start_later = !value;
}

/* ready was bound before. */
void st_bind_min_uptime(struct st_binder *binder, const struct st_key *key,
			const struct st_doc_node *node, void *draft)
{
	struct st_child_draft *child = draft;
	struct st_diag_about about = { .node = node, .at_key = true };
	uint64_t value;

	if (!st_bind_time(binder, key, node, ST_NSEC_PER_MSEC, ST_MAX_TIMEOUT_MS, &value))
		return;
	child->def.min_uptime_ms = (uint32_t)value;
	if (value && child->def.process.ready == ST_READY_EXIT)
		st_diags_add(
			binder->diags, &about,
			"min_uptime needs a child that stays up, and this one has ready: exit");
}

static void init_draft(struct st_child_draft *child, const struct st_binder *binder)
{
	bool is_below_root = binder->mode == ST_BIND_ROOT && binder->depth == 1;

	st_child_def_init(&child->def);
	if (!st_doc_find(child->node, "supervisor"))
		return;
	child->def.type = ST_CHILD_TYPE_SUPERVISOR;
	child->def.shutdown.type = ST_SHUTDOWN_INFINITY;
	if (is_below_root)
		child->def.restart = ST_RESTART_TRANSIENT;
}

struct st_child_spec *st_bind_child_node(struct st_binder *binder, const struct st_doc_node *node,
					 const struct st_sup_flags *flags)
{
	struct st_child_draft child = { .node = node, .flags = flags };
	unsigned int nr_found = binder->diags->nr_found;
	struct st_child_spec *spec = NULL;
	struct st_quoted quoted;

	if (node->type != ST_DOC_MAP) {
		struct st_diag_about about = {
			.node = node,
			.otp = ST_SPEC_INVALID_CHILD_SPEC,
			.expected = "a map with id, start and so on",
		};

		st_diags_add(binder->diags, &about, "a child cannot be %s",
			     st_describe(node, &quoted));
		return NULL;
	}
	init_draft(&child, binder);
	st_bind_map(binder, node, ST_SCOPE_CHILD, &child);
	if (!st_bind_has_failed(binder, nr_found)) {
		if (binder->examiner && !child.def.sup)
			binder->examiner->child(binder->examiner->arg, &child.def, node);
		spec = st_child_spec_new(&child.def);
		if (!spec)
			binder->no_memory = true;
	}
	st_sup_spec_put(child.def.sup);
	return spec;
}
