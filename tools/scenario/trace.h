/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file that a run writes: results, events and states, step by step.
 */
#ifndef ST_SCENARIO_TRACE_H
#define ST_SCENARIO_TRACE_H

#include <jansson.h>

/**
 * st_trace_write() - write a trace, one line a step
 * @path: the file
 * @name: of the scenario
 * @leftover: list of processes that are alive at the end
 * @steps: list of objects
 */
void st_trace_write(const char *path, const char *name, const json_t *leftover,
		    const json_t *steps);

#endif
