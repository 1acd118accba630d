// SPDX-License-Identifier: GPL-2.0-only
/*
 * Predictions, compared with what then happens.
 *
 * Two copies of the tree get the same action. One is predicted (predict/). The other lives in
 * the world below, which was written apart from it and knows processes from the storm's own
 * table, not from the tree. Both must have the same effects in the same order, and end in the
 * same state. The storm itself goes on as if nothing had been asked.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/copy.h"
#include "predict/predict.h"
#include "storm.h"

struct action {
	uint64_t victim; /* a process that gets a signal; 0: a request, or STOP */
	int signo;
	enum st_request_type type; /* of a request; __MAX: the root is asked to stop */
	struct st_buf sup;
	struct st_buf id;
};

/* What a process will do. */
struct intent {
	struct intent *next;
	uint64_t generation;
	int signo; /* by which it ends; 0: it says that it is ready */
	bool is_done; /* it ends with status 0 */
};

struct world {
	struct st_tree *tree;
	uint64_t now_ns;
	struct intent *first, **end;
	struct st_map old; /* deadlines from before: generation -> 1 + key */
	uint64_t nr_effects;
	struct st_buf text;
};

static void *or_exit(void *memory)
{
	if (!memory)
		exit(3); /* a storm can not go on without memory */
	return memory;
}

static void intend(struct world *world, uint64_t generation, int signo, bool is_done)
{
	struct intent *intent = or_exit(st_alloc(sizeof(*intent)));

	intent->generation = generation;
	intent->signo = signo;
	intent->is_done = is_done;
	*world->end = intent;
	world->end = &intent->next;
}

static int term_of(const struct st_child *child)
{
	int signo = child->spec->def.process.stop_signal;

	return signo ? signo : SIGTERM;
}

/* What the processes of the storm were about to do, as its own table has it. */
static void look_around(struct st_storm *storm, struct world *world)
{
	struct st_child *root = world->tree->root;

	for (struct st_child *child = root; child; child = st_child_next(child, root)) {
		const struct st_process *process =
			st_map_get(&storm->by_generation, child->generation);

		if (child->timer.index) {
			if (st_map_reserve(&world->old, world->old.nr + 1))
				or_exit(NULL);
			st_map_put(&world->old, child->generation,
				   (void *)(uintptr_t)(child->timer.key + 1));
		}
		if (!process || child->sup)
			continue;
		if (process->killed)
			intend(world, process->generation, SIGKILL, false);
		else if (process->termed)
			intend(world, process->generation, term_of(child), false);
		else if (process->said && !process->ready)
			intend(world, process->generation, 0, true);
		else if (!process->said)
			intend(world, process->generation, 0,
			       child->spec->def.process.ready == ST_READY_EXIT);
	}
}

static void step(struct world *world, const struct st_event *event)
{
	struct st_effects effects;

	st_step(world->tree, world->now_ns, event, &effects);
	world->nr_effects += effects.nr;
	for (uint32_t i = 0; i < effects.nr; i++) {
		const struct st_effect *effect = &effects.items[i];

		st_effect_write(effect, &world->text);
		st_buf_add_char(&world->text, '\n');
		if (effect->type == ST_FX_SIGNAL)
			intend(world, effect->generation, effect->value, false);
		if (effect->type == ST_FX_SPAWN)
			intend(world, effect->generation, 0,
			       effect->child->spec->def.process.ready == ST_READY_EXIT);
	}
}

/* Its supervisor has sent SIGKILL: whatever it wanted to do, it ends by it. */
static void act(struct world *world, struct intent *intent)
{
	struct st_event event = { .generation = intent->generation };
	bool is_killed = false;
	bool is_there = false;

	for (struct st_child *child = world->tree->root; child;
	     child = st_child_next(child, world->tree->root)) {
		if (child->sup || !child->alive || child->generation != intent->generation)
			continue;
		is_there = true;
		is_killed = child->killed;
	}
	if (!is_there || (is_killed && !intent->signo && !intent->is_done))
		return;
	event.type = intent->signo || intent->is_done ? ST_EV_EXITED : ST_EV_READY;
	event.reason = st_reason_from_exit(0);
	if (intent->signo || is_killed) {
		event.status = is_killed ? SIGKILL : intent->signo;
		event.reason = st_reason_from_signal(event.status);
	}
	step(world, &event);
}

static bool waits_for_new(const struct world *world)
{
	for (struct st_child *child = world->tree->root; child;
	     child = st_child_next(child, world->tree->root))
		if (child->timer.index &&
		    (uintptr_t)st_map_get(&world->old, child->generation) != child->timer.key + 1)
			return true;
	return false;
}

static void live(struct world *world)
{
	const struct st_event tick = { .type = ST_EV_TICK };

	while (world->nr_effects <=
	       (uint64_t)ST_PREDICT_MAX_EFFECTS * world->tree->nr_nodes + ST_PREDICT_MORE_EFFECTS) {
		uint64_t deadline_ns = st_next_deadline(world->tree);
		struct intent *intent = world->first;

		if (deadline_ns > world->now_ns && intent) {
			world->first = intent->next;
			if (!world->first)
				world->end = &world->first;
			act(world, intent);
			st_free(intent);
			continue;
		}
		if (deadline_ns > world->now_ns) {
			if (world->tree->halted || deadline_ns == ST_NO_DEADLINE ||
			    (st_tree_is_settled(world->tree) && !waits_for_new(world)))
				return;
			world->now_ns = deadline_ns;
		}
		step(world, &tick);
	}
}

