/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The names of processes, kept for one batch of records. A name comes from /proc. If the
 * process has ended before its records are read, its name comes from its FORK, EXEC and
 * signals in the batch. So a pid that is used again never keeps an older name.
 */
#ifndef ST_TRACER_NAMES_H
#define ST_TRACER_NAMES_H

#include <linux/types.h>

#include "base/compiler.h"

#include "record.h"

#define ST_PROCESS_NAMES_MAX 1024

struct st_process_names {
	struct {
		__u32 pid; /* 0: empty */
		char name[ST_NAME_SIZE];
	} slots[ST_PROCESS_NAMES_MAX];
};

/**
 * st_process_names_forget() - a new batch begins
 * @names: the names; also makes them usable at first
 */
void st_process_names_forget(struct st_process_names *names);

/**
 * st_process_names_learn() - see what a record tells about names
 * @names: the names
 * @record: followed by its payload
 */
void st_process_names_learn(struct st_process_names *names, const struct st_record *record);

/**
 * st_process_names_of() - the name of a process
 * @names: the names
 * @pid: the process
 *
 * Return: its name, until the next call of any function here; "?": not known.
 */
const char *st_process_names_of(struct st_process_names *names, __u32 pid);

#endif
