/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `suptree import`: a configuration of suptree from one of another system.
 */
#ifndef ST_CLI_IMPORT_IMPORT_H
#define ST_CLI_IMPORT_IMPORT_H

#include <jansson.h>

#include "cli/cli.h"
#include "cli/import/reader.h"

/**
 * st_import_find() - find the reader of a format
 * @format: its name, as in the command line
 *
 * Return: the reader, or NULL.
 */
st_import_fn *st_import_find(const char *format);

/**
 * st_import() - show a file of another system as a configuration of suptree
 * @cli: format
 * @params: format, file, more
 *
 * Return: ST_EXIT_OK, or ST_EXIT_FAILED: the file is wrong, and the line was printed.
 */
enum st_exit_code st_import(const struct st_cli *cli, const json_t *params);

#endif