static void begin(struct action *action, struct st_predict *predict, struct world *world)
{
	struct st_request request = {
		.type = action->type,
		.sup = st_buf_text(&action->sup),
		.id = st_buf_text(&action->id),
		.token = UINT32_MAX,
	};
	struct st_event event = { .type = ST_EV_REQUEST, .request = &request };
	struct st_child *child;

	if (action->victim) {
		child = st_tree_find_generation(predict->tree, action->victim);
		if (child)
			st_predict_signal(predict, child, action->signo);
		event = (struct st_event){ .type = ST_EV_EXITED,
					   .generation = action->victim,
					   .reason = st_reason_from_signal(action->signo),
					   .status = action->signo };
		if (child)
			step(world, &event);
		return;
	}
	if (action->type == ST_REQUEST__MAX)
		event = (struct st_event){ .type = ST_EV_STOP };
	st_predict_event(predict, &event);
	step(world, &event);
}

static void choose(struct st_storm *storm, struct st_random *dice, struct action *action)
{
	static const uint8_t signals[] = { SIGKILL, SIGTERM, SIGSEGV };
	static const uint8_t types[] = {
		ST_REQUEST_TERMINATE_CHILD, ST_REQUEST_RESTART, ST_REQUEST_RESTART_CHILD,
		ST_REQUEST_DELETE_CHILD,    ST_REQUEST_STOP,	ST_REQUEST__MAX
	};
	uint32_t nr = st_random_below(dice, storm->tree->nr_nodes + 1);
	struct st_child *child = storm->tree->root;

	*action = (struct action){ .sup = ST_BUF_INIT, .id = ST_BUF_INIT };
	if (storm->nr_processes && st_random_percent(dice, 60)) {
		action->victim =
			storm->processes[st_random_below(dice, storm->nr_processes)]->generation;
		action->signo = signals[st_random_below(dice, ST_ARRAY_SIZE(signals))];
		return;
	}
	action->type = types[st_random_below(dice, ST_ARRAY_SIZE(types))];
	while (nr-- && child)
		child = st_child_next(child, storm->tree->root);
	if (!child)
		child = storm->tree->root;
	if (action->type == ST_REQUEST_STOP)
		st_child_write_path(child, &action->sup);
	else if (child->parent)
		st_child_write_path(child->parent->self, &action->sup);
	st_buf_add_text(&action->id, st_child_name(child));
}

static void write_effect(void *owner, const struct st_effect *effect)
{
	struct st_buf *out = owner;

	st_effect_write(effect, out);
	st_buf_add_char(out, '\n');
}

/* Keep what differs, to be shown. */
static void compare(struct st_storm *storm, const struct st_predict *predict,
		    const struct world *world, const struct st_buf *foretold)
{
	bool is_same = !strcmp(st_buf_text(foretold), st_buf_text(&world->text));

	if (predict->has_failed)
		exit(3);
	if (!is_same)
		st_storm_break(storm, "something else happens than was predicted");
	else if (st_tree_hash(predict->tree) != st_tree_hash(world->tree))
		st_storm_break(storm, "a prediction ends in another state");
	if (!is_same) {
		st_buf_add_text(&storm->why, "predicted:\n");
		st_buf_add_buf(&storm->why, foretold);
		st_buf_add_text(&storm->why, "happened:\n");
		st_buf_add_buf(&storm->why, &world->text);
	}
}

static void foretell(struct st_storm *storm, struct action *action)
{
	struct st_buf foretold = ST_BUF_INIT;
	struct world world = { .now_ns = storm->now_ns, .text = ST_BUF_INIT };
	struct st_predict predict;
	struct st_tree *copy;

	world.end = &world.first;
	if (st_tree_copy(storm->tree, &copy) || st_tree_copy(storm->tree, &world.tree) ||
	    st_predict_init(&predict, copy, storm->now_ns, write_effect, &foretold))
		or_exit(NULL);
	while (!st_predict_scan(&predict, 3))
		;
	look_around(storm, &world);
	begin(action, &predict, &world);
	while (!st_predict_run(&predict, 7))
		;
	live(&world);
	compare(storm, &predict, &world, &foretold);
	storm->nr_predictions++;
	while (world.first) { /* what is left of one that was cut */
		struct intent *intent = world.first;

		world.first = intent->next;
		st_free(intent);
	}
	st_predict_done(&predict);
	st_tree_free(world.tree);
	st_map_done(&world.old);
	st_buf_done(&world.text);
	st_buf_done(&foretold);
}

void st_foretell(struct st_storm *storm)
{
	struct st_random dice = { .state = storm->nr_events * 2246822519u + 3 };
	uint64_t hash;
	struct action action;

	if (storm->halted || st_random_below(&dice, storm->predict_every))
		return;
	hash = st_tree_hash(storm->tree);
	choose(storm, &dice, &action);
	foretell(storm, &action);
	if (st_tree_hash(storm->tree) != hash)
		st_storm_break(storm, "a prediction has changed the tree");
	st_buf_done(&action.sup);
	st_buf_done(&action.id);
}
