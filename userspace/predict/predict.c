// SPDX-License-Identifier: GPL-2.0-only
/*
 * The imagined world of predict.h: outcomes wait in a queue, in the order in which they were
 * caused, and become events one after the other.
 */
#include "predict/predict.h"

#include <errno.h>
#include <signal.h>

#include "base/alloc.h"

#define MIN_QUEUE 64

static uint64_t key_of(const struct st_child *child)
{
	return (uint64_t)(uintptr_t)child;
}

static bool grow(struct st_predict *predict)
{
	uint32_t cap = predict->cap ? predict->cap * 2 : MIN_QUEUE;
	struct st_outcome_event *queue = st_alloc_array(cap, sizeof(*queue));

	if (!queue)
		return false;
	for (uint32_t i = 0; i < predict->nr; i++)
		queue[i] = predict->queue[(predict->first + i) % predict->cap];
	st_free(predict->queue);
	predict->queue = queue;
	predict->first = 0;
	predict->cap = cap;
	return true;
}

static void put(struct st_predict *predict, const struct st_outcome_event *outcome)
{
	if (predict->nr == predict->cap && !grow(predict)) {
		predict->has_failed = true;
		return;
	}
	predict->queue[(predict->first + predict->nr++) % predict->cap] = *outcome;
}

static void will_say_ready(struct st_predict *predict, uint64_t generation)
{
	put(predict, &(struct st_outcome_event){ .generation = generation, .type = ST_EV_READY });
}

static void will_exit(struct st_predict *predict, uint64_t generation)
{
	put(predict, &(struct st_outcome_event){ .generation = generation,
						 .type = ST_EV_EXITED,
						 .reason = { .type = ST_REASON_NORMAL } });
}

static void will_end_by(struct st_predict *predict, uint64_t generation, int signo)
{
	put(predict, &(struct st_outcome_event){ .generation = generation,
						 .type = ST_EV_EXITED,
						 .reason = st_reason_from_signal(signo),
						 .status = signo });
}

/* A process that has just been spawned, or is being started. */
static void will_start(struct st_predict *predict, const struct st_child *child)
{
	if (child->spec->def.process.ready == ST_READY_EXIT)
		will_exit(predict, child->generation);
	else
		will_say_ready(predict, child->generation);
}

/* What a worker was doing when the copy was made goes on. */
static void go_on(struct st_predict *predict, const struct st_child *child)
{
	bool is_asked = child->state == ST_CHILD_STOPPING || child->is_unhealthy;

	if (!child->alive || child->sup)
		return;
	if (child->killed)
		will_end_by(predict, child->generation, SIGKILL);
	else if (child->state != ST_CHILD_STARTING && is_asked)
		will_end_by(predict, child->generation, st_stop_signal(&child->spec->def.process));
	else if (child->state == ST_CHILD_STARTING && child->lingering)
		will_exit(predict, child->generation);
	else if (child->state == ST_CHILD_STARTING && !child->is_settling)
		will_start(predict, child);
}

int st_predict_init(struct st_predict *predict, struct st_tree *tree, uint64_t now_ns,
		    void (*on_effect)(void *owner, const struct st_effect *effect), void *owner)
{
	*predict = (struct st_predict){
		.tree = tree,
		.now_ns = now_ns,
		.began_ns = now_ns,
		.on_effect = on_effect,
		.owner = owner,
		.scanned = tree->root,
	};
	if (!st_map_reserve(&predict->waits, tree->timers.nr))
		return 0;
	st_predict_done(predict);
	return -ENOMEM;
}

void st_predict_done(struct st_predict *predict)
{
	st_tree_free(predict->tree);
	st_map_done(&predict->waits);
	st_free(predict->queue);
	*predict = (struct st_predict){ .tree = NULL };
}

static void note_wait(struct st_predict *predict, const struct st_child *child)
{
	if (st_heap_holds(&child->timer))
		st_map_put(&predict->waits, key_of(child),
			   (void *)(uintptr_t)(child->timer.key + 1));
}

