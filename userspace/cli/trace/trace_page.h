/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Read the messages of a trace page by page. Messages that were dropped between two pages,
 * or in the kernel, are reported on standard error.
 */
#ifndef ST_CLI_TRACE_TRACE_PAGE_H
#define ST_CLI_TRACE_TRACE_PAGE_H

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
	bool is_over; /* it records no more messages */
	bool is_gone; /* there is no such trace (any more) */
};

/**
 * st_trace_look() - read the state of the trace
 * @reader: with cli, conn, verb and id set; the others are written. If the trace was
 *	begun again since the last call, that is reported, and seq becomes 0.
 *
 * Return: ST_EXIT_OK; otherwise the exit code, and the reason was printed.
 */
enum st_exit_code st_trace_look(struct st_trace_reader *reader);

/**
 * st_trace_next() - read the next page of messages
 * @reader: its seq moves on
 * @ret_records: owned by the caller; empty: there are none yet
 *
 * Return: ST_EXIT_OK; otherwise the exit code, and the reason was printed.
 */
enum st_exit_code st_trace_next(struct st_trace_reader *reader, json_t **ret_records);

/**
 * st_trace_all() - read all messages that are kept now
 * @reader: as for st_trace_look()
 * @limit: the largest number; the last ones are read
 * @ret_records: owned by the caller
 *
 * Return: ST_EXIT_OK; otherwise the exit code, and the reason was printed.
 */
enum st_exit_code st_trace_all(struct st_trace_reader *reader, uint64_t limit,
			       json_t **ret_records);

#endif
