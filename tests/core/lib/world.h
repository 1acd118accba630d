/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A world for one tree: virtual time, and processes that follow a script.
 *
 * It executes effects as a faithful executor would: a process that is spawned
 * says READY, one that gets SIGTERM ends with shutdown, one that gets SIGKILL
 * ends with killed. A habit changes that for all incarnations of a child. What
 * the tree does is written to ->transcript, a line an effect, in the form of the
 * transcript but without double quotes. st_tree_check() runs after every step,
 * and a broken invariant stands in it too.
 */
#ifndef ST_TESTS_CORE_WORLD_H
#define ST_TESTS_CORE_WORLD_H

#include "core/step.h"

enum st_habit_type {
	ST_HABIT_GOOD,
	ST_HABIT_HELD, /* does nothing by itself: the test says everything */
	ST_HABIT_STUBBORN, /* READY; SIGTERM does nothing */
	ST_HABIT_FAILING, /* ERROR, then its end */
	ST_HABIT_IGNORING, /* IGNORE, then its end */
	ST_HABIT_ANSWERING, /* READY; SIGTERM: ends with ->answer */
};

struct st_habit {
	char name[32]; /* of the child, without its path */
	enum st_habit_type type;
	struct st_reason answer;
};

struct st_reaction {
	uint64_t generation;
	enum st_event_type type;
	struct st_reason reason;
	bool to_sigterm;
};

#define ST_WORLD_REACTIONS 1024
#define ST_WORLD_HABITS 16

struct st_world {
	struct st_tree *tree;
	uint64_t now_ns;
	uint64_t last_token;
	struct st_buf transcript;
	bool quiet; /* effects are not logged */
	bool shows_causes; /* they are, and so are their causes */
	struct st_reaction reactions[ST_WORLD_REACTIONS];
	uint32_t nr_reactions;
	struct st_habit habits[ST_WORLD_HABITS];
	uint32_t nr_habits;
};

/* @spec: in the words of words.h; the clock begins at 100 s */
int st_world_init(struct st_world *world, const char *spec) __must_check;
void st_world_done(struct st_world *world);

/* Let an event happen, then all that follows from it by itself at this time. */
void st_world_event(struct st_world *world, const struct st_event *event);
void st_world_request(struct st_world *world, struct st_request *request);
void st_world_boot(struct st_world *world); /* without a transcript */

/* Let time pass, with a tick at each deadline on the way. */
void st_world_after(struct st_world *world, uint64_t ns);

/* A child's process ends. @path may be #generation. */
void st_world_exit(struct st_world *world, const char *path, const char *reason);
uint64_t st_world_generation(const struct st_world *world, const char *path);

void st_world_habit(struct st_world *world, const char *name, enum st_habit_type type,
		    const char *answer);

#endif
