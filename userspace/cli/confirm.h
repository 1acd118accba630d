/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking a person before something ends: what would happen is shown first, as blast finds it.
 */
#ifndef ST_CLI_CONFIRM_H
#define ST_CLI_CONFIRM_H

#include <jansson.h>

#include "cli/cli.h"
#include "proto/conn.h"
#include "proto/ops.h"

/**
 * st_confirm() - show on the terminal what an operation would do, and ask
 * @cli: format
 * @conn: the connection, which is asked what would happen
 * @operation: what is to be done; most operations are done without a question
 * @params: of the operation
 *
 * Nobody is asked if standard input or standard error is no terminal. What would happen
 * cannot be found for an operation on a process that only its pid or name tells: then only
 * the question is shown.
 *
 * Return: ST_EXIT_OK: go on; ST_EXIT_FAILED: the answer was not yes; another exit code if
 * the daemon did not answer, or would refuse the operation. The reason was printed.
 */
enum st_exit_code st_confirm(const struct st_cli *cli, struct st_conn *conn,
			     enum st_operation operation, const json_t *params);

#endif
