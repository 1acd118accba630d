/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All messages of a trace as one document: `suptree trace-sequence`, `trace-export`.
 */
#ifndef ST_CLI_TRACE_TRACE_EXPORT_H
#define ST_CLI_TRACE_TRACE_EXPORT_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/cli.h"

/**
 * st_trace_sequence() - draw the messages between processes, in order of time
 * @cli: format, socket and style
 * @params: id, limit, format: text or mermaid
 *
 * Return: the exit code.
 */
enum st_exit_code st_trace_sequence(const struct st_cli *cli, const json_t *params);

/**
 * st_trace_export() - the messages, for another program
 * @cli: format, socket and style
 * @params: id, limit, format: json, csv, perfetto or mermaid
 *
 * Return: what to exit with.
 */
enum st_exit_code st_trace_export(const struct st_cli *cli, const json_t *params);

/* Writers of a form each: @records is a list of elements of trace-history. */
void st_trace_write_diagram(const json_t *records, struct st_buf *out); /* trace_diagram.c */
void st_trace_write_mermaid(const json_t *records, struct st_buf *out); /* trace_mermaid.c */
void st_trace_write_csv(const json_t *records, struct st_buf *out); /* trace_csv.c */
void st_trace_write_perfetto(const json_t *records, struct st_buf *out); /* trace_perfetto.c */

#endif
