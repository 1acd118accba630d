/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A view that is drawn again: tree --watch, trace-summary --watch.
 */
#ifndef ST_CLI_WATCH_H
#define ST_CLI_WATCH_H

#include <jansson.h>

#include "cli/cli.h"
#include "proto/conn.h"
#include "proto/ops.h"

/**
 * st_watch() - show a tree now and after each event in it; other results each second
 * @cli: format and style
 * @conn: the connection
 * @operation: the operation whose result is shown
 * @params: of the operation
 *
 * For a tree it subscribes to events before it reads the tree, so it misses nothing. On a
 * terminal it draws also each second, because uptimes go on; a drawing is cut to the
 * terminal's size, and the key q leaves.
 *
 * Return: ST_EXIT_OK: the user has left, or nobody reads the output any more; else the exit
 * code, when the daemon has ended. The reason was printed.
 */
enum st_exit_code st_watch(const struct st_cli *cli, struct st_conn *conn,
			   enum st_operation operation, const json_t *params);

#endif
