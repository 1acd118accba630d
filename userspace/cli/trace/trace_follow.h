/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages as they come: `suptree trace-follow`.
 */
#ifndef ST_CLI_TRACE_TRACE_FOLLOW_H
#define ST_CLI_TRACE_TRACE_FOLLOW_H

#include <jansson.h>

#include "cli/cli.h"

/**
 * st_trace_follow() - write a line for each message until a signal, a limit or the end
 * @cli: format, socket and style
 * @params: name: the number of a trace, or the process to trace until this ends; kinds,
 *	payload, since, count, system
 *
 * It asks for the new messages of the trace ten times a second, by their numbers. So the
 * daemon and the tracer keep nothing for this client, and a slow client delays no other.
 * Messages that it was too slow for are counted and reported. It ends a trace that it
 * has begun.
 *
 * Return: the exit code; ST_EXIT_OK after a signal.
 */
enum st_exit_code st_trace_follow(const struct st_cli *cli, const json_t *params);

#endif
