/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a trace asks of the kernel through its session, with doubles in writers.c, whose
 * traces have no session.
 *
 * CALL(name)
 */
#ifndef ST_TESTS_TRACER_WRAPPED_H
#define ST_TESTS_TRACER_WRAPPED_H

#define CALLS(CALL) \
	CALL(st_session_counts, counters of records) \
	CALL(st_session_read, records)

#endif
