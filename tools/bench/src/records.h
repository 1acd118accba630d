/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reader's side of the ring: the newest record of every slot. Called by
 * measure.c; it writes nothing.
 */
#ifndef ST_BENCH_RECORDS_H
#define ST_BENCH_RECORDS_H

#include <stdint.h>

#include "ring.h"

#define MAX_SLOTS 65536

struct slot {
	uint64_t start_ns; /* of the newest record */
	uint32_t pid;
	uint32_t nr_starts;
};

struct records {
	struct ring *ring;
	uint64_t nr_seen;
	uint32_t nr_slots_seen;
	struct slot slots[MAX_SLOTS];
};

/* Maps the ring at @path, a new one if @create; exits with a message on failure. */
void st_records_open(struct records *records, const char *path, int create);

/* Reads the records that have been written since the last call. */
void st_records_update(struct records *records);

#endif
