// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver without a daemon: core, virtual processes, virtual time.
 *
 * Time stands still while anything can happen at once; then it jumps to the next event.
 * So a run takes no time and always has the same result. The tree's root is the daemon's
 * "/"; the scenario's tree is its child "root", so that the paths are those of the traces.
 */
#include <stdlib.h>
#include <string.h>

#include "core/step.h"
#include "core_protocol.h"
#include "die.h"
#include "driver.h"
#include "virtual.h"

#define BIRTH_NS (1000 * ST_NSEC_PER_SEC)

struct core_driver {
	struct st_driver driver;
	struct st_tree *tree;
	struct st_virtual world;
	uint64_t now_ns;
	uint64_t last_token;
	json_t *answer; /* to the request with last_token, or NULL */
};

static struct core_driver *core_of(struct st_driver *driver)
{
	return container_of(driver, struct core_driver, driver);
}

static void tell(struct core_driver *core, const struct st_effect *effect)
{
	json_t *event = st_core_event(effect);

	st_record_event(&core->driver.record, event);
	json_decref(event);
}

static void execute(struct core_driver *core, const struct st_effect *effect)
{
	if (effect->type == ST_FX_STARTING)
		(void)st_virtual_attempt(&core->world, effect->child);
	else if (effect->type == ST_FX_SPAWN)
		st_virtual_spawn(&core->world, effect->child, core->now_ns);
	else if (effect->type == ST_FX_SIGNAL)
		st_virtual_signal(&core->world, effect->generation, effect->value, core->now_ns);
	else if (effect->type == ST_FX_REPLY && effect->token == core->last_token)
		core->answer = st_core_answer(effect);
	else
		tell(core, effect);
}

static void step(struct core_driver *core, const struct st_event *event)
{
	static const struct st_event tick = { .type = ST_EV_TICK };
	struct st_effects effects;
	uint32_t i;

	for (;;) {
		st_step(core->tree, core->now_ns, event, &effects);
		for (i = 0; i < effects.nr; i++)
			execute(core, &effects.items[i]);
		if (st_next_deadline(core->tree))
			return;
		event = &tick;
	}
}

/* When the next thing happens, ST_NO_DEADLINE if nothing does. */
static uint64_t next_ns(const struct core_driver *core)
{
	uint64_t process_ns = st_agenda_next(&core->world.agenda);
	uint64_t core_ns = st_next_deadline(core->tree);

	return process_ns < core_ns ? process_ns : core_ns;
}

/* Go to the next thing that happens, and let it happen. */
static void advance(struct core_driver *core, const char *goal)
{
	struct st_event event = { .type = ST_EV_TICK };
	uint64_t at_ns = next_ns(core);

	if (at_ns == ST_NO_DEADLINE)
		st_die("nothing happens any more, and this did not: %s", goal);
	if (at_ns > core->now_ns)
		core->now_ns = at_ns;
	if (st_agenda_next(&core->world.agenda) <= at_ns &&
	    !st_virtual_next(&core->world, core->now_ns, &event))
		return;
	step(core, &event);
}

static json_t *call(struct st_driver *driver, const char *method, json_t *params)
{
	struct core_driver *core = core_of(driver);
	struct st_core_request *request = st_core_request_new(method, params);
	struct st_event event = { .type = ST_EV_REQUEST };
	json_t *answer = st_core_request_answer(request);

	if (!answer) {
		core->last_token++;
		event.request = st_core_request_get(request, core->last_token);
		step(core, &event);
		while (!core->answer)
			advance(core, method);
		answer = core->answer;
		core->answer = NULL;
	}
	st_core_request_free(request);
	return answer;
}

static void end(struct st_driver *driver, const struct st_attempt *attempt, const json_t *reason)
{
	struct core_driver *core = core_of(driver);

	st_virtual_end(&core->world, attempt->generation, reason, core->now_ns);
	while (st_virtual_is_alive(&core->world, attempt->generation))
		advance(core, "the end of a worker");
}

static void settle(struct st_driver *driver)
{
	struct core_driver *core = core_of(driver);

	while (next_ns(core) <= core->now_ns || !st_tree_is_settled(core->tree))
		advance(core, "settling");
}

static void pass(struct st_driver *driver, unsigned int ms)
{
	struct core_driver *core = core_of(driver);
	uint64_t until_ns = core->now_ns + ms * ST_NSEC_PER_MSEC;

	while (next_ns(core) <= until_ns)
		advance(core, "a sleep");
	core->now_ns = until_ns;
}

static void shut_down(struct st_driver *driver)
{
	static const struct st_event stop = { .type = ST_EV_STOP };
	struct core_driver *core = core_of(driver);

	step(core, &stop);
	while (!core->tree->halted)
		advance(core, "the end of the tree");
}

static bool is_dynamic(struct st_driver *driver, const char *path)
{
	const struct st_child *child = st_tree_find(core_of(driver)->tree, path);

	return child && child->sup && st_sup_is_dynamic(child->sup);
}

/* A virtual process can not outlive anything: the tree waits for all of them. */
static json_t *leftover(struct st_driver *driver)
{
	if (core_of(driver)->world.nr_alive)
		st_die("processes are left when the tree has ended");
	return st_need(json_array());
}

static void free_core(struct st_driver *driver)
{
	struct core_driver *core = core_of(driver);

	st_tree_free(core->tree);
	st_virtual_done(&core->world);
	st_record_done(&driver->record);
	free(core);
}

struct st_driver *st_core_driver_new(void)
{
	static const struct st_driver_ops ops = {
		.call = call,
		.end = end,
		.settle = settle,
		.pass = pass,
		.shut_down = shut_down,
		.is_dynamic = is_dynamic,
		.leftover = leftover,
		.free = free_core,
	};
	static const struct st_event boot = { .type = ST_EV_BOOT };
	struct core_driver *core = st_need(calloc(1, sizeof(*core)));
	struct st_sup_flags flags;
	struct st_sup_spec *spec;

	core->driver.ops = &ops;
	core->now_ns = BIRTH_NS;
	st_record_init(&core->driver.record);
	st_virtual_init(&core->world);
	st_sup_flags_init(&flags);
	spec = st_need(st_sup_spec_new(&flags, NULL, 0));
	if (st_tree_new(spec, 1, &core->tree))
		st_die("out of memory");
	st_sup_spec_put(spec);
	step(core, &boot);
	return &core->driver;
}
