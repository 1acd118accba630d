/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record as a line: for people, or as a JSON object.
 */
#ifndef ST_TRACER_SHOW_H
#define ST_TRACER_SHOW_H

#include "base/buf.h"
#include "tracer/names.h"

#include "record.h"

/**
 * st_record_show_line() - append a record as a line for people
 * @out: gets the line, with a newline
 * @names: the names of processes
 * @record: followed by its payload
 * @is_joined: it would be a MESSAGE if its other half had been seen
 * @latency_ns: of a MESSAGE; otherwise not used
 */
void st_record_show_line(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, bool is_joined, __u64 latency_ns);

/**
 * st_record_show_json() - append a record as a line of JSON; unknown values are null
 * @out: gets the line, with a newline
 * @names: the names of processes
 * @record: followed by its payload, which is written in hexadecimal
 * @latency_ns: of a MESSAGE; otherwise not used
 */
void st_record_show_json(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, __u64 latency_ns);

#endif
