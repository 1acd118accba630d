/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Showing a long text on a terminal page by page, with the user's pager.
 */
#ifndef ST_CLI_PAGER_H
#define ST_CLI_PAGER_H

#include "base/buf.h"
#include "base/compiler.h"
#include "cli/cli.h"

/**
 * st_page() - write a text to standard output, through a pager if it needs one
 * @cli: whether the output is a terminal
 * @text: what; freed
 *
 * It needs one if standard output is a terminal with fewer lines. The pager is $SUPTREE_PAGER,
 * else $PAGER, else less, else more. An empty variable, or "cat", means none.
 *
 * Return: ST_EXIT_OK, or ST_EXIT_FAILED if it could not be written.
 */
enum st_exit_code st_page(const struct st_cli *cli, struct st_buf *text);

#endif
