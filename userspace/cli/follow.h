/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications that come after the answer: events, lines of output.
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
 * Return: ST_EXIT_OK: nobody reads the output any more; else the exit code, when the daemon
 * has ended.
 */
enum st_exit_code st_follow(const struct st_cli *cli, struct st_conn *conn);

/**
 * st_follow_until_now() - write the events that have happened, and end
 * @cli: format and style
 * @conn: the connection
 * @params: of the operation subscribe; without since: all events that are kept
 *
 * Return: ST_EXIT_OK; else the exit code, and the reason was printed.
 */
enum st_exit_code st_follow_until_now(const struct st_cli *cli, struct st_conn *conn,
				      const json_t *params);

#endif
