/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A scan: every process of the system at one time, by /proc/PID/stat alone.
 *
 * One file a process is what a scan of 5,000 processes can afford (README.md has the
 * figures). All else is read for the processes that an answer shows. Two scans have the
 * processor time between them. A process in a scan may have ended by now: who shows one
 * reads it again first (st_scan_verify).
 */
#ifndef ST_OBSERVER_SCAN_H
#define ST_OBSERVER_SCAN_H

#include "observer/reading.h"

struct st_seen {
	pid_t pid;
	pid_t parent;
	uint64_t start_ticks;
	uint64_t cpu_ticks;
	uint64_t rss_pages;
	uint32_t threads;
	char state;
	int8_t nice;
	char name[ST_NAME_SIZE];
};

/* By pid, ascending. */
struct st_scan {
	struct st_seen *processes;
	uint32_t nr;
	uint32_t cap;
	uint64_t boot_ns; /* when it was made; 0: never */
	uint64_t cost_ns; /* processor time that it took */
};

/**
 * st_scan_run() - look at all processes
 * @scan: all zero, or an older scan, which is replaced
 * @proc: a descriptor of /proc
 *
 * Processes that start or end meanwhile are in it or not.
 *
 * Return: 0; -ENOMEM, or -errno of getdents64(2): the scan is empty then.
 */
int st_scan_run(struct st_scan *scan, int proc) __must_check;
void st_scan_done(struct st_scan *scan);

/* Return: a process by its number, borrowed; NULL: it is not in the scan. */
const struct st_seen *st_scan_find(const struct st_scan *scan, pid_t pid);

/**
 * st_scan_permille() - the part of a processor that a process has used between two scans
 * @before: the older scan
 * @now: the newer scan
 * @seen: of @now
 * @ret_permille: thousandths; written only on success
 *
 * Return: false: it was not in the older scan, or no time has passed.
 */
bool st_scan_permille(const struct st_scan *before, const struct st_scan *now,
		      const struct st_seen *seen, uint64_t *ret_permille);

/**
 * st_scan_verify() - open the folder of a process of a scan, if it is still the same process
 * @proc: a descriptor of /proc
 * @seen: of a scan
 * @ret_fd: of the folder; owned by the caller
 *
 * Return: 0; -ESRCH: it has ended; -errno.
 */
int st_scan_verify(int proc, const struct st_seen *seen, int *ret_fd) __must_check;

#endif
