/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The last so many of a series of numbers, for percentiles: of latencies, sizes and
 * intervals. Exact for those that are kept, and they are the newest.
 */
#ifndef ST_TRACER_SAMPLE_H
#define ST_TRACER_SAMPLE_H

#include <stdint.h>

#include "proto/json.h"

#define ST_SAMPLE_SIZE 1024

struct st_sample {
	uint64_t values[ST_SAMPLE_SIZE]; /* a ring */
	uint64_t nr; /* ever */
	uint64_t largest; /* ever */
};

void st_sample_add(struct st_sample *sample, uint64_t value);

/**
 * st_sample_percentile() - below which so many of the numbers are
 * @sample: the sample
 * @percent: 1 to 100
 *
 * Return: the smallest kept number that at least @percent of them are not above
 * (nearest rank); 0 if there is none.
 */
uint64_t st_sample_percentile(const struct st_sample *sample, unsigned int percent);

/* {"p50", "p90", "p99", "largest"}; null if there is no number. */
void st_sample_write(const struct st_sample *sample, struct st_json *json);

#endif
