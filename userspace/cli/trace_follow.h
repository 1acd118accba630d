/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages as they come: `suptree trace-follow`.
 */
#ifndef ST_CLI_TRACE_FOLLOW_H
#define ST_CLI_TRACE_FOLLOW_H

#include <jansson.h>

#include "cli/cli.h"

/**
 * st_trace_follow() - write a line for each message until a signal, a limit or the end
 * @cli: format, socket and style
 * @params: name: a trace's number, or who is to be traced meanwhile; kinds, payload,
 *	since, count, system
 *
 * The trace's history is asked for what is new, by number, ten times a second: the
 * daemon and the tracer keep nothing for who follows, and one that is slow holds up
 * nobody. What it was too slow for is counted, and told. A trace that it has begun
 * itself it ends.
 *
 * Return: what to exit with; ST_EXIT_OK after a signal.
 */
enum st_exit_code st_trace_follow(const struct st_cli *cli, const json_t *params);

#endif
