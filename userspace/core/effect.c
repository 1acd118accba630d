// SPDX-License-Identifier: GPL-2.0-only
/*
 * Effects as they come to be: appended to the list of the step that runs.
 *
 * Room was reserved when the nodes were made (node.c), and the step ends
 * before it can run out (step.c), so nothing here allocates or fails.
 */
#include <signal.h>

#include "core/internal.h"

#define ST_ENUM_TEXT(name, text) [name] = text,
const char *const st_effect_text[] = { ST_EFFECT_LIST(ST_ENUM_TEXT) };
const char *const st_context_text[] = { ST_CONTEXT_LIST(ST_ENUM_TEXT) };
const char *const st_reply_text[] = { ST_REPLY_LIST(ST_ENUM_TEXT) };
#undef ST_ENUM_TEXT

#define ST_RULE_ROW(member, name, words) [member] = { .id = name, .text = words },
const struct st_rule_row st_rules[ST_RULE__MAX] = { ST_RULE_LIST(ST_RULE_ROW) };
#undef ST_RULE_ROW

struct st_effect *st_emit(struct st_tree *tree, enum st_effect_type type,
			  const struct st_child *child)
{
	struct st_effect *effect = &tree->fx[tree->nr_fx];

	st_assert(tree->nr_fx < tree->fx_cap);
	tree->nr_fx++;
	*effect = (struct st_effect){
		.type = type,
		.child = child,
		.generation = child ? child->generation : 0,
		.status = -1,
	};
	return effect;
}

/*
 * An inner reason belongs to another child and would change with its next start. So no
 * further decision is made before the effect is executed.
 */
static void set_reason(struct st_tree *tree, struct st_effect *effect,
		       const struct st_reason *reason)
{
	effect->reason = *reason;
	tree->shown |= reason->inner != NULL;
}

struct st_effect *st_emit_reason(struct st_tree *tree, enum st_effect_type type,
				 const struct st_child *child)
{
	struct st_effect *effect = st_emit(tree, type, child);

	set_reason(tree, effect, &child->reason);
	return effect;
}

void st_effect_count(struct st_effect *effect)
{
	const struct st_sup *sup = effect->child->parent;

	effect->nr_restarts = effect->child->nr_restarts;
	if (!sup)
		return;
	effect->budget.intensity = sup->spec->flags.intensity;
	effect->budget.period_s = sup->spec->flags.period_s;
	effect->budget.used = (uint32_t)st_window_count(&sup->window, sup->tree->now_ns,
							sup->spec->flags.period_s);
}

void st_effect_end(struct st_effect *effect)
{
	const struct st_child *child = effect->child;

	st_effect_count(effect);
	effect->status = child->status;
	effect->was_killed = child->killed;
	if (!child->sup && child->parent->tree->usage)
		effect->usage = *child->parent->tree->usage;
}

void st_emit_signal(struct st_child *child, int signo)
{
	if (signo == SIGKILL)
		child->killed = true;
	st_emit(child->parent->tree, ST_FX_SIGNAL, child)->value = signo;
}

void st_report(struct st_child *child, enum st_context context, const struct st_reason *reason)
{
	struct st_effect *effect = st_emit(child->parent->tree, ST_FX_REPORT, child);

	effect->sup = child->parent;
	effect->context = context;
	if (context == ST_CONTEXT_SHUTDOWN)
		effect->cause = child->parent->cause;
	set_reason(child->parent->tree, effect, reason);
}

void st_report_count(struct st_sup *sup, const struct st_reason *reason, uint32_t count)
{
	struct st_effect *effect = st_emit(sup->tree, ST_FX_REPORT, NULL);

	effect->sup = sup;
	effect->context = ST_CONTEXT_SHUTDOWN_ERROR;
	effect->reason = *reason;
	effect->count = count;
}
