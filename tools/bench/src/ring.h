/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ring of start records: a file on tmpfs. Every child maps it and first writes one
 * record to it. child0, the runs of the supervisors and measure share only this ring, so
 * every supervisor is measured by the same code. Records are never removed.
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
	uint64_t unused[7]; /* the counter has its own cache line */
	struct ring_record records[RING_RECORDS];
};

#endif
