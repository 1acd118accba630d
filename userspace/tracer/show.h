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
 * st_record_show_line() - for people
 * @out: the line is added, with its end
 * @names: what processes are called
 * @record: with its payload behind it
 * @is_joined: it would be a MESSAGE if its other half had been seen
 * @latency_ns: of a MESSAGE; else not used
 */
void st_record_show_line(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, bool is_joined, __u64 latency_ns);

/**
 * st_record_show_json() - for programs; what is unknown is null
 * @out: the line is added, with its end
 * @names: what processes are called
 * @record: with its payload behind it; in hexadecimal, for it may be any bytes
 * @latency_ns: of a MESSAGE; else not used
 */
void st_record_show_json(struct st_buf *out, struct st_process_names *names,
			 const struct st_record *record, __u64 latency_ns);

#endif
