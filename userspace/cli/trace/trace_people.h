/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who takes part in the messages of a trace, in the order in which they appear: the
 * columns of a diagram, the processes of an export.
 */
#ifndef ST_CLI_TRACE_TRACE_PEOPLE_H
#define ST_CLI_TRACE_TRACE_PEOPLE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cli/show/trace_text.h"

#define ST_TRACE_PEOPLE_MAX 64

struct st_trace_people {
	uint32_t nr;
	uint32_t nr_others; /* messages of those for whom there was no room */
	struct {
		struct st_buf name; /* st_trace_text_who() */
		uint64_t pid; /* 0: unknown */
		bool is_child; /* it has a path */
		uint32_t first; /* a child: its first incarnation here; otherwise itself */
	} who[ST_TRACE_PEOPLE_MAX];
};

/* Return: 0; -ENOMEM. st_trace_people_done() is for the caller in any case. */
int st_trace_people_find(struct st_trace_people *people, const json_t *records) __must_check;
void st_trace_people_done(struct st_trace_people *people);

/* Return: the index of one end of a message; -1: it is one of the others. */
int st_trace_people_index(const struct st_trace_people *people, const json_t *record,
			  enum st_trace_side side);

#endif
