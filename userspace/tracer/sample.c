// SPDX-License-Identifier: GPL-2.0-only
/* See sample.h. */
#include "tracer/sample.h"

#include <stdlib.h>
#include <string.h>

void st_sample_add(struct st_sample *sample, uint64_t value)
{
	sample->values[sample->nr++ % ST_SAMPLE_SIZE] = value;
	if (value > sample->largest)
		sample->largest = value;
}

static int compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

uint64_t st_sample_percentile(const struct st_sample *sample, unsigned int percent)
{
	uint64_t nr = sample->nr < ST_SAMPLE_SIZE ? sample->nr : ST_SAMPLE_SIZE;
	uint64_t sorted[ST_SAMPLE_SIZE];

	if (!nr)
		return 0;
	memcpy(sorted, sample->values, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), compare);
	return sorted[(nr * percent + 99) / 100 - 1];
}

void st_sample_write(const struct st_sample *sample, struct st_json *json)
{
	if (!sample->nr) {
		st_json_null(json);
		return;
	}
	st_json_begin_object(json);
	st_json_u64_field(json, "p50", st_sample_percentile(sample, 50));
	st_json_u64_field(json, "p90", st_sample_percentile(sample, 90));
	st_json_u64_field(json, "p99", st_sample_percentile(sample, 99));
	st_json_u64_field(json, "largest", sample->largest);
	st_json_end_object(json);
}
