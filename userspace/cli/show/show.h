/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Results as text, one way for each operation. The functions only append to a
 * buffer; what they are given, and that they may not trust it, comes from the
 * daemon (shapes: proto/README.md).
 */
#ifndef ST_CLI_SHOW_SHOW_H
#define ST_CLI_SHOW_SHOW_H

#include <jansson.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "proto/ops.h"

/**
 * st_show_result() - append the result of an operation
 * @operation: the operation
 * @result: as the daemon gave it
 * @cli: format and style
 * @out: gets the text; it ends with a newline unless it is empty
 */
void st_show_result(enum st_operation operation, json_t *result, const struct st_cli *cli,
		    struct st_buf *out);

/**
 * st_show_json() - append a document
 * @document: any value
 * @format: ST_FORMAT_JSONL: a line for each element of a list, one for others;
 *	else one document over several lines
 * @out: where to
 */
void st_show_json(json_t *document, enum st_format format, struct st_buf *out);

/* What st_show_result() uses, and the watch and streams of the CLI too. */
void st_show_tree(const json_t *tree, const struct st_style *style, struct st_buf *out);
void st_show_dot(const json_t *tree, struct st_buf *out);
void st_show_why(const json_t *why, const struct st_style *style, struct st_buf *out);
void st_show_blast(const json_t *blast, const struct st_style *style, struct st_buf *out);
void st_show_whatif(const json_t *whatif, const struct st_style *style, struct st_buf *out);
void st_show_processes(json_t *result, const struct st_style *style, struct st_buf *out);
void st_show_traces(const json_t *traces, const struct st_style *style, struct st_buf *out);
void st_show_summary(const json_t *summary, const struct st_style *style, struct st_buf *out);
void st_show_analysis(const json_t *analysis, const struct st_style *style, struct st_buf *out);
void st_show_history(const json_t *records, const struct st_style *style, struct st_buf *out);
void st_show_mermaid(const json_t *tree, struct st_buf *out);

/**
 * st_show_notification() - append an event, a line of output or a resync
 * @notification: the whole message
 * @cli: format and style
 * @out: where to
 */
void st_show_notification(json_t *notification, const struct st_cli *cli, struct st_buf *out);

/**
 * st_show_output() - append a line that a child wrote
 * @line: an object with stream, text and wall
 * @cli: style, in which what came from standard error is coloured, and whether
 *	lines begin with their time and stream
 * @out: where to
 */
void st_show_output(const json_t *line, const struct st_cli *cli, struct st_buf *out);

#endif
