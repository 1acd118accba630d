/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Going on after the answer: streams, and what draws itself anew.
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
 * Return: what to exit with when the daemon is gone.
 */
enum st_exit_code st_follow(const struct st_cli *cli, struct st_conn *conn);

/**
 * st_watch() - draw a tree now and after each event in it, anything else each second
 * @cli: format and style
 * @conn: the connection
 * @operation: what is drawn
 * @params: of the operation
 *
 * Of a tree it subscribes to events before it looks, so nothing is missed, and then
 * waits: there is no timer, but for a pause after a drawing.
 *
 * Return: what to exit with when the daemon is gone.
 */
enum st_exit_code st_watch(const struct st_cli *cli, struct st_conn *conn,
			   enum st_operation operation, const json_t *params);

#endif
