// SPDX-License-Identifier: GPL-2.0-only
/*
 * Random specifications, always valid: small trees with everything in them.
 *
 * Ids are few, so that requests often meet a child that is there already.
 */
#include <signal.h>
#include <stdlib.h>

#include "base/compiler.h"
#include "storm.h"

#define MAX_CHILDREN 5

/* How many more nodes may be made, so that trees stay small. */
struct budget {
	uint32_t depth;
	uint32_t nodes;
};

static const char *const ids[] = { "a", "b", "c", "d", "e", "f", "g", "h" };

const char *st_shape_id(struct st_random *random)
{
	return ids[st_random_below(random, ST_ARRAY_SIZE(ids))];
}

static void *or_exit(void *spec)
{
	if (!spec)
		exit(3); /* a storm can not go on without memory */
	return spec;
}

static struct st_sup_flags random_flags(struct st_random *random)
{
	static const uint8_t strategies[] = {
		ST_STRATEGY_ONE_FOR_ONE,	ST_STRATEGY_ONE_FOR_ONE,  ST_STRATEGY_ONE_FOR_ALL,
		ST_STRATEGY_ONE_FOR_ALL,	ST_STRATEGY_REST_FOR_ONE, ST_STRATEGY_REST_FOR_ONE,
		ST_STRATEGY_SIMPLE_ONE_FOR_ONE, ST_STRATEGY_DYNAMIC,
	};
	struct st_sup_flags flags;

	st_sup_flags_init(&flags);
	flags.strategy = strategies[st_random_below(random, ST_ARRAY_SIZE(strategies))];
	flags.intensity = st_random_percent(random, 40) ? 1000 : st_random_below(random, 5);
	flags.period_s = 1 + st_random_below(random, 10);
	if (flags.strategy == ST_STRATEGY_DYNAMIC)
		flags.max_children = st_random_below(random, 6);
	else if (st_random_percent(random, 30))
		flags.auto_shutdown = 1 + st_random_below(random, 2);
	return flags;
}

static struct st_shutdown random_shutdown(struct st_random *random, bool zero)
{
	struct st_shutdown shutdown = { .type = ST_SHUTDOWN_TIMEOUT };

	switch (st_random_below(random, 8)) {
	case 0:
		shutdown.type = ST_SHUTDOWN_BRUTAL_KILL;
		break;
	case 1:
	case 2:
		shutdown.type = ST_SHUTDOWN_INFINITY;
		break;
	case 3:
		shutdown.timeout_ms = zero ? 0 : 1;
		break;
	default:
		shutdown.timeout_ms = 1 + st_random_below(random, 5000);
		break;
	}
	return shutdown;
}

static struct st_sup_spec *random_nested(struct st_random *random, struct budget *budget);

static struct st_child_spec *random_child(struct st_random *random, const char *id,
					  const struct st_sup_flags *flags, struct budget *budget)
{
	static const char *const argv[] = { "program", "argument" };
	static const struct st_probe_spec probes[] = {
		{ .type = ST_PROBE_TCP, .address = "80", .interval_ms = 1, .timeout_ms = 1 },
		{ .type = ST_PROBE_TCP,
		  .address = "80",
		  .interval_ms = 1,
		  .timeout_ms = 1,
		  .on_failure = ST_ON_FAILURE_SHUTDOWN },
	};
	bool dynamic = flags->strategy == ST_STRATEGY_DYNAMIC;
	struct st_child_spec *spec;
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = id;
	def.restart = st_random_below(random, ST_RESTART__MAX);
	def.shutdown = random_shutdown(random, !dynamic);
	def.significant = flags->auto_shutdown != ST_AUTO_SHUTDOWN_NEVER &&
			  def.restart != ST_RESTART_PERMANENT && st_random_percent(random, 60);
	if (st_random_percent(random, 20))
		def.start_timeout_ms = 1 + st_random_below(random, 1000);
	if (st_random_percent(random, 10))
		def.min_uptime_ms = 1 + st_random_below(random, 500);
	def.start_later = st_random_percent(random, 8);
	if (st_random_percent(random, 15)) {
		def.backoff.min_ms = 1 + st_random_below(random, 500);
		def.backoff.max_ms = def.backoff.min_ms + st_random_below(random, 3000);
		def.backoff.jitter_percent = st_random_below(random, 101);
	}
	if (budget->nodes)
		budget->nodes--;
	if (budget->depth && budget->nodes && st_random_percent(random, 30)) {
		def.type = ST_CHILD_TYPE_SUPERVISOR;
		def.start_timeout_ms = 0;
		def.min_uptime_ms = 0;
		budget->depth--;
		def.sup = random_nested(random, budget);
		budget->depth++;
	} else {
		def.process.argv = argv;
		def.process.nr_args = ST_ARRAY_SIZE(argv);
		if (!def.min_uptime_ms && st_random_percent(random, 10))
			def.process.ready = ST_READY_EXIT;
		if (st_random_percent(random, 10))
			def.process.stop_signal = SIGINT;
		if (def.process.ready != ST_READY_EXIT && st_random_percent(random, 20))
			def.process.probe = &probes[st_random_below(random, ST_ON_FAILURE__MAX)];
	}
	spec = or_exit(st_child_spec_new(&def));
	st_sup_spec_put(def.sup);
	return spec;
}

