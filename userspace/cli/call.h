/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Asking the daemon, and saying what went wrong: a text on standard error, an
 * exit code, and with --json the daemon's error object on standard output.
 */
#ifndef ST_CLI_CALL_H
#define ST_CLI_CALL_H

#include <jansson.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/cli.h"
#include "proto/conn.h"
#include "proto/ops.h"

/**
 * st_call_open() - connect to the daemon
 * @cli: which socket
 * @ret_conn: owned by the caller (st_conn_close) if all went well
 *
 * Return: ST_EXIT_OK; else what to exit with, and the reason was said.
 */
enum st_exit_code st_call_open(const struct st_cli *cli, struct st_conn **ret_conn);

/**
 * st_call() - do an operation
 * @cli: format, and how long to wait
 * @conn: the connection
 * @operation: which
 * @params: an object
 * @ret_result: owned by the caller (json_decref) if all went well
 *
 * Return: ST_EXIT_OK; else what to exit with, and the reason was said.
 */
enum st_exit_code st_call(const struct st_cli *cli, struct st_conn *conn,
			  enum st_operation operation, const json_t *params, json_t **ret_result);

/**
 * st_call_lost() - say why the connection is of no more use
 * @conn: the connection
 * @ret: what a function of conn.h returned
 *
 * Return: what to exit with.
 */
enum st_exit_code st_call_lost(const struct st_conn *conn, int ret);

/**
 * st_say_wrong() - say on standard error what went wrong
 * @format: as for printf, without newline
 */
void st_say_wrong(const char *format, ...) __printf(1, 2);

/**
 * st_say() - write to standard output at once
 * @text: what; freed
 *
 * Return: ST_EXIT_OK, or ST_EXIT_FAILED if it could not be written.
 */
enum st_exit_code st_say(struct st_buf *text);

/**
 * st_call_offered() - call an operation that a process offers, as st_call()
 * @cli: timeout and format
 * @conn: the connection
 * @method: x.NAME.OP
 * @params: as it takes them
 * @ret_result: the answer; owned by the caller
 *
 * Return: as st_call().
 */
enum st_exit_code st_call_offered(const struct st_cli *cli, struct st_conn *conn,
				  const char *method, const json_t *params, json_t **ret_result);

#endif
