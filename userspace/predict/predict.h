/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What would happen: a copy of a tree in an imagined world.
 *
 *   event --> copy --effects--> on_effect, of whoever asks
 *               ^                  |
 *               '-- outcomes <-----'     what each process is assumed to do
 *
 * Core itself decides on the copy; nothing of its rules is written a second time. The world
 * is assumed to be kind: a process that gets a signal of its stop ends by it, in time; a process
 * that is started becomes ready; what was under way when the copy was made goes on in the
 * same way. Time stands still while anything can happen. It goes on only to the deadlines that
 * the prediction itself has set, such as a back-off.
 *
 * The daemon asks for its operations blast and whatif (daemon/requests/forecast.h). Nothing
 * here knows a process, a clock or a client, and the live tree is never touched.
 */
#ifndef ST_PREDICT_PREDICT_H
#define ST_PREDICT_PREDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/map.h"
#include "core/step.h"

/*
 * A prediction ends after this number of effects for each child, and some more: a supervisor
 * that cannot start may be tried a hundred thousand times.
 */
#define ST_PREDICT_MAX_EFFECTS 20
#define ST_PREDICT_MORE_EFFECTS 5000

/* What a process will do: an event that waits. */
struct st_outcome_event {
	uint64_t generation;
	enum st_event_type type;
	struct st_reason reason;
	int status;
};

/* All zero: done. */
struct st_predict {
	struct st_tree *tree; /* the copy; owned */
	uint64_t now_ns; /* imagined */
	uint64_t began_ns;
	void (*on_effect)(void *owner, const struct st_effect *effect);
	void *owner;
	struct st_child *scanned; /* looked at next for what is under way; NULL: all are */
	struct st_map waits; /* deadlines from before: child -> key */
	struct st_outcome_event *queue; /* a ring */
	uint32_t first;
	uint32_t nr;
	uint32_t cap;
	uint64_t nr_effects; /* so far */
	bool is_cut; /* ended before its end: see ST_PREDICT_MAX_EFFECTS */
	bool has_failed; /* no memory: what was found is not whole */
};

/**
 * st_predict_init() - begin a prediction
 * @predict: filled in
 * @tree: a copy (core/copy.h); taken, also on failure
 * @now_ns: the time of the copy; at least that of its last step
 * @on_effect: called for each effect of each step; may be NULL
 * @owner: passed to it
 *
 * Return: 0 or -ENOMEM.
 */
int st_predict_init(struct st_predict *predict, struct st_tree *tree, uint64_t now_ns,
		    void (*on_effect)(void *owner, const struct st_effect *effect),
		    void *owner) __must_check;
void st_predict_done(struct st_predict *predict);

/**
 * st_predict_scan() - look for what is under way: a part of the tree
 * @predict: before its first event
 * @nr: children at most
 *
 * Return: true if all have been seen. Then events may come.
 */
bool st_predict_scan(struct st_predict *predict, unsigned int nr);

/**
 * st_predict_event() - let something happen now
 * @predict: scanned
 * @event: as for st_step()
 */
void st_predict_event(struct st_predict *predict, const struct st_event *event);

/**
 * st_predict_signal() - let a worker end by a signal now
 * @predict: scanned
 * @child: a worker of ->tree that is alive
 * @signo: the signal, which is deadly
 */
void st_predict_signal(struct st_predict *predict, const struct st_child *child, int signo);

/**
 * st_predict_run() - let what follows happen
 * @predict: scanned
 * @nr: steps of core at most
 *
 * Return: true if nothing more follows.
 */
bool st_predict_run(struct st_predict *predict, unsigned int nr);

#endif
