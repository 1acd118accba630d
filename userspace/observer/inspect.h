/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One process, in all that the kernel shows of it; only for the files inspect*.c.
 *
 * All of it is read through one descriptor of /proc/PID, so all of it is about one process.
 */
#ifndef ST_OBSERVER_INSPECT_H
#define ST_OBSERVER_INSPECT_H

#include "observer/observer.h"

#define ST_INSPECT_MAX_NAMED 32

/* Names of files or members, static texts. */
struct st_inspect_named {
	const char *names[ST_INSPECT_MAX_NAMED];
	unsigned int nr;
};

struct st_inspection {
	struct st_observer *observer;
	struct st_json *json;
	int dir; /* of the process */
	pid_t pid;
	struct st_stat stat;
	struct st_buf status; /* the file of this name */
	bool is_admin; /* who asks */
	struct st_inspect_named refused;
	struct st_inspect_named cut;
};

/* inspect.c */

/**
 * st_inspect_read() - read a file of the process
 * @inspection: notes a file that may not be read
 * @name: the file, a static text
 * @max: bytes that are read at most
 * @text: gets the bytes; emptied before
 *
 * Return: true: it has been read, maybe without its end; false: it cannot be read.
 */
bool st_inspect_read(struct st_inspection *inspection, const char *name, size_t max,
		     struct st_buf *text);
void st_inspect_note(struct st_inspect_named *named, const char *name);

/* inspect_status.c: from the files stat, status and smaps_rollup */
void st_inspect_ids(struct st_inspection *inspection);
void st_inspect_memory(struct st_inspection *inspection);
void st_inspect_cpu(struct st_inspection *inspection);
void st_inspect_scheduling(struct st_inspection *inspection);
void st_inspect_signals(struct st_inspection *inspection);
void st_inspect_security(struct st_inspection *inspection);

/* inspect_place.c: what is around the process, and what it has open */
void st_inspect_fds(struct st_inspection *inspection);
void st_inspect_cgroup(struct st_inspection *inspection);
void st_inspect_namespaces(struct st_inspection *inspection);
void st_inspect_limits(struct st_inspection *inspection);
void st_inspect_io(struct st_inspection *inspection);

#endif
