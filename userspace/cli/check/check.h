/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptree check`: the only verb that reads a configuration itself, with the
 * same code as the daemon. With --keys it shows the daemon's table of keys.
 */
#ifndef ST_CLI_CHECK_CHECK_H
#define ST_CLI_CHECK_CHECK_H

#include <jansson.h>

#include "cli/cli.h"

/**
 * st_check() - check a configuration and show its mistakes, or show all keys
 * @cli: format
 * @params: file, the main file or - for standard input; strict; or keys
 *
 * Return: ST_EXIT_OK, ST_EXIT_FINDINGS, ST_EXIT_FAILED.
 */
enum st_exit_code st_check(const struct st_cli *cli, const json_t *params);

#endif
