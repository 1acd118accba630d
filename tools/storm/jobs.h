/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of st-storm, and how several processes share its seeds.
 */
#ifndef ST_STORM_JOBS_H
#define ST_STORM_JOBS_H

#include <stdbool.h>
#include <stdint.h>

struct st_options {
	uint64_t seed;
	uint64_t trees;
	uint64_t events;
	uint32_t check;
	uint32_t copy;
	uint32_t predict;
	bool save; /* copies are saved and loaded */
	uint32_t jobs;
	const char *transcript;
	uint64_t state;
	bool quiet;
};

/**
 * st_jobs_run() - run this program several times, each with a share of the seeds
 * @options: with ->jobs > 1
 *
 * Their output goes to our standard output.
 *
 * Return: the number of events of all runs, or 0 if one failed.
 */
uint64_t st_jobs_run(const struct st_options *options);

#endif
