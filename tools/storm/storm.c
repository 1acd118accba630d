// SPDX-License-Identifier: GPL-2.0-only
/*
 * One storm: trees one after the other until the events are used up, each of
 * them drained at its end.
 */
#include "core/save.h"
#include "storm.h"

#include <stdlib.h>

#include "base/alloc.h"

#define MAX_DRAIN 1000000 /* steps; a tree that needs more will never drain */

void st_storm_break(struct st_storm *storm, const char *what)
{
	if (!storm->broken)
		storm->broken = what;
}

static void write_event(struct st_storm *storm, const struct st_event *event)
{
	st_event_write(event, storm->now_ns, storm->text);
	st_buf_add_char(storm->text, '\n');
}

static void write_effects(struct st_storm *storm, const struct st_effects *effects)
{
	for (uint32_t i = 0; i < effects->nr; i++) {
		st_buf_add_text(storm->text, "  ");
		st_effect_write(&effects->items[i], storm->text);
		st_buf_add_char(storm->text, '\n');
	}
}

static void step(struct st_storm *storm, const struct st_event *event)
{
	bool is_checked = storm->check_every && storm->nr_events % storm->check_every == 0;
	struct st_foresight foresight = { NULL, NULL };
	struct st_effects effects;

	if (is_checked)
		st_foresee(storm, event, &foresight);
	if (storm->text) /* before the step: a request may name what it will free */
		write_event(storm, event);
	st_twin_before(storm, event);
	st_step(storm->tree, storm->now_ns, event, &effects);
	st_twin_after(storm, &effects);
	if (storm->text)
		write_effects(storm, &effects);
	st_execute(storm, event, &effects);
	storm->nr_events++;
	if (!is_checked || storm->broken)
		return;
	st_check_foresight(storm, &foresight);
	if (!st_tree_check(storm->tree, &storm->why))
		st_storm_break(storm, "an invariant does not hold");
	if (storm->tree->generations.nr != storm->nr_processes)
		st_storm_break(storm, "core knows other processes than there are");
}

/* After an event core may want to go on at once; mostly it gets its tick. */
void st_storm_step(struct st_storm *storm, const struct st_event *event)
{
	const struct st_event tick = { .type = ST_EV_TICK };

	step(storm, event);
	while (!storm->broken && st_next_deadline(storm->tree) <= storm->now_ns &&
	       !st_random_percent(&storm->random, 10))
		step(storm, &tick);
	if (storm->predict_every && !storm->broken)
		st_foretell(storm);
}

static void new_tree(struct st_storm *storm)
{
	struct st_sup_spec *spec = st_shape_root(&storm->random);
	uint64_t seed = st_random_next(&storm->random);

	if (st_tree_new(spec, seed, &storm->tree))
		exit(3); /* a storm can not go on without memory */
	if (storm->text)
		st_transcript_header_write(spec, seed, 0, storm->text);
	st_sup_spec_put(spec);
	storm->last_generation = 0;
	storm->halted = false;
	storm->now_ns = ST_NSEC_PER_SEC * st_random_below(&storm->random, 1000);
	st_storm_step(storm, &(struct st_event){ .type = ST_EV_BOOT });
}

/* What is left after the root has ended: nothing. [G1] */
static void check_drained(struct st_storm *storm)
{
	const struct st_event tick = { .type = ST_EV_TICK };

	while (!storm->broken && st_next_deadline(storm->tree) <= storm->now_ns)
		step(storm, &tick);
	if (storm->nr_processes)
		st_storm_break(storm, "a process is left over");
	if (storm->nr_answered != storm->nr_asked)
		st_storm_break(storm, "a request is left without an answer");
	if (st_next_deadline(storm->tree) != ST_NO_DEADLINE)
		st_storm_break(storm, "a deadline is left over");
	if (!st_tree_is_settled(storm->tree))
		st_storm_break(storm, "something is left to decide");
}

/* Stop the root; processes act until it has ended, and time passes when none can. */
static void drain(struct st_storm *storm)
{
	const struct st_event tick = { .type = ST_EV_TICK };
	uint32_t nr_steps = 0;

	if (!storm->halted && !storm->broken)
		st_storm_step(storm, &(struct st_event){ .type = ST_EV_STOP });
	while (!storm->halted && !storm->broken) {
		uint64_t deadline_ns = st_next_deadline(storm->tree);
		bool acted = false;

		for (uint32_t i = 0; i < storm->nr_processes && !acted; i++) {
			struct st_process *process = storm->processes[i];

			if (!process->ready || process->termed || process->killed)
				acted = st_happen_process(storm, process, nr_steps > 1000);
		}
		if (!acted && deadline_ns != ST_NO_DEADLINE) {
			if (deadline_ns > storm->now_ns)
				storm->now_ns = deadline_ns;
			st_storm_step(storm, &tick);
		} else if (!acted && nr_steps > 1100) {
			st_storm_break(storm, "the tree waits for nothing, and does not end");
		}
		if (++nr_steps == MAX_DRAIN)
			st_storm_break(storm, "the tree does not end");
	}
	if (!storm->broken)
		check_drained(storm);
	st_twin_done(storm);
	st_tree_free(storm->tree);
	storm->tree = NULL;
}

/* Forget the transcript so far: the state of the tree is its head. */
static void begin_with_state(struct st_storm *storm)
{
	storm->state_at = 0;
	st_buf_reset(storm->text);
	if (st_tree_save(storm->tree, storm->text))
		exit(3); /* a storm can not go on without memory */
}

bool st_storm_run(struct st_storm *storm, uint64_t seed, uint64_t nr_events)
{
	storm->random.state = seed;
	while (!storm->broken && storm->nr_events < nr_events) {
		new_tree(storm);
		while (!storm->broken && !storm->halted && storm->nr_events < nr_events) {
			st_happen(storm);
			if (storm->text && storm->state_at && storm->nr_events >= storm->state_at)
				begin_with_state(storm);
		}
		drain(storm);
	}
	return !storm->broken;
}

void st_storm_done(struct st_storm *storm)
{
	st_execute_done(storm);
	st_free(storm->answered);
	st_buf_done(&storm->why);
	st_buf_done(&storm->path);
	st_buf_done(&storm->twin_text);
}
