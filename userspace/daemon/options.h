/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of suptreed's command line.
 */
#ifndef ST_DAEMON_OPTIONS_H
#define ST_DAEMON_OPTIONS_H

#include "base/compiler.h"

struct st_options {
	const char *config; /* NULL: none */
	char *socket; /* path of the control socket; owned */
	const char *transcript; /* its file; NULL: none */
};

/* What main() does after the command line was read. */
enum st_action {
	ST_ACTION_RUN,
	ST_ACTION_FEATURES, /* print the features of the kernel */
	ST_ACTION_EXIT, /* help or version was printed */
	ST_ACTION_USAGE, /* a mistake was printed */
};

/**
 * st_options_read() - read the command line
 * @argc: of main()
 * @argv: of main(); borrowed
 * @ret_options: filled in for ST_ACTION_RUN (st_options_done)
 *
 * Return: what main() does next.
 */
enum st_action st_options_read(int argc, char **argv, struct st_options *ret_options) __must_check;
void st_options_done(struct st_options *options);

#endif
