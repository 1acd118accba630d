/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a trace's messages page by page, so that nothing is left out silently: what
 * was dropped between two pages, or in the kernel, is told on standard error.
 */
#ifndef ST_CLI_TRACE_PAGE_H
#define ST_CLI_TRACE_PAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "proto/conn.h"

struct st_trace_reader {
	const struct st_cli *cli;
	struct st_conn *conn;
	const char *verb; /* for messages */
	uint64_t id;
	uint64_t seq; /* the last message that was read */
	uint64_t newest; /* the trace's last one, when it was asked */
	uint64_t lost; /* in the kernel, ever */
	bool is_over; /* it takes no more */
	bool is_gone; /* there is no such trace (any more) */
};

/**
 * st_trace_look() - where the trace is
 * @reader: with cli, conn, verb and id set; the others are written. If
 *	the trace was begun anew since, that is told, and seq becomes 0.
 *
 * Return: ST_EXIT_OK; else what to exit with, and the reason was said.
 */
enum st_exit_code st_trace_look(struct st_trace_reader *reader);

/**
 * st_trace_next() - the messages behind the last one that was read, some of them
 * @reader: its seq goes on
 * @ret_records: owned by the caller; empty: there are none yet
 *
 * Return: ST_EXIT_OK; else what to exit with, and the reason was said.
 */
enum st_exit_code st_trace_next(struct st_trace_reader *reader, json_t **ret_records);

/**
 * st_trace_all() - all that are kept, as it is now
 * @reader: as for st_trace_look()
 * @limit: only the last ones
 * @ret_records: owned by the caller
 *
 * Return: ST_EXIT_OK; else what to exit with, and the reason was said.
 */
enum st_exit_code st_trace_all(struct st_trace_reader *reader, uint64_t limit,
			       json_t **ret_records);

#endif
