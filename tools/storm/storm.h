/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A storm: a random tree, and random events for it.
 *
 *   shape.c    makes random specifications
 *   happen.c   makes random events of processes and of time
 *   ask.c      makes random requests
 *      |  event
 *      v
 *   storm.c    st_step(), st_tree_check(), until the events are used up;
 *      |       then asks the root to stop and lets everything drain
 *      v  effects
 *   execute.c  carries out the effects, and checks that they are allowed
 *   foresee.c  compares the starts that core announced with the real ones
 *   foretell.c predicts what an action would do, and then does it in a world of its own
 *   twin.c     copies the tree now and then, and compares what both do from then on
 *
 * The executor keeps its own table of processes, and a storm has failed as soon as an
 * effect contradicts the table. The same seed gives the same storm, so a failed one is
 * run again to print it.
 */
#ifndef ST_STORM_STORM_H
#define ST_STORM_STORM_H

#include "base/buf.h"
#include "base/map.h"
#include "core/step.h"
#include "random.h"

/* A process as the kernel would have it. */
struct st_process {
	uint64_t generation;
	const struct st_child *child; /* valid while the process lives */
	uint32_t index; /* in storm->processes */
	bool exists; /* SPAWNED was sent: starting it cannot fail any more */
	bool said; /* READY, IGNORE or ERROR */
	bool ready;
	bool termed; /* got SIGTERM */
	bool killed; /* got SIGKILL */
};

struct st_storm {
	struct st_random random;
	struct st_tree *tree;
	uint64_t now_ns;
	uint32_t check_every; /* st_tree_check() after every n-th step; 0: never */
	uint32_t copy_every; /* a copy is made after this number of steps, on average */
	uint32_t predict_every; /* the same for predictions */
	uint64_t nr_predictions;
	bool copies_are_saved; /* a copy is made by saving the tree and loading the text */
	struct st_tree *twin; /* the copy, which gets the same events; NULL: none at the moment */
	struct st_buf twin_text; /* what the copy did in this step */

	struct st_process **processes; /* those that live */
	uint32_t nr_processes;
	uint32_t cap_processes;
	struct st_map by_generation;
	struct st_map by_child;
	uint64_t last_generation; /* of any process so far */

	bool *answered; /* by token */
	uint32_t nr_asked;
	uint32_t cap_asked;
	uint32_t nr_answered;

	bool halted;
	uint64_t nr_events;
	const char *broken; /* what is wrong; NULL: nothing */
	struct st_buf why; /* more about it */
	struct st_buf path; /* scratch for requests */
	uint64_t state_at; /* the transcript begins with the tree after it; 0: with a header */
	struct st_buf *text; /* the transcript goes here, or NULL */
};

/* The next start of a supervisor, according to core. */
struct st_foresight {
	const struct st_sup *sup;
	const struct st_child *next; /* or NULL: core did not announce one */
};

/* storm.c */

/**
 * st_storm_run() - run a storm
 * @storm: all zero but ->check_every and ->text
 * @seed: decides everything
 * @nr_events: events before the stop; a tree that ends early is followed by
 *             another one
 *
 * Return: true if nothing was broken; otherwise ->broken has the reason.
 */
bool st_storm_run(struct st_storm *storm, uint64_t seed, uint64_t nr_events);
void st_storm_done(struct st_storm *storm);

/* Feed one event to core and execute what comes of it. */
void st_storm_step(struct st_storm *storm, const struct st_event *event);

/* Say what is wrong; only the first time counts. */
void st_storm_break(struct st_storm *storm, const char *what);

/* shape.c */
struct st_sup_spec *st_shape_root(struct st_random *random);
struct st_child_spec *st_shape_child(struct st_random *random, const struct st_sup *sup);
struct st_sup_spec *st_shape_change(struct st_random *random, const struct st_sup *sup);
const char *st_shape_id(struct st_random *random);

/* execute.c */
void st_execute(struct st_storm *storm, const struct st_event *event,
		const struct st_effects *effects);
void st_process_end(struct st_storm *storm, struct st_process *process);
void st_execute_done(struct st_storm *storm);

/* foresee.c: before a step, and after it */
void st_foresee(const struct st_storm *storm, const struct st_event *event,
		struct st_foresight *ret_foresight);
void st_check_foresight(struct st_storm *storm, const struct st_foresight *foresight);

/* twin.c: before a step, and after it, before its effects are executed */
void st_twin_before(struct st_storm *storm, const struct st_event *event);
void st_twin_after(struct st_storm *storm, const struct st_effects *effects);
void st_twin_done(struct st_storm *storm);

/* foretell.c: now and then, after a step */
void st_foretell(struct st_storm *storm);

/* happen.c: one random event each */
void st_happen(struct st_storm *storm);
bool st_happen_process(struct st_storm *storm, struct st_process *process, bool hurry);

/* ask.c */
void st_ask(struct st_storm *storm);

#endif
