// SPDX-License-Identifier: GPL-2.0-only
/* The reader's side of the ring; see records.h. */
#include "records.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void give_up(const char *doing, const char *path)
{
	fprintf(stderr, "measure: %s ", doing);
	perror(path);
	exit(2);
}

void st_records_open(struct records *records, const char *path, int create)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | (create ? O_CREAT | O_TRUNC : 0), 0666);
	void *map;

	if (fd < 0)
		give_up("open", path);
	if (create && ftruncate(fd, sizeof(struct ring)))
		give_up("make", path);
	map = mmap(NULL, sizeof(struct ring), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		give_up("map", path);
	close(fd);
	records->ring = map;
}

void st_records_update(struct records *records)
{
	uint64_t nr = __atomic_load_n(&records->ring->nr_records, __ATOMIC_ACQUIRE);

	if (nr > RING_RECORDS)
		nr = RING_RECORDS;
	for (; records->nr_seen < nr; records->nr_seen++) {
		const struct ring_record *record = &records->ring->records[records->nr_seen];
		uint32_t slot = __atomic_load_n(&record->slot_plus_1, __ATOMIC_ACQUIRE);

		if (!slot)
			return;
		if (slot > MAX_SLOTS)
			continue;
		if (!records->slots[slot - 1].nr_starts++)
			records->nr_slots_seen++;
		records->slots[slot - 1].start_ns = record->start_ns;
		records->slots[slot - 1].pid = record->pid;
	}
}
