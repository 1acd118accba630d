// SPDX-License-Identifier: GPL-2.0-only
/*
 * The executor of world.h.
 */
#include "world.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

int st_world_init(struct st_world *world, const char *spec)
{
	struct st_sup_spec *sup_spec = st_words_sup(spec);
	int err;

	memset(world, 0, sizeof(*world));
	world->now_ns = 100 * ST_NSEC_PER_SEC;
	if (!sup_spec)
		return -1;
	err = st_tree_new(sup_spec, 1, &world->tree);
	st_sup_spec_put(sup_spec);
	return err;
}

void st_world_done(struct st_world *world)
{
	st_tree_free(world->tree);
	st_buf_done(&world->transcript);
}

static const struct st_habit *habit_of(const struct st_world *world, const struct st_child *child)
{
	static const struct st_habit good = { .type = ST_HABIT_GOOD };

	for (uint32_t i = world->nr_habits; i > 0; i--)
		if (!strcmp(world->habits[i - 1].name, st_child_name(child)))
			return &world->habits[i - 1];
	return &good;
}

static void react(struct st_world *world, const struct st_effect *effect, enum st_event_type type,
		  struct st_reason reason)
{
	if (world->nr_reactions == ST_WORLD_REACTIONS) {
		fprintf(stderr, "too many reactions at once\n");
		exit(2);
	}
	world->reactions[world->nr_reactions++] = (struct st_reaction){
		.generation = effect->generation,
		.type = type,
		.reason = reason,
		.to_sigterm = effect->type == ST_FX_SIGNAL && effect->value == SIGTERM,
	};
}

static void on_spawn(struct st_world *world, const struct st_effect *effect)
{
	const struct st_reason normal = { .type = ST_REASON_NORMAL };
	const struct st_reason failure = { .type = ST_REASON_CODE, .value = 1 };

	switch (habit_of(world, effect->child)->type) {
	case ST_HABIT_GOOD:
	case ST_HABIT_STUBBORN:
	case ST_HABIT_ANSWERING:
		react(world, effect, ST_EV_READY, normal);
		break;
	case ST_HABIT_FAILING:
		react(world, effect, ST_EV_ERROR, normal);
		react(world, effect, ST_EV_EXITED, failure);
		break;
	case ST_HABIT_IGNORING:
		react(world, effect, ST_EV_IGNORE, normal);
		react(world, effect, ST_EV_EXITED, normal);
		break;
	case ST_HABIT_HELD:
		break;
	}
}

static void on_signal(struct st_world *world, const struct st_effect *effect)
{
	const struct st_habit *habit = habit_of(world, effect->child);
	bool deadly = effect->value == SIGKILL;

	if (habit->type == ST_HABIT_HELD || (habit->type == ST_HABIT_STUBBORN && !deadly))
		return;
	/* SIGKILL right after SIGTERM: the process has no time for an answer */
	for (uint32_t i = 0; deadly && i < world->nr_reactions; i++)
		if (world->reactions[i].generation == effect->generation &&
		    world->reactions[i].to_sigterm)
			world->reactions[i].reason.type = ST_REASON_KILLED;
	react(world, effect, ST_EV_EXITED,
	      habit->type == ST_HABIT_ANSWERING && !deadly ? habit->answer :
							     st_reason_from_signal(effect->value));
}

/* "(D2 #3 1/5)": the rule, the end that it is about, and restarts of those allowed. */
static void write_cause(struct st_world *world, const struct st_effect *effect)
{
	const struct st_cause *cause = &effect->cause;
	struct st_buf *out = &world->transcript;

	if (cause->rule) {
		st_buf_add_text(out, " (");
		st_buf_add_text(out, st_rules[cause->rule].id);
		if (cause->generation) {
			st_buf_add_text(out, " #");
			st_buf_add_u64(out, cause->generation);
		}
		if (cause->nr_restarts) {
			st_buf_add_char(out, ' ');
			st_buf_add_u64(out, cause->nr_restarts);
			st_buf_add_char(out, '/');
			st_buf_add_u64(out, cause->intensity);
		}
		if (cause->token) {
			st_buf_add_text(out, " request ");
			st_buf_add_u64(out, cause->token);
		}
		st_buf_add_char(out, ')');
	}
	if (effect->applied) {
		st_buf_add_text(out, " -> ");
		st_buf_add_text(out, st_rules[effect->applied].id);
	}
}

