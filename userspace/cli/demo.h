/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptree demo`: what to try in the demo that `make run` starts (tools/demo).
 */
#ifndef ST_CLI_DEMO_H
#define ST_CLI_DEMO_H

#include <jansson.h>

#include "cli/cli.h"

/**
 * st_demo() - show five command lines to try, or all that there is to try
 * @cli: format
 * @params: all: "help", or missing
 *
 * Return: ST_EXIT_OK; ST_EXIT_CONFLICT if the daemon does not run the demo; another
 * exit code if the daemon did not answer. The reason was printed.
 */
enum st_exit_code st_demo(const struct st_cli *cli, const json_t *params);

#endif
