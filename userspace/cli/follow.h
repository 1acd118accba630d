/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Going on after the answer: streams, and the tree that draws itself anew.
 */
#ifndef ST_CLI_FOLLOW_H
#define ST_CLI_FOLLOW_H

#include <jansson.h>

#include "base/compiler.h"
#include "cli/cli.h"
#include "proto/conn.h"

/**
 * st_follow() - write notifications as they come
 * @cli: format and style
 * @conn: a connection that follows something
 *
 * Return: what to exit with when the daemon is gone.
 */
enum st_exit_code st_follow(const struct st_cli *cli, struct st_conn *conn);

/**
 * st_watch() - draw a tree now and after each event in it
 * @cli: format and style
 * @conn: the connection
 * @params: of the operation tree
 *
 * It subscribes before it looks, so nothing is missed, and then waits: there
 * is no timer, but for a pause after a drawing.
 *
 * Return: what to exit with when the daemon is gone.
 */
enum st_exit_code st_watch(const struct st_cli *cli, struct st_conn *conn, const json_t *params);

#endif
