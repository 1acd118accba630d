/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages to processes: call, cast, state, and waiting for the end of one.
 *
 * The daemon only provides the connection; messages go directly to the process
 * (userspace/libsuptree/PROTOCOL.md).
 */
#ifndef ST_CLI_MESSAGE_H
#define ST_CLI_MESSAGE_H

#include "cli/cli.h"
#include "proto/conn.h"

/**
 * st_message_call() - send a message to a process and show its answer
 * @cli: format, and the timeout; the default is OTP's 5 s
 * @params: name, words
 *
 * Return: the exit code; also NOT_FOUND if the process ends before it answers.
 */
enum st_exit_code st_message_call(const struct st_cli *cli, const json_t *params);

/**
 * st_message_state() - show or replace the state of a server
 * @cli: as in st_message_call()
 * @params: name; replace, a state; or about
 *
 * Return: as st_message_call().
 */
enum st_exit_code st_message_state(const struct st_cli *cli, const json_t *params);

/* As st_message_call(), without an answer. */
enum st_exit_code st_message_cast(const struct st_cli *cli, const json_t *params);

/**
 * st_message_await_down() - wait for the one notification of a monitor and show it
 * @cli: the format
 * @conn: after the answer to `monitor`
 */
enum st_exit_code st_message_await_down(const struct st_cli *cli, struct st_conn *conn);

#endif