static uint32_t random_children_nr(struct st_random *random, enum st_strategy strategy)
{
	if (strategy == ST_STRATEGY_SIMPLE_ONE_FOR_ONE)
		return 1; /* the template [V5] */
	if (strategy == ST_STRATEGY_DYNAMIC)
		return 0;
	return st_random_below(random, MAX_CHILDREN + 1);
}

static struct st_sup_spec *random_sup(struct st_random *random, struct st_sup_flags flags,
				      struct budget *budget)
{
	struct st_child_spec *children[MAX_CHILDREN] = { NULL };
	uint32_t nr = random_children_nr(random, flags.strategy);
	uint32_t first = st_random_below(random, ST_ARRAY_SIZE(ids));
	struct st_sup_spec *spec;

	for (uint32_t i = 0; i < nr; i++) /* 3 and the number of ids have no common divisor */
		children[i] = random_child(random, ids[(first + 3 * i) % ST_ARRAY_SIZE(ids)],
					   &flags, budget);
	spec = or_exit(st_sup_spec_new(&flags, children, nr));
	while (nr)
		st_child_spec_put(children[--nr]);
	return spec;
}

/*
 * Below the root a few supervisors do not want to start, or can not [A3].
 * Depth is limited by the budget, so this may recurse.
 */
static struct st_sup_spec *random_nested(struct st_random *random, struct budget *budget)
{
	if (st_random_percent(random, 3))
		return or_exit(st_sup_spec_new_ignore());
	if (st_random_percent(random, 3))
		return or_exit(
			st_sup_spec_new_error("{\"supervisor_data\":{\"invalid_period\":0}}"));
	return random_sup(random, random_flags(random), budget);
}

struct st_sup_spec *st_shape_root(struct st_random *random)
{
	struct budget budget = { .depth = 3, .nodes = 20 };
	struct st_sup_flags flags = random_flags(random);

	if (st_random_percent(random, 80))
		flags.intensity = 100000; /* or most storms would be over soon */
	if (st_random_percent(random, 80))
		flags.auto_shutdown = ST_AUTO_SHUTDOWN_NEVER;
	return random_sup(random, flags, &budget);
}

struct st_child_spec *st_shape_child(struct st_random *random, const struct st_sup *sup)
{
	struct budget budget = { .depth = 1, .nodes = 5 };

	return random_child(random, st_shape_id(random), &sup->spec->flags, &budget);
}

/* Mostly of the kind that @sup is, for others are refused. [K8] */
struct st_sup_spec *st_shape_change(struct st_random *random, const struct st_sup *sup)
{
	struct budget budget = { .depth = 1, .nodes = 8 };
	struct st_sup_flags flags = random_flags(random);

	if (st_random_percent(random, 10))
		return random_nested(random, &budget);
	if (st_sup_is_dynamic(sup)) {
		flags = sup->spec->flags;
		flags.period_s++;
	} else if (flags.strategy >= ST_STRATEGY_SIMPLE_ONE_FOR_ONE) {
		flags.strategy = sup->spec->flags.strategy;
		flags.max_children = 0;
	}
	return random_sup(random, flags, &budget);
}
