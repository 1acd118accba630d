/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Running a scenario, whatever drives it.
 */
#ifndef ST_SCENARIO_RUN_H
#define ST_SCENARIO_RUN_H

#include <jansson.h>

#include "base/compiler.h"

struct st_driver;
struct st_record;

/**
 * st_run() - perform all steps of a scenario
 * @driver: fresh
 * @scenario: an object, described in tests/otp/README.md
 *
 * Return: the trace's list of steps, owned by the caller.
 */
json_t *st_run(struct st_driver *driver, const json_t *scenario) __must_check;

/* answer.c: an answer of the protocol as the result of a step; @answer is taken. */
json_t *st_answer_result(const struct st_record *record, json_t *answer);

/* state.c: which_children and count_children as a trace shows them. */
json_t *st_state_children(struct st_driver *driver, const char *path);
json_t *st_state_counts(struct st_driver *driver, const char *path);

/* state.c: all supervisors that live; owned by the caller. */
json_t *st_state(struct st_driver *driver);

#endif
