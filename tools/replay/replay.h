/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The replay of a transcript: its events are fed to core, which must do again what
 * the transcript says it did.
 */
#ifndef ST_REPLAY_REPLAY_H
#define ST_REPLAY_REPLAY_H

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "core/step.h"

struct st_replay {
	struct st_tree *tree; /* NULL before the first header */
	uint64_t nr_lines;
	uint64_t nr_events;
	uint64_t event_line; /* the place of the last event */
	uint64_t now_ns; /* of the last event */
	bool has_no_effects; /* the transcript has inputs only: there is nothing to compare */
	struct st_buf state; /* a saved state that is being read, or empty */
	struct st_buf told; /* the effects of the last event, in the transcript */
	struct st_buf done; /* the same, now */
	struct st_buf before; /* some lines before the last event, for context */
	const char *mistake; /* what is wrong with the transcript itself */
	uint32_t mistake_column;
};

enum st_replay_result {
	ST_REPLAY_EQUAL,
	ST_REPLAY_DIFFERENT, /* ->told and ->done differ */
	ST_REPLAY_UNREADABLE, /* ->mistake */
};

/**
 * st_replay_run() - replay a transcript from its first line to its last
 * @replay: all zero, but for has_no_effects
 * @transcript: the transcript
 *
 * Empty lines and lines with a '#' in front are skipped. A further header
 * begins another tree. Instead of a header there may be a saved state: then the tree is
 * that one.
 *
 * Return: how it came out.
 */
enum st_replay_result st_replay_run(struct st_replay *replay, FILE *transcript);
void st_replay_done(struct st_replay *replay);

#endif
