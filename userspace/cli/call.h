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
 * @cli: the socket
 * @ret_conn: on success the connection, owned by the caller (st_conn_close)
 *
 * Return: ST_EXIT_OK; otherwise the exit code, and the reason was printed.
 */
enum st_exit_code st_call_open(const struct st_cli *cli, struct st_conn **ret_conn);

/**
 * st_call() - do an operation
 * @cli: format, and how long to wait
 * @conn: the connection
 * @operation: the operation
 * @params: an object
 * @ret_result: on success the result, owned by the caller (json_decref)
 *
 * Return: ST_EXIT_OK; otherwise the exit code, and the reason was printed.
 */
enum st_exit_code st_call(const struct st_cli *cli, struct st_conn *conn,
			  enum st_operation operation, const json_t *params, json_t **ret_result);

/**
 * st_call_lost() - print why the connection cannot be used any more
 * @conn: the connection
 * @ret: the result of a function of conn.h
 *
 * Return: the exit code.
 */
enum st_exit_code st_call_lost(const struct st_conn *conn, int ret);

/**
 * st_say_wrong() - print an error on standard error
 * @format: as for printf, without newline
 */
void st_say_wrong(const char *format, ...) __printf(1, 2);

/**
 * st_say_more() - print a further line about an error, as a hint, on standard error
 * @format: as for printf, without newline
 */
void st_say_more(const char *format, ...) __printf(1, 2);

/**
 * st_say_failure() - with --json, print why the program fails, unless that was printed
 * @cli: format
 * @code: of the failure
 *
 * An error that the daemon answers is printed as the daemon wrote it, with the name of the
 * verb in the place of that of an operation that the verb has done (st_call()). For all
 * others this prints {"error": {"code", "message", "data": {"kind"}}}, with the text of the
 * first st_say_wrong(). A check with findings has printed them.
 */
void st_say_failure(const struct st_cli *cli, int code);

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
