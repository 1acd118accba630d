/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of suptree-web.
 */
#ifndef ST_WEB_OPTIONS_H
#define ST_WEB_OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"

#define ST_WEB_MAX_LISTEN 2

struct st_web_listen {
	struct sockaddr_storage address;
	socklen_t len;
};

struct st_web_options {
	struct st_web_listen listen[ST_WEB_MAX_LISTEN];
	unsigned int nr_listen;
	struct st_buf socket; /* of the daemon */
	const char *user; /* to become; NULL: stay */
	unsigned int writes_per_second; /* of a session */
	bool logs_access; /* a line for each request, not only for writes and failures */
};

enum st_web_task {
	ST_WEB_RUN,
	ST_WEB_EXIT, /* help or version was printed */
	ST_WEB_USAGE, /* a mistake was printed */
};

/**
 * st_web_options_read() - read the command line
 * @argc: of main()
 * @argv: of main(); borrowed
 * @ret_options: filled in for ST_WEB_RUN (st_web_options_done)
 */
enum st_web_task st_web_options_read(int argc, char **argv,
				     struct st_web_options *ret_options) __must_check;
void st_web_options_done(struct st_web_options *options);

#endif
