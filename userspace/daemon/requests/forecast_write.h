/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes a forecast as JSON while it is made: the shapes Blast, WhatIf and Forecast. Only
 * forecast.c uses it, in the order of the functions below.
 */
#ifndef ST_DAEMON_REQUESTS_FORECAST_WRITE_H
#define ST_DAEMON_REQUESTS_FORECAST_WRITE_H

#include <stdbool.h>

#include "daemon/requests/trial.h"
#include "predict/predict.h"
#include "proto/json.h"

/* What was before the trial, of a child that was copied. */
struct st_forecast_mark {
	bool ran;
	uint32_t used; /* restarts that count, of a supervisor */
};

struct st_forecast_view {
	struct st_json json;
	const struct st_predict *predict;
	struct st_forecast_mark *marks; /* by the place in the copy's block */
	uint32_t nr_marks;
	uint64_t limit; /* of steps, and of children that stay down */
	uint64_t nr_steps;
	uint64_t nr_down;
	uint64_t nr_ends; /* of processes */
	uint64_t nr_starts;
	struct st_buf gave_up; /* elements of an array, as the others */
	struct st_buf budgets;
	struct st_buf down;
	struct st_buf removed; /* paths of children that ran and were removed, each with its 0 */
	struct st_buf refused; /* why the trial could not be done */
	struct st_buf answer;
	bool has_failed;
};

int st_forecast_view_init(struct st_forecast_view *view,
			  const struct st_predict *predict) __must_check;
void st_forecast_view_done(struct st_forecast_view *view);

void st_forecast_view_head(struct st_forecast_view *view, bool was_at_rest, bool is_list);
void st_forecast_view_begin(struct st_forecast_view *view, const struct st_trial *trial,
			    bool is_list);
void st_forecast_view_mark(struct st_forecast_view *view, const struct st_child *child);
void st_forecast_view_refuse(struct st_forecast_view *view, const char *why);
void st_forecast_view_reply(struct st_forecast_view *view, const struct st_effect *effect);
void st_forecast_view_effect(struct st_forecast_view *view, const struct st_effect *effect,
			     uint64_t after_ns);
void st_forecast_view_after(struct st_forecast_view *view, struct st_child *child);
void st_forecast_view_end(struct st_forecast_view *view, bool is_list);

/* @done: trials that were tried, of @nr */
void st_forecast_view_tail(struct st_forecast_view *view, unsigned int done, unsigned int nr,
			   bool is_list);

#endif
