// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of the tree at a random moment, made in memory or by way of a text: from then on it
 * gets the same events, and must have the same effects and the same state. It shares no memory
 * that one of them writes, which the sanitizers watch.
 *
 * It has dice of its own, so a storm does the same with and without copies.
 */
#include <stdlib.h>
#include <string.h>

#include "config/spec_reader.h"
#include "core/copy.h"
#include "core/save.h"
#include "storm.h"

#define MEAN_LIFE 200 /* steps of a copy, on average */

static bool comes_up(const struct st_storm *storm, uint32_t once_in)
{
	struct st_random dice = { .state = storm->nr_events * 2654435761u + 1 };

	st_random_next(&dice);
	return st_random_below(&dice, once_in) == 0;
}

static void write_effects(const struct st_effects *effects, struct st_buf *out)
{
	for (uint32_t i = 0; i < effects->nr; i++) {
		st_effect_write(&effects->items[i], out);
		st_buf_add_char(out, '\n');
	}
}

/* What is saved and loaded is saved in the same words again. */
static int save_and_load(struct st_storm *storm)
{
	struct st_buf text = ST_BUF_INIT, again = ST_BUF_INIT;
	struct st_load_error error = { .what = "it is not known why" };

	if (st_tree_save(storm->tree, &text))
		exit(3);
	if (st_tree_load(text.data, text.len, &st_config_spec_reader, &storm->twin, &error)) {
		st_buf_add_text(&storm->why, error.what);
		st_buf_add_text(&storm->why, " in line ");
		st_buf_add_u64(&storm->why, error.line);
		st_buf_add_char(&storm->why, '\n');
		st_buf_add_buf(&storm->why, &text);
		st_storm_break(storm, "a saved state cannot be loaded");
		storm->twin = NULL;
	} else if (st_tree_save(storm->twin, &again) ||
		   strcmp(st_buf_text(&text), st_buf_text(&again)) != 0) {
		st_buf_add_buf(&storm->why, &text);
		st_buf_add_text(&storm->why, "---\n");
		st_buf_add_buf(&storm->why, &again);
		st_storm_break(storm, "a loaded state is saved in other words");
	}
	st_buf_done(&text);
	st_buf_done(&again);
	return 0;
}

static int copy(struct st_storm *storm)
{
	struct st_copy_room *room;
	int err;

	if (storm->copies_are_saved)
		return save_and_load(storm);
	if (storm->nr_events % 2)
		return st_tree_copy(storm->tree, &storm->twin);
	err = st_copy_room_new(storm->tree, &room);
	if (err)
		return err;
	while (!st_copy_room_touch(room))
		;
	return st_copy_room_take(room, storm->tree, &storm->twin);
}

static void make(struct st_storm *storm)
{
	uint64_t hash = st_tree_hash(storm->tree);

	if (copy(storm))
		exit(3); /* a storm can not go on without memory */
	if (!storm->twin)
		return; /* it is broken */
	if (st_tree_hash(storm->tree) != hash)
		st_storm_break(storm, "a copy has changed the tree");
	if (st_tree_hash(storm->twin) != hash)
		st_storm_break(storm, "a copy has another state than the tree");
	if (!st_tree_check(storm->twin, &storm->why))
		st_storm_break(storm, "an invariant does not hold in a copy");
}

void st_twin_before(struct st_storm *storm, const struct st_event *event)
{
	struct st_effects effects;

	if (!storm->copy_every)
		return;
	if (storm->twin && comes_up(storm, MEAN_LIFE))
		st_twin_done(storm);
	if (!storm->twin && comes_up(storm, storm->copy_every))
		make(storm);
	if (!storm->twin)
		return;
	st_buf_reset(&storm->twin_text);
	st_step(storm->twin, storm->now_ns, event, &effects);
	write_effects(&effects, &storm->twin_text);
}

void st_twin_after(struct st_storm *storm, const struct st_effects *effects)
{
	struct st_buf text = ST_BUF_INIT;

	if (!storm->twin)
		return;
	write_effects(effects, &text);
	if (strcmp(st_buf_text(&text), st_buf_text(&storm->twin_text)))
		st_storm_break(storm, "a copy has other effects than the tree");
	if (st_tree_hash(storm->tree) != st_tree_hash(storm->twin))
		st_storm_break(storm, "a copy goes another way than the tree");
	if (st_next_deadline(storm->tree) != st_next_deadline(storm->twin))
		st_storm_break(storm, "a copy waits for another deadline than the tree");
	st_buf_done(&text);
}

void st_twin_done(struct st_storm *storm)
{
	st_tree_free(storm->twin);
	storm->twin = NULL;
}
