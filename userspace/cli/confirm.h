/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking a person before everything ends.
 */
#ifndef ST_CLI_CONFIRM_H
#define ST_CLI_CONFIRM_H

#include "cli/cli.h"
#include "proto/conn.h"

/**
 * st_confirm_stop() - ask on the terminal whether to stop the daemon
 * @cli: format
 * @conn: the connection, which is asked what would end
 *
 * Nobody is asked if standard input or standard error is no terminal.
 *
 * Return: ST_EXIT_OK: go on; ST_EXIT_FAILED: the answer was not yes; another exit code if
 * the daemon did not answer. The reason was printed.
 */
enum st_exit_code st_confirm_stop(const struct st_cli *cli, struct st_conn *conn);

#endif
