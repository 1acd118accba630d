/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The answers of blast and whatif: what trials would do, found on a copy of the tree.
 *
 *   touch memory --> copy --> for each trial: mark what runs, try, run, sum up --> end
 *
 * It is written in slices, and each slice is a small part of this work: the daemon serves
 * others between two of them, and the live tree goes on. The forecast is about the moment of
 * the copy. Read next: trial.h, predict/predict.h.
 */
#ifndef ST_DAEMON_REQUESTS_FORECAST_H
#define ST_DAEMON_REQUESTS_FORECAST_H

#include "daemon/control/client.h"
#include "daemon/requests/trial.h"

struct st_tree;

/**
 * st_forecast_new() - make an answer
 * @tree: the live tree; must outlive the answer
 * @trials: tried one after the other on the same copy; their content is taken on success
 * @nr: their number, at least 1
 * @limit: steps, and children that stay down, that are shown for each trial
 * @is_list: the answer is that of whatif; else of blast, with one trial
 *
 * Return: the answer, for st_client_reply_slices(); NULL: no memory.
 */
struct st_slices *st_forecast_new(struct st_tree *tree, struct st_trial *trials, unsigned int nr,
				  uint64_t limit, bool is_list) __must_check;

#endif
