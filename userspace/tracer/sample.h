/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The newest numbers of a series, for percentiles of latencies, sizes and intervals. The
 * percentiles are exact for the numbers that are kept.
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
 * st_sample_percentile() - compute a percentile
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
