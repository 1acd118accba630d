/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * History, page by page: the journal answers as much as a message has room for.
 */
#ifndef ST_CLI_PAST_H
#define ST_CLI_PAST_H

#include <jansson.h>

#include "cli/cli.h"
#include "proto/conn.h"

/**
 * st_past_show() - show as many rows as the user wants
 * @cli: format and style
 * @conn: the connection
 * @params: of the operation history
 *
 * Text, CSV and JSON lines are written page by page; a JSON document at the end.
 *
 * Return: ST_EXIT_OK; else the exit code, and the reason was printed.
 */
enum st_exit_code st_past_show(const struct st_cli *cli, struct st_conn *conn,
			       const json_t *params);

#endif