bool st_predict_scan(struct st_predict *predict, unsigned int nr)
{
	for (; predict->scanned && nr; nr--) {
		note_wait(predict, predict->scanned);
		go_on(predict, predict->scanned);
		predict->scanned = st_child_next(predict->scanned, predict->tree->root);
	}
	return !predict->scanned;
}

static void take_effect(struct st_predict *predict, const struct st_effect *effect)
{
	if (effect->type == ST_FX_SPAWN)
		will_start(predict, effect->child);
	else if (effect->type == ST_FX_SIGNAL)
		will_end_by(predict, effect->generation, effect->value);
	if (predict->on_effect)
		predict->on_effect(predict->owner, effect);
}

void st_predict_event(struct st_predict *predict, const struct st_event *event)
{
	struct st_effects effects;

	st_step(predict->tree, predict->now_ns, event, &effects);
	predict->nr_effects += effects.nr;
	for (uint32_t i = 0; i < effects.nr; i++)
		take_effect(predict, &effects.items[i]);
}

void st_predict_signal(struct st_predict *predict, const struct st_child *child, int signo)
{
	const struct st_event event = {
		.type = ST_EV_EXITED,
		.generation = child->generation,
		.reason = st_reason_from_signal(signo),
		.status = signo,
	};

	st_predict_event(predict, &event);
}

/* The next outcome becomes an event, unless SIGKILL has overtaken it. */
static void happen(struct st_predict *predict)
{
	struct st_outcome_event outcome = predict->queue[predict->first];
	struct st_event event = {
		.type = outcome.type,
		.generation = outcome.generation,
		.reason = outcome.reason,
		.status = outcome.status,
	};
	const struct st_child *child = st_tree_find_generation(predict->tree, outcome.generation);

	predict->first = (predict->first + 1) % predict->cap;
	predict->nr--;
	if (!child)
		return; /* it has ended, by an outcome before this one */
	if (child->killed && outcome.type == ST_EV_READY)
		return;
	if (child->killed) {
		event.reason = (struct st_reason){ .type = ST_REASON_KILLED };
		event.status = SIGKILL;
	}
	st_predict_event(predict, &event);
}

/* Does anything wait for a moment that the prediction itself has set? */
static bool has_new_wait(const struct st_predict *predict)
{
	const struct st_heap *timers = &predict->tree->timers;

	for (uint32_t i = 0; i < timers->nr; i++) {
		struct st_child *child = st_list_entry(timers->nodes[i], struct st_child, timer);

		if ((uintptr_t)st_map_get(&predict->waits, key_of(child)) != child->timer.key + 1)
			return true;
	}
	return false;
}

/* Return: false if nothing more follows. */
static bool step(struct st_predict *predict)
{
	const struct st_event tick = { .type = ST_EV_TICK };
	uint64_t deadline_ns = st_next_deadline(predict->tree);

	if (deadline_ns <= predict->now_ns) {
		st_predict_event(predict, &tick);
		return true;
	}
	if (predict->nr) {
		happen(predict);
		return true;
	}
	if (predict->tree->halted)
		return false;
	if (st_tree_is_settled(predict->tree) && !has_new_wait(predict))
		return false;
	if (deadline_ns == ST_NO_DEADLINE) {
		predict->is_cut = true; /* something waits for what nobody imagines */
		return false;
	}
	predict->now_ns = deadline_ns;
	st_predict_event(predict, &tick);
	return true;
}

bool st_predict_run(struct st_predict *predict, unsigned int nr)
{
	uint64_t max = (uint64_t)ST_PREDICT_MAX_EFFECTS * predict->tree->nr_nodes +
		       ST_PREDICT_MORE_EFFECTS;

	for (; nr; nr--) {
		if (predict->has_failed || !step(predict))
			return true;
		if (predict->nr_effects > max) {
			predict->is_cut = true;
			return true;
		}
	}
	return false;
}
