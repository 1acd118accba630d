// SPDX-License-Identifier: GPL-2.0-only
/*
 * The small tree; see small_tree.h.
 */
#include "small_tree.h"

#include <stdlib.h>

struct st_child_spec *small_worker(const char *id, enum st_restart restart)
{
	static const char *const argv[] = { "/bin/true" };
	struct st_child_spec *spec;
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.restart = restart;
	def.process.argv = argv;
	def.process.nr_args = 1;
	spec = st_child_spec_new(&def);
	if (!spec)
		abort();
	return spec;
}

struct st_sup_spec *small_sup_spec(enum st_strategy strategy, uint32_t intensity,
				   struct st_child_spec **children, uint32_t nr)
{
	struct st_sup_flags flags;
	struct st_sup_spec *spec;

	st_sup_flags_init(&flags);
	flags.strategy = strategy;
	flags.intensity = intensity;
	spec = st_sup_spec_new(&flags, children, nr);
	if (!spec)
		abort();
	for (uint32_t i = 0; i < nr; i++)
		st_child_spec_put(children[i]);
	return spec;
}

struct st_child_spec *small_supervisor(const char *id, enum st_restart restart,
				       enum st_shutdown_type shutdown, struct st_sup_spec *sup)
{
	struct st_child_spec *spec;
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.restart = restart;
	def.type = ST_CHILD_TYPE_SUPERVISOR;
	def.shutdown.type = shutdown;
	def.sup = sup;
	spec = st_child_spec_new(&def);
	if (!spec)
		abort();
	st_sup_spec_put(sup);
	return spec;
}

static struct st_child_spec *supervisor(const char *id, enum st_restart restart,
					struct st_child_spec **children, uint32_t nr)
{
	return small_supervisor(id, restart, ST_SHUTDOWN_INFINITY,
				small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1000000, children, nr));
}

void small_tree_init(struct small_tree *small)
{
	struct st_child_spec *of_s[] = { small_worker("x", ST_RESTART_PERMANENT) };
	struct st_child_spec *of_demo[] = {
		small_worker("a", ST_RESTART_PERMANENT),
		small_worker("b", ST_RESTART_PERMANENT),
		small_worker("t", ST_RESTART_TRANSIENT),
		supervisor("s", ST_RESTART_TRANSIENT, of_s, 1),
	};
	struct st_child_spec *of_root[] = {
		supervisor("demo", ST_RESTART_PERMANENT, of_demo, 4),
		small_worker("demonstration", ST_RESTART_PERMANENT),
	};
	struct st_sup_spec *root = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1000000, of_root, 2);

	*small = (struct small_tree){ .now_ns = ST_NSEC_PER_SEC };
	if (st_tree_new(root, 1, &small->tree))
		abort();
	st_sup_spec_put(root);
}

void small_tree_done(struct small_tree *small)
{
	st_tree_free(small->tree);
}

static void step(struct small_tree *small, const struct st_event *event)
{
	struct st_effects effects;

	st_step(small->tree, small->now_ns, event, &effects);
	if (small->after)
		small->after(small->owner, &effects, small->now_ns);
	if (small->follow)
		small->follow(small->owner, event, &effects);
}

void small_tree_step(struct small_tree *small, const struct st_event *event)
{
	static const struct st_event tick = { .type = ST_EV_TICK };

	small->now_ns += ST_NSEC_PER_MSEC;
	step(small, event);
	while (st_next_deadline(small->tree) <= small->now_ns)
		step(small, &tick);
}

void small_tree_ready(struct small_tree *small)
{
	struct st_child *root = small->tree->root;
	bool again = true;

	while (again) {
		again = false;
		for (struct st_child *child = root; child; child = st_child_next(child, root)) {
			const struct st_event ready = {
				.type = ST_EV_READY,
				.generation = child->generation,
			};

			if (child->sup || child->state != ST_CHILD_STARTING)
				continue;
			small_tree_step(small, &ready);
			again = true;
			break;
		}
	}
}

void small_tree_boot(struct small_tree *small)
{
	static const struct st_event boot = { .type = ST_EV_BOOT };

	small_tree_step(small, &boot);
	small_tree_ready(small);
}

struct st_child *small_tree_find(const struct small_tree *small, const char *path)
{
	struct st_child *child = st_tree_find(small->tree, path);

	if (!child)
		abort();
	return child;
}

void small_tree_say_ready(struct small_tree *small, const char *path)
{
	const struct st_event ready = {
		.type = ST_EV_READY,
		.generation = small_tree_find(small, path)->generation,
	};

	small_tree_step(small, &ready);
}

void small_tree_exit(struct small_tree *small, const char *path, int status)
{
	const struct st_event exited = {
		.type = ST_EV_EXITED,
		.generation = small_tree_find(small, path)->generation,
		.reason = st_reason_from_exit(status),
	};

	small_tree_step(small, &exited);
}

void small_tree_ask(struct small_tree *small, enum st_request_type type, const char *sup,
		    const char *id)
{
	const struct st_request request = { .type = type, .token = 1, .sup = sup, .id = id };
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	small_tree_step(small, &event);
}
