/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Output that goes on after the answer: streams, and views that are drawn again.
 */
#ifndef ST_CLI_FOLLOW_H
#define ST_CLI_FOLLOW_H

#include <jansson.h>

#include "base/compiler.h"
#include "cli/cli.h"
#include "proto/conn.h"
#include "proto/ops.h"

/**
 * st_follow() - write notifications as they come
 * @cli: format and style
 * @conn: a connection that follows something
 *
 * Return: the exit code, when the daemon has ended.
 */
enum st_exit_code st_follow(const struct st_cli *cli, struct st_conn *conn);

/**
 * st_watch() - show a tree now and after each event in it; other results each second
 * @cli: format and style
 * @conn: the connection
 * @operation: the operation whose result is shown
 * @params: of the operation
 *
 * For a tree it subscribes to events before it reads the tree, so it misses nothing. Then
 * it waits. The only timer is a pause after a drawing.
 *
 * Return: the exit code, when the daemon has ended.
 */
enum st_exit_code st_watch(const struct st_cli *cli, struct st_conn *conn,
			   enum st_operation operation, const json_t *params);

#endif
