/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring of start records: a file on tmpfs that every child maps, and in
 * which it leaves one record as its first act. It is all that child0, the
 * supervisors' runs and measure have in common, so that every supervisor is
 * measured by the same code. Nothing is ever taken out.
 */
#ifndef ST_BENCH_RING_H
#define ST_BENCH_RING_H

#include <stdint.h>

#define RING_RECORDS (1u << 20)

struct ring_record {
	uint64_t start_ns; /* CLOCK_MONOTONIC, the child's first instruction */
	uint32_t pid;
	uint32_t slot_plus_1; /* written last; 0: not written yet */
};

struct ring {
	uint64_t nr_records; /* may run ahead of what is written */
	uint64_t unused[7]; /* the counter has a cache line of its own */
	struct ring_record records[RING_RECORDS];
};

#endif
