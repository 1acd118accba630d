/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptree check`: the only verb that reads a configuration itself, with the
 * same code as the daemon.
 */
#ifndef ST_CLI_CHECK_H
#define ST_CLI_CHECK_H

#include "cli/cli.h"

/**
 * st_check() - check a configuration and say what is wrong with it
 * @cli: format
 * @file: the main file
 *
 * Return: ST_EXIT_OK, ST_EXIT_FINDINGS, ST_EXIT_FAILED.
 */
enum st_exit_code st_check(const struct st_cli *cli, const char *file);

#endif