static void write_effect(struct st_world *world, const struct st_effect *effect)
{
	struct st_buf line = ST_BUF_INIT;

	if (world->quiet)
		return;
	st_effect_write(effect, &line);
	st_buf_add_text(&world->transcript, "  ");
	for (const char *c = st_buf_text(&line); *c; c++)
		if (*c != '"')
			st_buf_add_char(&world->transcript, *c);
	if (world->shows_causes)
		write_cause(world, effect);
	st_buf_add_char(&world->transcript, '\n');
	st_buf_done(&line);
}

static void check(struct st_world *world)
{
	struct st_buf why = ST_BUF_INIT;

	if (!st_tree_check(world->tree, &why)) {
		st_buf_add_text(&world->transcript, "  BROKEN ");
		st_buf_add_text(&world->transcript, st_buf_text(&why));
		st_buf_add_char(&world->transcript, '\n');
	}
	st_buf_done(&why);
}

static void step(struct st_world *world, const struct st_event *event)
{
	struct st_effects effects;

	st_step(world->tree, world->now_ns, event, &effects);
	for (uint32_t i = 0; i < effects.nr; i++) {
		const struct st_effect *effect = &effects.items[i];

		write_effect(world, effect);
		if (effect->type == ST_FX_SPAWN)
			on_spawn(world, effect);
		else if (effect->type == ST_FX_SIGNAL)
			on_signal(world, effect);
	}
	check(world);
}

static void follow(struct st_world *world)
{
	const struct st_event tick = { .type = ST_EV_TICK };

	for (;;) {
		struct st_reaction reaction;
		struct st_event event;

		while (st_next_deadline(world->tree) <= world->now_ns)
			step(world, &tick);
		if (!world->nr_reactions)
			return;
		reaction = world->reactions[0];
		memmove(world->reactions, world->reactions + 1,
			--world->nr_reactions * sizeof(reaction));
		event = (struct st_event){
			.type = reaction.type,
			.generation = reaction.generation,
			.reason = reaction.reason,
			.text = "no",
		};
		step(world, &event);
	}
}

void st_world_event(struct st_world *world, const struct st_event *event)
{
	step(world, event);
	follow(world);
}

void st_world_request(struct st_world *world, struct st_request *request)
{
	const struct st_event event = { .type = ST_EV_REQUEST, .request = request };

	request->token = ++world->last_token;
	st_world_event(world, &event);
}

void st_world_boot(struct st_world *world)
{
	const struct st_event boot = { .type = ST_EV_BOOT };

	world->quiet = true;
	st_world_event(world, &boot);
	world->quiet = false;
}

void st_world_after(struct st_world *world, uint64_t ns)
{
	const struct st_event tick = { .type = ST_EV_TICK };
	uint64_t end_ns = world->now_ns + ns;

	while (st_next_deadline(world->tree) <= end_ns) {
		world->now_ns = st_next_deadline(world->tree);
		st_world_event(world, &tick);
	}
	world->now_ns = end_ns;
}

uint64_t st_world_generation(const struct st_world *world, const char *path)
{
	const struct st_child *child;

	if (path[0] == '#')
		return strtoull(path + 1, NULL, 10);
	child = st_tree_find(world->tree, path);
	if (!child) {
		fprintf(stderr, "no child %s\n", path);
		exit(2);
	}
	return child->generation;
}

void st_world_exit(struct st_world *world, const char *path, const char *reason)
{
	const struct st_event event = {
		.type = ST_EV_EXITED,
		.generation = st_world_generation(world, path),
		.reason = st_words_reason(reason),
	};

	st_world_event(world, &event);
}

void st_world_habit(struct st_world *world, const char *name, enum st_habit_type type,
		    const char *answer)
{
	struct st_habit *habit = &world->habits[world->nr_habits];

	if (world->nr_habits++ == ST_WORLD_HABITS) {
		fprintf(stderr, "too many habits\n");
		exit(2);
	}
	snprintf(habit->name, sizeof(habit->name), "%s", name);
	habit->type = type;
	if (answer)
		habit->answer = st_words_reason(answer);
}
